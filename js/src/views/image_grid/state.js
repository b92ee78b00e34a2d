/** Which images the grid shows, in which order, and what is written under them. Pure: no DOM, no notebook. */

/** @import { Column } from "../../lib/types.js" */
/** @typedef {"none" | "first" | "only"} SelectionMode */
import { folded, formatNumber, textOf } from "../../lib/columns.js";

/**
 * Marks (1) the items whose `filter` column has one of `values` and whose searched texts contain every word of `search`.
 * No values means no filter.
 * @param {number} n
 * @param {{filter?: Column | null, values?: readonly string[], search?: string, searched?: readonly Column[]}} wish
 * @returns {Uint8Array}
 */
export function matching(n, { filter = null, values = [], search = "", searched = [] }) {
  const keep = new Uint8Array(n).fill(1);
  if (filter && values.length) {
    const wanted = new Set(values);
    for (let i = 0; i < n; i++) if (!wanted.has(textOf(filter, i))) keep[i] = 0;
  }
  const words = folded(search).split(/\s+/).filter(Boolean);
  if (words.length === 0) return keep;
  const texts = searched.map(searchTexts);
  for (let i = 0; i < n; i++) {
    if (keep[i] && !words.every((word) => texts.some((text) => text(i).includes(word)))) keep[i] = 0;
  }
  return keep;
}

/** The folded text of each item; category names are folded once. @param {Column} column @returns {(i: number) => string} */
function searchTexts(column) {
  if (column.kind !== "category") return (i) => folded(textOf(column, i));
  const names = column.categories.map(folded);
  return (i) => names[Number(column.values[i])] ?? "";
}

/**
 * The items to show: those of `order` that `keep` marks; "first" puts the selected ones before the others (the order
 * within both kept), "only" leaves the others out. "only" with nothing selected shows nothing.
 * @param {Uint32Array} order @param {Uint8Array} keep
 * @param {{mode: SelectionMode, isSelected: (i: number) => boolean}} selection
 */
export function arrange(order, keep, { mode, isSelected }) {
  const chosen = new Uint32Array(order.length);
  const others = new Uint32Array(order.length);
  let nChosen = 0;
  let nOthers = 0;
  for (const i of order) {
    if (keep[i] !== 1) continue;
    if (mode !== "none" && isSelected(i)) chosen[nChosen++] = i;
    else others[nOthers++] = i;
  }
  if (mode === "only") return chosen.slice(0, nChosen);
  chosen.set(others.subarray(0, nOthers), nChosen);
  return chosen.slice(0, nChosen + nOthers);
}

/**
 * The selection after a click on the shown position `to`.
 * @param {{order: Uint32Array, selected: Uint32Array, anchor: number, to: number}} click `anchor`: position a range starts at
 * @param {{toggle: boolean, range: boolean}} how ctrl/cmd toggles one image, shift takes the range, both add the range
 * @returns {number[]}
 */
export function clicked({ order, selected, anchor, to }, { toggle, range }) {
  const item = order[to];
  if (range) {
    const [low, high] = anchor < to ? [anchor, to] : [to, anchor];
    const between = Array.from(order.subarray(Math.max(0, low), high + 1));
    return toggle ? [...new Set([...selected, ...between])] : between;
  }
  if (!toggle) return [item];
  return selected.includes(item) ? Array.from(selected).filter((i) => i !== item) : [...selected, item];
}

/**
 * Columns and rows of a grid.
 * @param {{width: number, tile: number, count: number}} size px; the cell is the tile and its margins
 */
export function layoutOf({ width, tile, count }) {
  const cell = tile + 8;
  const columns = Math.max(1, Math.floor(width / cell));
  return { columns, nRows: Math.ceil(count / columns), cellWidth: width / columns, rowHeight: tile + 44 };
}

/**
 * @typedef {object} Caption
 * @property {"right" | "wrong" | "unknown"} mark
 * @property {string} first the label, or the name where there is none
 * @property {string} second the prediction, "" where there is none
 * @property {string} confidence "93 %" or ""
 * @property {string} name
 * @property {string} full everything in one sentence, for the title
 */

/**
 * @param {{name?: Column, label?: Column, prediction?: Column, confidence?: Column, correct?: Column}} columns
 * @param {number} i
 * @returns {Caption}
 */
export function captionOf(columns, i) {
  const read = (/** @type {keyof typeof columns} */ key) =>
    columns[key] ? textOf(/** @type {Column} */ (columns[key]), i) : "";
  const name = read("name") || `image ${i}`;
  const label = read("label");
  const prediction = read("prediction");
  const share = columns.confidence ? Number(columns.confidence.values[i]) : Number.NaN;
  const confidence = Number.isNaN(share) ? "" : `${(100 * share).toFixed(0)} %`;
  const mark = markOf(columns, label, prediction, i);
  const parts = [name];
  if (label) parts.push(`label ${label}`);
  if (prediction) parts.push(`predicted ${prediction}${confidence ? ` (${confidence})` : ""}`);
  if (mark !== "unknown") parts.push(mark);
  return { mark, first: label || name, second: prediction, confidence, name, full: parts.join(", ") };
}

/**
 * @param {{correct?: Column, label?: Column}} columns
 * @param {string} label @param {string} prediction @param {number} i
 * @returns {Caption["mark"]}
 */
function markOf(columns, label, prediction, i) {
  if (!label || !prediction) return "unknown";
  const correct = columns.correct;
  const right = correct?.kind === "boolean" ? Number(correct.values[i]) === 1 : label === prediction;
  return right ? "right" : "wrong";
}

/**
 * "120 of 1,000 images · 34 selected"
 * @param {{shown: number, total: number, selected?: number}} counts
 */
export function countLine({ shown, total, selected = 0 }) {
  const n = (/** @type {number} */ value) => value.toLocaleString("en-US");
  const images = shown === total ? n(total) : `${n(shown)} of ${n(total)}`;
  return `${images} ${total === 1 ? "image" : "images"}${selected ? ` · ${n(selected)} selected` : ""}`;
}

/**
 * Why the grid shows nothing.
 * @param {{total: number, mode: SelectionMode, selected: number}} state
 */
export function emptyLine({ total, mode, selected }) {
  if (total === 0) return "There are no images.";
  if (mode !== "only") return "No image matches the filter.";
  if (selected === 0) return "Nothing is selected, and only selected images are to be shown.";
  return "None of the selected images matches the filter.";
}

/**
 * Every column of one image as (name, text) pairs, the unit's activation first where one is selected.
 * @param {Map<string, Column>} columns @param {number} i
 * @param {{name: string, values: ArrayLike<number>} | null} activation
 * @returns {[string, string][]}
 */
export function factsOf(columns, i, activation) {
  /** @type {[string, string][]} */
  const rows = [...columns].map(([name, column]) => [name, textOf(column, i)]);
  return activation ? [[activation.name, formatNumber(activation.values[i])], ...rows] : rows;
}
