/**
 * Shows widgets in a page without notebook, kernel or network: what anywidget's front end does, as far as ours need it.
 *
 * `nbinterp.mount({ models, root, baked, el })` with
 *   models  id → { state, esm, css }: the traits of a widget, its module and its style sheet as text. Bytes may stand
 *           in the state as {"$bytes": "<base64>"}; references to other widgets as "anywidget:<id>".
 *   root    id of the widget to show
 *   baked   JSON of a request's key → { meta, data }: the kernel's answers, data as bytes or base64
 *   el      where to show it
 * resolves to { models, destroy } when the root is drawn. Problems are shown in `el`.
 */
import { PageModel } from "./model.js";

/** @import { Baked } from "./model.js" */

/** @typedef {{ state: Record<string, any>, esm: string, css?: string }} Description */
/** @typedef {{ model: PageModel, widget: any, exports: any }} Live */

const PREFIX = "anywidget:";

/**
 * @param {object} page
 * @param {Record<string, Description>} page.models
 * @param {string} page.root
 * @param {Baked} [page.baked]
 * @param {HTMLElement} page.el
 */
export async function mount({ models: descriptions, root, baked = {}, el }) {
  const life = new AbortController();
  const load = loader(descriptions, baked, life.signal);
  const host = createHost(load, life.signal);
  try {
    const { render } = await host.getWidget(PREFIX + root);
    await render({ el });
  } catch (problem) {
    el.textContent = `This page could not be shown: ${problem instanceof Error ? problem.message : problem}`;
    console.error("[nbinterp]", problem);
  }
  return { model: async (/** @type {string} */ id) => (await load(id)).model, destroy: () => life.abort() };
}

/**
 * @param {Record<string, Description>} descriptions
 * @param {Baked} baked
 * @param {AbortSignal} signal
 * @returns {(id: string) => Promise<Live>} each widget is loaded once
 */
function loader(descriptions, baked, signal) {
  /** @type {Map<string, Promise<Live>>} */
  const live = new Map();
  const start = async (/** @type {string} */ id) => {
    const description = descriptions[id];
    if (!description) throw new Error(`the page has no widget ${id}`);
    const model = new PageModel(description.state, baked);
    if (description.css) addStyle(description.css);
    const module = (await importText(description.esm)).default;
    const widget = typeof module === "function" ? await module() : module;
    const exports = await widget.initialize?.({ model, signal });
    return { model, widget, exports: typeof exports === "object" ? exports : undefined };
  };
  return (id) => {
    const known = live.get(id) ?? start(id);
    live.set(id, known);
    return known;
  };
}

/** @param {(id: string) => Promise<Live>} load @param {AbortSignal} signal */
function createHost(load, signal) {
  const host = {
    getModel: async (/** @type {string} */ ref) => (await load(idOf(ref))).model,
    async getWidget(/** @type {string} */ ref) {
      const { model, widget, exports } = await load(idOf(ref));
      /** @param {{ el: HTMLElement, signal?: AbortSignal }} place */
      const render = async ({ el, signal: outer = signal }) => {
        const cleanup = await widget.render?.({ model, el, signal: outer, host });
        if (typeof cleanup === "function") outer.addEventListener("abort", () => cleanup(), { once: true });
      };
      return { exports, render };
    },
  };
  return host;
}

/** @param {unknown} ref */
function idOf(ref) {
  if (typeof ref === "string" && ref.startsWith(PREFIX)) return ref.slice(PREFIX.length);
  throw new Error(`not a reference to a widget: ${JSON.stringify(ref)}`);
}

/** @param {string} text */
async function importText(text) {
  const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  try {
    return await import(url);
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** @type {Set<string>} */
const styles = new Set();

/** @param {string} css */
function addStyle(css) {
  if (styles.has(css)) return;
  styles.add(css);
  const style = document.createElement("style");
  style.textContent = css;
  document.head.append(style);
}
