/** The units that have a slider, each with the images that activate it most. */
import { h } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { exemplarOf } from "../unit_list/state.js";
import { createSlider } from "./slider.js";
import { pointsWords, unitFrom } from "./state.js";

/** @import { Selection, UnitRef, UnitTable } from "../../lib/types.js" */
/** @import { createPictures } from "../region_view/pictures.js" */
/** @import { Edit } from "./edit.js" */
/** @import { About } from "./state.js" */

const N_EXEMPLARS = 3;
const TILE = 36;
const EMPTY = "No units yet: type a number, switch off the top units of a class, or click a unit in a linked view.";

/** @typedef {{element: HTMLElement, strip: HTMLElement, note: HTMLElement, slider: ReturnType<typeof createSlider>, unit: number, remove: HTMLButtonElement}} Row */
/** What a unit's loss alone costs, null = not known. @typedef {(unit: number) => number | null} Drops */

/**
 * @param {object} context
 * @param {ReturnType<typeof createPictures>} context.pictures
 * @param {Selection} context.selection
 * @param {(unit: number, scale: number, transient: boolean) => void} context.onScale
 * @param {(unit: number) => void} context.onRemove
 * @param {(unit: number) => void} context.onAdd
 */
export function createRows({ pictures, selection, onScale, onRemove, onAdd }) {
  /** @type {Map<number, Row>} */
  let rows = new Map();
  /** @type {UnitTable | null} */
  let table = null;
  /** @type {About | null} */
  let about = null;

  const field = h("input", {
    class: "nbi-input nbi-ablation-number",
    inputmode: "numeric",
    "aria-label": "Number of a unit",
  });
  const add = h("button", { class: "nbi-button" }, "Add unit");
  const wrong = h("span", { class: "nbi-status nbi-warn", role: "alert" });
  const form = h("form", { class: "nbi-bar nbi-ablation-add" }, field, add, wrong);
  const list = h("ul", { class: "nbi-ablation-list", "aria-label": "Units with a slider" });
  const empty = h("p", { class: "nbi-status nbi-ablation-empty" }, EMPTY);
  const element = h("div", { class: "nbi-ablation-rows" }, form, list, empty);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const unit = unitFrom(field.value, about?.n_units ?? 0);
    wrong.textContent = unit === null ? `Units go from 0 to ${(about?.n_units ?? 0) - 1}` : "";
    if (unit === null) return;
    field.value = "";
    onAdd(unit);
    rows.get(unit)?.slider.input.focus({ preventScroll: false });
  });

  /** @param {number} unit @returns {Row} */
  function createRow(unit) {
    const layer = about?.layer ?? "";
    const slider = createSlider({
      label: `unit ${unit}`,
      onScale: (scale, transient) => onScale(unit, scale, transient),
    });
    const strip = h("button", {
      type: "button",
      class: "nbi-unit-strip",
      title: `Select unit ${unit} of ${layer} in all linked views: these images activate it most`,
      "aria-label": `Select unit ${unit} of ${layer} in all linked views`,
      onclick: () => {
        const same = selection.unit?.layer === layer && selection.unit.unit === unit;
        selection.setUnit(same ? null : { layer, unit });
      },
    });
    const words = `Take unit ${unit} off the list`;
    const remove = h(
      "button",
      {
        type: "button",
        class: "nbi-button nbi-ablation-remove",
        title: words,
        "aria-label": words,
        onclick: () => take(unit),
      },
      icon("clear", 11),
    );
    const note = h("span", { class: "nbi-ablation-note" });
    const element = h(
      "li",
      { class: "nbi-ablation-row" },
      strip,
      h(
        "div",
        { class: "nbi-ablation-facts" },
        h("div", { class: "nbi-ablation-name" }, h("strong", {}, `unit ${unit}`), note, remove),
        slider.element,
      ),
    );
    const row = { element, strip, note, slider, unit, remove };
    addExemplars(row);
    return row;
  }

  /** The keyboard goes on to the next row. @param {number} unit */
  function take(unit) {
    const order = [...rows.keys()];
    const next = order[order.indexOf(unit) + 1] ?? order[order.indexOf(unit) - 1];
    onRemove(unit);
    const row = next === undefined ? undefined : rows.get(next);
    if (row) row.remove.focus();
    else field.focus();
  }

  /** @param {Row} row */
  function addExemplars({ strip, unit }) {
    for (let e = 0; table && e < N_EXEMPLARS; e++) {
      const found = exemplarOf(table, unit, e);
      if (found) strip.append(pictures.create(found.image, { size: TILE, map: found.map, still: true }));
    }
    strip.hidden = strip.childElementCount === 0;
  }

  /** @param {Row} row @param {Drops} drops */
  function writeNote({ note, unit }, drops) {
    const cost = drops(unit);
    const alone = cost === null ? "" : pointsWords(-cost, 0);
    const concept = about?.notes[unit] ?? "";
    note.textContent = [concept, alone && alone !== "±0" ? `alone ${alone}` : ""].filter(Boolean).join(" · ");
    const meaning = alone && `switched off alone: ${alone} points, on the half of the images that units are ranked on`;
    note.title = [concept, meaning].filter(Boolean).join(" · ");
  }

  return {
    element,
    /** @param {Edit} edit @param {{about: About, reason: string, drops: Drops}} how */
    show(edit, { about: now, reason, drops }) {
      about = now;
      const before = rows;
      rows = new Map(edit.units.map(([unit]) => [unit, before.get(unit) ?? createRow(unit)]));
      const same = before.size === rows.size && [...before.keys()].join() === [...rows.keys()].join();
      if (!same) list.replaceChildren(...[...rows.values()].map((row) => row.element));
      for (const [unit, scale] of edit.units) {
        const row = /** @type {Row} */ (rows.get(unit));
        row.slider.show(scale, reason);
        row.remove.disabled = reason !== "";
        if (!before.has(unit)) writeNote(row, drops);
      }
      empty.hidden = rows.size > 0;
      field.disabled = add.disabled = reason !== "";
      field.placeholder = `0 … ${now.n_units - 1}`;
      form.title = reason;
      this.markUnit(selection.unit);
    },
    /** @param {Drops} drops */
    showDrops(drops) {
      for (const row of rows.values()) writeNote(row, drops);
    },
    /** @param {UnitTable} next of the layer */
    showExemplars(next) {
      table = next;
      for (const row of rows.values()) {
        row.strip.replaceChildren();
        addExemplars(row);
      }
    },
    /** @param {UnitRef | null} unit selected in all views */
    markUnit(unit) {
      for (const row of rows.values()) {
        row.strip.setAttribute("aria-pressed", String(unit?.layer === about?.layer && unit?.unit === row.unit));
      }
    },
  };
}
