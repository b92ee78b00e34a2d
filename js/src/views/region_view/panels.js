/** What else there is to say of the anchor, each on a tab of its own: asked for when its tab is opened. */
import { h } from "../../lib/dom.js";
import { roving } from "../../lib/focus.js";
import { icon } from "../../lib/icons.js";
import { percent } from "./state.js";

/** @import { Selection } from "../../lib/types.js" */
/** @import { createPictures } from "./pictures.js" */

const N_PICTURES = 12;
const TILE = 48;
const SHOT_KEYS = "Arrow keys go from image to image, Enter selects.";

/** @typedef {{key: string, state: "running" | "done" | "stopped" | "failed", text?: string, [fact: string]: any}} Panel */
/**
 * @typedef {object} PanelContext
 * @property {ReturnType<typeof createPictures>} pictures
 * @property {Selection} selection
 * @property {(image: number) => void} setAnchor
 * @property {(layer: string) => void} setLayer
 * @property {(name: string) => void} stop end the computing of a panel
 * @property {(name: string) => void} compute have a panel computed
 * @property {(text: string) => void} say tell a screen reader
 * @property {string} reason why no other region can be had, "" = it can
 * @property {AbortSignal} signal ends the content
 */

/** @type {Record<string, (panel: Panel, context: PanelContext) => Node[]>} */
const DRAWN = { layers, neighbours, mistake, subclasses };

/**
 * The content of a panel.
 * @param {string} name @param {Panel | undefined} panel @param {PanelContext} context @param {string} why it makes no sense
 * @returns {Node[]}
 */
export function panelContent(name, panel, context, why) {
  if (why) return [h("p", { class: "nbi-panel-words" }, sentence(why))];
  if (!panel)
    return [
      h("p", { class: "nbi-panel-words" }, context.reason ? `Not computed. ${context.reason}.` : "Asking the kernel …"),
    ];
  if (panel.state === "failed")
    return [h("p", { class: "nbi-panel-words nbi-warn", role: "alert" }, sentence(panel.text ?? ""))];
  if (panel.state === "running") {
    const stop = h("button", { type: "button", class: "nbi-button", onclick: () => context.stop(name) }, "Stop");
    stop.disabled = context.reason !== "";
    stop.title = context.reason || "Stop, and keep what there is";
    const text = h("span", { class: "nbi-panel-running" }, runningWords(panel));
    return [h("p", { class: "nbi-panel-words" }, h("progress", { "aria-label": "Computing" }), " ", text, " ", stop)];
  }
  if (panel.state === "stopped") {
    const again = h("button", { type: "button", class: "nbi-button", onclick: () => context.compute(name) }, "Compute");
    again.disabled = context.reason !== "";
    again.title = context.reason || "Compute it again, to the end";
    const words = h(
      "p",
      { class: "nbi-panel-words nbi-warn", role: "status" },
      `${sentence(panel.text ?? "")} `,
      again,
    );
    return panel.rows ? [words, ...DRAWN[name](panel, context)] : [words];
  }
  return DRAWN[name](panel, context);
}

/** How far the computing of a panel is. @param {Panel} panel */
export function runningWords({ text }) {
  return text ? `Computing: ${text} …` : "Computing …";
}

/** @param {string} text */
function sentence(text) {
  const end = /[.!?]$/.test(text) ? "" : ".";
  return text.charAt(0).toUpperCase() + text.slice(1) + end;
}

/** @param {boolean} standsOut @param {string} verdict */
function chip(standsOut, verdict) {
  const words = standsOut ? "stands out" : "no more than chance";
  return h(
    "span",
    { class: `nbi-chip ${standsOut ? "nbi-good" : "nbi-chance"}`, title: verdict, tabindex: 0 },
    icon(standsOut ? "check" : "cross", 11),
    words,
  );
}

/** "86 % disc by label, 100 % disc by prediction". @param {Record<string, string>} found */
function purity(found) {
  return Object.entries(found)
    .filter(([, words]) => words)
    .map(([by, words]) => `${words} by ${by}`)
    .join(", ");
}

/** A row: title, chip, facts, pictures, a button that selects all. @param {{title: Node | string, mark?: Node, facts: (string | Node | null)[], images: number[], n: number, extra?: Node[]}} what @param {PanelContext} context */
function row({ title, mark, facts, images, n, extra = [] }, { pictures, selection, say, signal }) {
  const shown = images.slice(0, N_PICTURES).map((image) => pictures.create(image, { size: TILE }));
  const more =
    n > shown.length
      ? h("span", { class: "nbi-status" }, `and ${(n - shown.length).toLocaleString("en-US")} more`)
      : null;
  const number = images.length.toLocaleString("en-US");
  const choose = () => {
    selection.set(images);
    say(`${number} image${images.length === 1 ? "" : "s"} selected`);
  };
  const select = h(
    "button",
    { type: "button", class: "nbi-button", disabled: images.length === 0, onclick: choose },
    `Select ${number}`,
  );
  const shots = h(
    "div",
    { class: "nbi-shots", role: "toolbar", "aria-label": "Images", "aria-description": SHOT_KEYS },
    ...shown,
    more,
  );
  roving(shots, "button", signal);
  return h(
    "div",
    { class: "nbi-panel-row", role: "listitem" },
    h("div", { class: "nbi-panel-head" }, title, mark ?? null, h("span", { class: "nbi-gap" }), ...extra, select),
    h(
      "div",
      { class: "nbi-panel-facts" },
      ...facts.flatMap((fact) => (fact ? [typeof fact === "string" ? h("span", {}, fact) : fact] : [])),
    ),
    shots,
  );
}

/** @param {string} label @param {Node[]} rows */
function listed(label, rows) {
  return h("div", { class: "nbi-panel-list", role: "list", "aria-label": label }, ...rows);
}

/** @param {number} n */
const members = (n) => `${n.toLocaleString("en-US")} member${n === 1 ? "" : "s"}`;

/** @param {Panel} panel @param {PanelContext} context */
function layers({ layer, rows, overlap }, context) {
  const here = rows.findIndex((/** @type {any} */ one) => one.name === layer);
  const drawn = rows.map((/** @type {any} */ one, /** @type {number} */ at) => {
    const current = one.name === layer;
    const go = h("button", { type: "button", class: "nbi-button", onclick: () => context.setLayer(one.name) }, "Show");
    go.disabled = current || context.reason !== "";
    go.title = current ? "It is shown" : context.reason || `Show the region in ${one.name}`;
    const share = overlap[here]?.[at];
    const common = current || share === null || share === undefined ? "" : `overlap with ${layer}: ${percent(share)}`;
    const what = { title: h("strong", {}, one.name), mark: chip(one.stands_out, one.verdict), extra: [go] };
    return row({ ...what, facts: [members(one.n), purity(one.purity), common], images: one.images, n: one.n }, context);
  });
  const words = "The same image's region in every layer. Overlap: images in both regions over images in either.";
  return [h("p", { class: "nbi-panel-words" }, words), listed("Regions by layer", drawn)];
}

/** @param {Panel} panel @param {PanelContext} context */
function neighbours({ features, rows }, context) {
  const drawn = rows.map((/** @type {any} */ one, /** @type {number} */ at) => {
    const common = at === 0 || one.overlap === null ? "" : `overlap with the region: ${percent(one.overlap)}`;
    const what = {
      title: h("strong", {}, one.name),
      facts: [members(one.n).replace("member", "image"), purity(one.purity), common],
    };
    return row({ ...what, images: one.images, n: one.n }, context);
  });
  const words = `As many nearest images as the region has members. Euclidean and cosine distance: ${features}. The region seldom is purer; what it adds is a rule.`;
  return [h("p", { class: "nbi-panel-words" }, words), listed("Sets of equal size", drawn)];
}

const SETS = {
  neurons: "setting the neurons that differ",
  units: "setting all positions of their units",
  control: "control: as many other neurons, at random",
};

/** @param {Panel} panel @param {PanelContext} context */
function mistake({ label, prediction, probability, rows }, context) {
  const words = `Labelled ${label}, taken for ${prediction}; probability of ${label}: ${percent(probability)}. Below: the regions of the nearest correct images of ${label}, the literals of their rules that this image violates, and what its prediction becomes when these neurons are set to the other state.`;
  const drawn = rows.map((/** @type {any} */ one) => {
    const facts = one.differs.length
      ? `violates ${one.differs.length} of ${one.n_literals} literals: ${one.differs.join(", ")}`
      : `violates none of ${one.n_literals} literals`;
    const title = h(
      "span",
      { class: "nbi-panel-title" },
      context.pictures.create(one.anchor, { size: 36 }),
      h("strong", {}, one.name),
    );
    const chance = one.outcomes.find((/** @type {any} */ found) => found.set === "control")?.repaired ?? 0;
    const repaired = one.outcomes.some(
      (/** @type {any} */ found) => found.set !== "control" && found.repaired > chance,
    );
    const mark = repaired ? h("span", { class: "nbi-chip nbi-good" }, icon("check", 11), "repaired") : undefined;
    const outcomes = h(
      "div",
      { class: "nbi-outcomes" },
      ...one.outcomes.map((/** @type {any} */ found) => outcome(found, label, probability)),
    );
    return row({ title, mark, facts: [facts, outcomes], images: one.images, n: one.n }, context);
  });
  return [h("p", { class: "nbi-panel-words" }, words), listed("Regions of correct images", drawn)];
}

/** @param {any} found @param {string} label @param {number} before */
function outcome(found, label, before) {
  const end =
    found.set === "control"
      ? `${percent(found.repaired)} of the draws are repaired`
      : `predicted ${found.prediction}${found.repaired ? ": repaired" : ""}`;
  const text = `${SETS[/** @type {keyof typeof SETS} */ (found.set)]} (${found.n_neurons}): ${label} ${percent(before)} → ${percent(found.probability)}; ${end}`;
  return h("div", { class: found.set !== "control" && found.repaired ? "nbi-repaired" : "" }, text);
}

/** @param {Panel} panel @param {PanelContext} context */
function subclasses({ class_name, n_images, n_covered, n_candidates, uncovered, rows }, context) {
  const n = rows.length;
  const words = `${n === 0 ? "No region stands" : n === 1 ? "One region stands" : `${n} regions stand`} out among the ${n_images.toLocaleString("en-US")} images predicted as ${class_name}${n ? ` and cover ${percent(n_covered / n_images)} of them` : ""}. Of all images as anchors, ${n_candidates} stand out; one in twenty does by chance.`;
  const drawn = rows.map((/** @type {any} */ one, /** @type {number} */ at) => {
    const go = h(
      "button",
      { type: "button", class: "nbi-button", onclick: () => context.setAnchor(one.anchor) },
      "Make anchor",
    );
    go.disabled = context.reason !== "";
    go.title = context.reason || `Show the region of ${one.name} among all images`;
    const facts = [members(one.n), `${one.new} in no region above`, purity(one.purity)];
    const rule = h("span", { class: "nbi-panel-rule" }, one.rule.join(", "));
    const title = h("strong", {}, `Subclass ${at + 1}`);
    return row(
      {
        title,
        mark: chip(one.stands_out, one.verdict),
        facts: [...facts, rule],
        images: one.images,
        n: one.n,
        extra: [go],
      },
      context,
    );
  });
  const rest = uncovered.length
    ? [
        row(
          { title: h("strong", {}, "In none of them"), facts: [], images: uncovered, n: n_images - n_covered },
          context,
        ),
      ]
    : [];
  return [h("p", { class: "nbi-panel-words" }, words), listed("Subclasses", [...drawn, ...rest])];
}
