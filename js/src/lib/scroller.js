/** The DOM half of virtual scrolling: a fixed number of row elements, handed from rows that left to rows that came. */
import { h } from "./dom.js";
import sheet from "./scroller.css" with { type: "text" };
import { rowWindow, scrollTopFor } from "./virtual.js";

/**
 * @template {{element: HTMLElement}} R
 * @param {object} options
 * @param {HTMLElement} options.scroller the element that scrolls; already in the page
 * @param {() => R} options.createRow
 * @param {(row: R, index: number) => void} options.fillRow
 * @param {(first: number, last: number) => void} [options.onPaint] after the rows in sight changed
 * @param {AbortSignal} options.signal
 */
export function virtualScroller({ scroller, createRow, fillRow, onPaint, signal }) {
  const sizer = h("div", { class: "nbi-sizer", role: "presentation" });
  scroller.append(sizer);
  scroller.before(h("style", {}, sheet));
  /** @type {Map<number, R>} */
  let live = new Map();
  /** @type {R[]} */
  let free = [];
  let size = { nRows: 0, rowHeight: 1 };
  let pinned = -1;
  let range = "";

  const view = () => ({ ...size, viewport: scroller.clientHeight, scrollTop: scroller.scrollTop });

  /** @param {number} index @param {number} first @param {number} last */
  const needed = (index, first, last) => (index >= first && index < last) || index === pinned;

  /** Put rows in place; `refill` writes the content of all of them anew. */
  function paint(refill = false) {
    const { first, last, scrollHeight, shift } = rowWindow(view());
    sizer.style.height = `${scrollHeight}px`;
    for (const [index, row] of live) {
      if (needed(index, first, last) && index < size.nRows) continue;
      live.delete(index);
      free.push(row);
    }
    const wanted = pinned >= 0 && pinned < size.nRows && (pinned < first || pinned >= last) ? [pinned] : [];
    for (let index = first; index < last; index++) wanted.push(index);
    for (const index of wanted) show(index, shift, refill);
    for (const row of free) row.element.hidden = true;
    if (range !== `${first}-${last}` || refill) onPaint?.(first, last);
    range = `${first}-${last}`;
  }

  /** @param {number} index @param {number} shift @param {boolean} refill */
  function show(index, shift, refill) {
    let row = live.get(index);
    if (!row) {
      row = free.pop() ?? createRow();
      if (!row.element.parentNode) sizer.append(row.element);
      row.element.hidden = false;
      live.set(index, row);
      fillRow(row, index);
    } else if (refill) fillRow(row, index);
    row.element.style.top = `${index * size.rowHeight + shift}px`;
  }

  scroller.addEventListener("scroll", () => paint(), { passive: true, signal });

  return {
    paint,
    /** @param {{nRows: number, rowHeight: number}} next */
    resize(next) {
      size = next;
    },
    /** Drop the row elements: their inner layout changed. */
    reset() {
      sizer.replaceChildren();
      live = new Map();
      free = [];
    },
    /** Keep a row alive out of sight (it has the keyboard's focus); −1 = none. @param {number} index */
    pin(index) {
      pinned = index;
    },
    /** @param {number} index */
    reveal(index) {
      const top = scrollTopFor(index, view());
      if (top !== scroller.scrollTop) scroller.scrollTop = top;
      paint();
    },
    /** @param {number} index @returns {R | undefined} */
    row: (index) => live.get(index),
    rows: () => live.values(),
    /** First row wholly or partly in sight. */
    firstInSight: () => rowWindow({ ...view(), overscan: 0 }).first,
    rowsInSight: () => Math.max(1, Math.floor(scroller.clientHeight / size.rowHeight)),
  };
}
