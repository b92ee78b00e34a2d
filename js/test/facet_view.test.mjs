import assert from "node:assert/strict";
import { test } from "node:test";
import {
  apart,
  centresOf,
  chartOf,
  facetText,
  itemsOf,
  judgedWords,
  markPath,
  membersOf,
  readPoints,
  shareText,
} from "../src/views/facet_view/state.js";

/** @param {ArrayBufferView} array */
const view = (array) => new DataView(array.buffer);
const points = readPoints(
  view(Int32Array.of(40, 3, 17, 9)),
  view(Int32Array.of(0, 1, 0, -1)),
  view(Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7)),
);

test("points are read as Python wrote them", () => {
  assert.equal(points.n, 4);
  assert.deepEqual([...points.items], [40, 3, 17, 9]);
  assert.deepEqual([...points.facets], [0, 1, 0, -1]);
  assert.deepEqual([...points.xy], [0, 1, 2, 3, 4, 5, 6, 7]);
});

test("members and brushed images are numbers of the recording, sorted", () => {
  assert.deepEqual([...membersOf(points, 0)], [17, 40]);
  assert.deepEqual([...membersOf(points, 2)], []);
  assert.deepEqual([...itemsOf(points, [0, 1, 3])], [3, 9, 40]);
});

test("the number of a facet stands at the middle of its points; a facet without points has none", () => {
  const px = Float32Array.of(0, 10, 99, 99, 4, 20, Number.NaN, Number.NaN);
  assert.deepEqual(centresOf(px, points, 3), [{ x: 2, y: 15 }, { x: 99, y: 99 }, null]);
});

test("numbers that would cover each other are pushed apart, the others stay", () => {
  const places = [{ x: 0, y: 0 }, { x: 6, y: 8 }, null, { x: 100, y: 0 }, { x: 100, y: 0 }];
  const found = apart(places, 20);
  assert.deepEqual(found.slice(0, 3), [{ x: -3, y: -4 }, { x: 9, y: 12 }, null]);
  assert.deepEqual(found.slice(3), [
    { x: 90, y: 0 },
    { x: 110, y: 0 },
  ]);
  assert.deepEqual(places[0], { x: 0, y: 0 }, "not in place");
});

test("a share is never rounded to nothing", () => {
  assert.deepEqual([0.62, 0.004, 0, 1, null].map(shareText), ["62 %", "<1 %", "0 %", "100 %", "no activation"]);
  assert.equal(facetText({ share: 0.62, n: 31 }), "62 % of the activation, 31 images");
  assert.equal(facetText({ share: 0.01, n: 1 }), "1 % of the activation, 1 image");
});

test("every facet has a mark of its own, and none has one too", () => {
  const marks = Array.from({ length: 9 }, (_, i) => markPath(i - 1, 5));
  assert.equal(new Set(marks).size, 9);
  for (const mark of marks) assert.doesNotMatch(mark, /NaN|undefined/);
});

test("the chart is inside its box, error bars included; what is not known is left out", () => {
  const box = { left: 10, right: 110, top: 5, bottom: 55 };
  const { points: drawn, low, high } = chartOf({ k: [1, 2, 3], gap: [0, 2, null], error: [1, 0.5, null] }, box);
  assert.deepEqual(
    drawn.map(({ k, x }) => [k, x]),
    [
      [1, 10],
      [2, 60],
    ],
  );
  assert.deepEqual([low, high], [-1, 2.5]);
  assert.ok(drawn.every(({ from, to }) => from >= box.top && from <= box.bottom && to >= box.top && to <= box.bottom));
  assert.ok(drawn[1].y < drawn[0].y, "a larger gap stands higher");
  assert.equal(chartOf({ k: [1], gap: [3], error: [0] }, box).points[0].y, 55);
});

test("what another network says stands under the images it is about", () => {
  const quality = { state: /** @type {const} */ ("done"), serial: 4, words: "", closest: [0, 0], own: [true, false] };
  assert.equal(judgedWords(quality, 4, 0), "another network: closest to its own facet");
  assert.equal(judgedWords(quality, 4, 1), "another network: closer to facet 0");
  assert.equal(judgedWords(quality, 5, 1), "", "other facets are shown by now");
  assert.equal(judgedWords({}, 4, 0), "");
  assert.equal(judgedWords({ ...quality, closest: [0], own: [true] }, 4, 0), "", "a single facet has no other");
});
