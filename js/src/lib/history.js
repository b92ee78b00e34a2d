/** What is shown, and what was shown before and after it. Pure: no model, no DOM. */

/** So many steps can be taken back. */
const STEPS = 50;

/**
 * Values and the steps between them. While a person is still drawing or dragging the value is *transient*: shown, but no
 * step yet, and not committed.
 * @template T
 */
export class History {
  /** @type {T[]} */
  past = [];
  /** @type {T[]} */
  future = [];
  /** @type {(a: T, b: T) => boolean} */
  #equal;

  /** @param {T} value @param {(a: T, b: T) => boolean} equal */
  constructor(value, equal) {
    this.current = value;
    this.committed = value;
    this.#equal = equal;
  }

  get canUndo() {
    return this.past.length > 0;
  }

  get canRedo() {
    return this.future.length > 0;
  }

  /** @param {T} value @param {boolean} transient @returns {boolean} whether another value is shown, or a step was made */
  set(value, transient = false) {
    const changed = !this.#equal(value, this.current);
    if (changed) this.current = value;
    if (transient || this.#equal(value, this.committed)) return changed;
    this.past.push(this.committed);
    if (this.past.length > STEPS) this.past.shift();
    this.future = [];
    this.committed = value;
    return true;
  }

  /** Let the last step end elsewhere; one that ends where it began is none. @param {T} value @returns {boolean} whether it still is one */
  amend(value) {
    this.current = this.committed = value;
    const before = this.past.at(-1);
    if (before === undefined || !this.#equal(before, value)) return true;
    this.past.pop();
    return false;
  }

  /** Back to where a drag began, or to the step before. @returns {boolean} whether there was something to go back to */
  undo() {
    if (this.#equal(this.current, this.committed)) return this.#step(this.past, this.future);
    this.current = this.committed;
    return true;
  }

  /** @returns {boolean} */
  redo() {
    return this.#step(this.future, this.past);
  }

  /** @param {T[]} from @param {T[]} to */
  #step(from, to) {
    const next = from.pop();
    if (next === undefined) return false;
    to.push(this.committed);
    this.committed = this.current = next;
    return true;
  }
}
