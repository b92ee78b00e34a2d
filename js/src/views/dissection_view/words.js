/** A dissection in words: its header and its cards. Pure. */
import { formatNumber } from "../../lib/columns.js";
import { othersOf } from "./state.js";

/** @import { Labels, Shown, Table } from "./state.js" */

/** "0.51 %". @param {number} share */
export function percent(share) {
  return Number.isFinite(share) ? `${formatNumber(100 * share, 2)} %` : "–";
}

/** Three decimals: IoU are compared. @param {number} iou */
export function iouText(iou) {
  return Number.isFinite(iou) ? iou.toFixed(3) : "–";
}

/** "1 unit", "1,024 units". @param {number} n @param {string} word */
export function many(n, word) {
  return `${n.toLocaleString("en-US")} ${word}${n === 1 ? "" : "s"}`;
}

/**
 * What stands on a card.
 * @param {Shown} shown @param {Table} table @param {Labels} labels @param {number} unit
 */
export function cardWords(shown, table, labels, unit) {
  const c = labels.concept[unit];
  const concept = shown.concepts[c];
  const iou = labels.iou[unit];
  const measured = Number.isFinite(table.chance[unit]);
  const above = iou > table.chance95[unit];
  const levels = `${iouText(table.chance[unit])}, 95 %: ${iouText(table.chance95[unit])}`;
  const chance = measured ? `${above ? "chance" : "not above chance:"} ${levels}` : "";
  const others = othersOf(table, unit, c).map((one) => `${shown.concepts[one.concept].name} ${iouText(one.iou)}`);
  const rest = others.length > 3 ? ` and ${others.length - 3} more` : "";
  return {
    name: concept ? concept.name : "no concept",
    category: concept ? shown.categories[concept.category] : "",
    iou: iouText(iou),
    isDetector: iou > shown.iou_threshold,
    chance,
    byChance: measured && !above,
    facts: `on above ${formatNumber(table.thresholds[unit], 3)}, ${percent(table.area[unit])} of all pixels`,
    others: others.length ? `also ${others.slice(0, 3).join(", ")}${rest}` : "",
  };
}

/** The dissection's settings in words. @param {Shown} shown */
export function settingWords(shown) {
  return `${shown.convention}, top ${percent(shown.quantile)} · ${many(shown.n_units, "unit")}, ${many(shown.n_images, "image")}`;
}

/** How many units are detectors, and what chance gives. @param {Shown} shown */
export function countWords(shown) {
  const { n_detectors: n, n_units, iou_threshold, beyond_chance: beyond, chance } = shown;
  const are = n === 1 ? "is a detector" : "are detectors";
  const words = [`${n.toLocaleString("en-US")} of ${many(n_units, "unit")} ${are} (IoU above ${iou_threshold})`];
  if (beyond !== null) {
    words.push(`${beyond.toLocaleString("en-US")} above their own chance level (95 %)`);
    words.push(`median chance IoU ${iouText(chance ?? Number.NaN)}`);
  }
  return words;
}
