/** Accuracy, and the balanced accuracy of each class, against the network as it is. */
import { h, put } from "../../lib/dom.js";
import { roving } from "../../lib/focus.js";
import { keepFocus } from "../../lib/keep_focus.js";
import { barOf, effectWords, extentWords, isComplete, orderedClasses, pointsWords, shareWords } from "./state.js";

/** @import { About, Effect } from "./state.js" */

/** So many classes are listed before the reader asks for more. */
const N_LISTED = 60;
const BALANCED = "(TPR + TNR) / 2 of each class; 50 % is chance, marked by the dotted line";
const MEANING = {
  accuracy: "Share of images predicted right",
  agreement: "Share of images predicted as by the network as it is (there are no labels)",
};

/** @typedef {{element: HTMLButtonElement, fill: HTMLElement, change: HTMLElement, tick: HTMLElement, share: HTMLElement, points: HTMLElement}} Bar */

/**
 * @param {object} actions
 * @param {(order: "change" | "class") => void} actions.onOrder
 * @param {(ofClass: number) => void} actions.onClass
 * @param {AbortSignal} actions.signal
 */
export function createClasses({ onOrder, onClass, signal }) {
  const heading = h("span", { class: "nbi-ablation-measure" });
  const now = h("strong", { class: "nbi-ablation-now" });
  const points = h("span", { class: "nbi-ablation-points" });
  const was = h("span", { class: "nbi-status nbi-ablation-was" });
  const overall = createTrack();
  const extent = h("div", { class: "nbi-status nbi-ablation-extent" });
  const slow = h("div", { class: "nbi-status nbi-ablation-slow" });
  const order = h(
    "select",
    { class: "nbi-select", onchange: () => onOrder(order.value === "class" ? "class" : "change") },
    h("option", { value: "change" }, "largest change first"),
    h("option", { value: "class" }, "class"),
  );
  const list = h("div", {
    class: "nbi-ablation-classes",
    role: "group",
    "aria-label": "Classes",
    "aria-description": `Balanced accuracy: ${BALANCED}. Arrows go from class to class; Enter: pictures of this class only`,
  });
  roving(list, "button", signal);
  const more = h("button", {
    type: "button",
    class: "nbi-button nbi-ablation-more",
    hidden: true,
    onclick: () => showAll(),
  });
  const sentence = h("div", { class: "nbi-hidden", role: "status", "aria-live": "polite" });
  const element = h(
    "section",
    { class: "nbi-ablation-effect", "aria-label": "Effect" },
    h("div", { class: "nbi-ablation-headline" }, heading, now, points, was),
    overall.element,
    extent,
    slow,
    h(
      "div",
      { class: "nbi-bar nbi-ablation-order" },
      h(
        "span",
        {
          class: "nbi-ablation-heading",
          title: BALANCED,
        },
        "Balanced accuracy by class",
      ),
      h("label", { class: "nbi-field" }, "Order", order),
    ),
    list,
    more,
    sentence,
  );
  /** @type {Bar[]} by class */
  let bars = [];
  /** @type {string[] | null} */
  let named = null;
  /** @type {number[]} */
  let places = [];
  let all = false;
  /** @type {() => void} */
  let again = () => {};

  function showAll() {
    const first = places[N_LISTED];
    all = true;
    again();
    bars[first]?.element.focus();
  }

  /** @param {string} name @param {number} c @returns {Bar} */
  function createBar(name, c) {
    const track = createTrack(true);
    const share = h("span", { class: "nbi-ablation-share" });
    const points = h("span", { class: "nbi-ablation-points" });
    const element = h(
      "button",
      {
        type: "button",
        class: "nbi-ablation-class",
        onclick: () => onClass(element.getAttribute("aria-pressed") === "true" ? -1 : c),
      },
      h("span", { class: "nbi-ablation-class-name" }, name),
      track.element,
      share,
      points,
    );
    return { ...track, element, share, points };
  }

  /** @param {HTMLElement} node @param {number | null} after @param {number | null} before */
  function writePoints(node, after, before) {
    const words = pointsWords(after, before);
    if (node.textContent !== words) node.textContent = words;
    node.classList.toggle("nbi-loss", words.startsWith("−"));
    node.classList.toggle("nbi-gain", words.startsWith("+"));
  }

  /** @param {Effect} effect @param {number} c @param {About} about @param {number} ofClass */
  function writeBar(effect, c, about, ofClass) {
    const [after, before] = [effect.balanced[c], effect.balanced_was[c]];
    const bar = bars[c];
    drawTrack(bar, after, before);
    bar.share.textContent = shareWords(after);
    writePoints(bar.points, after, before);
    bar.element.setAttribute("aria-pressed", String(c === ofClass));
    const words =
      after === null
        ? `${about.classes[c]}: no image of it`
        : `${about.classes[c]}: balanced accuracy ${shareWords(after)}, was ${shareWords(before)}, ${pointsWords(after, before)} points`;
    bar.element.title = `${words}. Click: pictures of this class only`;
  }

  /** @param {Effect} effect @param {boolean} settled nothing moves any more @param {"change" | "class"} by */
  function arrange(effect, settled, by) {
    const wanted = orderedClasses(effect, by);
    const kept = settled || places.length !== wanted.length || by === "class" ? wanted : places;
    const shown = all ? kept : kept.slice(0, N_LISTED);
    if (shown.join() !== [...list.children].map((node) => /** @type {HTMLElement} */ (node).dataset.class).join()) {
      keepFocus(list, () => list.replaceChildren(...shown.map((c) => bars[c].element)));
    }
    places = kept;
    more.hidden = shown.length === kept.length;
    more.textContent = `Show all ${kept.length.toLocaleString("en-US")} classes`;
    return shown;
  }

  return {
    element,
    /**
     * @param {Effect} effect
     * @param {{about: About, order: "change" | "class", ofClass: number, settled: boolean, words: string}} how
     */
    show(effect, how) {
      const { about, order: by, ofClass, settled, words } = how;
      again = () => this.show(effect, { ...how, settled: true });
      if (named !== about.classes) {
        named = about.classes;
        bars = named.map(createBar);
        bars.forEach(({ element }, c) => {
          element.dataset.class = String(c);
        });
        places = [];
      }
      heading.textContent = about.measure === "accuracy" ? "Accuracy" : "Agreement";
      heading.title = MEANING[about.measure];
      now.textContent = shareWords(effect.accuracy);
      writePoints(points, effect.accuracy, effect.was);
      points.textContent += points.textContent ? " points" : "";
      was.textContent = `was ${shareWords(effect.was)}`;
      drawTrack(overall, effect.accuracy, effect.was);
      extent.textContent = extentWords(effect);
      extent.classList.toggle("nbi-partial", !isComplete(effect));
      slow.textContent = about.slow ? `The whole network is run: ${about.slow}` : "";
      slow.hidden = about.slow === "";
      order.value = by;
      for (const c of arrange(effect, settled, by)) writeBar(effect, c, about, ofClass);
      if (settled) put(sentence, effectWords(effect, about, words));
    },
  };
}

/** @param {boolean} [chance] mark 50 % */
function createTrack(chance = false) {
  const fill = h("span", { class: "nbi-ablation-fill" });
  const change = h("span", { class: "nbi-ablation-change" });
  const tick = h("span", { class: "nbi-ablation-tick" });
  const half = chance ? h("span", { class: "nbi-ablation-half" }) : null;
  return {
    element: h("span", { class: "nbi-ablation-track", "aria-hidden": "true" }, half, fill, change, tick),
    fill,
    change,
    tick,
  };
}

/** @param {{fill: HTMLElement, change: HTMLElement, tick: HTMLElement}} track @param {number | null} now @param {number | null} was */
function drawTrack({ fill, change, tick }, now, was) {
  const bar = barOf(now, was);
  fill.style.width = `${100 * bar.fill}%`;
  change.style.left = `${100 * bar.from}%`;
  change.style.width = `${100 * bar.width}%`;
  change.classList.toggle("nbi-gain", bar.gain);
  tick.hidden = bar.tick === null;
  tick.style.left = `${100 * (bar.tick ?? 0)}%`;
}
