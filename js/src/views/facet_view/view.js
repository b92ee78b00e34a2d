/** The facet view on the page. Knows nothing of Jupyter. */
import { textOf } from "../../lib/columns.js";
import { announce, h, put } from "../../lib/dom.js";
import { keepFocus } from "../../lib/keep_focus.js";
import { undoKeys } from "../selection_bar/view.js";
import { createPictures } from "../unit_gallery/pictures.js";
import { createRunBar } from "../unit_gallery/run_bar.js";
import { createCards } from "./cards.js";
import { createChart } from "./chart.js";
import { createControls } from "./controls.js";
import { createScatter } from "./scatter.js";
import { readPoints } from "./state.js";

/** @import { Catalog, Column, Selection } from "../../lib/types.js" */
/** @import { Card, Progress, RunState } from "../unit_gallery/state.js" */
/** @import { Quality, Shown } from "./state.js" */

/**
 * What the view shows; the names are those of the widget's traits.
 * @typedef {object} Settings
 * @property {string} layer
 * @property {number} unit
 * @property {number} n_facets 0: as many as the images show
 * @property {"fourier" | "tv" | "centre" | "none"} synthesis
 * @property {boolean} follow
 * @property {Shown} shown
 * @property {DataView} indices
 * @property {DataView} assignments
 * @property {DataView} xy
 * @property {DataView} means
 * @property {any} mean_tiles
 * @property {Card[]} cards
 * @property {DataView} sheet
 * @property {any} tiles
 * @property {RunState | "none"} state
 * @property {Progress} progress
 * @property {Quality | Record<string, never>} quality
 * @property {any} choices
 * @property {string} busy
 * @property {string} problem
 * @property {number} height
 */

const NO_KERNEL = "Needs a running kernel";

/** @param {number} n */
const counted = (n) => `${n.toLocaleString("en-US")} image${n === 1 ? "" : "s"}`;

/**
 * @param {HTMLElement} root
 * @param {object} context
 * @param {Catalog} context.catalog
 * @param {Selection} context.selection
 * @param {Settings} context.settings
 * @param {(change: Partial<Settings>) => void} context.write
 * @param {(message: Record<string, unknown>) => void} context.send
 * @param {AbortSignal} context.signal
 */
export function createFacetView(root, { catalog, selection, settings, write, send, signal }) {
  /** @type {Column | null} */
  let names = null;
  const nameOf = (/** @type {number} */ item) => (names && textOf(names, item)) || `image ${item}`;

  const controls = createControls({ write, pick });
  const runBar = createRunBar({ send });
  const said = h("div", { class: "nbi-hidden", role: "status" });
  const say = (/** @type {string} */ text) => announce(said, text);
  const onChoose = () => say(`${counted(selection.size)} selected`);
  const scatter = createScatter({ root, catalog, selection, say, onChoose, signal });
  const chart = createChart({ send });
  const finding = h("div", { class: "nbi-finding", role: "status" });
  const problem = h("div", { class: "nbi-warn nbi-facet-problem", role: "alert" });
  const means = createPictures({ onLoad: (_first, _count, aspect) => drawn(aspect, () => cards.drawMeans()) });
  const made = createPictures({ onLoad: (_first, _count, aspect) => drawn(aspect, () => cards.drawMade()) });
  const cards = createCards({ catalog, selection, means, made, nameOf, onChoose, signal });
  root.append(
    controls.element,
    finding,
    problem,
    runBar.element,
    h(
      "div",
      { class: "nbi-facet-body" },
      h("div", { class: "nbi-facet-left" }, scatter.element, chart.element),
      h("div", { class: "nbi-facet-right" }, cards.element),
    ),
    said,
  );
  undoKeys(root, selection, signal);
  catalog
    .column("name")
    .then((column) => {
      names = column;
      if (!signal.aborted) showFacets();
    })
    .catch(() => {});

  /** @param {number} aspect of the images @param {() => void} draw */
  function drawn(aspect, draw) {
    root.style.setProperty("--nbi-aspect", String(aspect));
    draw();
  }

  /** @param {string} layer @param {number} unit */
  function pick(layer, unit) {
    write({ layer, unit });
    selection.setUnit({ layer, unit });
  }

  selection.on(
    "unit",
    (unit) => {
      const known = settings.choices.layers?.some((/** @type {{name: string}} */ one) => one.name === unit?.layer);
      if (unit && known && settings.follow && catalog.hasKernel) write(unit);
    },
    signal,
  );

  function showFacets() {
    const { shown, indices, assignments, xy } = settings;
    const points = readPoints(indices, assignments, xy);
    scatter.show(points, shown.n_facets);
    chart.show(shown);
    cards.show(shown, points);
    cards.tell(settings.cards, settings.state);
    showQuality();
  }

  function showQuality() {
    keepFocus(chart.element, () => chart.judge(settings.quality, catalog.hasKernel ? "" : NO_KERNEL));
    cards.judge(settings.quality, settings.shown.serial);
  }

  function showRun() {
    const { state, progress } = settings;
    runBar.element.hidden = state === "none";
    if (state !== "none") runBar.show(state, progress, catalog.hasKernel ? "" : NO_KERNEL);
  }

  return {
    /** Show other settings. @param {Partial<Settings>} change */
    async apply(change) {
      settings = { ...settings, ...change };
      if ("height" in change) root.style.setProperty("--nbi-height", `${settings.height}px`);
      if ("shown" in change || "assignments" in change) showFacets();
      put(finding, settings.busy || settings.shown.finding);
      root.classList.toggle("nbi-busy", settings.busy !== "");
      put(problem, settings.problem);
      problem.hidden = settings.problem === "";
      controls.show(settings, catalog.hasKernel ? "" : NO_KERNEL);
      if ("state" in change || "progress" in change) showRun();
      if ("cards" in change || "state" in change) cards.tell(settings.cards, settings.state);
      if ("quality" in change) showQuality();
      const loading = [];
      if ("means" in change || "mean_tiles" in change)
        loading.push(means.setSheet(settings.means, settings.mean_tiles));
      if ("sheet" in change || "tiles" in change) {
        loading.push(made.setSheet(settings.sheet, settings.tiles));
        cards.drawMade(); // without a sheet nothing is left to show
      }
      await Promise.all(loading);
    },
    /** A message of the kernel. @param {any} message @param {DataView[]} buffers */
    async receive(message, buffers) {
      if (message.kind !== "frame") return;
      await made.addFrame(buffers[0], message).catch(() => {});
      send({ kind: "ready", serial: message.serial });
    },
  };
}
