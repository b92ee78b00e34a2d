/** EmbeddingPlot for anywidget: ties the traits to the view. */
import { bind, lifetime, write } from "../../lib/bind.js";
import { connect, hideSnapshot, linked, showProblem } from "../../lib/dom.js";
import { UNIT } from "./toolbar.js";
import { createView } from "./view.js";

/** @import { Model, RenderProps, Selection } from "../../lib/types.js" */

/** @param {RenderProps} props */
async function render({ model, el, host, signal: outer }) {
  const { signal, end } = lifetime(outer);
  try {
    const [{ catalog, selection }, { Plotly }] = await Promise.all([
      connect(model, host),
      linked(model, host, "runtime"),
    ]);
    if (signal.aborted) return end;
    const view = createView(el, {
      Plotly,
      catalog,
      selection,
      signal,
      onLayer: (layer) => write(model, { layer }),
      onMethod: (method) => write(model, { method }),
      onColor: (color_by) => write(model, { color_by }),
      onFirstPicture: () => hideSnapshot(model.get("snapshot_id"), signal),
    });
    bind(model, "height", view.setHeight, signal);
    bind(model, "method", view.setMethod, signal);
    bind(model, "layer", view.setLayer, signal);
    bind(model, "color_by", view.setColor, signal);
    colorByUnit(model, selection, signal);
    catalog.thumbs.prefetch();
  } catch (problem) {
    showProblem(el, problem);
  }
  return end;
}

/**
 * A unit that gets selected colours the plot; when it is let go, the colours from before come back.
 *
 * @param {Model} model
 * @param {Selection} selection
 * @param {AbortSignal} signal
 */
function colorByUnit(model, selection, signal) {
  let before = "";
  const follow = (/** @type {unknown} */ unit) => {
    const now = model.get("color_by");
    if (unit && now !== UNIT) {
      before = now;
      write(model, { color_by: UNIT });
    } else if (!unit && now === UNIT && before) write(model, { color_by: before });
  };
  selection.on("unit", follow, signal);
}

export default { render };
