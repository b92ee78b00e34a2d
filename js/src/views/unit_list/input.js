/** Mouse and keyboard in the unit list: rows of one head and its exemplars, one cell active (roving tabindex). */
import { movePosition } from "../../lib/virtual.js";

/** @import { Selection } from "../../lib/types.js" */
/** @import { virtualScroller } from "../../lib/scroller.js" */
/**
 * What a row needs for this: a head that stands for its unit, and pictures.
 * @typedef {{element: HTMLElement, head: HTMLElement, exemplars: {element: HTMLElement, image: number}[], unit: number, position: number}} PictureRow
 */

export const KEYS =
  "Arrow keys go from unit to unit and along their exemplars; Enter on a unit chooses it or lets go of it, " +
  "on an exemplar it selects the image, Space adds or takes away.";

/**
 * @template {PictureRow} R
 * @param {object} options
 * @param {HTMLElement} options.list
 * @param {ReturnType<typeof virtualScroller<R>>} options.rows
 * @param {Selection} options.selection
 * @param {() => {shown: Uint32Array, columns: number}} options.view
 * @param {(unit: number) => void} options.toggleUnit
 * @param {AbortSignal} options.signal
 */
export function createInput({ list, rows, selection, view, toggleUnit, signal }) {
  let active = { row: 0, column: 0 };
  let activeUnit = -1;

  /** @param {PictureRow} row */
  const cellsOf = (row) => [row.head, ...row.exemplars.map((exemplar) => exemplar.element)];

  /** @param {Event} event */
  function placeOf(event) {
    const target = event.target instanceof Element ? event.target.closest("[role=gridcell]") : null;
    for (const row of rows.rows()) {
      const column = target ? cellsOf(row).indexOf(/** @type {HTMLElement} */ (target)) : -1;
      if (column >= 0) return { row: row.position, column };
    }
    return null;
  }

  /** @param {{row: number, column: number}} place @param {boolean} [focus] */
  function activate(place, focus = true) {
    const before = rows.row(active.row);
    if (before) cellsOf(before)[active.column]?.setAttribute("tabindex", "-1");
    active = place;
    activeUnit = view().shown[place.row] ?? -1;
    rows.pin(active.row);
    rows.reveal(active.row);
    const row = rows.row(active.row);
    if (!row) return;
    const cells = cellsOf(row);
    active.column = Math.min(active.column, cells.filter((cell) => !cell.hidden).length - 1);
    cells[active.column].setAttribute("tabindex", "0");
    if (focus) cells[active.column].focus({ preventScroll: true });
  }

  /** @param {{row: number, column: number}} place @param {boolean} toggle */
  function choose({ row, column }, toggle) {
    const found = rows.row(row);
    if (!found) return;
    if (column === 0) return toggleUnit(found.unit);
    const { image } = found.exemplars[column - 1];
    if (image < 0) return;
    const others = Array.from(selection.get()).filter((i) => i !== image);
    if (!toggle) selection.set([image]);
    else selection.set(selection.has(image) ? others : [...others, image]);
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    const { shown, columns } = view();
    const ctrl = event.ctrlKey || event.metaKey;
    const width = columns + 1;
    const grid = { count: shown.length * width, columns: width, pageRows: rows.rowsInSight() };
    const to = movePosition(active.row * width + active.column, { key: event.key, ctrl }, grid);
    if (to !== null) activate({ row: Math.floor(to / width), column: ctrl ? active.column : to % width });
    else if (event.key === "Enter") choose(active, ctrl);
    else if (event.key === " ") choose(active, true);
    else return;
    event.preventDefault();
  }

  list.addEventListener(
    "click",
    (event) => {
      const place = placeOf(event);
      if (!place) return;
      activate(place);
      choose(place, event.ctrlKey || event.metaKey || event.shiftKey);
    },
    { signal },
  );
  list.addEventListener("keydown", onKey, { signal });
  list.addEventListener(
    "focusin",
    (event) => {
      const place = placeOf(event);
      if (!place) return;
      if (place.row !== active.row || place.column !== active.column) activate(place, false);
      else rows.pin(place.row);
    },
    { signal },
  );
  list.addEventListener("focusout", () => rows.pin(-1), { signal });

  return {
    hasFocus: () => list.matches(":focus-within"),
    /** The focus goes to the active cell, unless it has it: nothing is scrolled then. There is at least one row. */
    focus() {
      const row = rows.row(active.row);
      if (!row || !cellsOf(row)[active.column]?.matches(":focus"))
        return activate({ ...active, row: Math.min(active.row, view().shown.length - 1) });
      rows.pin(active.row);
    },
    /** A row was filled: say which of its cells Tab reaches. @param {PictureRow} row */
    touch(row) {
      const cells = cellsOf(row);
      if (row.position === active.row)
        active.column = Math.min(active.column, cells.filter((cell) => !cell.hidden).length - 1);
      cells.forEach((cell, column) => {
        cell.setAttribute("tabindex", row.position === active.row && column === active.column ? "0" : "-1");
      });
    },
    /** The order changed: stay on the unit that was active where it is still shown. */
    follow() {
      const at = activeUnit < 0 ? -1 : view().shown.indexOf(activeUnit);
      active = at < 0 ? { row: 0, column: 0 } : { row: at, column: active.column };
      rows.pin(-1);
    },
  };
}
