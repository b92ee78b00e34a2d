/** Stand-ins for what a notebook's front end provides. */

/** A widget model: traits, listeners, and what was sent to the kernel. */
export class FakeModel {
  /** @param {Record<string, any>} state */
  constructor(state = {}) {
    this.state = { ...state };
    /** @type {Map<string, Set<(...args: any[]) => void>>} */
    this.listeners = new Map();
    /** @type {any[]} */
    this.sent = [];
    this.saved = 0;
  }

  /** @param {string} name */
  get(name) {
    return this.state[name];
  }

  /** @param {string} name @param {any} value */
  set(name, value) {
    if (Object.is(this.state[name], value)) return;
    this.state[name] = value;
    this.emit(`change:${name}`);
  }

  save_changes() {
    this.saved++;
  }

  /** @param {any} message */
  send(message) {
    this.sent.push(message);
  }

  /** @param {string} name @param {(...args: any[]) => void} fn */
  on(name, fn) {
    this.listeners.set(name, (this.listeners.get(name) ?? new Set()).add(fn));
  }

  /** @param {string | null} [name] @param {((...args: any[]) => void) | null} [fn] */
  off(name, fn) {
    if (name && fn) this.listeners.get(name)?.delete(fn);
  }

  /** @param {string} name @param {...any} args */
  emit(name, ...args) {
    for (const fn of [...(this.listeners.get(name) ?? [])]) fn(...args);
  }

  /** how many listeners there are */
  get listening() {
    return [...this.listeners.values()].reduce((sum, set) => sum + set.size, 0);
  }
}

/** @param {number} ms */
export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Numbers in [0, 1) that are the same every time.
 * @param {number} seed
 */
export function random(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
