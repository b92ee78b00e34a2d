/** What the mouse learns by hovering, for the keyboard: a bubble with the title of the focused control, and the keys. */

/** As long as browsers wait before they show a tooltip. */
const DELAY_MS = 500;
const GAP_PX = 6;

/**
 * Show, once the focus has rested on a control that was reached by keyboard, its title (or that of the field it is in)
 * and, where the focus has just come into something with an `aria-description`, that description: it says which keys
 * work there. The next key, a press of the mouse or scrolling takes the bubble away.
 *
 * @param {HTMLElement} root
 */
export function showHintsOnFocus(root) {
  const bubble = document.createElement("div");
  bubble.className = "nbi-hint";
  bubble.popover = "manual";
  bubble.ariaHidden = "true"; // titles and descriptions are told anyway
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let pressed = -Infinity; // when the mouse was, ms: text fields it focuses look as if a key had
  let shown = new AbortController();

  const hide = () => {
    clearTimeout(timer);
    shown.abort();
    bubble.remove();
  };
  const show = (/** @type {HTMLElement} */ target, /** @type {string} */ text) => {
    if (!target.isConnected) return;
    bubble.textContent = text;
    root.append(bubble);
    bubble.showPopover();
    place(bubble, target);
    shown = new AbortController();
    window.addEventListener("scroll", hide, { capture: true, passive: true, signal: shown.signal });
  };
  const press = (/** @type {Event} */ event) => {
    pressed = event.timeStamp;
    hide();
  };
  root.addEventListener("focusin", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    hide();
    if (target.closest(".nbi") !== root) return; // a view inside this one shows its own
    if (event.timeStamp - pressed < DELAY_MS || !target.matches(":focus-visible")) return;
    const text = hintOf(target, event.relatedTarget, root);
    if (text) timer = setTimeout(() => show(target, text), DELAY_MS);
  });
  for (const type of ["pointerdown", "pointerup"]) root.addEventListener(type, press, { capture: true });
  root.addEventListener("focusout", hide);
  root.addEventListener("keydown", hide, { capture: true });
}

/** @param {HTMLElement} target @param {EventTarget | null} from where the focus was @param {HTMLElement} root */
function hintOf(target, from, root) {
  const titled = /** @type {HTMLElement | null} */ (target.closest("[title]:not([title=''])"));
  const keyed = target.closest("[aria-description]");
  const ours = titled && root.contains(titled) && titled.title !== target.textContent?.trim();
  const title = ours ? titled.title : target.dataset.title; // plotly's buttons have theirs there
  const entered = keyed && root.contains(keyed) && !(from instanceof Node && keyed.contains(from));
  return [title, entered ? keyed.getAttribute("aria-description") : ""].filter(Boolean).join("\n");
}

/** Below what it is about, or above where there is no room; never beyond the window's edge. @param {HTMLElement} bubble @param {HTMLElement} target */
function place(bubble, target) {
  const at = target.getBoundingClientRect();
  const { width, height } = bubble.getBoundingClientRect();
  const above = at.top - GAP_PX - height;
  const below = at.bottom + GAP_PX;
  const top = below + height <= window.innerHeight || above < 0 ? below : above;
  bubble.style.left = `${Math.max(4, Math.min(at.left, window.innerWidth - width - 4))}px`;
  bubble.style.top = `${Math.max(4, Math.min(top, window.innerHeight - height - 4))}px`;
}
