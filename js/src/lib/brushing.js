/** Following a selection without slowing down the brush that makes it. */
import { atMostEvery } from "./timing.js";

/** @import { Selection } from "./types.js" */

/** While a lasso is being drawn views other than the plot follow this often; the brush itself must not wait for them. */
const BRUSHING_MS = 120;

/**
 * Call `fn` after every change of the selection; while a lasso is being drawn only every 120 ms.
 *
 * @param {Selection} selection
 * @param {() => void} fn
 * @param {AbortSignal} signal
 */
export function followSelection(selection, fn, signal) {
  const whileBrushing = atMostEvery(() => !signal.aborted && fn(), BRUSHING_MS);
  selection.on(
    "change",
    ({ transient }) => {
      if (transient) return whileBrushing();
      whileBrushing.cancel();
      fn();
    },
    signal,
  );
}
