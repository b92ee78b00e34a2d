/**
 * Thumbnails from JPEG pages: asked for when needed (newest first, two at a time), kept compressed, decoded into
 * bitmaps of which the most recently used stay in memory.
 */
import { emitter } from "./bind.js";
import { whenIdle } from "./timing.js";

/** @import { Box, Thumbs } from "./types.js" */

/** @typedef {{ boxes?: Box[], seen?: Box[] }} Meta */

/** A decoded page takes about 8 MB (500 tiles of 64 px). */
const DECODED_PAGES = 24;
const AT_ONCE = 2;

/** @type {Box} */
const WHOLE = [0, 0, 1, 1];

/** @typedef {ImageBitmap | HTMLImageElement} Picture */

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
   * @param {(page: number) => Promise<{ meta: Meta, buffer: DataView }>} options.fetch a page as JPEG
   * @param {(blob: Blob) => Promise<Picture>} [options.decode]
   */
  constructor({ nItems, layout, fetch, decode: decoder = decode }) {
    this.nItems = nItems;
    this.layout = layout;
    this.fetch = fetch;
    this.decode = decoder;
    this.nPages = Math.ceil(nItems / layout.per_page);
    if (layout.missing) this.#failed = new Set(Array(this.nPages).keys());
  }

  /** @type {Thumbs["draw"]} */
  draw(ctx, i, x, y, w, h) {
    const { tile, per_page, columns } = this.layout;
    const page = Math.floor(i / per_page);
    const picture = this.#use(page);
    if (!picture) {
      this.#want(page);
      return false;
    }
    const j = i - page * per_page;
    const scale = Math.min(w, h);
    const left = x + (w - scale) / 2;
    const top = y + (h - scale) / 2;
    ctx.drawImage(picture, (j % columns) * tile, Math.floor(j / columns) * tile, tile, tile, left, top, scale, scale);
    return true;
  }

  /** @type {Thumbs["boxes"]} */
  boxes(i) {
    const meta = this.#meta.get(Math.floor(i / this.layout.per_page));
    const j = i % this.layout.per_page;
    return { image: meta?.boxes?.[j] ?? WHOLE, seen: meta?.seen?.[j] ?? WHOLE };
  }

  /** @type {Thumbs["onLoad"]} */
  onLoad(fn, signal) {
    this.#loaded.add(fn, signal);
  }

  /** @type {Thumbs["ready"]} */
  async ready(indices) {
    const pages = new Set();
    for (const i of indices) pages.add(Math.floor(i / this.layout.per_page));
    const missing = [...pages].filter((page) => !this.#pictures.has(page) && !this.#failed.has(page));
    if (missing.length === 0) return;
    for (const page of missing) this.#want(page);
    const done = new AbortController();
    await new Promise((resolve) => {
      this.#loaded.add(
        () => missing.every((p) => this.#pictures.has(p) || this.#failed.has(p)) && resolve(null),
        done.signal,
      );
    });
    done.abort();
  }

  prefetch() {
    if (this.#prefetching) return;
    this.#prefetching = true;
    whenIdle(() => this.#prefetchNext());
  }

  /** Get the first page that was not asked for yet, unless what is on screen needs pages now. */
  #prefetchNext() {
    if (this.#loading.size > 0) return; // comes back when they are there
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
    for (const old of [...this.#pictures.keys()].slice(0, -DECODED_PAGES)) this.#drop(old);
  }

  /** @param {number} page */
  async #get(page) {
    const { meta, buffer } = await this.fetch(page);
    const blob = new Blob([/** @type {any} */ (buffer)], { type: "image/jpeg" });
    this.#meta.set(page, meta);
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
    if (this.#prefetching && this.#loading.size === 0) whenIdle(() => this.#prefetchNext());
  }
}
