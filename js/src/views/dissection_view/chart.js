/** The bars: drawn by plotly, with a button over each row, so that keyboard and screen reader reach them too. */
import { h } from "../../lib/dom.js";
import { keepFocus } from "../../lib/keep_focus.js";
import { cssColor } from "../../lib/theme.js";
import { figureOf, ROW, TOP } from "./figure.js";
import { moveBar } from "./state.js";
import { many } from "./words.js";

/** @import { Bar, Shown } from "./state.js" */

/**
 * @param {object} context
 * @param {HTMLElement} context.root
 * @param {any} context.Plotly
 * @param {(concept: number) => void} context.onConcept
 * @param {AbortSignal} context.signal
 */
export function createChart({ root, Plotly, onConcept, signal }) {
  /** @type {Bar[]} */
  let bars = [];
  /** @type {Shown | null} */
  let shown = null;
  let [concept, category] = [-1, -1];
  let active = 0;
  const figure = h("div", { class: "nbi-bars-figure", "aria-hidden": "true" });
  const rows = h("div", {
    class: "nbi-bars-rows",
    role: "group",
    "aria-label": "Detector units per concept",
    "aria-description": "Up and down go from bar to bar; Enter: its units only",
  });
  const empty = h("p", { class: "nbi-bars-empty", hidden: true });
  const area = h("div", { class: "nbi-bars-area" }, figure, rows);
  const element = h("div", { class: "nbi-bars" }, area, empty);

  function draw() {
    const width = element.clientWidth;
    area.hidden = bars.length === 0;
    if (!shown || bars.length === 0 || width < 40) return;
    const color = (/** @type {string} */ name) => cssColor(root, `--nbi-${name}`);
    const colors = { text: color("text"), muted: color("muted"), border: color("border"), grid: color("grid") };
    const isChosen = (/** @type {Bar} */ bar) =>
      concept >= 0 ? bar.concept === concept : category < 0 || bar.category === category;
    const { data, layout } = figureOf({ shown, bars, width, isChosen, colors });
    Plotly.react(figure, data, layout, { staticPlot: true, displayModeBar: false, showSendToCloud: false });
    mark();
  }

  function mark() {
    bars.forEach((bar, at) => {
      const button = rows.children[at];
      button.setAttribute("aria-pressed", String(bar.concept === concept));
      button.setAttribute("tabindex", at === active ? "0" : "-1");
    });
  }

  /** A button over every row. @param {Shown} about */
  function makeRows(about) {
    rows.style.top = `${TOP}px`;
    rows.replaceChildren(
      ...bars.map((bar, at) => {
        const { name, n_images } = about.concepts[bar.concept];
        const words = `${name} (${about.categories[bar.category]}): ${many(bar.count, "detector unit")}`;
        return h("button", {
          type: "button",
          class: "nbi-bar-row",
          style: `top: ${at * ROW}px; height: ${ROW}px`,
          "aria-label": words,
          title: `${words}; in ${many(n_images, "image")}`,
          onclick: () => {
            active = at;
            onConcept(bar.concept === concept ? -1 : bar.concept);
          },
        });
      }),
    );
  }

  /** Scroll so that bars are in sight, the first of them at any rate. @param {number} first @param {number} n */
  function reveal(first, n) {
    const top = TOP + first * ROW;
    const below = top + n * ROW - element.clientHeight;
    if (first === 0) element.scrollTop = 0;
    else element.scrollTop = Math.min(top - ROW, Math.max(element.scrollTop, below));
  }

  rows.addEventListener(
    "keydown",
    (event) => {
      const to = moveBar(event.key, active, bars.length);
      if (to === null) return;
      event.preventDefault();
      active = to;
      mark();
      reveal(active, 1);
      /** @type {HTMLElement} */ (rows.children[active]).focus({ preventScroll: true });
    },
    { signal },
  );
  const watch = new ResizeObserver(draw);
  watch.observe(element);
  signal.addEventListener(
    "abort",
    () => {
      watch.disconnect();
      Plotly.purge(figure);
    },
    { once: true },
  );

  return {
    element,
    redraw: draw,
    /**
     * @param {Shown} about @param {Bar[]} next
     * @param {{concept: number, category: number, again: boolean}} how what stands out, −1 for all; `again`: other bars
     */
    show(about, next, how) {
      [shown, bars, concept, category] = [about, next, how.concept, how.category];
      const at = bars.findIndex((bar) => bar.concept === concept);
      if (how.again) {
        keepFocus(rows, () => makeRows(about));
        active = Math.max(0, [...rows.children].indexOf(/** @type {Element} */ (rows.querySelector(":focus"))));
      }
      if (at >= 0) active = at;
      empty.hidden = bars.length > 0;
      empty.textContent = `No unit is a detector: none has an IoU above ${about.iou_threshold} with any concept.`;
      draw();
      const own = bars.filter((bar) => bar.category === category);
      if (at >= 0) reveal(at, 1);
      else if (own.length > 0) reveal(bars.indexOf(own[0]), own.length);
    },
  };
}
