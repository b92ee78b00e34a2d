/** What is selected: a sorted set of item numbers with history. Pure: no model, no DOM. */

const HISTORY = 50;

/**
 * @param {ArrayLike<number>} indices in any order, with repetitions
 * @param {number} n number of items; what lies outside [0, n) is dropped
 * @returns {Uint32Array} sorted, unique
 */
export function normalize(indices, n) {
  if (indices instanceof Uint32Array && isStrictlyIncreasing(indices) && (indices.at(-1) ?? 0) < n) return indices;
  const valid = Uint32Array.from(Array.from(indices).filter((i) => Number.isInteger(i) && i >= 0 && i < n)).sort();
  return valid.filter((value, j) => j === 0 || value !== valid[j - 1]);
}

/** @param {Uint32Array} a */
function isStrictlyIncreasing(a) {
  for (let j = 1; j < a.length; j++) if (a[j] <= a[j - 1]) return false;
  return true;
}

/** @param {Uint32Array} a @param {Uint32Array} b */
export function equal(a, b) {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let j = 0; j < a.length; j++) if (a[j] !== b[j]) return false;
  return true;
}

/** The current set, its membership mask and the sets before and after it. */
export class SelectionState {
  /** @param {number} n number of items @param {ArrayLike<number>} indices */
  constructor(n, indices) {
    this.n = n;
    this.current = normalize(indices, n);
    this.committed = this.current;
    this.mask = new Uint8Array(n);
    /** @type {Uint32Array[]} */
    this.past = [];
    /** @type {Uint32Array[]} */
    this.future = [];
    this.#mark(this.current, 1);
  }

  /** @param {Uint32Array} indices @param {0 | 1} value */
  #mark(indices, value) {
    for (let j = 0; j < indices.length; j++) this.mask[indices[j]] = value;
  }

  /** @param {Uint32Array} indices normalized */
  #show(indices) {
    this.#mark(this.current, 0);
    this.current = indices;
    this.#mark(indices, 1);
  }

  /**
   * @param {ArrayLike<number>} indices
   * @param {boolean} transient shown, but neither history nor committed
   * @returns {boolean} whether anything changed
   */
  set(indices, transient = false) {
    const next = normalize(indices, this.n);
    const changed = !equal(next, this.current);
    if (changed) this.#show(next);
    if (transient || equal(next, this.committed)) return changed;
    this.past.push(this.committed);
    if (this.past.length > HISTORY) this.past.shift();
    this.future = [];
    this.committed = next;
    return true;
  }

  /** @returns {boolean} whether there was something to go back to */
  undo() {
    return this.#step(this.past, this.future);
  }

  /** @returns {boolean} */
  redo() {
    return this.#step(this.future, this.past);
  }

  /** @param {Uint32Array[]} from @param {Uint32Array[]} to */
  #step(from, to) {
    const next = from.pop();
    if (!next) return false;
    to.push(this.committed);
    this.committed = next;
    this.#show(next);
    return true;
  }
}
