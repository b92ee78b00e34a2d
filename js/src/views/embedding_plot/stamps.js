/**
 * Points drawn straight into pixels: the covered pixels of a shape are listed once and blended at each point. No canvas
 * calls per point, so that 100,000 of them fit into a frame. Pure: works on arrays.
 *
 * A pixel is one little-endian 32-bit word as in ImageData: 0xAABBGGRR, not premultiplied.
 *
 * @typedef {object} Stamp
 * @property {number} reach no covered pixel is farther from the middle, in x or in y
 * @property {Int32Array} dx covered pixels, relative to the middle
 * @property {Int32Array} dy
 * @property {Int32Array} coverage 1–255
 *
 * @typedef {{ width: number, height: number, words: Uint32Array }} Pixels
 */

/** Distance-like functions of the shapes, ≤ 1 inside; about the same area each. */
const SHAPES = [
  (/** @type {number} */ x, /** @type {number} */ y) => Math.hypot(x, y),
  (/** @type {number} */ x, /** @type {number} */ y) => Math.max(Math.abs(x), Math.abs(y)) / 0.88,
  (/** @type {number} */ x, /** @type {number} */ y) => Math.max(y / 0.72, (2 * Math.abs(x) - y) / 1.55), // triangle up
  (/** @type {number} */ x, /** @type {number} */ y) => (Math.abs(x) + Math.abs(y)) / 1.25,
  (/** @type {number} */ x, /** @type {number} */ y) => Math.max(-y / 0.72, (2 * Math.abs(x) + y) / 1.55), // triangle down
  (/** @type {number} */ x, /** @type {number} */ y) => plus(x, y),
  (/** @type {number} */ x, /** @type {number} */ y) => plus((x + y) * Math.SQRT1_2, (x - y) * Math.SQRT1_2),
];
export const N_SHAPES = SHAPES.length;

/** @param {number} x @param {number} y */
function plus(x, y) {
  const a = Math.abs(x);
  const b = Math.abs(y);
  return Math.min(Math.max(a / 1.15, b / 0.42), Math.max(a / 0.42, b / 1.15));
}

/**
 * @param {number} shape
 * @param {number} radius in device pixels
 * @returns {Stamp}
 */
export function makeStamp(shape, radius) {
  const reach = Math.ceil(radius * 1.3);
  const size = 2 * reach + 1;
  const inside = SHAPES[shape % SHAPES.length];
  /** @type {number[][]} */
  const covered = [];
  for (let p = 0; p < size * size; p++) {
    const [dx, dy] = [(p % size) - reach, Math.floor(p / size) - reach];
    const share = Math.round(255 * shareInside(inside, dx, dy, radius));
    if (share > 0) covered.push([dx, dy, share]);
  }
  const column = (/** @type {number} */ c) => Int32Array.from(covered, (pixel) => pixel[c]);
  return { reach, dx: column(0), dy: column(1), coverage: column(2) };
}

/**
 * @param {(x: number, y: number) => number} inside
 * @param {number} dx
 * @param {number} dy
 * @param {number} radius
 * @returns {number} share of the pixel that the shape covers, from 16 samples
 */
function shareInside(inside, dx, dy, radius) {
  let hits = 0;
  for (let s = 0; s < 16; s++) {
    const x = dx + ((s % 4) - 1.5) / 4;
    const y = dy + (Math.floor(s / 4) - 1.5) / 4;
    if (inside(x / radius, y / radius) <= 1) hits++;
  }
  return hits / 16;
}

/**
 * Blend a stamp, centred on the pixel nearest to (x, y). Pixels outside are cut off.
 *
 * @param {Pixels} pixels
 * @param {Stamp} stamp
 * @param {number} x device pixels
 * @param {number} y
 * @param {number} color 0xBBGGRR, see parseColor
 * @param {number} alpha 0–256
 */
export function blend({ width, height, words }, { reach, dx, dy, coverage }, x, y, color, alpha) {
  const cx = Math.round(x);
  const cy = Math.round(y);
  if (cx < -reach || cy < -reach || cx >= width + reach || cy >= height + reach) return;
  const whole = cx >= reach && cy >= reach && cx < width - reach && cy < height - reach;
  const opaque = (color | 0xff000000) >>> 0;
  const colorRB = color & 0xff00ff;
  const colorG = color & 0x00ff00;
  for (let k = 0; k < coverage.length; k++) {
    const px = cx + dx[k];
    const py = cy + dy[k];
    if (!whole && (px < 0 || py < 0 || px >= width || py >= height)) continue;
    const a = (coverage[k] * alpha) >> 8;
    const p = py * width + px;
    if (a === 255) {
      words[p] = opaque;
      continue;
    }
    const under = words[p];
    const opacity = under >>> 24;
    if (opacity === 0) {
      words[p] = color | (a << 24); // on an empty pixel the colour is taken as it is, only the opacity is partial
      continue;
    }
    // Red and blue together, then green: each stays in its own byte.
    const rb = ((under & 0xff00ff) + (((colorRB - (under & 0xff00ff)) * a) >> 8)) & 0xff00ff;
    const g = ((under & 0x00ff00) + (((colorG - (under & 0x00ff00)) * a) >> 8)) & 0x00ff00;
    words[p] = rb | g | ((opacity + (((255 - opacity) * a) >> 8)) << 24);
  }
}

/** @param {string} css "#rrggbb" or "rgb(r, g, b)" @returns {number} 0xBBGGRR; grey if not understood */
export function parseColor(css) {
  const hex = css.match(/^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i);
  const parts = hex ? hex.slice(1).map((byte) => Number.parseInt(byte, 16)) : css.match(/\d+(\.\d+)?/g)?.map(Number);
  return parts && parts.length >= 3 ? parts[0] | (parts[1] << 8) | (parts[2] << 16) : 0x808080;
}

/**
 * A fixed random order, so that no group always lies on top because it comes last.
 *
 * @param {number} n
 * @returns {Uint32Array} a permutation of 0 … n-1, the same every time
 */
export function shuffled(n) {
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  let seed = 12345;
  for (let i = n - 1; i > 0; i--) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    const j = Math.floor((seed / 2 ** 32) * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

/**
 * Items from the lowest to the highest code, those of code `none` first of all: what comes last lies on top.
 *
 * @param {Uint16Array} codes
 * @param {number} none
 * @returns {Uint32Array}
 */
export function byCode(codes, none) {
  const start = new Uint32Array(none + 2); // place of the next item of each code; `none` counts as -1
  const rank = (/** @type {number} */ i) => (codes[i] === none ? 0 : codes[i] + 1);
  for (let i = 0; i < codes.length; i++) start[rank(i) + 1]++;
  for (let r = 1; r < start.length; r++) start[r] += start[r - 1];
  const order = new Uint32Array(codes.length);
  for (let i = 0; i < codes.length; i++) order[start[rank(i)]++] = i;
  return order;
}
