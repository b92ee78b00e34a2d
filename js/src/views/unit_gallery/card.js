/** One card: the images made for one objective, what they reached, and the exemplars of its unit. */
import { formatNumber } from "../../lib/columns.js";
import { h } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { drawPicture, prepare } from "../../lib/picture.js";
import { exemplarOf } from "../unit_list/state.js";
import { wordsOf } from "./state.js";

/** @import { ActivationMap, Catalog, UnitTable } from "../../lib/types.js" */
/** @import { Card, Group } from "./state.js" */

/** Distance of two exemplars and their side, px; the card shows as many as fit in its width. */
export const PITCH = 46;
const TILE = 43;
export const MOST_EXEMPLARS = 12;

export const MEANING = {
  activation: "Activation: what the image gives the unit, as it is, without transforms",
  percentile: "Percentile: the share of the recorded images that activate the unit less",
  survival:
    "Left under transforms: what is left of the response under transforms that the optimization did not use (average of several)",
  judge: "Judge: what an independent network makes of the image",
};

/** @typedef {{element: HTMLElement, image: number, map: ActivationMap | null}} Exemplar */
/** @typedef {ReturnType<typeof createTile>} Tile */
/** @typedef {ReturnType<typeof createCard>} CardView */

/** One optimized image with its scores. @param {number} i */
function createTile(i) {
  const canvas = h("canvas", { class: "nbi-optimized", role: "img" });
  const activation = h("span", { class: "nbi-activation", title: MEANING.activation });
  const save = h("button", { type: "button", class: "nbi-save", tabindex: "-1" }, icon("download", 13));
  const fill = h("span", { class: "nbi-fill" });
  const track = h("span", { class: "nbi-track", "aria-hidden": "true" }, fill);
  const percentile = h("span", { class: "nbi-line nbi-percentile", title: MEANING.percentile });
  const survival = h("span", { class: "nbi-line", title: MEANING.survival });
  const judge = h("span", { class: "nbi-line", title: MEANING.judge });
  const note = h("span", { class: "nbi-line nbi-note" });
  const veil = h("span", { class: "nbi-veil" });
  const element = h(
    "figure",
    { class: "nbi-figure" },
    h("div", { class: "nbi-frame" }, canvas, veil),
    h(
      "figcaption",
      {},
      h("span", { class: "nbi-line nbi-reached" }, activation, save),
      track,
      percentile,
      note,
      survival,
      judge,
    ),
  );
  return { element, canvas, veil, activation, save, fill, track, percentile, survival, judge, note, image: i };
}

/** @param {Group} group */
export function createCard(group) {
  const tick = h("span", { class: "nbi-card-tick", "aria-hidden": "true" }, icon("check", 12));
  const title = h("span", { class: "nbi-card-title" });
  const layer = h("span", { class: "nbi-card-layer" });
  const facts = h("span", { class: "nbi-hidden" });
  const head = h("button", { type: "button", class: "nbi-card-head", tabindex: "-1" }, title, layer, tick, facts);
  const tiles = group.images.map(createTile);
  const canvas = h("canvas", { class: "nbi-strip-canvas", "aria-hidden": "true" });
  const exemplars = Array.from({ length: MOST_EXEMPLARS }, (_, e) => createExemplar(e));
  const strip = h(
    "div",
    { class: "nbi-strip", role: "group", "aria-label": "Exemplars", hidden: true },
    canvas,
    ...exemplars.map((exemplar) => exemplar.element),
  );
  const element = h(
    "div",
    { class: "nbi-card", role: "listitem", style: `--nbi-n: ${group.images.length}` },
    head,
    h("div", { class: "nbi-tiles" }, ...tiles.map((tile) => tile.element)),
    strip,
  );
  return { element, head, title, layer, facts, tiles, strip, canvas, exemplars, group, inSight: false };
}

/** @param {number} e @returns {Exemplar} */
function createExemplar(e) {
  const tick = h("span", { class: "nbi-tick", "aria-hidden": "true" }, icon("check", 10));
  const props = { type: "button", class: "nbi-exemplar", tabindex: "-1", hidden: true, "data-rank": e };
  return { element: h("button", props, tick), image: -1, map: null };
}

/** @param {CardView} view @param {Card[]} cards @param {{nImages: number, canSelect: boolean, stopped: boolean}} facts */
export function writeCard(view, cards, { nImages, canSelect, stopped }) {
  const { group } = view;
  const [name, ...rest] =
    group.unit >= 0 && group.title.endsWith(` of ${group.layer}`)
      ? [group.title.slice(0, -4 - group.layer.length), group.layer]
      : [group.title];
  view.title.textContent = name;
  view.layer.textContent = rest.join("");
  const notes = new Set(group.images.map((i) => noteOf(cards[i])).filter(Boolean));
  view.head.title = [canSelect ? `${group.title}: select it in all linked views` : group.title, ...notes].join("\n");
  view.facts.textContent = factsOf(cards[group.images[0]], nImages);
  view.element.classList.toggle("nbi-forming", cards[group.images[0]].state === "forming" && !stopped);
  for (const tile of view.tiles) writeTile(tile, cards[tile.image], { nImages, stopped });
}

/** What the head says of its first image to those who do not see it. @param {Card} card @param {number} nImages */
function factsOf(card, nImages) {
  const words = wordsOf(card, nImages);
  const activation = words.activation && `activation ${words.activation}`;
  return ["", card.dead ? "dead unit" : "", activation, words.percentile].filter((text, i) => !i || text).join(", ");
}

/** @param {Card} card */
const noteOf = ({ note }) => (note === "not begun" ? "" : note);

/** @param {Tile} tile @param {Card} card @param {{nImages: number, stopped: boolean}} facts */
function writeTile(tile, card, { nImages, stopped }) {
  const words = wordsOf(card, nImages);
  const scored = words.activation !== "";
  tile.activation.textContent = scored ? `activation ${words.activation}` : "";
  tile.track.hidden = words.percentile === "";
  tile.fill.style.width = `${card.percentile ?? 0}%`;
  tile.percentile.textContent = words.percentile;
  tile.survival.textContent = words.survival;
  tile.judge.textContent = words.judge;
  tile.note.textContent = card.dead ? "Dead unit: it never responded" : scored ? "" : stateWords(card, stopped);
  tile.note.classList.toggle("nbi-warn", card.dead);
  tile.element.title = noteOf(card);
  tile.veil.textContent = card.state === "waiting" ? "not begun" : "";
  tile.canvas.setAttribute("aria-label", `optimized image of ${card.title}`);
  tile.save.setAttribute("aria-label", `Save the image of ${card.title}`);
  tile.save.title = "Save this image as a PNG file";
  tile.save.disabled = card.state === "waiting";
}

/** @param {Card} card @param {boolean} stopped */
function stateWords(card, stopped) {
  if (card.state === "waiting") return stopped ? "not begun" : "waiting for its turn";
  return stopped ? "unfinished" : "forming …";
}

/**
 * The exemplars that fit; none where the unit's layer was not recorded.
 * @param {CardView} view
 * @param {object} what
 * @param {UnitTable | null} what.table
 * @param {number} what.width px
 * @param {(image: number) => string} what.nameOf
 */
export function writeExemplars(view, { table, width, nameOf }) {
  const { unit } = view.group;
  const usable = table !== null && unit >= 0 && unit < table.n;
  const space = Math.floor((width + PITCH - TILE) / PITCH);
  let shown = 0;
  for (const [e, exemplar] of view.exemplars.entries()) {
    const found = usable && e < space ? exemplarOf(/** @type {UnitTable} */ (table), unit, e) : null;
    exemplar.image = found ? found.image : -1;
    exemplar.map = found ? found.map : null;
    exemplar.element.hidden = !found;
    if (!found) continue;
    shown++;
    const text = `${nameOf(found.image)}, activation ${formatNumber(found.value, 3)}`;
    exemplar.element.title = text;
    exemplar.element.setAttribute("aria-label", `exemplar ${e + 1}: ${text}`);
  }
  view.strip.hidden = shown === 0;
}

/** @param {CardView} view @param {Catalog} catalog */
export function drawExemplars({ canvas, exemplars, strip }, catalog) {
  if (strip.hidden) return;
  const shown = exemplars.filter((exemplar) => exemplar.image >= 0);
  canvas.style.width = `${shown.length * PITCH}px`;
  const { ctx, scale } = prepare(canvas, shown.length * PITCH, TILE);
  shown.forEach(({ image, map, element }, e) => {
    const place = { item: image, x: e * PITCH * scale, y: 0, size: TILE * scale };
    element.classList.toggle("nbi-loading", !drawPicture(ctx, catalog, { ...place, map, as: "mask" }));
  });
}
