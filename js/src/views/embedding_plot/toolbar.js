/** Controls above the plot: layer, method, colour; below them what is going on. */
import { h, isAttended, put } from "../../lib/dom.js";
import { setHidden } from "../../lib/focus.js";
import { debounce } from "../../lib/timing.js";

/** @import { Catalog, Selection } from "../../lib/types.js" */
/** @import { Method } from "./loader.js" */

/** The choice that colours by the selected unit. */
export const UNIT = "unit";
const HINT = "Shift adds, Alt takes away, Ctrl + wheel zooms";

/**
 * @typedef {object} ToolbarEvents
 * @property {(layer: string) => void} onLayer
 * @property {(method: Method) => void} onMethod
 * @property {(name: string) => void} onColor
 * @property {() => void} onStop
 */

/** @param {Catalog} catalog @param {ToolbarEvents} events */
export function createToolbar(catalog, { onLayer, onMethod, onColor, onStop }) {
  const layer = picker(
    "Layer",
    catalog.layers.map(({ name }) => [name, name]),
    onLayer,
  );
  layer.element.hidden = catalog.layers.length < 2;
  const colours = catalog.columns.filter(({ kind }) => kind !== "text").map(({ name }) => [name, name]);
  const color = picker("Colour", [...colours, [UNIT, "selected unit's activation"]], onColor);
  const method = methodSwitch(onMethod);
  const text = h("span", { class: "nbi-plot-progress" });
  const said = h("span", { class: "nbi-hidden", role: "status" });
  const alarm = h("span", { class: "nbi-hidden", role: "alert" });
  const bar = h("progress", { class: "nbi-plot-meter", max: 1, "aria-label": "UMAP progress" });
  const stop = h("button", { type: "button", class: "nbi-button", title: "Stop computing UMAP, keep PCA" }, "Stop");
  stop.addEventListener("click", onStop);
  const work = h("span", { class: "nbi-plot-work", hidden: true }, bar, text, stop);
  const parts = [layer.element, method.element, color.element, work, said, alarm];
  const element = h("div", { class: "nbi-bar nbi-plot-bar" }, ...parts);
  return {
    element,
    setLayer: layer.set,
    setColor: color.set,
    setMethod: method.set,
    /** @param {string} reason why UMAP cannot be had; "" = it can */
    disableUmap: method.disableUmap,
    /** @param {{ busy: boolean, text: string, fraction: number | null, failed?: boolean }} state */
    report({ busy, text: words, fraction, failed }) {
      setHidden(stop, !busy, method.chosen());
      work.hidden = words === "" && !busy;
      bar.hidden = !busy;
      text.textContent = words;
      put(said, busy ? "Computing UMAP" : ""); // its steps are seen, not told
      put(alarm, failed ? words : "");
      text.classList.toggle("nbi-warn", Boolean(failed));
      if (fraction === null) bar.removeAttribute("value");
      else bar.value = fraction;
    },
  };
}

/**
 * @param {string} label
 * @param {string[][]} options [value, text]
 * @param {(value: string) => void} onPick
 */
function picker(label, options, onPick) {
  const select = h("select", { class: "nbi-select" }, ...options.map(([value, text]) => h("option", { value }, text)));
  select.addEventListener("change", () => onPick(select.value));
  const element = h("label", { class: "nbi-field" }, label, select);
  const set = (/** @type {string} */ value) => {
    select.value = value;
  };
  return { element, set };
}

/** @param {(method: Method) => void} onMethod */
function methodSwitch(onMethod) {
  const button = (/** @type {Method} */ method, /** @type {string} */ title) =>
    h("button", { type: "button", class: "nbi-button", title, click: () => onMethod(method) }, method.toUpperCase());
  const pca = button("pca", "Principal components: linear, at once");
  const umap = button("umap", "UMAP: keeps neighbourhoods; takes a while the first time");
  const element = h("span", { class: "nbi-plot-method", role: "group", "aria-label": "Method" }, pca, umap);
  const set = (/** @type {Method} */ method) => {
    pca.setAttribute("aria-pressed", String(method === "pca"));
    umap.setAttribute("aria-pressed", String(method === "umap"));
  };
  const about = umap.title;
  const disableUmap = (/** @type {string} */ reason) => {
    umap.disabled = reason !== "";
    umap.title = reason || about;
  };
  const chosen = () => (umap.ariaPressed === "true" && !umap.disabled ? umap : pca);
  return { element, set, disableUmap, chosen };
}

/**
 * The line below the plot: how many are selected (seen at once, told to a screen reader when it has settled), a note on
 * the coordinates, and whether the kernel answers.
 *
 * @param {Catalog} catalog
 * @param {Selection} selection
 * @param {AbortSignal} signal
 */
export function createStatus(catalog, selection, signal) {
  const count = h("span", { "aria-hidden": "true" });
  const note = h("span", {});
  const kernel = h("span", { class: "nbi-warn nbi-plot-kernel", role: "status" });
  const live = h("span", { class: "nbi-hidden", role: "status", "aria-live": "polite" });
  const say = debounce((/** @type {string} */ text) => {
    live.textContent = text;
  }, 400);
  const setNote = (/** @type {string} */ text) => {
    note.textContent = text;
  };
  const update = (transient = false) => {
    const { size } = selection;
    const all = catalog.nItems.toLocaleString("en");
    count.textContent = size === 0 ? `${all} items` : `${size.toLocaleString("en")} of ${all} selected`;
    if (!transient && isAttended(live)) say(size === 0 ? "nothing selected" : count.textContent);
  };
  selection.on("change", ({ transient }) => update(transient), signal);
  catalog.onStatus(({ text }) => {
    kernel.textContent = text;
  }, signal);
  signal.addEventListener("abort", say.cancel, { once: true });
  update(true); // the state at the start is no news
  return {
    element: h(
      "div",
      { class: "nbi-status nbi-plot-status" },
      count,
      note,
      kernel,
      h("span", { class: "nbi-plot-hint" }, HINT),
      live,
    ),
    say,
    setNote,
  };
}
