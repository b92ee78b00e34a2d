/** Mouse and keyboard among the cards: one card is active, Tab stays within it, arrows go to the others. */

/** @import { Selection } from "../../lib/types.js" */
/** @import { CardView } from "./card.js" */

/**
 * @param {object} options
 * @param {HTMLElement} options.list
 * @param {() => CardView[]} options.cards in the order shown
 * @param {Selection} options.selection
 * @param {(card: CardView) => void} options.toggleUnit
 * @param {(image: number) => void} options.save
 * @param {AbortSignal} options.signal
 */
export function createInput({ list, cards, selection, toggleUnit, save, signal }) {
  /** @type {CardView | null} */
  let active = null;

  /** @param {CardView} card @returns {HTMLElement[]} what can have the focus, from the top */
  function stopsOf(card) {
    const saves = card.tiles.map((tile) => tile.save);
    const exemplars = card.exemplars.map((exemplar) => exemplar.element);
    return [card.head, ...saves, ...exemplars.filter((element) => !element.hidden)];
  }

  /** @param {CardView} card @param {boolean} on */
  function reachable(card, on) {
    for (const stop of stopsOf(card)) stop.setAttribute("tabindex", on ? "0" : "-1");
  }

  /** @param {CardView} card */
  function activate(card) {
    if (active && active !== card) reachable(active, false);
    active = card;
    reachable(card, true);
  }

  /** @param {EventTarget | null} target */
  function cardOf(target) {
    const element = target instanceof Element ? target.closest(".nbi-card") : null;
    return cards().find((card) => card.element === element) ?? null;
  }

  /** The card that a key leads to. @param {CardView} from @param {string} key */
  function neighbour(from, key) {
    const all = cards();
    const at = all.indexOf(from);
    if (key === "Home") return all[0];
    if (key === "End") return all[all.length - 1];
    if (key === "ArrowRight") return all[at + 1];
    if (key === "ArrowLeft") return all[at - 1];
    const here = from.element.getBoundingClientRect();
    const rows = key === "ArrowDown" ? all.slice(at + 1) : all.slice(0, at).reverse();
    const beyond = rows.filter((card) => {
      const box = card.element.getBoundingClientRect();
      return key === "ArrowDown" ? box.top > here.top + 1 : box.top < here.top - 1;
    });
    const row = beyond.filter((card) => Math.abs(card.element.offsetTop - beyond[0].element.offsetTop) < 2);
    const distance = (/** @type {CardView} */ card) => Math.abs(card.element.getBoundingClientRect().left - here.left);
    return row.sort((a, b) => distance(a) - distance(b))[0];
  }

  /** @param {CardView} card @param {EventTarget | null} target @param {boolean} add */
  function choose(card, target, add) {
    const button = target instanceof Element ? target.closest("button, canvas") : null;
    if (button === card.head || button?.classList.contains("nbi-optimized")) return toggleUnit(card);
    const tile = card.tiles.find((one) => one.save === button);
    if (tile) return save(tile.image);
    const exemplar = card.exemplars.find((one) => one.element === button);
    if (!exemplar || exemplar.image < 0) return;
    const { image } = exemplar;
    const others = Array.from(selection.get()).filter((i) => i !== image);
    if (!add) selection.set([image]);
    else selection.set(selection.has(image) ? others : [...others, image]);
  }

  list.addEventListener(
    "click",
    (event) => {
      const card = cardOf(event.target);
      if (!card) return;
      activate(card);
      choose(card, event.target, event.ctrlKey || event.metaKey || event.shiftKey);
    },
    { signal },
  );
  list.addEventListener(
    "keydown",
    (event) => {
      const card = cardOf(event.target);
      if (!card || event.ctrlKey || event.metaKey || event.altKey) return;
      if (!/^(Arrow(Left|Right|Up|Down)|Home|End)$/.test(event.key)) return;
      event.preventDefault();
      const exemplars = stopsOf(card).filter((stop) => stop.classList.contains("nbi-exemplar"));
      const at = exemplars.indexOf(/** @type {HTMLElement} */ (event.target));
      const along = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (at >= 0 && along) return exemplars[at + along]?.focus();
      const next = neighbour(card, event.key);
      if (!next) return;
      activate(next);
      next.head.focus();
    },
    { signal },
  );
  list.addEventListener(
    "focusin",
    (event) => {
      const card = cardOf(event.target);
      if (card && card !== active) activate(card);
    },
    { signal },
  );

  return {
    /** The cards changed: see that Tab reaches one of them. */
    refresh() {
      const all = cards();
      for (const card of all) reachable(card, card === active);
      if ((!active || !all.includes(active)) && all.length > 0) activate(all[0]);
    },
  };
}
