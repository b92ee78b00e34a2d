/** The region view's upper part: layer, size of the neighbour set and of the rule, what counts as an image. */
import { h } from "../../lib/dom.js";

/** @import { Settings } from "./view.js" */

const MEANING = {
  k: "Size of the neighbour set: the images nearest to the anchor, itself included, whose common states make the rule",
  t: "Literals of the rule: so many of the states that the neighbours share and few other images have",
  tolerance: "How many literals a member may violate",
  among: "Which images count: neighbours and members are among them, and base rates are theirs",
  follow: "An image that is selected by itself becomes the anchor; the members are then selected in every linked view",
};
const AMONG = [
  ["all", "all images"],
  ["prediction", "those of its prediction"],
  ["label", "those of its label"],
  ["chosen", "chosen images"],
];

/** @param {{write: (change: Partial<Settings>) => void}} actions */
export function createControls({ write }) {
  const layers = h("div", { class: "nbi-layers", role: "radiogroup", "aria-label": "Layer" });
  const k = slider("k", "k", 4, 32);
  const t = slider("t", "t", 1, 30);
  const tolerance = slider("tolerance", "Tolerance", 0, 10);
  const among = h(
    "select",
    { class: "nbi-select", onchange: () => write({ among: /** @type {Settings["among"]} */ (among.value) }) },
    ...AMONG.map(([value, words]) => h("option", { value }, words)),
  );
  const follow = h("button", { type: "button", class: "nbi-button" }, "Follow clicks");
  const why = h("span", { class: "nbi-status" });
  follow.addEventListener("click", () => write({ follow: follow.getAttribute("aria-pressed") !== "true" }));
  const element = h(
    "div",
    { class: "nbi-region-controls" },
    h("div", { class: "nbi-bar" }, h("span", { class: "nbi-status" }, "Layer"), layers),
    h(
      "div",
      { class: "nbi-bar" },
      k.element,
      t.element,
      tolerance.element,
      h("label", { class: "nbi-field", title: MEANING.among }, "Among", among),
      follow,
      why,
    ),
  );
  layers.addEventListener("keydown", moveAlong);

  /** @param {"k" | "t" | "tolerance"} name @param {string} words @param {number} min @param {number} max */
  function slider(name, words, min, max) {
    const input = h("input", {
      type: "range",
      min,
      max,
      class: "nbi-range",
      "aria-label": `${words}: ${MEANING[name]}`,
    });
    const output = h("output", { class: "nbi-output" });
    input.addEventListener("input", () => {
      output.textContent = input.value;
      write({ [name]: Number(input.value) });
    });
    /** @param {number} value @param {number} [most] */
    const show = (value, most = max) => {
      input.min = String(Math.min(min, value));
      input.max = String(Math.max(most, value));
      input.value = output.textContent = String(value);
    };
    return { element: h("label", { class: "nbi-field", title: MEANING[name] }, words, input, output), input, show };
  }

  /** Arrows go from layer to layer, as in every group of radio buttons; the tooltip says why one cannot be chosen. @param {KeyboardEvent} event */
  function moveAlong(event) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const all = /** @type {HTMLButtonElement[]} */ ([...layers.querySelectorAll("button")]);
    const at = all.indexOf(/** @type {HTMLButtonElement} */ (event.target));
    if (!step || at < 0) return;
    const next = all[(at + step + all.length) % all.length];
    next.focus();
    next.click();
    event.preventDefault();
  }

  /** @param {Settings} settings @param {string} reason why no other region can be had */
  function showLayers({ layers: known, layer }, reason) {
    if (layers.childElementCount !== known.length) {
      layers.replaceChildren(
        ...known.map(({ name }) =>
          h(
            "button",
            { type: "button", class: "nbi-button", role: "radio", onclick: () => write({ layer: name }) },
            name,
          ),
        ),
      );
    }
    known.forEach(({ name, reason: own }, at) => {
      const button = /** @type {HTMLButtonElement} */ (layers.children[at]);
      const chosen = name === layer;
      button.setAttribute("aria-checked", String(chosen));
      button.tabIndex = chosen ? 0 : -1;
      button.setAttribute("aria-disabled", String(!chosen && (own || reason) !== ""));
      button.title = chosen ? "" : own || reason;
    });
  }

  return {
    element,
    /** @param {Settings} settings @param {{reason: string, nLiterals: number}} how `reason`: why no other region can be had */
    show(settings, { reason, nLiterals }) {
      showLayers(settings, reason);
      k.show(settings.k);
      t.show(settings.t);
      tolerance.show(settings.tolerance, Math.max(1, nLiterals));
      among.value = settings.among;
      /** @type {HTMLOptionElement} */ (among.options[3]).hidden = settings.among !== "chosen";
      follow.setAttribute("aria-pressed", String(settings.follow));
      why.textContent = reason;
      for (const control of [k.input, t.input, among, follow]) {
        control.disabled = reason !== "";
        if (control === follow) control.title = reason || MEANING.follow;
        else if (control.parentElement) control.parentElement.title = reason || control.parentElement.title;
      }
    },
  };
}
