/** Mouse and keyboard in the grid: one cell is active (roving tabindex), a range starts at the anchor. */
import { movePosition } from "../../lib/virtual.js";
import { cellAt } from "./cells.js";
import { clicked } from "./state.js";

/** @import { Selection } from "../../lib/types.js" */
/** @import { Cell } from "./cells.js" */
/** @import { virtualScroller } from "../../lib/scroller.js" */
/** @import { createPreview } from "./preview.js" */
/** @import { Row } from "./view.js" */

export const KEYS =
  "Arrow keys go from image to image; Space selects or lets go, with Shift it selects the range, Ctrl+A selects all; " +
  "Enter opens the preview, Escape closes it.";

/**
 * @param {object} options
 * @param {HTMLElement} options.grid
 * @param {ReturnType<typeof virtualScroller<Row>>} options.rows
 * @param {ReturnType<typeof createPreview>} options.preview
 * @param {Selection} options.selection
 * @param {() => {shown: Uint32Array, columns: number}} options.view
 * @param {(indices: number[]) => void} options.select
 * @param {AbortSignal} options.signal
 */
export function createInput({ grid, rows, preview, selection, view, select, signal }) {
  let active = 0;
  let anchor = 0;
  let activeItem = -1;

  /** @param {number} position */
  function cell(position) {
    const { columns } = view();
    return rows.row(Math.floor(position / columns))?.cells[position % columns];
  }

  const hasFocus = () => grid.matches(":focus-within");

  /** @param {number} position @param {boolean} [focus] */
  function activate(position, focus = true) {
    const { shown, columns } = view();
    cell(active)?.element.setAttribute("tabindex", "-1");
    active = position;
    activeItem = shown[position] ?? -1;
    rows.pin(Math.floor(active / columns));
    rows.reveal(Math.floor(active / columns));
    const target = cell(active);
    target?.element.setAttribute("tabindex", "0");
    if (focus) target?.element.focus({ preventScroll: true });
    if (preview.item >= 0) openPreview();
  }

  function openPreview() {
    const target = cell(active);
    if (!target || activeItem < 0) return;
    const box = target.element.getBoundingClientRect();
    const around = grid.getBoundingClientRect();
    const side = box.left + box.width / 2 > around.left + around.width / 2 ? "left" : "right";
    preview.open(
      activeItem,
      target.first.textContent === "" ? `image ${activeItem}` : target.element.title.split(", ")[0],
      side,
    );
  }

  function closePreview() {
    preview.close();
    focus();
  }

  function focus() {
    if (view().shown.length) activate(Math.min(active, view().shown.length - 1));
  }

  /** @param {number} to @param {{toggle: boolean, range: boolean}} how */
  function choose(to, how) {
    const { shown } = view();
    select(clicked({ order: shown, selected: selection.get(), anchor, to }, how));
    if (!how.range) anchor = to;
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    const { shown, columns } = view();
    const ctrl = event.ctrlKey || event.metaKey;
    const to = movePosition(
      active,
      { key: event.key, ctrl },
      { count: shown.length, columns, pageRows: rows.rowsInSight() },
    );
    if (to !== null) {
      activate(to);
      if (event.shiftKey) choose(to, { toggle: false, range: true });
    } else if (event.key === " ") choose(active, { toggle: ctrl || !event.shiftKey, range: event.shiftKey });
    else if (event.key === "Enter") openPreview();
    else if (ctrl && event.key.toLowerCase() === "a") select(Array.from(shown));
    else if (event.key === "Escape" && preview.item >= 0) closePreview();
    else return;
    event.preventDefault();
  }

  grid.addEventListener("mousedown", (event) => event.shiftKey && event.preventDefault(), { signal });
  grid.addEventListener(
    "click",
    (event) => {
      const target = cellAt(event);
      if (!target) return;
      const { shown } = view();
      anchor = Math.min(anchor, shown.length - 1);
      choose(target.position, { toggle: event.ctrlKey || event.metaKey, range: event.shiftKey });
      activate(target.position);
    },
    { signal },
  );
  grid.addEventListener("dblclick", (event) => cellAt(event) && openPreview(), { signal });
  grid.addEventListener("keydown", onKey, { signal });
  preview.element.addEventListener("keydown", (event) => event.key === "Escape" && closePreview(), { signal });
  grid.addEventListener(
    "focusin",
    (event) => {
      const target = cellAt(event);
      if (target && target.position !== active) activate(target.position, false);
    },
    { signal },
  );
  grid.addEventListener("focusout", () => rows.pin(-1), { signal });

  return {
    hasFocus,
    focus,
    closePreview,
    /** A cell was filled: say whether Tab reaches it. @param {Cell} filled */
    touch(filled) {
      filled.element.setAttribute("tabindex", filled.position === active ? "0" : "-1");
    },
    /** The order changed: stay on the image that was active where it is still shown. */
    follow() {
      const { shown } = view();
      active = Math.max(0, activeItem < 0 ? 0 : shown.indexOf(activeItem));
      anchor = active;
      rows.pin(-1);
    },
  };
}
