/** The key to the colours: groups that can be switched off, or a colour bar. */
import { h } from "../../lib/dom.js";
import { roving, setHidden } from "../../lib/focus.js";
import { keepFocus } from "../../lib/keep_focus.js";
import { formatNumber } from "../../lib/columns.js";
import { viridis } from "../../lib/palette.js";
import { blend, makeStamp, parseColor } from "./stamps.js";

/** @import { Encoding, Group } from "./encoding.js" */

const KEYS = "Arrow keys go from group to group; Enter hides or shows one, Shift and Enter shows only it.";

/** So many groups are listed, the largest ones; the rest is one entry. */
const LISTED = 60;

/**
 * @typedef {object} Legend
 * @property {HTMLElement} element
 * @property {(encoding: Encoding, shapes: boolean) => void} show
 */

/**
 * @typedef {object} LegendEvents
 * @property {(hidden: Set<number>) => void} onToggle codes that are switched off now
 * @property {(text: string) => void} say tell a screen reader
 */

/**
 * @param {LegendEvents & { signal: AbortSignal }} events
 * @returns {Legend}
 */
export function createLegend({ onToggle, say, signal }) {
  const element = h("div", { class: "nbi-legend", role: "toolbar", "aria-label": "Colours" });
  roving(element, "button", signal);
  return {
    element,
    show(encoding, shapes) {
      const listed = !encoding.scale && encoding.groups.length > 0;
      /** @type {HTMLElement[]} */
      const parts = encoding.scale ? colorBar(encoding.scale) : [];
      if (listed) parts.push(...groupList(encoding, shapes, { onToggle, say }));
      element.setAttribute("role", listed ? "toolbar" : "group");
      if (listed) element.setAttribute("aria-description", KEYS);
      else element.removeAttribute("aria-description");
      keepFocus(element, () => element.replaceChildren(...parts));
      element.hidden = parts.length === 0;
    },
  };
}

/**
 * @param {Encoding} encoding
 * @param {boolean} shapes
 * @param {LegendEvents} events
 */
function groupList({ groups, title }, shapes, { onToggle, say }) {
  /** @type {Set<number>} */
  let hidden = new Set();
  const entries = entriesOf(groups);
  const buttons = entries.map(({ label, codes, count, group }) => {
    const title = `${label}: ${count} items. Click: hide or show; double click: only these`;
    const swatch = h("img", { class: "nbi-swatch", src: swatchOf(group, shapes), alt: "" });
    const name = h("span", { class: "nbi-legend-label" }, label);
    const amount = h("span", { class: "nbi-legend-count" }, String(count));
    const button = h(
      "button",
      { type: "button", class: "nbi-legend-item", title, "aria-pressed": "true" },
      swatch,
      name,
      amount,
    );
    button.addEventListener("click", (event) => set(event.shiftKey ? isolated(groups, codes) : toggled(hidden, codes)));
    button.addEventListener("dblclick", () => set(isolated(groups, codes)));
    return button;
  });
  const all = h("button", { type: "button", class: "nbi-legend-all nbi-button" }, "Show all");
  all.addEventListener("click", () => set(new Set()));
  const set = (/** @type {Set<number>} */ next) => {
    hidden = next;
    for (const [k, button] of buttons.entries()) {
      button.setAttribute("aria-pressed", String(!entries[k].codes.every((code) => hidden.has(code))));
    }
    setHidden(all, hidden.size === 0, buttons[0]);
    onToggle(hidden);
    say(`${groups.length - hidden.size} of ${groups.length} groups shown`);
  };
  all.hidden = true;
  return [h("div", { class: "nbi-legend-title" }, title), ...buttons, all];
}

/** @param {Group[]} groups @returns {{ label: string, codes: number[], count: number, group: Group }[]} */
function entriesOf(groups) {
  const one = (/** @type {Group} */ group) => ({ label: group.label, codes: [group.code], count: group.count, group });
  if (groups.length <= LISTED) return groups.map(one);
  const bySize = [...groups].sort((a, b) => b.count - a.count);
  const rest = bySize.slice(LISTED);
  const count = rest.reduce((sum, group) => sum + group.count, 0);
  const others = { ...rest[0], color: "#9a9a9a", shape: 0 };
  return [
    ...bySize.slice(0, LISTED).map(one),
    { label: `${rest.length} others`, codes: rest.map((group) => group.code), count, group: others },
  ];
}

/** @param {Set<number>} hidden @param {number[]} codes */
export function toggled(hidden, codes) {
  const next = new Set(hidden);
  const off = codes.every((code) => hidden.has(code));
  for (const code of codes) off ? next.delete(code) : next.add(code);
  return next;
}

/** @param {Group[]} groups @param {number[]} codes @returns {Set<number>} all others */
export function isolated(groups, codes) {
  return new Set(groups.map((group) => group.code).filter((code) => !codes.includes(code)));
}

/**
 * A group's point as the URL of a picture: a canvas for each would cost two compositor layers.
 * @param {Group} group @param {boolean} shapes
 */
function swatchOf({ color, shape }, shapes) {
  const [width, height] = [28, 28];
  const canvas = h("canvas", { width, height });
  const pixels = new ImageData(width, height);
  const words = new Uint32Array(pixels.data.buffer);
  blend({ width, height, words }, makeStamp(shapes ? shape : 0, 9), 14, 14, parseColor(color), 256);
  canvas.getContext("2d")?.putImageData(pixels, 0, 0);
  return canvas.toDataURL();
}

/** @param {{ low: number, high: number, label: string }} scale */
function colorBar({ low, high, label }) {
  const stops = Array.from({ length: 17 }, (_, j) => viridis(j / 16)).join(",");
  return [
    h("div", { class: "nbi-legend-title" }, label),
    h(
      "div",
      {
        class: "nbi-scale",
        role: "img",
        "aria-label": `colour from ${formatNumber(low)} (dark) to ${formatNumber(high)} (bright)`,
      },
      h("span", {}, formatNumber(low)),
      h("span", { class: "nbi-scale-bar", style: `background: linear-gradient(to right, ${stops})` }),
      h("span", {}, formatNumber(high)),
    ),
  ];
}
