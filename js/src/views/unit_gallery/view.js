/** The gallery on the page. Knows nothing of Jupyter. */
import { textOf } from "../../lib/columns.js";
import { h } from "../../lib/dom.js";
import { keepFocus } from "../../lib/keep_focus.js";
import { perFrame } from "../../lib/timing.js";
import { undoKeys } from "../selection_bar/view.js";
import { createCard, drawExemplars, writeCard, writeExemplars } from "./card.js";
import { createRunForm, createShowBar } from "./controls.js";
import { createInput } from "./input.js";
import { createPictures } from "./pictures.js";
import { createRunBar } from "./run_bar.js";
import { createSaver } from "./save.js";
import { arranged, fileName, fittedSize, groupsOf } from "./state.js";

/** @import { Catalog, Column, Selection, UnitTable } from "../../lib/types.js" */
/** @import { CardView } from "./card.js" */
/** @import { Card, Progress, RunState, SortKey } from "./state.js" */

/**
 * What the gallery shows; the names are those of the widget's traits.
 * @typedef {object} Settings
 * @property {Card[]} cards
 * @property {DataView} sheet
 * @property {any} tiles
 * @property {RunState} state
 * @property {Progress} progress
 * @property {any} choices
 * @property {boolean} can_run
 * @property {number} height
 * @property {boolean} show_exemplars
 * @property {SortKey} sort_by
 */

const NO_KERNEL = "Needs a running kernel";
const NO_NETWORK = "This result was loaded without its network: call nbinterp.maximize to make images";
const ENDED = ["stopped", "done", "failed"];
const KEYS =
  "Arrow keys go from card to card, Tab to what is in it; Enter selects, of exemplars Shift+Enter adds. " +
  "Ctrl+Z takes a selection back.";

/**
 * @param {HTMLElement} root
 * @param {object} context
 * @param {Catalog} context.catalog
 * @param {Selection} context.selection
 * @param {Settings} context.settings
 * @param {(change: Partial<Settings>) => void} context.write
 * @param {(message: Record<string, unknown>) => void} context.send
 * @param {AbortSignal} context.signal
 */
export function createGallery(root, { catalog, selection, settings, write, send, signal }) {
  /** @type {Map<string, CardView>} by group and images */
  let views = new Map();
  /** @type {CardView[]} in the order shown */
  let shown = [];
  /** @type {Map<string, UnitTable | null>} by layer */
  const tables = new Map();
  /** @type {Column | null} */
  let names = null;
  let size = 184;

  const form = createRunForm({
    run: (message) => {
      runBar.say("Asking the kernel …");
      send(message);
    },
  });
  const runBar = createRunBar({ send });
  const showBar = createShowBar({
    onSort: (sort_by) => write({ sort_by }),
    onExemplars: (show_exemplars) => write({ show_exemplars }),
    onSize: (px) => {
      size = px;
      fit();
    },
    onSaveAll: () => saver.all(pictures.bytes),
  });
  const list = h("div", {
    class: "nbi-cards",
    role: "list",
    "aria-label": "Optimized images",
    "aria-description": KEYS,
  });
  const empty = h("div", { class: "nbi-empty" }, "There are no images yet: choose units and press Run.");
  root.append(form.element, runBar.element, showBar.element, h("div", { class: "nbi-body" }, list, empty));

  const pictures = createPictures({
    onLoad: (first, count, aspect) => {
      root.style.setProperty("--nbi-aspect", String(aspect));
      drawSome(first, count);
    },
  });
  const saver = createSaver({ hasKernel: () => catalog.hasKernel, send, say: (text) => runBar.say(text) });
  const input = createInput({
    list,
    selection,
    signal,
    cards: () => shown,
    toggleUnit,
    save: (image) => {
      const tile = tileOf(image);
      if (tile) saver.one(image, tile.canvas, fileName(settings.cards, image));
    },
  });
  undoKeys(root, selection, signal);

  /** Cards that are scrolled into sight are drawn, the others give their memory back. */
  const sight = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        const view = shown.find((card) => card.element === target);
        if (!view) continue;
        view.inSight = isIntersecting;
        if (isIntersecting) drawCard(view);
        else for (const canvas of [view.canvas, ...view.tiles.map((tile) => tile.canvas)]) canvas.width = 0;
      }
    },
    { root: list, rootMargin: "300px" },
  );
  signal.addEventListener("abort", () => sight.disconnect(), { once: true });

  /** @param {number} image */
  function tileOf(image) {
    for (const view of shown) for (const tile of view.tiles) if (tile.image === image) return tile;
    return null;
  }

  /** @param {CardView} view */
  function drawCard(view) {
    for (const tile of view.tiles) drawTile(tile);
    drawExemplars(view, catalog);
  }

  /** @param {CardView["tiles"][number]} tile */
  function drawTile(tile) {
    const begun = settings.cards[tile.image]?.state !== "waiting";
    tile.element.classList.toggle("nbi-blank", !(begun && pictures.draw(tile.canvas, tile.image)));
  }

  /** @param {number} first @param {number} count */
  function drawSome(first, count) {
    for (const view of shown) {
      if (!view.inSight) continue;
      for (const tile of view.tiles) if (tile.image >= first && tile.image < first + count) drawTile(tile);
    }
  }

  /** @param {CardView} view */
  function toggleUnit({ group: { layer, unit } }) {
    if (unit < 0) return;
    const now = selection.unit;
    selection.setUnit(now?.layer === layer && now.unit === unit ? null : { layer, unit });
  }

  /** @param {CardView} view */
  function mark(view) {
    const { layer, unit } = view.group;
    const chosen = unit >= 0 && selection.unit?.layer === layer && selection.unit.unit === unit;
    view.head.setAttribute("aria-pressed", String(chosen));
    view.element.classList.toggle("nbi-chosen", chosen);
    for (const { element, image } of view.exemplars) {
      element.setAttribute("aria-pressed", String(image >= 0 && selection.has(image)));
    }
  }

  /** @param {number} image */
  function nameOf(image) {
    return (names && textOf(names, image)) || `image ${image}`;
  }

  /** Make the cards what the trait says; cards that stay keep their elements. */
  function arrange() {
    const { cards, sort_by, state } = settings;
    const before = views;
    views = new Map();
    shown = arranged(groupsOf(cards), cards, sort_by).map((group) => {
      const key = `${group.title}|${group.images.join()}`;
      const view = before.get(key) ?? createCard(group);
      view.group = group;
      views.set(key, view);
      return view;
    });
    for (const [key, view] of before) {
      if (views.has(key)) continue;
      sight.unobserve(view.element);
      view.element.remove();
    }
    const facts = { nImages: catalog.nItems, canSelect: true, stopped: ENDED.includes(state) };
    for (const view of shown) {
      writeCard(view, cards, facts);
      mark(view);
    }
    place();
    empty.hidden = shown.length > 0;
    writeCount();
    loadExemplars();
    input.refresh();
  }

  /** Bring the elements into the order of the cards. */
  function place() {
    const elements = shown.map((view) => view.element);
    if (elements.every((element, k) => list.children[k] === element)) return;
    list.replaceChildren(...elements);
    for (const element of elements) sight.observe(element);
  }

  function writeCount() {
    const { cards } = settings;
    const done = cards.filter((card) => card.state === "done").length;
    const dead = cards.filter((card) => card.dead).length;
    const n = cards.length;
    const text = `${n} image${n === 1 ? "" : "s"}${done < n ? `, ${done} finished` : ""}`;
    showBar.count.textContent = dead ? `${text}, ${dead} of dead units` : text;
    showBar.all.disabled = cards.every((card) => card.state === "waiting");
  }

  /** The tables of the layers shown, each asked for once. */
  async function loadExemplars() {
    const layers = new Set(shown.map((view) => view.group.layer));
    const missing = [...layers].filter((layer) => !tables.has(layer) && catalog.layers.some((l) => l.name === layer));
    for (const layer of missing) tables.set(layer, null);
    fit();
    if (missing.length === 0) return;
    names ??= await catalog.column("name").catch(() => null);
    await Promise.all(missing.map(async (layer) => tables.set(layer, await catalog.units(layer).catch(() => null))));
    if (!signal.aborted) fit();
  }

  /** Images that fill the width, and as many exemplars as a card holds. */
  const fit = perFrame(() => keepFocus(list, layOut), signal);

  function layOut() {
    const most = Math.max(1, ...shown.map((view) => view.tiles.length));
    root.style.setProperty("--nbi-size", `${fittedSize(size, list.clientWidth - 20, most)}px`);
    const any = [...tables.values()].some((table) => table !== null);
    showBar.show(settings, any);
    for (const view of shown) {
      const table = settings.show_exemplars ? (tables.get(view.group.layer) ?? null) : null;
      writeExemplars(view, { table, width: view.element.clientWidth - 18, nameOf });
      mark(view);
      if (view.inSight) drawExemplars(view, catalog);
    }
    input.refresh();
  }

  selection.on(
    "unit",
    () => {
      for (const view of shown) mark(view);
      shown.find((view) => view.element.classList.contains("nbi-chosen"))?.element.scrollIntoView({ block: "nearest" });
    },
    signal,
  );
  const markAll = perFrame(() => shown.forEach(mark), signal);
  selection.on("change", markAll, signal);
  const redraw = perFrame(() => {
    for (const view of shown) if (view.inSight) drawExemplars(view, catalog);
  }, signal);
  catalog.thumbs.onLoad(redraw, signal);
  const watch = new ResizeObserver(fit);
  watch.observe(list);
  signal.addEventListener("abort", () => watch.disconnect(), { once: true });

  function showRun() {
    const { state, progress } = settings;
    runBar.show(state, progress, catalog.hasKernel ? "" : NO_KERNEL);
    form.forbid(catalog.hasKernel ? (settings.can_run ? "" : NO_NETWORK) : NO_KERNEL);
  }

  return {
    /** Show other settings. @param {Partial<Settings>} change */
    async apply(change) {
      settings = { ...settings, ...change };
      if ("height" in change) root.style.setProperty("--nbi-height", `${settings.height}px`);
      if ("choices" in change) form.offer(settings.choices);
      if ("state" in change || "progress" in change || "can_run" in change) showRun();
      if ("cards" in change || "sort_by" in change || "state" in change) keepFocus(list, arrange);
      if ("show_exemplars" in change) fit();
      if ("sheet" in change || "tiles" in change) await pictures.setSheet(settings.sheet, settings.tiles);
    },
    /** A message of the kernel. @param {any} message @param {DataView[]} buffers */
    async receive(message, buffers) {
      if (message.kind === "error") {
        saver.failed(message.id);
        runBar.say(message.text, true);
      } else if (message.kind === "png") saver.receive(message, buffers);
      else if (message.kind === "frame") {
        await pictures.addFrame(buffers[0], message).catch(() => {});
        send({ kind: "ready", serial: message.serial });
      }
    },
  };
}
