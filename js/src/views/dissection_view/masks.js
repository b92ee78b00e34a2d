/** The pictures of the units in sight: asked for one by one, those in sight first, what is known stays a while. */
import { unpackMasks } from "./state.js";

/** @import { ActivationMap, Answer, Catalog } from "../../lib/types.js" */

/**
 * What a card shows: images, the unit's largest activation in each, masks (none: see `problem`).
 * @typedef {object} Pictures
 * @property {Int32Array} images
 * @property {Float32Array} values
 * @property {ActivationMap[] | null} unit
 * @property {ActivationMap[] | null} concept
 * @property {string} problem
 */

const AT_ONCE = 2;
const KEPT = 300;
const NOT_HERE = "The pictures of this unit are not in this page: they need a running kernel.";

/**
 * @param {object} options
 * @param {Pick<Catalog, "available" | "request">} options.catalog
 * @param {string} options.resource "" = there are no pictures
 * @param {(unit: number, concept: number) => void} options.onLoad
 * @param {AbortSignal} options.signal
 */
export function createMasks({ catalog, resource, onLoad, signal }) {
  /** @type {Map<string, Pictures>} the oldest first */
  const known = new Map();
  /** @type {Set<string>} */
  const loading = new Set();
  /** @type {[number, number][]} */
  let wanted = [];

  function pump() {
    while (loading.size < AT_ONCE && !signal.aborted) {
      const next = wanted.shift();
      if (!next) return;
      load(...next);
    }
  }

  /** @param {number} unit @param {number} concept */
  async function load(unit, concept) {
    const name = `${unit}/${concept}`;
    if (known.has(name) || loading.has(name)) return;
    loading.add(name);
    const key = [resource, unit, concept];
    const found = catalog.available(key)
      ? await catalog.request(key).then(read, (/** @type {Error} */ error) => nothing(error.message))
      : nothing(NOT_HERE);
    loading.delete(name);
    if (signal.aborted) return;
    known.set(name, found);
    for (const old of [...known.keys()].slice(0, -KEPT)) known.delete(old);
    onLoad(unit, concept);
    pump();
  }

  return {
    /** Ask for the pictures of these units under these concepts; a later call replaces this one. @param {[number, number][]} pairs */
    want(pairs) {
      if (!resource) return;
      wanted = pairs.filter(([unit, concept]) => !known.has(`${unit}/${concept}`));
      pump();
    },
    /** @param {number} unit @param {number} concept */
    get: (unit, concept) => known.get(`${unit}/${concept}`),
  };
}

/** @param {Answer} answer @returns {Pictures} */
function read({ meta, arrays }) {
  const n = arrays.images.length;
  const masks = (/** @type {Uint8Array | undefined} */ bits) => (bits ? unpackMasks(bits, n, meta.side) : null);
  return {
    images: arrays.images,
    values: arrays.values,
    unit: masks(arrays.unit_bits),
    concept: masks(arrays.concept_bits),
    problem: meta.problem,
  };
}

/** @param {string} problem @returns {Pictures} */
function nothing(problem) {
  return { images: new Int32Array(0), values: new Float32Array(0), unit: null, concept: null, problem };
}
