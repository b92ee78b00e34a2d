/** The grid on the page: joins order, cells, tool bar and preview. Knows nothing of Jupyter. */
import { followSelection } from "../../lib/brushing.js";
import { formatNumber } from "../../lib/columns.js";
import { h, put } from "../../lib/dom.js";
import { drawPicture, prepare } from "../../lib/picture.js";
import { virtualScroller } from "../../lib/scroller.js";
import { perFrame } from "../../lib/timing.js";
import { createUnitMaps } from "../../lib/unit_maps.js";
import { createSelectionBar, undoKeys } from "../selection_bar/view.js";
import { createCell, markSelected, writeCaption } from "./cells.js";
import { createInput, KEYS } from "./input.js";
import { createLegend } from "./legend.js";
import { createOrder } from "./order.js";
import { createPreview } from "./preview.js";
import { captionOf, countLine, emptyLine, layoutOf } from "./state.js";
import { createToolbar } from "./toolbar.js";

/** @import { Catalog, Selection } from "../../lib/types.js" */
/** @import { Cell } from "./cells.js" */
/** @import { SelectionMode } from "./state.js" */

/**
 * What a grid shows; the names are those of the widget's traits.
 * @typedef {object} Settings
 * @property {string} sort_by
 * @property {boolean} descending
 * @property {string} filter_by
 * @property {string[]} filter_values
 * @property {string} search
 * @property {number} thumb_size
 * @property {boolean} overlay
 * @property {boolean} selection_first
 * @property {number} height
 * @property {boolean} show_bar
 */

/** @typedef {{element: HTMLElement, canvas: HTMLCanvasElement, cells: Cell[]}} Row the pictures of a row share a canvas */

/**
 * @param {HTMLElement} root
 * @param {object} context
 * @param {Catalog} context.catalog
 * @param {Selection} context.selection
 * @param {Settings} context.settings
 * @param {(change: Partial<Settings>) => void} context.write
 * @param {AbortSignal} context.signal
 */
export function createImageGrid(root, { catalog, selection, settings, write, signal }) {
  /** @type {SelectionMode} */
  let mode = settings.selection_first ? "first" : "none";
  let shown = new Uint32Array(0);
  let layout = layoutOf({ width: 1, tile: settings.thumb_size, count: 0 });
  /** @type {Parameters<typeof captionOf>[0]} */
  let captions = {};
  let stale = false;
  let problem = "";

  const order = createOrder({ catalog, selection });
  const maps = createUnitMaps({
    catalog,
    signal,
    onChange: (text) => {
      report(text);
      draw();
    },
  });
  const toolbar = createToolbar({ columns: catalog.columns, load: order.column, write, setMode, signal });
  const bar = createSelectionBar({ catalog, selection, signal });
  const count = h("span", { class: "nbi-count" });
  const said = h("span", { class: "nbi-hidden", role: "status" });
  const update = h("button", { type: "button", class: "nbi-button", hidden: true, onclick: rearrange }, "Update order");
  update.title = "The images keep their places while you select here; click to move the selected ones";
  const legend = createLegend();
  const status = h("span", { class: "nbi-warn", role: "status" });
  const grid = h("div", {
    class: "nbi-scroll",
    role: "grid",
    "aria-multiselectable": "true",
    "aria-label": "Images",
    "aria-description": KEYS,
  });
  const clear = h("button", { type: "button", class: "nbi-button", onclick: clearFilters }, "Clear");
  const emptyText = h("span");
  const empty = h("div", { class: "nbi-empty", hidden: true }, emptyText, clear);
  const onClose = () => input.closePreview();
  const preview = createPreview({ catalog, order, maps, withHeat, onClose, say: (text) => put(said, text) });
  const missing = h("span", { class: "nbi-warn nbi-missing" }, catalog.thumb.missing ?? "");
  const line = h("div", { class: "nbi-bar nbi-line-count" }, count, said, update, missing, status, legend.element);
  root.append(bar, toolbar.element, line, h("div", { class: "nbi-body" }, grid, empty, preview.element));

  const rows = virtualScroller({ scroller: grid, createRow, fillRow, onPaint, signal });
  const input = createInput({
    grid,
    rows,
    preview,
    selection,
    signal,
    view: () => ({ shown, columns: layout.columns }),
    select,
  });
  undoKeys(root, selection, signal);

  /** @returns {Row} */
  function createRow() {
    const cells = Array.from({ length: layout.columns }, (_, column) => createCell(column));
    const canvas = h("canvas", { class: "nbi-strip-canvas", "aria-hidden": "true" });
    const element = h("div", { class: "nbi-row", role: "row" }, canvas, ...cells.map((cell) => cell.element));
    return { element, canvas, cells };
  }

  /** @param {Row} row @param {number} index */
  function fillRow(row, index) {
    row.element.setAttribute("aria-rowindex", String(index + 1));
    row.cells.forEach((cell, column) => {
      cell.position = index * layout.columns + column;
      cell.element.hidden = cell.position >= shown.length;
      if (cell.element.hidden) return;
      cell.item = shown[cell.position];
      const { activation } = order;
      const withValue = activation && (withHeat() || settings.sort_by === "unit");
      writeCaption(
        cell,
        captionOf(captions, cell.item),
        withValue ? formatNumber(activation.values[cell.item], 3) : "",
      );
      markSelected(cell, selection.has(cell.item));
      input.touch(cell);
    });
    drawRow(row);
  }

  /** @param {Row} row */
  function drawRow({ canvas, cells }) {
    const side = settings.thumb_size;
    const { ctx, scale } = prepare(canvas, layout.columns * layout.cellWidth, side);
    cells.forEach((cell, column) => {
      if (cell.element.hidden) return;
      const x = (column * layout.cellWidth + (layout.cellWidth - side) / 2) * scale;
      const map = withHeat() ? maps.get(cell.item) : undefined;
      const drawn = drawPicture(ctx, catalog, { item: cell.item, x, y: 0, size: side * scale, map });
      cell.element.classList.toggle("nbi-loading", !drawn);
    });
  }

  /** @param {(cell: Cell) => void} fn */
  function eachCell(fn) {
    for (const row of rows.rows()) for (const cell of row.cells) if (!cell.element.hidden) fn(cell);
  }

  function draw() {
    for (const row of rows.rows()) drawRow(row);
    preview.draw();
  }

  function withHeat() {
    return settings.overlay && selection.unit !== null;
  }

  /** @param {number} first @param {number} last */
  function onPaint(first, last) {
    if (withHeat()) maps.want(Array.from(shown.subarray(first * layout.columns, last * layout.columns)));
  }

  /** @param {string} text */
  function report(text) {
    problem = text;
    status.textContent = problem;
  }

  function writeCounts() {
    count.textContent = countLine({ shown: shown.length, total: catalog.nItems, selected: selection.size });
    update.hidden = !stale;
    grid.setAttribute("aria-rowcount", String(layout.nRows));
    grid.setAttribute("aria-colcount", String(layout.columns));
    showEmpty();
  }

  function showEmpty() {
    empty.hidden = shown.length > 0;
    clear.hidden = catalog.nItems === 0 || mode === "only";
    emptyText.textContent = emptyLine({ total: catalog.nItems, mode, selected: selection.size });
  }

  /** Fit rows to the width; the image at the top stays at the top. */
  function fit() {
    const top = rows.firstInSight() * layout.columns;
    const before = `${layout.columns} ${layout.rowHeight}`;
    layout = layoutOf({ width: grid.clientWidth, tile: settings.thumb_size, count: shown.length });
    grid.style.setProperty("--nbi-columns", String(layout.columns));
    grid.style.setProperty("--nbi-thumb", `${settings.thumb_size}px`);
    grid.style.setProperty("--nbi-row-height", `${layout.rowHeight}px`);
    rows.resize(layout);
    if (before !== `${layout.columns} ${layout.rowHeight}`) {
      const focused = input.hasFocus();
      rows.reset();
      rows.paint(true);
      grid.scrollTop = Math.floor(top / layout.columns) * layout.rowHeight;
      if (focused) input.focus();
    }
    rows.paint(true);
    writeCounts();
  }

  function rearrange() {
    stale = false;
    const before = shown.length;
    const focused = input.hasFocus() || update.matches(":focus");
    shown = order.shown(mode);
    input.follow();
    grid.scrollTop = 0;
    fit();
    if (before !== shown.length && before > 0) put(said, countLine({ shown: shown.length, total: catalog.nItems }));
    if (!focused) return;
    if (shown.length > 0) input.focus();
    else (clear.hidden ? toolbar.search : clear).focus();
  }

  /** Load what the wishes need, then show it; what was shown stays until then. */
  async function refresh() {
    toolbar.show(settings, mode, selection.unit);
    try {
      await order.loadCaptions();
      captions = Object.fromEntries(order.columns);
      if (withHeat() || settings.sort_by === "unit") await order.loadActivation(selection.unit);
      const current = await order.prepare({ ...settings, mode });
      if (!current || signal.aborted) return;
      report("");
    } catch (error) {
      report(error instanceof Error ? error.message : String(error));
    }
    if (!signal.aborted) rearrange();
  }

  /** @param {SelectionMode} next */
  function setMode(next) {
    mode = next;
    write({ selection_first: mode === "first" });
    rearrange();
  }

  function clearFilters() {
    toolbar.search.value = "";
    write({ filter_by: "", filter_values: [], search: "" });
    toolbar.search.focus();
  }

  let ours = false;
  /** Select from within the grid: frames change, nothing moves. @param {number[]} indices */
  function select(indices) {
    ours = true;
    selection.set(indices);
    ours = false;
    stale = mode !== "none";
    writeCounts();
  }

  const onSelection = perFrame(() => {
    if (mode === "none" || stale) eachCell((cell) => markSelected(cell, selection.has(cell.item)));
    else rearrange();
    writeCounts();
  }, signal);
  followSelection(
    selection,
    () => {
      stale = ours && mode !== "none";
      if (ours) eachCell((cell) => markSelected(cell, selection.has(cell.item)));
      else onSelection();
    },
    signal,
  );

  async function onUnit() {
    toolbar.show(settings, mode, selection.unit);
    maps.setUnit(selection.unit);
    legend.show(withHeat() ? selection.unit : null, catalog);
    if (settings.sort_by === "unit") return refresh();
    report("");
    if (withHeat()) await order.loadActivation(selection.unit).catch((error) => report(error.message));
    if (!signal.aborted) rows.paint(true);
    preview.draw();
  }
  selection.on("unit", onUnit, signal);
  catalog.thumbs.onLoad((first, n) => {
    const isNew = (/** @type {Cell} */ cell) => !cell.element.hidden && cell.item >= first && cell.item < first + n;
    for (const row of rows.rows()) if (row.cells.some(isNew)) drawRow(row);
    preview.draw();
  }, signal);
  const watch = new ResizeObserver(() => grid.clientWidth > 0 && fit());
  watch.observe(grid);
  signal.addEventListener("abort", () => watch.disconnect(), { once: true });
  maps.setUnit(selection.unit);

  return {
    /** Show other settings. @param {Partial<Settings>} change */
    async apply(change) {
      settings = { ...settings, ...change };
      const changed = (/** @type {(keyof Settings)[]} */ ...keys) => keys.some((key) => key in change);
      if (changed("height")) root.style.setProperty("--nbi-height", `${settings.height}px`);
      if (changed("show_bar")) bar.hidden = !settings.show_bar;
      if (settings.selection_first !== (mode === "first") && changed("selection_first")) {
        mode = settings.selection_first ? "first" : mode === "first" ? "none" : mode;
      }
      if (changed("thumb_size")) fit();
      if (changed("overlay")) await onUnit();
      toolbar.show(settings, mode, selection.unit);
      if (changed("sort_by", "descending", "filter_by", "filter_values", "search", "selection_first")) await refresh();
    },
  };
}
