/** A widget model without a kernel: holds state, tells changes, answers requests from what the page carries. */

/** @typedef {Record<string, { meta: any, data?: Uint8Array | string | null }>} Baked answers by JSON of their key */

const NO_KERNEL = "needs a running kernel";

/** @param {string} base64 @returns {Uint8Array<ArrayBuffer>} */
export function fromBase64(base64) {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}

/**
 * State as it stands in JSON: `{"$bytes": "<base64>"}` at any depth becomes a DataView.
 *
 * @param {any} value
 * @returns {any}
 */
export function revive(value) {
  if (Array.isArray(value)) return value.map(revive);
  if (value === null || typeof value !== "object" || ArrayBuffer.isView(value)) return value;
  if (typeof value.$bytes === "string") return new DataView(fromBase64(value.$bytes).buffer);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revive(item)]));
}

export class PageModel {
  /** @type {Map<string, any>} */
  #state;
  /** @type {Map<string, Set<(...args: any[]) => void>>} */
  #listeners = new Map();

  /** @param {Record<string, any>} state @param {Baked} baked */
  constructor(state, baked) {
    this.#state = new Map(Object.entries(revive(state)));
    this.baked = baked;
    if (this.#state.has("has_kernel")) {
      this.#state.set("has_kernel", false);
      this.#state.set("baked_keys", Object.keys(baked));
    }
  }

  /** @param {string} name */
  get(name) {
    return this.#state.get(name);
  }

  /** @param {string} name @param {any} value */
  set(name, value) {
    if (Object.is(this.#state.get(name), value)) return;
    this.#state.set(name, value);
    this.#emit(`change:${name}`, this, value);
    this.#emit("change", this);
  }

  /** Nobody to send it to: the state here is all there is. */
  save_changes() {}

  /** @param {string} name @param {(...args: any[]) => void} callback */
  on(name, callback) {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(callback));
  }

  /** @param {string | null} [name] @param {((...args: any[]) => void) | null} [callback] */
  off(name, callback) {
    for (const [event, listeners] of this.#listeners) {
      if (name && event !== name) continue;
      if (callback) listeners.delete(callback);
      else listeners.clear();
    }
  }

  /** @param {any} message */
  send(message) {
    if (message?.kind === "request") queueMicrotask(() => this.#answer(message));
  }

  /** @param {{ id: string, key: unknown[], indices?: number[] }} request */
  #answer({ id, key, indices }) {
    const answer = indices ? undefined : this.baked[JSON.stringify(key)];
    if (!answer) return this.#emit("msg:custom", { kind: "answer", id, key, error: NO_KERNEL }, []);
    const { meta, data } = answer;
    const bytes = typeof data === "string" ? fromBase64(data) : data;
    const buffers = bytes ? [new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)] : [];
    return this.#emit("msg:custom", { kind: "answer", id, key, meta }, buffers);
  }

  /** @param {string} name @param {...any} args */
  #emit(name, ...args) {
    for (const callback of [...(this.#listeners.get(name) ?? [])]) callback(...args);
  }
}
