/** The ablation panel on the page: joins sliders, effect and pictures. Knows nothing of Jupyter. */
import { h } from "../../lib/dom.js";
import { createPictures } from "../region_view/pictures.js";
import { undoKeys } from "../selection_bar/view.js";
import { createClasses } from "./classes.js";
import { createControls } from "./controls.js";
import { asItIs, editWords, isNeutral, sameEdit, scaleOf, switchedOff, withScale, without, withUnits } from "./edit.js";
import { createFlips } from "./flips.js";
import { createRanking, topUnits } from "./ranking.js";
import { createRows } from "./rows.js";
import { createSets } from "./sets.js";
import { isComplete, readFlips } from "./state.js";

/** @import { Catalog, Selection } from "../../lib/types.js" */
/** @import { Edit } from "./edit.js" */
/** @import { Ranking } from "./ranking.js" */
/** @import { Steps } from "./steps.js" */
/** @import { About, Concept, Effect } from "./state.js" */

/**
 * What the panel shows; the names are those of the widget's traits.
 * @typedef {object} Settings
 * @property {About} about
 * @property {Concept[]} concepts
 * @property {Effect | Record<string, never>} shown
 * @property {DataView} flips
 * @property {Ranking} ranking
 * @property {DataView} ranked
 * @property {DataView} drops
 * @property {"change" | "class"} order
 * @property {number} of_class −1: all classes together
 * @property {number} top
 * @property {boolean} follow
 * @property {string} problem
 * @property {number} height
 */

const NO_KERNEL = "Moving a slider needs a running kernel";
const NAMES = "name";

/**
 * @param {HTMLElement} root
 * @param {object} context
 * @param {Catalog} context.catalog
 * @param {Selection} context.selection
 * @param {Settings} context.settings
 * @param {Steps} context.steps
 * @param {(change: Partial<Settings>) => void} context.write
 * @param {(message: Record<string, unknown>) => void} context.send
 * @param {AbortSignal} context.signal
 */
export function createAblationPanel(root, { catalog, selection, settings, steps, write, send, signal }) {
  /** A slider was being dragged when the edit was last told: nothing changes places meanwhile. */
  let dragged = false;
  /** The top units were asked for, and the ranking is not there yet. */
  let topWanted = false;
  /** @type {ArrayLike<any>} */
  let names = [];
  /** @type {Promise<unknown> | null} */
  let loading = null;

  const reason = () => (catalog.hasKernel ? "" : NO_KERNEL);
  const nameOf = (/** @type {number} */ i) => String(names[i] ?? `image ${i}`);
  const pictures = createPictures({ catalog, selection, nameOf, signal });
  const controls = createControls({
    onUndo: steps.undo,
    onRedo: steps.redo,
    onReset: () => change(asItIs(steps.current)),
    onClear: () => change({ ...steps.current, units: [], concept: "", concept_scale: 1 }),
    onValue: (value) => change({ ...steps.current, value }),
    onFollow: (follow) => write({ follow }),
  });
  const ranking = createRanking({
    onTop: (top) => write({ top }),
    onClass,
    onSwitchOff,
    onStop: () => send({ kind: "stop" }),
  });
  const sets = createSets({
    onConcept: (concept) => change({ ...steps.current, concept, concept_scale: 1 }),
    onScale: (concept_scale, transient) => change({ ...steps.current, concept_scale }, transient),
    onList: (units) => change(withUnits(steps.current, units)),
  });
  const rows = createRows({
    pictures,
    selection,
    onScale: (unit, scale, transient) => change(withScale(steps.current, [unit], scale), transient),
    onRemove: (unit) => change(without(steps.current, unit)),
    onAdd: (unit) => change(withUnits(steps.current, [unit])),
  });
  const classes = createClasses({ onOrder: (order) => write({ order }), onClass, signal });
  const flips = createFlips({ pictures, selection, onClass, signal });
  const problem = h("div", { class: "nbi-warn nbi-ablation-problem", role: "alert", hidden: true });
  const left = h(
    "section",
    { class: "nbi-ablation-units", "aria-label": "Units" },
    ranking.element,
    sets.element,
    rows.element,
  );
  const main = h("div", { class: "nbi-ablation-main" }, left, classes.element, flips.element);
  root.append(controls.element, problem, main);
  undoKeys(root, /** @type {any} */ (steps), signal);

  /** @param {Edit} edit @param {boolean} [transient] while a slider is dragged */
  function change(edit, transient = false) {
    if (reason() === "") steps.set(edit, transient, signal);
    else steps.end(signal);
  }

  steps.on(() => {
    showEdit();
    if (dragged && !steps.dragging) showEffect();
    dragged = steps.dragging;
  }, signal);
  signal.addEventListener("abort", () => steps.end(signal), { once: true });

  /** @param {number} of −1: all */
  function onClass(of) {
    write({ of_class: of });
  }

  function onSwitchOff() {
    const found = topUnits(settings, settings.of_class, settings.top);
    topWanted = found === null;
    if (found) change(switchedOff(steps.current, found));
    else send({ kind: "rank" });
  }

  function showEdit() {
    if (reason() !== "") steps.end(signal); // the slider that is switched off tells no more of its drag
    rows.show(steps.current, { about: settings.about, reason: reason(), drops: dropOf });
    sets.show(steps.current, { concepts: settings.concepts, reason: reason() });
    showControls();
    showState();
  }

  /** What the loss of a unit alone costs the class of the picker, null where it is not known. @param {number} unit */
  function dropOf(unit) {
    return ranking.drop(settings, unit);
  }

  function showControls() {
    controls.show(settings, {
      edit: steps.current,
      canUndo: steps.canUndo,
      canRedo: steps.canRedo,
      reason: reason(),
    });
  }

  /** Whether what is shown answers the sliders, or the kernel is still at it. */
  function showState() {
    const { shown: effect } = settings;
    const answered = effect.serial !== undefined && sameEdit(/** @type {Effect} */ (effect).edit, steps.current);
    const state = !answered ? "waiting" : isComplete(/** @type {Effect} */ (effect)) ? "complete" : "partial";
    root.dataset.state = state;
    main.setAttribute("aria-busy", String(state !== "complete" && settings.problem === "" && catalog.hasKernel));
    problem.hidden = settings.problem === "";
    problem.textContent = settings.problem;
  }

  function showEffect() {
    if (settings.shown.serial === undefined) return;
    const effect = /** @type {Effect} */ (settings.shown);
    const settled = !steps.dragging && isComplete(effect);
    const concept = settings.concepts.find(({ name }) => name === effect.edit.concept);
    const words = editWords(effect.edit, concept?.units.length ?? 0);
    classes.show(effect, { about: settings.about, order: settings.order, ofClass: settings.of_class, settled, words });
    flips.show(readFlips(settings.flips), {
      classes: settings.about.classes,
      ofClass: settings.of_class,
      neutral: isNeutral(effect.edit),
      labelled: settings.about.measure === "accuracy",
    });
    showState();
  }

  function showRanking() {
    ranking.show(settings, reason());
    rows.showDrops(dropOf);
    if (!topWanted || settings.ranking.state === "running") return;
    topWanted = false;
    const found = topUnits(settings, settings.of_class, settings.top);
    if (found) change(switchedOff(steps.current, found));
  }

  async function loadNames() {
    const column = catalog.columns.some(({ name }) => name === NAMES)
      ? await catalog.column(NAMES).catch(() => null)
      : null;
    names = column?.values ?? [];
  }

  async function loadUnits() {
    const table = await catalog.units(settings.about.layer).catch(() => null);
    if (table && !signal.aborted) rows.showExemplars(table);
  }

  /** Units chosen in another view get a slider; those that came so before and were not moved make room. @param {string} layer @param {number[]} units */
  function follow(layer, units) {
    if (!settings.follow || layer !== settings.about.layer || steps.dragging) return;
    const known = units.filter((unit) => unit < settings.about.n_units);
    if (known.every((unit) => scaleOf(steps.current, unit) !== undefined)) return;
    const { units: listed } = steps.current;
    const { guests } = steps;
    const kept = listed.filter(([unit, scale]) => scale !== 1 || !guests.has(unit) || known.includes(unit));
    steps.guests = new Set(known.filter((unit) => scaleOf(steps.current, unit) === undefined || guests.has(unit)));
    change(withUnits({ ...steps.current, units: kept }, known));
  }

  selection.on(
    "unit",
    (unit) => {
      rows.markUnit(unit);
      if (unit) follow(unit.layer, [unit.unit]);
    },
    signal,
  );
  selection.on("units", (chosen) => chosen && follow(chosen.layer, chosen.units), signal);

  return {
    /** Show other settings. @param {Partial<Settings>} next */
    async apply(next) {
      loading ??= loadNames();
      await loading; // changes are applied in the order in which they came
      settings = { ...settings, ...next };
      if ("height" in next) root.style.setProperty("--nbi-height", `${settings.height}px`);
      if ("about" in next) loadUnits();
      if (["about", "concepts", "follow"].some((key) => key in next)) showEdit();
      if (["ranking", "ranked", "drops", "of_class", "top", "about"].some((key) => key in next)) showRanking();
      if (["shown", "flips", "order", "of_class"].some((key) => key in next)) showEffect();
      showState();
    },
  };
}
