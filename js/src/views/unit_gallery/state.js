/** What the gallery shows, in which order, and in which words. Pure: no DOM, no notebook. */
import { formatNumber } from "../../lib/columns.js";

/** @typedef {"waiting" | "forming" | "done"} CardState */
/**
 * What is known of one image; the names are those of the trait.
 * @typedef {object} Card
 * @property {string} layer
 * @property {number} unit −1: no single unit
 * @property {number} group
 * @property {string} title
 * @property {number | null} activation
 * @property {number | null} percentile
 * @property {number | null} survival
 * @property {number | null} agreement
 * @property {string | null} judged
 * @property {boolean} dead
 * @property {string} note
 * @property {CardState} state
 */
/** @typedef {"waiting" | "running" | "stopped" | "done" | "failed"} RunState */
/** @typedef {{step: number, steps: number, batch: number, batches: number, text: string, can_resume: boolean}} Progress */
/** @typedef {"newest" | "unit" | "activation" | "percentile"} SortKey */
/** Images made for the same objective. @typedef {{group: number, images: number[], layer: string, unit: number, title: string}} Group */

/** @param {Card[]} cards @returns {Group[]} in the order of their first images */
export function groupsOf(cards) {
  /** @type {Map<number, Group>} */
  const groups = new Map();
  cards.forEach(({ group, layer, unit, title }, i) => {
    const known = groups.get(group);
    if (known) known.images.push(i);
    else groups.set(group, { group, images: [i], layer, unit, title });
  });
  return [...groups.values()];
}

/**
 * The groups in the order of the sort key: "newest" puts what forms first, then the latest finished, the waiting last.
 * Groups without a value come last.
 * @param {Group[]} groups @param {Card[]} cards @param {SortKey} sortBy
 */
export function arranged(groups, cards, sortBy) {
  const rank = { forming: 0, done: 1, waiting: 2 };
  const stateOf = (/** @type {Group} */ group) => rank[cards[group.images[0]].state];
  const anyForms = groups.some((group) => stateOf(group) === 0);
  /** @type {Record<SortKey, (a: Group, b: Group) => number>} */
  const orders = {
    // While one batch forms the finished ones stand newest first; a finished run stands as it was asked for.
    newest: (a, b) => stateOf(a) - stateOf(b) || (anyForms && stateOf(a) === 1 ? b.images[0] - a.images[0] : 0),
    unit: (a, b) => a.layer.localeCompare(b.layer, undefined, { numeric: true }) || a.unit - b.unit,
    activation: (a, b) => best(b, cards, "activation") - best(a, cards, "activation"),
    percentile: (a, b) => best(b, cards, "percentile") - best(a, cards, "percentile"),
  };
  return [...groups].sort((a, b) => orders[sortBy](a, b) || a.images[0] - b.images[0]);
}

/** @param {Group} group @param {Card[]} cards @param {"activation" | "percentile"} key */
function best(group, cards, key) {
  return Math.max(...group.images.map((i) => cards[i][key] ?? -Number.MAX_VALUE));
}

/**
 * Units written as people write them, "0-7, 12" or "all".
 * @param {string} text @param {number} nUnits
 * @returns {string} what is wrong with it, "" for nothing
 */
export function unitsProblem(text, nUnits) {
  if (!text.trim()) return "Write which units, such as 0-7, 12";
  if (text.trim().toLowerCase() === "all") return "";
  const parts = text
    .trim()
    .replace(/\s*[-–]\s*/g, "-")
    .split(/[,;\s]+/);
  for (const part of parts) {
    const found = /^(\d+)(?:-(\d+))?$/.exec(part);
    if (!found) return `“${part}” is no unit; write numbers and ranges such as 0-7, 12, or all`;
    const [first, last] = [Number(found[1]), Number(found[2] ?? found[1])];
    if (first > last) return `${part} runs backwards; write ${last}-${first}`;
    if (last >= nUnits) return `The layer has the units 0 to ${nUnits - 1}`;
  }
  return "";
}

/** Never rounds up to all: 99.96 is "99.9 %". @param {number} percentile */
export function shareText(percentile) {
  return percentile >= 100 ? "all" : `${Math.floor(percentile * 10) / 10} %`;
}

/** @param {number} percentile @param {number} nImages 0: not known */
export function percentileText(percentile, nImages) {
  const of = nImages ? `${nImages.toLocaleString("en-US")} images` : "the recorded images";
  return percentile >= 100 ? `above all ${of}` : `above ${shareText(percentile)} of ${of}`;
}

/** @param {Card} card @param {number} nImages */
export function wordsOf(card, nImages) {
  const { activation, percentile, survival, agreement, judged } = card;
  const percent = (/** @type {number} */ share) => `${Math.round(100 * share)} %`.replace("-", "−");
  return {
    activation: activation === null ? "" : formatNumber(activation, 3),
    percentile: percentile === null || card.dead ? "" : percentileText(percentile, nImages),
    survival: survival === null ? "" : `${percent(survival)} left under transforms`,
    judge: judged === null ? "" : `judge: ${judged}${agreement === null ? "" : `, ${percent(agreement)} agreement`}`,
  };
}

/** How far the whole run is, in [0, 1]. @param {Progress} progress */
export function fractionOf({ step, steps, batch, batches }) {
  if (!steps || !batches) return 0;
  return Math.min(1, (batch + Math.min(1, step / steps)) / batches);
}

/**
 * Seconds left, from how far the run came since it was first seen; null while that says nothing.
 * @param {{time: number, fraction: number} | null} first @param {number} time s @param {number} fraction
 */
export function secondsLeft(first, time, fraction) {
  if (!first || fraction - first.fraction < 0.01 || time - first.time < 0.5) return null;
  return ((1 - fraction) / (fraction - first.fraction)) * (time - first.time);
}

/** @param {number} seconds */
export function durationText(seconds) {
  const s = Math.max(1, Math.round(seconds));
  if (s < 60) return `${s} s`;
  return s < 3600
    ? `${Math.floor(s / 60)} min ${s % 60} s`
    : `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
}

/**
 * @param {RunState} state @param {Progress} progress @param {number | null} left s
 */
export function progressText(state, progress, left) {
  const { step, steps, batch, batches } = progress;
  const where = `step ${step} of ${steps}${batches > 1 ? `, batch ${batch + 1} of ${batches}` : ""}`;
  if (state === "waiting") return "Waiting for another run of this network";
  if (state === "running") return `${capital(where)}${left === null ? "" : ` · ${durationText(left)} left`}`;
  if (state === "stopped") return `Stopped at ${where}`;
  if (state === "failed") return `Failed at ${where}`;
  return `Done: ${steps} steps`;
}

/** @param {string} text */
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** Distance of two cards, of two images in one, and what a card has round its images, px. */
const [GAP, BETWEEN, AROUND] = [10, 8, 12];

/**
 * The side of the images that lets cards of `n` images fill the width: the one wished for, or somewhat more. Where not
 * even one card fits, its images wrap: then as many as fit in a row count.
 * @param {number} wish px @param {number} width px @param {number} n
 */
export function fittedSize(wish, width, n) {
  const inRow = Math.max(1, Math.min(n, Math.floor((width - AROUND) / (wish + BETWEEN))));
  const card = inRow * (wish + BETWEEN) + AROUND;
  const columns = Math.max(1, Math.floor((width + GAP) / (card + GAP)));
  const size = ((width - (columns - 1) * GAP) / columns - AROUND) / inRow - BETWEEN;
  return Math.floor(Math.max(64, Math.min(size, 1.6 * wish)));
}

/** The place of image `i` on a sheet, px. @param {{columns: number, cell: [number, number], width: number, height: number}} layout @param {number} i */
export function placeOf({ columns, cell, width, height }, i) {
  return { x: (i % columns) * cell[0], y: Math.floor(i / columns) * cell[1], width, height };
}

/** A name for the file of image `i`, as the kernel gives it. @param {Card[]} cards @param {number} i */
export function fileName(cards, i) {
  const number = String(i).padStart(String(cards.length - 1).length, "0");
  const stem = cards[i].title.replace(/[^\p{L}\p{N}_.+]+/gu, "-").replace(/^-+|-+$/g, "");
  return `${number}-${stem.slice(0, 80)}.png`;
}
