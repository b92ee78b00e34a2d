/** The verdict, and the region's lift among the lifts that chance gives. */
import { formatNumber } from "../../lib/columns.js";
import { h, put } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { keepFocus } from "../../lib/keep_focus.js";
import {
  evidenceWords,
  liftBins,
  liftPlace,
  liftRange,
  liftsOf,
  liftTicks,
  liftWords,
  tenToThe,
  verdictParts,
} from "./state.js";

/** @import { Evidence } from "./state.js" */

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 276;
const HALF = 46; // px of each histogram
const TOP = 34;
const MIDDLE = TOP + HALF;
const AXIS = MIDDLE + HALF + 18;
const BINS = 30;
/** Which null goes up, which down; what stands beside it, at which height; its short name. */
const NULLS = /** @type {const} */ ([
  ["random anchors", -1, "random anchors ↑", "nbi-random", TOP - 4, "random"],
  ["shuffled", 1, "shuffled codes ↓", "nbi-shuffled", AXIS - 5, "shuffled"],
]);

/** @param {string} tag @param {Record<string, string | number>} attributes @param {string} [text] */
function svg(tag, attributes, text) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  if (text !== undefined) node.textContent = text;
  return node;
}

/** @param {Evidence} evidence */
const rangeOf = ({ lift, null_lifts }) => liftRange([[lift ?? Number.NaN], ...Object.values(null_lifts)]);

/** @param {{onStop: () => void, onAgain: () => void}} context */
export function createEvidence({ onStop, onAgain }) {
  const sign = h("span", { class: "nbi-verdict-sign", "aria-hidden": "true" });
  const head = h("strong");
  const facts = h("p", { class: "nbi-verdict-facts" });
  const note = h("p", { class: "nbi-verdict-note nbi-warn", role: "status" });
  const said = h("span", { class: "nbi-hidden", role: "status" }); // without the steps of its progress
  const stop = h("button", { type: "button", class: "nbi-button", onclick: onStop, hidden: true }, "Stop");
  stop.title = "Stop comparing with chance; it can go on from there";
  const again = h("button", { type: "button", class: "nbi-button", onclick: onAgain, hidden: true }, "Go on");
  again.title = "Go on comparing with chance";
  const verdict = h(
    "div",
    { class: "nbi-verdict" },
    h("div", { class: "nbi-verdict-head" }, sign, head),
    note,
    facts,
    stop,
    again,
  );
  const chart = /** @type {SVGElement} */ (
    svg("svg", { class: "nbi-lifts", width: WIDTH, height: AXIS + 34, role: "img", tabindex: 0 })
  );
  chart.setAttribute("aria-description", "Left and Right go from bar to bar.");
  chart.setAttribute("viewBox", `0 0 ${WIDTH} ${AXIS + 34}`);
  const element = h("div", { class: "nbi-evidence" }, verdict, said, chart);

  const below = svg("text", { x: WIDTH / 2, y: AXIS + 29, "text-anchor": "middle", class: "nbi-tick-text" });
  const pointed = svg("rect", { y: TOP, width: WIDTH / BINS, height: AXIS - TOP, class: "nbi-pointed" });
  /** @type {Evidence | null} */
  let shown = null;
  let bin = -1; // the one that the keyboard is at
  chart.addEventListener("keydown", (event) => {
    const { key, ctrlKey, metaKey, altKey } = /** @type {KeyboardEvent} */ (event);
    const to = { ArrowRight: bin + 1, ArrowLeft: bin - 1, Home: 0, End: BINS - 1 }[key];
    if (to === undefined || ctrlKey || metaKey || altKey) return;
    event.preventDefault();
    point(Math.max(0, Math.min(to, BINS - 1)));
    put(said, below.textContent ?? "");
  });
  chart.addEventListener("blur", () => point(-1));

  /** Tell of the bars of a bin instead of the axis. @param {number} next −1: none */
  function point(next) {
    bin = next;
    pointed.remove();
    put(below, "lift, log scale");
    if (bin < 0 || !shown) return;
    const range = rangeOf(shown);
    const [from, to] = liftsOf(bin, range, BINS).map((lift) => formatNumber(lift, 2));
    const shares = NULLS.map(([name, , , , , short]) => {
      const share = liftBins(shown?.null_lifts[name] ?? [], range, BINS)[bin];
      return `${(100 * share).toFixed(0)} % of ${short}`;
    });
    pointed.setAttribute("x", String((bin * WIDTH) / BINS));
    chart.prepend(pointed);
    put(below, `lift ${bin ? `${from}–${to}` : "0"}: ${shares.join(", ")}`);
  }

  /** @param {Evidence} evidence */
  function draw(evidence) {
    shown = evidence;
    const lift = evidence.lift ?? Number.NaN;
    const range = rangeOf(evidence);
    chart.replaceChildren();
    chart.setAttribute("aria-label", evidenceWords(evidence));
    const far = liftPlace(lift, range, BINS) < 0.5; // the words keep clear of the region's own line
    for (const [name, direction, words, kind, y] of NULLS) {
      chart.append(...bars(evidence.null_lifts[name] ?? [], range, name, direction));
      chart.append(svg("text", { x: far ? WIDTH : 0, y, "text-anchor": far ? "end" : "start", class: kind }, words));
    }
    chart.append(svg("line", { x1: 0, x2: WIDTH, y1: MIDDLE, y2: MIDDLE, class: "nbi-axis" }));
    chart.append(svg("line", { x1: 0, x2: WIDTH, y1: AXIS, y2: AXIS, class: "nbi-axis" }));
    chart.append(svg("text", { x: 0, y: AXIS + 14, class: "nbi-tick-text" }, "0"));
    for (const power of liftTicks(range, 4)) {
      const x = liftPlace(10 ** power, range, BINS) * WIDTH;
      if (x < 16) continue;
      const anchor = x > WIDTH - 12 ? "end" : "middle";
      chart.append(svg("line", { x1: x, x2: x, y1: AXIS, y2: AXIS + 3, class: "nbi-axis" }));
      chart.append(svg("text", { x, y: AXIS + 14, "text-anchor": anchor, class: "nbi-tick-text" }, tenToThe(power)));
    }
    chart.append(below);
    point(bin);
    if (!Number.isNaN(lift)) mark(lift, range);
  }

  /** @param {number[]} lifts @param {{low: number, high: number}} range @param {string} name @param {1 | -1} direction */
  function bars(lifts, range, name, direction) {
    const shares = liftBins(lifts, range, BINS);
    const most = Math.max(...shares, 1e-9);
    const step = WIDTH / BINS;
    return Array.from(shares, (share, b) => {
      const height = (share / most) * (HALF - 4);
      const y = direction < 0 ? MIDDLE - height : MIDDLE;
      const bar = svg("rect", {
        x: b * step + 0.5,
        y,
        width: step - 1,
        height,
        class: name === "shuffled" ? "nbi-shuffled" : "nbi-random",
      });
      bar.append(svg("title", {}, `${(100 * share).toFixed(0)} % of ${name}`));
      return bar;
    }).filter((bar) => Number(bar.getAttribute("height")) > 0);
  }

  /** @param {number} lift @param {{low: number, high: number}} range */
  function mark(lift, range) {
    const x = liftPlace(lift, range, BINS) * WIDTH;
    chart.append(svg("line", { x1: x, x2: x, y1: 16, y2: AXIS, class: "nbi-own" }));
    const anchor = x > WIDTH - 70 ? "end" : x < 70 ? "start" : "middle";
    chart.append(svg("text", { x, y: 12, "text-anchor": anchor, class: "nbi-own" }, `this image: ${liftWords(lift)}`));
  }

  return {
    element,
    /**
     * @param {Evidence | null} evidence null: not there yet
     * @param {{waiting: {text: string, act: string}, edited: boolean}} how `waiting`: what to say and offer while it is not there
     */
    show(evidence, { waiting, edited }) {
      chart.toggleAttribute("hidden", !evidence);
      keepFocus(verdict, () => {
        stop.hidden = evidence !== null || waiting.act !== "stop";
        again.hidden = evidence !== null || waiting.act !== "again";
      });
      put(note, edited && evidence ? "The verdict is on the rule as found, not as edited." : "");
      put(said, evidence ? evidence.verdict : waiting.text.split(":")[0]);
      verdict.dataset.verdict = evidence ? (evidence.stands_out ? "stands-out" : "chance") : "none";
      sign.replaceChildren(...(evidence ? [icon(evidence.stands_out ? "check" : "cross", 13)] : []));
      if (!evidence) {
        head.textContent = "";
        facts.textContent = waiting.text;
        return;
      }
      const parts = verdictParts(evidence);
      head.textContent = parts.head;
      facts.textContent = parts.facts;
      draw(evidence);
    },
  };
}
