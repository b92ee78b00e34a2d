/** The members: a grid that scrolls, with captions, as the image grid has them. */
import { h } from "../../lib/dom.js";
import { drawPicture, prepare } from "../../lib/picture.js";
import { virtualScroller } from "../../lib/scroller.js";
import { perFrame } from "../../lib/timing.js";
import { createCell, markSelected, writeCaption } from "../image_grid/cells.js";
import sheet from "../image_grid/image_grid.css" with { type: "text" };
import { createInput } from "../image_grid/input.js";
import { captionOf, layoutOf } from "../image_grid/state.js";

/** @import { Catalog, Column, Selection } from "../../lib/types.js" */
/** @import { Cell } from "../image_grid/cells.js" */
/** @import { Row } from "../image_grid/view.js" */

const TILE = 72;
const KEYS =
  "Arrow keys go from image to image, Space selects, Shift with arrows selects a range, Ctrl+A all, " +
  "Enter makes the image the anchor. Ctrl+Z takes a selection back.";

/**
 * @param {object} context
 * @param {Catalog} context.catalog
 * @param {Selection} context.selection
 * @param {(item: number) => void} context.onOpen Enter or a double click: make it the anchor
 * @param {AbortSignal} context.signal
 */
export function createMembers({ catalog, selection, onOpen, signal }) {
  let shown = /** @type {Uint32Array} */ (new Uint32Array(0));
  let anchor = -1;
  let layout = layoutOf({ width: 1, tile: TILE, count: 0 });
  /** @type {Record<string, Column>} */
  let captions = {};

  const grid = h("div", {
    class: "nbi-scroll",
    role: "grid",
    "aria-multiselectable": "true",
    "aria-label": "Members",
    "aria-description": KEYS,
  });
  const empty = h("div", { class: "nbi-empty", tabindex: -1, hidden: true });
  const element = h(
    "div",
    { class: "nbi-grid nbi-members" },
    h("style", {}, sheet),
    h("div", { class: "nbi-body" }, grid, empty),
  );
  const rows = virtualScroller({ scroller: grid, createRow, fillRow, signal });
  const none = { item: -1, element: h("div"), open: onOpen, close() {}, draw() {} };
  const input = createInput({
    grid,
    rows,
    preview: none,
    selection,
    signal,
    view: () => ({ shown, columns: layout.columns }),
    select: (indices) => selection.set(indices),
  });

  /** @returns {Row} */
  function createRow() {
    const cells = Array.from({ length: layout.columns }, (_, column) => createCell(column));
    const canvas = h("canvas", { class: "nbi-strip-canvas", "aria-hidden": "true" });
    return {
      element: h("div", { class: "nbi-row", role: "row" }, canvas, ...cells.map((cell) => cell.element)),
      canvas,
      cells,
    };
  }

  /** @param {Row} row @param {number} index */
  function fillRow(row, index) {
    row.element.setAttribute("aria-rowindex", String(index + 1));
    row.cells.forEach((cell, column) => {
      cell.position = index * layout.columns + column;
      cell.element.hidden = cell.position >= shown.length;
      if (cell.element.hidden) return;
      cell.item = shown[cell.position];
      writeCaption(cell, captionOf(captions, cell.item), "");
      cell.value.hidden = cell.item !== anchor;
      cell.value.textContent = cell.value.hidden ? "" : "anchor";
      markSelected(cell, selection.has(cell.item));
      input.touch(cell);
    });
    drawRow(row);
  }

  /** @param {Row} row */
  function drawRow({ canvas, cells }) {
    const { ctx, scale } = prepare(canvas, layout.columns * layout.cellWidth, TILE);
    cells.forEach((cell, column) => {
      if (cell.element.hidden) return;
      const x = (column * layout.cellWidth + (layout.cellWidth - TILE) / 2) * scale;
      const drawn = drawPicture(ctx, catalog, { item: cell.item, x, y: 0, size: TILE * scale });
      cell.element.classList.toggle("nbi-loading", !drawn);
    });
  }

  /** @param {(cell: Cell) => void} fn */
  function eachCell(fn) {
    for (const row of rows.rows()) for (const cell of row.cells) if (!cell.element.hidden) fn(cell);
  }

  function fit() {
    const before = layout.columns;
    layout = layoutOf({ width: grid.clientWidth, tile: TILE, count: shown.length });
    grid.style.setProperty("--nbi-columns", String(layout.columns));
    grid.style.setProperty("--nbi-thumb", `${TILE}px`);
    grid.style.setProperty("--nbi-row-height", `${layout.rowHeight}px`);
    grid.setAttribute("aria-rowcount", String(layout.nRows));
    grid.setAttribute("aria-colcount", String(layout.columns));
    rows.resize(layout);
    if (before !== layout.columns) rows.reset();
    rows.paint(true);
  }

  const watch = new ResizeObserver(() => grid.clientWidth > 0 && fit());
  watch.observe(grid);
  signal.addEventListener("abort", () => watch.disconnect(), { once: true });
  catalog.thumbs.onLoad(
    perFrame(() => {
      for (const row of rows.rows()) drawRow(row);
    }, signal),
    signal,
  );
  selection.on(
    "change",
    perFrame(() => eachCell((cell) => markSelected(cell, selection.has(cell.item))), signal),
    signal,
  );

  return {
    element,
    /**
     * @param {Uint32Array} members @param {number} ofAnchor its own caption says so
     * @param {Record<string, Column>} columns for the captions @param {string} words where there are none
     */
    show(members, ofAnchor, columns, words) {
      const another = ofAnchor !== anchor;
      const focused = input.hasFocus() || empty.matches(":focus");
      [shown, anchor, captions] = [members, ofAnchor, columns];
      empty.hidden = shown.length > 0;
      empty.textContent = words;
      input.follow();
      if (another) grid.scrollTop = 0;
      fit();
      if (focused && shown.length) input.focus();
      else if (focused) empty.focus(); // none is left
    },
  };
}
