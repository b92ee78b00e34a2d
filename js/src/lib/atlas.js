/**
 * Thumbnails from JPEG pages, kept compressed, decoded into bitmaps of which the most recently used stay in memory.
 *
 * With a kernel, what is in sight comes on sheets of its own and the pages follow in idle time; without one, pages are
 * asked for when needed (newest first, two at a time).
 */
import { emitter } from "./bind.js";
import { h } from "./dom.js";
import { Sheets } from "./sheets.js";
import { whenIdle } from "./timing.js";

/** @import { Box, Thumbs } from "./types.js" */

/** @typedef {import("./sheets.js").Encoded} Encoded */
/** @typedef {{ boxes?: Box[], seen?: Box[] }} Meta */

/** A decoded page takes about 8 MB (500 tiles of 64 px). */
const DECODED_PAGES = 24;
const AT_ONCE = 2;
/** Tiles kept of pages that may be dropped, 16 kB each. */
const CUT_TILES = 2000;

/** @type {Box} */
const WHOLE = [0, 0, 1, 1];

/** @typedef {ImageBitmap | HTMLImageElement | HTMLCanvasElement} Picture */
/** @typedef {import("./sheets.js").Tile} Tile */

/**
 * @param {Blob} blob
 * @returns {Promise<Picture>}
 */
async function decode(blob) {
  if (typeof createImageBitmap === "function") return createImageBitmap(blob);
  const image = new Image();
  image.src = URL.createObjectURL(blob);
  await image.decode().finally(() => URL.revokeObjectURL(image.src));
  return image;
}

/** @param {Encoded} encoded */
function blobOf({ buffer }) {
  return new Blob([/** @type {any} */ (buffer)], { type: "image/jpeg" });
}

/** @implements {Thumbs} */
export class Atlas {
  /** @type {Map<number, Picture>} decoded, least recently used first */
  #pictures = new Map();
  /** @type {Map<number, Blob>} */
  #blobs = new Map();
  /** @type {number[]} pages to get, the next one last */
  #wanted = [];
  /** @type {Set<number>} */
  #loading = new Set();
  /** @type {Set<number>} items that waited for their page */
  #awaited = new Set();
  /** @type {Map<number, Tile>} their tiles, where not all pages fit into memory; the oldest first */
  #cut = new Map();
  /** @type {Set<number>} pages that cannot be had; draw() does not ask again */
  #failed = new Set();
  /** @type {Map<number, Meta>} where the images of a page lie in their tiles */
  #meta = new Map();
  /** @type {ReturnType<typeof emitter<[number, number]>>} */
  #loaded = emitter();
  #prefetching = false;

  /**
   * @param {object} options
   * @param {number} options.nItems
   * @param {{ tile: number, per_page: number, columns: number, missing?: string }} options.layout
   * @param {(page: number) => Promise<Encoded>} options.fetch a page as JPEG
   * @param {((items: number[]) => Promise<Encoded>) | null} [options.fetchSheet] these images; null: there are pages only
   * @param {(blob: Blob) => Promise<Picture>} [options.decode]
   */
  constructor({ nItems, layout, fetch, fetchSheet = null, decode: decoder = decode }) {
    this.nItems = nItems;
    this.layout = layout;
    this.fetch = fetch;
    this.decode = decoder;
    this.nPages = Math.ceil(nItems / layout.per_page);
    if (layout.missing) this.#failed = new Set(Array(this.nPages).keys());
    const onLoad = (/** @type {number[]} */ items) => this.#onSheet(items);
    const decodeSheet = (/** @type {Encoded} */ encoded) => this.decode(blobOf(encoded));
    this.sheets = fetchSheet && !layout.missing ? new Sheets({ fetch: fetchSheet, decode: decodeSheet, onLoad }) : null;
  }

  /** Where item `i` is drawn from. @param {number} i @returns {Tile | undefined} */
  #tile(i) {
    const page = Math.floor(i / this.layout.per_page);
    const picture = this.#use(page);
    if (!picture) return this.#cut.get(i) ?? this.sheets?.get(i);
    return { picture, place: i - page * this.layout.per_page, meta: this.#meta.get(page) ?? {} };
  }

  /** @type {Thumbs["draw"]} */
  draw(ctx, i, x, y, w, h) {
    const { tile, columns } = this.layout;
    const found = this.#tile(i);
    if (!found) {
      this.#wantItem(i);
      return false;
    }
    const { picture, place: j } = found;
    const scale = Math.min(w, h);
    const left = x + (w - scale) / 2;
    const top = y + (h - scale) / 2;
    ctx.drawImage(picture, (j % columns) * tile, Math.floor(j / columns) * tile, tile, tile, left, top, scale, scale);
    return true;
  }

  /** @type {Thumbs["boxes"]} */
  boxes(i) {
    const { meta, place } = this.#tile(i) ?? { meta: undefined, place: 0 };
    return { image: meta?.boxes?.[place] ?? WHOLE, seen: meta?.seen?.[place] ?? WHOLE };
  }

  /** @type {Thumbs["onLoad"]} */
  onLoad(fn, signal) {
    this.#loaded.add(fn, signal);
  }

  /** @type {Thumbs["ready"]} */
  async ready(indices) {
    const settled = (/** @type {number} */ i) => this.#tile(i) !== undefined || this.#hasFailed(i);
    const missing = [...indices].filter((i) => !settled(i));
    if (missing.length === 0) return;
    for (const i of missing) this.#wantItem(i);
    const done = new AbortController();
    await new Promise((resolve) => {
      this.#loaded.add(() => missing.every(settled) && resolve(null), done.signal);
    });
    done.abort();
  }

  /** @param {number} i */
  #hasFailed(i) {
    return this.sheets?.failed(i) ?? this.#failed.has(Math.floor(i / this.layout.per_page));
  }

  prefetch() {
    if (this.#prefetching) return;
    this.#prefetching = true;
    whenIdle(() => this.#prefetchNext());
  }

  /** Get the first page that was not asked for yet, unless what is on screen needs pages now. */
  #prefetchNext() {
    if (this.#loading.size > 0 || this.sheets?.busy) return; // comes back when they are there
    const limit = Math.min(this.nPages, DECODED_PAGES);
    for (let page = 0; page < limit; page++) {
      if (!this.#blobs.has(page) && !this.#failed.has(page)) return this.#want(page);
    }
  }

  /** @param {number} page */
  #use(page) {
    const picture = this.#pictures.get(page);
    if (picture) {
      this.#pictures.delete(page);
      this.#pictures.set(page, picture);
    }
    return picture;
  }

  /** @param {number} i */
  #wantItem(i) {
    const page = Math.floor(i / this.layout.per_page);
    if (this.sheets && !this.#blobs.has(page)) return this.sheets.want(i);
    this.#awaited.add(i);
    this.#want(page);
  }

  /** @param {number} page */
  #want(page) {
    if (this.#loading.has(page) || this.#failed.has(page)) return;
    this.#wanted = this.#wanted.filter((other) => other !== page);
    this.#wanted.push(page);
    this.#pump();
  }

  #pump() {
    while (this.#loading.size < AT_ONCE && this.#wanted.length > 0) {
      const page = /** @type {number} */ (this.#wanted.pop());
      this.#loading.add(page);
      this.#load(page)
        .catch((error) => this.#fail(page, error))
        .finally(() => this.#finish(page));
    }
  }

  /** @param {number} page */
  async #load(page) {
    const blob = this.#blobs.get(page) ?? (await this.#get(page));
    this.#pictures.set(page, await this.decode(blob));
    if (this.nPages > DECODED_PAGES) this.#cutOut(page);
    for (const old of [...this.#pictures.keys()].slice(0, -DECODED_PAGES)) this.#drop(old);
  }

  /** Keep the tiles that were waited for: what is in sight may lie on more pages than memory holds. @param {number} page */
  #cutOut(page) {
    const { tile, per_page, columns } = this.layout;
    const picture = /** @type {Picture} */ (this.#pictures.get(page));
    const { boxes, seen } = this.#meta.get(page) ?? {};
    const here = [...this.#awaited].filter((i) => Math.floor(i / per_page) === page);
    for (const i of here) {
      const j = i - page * per_page;
      const canvas = h("canvas", { width: tile, height: tile });
      const ctx = canvas.getContext("2d", { willReadFrequently: true });
      ctx?.drawImage(picture, -(j % columns) * tile, -Math.floor(j / columns) * tile);
      this.#cut.set(i, {
        picture: canvas,
        place: 0,
        meta: { boxes: boxes?.slice(j, j + 1), seen: seen?.slice(j, j + 1) },
      });
      this.#awaited.delete(i);
    }
    for (const old of [...this.#cut.keys()].slice(0, -CUT_TILES)) this.#cut.delete(old);
  }

  /** @param {number} page */
  async #get(page) {
    const encoded = await this.fetch(page);
    const blob = blobOf(encoded);
    this.#meta.set(page, encoded.meta);
    this.#blobs.set(page, blob);
    return blob;
  }

  /** @param {number} page */
  #drop(page) {
    const picture = this.#pictures.get(page);
    if (picture && "close" in picture) picture.close();
    this.#pictures.delete(page);
  }

  /** @param {number} page @param {unknown} error */
  #fail(page, error) {
    this.#failed.add(page);
    console.warn(`[nbinterp] thumbnails of page ${page} are missing:`, error);
  }

  /** @param {number} page */
  #finish(page) {
    this.#loading.delete(page);
    const first = page * this.layout.per_page;
    this.#loaded.emit(first, Math.min(this.layout.per_page, this.nItems - first));
    this.#pump();
    this.#prefetchOn();
  }

  /** @param {number[]} items */
  #onSheet(items) {
    const first = Math.min(...items);
    this.#loaded.emit(first, Math.max(...items) - first + 1);
    this.#prefetchOn();
  }

  #prefetchOn() {
    if (this.#prefetching && this.#loading.size === 0) whenIdle(() => this.#prefetchNext());
  }
}
