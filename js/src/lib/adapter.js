/** The adapter of views that are made once and then told which traits changed, and what the kernel sent. */
import { lifetime, onChange, write } from "./bind.js";
import { connect, hideSnapshot, showProblem, viewRoot } from "./dom.js";
import { followTheme } from "./theme.js";
import { perFrame } from "./timing.js";

/** @import { Model, RenderProps } from "./types.js" */

/**
 * @typedef {object} ToldView
 * @property {(change: any) => unknown} apply traits that changed since the last call
 * @property {(message: any, buffers: DataView[]) => void} [receive] what the kernel sent; it is told when it may begin
 */

/**
 * The `render` of a view that is made by `create(root, context)` and told of `traits`.
 * @param {object} options
 * @param {string} options.className of the root element
 * @param {readonly string[]} options.traits
 * @param {(root: HTMLElement, context: any) => ToldView} options.create
 * @param {typeof perFrame} [options.together] when traits that change are told: by frame or by task
 */
export function adapter({ className, traits, create, together = perFrame }) {
  /** @param {RenderProps} props */
  return async function render({ model, el, host, signal: outer }) {
    const { signal, end } = lifetime(outer);
    try {
      const { catalog, selection } = await connect(model, host);
      if (signal.aborted) return end;
      const root = viewRoot(el, className);
      followTheme(root, signal);
      const settings = valuesOf(model, traits);
      const send = (/** @type {Record<string, unknown>} */ message) => model.send(message);
      const change = (/** @type {any} */ values) => write(model, values);
      const view = create(root, { catalog, selection, settings, write: change, send, signal });
      onChanges(model, traits, view.apply, signal, together);
      const { receive } = view;
      if (receive) {
        const hear = (/** @type {any} */ message, /** @type {DataView[]} */ buffers) => receive(message, buffers);
        model.on("msg:custom", hear);
        signal.addEventListener("abort", () => model.off("msg:custom", hear), { once: true });
      }
      await view.apply(settings);
      hideSnapshot(model.get("snapshot_id"), signal);
      if (receive) send({ kind: "ready" });
    } catch (error) {
      showProblem(el, error);
    }
    return end;
  };
}

/** @param {Model} model @param {readonly string[]} traits @returns {any} */
export function valuesOf(model, traits) {
  return Object.fromEntries(traits.map((key) => [key, model.get(key)]));
}

/**
 * Call `apply` with all traits that changed: those of one message belong together.
 * @param {Model} model @param {readonly string[]} traits @param {(change: any) => unknown} apply @param {AbortSignal} signal
 * @param {typeof perFrame} [together]
 */
export function onChanges(model, traits, apply, signal, together = perFrame) {
  /** @type {Record<string, unknown>} */
  let changed = {};
  const applyAll = together(() => {
    const all = changed;
    changed = {};
    apply(all);
  }, signal);
  for (const key of traits) {
    const note = (/** @type {unknown} */ value) => {
      changed[key] = value;
      applyAll();
    };
    onChange(model, key, note, signal);
  }
}
