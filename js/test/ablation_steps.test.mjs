import assert from "node:assert/strict";
import { test } from "node:test";
import { createSteps } from "../src/views/ablation_panel/steps.js";
import { FakeModel } from "./fakes.mjs";

/** @typedef {import("../src/views/ablation_panel/edit.js").Edit} Edit */

/** @param {[number, number][]} units @returns {Edit} */
const edit = (...units) => ({ units, concept: "", concept_scale: 1, value: "zero" });

/** Two views of one panel: what each was told. @param {import("node:test").TestContext} t */
function start(t) {
  t.mock.timers.enable({ apis: ["Date"] });
  const model = new FakeModel({ edit: edit() });
  const life = new AbortController();
  const steps = createSteps(model, life.signal);
  const told = [0, 0];
  for (const view of [0, 1]) steps.on(() => told[view]++, life.signal);
  return { model, steps, told, life, later: (/** @type {number} */ ms) => t.mock.timers.tick(ms) };
}

test("a drag in one view is shown in all and is one step", (t) => {
  const { model, steps, told } = start(t);
  for (const scale of [0.9, 0.6, 0.3]) {
    steps.set(edit([3, scale]), true);
    assert.deepEqual(model.get("edit"), edit([3, scale]), "the kernel follows the hand");
  }
  assert.ok(steps.dragging && !steps.canUndo);
  steps.set(edit([3, 0.3]));
  assert.ok(!steps.dragging && steps.canUndo);
  assert.deepEqual(told, [4, 4]);
  steps.undo();
  assert.deepEqual([steps.current, model.get("edit")], [edit(), edit()]);
  assert.ok(steps.canRedo && !steps.canUndo);
  steps.redo();
  assert.deepEqual(model.get("edit"), edit([3, 0.3]));
  assert.equal(model.saved, 5, "what the kernel has is not sent again");
});

test("nothing new tells nobody", (t) => {
  const { model, steps, told } = start(t);
  steps.set(edit());
  steps.undo();
  steps.redo();
  model.set("edit", edit());
  assert.deepEqual([told, model.saved], [[0, 0], 0]);
});

test("an edit from Python is a step, and is not sent back", (t) => {
  const { model, steps, told } = start(t);
  model.set("edit", edit([7, 0]));
  assert.deepEqual([steps.current, told, model.saved], [edit([7, 0]), [1, 1], 0]);
  steps.undo();
  assert.deepEqual([model.get("edit"), model.saved], [edit(), 1]);
});

test("a drag in another page is one step here; later ones and own ones are steps of their own", (t) => {
  const { model, steps, later } = start(t);
  for (const scale of [0.9, 0.6, 0.3]) {
    model.set("edit", edit([3, scale]));
    later(200);
  }
  steps.set(edit([3, 0.3], [4, 1]));
  model.set("edit", edit([3, 0], [4, 1]));
  later(600);
  model.set("edit", edit([3, 2], [4, 1]));
  const back = [];
  while (steps.canUndo) {
    steps.undo();
    back.push(steps.current);
  }
  assert.deepEqual(back, [edit([3, 0], [4, 1]), edit([3, 0.3], [4, 1]), edit([3, 0.3]), edit()]);
});

test("there and back from Python is no step, and what comes next has one of its own", (t) => {
  const { model, steps, later } = start(t);
  model.set("edit", edit([3, 0]));
  later(100);
  model.set("edit", edit());
  assert.ok(!steps.canUndo, "an undo that changes nothing");
  later(100);
  model.set("edit", edit([3, 2]));
  assert.ok(steps.canUndo);
  steps.undo();
  assert.deepEqual(steps.current, edit());
});

test("only the view in which a drag began ends it", (t) => {
  const { model, steps } = start(t);
  const [one, other] = ["one", "other"];
  steps.set(edit([3, 0.5]), true, one);
  steps.end(other);
  assert.ok(steps.dragging && !steps.canUndo);
  steps.end(one);
  assert.ok(!steps.dragging && steps.canUndo);
  steps.end(one);
  model.set("edit", edit([9, 0]));
  assert.deepEqual(steps.current, edit([9, 0]), "the others are heard again");
});

test("while a slider is dragged the hand wins; at its end all pages agree", (t) => {
  const { model, steps } = start(t);
  steps.set(edit([3, 0.5]), true);
  model.set("edit", edit([9, 0]));
  assert.deepEqual(steps.current, edit([3, 0.5]));
  steps.set(edit([3, 0.5]));
  assert.deepEqual(model.get("edit"), edit([3, 0.5]));
});

test("undo in the middle of a drag ends it", (t) => {
  const { model, steps } = start(t);
  steps.set(edit([3, 0.5]), true);
  steps.undo();
  assert.ok(!steps.dragging);
  assert.deepEqual(model.get("edit"), edit());
  model.set("edit", edit([9, 0]));
  assert.deepEqual(steps.current, edit([9, 0]), "the others are heard again");
});

test("after its end the model has no listener", (t) => {
  const { model, life } = start(t);
  life.abort();
  assert.equal(model.listening, 0);
});
