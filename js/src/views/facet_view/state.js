/** What the facet view shows, in numbers and words. Pure: no DOM, no notebook. */

/**
 * Facets as Python tells of them; the names are those of the trait.
 * @typedef {object} Shown
 * @property {number} serial
 * @property {string} layer
 * @property {number} unit
 * @property {string} title
 * @property {number} n_images
 * @property {number} n_facets
 * @property {string} finding
 * @property {string} why
 * @property {string[]} notes
 * @property {Evidence | null} evidence
 * @property {{share: number | null, n: number, exemplars: number[]}[]} facets
 */
/**
 * How another network sees the synthesized images; {} where none was asked.
 * @typedef {object} Quality
 * @property {"running" | "done" | "failed"} state
 * @property {number} serial of the facets it is about
 * @property {string} words
 * @property {number[]} [closest] the facet that each image is closest to
 * @property {boolean[]} [own] whether that is its own
 */
/** Gap statistic by number of facets. @typedef {{k: number[], gap: (number | null)[], error: (number | null)[]}} Evidence */
/** The images as points. @typedef {{items: Int32Array, facets: Int32Array, xy: Float32Array, n: number}} Points */

/** @param {DataView} indices @param {DataView} assignments @param {DataView} xy @returns {Points} */
export function readPoints(indices, assignments, xy) {
  const n = indices.byteLength >> 2;
  const items = Int32Array.from({ length: n }, (_, i) => indices.getInt32(4 * i, true));
  const facets = Int32Array.from({ length: n }, (_, i) => assignments.getInt32(4 * i, true));
  const places = Float32Array.from({ length: 2 * n }, (_, j) => xy.getFloat32(4 * j, true));
  return { items, facets, xy: places, n };
}

/** The images of a facet, sorted. @param {Points} points @param {number} facet @returns {Uint32Array} */
export function membersOf({ items, facets }, facet) {
  return Uint32Array.from(items.filter((_, i) => facets[i] === facet)).sort();
}

/** Items of points, sorted as selections are. @param {Points} points @param {ArrayLike<number>} rows @returns {Uint32Array} */
export function itemsOf({ items }, rows) {
  return Uint32Array.from(rows, (row) => items[row]).sort();
}

/** Where the number of each facet stands: the middle of its points. @param {Float32Array} px @param {Points} points @param {number} n */
export function centresOf(px, { facets }, n) {
  return Array.from({ length: n }, (_, facet) => {
    const rows = [...facets.keys()].filter((i) => facets[i] === facet && Number.isFinite(px[2 * i]));
    if (rows.length === 0) return null;
    return { x: median(rows.map((i) => px[2 * i])), y: median(rows.map((i) => px[2 * i + 1])) };
  });
}

/** @param {number[]} values */
function median(values) {
  const sorted = values.sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/**
 * What stands under a synthesized image of the facets shown, "" before it is judged.
 * @param {Quality | Record<string, never>} quality @param {number} serial of the facets shown @param {number} facet
 */
export function judgedWords(quality, serial, facet) {
  if (quality.state !== "done" || quality.serial !== serial || !quality.own || quality.own.length < 2) return "";
  if (quality.own[facet]) return "another network: closest to its own facet";
  return `another network: closer to facet ${quality.closest?.[facet]}`;
}

/**
 * The same places, pushed apart along their line until no two are nearer than `least` (of few places, as far as it goes).
 * @param {({x: number, y: number} | null)[]} places @param {number} least px
 */
export function apart(places, least) {
  const moved = places.map((place) => place && { ...place });
  for (let round = 0; round < 20; round++) {
    for (const [i, a] of moved.entries()) {
      for (const b of moved.slice(i + 1)) {
        if (!a || !b) continue;
        const [dx, dy] = [b.x - a.x, b.y - a.y];
        const distance = Math.hypot(dx, dy);
        if (distance >= least) continue;
        const push = (least - distance) / 2;
        const [ux, uy] = distance > 0 ? [dx / distance, dy / distance] : [1, 0];
        [a.x, a.y, b.x, b.y] = [a.x - push * ux, a.y - push * uy, b.x + push * ux, b.y + push * uy];
      }
    }
  }
  return moved;
}

/** A share in per cent; never rounds something to nothing. @param {number | null} share */
export function shareText(share) {
  if (share === null) return "no activation";
  if (share > 0 && share < 0.005) return "<1 %";
  return `${Math.round(100 * share)} %`;
}

/** @param {{share: number | null, n: number}} facet */
export function facetText({ share, n }) {
  return `${shareText(share)} of the activation, ${n} image${n === 1 ? "" : "s"}`;
}

/** Corners of the facets' marks round 0 with about the area of a circle of radius 1; null: the circle itself. */
const CORNERS = /** @type {(number[][] | null)[]} */ ([
  null,
  regular(4, Math.PI / 4, 1.25),
  regular(3, -Math.PI / 2, 1.5),
  regular(4, 0, 1.35),
  cross(0.4, 1.25),
  regular(3, Math.PI / 2, 1.5),
  star(1.55, 0.7),
  regular(6, 0, 1.15),
]);

/** @param {number} n @param {number} turn radians @param {number} r @returns {number[][]} */
function regular(n, turn, r) {
  return Array.from({ length: n }, (_, i) => {
    const angle = turn + (2 * Math.PI * i) / n;
    return [r * Math.cos(angle), r * Math.sin(angle)];
  });
}

/** @param {number} a half the width of an arm @param {number} b its length @returns {number[][]} */
function cross(a, b) {
  const quarter = [
    [a, -b],
    [a, -a],
    [b, -a],
  ];
  return [0, 1, 2, 3].flatMap((i) => quarter.map(([x, y]) => turned(x, y, i)));
}

/** @param {number} x @param {number} y @param {number} quarters */
function turned(x, y, quarters) {
  for (let i = 0; i < quarters; i++) [x, y] = [-y, x];
  return [x, y];
}

/** @param {number} outer @param {number} inner @returns {number[][]} */
function star(outer, inner) {
  return Array.from({ length: 10 }, (_, i) => {
    const angle = -Math.PI / 2 + (Math.PI * i) / 5;
    const r = i % 2 ? inner : outer;
    return [r * Math.cos(angle), r * Math.sin(angle)];
  });
}

/** The mark of a facet as an SVG path round 0. @param {number} facet negative: none @param {number} r px */
export function markPath(facet, r) {
  const corners = facet < 0 ? regular(4, 0, 0.8) : CORNERS[facet % CORNERS.length];
  if (!corners) return `M${-r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`;
  const text = corners.map(([x, y]) => `${(r * x).toFixed(2)} ${(r * y).toFixed(2)}`);
  return `M${text.join("L")}Z`;
}

/**
 * Where the gap statistic is drawn: a point and a bar of its standard error for each number of facets.
 * @param {Evidence} evidence @param {{left: number, right: number, top: number, bottom: number}} box px
 */
export function chartOf({ k, gap, error }, box) {
  const rows = k.map((k, i) => ({ k, gap: gap[i], error: error[i] ?? 0 })).filter(({ gap }) => gap !== null);
  const ends = rows.flatMap(({ gap, error }) => [Number(gap) - error, Number(gap) + error]);
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const span = high - low || 1;
  const y = (/** @type {number} */ value) => box.bottom - ((value - low) / span) * (box.bottom - box.top);
  const step = (box.right - box.left) / Math.max(1, k.length - 1);
  const points = rows.map(({ k: number, gap, error }) => ({
    k: number,
    gap: Number(gap),
    x: box.left + (number - k[0]) * step,
    y: y(Number(gap)),
    from: y(Number(gap) - error),
    to: y(Number(gap) + error),
  }));
  return { points, low, high };
}
