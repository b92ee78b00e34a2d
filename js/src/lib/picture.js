/** Images on a canvas that a row of them shares, with the heat or the mask of a unit over the part the network sees. */
import { h as make } from "./dom.js";
import { heatPixels, maskPixels, SHADE } from "./heat.js";
import { HEAT } from "./palette.js";

/** @import { ActivationMap, Box, Catalog } from "./types.js" */

/** Side of the masks, px: maps are enlarged to this before the edge is drawn. */
const MASK_SIZE = 56;

/**
 * A canvas made ready to draw on: its size set, its content cleared, one unit = one device pixel.
 * @param {HTMLCanvasElement} canvas @param {number} width CSS px @param {number} height CSS px
 * @returns {{ctx: CanvasRenderingContext2D, scale: number}} `scale`: canvas px per CSS px
 */
export function prepare(canvas, width, height) {
  const scale = Math.min(2, window.devicePixelRatio || 1);
  const [w, h] = [width, height].map((length) => Math.round(length * scale));
  if (canvas.width !== w) canvas.width = w;
  if (canvas.height !== h) canvas.height = h;
  const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  ctx.clearRect(0, 0, w, h);
  return { ctx, scale };
}

/**
 * Draw an item into a square of the canvas; the grey letterbox bars of its tile stay clear.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Catalog} catalog
 * @param {{item: number, x: number, y: number, size: number, map?: ActivationMap | null | undefined, as?: "heat" | "mask"}} what
 *   place and side in canvas px
 * @returns {boolean} whether the image was there
 */
export function drawPicture(ctx, catalog, { item, x, y, size, map, as = "heat" }) {
  const [left, top, side] = [x, y, size].map(Math.round);
  if (!catalog.thumbs.draw(ctx, item, left, top, side, side)) return false;
  const { image, seen } = catalog.thumbs.boxes(item);
  clearAround(ctx, image, left, top, side);
  if (map) {
    const [x, y, width, height] = seen.map((share) => share * side);
    if (as === "mask") shadeAround(ctx, image, seen, left, top, side);
    const { canvas } = as === "heat" ? heatLayer(map) : maskLayer(map);
    ctx.drawImage(canvas, left + x, top + y, width, height);
  }
  return true;
}

/** @param {CanvasRenderingContext2D} ctx @param {Box} box @param {number} left @param {number} top @param {number} side px */
function clearAround(ctx, box, left, top, side) {
  const [x, y, width, height] = box.map((share) => share * side);
  if (x > 0 || width < side) {
    ctx.clearRect(left, top, x, side);
    ctx.clearRect(left + x + width, top, side - x - width, side);
  }
  if (y > 0 || height < side) {
    ctx.clearRect(left, top, side, y);
    ctx.clearRect(left, top + y + height, side, side - y - height);
  }
}

/**
 * Shade the part of an image that the network does not see, as a mask shades where a unit is silent.
 * @param {CanvasRenderingContext2D} ctx @param {Box} image @param {Box} seen @param {number} left @param {number} top @param {number} side px
 */
function shadeAround(ctx, image, seen, left, top, side) {
  const path = new Path2D();
  for (const [x, y, width, height] of [image, seen]) {
    path.rect(left + x * side, top + y * side, width * side, height * side);
  }
  ctx.fillStyle = `rgba(0, 0, 0, ${SHADE})`;
  ctx.fill(path, "evenodd");
}

/** @param {ActivationMap} map */
function heatLayer(map) {
  const layer = scratch(map.width, map.height);
  layer.putImageData(new ImageData(heatPixels(map, HEAT), map.width, map.height), 0, 0);
  return layer;
}

/** @param {ActivationMap} map */
function maskLayer(map) {
  const layer = scratch(MASK_SIZE, MASK_SIZE);
  layer.putImageData(new ImageData(maskPixels(map, MASK_SIZE), MASK_SIZE, MASK_SIZE), 0, 0);
  return layer;
}

/** @type {Map<string, CanvasRenderingContext2D>} */
const scratches = new Map();

/** A small canvas in main memory, kept for the next use. @param {number} width @param {number} height */
function scratch(width, height) {
  const key = `${width}×${height}`;
  let ctx = scratches.get(key);
  if (!ctx) {
    const canvas = make("canvas", { width, height });
    ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
    scratches.set(key, ctx);
  }
  ctx.clearRect(0, 0, width, height);
  return ctx;
}
