import assert from "node:assert/strict";
import { test } from "node:test";
import {
  arrange,
  captionOf,
  clicked,
  countLine,
  emptyLine,
  factsOf,
  layoutOf,
  matching,
} from "../src/views/image_grid/state.js";

/** @import { Column } from "../src/lib/types.js" */

/** @type {Column} */
const name = { name: "name", kind: "text", values: ["a.png", "Béta.png", "c.png", "d.png"], categories: [] };
/** @type {Column} */
const label = { name: "label", kind: "category", values: Int32Array.of(0, 1, 1, -1), categories: ["cat", "dog"] };
/** @type {Column} */
const prediction = {
  name: "prediction",
  kind: "category",
  values: Int32Array.of(0, 0, 1, 1),
  categories: ["cat", "dog"],
};
/** @type {Column} */
const confidence = {
  name: "confidence",
  kind: "number",
  values: Float32Array.of(0.934, 0.5, Number.NaN, 1),
  categories: [],
};
const columns = { name, label, prediction, confidence };

test("filter by values, search by every word without case or accents", () => {
  assert.deepEqual([...matching(4, {})], [1, 1, 1, 1]);
  assert.deepEqual([...matching(4, { filter: label, values: ["dog"] })], [0, 1, 1, 0]);
  assert.deepEqual([...matching(4, { filter: label, values: ["dog", ""] })], [0, 1, 1, 1]);
  assert.deepEqual([...matching(4, { filter: label, values: [] })], [1, 1, 1, 1]);
  assert.deepEqual([...matching(4, { search: "BETA", searched: [name] })], [0, 1, 0, 0]);
  assert.deepEqual([...matching(4, { search: "png dog", searched: [name, label] })], [0, 1, 1, 0]);
  assert.deepEqual([...matching(4, { filter: label, values: ["dog"], search: "c.", searched: [name] })], [0, 0, 1, 0]);
});

test("selected first, selected only, and neither", () => {
  const order = Uint32Array.of(3, 1, 0, 2);
  const keep = Uint8Array.of(1, 1, 0, 1);
  const isSelected = (/** @type {number} */ i) => i === 0 || i === 2;
  assert.deepEqual([...arrange(order, keep, { mode: "none", isSelected })], [3, 1, 0]);
  assert.deepEqual([...arrange(order, Uint8Array.of(1, 1, 1, 1), { mode: "first", isSelected })], [0, 2, 3, 1]);
  assert.deepEqual([...arrange(order, keep, { mode: "only", isSelected })], [0]);
});

test("click, ctrl-click, shift-click, both", () => {
  const order = Uint32Array.of(5, 3, 9, 1, 7);
  const state = { order, selected: Uint32Array.of(3, 8), anchor: 3 };
  assert.deepEqual(clicked({ ...state, to: 2 }, { toggle: false, range: false }), [9]);
  assert.deepEqual(clicked({ ...state, to: 2 }, { toggle: true, range: false }), [3, 8, 9]);
  assert.deepEqual(clicked({ ...state, to: 1 }, { toggle: true, range: false }), [8]);
  assert.deepEqual(clicked({ ...state, to: 1 }, { toggle: false, range: true }), [3, 9, 1]);
  assert.deepEqual(clicked({ ...state, to: 4 }, { toggle: true, range: true }), [3, 8, 1, 7]);
});

test("captions say right and wrong in words, and what is not known is left out", () => {
  const right = captionOf(columns, 0);
  assert.deepEqual([right.mark, right.first, right.second, right.confidence], ["right", "cat", "cat", "93 %"]);
  const wrong = captionOf(columns, 1);
  assert.equal(wrong.full, "Béta.png, label dog, predicted cat (50 %), wrong");
  assert.equal(captionOf(columns, 2).confidence, "");
  const unlabelled = captionOf(columns, 3);
  assert.deepEqual([unlabelled.mark, unlabelled.first, unlabelled.second], ["unknown", "d.png", "dog"]);
  assert.equal(captionOf({}, 2).first, "image 2");
});

test("the recorded correctness counts before equal names", () => {
  /** @type {Column} */
  const correct = { name: "correct", kind: "boolean", values: Uint8Array.of(0, 1, 1, 0), categories: [] };
  assert.equal(captionOf({ ...columns, correct }, 0).mark, "wrong");
  assert.equal(captionOf({ ...columns, correct }, 3).mark, "unknown");
});

test("as many columns as fit, never none", () => {
  assert.deepEqual(layoutOf({ width: 320, tile: 72, count: 9 }), {
    columns: 4,
    nRows: 3,
    cellWidth: 80,
    rowHeight: 116,
  });
  assert.equal(layoutOf({ width: 10, tile: 200, count: 9 }).columns, 1);
});

test("the count line", () => {
  assert.equal(countLine({ shown: 120, total: 1000, selected: 34 }), "120 of 1,000 images · 34 selected");
  assert.equal(countLine({ shown: 1, total: 1, selected: 0 }), "1 image");
});

test("an empty grid says why", () => {
  assert.match(emptyLine({ total: 0, mode: "only", selected: 0 }), /There are no images/);
  assert.match(emptyLine({ total: 9, mode: "first", selected: 3 }), /No image matches/);
  assert.match(emptyLine({ total: 9, mode: "only", selected: 0 }), /Nothing is selected/);
  assert.match(emptyLine({ total: 9, mode: "only", selected: 3 }), /None of the selected/);
});

test("facts: activation first, then every column", () => {
  const facts = factsOf(new Map([["name", name]]), 2, {
    name: "features.7 unit 3",
    values: Float32Array.of(0, 0, 2.5, 0),
  });
  assert.deepEqual(facts, [
    ["features.7 unit 3", "2.5"],
    ["name", "c.png"],
  ]);
});
