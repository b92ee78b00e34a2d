/** AblationPanel: the adapter between its model and the view. */
import { adapter } from "../../lib/adapter.js";
import { perTask } from "../../lib/timing.js";
import { createAblationPanel } from "./view.js";

const TRAITS = [
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
];

export default {
  initialize() {},
  render: adapter({ className: "nbi-ablation", traits: TRAITS, create: createAblationPanel, together: perTask }),
};
