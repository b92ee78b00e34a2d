/** UnitList: the adapter between its model and the view. */
import { lifetime, onChange, write } from "../../lib/bind.js";
import { connect, hideSnapshot, showProblem, viewRoot } from "../../lib/dom.js";
import { followTheme } from "../../lib/theme.js";
import { createUnitList } from "./view.js";

/** @import { RenderProps } from "../../lib/types.js" */
/** @import { Settings } from "./view.js" */

const TRAITS = /** @type {const} */ (["layer", "sort_by", "descending", "search", "height"]);

/** @param {RenderProps} props */
async function render({ model, el, host, signal: outer }) {
  const { signal, end } = lifetime(outer);
  try {
    const { catalog, selection } = await connect(model, host);
    if (signal.aborted) return end;
    const root = viewRoot(el, "nbi-units");
    followTheme(root, signal);
    const settings = /** @type {Settings} */ (Object.fromEntries(TRAITS.map((key) => [key, model.get(key)])));
    const view = createUnitList(root, {
      catalog,
      selection,
      settings,
      write: (change) => write(model, change),
      signal,
    });
    for (const key of TRAITS) onChange(model, key, (value) => view.apply({ [key]: value }), signal);
    view.apply(settings).then(() => hideSnapshot(model.get("snapshot_id"), signal));
  } catch (error) {
    showProblem(el, error);
  }
  return end;
}

export default { initialize() {}, render };
