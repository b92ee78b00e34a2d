/** Explorer: the adapter between its model, the frame and the three views it holds. */
import { bind, lifetime, onChange, write } from "../../lib/bind.js";
import { connect, hideSnapshot, showProblem, viewRoot } from "../../lib/dom.js";
import { followTheme } from "../../lib/theme.js";
import { createExplorer } from "./view.js";

/** @import { Host, Model, RenderProps } from "../../lib/types.js" */

const CHILDREN = /** @type {const} */ (["plot", "units", "grid"]);

/** @param {RenderProps} props */
async function render({ model, el, host, signal: outer }) {
  const { signal, end } = lifetime(outer);
  try {
    const { catalog, selection } = await connect(model, host);
    if (signal.aborted) return end;
    const root = viewRoot(el, "nbi-explorer");
    followTheme(root, signal);
    const layers = model.get("layers");
    const onLayer = (/** @type {string} */ layer) => write(model, { layer });
    const view = createExplorer(root, { catalog, selection, layers, onLayer, signal });
    const followers = await layerFollowers(model, /** @type {Host} */ (host));
    bind(
      model,
      "layer",
      (layer) => {
        view.setLayer(layer);
        for (const follower of followers) write(follower, { layer });
      },
      signal,
    );
    for (const follower of followers) onChange(follower, "layer", onLayer, signal);
    const drawn = CHILDREN.map((name) =>
      renderChild(model, /** @type {Host} */ (host), name, view.places[name], signal),
    );
    Promise.all(drawn).then(() => hideSnapshot(model.get("snapshot_id"), signal));
  } catch (error) {
    showProblem(el, error);
  }
  return end;
}

/** The models that show the explorer's layer. @param {Model} model @param {Host} host */
async function layerFollowers(model, host) {
  const refs = [model.get("plot"), model.get("units")];
  return Promise.all(refs.map((ref) => host.getModel(ref)));
}

/**
 * One child in its place; a child that cannot be had leaves a message there and the others alone.
 * @param {Model} model @param {Host} host @param {"plot" | "units" | "grid"} name @param {HTMLElement} el @param {AbortSignal} signal
 */
async function renderChild(model, host, name, el, signal) {
  try {
    const child = await host.getWidget(model.get(name));
    if (!signal.aborted) await child.render({ el, signal });
  } catch (error) {
    showProblem(el, error);
  }
}

export default { initialize() {}, render };
