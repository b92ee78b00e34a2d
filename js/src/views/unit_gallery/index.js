/** UnitGallery: the adapter between its model and the view. */
import { formingView } from "../../lib/forming.js";
import { createGallery } from "./view.js";

const TRAITS = /** @type {const} */ ([
  "cards",
  "sheet",
  "tiles",
  "state",
  "progress",
  "choices",
  "can_run",
  "height",
  "show_exemplars",
  "sort_by",
]);

export default {
  initialize() {},
  render: formingView({ className: "nbi-gallery", traits: TRAITS, create: createGallery }),
};
