import assert from "node:assert/strict";
import { test } from "node:test";
import { formatNumber, groups, ranks, sortedBy, sortKeys, textOf } from "../src/lib/columns.js";

/** @import { Column } from "../src/lib/types.js" */

/** @type {Column} */
const label = { name: "label", kind: "category", values: Int32Array.of(1, 0, -1, 1), categories: ["zebra", "ant"] };

test("columns in words", () => {
  assert.equal(textOf(label, 0), "ant");
  assert.equal(textOf(label, 2), "");
  assert.equal(textOf({ name: "c", categories: [], kind: "boolean", values: Uint8Array.of(1, 0) }, 1), "no");
  assert.equal(textOf({ name: "c", categories: [], kind: "number", values: Float32Array.of(Number.NaN) }, 0), "");
  assert.equal(textOf({ name: "c", categories: [], kind: "number", values: Float32Array.of(0.1) }, 0), "0.1");
  assert.equal(textOf({ name: "c", categories: [], kind: "text", values: ["a"] }, 0), "a");
});

test("numbers are short and keep a real minus sign", () => {
  assert.equal(formatNumber(1234.567), "1235");
  assert.equal(formatNumber(-0.01234567), "−0.01235");
  assert.equal(formatNumber(0), "0");
  assert.equal(formatNumber(0.0000123), "1.23e−5");
  assert.equal(formatNumber(Number.NaN), "–");
});

test("names with numbers sort by value; equal names share a rank", () => {
  assert.deepEqual([...ranks(["img 10", "img 9", "img 10"])], [1, 0, 1]);
});

test("a category sorts by name, items without one last both ways", () => {
  assert.deepEqual([...sortedBy(sortKeys(label), false)], [0, 3, 1, 2]);
  assert.deepEqual([...sortedBy(sortKeys(label), true)], [1, 0, 3, 2]);
});

test("NaN comes last both ways and ties keep the order given", () => {
  const values = Float32Array.of(2, Number.NaN, 1, 2, Number.NaN);
  assert.deepEqual([...sortedBy(values, false)], [2, 0, 3, 1, 4]);
  assert.deepEqual([...sortedBy(values, true)], [0, 3, 2, 1, 4]);
});

test("groups that occur, by name, the unknown last", () => {
  assert.deepEqual(groups(label), [
    { value: "ant", count: 2 },
    { value: "zebra", count: 1 },
    { value: "", count: 1 },
  ]);
});
