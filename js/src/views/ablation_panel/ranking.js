/** The units that matter most for a class: which class, how many, and the button that switches them off. */
import { asDataView } from "../../lib/codec.js";
import { h, put } from "../../lib/dom.js";
import { setDisabled, setHidden } from "../../lib/focus.js";

/** @import { Settings } from "./view.js" */

/**
 * How far the ranking is; the value of the trait `ranking`. `k` units are ranked for all classes together, then for each.
 * @typedef {{state: "none" | "running" | "done" | "failed", text: string, fraction: number | null, k: number}} Ranking
 */

/** What is told of the ranking, once; its progress is only seen. @type {Partial<Record<Ranking["state"], string>>} */
const SAID = { none: "", running: "Ranking the units", done: "Units ranked" };
const MEANING = "Switch off the units whose loss alone costs most, and put all others back";

/**
 * The most important units, null while they are not ranked. A unit whose loss costs nothing is not among them.
 * @param {Settings} settings @param {number} ofClass −1: all classes together @param {number} n
 * @returns {number[] | null}
 */
export function topUnits({ ranking, ranked }, ofClass, n) {
  if (ranking.state !== "done") return null;
  const bytes = asDataView(ranked);
  const start = (ofClass + 1) * ranking.k;
  return Array.from({ length: Math.min(n, ranking.k) }, (_, j) => bytes.getInt32(4 * (start + j), true)).filter(
    (unit) => unit >= 0,
  );
}

/**
 * @param {object} actions
 * @param {(top: number) => void} actions.onTop
 * @param {(ofClass: number) => void} actions.onClass
 * @param {() => void} actions.onSwitchOff
 * @param {() => void} actions.onStop
 */
export function createRanking({ onTop, onClass, onSwitchOff, onStop }) {
  const count = h("input", {
    type: "number",
    class: "nbi-input nbi-ablation-count",
    min: 1,
    step: 1,
    "aria-label": "How many units",
  });
  const picker = h("select", {
    class: "nbi-select",
    "aria-label": "Class",
    onchange: () => onClass(Number(picker.value)),
  });
  const off = h("button", { type: "button", class: "nbi-button", onclick: onSwitchOff }, "Switch off");
  const bar = h("progress", { "aria-label": "Ranking the units", max: 1 });
  const words = h("span", { class: "nbi-status" });
  const stop = h("button", { type: "button", class: "nbi-button", onclick: onStop }, "Stop");
  const progress = h("div", { class: "nbi-bar nbi-ablation-progress" }, bar, words, stop);
  const said = h("span", { class: "nbi-hidden", role: "status" });
  const element = h(
    "div",
    { class: "nbi-ablation-top" },
    h("div", { class: "nbi-bar" }, h("span", { class: "nbi-field" }, "Top", count, "units of", picker), off),
    progress,
    said,
  );
  count.addEventListener("change", () => {
    const top = Math.round(Number(count.value));
    if (top >= 1) onTop(Math.min(top, Number(count.max)));
    else count.value = String(shown);
  });
  let shown = 1;
  /** @type {string[] | null} */
  let listed = null;
  /** @type {{serial: unknown, drops: Map<number, number>} | null} */
  let known = null;

  return {
    element,
    /**
     * What the loss of a unit alone costs, null where it is not known.
     * @param {Settings} settings @param {number} unit
     */
    drop({ ranking, ranked, drops, of_class }, unit) {
      if (ranking.state !== "done") return null;
      const serial = `${of_class} ${ranking.text}`;
      if (known?.serial !== serial || known === null) {
        const [units, costs] = [asDataView(ranked), asDataView(drops)];
        const start = (of_class + 1) * ranking.k;
        const places = Array.from({ length: ranking.k }, (_, j) => 4 * (start + j));
        known = { serial, drops: new Map(places.map((at) => [units.getInt32(at, true), costs.getFloat32(at, true)])) };
      }
      return known.drops.get(unit) ?? null;
    },
    /** @param {Settings} settings @param {string} reason why nothing can be changed */
    show({ ranking, about, of_class, top }, reason) {
      if (listed !== about.classes) {
        listed = about.classes;
        const options = ["all classes", ...listed].map((name, at) => h("option", { value: at - 1 }, name));
        picker.replaceChildren(...options);
      }
      picker.value = String(of_class);
      shown = top;
      count.max = String(about.n_units);
      if (!count.matches(":focus")) count.value = String(top);
      const running = ranking.state === "running";
      count.disabled = reason !== "";
      setDisabled(off, reason !== "" || running);
      off.title = reason || (running ? "The units are being ranked" : MEANING);
      setHidden(stop, !running, off);
      bar.hidden = !running;
      progress.hidden = !running && ranking.state !== "failed";
      put(words, ranking.text);
      put(said, SAID[ranking.state] ?? ranking.text);
      words.classList.toggle("nbi-warn", ranking.state === "failed");
      if (ranking.fraction === null) bar.removeAttribute("value");
      else bar.value = ranking.fraction;
    },
  };
}
