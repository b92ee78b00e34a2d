/** Which units the list shows, in which order, and what their rows say. Pure: no DOM, no notebook. */

/** @import { UnitTable } from "../../lib/types.js" */
import { folded, sortedBy } from "../../lib/columns.js";

/** @typedef {"activity" | "selectivity" | "peak" | "unit"} SortKey */

/** A unit that never rose above 0 on any image. @param {UnitTable} table @param {number} unit */
export function isDead(table, unit) {
  return !(table.peak[unit] > 0) || table.rate[unit] === 0;
}

/**
 * The class a unit prefers, "" where none is known.
 * @param {UnitTable} table @param {number} unit
 */
export function classOf(table, unit) {
  return table.classes?.[table.bestClass[unit]] ?? "";
}

/**
 * The units to show. A search of digits only asks for that unit number, "#12" likewise; anything else for every word
 * in the name of the most selective class. Dead units come last except by unit number.
 * @param {UnitTable} table
 * @param {{sortBy: SortKey, descending: boolean, search: string}} wish
 * @returns {Uint32Array}
 */
export function arrangeUnits(table, { sortBy, descending, search }) {
  const n = table.peak.length;
  const order = sortedBy(
    sortBy === "unit" ? Uint32Array.from({ length: n }, (_, u) => u) : keysOf(table, sortBy),
    descending,
  );
  const wanted = search.trim().toLowerCase();
  if (!wanted) return order;
  const number = /^(?:unit\s*)?#?(\d+)$/.exec(wanted);
  if (number) return order.filter((unit) => unit === Number(number[1]));
  const words = folded(wanted).split(/\s+/);
  return order.filter((unit) => {
    const name = folded(isDead(table, unit) ? "never active" : classOf(table, unit));
    return words.every((word) => name.includes(word));
  });
}

/** @param {UnitTable} table @param {Exclude<SortKey, "unit">} key */
function keysOf(table, key) {
  return Float32Array.from(table[key], (value, unit) => (isDead(table, unit) ? Number.NaN : value));
}

/**
 * Length of a bar in [0, 1]: value over the layer's largest, negative values none.
 * @param {number} value @param {number} largest
 */
export function barLength(value, largest) {
  return largest > 0 && value > 0 ? Math.min(1, value / largest) : 0;
}

/** Largest finite value of a column, 0 for none. @param {Float32Array} values */
export function largest(values) {
  let top = 0;
  for (const value of values) if (Number.isFinite(value) && value > top) top = value;
  return top;
}

/**
 * Exemplar `e` of a unit: the image, the unit's activation there and its map (null without maps); null where there is none.
 * @param {UnitTable} table @param {number} unit @param {number} e
 */
export function exemplarOf(table, unit, e) {
  const at = unit * table.k + e;
  const image = table.exemplars[at];
  if (e >= table.k || image === undefined || image < 0) return null;
  const size = table.mapHeight * table.mapWidth;
  const map =
    table.exemplarMaps && size > 0
      ? {
          height: table.mapHeight,
          width: table.mapWidth,
          data: table.exemplarMaps.subarray(at * size, (at + 1) * size),
        }
      : null;
  return { image, value: table.exemplarValues[at], map };
}
