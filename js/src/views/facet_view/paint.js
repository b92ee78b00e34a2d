/** The scatter on its canvas: the images in the marks of their facets, the facets' numbers, cursor and brush. */
import { CATEGORICAL, categoryColor } from "../../lib/palette.js";
import { cssColor } from "../../lib/theme.js";
import { apart, centresOf, markPath } from "./state.js";

/** @import { Selection } from "../../lib/types.js" */
/** @import { Brush } from "../embedding_plot/pointer.js" */
/** @import { Points } from "./state.js" */

const PLATE = 11; // radius of the plate under a facet's number, px

/**
 * @param {CanvasRenderingContext2D} ctx in CSS px
 * @param {object} what
 * @param {HTMLElement} what.root has the colours
 * @param {Points} what.points
 * @param {number} what.n facets
 * @param {Float32Array} what.px places of the points
 * @param {Selection} what.selection
 * @param {number} what.cursor the point under mouse or keyboard, −1 = none
 * @param {Brush | string} what.outline the brush of the mouse, or an SVG path; "" = none
 */
export function paintScatter(ctx, { root, points, n, px, selection, cursor, outline }) {
  const any = points.items.some((item) => selection.has(item));
  const radius = points.n > 400 ? 3 : points.n > 150 ? 4 : 5;
  const marks = Array.from({ length: n + 1 }, (_, i) => new Path2D(markPath(i - 1, radius)));
  const colour = cssColor(root, "--nbi-select");
  const rim = cssColor(root, "--nbi-bg");
  for (const chosen of [false, true]) {
    for (let i = 0; i < points.n; i++) {
      if (!Number.isFinite(px[2 * i]) || selection.has(points.items[i]) !== chosen) continue;
      ctx.save();
      ctx.translate(px[2 * i], px[2 * i + 1]);
      ctx.globalAlpha = any && !chosen ? 0.3 : 1;
      ctx.fillStyle = categoryColor(points.facets[i]);
      ctx.lineWidth = chosen ? 4.5 : 1;
      ctx.strokeStyle = chosen ? colour : rim;
      const path = marks[points.facets[i] + 1];
      ctx.stroke(path);
      ctx.fill(path);
      ctx.restore();
    }
  }
  paintNumbers(ctx, root, apart(centresOf(px, points, n), 2 * PLATE + 3));
  if (cursor >= 0)
    paintRing(ctx, { x: px[2 * cursor], y: px[2 * cursor + 1] }, radius + 5, cssColor(root, "--nbi-accent"));
  if (outline) paintOutline(ctx, outline, cssColor(root, "--nbi-text"));
}

/** @param {CanvasRenderingContext2D} ctx @param {HTMLElement} root @param {({x: number, y: number} | null)[]} centres by facet */
function paintNumbers(ctx, root, centres) {
  const [bg, text] = [cssColor(root, "--nbi-bg"), cssColor(root, "--nbi-text")];
  for (const [facet, centre] of centres.entries()) {
    if (!centre) continue;
    ctx.beginPath();
    ctx.arc(centre.x, centre.y, PLATE, 0, 2 * Math.PI);
    ctx.globalAlpha = 0.9;
    ctx.fillStyle = bg;
    ctx.fill();
    ctx.globalAlpha = 1;
    ctx.lineWidth = 2;
    ctx.strokeStyle = CATEGORICAL[facet % CATEGORICAL.length];
    ctx.stroke();
    ctx.fillStyle = text;
    ctx.font = "600 13px system-ui, sans-serif";
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillText(String(facet), centre.x, centre.y + 0.5);
  }
}

/** @param {CanvasRenderingContext2D} ctx @param {{x: number, y: number}} at @param {number} r @param {string} colour */
function paintRing(ctx, { x, y }, r, colour) {
  ctx.beginPath();
  ctx.arc(x, y, r, 0, 2 * Math.PI);
  ctx.lineWidth = 2;
  ctx.strokeStyle = colour;
  ctx.stroke();
}

/** @param {CanvasRenderingContext2D} ctx @param {Brush | string} outline @param {string} colour */
function paintOutline(ctx, outline, colour) {
  const line = new Path2D(typeof outline === "string" ? outline : undefined);
  if (typeof outline !== "string") {
    const { mode, path } = outline;
    if (mode === "lasso") for (let j = 0; j < path.length; j += 2) line.lineTo(path[j], path[j + 1]);
    else line.rect(path[0], path[1], path[path.length - 2] - path[0], path[path.length - 1] - path[1]);
    line.closePath();
  }
  ctx.lineWidth = 1.5;
  ctx.setLineDash([5, 3]);
  ctx.strokeStyle = colour;
  ctx.stroke(line);
  ctx.setLineDash([]);
}
