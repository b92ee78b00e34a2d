/** The kernel's answers in the shapes the views work with. */

/** @import { ActivationMap, Answer, Column, ColumnInfo, Coords, Key, UnitTable } from "../../lib/types.js" */

/** @typedef {(key: Key, options?: { indices?: ArrayLike<number>, channel?: string }) => Promise<Answer>} Request */

/**
 * @param {Request} request
 * @param {ColumnInfo} info
 * @returns {Promise<Column>}
 */
export async function fetchColumn(request, info) {
  const { meta, arrays } = await request(["column", info.name]);
  const values = info.kind === "text" ? meta.text : info.kind === "category" ? arrays.codes : arrays.values;
  return { name: info.name, kind: info.kind, values, categories: info.categories ?? [] };
}

/** @param {Request} request @param {string} layer @param {"pca" | "umap"} method @returns {Promise<Coords>} */
export async function fetchCoords(request, layer, method) {
  const { meta, arrays } = await request(["coords", layer, method]);
  return { xy: arrays.xy, meta };
}

/** @param {Request} request @param {string} layer @returns {Promise<UnitTable>} */
export async function fetchUnits(request, layer) {
  const { meta, arrays } = await request(["units", layer]);
  return {
    layer,
    k: meta.k,
    mapHeight: meta.map_height,
    mapWidth: meta.map_width,
    classes: meta.classes ?? null,
    n: arrays.activity.length,
    activity: arrays.activity,
    peak: arrays.peak,
    rate: arrays.rate,
    selectivity: arrays.selectivity,
    bestClass: arrays.best_class,
    exemplars: arrays.exemplars,
    exemplarValues: arrays.exemplar_values,
    exemplarMaps: arrays.exemplar_maps ?? null,
  };
}

/**
 * The low-resolution map of a unit on one of its exemplars.
 *
 * @param {UnitTable} units
 * @param {number} unit
 * @param {number} rank 0 = strongest
 * @returns {ActivationMap | null}
 */
export function exemplarMap(units, unit, rank) {
  if (!units.exemplarMaps || unit < 0 || unit >= units.n) return null;
  const size = units.mapHeight * units.mapWidth;
  const start = (unit * units.k + rank) * size;
  const data = units.exemplarMaps.subarray(start, start + size);
  return { height: units.mapHeight, width: units.mapWidth, data };
}

/** Activation maps, remembered per image of the units looked at last. */
export class MapCache {
  /** @type {Map<string, Map<number, ActivationMap>>} newest last */
  #units = new Map();

  /**
   * @param {Request} request
   * @param {(layer: string) => Promise<UnitTable>} units
   * @param {number} [limit] units remembered
   */
  constructor(request, units, limit = 8) {
    this.request = request;
    this.units = units;
    this.limit = limit;
  }

  /**
   * Maps of one unit on some images. If the kernel cannot give the missing ones the promise rejects.
   *
   * @param {string} layer
   * @param {number} unit
   * @param {ArrayLike<number>} indices
   * @param {{ channel?: string }} [options] the newest request of a channel wins
   * @returns {Promise<Map<number, ActivationMap>>}
   */
  async get(layer, unit, indices, { channel = "maps" } = {}) {
    const known = await this.#known(layer, unit);
    const missing = Array.from(indices).filter((i) => !known.has(i));
    if (missing.length > 0) {
      const { meta, arrays } = await this.request(["maps", layer, unit], { indices: missing, channel });
      const size = meta.height * meta.width;
      missing.forEach((i, j) => {
        const data = arrays.maps.subarray(j * size, (j + 1) * size);
        known.set(i, { height: meta.height, width: meta.width, data });
      });
    }
    const wanted = Array.from(indices).filter((i) => known.has(i));
    return new Map(wanted.map((i) => [i, /** @type {ActivationMap} */ (known.get(i))]));
  }

  /** @param {string} layer @param {number} unit */
  async #known(layer, unit) {
    const name = JSON.stringify([layer, unit]);
    const known = this.#units.get(name) ?? (await this.#seed(layer, unit));
    this.#units.delete(name);
    this.#units.set(name, known);
    for (const oldest of [...this.#units.keys()].slice(0, -this.limit)) this.#units.delete(oldest);
    return known;
  }

  /** @param {string} layer @param {number} unit the maps that came with the unit list, if they are there */
  async #seed(layer, unit) {
    /** @type {Map<number, ActivationMap>} */
    const maps = new Map();
    const table = await this.units(layer).catch(() => null);
    for (let rank = 0; table && rank < table.k; rank++) {
      const map = exemplarMap(table, unit, rank);
      const item = table.exemplars[unit * table.k + rank];
      if (map && item >= 0) maps.set(item, map);
    }
    return maps;
  }
}
