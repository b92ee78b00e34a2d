import assert from "node:assert/strict";
import { test } from "node:test";
import { createPictures } from "../src/views/unit_gallery/pictures.js";
import {
  arranged,
  durationText,
  fileName,
  fittedSize,
  fractionOf,
  groupsOf,
  percentileText,
  placeOf,
  progressText,
  secondsLeft,
  unitsProblem,
  wordsOf,
} from "../src/views/unit_gallery/state.js";

/** @import { Card } from "../src/views/unit_gallery/state.js" */

/** @param {Partial<Card>} [what] @returns {Card} */
const card = (what = {}) => ({
  ...{ layer: "conv", unit: 0, group: 0, title: "unit 0 of conv", activation: null, percentile: null },
  ...{ survival: null, agreement: null, judged: null, dead: false, note: "", state: "waiting", ...what },
});

test("images of one group share a card, in the order they came", () => {
  const groups = groupsOf([card(), card({ group: 1, unit: 4 }), card(), card({ group: 1, unit: 4 })]);
  assert.deepEqual(
    groups.map(({ unit, images }) => [unit, images]),
    [
      [0, [0, 2]],
      [4, [1, 3]],
    ],
  );
});

test("newest first: what forms, then the latest finished, the waiting last; at rest as asked for", () => {
  const states = /** @type {const} */ (["done", "done", "forming", "waiting"]);
  const cards = states.map((state, i) => card({ group: i, unit: 9 - i, state, activation: [2, 5, null, null][i] }));
  /** @param {Card[]} of @param {"newest" | "unit" | "activation" | "percentile"} key */
  const order = (of, key) => arranged(groupsOf(of), of, key).map((group) => group.images[0]);
  assert.deepEqual(order(cards, "newest"), [2, 1, 0, 3]);
  assert.deepEqual(order(cards, "unit"), [3, 2, 1, 0]);
  assert.deepEqual(order(cards, "activation"), [1, 0, 2, 3], "without a value: last, as they came");
  const rest = cards.map((one) => ({ ...one, state: /** @type {const} */ ("done") }));
  assert.deepEqual(order(rest, "newest"), [0, 1, 2, 3]);
});

test("a group counts with its best image", () => {
  const cards = [card({ activation: 1 }), card({ group: 1, activation: 3 }), card({ activation: 7 })];
  assert.deepEqual(arranged(groupsOf(cards), cards, "activation")[0].images, [0, 2]);
});

test("units are checked as they are typed", () => {
  for (const fine of ["0-7, 12", "3", " 1 - 2;5 ", "ALL"]) assert.equal(unitsProblem(fine, 96), "", fine);
  assert.match(unitsProblem("", 96), /such as/);
  assert.match(unitsProblem("95-96", 96), /0 to 95/);
  assert.match(unitsProblem("7-3", 96), /write 3-7/);
  assert.match(unitsProblem("dog", 96), /“dog”/);
});

test("words: a percentile never rounds up to all, the dead have none", () => {
  assert.equal(percentileText(99.96, 1000), "above 99.9 % of 1,000 images");
  assert.equal(percentileText(100, 120), "above all 120 images");
  assert.equal(percentileText(50, 0), "above 50 % of the recorded images");
  const words = wordsOf(
    card({ activation: 12.345, percentile: 0, survival: -0.1, judged: "dog", agreement: 0.93 }),
    10,
  );
  assert.deepEqual(words, {
    activation: "12.3",
    percentile: "above 0 % of 10 images",
    survival: "−10 % left under transforms",
    judge: "judge: dog, 93 % agreement",
  });
  assert.equal(wordsOf(card({ percentile: 0, dead: true }), 10).percentile, "");
});

test("progress counts batches; the time left is told when it can be", () => {
  const progress = { step: 50, steps: 100, batch: 1, batches: 4, text: "", can_resume: true };
  assert.equal(fractionOf(progress), 0.375);
  assert.equal(secondsLeft({ time: 0, fraction: 0.125 }, 10, 0.375), 25);
  assert.equal(secondsLeft({ time: 0, fraction: 0.37 }, 10, 0.375), null);
  assert.equal(secondsLeft(null, 10, 0.375), null);
  assert.equal(progressText("running", progress, 25), "Step 50 of 100, batch 2 of 4 · 25 s left");
  assert.equal(progressText("stopped", { ...progress, batches: 1 }, null), "Stopped at step 50 of 100");
  assert.deepEqual([0.2, 59.6, 75, 3700].map(durationText), ["1 s", "1 min 0 s", "1 min 15 s", "1 h 1 min"]);
});

test("images fill the width without growing much", () => {
  for (const [width, n] of [
    [1000, 1],
    [1137, 2],
    [640, 3],
    [350, 1],
  ]) {
    const size = fittedSize(184, width, n);
    const columns = Math.floor((width + 10) / (n * (size + 8) + 12 + 10));
    assert.ok(size >= 184 && size <= 295, `${width}: ${size}`);
    assert.ok(columns >= 1 && columns * (n * (size + 8) + 22) - 10 <= width, `${width}: ${columns} cards fit`);
  }
  assert.equal(fittedSize(184, 346, 6), 294, "too many for one row: they wrap, one below the other");
  assert.equal(fittedSize(184, 420, 6), 196, "two in a row");
  assert.equal(fittedSize(184, 150, 1), 130, "smaller than wished where there is no room");
});

test("places on a sheet, names of files", () => {
  const layout = { columns: 3, cell: /** @type {[number, number]} */ ([48, 32]), width: 41, height: 30 };
  assert.deepEqual(placeOf(layout, 4), { x: 48, y: 32, width: 41, height: 30 });
  const cards = Array.from({ length: 11 }, () => card({ title: "unit 3 of conv/1" }));
  assert.equal(fileName(cards, 3), "03-unit-3-of-conv-1.png");
});

/** Pictures whose bitmaps are the numbers they were decoded from. */
function pictures() {
  /** @type {number[]} */
  const closed = [];
  /** @type {number[][]} */
  const loaded = [];
  const decode = async (/** @type {DataView} */ bytes) => {
    const number = bytes.getUint8(0);
    return /** @type {any} */ ({ number, close: () => closed.push(number) });
  };
  const made = createPictures({ onLoad: (first, count) => loaded.push([first, count]), decode });
  /** @param {number} i */
  const shown = (i) => {
    let drawn = null;
    const ctx = { drawImage: (/** @type {any} */ picture, /** @type {number} */ x) => (drawn = [picture.number, x]) };
    const canvas = /** @type {any} */ ({ width: 0, height: 0, getContext: () => ctx });
    return made.draw(canvas, i) ? drawn : null;
  };
  return { made, closed, loaded, shown };
}
/** @param {number} number */
const bytes = (number) => new DataView(Uint8Array.of(number).buffer);
/** @param {number} n @param {number} serial */
const layout = (n, serial) => ({
  columns: 8,
  cell: /** @type {[number, number]} */ ([8, 8]),
  width: 8,
  height: 8,
  n,
  serial,
});

test("of every image the latest picture is drawn: frame over sheet, sheet over older frames", async () => {
  const { made, closed, shown, loaded } = pictures();
  assert.equal(shown(0), null);
  await made.setSheet(bytes(1), layout(4, 1));
  await made.addFrame(bytes(2), { ...layout(2, 2), first: 2 });
  assert.deepEqual([shown(1), shown(2), shown(3), shown(4)], [[1, 8], [2, 0], [2, 8], null]);
  await made.addFrame(bytes(9), { ...layout(2, 1), first: 2 });
  assert.deepEqual(shown(2), [2, 0], "an older frame that came late is dropped");
  await made.setSheet(bytes(3), layout(4, 3));
  assert.deepEqual(shown(2), [3, 16]);
  assert.deepEqual(closed.sort(), [1, 2, 9], "nothing is kept that is not shown");
  assert.deepEqual(loaded, [
    [0, 4],
    [2, 2],
    [0, 4],
  ]);
});

test("another run: its empty sheet takes the old images away, a frame of the old run too", async () => {
  const { made, shown } = pictures();
  await made.setSheet(bytes(1), layout(4, 1));
  const late = made.addFrame(bytes(2), { ...layout(4, 2), first: 0 });
  await made.setSheet(new DataView(new ArrayBuffer(0)), {});
  await late;
  assert.equal(shown(0), null);
  assert.equal(made.bytes, null);
});
