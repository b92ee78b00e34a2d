/** From the wishes of the tool bar to the order shown: loads the columns it takes, the newest wish wins. */
import { sortedBy, sortKeys } from "../../lib/columns.js";
import { arrange, matching } from "./state.js";

/** @import { Catalog, Column, Selection, UnitRef } from "../../lib/types.js" */
/** @import { SelectionMode } from "./state.js" */

/**
 * @typedef {object} Wish
 * @property {string} sort_by column, "unit" for the selected unit's activation, "" for the order given
 * @property {boolean} descending
 * @property {string} filter_by
 * @property {string[]} filter_values
 * @property {string} search
 * @property {SelectionMode} mode
 */

/** Columns that captions show and the search looks through. */
export const CAPTION_COLUMNS = /** @type {const} */ (["name", "label", "prediction", "confidence", "correct"]);
const SEARCHED = /** @type {const} */ (["name", "label", "prediction"]);

/** @param {{catalog: Catalog, selection: Selection}} context */
export function createOrder({ catalog, selection }) {
  /** @type {Map<string, Column>} */
  const columns = new Map();
  /** @type {{key: string, order: Uint32Array}} */
  let sorted = { key: "", order: Uint32Array.from({ length: catalog.nItems }, (_, i) => i) };
  /** @type {{key: string, keep: Uint8Array}} */
  let kept = { key: "", keep: new Uint8Array(catalog.nItems).fill(1) };
  /** @type {{unit: UnitRef, values: Float32Array} | null} */
  let activation = null;

  /** @param {string} name @returns {Promise<Column | null>} null where the catalog has no such column */
  async function column(name) {
    if (!catalog.columns.some((info) => info.name === name)) return null;
    if (!columns.has(name)) columns.set(name, await catalog.column(name));
    return columns.get(name) ?? null;
  }

  /** Columns the captions need; one that cannot be had is left out. */
  async function loadCaptions() {
    await Promise.all(CAPTION_COLUMNS.map((name) => column(name).catch(() => null)));
  }

  /** @param {UnitRef | null} unit */
  async function loadActivation(unit) {
    if (unit && (activation?.unit.layer !== unit.layer || activation.unit.unit !== unit.unit)) {
      const { max } = await catalog.activation(unit.layer, unit.unit);
      if (selection.unit?.layer === unit.layer && selection.unit.unit === unit.unit) activation = { unit, values: max };
    }
    if (!unit) activation = null;
  }

  let newest = 0;

  /** @param {Wish} wish @returns {Promise<typeof sorted>} */
  async function sort({ sort_by, descending }) {
    const unit = sort_by === "unit" ? selection.unit : null;
    const key = JSON.stringify([sort_by, descending, unit]);
    if (key === sorted.key) return sorted;
    const named = sort_by && sort_by !== "unit" ? await column(sort_by) : null;
    const values = unit ? activation?.values : named && sortKeys(named);
    return { key, order: values ? sortedBy(values, descending) : givenOrder(catalog.nItems, descending) };
  }

  /** @param {Wish} wish @returns {Promise<typeof kept>} */
  async function filter({ filter_by, filter_values, search }) {
    const key = JSON.stringify([filter_by, filter_values, search]);
    if (key === kept.key) return kept;
    const filtered = filter_by && filter_values.length ? await column(filter_by) : null;
    const searched = SEARCHED.map((name) => columns.get(name)).filter((c) => c !== undefined);
    return { key, keep: matching(catalog.nItems, { filter: filtered, values: filter_values, search, searched }) };
  }

  return {
    columns,
    column,
    loadCaptions,
    loadActivation,
    /** Make ready what `shown` needs. @param {Wish} wish @returns {Promise<boolean>} false: a newer wish came meanwhile */
    async prepare(wish) {
      const mine = ++newest;
      const [nextSorted, nextKept] = await Promise.all([sort(wish), filter(wish)]);
      if (mine !== newest) return false;
      sorted = nextSorted;
      kept = nextKept;
      return true;
    },
    /** The items to show, from what is ready. @param {SelectionMode} mode */
    shown: (mode) => arrange(sorted.order, kept.keep, { mode, isSelected: (i) => selection.has(i) }),
    get activation() {
      return activation;
    },
  };
}

/** @param {number} n @param {boolean} descending */
function givenOrder(n, descending) {
  return Uint32Array.from({ length: n }, (_, k) => (descending ? n - 1 - k : k));
}
