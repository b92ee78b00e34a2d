/** Which bars and cards there are, and what stands on them. Pure: no DOM, no notebook. */
import { unpack } from "../../lib/codec.js";
import { folded, sortedBy } from "../../lib/columns.js";

/** @typedef {"best" | "per_category"} LabelBy */
/** @typedef {"iou" | "above_chance" | "unit" | "area"} SortKey */
/**
 * A dissection; the names are those of the trait `shown`.
 * @typedef {object} Shown
 * @property {string} layer
 * @property {string} convention
 * @property {number} quantile
 * @property {number} iou_threshold
 * @property {number} n_images
 * @property {number} n_units
 * @property {number} n_detectors
 * @property {{best: number, per_category: number}} unique
 * @property {number | null} beyond_chance
 * @property {number | null} chance
 * @property {string[]} categories
 * @property {{name: string, category: number, n_images: number}[]} concepts
 * @property {string[]} left_out
 * @property {string[]} notes
 */
/**
 * The numbers of every unit; `k` categories a row in `bestIn` and `iouIn`; concepts are −1 for none.
 * @typedef {object} Table
 * @property {number} n
 * @property {number} k
 * @property {Int32Array} best
 * @property {Float64Array} bestIou
 * @property {Int32Array} bestIn
 * @property {Float64Array} iouIn
 * @property {Float32Array} thresholds
 * @property {Float32Array} area
 * @property {Float32Array} chance
 * @property {Float32Array} chance95
 * @property {Int32Array} pairUnit
 * @property {Int32Array} pairConcept
 * @property {Float64Array} pairIou
 */
/** One concept for every unit, with their IoU. @typedef {{concept: Int32Array, iou: Float64Array}} Labels */
/** @typedef {{concept: number, category: number, count: number}} Bar */
/**
 * What decides which cards are shown; the names are those of the widget's traits.
 * @typedef {object} Wish
 * @property {LabelBy} label_by
 * @property {string} category
 * @property {number} concept
 * @property {boolean} detectors_only
 * @property {string} search
 * @property {SortKey} sort_by
 * @property {boolean} descending
 */

/**
 * @param {Shown} shown @param {any[]} arrays @param {DataView} buffer
 * @returns {Table}
 */
export function readTable(shown, arrays, buffer) {
  const found = unpack({ arrays }, buffer);
  const n = shown.n_units;
  const k = shown.categories.length;
  const bestIou = new Float64Array(n);
  for (let unit = 0; unit < n; unit++)
    for (let c = 0; c < k; c++) bestIou[unit] = Math.max(bestIou[unit], found.iou_in[unit * k + c]);
  return {
    n,
    k,
    best: found.best,
    bestIou,
    bestIn: found.best_in,
    iouIn: found.iou_in,
    thresholds: found.thresholds,
    area: found.area,
    chance: found.chance,
    chance95: found.chance_95,
    pairUnit: found.pair_unit,
    pairConcept: found.pair_concept,
    pairIou: found.pair_iou,
  };
}

/**
 * The label of every unit: its best concept of all, or the best one within a category.
 * @param {Table} table @param {LabelBy} labelBy @param {number} category −1: none
 * @returns {Labels}
 */
export function labelsIn(table, labelBy, category) {
  if (labelBy === "best" || category < 0) return { concept: table.best, iou: table.bestIou };
  const at = (/** @type {number} */ unit) => unit * table.k + category;
  return {
    concept: Int32Array.from({ length: table.n }, (_, unit) => table.bestIn[at(unit)]),
    iou: Float64Array.from({ length: table.n }, (_, unit) => table.iouIn[at(unit)]),
  };
}

/**
 * Concepts with the number of units that detect them as their label, by category, those with most units first.
 * @param {Shown} shown @param {Table} table @param {LabelBy} labelBy
 * @returns {Bar[]}
 */
export function barsOf(shown, table, labelBy) {
  return shown.categories.flatMap((_, category) => {
    const { concept, iou } = labelsIn(table, labelBy, category);
    /** @type {Map<number, number>} */
    const counts = new Map();
    concept.forEach((c, unit) => {
      if (iou[unit] > shown.iou_threshold && shown.concepts[c]?.category === category)
        counts.set(c, (counts.get(c) ?? 0) + 1);
    });
    const bars = [...counts].map(([c, count]) => ({ concept: c, category, count }));
    return bars.sort((a, b) => b.count - a.count || a.concept - b.concept);
  });
}

/**
 * The units that detect a concept and have it as their label, the highest IoU first.
 * @param {Shown} shown @param {Table} table @param {LabelBy} labelBy @param {number} concept
 * @returns {number[]}
 */
export function unitsOfConcept(shown, table, labelBy, concept) {
  const labels = labelsIn(table, labelBy, shown.concepts[concept].category);
  return Array.from(sortedBy(labels.iou, true)).filter(
    (unit) => labels.concept[unit] === concept && labels.iou[unit] > shown.iou_threshold,
  );
}

/**
 * The units to show in their order, with the labels they are shown under. A concept decides the category; a search of
 * digits asks for that unit, other words for names and categories of the concepts that a unit detects.
 * @param {Shown} shown @param {Table} table @param {Wish} wish
 * @returns {{units: Uint32Array, labels: Labels}}
 */
export function arrange(shown, table, wish) {
  const { concept } = wish;
  const category = concept >= 0 ? shown.concepts[concept].category : shown.categories.indexOf(wish.category);
  const labels = labelsIn(table, wish.label_by, category);
  const asked = searched(shown, table, labels, wish.search);
  const units = sortedBy(keysOf(table, labels, wish.sort_by), wish.descending).filter((unit) => {
    const its = labels.concept[unit];
    if (wish.detectors_only && !(labels.iou[unit] > shown.iou_threshold)) return false;
    if (concept >= 0 ? its !== concept : category >= 0 && shown.concepts[its]?.category !== category) return false;
    return asked(unit);
  });
  return { units, labels };
}

/** @param {Table} table @param {Labels} labels @param {SortKey} sortBy @returns {ArrayLike<number>} */
function keysOf(table, labels, sortBy) {
  if (sortBy === "unit") return Uint32Array.from({ length: table.n }, (_, unit) => unit);
  if (sortBy === "area") return table.area;
  return sortBy === "iou" ? labels.iou : labels.iou.map((iou, unit) => iou - table.chance95[unit]);
}

/** @param {Shown} shown @param {Table} table @param {Labels} labels @param {string} search @returns {(unit: number) => boolean} */
function searched(shown, table, labels, search) {
  const wanted = folded(search).trim();
  if (!wanted) return () => true;
  const number = /^(?:unit\s*)?#?(\d+)$/.exec(wanted);
  if (number) return (unit) => unit === Number(number[1]);
  const words = wanted.split(/\s+/);
  return (unit) => {
    const concepts = [labels.concept[unit], ...othersOf(table, unit, labels.concept[unit]).map((one) => one.concept)];
    return concepts.some((concept) => {
      const name = folded(nameOf(shown, concept));
      return words.every((word) => name.includes(word));
    });
  };
}

/** "sky object"; "" for no concept. @param {Shown} shown @param {number} concept */
function nameOf(shown, concept) {
  const found = shown.concepts[concept];
  return found ? `${found.name} ${shown.categories[found.category]}` : "";
}

/**
 * What else a unit detects, the highest IoU first.
 * @param {Table} table @param {number} unit @param {number} concept that is named already
 * @returns {{concept: number, iou: number}[]}
 */
export function othersOf(table, unit, concept) {
  const found = [];
  for (let p = table.pairUnit.indexOf(unit); p >= 0 && table.pairUnit[p] === unit; p++)
    if (table.pairConcept[p] !== concept) found.push({ concept: table.pairConcept[p], iou: table.pairIou[p] });
  return found;
}

/** What fills an IoU's bar: the largest IoU of the layer, at least 0.1. @param {Table} table */
export function largestIou(table) {
  return table.bestIou.reduce((most, iou) => Math.max(most, iou), 0.1);
}

/**
 * Packed bits, the first in the highest bit, as one activation map an image: 255 where the bit is set.
 * @param {Uint8Array} bits @param {number} images @param {number} side
 * @returns {import("../../lib/types.js").ActivationMap[]}
 */
export function unpackMasks(bits, images, side) {
  const row = Math.ceil((side * side) / 8);
  return Array.from({ length: images }, (_, i) => {
    const data = new Uint8Array(side * side);
    for (let j = 0; j < data.length; j++) data[j] = (bits[i * row + (j >> 3)] >> (7 - (j & 7))) & 1 ? 255 : 0;
    return { height: side, width: side, data };
  });
}

/** Distance of the ticks of an axis of counts from 0 to `most`: about four of them, round numbers. @param {number} most */
export function tickStep(most) {
  const rough = Math.max(1, most / 4);
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= rough) ?? rough;
}

/** Which bar a key moves to from bar `at`; null for other keys. @param {string} key @param {number} at @param {number} n */
export function moveBar(key, at, n) {
  /** @type {Record<string, number>} */
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: n - 1, PageDown: at + 10, PageUp: at - 10 };
  return key in to && n > 0 ? Math.max(0, Math.min(n - 1, to[key])) : null;
}
