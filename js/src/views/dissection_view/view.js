/** The dissection on the page: joins bars, cards and controls. Knows nothing of Jupyter. */
import { asDataView } from "../../lib/codec.js";
import { h } from "../../lib/dom.js";
import { followTheme } from "../../lib/theme.js";
import { undoKeys } from "../selection_bar/view.js";
import { createCards } from "./cards.js";
import { createChart } from "./chart.js";
import { createControls } from "./controls.js";
import { arrange, barsOf, readTable, unitsOfConcept } from "./state.js";

/** @import { Catalog, Selection } from "../../lib/types.js" */
/** @import { Bar, Shown, Table, Wish } from "./state.js" */

/**
 * What the view shows; the names are those of the widget's traits.
 * @typedef {Wish & {shown: Shown, arrays: any[], table: DataView, resource: string, concept_masks: boolean, height: number}} Settings
 */

const NO_PICTURES = "No pictures: this dissection has no recording of its images. DissectionView(…, recording=…)";

/**
 * @param {HTMLElement} root
 * @param {object} context
 * @param {any} context.Plotly
 * @param {Catalog} context.catalog
 * @param {Selection} context.selection
 * @param {Settings} context.settings
 * @param {(change: Partial<Settings>) => void} context.write
 * @param {AbortSignal} context.signal
 */
export function createDissectionView(root, { Plotly, catalog, selection, settings, write, signal }) {
  /** @type {Table | null} */
  let table = null;
  /** @type {Bar[]} */
  let bars = [];
  let drawn = "";

  const controls = createControls({ write });
  const chart = createChart({ root, Plotly, onConcept: chooseConcept, signal });
  const cards = createCards({ catalog, selection, resource: settings.resource, signal });
  const missing = settings.resource ? (catalog.thumb.missing ?? "") : NO_PICTURES;
  const legend = h(
    "div",
    { class: "nbi-detector-legend", "aria-hidden": "true" },
    key("fill", "IoU"),
    key("band", "chance, up to 95 %"),
    key("mean", "chance, mean"),
    key("bound", "bound of a detector"),
  );
  root.append(
    controls.header,
    h(
      "div",
      { class: "nbi-dissection-main" },
      h("section", { class: "nbi-dissection-left", "aria-label": "Concepts" }, controls.legend, chart.element),
      h(
        "section",
        { class: "nbi-dissection-right", "aria-label": "Units" },
        controls.cardBar,
        h("div", { class: "nbi-warn nbi-missing", hidden: missing === "" }, missing),
        legend,
        cards.element,
      ),
    ),
  );
  undoKeys(root, selection, signal);
  followTheme(root, signal, () => chart.redraw());

  /** A click on a bar: its units become the selected ones, the cards are theirs. @param {number} concept −1: none */
  function chooseConcept(concept) {
    if (!table) return;
    const { shown, label_by } = settings;
    const units = concept < 0 ? null : unitsOfConcept(shown, table, label_by, concept);
    selection.setUnits(units && { layer: shown.layer, units });
    write({ concept });
  }

  /** @param {boolean} top whether the list begins at the first card again */
  function showCards(top) {
    if (!table) return;
    const { shown } = settings;
    const { units, labels } = arrange(shown, table, settings);
    const none = settings.detectors_only
      ? `No unit that is a detector (IoU above ${shown.iou_threshold}) fits. “Detectors only” off shows the others.`
      : "No unit fits.";
    cards.show(
      { shown, table, labels, units },
      { concepts: settings.concept_masks && settings.resource !== "", words: none, top },
    );
    controls.show(settings, shown, bars, units.length);
  }

  function showBars() {
    if (!table) return;
    const { shown, label_by, concept, category } = settings;
    bars = barsOf(shown, table, label_by);
    const again = drawn !== label_by;
    drawn = label_by;
    chart.show(shown, bars, { concept, category: shown.categories.indexOf(category), again });
  }

  return {
    /** Show other settings. @param {Partial<Settings>} change */
    async apply(change) {
      settings = { ...settings, ...change };
      if ("height" in change) root.style.setProperty("--nbi-height", `${settings.height}px`);
      if ("table" in change) {
        table = readTable(settings.shown, settings.arrays, asDataView(settings.table));
        controls.about(settings.shown);
      }
      if (["table", "label_by", "concept", "category"].some((name) => name in change)) showBars();
      if (Object.keys(change).some((name) => name !== "height")) showCards(!("concept_masks" in change));
      if ("table" in change) cards.reveal();
    },
  };
}

/** An entry of the legend of a card's bar. @param {string} name @param {string} words */
function key(name, words) {
  return h("span", { class: "nbi-detector-key" }, h("span", { class: `nbi-detector-${name}` }), words);
}
