/** The keyboard's focus: composites that are one tab stop, and a focus that is not lost when its element goes. */

/**
 * Make one tab stop of the controls in a part: arrow keys, Home and End move among those that can be used.
 *
 * @param {HTMLElement} part e.g. a toolbar
 * @param {string} selector of its controls
 * @param {AbortSignal} signal
 */
export function roving(part, selector, signal) {
  /** @type {HTMLElement | null} */
  let current = null;
  const isHidden = (/** @type {HTMLElement} */ control) => part.contains(control.closest("[hidden]"));
  const usable = () =>
    /** @type {HTMLElement[]} */ ([...part.querySelectorAll(selector)]).filter(
      (control) => !control.matches(":disabled") && !isHidden(control),
    );
  const update = () => {
    const controls = usable();
    if (!current || !controls.includes(current)) current = controls[0] ?? null;
    for (const control of controls) control.tabIndex = control === current ? 0 : -1;
  };
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    const controls = usable();
    const at = controls.indexOf(/** @type {HTMLElement} */ (event.target));
    if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const last = controls.length - 1;
    const [next, before] = [at === last ? 0 : at + 1, at === 0 ? last : at - 1];
    /** @type {Record<string, number>} */
    const to = { ArrowRight: next, ArrowDown: next, ArrowLeft: before, ArrowUp: before, Home: 0, End: last };
    if (!(event.key in to)) return;
    event.preventDefault();
    controls[to[event.key]].focus();
  };
  const onFocus = (/** @type {FocusEvent} */ event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (!usable().includes(target)) return;
    current = target;
    update();
  };
  part.addEventListener("keydown", onKey, { signal });
  part.addEventListener("focusin", onFocus, { signal });
  const watch = new MutationObserver(update);
  watch.observe(part, { subtree: true, childList: true, attributes: true, attributeFilter: ["disabled", "hidden"] });
  signal.addEventListener("abort", () => watch.disconnect(), { once: true });
  update();
}

/**
 * Switch a button off or on. One that has the focus keeps it, as `aria-disabled`, until the focus leaves: a browser
 * takes the focus from what is disabled and gives it to nothing. `viewRoot` keeps clicks from such a button.
 *
 * @param {HTMLButtonElement} button
 * @param {boolean} off
 */
export function setDisabled(button, off) {
  const waits = off && button.matches(":focus");
  button.disabled = off && !waits;
  if (!waits) return button.removeAttribute("aria-disabled");
  if (button.ariaDisabled === "true") return;
  button.ariaDisabled = "true";
  button.addEventListener("blur", () => button.ariaDisabled === "true" && setDisabled(button, true), { once: true });
}

/**
 * Hide an element or show it; a focus that is in it goes to `instead` when it is hidden.
 *
 * @param {HTMLElement} element
 * @param {boolean} hidden
 * @param {HTMLElement} instead
 */
export function setHidden(element, hidden, instead) {
  const focused = hidden && !element.hidden && element.matches(":focus, :focus-within");
  element.hidden = hidden;
  if (focused) instead.focus();
}
