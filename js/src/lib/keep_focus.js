/** The keyboard's focus while a part of the view is drawn anew. */

const FOCUSABLE = "button, input, select, textarea, a[href], [tabindex]";

/**
 * Change a part of a view. If that removes, hides or disables what had the focus, the focus goes to the control that now
 * has its name, else to the one at its place, else to the part itself: it is never lost to the page.
 *
 * @param {HTMLElement} part
 * @param {() => void} change
 */
export function keepFocus(part, change) {
  const { activeElement } = /** @type {Document | ShadowRoot} */ (part.getRootNode());
  const focused = /** @type {HTMLElement | null} */ (activeElement);
  if (!focused || !part.contains(focused)) return change();
  const before = controlsOf(part);
  const name = nameOf(focused);
  const rank = before.filter((control) => nameOf(control) === name).indexOf(focused);
  change();
  if (focused.isConnected && usable(focused)) return focused.focus({ preventScroll: true });
  const after = controlsOf(part);
  const same = after.filter((control) => nameOf(control) === name);
  const next = same[Math.min(rank, same.length - 1)] ?? after[Math.min(before.indexOf(focused), after.length - 1)];
  if (!next) part.tabIndex = -1;
  (next ?? part).focus({ preventScroll: true });
}

/** @param {Element} element whether it can have the focus and is seen */
function usable(element) {
  return !element.matches(":disabled") && element.checkVisibility({ visibilityProperty: true });
}

/** @param {HTMLElement} part @returns {HTMLElement[]} */
function controlsOf(part) {
  return /** @type {HTMLElement[]} */ ([...part.querySelectorAll(FOCUSABLE)].filter(usable));
}

/** @param {HTMLElement} control */
function nameOf(control) {
  return control.getAttribute("aria-label") ?? control.textContent ?? "";
}
