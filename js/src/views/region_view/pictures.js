/** Small pictures that can be clicked: members of a set, exemplars of a unit. */
import { h } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { drawPicture, prepare } from "../../lib/picture.js";
import { perFrame } from "../../lib/timing.js";

/** @import { ActivationMap, Catalog, Selection } from "../../lib/types.js" */

/** @typedef {{element: HTMLElement, canvas: HTMLCanvasElement, item: number, size: number, map: ActivationMap | null}} Picture */

/**
 * Makes pictures, draws them when their thumbnails arrive, marks those that are selected.
 * @param {object} context
 * @param {Catalog} context.catalog
 * @param {Selection} context.selection
 * @param {(item: number) => string} context.nameOf
 * @param {AbortSignal} context.signal
 */
export function createPictures({ catalog, selection, nameOf, signal }) {
  /** @type {Set<Picture>} */
  const live = new Set();

  /** @param {Picture} picture */
  function draw({ element, canvas, item, size, map }) {
    const { ctx, scale } = prepare(canvas, size, size);
    const drawn = drawPicture(ctx, catalog, { item, x: 0, y: 0, size: size * scale, map, as: "mask" });
    element.classList.toggle("nbi-loading", !drawn);
  }

  /** @param {Picture} picture */
  function mark({ element, item }) {
    if (element.tagName === "BUTTON") element.setAttribute("aria-pressed", String(selection.has(item)));
  }

  /** @type {Set<Picture>} */
  const fresh = new Set();
  const drawFresh = perFrame(() => {
    for (const picture of fresh) draw(picture);
    fresh.clear();
  }, signal);
  const everyone = perFrame(() => {
    for (const picture of [...live]) {
      if (!picture.element.isConnected) live.delete(picture);
      else draw(picture);
    }
  }, signal);
  catalog.thumbs.onLoad(everyone, signal);
  selection.on(
    "change",
    perFrame(() => {
      for (const picture of [...live]) {
        if (picture.element.isConnected) mark(picture);
        else live.delete(picture);
      }
    }, signal),
    signal,
  );

  return {
    /**
     * One picture: a button that selects the image, or, with `still`, only a picture.
     * @param {number} item
     * @param {{size: number, map?: ActivationMap | null, still?: boolean, words?: string}} how
     */
    create(item, { size, map = null, still = false, words = "" }) {
      const canvas = h("canvas", { class: "nbi-small", style: `width: ${size}px; height: ${size}px` });
      const text = words || nameOf(item);
      const tick = h("span", { class: "nbi-tick", "aria-hidden": "true" }, icon("check", 10));
      const element = still
        ? h("span", { class: "nbi-shot nbi-loading" }, canvas)
        : h("button", { type: "button", class: "nbi-shot nbi-loading", title: text, "aria-label": text }, canvas, tick);
      if (!still) element.addEventListener("click", () => selection.set([item]));
      const picture = { element, canvas, item, size, map };
      live.add(picture);
      fresh.add(picture);
      drawFresh();
      mark(picture);
      return element;
    },
    redraw: everyone,
  };
}
