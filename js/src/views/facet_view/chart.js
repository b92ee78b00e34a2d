/** Why there are so many facets: the gap statistic by number of facets, the chosen one marked, and the words. */
import { formatNumber } from "../../lib/columns.js";
import { h } from "../../lib/dom.js";
import { chartOf } from "./state.js";

/** @import { Shown } from "./state.js" */

const SIZE = { width: 236, height: 104 };
const BOX = { left: 60, right: 222, top: 10, bottom: 70 };
const SVG = "http://www.w3.org/2000/svg";

/** @param {string} tag @param {Record<string, unknown>} props @param {...(Node | string)} children */
function s(tag, props, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(props)) node.setAttribute(key, String(value));
  node.append(...children);
  return node;
}

export function createChart() {
  const figure = h("div", { class: "nbi-gap" });
  const words = h("div", { class: "nbi-why" });
  const notes = h("ul", { class: "nbi-notes" });
  return {
    element: h(
      "section",
      { class: "nbi-reasons", "aria-label": "Why so many facets" },
      figure,
      h("div", {}, words, notes),
    ),
    /** @param {Shown} shown */
    show({ evidence, n_facets, why, notes: said }) {
      words.textContent = why;
      notes.replaceChildren(...said.map((note) => h("li", {}, note)));
      notes.hidden = said.length === 0;
      figure.replaceChildren(...(evidence ? [draw(evidence, n_facets)] : []));
      figure.hidden = !evidence;
    },
  };
}

/** @param {NonNullable<Shown["evidence"]>} evidence @param {number} chosen */
function draw(evidence, chosen) {
  const { points, low, high } = chartOf(evidence, BOX);
  const listed = points.map(({ k, gap }) => `${k}: ${formatNumber(gap, 3)}`).join(", ");
  const label = `Gap statistic by number of facets: ${listed}; ${chosen} chosen`;
  const svg = s("svg", { viewBox: `0 0 ${SIZE.width} ${SIZE.height}`, ...SIZE, role: "img", "aria-label": label });
  const middle = (BOX.left + BOX.right) / 2;
  svg.append(
    s("path", { class: "nbi-axis", d: `M${BOX.left - 10} ${BOX.top - 4}V${BOX.bottom + 6}H${BOX.right + 8}` }),
    s(
      "text",
      { x: BOX.left - 14, y: BOX.top + 4, class: "nbi-tick-text", "text-anchor": "end" },
      formatNumber(high, 2),
    ),
    s(
      "text",
      { x: BOX.left - 14, y: BOX.bottom + 4, class: "nbi-tick-text", "text-anchor": "end" },
      formatNumber(low, 2),
    ),
    s(
      "text",
      { x: middle, y: SIZE.height - 4, class: "nbi-tick-text", "text-anchor": "middle" },
      "facets (gap statistic ± s.e.)",
    ),
    s("path", { class: "nbi-line-of-gap", d: `M${points.map(({ x, y }) => `${x} ${y}`).join("L")}` }),
  );
  for (const { k, x, y, from, to } of points) {
    const mine = k === chosen;
    const text = s("text", {
      x,
      y: BOX.bottom + 19,
      class: `nbi-tick-text${mine ? " nbi-chosen" : ""}`,
      "text-anchor": "middle",
    });
    text.textContent = String(k);
    svg.append(
      s("path", { class: "nbi-error", d: `M${x} ${from}V${to}M${x - 3} ${from}h6M${x - 3} ${to}h6` }),
      s("circle", { cx: x, cy: y, r: mine ? 5 : 3, class: mine ? "nbi-point nbi-chosen" : "nbi-point" }),
      text,
    );
  }
  return svg;
}
