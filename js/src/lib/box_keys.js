/** A box drawn by keyboard on a scatter plot: what lasso and box are for the mouse. Knows no DOM but the key events. */
import { combine, howOf } from "./geometry.js";

/** @import { Selection } from "./types.js" */

/** What a help text says of the keys here. */
export const BOX_KEYS = "B starts a box: arrows draw it, Enter selects what is inside, Escape drops it.";

const STEPS = 32; // presses of an arrow key across the longer side
const FINE_PX = 2; // a press together with Shift
/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

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
 * is drawn, what is inside is selected transiently, as under a brush.
 *
 * @param {object} options
 * @param {Selection} options.selection
 * @param {() => { width: number, height: number }} options.size of the plot area, px
 * @param {() => { x: number, y: number } | null} options.cursor place of the keyboard's cursor, px; null = none
 * @param {(box: Box) => Uint32Array} options.inside the items in a box, sorted
 * @param {(box: Box | null) => void} options.draw show the outline; null = no more
 * @param {(text: string) => void} options.say tell a screen reader
 */
export function createBoxKeys({ selection, size, cursor, inside, draw, say }) {
  /** @type {{ box: Box, before: Uint32Array } | null} */
  let drawn = null;

  const within = (/** @type {number} */ v, /** @type {number} */ most) => Math.min(Math.max(0, v), most);

  /** @param {string} [intro] */
  function show(intro = "") {
    if (!drawn) return;
    draw(drawn.box);
    const hit = inside(drawn.box);
    selection.set(hit, { transient: true });
    say(`${intro}${hit.length.toLocaleString("en-US")} inside the box`);
  }

  function start() {
    const { width, height } = size();
    const at = drawn ? { x: drawn.box.x1, y: drawn.box.y1 } : (cursor() ?? { x: width / 2, y: height / 2 });
    const [x, y] = [within(at.x, width), within(at.y, height)];
    drawn = { box: { x0: x, y0: y, x1: x, y1: y }, before: drawn?.before ?? selection.get() };
    show("Box started; arrow keys draw it, Enter selects, Escape drops it. ");
  }

  /** @param {[number, number]} direction @param {boolean} fine */
  function move([dx, dy], fine) {
    if (!drawn) return;
    const { width, height } = size();
    const step = fine ? FINE_PX : Math.max(FINE_PX, Math.max(width, height) / STEPS);
    drawn.box.x1 = within(drawn.box.x1 + dx * step, width);
    drawn.box.y1 = within(drawn.box.y1 + dy * step, height);
    show();
  }

  /** @param {KeyboardEvent} event */
  function take(event) {
    if (!drawn) return;
    const { box, before } = drawn;
    drawn = null;
    draw(null);
    selection.set(combine(before, inside(box), howOf(event)));
  }

  /** End the box; what was selected before is selected again. */
  function drop() {
    if (!drawn) return;
    const { before } = drawn;
    drawn = null;
    draw(null);
    selection.set(before, { transient: true });
    say("Box dropped");
  }

  return {
    drop,
    /**
     * @param {KeyboardEvent} event keydown on the plot
     * @returns {boolean} whether the key was for the box; it is used up then
     */
    key(event) {
      if (event.ctrlKey || event.metaKey || event.key === "Tab") return false;
      const { key } = event;
      if (key.toLowerCase() === "b") start();
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
