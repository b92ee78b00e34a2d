/** What plotly is asked to draw: concepts as horizontal bars, a row of fixed height each. Pure. */
import { CATEGORICAL } from "../../lib/palette.js";
import { tickStep } from "./state.js";

/** @import { Bar, Shown } from "./state.js" */

/** CSS px: height of a bar's row, room for the axis above, below, at the right. */
export const ROW = 19;
export const TOP = 44;
const BOTTOM = 6;
const RIGHT = 34;
const LETTER = 6.4;
const LONGEST = 20;

/** @param {number} n bars @returns {number} CSS px */
export function chartHeight(n) {
  return TOP + n * ROW + BOTTOM;
}

/** @param {string} name */
function cut(name) {
  return name.length > LONGEST ? `${name.slice(0, LONGEST - 1).trimEnd()}…` : name;
}

/** Text for plotly, which reads some markup in its texts. @param {string} text */
export function plain(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("$", "&#36;");
}

/**
 * @param {object} what
 * @param {Shown} what.shown
 * @param {Bar[]} what.bars
 * @param {number} what.width CSS px
 * @param {(bar: Bar) => boolean} what.isChosen bars that stand out
 * @param {{text: string, muted: string, border: string, grid: string}} what.colors
 */
export function figureOf({ shown, bars, width, isChosen, colors }) {
  const most = bars.reduce((top, bar) => Math.max(top, bar.count), 1);
  const names = bars.map((bar) => cut(shown.concepts[bar.concept].name));
  const left = 12 + LETTER * names.reduce((longest, name) => Math.max(longest, name.length), 8);
  const rows = bars.map((_, row) => row);
  const trace = {
    type: "bar",
    orientation: "h",
    x: bars.map((bar) => bar.count),
    y: rows,
    width: 0.72,
    marker: {
      color: bars.map((bar) => CATEGORICAL[bar.category % CATEGORICAL.length]),
      opacity: bars.map((bar) => (isChosen(bar) ? 1 : 0.3)),
      line: { width: 0 },
    },
    text: bars.map((bar) => String(bar.count)),
    textposition: "outside",
    textfont: { size: 11, color: colors.text },
    cliponaxis: false,
    hoverinfo: "skip",
  };
  const layout = {
    width,
    height: chartHeight(bars.length),
    margin: { l: left, r: RIGHT, t: TOP, b: BOTTOM, pad: 0 },
    xaxis: {
      side: "top",
      range: [0, most * 1.04],
      dtick: tickStep(most),
      tickformat: ",d",
      tickfont: { size: 11, color: colors.muted },
      gridcolor: colors.grid,
      zerolinecolor: colors.border,
      title: { text: "detector units", font: { size: 12, color: colors.text }, standoff: 6 },
    },
    yaxis: {
      range: [bars.length - 0.5, -0.5],
      tickmode: "array",
      tickvals: rows,
      ticktext: names.map(plain),
      tickfont: { size: 11.5, color: colors.text },
      showgrid: false,
      zeroline: false,
      ticks: "",
      ticklabelstandoff: 5,
    },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    showlegend: false,
    annotations: [
      {
        text: "concept",
        xref: "paper",
        yref: "paper",
        x: 0,
        y: 1,
        xanchor: "right",
        yanchor: "bottom",
        xshift: -5,
        yshift: 4,
        showarrow: false,
        font: { size: 12, color: colors.text },
      },
    ],
  };
  return { data: [trace], layout };
}
