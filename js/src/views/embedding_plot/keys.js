/** The plot by keyboard: a cursor that walks from point to point, selecting points or a box of them, zooming, moving. */
import { BOX_KEYS, boxPath, createBoxKeys } from "../../lib/box_keys.js";
import { combine, howOf, pointsInBox } from "../../lib/geometry.js";
import { nearest, neighbour, panned, revealed, zoomed } from "./frame.js";

/** @import { Selection } from "../../lib/types.js" */
/** @import { Figure } from "./figure.js" */
/** @import { Direction } from "./frame.js" */
/** @import { PlotScene } from "./scene.js" */

export const KEYS =
  "Arrow keys go from point to point; Enter selects, with Shift it adds, with Alt it takes away; Escape clears. " +
  `${BOX_KEYS} + and − zoom, Shift and arrows move the picture, 0 shows all.`;

/** @type {Record<string, Direction>} */
const ARROWS = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" };
const STEP = 1.5;

/**
 * @typedef {object} KeyOptions
 * @property {HTMLElement} area
 * @property {SVGPathElement} outline where the box is drawn
 * @property {Figure} figure
 * @property {PlotScene} scene
 * @property {Selection} selection
 * @property {(item: number) => void} onCursor the cursor came to an item; -1 = it went away
 * @property {(text: string) => void} say tell a screen reader
 * @property {AbortSignal} signal
 */

/**
 * @param {KeyOptions} options
 * @returns {{ drop: () => void }} `drop` ends a box: its points are about to move
 */
export function listenToKeys({ area, outline, figure, scene, selection, onCursor, say, signal }) {
  const cursor = () => {
    const i = scene.cursor;
    return i < 0 ? null : { x: scene.px[2 * i], y: scene.px[2 * i + 1] };
  };
  const box = createBoxKeys({
    selection,
    size: figure.frame,
    cursor,
    inside: (corners) => pointsInBox(scene.px, corners, scene.visible),
    draw: (corners) => outline.setAttribute("d", boxPath(corners)),
    say,
    signal,
  });
  const moveTo = (/** @type {number} */ item) => {
    scene.setCursor(item);
    const at = cursor();
    const shift = at && revealed(figure.frame(), at);
    if (shift) figure.zoomTo(shift);
    onCursor(item);
  };
  const walk = (/** @type {Direction} */ direction) => {
    const { width, height } = figure.frame();
    const { px, visible } = scene;
    moveTo(
      scene.cursor < 0
        ? nearest(px, width / 2, height / 2, Infinity, visible)
        : neighbour(px, scene.cursor, direction, visible),
    );
  };
  const zoom = (/** @type {number} */ factor) => figure.zoomTo(zoomed(figure.frame(), factor, cursor() ?? undefined));
  const choose = (/** @type {KeyboardEvent} */ event) => {
    if (scene.cursor < 0) return;
    selection.set(combine(selection.get(), Uint32Array.of(scene.cursor), howOf(event)));
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
    if (event.target !== area || box.key(event) || event.ctrlKey || event.metaKey) return;
    const direction = ARROWS[event.key];
    const move = () => (event.shiftKey ? figure.zoomTo(panned(figure.frame(), direction)) : walk(direction));
    const action = direction ? move : actions[event.key];
    if (!action) return;
    event.preventDefault();
    box.drop();
    action(event);
  };
  area.addEventListener("keydown", onKey, { signal });
  const leave = () => {
    box.drop();
    onCursor(-1);
  };
  area.addEventListener("blur", leave, { signal });
  area.addEventListener("pointerdown", box.drop, { signal, capture: true });
  area.addEventListener("focus", () => area.matches(":focus-visible") && onCursor(scene.cursor), { signal });
  return box;
}
