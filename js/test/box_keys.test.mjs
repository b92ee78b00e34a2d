import assert from "node:assert/strict";
import test from "node:test";
import { boxPath, createBoxKeys } from "../src/lib/box_keys.js";
import { pointsInBox } from "../src/lib/geometry.js";

const PX = Float32Array.of(10, 10, 50, 50, 90, 90, 50, 10);

/** A box on a plot of 100 × 100 px with four points, the cursor on `cursor`. @param {number} cursor −1 = none */
function plot(cursor) {
  /** @type {{ now: number[], transient: boolean, said: string, drawn: any }} */
  const state = { now: [3], transient: false, said: "", drawn: null };
  const selection = /** @type {any} */ ({
    get: () => Uint32Array.from(state.now),
    set(/** @type {Uint32Array} */ indices, { transient = false } = {}) {
      state.now = [...indices];
      state.transient = transient;
    },
  });
  const box = createBoxKeys({
    selection,
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
  return { state, box, press };
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

test("the outline goes round the points at its corners", () => {
  assert.equal(boxPath(null), "");
  assert.equal(boxPath({ x0: 20, y0: 30, x1: 10, y1: 30 }), "M7 27H23V33H7Z");
});
