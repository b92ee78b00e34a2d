/** How far the run is: one bar, its words, Stop and Resume. */
import { h, put } from "../../lib/dom.js";
import { setDisabled } from "../../lib/focus.js";
import sheet from "./run_bar.css" with { type: "text" };
import { fractionOf, progressText, secondsLeft } from "./state.js";

/** @import { Progress, RunState } from "./state.js" */

const MORE_STEPS = 64;

/** @param {{send: (message: Record<string, unknown>) => void, now?: () => number}} options `now`: in seconds */
export function createRunBar({ send, now = () => performance.now() / 1000 }) {
  const fill = h("span", { class: "nbi-fill" });
  const bar = h(
    "div",
    {
      class: "nbi-progress",
      role: "progressbar",
      "aria-label": "Progress of the run",
      "aria-valuemin": 0,
      "aria-valuemax": 100,
    },
    fill,
  );
  const words = h("span", { class: "nbi-status nbi-run-words" });
  const button = h("button", { type: "button", class: "nbi-button nbi-stop" });
  const said = h("span", { class: "nbi-hidden", role: "status" });
  const message = h("div", { class: "nbi-message", role: "status" });
  const alarm = h("div", { class: "nbi-message nbi-warn", role: "alert" });
  /** @type {{time: number, fraction: number} | null} when the run that is under way was first seen */
  let first = null;
  let state = /** @type {RunState} */ ("waiting");
  let asked = "";

  button.addEventListener("click", () => {
    asked = running() ? "Stopping …" : "Resuming …";
    setDisabled(button, true);
    words.textContent = asked;
    if (running()) send({ kind: "stop" });
    else send(state === "done" ? { kind: "resume", steps: MORE_STEPS } : { kind: "resume" });
  });

  const running = () => state === "running" || state === "waiting";

  return {
    element: h(
      "div",
      { class: "nbi-run-bar" },
      h("style", {}, sheet),
      h("div", { class: "nbi-bar" }, bar, words, button, said),
      message,
      alarm,
    ),
    /** Something happened: an answer to a click, or none that could be given. @param {string} text @param {boolean} [alert] */
    say(text, alert = false) {
      put(message, alert ? "" : text);
      put(alarm, alert ? text : "");
      if (!alert) return;
      asked = "";
      setDisabled(button, false);
    },
    /** @param {RunState} next @param {Progress} progress @param {string} why there is no way to stop or resume; "" = there is */
    show(next, progress, why) {
      const fraction = state === "done" ? 1 : fractionOf(progress);
      if (next !== state) {
        said.textContent = progressText(next, progress, null);
        asked = "";
        first = null;
        this.say(next === "failed" ? progress.text : "", next === "failed");
      } else if (next === "running" && !message.textContent && !alarm.textContent) this.say(progress.text);
      state = next;
      if (state === "running" && !first) first = { time: now(), fraction };
      const share = state === "done" ? 1 : fraction;
      fill.style.width = `${(100 * share).toFixed(1)}%`;
      bar.setAttribute("aria-valuenow", String(Math.round(100 * share)));
      bar.classList.toggle("nbi-resting", !running());
      words.textContent =
        asked || progressText(state, progress, state === "running" ? secondsLeft(first, now(), fraction) : null);
      button.textContent = running() ? "Stop" : state === "done" ? `${MORE_STEPS} more steps` : "Resume";
      const reason =
        why ||
        (!running() && !progress.can_resume ? "This result was loaded without its network: it cannot go on" : "");
      setDisabled(button, reason !== "" || asked !== "");
      button.title =
        reason || (running() ? "Stop at the next step and keep what is there" : "Go on where the run stopped");
    },
  };
}
