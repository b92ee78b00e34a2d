/** The region view on the page: joins anchor, verdict, rule, members and panels. Knows nothing of Jupyter. */
import { asDataView } from "../../lib/codec.js";
import { textOf } from "../../lib/columns.js";
import { announce, h, put } from "../../lib/dom.js";
import { debounce } from "../../lib/timing.js";
import { undoKeys } from "../selection_bar/view.js";
import { createAnchor } from "./anchor.js";
import { createControls } from "./controls.js";
import { createEvidence } from "./evidence.js";
import { createMembers } from "./members.js";
import { createPictures } from "./pictures.js";
import { createRule } from "./rule.js";
import { countWords, editWords, membersOf, purityOf, purityWords, waitingWords } from "./state.js";
import { createTabs } from "./tabs.js";

/** @import { Catalog, Column, Selection, UnitTable } from "../../lib/types.js" */
/** @import { Panel } from "./panels.js" */
/** @import { Evidence, Judging, Literal, Mode, Shown } from "./state.js" */
/** @import { Tab } from "./tabs.js" */

/**
 * What the view shows; the names are those of the widget's traits.
 * @typedef {object} Settings
 * @property {number} anchor
 * @property {string} layer
 * @property {number} k
 * @property {number} t
 * @property {number} tolerance
 * @property {"all" | "prediction" | "label" | "chosen"} among
 * @property {boolean} follow
 * @property {Tab} tab
 * @property {{name: string, reason: string}[]} layers
 * @property {Shown | Record<string, never>} shown
 * @property {DataView} columns
 * @property {DataView} reference
 * @property {Evidence | Record<string, never>} evidence
 * @property {Judging | Record<string, never>} judging
 * @property {Record<string, Panel>} panels
 * @property {string} problem
 * @property {DataView} picture
 * @property {number} height
 */

const NO_KERNEL = "Another region needs a running kernel";
const EMPTY = "No image yet: click an image in a linked view, and its region is shown here.";
const CAPTIONS = ["name", "label", "prediction", "confidence", "correct"];
const SELECT_MS = 150;

/**
 * @param {HTMLElement} root
 * @param {object} context
 * @param {Catalog} context.catalog
 * @param {Selection} context.selection
 * @param {Settings} context.settings
 * @param {(change: Partial<Settings>) => void} context.write
 * @param {(message: Record<string, unknown>) => void} context.send
 * @param {AbortSignal} context.signal
 */
export function createRegionView(root, { catalog, selection, settings, write, send, signal }) {
  /** @type {Shown | null} */
  let shown = null;
  /** @type {Mode[]} */
  let modes = [];
  let members = /** @type {Uint32Array} */ (new Uint32Array(0));
  /** @type {Record<string, Column>} */
  let captions = {};
  /** @type {UnitTable | null} */
  let table = null;
  /** The region that was there when the view was drawn: its members are not selected unasked. */
  let known = serialOf(settings);
  let ours = false;
  /** @type {Promise<void> | null} */
  let captionsThere = null;

  const said = h("div", { class: "nbi-hidden", role: "status" });
  const say = (/** @type {string} */ text) => announce(said, text);
  const controls = createControls({ write });
  const problem = h("div", { class: "nbi-warn nbi-region-problem", role: "alert", hidden: true });
  const anchor = createAnchor({ catalog, signal });
  const evidence = createEvidence({
    onStop: () => send({ kind: "stop", name: "verdict" }),
    onAgain: () => send({ kind: "judge" }),
  });
  const about = h("div", { class: "nbi-region-about" });
  const nameOf = (/** @type {number} */ i) => (captions.name && textOf(captions.name, i)) || `image ${i}`;
  const pictures = createPictures({ catalog, selection, nameOf, signal });
  const rule = createRule({ pictures, selection, onEdit, onPoint: (literal) => frame(literal) });
  const grid = createMembers({ catalog, selection, onOpen: (anchor) => write({ anchor }), signal });
  const tabs = createTabs({
    members: grid.element,
    pictures,
    selection,
    onTab: (tab) => write({ tab }),
    onSelect() {
      selectMembers();
      say(`${members.length.toLocaleString("en-US")} image${members.length === 1 ? "" : "s"} selected`);
    },
    say,
    setAnchor: (image) => write({ anchor: image }),
    setLayer: (layer) => write({ layer }),
    stop: (name) => send({ kind: "stop", name }),
    compute: (name) => send({ kind: "panel", name }),
  });
  const left = h(
    "section",
    { class: "nbi-region-left", "aria-label": "Anchor and verdict" },
    anchor.element,
    evidence.element,
    about,
  );
  const main = h("div", { class: "nbi-region-main" }, left, rule.element, tabs.element);
  const empty = h("div", { class: "nbi-region-empty" }, EMPTY);
  root.append(controls.element, problem, main, empty, said);
  undoKeys(root, selection, signal);

  const reason = () => (catalog.hasKernel ? "" : NO_KERNEL);
  const select = debounce(selectMembers, SELECT_MS);
  signal.addEventListener("abort", select.cancel, { once: true });

  function selectMembers() {
    ours = true;
    selection.set(members);
    ours = false;
  }

  /** @param {Mode[]} next */
  function onEdit(next) {
    modes = next;
    showMembers();
    frame(null);
    if (settings.follow) select();
  }

  /** @param {Literal | null} pointed */
  function frame(pointed) {
    if (shown) anchor.frame(shown, modes, pointed);
  }

  /** The members of the rule as it stands, from the states that came with the region. */
  function showMembers() {
    if (!shown) return;
    members = membersOf({
      columns: bytes(settings.columns),
      reference: bytes(settings.reference),
      n: catalog.nItems,
      literals: shown.literals,
      modes,
      tolerance: settings.tolerance,
    });
    grid.show(members, shown.anchor, captions, "No image follows this rule: loosen a literal by clicking it.");
    const purities = { label: purityOf(captions.label, members), prediction: purityOf(captions.prediction, members) };
    tabs.showMembers({
      count: countWords(members.length, shown.n_reference),
      n: members.length,
      purity: purityWords(purities),
      edited: editWords(modes),
    });
    showEvidence();
  }

  function showEvidence() {
    const current = settings.evidence.serial === shown?.serial ? /** @type {Evidence} */ (settings.evidence) : null;
    const waiting = waitingWords(settings.judging, shown?.serial ?? 0, catalog.hasKernel);
    evidence.show(current, { waiting, edited: editWords(modes) !== "" || settings.tolerance !== shown?.tolerance });
  }

  /** Another region has come, or the first. */
  function showRegion() {
    const before = shown;
    shown = settings.shown.serial === undefined ? null : /** @type {Shown} */ (settings.shown);
    main.hidden = shown === null;
    empty.hidden = shown !== null;
    if (!shown) return;
    const same = before && sameRule(before, shown);
    if (!same) modes = shown.literals.map(() => "required");
    anchor.show(shown, asDataView(settings.picture), captions);
    if (!same || before?.serial === shown.serial) rule.show(shown, modes, table?.layer === shown.layer ? table : null);
    const { thresholded, among_words, k, notes } = shown;
    about.replaceChildren(
      ...[`Among ${among_words}, k = ${k}.`, `States: ${thresholded}.`, ...notes.map(sentence)].map((text) =>
        h("p", {}, text),
      ),
    );
    showMembers();
    frame(null);
    if (table?.layer !== shown.layer) loadUnits(shown.layer);
    if (shown.serial === known) return;
    known = shown.serial;
    say(`Region of ${shown.name}`);
    if (settings.follow) select();
  }

  /** @param {string} layer */
  async function loadUnits(layer) {
    const found = await catalog.units(layer).catch(() => null);
    if (signal.aborted || layer !== shown?.layer || !found) return;
    table = found;
    rule.show(shown, modes, table);
  }

  async function loadCaptions() {
    const names = CAPTIONS.filter((name) => catalog.columns.some((column) => column.name === name));
    const found = await Promise.all(names.map((name) => catalog.column(name).catch(() => null)));
    captions = Object.fromEntries(names.flatMap((name, at) => (found[at] ? [[name, found[at]]] : [])));
  }

  /** What the controls ask for and the region shown differ: the kernel is at work. */
  function showState() {
    const keys = /** @type {const} */ (["layer", "k", "t", "among", "anchor"]);
    const waiting = catalog.hasKernel && shown !== null && keys.some((key) => settings[key] !== settings.shown[key]);
    main.classList.toggle("nbi-waiting", waiting && settings.problem === "");
    main.setAttribute("aria-busy", String(waiting && settings.problem === ""));
    problem.hidden = settings.problem === "";
    put(problem, settings.problem);
    controls.show(settings, { reason: reason(), nLiterals: shown?.literals.length ?? settings.t });
  }

  function showTabs() {
    if (!shown) return;
    const why = shown.reasons[settings.tab] ?? "";
    const panel = settings.panels[settings.tab];
    tabs.show(settings.tab, { panel, reasons: shown.reasons, reason: reason() });
    if (settings.tab === "members" || why || panel || !catalog.hasKernel) return;
    send({ kind: "panel", name: settings.tab });
  }

  selection.on(
    "change",
    ({ indices, transient }) => {
      if (ours || transient || !settings.follow || !catalog.hasKernel || indices.length !== 1) return;
      write({ anchor: indices[0] });
    },
    signal,
  );
  selection.on("unit", () => rule.markUnit(), signal);

  return {
    /** Show other settings. @param {Partial<Settings>} change */
    async apply(change) {
      captionsThere ??= loadCaptions();
      await captionsThere; // changes are applied in the order in which they came
      settings = { ...settings, ...change };
      if ("height" in change) root.style.setProperty("--nbi-height", `${settings.height}px`);
      if ("shown" in change) showRegion();
      else if ("tolerance" in change) onTolerance();
      else if ("evidence" in change || "judging" in change) showEvidence();
      showState();
      if (["shown", "tab", "panels"].some((key) => key in change)) showTabs();
    },
  };

  function onTolerance() {
    showMembers();
    if (settings.follow && shown) select();
  }
}

/** @param {Settings} settings */
function serialOf(settings) {
  return settings.shown.serial ?? 0;
}

/** Whether two regions have the same rule, so that what was edited stays. @param {Shown} a @param {Shown} b */
function sameRule(a, b) {
  return a.anchor === b.anchor && a.layer === b.layer && JSON.stringify(a.literals) === JSON.stringify(b.literals);
}

/** @param {unknown} value of a trait @returns {Uint8Array} */
function bytes(value) {
  const view = asDataView(value);
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

/** @param {string} text */
function sentence(text) {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
