/** Light or dark, from the colours actually on the page rather than from what a front end says about itself. */

/**
 * Perceived brightness of an opaque CSS colour as getComputedStyle gives it.
 *
 * @param {string} color "rgb(…)" or "rgba(…)" or "color(srgb …)"
 * @returns {number | null} in [0, 1]; null if (nearly) transparent or not understood
 */
export function luminance(color) {
  const numbers = color.match(/[\d.]+(?:e-?\d+)?/g)?.map(Number) ?? [];
  if (numbers.length < 3 || (numbers[3] ?? 1) < 0.5) return null;
  const scale = color.startsWith("rgb") ? 255 : 1;
  const [r, g, b] = numbers.map((value) => value / scale);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** VS Code lays white behind every widget, in dark themes too; base.css takes it away behind our dark views. */
const VSCODE_WHITE = "cell-output-ipywidget-background";

/**
 * @param {Element} element
 * @returns {boolean} whether what lies behind the element is dark
 */
export function isDark(element) {
  for (let node = parentOf(element); node; node = parentOf(node)) {
    if (node.classList.contains(VSCODE_WHITE)) continue;
    const value = luminance(getComputedStyle(node).backgroundColor);
    if (value !== null) return value < 0.5;
  }
  const kind = document.body.dataset.vscodeThemeKind;
  if (kind) return kind === "vscode-dark" || kind === "vscode-high-contrast";
  const scheme = getComputedStyle(document.documentElement).colorScheme;
  return scheme === "dark" || (/dark/.test(scheme) && matchMedia("(prefers-color-scheme: dark)").matches);
}

/** @param {Element} element @returns {Element | null} */
function parentOf(element) {
  const root = element.getRootNode();
  return element.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
}

/**
 * Keep class nbi-dark or nbi-light on `root` as the page changes.
 *
 * @param {HTMLElement} root
 * @param {AbortSignal} signal
 * @param {(dark: boolean) => void} [onChange] also called once at the start
 */
export function followTheme(root, signal, onChange = () => {}) {
  /** @type {boolean | null} */
  let now = null;
  const update = () => {
    const dark = isDark(root);
    if (dark === now) return;
    now = dark;
    root.classList.toggle("nbi-dark", dark);
    root.classList.toggle("nbi-light", !dark);
    onChange(dark);
  };
  const later = () => requestAnimationFrame(() => !signal.aborted && update());
  const observer = new MutationObserver(later);
  const watched = {
    attributes: true,
    attributeFilter: ["class", "style", "data-jp-theme-light", "data-theme", "data-vscode-theme-kind"],
  };
  observer.observe(document.documentElement, watched);
  observer.observe(document.body, watched);
  // A style sheet that replaces the theme's arrives as a child of <head>.
  observer.observe(document.head, { childList: true });
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  scheme.addEventListener("change", later, { signal });
  signal.addEventListener("abort", () => observer.disconnect(), { once: true });
  update();
}

/**
 * @param {HTMLElement} root an element inside a view
 * @param {string} name custom property, e.g. "--nbi-text"
 * @returns {string}
 */
export function cssColor(root, name) {
  return getComputedStyle(root).getPropertyValue(name).trim();
}
