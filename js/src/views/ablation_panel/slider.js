/** A slider from 0 to 2, 1 being "as it is": arrows move it, 0, 1 and 2 set it, a double click puts it back. */
import { h } from "../../lib/dom.js";
import { SCALES } from "./edit.js";

const STEP = 0.05;

/**
 * @param {object} options
 * @param {string} options.label
 * @param {(scale: number, transient: boolean) => void} options.onScale transient: while it is dragged
 */
export function createSlider({ label, onScale }) {
  const [min, max] = SCALES;
  let about = "";
  let reason = "";
  const input = h("input", { type: "range", class: "nbi-scale", min, max, step: STEP, "aria-label": label });
  const output = h("span", { class: "nbi-scale-output", "aria-hidden": "true" }); // the slider tells its own value
  const toggle = h("button", { type: "button", class: "nbi-button nbi-scale-toggle" });
  const element = h(
    "span",
    { class: "nbi-scale-field" },
    h("span", { class: "nbi-scale-track" }, input),
    output,
    toggle,
  );
  input.addEventListener("input", () => {
    write(Number(input.value));
    onScale(Number(input.value), true);
  });
  input.addEventListener("change", () => onScale(Number(input.value), false));
  input.addEventListener("dblclick", () => put(1));
  input.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !["0", "1", "2"].includes(event.key)) return;
    event.preventDefault();
    put(Number(event.key));
  });
  toggle.addEventListener("click", () => put(Number(input.value) === 0 ? 1 : 0));

  /** @param {number} scale */
  function put(scale) {
    if (input.disabled) return;
    write(scale);
    onScale(scale, false);
  }

  /** @param {number} scale */
  function write(scale) {
    if (Number(input.value) !== scale) input.value = String(scale);
    output.textContent = `× ${scale}`;
    input.setAttribute("aria-valuetext", scale === 1 ? "1, as it is" : scale === 0 ? "0, off" : String(scale));
    element.classList.toggle("nbi-changed", scale !== 1);
    toggle.textContent = scale === 0 ? "On" : "Off";
    toggle.setAttribute("aria-label", `${scale === 0 ? "Switch on" : "Switch off"}: ${label}`);
  }

  function tell() {
    input.title = [about, reason || "Double click: back to 1. Keys: left, right, 0, 1, 2"].filter(Boolean).join("\n");
  }

  return {
    element,
    input,
    toggle,
    /** @param {number} scale @param {string} why it cannot be moved, "" = it can */
    show(scale, why) {
      reason = why;
      write(scale);
      input.disabled = toggle.disabled = reason !== "";
      toggle.title = reason || (scale === 0 ? "Back to 1" : "To 0");
      tell();
    },
    /** @param {string} words what is known of what it moves */
    describe(words) {
      about = words;
      tell();
    },
  };
}
