import assert from "node:assert/strict";
import test from "node:test";
import { fromIndices, toIndices } from "../src/lib/codec.js";
import widget from "../src/views/selection/index.js";
import { normalize, SelectionState } from "../src/views/selection/state.js";
import { FakeModel, sleep } from "./fakes.mjs";

const QUIET_MS = 200; // the kernel is told after 120

/** @param {number[]} indices */
function start(indices = []) {
  const model = new FakeModel({
    n_items: 100,
    indices_bytes: fromIndices(Uint32Array.from(indices)),
    unit: null,
    named_bytes: {},
  });
  const life = new AbortController();
  const selection = widget.initialize({ model, signal: life.signal });
  /** @type {{ indices: number[], transient: boolean }[]} */
  const heard = [];
  selection.on("change", ({ indices: now, transient }) => heard.push({ indices: [...now], transient }));
  return { model, life, selection, heard };
}

test("indices are sorted, unique and inside", () => {
  assert.deepEqual([...normalize([5, 1, 5, -1, 100, 2.5], 100)], [1, 5]);
  const sorted = Uint32Array.of(1, 2);
  assert.equal(normalize(sorted, 100), sorted);
  assert.deepEqual([...normalize(Uint32Array.of(1, 200), 100)], [1]);
});

test("initialize answers at once, with the selection Python gave", () => {
  const { selection } = start([4, 9]);
  assert.deepEqual([...selection.get()], [4, 9]);
  assert.ok(selection.has(4) && !selection.has(5));
  assert.equal(selection.size, 2);
});

test("browser listeners hear at once, the kernel once when it is quiet", async () => {
  const { model, selection, heard } = start();
  selection.set([3]);
  selection.set([3, 1]);
  assert.deepEqual(heard.at(-1), { indices: [1, 3], transient: false });
  assert.equal(model.saved, 0);
  await sleep(QUIET_MS);
  assert.equal(model.saved, 1);
  assert.deepEqual([...toIndices(model.get("indices_bytes"))], [1, 3]);
  assert.equal(heard.length, 2, "the own message does not come back as a change");
});

test("an equal selection is no news", () => {
  const { selection, heard } = start([1, 2]);
  selection.set([2, 1]);
  assert.equal(heard.length, 0);
  assert.ok(!selection.canUndo);
});

test("while a lasso is drawn nothing is sent or remembered; its end is one step of history", async () => {
  const { model, selection, heard } = start([7]);
  selection.set([1], { transient: true });
  selection.set([1, 2], { transient: true });
  assert.ok(heard.every((change) => change.transient));
  assert.ok(!selection.canUndo);
  await sleep(QUIET_MS);
  assert.equal(model.saved, 0);
  selection.set([1, 2]);
  assert.deepEqual(heard.at(-1), { indices: [1, 2], transient: false });
  selection.undo();
  assert.deepEqual([...selection.get()], [7]);
});

test("undo, redo, and a new selection forgets what could be redone", () => {
  const { selection } = start();
  selection.set([1]);
  selection.set([2]);
  selection.undo();
  assert.deepEqual([...selection.get()], [1]);
  assert.ok(selection.canRedo && selection.canUndo);
  selection.redo();
  assert.deepEqual([...selection.get()], [2]);
  selection.undo();
  selection.clear();
  assert.ok(!selection.canRedo);
  assert.equal(selection.size, 0);
  assert.deepEqual([...selection.mask].filter(Boolean), []);
});

test("history holds fifty steps", () => {
  const state = new SelectionState(100, []);
  for (let i = 0; i < 80; i++) state.set([i]);
  let steps = 0;
  while (state.undo()) steps++;
  assert.equal(steps, 50);
  assert.deepEqual([...state.current], [29]);
});

test("a selection from Python is heard, is history, and is not sent back", async () => {
  const { model, selection, heard } = start();
  model.set("indices_bytes", fromIndices(Uint32Array.of(8, 9)));
  assert.deepEqual(heard, [{ indices: [8, 9], transient: false }]);
  assert.ok(selection.canUndo);
  await sleep(QUIET_MS);
  assert.equal(model.saved, 0);
});

test("the kernel's echo of an older message does not undo a newer selection", async () => {
  const { model, selection } = start();
  selection.set([1]);
  await sleep(QUIET_MS);
  selection.set([2]);
  model.set("indices_bytes", fromIndices(Uint32Array.of(1))); // the echo
  assert.deepEqual([...selection.get()], [2]);
});

test("named selections are saved, recalled and removed", () => {
  const { model, selection } = start([1, 2]);
  /** @type {string[][]} */
  const heard = [];
  selection.on("named", (names) => heard.push(names));
  selection.save("cats");
  assert.deepEqual([...toIndices(model.get("named_bytes").cats)], [1, 2]);
  selection.clear();
  selection.recall("cats");
  selection.recall("unknown");
  assert.deepEqual([...selection.get()], [1, 2]);
  selection.remove("cats");
  assert.deepEqual(heard, [["cats"], []]);
});

test("units chosen together go both ways, and the first becomes the one looked at", () => {
  const { model, selection } = start();
  /** @type {any[]} */
  const heard = [];
  selection.on("units", (units) => heard.push(units));
  selection.setUnits({ layer: "conv", units: [7, 2] });
  selection.setUnits({ layer: "conv", units: [7, 2] });
  assert.equal(model.saved, 1);
  assert.deepEqual(selection.unit, { layer: "conv", unit: 7 });
  assert.deepEqual(selection.units, { layer: "conv", units: [7, 2] });
  model.set("units", null);
  assert.deepEqual(heard, [{ layer: "conv", units: [7, 2] }, null]);
  assert.deepEqual(selection.unit, { layer: "conv", unit: 7 }, "letting them go leaves the unit");
  selection.setUnits({ layer: "conv", units: [] });
  assert.deepEqual(selection.unit, { layer: "conv", unit: 7 });
});

test("the unit goes both ways, and only when it changes", () => {
  const { model, selection } = start();
  /** @type {unknown[]} */
  const heard = [];
  selection.on("unit", (unit) => heard.push(unit));
  selection.setUnit({ layer: "conv", unit: 3 });
  selection.setUnit({ layer: "conv", unit: 3 });
  assert.equal(model.saved, 1);
  model.set("unit", null);
  assert.deepEqual(heard, [{ layer: "conv", unit: 3 }, null]);
  assert.equal(selection.unit, null);
});

test("after its end the model has no listener", () => {
  const { model, life } = start();
  life.abort();
  assert.equal(model.listening, 0);
});
