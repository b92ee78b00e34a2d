/**
 * Which points lie inside a box or a lasso, fast enough for 100,000 points in every frame.
 *
 * Points are interleaved x, y in a Float32Array; a point with NaN lies nowhere. Results are sorted item numbers.
 */

/** Horizontal bands into which the edges of a lasso are sorted; a point is tested against its band's edges only. */
const BANDS = 128;

/**
 * @param {ArrayLike<number>} xy
 * @param {{ x0: number, x1: number, y0: number, y1: number }} box corners in any order, borders included
 * @param {ArrayLike<number> | null} [visible] 0 = leave the item out
 * @returns {Uint32Array}
 */
export function pointsInBox(xy, box, visible = null) {
  const [x0, x1] = [Math.min(box.x0, box.x1), Math.max(box.x0, box.x1)];
  const [y0, y1] = [Math.min(box.y0, box.y1), Math.max(box.y0, box.y1)];
  const n = xy.length >> 1;
  const found = new Uint32Array(n);
  let count = 0;
  for (let i = 0; i < n; i++) {
    const x = xy[2 * i];
    const y = xy[2 * i + 1];
    if (x >= x0 && x <= x1 && y >= y0 && y <= y1 && (!visible || visible[i])) found[count++] = i;
  }
  return found.slice(0, count);
}

/**
 * Even-odd rule; the polygon closes itself.
 *
 * @param {ArrayLike<number>} xy
 * @param {ArrayLike<number>} polygon interleaved x, y of the corners; fewer than three enclose nothing
 * @param {ArrayLike<number> | null} [visible] 0 = leave the item out
 * @returns {Uint32Array}
 */
export function pointsInPolygon(xy, polygon, visible = null) {
  if (polygon.length < 6) return new Uint32Array(0);
  const { x0, x1, y0, y1 } = bounds(polygon);
  const { start, edges } = bandEdges(polygon, y0, y1);
  const perUnit = BANDS / (y1 - y0 || 1);
  const n = xy.length >> 1;
  const found = new Uint32Array(n);
  let count = 0;
  for (let i = 0; i < n; i++) {
    const x = xy[2 * i];
    const y = xy[2 * i + 1];
    if (!(x >= x0 && x <= x1 && y >= y0 && y <= y1) || (visible && !visible[i])) continue;
    const band = Math.min(BANDS - 1, Math.floor((y - y0) * perUnit));
    let inside = false;
    for (let e = 4 * start[band]; e < 4 * start[band + 1]; e += 4) {
      const ay = edges[e + 1];
      const by = edges[e + 3];
      if (ay > y === by > y) continue;
      if (x < edges[e] + ((y - ay) / (by - ay)) * (edges[e + 2] - edges[e])) inside = !inside;
    }
    if (inside) found[count++] = i;
  }
  return found.slice(0, count);
}

/**
 * @param {ArrayLike<number>} xy interleaved
 * @returns {{ x0: number, x1: number, y0: number, y1: number }} NaN is passed over; without points x0 > x1
 */
export function bounds(xy) {
  const box = { x0: Infinity, x1: -Infinity, y0: Infinity, y1: -Infinity };
  for (let j = 0; j + 1 < xy.length; j += 2) {
    const x = xy[j];
    const y = xy[j + 1];
    if (!(Number.isFinite(x) && Number.isFinite(y))) continue;
    if (x < box.x0) box.x0 = x;
    if (x > box.x1) box.x1 = x;
    if (y < box.y0) box.y0 = y;
    if (y > box.y1) box.y1 = y;
  }
  return box;
}

/**
 * The polygon's edges (ax, ay, bx, by), repeated in every band they touch: band b has edges start[b] … start[b+1]-1.
 *
 * @param {ArrayLike<number>} polygon
 * @param {number} y0
 * @param {number} y1
 */
function bandEdges(polygon, y0, y1) {
  const m = polygon.length >> 1;
  const perUnit = BANDS / (y1 - y0 || 1);
  const bandOf = (/** @type {number} */ y) => Math.min(BANDS - 1, Math.max(0, Math.floor((y - y0) * perUnit)));
  /** @type {number[][]} */
  const bands = Array.from({ length: BANDS }, () => []);
  for (let k = 0; k < m; k++) {
    const next = (k + 1) % m;
    const edge = [polygon[2 * k], polygon[2 * k + 1], polygon[2 * next], polygon[2 * next + 1]];
    const last = bandOf(Math.max(edge[1], edge[3]));
    for (let b = bandOf(Math.min(edge[1], edge[3])); b <= last; b++) bands[b].push(...edge);
  }
  const start = new Uint32Array(BANDS + 1);
  bands.forEach((band, b) => {
    start[b + 1] = start[b] + band.length / 4;
  });
  return { start, edges: Float64Array.from(bands.flat()) };
}

/** @typedef {"replace" | "add" | "subtract"} How */

/**
 * What the modifiers of a click, a brush or a key ask for: Shift adds, Alt takes away.
 *
 * @param {{ shiftKey: boolean, altKey: boolean }} event
 * @returns {How}
 */
export function howOf(event) {
  if (event.shiftKey) return "add";
  return event.altKey ? "subtract" : "replace";
}

/**
 * Put a new set of items together with what was selected before.
 *
 * @param {Uint32Array} before sorted
 * @param {Uint32Array} hit sorted
 * @param {How} how
 * @returns {Uint32Array} sorted
 */
export function combine(before, hit, how) {
  if (how === "replace") return hit;
  const merged = new Uint32Array(before.length + hit.length);
  let count = 0;
  let b = 0;
  let h = 0;
  while (b < before.length || (how === "add" && h < hit.length)) {
    const old = b < before.length ? before[b] : Infinity;
    const now = h < hit.length ? hit[h] : Infinity;
    if (old <= now) b++;
    if (now <= old) h++;
    if (how === "add" || old < now) merged[count++] = Math.min(old, now);
  }
  return merged.slice(0, count);
}
