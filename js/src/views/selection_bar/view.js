/** The tool bar of a selection: count, undo, redo, invert, clear, saved selections, export. */
import { followSelection } from "../../lib/brushing.js";
import { download, toCsv } from "../../lib/csv.js";
import { announce, h, isAttended, put } from "../../lib/dom.js";
import { roving, setDisabled } from "../../lib/focus.js";
import { icon } from "../../lib/icons.js";
import { keepFocus } from "../../lib/keep_focus.js";
import { popover } from "../../lib/popover.js";
import { debounce } from "../../lib/timing.js";
import sheet from "./selection_bar.css" with { type: "text" };
import { exportTable, inverted, sizeLine } from "./state.js";

/** @import { Catalog, Selection } from "../../lib/types.js" */
/** @typedef {{catalog: Catalog, selection: Selection, signal: AbortSignal}} Context */

const BUTTONS = ".nbi-button:not([popover] *)";

const SETTLED_MS = 400;

/**
 * @param {Context & { tells?: boolean }} context `tells`: whether it tells a screen reader how many are selected
 * @returns {HTMLElement} a toolbar that keeps itself up to date until the signal aborts
 */
export function createSelectionBar({ catalog, selection, signal, tells = true }) {
  const size = h("span", { class: "nbi-selection-size" });
  const said = h("span", { class: "nbi-hidden", role: "status" });
  const tell = debounce(() => announce(said, sizeLine(selection.size)), SETTLED_MS);
  const undo = toolButton("undo", "Undo selection (Ctrl+Z)", () => selection.undo());
  const redo = toolButton("redo", "Redo selection (Ctrl+Shift+Z)", () => selection.redo());
  const invert = toolButton("invert", "Invert selection", () => selection.set(inverted(catalog.nItems, selection)));
  const clear = toolButton("clear", "Clear selection", () => selection.clear());
  const save = savePopover(selection, signal);
  const saved = savedPopover(selection, signal);
  const note = h("span", { class: "nbi-status", role: "status" });
  const exporter = exportButton({ catalog, selection, signal }, note);
  const gap = () => h("span", { class: "nbi-selection-gap", "aria-hidden": "true" });

  function update() {
    put(size, sizeLine(selection.size));
    setDisabled(undo, !selection.canUndo);
    setDisabled(redo, !selection.canRedo);
    setDisabled(clear, selection.size === 0);
    setDisabled(save.button, selection.size === 0);
    const names = selection.names().length;
    setDisabled(saved.button, names === 0);
    saved.count.textContent = names ? `Saved (${names})` : "Saved";
    exporter.title = `Save a CSV file with the name and all columns of ${selection.size ? "the selected images" : "all images"}`;
  }
  followSelection(selection, update, signal);
  if (tells) selection.on("change", ({ transient }) => !transient && isAttended(said) && tell(), signal);
  signal.addEventListener("abort", tell.cancel, { once: true });
  selection.on("named", update, signal);
  update();
  const parts = [undo, redo, invert, clear, gap(), save.element, saved.element, gap(), exporter, note];
  const bar = h(
    "div",
    {
      class: "nbi-selection",
      role: "toolbar",
      "aria-label": "Selection",
      "aria-description": "Left and right arrow keys go from button to button.",
    },
    h("style", {}, sheet),
    size,
    said,
    ...parts,
  );
  roving(bar, BUTTONS, signal);
  return bar;
}

/**
 * Undo and redo by keyboard anywhere in `root`, except while text is being edited.
 * @param {HTMLElement} root @param {Selection} selection @param {AbortSignal} signal
 */
export function undoKeys(root, selection, signal) {
  root.addEventListener(
    "keydown",
    (event) => {
      if (
        !(event.ctrlKey || event.metaKey) ||
        /** @type {HTMLElement} */ (event.target).matches(
          "input:not([type=range], [type=radio], [type=checkbox]), textarea",
        )
      )
        return;
      const key = event.key.toLowerCase();
      if (key !== "z" && key !== "y") return;
      event.preventDefault();
      if (key === "y" || event.shiftKey) selection.redo();
      else selection.undo();
    },
    { signal },
  );
}

/** @param {import("../../lib/icons.js").IconName} name @param {string} label @param {() => void} act */
function toolButton(name, label, act) {
  return h(
    "button",
    { type: "button", class: "nbi-button", title: label, "aria-label": label, onclick: act },
    icon(name),
  );
}

/** @param {Selection} selection @param {AbortSignal} signal */
function savePopover(selection, signal) {
  const part = popover({
    face: [icon("save"), h("span", { class: "nbi-words" }, "Save")],
    label: "Save the selection under a name",
    fill,
    signal,
  });
  /** @param {HTMLElement} panel */
  function fill(panel) {
    const name = h("input", {
      class: "nbi-input",
      "aria-label": "Name of the selection",
      placeholder: "Name",
      required: true,
      maxlength: 80,
    });
    const submit = h("button", { class: "nbi-button" }, "Save");
    name.addEventListener("input", () => {
      submit.textContent = selection.names().includes(name.value.trim()) ? "Replace" : "Save";
    });
    const form = h("form", { class: "nbi-selection-save" }, name, submit);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!name.value.trim()) return;
      selection.save(name.value.trim());
      part.close();
    });
    panel.replaceChildren(form);
  }
  return part;
}

/** @param {Selection} selection @param {AbortSignal} signal */
function savedPopover(selection, signal) {
  const count = h("span", { class: "nbi-words" });
  const part = popover({ face: [icon("list"), count], label: "Saved selections", fill, signal });
  /** @param {HTMLElement} panel */
  function fill(panel) {
    const recall = (/** @type {string} */ name) => {
      selection.recall(name);
      part.close();
    };
    const remove = (/** @type {string} */ name) => {
      const last = selection.names().length === 1;
      if (last) part.close();
      selection.remove(name);
      if (!last) keepFocus(panel, () => fill(panel));
    };
    const rows = selection.names().map((name) => {
      const label = `Delete saved selection ${name}`;
      return h(
        "li",
        {},
        h(
          "button",
          { type: "button", class: "nbi-button nbi-saved-name", title: `Select ${name}`, onclick: () => recall(name) },
          name,
        ),
        h(
          "button",
          { type: "button", class: "nbi-button", title: label, "aria-label": label, onclick: () => remove(name) },
          icon("clear"),
        ),
      );
    });
    panel.replaceChildren(h("ul", { class: "nbi-selection-saved" }, ...rows));
  }
  return { ...part, count };
}

/** @param {Context} context @param {HTMLElement} note where a failure is told */
function exportButton({ catalog, selection, signal }, note) {
  const button = h(
    "button",
    { type: "button", class: "nbi-button", "aria-label": "Export CSV" },
    icon("download"),
    h("span", { class: "nbi-words" }, "Export CSV"),
  );
  button.addEventListener(
    "click",
    async () => {
      const indices = selection.size ? selection.get() : Array.from({ length: catalog.nItems }, (_, i) => i);
      setDisabled(button, true);
      note.textContent = "";
      try {
        const columns = await Promise.all(catalog.columns.map((column) => catalog.column(column.name)));
        const { header, rows } = exportTable(columns, indices);
        download(selection.size ? "selection.csv" : "images.csv", toCsv(header, rows));
      } catch (error) {
        note.textContent = `Not exported: ${error instanceof Error ? error.message : error}`;
      }
      setDisabled(button, false);
    },
    { signal },
  );
  return button;
}
