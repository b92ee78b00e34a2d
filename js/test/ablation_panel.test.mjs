import assert from "node:assert/strict";
import { test } from "node:test";
import { History } from "../src/lib/history.js";
import {
  asItIs,
  editWords,
  isNeutral,
  sameEdit,
  scaleOf,
  switchedOff,
  without,
  withScale,
  withUnits,
} from "../src/views/ablation_panel/edit.js";
import { topUnits } from "../src/views/ablation_panel/ranking.js";
import {
  barOf,
  countGroups,
  effectWords,
  extentWords,
  flipWords,
  groupOf,
  isComplete,
  orderedClasses,
  pointsWords,
  readFlips,
  shareWords,
  shownFlips,
  unitFrom,
} from "../src/views/ablation_panel/state.js";

/** @typedef {import("../src/views/ablation_panel/edit.js").Edit} Edit */

/** @param {[number, number][]} units @param {Partial<Edit>} [rest] @returns {Edit} */
const edit = (units, rest = {}) => ({ units, concept: "", concept_scale: 1, value: "zero", ...rest });

test("sliders are listed, moved, put back and taken off", () => {
  const start = edit([[3, 0.5]]);
  assert.deepEqual(withScale(start, [7, 3, 7], 0).units, [
    [3, 0],
    [7, 0],
  ]);
  assert.deepEqual(withUnits(start, [3, 9]).units, [
    [3, 0.5],
    [9, 1],
  ]);
  assert.equal(withUnits(start, [3]), start, "what is listed keeps its place");
  assert.deepEqual(without(start, 3).units, []);
  assert.equal(scaleOf(start, 3), 0.5);
  assert.equal(scaleOf(start, 4), undefined);
  const concept = edit([[3, 0.5]], { concept: "wheel", concept_scale: 0, value: "mean" });
  assert.deepEqual(asItIs(concept), edit([[3, 1]], { concept: "wheel", value: "mean" }));
  assert.deepEqual(
    switchedOff(concept, [5, 4]),
    edit(
      [
        [5, 0],
        [4, 0],
      ],
      { concept: "wheel", value: "mean" },
    ),
  );
  assert.ok(isNeutral(asItIs(concept)) && !isNeutral(concept) && !isNeutral(start));
  assert.ok(isNeutral(edit([], { concept_scale: 0 })), "no concept, no slider");
});

test("equal edits are equal whatever the order of their keys", () => {
  assert.ok(sameEdit(edit([[1, 0]]), { value: "zero", concept_scale: 1, concept: "", units: [[1, 0]] }));
  assert.ok(!sameEdit(edit([[1, 0]]), edit([[1, 0]], { value: "mean" })));
  assert.ok(
    !sameEdit(
      edit([
        [1, 0],
        [2, 0],
      ]),
      edit([
        [2, 0],
        [1, 0],
      ]),
    ),
  );
});

test("a drag is one step, undo and redo go through the steps", () => {
  const history = new History(edit([]), sameEdit);
  history.set(edit([[3, 1]]));
  for (const scale of [0.9, 0.5, 0.2]) assert.ok(history.set(edit([[3, scale]]), true));
  assert.equal(history.past.length, 1);
  assert.ok(history.set(edit([[3, 0.2]])), "shown already, a step from now on");
  assert.equal(history.set(edit([[3, 0.2]])), false);
  assert.equal(history.past.length, 2);
  assert.ok(history.undo());
  assert.deepEqual(history.current, edit([[3, 1]]));
  assert.ok(history.undo());
  assert.equal(history.undo(), false);
  assert.ok(history.redo() && history.redo());
  assert.deepEqual(history.current, edit([[3, 0.2]]));
  assert.equal(history.redo(), false);
  history.undo();
  history.set(edit([[3, 2]]));
  assert.equal(history.redo(), false, "a new step ends the future");
});

test("undo in the middle of a drag goes back to where it began", () => {
  const history = new History(edit([[3, 1]]), sameEdit);
  history.set(edit([[3, 0]]));
  history.set(edit([[3, 0.7]]), true);
  assert.ok(history.undo());
  assert.deepEqual(history.current, edit([[3, 0]]));
  assert.equal(history.past.length, 1);
});

test("a drag that ends where it began is no step; history has an end", () => {
  const history = new History(edit([[3, 1]]), sameEdit);
  history.set(edit([[3, 0.7]]), true);
  history.set(edit([[3, 1]]));
  assert.equal(history.past.length, 0);
  for (let step = 0; step < 70; step++) history.set(edit([[3, step / 100]]));
  assert.equal(history.past.length, 50);
});

test("edits in words", () => {
  assert.equal(
    editWords(
      edit([
        [3, 0],
        [4, 1],
        [5, 1.5],
      ]),
    ),
    "unit 3 off, unit 5 × 1.5",
  );
  assert.equal(editWords(edit([[3, 0]], { value: "mean" })), "unit 3 at its mean");
  assert.equal(editWords(edit([], { concept: "wheel", concept_scale: 0 }), 2), "2 units of wheel off");
  const all = editWords(edit([0, 1, 2, 3, 4, 5].map((unit) => [unit, 0])));
  assert.equal(all, "unit 0 off, unit 1 off, unit 2 off, unit 3 off, and 2 more units");
  assert.equal(editWords(edit([[3, 1]])), "");
});

test("flips are read, grouped, filtered and told", () => {
  const numbers = new Int32Array([4, 0, 0, 1, 5, 2, 1, 2, 6, 3, 1, 2, 7, -1, 1, 2]);
  const flips = readFlips(new DataView(numbers.buffer));
  assert.deepEqual(flips[0], { image: 4, label: 0, was: 0, now: 1 });
  assert.deepEqual(flips.map(groupOf), ["broken", "repaired", "other", "other"]);
  assert.equal(flips[3].label, -1);
  assert.deepEqual(countGroups(flips), { broken: 1, repaired: 1, other: 2 });
  const shown = (/** @type {any} */ group, /** @type {number} */ of) =>
    shownFlips(flips, { group, of }).map((one) => one.image);
  assert.deepEqual(shown("all", -1), [4, 5, 6, 7]);
  assert.deepEqual(shown("all", 0), [4]);
  assert.deepEqual(shown("all", 3), [6], "labelled so");
  assert.deepEqual(shown("all", 1), [4, 5, 6, 7], "taken for it before or now");
  assert.deepEqual(shown("other", 2), [6, 7], "taken for it now");
  assert.deepEqual(shown("broken", 2), []);
  assert.equal(flipWords(flips[2], ["a", "b", "c", "d"]), "label d, b → c");
  assert.equal(flipWords(flips[3], ["a", "b", "c", "d"]), "b → c");
  assert.deepEqual(readFlips(new DataView(new ArrayBuffer(0))), []);
});

const effect = {
  serial: 1,
  edit: edit([[3, 0]]),
  n_images: 250,
  of: 1000,
  accuracy: 0.714,
  was: 0.928,
  balanced: [0.9, 0.5, null, 0.95],
  balanced_was: [0.9, 0.9, null, 0.85],
};
const about = /** @type {const} */ ({
  layer: "l",
  n_units: 8,
  n_images: 1000,
  classes: [],
  measure: "accuracy",
  slow: "",
  notes: [],
});

test("numbers have signs, and an extent", () => {
  assert.equal(pointsWords(0.714, 0.928), "−21.4");
  assert.equal(pointsWords(0.5003, 0.5), "±0");
  assert.equal(pointsWords(0.503, 0.5), "+0.3");
  assert.equal(pointsWords(null, 0.5), "");
  assert.equal(shareWords(0.714), "71.4 %");
  assert.equal(shareWords(null), "–");
  assert.equal(extentWords(effect), "on 250 of 1,000 images, the others follow …");
  assert.equal(extentWords({ ...effect, n_images: 1000 }), "on 1,000 images");
  assert.ok(!isComplete(effect) && isComplete({ ...effect, n_images: 1000 }));
  assert.match(
    effectWords({ ...effect, n_images: 1000 }, /** @type {any} */ (about), "unit 3 off"),
    /^With unit 3 off: Accuracy 71\.4 %, was 92\.8 % on 1,000 images$/,
  );
  assert.match(
    effectWords(effect, /** @type {any} */ ({ ...about, measure: "agreement" }), ""),
    /^Agreement with the network as it is 71/,
  );
});

test("classes come by change or by number, those without images last", () => {
  assert.deepEqual(orderedClasses(effect, "change"), [1, 3, 0, 2]);
  assert.deepEqual(orderedClasses(effect, "class"), [0, 1, 2, 3]);
});

test("a bar shows what is left and what was lost or gained", () => {
  assert.deepEqual(barOf(0.5, 0.75), { fill: 0.5, from: 0.5, width: 0.25, gain: false, tick: 0.75 });
  assert.deepEqual(barOf(0.75, 0.5), { fill: 0.5, from: 0.5, width: 0.25, gain: true, tick: 0.5 });
  assert.equal(barOf(null, 0.5).fill, 0);
  assert.deepEqual(barOf(0.5, null), { fill: 0.5, from: 0.5, width: 0, gain: false, tick: null });
});

test("a unit is typed as a number", () => {
  assert.equal(unitFrom(" 17 ", 96), 17);
  assert.equal(unitFrom("unit 5", 96), 5);
  assert.equal(unitFrom("96", 96), null);
  assert.equal(unitFrom("1.5", 96), null);
  assert.equal(unitFrom("", 96), null);
});

test("the top units are those of the class's row", () => {
  const ranked = new DataView(new Int32Array([0, 1, 2, 5, 4, 3, -1, -1, -1]).buffer);
  const settings = /** @type {any} */ ({ ranking: { state: "done", k: 3 }, ranked });
  assert.deepEqual(topUnits(settings, -1, 2), [0, 1]);
  assert.deepEqual(topUnits(settings, 0, 9), [5, 4, 3]);
  assert.deepEqual(topUnits(settings, 1, 2), [], "a class without images");
  assert.equal(topUnits({ ...settings, ranking: { state: "running", k: 0 } }, 0, 2), null);
});
