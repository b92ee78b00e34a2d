/** The adapter of views whose content comes bit by bit: their traits change together, frames arrive as messages. */
import { lifetime, onChange, write } from "./bind.js";
import { connect, hideSnapshot, showProblem, viewRoot } from "./dom.js";
import { followTheme } from "./theme.js";
import { perFrame } from "./timing.js";

/** @import { RenderProps } from "./types.js" */

/**
 * @template {string} K
 * @typedef {object} FormingView
 * @property {(change: any) => unknown} apply traits that changed since the last call
 * @property {(message: any, buffers: DataView[]) => void} receive what the kernel sent
 */

/**
 * The `render` of a view that is made by `create(root, context)` and told of `traits`.
 * @template {string} K
 * @param {object} options
 * @param {string} options.className of the root element
 * @param {readonly K[]} options.traits
 * @param {(root: HTMLElement, context: any) => FormingView<K>} options.create
 */
export function formingView({ className, traits, create }) {
  /** @param {RenderProps} props */
  return async function render({ model, el, host, signal: outer }) {
    const { signal, end } = lifetime(outer);
    try {
      const { catalog, selection } = await connect(model, host);
      if (signal.aborted) return end;
      const root = viewRoot(el, className);
      followTheme(root, signal);
      const settings = Object.fromEntries(traits.map((key) => [key, model.get(key)]));
      const send = (/** @type {Record<string, unknown>} */ message) => model.send(message);
      const change = (/** @type {any} */ values) => write(model, values);
      const view = create(root, { catalog, selection, settings, write: change, send, signal });

      // Traits of one message belong together: a sheet and how its tiles lie.
      /** @type {Record<string, unknown>} */
      let changed = {};
      const applyAll = perFrame(() => {
        const all = changed;
        changed = {};
        view.apply(all);
      }, signal);
      for (const key of traits) {
        const note = (/** @type {unknown} */ value) => {
          changed[key] = value;
          applyAll();
        };
        onChange(model, key, note, signal);
      }
      const receive = (/** @type {any} */ message, /** @type {DataView[]} */ buffers) => view.receive(message, buffers);
      model.on("msg:custom", receive);
      signal.addEventListener("abort", () => model.off("msg:custom", receive), { once: true });
      await view.apply(settings);
      hideSnapshot(model.get("snapshot_id"), signal);
      send({ kind: "ready" });
    } catch (error) {
      showProblem(el, error);
    }
    return end;
  };
}
