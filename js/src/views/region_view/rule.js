/** The rule: a literal a row, with exemplars of its unit; a click loosens it, the next turns it round. */
import { h } from "../../lib/dom.js";
import { setDisabled } from "../../lib/focus.js";
import { icon } from "../../lib/icons.js";
import { keepFocus } from "../../lib/keep_focus.js";
import { exemplarOf } from "../unit_list/state.js";
import { editWords, modeWords, neuronWords, nextMode, percent } from "./state.js";

/** @import { Selection, UnitTable } from "../../lib/types.js" */
/** @import { createPictures } from "./pictures.js" */
/** @import { Literal, Mode, Shown } from "./state.js" */

const N_EXEMPLARS = 3;
const TILE = 38;

const KEYS = "Up and Down go from literal to literal, Tab to its unit; Enter loosens, turns round, restores it.";
const MEANING = {
  required: "Required: a click or Enter ignores it",
  ignored: "Ignored: a click or Enter asks for the other state",
  flipped: "Turned round: a click or Enter requires it as found",
};

/** @param {Literal} literal */
const otherWords = ({ score }) => `${percent(score)} of the reference images are in the other state`;

/**
 * @param {object} context
 * @param {ReturnType<typeof createPictures>} context.pictures
 * @param {Selection} context.selection
 * @param {(modes: Mode[]) => void} context.onEdit
 * @param {(literal: Literal | null) => void} context.onPoint the mouse or the keyboard is on a literal, or left
 */
export function createRule({ pictures, selection, onEdit, onPoint }) {
  /** @type {Shown | null} */
  let shown = null;
  /** @type {Mode[]} */
  let modes = [];
  /** @type {{toggle: HTMLElement, unit: HTMLElement, literal: Literal}[]} */
  let rows = [];
  let active = 0; // the row that Tab reaches

  const count = h("span", { class: "nbi-rule-count" });
  const reset = h("button", { type: "button", class: "nbi-button", onclick: () => edit(modes.map(() => "required")) });
  reset.append(icon("undo", 13), " Reset rule");
  const list = h("ol", { class: "nbi-literals", "aria-label": "Rule", "aria-description": KEYS });
  const empty = h("p", { class: "nbi-status" }, "The neighbours share no state that is not shared by all images.");
  const element = h(
    "section",
    { class: "nbi-rule", "aria-label": "Rule" },
    h("div", { class: "nbi-rule-head" }, h("strong", {}, "Rule"), count, reset),
    list,
    empty,
  );

  /** @param {number} row */
  function reach(row) {
    active = Math.max(0, Math.min(row, rows.length - 1));
    rows.forEach(({ toggle, unit }, l) => {
      toggle.tabIndex = unit.tabIndex = l === active ? 0 : -1;
    });
  }

  list.addEventListener("focusin", ({ target }) => {
    reach(rows.findIndex(({ toggle, unit }) => target === toggle || target === unit));
  });
  list.addEventListener("keydown", (event) => {
    const to = { ArrowDown: active + 1, ArrowUp: active - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const column = event.target === rows[active]?.unit ? "unit" : "toggle";
    rows[Math.max(0, Math.min(to, rows.length - 1))]?.[column].focus();
  });

  /** @param {Mode[]} next */
  function edit(next) {
    modes = next;
    rows.forEach(write);
    writeHead();
    onEdit(modes);
  }

  function writeHead() {
    const n = rows.length;
    const edited = editWords(modes);
    count.textContent = `${n} literal${n === 1 ? "" : "s"}${edited ? `: ${edited}` : ""}`;
    setDisabled(reset, edited === "");
    reset.title = edited ? "Require all literals as they were found" : "The rule is as it was found";
    empty.hidden = n > 0;
  }

  /** @param {(typeof rows)[number]} row @param {number} l */
  function write({ toggle, literal }, l) {
    const mode = modes[l];
    const state = modeWords(literal, mode);
    toggle.dataset.mode = mode;
    toggle.title = `${MEANING[mode]}\n${otherWords(literal)}`;
    const badge = /** @type {HTMLElement} */ (toggle.querySelector(".nbi-state"));
    badge.textContent = mode === "required" ? state : mode === "ignored" ? "ignored" : `⇄ ${state}`;
    badge.classList.toggle("nbi-on", state === "on");
  }

  /** @param {Literal} literal @param {number} l @param {UnitTable | null} table */
  function createRow(literal, l, table) {
    const layer = shown?.layer ?? "";
    const neuron = neuronWords(literal);
    const rate = `on in ${percent(literal.base_rate)}`;
    const facts = h(
      "span",
      { class: "nbi-literal-facts", title: otherWords(literal) },
      h(
        "span",
        { class: "nbi-track", "aria-hidden": "true" },
        h("span", { style: `width: ${100 * literal.base_rate}%` }),
      ),
      h("span", {}, `${rate} · score ${literal.score.toFixed(2)}`),
    );
    const toggle = h(
      "button",
      {
        type: "button",
        class: "nbi-literal-toggle",
        onclick: () => edit(modes.map((mode, at) => (at === l ? nextMode(mode) : mode))),
      },
      h(
        "span",
        { class: "nbi-literal-line" },
        h("span", { class: "nbi-neuron" }, neuron),
        h("span", { class: "nbi-state" }),
      ),
      facts,
    );
    const unit = h("button", {
      type: "button",
      class: "nbi-unit-strip",
      title: `Select unit ${literal.unit} of ${layer} in all linked views: these images activate it most`,
      "aria-label": `Select unit ${literal.unit} of ${layer} in all linked views`,
      onclick: () => {
        const same = selection.unit?.layer === layer && selection.unit.unit === literal.unit;
        selection.setUnit(same ? null : { layer, unit: literal.unit });
      },
    });
    for (let e = 0; table && e < N_EXEMPLARS; e++) {
      const found = exemplarOf(table, literal.unit, e);
      if (found) unit.append(pictures.create(found.image, { size: TILE, map: found.map, still: true }));
    }
    unit.hidden = unit.childElementCount === 0;
    const row = h("li", { class: "nbi-literal" }, toggle, unit);
    for (const type of ["pointerenter", "focusin"]) row.addEventListener(type, () => onPoint(literal));
    for (const type of ["pointerleave", "focusout"]) row.addEventListener(type, () => onPoint(null));
    list.append(row);
    return { toggle, unit, literal };
  }

  return {
    element,
    get modes() {
      return modes;
    },
    /** @param {Shown | null} next @param {Mode[]} nextModes @param {UnitTable | null} table of its layer */
    show(next, nextModes, table) {
      shown = next;
      modes = nextModes;
      keepFocus(list, () => {
        list.replaceChildren();
        rows = (shown?.literals ?? []).map((literal, l) => createRow(literal, l, table));
        rows.forEach(write);
        reach(active);
      });
      writeHead();
      this.markUnit();
    },
    markUnit() {
      const now = selection.unit;
      for (const { unit, literal } of rows) {
        unit.setAttribute("aria-pressed", String(now?.layer === shown?.layer && now?.unit === literal.unit));
      }
    },
  };
}
