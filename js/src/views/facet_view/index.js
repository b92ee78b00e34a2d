/** FacetView: the adapter between its model and the view. */
import { adapter } from "../../lib/adapter.js";
import { createFacetView } from "./view.js";

const TRAITS = [
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
];

export default {
  initialize() {},
  render: adapter({ className: "nbi-facets", traits: TRAITS, create: createFacetView }),
};
