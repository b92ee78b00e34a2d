/** The larger look at one image: picture, heat map where wanted, every column as a table. */
import { h } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { drawPicture, prepare } from "../../lib/picture.js";
import { factsOf } from "./state.js";

/** @import { Catalog } from "../../lib/types.js" */
/** @import { createOrder } from "./order.js" */
/** @import { createUnitMaps } from "../../lib/unit_maps.js" */

const SIZE = 224;

/**
 * @param {object} options
 * @param {Catalog} options.catalog
 * @param {ReturnType<typeof createOrder>} options.order
 * @param {ReturnType<typeof createUnitMaps>} options.maps
 * @param {() => boolean} options.withHeat
 * @param {() => void} options.onClose
 * @param {(text: string) => void} options.say tell a screen reader
 */
export function createPreview({ catalog, order, maps, withHeat, onClose, say }) {
  const canvas = h("canvas", { class: "nbi-picture", role: "img" });
  const title = h("div", { class: "nbi-preview-title" });
  const close = h(
    "button",
    {
      type: "button",
      class: "nbi-button",
      "aria-label": "Close the preview",
      title: "Close (Escape)",
      onclick: onClose,
    },
    icon("clear"),
  );
  const table = h("table", { class: "nbi-facts" });
  const element = h(
    "section",
    { class: "nbi-preview", "aria-label": "Preview", hidden: true },
    h("div", { class: "nbi-preview-head" }, title, close),
    canvas,
    table,
  );
  let item = -1;

  function draw() {
    if (item < 0) return;
    const map = withHeat() ? maps.get(item) : undefined;
    const { ctx, scale } = prepare(canvas, SIZE, SIZE);
    drawPicture(ctx, catalog, { item, x: 0, y: 0, size: SIZE * scale, map });
  }

  function facts() {
    const { activation } = order;
    const unit = activation && {
      name: `${activation.unit.layer} unit ${activation.unit.unit}`,
      values: activation.values,
    };
    const rows = factsOf(order.columns, item, unit);
    table.replaceChildren(
      ...rows.map(([name, text]) => h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, text || "–"))),
    );
  }

  return {
    element,
    draw,
    get item() {
      return item;
    },
    /** @param {number} next @param {string} name @param {"left" | "right"} side the side of the grid it covers */
    open(next, name, side) {
      if (item < 0) say(`Preview of ${name}; Escape closes it`);
      item = next;
      title.textContent = name;
      title.title = name;
      canvas.setAttribute("aria-label", name);
      element.dataset.side = side;
      element.hidden = false;
      draw();
      facts();
      Promise.allSettled(catalog.columns.map((info) => order.column(info.name))).then(() => item === next && facts());
    },
    close() {
      item = -1;
      element.hidden = true;
      say("");
    },
  };
}
