/** plotly.js for all views of a kernel: loaded once, reached through `host.getWidget(model.get("runtime"))`. */
import bar from "plotly.js/lib/bar";
import Plotly from "plotly.js/lib/core"; // brings scatter along
import heatmap from "plotly.js/lib/heatmap";
import histogram from "plotly.js/lib/histogram";
import image from "plotly.js/lib/image";

Plotly.register([bar, heatmap, histogram, image]);

export default { initialize: () => ({ Plotly }) };
