/**
 * Mouse, pen and touch on the plot: lasso and box (ours, at every move), click, hover, zoom with Ctrl and the wheel.
 * Pan and box zoom are plotly's.
 */
import { combine, howOf, pointsInBox, pointsInPolygon } from "../../lib/geometry.js";
import { perFrame } from "../../lib/timing.js";
import { zoomed } from "./frame.js";

/** @import { How } from "../../lib/geometry.js" */
/** @import { Selection } from "../../lib/types.js" */
/** @import { Figure } from "./figure.js" */
/** @import { PlotScene } from "./scene.js" */

/** A press that moves less is a click. */
const CLICK_PX = 5;

/**
 * @typedef {object} PointerOptions
 * @property {HTMLElement} area the element around canvases and figure
 * @property {SVGPathElement} outline where the lasso is drawn
 * @property {Figure} figure
 * @property {PlotScene} scene
 * @property {Selection} selection
 * @property {(item: number) => void} onHover -1 = none
 * @property {AbortSignal} signal
 */

/** @typedef {{ mode: string, how: How, before: Uint32Array, path: number[] }} Brush path: px in the plot area */

/**
 * The items a brush holds.
 *
 * @param {Brush} brush
 * @param {Float32Array} px
 * @param {Uint8Array} visible
 */
export function brushed({ mode, path }, px, visible) {
  if (mode === "lasso") return pointsInPolygon(px, path, visible);
  const [x0, y0] = path;
  const [x1, y1] = path.slice(-2);
  return pointsInBox(px, { x0, y0, x1, y1 }, visible);
}

/** @param {Brush} brush @returns {string} SVG path of the outline */
function outlineOf({ mode, path }) {
  if (mode === "lasso") return `M${path.join(" ")}Z`;
  const [x0, y0] = path;
  const [x1, y1] = path.slice(-2);
  return `M${x0} ${y0}H${x1}V${y1}H${x0}Z`;
}

/** @param {PointerOptions} options */
export function listenToPointer(options) {
  const { area, outline, figure, scene, selection, onHover, signal } = options;
  /** @type {Brush | null} */
  let brush = null;
  /** @type {{ x: number, y: number, far: number } | null} where a press began and how far it went from there */
  let press = null;

  const at = (/** @type {MouseEvent} */ event) => {
    const box = area.getBoundingClientRect();
    const frame = figure.frame();
    return { x: event.clientX - box.left - frame.left, y: event.clientY - box.top - frame.top };
  };
  const clipped = (/** @type {MouseEvent} */ event) => {
    const { x, y } = at(event);
    const { width, height } = figure.frame();
    return [Math.min(Math.max(0, x), width), Math.min(Math.max(0, y), height)];
  };
  const isPlot = (/** @type {Event} */ event) => event.target instanceof Element && event.target.matches(".nsewdrag");
  const isOurs = (/** @type {MouseEvent} */ event) =>
    isPlot(event) && !event.ctrlKey && !event.metaKey && ["lasso", "select"].includes(figure.mode());

  const select = (/** @type {boolean} */ transient) => {
    if (!brush) return;
    const hit = brushed(brush, scene.px, scene.visible);
    selection.set(combine(brush.before, hit, brush.how), { transient });
  };
  const follow = perFrame(() => {
    if (!brush) return;
    outline.setAttribute("d", outlineOf(brush));
    select(true);
  }, signal);
  const end = () => {
    brush = null;
    press = null;
    outline.setAttribute("d", "");
  };
  const click = (/** @type {PointerEvent} */ event) => {
    const { x, y } = at(event);
    const item = scene.itemAt(x, y);
    const how = howOf(event);
    if (item >= 0) selection.set(combine(selection.get(), Uint32Array.of(item), how));
    else if (how === "replace") selection.clear();
  };

  /** @type {Record<string, (event: any) => void>} */
  const handlers = {
    pointerdown(/** @type {PointerEvent} */ event) {
      if (event.button !== 0 || !isPlot(event)) return;
      area.focus(/** @type {any} */ ({ preventScroll: true, focusVisible: false }));
      press = { x: event.clientX, y: event.clientY, far: 0 };
      if (!isOurs(event)) return;
      area.setPointerCapture(event.pointerId);
      brush = { mode: figure.mode(), how: howOf(event), before: selection.get(), path: clipped(event) };
      onHover(-1);
    },
    pointermove(/** @type {PointerEvent} */ event) {
      if (press) press.far = Math.max(press.far, Math.hypot(event.clientX - press.x, event.clientY - press.y));
      if (brush) {
        for (const move of event.getCoalescedEvents?.() ?? [event]) brush.path.push(...clipped(move));
        follow();
      } else if (event.buttons === 0 && event.pointerType !== "touch") {
        const { x, y } = at(event);
        onHover(isPlot(event) ? scene.itemAt(x, y) : -1);
      } else onHover(-1);
    },
    pointerup(/** @type {PointerEvent} */ event) {
      if (press && press.far < CLICK_PX) {
        if (brush) selection.set(brush.before, { transient: true });
        click(event);
      } else if (brush) {
        brush.path.push(...clipped(event));
        select(false);
      }
      end();
    },
    pointercancel() {
      if (brush) selection.set(brush.before, { transient: true });
      end();
    },
    pointerleave: () => onHover(-1),
    dblclick(/** @type {MouseEvent} */ event) {
      if (isPlot(event)) figure.zoomTo(scene.full);
    },
    wheel(/** @type {WheelEvent} */ event) {
      if (!event.ctrlKey && !event.metaKey) return; // the page scrolls on
      event.preventDefault();
      figure.zoomTo(zoomed(figure.frame(), Math.exp(-event.deltaY / 250), at(event)));
    },
  };
  for (const [type, handler] of Object.entries(handlers)) {
    area.addEventListener(type, handler, { signal, passive: false });
  }
  // plotly starts its own lasso on mousedown and touchstart: it does not hear of those that are ours.
  for (const type of ["mousedown", "touchstart"]) {
    const keep = (/** @type {any} */ event) => isOurs(event) && event.stopPropagation();
    area.addEventListener(type, keep, { signal, capture: true });
  }
}
