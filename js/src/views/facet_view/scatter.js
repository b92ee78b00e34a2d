/** The unit's images in the plane, coloured and shaped by facet: hover, click, lasso or box, arrow keys. */
import { h } from "../../lib/dom.js";
import { combine } from "../../lib/geometry.js";
import { CATEGORICAL, categoryColor } from "../../lib/palette.js";
import { prepare } from "../../lib/picture.js";
import { cssColor } from "../../lib/theme.js";
import { perFrame } from "../../lib/timing.js";
import { fullRanges, nearest, neighbour, project } from "../embedding_plot/frame.js";
import { brushed, howOf } from "../embedding_plot/pointer.js";
import { createTooltip } from "../embedding_plot/tooltip.js";
import { apart, centresOf, itemsOf, markPath } from "./state.js";

/** @import { Catalog, Selection } from "../../lib/types.js" */
/** @import { Brush } from "../embedding_plot/pointer.js" */
/** @import { Points } from "./state.js" */

const ROOM = 16; // px round the outermost points
const [REACH, CLICK_PX] = [14, 5];
const PLATE = 11; // radius of the plate under a facet's number, px
const KEYS =
  "Arrow keys move from image to image, Enter selects, with Shift it adds and with Alt it takes away, Escape clears.";
/** @type {Record<string, "left" | "right" | "up" | "down">} */
const ARROWS = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" };

/**
 * @param {object} context
 * @param {HTMLElement} context.root
 * @param {Catalog} context.catalog
 * @param {Selection} context.selection
 * @param {AbortSignal} context.signal
 */
export function createScatter({ root, catalog, selection, signal }) {
  const canvas = h("canvas", { class: "nbi-scatter-canvas", "aria-hidden": "true" });
  const area = h(
    "div",
    {
      class: "nbi-scatter",
      tabindex: "0",
      role: "application",
      "aria-roledescription": "scatter plot",
      "aria-label": `Images of the unit by facet. ${KEYS}`,
    },
    canvas,
  );
  const tooltip = createTooltip(catalog, area, signal);
  const said = h("div", { class: "nbi-hidden", role: "status" });
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
  /** @type {Brush | null} */
  let brush = null;
  /** @type {{x: number, y: number, far: number} | null} */
  let press = null;

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
    const any = points.items.some((item) => selection.has(item));
    const radius = points.n > 400 ? 3 : points.n > 150 ? 4 : 5;
    const marks = Array.from({ length: n + 1 }, (_, i) => new Path2D(markPath(i - 1, radius)));
    const colour = cssColor(root, "--nbi-select");
    const rim = cssColor(root, "--nbi-bg");
    for (const chosen of [false, true]) {
      for (let i = 0; i < points.n; i++) {
        if (!Number.isFinite(px[2 * i]) || selection.has(points.items[i]) !== chosen) continue;
        ctx.save();
        ctx.translate(px[2 * i], px[2 * i + 1]);
        ctx.globalAlpha = any && !chosen ? 0.3 : 1;
        ctx.fillStyle = categoryColor(points.facets[i]);
        ctx.lineWidth = chosen ? 4.5 : 1;
        ctx.strokeStyle = chosen ? colour : rim;
        const path = marks[points.facets[i] + 1];
        ctx.stroke(path);
        ctx.fill(path);
        ctx.restore();
      }
    }
    drawNumbers(ctx);
    if (cursor >= 0) ring(ctx, px[2 * cursor], px[2 * cursor + 1], radius + 5);
    if (brush) outline(ctx, brush);
    ctx.setTransform(1, 0, 0, 1, 0, 0);
  }, signal);

  /** @param {CanvasRenderingContext2D} ctx */
  function drawNumbers(ctx) {
    const [bg, text] = [cssColor(root, "--nbi-bg"), cssColor(root, "--nbi-text")];
    for (const [facet, centre] of apart(centresOf(px, points, n), 2 * PLATE + 3).entries()) {
      if (!centre) continue;
      ctx.beginPath();
      ctx.arc(centre.x, centre.y, PLATE, 0, 2 * Math.PI);
      ctx.globalAlpha = 0.9;
      ctx.fillStyle = bg;
      ctx.fill();
      ctx.globalAlpha = 1;
      ctx.lineWidth = 2;
      ctx.strokeStyle = CATEGORICAL[facet % CATEGORICAL.length];
      ctx.stroke();
      ctx.fillStyle = text;
      ctx.font = "600 13px system-ui, sans-serif";
      ctx.textAlign = "center";
      ctx.textBaseline = "middle";
      ctx.fillText(String(facet), centre.x, centre.y + 0.5);
    }
  }

  /** @param {CanvasRenderingContext2D} ctx @param {number} x @param {number} y @param {number} r */
  function ring(ctx, x, y, r) {
    ctx.beginPath();
    ctx.arc(x, y, r, 0, 2 * Math.PI);
    ctx.lineWidth = 2;
    ctx.strokeStyle = cssColor(root, "--nbi-accent");
    ctx.stroke();
  }

  /** @param {CanvasRenderingContext2D} ctx @param {Brush} brush */
  function outline(ctx, { mode, path }) {
    ctx.beginPath();
    if (mode === "lasso") for (let j = 0; j < path.length; j += 2) ctx.lineTo(path[j], path[j + 1]);
    else ctx.rect(path[0], path[1], path[path.length - 2] - path[0], path[path.length - 1] - path[1]);
    ctx.closePath();
    ctx.lineWidth = 1.5;
    ctx.setLineDash([5, 3]);
    ctx.strokeStyle = cssColor(root, "--nbi-text");
    ctx.stroke();
    ctx.setLineDash([]);
  }

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
      if (press && press.far < CLICK_PX) choose(event, find(event));
      else select(false);
      end();
    },
    pointercancel() {
      if (brush) selection.set(brush.before, { transient: true });
      end();
    },
    pointerleave: () => !brush && point(-1),
    blur: () => point(-1),
    async keydown(/** @type {KeyboardEvent} */ event) {
      const direction = ARROWS[event.key];
      if (direction && points.n) {
        event.preventDefault();
        const { width, height } = size();
        point(
          cursor < 0 ? nearest(px, width / 2, height / 2, Infinity, every) : neighbour(px, cursor, direction, every),
        );
        const row = cursor;
        const words = await tooltip.describe(points.items[row], encoding());
        if (row === cursor) said.textContent = words;
      } else if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        if (cursor >= 0) choose(event, cursor);
      } else if (event.key === "Escape") {
        point(-1);
        selection.clear();
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
    element: h("div", { class: "nbi-scatter-part" }, area, bar, said),
    /** @param {Points} next @param {number} nFacets */
    show(next, nFacets) {
      points = next;
      n = nFacets;
      every = new Uint8Array(points.n).fill(1);
      point(-1);
      layOut();
      draw();
    },
    draw,
  };
}
