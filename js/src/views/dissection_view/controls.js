/** The view's upper part: what was dissected, how unique detectors are counted, which cards are shown in which order. */
import { h, put } from "../../lib/dom.js";
import { setHidden } from "../../lib/focus.js";
import { icon } from "../../lib/icons.js";
import { keepFocus } from "../../lib/keep_focus.js";
import { CATEGORICAL } from "../../lib/palette.js";
import { debounce } from "../../lib/timing.js";
import { countWords, many, settingWords } from "./words.js";

/** @import { Bar, Shown, SortKey } from "./state.js" */
/** @import { Settings } from "./view.js" */

const MEANING = {
  best: "Unique detectors by the text of Bau et al. 2017: the different best concepts of all detector units",
  per_category:
    "Unique detectors as they are published: within each category the different best concepts, added up; a unit may count in several categories",
  above: "Above chance: IoU minus the 95th percentile of the best IoU that the unit reaches with other images' masks",
};
const SORTS = [
  ["iou", "IoU"],
  ["above_chance", "IoU above chance"],
  ["unit", "unit number"],
  ["area", "area"],
];

/** @param {{write: (change: Partial<Settings>) => void}} actions */
export function createControls({ write }) {
  const title = h("div", { class: "nbi-dissection-title" });
  const counts = h("div", { class: "nbi-dissection-counts" });
  const labels = h("div", { class: "nbi-labels", role: "radiogroup", "aria-label": "Label a unit by" });
  const choices = /** @type {const} */ ([
    ["best", "best concept"],
    ["per_category", "best of each category"],
  ]).map(([value, words]) => {
    const count = h("strong");
    const button = h(
      "button",
      {
        type: "button",
        class: "nbi-button",
        role: "radio",
        title: MEANING[value],
        onclick: () => write({ label_by: value }),
      },
      count,
      ` by ${words}`,
    );
    return { value, count, button };
  });
  labels.append(...choices.map(({ button }) => button));
  labels.addEventListener("keydown", (event) => {
    const at = choices.findIndex(({ button }) => button === event.target);
    if (at < 0 || !/^Arrow/.test(event.key)) return;
    event.preventDefault();
    const next = choices[1 - at];
    next.button.focus();
    next.button.click();
  });
  const notes = h("details", { class: "nbi-dissection-notes", hidden: true });
  const legend = h("div", { class: "nbi-categories", role: "group", "aria-label": "Categories" });
  const cards = createCardControls(write);
  return {
    header: h(
      "div",
      { class: "nbi-dissection-header" },
      title,
      counts,
      h("div", { class: "nbi-bar" }, h("span", { class: "nbi-status" }, "Unique detectors:"), labels),
      notes,
    ),
    legend,
    cardBar: cards.element,
    /** @param {Shown} shown */
    about(shown) {
      title.replaceChildren(h("strong", {}, shown.layer), ` · ${settingWords(shown)}`);
      counts.replaceChildren(...countWords(shown).map((words) => h("span", {}, words)));
      for (const { value, count } of choices) count.textContent = shown.unique[value].toLocaleString("en-US");
      writeNotes(notes, shown);
    },
    /** @param {Settings} settings @param {Shown} shown @param {Bar[]} bars @param {number} n cards */
    show(settings, shown, bars, n) {
      for (const { value, button } of choices) {
        const chosen = settings.label_by === value;
        button.setAttribute("aria-checked", String(chosen));
        button.tabIndex = chosen ? 0 : -1;
      }
      writeLegend(legend, settings, shown, bars, write);
      cards.show(settings, shown, n);
    },
  };
}

/** @param {HTMLElement} notes @param {Shown} shown */
function writeNotes(notes, shown) {
  const lines = [...shown.notes];
  if (shown.left_out.length)
    lines.push(`left out, in too few images: ${many(shown.left_out.length, "concept")} (${shown.left_out.join(", ")})`);
  notes.hidden = lines.length === 0;
  notes.replaceChildren(h("summary", {}, many(lines.length, "note")), ...lines.map((line) => h("p", {}, line)));
}

/**
 * A button for every category: its colour, its detector units, and a filter.
 * @param {HTMLElement} legend @param {Settings} settings @param {Shown} shown @param {Bar[]} bars
 * @param {(change: Partial<Settings>) => void} write
 */
function writeLegend(legend, settings, shown, bars, write) {
  const keys = () =>
    shown.categories.map((name, category) => {
      const own = bars.filter((bar) => bar.category === category);
      const units = own.reduce((sum, bar) => sum + bar.count, 0);
      const words = `${name}: ${many(units, "detector unit")}, ${many(own.length, "concept")}`;
      const chosen = settings.category === name;
      return h(
        "button",
        {
          type: "button",
          class: "nbi-button nbi-category-key",
          title: `${words}. Click to show ${chosen ? "all categories" : "its units only"}`,
          "aria-pressed": String(chosen),
          onclick: () => write({ category: chosen ? "" : name, concept: -1 }),
        },
        h("span", {
          class: "nbi-detector-swatch",
          style: `background: ${CATEGORICAL[category % CATEGORICAL.length]}`,
          "aria-hidden": "true",
        }),
        `${name} `,
        h("span", { class: "nbi-category-count" }, String(units)),
      );
    });
  keepFocus(legend, () => legend.replaceChildren(...keys()));
}

/** @param {(change: Partial<Settings>) => void} write */
function createCardControls(write) {
  const count = h("span", { class: "nbi-detectors-count", role: "status" });
  const all = h(
    "button",
    { type: "button", class: "nbi-button", onclick: () => write({ concept: -1, category: "", search: "" }) },
    icon("clear", 11),
    " Show all",
  );
  const search = h("input", {
    type: "search",
    class: "nbi-input nbi-search",
    placeholder: "Unit or concept",
    "aria-label": "Search by unit number or concept",
  });
  const send = debounce(() => write({ search: search.value }), 120);
  search.addEventListener("input", send);
  search.addEventListener("keydown", (event) => event.key === "Enter" && send.flush());
  const sort = h("select", { class: "nbi-select" }, ...SORTS.map(([value, words]) => h("option", { value }, words)));
  sort.addEventListener("change", () =>
    write({ sort_by: /** @type {SortKey} */ (sort.value), descending: sort.value !== "unit" }),
  );
  const direction = h("button", { type: "button", class: "nbi-button nbi-direction" });
  direction.addEventListener("click", () => write({ descending: direction.dataset.descending !== "true" }));
  const toggle = (/** @type {"detectors_only" | "concept_masks"} */ key, /** @type {string} */ words) => {
    const button = h("button", { type: "button", class: "nbi-button" }, words);
    button.addEventListener("click", () => write({ [key]: button.getAttribute("aria-pressed") !== "true" }));
    return button;
  };
  const detectors = toggle("detectors_only", "Detectors only");
  const masks = toggle("concept_masks", "Concept masks");
  masks.title = "Below each image masked to the unit, the same image masked to the concept";
  const field = h(
    "span",
    { class: "nbi-field" },
    h("label", { class: "nbi-field", title: MEANING.above }, "Sort", sort),
    direction,
  );
  return {
    element: h("div", { class: "nbi-bar" }, count, all, search, field, detectors, masks),
    /** @param {Settings} settings @param {Shown} shown @param {number} n cards */
    show(settings, shown, n) {
      const concept = shown.concepts[settings.concept];
      const of = concept ? ` of ${concept.name} (${shown.categories[concept.category]})` : "";
      const within = !of && settings.category ? ` of ${settings.category}` : "";
      put(count, `${many(n, "unit")}${of}${within}`);
      if (!search.matches(":focus")) search.value = settings.search;
      setHidden(all, settings.concept < 0 && !settings.category && !settings.search, search);
      sort.value = settings.sort_by;
      detectors.setAttribute("aria-pressed", String(settings.detectors_only));
      detectors.title = `Only units whose IoU is above ${shown.iou_threshold}`;
      masks.setAttribute("aria-pressed", String(settings.concept_masks));
      masks.hidden = settings.resource === "";
      direction.dataset.descending = String(settings.descending);
      direction.title = settings.descending ? "Descending; click for ascending" : "Ascending; click for descending";
      direction.setAttribute("aria-label", direction.title);
      direction.replaceChildren(icon(settings.descending ? "down" : "up"));
    },
  };
}
