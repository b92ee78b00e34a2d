/**
 * Thumbnails on sheets made to order: what is in sight and on no page yet is asked for together, in one request.
 */

/** @import { Meta, Picture } from "./atlas.js" */

/** @typedef {{ meta: Meta, buffer: DataView }} Encoded a JPEG of tiles, row by row */
/** @typedef {{ picture: Picture, place: number, meta: Meta }} Tile */

const AT_ONCE = 2;
/** Images on a sheet, and sheets that are kept: a full one takes 4 MB (tiles of 64 px). */
const LARGEST = 250;
const KEPT = 16;
/** So many wishes are remembered; older ones have long been scrolled out of sight. */
const WISHES = 500;

export class Sheets {
  /** @type {Map<number, Tile>} by item */
  #tiles = new Map();
  /** @type {number[][]} items of each sheet, the oldest first */
  #sheets = [];
  /** @type {Set<number>} items to ask for, the newest last */
  #wanted = new Set();
  /** @type {Set<number>} items on their way */
  #asked = new Set();
  /** @type {Set<number>} items that cannot be had; they are not asked for again */
  #failed = new Set();
  #loading = 0;
  #queued = false;

  /**
   * @param {object} options
   * @param {(items: number[]) => Promise<Encoded>} options.fetch
   * @param {(encoded: Encoded) => Promise<Picture>} options.decode
   * @param {(items: number[]) => void} options.onLoad a sheet arrived, or could not be had
   */
  constructor({ fetch, decode, onLoad }) {
    this.fetch = fetch;
    this.decode = decode;
    this.onLoad = onLoad;
  }

  /** Whether a sheet is on its way. */
  get busy() {
    return this.#loading > 0 || this.#wanted.size > 0;
  }

  /** @param {number} item @returns {Tile | undefined} */
  get(item) {
    return this.#tiles.get(item);
  }

  /** @param {number} item @returns {boolean} whether it was asked for in vain */
  failed(item) {
    return this.#failed.has(item);
  }

  /** Ask for an item, together with all others asked for in the same pass. @param {number} item */
  want(item) {
    if (this.#asked.has(item) || this.#failed.has(item)) return;
    this.#wanted.delete(item);
    this.#wanted.add(item);
    if (this.#wanted.size > WISHES) this.#wanted.delete([...this.#wanted][0]);
    if (this.#queued) return;
    this.#queued = true;
    queueMicrotask(() => {
      this.#queued = false;
      this.#pump();
    });
  }

  #pump() {
    while (this.#loading < AT_ONCE && this.#wanted.size > 0) {
      const items = [...this.#wanted].slice(-LARGEST);
      for (const item of items) {
        this.#wanted.delete(item);
        this.#asked.add(item);
      }
      this.#loading++;
      this.#load(items)
        .catch((error) => this.#fail(items, error))
        .finally(() => this.#finish(items));
    }
  }

  /** @param {number[]} items @param {unknown} error */
  #fail(items, error) {
    for (const item of items) this.#failed.add(item);
    console.warn(`[nbinterp] ${items.length} thumbnails are missing:`, error);
  }

  /** @param {number[]} items */
  #finish(items) {
    for (const item of items) this.#asked.delete(item);
    this.#loading--;
    this.#pump();
    this.onLoad(items);
  }

  /** @param {number[]} items */
  async #load(items) {
    const encoded = await this.fetch(items);
    const picture = await this.decode(encoded);
    items.forEach((item, place) => {
      this.#tiles.set(item, { picture, place, meta: encoded.meta });
    });
    this.#sheets.push(items);
    if (this.#sheets.length > KEPT) this.#drop(/** @type {number[]} */ (this.#sheets.shift()));
  }

  /** @param {number[]} items */
  #drop(items) {
    const picture = this.#tiles.get(items[0])?.picture;
    for (const item of items) this.#tiles.delete(item);
    if (picture && "close" in picture) picture.close();
  }
}
