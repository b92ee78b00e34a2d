/** The edit of one panel, with undo and redo: one of it for all views of the panel in a page. */
import { emitter, onChange, write } from "../../lib/bind.js";
import { History } from "../../lib/history.js";
import { sameEdit } from "./edit.js";

/** @import { Model } from "../../lib/types.js" */
/** @import { Edit } from "./edit.js" */

/** Edits from Python, or from another page that shows the panel, which follow each other so fast are one step: a drag. */
const BURST_MS = 500;

/** @typedef {ReturnType<typeof createSteps>} Steps */

/**
 * @param {Model} model with the trait `edit`
 * @param {AbortSignal} signal
 */
export function createSteps(model, signal) {
  const history = new History(/** @type {Edit} */ (model.get("edit")), sameEdit);
  /** @type {ReturnType<typeof emitter<[]>>} */
  const changed = emitter();
  let heard = Number.NEGATIVE_INFINITY;
  let dragging = false;
  /** @type {unknown} the view in which the drag began */
  let dragger = null;

  function announce() {
    heard = Number.NEGATIVE_INFINITY;
    write(model, { edit: history.current });
    changed.emit();
  }

  /** @param {Edit} edit not of this page's making, unless it is the answer to what was written here */
  function receive(edit) {
    if (dragging || sameEdit(edit, history.current)) return;
    const now = Date.now();
    const isStep = now - heard < BURST_MS ? history.amend(edit) : history.set(edit);
    heard = isStep ? now : Number.NEGATIVE_INFINITY;
    changed.emit();
  }
  onChange(model, "edit", receive, signal);

  return {
    /** Units that have a slider because another view chose them. @type {Set<number>} */
    guests: new Set(),
    get current() {
      return history.current;
    },
    /** A slider is being dragged, in one of the views. */
    get dragging() {
      return dragging;
    },
    get canUndo() {
      return history.canUndo;
    },
    get canRedo() {
      return history.canRedo;
    },
    /** @param {Edit} edit @param {boolean} [transient] while a slider is dragged @param {unknown} [by] the view in which it is */
    set(edit, transient = false, by = null) {
      const settled = dragging && !transient;
      dragging = transient;
      dragger = by;
      if (history.set(edit, transient) || settled) announce();
    },
    /** A view closes or can change nothing any more: a drag that began in it ends where it is. @param {unknown} by the view */
    end(by) {
      if (dragging && dragger === by) this.set(history.current);
    },
    undo() {
      dragging = false;
      if (history.undo()) announce();
    },
    redo() {
      dragging = false;
      if (history.redo()) announce();
    },
    on: changed.add,
  };
}
