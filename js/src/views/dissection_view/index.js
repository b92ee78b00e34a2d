/** DissectionView: the adapter between its model and the view. */
import { onChanges, valuesOf } from "../../lib/adapter.js";
import { lifetime, write } from "../../lib/bind.js";
import { connect, hideSnapshot, linked, showProblem, viewRoot } from "../../lib/dom.js";
import { createDissectionView } from "./view.js";

/** @import { RenderProps } from "../../lib/types.js" */
/** @import { Settings } from "./view.js" */

const TRAITS = /** @type {const} */ ([
  "shown",
  "arrays",
  "table",
  "resource",
  "label_by",
  "category",
  "concept",
  "detectors_only",
  "search",
  "sort_by",
  "descending",
  "concept_masks",
  "height",
]);

/** @param {RenderProps} props */
async function render({ model, el, host, signal: outer }) {
  const { signal, end } = lifetime(outer);
  try {
    const [{ catalog, selection }, { Plotly }] = await Promise.all([
      connect(model, host),
      linked(model, host, "runtime"),
    ]);
    if (signal.aborted) return end;
    const root = viewRoot(el, "nbi-dissection");
    const settings = /** @type {Settings} */ (valuesOf(model, TRAITS));
    const view = createDissectionView(root, {
      Plotly,
      catalog,
      selection,
      settings,
      write: (change) => write(model, change),
      signal,
    });

    onChanges(model, TRAITS, view.apply, signal);
    await view.apply(settings);
    hideSnapshot(model.get("snapshot_id"), signal);
    catalog.thumbs.prefetch();
  } catch (error) {
    showProblem(el, error);
  }
  return end;
}

export default { initialize() {}, render };
