/** FacetView: the adapter between its model and the view. */
import { lifetime, onChange, write } from "../../lib/bind.js";
import { connect, hideSnapshot, showProblem, viewRoot } from "../../lib/dom.js";
import { followTheme } from "../../lib/theme.js";
import { perFrame } from "../../lib/timing.js";
import { createFacetView } from "./view.js";

/** @import { RenderProps } from "../../lib/types.js" */
/** @import { Settings } from "./view.js" */

const TRAITS = /** @type {const} */ ([
  "layer",
  "unit",
  "n_facets",
  "synthesis",
  "follow",
  "shown",
  "indices",
  "assignments",
  "xy",
  "means",
  "mean_tiles",
  "cards",
  "sheet",
  "tiles",
  "state",
  "progress",
  "choices",
  "busy",
  "problem",
  "height",
]);

/** @param {RenderProps} props */
async function render({ model, el, host, signal: outer }) {
  const { signal, end } = lifetime(outer);
  try {
    const { catalog, selection } = await connect(model, host);
    if (signal.aborted) return end;
    const root = viewRoot(el, "nbi-facets");
    followTheme(root, signal);
    const settings = /** @type {Settings} */ (Object.fromEntries(TRAITS.map((key) => [key, model.get(key)])));
    const send = (/** @type {Record<string, unknown>} */ message) => model.send(message);
    const context = {
      catalog,
      selection,
      settings,
      write: (/** @type {any} */ change) => write(model, change),
      send,
      signal,
    };
    const view = createFacetView(root, context);

    // Traits of one message belong together: a sheet and how its tiles lie.
    /** @type {Record<string, unknown>} */
    let changed = {};
    const applyAll = perFrame(() => {
      const change = changed;
      changed = {};
      view.apply(change);
    }, signal);
    for (const key of TRAITS) {
      const note = (/** @type {unknown} */ value) => {
        changed[key] = value;
        applyAll();
      };
      onChange(model, key, note, signal);
    }
    const receive = (/** @type {any} */ message, /** @type {DataView[]} */ buffers) => view.receive(message, buffers);
    model.on("msg:custom", receive);
    signal.addEventListener("abort", () => model.off("msg:custom", receive), { once: true });
    await view.apply(settings);
    hideSnapshot(model.get("snapshot_id"), signal);
    send({ kind: "ready" });
  } catch (error) {
    showProblem(el, error);
  }
  return end;
}

export default { initialize() {}, render };
