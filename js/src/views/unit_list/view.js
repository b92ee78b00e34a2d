/** The list on the page. Knows nothing of Jupyter. */
import { followSelection } from "../../lib/brushing.js";
import { textOf } from "../../lib/columns.js";
import { h, put } from "../../lib/dom.js";
import { virtualScroller } from "../../lib/scroller.js";
import { perFrame } from "../../lib/timing.js";
import { undoKeys } from "../selection_bar/view.js";
import { createInput, KEYS } from "./input.js";
import { createUnitRow, drawExemplars, PITCH, ROW_HEIGHT, writeUnit } from "./rows.js";
import { createToolbar, MEANING } from "./toolbar.js";
import { arrangeUnits, isDead, largest } from "./state.js";

/** @import { Catalog, Column, Selection, UnitTable } from "../../lib/types.js" */
/** @import { UnitRow } from "./rows.js" */
/** @import { SortKey } from "./state.js" */

/**
 * What the list shows; the names are those of the widget's traits.
 * @typedef {{layer: string, sort_by: SortKey, descending: boolean, search: string, height: number}} Settings
 */

/**
 * @param {HTMLElement} root
 * @param {object} context
 * @param {Catalog} context.catalog
 * @param {Selection} context.selection
 * @param {Settings} context.settings
 * @param {(change: Partial<Settings>) => void} context.write
 * @param {AbortSignal} context.signal
 */
export function createUnitList(root, { catalog, selection, settings, write, signal }) {
  /** @type {UnitTable | null} */
  let table = null;
  /** @type {Column | null} */
  let names = null;
  /** @type {UnitTable | null} the table whose units were arranged last */
  let arranged = null;
  let shown = /** @type {Uint32Array} */ (new Uint32Array(0));
  let tops = { activity: 0, selectivity: 0 };
  let columns = 0;
  let masked = true;

  const title = h("span", { class: "nbi-units-title", role: "status" });
  const bar = createToolbar({
    write,
    onMasked: (next) => {
      masked = next;
      eachRow(drawRow);
    },
  });
  const legend = h(
    "div",
    { class: "nbi-units-legend" },
    .../** @type {const} */ (["activity", "selectivity"]).map((key) =>
      h("span", { class: `nbi-key nbi-${key}`, title: MEANING[key] }, h("span", { class: "nbi-fill" }), key),
    ),
    h("span", { title: MEANING.exemplars }, "exemplars →"),
  );
  const list = h("div", { class: "nbi-scroll", role: "grid", "aria-label": "Units", "aria-description": KEYS });
  const message = h("div", { class: "nbi-empty", role: "status" }, "Loading …");
  const said = h("span", { class: "nbi-hidden", role: "status" });
  const missing = h("div", { class: "nbi-warn nbi-missing" }, catalog.thumb.missing ?? "");
  root.append(title, said, bar.element, missing, legend, h("div", { class: "nbi-body" }, list, message));
  const rows = virtualScroller({ scroller: list, createRow: () => createUnitRow(columns), fillRow, signal });
  const input = createInput({ list, rows, selection, signal, view: () => ({ shown, columns }), toggleUnit });
  undoKeys(root, selection, signal);

  /** @param {UnitRow} row @param {number} index */
  function fillRow(row, index) {
    if (!table || index >= shown.length) return;
    row.position = index;
    row.element.setAttribute("aria-rowindex", String(index + 1));
    row.element.classList.toggle("nbi-odd", index % 2 === 1);
    writeUnit(row, { table, unit: shown[index], largest: tops, nameOf });
    drawRow(row);
    mark(row);
    input.touch(row);
  }

  /** @param {number} image */
  function nameOf(image) {
    return (names && textOf(names, image)) || `image ${image}`;
  }

  /** @param {UnitRow} row */
  function drawRow(row) {
    drawExemplars(row, catalog, masked);
  }

  /** @param {UnitRow} row */
  function mark(row) {
    const unit = selection.unit;
    const chosen = unit !== null && unit.layer === table?.layer && unit.unit === row.unit;
    row.head.setAttribute("aria-selected", String(chosen));
    row.element.classList.toggle("nbi-chosen", chosen);
    for (const { element, image } of row.exemplars)
      element.setAttribute("aria-selected", String(image >= 0 && selection.has(image)));
  }

  /** @param {(row: UnitRow) => void} fn */
  function eachRow(fn) {
    for (const row of rows.rows()) if (row.unit >= 0) fn(row);
  }

  /** @param {number} unit */
  function toggleUnit(unit) {
    const now = selection.unit;
    const same = now?.layer === settings.layer && now.unit === unit;
    selection.setUnit(same ? null : { layer: settings.layer, unit });
  }

  /** Change the rows; a focus in them stays in the list. @param {() => void} change */
  function keepingFocus(change) {
    const focused = input.hasFocus();
    change();
    if (!focused) return;
    if (shown.length > 0) input.focus();
    else bar.search.focus();
  }

  /** As many exemplars as the width holds. */
  function fit() {
    const space = Math.floor((list.clientWidth - headWidth()) / PITCH);
    const next = Math.max(0, Math.min(table?.k ?? 0, space));
    if (next !== columns) {
      columns = next;
      rows.reset();
    }
    list.setAttribute("aria-colcount", String(columns + 1));
    list.setAttribute("aria-rowcount", String(shown.length));
    rows.resize({ nRows: shown.length, rowHeight: ROW_HEIGHT });
    rows.paint(true);
  }

  function headWidth() {
    return Number.parseFloat(getComputedStyle(list).getPropertyValue("--nbi-head")) || 160;
  }

  function arrange() {
    bar.show(settings);
    if (!table) return;
    const before = shown.length;
    shown = arrangeUnits(table, { ...settings, sortBy: settings.sort_by });
    message.hidden = shown.length > 0;
    message.setAttribute("role", "status");
    put(message, shown.length > 0 ? "" : table.n === 0 ? "This layer has no units." : "No unit matches the search.");
    if (shown.length === 0) put(said, "");
    else if (arranged === table && before !== shown.length) put(said, `${shown.length} of ${table.n} units`);
    arranged = table;
    input.follow();
    fit();
  }

  function writeTitle() {
    if (!table) return;
    const t = table;
    const dead = Array.from({ length: t.n }, (_, unit) => unit).filter((unit) => isDead(t, unit)).length;
    title.replaceChildren(
      h("strong", {}, t.layer),
      ` · ${t.n.toLocaleString("en-US")} units${dead ? `, ${dead} never active` : ""}`,
    );
  }

  /** Get the units of the layer; the newest layer wins. */
  async function load() {
    const { layer } = settings;
    const waiting = setTimeout(() => title.replaceChildren(h("strong", {}, layer), " · loading …"), 150);
    try {
      const [units, column] = await Promise.all([
        catalog.units(layer),
        names ?? catalog.column("name").catch(() => null),
      ]);
      if (signal.aborted || layer !== settings.layer) return;
      [table, names] = [units, column];
      tops = { activity: largest(units.activity), selectivity: 1 };
      keepingFocus(() => {
        rows.reset();
        list.scrollTop = 0;
        writeTitle();
        arrange();
      });
      reveal();
    } catch (error) {
      if (layer !== settings.layer) return;
      [table, shown] = [null, new Uint32Array(0)];
      keepingFocus(fit);
      title.textContent = layer;
      message.hidden = false;
      message.setAttribute("role", "alert");
      message.textContent = `The units of ${layer} could not be shown: ${error instanceof Error ? error.message : error}`;
    } finally {
      clearTimeout(waiting);
    }
  }

  /** Bring the selected unit into sight. */
  function reveal() {
    const unit = selection.unit;
    const at = unit && unit.layer === table?.layer ? shown.indexOf(unit.unit) : -1;
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
  const watch = new ResizeObserver(() => table && list.clientWidth > 0 && keepingFocus(fit));
  watch.observe(list);
  signal.addEventListener("abort", () => watch.disconnect(), { once: true });

  return {
    /** Show other settings. @param {Partial<Settings>} change */
    async apply(change) {
      settings = { ...settings, ...change };
      if ("height" in change) root.style.setProperty("--nbi-height", `${settings.height}px`);
      if ("layer" in change) await load();
      else if (Object.keys(change).some((key) => key !== "height")) keepingFocus(arrange);
    },
  };
}
