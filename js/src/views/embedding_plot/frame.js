/**
 * Where data lie on the screen: the plot area in CSS pixels and the ranges of its axes. Pure.
 *
 * @typedef {object} Frame
 * @property {number} left of the plot area inside the view, px
 * @property {number} top
 * @property {number} width
 * @property {number} height
 * @property {[number, number]} x data values at the left and the right border
 * @property {[number, number]} y data values at the bottom and the top border
 */
import { bounds } from "../../lib/geometry.js";

/** @typedef {{ x: [number, number], y: [number, number] }} Ranges */

/**
 * Ranges that show all points with some room around them.
 *
 * @param {ArrayLike<number>} xy
 * @returns {Ranges}
 */
export function fullRanges(xy) {
  const { x0, x1, y0, y1 } = bounds(xy);
  if (x0 > x1) return { x: [-1, 1], y: [-1, 1] };
  const room = 0.05 * Math.max(x1 - x0, y1 - y0) || 1;
  return { x: [x0 - room, x1 + room], y: [y0 - room, y1 + room] };
}

/**
 * Screen positions of all points, relative to the plot area.
 *
 * @param {ArrayLike<number>} xy
 * @param {Frame} frame
 * @returns {Float32Array} interleaved px
 */
export function project(xy, frame) {
  const px = new Float32Array(xy.length);
  const sx = frame.width / (frame.x[1] - frame.x[0]);
  const sy = frame.height / (frame.y[1] - frame.y[0]);
  for (let j = 0; j < xy.length; j += 2) {
    px[j] = (xy[j] - frame.x[0]) * sx;
    px[j + 1] = (frame.y[1] - xy[j + 1]) * sy;
  }
  return px;
}

/**
 * Ranges zoomed by `factor` (> 1 = in) about a point of the plot area.
 *
 * @param {Frame} frame
 * @param {number} factor
 * @param {{ x: number, y: number }} [at] px in the plot area; its middle if left out
 * @returns {Ranges}
 */
export function zoomed(frame, factor, at = { x: frame.width / 2, y: frame.height / 2 }) {
  const cx = frame.x[0] + (at.x / frame.width) * (frame.x[1] - frame.x[0]);
  const cy = frame.y[1] - (at.y / frame.height) * (frame.y[1] - frame.y[0]);
  const scale = (/** @type {[number, number]} */ [a, b], /** @type {number} */ c) =>
    /** @type {[number, number]} */ ([c + (a - c) / factor, c + (b - c) / factor]);
  return { x: scale(frame.x, cx), y: scale(frame.y, cy) };
}

/** @typedef {"left" | "right" | "up" | "down"} Direction */

/**
 * Ranges moved by a fifth of the plot area.
 *
 * @param {Frame} frame
 * @param {Direction} direction where there is more to see
 * @returns {Ranges}
 */
export function panned({ x, y }, direction) {
  const [sx, sy] = { left: [-1, 0], right: [1, 0], up: [0, 1], down: [0, -1] }[direction];
  const by = (/** @type {[number, number]} */ [a, b], /** @type {number} */ sign) =>
    /** @type {[number, number]} */ ([a + (sign * (b - a)) / 5, b + (sign * (b - a)) / 5]);
  return { x: by(x, sx), y: by(y, sy) };
}

/**
 * Shift the ranges just enough that a point lies inside, a tenth from the border.
 *
 * @param {Frame} frame
 * @param {{ x: number, y: number }} px position in the plot area
 * @returns {Ranges | null} null if it is inside already
 */
export function revealed(frame, px) {
  const dx = outside(px.x, frame.width);
  const dy = outside(px.y, frame.height);
  if (dx === 0 && dy === 0) return null;
  const sx = (dx / frame.width) * (frame.x[1] - frame.x[0]);
  const sy = (-dy / frame.height) * (frame.y[1] - frame.y[0]);
  return { x: [frame.x[0] + sx, frame.x[1] + sx], y: [frame.y[0] + sy, frame.y[1] + sy] };
}

/** @param {number} value @param {number} size */
function outside(value, size) {
  if (value < 0) return value - size / 10;
  if (value > size) return value - size + size / 10;
  return 0;
}

/**
 * The item nearest to a place on the screen.
 *
 * @param {Float32Array} px
 * @param {number} x
 * @param {number} y
 * @param {number} radius px; what is farther does not count
 * @param {ArrayLike<number>} visible 0 = does not count
 * @returns {number} item, -1 if there is none
 */
export function nearest(px, x, y, radius, visible) {
  let best = -1;
  let least = radius * radius;
  for (let i = 0, j = 0; j < px.length; i++, j += 2) {
    const dx = px[j] - x;
    const dy = px[j + 1] - y;
    const d = dx * dx + dy * dy;
    if (d <= least && visible[i]) {
      least = d;
      best = i;
    }
  }
  return best;
}

/**
 * The next item to the left, right, up or down: the closest inside the quarter plane that opens that way, where a step
 * aside counts double.
 *
 * @param {Float32Array} px
 * @param {number} from item
 * @param {Direction} direction
 * @param {ArrayLike<number>} visible
 * @returns {number} item; `from` if there is none
 */
export function neighbour(px, from, direction, visible) {
  const sign = direction === "right" || direction === "down" ? 1 : -1;
  const along = direction === "left" || direction === "right" ? 0 : 1;
  let best = from;
  let least = Infinity;
  for (let i = 0, j = 0; j < px.length; i++, j += 2) {
    const ahead = sign * (px[j + along] - px[2 * from + along]);
    const aside = Math.abs(px[j + 1 - along] - px[2 * from + 1 - along]);
    const cost = ahead + 2 * aside;
    if (ahead > 0 && aside <= ahead && cost < least && visible[i]) {
      least = cost;
      best = i;
    }
  }
  return best;
}

/**
 * Items inside the plot area.
 *
 * @param {Float32Array} px
 * @param {Frame} frame
 * @param {ArrayLike<number>} visible
 * @param {number} limit stop counting here
 * @returns {number[] | null} null if there are more than `limit`
 */
export function onScreen(px, frame, visible, limit) {
  /** @type {number[]} */
  const items = [];
  for (let i = 0, j = 0; j < px.length; i++, j += 2) {
    if (px[j] < 0 || px[j] > frame.width || px[j + 1] < 0 || px[j + 1] > frame.height || !visible[i]) continue;
    if (Number.isNaN(px[j]) || Number.isNaN(px[j + 1])) continue;
    if (items.length === limit) return null;
    items.push(i);
  }
  return items;
}
