/** Small helpers around the DOM. Text from data goes in as text, never as markup. */

import { showHintsOnFocus } from "./focus_hint.js";
import { isDark } from "./theme.js";

/** @import { Catalog, Host, Model, Selection } from "./types.js" */

/**
 * Make an element: `h("button", { class: "nbi-button", title: "…", onclick: fn }, "text", child)`.
 * Properties that are functions become listeners ("onclick" → "click"), `true` an empty attribute; false, null and
 * undefined are left out; everything else is an attribute.
 *
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, any>} [props]
 * @param {...(Node | string | null)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === "function") node.addEventListener(name.replace(/^on/, ""), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.filter((child) => child !== null));
  return node;
}

/**
 * Write a text, but not one that stands there already: a live region would say it again.
 *
 * @param {Element} element
 * @param {string} text
 */
export function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Tell an event in a live region: what happened before and happens again is told again.
 *
 * @param {Element} element
 * @param {string} text
 */
export function announce(element, text) {
  element.textContent = "";
  setTimeout(() => {
    element.textContent = text;
  });
}

/**
 * Whether the keyboard's focus is in the view of an element, or in one around it: of what all views of a page see, only
 * the one a person is in tells.
 *
 * @param {Element} element
 */
export function isAttended(element) {
  return element.closest(".nbi:focus-within") !== null;
}

/**
 * The root of a view: class "nbi", outside the notebook's keyboard shortcuts; keys pressed inside stay inside, what
 * tooltips tell is shown to those who come by keyboard too, and a button that is `aria-disabled` hears no click.
 *
 * @param {HTMLElement} el the element the host gives
 * @param {string} name class of this view
 * @param {Record<string, any>} [props] e.g. role, aria-label
 * @returns {HTMLDivElement}
 */
export function viewRoot(el, name, props = {}) {
  const root = h("div", { class: `nbi ${name}`, "data-lm-suppress-shortcuts": "true", ...props });
  root.addEventListener("keydown", (event) => event.stopPropagation());
  const ignoreOff = (/** @type {Event} */ event) => {
    if (!(event.target instanceof Element && event.target.closest("button[aria-disabled=true]"))) return;
    event.preventDefault();
    event.stopPropagation();
  };
  root.addEventListener("click", ignoreOff, { capture: true });
  showHintsOnFocus(root);
  el.replaceChildren(root);
  return root;
}

/**
 * Show a message instead of the view.
 *
 * @param {HTMLElement} el
 * @param {unknown} problem
 */
export function showProblem(el, problem) {
  const text = problem instanceof Error ? problem.message : String(problem);
  const root = h("div", { class: "nbi nbi-problem", role: "alert" }, text);
  el.replaceChildren(root);
  root.classList.add(isDark(root) ? "nbi-dark" : "nbi-light");
}

/**
 * Hide the static picture of a view, and the notebook's output area around it, for as long as the view lives. A style
 * rule does it: the picture may come after the view, and is drawn anew when Python renews it.
 *
 * @param {string} id trait `snapshot_id`; "" = no picture
 * @param {AbortSignal} signal ends the view
 */
export function hideSnapshot(id, signal) {
  if (!id || signal.aborted) return;
  const picture = `.nbinterp-snapshot-${CSS.escape(id)}`;
  const areas = [".jp-OutputArea-child", ".output_area"].map((area) => `${area}:has(> * > ${picture}, > ${picture})`);
  const rule = h("style", {}, `${[picture, ...areas].join(", ")} { display: none !important; }`);
  document.head.append(rule);
  signal.addEventListener("abort", () => rule.remove(), { once: true });
}

const NO_HOST =
  "This front end does not support linked widgets: it needs anywidget 0.11 or newer. " +
  "Upgrade anywidget where the notebook server runs, then reload the page.";

/**
 * What a linked widget exports; errors say which widget and what to do.
 *
 * @param {Model} model
 * @param {Host | undefined} host
 * @param {string} trait name of the trait that holds the reference
 * @returns {Promise<any>}
 */
export async function linked(model, host, trait) {
  if (!host) throw new Error(NO_HOST);
  const widget = await host.getWidget(model.get(trait)).catch((/** @type {unknown} */ error) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`The widget's ${trait} could not be reached (${reason}). Run the cell again.`);
  });
  if (!widget.exports)
    throw new Error(`The widget's ${trait} is of another version. Restart the kernel, reload the page.`);
  return widget.exports;
}

const ORPHAN =
  "This view was saved without its kernel; the picture shows it as it was. Run the cell again to explore it.";

/**
 * Whether a notebook brought the model back from its saved state: no kernel knows it, and none will answer.
 *
 * @param {Model & { widget_manager?: any }} model
 * @returns {Promise<boolean>} false also where the front end does not tell
 */
async function isOrphan(model) {
  try {
    const known = await model.widget_manager.get_model(String(model.get("catalog")).replace(/^anywidget:/, ""));
    return known.comm_live === false;
  } catch {
    return false;
  }
}

/**
 * The catalog and the selection every visible view needs; the trait of the selection is `link` (in Python `selection`
 * is the array of what is selected).
 *
 * @param {Model} model
 * @param {Host | undefined} host
 * @returns {Promise<{ catalog: Catalog, selection: Selection }>}
 */
export async function connect(model, host) {
  if (await isOrphan(model)) throw new Error(ORPHAN);
  const [catalog, selection] = await Promise.all([linked(model, host, "catalog"), linked(model, host, "link")]);
  return { catalog, selection };
}
