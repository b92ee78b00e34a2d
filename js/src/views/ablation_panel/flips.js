/** The pictures whose prediction changes: what they were taken for, and what they are taken for now. */
import { announce, h } from "../../lib/dom.js";
import { roving, setDisabled, setHidden } from "../../lib/focus.js";
import { keepFocus } from "../../lib/keep_focus.js";
import { countGroups, flipWords, groupOf, shownFlips } from "./state.js";

/** @import { Selection } from "../../lib/types.js" */
/** @import { createPictures } from "../region_view/pictures.js" */
/** @import { Flip, Group } from "./state.js" */

const TILE = 64;
/** So many pictures are drawn before the reader asks for more. */
const PAGE = 36;
/** So many are kept. */
const KEPT = 300;
const GROUPS = /** @type {const} */ ([
  ["all", "all", "Every picture whose prediction changes"],
  ["broken", "now wrong", "Predicted right before, wrong now"],
  ["repaired", "now right", "Predicted wrong before, right now"],
  ["other", "otherwise", "Wrong before and wrong now, or without a label"],
]);
const SIGNS = { broken: "✗", repaired: "✓", other: "" };

/** @typedef {{element: HTMLElement, picture: HTMLElement, first: HTMLElement, second: HTMLElement}} Cell */

/**
 * @param {object} context
 * @param {ReturnType<typeof createPictures>} context.pictures
 * @param {Selection} context.selection
 * @param {(ofClass: number) => void} context.onClass
 * @param {AbortSignal} context.signal
 */
export function createFlips({ pictures, selection, onClass, signal }) {
  /** @type {Group | "all"} */
  let group = "all";
  let limit = PAGE;
  /** @type {Flip[]} */
  let flips = [];
  /** @type {Flip[]} those of the group and class */
  let wanted = [];
  /** @type {{classes: string[], ofClass: number, neutral: boolean, labelled: boolean}} */
  let how = { classes: [], ofClass: -1, neutral: true, labelled: true };
  /** @type {Map<number, Cell>} by image */
  let cells = new Map();

  const heading = h("strong", { class: "nbi-ablation-heading" });
  const select = h("button", {
    type: "button",
    class: "nbi-button",
    onclick: () => {
      selection.set(wanted.map(({ image }) => image));
      announce(said, `${count(selection.size, "image")} selected`);
    },
  });
  const chips = GROUPS.map(([value, words, meaning]) => {
    const button = h("button", {
      type: "button",
      class: "nbi-button nbi-ablation-chip",
      title: meaning,
      onclick: () => choose(value),
    });
    return { value, words, button };
  });
  const groups = h(
    "div",
    { class: "nbi-bar", role: "group", "aria-label": "Which pictures" },
    ...chips.map(({ button }) => button),
  );
  const only = h("button", {
    type: "button",
    class: "nbi-button nbi-ablation-chip",
    "aria-pressed": "true",
    onclick: () => onClass(-1),
  });
  const grid = h("div", {
    class: "nbi-ablation-flips",
    role: "group",
    "aria-label": "Pictures whose prediction changes",
    "aria-description": "Arrows go from picture to picture; Enter selects it in all linked views",
  });
  roving(grid, "button", signal);
  const more = h("button", { type: "button", class: "nbi-button nbi-ablation-more", onclick: () => showMore() });
  const empty = h("p", { class: "nbi-status nbi-ablation-empty" });
  const body = h("div", { class: "nbi-ablation-scroll" }, grid, more, empty);
  const said = h("span", { class: "nbi-hidden", role: "status" });
  const element = h(
    "section",
    { class: "nbi-ablation-changed", "aria-label": "Changed predictions" },
    h("div", { class: "nbi-bar" }, heading, h("span", { class: "nbi-gap" }), select),
    groups,
    body,
    said,
  );
  groups.append(only);

  /** @param {Group | "all"} next */
  function choose(next) {
    group = next;
    limit = PAGE;
    body.scrollTop = 0;
    draw();
  }

  function showMore() {
    const next = wanted[limit];
    limit += 4 * PAGE;
    draw();
    cells.get(next.image)?.picture.focus();
  }

  /** @param {Flip} flip @returns {Cell} */
  function createCell({ image }) {
    const picture = pictures.create(image, { size: TILE });
    picture.dataset.name = picture.title;
    const first = h("span", { class: "nbi-ablation-first" });
    const second = h("span", { class: "nbi-ablation-second" });
    return { element: h("div", { class: "nbi-ablation-flip" }, picture, first, second), picture, first, second };
  }

  /** @param {Cell} cell @param {Flip} flip */
  function write({ element, picture, first, second }, flip) {
    const kind = groupOf(flip);
    const words = flipWords(flip, how.classes);
    element.dataset.group = kind;
    first.textContent =
      kind === "other" && flip.label >= 0
        ? `${how.classes[flip.was]} (${how.classes[flip.label]})`
        : how.classes[flip.was];
    second.textContent = `→ ${how.classes[flip.now]} ${SIGNS[kind]}`;
    element.title = words;
    picture.setAttribute("aria-label", `${picture.dataset.name ?? ""}: ${words}`);
    picture.title = `${picture.dataset.name ?? ""}: ${words}`;
  }

  /** Cells are kept, out of sight, for when their picture changes again: drawing them anew takes longer. @param {Flip[]} shown */
  function arrange(shown) {
    const present = new Set(shown.map(({ image }) => image));
    const full = cells.size > KEPT;
    if (full) cells = new Map([...cells].filter(([image]) => present.has(image)));
    const fresh = shown.filter(({ image }) => !cells.has(image));
    for (const flip of fresh) cells.set(flip.image, createCell(flip));
    for (const flip of shown) write(/** @type {Cell} */ (cells.get(flip.image)), flip);
    for (const [image, { element }] of cells) element.hidden = !present.has(image);
    if (fresh.length === 0 && !full) return;
    const order = [...cells].sort(([a], [b]) => a - b);
    grid.replaceChildren(...order.map(([, { element }]) => element));
  }

  function draw() {
    wanted = shownFlips(flips, { group, of: how.ofClass });
    const counts = countGroups(shownFlips(flips, { group: "all", of: how.ofClass }));
    const total = counts.broken + counts.repaired + counts.other;
    heading.textContent = `${count(flips.length, "prediction")} changed`;
    for (const { value, words, button } of chips) {
      const n = value === "all" ? total : counts[value];
      button.textContent = `${words} ${n.toLocaleString("en-US")}`;
      button.setAttribute("aria-pressed", String(value === group));
      button.hidden = !how.labelled && value !== "all";
    }
    setHidden(only, how.ofClass < 0, chips[0].button);
    only.textContent = how.ofClass < 0 ? "" : `${how.classes[how.ofClass]} only ×`;
    only.title = "Pictures labelled so, or taken for it before or now; click: of every class";
    select.textContent = `Select ${wanted.length.toLocaleString("en-US")}`;
    setDisabled(select, wanted.length === 0);
    select.title = "Select these pictures in all linked views";
    const shown = wanted.slice(0, limit);
    keepFocus(body, () => arrange(shown));
    more.hidden = shown.length === wanted.length;
    more.textContent = `Show ${Math.min(4 * PAGE, wanted.length - shown.length)} more`;
    empty.hidden = wanted.length > 0;
    empty.textContent = emptyWords(total);
  }

  /** @param {number} ofClass pictures of the class whose prediction changes */
  function emptyWords(ofClass) {
    if (how.neutral) return "The network is as it is. Move a slider: the pictures whose prediction changes come here.";
    if (flips.length === 0) return "No prediction changes.";
    if (ofClass > 0) return "None of the changed predictions is of this kind.";
    return `None of the changed predictions has to do with ${how.classes[how.ofClass]}.`;
  }

  return {
    element,
    /** @param {Flip[]} next @param {typeof how} nextHow */
    show(next, nextHow) {
      if (nextHow.ofClass !== how.ofClass) limit = PAGE;
      [flips, how] = [next, nextHow];
      draw();
    },
  };
}

/** "1 image", "1,024 images". @param {number} n @param {string} word */
function count(n, word) {
  return `${n.toLocaleString("en-US")} ${word}${n === 1 ? "" : "s"}`;
}
