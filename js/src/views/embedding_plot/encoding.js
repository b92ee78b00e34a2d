/**
 * From a column to colours and shapes: one small code per item, a colour and a shape per code, and a key to read them.
 * Pure.
 *
 * @typedef {object} Group
 * @property {number} code
 * @property {string} label
 * @property {number} count
 * @property {string} color CSS
 * @property {number} shape number of the shape, see stamps.js
 *
 * @typedef {object} Encoding
 * @property {Uint16Array} codes one per item
 * @property {string[]} colors CSS colour per code
 * @property {Uint8Array | null} shapes shape per code; null = all circles
 * @property {Group[]} groups what the legend lists; empty if the colour is a number
 * @property {{ low: number, high: number, label: string } | null} scale of the colour bar
 * @property {string} title name of the column or the unit
 * @property {((i: number) => string) | null} text an item's number in words; null if its group says it
 */
import { formatNumber } from "../../lib/columns.js";
import { CATEGORICAL, categoryColor, NONE_COLOR, viridis } from "../../lib/palette.js";

/** @import { Column } from "../../lib/types.js" */

/** Up to this many points shapes can be told apart. */
export const SHAPES_UP_TO = 5000;
/** Twelve colours and seven shapes repeat together only after 84 categories. */
const N_SHAPES = 7;
/** Colour codes of a number: 256 steps, then "no value". */
const STEPS = 256;
export const NO_VALUE = STEPS;

/** @param {number} n @returns {Encoding} all items alike */
export function plain(n) {
  const colors = [CATEGORICAL[0]];
  return { codes: new Uint16Array(n), colors, shapes: null, groups: [], scale: null, title: "", text: null };
}

/**
 * @param {Column} column
 * @returns {Encoding}
 */
export function encode(column) {
  if (column.kind === "number") return encodeNumbers(column.values, column.name);
  if (column.kind === "boolean") return encodeBoolean(column);
  if (column.kind === "category") return encodeCategories(column);
  return plain(column.values.length);
}

/** @param {Column} column @returns {Encoding} */
function encodeCategories({ name, values, categories }) {
  const none = categories.length;
  const codes = Uint16Array.from(values, (code) => (code >= 0 && code < none ? code : none));
  const colors = [...categories.map((_, code) => categoryColor(code)), NONE_COLOR];
  const shapes = Uint8Array.from(colors, (_, code) => (code === none ? 0 : code % N_SHAPES));
  const groups = groupsOf(codes, [...categories, "none"], colors, shapes);
  return { codes, colors, shapes, groups, scale: null, title: name, text: null };
}

/** @param {Column} column @returns {Encoding} */
function encodeBoolean({ name, values }) {
  const codes = Uint16Array.from(values, (value) => (value ? 1 : 0));
  const labels = name === "correct" ? ["wrong", "correct"] : [`not ${name}`, name];
  const colors = ["#EE6677", "#4477AA"];
  const shapes = Uint8Array.of(6, 0);
  const groups = groupsOf(codes, labels, colors, shapes);
  return { codes, colors, shapes, groups, scale: null, title: name, text: null };
}

/**
 * @param {Uint16Array} codes
 * @param {string[]} labels
 * @param {string[]} colors
 * @param {Uint8Array} shapes
 * @returns {Group[]} the groups that occur, in the order of their codes
 */
function groupsOf(codes, labels, colors, shapes) {
  const counts = new Uint32Array(labels.length);
  for (let i = 0; i < codes.length; i++) counts[codes[i]]++;
  const all = labels.map((label, code) => ({
    code,
    label,
    count: counts[code],
    color: colors[code],
    shape: shapes[code],
  }));
  return all.filter((group) => group.count > 0);
}

/**
 * @param {ArrayLike<number>} values NaN = none
 * @param {string} title
 * @param {string} [label] what the numbers are, for the colour bar
 * @returns {Encoding}
 */
export function encodeNumbers(values, title, label = title) {
  const { low, high } = extent(values);
  const perStep = (STEPS - 1) / (high - low || 1);
  const codes = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const step = Math.round((values[i] - low) * perStep);
    codes[i] = Number.isNaN(step) ? NO_VALUE : Math.min(STEPS - 1, Math.max(0, step));
  }
  const colors = [...Array.from({ length: STEPS }, (_, j) => viridis(j / (STEPS - 1))), NONE_COLOR];
  const text = (/** @type {number} */ i) => formatNumber(values[i]);
  return { codes, colors, shapes: null, groups: [], scale: { low, high, label }, title, text };
}

/** @param {ArrayLike<number>} values */
function extent(values) {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) continue;
    if (values[i] < low) low = values[i];
    if (values[i] > high) high = values[i];
  }
  return low > high ? { low: 0, high: 0 } : { low, high };
}

/**
 * Which items can be seen: they have a place and their group is not switched off.
 *
 * @param {ArrayLike<number>} xy
 * @param {Encoding} encoding
 * @param {Set<number>} hidden codes switched off
 * @returns {Uint8Array}
 */
export function visibility(xy, encoding, hidden) {
  const visible = new Uint8Array(encoding.codes.length);
  for (let i = 0; i < visible.length; i++) {
    const drawable = Number.isFinite(xy[2 * i]) && Number.isFinite(xy[2 * i + 1]);
    visible[i] = drawable && !hidden.has(encoding.codes[i]) ? 1 : 0;
  }
  return visible;
}
