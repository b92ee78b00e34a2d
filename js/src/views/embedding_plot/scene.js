/**
 * What is drawn, and when: keeps coordinates, colours, frame and selection together and repaints once per animation
 * frame. Knows canvases, no controls.
 */
import { perFrame } from "../../lib/timing.js";
import { plain, SHAPES_UP_TO, visibility } from "./encoding.js";
import { fullRanges, nearest, onScreen, project } from "./frame.js";
import { Painter } from "./painter.js";
import { placeThumbs, THUMBS_UP_TO, thumbSize } from "./thumbnails.js";

/** @import { Catalog, Selection } from "../../lib/types.js" */
/** @import { Encoding } from "./encoding.js" */
/** @import { Colors } from "./painter.js" */
/** @import { Frame, Ranges } from "./frame.js" */

const TRANSITION_MS = 700;
/** From here on the user has zoomed in to look closer. */
const ZOOMED_IN = 1.2;
/** How near the pointer has to be to a point. */
const REACH_PX = 12;

/**
 * @typedef {object} SceneOptions
 * @property {HTMLCanvasElement} base
 * @property {HTMLCanvasElement} overlay
 * @property {Catalog} catalog
 * @property {Selection} selection
 * @property {() => Frame | null} getFrame null before the figure is there
 * @property {() => Colors} getColors
 * @property {AbortSignal} signal
 * @property {() => void} onPainted
 */

export class PlotScene {
  /** @param {SceneOptions} options */
  constructor(options) {
    const { catalog, base, overlay, signal } = options;
    this.options = options;
    const n = catalog.nItems;
    this.painter = new Painter(base, overlay, catalog.thumbs);
    /** @type {Float32Array} */
    this.xy = new Float32Array(2 * n).fill(Number.NaN);
    /** @type {Float32Array} positions on the screen, CSS px in the plot area */
    this.px = new Float32Array(2 * n).fill(Number.NaN);
    /** @type {Encoding} */
    this.encoding = plain(n);
    /** @type {Set<number>} codes of groups that are switched off */
    this.hidden = new Set();
    /** @type {Uint8Array} */
    this.visible = new Uint8Array(n);
    /** @type {Ranges} */
    this.full = fullRanges([]);
    this.cursor = -1;
    /** @type {{ placed: Map<number, { x: number, y: number }>, size: number } | null} */
    this.pictures = null;
    /** @type {{ from: Float32Array, start: number } | null} */
    this.transition = null;
    this.repaint = perFrame(() => this.paint(), signal);
    this.repaintOverlay = perFrame(() => this.paintOverlay(), signal);
    options.selection.on("change", this.repaintOverlay, signal);
    catalog.thumbs.onLoad(() => this.pictures && this.repaint(), signal);
  }

  /** @param {Float32Array} xy @param {boolean} animate move the points from where they are */
  setCoords(xy, animate) {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const moves = animate && !calm && this.visible.some((seen) => seen === 1);
    this.transition = moves ? { from: this.px, start: performance.now() } : null;
    this.xy = xy;
    this.full = fullRanges(xy);
    this.refresh();
  }

  /** @param {Encoding} encoding */
  setEncoding(encoding) {
    this.encoding = encoding;
    this.hidden = new Set();
    this.refresh();
  }

  /** @param {Set<number>} hidden */
  setHidden(hidden) {
    this.hidden = hidden;
    this.refresh();
  }

  /** @param {number} item under the keyboard cursor; -1 = none */
  setCursor(item) {
    this.cursor = item;
    this.repaintOverlay();
  }

  /**
   * @param {number} x px in the plot area
   * @param {number} y
   * @returns {number} the item whose picture or point is there; -1 = none
   */
  itemAt(x, y) {
    const { placed, size } = this.pictures ?? { placed: new Map(), size: 0 };
    for (const [i, corner] of placed) {
      if (x >= corner.x && x <= corner.x + size && y >= corner.y && y <= corner.y + size) return i;
    }
    return nearest(this.px, x, y, REACH_PX, this.visible);
  }

  refresh() {
    this.visible = visibility(this.xy, this.encoding, this.hidden);
    if (this.cursor >= 0 && !this.visible[this.cursor]) this.cursor = -1;
    this.repaint();
  }

  /** @returns {import("./painter.js").Scene} */
  get #scene() {
    const { px, visible, encoding, pictures } = this;
    const shapes = encoding.shapes !== null && visible.length <= SHAPES_UP_TO;
    return { px, visible, encoding, shapes, zoom: this.zoom, pictures };
  }

  /** How far in: 1 = all points in view. */
  get zoom() {
    const frame = this.options.getFrame();
    if (!frame) return 1;
    const spans = (/** @type {Ranges} */ { x, y }) => [Math.abs(x[1] - x[0]), Math.abs(y[1] - y[0])];
    const [fx, fy] = spans(this.full);
    const [nx, ny] = spans(frame);
    return Math.max(fx / nx, fy / ny);
  }

  /** Repaint everything now. */
  paint() {
    const frame = this.options.getFrame();
    if (!frame || frame.width < 2 || frame.height < 2) return;
    const target = project(this.xy, frame);
    this.px = this.#inTransition(target);
    this.pictures = this.transition ? null : this.#choosePictures(frame);
    this.painter.resize(frame, window.devicePixelRatio || 1);
    this.painter.paintBase(this.#scene, this.options.getColors().text);
    this.paintOverlay();
    if (this.transition) this.repaint();
    this.options.onPainted();
  }

  paintOverlay() {
    if (!this.options.getFrame() || !this.painter.overlay.pixels) return;
    const { selection, getColors } = this.options;
    this.painter.paintOverlay(this.#scene, selection.get(), this.cursor, getColors());
  }

  /** @param {Float32Array} target @returns {Float32Array} where the points are at this moment */
  #inTransition(target) {
    if (!this.transition) return target;
    const t = (performance.now() - this.transition.start) / TRANSITION_MS;
    if (t >= 1) {
      this.transition = null;
      return target;
    }
    const ease = t < 0.5 ? 4 * t ** 3 : 1 - (-2 * t + 2) ** 3 / 2;
    const { from } = this.transition;
    const px = new Float32Array(target.length);
    for (let j = 0; j < px.length; j++) {
      px[j] = Number.isNaN(from[j]) ? target[j] : from[j] + ease * (target[j] - from[j]);
    }
    return px;
  }

  /** @param {Frame} frame */
  #choosePictures(frame) {
    const { visible, px, options } = this;
    const items = onScreen(px, frame, visible, THUMBS_UP_TO);
    if (!items || items.length === 0) return null;
    const size = thumbSize(items.length, frame);
    const { mask } = options.selection;
    const order = [...items.filter((i) => mask[i]), ...items.filter((i) => !mask[i])];
    const placed = placeThumbs(order, px, size, frame);
    // Of few points in tight groups, most would lie hidden under the pictures of others: zoom in to see those.
    return this.zoom > ZOOMED_IN || placed.size >= items.length / 2 ? { placed, size } : null;
  }
}
