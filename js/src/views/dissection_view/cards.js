/** The list of cards: of many units only those in sight exist. */
import { followSelection } from "../../lib/brushing.js";
import { textOf } from "../../lib/columns.js";
import { h } from "../../lib/dom.js";
import { virtualScroller } from "../../lib/scroller.js";
import { perFrame } from "../../lib/timing.js";
import { createInput, KEYS } from "../unit_list/input.js";
import { createCard, drawCard, PITCH, rowHeight, writeCard, writePictures } from "./card.js";
import { createMasks } from "./masks.js";
import { largestIou } from "./state.js";

/** @import { Catalog, Column, Selection } from "../../lib/types.js" */
/** @import { UnitRow } from "./card.js" */
/** @import { Labels, Shown, Table } from "./state.js" */

/** Most pictures a card has room for. */
const MOST = 10;
const SIDES = 22;

/**
 * @param {object} context
 * @param {Catalog} context.catalog
 * @param {Selection} context.selection
 * @param {string} context.resource
 * @param {AbortSignal} context.signal
 */
export function createCards({ catalog, selection, resource, signal }) {
  /** @type {{shown: Shown, table: Table, labels: Labels, largest: number} | null} */
  let about = null;
  let units = /** @type {Uint32Array} */ (new Uint32Array(0));
  /** @type {Column | null} */
  let names = null;
  let columns = 0;
  let two = true;

  const list = h("div", { class: "nbi-scroll", role: "grid", "aria-label": "Units", "aria-description": KEYS });
  const empty = h("div", { class: "nbi-empty", tabindex: -1, hidden: true });
  const element = h("div", { class: "nbi-body" }, list, empty);
  const rows = virtualScroller({
    scroller: list,
    createRow: () => createCard(columns, two),
    fillRow,
    onPaint: want,
    signal,
  });
  const input = createInput({ list, rows, selection, signal, view: () => ({ shown: units, columns }), toggleUnit });
  const masks = createMasks({ catalog, resource, onLoad, signal });

  /** @param {UnitRow} row @param {number} index */
  function fillRow(row, index) {
    if (!about || index >= units.length) return;
    row.position = index;
    row.element.setAttribute("aria-rowindex", String(index + 1));
    writeCard(row, { ...about, unit: units[index] });
    fillPictures(row);
    mark(row);
    input.touch(row);
  }

  /** @param {UnitRow} row */
  function fillPictures(row) {
    writePictures(row, masks.get(row.unit, row.concept), nameOf);
    drawRow(row);
  }

  /** @param {UnitRow} row */
  function drawRow(row) {
    drawCard(row, masks.get(row.unit, row.concept), catalog, two);
  }

  /** @param {number} image */
  function nameOf(image) {
    return (names && textOf(names, image)) || `image ${image}`;
  }

  /** @param {number} first @param {number} last */
  function want(first, last) {
    if (!about || columns === 0) return;
    const { labels } = about;
    masks.want(Array.from(units.subarray(first, last), (unit) => [unit, labels.concept[unit]]));
  }

  /** @param {number} unit @param {number} concept */
  function onLoad(unit, concept) {
    eachRow((row) => {
      if (row.unit !== unit || row.concept !== concept) return;
      fillPictures(row);
      mark(row);
      input.touch(row);
    });
  }

  /** @param {(row: UnitRow) => void} fn */
  function eachRow(fn) {
    for (const row of rows.rows()) if (row.unit >= 0) fn(row);
  }

  /** @param {UnitRow} row */
  function mark(row) {
    const unit = selection.unit;
    const chosen = unit !== null && unit.layer === about?.shown.layer && unit.unit === row.unit;
    row.head.setAttribute("aria-selected", String(chosen));
    row.element.classList.toggle("nbi-chosen", chosen);
    for (const { element, image } of row.exemplars)
      element.setAttribute("aria-selected", String(image >= 0 && selection.has(image)));
  }

  /** @param {number} unit */
  function toggleUnit(unit) {
    if (!about) return;
    const { layer } = about.shown;
    const same = selection.unit?.layer === layer && selection.unit.unit === unit;
    selection.setUnit(same ? null : { layer, unit });
  }

  /** Change the cards; a focus in them stays in the list. @param {() => void} change */
  function keepingFocus(change) {
    const focused = input.hasFocus() || empty.matches(":focus");
    change();
    if (!focused) return;
    if (units.length > 0) input.focus();
    else empty.focus(); // none is left
  }

  /** As many pictures as the width holds. */
  function fit() {
    const head = Number.parseFloat(getComputedStyle(list).getPropertyValue("--nbi-head")) || 200;
    const space = Math.floor((list.clientWidth - head - SIDES) / PITCH);
    const next = resource ? Math.max(0, Math.min(MOST, space)) : 0;
    if (next !== columns) {
      columns = next;
      rows.reset();
    }
    list.setAttribute("aria-colcount", String(columns + 1));
    list.setAttribute("aria-rowcount", String(units.length));
    rows.resize({ nRows: units.length, rowHeight: rowHeight(two && columns > 0) });
    rows.paint(true);
  }

  /** Bring the selected unit into sight. */
  function reveal() {
    const unit = selection.unit;
    const at = unit && unit.layer === about?.shown.layer ? units.indexOf(unit.unit) : -1;
    if (at >= 0) rows.reveal(at);
  }

  selection.on(
    "unit",
    () => {
      eachRow(mark);
      reveal();
    },
    signal,
  );
  followSelection(
    selection,
    perFrame(() => eachRow(mark), signal),
    signal,
  );
  catalog.thumbs.onLoad(
    perFrame(() => eachRow(drawRow), signal),
    signal,
  );
  const watch = new ResizeObserver(() => list.clientWidth > 0 && keepingFocus(fit));
  watch.observe(list);
  signal.addEventListener("abort", () => watch.disconnect(), { once: true });
  if (resource)
    catalog.column("name").then(
      (column) => {
        names = column;
        eachRow(fillPictures);
      },
      () => {},
    );

  return {
    element,
    /**
     * @param {{shown: Shown, table: Table, labels: Labels, units: Uint32Array}} what
     * @param {{concepts: boolean, words: string, top: boolean}} how whether the concept's masks stand below the unit's;
     *   words where there are no cards; whether to begin at the first card again
     */
    show({ shown, table, labels, units: next }, { concepts, words, top }) {
      about = { shown, table, labels, largest: largestIou(table) };
      keepingFocus(() => {
        units = next;
        if (concepts !== two) {
          two = concepts;
          rows.reset();
        }
        list.classList.toggle("nbi-two", two && resource !== "");
        empty.hidden = units.length > 0;
        empty.textContent = words;
        input.follow();
        if (top) list.scrollTop = 0;
        fit();
      });
    },
    reveal,
  };
}
