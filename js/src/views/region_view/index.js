/** RegionView: the adapter between its model and the view. */
import { adapter } from "../../lib/adapter.js";
import { perTask } from "../../lib/timing.js";
import { createRegionView } from "./view.js";

const TRAITS = [
  "anchor",
  "layer",
  "k",
  "t",
  "tolerance",
  "among",
  "follow",
  "tab",
  "layers",
  "shown",
  "columns",
  "reference",
  "evidence",
  "judging",
  "panels",
  "problem",
  "picture",
  "height",
];

export default {
  initialize() {},
  render: adapter({ className: "nbi-region", traits: TRAITS, create: createRegionView, together: perTask }),
};
