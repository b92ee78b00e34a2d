/** What the selection bar says and exports. Pure: no DOM, no notebook. */
import { textOf } from "../../lib/columns.js";

/** @import { Column } from "../../lib/types.js" */

/** Items not in `indices`. @param {number} n @param {{has(i: number): boolean}} selected @returns {Uint32Array} */
export function inverted(n, selected) {
  return Uint32Array.from({ length: n }, (_, i) => i).filter((i) => !selected.has(i));
}

/** @param {number} size */
export function sizeLine(size) {
  return size === 0 ? "Nothing selected" : `${size.toLocaleString("en-US")} selected`;
}

/**
 * A cell as a program would want it: numbers to float32 precision, booleans as true and false, names as text.
 * @param {Column} column @param {number} i
 */
function exported(column, i) {
  const value = column.values[i];
  if (column.kind === "boolean") return Boolean(value);
  if (column.kind === "number") return Number.isInteger(value) ? value : Number(Number(value).toPrecision(7));
  return textOf(column, i);
}

/**
 * The table of the items: their index in the probe set, then every column.
 * @param {readonly Column[]} columns
 * @param {ArrayLike<number>} indices
 * @returns {{header: string[], rows: unknown[][]}}
 */
export function exportTable(columns, indices) {
  return {
    header: ["index", ...columns.map((column) => column.name)],
    rows: Array.from(indices, (i) => [i, ...columns.map((column) => exported(column, i))]),
  };
}
