/** What the item under the pointer or the keyboard cursor is: its picture and a few words, always inside the view. */
import { textOf } from "../../lib/columns.js";
import { h } from "../../lib/dom.js";

/** @import { Catalog, Column } from "../../lib/types.js" */
/** @import { Encoding } from "./encoding.js" */

const PICTURE = 96;
/** Columns shown, if they exist, besides the one that gives the colour. */
const WORTH_KNOWING = ["name", "label", "prediction", "confidence"];
const GAP = 14;

/**
 * Top left corner for a box of some size near a place, inside a room and beside the place if there is any way.
 *
 * @param {{ x: number, y: number }} at
 * @param {{ width: number, height: number }} box
 * @param {{ width: number, height: number }} room
 */
export function placeBox(at, box, room) {
  const right = at.x + GAP + box.width <= room.width;
  const x = right ? at.x + GAP : at.x - GAP - box.width;
  const y = at.y - box.height / 2;
  const inside = (/** @type {number} */ v, /** @type {number} */ most) => Math.max(0, Math.min(v, most));
  return { x: inside(x, room.width - box.width), y: inside(y, room.height - box.height) };
}

/**
 * @param {Catalog} catalog
 * @param {HTMLElement} area
 * @param {AbortSignal} signal
 */
export function createTooltip(catalog, area, signal) {
  const canvas = h("canvas", { width: 2 * PICTURE, height: 2 * PICTURE, "aria-hidden": "true" });
  const words = h("div", { class: "nbi-tip-words" });
  const element = h("div", { class: "nbi-tip", role: "tooltip", hidden: true }, canvas, words);
  const details = createDetails(catalog);
  let shown = -1;

  const paint = () => {
    const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    ctx.clearRect(0, 0, canvas.width, canvas.height);
    ctx.imageSmoothingQuality = "high";
    catalog.thumbs.draw(ctx, shown, 0, 0, canvas.width, canvas.height);
  };
  catalog.thumbs.onLoad(() => shown >= 0 && paint(), signal);

  /** @param {number} item @param {{ x: number, y: number }} at px in the area @param {Encoding} encoding */
  async function show(item, at, encoding) {
    const place = () => {
      const room = { width: area.clientWidth, height: area.clientHeight };
      const { x, y } = placeBox(at, { width: element.offsetWidth, height: element.offsetHeight }, room);
      element.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
    };
    const fresh = item !== shown;
    shown = item;
    element.hidden = false;
    if (!fresh) return place();
    paint();
    words.replaceChildren(...details.now(item, encoding));
    place();
    if (await details.load()) {
      if (shown !== item) return;
      words.replaceChildren(...details.now(item, encoding));
      place();
    }
  }

  return {
    element,
    show,
    hide() {
      shown = -1;
      element.hidden = true;
    },
    /** @param {number} item @param {Encoding} encoding @returns {Promise<string>} the words, for a screen reader */
    async describe(item, encoding) {
      await details.load();
      return details
        .now(item, encoding)
        .map((line) => line.textContent)
        .join(", ");
    },
  };
}

/** @param {Catalog} catalog */
function createDetails(catalog) {
  /** @type {Column[]} */
  let columns = [];
  /** @type {Promise<boolean> | null} */
  let loading = null;
  return {
    /** @returns {Promise<boolean>} whether something new is known */
    load() {
      if (loading) return loading.then(() => false);
      const wanted = catalog.columns.filter((column) => WORTH_KNOWING.includes(column.name));
      const asked = wanted.map((column) => catalog.column(column.name).catch(() => null));
      loading = Promise.all(asked).then((answers) => {
        columns = answers.filter((column) => column !== null);
        return true;
      });
      return loading;
    },
    /** @param {number} item @param {Encoding} encoding @returns {HTMLElement[]} */
    now(item, encoding) {
      const byRank = [...columns].sort((a, b) => WORTH_KNOWING.indexOf(a.name) - WORTH_KNOWING.indexOf(b.name));
      const lines = byRank.map((column) => [column.name, textOf(column, item)]);
      if (encoding.title && !columns.some((column) => column.name === encoding.title)) {
        lines.push([encoding.title, meaning(encoding, item)]);
      }
      if (lines.length === 0) lines.push(["", `item ${item}`]);
      return lines.filter(([, text]) => text !== "").map(([name, text]) => line(name, text));
    },
  };
}

/** @param {string} name @param {string} text */
function line(name, text) {
  if (name === "name" || name === "") return h("div", { class: "nbi-tip-name" }, text);
  return h("div", {}, h("span", { class: "nbi-tip-key" }, `${name} `), text);
}

/** @param {Encoding} encoding @param {number} item */
function meaning({ codes, groups, text }, item) {
  return text?.(item) ?? groups.find((group) => group.code === codes[item])?.label ?? "";
}
