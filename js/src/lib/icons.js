/** The few line icons of the tool bars, 16 × 16, drawn in the current text colour. Decoration: the words are elsewhere. */

const PATHS = {
  undo: "M6 3 2.5 6.5 6 10 M3 6.5h6.5a3.5 3.5 0 0 1 0 7H7",
  redo: "M10 3l3.5 3.5L10 10 M13 6.5H6.5a3.5 3.5 0 0 0 0 7H9",
  invert: "M2.5 2.5h11v11h-11z M2.5 13.5l11-11v11z",
  clear: "M4 4l8 8 M12 4l-8 8",
  save: "M4 2.5h8v11l-4-3-4 3z",
  list: "M5.5 4h8 M5.5 8h8 M5.5 12h8 M2.5 4h.5 M2.5 8h.5 M2.5 12h.5",
  download: "M8 2.5v7.5 M4.5 7 8 10.5 11.5 7 M2.5 13.5h11",
  check: "M3 8.5l3.5 3.5L13 4.5",
  cross: "M4 4l8 8 M12 4l-8 8",
  up: "M8 13V3 M4 7l4-4 4 4",
  down: "M8 3v10 M4 9l4 4 4-4",
  search: "M7 2.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 0 0 0-9z M10.5 10.5l3.5 3.5",
  filter: "M2 3h12L9.5 8.5V13l-3-1.5v-3z",
  refresh: "M13 8a5 5 0 1 1-1.5-3.6 M13 2.5v2.5h-2.5",
};

/** @typedef {keyof typeof PATHS} IconName */

const SVG = "http://www.w3.org/2000/svg";

/** @param {IconName} name @param {number} [size] px */
export function icon(name, size = 14) {
  const svg = document.createElementNS(SVG, "svg");
  const attributes = { viewBox: "0 0 16 16", width: size, height: size, fill: "none", stroke: "currentColor" };
  for (const [key, value] of Object.entries(attributes)) svg.setAttribute(key, String(value));
  svg.setAttribute("stroke-width", "1.7");
  svg.setAttribute("stroke-linecap", "round");
  svg.setAttribute("stroke-linejoin", "round");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("nbi-icon");
  if (name === "invert") svg.setAttribute("fill-rule", "evenodd");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
