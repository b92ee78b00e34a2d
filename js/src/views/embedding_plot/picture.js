/** The plot as a PNG file, as it is on the screen. */
import { cssColor } from "../../lib/theme.js";

/**
 * @param {HTMLElement} root
 * @param {{ base: HTMLCanvasElement, overlay: HTMLCanvasElement }} canvases
 * @param {{ name: string, x: string, y: string }} about what is shown, the titles of its axes
 */
export function savePicture(root, { base, overlay }, { name, x, y }) {
  const room = Math.round(base.height / 18);
  const canvas = document.createElement("canvas");
  canvas.width = base.width;
  canvas.height = base.height + room;
  const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  ctx.fillStyle = cssColor(root, "--nbi-bg");
  ctx.fillRect(0, 0, canvas.width, canvas.height);
  ctx.globalAlpha = Number(base.style.opacity || 1);
  ctx.drawImage(base, 0, 0);
  ctx.globalAlpha = 1;
  ctx.drawImage(overlay, 0, 0);
  ctx.fillStyle = cssColor(root, "--nbi-text");
  ctx.font = `${Math.round(room * 0.55)}px system-ui, sans-serif`;
  ctx.fillText(`${name} · ${x} → · ${y} ↑`, room / 2, canvas.height - room * 0.3);
  canvas.toBlob((blob) => blob && offer(blob, `embedding-${name}.png`));
}

/** @param {Blob} blob @param {string} file its name */
function offer(blob, file) {
  const url = URL.createObjectURL(blob);
  const link = Object.assign(document.createElement("a"), { href: url, download: file });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
