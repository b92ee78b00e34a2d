/** When to do things: debounce, one call per animation frame, idle time. */

/**
 * A function that runs `fn` once, `ms` after its last call. `flush` runs a waiting call now, `cancel` drops it.
 *
 * @template {any[]} A
 * @param {(...args: A) => void} fn
 * @param {number} ms
 */
export function debounce(fn, ms) {
  /** @type {ReturnType<typeof setTimeout> | null} */
  let timer = null;
  /** @type {A | null} */
  let last = null;
  const run = () => {
    const args = last;
    cancel();
    if (args) fn(...args);
  };
  const cancel = () => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    last = null;
  };
  const call = (/** @type {A} */ ...args) => {
    if (timer !== null) clearTimeout(timer);
    last = args;
    timer = setTimeout(run, ms);
  };
  return Object.assign(call, { cancel, flush: run });
}

/**
 * A function that runs `fn` in the next animation frame, once however often it was called before.
 *
 * @param {() => void} fn
 * @param {AbortSignal} [signal] after it aborts nothing runs any more
 */
export function perFrame(fn, signal) {
  let queued = false;
  return () => {
    if (queued || signal?.aborted) return;
    queued = true;
    requestAnimationFrame(() => {
      queued = false;
      if (!signal?.aborted) fn();
    });
  };
}

/**
 * A function that runs `fn` once at the end of the present task, however often it is called in it.
 *
 * @param {() => void} fn
 * @param {AbortSignal} [signal]
 */
export function perTask(fn, signal) {
  let queued = false;
  return () => {
    if (queued || signal?.aborted) return;
    queued = true;
    queueMicrotask(() => {
      queued = false;
      if (!signal?.aborted) fn();
    });
  };
}

/**
 * A function that runs `fn` at once, then, if it was called again, once more every `ms`. `cancel` drops a waiting call.
 *
 * @param {() => void} fn
 * @param {number} ms
 */
export function atMostEvery(fn, ms) {
  let resting = false;
  let again = false;
  const call = () => {
    again = resting;
    if (resting) return;
    resting = true;
    setTimeout(() => {
      resting = false;
      if (again) call();
    }, ms);
    fn();
  };
  const cancel = () => {
    again = false;
  };
  return Object.assign(call, { cancel });
}

/**
 * Run `fn` when the browser has nothing better to do.
 *
 * @param {() => void} fn
 */
export function whenIdle(fn) {
  if (typeof requestIdleCallback === "function") requestIdleCallback(fn, { timeout: 2000 });
  else setTimeout(fn, 50);
}
