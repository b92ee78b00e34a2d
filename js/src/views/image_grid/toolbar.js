/** The grid's controls: order, filter, search, place of the selection, heat map, size; and the line that counts. */
import { groups } from "../../lib/columns.js";
import { h } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { popover } from "../../lib/popover.js";
import { debounce } from "../../lib/timing.js";
import { MEANING } from "./legend.js";

/** @import { Column, ColumnInfo, UnitRef } from "../../lib/types.js" */
/** @import { SelectionMode, } from "./state.js" */
/** @import { Settings } from "./view.js" */

/** Smallest and largest picture, px. */
export const TILE = { min: 48, max: 192 };

/**
 * @param {object} options
 * @param {readonly ColumnInfo[]} options.columns
 * @param {(name: string) => Promise<Column | null>} options.load
 * @param {(change: Partial<Settings>) => void} options.write
 * @param {(mode: SelectionMode) => void} options.setMode
 * @param {AbortSignal} options.signal
 */
export function createToolbar({ columns, load, write, setMode, signal }) {
  const sort = createSort(columns, write);
  const filter = createFilter({ columns, load, write, signal });
  const search = createSearch(write);
  const mode = select("Selected", "Where the selected images stand", [
    ["none", "in place"],
    ["first", "first"],
    ["only", "only"],
  ]);
  mode.input.addEventListener("change", () => setMode(/** @type {SelectionMode} */ (mode.input.value)));
  const overlay = h("button", { type: "button", class: "nbi-button", "aria-pressed": "false" }, "Heat map");
  overlay.addEventListener("click", () => write({ overlay: overlay.getAttribute("aria-pressed") !== "true" }));
  const size = h("input", {
    type: "range",
    class: "nbi-size",
    min: TILE.min,
    max: TILE.max,
    step: 4,
    "aria-label": "Size of the images, px",
  });
  size.addEventListener("input", () => write({ thumb_size: Number(size.value) }));
  const sizeField = h("label", { class: "nbi-field", title: "Size of the images" }, "Size", size);
  const element = h(
    "div",
    { class: "nbi-bar nbi-controls", role: "group", "aria-label": "Order and filter" },
    sort.element,
    filter.element,
    search,
    mode.element,
    overlay,
    sizeField,
  );

  return {
    element,
    search,
    /** @param {Settings} settings @param {SelectionMode} selectionMode @param {UnitRef | null} unit */
    show(settings, selectionMode, unit) {
      sort.show(settings, unit);
      filter.show(settings);
      if (!search.matches(":focus")) search.value = settings.search;
      mode.input.value = selectionMode;
      size.value = String(settings.thumb_size);
      overlay.setAttribute("aria-pressed", String(settings.overlay && unit !== null));
      overlay.disabled = unit === null;
      overlay.title = unit
        ? `Show where unit ${unit.unit} of ${unit.layer} is active. ${MEANING}`
        : "Select a unit first: then its activation can be laid over the images";
    },
  };
}

/** @param {string} text @param {string} title @param {[string, string][]} options (value, words) */
function select(text, title, options) {
  const input = h("select", { class: "nbi-select" }, ...options.map(([value, words]) => h("option", { value }, words)));
  return { input, element: h("label", { class: "nbi-field", title }, text, input) };
}

/** @param {readonly ColumnInfo[]} columns @param {(change: Partial<Settings>) => void} write */
function createSort(columns, write) {
  const { input, element } = select("Sort", "Order of the images", [
    ["", "order given"],
    ...columns.map((c) => /** @type {[string, string]} */ ([c.name, c.name])),
  ]);
  const unitOption = h("option", { value: "unit" });
  input.addEventListener("change", () => write({ sort_by: input.value, descending: input.value === "unit" }));
  const direction = h("button", { type: "button", class: "nbi-button nbi-direction" });
  direction.addEventListener("click", () => write({ descending: direction.dataset.descending !== "true" }));
  return {
    element: h("span", { class: "nbi-field" }, element, direction),
    /** @param {Settings} settings @param {UnitRef | null} unit */
    show({ sort_by, descending }, unit) {
      unitOption.textContent = unit ? `activation of unit ${unit.unit}` : "activation (no unit selected)";
      if (unit || sort_by === "unit") input.append(unitOption);
      else unitOption.remove();
      input.value = sort_by;
      direction.dataset.descending = String(descending);
      direction.title = descending ? "Descending; click for ascending" : "Ascending; click for descending";
      direction.setAttribute("aria-label", direction.title);
      direction.replaceChildren(icon(descending ? "down" : "up"));
    },
  };
}

/** @param {(change: Partial<Settings>) => void} write */
function createSearch(write) {
  const search = h("input", {
    type: "search",
    class: "nbi-input nbi-search",
    placeholder: "Search names, classes",
    "aria-label": "Search in file names, labels and predictions",
  });
  const send = debounce(() => write({ search: search.value }), 150);
  search.addEventListener("input", send);
  search.addEventListener("keydown", (event) => event.key === "Enter" && send.flush());
  return search;
}

/**
 * A column, and of its groups those to keep.
 * @param {object} options
 * @param {readonly ColumnInfo[]} options.columns
 * @param {(name: string) => Promise<Column | null>} options.load
 * @param {(change: Partial<Settings>) => void} options.write
 * @param {AbortSignal} options.signal
 */
function createFilter({ columns, load, write, signal }) {
  const usable = columns.filter(({ kind }) => kind === "category" || kind === "boolean");
  const { input, element } = select("Filter", "Show only some groups of a column", [
    ["", "none"],
    ...usable.map((c) => /** @type {[string, string]} */ ([c.name, c.name])),
  ]);
  const face = h("span");
  const menu = popover({ face: [icon("filter"), face], label: "Groups to show", fill, signal });
  let now = { filter_by: "", filter_values: /** @type {string[]} */ ([]) };
  input.addEventListener("change", () => write({ filter_by: input.value, filter_values: [] }));

  /** @param {HTMLElement} panel */
  async function fill(panel) {
    panel.replaceChildren(h("p", { class: "nbi-status" }, "Loading …"));
    try {
      const column = await load(now.filter_by);
      if (column) panel.replaceChildren(...groupList(column));
    } catch (error) {
      panel.replaceChildren(
        h("p", { class: "nbi-warn", role: "alert" }, String(error instanceof Error ? error.message : error)),
      );
    }
  }

  /** @param {Column} column */
  function groupList(column) {
    const chosen = new Set(now.filter_values);
    const rows = groups(column).map(({ value, count }) => {
      const box = h("input", { type: "checkbox", checked: chosen.has(value) });
      box.addEventListener("change", () => {
        if (box.checked) chosen.add(value);
        else chosen.delete(value);
        write({ filter_values: [...chosen] });
      });
      const words = value || "(none)";
      return h(
        "label",
        { class: "nbi-group", "data-words": words.toLowerCase() },
        box,
        h("span", { class: "nbi-group-name", title: words }, words),
        h("span", { class: "nbi-status" }, count.toLocaleString("en-US")),
      );
    });
    const find = h("input", {
      type: "search",
      class: "nbi-input",
      placeholder: `Find among ${rows.length}`,
      "aria-label": "Find a group",
    });
    find.addEventListener("input", () => {
      for (const row of rows) row.hidden = !(row.dataset.words ?? "").includes(find.value.trim().toLowerCase());
    });
    return rows.length > 12
      ? [find, h("div", { class: "nbi-groups" }, ...rows)]
      : [h("div", { class: "nbi-groups" }, ...rows)];
  }

  return {
    element: h("span", { class: "nbi-field" }, element, menu.element),
    /** @param {Settings} settings */
    show({ filter_by, filter_values }) {
      now = { filter_by, filter_values };
      input.value = filter_by;
      menu.element.hidden = filter_by === "";
      face.textContent =
        filter_values.length === 0
          ? "all"
          : filter_values.length === 1
            ? filter_values[0] || "(none)"
            : `${filter_values.length} groups`;
    },
  };
}
