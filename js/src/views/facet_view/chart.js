/** Why there are so many facets: the gap statistic by number of facets, the chosen one marked, and the words. */
import { formatNumber } from "../../lib/columns.js";
import { h, put } from "../../lib/dom.js";
import { chartOf } from "./state.js";

/** @import { Quality, Shown } from "./state.js" */

const HEIGHT = 104;
const PLOT = { width: 162, top: 10, bottom: 70 };
const LABEL = { digit: 7.2, gap: 14, right: 14 }; // px
const SVG = "http://www.w3.org/2000/svg";

/** @param {string} tag @param {Record<string, unknown>} props @param {...(Node | string)} children */
function s(tag, props, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(props)) node.setAttribute(key, String(value));
  node.append(...children);
  return node;
}

/** @param {{send: (message: Record<string, unknown>) => void}} context */
export function createChart({ send }) {
  const figure = h("div", { class: "nbi-gap" });
  const words = h("div", { class: "nbi-why" });
  const notes = h("ul", { class: "nbi-notes" });
  const judged = h("span", { role: "status" });
  const stop = h(
    "button",
    { type: "button", class: "nbi-button", title: "Stop making the images to compare with" },
    "Stop",
  );
  stop.addEventListener("click", () => send({ kind: "stop" }));
  const judgement = h("div", { class: "nbi-judged", hidden: true }, judged, stop);
  return {
    element: h(
      "section",
      { class: "nbi-reasons", "aria-label": "Why so many facets" },
      figure,
      h("div", {}, words, notes, judgement),
    ),
    /** @param {Shown} shown */
    show({ evidence, n_facets, why, notes: said }) {
      words.textContent = why;
      notes.replaceChildren(...said.map((note) => h("li", {}, note)));
      notes.hidden = said.length === 0;
      figure.replaceChildren(...(evidence ? [draw(evidence, n_facets)] : []));
      figure.hidden = !evidence;
    },
    /** @param {Quality | Record<string, never>} quality @param {string} reason why nothing can be stopped, "" = it can */
    judge(quality, reason) {
      judgement.hidden = !quality.state;
      put(judged, quality.words ?? "");
      stop.hidden = quality.state !== "running" || reason !== "";
    },
  };
}

/** @param {NonNullable<Shown["evidence"]>} evidence @param {number} chosen */
function draw(evidence, chosen) {
  const ends = chartOf(evidence, { ...PLOT, left: 0, right: PLOT.width });
  const [top, bottom] = [formatNumber(ends.high, 2), formatNumber(ends.low, 2)];
  const left = LABEL.gap + Math.max(20, LABEL.digit * Math.max(top.length, bottom.length));
  const box = { ...PLOT, left, right: left + PLOT.width };
  const { points } = chartOf(evidence, box);
  const size = { width: box.right + LABEL.right, height: HEIGHT };
  const listed = points.map(({ k, gap }) => `${k}: ${formatNumber(gap, 3)}`).join(", ");
  const label = `Gap statistic by number of facets: ${listed}; ${chosen} chosen`;
  const svg = s("svg", { viewBox: `0 0 ${size.width} ${size.height}`, ...size, role: "img", "aria-label": label });
  const middle = (box.left + box.right) / 2;
  svg.append(
    s("path", { class: "nbi-axis", d: `M${box.left - 10} ${box.top - 4}V${box.bottom + 6}H${box.right + 8}` }),
    s("text", { x: box.left - LABEL.gap, y: box.top + 4, class: "nbi-tick-text", "text-anchor": "end" }, top),
    s("text", { x: box.left - LABEL.gap, y: box.bottom + 4, class: "nbi-tick-text", "text-anchor": "end" }, bottom),
    s(
      "text",
      { x: middle, y: size.height - 4, class: "nbi-tick-text", "text-anchor": "middle" },
      "facets (gap statistic ± s.e.)",
    ),
    s("path", { class: "nbi-line-of-gap", d: `M${points.map(({ x, y }) => `${x} ${y}`).join("L")}` }),
  );
  for (const { k, x, y, from, to } of points) {
    const mine = k === chosen;
    const text = s("text", {
      x,
      y: box.bottom + 19,
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
