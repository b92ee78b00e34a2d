/** One cell of the grid: a picture, its caption, the frame and tick of a selected image. */
import { h, put } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";

/** @import { Caption } from "./state.js" */

/**
 * @typedef {object} Cell
 * @property {HTMLElement} element
 * @property {HTMLElement} mark
 * @property {HTMLElement} first
 * @property {HTMLElement} second
 * @property {HTMLElement} confidence
 * @property {HTMLElement} value
 * @property {HTMLElement} unseen what a screen reader tells besides
 * @property {number} position place in the order shown; −1 = empty
 * @property {number} item
 */

/** @type {WeakMap<Element, Cell>} */
const cells = new WeakMap();

/** The cell an event happened in. @param {Event} event @returns {Cell | undefined} */
export function cellAt(event) {
  const element = event.target instanceof Element ? event.target.closest(".nbi-cell") : null;
  return element ? cells.get(element) : undefined;
}

/** @param {number} column 0-based @returns {Cell} */
export function createCell(column) {
  const mark = h("span", { class: "nbi-mark" });
  const [first, second, confidence] = ["nbi-first", "nbi-second", "nbi-confidence"].map((name) =>
    h("span", { class: name }),
  );
  const value = h("span", { class: "nbi-value", hidden: true });
  const unseen = h("span", { class: "nbi-hidden" });
  const tick = h("span", { class: "nbi-tick", "aria-hidden": "true" }, icon("check", 12));
  const element = h(
    "div",
    { class: "nbi-cell", role: "gridcell", tabindex: "-1", "aria-colindex": column + 1 },
    h("div", { class: "nbi-tile" }, value, tick),
    h("div", { class: "nbi-line" }, mark, first),
    h("div", { class: "nbi-line nbi-line-2" }, second, confidence),
    unseen,
  );
  const cell = { element, mark, first, second, confidence, value, unseen, position: -1, item: -1 };
  cells.set(element, cell);
  return cell;
}

const MARKS = { right: ["✓", "right"], wrong: ["✗", "wrong"], unknown: ["", ""] };

/**
 * @param {Cell} cell
 * @param {Caption} caption
 * @param {string} value activation of the selected unit, "" = none
 */
export function writeCaption(cell, caption, value) {
  const [sign, word] = MARKS[caption.mark];
  put(cell.mark, sign);
  cell.mark.className = `nbi-mark nbi-mark-${caption.mark}`;
  cell.mark.title = word;
  put(cell.first, caption.first);
  put(cell.second, caption.second ? `→ ${caption.second}` : "");
  put(cell.confidence, caption.confidence);
  put(cell.value, value);
  cell.value.hidden = value === "";
  const full = value ? `${caption.full}, activation ${value}` : caption.full;
  cell.element.title = full;
  const more = [caption.first === caption.name ? "" : caption.name, word, value && `activation ${value}`];
  put(
    cell.unseen,
    more
      .filter(Boolean)
      .map((part) => `, ${part}`)
      .join(""),
  );
}

/** @param {Cell} cell @param {boolean} selected */
export function markSelected(cell, selected) {
  cell.element.setAttribute("aria-selected", String(selected));
}
