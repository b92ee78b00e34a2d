/**
 * The hidden model all views of one study share: which items are selected, which unit, and the named selections.
 *
 * Views in the browser hear of a change at once; the kernel gets one message when it has been quiet for 120 ms.
 */
import { emitter, lifetime, onChange } from "../../lib/bind.js";
import { fromIndices, toIndices } from "../../lib/codec.js";
import { debounce } from "../../lib/timing.js";
import { equal, SelectionState } from "./state.js";

/** @import { InitializeProps, Model, Selection, SelectionChange, UnitRef, UnitSet } from "../../lib/types.js" */

const SYNC_MS = 120;

/** @param {InitializeProps} props @returns {Selection} */
function initialize({ model, signal: outer }) {
  const { signal } = lifetime(outer);
  const items = createItems(model, signal);
  const unit = createUnit(model, signal);
  const named = createNamed(model, signal, items.api);
  const channels = { change: items.changed, unit: unit.changed, units: unit.setChanged, named: named.changed };
  /** @type {Selection["on"]} */
  const on = (type, /** @type {(value: any) => void} */ fn, /** @type {AbortSignal | undefined} */ listening) =>
    channels[type].add(fn, listening);
  return Object.defineProperties(/** @type {any} */ ({}), {
    ...Object.getOwnPropertyDescriptors(items.api),
    ...Object.getOwnPropertyDescriptors(unit.api),
    ...Object.getOwnPropertyDescriptors(named.api),
    on: { value: on, enumerable: true },
  });
}

/** @param {Model} model @param {AbortSignal} signal */
function createItems(model, signal) {
  const state = new SelectionState(model.get("n_items"), toIndices(model.get("indices_bytes")));
  /** @type {ReturnType<typeof emitter<[SelectionChange]>>} */
  const changed = emitter();
  let sent = state.committed;
  const sync = debounce(() => {
    sent = state.committed;
    model.set("indices_bytes", fromIndices(sent));
    model.save_changes();
  }, SYNC_MS);
  const announce = (transient = false) => {
    changed.emit({ indices: state.current, transient });
    if (!transient) sync();
  };
  const receive = (/** @type {unknown} */ bytes) => {
    const incoming = toIndices(bytes);
    if (equal(incoming, sent)) return; // our own message, set here or echoed by the kernel
    sync.cancel();
    sent = incoming;
    if (state.set(incoming)) changed.emit({ indices: state.current, transient: false });
  };
  onChange(model, "indices_bytes", receive, signal);
  signal.addEventListener("abort", sync.cancel, { once: true });
  const api = {
    get: () => state.current,
    has: (/** @type {number} */ i) => state.mask[i] === 1,
    get size() {
      return state.current.length;
    },
    get mask() {
      return state.mask;
    },
    set(/** @type {ArrayLike<number>} */ indices, { transient = false } = {}) {
      if (state.set(indices, transient)) announce(transient);
    },
    clear: () => api.set([]),
    undo: () => state.undo() && announce(),
    redo: () => state.redo() && announce(),
    get canUndo() {
      return state.canUndo;
    },
    get canRedo() {
      return state.canRedo;
    },
  };
  return { api, changed };
}

/** @param {Model} model @param {AbortSignal} signal */
function createUnit(model, signal) {
  /** @type {ReturnType<typeof emitter<[UnitRef | null]>>} */
  const changed = emitter();
  /** @type {ReturnType<typeof emitter<[UnitSet | null]>>} */
  const setChanged = emitter();
  onChange(model, "unit", (unit) => changed.emit(unit ?? null), signal);
  onChange(model, "units", (units) => setChanged.emit(units ?? null), signal);
  const api = {
    /** @returns {UnitRef | null} */
    get unit() {
      return model.get("unit") ?? null;
    },
    setUnit(/** @type {UnitRef | null} */ unit) {
      const now = model.get("unit") ?? null;
      if (now?.layer === unit?.layer && now?.unit === unit?.unit) return;
      model.set("unit", unit ? { layer: unit.layer, unit: unit.unit } : null);
      model.save_changes();
    },
    /** @returns {UnitSet | null} */
    get units() {
      return model.get("units") ?? null;
    },
    setUnits(/** @type {UnitSet | null} */ units) {
      const now = model.get("units") ?? null;
      if (now?.layer === units?.layer && String(now?.units) === String(units?.units)) return;
      model.set("units", units ? { layer: units.layer, units: Array.from(units.units) } : null);
      if (units && units.units.length > 0) model.set("unit", { layer: units.layer, unit: units.units[0] });
      model.save_changes();
    },
  };
  return { api, changed, setChanged };
}

/**
 * @param {Model} model
 * @param {AbortSignal} signal
 * @param {{ get: () => Uint32Array, set: (indices: Uint32Array) => void }} items
 */
function createNamed(model, signal, items) {
  /** @type {ReturnType<typeof emitter<[string[]]>>} */
  const changed = emitter();
  const names = () => Object.keys(model.get("named_bytes") ?? {});
  const put = (/** @type {Record<string, unknown>} */ named) => {
    model.set("named_bytes", named);
    model.save_changes();
  };
  onChange(model, "named_bytes", () => changed.emit(names()), signal);
  const api = {
    names,
    save: (/** @type {string} */ name) => put({ ...model.get("named_bytes"), [name]: fromIndices(items.get()) }),
    recall(/** @type {string} */ name) {
      const bytes = model.get("named_bytes")?.[name];
      if (bytes !== undefined) items.set(toIndices(bytes));
    },
    remove(/** @type {string} */ name) {
      const { [name]: _removed, ...rest } = model.get("named_bytes") ?? {};
      put(rest);
    },
  };
  return { api, changed };
}

export default { initialize };
