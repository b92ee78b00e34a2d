/** One unit: its label, its IoU beside chance, and its top images masked to the unit and, below, to the concept. */
import { formatNumber } from "../../lib/columns.js";
import { h } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { CATEGORICAL } from "../../lib/palette.js";
import { drawPicture, prepare } from "../../lib/picture.js";
import { cardWords } from "./words.js";

/** @import { Catalog } from "../../lib/types.js" */
/** @import { Pictures } from "./masks.js" */
/** @import { Labels, Shown, Table } from "./state.js" */

/** Side of a picture, distance of two, distance of the two strips, CSS px. */
const TILE = 56;
export const PITCH = TILE + 4;
const BELOW = TILE + 4;
/** @param {boolean} two whether there are two strips */
export const rowHeight = (two) => (two ? 2 * TILE + 16 : 86);

/**
 * @typedef {object} UnitRow
 * @property {HTMLElement} element
 * @property {HTMLElement} head
 * @property {HTMLElement} note
 * @property {HTMLCanvasElement} canvas
 * @property {{element: HTMLElement, image: number}[]} exemplars
 * @property {Record<"number" | "concept" | "category" | "swatch" | "iou" | "fill" | "band" | "mean" | "bound" | "chance" | "facts" | "others", HTMLElement>} parts
 * @property {number} unit −1 = none
 * @property {number} concept
 * @property {number} position
 */

/** @param {number} n pictures @param {boolean} two @returns {UnitRow} */
export function createCard(n, two) {
  const span = (/** @type {string} */ name) => h("span", { class: `nbi-detector-${name}` });
  const parts = {
    number: span("number"),
    concept: span("concept"),
    category: span("category"),
    swatch: span("swatch"),
    iou: span("iou"),
    fill: span("fill"),
    band: span("band"),
    mean: span("mean"),
    bound: span("bound"),
    chance: span("chance"),
    facts: span("facts"),
    others: span("others"),
  };
  const { fill, band, mean, bound } = parts;
  const tick = h("span", { class: "nbi-unit-tick", "aria-hidden": "true" }, icon("check", 12));
  const head = h(
    "div",
    { class: "nbi-detector-head", role: "gridcell", tabindex: "-1", "aria-colindex": 1 },
    h("span", { class: "nbi-detector-title" }, parts.number, parts.swatch, parts.concept, parts.category, tick),
    h(
      "span",
      { class: "nbi-detector-measure" },
      h("span", { class: "nbi-detector-track", "aria-hidden": "true" }, fill, band, mean, bound),
      parts.iou,
    ),
    parts.chance,
    parts.facts,
    parts.others,
  );
  const exemplars = Array.from({ length: n }, (_, e) => {
    const mark = h("span", { class: "nbi-tick", "aria-hidden": "true" }, icon("check", 11));
    const element = h("div", { class: "nbi-exemplar", role: "gridcell", tabindex: "-1", "aria-colindex": e + 2 }, mark);
    return { element, image: -1 };
  });
  const canvas = h("canvas", { class: "nbi-strip-canvas", "aria-hidden": "true", style: `width: ${n * PITCH}px` });
  const note = h("span", { class: "nbi-detector-note nbi-warn", hidden: true });
  const sides = two ? ["unit", "concept"] : [];
  const strip = h(
    "div",
    { class: "nbi-strip", role: "presentation" },
    h(
      "span",
      { class: "nbi-detector-sides", "aria-hidden": "true" },
      ...sides.map((words) => h("span", { class: "nbi-detector-side" }, words)),
    ),
    h(
      "div",
      { class: "nbi-detector-pictures", role: "presentation" },
      canvas,
      ...exemplars.map(({ element }) => element),
      note,
    ),
  );
  const element = h("div", { class: "nbi-row nbi-detector", role: "row" }, head, strip);
  return { element, head, note, canvas, exemplars, parts, unit: -1, concept: -1, position: -1 };
}

/**
 * @param {UnitRow} row
 * @param {{shown: Shown, table: Table, labels: Labels, unit: number, largest: number}} what
 */
export function writeCard(row, { shown, table, labels, unit, largest }) {
  const { parts } = row;
  const words = cardWords(shown, table, labels, unit);
  row.unit = unit;
  row.concept = labels.concept[unit];
  const category = shown.concepts[row.concept]?.category ?? -1;
  const color = category < 0 ? "var(--nbi-muted)" : CATEGORICAL[category % CATEGORICAL.length];
  parts.number.textContent = `unit ${unit}`;
  parts.concept.textContent = words.name;
  parts.category.textContent = words.category;
  parts.swatch.style.background = parts.fill.style.background = color;
  parts.iou.textContent = words.iou;
  parts.chance.textContent = words.isDetector ? words.chance : `no detector${words.chance ? ` · ${words.chance}` : ""}`;
  parts.chance.classList.toggle("nbi-warn", words.byChance);
  parts.facts.textContent = words.facts;
  parts.others.textContent = words.others;
  const at = (/** @type {number} */ iou) => `${(100 * Math.min(1, iou / largest)).toFixed(2)}%`;
  parts.fill.style.width = at(labels.iou[unit]);
  parts.bound.style.left = at(shown.iou_threshold);
  const measured = Number.isFinite(table.chance[unit]);
  parts.band.hidden = parts.mean.hidden = !measured;
  if (measured) {
    parts.band.style.width = at(table.chance95[unit]);
    parts.mean.style.left = at(table.chance[unit]);
  }
  const label = `${words.name}${words.category ? ` (${words.category})` : ""}`;
  const facts = [`unit ${unit}: ${label}`, `IoU ${words.iou}`, parts.chance.textContent, words.facts, words.others];
  row.head.title = facts.filter(Boolean).join("\n");
}

/**
 * Which images a card shows; those that are not there yet are empty.
 * @param {UnitRow} row @param {Pictures | undefined} found @param {(image: number) => string} nameOf
 */
export function writePictures(row, found, nameOf) {
  row.note.hidden = !found?.problem;
  row.note.textContent = found?.problem ?? "";
  row.exemplars.forEach((exemplar, e) => {
    const there = found !== undefined && e < found.images.length;
    exemplar.image = there ? found.images[e] : -1;
    exemplar.element.hidden = found !== undefined && !there;
    exemplar.element.classList.toggle("nbi-loading", !found);
    if (!there) return;
    const text = `${nameOf(exemplar.image)}, activation ${formatNumber(found.values[e], 3)}`;
    exemplar.element.title = text;
    exemplar.element.setAttribute("aria-label", `image ${e + 1}: ${text}`);
  });
}

/** @param {UnitRow} row @param {Pictures | undefined} found @param {Catalog} catalog @param {boolean} two */
export function drawCard({ canvas, exemplars, concept }, found, catalog, two) {
  if (exemplars.length === 0) return;
  const { ctx, scale } = prepare(canvas, exemplars.length * PITCH, two ? BELOW + TILE : TILE);
  exemplars.forEach(({ image, element }, e) => {
    if (image < 0 || !found) return;
    const place = { item: image, x: e * PITCH * scale, size: TILE * scale, as: /** @type {const} */ ("mask") };
    let drawn = drawPicture(ctx, catalog, { ...place, y: 0, map: found.unit?.[e] });
    if (two && concept >= 0) {
      drawn = drawPicture(ctx, catalog, { ...place, y: BELOW * scale, map: found.concept?.[e] }) && drawn;
    }
    element.classList.toggle("nbi-loading", !drawn);
  });
}
