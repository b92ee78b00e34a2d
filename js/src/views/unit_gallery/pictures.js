/** The images themselves: a sheet of all of them, and newer frames of those that are forming. */
import { placeOf } from "./state.js";

/** @typedef {{columns: number, cell: [number, number], width: number, height: number, n: number, serial: number}} Layout */
/** @typedef {{picture: ImageBitmap, layout: Layout, first: number}} Sheet */

/**
 * @param {object} options
 * @param {(first: number, count: number, aspect: number) => void} options.onLoad these images can be drawn anew;
 *   `aspect` is their width over their height
 * @param {(bytes: DataView) => Promise<ImageBitmap>} [options.decode]
 */
export function createPictures({ onLoad, decode = decodeJpeg }) {
  /** @type {Sheet | null} */
  let whole = null;
  /** @type {Map<number, Sheet>} by their first image */
  const frames = new Map();
  let generation = 0;

  /** @param {number} i @returns {Sheet | null} the latest picture that holds image `i` */
  function latest(i) {
    let found = whole && i < whole.layout.n ? whole : null;
    for (const frame of frames.values()) {
      const inside = i >= frame.first && i < frame.first + frame.layout.n;
      if (inside && frame.layout.serial > (found?.layout.serial ?? -1)) found = frame;
    }
    return found;
  }

  return {
    /** The bytes of the sheet as they came, for saving them. @type {DataView | null} */
    bytes: null,

    /** All images as of a moment; frames older than it are let go. @param {DataView} bytes @param {Layout | Record<string, never>} layout */
    async setSheet(bytes, layout) {
      const mine = ++generation;
      if (!bytes || bytes.byteLength === 0 || !("serial" in layout)) {
        for (const sheet of [whole, ...frames.values()]) sheet?.picture.close();
        whole = null;
        this.bytes = null;
        frames.clear();
        return;
      }
      const picture = await decode(bytes);
      if (mine !== generation) return picture.close();
      whole?.picture.close();
      whole = { picture, layout: /** @type {Layout} */ (layout), first: 0 };
      this.bytes = bytes;
      for (const [first, frame] of frames) {
        if (frame.layout.serial >= layout.serial) continue;
        frame.picture.close();
        frames.delete(first);
      }
      onLoad(0, layout.n, layout.width / layout.height);
    },

    /** Images that are forming. @param {DataView} bytes @param {Layout & {first: number}} layout */
    async addFrame(bytes, layout) {
      const mine = generation;
      const picture = await decode(bytes);
      const known = frames.get(layout.first);
      const late = known ? known.layout.serial > layout.serial : (whole?.layout.serial ?? -1) > layout.serial;
      if (late || (mine !== generation && !whole)) return picture.close();
      known?.picture.close();
      frames.set(layout.first, { picture, layout, first: layout.first });
      onLoad(layout.first, layout.n, layout.width / layout.height);
    },

    /** Whether there is a picture of image `i`. @param {number} i */
    has: (i) => latest(i) !== null,

    /** Draw image `i` into a canvas, which takes its size. @param {HTMLCanvasElement} canvas @param {number} i */
    draw(canvas, i) {
      const found = latest(i);
      if (!found) return false;
      const { x, y, width, height } = placeOf(found.layout, i - found.first);
      if (canvas.width !== width) canvas.width = width;
      if (canvas.height !== height) canvas.height = height;
      const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
      ctx.drawImage(found.picture, x, y, width, height, 0, 0, width, height);
      return true;
    },
  };
}

/** @param {DataView} bytes */
function decodeJpeg(bytes) {
  return createImageBitmap(new Blob([/** @type {any} */ (bytes)], { type: "image/jpeg" }));
}
