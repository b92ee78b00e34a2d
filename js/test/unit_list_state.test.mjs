import assert from "node:assert/strict";
import { test } from "node:test";
import { arrangeUnits, barLength, classOf, exemplarOf, isDead, largest } from "../src/views/unit_list/state.js";

/** @type {import("../src/lib/types.js").UnitTable} */
const table = {
  layer: "conv",
  n: 4,
  k: 2,
  mapHeight: 1,
  mapWidth: 2,
  classes: ["dog", "red fox"],
  activity: Float32Array.of(0.5, 0, 0.9, 0.1),
  peak: Float32Array.of(2, -1, 1, 3),
  rate: Float32Array.of(1, 0.5, 0.5, 0.1),
  selectivity: Float32Array.of(0.2, 0.99, Number.NaN, 0.6),
  bestClass: Int32Array.of(0, 1, 1, -1),
  exemplars: Int32Array.of(10, 11, 20, 21, 30, 31, 40, -1),
  exemplarValues: Float32Array.of(2, 1, 0, 0, 1, 0.5, 3, 0),
  exemplarMaps: Uint8Array.from({ length: 16 }, (_, i) => i),
};
/** @param {Partial<{sortBy: import("../src/views/unit_list/state.js").SortKey, descending: boolean, search: string}>} wish */
const shown = (wish) => [...arrangeUnits(table, { sortBy: "unit", descending: false, search: "", ...wish })];

test("sorting puts dead units last whichever way, but keeps them by number", () => {
  assert.deepEqual(shown({ sortBy: "activity", descending: true }), [2, 0, 3, 1]);
  assert.deepEqual(shown({ sortBy: "activity" }), [3, 0, 2, 1]);
  assert.deepEqual(shown({ sortBy: "selectivity", descending: true }), [3, 0, 1, 2], "the dead and the unknown last");
  assert.deepEqual(shown({ sortBy: "peak", descending: true }), [3, 0, 2, 1]);
  assert.deepEqual(shown({ descending: true }), [3, 2, 1, 0]);
});

test("search by number is exact, by class name by words", () => {
  assert.deepEqual(shown({ search: "3" }), [3]);
  assert.deepEqual(shown({ search: "unit 2" }), [2]);
  assert.deepEqual(shown({ search: "#2" }), [2]);
  assert.deepEqual(shown({ search: "33" }), []);
  assert.deepEqual(shown({ search: "Fox re" }), [2], "unit 1 is dead: its class means nothing");
  assert.deepEqual(shown({ search: "never" }), [1]);
});

test("dead: no positive peak, or a rate of 0", () => {
  assert.deepEqual(
    [0, 1, 2, 3].map((u) => isDead(table, u)),
    [false, true, false, false],
  );
  assert.equal(isDead({ ...table, peak: Float32Array.of(Number.NaN), rate: Float32Array.of(1) }, 0), true);
  assert.equal(isDead({ ...table, peak: Float32Array.of(1), rate: Float32Array.of(0) }, 0), true);
});

test("class names, bars, the largest", () => {
  assert.equal(classOf(table, 2), "red fox");
  assert.equal(classOf(table, 3), "");
  assert.equal(barLength(1, 4), 0.25);
  assert.equal(barLength(-1, 4), 0);
  assert.equal(barLength(Number.NaN, 4), 0);
  assert.equal(largest(table.selectivity), Math.fround(0.99));
});

test("each exemplar brings its own map", () => {
  const second = exemplarOf(table, 2, 1);
  assert.deepEqual([second?.image, second?.value, [...(second?.map?.data ?? [])]], [31, 0.5, [10, 11]]);
  assert.equal(exemplarOf(table, 3, 1), null);
  assert.equal(exemplarOf(table, 0, 2), null, "no third exemplar");
  assert.equal(exemplarOf({ ...table, exemplarMaps: null }, 0, 0)?.map, null);
});
