/**
 * Coordinates of a layer: PCA at once; UMAP, if wanted, when its process is done. Only the newest wish counts.
 */

/** @import { Catalog, Coords } from "../../lib/types.js" */

/** @typedef {"pca" | "umap"} Method */
/**
 * @typedef {object} LoaderEvents
 * @property {(coords: Coords, method: Method) => void} show
 * @property {(state: { busy: boolean, text: string, fraction: number | null, failed?: boolean }) => void} report
 * @property {() => void} stopped UMAP was stopped by the user
 */

export const NEEDS_KERNEL = "UMAP was not computed before this page was saved; it needs a running kernel.";

/** @param {Catalog} catalog @param {LoaderEvents} events @param {AbortSignal} signal */
export function createLoader(catalog, events, signal) {
  let wish = 0;
  const idle = (text = "") => events.report({ busy: false, text, fraction: null, failed: text !== "" });

  /** @param {string} layer @param {Method} method */
  async function load(layer, method) {
    const mine = ++wish;
    const current = () => mine === wish && !signal.aborted;
    let done = false;
    idle();
    const umap = method === "umap" ? fetchUmap(layer, current).catch(asError) : null;
    umap?.then((answer) => {
      done = !(answer instanceof Error);
      if (current()) settle(answer);
    });
    const pca = await catalog.coords(layer, "pca").catch(asError);
    await new Promise((resolve) => setTimeout(resolve)); // UMAP that is known already goes first: no flash of PCA
    if (!current() || done) return;
    if (pca instanceof Error) idle(`No coordinates: ${pca.message}`);
    else events.show(pca, "pca");
  }

  /** @param {Coords | Error} answer */
  function settle(answer) {
    if (!(answer instanceof Error)) {
      idle();
      events.show(answer, "umap");
    } else if (answer.message === "stopped") {
      idle();
      events.stopped();
    } else idle(`No UMAP, this is PCA: ${answer.message}`);
  }

  /** @param {string} layer @param {() => boolean} current */
  async function fetchUmap(layer, current) {
    const key = ["coords", layer, "umap"];
    if (!catalog.available(key)) throw new Error(NEEDS_KERNEL);
    const listening = new AbortController();
    const until = AbortSignal.any([signal, listening.signal]);
    catalog.onProgress(key, (p) => current() && events.report({ busy: true, ...p }), until);
    // Said only if it is not there already: remembered coordinates come without a flicker.
    const soon = setTimeout(
      () => current() && events.report({ busy: true, text: "Computing UMAP…", fraction: null }),
      60,
    );
    return catalog.coords(layer, "umap").finally(() => {
      clearTimeout(soon);
      listening.abort();
    });
  }

  return { load, stop: (/** @type {string} */ layer) => catalog.cancel(["coords", layer, "umap"]) };
}

/** @param {unknown} problem */
function asError(problem) {
  return problem instanceof Error ? problem : new Error(String(problem));
}
