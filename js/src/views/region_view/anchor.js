/** The anchor: its picture, what it is, and where in it the rule's neurons lie. */
import { h } from "../../lib/dom.js";
import { drawPicture, prepare } from "../../lib/picture.js";
import { captionOf } from "../image_grid/state.js";

/** @import { Catalog, Column } from "../../lib/types.js" */
/** @import { Literal, Mode, Shown } from "./state.js" */

/** Side of the picture, CSS px. */
const SIDE = 168;
const SVG = "http://www.w3.org/2000/svg";

/** @param {{catalog: Catalog, signal: AbortSignal}} context */
export function createAnchor({ catalog, signal }) {
  const thumb = h("canvas", { class: "nbi-anchor-thumb", "aria-hidden": "true" });
  const image = h("img", { class: "nbi-anchor-image", draggable: "false", hidden: true });
  const cells = document.createElementNS(SVG, "svg");
  cells.setAttribute("class", "nbi-anchor-cells");
  cells.setAttribute("viewBox", "0 0 1 1");
  cells.setAttribute("aria-hidden", "true");
  const missing = h("span", { class: "nbi-status" });
  const name = h("strong", { class: "nbi-anchor-name" });
  const facts = h("div", { class: "nbi-anchor-facts" });
  const element = h(
    "div",
    { class: "nbi-anchor" },
    h("div", { class: "nbi-anchor-frame" }, thumb, image, cells, missing),
    h("div", { class: "nbi-anchor-words" }, name, facts),
  );
  image.addEventListener("load", () => {
    image.hidden = false;
  });
  let url = "";
  let serial = 0;
  signal.addEventListener("abort", () => URL.revokeObjectURL(url), { once: true });

  /** @param {Shown} shown @param {DataView} picture */
  function showImage(shown, picture) {
    const { ctx, scale } = prepare(thumb, SIDE, SIDE); // at once; the sharper picture takes its place when it is decoded
    if (shown.anchor >= 0) drawPicture(ctx, catalog, { item: shown.anchor, x: 0, y: 0, size: SIDE * scale });
    URL.revokeObjectURL(url);
    url = picture.byteLength
      ? URL.createObjectURL(new Blob([/** @type {any} */ (picture)], { type: "image/jpeg" }))
      : "";
    image.hidden = true;
    if (url) image.src = url;
    else image.removeAttribute("src");
    image.alt = `the anchor ${shown.name}`;
    missing.textContent = url ? "" : catalog.thumb.missing || "No picture of this image.";
  }

  return {
    element,
    /**
     * @param {Shown} shown @param {DataView} picture @param {Record<string, Column>} columns
     */
    show(shown, picture, columns) {
      if (shown.serial !== serial) showImage(shown, picture);
      serial = shown.serial;
      const caption = shown.anchor < 0 ? null : captionOf(columns, shown.anchor);
      name.textContent = shown.name;
      name.title = shown.name;
      const words = [];
      if (caption?.second) words.push(`label ${caption.first}`, `predicted ${caption.second} ${caption.confidence}`);
      else if (caption) words.push(caption.first);
      const wrong = caption?.mark === "wrong";
      const mark = wrong
        ? h("span", { class: "nbi-warn" }, "✗ classified wrongly")
        : caption?.mark === "right"
          ? "✓ classified correctly"
          : null;
      facts.replaceChildren(...words.map((text) => h("div", {}, text)), ...(mark ? [h("div", {}, mark)] : []));
    },
    /**
     * Frame the places of the literals asked for; the one pointed at strongly.
     * @param {Shown} shown @param {Mode[]} modes @param {Literal | null} pointed
     */
    async frame(shown, modes, pointed) {
      cells.replaceChildren();
      const { anchor, grid } = shown;
      if (anchor < 0 || !grid || catalog.thumb.missing) return;
      await catalog.thumbs.ready([anchor]).catch(() => {});
      if (signal.aborted || shown.serial !== serial) return;
      const [left, top, width, height] = catalog.thumbs.boxes(anchor).seen;
      const frames = [];
      for (const [l, literal] of shown.literals.entries()) {
        if (literal.y === null || literal.x === null || modes[l] === "ignored") continue;
        const rect = document.createElementNS(SVG, "rect");
        const place = {
          x: left + (literal.x / grid[1]) * width,
          y: top + (literal.y / grid[0]) * height,
          width: width / grid[1],
          height: height / grid[0],
        };
        for (const [key, value] of Object.entries(place)) rect.setAttribute(key, String(value));
        rect.setAttribute("class", literal === pointed ? "nbi-place nbi-pointed" : "nbi-place");
        const around = /** @type {SVGElement} */ (rect.cloneNode());
        around.setAttribute("class", "nbi-place nbi-around");
        frames.push([around, rect]);
      }
      frames.sort(([, a], [, b]) => a.classList.length - b.classList.length); // the one pointed at on top
      cells.replaceChildren(...frames.flat());
    },
  };
}
