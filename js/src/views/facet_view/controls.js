/** The facet view's upper part: which unit, how many facets, how images are made of them. */
import { h, put } from "../../lib/dom.js";

/** @import { Settings } from "./view.js" */

const SYNTHESES = [
  ["fourier", "Fourier", "From the mean image, in the Fourier parameterization"],
  ["tv", "TV schedule", "From the mean image, with total variation denoising in growing octaves (Nguyen et al. 2016)"],
  ["centre", "centre-biased", "A blurry whole first, then its centre refined (Nguyen et al. 2016)"],
  ["none", "none", "Mean images and exemplars only"],
];
const AUTO = "Let the images decide: gap statistic and stability; one facet is a possible answer";

/** @typedef {{layers: {name: string, n_units: number, classes: string[] | null}[], most: number, fixed: string}} Choices */

let counter = 0;

/** @param {{write: (change: Partial<Settings>) => void, pick: (layer: string, unit: number) => void}} actions */
export function createControls({ write, pick }) {
  const id = `nbi-wrong-unit-${++counter}`;
  const layer = h("select", { class: "nbi-select nbi-layer" });
  const classes = h("select", { class: "nbi-select nbi-class", "aria-label": "Class" });
  const number = h("input", {
    type: "number",
    min: 0,
    step: 1,
    class: "nbi-input nbi-unit",
    "aria-label": "Unit",
    "aria-describedby": id,
  });
  const slider = h("input", { type: "range", min: 1, max: 6, class: "nbi-range", "aria-label": "Number of facets" });
  const output = h("output", { class: "nbi-output" });
  const auto = h("button", { type: "button", class: "nbi-button", title: AUTO }, "auto");
  const synthesis = h(
    "select",
    { class: "nbi-select" },
    ...SYNTHESES.map(([value, words, title]) => h("option", { value, title }, words)),
  );
  const follow = h(
    "button",
    { type: "button", class: "nbi-button", title: "Show the unit that is selected in a linked view" },
    "Follow units",
  );
  const reason = h("span", { class: "nbi-status nbi-reason" });
  const wrong = h("span", { class: "nbi-warn nbi-wrong-unit", id, role: "status" });
  const element = h(
    "div",
    { class: "nbi-bar nbi-facet-controls" },
    h("label", { class: "nbi-field" }, "Layer", layer),
    h("span", { class: "nbi-field" }, "Unit", classes, number, wrong),
    h("span", { class: "nbi-field" }, h("label", { class: "nbi-field" }, "Facets", slider, output), auto),
    h("label", { class: "nbi-field" }, "Images by", synthesis),
    follow,
    reason,
  );
  let choices = /** @type {Choices | null} */ (null);

  const known = () => choices?.layers.find(({ name }) => name === layer.value);
  const say = () => {
    output.textContent = slider.value;
  };
  layer.addEventListener("change", () => {
    const chosen = known();
    if (chosen) pick(chosen.name, Math.min(Number(number.value) || 0, chosen.n_units - 1));
  });
  classes.addEventListener("change", () => pick(layer.value, Number(classes.value)));
  number.addEventListener("change", () => {
    const unit = Number(number.value);
    const right = number.value !== "" && Number.isInteger(unit) && unit >= 0 && unit < (known()?.n_units ?? 0);
    number.setAttribute("aria-invalid", String(!right));
    put(wrong, right ? "" : `A unit from 0 to ${(known()?.n_units ?? 1) - 1}`);
    if (right) pick(layer.value, unit);
  });
  slider.addEventListener("input", () => {
    say();
    auto.setAttribute("aria-pressed", "false");
    write({ n_facets: Number(slider.value) });
  });
  auto.addEventListener("click", () => write({ n_facets: 0 }));
  synthesis.addEventListener("change", () => write({ synthesis: /** @type {any} */ (synthesis.value) }));
  follow.addEventListener("click", () => write({ follow: follow.getAttribute("aria-pressed") !== "true" }));

  return {
    element,
    /** @param {Settings} settings @param {string} why nothing can be asked for; "" = it can */
    show(settings, why) {
      choices = "layers" in settings.choices ? settings.choices : null;
      const { layers, most, fixed } = choices ?? { layers: [], most: 6, fixed: "" };
      const all = layers.length ? layers : [{ name: settings.layer, n_units: settings.unit + 1, classes: null }];
      options(
        layer,
        all.map(({ name }) => [name, name]),
      );
      layer.value = settings.layer;
      const chosen = all.find(({ name }) => name === settings.layer);
      const named = chosen?.classes ?? null;
      classes.hidden = !named;
      number.hidden = named !== null;
      if (named)
        options(
          classes,
          named.map((name, unit) => [String(unit), name]),
        );
      classes.value = String(settings.unit);
      number.max = String((chosen?.n_units ?? 1) - 1);
      number.setAttribute("aria-invalid", "false");
      put(wrong, "");
      if (!number.matches(":focus")) number.value = String(settings.unit);
      const n = settings.n_facets || settings.shown.n_facets;
      slider.max = String(Math.max(most, n));
      slider.value = String(n);
      say();
      auto.setAttribute("aria-pressed", String(settings.n_facets === 0));
      synthesis.value = settings.synthesis;
      synthesis.title = synthesis.selectedOptions[0]?.title ?? "";
      follow.setAttribute("aria-pressed", String(settings.follow));
      const wait = choices ? "" : "The layers are being looked at";
      for (const control of [layer, classes, number, synthesis, follow]) control.disabled = (why || wait) !== "";
      for (const control of [slider, auto]) {
        control.disabled = (why || fixed) !== "";
        control.title = why || fixed || (control === auto ? AUTO : "");
      }
      reason.textContent = why || fixed;
      element.title = why;
    },
  };
}

/** Fill a select anew only where its options changed: an open one would close. @param {HTMLSelectElement} select @param {string[][]} wanted */
function options(select, wanted) {
  const same =
    select.options.length === wanted.length && wanted.every(([, text], i) => select.options[i].text === text);
  if (!same) select.replaceChildren(...wanted.map(([value, text]) => h("option", { value }, text)));
}
