/** UnitGallery: the adapter between its model and the view. */
import { adapter } from "../../lib/adapter.js";
import { createGallery } from "./view.js";

const TRAITS = [
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
];

export default {
  initialize() {},
  render: adapter({ className: "nbi-gallery", traits: TRAITS, create: createGallery }),
};
