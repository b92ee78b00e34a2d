/** What the colours of the heat map mean: from 0 to the unit's peak. */
import { formatNumber } from "../../lib/columns.js";
import { h } from "../../lib/dom.js";
import { HEAT } from "../../lib/palette.js";

/** @import { Catalog, UnitRef } from "../../lib/types.js" */

const GRADIENT = Array.from({ length: 17 }, (_, k) => {
  const [r, g, b] = HEAT.subarray(3 * Math.round(255 * Math.sqrt(k / 16))); // as `heatPixels`
  return `rgb(${r},${g},${b})`;
}).join(",");

export const MEANING =
  "Colour of the heat map: activation, from 0 to the largest on any image; it covers most where the image has its own largest";

export function createLegend() {
  const text = h("span");
  const top = h("span");
  const ramp = h("span", {
    class: "nbi-ramp",
    style: `background: linear-gradient(to right, ${GRADIENT})`,
    "aria-hidden": "true",
  });
  const element = h(
    "span",
    {
      class: "nbi-heat-legend",
      hidden: true,
      title: MEANING,
    },
    text,
    "0",
    ramp,
    top,
  );
  let shown = "";
  return {
    element,
    /** @param {UnitRef | null} unit null hides it @param {Catalog} catalog */
    async show(unit, catalog) {
      element.hidden = unit === null;
      if (!unit) return;
      shown = `${unit.layer} · unit ${unit.unit}`;
      const mine = shown;
      text.textContent = shown;
      top.textContent = "peak";
      const table = await catalog.units(unit.layer).catch(() => null);
      if (table && mine === shown) top.textContent = formatNumber(Math.max(0, table.peak[unit.unit]), 3);
    },
  };
}
