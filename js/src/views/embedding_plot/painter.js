/**
 * The two canvases of the plot: all points below, the selected ones and the cursor above. While something is selected
 * the lower canvas is dimmed as a whole (by CSS), so a brush step repaints the upper one only.
 */
import { NO_VALUE } from "./encoding.js";
import { drawThumbs } from "./thumbnails.js";
import { blend, byCode, makeStamp, N_SHAPES, parseColor, shuffled } from "./stamps.js";

/** @import { Thumbs } from "../../lib/types.js" */
/** @import { Encoding } from "./encoding.js" */
/** @import { Frame } from "./frame.js" */
/** @import { Pixels } from "./stamps.js" */

/**
 * @typedef {object} Scene
 * @property {Float32Array} px positions, CSS px in the plot area
 * @property {Uint8Array} visible
 * @property {Encoding} encoding
 * @property {boolean} shapes draw the encoding's shapes
 * @property {number} zoom 1 = everything in view
 * @property {{ placed: Map<number, { x: number, y: number }>, size: number } | null} pictures
 */

/** CSS colours. @typedef {{ text: string, chosen: string, cursor: string }} Colors */

/** Opacity of what is not selected; pictures have to stay readable. */
const DIMMED = { points: "0.3", pictures: "0.45" };
/** Up to this many points get an outline. */
const OUTLINES_UP_TO = 5000;
/** Its opacity around points that are not selected, 0–256. */
const FAINT = 70;

/** @param {number} n @param {number} zoom @returns {number} radius of a point, CSS px */
export function pointRadius(n, zoom) {
  const base = n <= 500 ? 4.6 : n <= 2000 ? 3.5 : n <= 5000 ? 2.9 : n <= 20_000 ? 2.4 : n <= 50_000 ? 1.9 : 1.4;
  return Math.min(7, base * Math.max(1, zoom) ** 0.35);
}

/** @param {number} n @returns {number} opacity of a point, 0–256 */
function opacity(n) {
  return n <= 5000 ? 235 : n <= 20_000 ? 190 : 150;
}

class Layer {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    /** @type {ImageData | null} */
    this.pixels = null;
    this.words = new Uint32Array(0);
  }

  /** @param {Frame} frame @param {number} dpr */
  resize(frame, dpr) {
    const width = Math.max(1, Math.round(frame.width * dpr));
    const height = Math.max(1, Math.round(frame.height * dpr));
    const { canvas } = this;
    Object.assign(canvas.style, {
      left: `${frame.left}px`,
      top: `${frame.top}px`,
      width: `${frame.width}px`,
      height: `${frame.height}px`,
    });
    if (canvas.width === width && canvas.height === height && this.pixels) return;
    canvas.width = width;
    canvas.height = height;
    this.pixels = new ImageData(width, height);
    this.words = new Uint32Array(this.pixels.data.buffer);
  }

  /** @returns {Pixels} emptied */
  begin() {
    this.words.fill(0);
    return { width: this.canvas.width, height: this.canvas.height, words: this.words };
  }

  /** @param {number} dpr */
  show(dpr) {
    this.ctx.setTransform(1, 0, 0, 1, 0, 0);
    this.ctx.putImageData(/** @type {ImageData} */ (this.pixels), 0, 0);
    this.ctx.setTransform(dpr, 0, 0, dpr, 0, 0);
  }
}

export class Painter {
  /** @type {Uint32Array} */
  #order = new Uint32Array(0);
  /** @type {Encoding | null} what the order was made for */
  #arranged = null;
  #dpr = 1;

  /** @param {HTMLCanvasElement} base @param {HTMLCanvasElement} overlay @param {Thumbs} thumbs */
  constructor(base, overlay, thumbs) {
    this.base = new Layer(base);
    this.overlay = new Layer(overlay);
    this.thumbs = thumbs;
  }

  /** @param {Encoding} encoding numbers: the largest on top; groups: mixed */
  #arrange(encoding) {
    if (this.#arranged === encoding) return;
    this.#arranged = encoding;
    this.#order = encoding.scale ? byCode(encoding.codes, NO_VALUE) : shuffled(encoding.codes.length);
  }

  /** @param {Frame} frame @param {number} dpr device pixels per CSS pixel */
  resize(frame, dpr) {
    this.#dpr = dpr;
    this.base.resize(frame, dpr);
    this.overlay.resize(frame, dpr);
  }

  /** @param {Scene} scene @param {string} text colour of the text, for faint outlines */
  paintBase(scene, text) {
    const n = scene.visible.length;
    this.#arrange(scene.encoding);
    const pixels = this.base.begin();
    const pictures = scene.pictures?.placed;
    const radius = pointRadius(n, scene.zoom);
    const points = (/** @type {number} */ i) => !pictures?.has(i);
    const outline = n <= OUTLINES_UP_TO ? { rgb: parseColor(text), alpha: FAINT } : null;
    this.#stampAll(pixels, scene, this.#order, { radius, alpha: opacity(n), wanted: points, outline });
    this.base.show(this.#dpr);
    if (scene.pictures) this.#paintPictures(this.base, scene, scene.pictures.placed, 2);
  }

  /**
   * @param {Scene} scene
   * @param {Uint32Array} selected
   * @param {number} cursor item under the keyboard cursor; -1 = none
   * @param {Colors} colors
   */
  paintOverlay(scene, selected, cursor, { text, chosen: frame, cursor: ring }) {
    const pixels = this.overlay.begin();
    const n = scene.visible.length;
    const radius = pointRadius(n, scene.zoom);
    const pictures = scene.pictures?.placed ?? new Map();
    const points = (/** @type {number} */ i) => !pictures.has(i);
    const outline = selected.length <= OUTLINES_UP_TO ? { rgb: parseColor(text), alpha: 256 } : null;
    this.#stampAll(pixels, scene, selected, { radius: radius + 0.3, alpha: 256, wanted: points, outline });
    this.overlay.show(this.#dpr);
    const chosen = new Map([...pictures].filter(([i]) => isIn(selected, i)));
    if (scene.pictures) this.#paintPictures(this.overlay, scene, chosen, 3, frame);
    if (cursor >= 0) this.#paintCursor(scene, cursor, radius, ring);
    this.base.canvas.style.opacity = selected.length === 0 ? "1" : scene.pictures ? DIMMED.pictures : DIMMED.points;
  }

  /**
   * @param {Pixels} pixels
   * @param {Scene} scene
   * @param {Uint32Array} items in the order of drawing
   * @param {object} how
   * @param {number} how.radius CSS px
   * @param {number} how.alpha 0–256
   * @param {(i: number) => boolean} how.wanted asked while there are pictures
   * @param {{ rgb: number, alpha: number } | null} how.outline drawn under each point, one pixel wider
   */
  #stampAll(pixels, { px, visible, encoding, shapes, pictures }, items, { radius, alpha, wanted, outline }) {
    const dpr = this.#dpr;
    const count = shapes && encoding.shapes ? N_SHAPES : 1;
    const stamps = Array.from({ length: count }, (_, shape) => makeStamp(shape, radius * dpr));
    const wider = outline && stamps.map((_, shape) => makeStamp(shape, (radius + 1) * dpr));
    const colors = encoding.colors.map(parseColor);
    const { codes } = encoding;
    for (let k = 0; k < items.length; k++) {
      const i = items[k];
      if (!visible[i] || (pictures && !wanted(i))) continue;
      const code = codes[i];
      const shape = count === 1 ? 0 : /** @type {Uint8Array} */ (encoding.shapes)[code];
      const x = px[2 * i] * dpr;
      const y = px[2 * i + 1] * dpr;
      if (outline && wider) blend(pixels, wider[shape], x, y, outline.rgb, outline.alpha);
      blend(pixels, stamps[shape], x, y, colors[code], alpha);
    }
  }

  /**
   * @param {Layer} layer
   * @param {Scene} scene
   * @param {Map<number, { x: number, y: number }>} placed
   * @param {number} line
   * @param {string} [color] instead of the encoding's
   */
  #paintPictures(layer, scene, placed, line, color) {
    const { encoding, pictures } = scene;
    const size = pictures?.size ?? 0;
    drawThumbs(layer.ctx, this.thumbs, placed, size, (i) => color ?? encoding.colors[encoding.codes[i]], line);
  }

  /** @param {Scene} scene @param {number} i @param {number} radius @param {string} color */
  #paintCursor({ px, pictures }, i, radius, color) {
    const { ctx } = this.overlay;
    const corner = pictures?.placed.get(i);
    ctx.strokeStyle = color;
    ctx.lineWidth = 2.5;
    ctx.beginPath();
    if (corner && pictures) ctx.rect(corner.x - 4, corner.y - 4, pictures.size + 8, pictures.size + 8);
    else ctx.arc(px[2 * i], px[2 * i + 1], radius + 5, 0, 2 * Math.PI);
    ctx.stroke();
  }
}

/** @param {Uint32Array} sorted @param {number} value */
function isIn(sorted, value) {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return sorted[low] === value;
}
