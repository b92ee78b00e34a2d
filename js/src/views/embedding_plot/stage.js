/** Where the plot happens: canvases, plotly's figure and the outline of the lasso, one above the other. */
import { h } from "../../lib/dom.js";
import { cssColor, followTheme } from "../../lib/theme.js";
import { perFrame } from "../../lib/timing.js";
import { createFigure } from "./figure.js";
import { KEYS, listenToKeys } from "./keys.js";
import { savePicture } from "./picture.js";
import { listenToPointer } from "./pointer.js";
import { PlotScene } from "./scene.js";
import { createTooltip } from "./tooltip.js";

/** @import { Catalog, Selection } from "../../lib/types.js" */
/** @import { Figure } from "./figure.js" */

/** Smaller than this there is nothing to see: the view is hidden or about to be laid out. */
const LEAST_PX = 40;

/**
 * @typedef {object} StageOptions
 * @property {HTMLElement} root
 * @property {any} Plotly
 * @property {Catalog} catalog
 * @property {Selection} selection
 * @property {AbortSignal} signal
 * @property {() => void} onPainted
 * @property {(text: string) => void} say tell a screen reader
 */

/** @param {StageOptions} options */
export function createStage({ root, Plotly, catalog, selection, signal, onPainted, say }) {
  const base = h("canvas", { class: "nbi-plot-canvas", "aria-hidden": "true" });
  const overlay = h("canvas", { class: "nbi-plot-canvas", "aria-hidden": "true" });
  const chart = h("div", { class: "nbi-plot-figure" });
  const area = h("div", { class: "nbi-plot-area", tabindex: 0, role: "application", "aria-description": KEYS });
  area.setAttribute("aria-roledescription", "scatter plot");
  const tooltip = createTooltip(catalog, area, signal);
  const { svg, outline } = createOutline();
  area.append(base, overlay, chart, svg, tooltip.element);
  /** @type {Figure | null} */
  let figure = null;
  /** @type {ReturnType<typeof listenToKeys> | null} */
  let keys = null;
  const about = { name: "", x: " ", y: " " };
  const scene = new PlotScene({
    base,
    overlay,
    catalog,
    selection,
    getFrame: () => figure?.frame() ?? null,
    getColors: () => ({
      text: cssColor(root, "--nbi-text"),
      chosen: cssColor(root, "--nbi-select"),
      cursor: cssColor(root, "--nbi-accent"),
    }),
    signal,
    onPainted,
  });

  const showAll = () => figure?.zoomTo(scene.full);
  const retitle = () => figure?.title(about.x, about.y);
  const moved = () => {
    if (!figure) return;
    const { left, top, width, height } = figure.frame();
    Object.assign(svg.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
    tooltip.hide();
    scene.repaint();
  };
  const point = (/** @type {number} */ item) => {
    if (item < 0 || !figure) return tooltip.hide();
    const { left, top } = figure.frame();
    tooltip.show(item, { x: left + scene.px[2 * item], y: top + scene.px[2 * item + 1] }, scene.encoding);
  };
  let told = 0; // a description that comes late is not read over what was said since
  const tell = (/** @type {string} */ text) => {
    told++;
    say(text);
  };
  const onCursor = async (/** @type {number} */ item) => {
    const mine = ++told;
    point(item);
    if (item < 0) return;
    const words = await tooltip.describe(item, scene.encoding);
    if (mine === told) say(words);
  };
  const chosen = (/** @type {{ transient: boolean }} */ { transient }) => {
    if (!transient) told++;
  };
  selection.on("change", chosen, signal);

  /** Make the figure when the view has a size; from then on keep it as large as its place. */
  async function start() {
    const size = await firstSize(area, signal);
    const onPicture = () => savePicture(root, { base, overlay }, about);
    const options = { ranges: scene.full, ...size, onMove: moved, onReset: showAll, onPicture };
    const made = await createFigure(Plotly, chart, options);
    if (signal.aborted) return made.destroy();
    signal.addEventListener("abort", made.destroy, { once: true });
    figure = made;
    const common = { area, outline, figure, scene, selection, signal };
    listenToPointer({ ...common, onHover: point });
    keys = listenToKeys({ ...common, onCursor, say: tell });
    followTheme(root, signal, () => {
      const color = (/** @type {string} */ name) => cssColor(root, `--nbi-${name}`);
      made.recolor({ text: color("text"), muted: color("muted"), border: color("border") });
      scene.repaint();
    });
    showAll();
    retitle();
    followSize(area, size, signal, ({ width, height }) => made.resize(width, height));
  }

  return {
    area,
    scene,
    start,
    /**
     * @param {Float32Array} xy
     * @param {{ name: string, x: string, y: string }} axes what is shown and the titles of its axes
     * @param {boolean} animate
     */
    show(xy, axes, animate) {
      keys?.drop();
      told++;
      Object.assign(about, axes);
      scene.setCoords(xy, animate);
      showAll();
      retitle();
    },
  };
}

function createOutline() {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const outline = document.createElementNS(space, "path");
  svg.setAttribute("class", "nbi-plot-outline");
  svg.setAttribute("aria-hidden", "true");
  svg.append(outline);
  return { svg, outline };
}

/** @typedef {{ width: number, height: number }} Size px */

/** @param {HTMLElement} element @returns {Size | null} null while it is too small */
function sizeOf(element) {
  const size = { width: Math.floor(element.clientWidth), height: Math.floor(element.clientHeight) };
  return size.width < LEAST_PX || size.height < LEAST_PX ? null : size;
}

/** @param {HTMLElement} element @param {Size} size as it is @param {AbortSignal} signal @param {(size: Size) => void} fn */
function followSize(element, size, signal, fn) {
  let known = size;
  const check = perFrame(() => {
    const now = sizeOf(element);
    if (!now || (now.width === known.width && now.height === known.height)) return;
    known = now;
    fn(now);
  }, signal);
  const observer = new ResizeObserver(check);
  observer.observe(element);
  signal.addEventListener("abort", () => observer.disconnect(), { once: true });
}

/** @param {HTMLElement} element @param {AbortSignal} signal @returns {Promise<Size>} when it has one */
function firstSize(element, signal) {
  const size = sizeOf(element);
  if (size) return Promise.resolve(size);
  return new Promise((resolve) => {
    const observer = new ResizeObserver(() => {
      const now = sizeOf(element);
      if (!now) return;
      observer.disconnect();
      resolve(now);
    });
    observer.observe(element);
    signal.addEventListener("abort", () => observer.disconnect(), { once: true });
  });
}
