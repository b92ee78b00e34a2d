/** The explorer's frame: header, three places for the linked views, status. Knows nothing of Jupyter. */
import { h } from "../../lib/dom.js";
import { setDisabled } from "../../lib/focus.js";
import { icon } from "../../lib/icons.js";
import { createSelectionBar, undoKeys } from "../selection_bar/view.js";

/** @import { Catalog, Selection } from "../../lib/types.js" */

/**
 * @param {HTMLElement} root
 * @param {object} context
 * @param {Catalog} context.catalog
 * @param {Selection} context.selection
 * @param {string[]} context.layers
 * @param {(layer: string) => void} context.onLayer
 * @param {AbortSignal} context.signal
 */
export function createExplorer(root, { catalog, selection, layers, onLayer, signal }) {
  const layer = createLayerPicker(catalog, layers, onLayer);
  const chip = createUnitChip(selection, signal);
  const bar = createSelectionBar({ catalog, selection, signal, tells: false }); // the plot tells
  const place = (/** @type {string} */ name) => h("div", { class: `nbi-explorer-place nbi-place-${name}` });
  const places = { plot: place("plot"), units: place("units"), grid: place("grid") };
  const status = h("div", { class: "nbi-status nbi-strip", role: "status", "aria-live": "polite" });
  const header = h("div", { class: "nbi-bar nbi-explorer-head" }, layer.element, chip, bar);
  root.append(header, h("div", { class: "nbi-places" }, places.plot, places.units, places.grid), status);
  undoKeys(header, selection, signal);
  catalog.onStatus(({ waiting, text }) => {
    status.textContent = text;
    status.classList.toggle("nbi-warn", waiting);
  }, signal);
  return { places, setLayer: layer.set };
}

/** @param {Catalog} catalog @param {string[]} layers @param {(layer: string) => void} onLayer */
function createLayerPicker(catalog, layers, onLayer) {
  const words = (/** @type {string} */ name) => {
    const info = catalog.layers.find((candidate) => candidate.name === name);
    return info ? `${name} · ${info.n_units.toLocaleString("en-US")} units` : name;
  };
  const input = h(
    "select",
    { class: "nbi-select nbi-layer" },
    ...layers.map((name) => h("option", { value: name }, words(name))),
  );
  input.addEventListener("change", () => onLayer(input.value));
  return {
    element: h("label", { class: "nbi-field", title: "The layer whose features and units are shown" }, "Layer", input),
    /** @param {string} name */
    set(name) {
      input.value = name;
    },
  };
}

/** Which unit is selected; a click lets go of it. @param {Selection} selection @param {AbortSignal} signal */
function createUnitChip(selection, signal) {
  const text = h("span", { class: "nbi-chip-text" });
  const chip = h("button", { type: "button", class: "nbi-button nbi-chip" }, text, icon("clear", 12));
  chip.addEventListener("click", () => selection.setUnit(null));
  const show = () => {
    const unit = selection.unit;
    text.textContent = unit ? `unit ${unit.unit} of ${unit.layer}` : "no unit selected";
    setDisabled(chip, unit === null);
    chip.title = unit
      ? `Let go of unit ${unit.unit} of ${unit.layer}`
      : "Click a unit in the list: its activation colours the plot and the images";
    chip.setAttribute(
      "aria-label",
      unit ? `Unit ${unit.unit} of ${unit.layer} is selected; let go of it` : "No unit selected",
    );
  };
  selection.on("unit", show, signal);
  show();
  return chip;
}
