/**
 * Activation maps to pixels: heat over a picture, and a mask that darkens all but the active area.
 *
 * Maps are uint8, row by row, 255 = the unit's peak. Resampling is bilinear between pixel centres
 * (half-pixel convention, edges held), as in torch's `interpolate(..., align_corners=False)`.
 */

/** @typedef {{height: number, width: number, data: Uint8Array}} ActivationMap */

/** Opacity of the darkening where a unit is silent. */
export const SHADE = 0.6;

/** Opacity of the heat where an image has its largest activation. */
const HEAT_OPACITY = 0.8;

/**
 * Bilinear samples along one axis: for each of `to` pixels the lower source index and the weight of the next.
 * @param {number} from @param {number} to
 */
function samples(from, to) {
  const low = new Int32Array(to);
  const weight = new Float32Array(to);
  for (let i = 0; i < to; i++) {
    const at = Math.min(Math.max(((i + 0.5) * from) / to - 0.5, 0), from - 1);
    low[i] = Math.min(Math.floor(at), Math.max(0, from - 2));
    weight[i] = at - low[i];
  }
  return { low, weight };
}

/**
 * The map resampled to `height × width`, in [0, 1].
 * @param {ActivationMap} map @param {number} height @param {number} width
 * @returns {Float32Array}
 */
export function upsample(map, height, width) {
  const ys = samples(map.height, height);
  const xs = samples(map.width, width);
  const down = map.height > 1 ? map.width : 0;
  const right = map.width > 1 ? 1 : 0;
  const out = new Float32Array(height * width);
  for (let y = 0; y < height; y++) {
    const row = ys.low[y] * map.width;
    const v = ys.weight[y];
    for (let x = 0; x < width; x++) {
      const at = row + xs.low[x];
      const u = xs.weight[x];
      const above = map.data[at] * (1 - u) + map.data[at + right] * u;
      const below = map.data[at + down] * (1 - u) + map.data[at + down + right] * u;
      out[y * width + x] = (above * (1 - v) + below * v) / 255;
    }
  }
  return out;
}

/**
 * RGBA pixels that darken what lies outside the most active area: clear where the activation reaches 60 % of the
 * largest on this very map, full shade below 35 %, a smooth edge between. A map without activation is all shade.
 * @param {ActivationMap} map @param {number} size side of the square result, px
 * @param {number} [shade] opacity of the darkening, in [0, 1]
 */
export function maskPixels(map, size, shade = SHADE) {
  const values = upsample(map, size, size);
  let peak = 0;
  for (const value of values) peak = Math.max(peak, value);
  const out = new Uint8ClampedArray(4 * size * size);
  for (let i = 0; i < values.length; i++) {
    const t = peak > 0 ? Math.min(1, Math.max(0, (values[i] / peak - 0.35) / 0.25)) : 0;
    out[4 * i + 3] = 255 * shade * (1 - t * t * (3 - 2 * t));
  }
  return out;
}

/** Share of the unit's peak from which on an image's own largest activation is drawn with full opacity. */
const FULL_FROM = 0.1;

/**
 * RGBA pixels of the map itself (not resampled). The colour says how much: it goes with the square root of the share
 * of the unit's peak, which is often an outlier. The opacity says where: it goes with the share of what this very
 * image reaches, so that every image shows its place; only images where the unit hardly responds are paler.
 * @param {ActivationMap} map
 * @param {ArrayLike<number>} colors 256 × 3 bytes
 * @param {number} [opacity] at the image's largest activation, in [0, 1]
 */
export function heatPixels(map, colors, opacity = HEAT_OPACITY) {
  const out = new Uint8ClampedArray(4 * map.data.length);
  const largest = Math.max(1, ...map.data) / 255;
  const strongest = opacity * Math.min(1, largest / FULL_FROM);
  for (let i = 0; i < map.data.length; i++) {
    const share = map.data[i] / 255;
    const color = 3 * Math.round(255 * Math.sqrt(share));
    for (let c = 0; c < 3; c++) out[4 * i + c] = colors[color + c];
    out[4 * i + 3] = 255 * strongest * (share / largest);
  }
  return out;
}
