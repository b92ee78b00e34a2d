/** What an edit does to the predictions, in numbers and words. Pure: no DOM, no notebook. */
import { toIndices } from "../../lib/codec.js";

/** @import { Edit } from "./edit.js" */

/**
 * What the panel knows from the start; the value of the trait `about`.
 * @typedef {object} About
 * @property {string} layer
 * @property {number} n_units
 * @property {number} n_images
 * @property {string[]} classes
 * @property {"accuracy" | "agreement"} measure without labels: the share of predictions that stay
 * @property {string} slow why more than the tail of the network is run, "" = the tail alone
 * @property {string[]} notes a line about each unit, "" for none; [] = about no unit
 */
/**
 * The effect of an edit; the value of the trait `shown`.
 * @typedef {object} Effect
 * @property {number} serial
 * @property {Edit} edit that it is the effect of
 * @property {number} n_images on which it is measured
 * @property {number} of images there are
 * @property {number | null} accuracy
 * @property {number | null} was of the network as it is, on the same images
 * @property {(number | null)[]} balanced balanced accuracy by class; null = no such image
 * @property {(number | null)[]} balanced_was
 */
/** A picture whose prediction changes; label −1 = not known. @typedef {{image: number, label: number, was: number, now: number}} Flip */
/** @typedef {"broken" | "repaired" | "other"} Group */
/** @typedef {{name: string, category: string, units: number[]}} Concept */

/** @param {unknown} bytes of the trait `flips`: little-endian int32, four a picture @returns {Flip[]} */
export function readFlips(bytes) {
  const numbers = new Int32Array(toIndices(bytes).buffer);
  const flips = [];
  for (let j = 0; j + 3 < numbers.length; j += 4) {
    flips.push({ image: numbers[j], label: numbers[j + 1], was: numbers[j + 2], now: numbers[j + 3] });
  }
  return flips;
}

/** @param {Flip} flip @returns {Group} */
export function groupOf({ label, was, now }) {
  if (label < 0 || (was !== label && now !== label)) return "other";
  return was === label ? "broken" : "repaired";
}

/** @param {Flip[]} flips @returns {Record<Group, number>} */
export function countGroups(flips) {
  const counts = { broken: 0, repaired: 0, other: 0 };
  for (const flip of flips) counts[groupOf(flip)]++;
  return counts;
}

/**
 * The flips of a group, and of a class: labelled so, or taken for it before or now.
 * @param {Flip[]} flips @param {{group: Group | "all", of: number}} wish `of`: −1 = every class
 */
export function shownFlips(flips, { group, of }) {
  return flips.filter(
    (flip) =>
      (group === "all" || groupOf(flip) === group) &&
      (of < 0 || flip.label === of || flip.was === of || flip.now === of),
  );
}

/** "shop → kiosk", after the label where the prediction was wrong. @param {Flip} flip @param {string[]} classes */
export function flipWords({ label, was, now }, classes) {
  const change = `${classes[was]} → ${classes[now]}`;
  return label < 0 ? change : `label ${classes[label]}, ${change}`;
}

/**
 * Change of a share in points with its sign: "−21.4", "+0.3", "±0".
 * @param {number | null} now @param {number | null} was
 */
export function pointsWords(now, was) {
  if (now === null || was === null) return "";
  const points = (100 * (now - was)).toFixed(1);
  if (Number(points) === 0) return "±0";
  return points.startsWith("-") ? `−${points.slice(1)}` : `+${points}`;
}

/** "71.4 %", "–" where it is not known. @param {number | null} share */
export function shareWords(share) {
  return share === null ? "–" : `${(100 * share).toFixed(1)} %`;
}

/** "on 250 of 1,000 images …". @param {Effect} effect */
export function extentWords({ n_images, of }) {
  const n = (/** @type {number} */ value) => value.toLocaleString("en-US");
  return n_images < of
    ? `on ${n(n_images)} of ${n(of)} images, the others follow …`
    : `on ${n(of)} image${of === 1 ? "" : "s"}`;
}

/** @param {Effect} effect */
export function isComplete({ n_images, of }) {
  return n_images >= of;
}

/**
 * The classes in the order of the list: by their number, or the largest change first (equal ones by number; those
 * without images last).
 * @param {Effect} effect @param {"class" | "change"} order
 */
export function orderedClasses({ balanced, balanced_was: was }, order) {
  const numbers = balanced.map((_, c) => c);
  if (order === "class") return numbers;
  const size = (/** @type {number} */ c) =>
    balanced[c] === null || was[c] === null ? -1 : Math.abs(balanced[c] - was[c]);
  return numbers.sort((a, b) => size(b) - size(a) || a - b);
}

/** Where the bar of a class ends, and where what it lost or gained lies: shares of the track. @param {number | null} now @param {number | null} was */
export function barOf(now, was) {
  if (now === null) return { fill: 0, from: 0, width: 0, gain: false, tick: null };
  const before = was ?? now;
  return {
    fill: Math.min(now, before),
    from: Math.min(now, before),
    width: Math.abs(now - before),
    gain: now > before,
    tick: was,
  };
}

/** "unit 17 of 96" is a number the field may hold. @param {string} text @param {number} nUnits @returns {number | null} */
export function unitFrom(text, nUnits) {
  const found = /^\s*(?:unit\s*)?#?(\d+)\s*$/i.exec(text);
  const unit = found ? Number(found[1]) : Number.NaN;
  return Number.isInteger(unit) && unit < nUnits ? unit : null;
}

/** The panel's finding in one sentence, for those who do not see it. @param {Effect} effect @param {About} about @param {string} edit in words */
export function effectWords({ accuracy, was, ...extent }, { measure }, edit) {
  const what = measure === "accuracy" ? "Accuracy" : "Agreement with the network as it is";
  const numbers = `${shareWords(accuracy)}, was ${shareWords(was)}`;
  return `${edit ? `With ${edit}: ` : ""}${what} ${numbers} ${extentWords(/** @type {Effect} */ ({ accuracy, was, ...extent }))}`;
}
