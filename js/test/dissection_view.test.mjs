import assert from "node:assert/strict";
import { test } from "node:test";
import { chartHeight, figureOf, plain, ROW } from "../src/views/dissection_view/figure.js";
import { createMasks } from "../src/views/dissection_view/masks.js";
import {
  arrange,
  barsOf,
  labelsIn,
  largestIou,
  moveBar,
  othersOf,
  readTable,
  tickStep,
  unitsOfConcept,
  unpackMasks,
} from "../src/views/dissection_view/state.js";
import { cardWords, countWords, many, settingWords } from "../src/views/dissection_view/words.js";
import { sleep } from "./fakes.mjs";

/** @typedef {import("../src/views/dissection_view/state.js").Wish} Wish */

const CONCEPTS = [
  { name: "sky", category: 0, n_images: 40 },
  { name: "tree", category: 0, n_images: 30 },
  { name: "blue", category: 1, n_images: 50 },
  { name: "red", category: 1, n_images: 20 },
];
/** IoU of five units with the four concepts; the last unit is silent. */
const IOU = [
  [0.3, 0.1, 0.35, 0],
  [0.2, 0.01, 0.1, 0],
  [0.02, 0.25, 0, 0.03],
  [0.01, 0.03, 0.02, 0.02],
  [0, 0, 0, 0],
];

const shown = {
  layer: "features.7",
  convention: "pnas2020",
  quantile: 0.01,
  iou_threshold: 0.04,
  n_images: 60,
  n_units: 5,
  n_detectors: 3,
  unique: { best: 3, per_category: 3 },
  beyond_chance: 2,
  chance: 0.02,
  categories: ["object", "colour"],
  concepts: CONCEPTS,
  left_out: [],
  notes: [],
};

/** The arrays of a table, packed as Python packs them. */
function packed() {
  const within = (/** @type {number[]} */ row, /** @type {number} */ category) => {
    const own = row.map((iou, c) => (CONCEPTS[c].category === category ? iou : -1));
    const most = Math.max(...own);
    return { concept: most > 0 ? own.indexOf(most) : -1, iou: Math.max(0, most) };
  };
  const pairs = IOU.flatMap((row, unit) =>
    row
      .map((iou, concept) => ({ unit, concept, iou }))
      .filter((pair) => pair.iou > 0.04)
      .sort((a, b) => b.iou - a.iou),
  );
  const arrays = {
    best: Int32Array.from(IOU, (row) => (Math.max(...row) > 0 ? row.indexOf(Math.max(...row)) : -1)),
    best_in: Int32Array.from(IOU.flatMap((row) => [within(row, 0).concept, within(row, 1).concept])),
    iou_in: Float64Array.from(IOU.flatMap((row) => [within(row, 0).iou, within(row, 1).iou])),
    thresholds: Float32Array.from([1, 2, 3, 4, 0]),
    area: Float32Array.from([0.01, 0.02, 0.005, 0.03, 0]),
    chance: Float32Array.from([0.02, 0.02, 0.02, Number.NaN, 0]),
    chance_95: Float32Array.from([0.2, 0.1, 0.03, Number.NaN, 0]),
    pair_unit: Int32Array.from(pairs, (pair) => pair.unit),
    pair_concept: Int32Array.from(pairs, (pair) => pair.concept),
    pair_iou: Float64Array.from(pairs, (pair) => pair.iou),
  };
  const entries = [];
  const parts = [];
  let offset = 0;
  for (const [name, array] of Object.entries(arrays)) {
    const dtype = { Int32Array: "int32", Float32Array: "float32", Float64Array: "float64" }[array.constructor.name];
    entries.push({ name, dtype, shape: [array.length], offset });
    const bytes = new Uint8Array(array.buffer);
    const padded = new Uint8Array(Math.ceil(bytes.length / 8) * 8);
    padded.set(bytes);
    parts.push(padded);
    offset += padded.length;
  }
  return { entries, buffer: new DataView(Uint8Array.from(parts.flatMap((part) => [...part])).buffer) };
}

const { entries, buffer } = packed();
const table = readTable(shown, entries, buffer);

/** @type {Wish} */
const WISH = {
  label_by: "best",
  category: "",
  concept: -1,
  detectors_only: true,
  search: "",
  sort_by: "iou",
  descending: true,
};

/** @param {Partial<Wish>} wish */
const found = (wish) => Array.from(arrange(shown, table, { ...WISH, ...wish }).units);

test("labels are the best concepts of all, or the best within a category", () => {
  assert.deepEqual([...labelsIn(table, "best", -1).concept], [2, 0, 1, 1, -1]);
  assert.deepEqual([...labelsIn(table, "per_category", 0).concept], [0, 0, 1, 1, -1]);
  assert.deepEqual([...labelsIn(table, "per_category", 1).concept], [2, 2, 3, 2, -1]);
  assert.deepEqual([...labelsIn(table, "per_category", -1).concept], [2, 0, 1, 1, -1]);
  assert.equal(largestIou(table), 0.35);
});

test("there is a bar for every unique detector, by either definition", () => {
  assert.deepEqual(barsOf(shown, table, "best"), [
    { concept: 0, category: 0, count: 1 },
    { concept: 1, category: 0, count: 1 },
    { concept: 2, category: 1, count: 1 },
  ]);
  assert.deepEqual(barsOf(shown, table, "per_category"), [
    { concept: 0, category: 0, count: 2 },
    { concept: 1, category: 0, count: 1 },
    { concept: 2, category: 1, count: 2 },
  ]);
});

test("a concept's units are those with its label above the bound, the best first, as many as its bar is long", () => {
  assert.deepEqual(unitsOfConcept(shown, table, "best", 0), [1]);
  assert.deepEqual(unitsOfConcept(shown, table, "per_category", 0), [0, 1]);
  assert.deepEqual(unitsOfConcept(shown, table, "per_category", 3), []);
  for (const labelBy of /** @type {const} */ (["best", "per_category"]))
    for (const bar of barsOf(shown, table, labelBy))
      assert.equal(unitsOfConcept(shown, table, labelBy, bar.concept).length, bar.count);
});

test("cards are filtered by detectors, category, concept and words, and sorted", () => {
  assert.deepEqual(found({}), [0, 2, 1]);
  assert.deepEqual(found({ detectors_only: false }), [0, 2, 1, 3, 4]);
  assert.deepEqual(found({ detectors_only: false, sort_by: "unit", descending: false }), [0, 1, 2, 3, 4]);
  assert.deepEqual(found({ sort_by: "area" }), [1, 0, 2]);
  assert.deepEqual(found({ sort_by: "above_chance" }), [2, 0, 1]);
  assert.deepEqual(found({ sort_by: "above_chance", detectors_only: false }).at(-1), 3, "chance not measured: last");
  assert.deepEqual(found({ category: "colour" }), [0]);
  assert.deepEqual(found({ category: "colour", label_by: "per_category" }), [0, 1]);
  assert.deepEqual(found({ concept: 0, label_by: "per_category" }), [0, 1]);
  assert.deepEqual(found({ concept: 0, category: "colour" }), [1], "a concept decides the category");
  assert.deepEqual(found({ search: "Blue" }), [0, 1], "also what is not its label");
  assert.deepEqual(found({ search: "tree object" }), [0, 2]);
  assert.deepEqual(found({ search: "unit 2" }), [2]);
  assert.deepEqual(found({ search: "#3", detectors_only: false }), [3]);
  assert.deepEqual(found({ search: "nothing" }), []);
});

test("what stands on a card", () => {
  assert.deepEqual(othersOf(table, 0, 2), [
    { concept: 0, iou: 0.3 },
    { concept: 1, iou: 0.1 },
  ]);
  assert.deepEqual(othersOf(table, 4, -1), []);
  const labels = labelsIn(table, "best", -1);
  const words = cardWords(shown, table, labels, 0);
  assert.deepEqual(words, {
    name: "blue",
    category: "colour",
    iou: "0.350",
    isDetector: true,
    chance: "chance 0.020, 95 %: 0.200",
    byChance: false,
    facts: "on above 1, 1 % of all pixels",
    others: "also sky 0.300, tree 0.100",
  });
  const byChance = cardWords(shown, table, labelsIn(table, "per_category", 1), 1);
  assert.equal(byChance.chance, "not above chance: 0.020, 95 %: 0.100");
  assert.equal(byChance.byChance, true);
  const silent = cardWords(shown, table, labels, 4);
  assert.equal(silent.name, "no concept");
  assert.equal(silent.isDetector, false);
  assert.equal(cardWords(shown, table, labels, 3).chance, "");
});

test("the header counts in words that fit one and many", () => {
  assert.equal(settingWords(shown), "pnas2020, top 1 % · 5 units, 60 images");
  assert.equal(countWords(shown)[0], "3 of 5 units are detectors (IoU above 0.04)");
  assert.equal(countWords({ ...shown, n_detectors: 1 })[0], "1 of 5 units is a detector (IoU above 0.04)");
  assert.equal(countWords({ ...shown, beyond_chance: null }).length, 1);
  assert.equal(many(1, "unit"), "1 unit");
  assert.equal(many(1024, "unit"), "1,024 units");
});

test("packed bits become masks, the first pixel in the highest bit", () => {
  const masks = unpackMasks(Uint8Array.from([0b10000001, 0b10000000, 0b01000000, 0]), 2, 3);
  assert.equal(masks.length, 2);
  assert.deepEqual([...masks[0].data], [255, 0, 0, 0, 0, 0, 0, 255, 255]);
  assert.deepEqual([...masks[1].data], [0, 255, 0, 0, 0, 0, 0, 0, 0]);
});

test("the figure has a row of fixed height for every bar, and dims what is not chosen", () => {
  const bars = barsOf(shown, table, "per_category");
  const colors = { text: "#000", muted: "#555", border: "#999", grid: "#ccc" };
  const { data, layout } = figureOf({ shown, bars, width: 300, isChosen: (bar) => bar.concept === 0, colors });
  assert.deepEqual(data[0].x, [2, 1, 2]);
  assert.deepEqual(data[0].marker.opacity, [1, 0.3, 0.3]);
  assert.deepEqual(layout.yaxis.range, [2.5, -0.5]);
  assert.equal(layout.height - layout.margin.t - layout.margin.b, 3 * ROW);
  assert.equal(layout.height, chartHeight(3));
  assert.equal(plain("<b>&$x$"), "&lt;b&gt;&amp;&#36;x&#36;");
});

test("ticks are whole and round, keys stay among the bars", () => {
  assert.deepEqual([1, 3, 5, 13, 90, 1000].map(tickStep), [1, 1, 2, 5, 50, 500]);
  assert.equal(moveBar("ArrowDown", 2, 3), 2);
  assert.equal(moveBar("ArrowUp", 2, 3), 1);
  assert.equal(moveBar("End", 0, 3), 2);
  assert.equal(moveBar("Enter", 0, 3), null);
  assert.equal(moveBar("Home", 0, 0), null);
});

test("pictures are asked for two at a time, once, those wanted last first; failures are told", async () => {
  /** @type {number[][]} */
  const asked = [];
  let atOnce = 0;
  let most = 0;
  const answer = { meta: { side: 8, problem: "" }, buffer: null };
  const catalog = {
    available: (/** @type {any[]} */ key) => key[1] !== 9,
    request: async (/** @type {any} */ key) => {
      asked.push(key);
      most = Math.max(most, ++atOnce);
      await sleep(5);
      atOnce--;
      if (key[1] === 3) throw new Error("no such unit");
      return {
        ...answer,
        arrays: { images: Int32Array.of(4), values: Float32Array.of(1), unit_bits: new Uint8Array(8) },
      };
    },
  };
  /** @type {string[]} */
  const loaded = [];
  const end = new AbortController();
  const masks = createMasks({
    catalog: /** @type {any} */ (catalog),
    resource: "pictures",
    onLoad: (unit, concept) => loaded.push(`${unit}/${concept}`),
    signal: end.signal,
  });
  masks.want([
    [0, 1],
    [1, 1],
    [2, 1],
  ]);
  masks.want([
    [3, 0],
    [9, 0],
    [0, 1],
  ]);
  for (let waited = 0; loaded.length < 4 && waited < 5000; waited += 10) await sleep(10);
  assert.deepEqual(loaded.toSorted(), ["0/1", "1/1", "3/0", "9/0"]);
  assert.deepEqual(
    asked.map(([, unit]) => unit),
    [0, 1, 3],
  );
  assert.equal(most, 2);
  assert.equal(masks.get(0, 1)?.unit?.[0].data.length, 64);
  assert.equal(masks.get(0, 1)?.concept, null);
  assert.equal(masks.get(3, 0)?.problem, "no such unit");
  assert.match(masks.get(9, 0)?.problem ?? "", /running kernel/);
  masks.want([[0, 1]]);
  await sleep(20);
  assert.equal(asked.length, 3, "what is known is not asked for again");
});
