/** FacetView: the adapter between its model and the view. */
import { formingView } from "../../lib/forming.js";
import { createFacetView } from "./view.js";

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
  "quality",
  "choices",
  "busy",
  "problem",
  "height",
]);

export default {
  initialize() {},
  render: formingView({ className: "nbi-facets", traits: TRAITS, create: createFacetView }),
};
