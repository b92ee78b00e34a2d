/** Pictures in place of points when few enough are on screen. */

/** @import { Thumbs } from "../../lib/types.js" */
/** @import { Frame } from "./frame.js" */

/** Up to this many points on screen become pictures. */
export const THUMBS_UP_TO = 150;
const SMALLEST = 26;
const LARGEST = 72;

/**
 * @param {number} count points on screen
 * @param {Frame} frame
 * @returns {number} side of a picture, px: they cover at most about 40 % of the plot
 */
export function thumbSize(count, frame) {
  const side = Math.sqrt((0.4 * frame.width * frame.height) / Math.max(1, count));
  return Math.round(Math.min(LARGEST, Math.max(SMALLEST, side)));
}

/**
 * The items whose pictures fit without covering one another, centred on their points and kept inside the plot area.
 * Who comes first gets the place; the others stay points.
 *
 * @param {Iterable<number>} items in order of importance
 * @param {Float32Array} px
 * @param {number} size
 * @param {Frame} frame
 * @returns {Map<number, { x: number, y: number }>} top left corners, px
 */
export function placeThumbs(items, px, size, frame) {
  /** @type {Map<number, { x: number, y: number }>} */
  const placed = new Map();
  const reach = size + 2;
  const inside = (/** @type {number} */ v, /** @type {number} */ room) => Math.min(Math.max(2, v), room - size - 2);
  for (const i of items) {
    const x = inside(px[2 * i] - size / 2, frame.width);
    const y = inside(px[2 * i + 1] - size / 2, frame.height);
    let free = true;
    for (const other of placed.values()) {
      if (Math.abs(other.x - x) < reach && Math.abs(other.y - y) < reach) {
        free = false;
        break;
      }
    }
    if (free) placed.set(i, { x, y });
  }
  return placed;
}

/**
 * @param {CanvasRenderingContext2D} ctx in CSS pixels of the plot area
 * @param {Thumbs} thumbs
 * @param {Map<number, { x: number, y: number }>} placed
 * @param {number} size
 * @param {(i: number) => string} frameColor CSS colour of the frame around the picture
 * @param {number} [line] width of the frame
 */
export function drawThumbs(ctx, thumbs, placed, size, frameColor, line = 2) {
  for (const [i, { x, y }] of placed) {
    ctx.fillStyle = frameColor(i);
    ctx.fillRect(x - line, y - line, size + 2 * line, size + 2 * line);
    if (!thumbs.draw(ctx, i, x, y, size, size)) {
      ctx.fillStyle = "#8888";
      ctx.fillRect(x, y, size, size);
    }
  }
}
