/** A box drawn by keyboard on a scatter plot: what lasso and box are for the mouse. Knows no DOM but the key events. */
import { combine, howOf } from "./geometry.js";

/** @import { Selection } from "./types.js" */

/** What a help text says of the keys here. */
export const BOX_KEYS = "B starts a box: arrows draw it, Enter selects what is inside, Escape drops it.";

const STEPS = 32; // presses of an arrow key across the longer side
const FINE_PX = 2; // a press together with Shift
/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** @param {KeyboardEvent} event @returns {boolean} the B key, on a Cyrillic or Greek keyboard too */
const isB = ({ key, code, altKey }) =>
  !altKey && (key.toLowerCase() === "b" || (code === "KeyB" && key.length === 1 && key > "\u007f"));

/** @typedef {{ x0: number, y0: number, x1: number, y1: number }} Box px in the plot area; 0 = corner it started at */

const MARGIN_PX = 3; // the outline goes round a point at a corner, and a box just started is seen

/** @param {Box | null} box @returns {string} SVG path of its outline */
export function boxPath(box) {
  if (!box) return "";
  const [left, right] = [Math.min(box.x0, box.x1) - MARGIN_PX, Math.max(box.x0, box.x1) + MARGIN_PX];
  const [top, bottom] = [Math.min(box.y0, box.y1) - MARGIN_PX, Math.max(box.y0, box.y1) + MARGIN_PX];
  return `M${left} ${top}H${right}V${bottom}H${left}Z`;
}

/**
 * B starts a box at the keyboard's cursor, or where a box has come to; arrow keys move its far corner (with Shift
 * finely), Enter or Space takes what is inside (with Shift it adds, with Alt it takes away), Escape drops it. While it
 * is drawn, what is inside is selected transiently, as under a brush; what was selected before comes back when it is
 * dropped or `signal` aborts, unless something else was selected meanwhile (Ctrl+Z, Python, another view): that stays,
 * and ends the box.
 *
 * @param {object} options
 * @param {Selection} options.selection
 * @param {() => { width: number, height: number }} options.size of the plot area, px
 * @param {() => { x: number, y: number } | null} options.cursor place of the keyboard's cursor, px; null = none
 * @param {(box: Box) => Uint32Array} options.inside the items in a box, sorted
 * @param {(box: Box | null) => void} options.draw show the outline; null = no more
 * @param {(text: string) => void} options.say tell a screen reader
 * @param {AbortSignal} options.signal
 */
export function createBoxKeys({ selection, size, cursor, inside, draw, say, signal }) {
  /** @type {Box | null} */
  let drawn = null;
  let settled = selection.get(); // what is selected but for boxes and lassos still being drawn

  const within = (/** @type {number} */ v, /** @type {number} */ most) => Math.min(Math.max(0, v), most);

  /** @param {string} [intro] */
  function show(intro = "") {
    if (!drawn) return;
    draw(drawn);
    const hit = inside(drawn);
    selection.set(hit, { transient: true });
    say(`${intro}${hit.length.toLocaleString("en-US")} inside the box`);
  }

  function start() {
    const { width, height } = size();
    const at = drawn ? { x: drawn.x1, y: drawn.y1 } : (cursor() ?? { x: width / 2, y: height / 2 });
    const [x, y] = [within(at.x, width), within(at.y, height)];
    drawn = { x0: x, y0: y, x1: x, y1: y };
    show("Box started; arrow keys draw it, Enter selects, Escape drops it. ");
  }

  /** @param {[number, number]} direction @param {boolean} fine */
  function move([dx, dy], fine) {
    if (!drawn) return;
    const { width, height } = size();
    const step = fine ? FINE_PX : Math.max(FINE_PX, Math.max(width, height) / STEPS);
    drawn.x1 = within(drawn.x1 + dx * step, width);
    drawn.y1 = within(drawn.y1 + dy * step, height);
    show();
  }

  /** @param {KeyboardEvent} event */
  function take(event) {
    if (!drawn) return;
    const hit = inside(drawn);
    end();
    selection.set(combine(settled, hit, howOf(event)));
  }

  /** No box any more; the selection is left as it is. @returns {boolean} whether there was one */
  function end() {
    if (!drawn) return false;
    drawn = null;
    draw(null);
    return true;
  }

  /** End the box; what was selected before is selected again. @returns {boolean} whether there was one */
  function restore() {
    const ended = end();
    if (ended) selection.set(settled, { transient: true });
    return ended;
  }

  const drop = () => restore() && say("Box dropped");

  selection.on(
    "change",
    ({ indices, transient }) => {
      if (transient) return;
      settled = indices;
      if (end()) say(`Box dropped; ${indices.length.toLocaleString("en-US")} selected now`);
    },
    signal,
  );
  signal.addEventListener("abort", restore, { once: true });

  return {
    drop,
    /**
     * @param {KeyboardEvent} event keydown on the plot
     * @returns {boolean} whether the key was for the box; it is used up then
     */
    key(event) {
      const { key } = event;
      if (event.ctrlKey || event.metaKey) {
        const undo = key.toLowerCase() === "z" && !event.shiftKey; // it brings back what was selected before
        if (undo && end()) say("Box dropped");
        return false;
      }
      if (key === "Tab") return false;
      if (isB(event)) start();
      else if (!drawn) return false;
      else if (ARROWS[key]) move(ARROWS[key], event.shiftKey);
      else if (key === "Enter" || key === " ") take(event);
      else if (key === "Escape") drop();
      else return false;
      event.preventDefault();
      return true;
    },
  };
}
