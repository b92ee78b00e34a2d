"""What the controls of an exported page ask of a kernel that is not there."""

from __future__ import annotations

IN_BROWSER = ("tolerance", "concept")  # Python watches these traits too, and the page follows them by itself

# Operates every control that is not disabled, and returns those that asked a kernel for something in vain, without a
# new word about it. `models`: id -> names of the traits that Python answers.
SILENT = """async ([root, models]) => {
    const asked = [];
    for (const [id, answered] of Object.entries(models)) {
        const model = await window.mounted.model(id);
        const send = model.send.bind(model);
        model.send = (message) => {
            const baked = message.kind === "request" && !message.indices
                && JSON.stringify(message.key) in model.baked;
            if (!baked) asked.push(JSON.stringify(message).slice(0, 100));
            return send(message);
        };
        for (const name of answered) model.on(`change:${name}`, () => asked.push(`trait ${name}`));
    }
    const kernel = /running kernel|no kernel|without a kernel/i;
    const said = () => root.innerText.match(new RegExp(kernel, "gi"))?.length ?? 0;
    const told = (control, before) => said() > before || kernel.test(control.closest("[title]")?.title ?? "");
    const pause = () => new Promise((resolve) => setTimeout(resolve, 30));
    const tell = (control, ...types) =>
        types.forEach((type) => control.dispatchEvent(new Event(type, { bubbles: true })));
    const operate = {
        BUTTON: [(control) => control.click()],
        SUMMARY: [(control) => control.click()],
        SELECT: [
            (control) => {
                control.selectedIndex = control.options.length - 1;
                tell(control, "input", "change");
            },
        ],
        INPUT: [
            (control) => {
                if (["checkbox", "radio"].includes(control.type)) return control.click();
                control.value = control.type === "range" ? control.max : "7";
                return tell(control, "input", "change");
            },
            (control) => control.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true })),
        ],
    };
    const words = (control) => [
        control.tagName.toLowerCase(), control.className, control.getAttribute("aria-label") ?? control.innerText,
    ].join(" ").trim();
    const silent = [];
    const done = new Map(); // by words; of those alike (the bars of a chart) three are enough
    const alike = (control) => [...done.values()].filter((name) => name && name === control.className).length;
    for (;;) {
        const next = [...root.querySelectorAll("button, select, input, summary")].find((control) =>
            !done.has(words(control)) && alike(control) < (/ nbi-|^nbi-button$/.test(control.className) ? 99 : 3)
            && control.checkVisibility() && !control.matches(":disabled, [aria-disabled=true]"));
        if (!next) break;
        done.set(words(next), next.className);
        for (const act of operate[next.tagName]) {
            asked.length = 0;
            const before = said();
            const name = words(next);
            act(next);
            await pause();
            if (asked.length > 0 && !told(next, before)) silent.push(`${name}: ${asked.join("; ")}`);
        }
    }
    return { silent, operated: [...done.keys()] };
}"""


def answered_traits(view) -> dict[str, list[str]]:
    """The traits of a view, and of those inside it, whose changes Python answers, by model."""
    watched = [name for name, kinds in view._trait_notifiers.items() if kinds.get("change")]
    own = {view.model_id: [name for name in watched if view.trait_metadata(name, "sync") and name not in IN_BROWSER]}
    for child in view.children():
        own |= answered_traits(child)
    return own | {view.catalog.model_id: []}
