/** AblationPanel: the adapter between its model and the view. */
import { adapter } from "../../lib/adapter.js";
import { lifetime } from "../../lib/bind.js";
import { perTask } from "../../lib/timing.js";
import { createSteps } from "./steps.js";
import { createAblationPanel } from "./view.js";

/** @import { InitializeProps, RenderProps } from "../../lib/types.js" */
/** @import { Steps } from "./steps.js" */

const TRAITS = [
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
];

/** Of every panel, by `snapshot_id`, which no other has: hosts do not hand `render` the model that `initialize` got. @type {Map<string, Steps>} */
const stepsOf = new Map();

/** @param {InitializeProps} props */
function initialize({ model, signal: outer }) {
  const { signal } = lifetime(outer);
  const id = model.get("snapshot_id");
  const steps = createSteps(model, signal);
  stepsOf.set(id, steps);
  signal.addEventListener("abort", () => stepsOf.get(id) === steps && stepsOf.delete(id), { once: true });
}

/** @param {RenderProps} props */
function render(props) {
  const steps = stepsOf.get(props.model.get("snapshot_id"));
  /** @type {Parameters<typeof adapter>[0]["create"]} */
  const create = (root, context) => {
    if (!steps) throw new Error("The panel's widget has gone. Run the cell again.");
    return createAblationPanel(root, { ...context, steps });
  };
  return adapter({ className: "nbi-ablation", traits: TRAITS, create, together: perTask })(props);
}

export default { initialize, render };
