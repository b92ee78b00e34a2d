/** A button that opens a panel of controls above the page; Escape and a click elsewhere close it. */
import { h } from "./dom.js";
import sheet from "./popover.css" with { type: "text" };

/**
 * @param {object} options
 * @param {(Node | string)[]} options.face what the button shows
 * @param {string} options.label name of button and panel for screen readers and the tooltip
 * @param {(panel: HTMLElement) => void | Promise<void>} options.fill called at each opening; puts the controls into the panel
 * @param {AbortSignal} options.signal
 * @returns {{element: HTMLElement, button: HTMLButtonElement, close: () => void}}
 */
export function popover({ face, label, fill, signal }) {
  const panel = h("div", { class: "nbi-panel", popover: "auto", role: "dialog", "aria-label": label });
  const button = h(
    "button",
    {
      type: "button",
      class: "nbi-button",
      title: label,
      "aria-haspopup": "dialog",
      "aria-expanded": "false",
    },
    ...face,
  );
  button.popoverTargetElement = panel;
  const isOpen = () => panel.matches(":popover-open");
  const close = () => isOpen() && panel.hidePopover();
  /** @type {void | Promise<void>} */
  let filled;
  panel.addEventListener("beforetoggle", (event) => {
    if (/** @type {ToggleEvent} */ (event).newState === "open") filled = fill(panel);
  });
  panel.addEventListener("toggle", async () => {
    button.setAttribute("aria-expanded", String(isOpen()));
    if (!isOpen()) return;
    place(panel, button);
    const root = /** @type {Document | ShadowRoot} */ (panel.getRootNode());
    const focused = root.activeElement;
    await filled;
    if (!isOpen()) return;
    place(panel, button);
    if (root.activeElement !== focused) return; // the person has gone on meanwhile
    /** @type {HTMLElement | null} */ (panel.querySelector("input, button"))?.focus();
  });
  panel.addEventListener("focusout", ({ relatedTarget: to }) => {
    if (to instanceof Node && to !== button && !panel.contains(to)) close();
  });
  const onScroll = (/** @type {Event} */ event) => {
    if (!panel.contains(/** @type {Node} */ (event.target))) close();
  };
  window.addEventListener("scroll", onScroll, { capture: true, passive: true, signal });
  signal.addEventListener("abort", close, { once: true });
  return { element: h("span", { class: "nbi-popover" }, h("style", {}, sheet), button, panel), button, close };
}

/** Below the button, or above where there is more room; never beyond the window's edge. @param {HTMLElement} panel @param {HTMLElement} button */
function place(panel, button) {
  const at = button.getBoundingClientRect();
  const size = panel.getBoundingClientRect();
  const below = at.bottom + 4;
  const above = at.top - 4 - size.height;
  panel.style.left = `${Math.max(4, Math.min(at.left, window.innerWidth - size.width - 4))}px`;
  panel.style.top = `${below + size.height > window.innerHeight && above > 0 ? above : below}px`;
}
