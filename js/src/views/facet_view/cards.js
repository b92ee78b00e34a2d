/** One card a facet: its number and mark, share, mean image, synthesized image, exemplars. */
import { h } from "../../lib/dom.js";
import { roving } from "../../lib/focus.js";
import { combine, howOf } from "../../lib/geometry.js";
import { icon } from "../../lib/icons.js";
import { keepFocus } from "../../lib/keep_focus.js";
import { categoryColor } from "../../lib/palette.js";
import { drawPicture, prepare } from "../../lib/picture.js";
import { perFrame } from "../../lib/timing.js";
import { wordsOf } from "../unit_gallery/state.js";
import { facetText, judgedWords, markPath, membersOf } from "./state.js";

/** @import { Catalog, Selection } from "../../lib/types.js" */
/** @import { createPictures } from "../unit_gallery/pictures.js" */
/** @import { Card, RunState } from "../unit_gallery/state.js" */
/** @import { Points, Quality, Shown } from "./state.js" */

/** @typedef {ReturnType<typeof createPictures>} Pictures */
const TILE = 46;
const EXEMPLAR_KEYS =
  "Arrow keys go from exemplar to exemplar, Enter selects, with Shift it adds and with Alt it takes away.";
const SVG = "http://www.w3.org/2000/svg";

/** @param {number} facet @param {number} side px */
export function chip(facet, side) {
  const svg = document.createElementNS(SVG, "svg");
  const half = side / 2;
  const attributes = { width: side, height: side, viewBox: `${-half} ${-half} ${side} ${side}`, "aria-hidden": "true" };
  for (const [key, value] of Object.entries(attributes)) svg.setAttribute(key, String(value));
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", markPath(facet, side / 3.4));
  path.setAttribute("fill", categoryColor(facet));
  svg.append(path);
  return svg;
}

/**
 * @param {object} context
 * @param {Catalog} context.catalog
 * @param {Selection} context.selection
 * @param {Pictures} context.means
 * @param {Pictures} context.made
 * @param {(item: number) => string} context.nameOf
 * @param {() => void} context.onChoose images were selected here
 * @param {AbortSignal} context.signal
 */
export function createCards({ catalog, selection, means, made, nameOf, onChoose, signal }) {
  const list = h("div", { class: "nbi-facet-cards", role: "list", "aria-label": "Facets" });
  /** @type {ReturnType<typeof createCard>[]} */
  let cards = [];
  let drawn = new AbortController(); // ends with the cards
  signal.addEventListener("abort", () => drawn.abort(), { once: true });

  const drawExemplars = perFrame(() => {
    for (const card of cards) {
      for (const { element, canvas, item } of card.exemplars) {
        const { ctx, scale } = prepare(canvas, TILE, TILE);
        const drawn = drawPicture(ctx, catalog, { item, x: 0, y: 0, size: TILE * scale });
        element.classList.toggle("nbi-loading", !drawn);
      }
    }
  }, signal);
  catalog.thumbs.onLoad(drawExemplars, signal);

  const mark = perFrame(() => {
    for (const card of cards) {
      for (const { element, item } of card.exemplars) element.setAttribute("aria-pressed", String(selection.has(item)));
      const all = card.members.length === selection.size && card.members.every((item) => selection.has(item));
      card.choose.setAttribute("aria-pressed", String(all && card.members.length > 0));
    }
  }, signal);
  selection.on("change", mark, signal);

  /** @param {Shown["facets"][number]} facet @param {number} number @param {Points} points @param {number} n */
  function createCard(facet, number, points, n) {
    const members = membersOf(points, number);
    const choose = h(
      "button",
      {
        type: "button",
        class: "nbi-button nbi-members",
        title: "Select all images of this facet in every linked view",
      },
      "Select all members",
    );
    if (n > 1) choose.setAttribute("aria-label", `Select all members of facet ${number}`);
    choose.addEventListener("click", () => {
      selection.set(members);
      onChoose();
    });
    const mean = picture(`mean image of facet ${number}`, "mean image");
    const image = picture(`synthesized image of facet ${number}`, "synthesized");
    const exemplars = facet.exemplars.map((item, rank) => createExemplar(item, rank));
    const title = n === 1 ? "One kind of image" : `Facet ${number}`;
    const strip = h(
      "div",
      {
        class: "nbi-strip",
        role: "toolbar",
        "aria-label": `Exemplars of facet ${number}`,
        "aria-description": EXEMPLAR_KEYS,
      },
      ...exemplars.map((e) => e.element),
    );
    roving(strip, "button", drawn.signal);
    const element = h(
      "div",
      { class: "nbi-facet-card", role: "listitem" },
      h(
        "div",
        { class: "nbi-facet-head" },
        chip(number, 20),
        h("span", { class: "nbi-facet-title" }, title),
        h("span", { class: "nbi-facet-share" }, facetText(facet)),
        choose,
      ),
      h("div", { class: "nbi-facet-pictures" }, mean.element, image.element),
      strip,
    );
    return { element, members, choose, mean, image, exemplars };
  }

  /** @param {string} label @param {string} caption */
  function picture(label, caption) {
    const canvas = h("canvas", { class: "nbi-facet-canvas", role: "img", "aria-label": label, width: 0, height: 0 });
    const veil = h("span", { class: "nbi-veil" });
    const words = h("span", { class: "nbi-line" });
    const judged = h("span", { class: "nbi-line nbi-judged-line" });
    const element = h(
      "figure",
      { class: "nbi-facet-figure nbi-blank" },
      h("div", { class: "nbi-frame" }, canvas, veil),
      h("figcaption", {}, h("span", {}, caption), words, judged),
    );
    return { element, canvas, veil, words, judged };
  }

  /** @param {number} item @param {number} rank */
  function createExemplar(item, rank) {
    const canvas = h("canvas", { class: "nbi-small", "aria-hidden": "true" });
    const tick = h("span", { class: "nbi-tick", "aria-hidden": "true" }, icon("check", 10));
    const text = `exemplar ${rank + 1}: ${nameOf(item)}`;
    const element = h("button", { type: "button", class: "nbi-shot", title: text, "aria-label": text }, canvas, tick);
    const choose = (/** @type {MouseEvent | KeyboardEvent} */ event) => {
      const how = event.ctrlKey || event.metaKey ? "add" : howOf(event);
      selection.set(combine(selection.get(), Uint32Array.of(item), how));
      onChoose();
    };
    element.addEventListener("click", choose);
    element.addEventListener("keydown", (event) => {
      if (!event.altKey || event.key !== "Enter") return; // browsers make no click of it
      event.preventDefault();
      choose(event);
    });
    return { element, canvas, item };
  }

  return {
    element: list,
    /** Other facets. @param {Shown} shown @param {Points} points */
    show(shown, points) {
      drawn.abort();
      drawn = new AbortController();
      cards = shown.facets.map((facet, number) => createCard(facet, number, points, shown.n_facets));
      keepFocus(list, () => list.replaceChildren(...cards.map((card) => card.element)));
      this.drawMeans();
      this.drawMade();
      drawExemplars();
      mark();
    },
    drawMeans() {
      for (const [i, { mean }] of cards.entries()) {
        mean.element.classList.toggle("nbi-blank", !means.draw(mean.canvas, i));
      }
    },
    drawMade() {
      for (const [i, { image }] of cards.entries()) {
        image.element.classList.toggle("nbi-blank", !made.draw(image.canvas, i));
      }
    },
    /** How another network sees the synthesized images. @param {Quality | Record<string, never>} quality @param {number} serial */
    judge(quality, serial) {
      cards.forEach(({ image }, i) => {
        image.judged.textContent = judgedWords(quality, serial, i);
        image.judged.classList.toggle("nbi-warn", image.judged.textContent !== "" && quality.own?.[i] === false);
      });
    },
    /** What the synthesized images reached. @param {Card[]} facts @param {RunState | "none"} state */
    tell(facts, state) {
      cards.forEach(({ image }, i) => {
        const card = facts[i];
        image.element.hidden = state === "none";
        const words = card ? wordsOf(card, catalog.nItems) : null;
        const reached = words?.activation ? `activation ${words.activation}` : "";
        const forming = !["done", "stopped", "failed"].includes(state);
        const resting = forming ? "forming …" : "";
        image.words.textContent = [reached || resting, words?.percentile, words?.judge].filter(Boolean).join(" · ");
        image.veil.textContent =
          !card || card.state === "waiting" ? (forming ? "waiting for its turn" : "not begun") : "";
        image.element.classList.toggle("nbi-forming", forming && card?.state === "forming");
      });
    },
  };
}
