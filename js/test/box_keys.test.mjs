import assert from "node:assert/strict";
import test from "node:test";
import { boxPath, createBoxKeys } from "../src/lib/box_keys.js";
import { fromIndices } from "../src/lib/codec.js";
import { pointsInBox } from "../src/lib/geometry.js";
import widget from "../src/views/selection/index.js";
import { FakeModel } from "./fakes.mjs";

const PX = Float32Array.of(10, 10, 50, 50, 90, 90, 50, 10);
const bytesOf = (/** @type {number[]} */ items) => fromIndices(Uint32Array.from(items));

/** A box on a plot of 100 × 100 px with four points, the cursor on `cursor`. @param {number} cursor −1 = none */
function plot(cursor) {
  /** @type {{ now: number[], transient: boolean, said: string, drawn: any }} */
  const state = { now: [3], transient: false, said: "", drawn: null };
  const model = new FakeModel({ n_items: 4, indices_bytes: bytesOf([3]), unit: null, named_bytes: {} });
  const life = new AbortController();
  const selection = widget.initialize({ model, signal: life.signal });
  selection.on("change", ({ indices, transient }) => Object.assign(state, { now: [...indices], transient }));
  const view = new AbortController();
  const box = createBoxKeys({
    selection,
    signal: view.signal,
    size: () => ({ width: 100, height: 100 }),
    cursor: () => (cursor < 0 ? null : { x: PX[2 * cursor], y: PX[2 * cursor + 1] }),
    inside: (corners) => pointsInBox(PX, corners),
    draw: (corners) => {
      state.drawn = corners && { ...corners };
    },
    say: (text) => {
      state.said = text;
    },
  });
  const press = (/** @type {string} */ key, /** @type {object} */ modifiers = {}, times = 1) => {
    let used = false;
    const event = /** @type {any} */ ({ key, shiftKey: false, altKey: false, ...modifiers, preventDefault() {} });
    for (let k = 0; k < times; k++) used = box.key(event);
    return used;
  };
  /** Draw a box round all four points. */
  const all = () => {
    press("b");
    for (const key of ["ArrowLeft", "ArrowUp", "b", "ArrowRight", "ArrowDown"]) press(key, {}, 40);
    assert.deepEqual([state.now, state.transient], [[0, 1, 2, 3], true]);
  };
  return { state, box, press, all, selection, model, view, life };
}

test("a box starts at the cursor, follows the arrows and selects transiently until Enter", () => {
  const { state, press } = plot(0);
  assert.equal(press("ArrowRight"), false, "without a box the arrows are the plot's");
  assert.ok(press("b"));
  assert.deepEqual(state.now, [0]);
  assert.ok(press("ArrowRight", {}, 14) && press("ArrowDown", {}, 14));
  assert.deepEqual([state.now, state.transient], [[0, 1, 3], true]);
  assert.match(state.said, /^3 inside the box$/);
  assert.ok(press("Enter"));
  assert.deepEqual([state.now, state.transient, state.drawn], [[0, 1, 3], false, null]);
});

test("Shift adds, Alt takes away, Escape brings back what was selected before", () => {
  for (const [key, modifiers, expected] of /** @type {[string, object, number[]][]} */ ([
    ["Enter", { shiftKey: true }, [0, 3]],
    [" ", { altKey: true }, [3]],
    ["Escape", {}, [3]],
  ])) {
    const { state, press } = plot(0);
    press("B");
    press(key, modifiers);
    assert.deepEqual(state.now, expected, key);
  }
});

test("without a cursor it starts in the middle; it stays in the plot; B again starts anew from the corner", () => {
  const { state, press } = plot(-1);
  press("b");
  press("ArrowLeft", {}, 99);
  press("ArrowUp", {}, 99);
  assert.deepEqual(state.drawn, { x0: 50, y0: 50, x1: 0, y1: 0 });
  press("b");
  press("ArrowRight", { shiftKey: true }, 3);
  assert.deepEqual(state.drawn, { x0: 0, y0: 0, x1: 6, y1: 0 });
  press("Escape");
  assert.deepEqual(state.now, [3], "what was selected before the first box");
});

test("the notebook's own keys and the way out are left alone", () => {
  const { box, press, state } = plot(0);
  assert.equal(press("b", { ctrlKey: true }), false);
  press("b");
  assert.equal(press("Tab"), false);
  assert.equal(press("x"), false);
  box.drop();
  assert.deepEqual([state.now, state.said], [[3], "Box dropped"]);
  box.drop();
});

test("what is selected elsewhere while a box is drawn stays, and ends the box", () => {
  for (const [name, select] of /** @type {[string, (the: ReturnType<typeof plot>) => void][]} */ ([
    ["another view", ({ selection }) => selection.set([1, 2])],
    ["Python", ({ model }) => model.set("indices_bytes", bytesOf([1, 2]))],
  ])) {
    const the = plot(0);
    the.all();
    select(the);
    assert.deepEqual([the.state.now, the.state.drawn], [[1, 2], null], name);
    assert.equal(the.state.said, "Box dropped; 2 selected now");
    the.box.drop(); // the plot loses the focus
    assert.deepEqual([...the.selection.get()], [1, 2], name);
    assert.equal(the.press("Enter"), false);
    the.life.abort();
  }
});

test("Ctrl+Z ends the box, with or without steps to take back", () => {
  const { all, press, selection, box, state } = plot(0);
  const undo = () => {
    assert.equal(press("z", { ctrlKey: true }), false, "the key is the view's");
    selection.undo();
    assert.deepEqual([state.drawn, state.said], [null, "Box dropped"]);
    box.drop();
    return [...selection.get()];
  };
  all();
  assert.deepEqual(undo(), [3]);
  selection.set([0]);
  press("b"); // the cursor's point is inside, and selected
  assert.deepEqual(undo(), [3]);
  selection.set([0]);
  all();
  press("z", { ctrlKey: true, shiftKey: true });
  assert.ok(state.drawn, "there was nothing to do again");
  assert.deepEqual(undo(), [0]);
});

test("a lasso still being drawn is not what was selected before", () => {
  const { press, selection, state } = plot(0);
  selection.set([1, 2], { transient: true });
  press("b");
  press("Enter", { shiftKey: true });
  assert.deepEqual([state.now, state.transient], [[0, 3], false]);
  selection.set([1, 2], { transient: true });
  press("b");
  press("Escape");
  assert.deepEqual(state.now, [0, 3]);
});

test("a view that closes drops its box and says nothing", () => {
  const { all, state, view, selection } = plot(0);
  all();
  state.said = "";
  view.abort();
  assert.deepEqual([state.now, state.drawn, state.said], [[3], null, ""]);
  assert.ok(!selection.canUndo);
});

test("the B key starts a box on any keyboard, with Alt it is the browser's", () => {
  for (const [key, modifiers, starts] of /** @type {[string, object, boolean][]} */ ([
    ["и", { code: "KeyB" }, true],
    ["Β", { code: "KeyB", shiftKey: true }, true],
    ["b", { code: "KeyN" }, true],
    ["x", { code: "KeyB" }, false],
    ["Dead", { code: "KeyB" }, false],
    ["b", { code: "KeyB", altKey: true }, false],
    ["∫", { code: "KeyB", altKey: true }, false],
    ["b", { code: "KeyB", metaKey: true }, false],
  ])) {
    const { press, state } = plot(0);
    assert.equal(press(key, modifiers), starts, key);
    assert.equal(state.drawn !== null, starts);
  }
});

test("the outline goes round the points at its corners", () => {
  assert.equal(boxPath(null), "");
  assert.equal(boxPath({ x0: 20, y0: 30, x1: 10, y1: 30 }), "M7 27H23V33H7Z");
});
