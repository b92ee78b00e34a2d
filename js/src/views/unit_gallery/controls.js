/** The gallery's upper part: what to run, how far it is, and how the cards are shown. */
import { h, put } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { MEANING } from "./card.js";
import { unitsProblem } from "./state.js";

/** @import { SortKey } from "./state.js" */

/** @typedef {{layers: {name: string, n_units: number}[], recipes: {name: string, steps: number, note: string}[],
 *   defaults: {layer: string, units: string, n_images: number, recipe: string, steps: number | null},
 *   diversity?: string}} Choices `diversity`: in words, how several images of a unit are made to differ */
/** @typedef {{kind: "run", layer: string, units: string, n_images: number, recipe: string, steps: number | null}} RunMessage */

let counter = 0;

/**
 * What to run. @param {{run: (message: RunMessage) => void}} actions
 */
export function createRunForm({ run }) {
  const id = `nbi-units-problem-${++counter}`;
  const layer = h("select", { class: "nbi-select nbi-layer" });
  const units = h("input", {
    type: "text",
    class: "nbi-input nbi-which",
    placeholder: "0-7, 12",
    spellcheck: "false",
    autocomplete: "off",
    "aria-describedby": id,
  });
  const many = h("input", { type: "range", min: "1", max: "6", value: "1", class: "nbi-range" });
  const manyText = h("output", { class: "nbi-output" }, "1");
  const recipe = h("select", { class: "nbi-select" });
  const steps = h("input", {
    type: "number",
    min: "1",
    step: "1",
    class: "nbi-input nbi-steps",
    "aria-describedby": id,
  });
  const button = h("button", { type: "submit", class: "nbi-button nbi-run" }, "Run");
  const problem = h("div", { class: "nbi-warn nbi-units-problem", id, role: "status" });
  const explanation = h("span", { class: "nbi-status" });
  const controls = [layer, units, many, recipe, steps, button];
  const diversity = "Images of each unit; several are pushed apart so that they show different sides of it";
  const manyField = h("label", { class: "nbi-field", title: diversity }, "Images per unit", many, manyText);
  const element = h(
    "form",
    { class: "nbi-bar nbi-run-form", "aria-label": "What to run", novalidate: true },
    h("label", { class: "nbi-field" }, "Layer", layer),
    h("label", { class: "nbi-field" }, "Units", units),
    manyField,
    h("label", { class: "nbi-field" }, "Preset", recipe),
    h("label", { class: "nbi-field" }, "Steps", steps),
    button,
    explanation,
    problem,
  );
  let choices = /** @type {Choices | null} */ (null);
  let reason = "";

  const nUnits = () => choices?.layers.find((known) => known.name === layer.value)?.n_units ?? 0;

  function check() {
    const text = choices && !reason ? unitsProblem(units.value, nUnits()) : "";
    units.setAttribute("aria-invalid", String(text !== ""));
    const wrongSteps = !steps.validity.valid;
    put(problem, text || (wrongSteps ? "Steps are a whole number from 1, or empty for those of the preset" : ""));
    layer.title = nUnits() ? `${nUnits()} units` : "";
    steps.setAttribute("aria-invalid", String(wrongSteps));
    button.disabled = reason !== "" || !choices || text !== "" || wrongSteps;
  }

  function showRecipe() {
    const known = choices?.recipes.find((one) => one.name === recipe.value);
    steps.placeholder = known ? String(known.steps) : "";
    recipe.title = known?.note ?? "";
  }

  units.addEventListener("input", check);
  steps.addEventListener("input", check);
  layer.addEventListener("change", check);
  recipe.addEventListener("change", showRecipe);
  many.addEventListener("input", () => {
    manyText.textContent = many.value;
  });
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    check();
    if (button.disabled) return;
    run({
      kind: "run",
      layer: layer.value,
      units: units.value,
      n_images: Number(many.value),
      recipe: recipe.value,
      steps: steps.value === "" ? null : Number(steps.value),
    });
  });

  return {
    element,
    /** What there is to choose. @param {Choices | Record<string, never>} next */
    offer(next) {
      if (!("layers" in next)) return check();
      choices = /** @type {Choices} */ (next);
      const { layers, recipes, defaults } = choices;
      manyField.title = choices.diversity ? `${diversity}: ${choices.diversity}` : diversity;
      layer.replaceChildren(
        ...layers.map(({ name, n_units }) => h("option", { value: name, title: `${n_units} units` }, name)),
      );
      recipe.replaceChildren(...recipes.map(({ name }) => h("option", { value: name }, name)));
      layer.value = defaults.layer;
      recipe.value = defaults.recipe;
      if (units.value === "") units.value = defaults.units;
      many.value = manyText.textContent = String(defaults.n_images);
      steps.value = defaults.steps === null ? "" : String(defaults.steps);
      showRecipe();
      check();
    },
    /** Why nothing can be run; "" where it can. @param {string} why */
    forbid(why) {
      reason = why;
      for (const control of controls) control.disabled = why !== "";
      element.title = why;
      explanation.textContent = why;
      check();
    },
  };
}

/** How the cards are shown. @param {{onSort: (key: SortKey) => void, onSize: (px: number) => void, onExemplars: (shown: boolean) => void, onSaveAll: () => void}} actions */
export function createShowBar({ onSort, onSize, onExemplars, onSaveAll }) {
  const count = h("span", { class: "nbi-count" });
  const options = [
    ["newest", "newest first"],
    ["unit", "unit"],
    ["activation", "activation"],
    ["percentile", "percentile"],
  ];
  const sort = h("select", { class: "nbi-select" }, ...options.map(([value, words]) => h("option", { value }, words)));
  sort.addEventListener("change", () => onSort(/** @type {SortKey} */ (sort.value)));
  const size = h("input", { type: "range", min: "128", max: "384", step: "16", value: "184", class: "nbi-range" });
  size.addEventListener("input", () => onSize(Number(size.value)));
  const exemplars = h(
    "button",
    {
      type: "button",
      class: "nbi-button",
      title: "Show below each image the images of the recording that activate its unit most",
    },
    "Exemplars",
  );
  exemplars.addEventListener("click", () => onExemplars(exemplars.getAttribute("aria-pressed") !== "true"));
  const all = h(
    "button",
    { type: "button", class: "nbi-button", title: "Save all images as PNG files in one ZIP file" },
    icon("download"),
    " Save all",
  );
  all.addEventListener("click", onSaveAll);
  return {
    element: h(
      "div",
      { class: "nbi-bar nbi-show-bar" },
      count,
      h("label", { class: "nbi-field", title: Object.values(MEANING).join("\n") }, "Sort", sort),
      h("label", { class: "nbi-field" }, "Size", size),
      exemplars,
      all,
    ),
    count,
    all,
    /** @param {{sort_by: SortKey, show_exemplars: boolean}} settings @param {boolean} anyExemplars */
    show({ sort_by, show_exemplars }, anyExemplars) {
      sort.value = sort_by;
      exemplars.hidden = !anyExemplars;
      exemplars.setAttribute("aria-pressed", String(show_exemplars));
    },
  };
}
