/**
 * Where the image lies in its square thumbnail tile.
 *
 * Tiles hold the image at its own aspect ratio, centred between two equal bars of neutral grey; a page says nothing of
 * the ratio, so it is read off the pixels: two facing bars of that grey.
 */

/** The grey of the bars (nbinterp/render/pages.py). */
const GREY = 128;

/** A line whose pixels are on average this near to the grey belongs to a bar: at quality 80, 99 % of bar lines do, 1 % of others. */
const NEAR = 13;

/** @typedef {{x: number, y: number, width: number, height: number}} Box in shares of the tile's side */

/** @type {Box} */
export const WHOLE = { x: 0, y: 0, width: 1, height: 1 };

/**
 * @param {ArrayLike<number>} rgba pixels of a tile of `size × size`
 * @param {number} size
 * @returns {Box} the whole tile where there are no bars
 */
export function imageBox(rgba, size) {
  const rows = barOf(rgba, size, (line, k) => line * size + k);
  const columns = barOf(rgba, size, (line, k) => k * size + line);
  if (rows > 0 && columns === 0) return { x: 0, y: rows / size, width: 1, height: 1 - (2 * rows) / size };
  if (columns > 0 && rows === 0) return { x: columns / size, y: 0, width: 1 - (2 * columns) / size, height: 1 };
  return WHOLE;
}

/**
 * Thickness of two facing bars in px; 0 unless there are two.
 * @param {ArrayLike<number>} rgba @param {number} size
 * @param {(line: number, k: number) => number} pixel index of pixel k of a line
 */
function barOf(rgba, size, pixel) {
  const isBar = (/** @type {number} */ line) => {
    let off = 0;
    for (let k = 0; k < size; k++) {
      const at = 4 * pixel(line, k);
      off += Math.abs(rgba[at] - GREY) + Math.abs(rgba[at + 1] - GREY) + Math.abs(rgba[at + 2] - GREY);
    }
    return off / (3 * size) <= NEAR;
  };
  let first = 0;
  let last = 0;
  while (first < size && isBar(first)) first++;
  if (first === size) return 0;
  while (isBar(size - 1 - last)) last++;
  // Bars differ by a pixel at most: a greater difference means that the image goes on in grey on one side.
  return Math.abs(first - last) <= 2 ? Math.max(first, last) * Number(first > 0 && last > 0) : Math.min(first, last);
}
