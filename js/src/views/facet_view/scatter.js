/** The unit's images in the plane, coloured and shaped by facet: hover, click, lasso or box, arrow keys. */
import { h } from "../../lib/dom.js";
import { BOX_KEYS, boxPath, createBoxKeys } from "../../lib/box_keys.js";
import { combine, howOf, pointsInBox } from "../../lib/geometry.js";
import { prepare } from "../../lib/picture.js";
import { perFrame } from "../../lib/timing.js";
import { fullRanges, nearest, neighbour, project } from "../embedding_plot/frame.js";
import { brushed } from "../embedding_plot/pointer.js";
import { createTooltip } from "../embedding_plot/tooltip.js";
import { paintScatter } from "./paint.js";
import { itemsOf } from "./state.js";

/** @import { Box } from "../../lib/box_keys.js" */
/** @import { Catalog, Selection } from "../../lib/types.js" */
/** @import { Brush } from "../embedding_plot/pointer.js" */
/** @import { Points } from "./state.js" */

const ROOM = 16; // px round the outermost points
const [REACH, CLICK_PX] = [14, 5];
const KEYS =
  "Arrow keys move from image to image, Enter selects, with Shift it adds and with Alt it takes away, Escape clears. " +
  `${BOX_KEYS} Ctrl+Z takes a selection back.`;
/** @type {Record<string, "left" | "right" | "up" | "down">} */
const ARROWS = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" };

/**
 * @param {object} context
 * @param {HTMLElement} context.root
 * @param {Catalog} context.catalog
 * @param {Selection} context.selection
 * @param {(text: string) => void} context.say tell a screen reader
 * @param {() => void} context.onChoose images were selected here
 * @param {AbortSignal} context.signal
 */
export function createScatter({ root, catalog, selection, say, onChoose, signal }) {
  const canvas = h("canvas", { class: "nbi-scatter-canvas", "aria-hidden": "true" });
  const area = h(
    "div",
    {
      class: "nbi-scatter",
      tabindex: "0",
      role: "application",
      "aria-roledescription": "scatter plot",
      "aria-label": "Images of the unit by facet",
      "aria-description": KEYS,
    },
    canvas,
  );
  const tooltip = createTooltip(catalog, area, signal);
  const modes = ["lasso", "box"].map((mode) =>
    h(
      "button",
      { type: "button", class: "nbi-button", "aria-pressed": String(mode === "lasso"), onclick: () => setMode(mode) },
      mode === "lasso" ? "Lasso" : "Box",
    ),
  );
  const hint = "Drag to select; with Shift it adds, with Alt it takes away";
  const bar = h(
    "div",
    { class: "nbi-bar", role: "group", "aria-label": "Selecting", title: hint },
    ...modes,
    h("span", { class: "nbi-status" }, "drag to select"),
  );
  area.append(tooltip.element);

  let mode = "lasso";
  let points = /** @type {Points} */ ({
    items: new Int32Array(),
    facets: new Int32Array(),
    xy: new Float32Array(),
    n: 0,
  });
  let n = 0;
  let px = /** @type {Float32Array} */ (new Float32Array());
  let every = new Uint8Array();
  let cursor = -1;
  /** @type {Brush | null} of the mouse */
  let brush = null;
  /** @type {Box | null} of the keyboard */
  let drawn = null;
  /** @type {{x: number, y: number, far: number} | null} */
  let press = null;
  let told = 0; // a description that comes late is not read over what was said since

  /** @param {string} text */
  function tell(text) {
    told++;
    say(text);
  }

  /** @param {string} next */
  function setMode(next) {
    mode = next;
    for (const [i, button] of modes.entries())
      button.setAttribute("aria-pressed", String(["lasso", "box"][i] === mode));
  }

  const size = () => ({ width: area.clientWidth, height: area.clientHeight });

  function layOut() {
    const { width, height } = size();
    const { x, y } = fullRanges(points.xy);
    const scale = Math.max(
      (x[1] - x[0]) / Math.max(1, width - 2 * ROOM),
      (y[1] - y[0]) / Math.max(1, height - 2 * ROOM),
    );
    /** @param {[number, number]} range @param {number} length @returns {[number, number]} one scale for both axes */
    const fitted = ([a, b], length) => [(a + b) / 2 - (scale * length) / 2, (a + b) / 2 + (scale * length) / 2];
    px = project(points.xy, { left: 0, top: 0, width, height, x: fitted(x, width), y: fitted(y, height) });
  }

  const draw = perFrame(() => {
    const { width, height } = size();
    if (!width || !height) return;
    const { ctx, scale } = prepare(canvas, width, height);
    ctx.scale(scale, scale);
    paintScatter(ctx, { root, points, n, px, selection, cursor, outline: brush ?? boxPath(drawn) });
    ctx.setTransform(1, 0, 0, 1, 0, 0);
  }, signal);

  /** What the tooltip says of an image besides its columns. */
  const encoding = () => {
    const facetOf = new Map(Array.from(points.items, (item, i) => [item, points.facets[i]]));
    const text = (/** @type {number} */ item) => {
      const facet = facetOf.get(item) ?? -1;
      return facet < 0 ? "none" : String(facet);
    };
    return /** @type {any} */ ({ title: "facet", codes: [], groups: [], text });
  };

  /** @param {number} row −1 = none */
  function point(row) {
    if (row === cursor) return;
    cursor = row;
    draw();
    if (row < 0) return tooltip.hide();
    tooltip.show(points.items[row], { x: px[2 * row], y: px[2 * row + 1] }, encoding());
  }

  /** @param {boolean} transient */
  function select(transient) {
    if (!brush) return;
    const hit = itemsOf(points, brushed(brush, px, every));
    selection.set(combine(brush.before, hit, brush.how), { transient });
  }
  const follow = perFrame(() => select(true), signal);

  const boxKeys = createBoxKeys({
    selection,
    size,
    cursor: () => (cursor < 0 ? null : { x: px[2 * cursor], y: px[2 * cursor + 1] }),
    inside: (box) => itemsOf(points, pointsInBox(px, box, every)),
    draw(box) {
      drawn = box;
      if (box) tooltip.hide();
      draw();
    },
    say: tell,
    signal,
  });

  /** @param {MouseEvent} event */
  const at = (event) => {
    const box = area.getBoundingClientRect();
    return [event.clientX - box.left - area.clientLeft, event.clientY - box.top - area.clientTop];
  };
  /** @param {MouseEvent | KeyboardEvent} event @param {number} row */
  function choose(event, row) {
    const how = event.ctrlKey || event.metaKey ? "add" : howOf(/** @type {MouseEvent} */ (event));
    if (row >= 0) selection.set(combine(selection.get(), Uint32Array.of(points.items[row]), how));
    else if (how === "replace") selection.clear();
    told++;
    onChoose();
  }
  const find = (/** @type {MouseEvent} */ event) => {
    const [x, y] = at(event);
    return nearest(px, x, y, REACH, every);
  };

  const end = () => {
    brush = press = null;
    draw();
  };
  /** @type {Record<string, (event: any) => void>} */
  const handlers = {
    pointerdown(/** @type {PointerEvent} */ event) {
      boxKeys.drop();
      if (event.button !== 0) return;
      area.focus(/** @type {any} */ ({ preventScroll: true, focusVisible: false }));
      area.setPointerCapture(event.pointerId);
      press = { x: event.clientX, y: event.clientY, far: 0 };
      brush = { mode, how: howOf(event), before: selection.get(), path: at(event) };
      event.preventDefault();
    },
    pointermove(/** @type {PointerEvent} */ event) {
      if (!press || !brush) return point(event.pointerType === "touch" ? -1 : find(event));
      press.far = Math.max(press.far, Math.hypot(event.clientX - press.x, event.clientY - press.y));
      if (press.far < CLICK_PX) return;
      point(-1);
      brush.path.push(...at(event));
      follow();
      draw();
    },
    pointerup(/** @type {PointerEvent} */ event) {
      if (!press) return;
      if (press.far < CLICK_PX) choose(event, find(event));
      else {
        select(false);
        onChoose();
      }
      end();
    },
    pointercancel() {
      if (brush) selection.set(brush.before, { transient: true });
      end();
    },
    pointerleave: () => !brush && !drawn && point(-1),
    blur() {
      boxKeys.drop();
      told++;
      point(-1);
    },
    async keydown(/** @type {KeyboardEvent} */ event) {
      if (boxKeys.key(event)) {
        if (event.key === "Enter" || event.key === " ") onChoose();
        return;
      }
      const direction = ARROWS[event.key];
      if (direction && points.n && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        const { width, height } = size();
        point(
          cursor < 0 ? nearest(px, width / 2, height / 2, Infinity, every) : neighbour(px, cursor, direction, every),
        );
        const mine = ++told;
        const words = await tooltip.describe(points.items[cursor], encoding());
        if (mine === told) say(words);
      } else if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        if (cursor >= 0) choose(event, cursor);
      } else if (event.key === "Escape") {
        point(-1);
        selection.clear();
        tell("Nothing selected");
      }
    },
  };
  for (const [type, handler] of Object.entries(handlers)) area.addEventListener(type, handler, { signal });

  selection.on("change", draw, signal);
  const watch = new ResizeObserver(() => {
    layOut();
    draw();
  });
  watch.observe(area);
  signal.addEventListener("abort", () => watch.disconnect(), { once: true });

  return {
    element: h("div", { class: "nbi-scatter-part" }, area, bar),
    /** @param {Points} next @param {number} nFacets */
    show(next, nFacets) {
      points = next;
      n = nFacets;
      every = new Uint8Array(points.n).fill(1);
      boxKeys.drop();
      told++;
      point(-1);
      layOut();
      draw();
    },
    draw,
  };
}
