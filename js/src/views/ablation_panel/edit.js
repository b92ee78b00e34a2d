/** What is done to the units. Pure: no DOM, no notebook. */

/**
 * What is done; the value of the trait `edit`.
 * @typedef {object} Edit
 * @property {[unit: number, scale: number][]} units in the order in which they are listed; scale 1 = as it is
 * @property {string} concept whose units the concept's slider moves, "" = none
 * @property {number} concept_scale
 * @property {"zero" | "mean"} value what a unit becomes at scale 0
 */

/** Smallest and largest scale. */
export const SCALES = /** @type {const} */ ([0, 2]);

/** @param {Edit} edit @param {number} unit @returns {number | undefined} its scale, undefined if it is not listed */
export function scaleOf(edit, unit) {
  return edit.units.find(([one]) => one === unit)?.[1];
}

/** Units listed at a scale; those that are listed already get it too. @param {Edit} edit @param {number[]} units @param {number} scale @returns {Edit} */
export function withScale(edit, units, scale) {
  const kept = /** @type {Edit["units"]} */ (
    edit.units.map(([unit, old]) => [unit, units.includes(unit) ? scale : old])
  );
  const fresh = [...new Set(units)].filter((unit) => scaleOf(edit, unit) === undefined);
  return { ...edit, units: [...kept, .../** @type {Edit["units"]} */ (fresh.map((unit) => [unit, scale]))] };
}

/** List units that are not listed yet, as they are. @param {Edit} edit @param {number[]} units */
export function withUnits(edit, units) {
  const fresh = units.filter((unit) => scaleOf(edit, unit) === undefined);
  return fresh.length ? withScale(edit, fresh, 1) : edit;
}

/** @param {Edit} edit @param {number} unit @returns {Edit} */
export function without(edit, unit) {
  return { ...edit, units: edit.units.filter(([one]) => one !== unit) };
}

/** Only these units, switched off. @param {Edit} edit @param {number[]} units @returns {Edit} */
export function switchedOff(edit, units) {
  return { ...withScale({ ...edit, units: [] }, units, 0), concept_scale: 1 };
}

/** Everything as it is; the units stay listed. @param {Edit} edit @returns {Edit} */
export function asItIs(edit) {
  return { ...edit, units: edit.units.map(([unit]) => [unit, 1]), concept_scale: 1 };
}

/** Whether the edit leaves the network as it is. @param {Edit} edit */
export function isNeutral(edit) {
  return edit.units.every(([, scale]) => scale === 1) && (edit.concept === "" || edit.concept_scale === 1);
}

/** @param {Edit} a @param {Edit} b */
export function sameEdit(a, b) {
  const key = (/** @type {Edit} */ { units, concept, concept_scale, value }) =>
    JSON.stringify([units, concept, concept_scale, value]);
  return a === b || key(a) === key(b);
}

/**
 * What the edit changes, in words: "unit 3 off, unit 7 × 1.5, 12 units of wheel × 0.5".
 * @param {Edit} edit @param {number} nOfConcept
 */
export function editWords(edit, nOfConcept = 0) {
  const what = (/** @type {number} */ scale) =>
    scale === 0 ? (edit.value === "mean" ? "at its mean" : "off") : `× ${scale}`;
  const changed = edit.units.filter(([, scale]) => scale !== 1);
  const parts = changed.slice(0, 4).map(([unit, scale]) => `unit ${unit} ${what(scale)}`);
  if (changed.length > 4) parts.push(`and ${changed.length - 4} more units`);
  if (edit.concept && edit.concept_scale !== 1) {
    const n = nOfConcept;
    parts.push(
      `${n} unit${n === 1 ? "" : "s"} of ${edit.concept} ${what(edit.concept_scale).replace("its", n === 1 ? "its" : "their")}`,
    );
  }
  return parts.join(", ");
}
