/** Reading one column of the items: as text, as sort keys, as a choice of groups. */

/** @import { Column } from "./types.js" */

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

/** A number as people read it, no exponent for everyday sizes. @param {number} value @param {number} [digits] significant ones */
export function formatNumber(value, digits = 4) {
  if (Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  if (size >= 1e6 || (size > 0 && size < 1e-3)) return value.toExponential(digits - 2).replace("-", "−");
  return String(Number(value.toPrecision(digits))).replace("-", "−");
}

/**
 * What column `column` says of item `i`, in words; "" where it says nothing.
 * @param {Column} column @param {number} i
 */
export function textOf(column, i) {
  const value = column.values[i];
  if (column.kind === "text") return String(value ?? "");
  const number = Number(value);
  if (column.kind === "category") return column.categories[number] ?? "";
  if (column.kind === "boolean") return number ? "yes" : "no";
  return Number.isNaN(number) ? "" : formatNumber(number);
}

/**
 * Position of each string in dictionary order (numbers inside by value: "img 9" before "img 10"); equal strings share one.
 * @param {string[]} texts
 */
export function ranks(texts) {
  const order = Uint32Array.from(texts, (_, i) => i).sort((a, b) => collator.compare(texts[a], texts[b]));
  const out = new Float64Array(texts.length);
  let rank = 0;
  for (let k = 0; k < order.length; k++) {
    if (k > 0 && texts[order[k]] !== texts[order[k - 1]]) rank = k;
    out[order[k]] = rank;
  }
  return out;
}

/**
 * One number per item that sorts as the column reads: categories and text by name; NaN where there is nothing.
 * @param {Column} column
 * @returns {ArrayLike<number>}
 */
export function sortKeys(column) {
  if (column.kind === "text") return ranks(Array.from(column.values, String));
  if (column.kind !== "category") return column.values;
  const byName = ranks(column.categories);
  return Float64Array.from(column.values, (code) => byName[code] ?? Number.NaN);
}

/**
 * Items by `keys`, ties and items without a key (NaN, always last) in the order given.
 * @param {ArrayLike<number>} keys @param {boolean} descending
 * @returns {Uint32Array}
 */
export function sortedBy(keys, descending) {
  const order = Uint32Array.from(keys, (_, i) => i);
  const sign = descending ? -1 : 1;
  return order.sort((a, b) => {
    const x = keys[a];
    const y = keys[b];
    if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y)) || a - b;
    return sign * (x - y) || a - b;
  });
}

/**
 * The groups of a category or boolean column that occur, with their sizes, by name; "" (nothing known) last.
 * @param {Column} column
 * @returns {{value: string, count: number}[]}
 */
export function groups(column) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (let i = 0; i < column.values.length; i++) {
    const value = textOf(column, i);
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const names = [...counts.keys()].sort((a, b) => Number(a === "") - Number(b === "") || collator.compare(a, b));
  return names.map((value) => ({ value, count: counts.get(value) ?? 0 }));
}

/** Text for searching: lower case, accents and case aside. @param {string} text */
export function folded(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}
