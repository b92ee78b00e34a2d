/**
 * The hidden model that knows the items of a study: columns, layers, coordinates, units, thumbnails.
 *
 * It asks the kernel when a view needs something, once, and remembers the answer. Views reach it through `exports`.
 */
import { Atlas } from "../../lib/atlas.js";
import { lifetime } from "../../lib/bind.js";
import { Requests } from "./requests.js";
import { fetchColumn, fetchCoords, fetchUnits, MapCache } from "./resources.js";

/** @import { Catalog, InitializeProps, Key, Model } from "../../lib/types.js" */
/** @import { Request } from "./resources.js" */

/** @param {InitializeProps} props @returns {Catalog} */
function initialize({ model, signal: outer }) {
  const { signal } = lifetime(outer);
  const requests = new Requests((content) => model.send(content));
  const receive = (/** @type {any} */ message, /** @type {DataView[]} */ buffers) => requests.receive(message, buffers);
  model.on("msg:custom", receive);
  signal.addEventListener("abort", () => {
    model.off("msg:custom", receive);
    requests.close("The widget was closed.");
  });
  return createCatalog(model, requests);
}

/** @param {Model} model @param {Requests} requests @returns {Catalog} */
function createCatalog(model, requests) {
  /** @type {Request} */
  const request = (key, options) => requests.request(key, options);
  const units = memo((/** @type {string} */ layer) => fetchUnits(request, layer));
  const column = memo((/** @type {string} */ name) => fetchColumn(request, columnInfo(model, name)));
  const cache = new MapCache(request, units);
  const thumbs = new Atlas({
    nItems: model.get("n_items"),
    layout: model.get("thumb"),
    fetch: (page) => /** @type {Promise<any>} */ (requests.request(["thumbs", page], { keep: false })),
    fetchSheet: model.get("has_kernel")
      ? (indices) => /** @type {Promise<any>} */ (requests.request(["sheet"], { indices }))
      : null,
  });
  return {
    get nItems() {
      return model.get("n_items");
    },
    get columns() {
      return model.get("columns");
    },
    get layers() {
      return model.get("layers");
    },
    get thumb() {
      return model.get("thumb");
    },
    get hasKernel() {
      return model.get("has_kernel");
    },
    available: (key) => model.get("has_kernel") || isBaked(model, key),
    request,
    cancel: (key) => requests.cancel(key),
    column,
    activation: async (layer, unit) => /** @type {any} */ ((await request(["activation", layer, unit])).arrays),
    units,
    coords: (layer, method) => fetchCoords(request, layer, method),
    maps: (layer, unit, indices, options) => cache.get(layer, unit, indices, options),
    onProgress: (key, fn, signal) => requests.onProgress(key, fn, signal),
    onStatus: (fn, signal) => requests.onStatus(fn, signal),
    thumbs,
  };
}

/** @param {Model} model @param {string} name */
function columnInfo(model, name) {
  /** @type {import("../../lib/types.js").ColumnInfo[]} */
  const columns = model.get("columns");
  const info = columns.find((column) => column.name === name);
  if (!info) throw new Error(`no column "${name}"; there are: ${columns.map((column) => column.name).join(", ")}`);
  return info;
}

/** @param {Model} model @param {Key} key whether an exported page carries the answer */
function isBaked(model, key) {
  return (model.get("baked_keys") ?? []).includes(JSON.stringify(key));
}

/**
 * Remember a promise per argument; failures are forgotten.
 *
 * @template T
 * @param {(name: string) => Promise<T>} make
 * @returns {(name: string) => Promise<T>}
 */
function memo(make) {
  /** @type {Map<string, Promise<T>>} */
  const known = new Map();
  return (name) => {
    const promise = known.get(name) ?? Promise.resolve(name).then(make);
    known.set(name, promise);
    promise.catch(() => known.delete(name));
    return promise;
  };
}

export default { initialize };
