/** The panel's upper part: undo and redo, back to the network as it is, and what a unit becomes at the slider's left end. */
import { h } from "../../lib/dom.js";
import { setDisabled } from "../../lib/focus.js";
import { icon } from "../../lib/icons.js";
import { isNeutral } from "./edit.js";

/** @import { Edit } from "./edit.js" */
/** @import { Settings } from "./view.js" */

const VALUES = /** @type {const} */ ([
  ["zero", "zero", "At the left end of its slider a unit is 0 everywhere"],
  ["mean", "its mean", "At the left end of its slider a unit is its mean over all images and places"],
]);
const FOLLOW = "A unit selected in a linked view gets a slider";

/**
 * @param {object} actions
 * @param {() => void} actions.onUndo
 * @param {() => void} actions.onRedo
 * @param {() => void} actions.onReset
 * @param {() => void} actions.onClear
 * @param {(value: Edit["value"]) => void} actions.onValue
 * @param {(follow: boolean) => void} actions.onFollow
 */
export function createControls({ onUndo, onRedo, onReset, onClear, onValue, onFollow }) {
  const title = h("strong", { class: "nbi-ablation-title" });
  const undo = button([icon("undo")], "Undo (Ctrl+Z)", onUndo, "Control+Z");
  const redo = button([icon("redo")], "Redo (Ctrl+Shift+Z)", onRedo, "Control+Shift+Z");
  const reset = button(["Reset"], "All sliders back to 1: the network as it is", onReset);
  const clear = button(["Clear"], "Take all units off the list", onClear);
  const follow = button(["Follow clicks"], FOLLOW, () => onFollow(follow.getAttribute("aria-pressed") !== "true"));
  const name = `nbi-ablation-${Math.random().toString(36).slice(2)}`; // no other radio buttons of the page have it
  const values = VALUES.map(([value, words, meaning]) => {
    const input = h("input", { type: "radio", value, onchange: () => onValue(value) });
    input.name = name;
    return { input, element: h("label", { class: "nbi-choice", title: meaning }, input, words) };
  });
  const group = h(
    "span",
    { class: "nbi-field", role: "radiogroup", "aria-label": "What a unit becomes at 0" },
    "At 0 a unit is",
    ...values.map(({ element }) => element),
  );
  const why = h("span", { class: "nbi-status" });
  const element = h(
    "div",
    { class: "nbi-bar nbi-ablation-controls" },
    title,
    h("span", { class: "nbi-ablation-steps" }, undo, redo, reset, clear),
    group,
    follow,
    why,
  );

  return {
    element,
    /** @param {Settings} settings @param {{edit: Edit, canUndo: boolean, canRedo: boolean, reason: string}} now `reason`: why nothing can be changed */
    show({ about, follow: follows }, { edit, canUndo, canRedo, reason }) {
      title.textContent = `Units of ${about.layer}`;
      setDisabled(undo, reason !== "" || !canUndo);
      setDisabled(redo, reason !== "" || !canRedo);
      setDisabled(reset, reason !== "" || isNeutral(edit));
      setDisabled(clear, reason !== "" || (edit.units.length === 0 && edit.concept === ""));
      follow.disabled = reason !== "";
      follow.title = reason || FOLLOW;
      follow.setAttribute("aria-pressed", String(follows));
      for (const { input } of values) {
        input.checked = input.value === edit.value;
        input.disabled = reason !== "";
      }
      why.textContent = reason;
    },
  };
}

/** @param {(Node | string)[]} face @param {string} label @param {() => void} act @param {string} [keys] that do the same */
function button(face, label, act, keys) {
  const named = typeof face[0] === "string" ? null : label;
  const props = { title: label, "aria-label": named, "aria-keyshortcuts": keys, onclick: act };
  return h("button", { type: "button", class: "nbi-button", ...props }, ...face);
}
