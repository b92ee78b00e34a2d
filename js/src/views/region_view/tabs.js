/** Members and panels, on tabs. */
import { h, put } from "../../lib/dom.js";
import { keepFocus } from "../../lib/keep_focus.js";
import { panelContent, runningWords } from "./panels.js";

/** @import { Selection } from "../../lib/types.js" */
/** @import { Panel } from "./panels.js" */
/** @import { createPictures } from "./pictures.js" */

/** @typedef {"members" | "layers" | "neighbours" | "mistake" | "subclasses"} Tab */

const TABS = /** @type {const} */ ([
  ["members", "Members"],
  ["layers", "Across layers"],
  ["neighbours", "Neighbours"],
  ["mistake", "Why wrong"],
  ["subclasses", "Subclasses"],
]);

const STATES = { running: "computing …", done: "computed", stopped: "stopped", failed: "failed" };

let counter = 0;

/**
 * @param {object} context
 * @param {HTMLElement} context.members the grid
 * @param {ReturnType<typeof createPictures>} context.pictures
 * @param {Selection} context.selection
 * @param {(tab: Tab) => void} context.onTab
 * @param {() => void} context.onSelect select the members
 * @param {(text: string) => void} context.say tell a screen reader
 * @param {(image: number) => void} context.setAnchor
 * @param {(layer: string) => void} context.setLayer
 * @param {(name: string) => void} context.stop
 * @param {(name: string) => void} context.compute
 */
export function createTabs(context) {
  const { members, onTab, onSelect, say } = context;
  const id = `nbi-region-${++counter}`;
  const buttons = TABS.map(([tab, words]) =>
    h(
      "button",
      {
        type: "button",
        class: "nbi-tab",
        role: "tab",
        id: `${id}-${tab}`,
        "aria-controls": `${id}-panel`,
        onclick: () => onTab(tab),
      },
      words,
    ),
  );
  const list = h("div", { class: "nbi-tabs", role: "tablist", "aria-label": "What to show of the region" }, ...buttons);
  const count = h("strong", { class: "nbi-members-count", role: "status" });
  const purity = h("span", { class: "nbi-members-purity" });
  const select = h("button", { type: "button", class: "nbi-button", onclick: onSelect }, "Select members");
  select.title = "Select the members in every linked view";
  const membersView = h(
    "div",
    { class: "nbi-members-view" },
    h("div", { class: "nbi-bar" }, count, purity, select),
    members,
  );
  const content = h("div", { class: "nbi-panel" });
  const panel = h("div", { class: "nbi-tab-panel", role: "tabpanel", id: `${id}-panel` }, membersView, content);
  const element = h("section", { class: "nbi-region-right", "aria-label": "Members and more" }, list, panel);
  let drawn = "";
  let told = "";
  let live = new AbortController(); // ends with the panel's content

  // Tabs that make no sense here can be reached too: their tooltip says why.
  list.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(/** @type {HTMLButtonElement} */ (event.target));
    const last = buttons.length - 1;
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: last }[event.key];
    if (to === undefined || at < 0) return;
    const next = buttons[to > last ? 0 : to < 0 ? last : to];
    next.focus();
    next.click();
    event.preventDefault();
  });

  return {
    element,
    /** @param {{count: string, n: number, purity: string, edited: string}} facts */
    showMembers({ count: words, n, purity: found, edited }) {
      put(count, words);
      purity.textContent = `${edited ? "follow the edited rule" : "follow the rule"}${found ? `: ${found}` : ""}`;
      purity.title = purity.textContent;
      select.disabled = n === 0;
    },
    /**
     * @param {Tab} tab
     * @param {{panel: Panel | undefined, reasons: Record<string, string>, reason: string}} what
     */
    show(tab, { panel: found, reasons, reason }) {
      TABS.forEach(([name], at) => {
        const button = buttons[at];
        const chosen = name === tab;
        button.setAttribute("aria-selected", String(chosen));
        button.tabIndex = chosen ? 0 : -1;
        const why = reasons[name] ?? "";
        button.setAttribute("aria-disabled", String(why !== "" && !chosen));
        button.title = why ? `Not here: ${why}` : "";
      });
      panel.setAttribute("aria-labelledby", `${id}-${tab}`);
      membersView.hidden = tab !== "members";
      content.hidden = tab === "members";
      if (tab === "members") return;
      const running = content.querySelector(".nbi-panel-running");
      const state = drawnState(tab, found, [reasons[tab] ?? "", reason]);
      if (found && running && state === drawn) put(running, runningWords(found)); // its button stays
      if (state === drawn) return;
      drawn = state;
      live.abort();
      live = new AbortController();
      const how = { ...context, reason, signal: live.signal };
      keepFocus(content, () => content.replaceChildren(...panelContent(tab, found, how, reasons[tab] ?? "")));
      const news = found ? JSON.stringify([tab, found.key, found.state]) : "";
      if (found && news !== told) say(`${TABS.find(([name]) => name === tab)?.[1]}: ${STATES[found.state]}`);
      told = news;
    },
  };
}

/** What makes it necessary to draw a panel anew: of one that is being computed not how far it is. @param {Tab} tab @param {Panel | undefined} panel @param {string[]} reasons */
function drawnState(tab, panel, reasons) {
  return JSON.stringify([tab, panel?.state === "running" ? { ...panel, text: "" } : panel, ...reasons]);
}
