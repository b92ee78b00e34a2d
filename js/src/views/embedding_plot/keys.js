/** The plot by keyboard: a cursor that walks from point to point, selecting, zooming. */
import { combine } from "../../lib/geometry.js";
import { nearest, neighbour, revealed, zoomed } from "./frame.js";
import { howOf } from "./pointer.js";

/** @import { Selection } from "../../lib/types.js" */
/** @import { Figure } from "./figure.js" */
/** @import { PlotScene } from "./scene.js" */

export const KEYS =
  "Arrow keys move from point to point, Enter selects, with Shift it adds and with Alt it takes away, " +
  "Escape clears, plus and minus zoom, 0 shows all.";

/** @type {Record<string, "left" | "right" | "up" | "down">} */
const ARROWS = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" };
const STEP = 1.5;

/**
 * @typedef {object} KeyOptions
 * @property {HTMLElement} area
 * @property {Figure} figure
 * @property {PlotScene} scene
 * @property {Selection} selection
 * @property {(item: number) => void} onCursor the cursor came to an item; -1 = it went away
 * @property {AbortSignal} signal
 */

/** @param {KeyOptions} options */
export function listenToKeys({ area, figure, scene, selection, onCursor, signal }) {
  const moveTo = (/** @type {number} */ item) => {
    scene.setCursor(item);
    const shift = item >= 0 && revealed(figure.frame(), { x: scene.px[2 * item], y: scene.px[2 * item + 1] });
    if (shift) figure.zoomTo(shift);
    onCursor(item);
  };
  const walk = (/** @type {"left" | "right" | "up" | "down"} */ direction) => {
    const { width, height } = figure.frame();
    const { px, visible, cursor } = scene;
    moveTo(
      cursor < 0 ? nearest(px, width / 2, height / 2, Infinity, visible) : neighbour(px, cursor, direction, visible),
    );
  };
  const zoom = (/** @type {number} */ factor) => {
    const i = scene.cursor;
    figure.zoomTo(zoomed(figure.frame(), factor, i < 0 ? undefined : { x: scene.px[2 * i], y: scene.px[2 * i + 1] }));
  };
  const choose = (/** @type {KeyboardEvent} */ event) => {
    if (scene.cursor < 0) return;
    selection.set(combine(selection.get(), Uint32Array.of(scene.cursor), howOf(/** @type {any} */ (event))));
  };
  /** @type {Record<string, (event: KeyboardEvent) => void>} */
  const actions = {
    Enter: choose,
    " ": choose,
    Escape() {
      moveTo(-1);
      selection.clear();
    },
    "+": () => zoom(STEP),
    "=": () => zoom(STEP),
    "-": () => zoom(1 / STEP),
    0: () => figure.zoomTo(scene.full),
  };
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.target !== area || event.ctrlKey || event.metaKey) return;
    const direction = ARROWS[event.key];
    const action = direction ? () => walk(direction) : actions[event.key];
    if (!action) return;
    event.preventDefault();
    action(event);
  };
  area.addEventListener("keydown", onKey, { signal });
}
