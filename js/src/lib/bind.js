/** Ties a model's traits to a view for as long as the view lives. Nothing here knows the DOM. */

/** @import { Model } from "./types.js" */

/**
 * Call `apply(value)` now and on every change of the trait `key`, until `signal` aborts.
 *
 * @param {Model} model
 * @param {string} key
 * @param {(value: any) => void} apply
 * @param {AbortSignal} signal
 */
export function bind(model, key, apply, signal) {
  onChange(model, key, apply, signal);
  if (!signal.aborted) apply(model.get(key));
}

/**
 * Call `apply(value)` on every later change of the trait `key`, until `signal` aborts.
 *
 * @param {Model} model
 * @param {string} key
 * @param {(value: any) => void} apply
 * @param {AbortSignal} signal
 */
export function onChange(model, key, apply, signal) {
  if (signal.aborted) return;
  const update = () => apply(model.get(key));
  model.on(`change:${key}`, update);
  signal.addEventListener("abort", () => model.off(`change:${key}`, update), { once: true });
}

/**
 * Set traits and send them to the kernel in one message; traits that hold the value already are left alone.
 *
 * @param {Model} model
 * @param {Record<string, unknown>} values
 */
export function write(model, values) {
  const changed = Object.entries(values).filter(([key, value]) => !same(model.get(key), value));
  for (const [key, value] of changed) model.set(key, value);
  if (changed.length > 0) model.save_changes();
}

/** @param {unknown} a @param {unknown} b */
function same(a, b) {
  return a === b || (typeof a === "object" && JSON.stringify(a) === JSON.stringify(b));
}

/**
 * A signal that ends with the view: when `outer` (given by newer hosts) aborts or when `end` is called.
 *
 * @param {AbortSignal} [outer]
 * @returns {{ signal: AbortSignal, end: () => void }}
 */
export function lifetime(outer) {
  const controller = new AbortController();
  const end = () => controller.abort();
  if (outer?.aborted) end();
  else outer?.addEventListener("abort", end, { once: true });
  return { signal: controller.signal, end };
}

/**
 * A set of listeners, each removed when its signal aborts. A listener that throws does not stop the others.
 *
 * @template {any[]} A
 * @returns {{ add: (fn: (...args: A) => void, signal?: AbortSignal) => void, emit: (...args: A) => void, size: () => number }}
 */
export function emitter() {
  /** @type {Set<(...args: A) => void>} */
  const listeners = new Set();
  return {
    add(fn, signal) {
      if (signal?.aborted) return;
      listeners.add(fn);
      signal?.addEventListener("abort", () => listeners.delete(fn), { once: true });
    },
    emit(...args) {
      for (const fn of [...listeners]) {
        try {
          fn(...args);
        } catch (error) {
          console.error("[nbinterp]", error);
        }
      }
    },
    size: () => listeners.size,
  };
}
