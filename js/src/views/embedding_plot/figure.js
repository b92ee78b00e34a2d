/**
 * The frame around the points: plotly draws axes and mode bar and does pan and zoom on an empty figure. Points and the
 * lasso are ours (plotly would take 1.3 s for a brush step at 100,000 points and report a lasso ten times a second).
 */

/** @import { Frame, Ranges } from "./frame.js" */

/**
 * @typedef {object} Figure
 * @property {() => Frame} frame the plot area and its axes now
 * @property {(ranges: Ranges) => void} zoomTo
 * @property {(width: number, height: number) => void} resize
 * @property {(colors: { text: string, muted: string, border: string }) => void} recolor
 * @property {(x: string, y: string) => void} title
 * @property {() => string} mode "lasso", "select", "pan" or "zoom"
 * @property {() => void} destroy
 */

const MARGIN = { l: 26, r: 8, t: 32, b: 26, pad: 0 };

/**
 * @param {any} Plotly
 * @param {HTMLElement} div
 * @param {object} options
 * @param {Ranges} options.ranges
 * @param {number} options.width px
 * @param {number} options.height px
 * @param {() => void} options.onMove called while and after the axes change
 * @param {() => void} options.onReset called by the mode bar's reset button and a double click
 * @param {() => void} options.onPicture called by the mode bar's picture button
 * @returns {Promise<Figure>}
 */
export async function createFigure(Plotly, div, { ranges, width, height, onMove, onReset, onPicture }) {
  const empty = { type: "scatter", mode: "markers", x: [null], y: [null], hoverinfo: "skip", showlegend: false };
  const layout = { ...layoutOf(ranges), width, height };
  await Plotly.newPlot(div, [empty], layout, configOf(Plotly, onReset, onPicture));
  const gd = /** @type {any} */ (div);
  gd.on("plotly_relayouting", onMove);
  gd.on("plotly_relayout", onMove);
  gd.on("plotly_doubleclick", onReset);
  const relayout = (/** @type {object} */ changes) => void Plotly.relayout(div, changes);
  return {
    frame: () => frameOf(gd._fullLayout),
    zoomTo: ({ x, y }) => relayout({ "xaxis.range": x, "yaxis.range": y }),
    resize: (w, h) => relayout({ width: w, height: h }),
    recolor: (colors) => relayout(colorsOf(colors)),
    title: (x, y) => relayout({ "xaxis.title.text": x, "yaxis.title.text": y }),
    mode: () => gd._fullLayout.dragmode,
    destroy: () => Plotly.purge(div),
  };
}

/** @param {Ranges} ranges */
function layoutOf({ x, y }) {
  const axis = { showgrid: false, zeroline: false, showticklabels: false, ticks: "", showline: true, mirror: true };
  const title = () => ({ font: { size: 11 }, standoff: 6, text: " " });
  return {
    margin: MARGIN,
    xaxis: { ...axis, range: x, title: title() },
    // One unit is as long upwards as sideways: distances in the picture are those of the embedding.
    yaxis: { ...axis, range: y, title: title(), scaleanchor: "x" },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    modebar: { bgcolor: "rgba(0,0,0,0)" },
    dragmode: "lasso",
    hovermode: false,
    showlegend: false,
  };
}

/** @param {any} Plotly @param {() => void} onReset @param {() => void} onPicture */
function configOf(Plotly, onReset, onPicture) {
  const reset = { name: "reset", title: "Show all points (0)", icon: Plotly.Icons.home, click: onReset };
  const picture = { name: "picture", title: "Save as PNG", icon: Plotly.Icons.camera, click: onPicture };
  return {
    displayModeBar: true,
    displaylogo: false,
    showSendToCloud: false,
    showTips: false,
    doubleClick: false,
    scrollZoom: false,
    modeBarButtons: [["lasso2d", "select2d", "pan2d", "zoom2d"], ["zoomIn2d", "zoomOut2d", reset], [picture]],
  };
}

/** @param {any} full plotly's computed layout (private: plotly.js is pinned) @returns {Frame} */
function frameOf({ xaxis, yaxis }) {
  return {
    left: xaxis._offset,
    top: yaxis._offset,
    width: xaxis._length,
    height: yaxis._length,
    x: [xaxis.range[0], xaxis.range[1]],
    y: [yaxis.range[0], yaxis.range[1]],
  };
}

/** @param {{ text: string, muted: string, border: string }} colors */
function colorsOf({ text, muted, border }) {
  return {
    "font.color": muted,
    "xaxis.linecolor": border,
    "yaxis.linecolor": border,
    "xaxis.title.font.color": text,
    "yaxis.title.font.color": text,
  };
}
