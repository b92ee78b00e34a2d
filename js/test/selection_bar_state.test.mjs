import assert from "node:assert/strict";
import { test } from "node:test";
import { exportTable, inverted, sizeLine } from "../src/views/selection_bar/state.js";

test("the inverse of a selection", () => {
  assert.deepEqual([...inverted(5, new Set([1, 4]))], [0, 2, 3]);
  assert.deepEqual([...inverted(2, new Set())], [0, 1]);
});

test("how many, in words", () => {
  assert.equal(sizeLine(0), "Nothing selected");
  assert.equal(sizeLine(1234), "1,234 selected");
});

test("the export keeps float32 values short, names as text, booleans as such", () => {
  const { header, rows } = exportTable(
    [
      { name: "name", kind: "text", values: ["a.png", "b.png"], categories: [] },
      { name: "label", kind: "category", values: Int32Array.of(1, -1), categories: ["cat", "dog"] },
      { name: "confidence", kind: "number", values: Float32Array.of(0.934, Number.NaN), categories: [] },
      { name: "seed", kind: "number", values: Float32Array.of(16777216, 3), categories: [] },
      { name: "correct", kind: "boolean", values: Uint8Array.of(1, 0), categories: [] },
    ],
    [1, 0],
  );
  assert.deepEqual(header, ["index", "name", "label", "confidence", "seed", "correct"]);
  assert.deepEqual(rows, [
    [1, "b.png", "", Number.NaN, 3, false],
    [0, "a.png", "dog", 0.934, 16777216, true],
  ]);
});
