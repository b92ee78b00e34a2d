/** The unit list's controls, and what its measures mean. */
import { h } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { debounce } from "../../lib/timing.js";

/** @import { SortKey } from "./state.js" */
/** @import { Settings } from "./view.js" */

export const MEANING = {
  activity: "Activity: the unit's activation averaged over all positions and images.",
  exemplars: "Exemplars: the images on which the unit's largest activation is highest, strongest first.",
  selectivity:
    "Selectivity: (mean for the favourite class − mean for the others) / (their sum); 1 = answers to that class only, 0 = to all alike (Morcos et al. 2018).",
};

/** @param {{write: (change: Partial<Settings>) => void, onMasked: (masked: boolean) => void}} actions */
export function createToolbar({ write, onMasked }) {
  const options = [
    ["activity", "activity"],
    ["selectivity", "selectivity"],
    ["peak", "peak"],
    ["unit", "unit number"],
  ];
  const sort = h("select", { class: "nbi-select" }, ...options.map(([value, words]) => h("option", { value }, words)));
  sort.addEventListener("change", () =>
    write({ sort_by: /** @type {SortKey} */ (sort.value), descending: sort.value !== "unit" }),
  );
  const direction = h("button", { type: "button", class: "nbi-button nbi-direction" });
  direction.addEventListener("click", () => write({ descending: direction.dataset.descending !== "true" }));
  const search = h("input", {
    type: "search",
    class: "nbi-input nbi-search",
    placeholder: "Unit or class",
    "aria-label": "Search by unit number or class name",
  });
  const send = debounce(() => write({ search: search.value }), 120);
  search.addEventListener("input", send);
  search.addEventListener("keydown", (event) => event.key === "Enter" && send.flush());
  const mask = h(
    "button",
    {
      type: "button",
      class: "nbi-button",
      "aria-pressed": "true",
      title: "Darken all of an exemplar but the area that drives the unit most",
    },
    "Mask",
  );
  mask.addEventListener("click", () => {
    const next = mask.getAttribute("aria-pressed") !== "true";
    mask.setAttribute("aria-pressed", String(next));
    onMasked(next);
  });
  const label = h(
    "label",
    {
      class: "nbi-field",
      title: `${MEANING.activity}\n${MEANING.selectivity}\nPeak: the largest activation on any image.\n${MEANING.exemplars}`,
    },
    "Sort",
    sort,
  );
  return {
    element: h("div", { class: "nbi-bar" }, h("span", { class: "nbi-field" }, label, direction), search, mask),
    search,
    /** @param {Settings} settings */
    show({ sort_by, descending, search: text }) {
      sort.value = sort_by;
      if (!search.matches(":focus")) search.value = text;
      direction.dataset.descending = String(descending);
      direction.title = descending ? "Descending; click for ascending" : "Ascending; click for descending";
      direction.setAttribute("aria-label", direction.title);
      direction.replaceChildren(icon(descending ? "down" : "up"));
    },
  };
}
