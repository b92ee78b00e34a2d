/** The embedding plot as a piece of page. Knows the catalog and the selection, nothing of notebooks. */
import { h, viewRoot } from "../../lib/dom.js";
import { followTheme } from "../../lib/theme.js";
import { encode, encodeNumbers, plain, SHAPES_UP_TO } from "./encoding.js";
import { createLegend } from "./legend.js";
import { createLoader, NEEDS_KERNEL } from "./loader.js";
import { createStage } from "./stage.js";
import { undoKeys } from "../selection_bar/view.js";
import { createStatus, createToolbar, UNIT } from "./toolbar.js";

/** @import { Catalog, Coords, Selection } from "../../lib/types.js" */
/** @import { Encoding } from "./encoding.js" */
/** @import { Method } from "./loader.js" */

const AXES = {
  pca: { x: "first principal component", y: "second principal component" },
  umap: { x: "UMAP 1", y: "UMAP 2" },
};

/**
 * @typedef {object} ViewOptions
 * @property {any} Plotly
 * @property {Catalog} catalog
 * @property {Selection} selection
 * @property {AbortSignal} signal
 * @property {(layer: string) => void} onLayer a control was used: the owner of the state decides
 * @property {(method: Method) => void} onMethod
 * @property {(name: string) => void} onColor
 * @property {() => void} onFirstPicture
 */

/** @param {HTMLElement} el @param {ViewOptions} options */
export function createView(el, options) {
  const { Plotly, catalog, selection, signal } = options;
  const state = { layer: "", method: /** @type {Method} */ ("pca"), color: "", shown: "", pictured: false };
  const root = viewRoot(el, "nbi-plot");
  followTheme(root, signal);
  const onPainted = () => {
    if (state.pictured || state.shown === "") return;
    state.pictured = true;
    options.onFirstPicture();
  };
  const toolbar = createToolbar(catalog, { ...options, onStop: () => loader.stop(state.layer) });
  const status = createStatus(catalog, selection, signal);
  const stage = createStage({ root, Plotly, catalog, selection, signal, onPainted, say: status.say });
  const onToggle = (/** @type {Set<number>} */ hidden) => stage.scene.setHidden(hidden);
  const legend = createLegend({ onToggle, say: status.say, signal });
  undoKeys(root, selection, signal);
  root.append(toolbar.element, h("div", { class: "nbi-plot-body" }, stage.area, legend.element), status.element);

  const show = (/** @type {Coords} */ { xy, meta }, /** @type {Method} */ method) => {
    const sameLayer = state.shown === state.layer;
    state.shown = state.layer;
    stage.show(xy, { name: state.layer, ...AXES[method] }, sameLayer);
    const what = `${method.toUpperCase()} of layer ${state.layer}, ${catalog.nItems} items as points`;
    if (stage.area.hasAttribute("aria-label")) status.say(what); // the first picture is no news
    stage.area.setAttribute("aria-label", what);
    status.setNote(meta.note ?? "");
  };
  const loader = createLoader(
    catalog,
    { show, report: toolbar.report, stopped: () => options.onMethod("pca") },
    signal,
  );

  const load = () => {
    if (state.layer === "") return;
    const umap = catalog.available(["coords", state.layer, "umap"]);
    const method = umap ? state.method : "pca";
    toolbar.disableUmap(umap ? "" : NEEDS_KERNEL);
    toolbar.setMethod(method);
    loader.load(state.layer, method);
  };
  const recolor = newest(
    () => encodingOf(catalog, selection, state.color),
    (encoding) => {
      stage.scene.setEncoding(encoding);
      legend.show(encoding, catalog.nItems <= SHAPES_UP_TO);
    },
    (error) => toolbar.report({ busy: false, text: `No colours: ${error.message}`, fraction: null, failed: true }),
    signal,
  );
  selection.on("unit", () => state.color === UNIT && recolor(), signal);
  stage.start().catch((error) => {
    stage.area.textContent = `The plot could not be drawn: ${error.message}`;
    status.say(stage.area.textContent);
  });

  return {
    setLayer(/** @type {string} */ layer) {
      state.layer = layer || (catalog.layers[0]?.name ?? "");
      toolbar.setLayer(state.layer);
      load();
    },
    setMethod(/** @type {Method} */ method) {
      state.method = method;
      load();
    },
    setColor(/** @type {string} */ name) {
      state.color = name;
      toolbar.setColor(name);
      recolor();
    },
    setHeight: (/** @type {number} */ px) => root.style.setProperty("--nbi-plot-height", `${px}px`),
  };
}

/**
 * A function that starts `ask` and hands the answer on unless it was called again meanwhile.
 *
 * @template T
 * @param {() => Promise<T>} ask
 * @param {(answer: T) => void} use
 * @param {(error: Error) => void} fail
 * @param {AbortSignal} signal
 */
function newest(ask, use, fail, signal) {
  let count = 0;
  return () => {
    const mine = ++count;
    const current = () => mine === count && !signal.aborted;
    ask().then(
      (answer) => current() && use(answer),
      (error) => current() && fail(error),
    );
  };
}

/** @param {Catalog} catalog @param {Selection} selection @param {string} name @returns {Promise<Encoding>} */
async function encodingOf(catalog, selection, name) {
  if (name !== UNIT) return name ? encode(await catalog.column(name)) : plain(catalog.nItems);
  const { unit } = selection;
  if (!unit) return plain(catalog.nItems);
  const { max } = await catalog.activation(unit.layer, unit.unit);
  return encodeNumbers(max, `unit ${unit.unit}`, `${unit.layer} unit ${unit.unit}: largest activation`);
}
