/** Which images follow an edited rule, and what there is to say about them. Pure: no DOM, no notebook. */
import { formatNumber } from "../../lib/columns.js";

/** @import { Column } from "../../lib/types.js" */

/** @typedef {{unit: number, y: number | null, x: number | null, state: boolean, base_rate: number, score: number}} Literal */
/** What is asked of a literal's neuron: its state, nothing, or the other state. @typedef {"required" | "ignored" | "flipped"} Mode */
/**
 * A region; the names are those of the trait `shown`.
 * @typedef {object} Shown
 * @property {number} serial
 * @property {number} anchor −1: an image from outside
 * @property {string} name
 * @property {string} layer
 * @property {number} k
 * @property {number} t
 * @property {number} tolerance
 * @property {string} among
 * @property {string} among_words
 * @property {string} thresholded
 * @property {[number, number] | null} grid
 * @property {Literal[]} literals
 * @property {number} n_reference
 * @property {number[]} neighbours
 * @property {string[]} notes
 * @property {Record<string, string>} reasons why a panel makes no sense, "" where it does
 */
/**
 * @typedef {object} Evidence
 * @property {number} serial
 * @property {string} verdict
 * @property {boolean} stands_out
 * @property {number | null} lift
 * @property {number} n_members
 * @property {number | null} expected
 * @property {Record<string, number | null>} p_values
 * @property {Record<string, number[]>} null_lifts
 */

/** How far the verdict is, {} while nobody computes it. @typedef {{serial: number, state: "running" | "stopped", text: string}} Judging */

/** @type {Record<Mode, Mode>} */
const NEXT = { required: "ignored", ignored: "flipped", flipped: "required" };

/** What a click makes of a literal. @param {Mode} mode @returns {Mode} */
export function nextMode(mode) {
  return NEXT[mode];
}

/**
 * The reference images that violate at most `tolerance` of the literals asked for, those that violate fewest first.
 * @param {object} rule
 * @param {Uint8Array} rule.columns packed states: a row of ceil(n / 8) bytes a literal, the first image in the highest bit
 * @param {Uint8Array} rule.reference packed likewise: which images count at all
 * @param {number} rule.n images
 * @param {Literal[]} rule.literals
 * @param {Mode[]} rule.modes
 * @param {number} rule.tolerance
 * @returns {Uint32Array}
 */
export function membersOf({ columns, reference, n, literals, modes, tolerance }) {
  const row = Math.ceil(n / 8);
  const violations = new Uint16Array(n);
  literals.forEach(({ state }, l) => {
    if (modes[l] === "ignored") return;
    const wanted = Number(state === (modes[l] === "required"));
    for (let i = 0; i < n; i++) violations[i] += Number(bit(columns, l * row, i) !== wanted);
  });
  /** @type {number[][]} images by the number of literals they violate */
  const found = Array.from({ length: tolerance + 1 }, () => []);
  for (let i = 0; i < n; i++) if (violations[i] <= tolerance && bit(reference, 0, i)) found[violations[i]].push(i);
  return Uint32Array.from(found.flat());
}

/** @param {Uint8Array} bytes @param {number} start byte @param {number} i */
function bit(bytes, start, i) {
  return (bytes[start + (i >> 3)] >> (7 - (i & 7))) & 1;
}

/**
 * The most frequent value of a column among images, "" where none of them has one; of equally frequent ones the first.
 * @param {Column | null} column of categories
 * @param {ArrayLike<number>} images
 * @returns {{name: string, share: number, known: number} | null}
 */
export function purityOf(column, images) {
  if (column?.kind !== "category") return null;
  const counts = new Uint32Array(column.categories.length);
  let known = 0;
  for (let j = 0; j < images.length; j++) {
    const code = Number(column.values[images[j]]);
    if (code < 0) continue;
    counts[code]++;
    known++;
  }
  if (known === 0) return null;
  const best = counts.indexOf(Math.max(...counts));
  return { name: column.categories[best], share: counts[best] / known, known };
}

/** "86 % disc by label, 100 % disc by prediction". @param {Record<string, ReturnType<typeof purityOf>>} purities */
export function purityWords(purities) {
  const parts = Object.entries(purities).map(
    ([by, found]) => found && `${percent(found.share)} ${found.name} by ${by}`,
  );
  return parts.filter(Boolean).join(", ");
}

/** @param {number} share */
export function percent(share) {
  const value = 100 * share;
  return `${value > 0 && value < 1 ? "< 1" : value < 100 && value > 99 ? "> 99" : value.toFixed(0)} %`;
}

/** "unit 12 at (3, 4)". @param {{unit: number, y: number | null, x: number | null}} literal */
export function neuronWords({ unit, y, x }) {
  return y === null ? `unit ${unit}` : `unit ${unit} at (${y}, ${x})`;
}

/** What a literal asks for now. @param {Literal} literal @param {Mode} mode */
export function modeWords({ state }, mode) {
  if (mode === "ignored") return "either";
  return state === (mode === "required") ? "on" : "off";
}

/** "14 of 120 images". @param {number} n @param {number} of */
export function countWords(n, of) {
  const number = (/** @type {number} */ value) => value.toLocaleString("en-US");
  return `${number(n)} of ${number(of)} image${of === 1 ? "" : "s"}`;
}

/**
 * What was done to the rule, "" if nothing.
 * @param {Mode[]} modes
 */
export function editWords(modes) {
  const count = (/** @type {Mode} */ mode) => modes.filter((one) => one === mode).length;
  const parts = [count("ignored") && `${count("ignored")} ignored`, count("flipped") && `${count("flipped")} flipped`];
  return parts.filter(Boolean).join(", ");
}

/**
 * The verdict in its two parts: "Stands out" and the numbers behind it.
 * @param {Evidence} evidence
 */
export function verdictParts({ verdict }) {
  const at = verdict.indexOf(": ");
  const head = at < 0 ? verdict : verdict.slice(0, at);
  return { head: head.charAt(0).toUpperCase() + head.slice(1), facts: at < 0 ? "" : verdict.slice(at + 2) };
}

/**
 * What stands in the verdict's place while it is not there, and what can be done about it.
 * @param {Judging | Record<string, never>} judging @param {number} serial of the region shown @param {boolean} hasKernel
 * @returns {{text: string, act: "" | "stop" | "again"}}
 */
export function waitingWords(judging, serial, hasKernel) {
  if (!hasKernel) return { text: "The verdict was not computed when this page was written.", act: "" };
  const known = judging.serial === serial ? judging : null;
  if (known?.state === "stopped") return { text: "Not compared with chance: it was stopped.", act: "again" };
  return { text: `Comparing with chance${known?.text ? `: ${known.text}` : ""} …`, act: known ? "stop" : "" };
}

/** The scale of the lifts: powers of ten around all that are positive. @param {ArrayLike<number>[]} lifts */
export function liftRange(lifts) {
  const positive = lifts.flatMap((values) => Array.from(values)).filter((value) => value > 0 && Number.isFinite(value));
  if (positive.length === 0) return { low: -1, high: 1 };
  const logs = positive.map(Math.log10);
  const low = Math.floor(Math.min(...logs));
  return { low, high: Math.max(low + 1, Math.ceil(Math.max(...logs))) };
}

/**
 * Where a lift lies on the axis, in [0, 1]: the first of `bins` is for 0, the others even in the logarithm.
 * @param {number} lift @param {{low: number, high: number}} range @param {number} bins
 */
export function liftPlace(lift, { low, high }, bins) {
  if (!(lift > 0)) return 0.5 / bins;
  const share = Math.min(1, Math.max(0, (Math.log10(lift) - low) / (high - low)));
  return (1 + share * (bins - 1)) / bins;
}

/**
 * Shares of lifts in the bins of `liftPlace`.
 * @param {ArrayLike<number>} lifts @param {{low: number, high: number}} range @param {number} bins
 */
export function liftBins(lifts, range, bins) {
  const counts = new Float64Array(bins);
  for (let j = 0; j < lifts.length; j++) {
    counts[Math.min(bins - 1, Math.floor(liftPlace(lifts[j], range, bins) * bins))] += 1 / lifts.length;
  }
  return counts;
}

/** The lifts of a bin, from and to; the first is for 0. @param {number} bin @param {{low: number, high: number}} range @param {number} bins */
export function liftsOf(bin, { low, high }, bins) {
  const lift = (/** @type {number} */ edge) => 10 ** (low + (edge / (bins - 1)) * (high - low));
  return bin === 0 ? [0, 0] : [lift(bin - 1), lift(bin)];
}

/** The ticks of the axis, few enough to be read: powers of ten. @param {{low: number, high: number}} range @param {number} most */
export function liftTicks({ low, high }, most) {
  const step = Math.max(1, Math.ceil((high - low) / most));
  const ticks = [];
  for (let power = Math.ceil(low / step) * step; power <= high; power += step) ticks.push(power);
  return ticks;
}

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** A power of ten: "0.1", "1", "10", "10⁶". @param {number} power */
export function tenToThe(power) {
  if (power >= -1 && power <= 3) return formatNumber(10 ** power);
  const digits = [...String(Math.abs(power))].map((digit) => SUPERSCRIPTS[Number(digit)]).join("");
  return `10${power < 0 ? "⁻" : ""}${digits}`;
}

/** A lift with three digits or, from 1,000 on, as a whole number. @param {number} lift */
export function liftWords(lift) {
  return lift >= 999.5 && Number.isFinite(lift) ? Math.round(lift).toLocaleString("en-US") : formatNumber(lift, 3);
}

/**
 * The histogram in a sentence, for those who do not see it.
 * @param {Evidence} evidence
 */
export function evidenceWords({ lift, null_lifts }) {
  const beaten = Object.entries(null_lifts).map(([name, values]) => {
    const above = values.filter((value) => lift !== null && value >= lift).length;
    return `${above} of ${values.length} lifts of ${name} are as large`;
  });
  return `Lift ${lift === null ? "unknown" : liftWords(lift)}; ${beaten.join(", ")}`;
}
