/** AblationPanel: the adapter between its model and the view. */
import { lifetime, onChange, write } from "../../lib/bind.js";
import { connect, hideSnapshot, showProblem, viewRoot } from "../../lib/dom.js";
import { followTheme } from "../../lib/theme.js";
import { createAblationPanel } from "./view.js";

/** @import { RenderProps } from "../../lib/types.js" */
/** @import { Settings } from "./view.js" */

const TRAITS = /** @type {const} */ ([
  "edit",
  "about",
  "concepts",
  "shown",
  "flips",
  "ranking",
  "ranked",
  "drops",
  "order",
  "of_class",
  "top",
  "follow",
  "problem",
  "height",
]);

/** @param {RenderProps} props */
async function render({ model, el, host, signal: outer }) {
  const { signal, end } = lifetime(outer);
  try {
    const { catalog, selection } = await connect(model, host);
    if (signal.aborted) return end;
    const root = viewRoot(el, "nbi-ablation");
    followTheme(root, signal);
    const settings = /** @type {Settings} */ (Object.fromEntries(TRAITS.map((key) => [key, model.get(key)])));
    const view = createAblationPanel(root, {
      catalog,
      selection,
      settings,
      write: (change) => write(model, change),
      send: (message) => model.send(message),
      signal,
    });

    // Traits of one message belong together: an effect and the pictures whose prediction changes.
    /** @type {Partial<Settings>} */
    let changed = {};
    let waiting = false;
    const applyAll = () => {
      if (waiting) return;
      waiting = true;
      queueMicrotask(() => {
        const change = changed;
        changed = {};
        waiting = false;
        if (!signal.aborted) view.apply(change);
      });
    };
    for (const key of TRAITS) {
      const note = (/** @type {any} */ value) => {
        changed = { ...changed, [key]: value };
        applyAll();
      };
      onChange(model, key, note, signal);
    }
    await view.apply(settings);
    hideSnapshot(model.get("snapshot_id"), signal);
  } catch (error) {
    showProblem(el, error);
  }
  return end;
}

export default { initialize() {}, render };
