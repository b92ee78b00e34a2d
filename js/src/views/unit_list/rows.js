/** One row of the unit list: number, class, two bars, exemplars. */
import { formatNumber } from "../../lib/columns.js";
import { h } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { drawPicture, prepare } from "../../lib/picture.js";
import { barLength, classOf, exemplarOf, isDead } from "./state.js";

/** @import { ActivationMap, Catalog, UnitTable } from "../../lib/types.js" */

/** Side of an exemplar, distance of two, height of a row, px. */
const TILE = 56;
export const PITCH = TILE + 4;
export const ROW_HEIGHT = 66;

/**
 * @typedef {object} Exemplar
 * @property {HTMLElement} element
 * @property {number} image −1 = none
 * @property {ActivationMap | null} map
 */

/**
 * @typedef {object} UnitRow
 * @property {HTMLElement} element
 * @property {HTMLElement} head
 * @property {HTMLElement} number
 * @property {HTMLElement} name
 * @property {ReturnType<typeof createBar>} activity
 * @property {ReturnType<typeof createBar>} selectivity
 * @property {HTMLElement} dead
 * @property {HTMLCanvasElement} canvas of all exemplars
 * @property {Exemplar[]} exemplars
 * @property {number} unit
 * @property {number} position
 */

/** Words for the screen reader among those that are seen. @param {string} text */
const unseen = (text) => h("span", { class: "nbi-hidden" }, text);

/** @param {string} word */
function createBar(word) {
  const fill = h("span", { class: "nbi-fill" });
  const number = h("span", { class: "nbi-number" });
  const element = h(
    "span",
    { class: `nbi-measure nbi-${word}` },
    unseen(`, ${word} `),
    h("span", { class: "nbi-track", "aria-hidden": "true" }, fill),
    number,
  );
  return { element, fill, number };
}

/** @param {number} k exemplars @returns {UnitRow} */
export function createUnitRow(k) {
  const number = h("span", { class: "nbi-unit-number" });
  const name = h("span", { class: "nbi-unit-class" });
  const activity = createBar("activity");
  const selectivity = createBar("selectivity");
  const dead = h("span", { class: "nbi-dead", hidden: true }, "never active");
  const tick = h("span", { class: "nbi-unit-tick", "aria-hidden": "true" }, icon("check", 12));
  const title = h("span", { class: "nbi-unit-title" }, unseen("unit "), number, name, tick);
  const head = h(
    "div",
    { class: "nbi-unit-head", role: "gridcell", tabindex: "-1", "aria-colindex": 1 },
    title,
    activity.element,
    selectivity.element,
    dead,
  );
  const exemplars = Array.from({ length: k }, (_, e) => createExemplar(e));
  const canvas = h("canvas", { class: "nbi-strip-canvas", "aria-hidden": "true", style: `width: ${k * PITCH}px` });
  const strip = h(
    "div",
    { class: "nbi-strip", role: "presentation" },
    canvas,
    ...exemplars.map((exemplar) => exemplar.element),
  );
  const element = h("div", { class: "nbi-row nbi-unit", role: "row" }, head, strip);
  return { element, head, number, name, activity, selectivity, dead, canvas, exemplars, unit: -1, position: -1 };
}

/** @param {number} e @returns {Exemplar} */
function createExemplar(e) {
  const tick = h("span", { class: "nbi-tick", "aria-hidden": "true" }, icon("check", 11));
  const element = h("div", { class: "nbi-exemplar", role: "gridcell", tabindex: "-1", "aria-colindex": e + 2 }, tick);
  return { element, image: -1, map: null };
}

/**
 * @param {UnitRow} row
 * @param {{table: UnitTable, unit: number, largest: {activity: number, selectivity: number}, nameOf: (image: number) => string}} what
 */
export function writeUnit(row, { table, unit, largest, nameOf }) {
  row.unit = unit;
  const dead = isDead(table, unit);
  const name = dead ? "" : classOf(table, unit);
  row.number.textContent = String(unit);
  row.name.textContent = name;
  row.dead.hidden = !dead;
  row.activity.element.hidden = row.selectivity.element.hidden = dead;
  const shares = {
    activity: barLength(table.activity[unit], largest.activity),
    selectivity: barLength(table.selectivity[unit], largest.selectivity),
  };
  for (const key of /** @type {const} */ (["activity", "selectivity"])) {
    row[key].fill.style.width = `${(100 * shares[key]).toFixed(1)}%`;
    row[key].number.textContent = formatNumber(table[key][unit], 3);
  }
  const rate = `active on ${(100 * table.rate[unit]).toFixed(0)} % of the images, peak ${formatNumber(table.peak[unit], 3)}`;
  const facts = dead
    ? `unit ${unit}, never active: not above 0 on any image`
    : `unit ${unit}, activity ${row.activity.number.textContent}, selectivity ${row.selectivity.number.textContent}${name ? ` for ${name}` : ""}, ${rate}`;
  row.head.title = facts;
  row.exemplars.forEach((exemplar, e) => {
    writeExemplar(exemplar, dead ? null : exemplarOf(table, unit, e), e, nameOf);
  });
}

/**
 * @param {Exemplar} exemplar
 * @param {ReturnType<typeof exemplarOf>} found
 * @param {number} e @param {(image: number) => string} nameOf
 */
function writeExemplar(exemplar, found, e, nameOf) {
  exemplar.image = found ? found.image : -1;
  exemplar.map = found ? found.map : null;
  exemplar.element.hidden = !found;
  if (!found) return;
  const text = `${nameOf(found.image)}, activation ${formatNumber(found.value, 3)}`;
  exemplar.element.title = text;
  exemplar.element.setAttribute("aria-label", `exemplar ${e + 1}: ${text}`);
}

/** @param {UnitRow} row @param {Catalog} catalog @param {boolean} masked */
export function drawExemplars({ canvas, exemplars }, catalog, masked) {
  if (exemplars.length === 0) return;
  const { ctx, scale } = prepare(canvas, exemplars.length * PITCH, TILE);
  exemplars.forEach(({ image, map, element }, e) => {
    if (image < 0) return;
    const place = { item: image, x: e * PITCH * scale, y: 0, size: TILE * scale };
    const drawn = drawPicture(ctx, catalog, { ...place, map: masked ? map : null, as: "mask" });
    element.classList.toggle("nbi-loading", !drawn);
  });
}
