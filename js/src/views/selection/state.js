/** What is selected: a sorted set of item numbers with history. Pure: no model, no DOM. */
import { History } from "../../lib/history.js";

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

/** The current set, its membership mask and the sets before and after it. @extends {History<Uint32Array>} */
export class SelectionState extends History {
  /** @param {number} n number of items @param {ArrayLike<number>} indices */
  constructor(n, indices) {
    super(normalize(indices, n), equal);
    this.n = n;
    this.mask = new Uint8Array(n);
    this.#mark(this.current, 1);
  }

  /**
   * @param {ArrayLike<number>} indices
   * @param {boolean} transient shown, but neither history nor committed
   * @returns {boolean} whether anything changed
   */
  set(indices, transient = false) {
    return this.#marked(this.current, super.set(normalize(indices, this.n), transient));
  }

  undo() {
    return this.#marked(this.current, super.undo());
  }

  redo() {
    return this.#marked(this.current, super.redo());
  }

  /** @param {Uint32Array} before @param {boolean} changed */
  #marked(before, changed) {
    if (before !== this.current) {
      this.#mark(before, 0);
      this.#mark(this.current, 1);
    }
    return changed;
  }

  /** @param {Uint32Array} indices @param {0 | 1} value */
  #mark(indices, value) {
    for (let j = 0; j < indices.length; j++) this.mask[indices[j]] = value;
  }
}
