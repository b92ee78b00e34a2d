/** One slider for all units that detect a concept. */
import { h } from "../../lib/dom.js";
import { setHidden } from "../../lib/focus.js";
import { createSlider } from "./slider.js";

/** @import { Edit } from "./edit.js" */
/** @import { Concept } from "./state.js" */

/**
 * @param {object} actions
 * @param {(concept: string) => void} actions.onConcept
 * @param {(scale: number, transient: boolean) => void} actions.onScale
 * @param {(units: number[]) => void} actions.onList give each unit of the set a slider of its own
 */
export function createSets({ onConcept, onScale, onList }) {
  const picker = h("select", { class: "nbi-select", onchange: () => onConcept(picker.value) });
  const slider = createSlider({ label: "all units of the concept", onScale });
  const list = h(
    "button",
    { type: "button", class: "nbi-button", onclick: () => onList(current?.units ?? []) },
    "List them",
  );
  const facts = h("span", { class: "nbi-status nbi-ablation-members" });
  const row = h("div", { class: "nbi-ablation-concept" }, slider.element, h("div", { class: "nbi-bar" }, facts, list));
  const element = h(
    "div",
    { class: "nbi-ablation-set" },
    h("div", { class: "nbi-bar" }, h("label", { class: "nbi-field" }, "Units of the concept", picker)),
    row,
  );
  /** @type {Concept[] | null} */
  let listed = null;
  /** @type {Concept | undefined} */
  let current;

  /** @param {Concept[]} concepts */
  function fill(concepts) {
    listed = concepts;
    /** @type {Map<string, Concept[]>} */
    const groups = new Map();
    for (const concept of concepts) groups.set(concept.category, [...(groups.get(concept.category) ?? []), concept]);
    picker.replaceChildren(
      h("option", { value: "" }, "none"),
      ...[...groups].map(([category, members]) =>
        h(
          "optgroup",
          { label: category },
          ...members.map(({ name, units }) => h("option", { value: name }, `${name} (${units.length})`)),
        ),
      ),
    );
  }

  return {
    element,
    /** @param {Edit} edit @param {{concepts: Concept[], reason: string}} how */
    show({ concept, concept_scale }, { concepts, reason }) {
      element.hidden = concepts.length === 0;
      if (listed !== concepts) fill(concepts);
      picker.value = concept;
      picker.disabled = reason !== "";
      picker.title = reason || "The units that detect a concept, moved together";
      current = concepts.find(({ name }) => name === concept);
      setHidden(row, !current, picker);
      list.disabled = reason !== "";
      list.title = reason || "Give each of them a slider of its own";
      slider.show(concept_scale, reason);
      if (!current) return;
      const { units } = current;
      const shown = units.slice(0, 12).join(", ");
      facts.textContent = `${units.length} unit${units.length === 1 ? "" : "s"}: ${shown}${units.length > 12 ? " …" : ""}`;
    },
  };
}
