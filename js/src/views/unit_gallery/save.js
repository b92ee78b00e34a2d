/** Saving images: the kernel has every pixel; a page without kernel saves what it shows. */

/**
 * @param {object} options
 * @param {() => boolean} options.hasKernel
 * @param {(message: Record<string, unknown>) => void} options.send
 * @param {(text: string) => void} options.say
 */
export function createSaver({ hasKernel, send, say }) {
  let counter = 0;
  /** @type {Set<string>} questions that were not answered yet */
  const waiting = new Set();

  /** @param {number | "all"} index */
  function ask(index) {
    const id = `png-${Date.now()}-${++counter}`;
    waiting.add(id);
    send({ kind: "png", id, index });
    setTimeout(() => waiting.has(id) && say("The kernel is busy; the file comes when it has time."), 3000);
  }

  return {
    /** One image. @param {number} index @param {HTMLCanvasElement} canvas what is shown of it @param {string} name of the file */
    one(index, canvas, name) {
      if (hasKernel()) return ask(index);
      canvas.toBlob((blob) => blob && offer(name, blob), "image/png");
    },
    /** All of them. @param {DataView | null} sheet what is shown of them, a JPEG */
    all(sheet) {
      if (hasKernel()) return ask("all");
      if (sheet) offer("images.jpg", new Blob([/** @type {any} */ (sheet)], { type: "image/jpeg" }));
    },
    /** The kernel could not answer. @param {string | null} id */
    failed(id) {
      if (id) waiting.delete(id);
    },
    /** An answer of the kernel. @param {{id: string, name: string, type: string}} answer @param {DataView[]} buffers */
    receive({ id, name, type }, [data]) {
      if (!waiting.delete(id)) return; // another view asked
      say("");
      offer(name, new Blob([/** @type {any} */ (data)], { type }));
    },
  };
}

/** @param {string} name @param {Blob} blob */
function offer(name, blob) {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
