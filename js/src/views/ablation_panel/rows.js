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
const KEYS = "Left and right move a slider; up and down: the other units; Delete takes a unit off";
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
  const list = h("ul", { class: "nbi-ablation-list", "aria-label": "Units with a slider", "aria-description": KEYS });
  /** The unit whose controls Tab reaches. */
  let active = -1;
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
        onclick: () => onRemove(unit),
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

  /** One tab stop for each control of one row: the row that was used last. */
  function reach() {
    if (!rows.has(active)) active = rows.keys().next().value ?? -1;
    for (const row of rows.values()) for (const one of controlsOf(row)) one.tabIndex = row.unit === active ? 0 : -1;
  }

  list.addEventListener("focusin", ({ target }) => {
    const row = rowOf(target);
    if (!row || row.unit === active) return;
    active = row.unit;
    reach();
  });
  list.addEventListener("keydown", (event) => {
    const row = rowOf(event.target);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Delete" && !row.remove.disabled) {
      onRemove(row.unit);
      return;
    }
    if (!step) return;
    event.preventDefault(); // a slider would take it for its own
    const order = [...rows.values()];
    const next = order[order.indexOf(row) + step];
    if (!next) return;
    focusOn(next, controlsOf(row).indexOf(/** @type {any} */ (event.target)));
  });

  /** @param {EventTarget | null} target */
  function rowOf(target) {
    return [...rows.values()].find(({ element }) => element.contains(/** @type {Node | null} */ (target)));
  }

  /** @param {Row} row @param {number} at which of its controls */
  function focusOn(row, at) {
    const control = controlsOf(row)[at];
    (control.checkVisibility() ? control : row.slider.input).focus();
  }

  /** Put the rows on the page. The focus stays where it is; from a row that goes it moves on to the next one. @param {Map<number, Row>} before */
  function place(before) {
    const focused = list.querySelector(":focus");
    const left = [...before.values()].find(({ element }) => element.contains(focused));
    const at = left ? controlsOf(left).indexOf(/** @type {any} */ (focused)) : -1;
    list.replaceChildren(...[...rows.values()].map((row) => row.element));
    reach();
    if (!left) return;
    const order = [...before.keys()];
    const from = order.indexOf(left.unit);
    const next = [...order.slice(from), ...order.slice(0, from).reverse()].find((unit) => rows.has(unit));
    if (next === undefined) field.focus();
    else focusOn(/** @type {Row} */ (rows.get(next)), at);
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
  function writeNote({ note, slider, unit }, drops) {
    const cost = drops(unit);
    const alone = cost === null ? "" : pointsWords(-cost, 0);
    const concept = about?.notes[unit] ?? "";
    note.textContent = [concept, alone && alone !== "±0" ? `alone ${alone}` : ""].filter(Boolean).join(" · ");
    const meaning = alone && `switched off alone: ${alone} points, on the half of the images that units are ranked on`;
    note.title = [concept, meaning].filter(Boolean).join(" · ");
    slider.describe(note.title);
  }

  return {
    element,
    /** @param {Edit} edit @param {{about: About, reason: string, drops: Drops}} how */
    show(edit, { about: now, reason, drops }) {
      about = now;
      const before = rows;
      rows = new Map(edit.units.map(([unit]) => [unit, before.get(unit) ?? createRow(unit)]));
      const same = before.size === rows.size && [...before.keys()].join() === [...rows.keys()].join();
      if (!same) place(before);
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

/** What Tab reaches in a row, in order. @param {Row} row @returns {HTMLElement[]} */
function controlsOf({ strip, remove, slider }) {
  return [strip, remove, slider.input, slider.toggle];
}
