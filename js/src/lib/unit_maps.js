/** Activation maps of the selected unit for the images in sight: the newest wish wins, what is known stays. */
import { debounce } from "./timing.js";

/** @import { ActivationMap, Catalog, UnitRef, UnitTable } from "./types.js" */

let views = 0;

/**
 * The maps that came with the unit list: those of the unit's own exemplars.
 * @param {UnitTable} table @param {number} unit
 * @returns {Map<number, ActivationMap>}
 */
export function mapsOfExemplars(table, unit) {
  /** @type {Map<number, ActivationMap>} */
  const maps = new Map();
  const size = table.mapHeight * table.mapWidth;
  for (let e = 0; table.exemplarMaps && size > 0 && e < table.k; e++) {
    const at = unit * table.k + e;
    const data = table.exemplarMaps.subarray(at * size, (at + 1) * size);
    if (table.exemplars[at] >= 0)
      maps.set(table.exemplars[at], { height: table.mapHeight, width: table.mapWidth, data });
  }
  return maps;
}

/**
 * @param {object} options
 * @param {Catalog} options.catalog
 * @param {(problem: string) => void} options.onChange after maps arrived ("") or could not be had
 * @param {AbortSignal} options.signal
 */
export function createUnitMaps({ catalog, onChange, signal }) {
  const channel = `maps-${++views}-${Math.random().toString(36).slice(2, 8)}`;
  /** @type {Map<number, ActivationMap>} */
  let maps = new Map();
  /** @type {UnitRef | null} */
  let unit = null;

  const ask = debounce(async (/** @type {number[]} */ indices) => {
    const asked = unit;
    const missing = indices.filter((i) => !maps.has(i));
    if (!asked || missing.length === 0) return;
    const answer = await fetchMaps(catalog, asked, missing, channel).catch((error) => error);
    if (signal.aborted || asked !== unit || /superseded/.test(String(answer?.message))) return;
    const { maps: found, problem } = answer instanceof Error ? await afterFailure(catalog, asked, answer) : answer;
    if (signal.aborted || asked !== unit) return;
    for (const [i, map] of found) maps.set(i, map);
    onChange(problem);
  }, 60);
  signal.addEventListener("abort", ask.cancel, { once: true });

  return {
    /** @param {UnitRef | null} next */
    setUnit(next) {
      if (next?.layer === unit?.layer && next?.unit === unit?.unit) return;
      unit = next;
      maps = new Map();
    },
    /** Ask for what is missing of these images; a later call replaces this one. */
    want: ask,
    /** @param {number} i */
    get: (i) => maps.get(i),
  };
}

/**
 * @param {Catalog} catalog @param {UnitRef} unit @param {number[]} indices @param {string} channel
 * @returns {Promise<{maps: Map<number, ActivationMap>, problem: string}>}
 */
async function fetchMaps(catalog, { layer, unit }, indices, channel) {
  if (catalog.layers.find((info) => info.name === layer)?.kind === "flat") {
    return { maps: new Map(), problem: `${layer} has no activation maps: its units have no position.` };
  }
  if (catalog.available(["maps", layer, unit])) {
    return { maps: await catalog.maps(layer, unit, indices, { channel }), problem: "" };
  }
  const problem = "Without a kernel only the unit's own exemplars have a heat map.";
  return { maps: mapsOfExemplars(await catalog.units(layer), unit), problem };
}

/**
 * What there is without the kernel's answer: the maps of the unit's own exemplars.
 * @param {Catalog} catalog @param {UnitRef} unit @param {Error} error
 * @returns {ReturnType<typeof fetchMaps>}
 */
async function afterFailure(catalog, { layer, unit }, error) {
  const table = await catalog.units(layer).catch(() => null);
  const maps = table ? mapsOfExemplars(table, unit) : new Map();
  return { maps, problem: `No heat map${maps.size > 0 ? " but those of the exemplars" : ""}: ${error.message}` };
}
