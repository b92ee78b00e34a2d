"""A hand on the keyboard: walking the tab stops of a view and looking at the ring around each."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

MOST_STOPS = 200  # more presses of Tab than any view has stops: the focus is trapped

# Focusable buttons before and after the view, put there once: where a walk starts and ends.
FENCE = """(root) => {
    for (const side of ["before", "after"]) {
        if (root.parentElement.querySelector(`:scope > [data-fence=${side}]`)) continue;
        const fence = document.createElement("button");
        fence.dataset.fence = side;
        fence.textContent = side;
        root[side](fence);
    }
    root.parentElement.querySelector(":scope > [data-fence=before]").focus();
}"""

# What has the focus: where it is, in words, and what is wrong with what a person sees of it.
LOOK = """(root) => {
    const node = document.activeElement;
    if (!node || node === document.body) return { where: "nowhere" };
    if (node.dataset.fence) return { where: node.dataset.fence };
    if (!root.contains(node)) return { where: "elsewhere", words: node.outerHTML.slice(0, 120) };
    const short = (text) => (text ?? "").trim().replace(/\\s+/g, " ").slice(0, 60);
    const label = node.getAttribute("aria-label") ?? node.labels?.[0]?.innerText ?? node.innerText ?? "";
    const role = node.getAttribute("role") ?? node.localName;
    const words = `${role} "${short(label) || short(node.title) || short(node.getAttribute("data-title"))}"`;

    const rgb = (text) => {
        const [r, g, b, a = 1] = (text.match(/[\\d.]+(?:e-?\\d+)?/g) ?? []).map(Number);
        return { channels: [r, g, b], a };
    };
    const luminance = (text) => {
        const linear = rgb(text).channels.map((c) => c / 255)
            .map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
    };
    const contrast = (one, other) => {
        const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
        return (high + 0.05) / (low + 0.05);
    };
    const behind = (from) => {
        for (let up = from; up; up = up.parentElement) {
            const { backgroundColor } = getComputedStyle(up);
            if (rgb(backgroundColor).a > 0.5) return backgroundColor;
        }
        return "rgb(255, 255, 255)";
    };
    // A control that is itself unseen (a checkbox drawn by its label) may have its ring on the label or a sibling.
    const bearers = [node];
    if (node.matches("input") && (getComputedStyle(node).opacity === "0" || node.offsetWidth <= 1))
        bearers.push(...(node.labels ?? []), ...(node.parentElement?.children ?? []));
    const ringOf = (bearer) => {
        const style = getComputedStyle(bearer);
        const width = parseFloat(style.outlineWidth);
        if (style.outlineStyle !== "none" && width > 0 && rgb(style.outlineColor).a > 0.5)
            return { bearer, width, reach: parseFloat(style.outlineOffset) + width, color: style.outlineColor,
                     native: style.outlineStyle === "auto" };
        return style.boxShadow === "none" ? null : { bearer, width: 1, reach: 0, native: true };
    };
    const ring = bearers.map(ringOf).find(Boolean);
    const problems = [];
    const box = (ring?.bearer ?? node).getBoundingClientRect();
    if (!box.width || !box.height) problems.push("has no size");
    if (box.right <= 0 || box.bottom <= 0 || box.left >= innerWidth || box.top >= innerHeight)
        problems.push("is not in sight");
    if (!ring) problems.push("has no focus ring");
    if (ring && !ring.native) {
        const ground = behind(ring.reach > 0 ? ring.bearer.parentElement : ring.bearer);
        const ratio = contrast(ring.color, ground);
        if (ratio < 3) problems.push(`has a ring of contrast ${ratio.toFixed(1)} on ${ground}`);
        for (let up = ring.bearer.parentElement; up && up !== document.body; up = up.parentElement) {
            const style = getComputedStyle(up);
            if (style.overflowX === "visible" && !/paint|strict|content/.test(style.contain)
                && style.contentVisibility !== "auto") continue;
            const edge = up.getBoundingClientRect();
            const gaps = {
                left: box.left - (edge.left + up.clientLeft), top: box.top - (edge.top + up.clientTop),
                right: edge.left + up.clientLeft + up.clientWidth - box.right,
                bottom: edge.top + up.clientTop + up.clientHeight - box.bottom,
            };
            for (const [side, gap] of Object.entries(gaps))
                if (ring.reach - gap > ring.width - 1) // less than a pixel of the ring is left
                    problems.push(`has its ring cut off (${side}) by .${[...up.classList].join(".")}`);
        }
    }
    if (node.tabIndex > 0) problems.push("has a positive tabindex");
    window.tabStops ??= [];
    if (!window.tabStops.includes(node)) window.tabStops.push(node);
    return { where: "inside", words, problems, id: window.tabStops.indexOf(node) };
}"""

# The enabled controls that Tab should reach and that the walk did not visit.
MISSED = """(root) => {
    const inRing = (node) => {
        if (!node.matches("input[type=radio]") || !node.name) return true;
        const others = [...root.querySelectorAll("input[type=radio]")].filter(({ name }) => name === node.name);
        return node === (others.find(({ checked }) => checked) ?? others[0]);
    };
    return [...root.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")]
        .filter((node) => node.tabIndex >= 0 && !node.matches(":disabled, [inert] *, [type=hidden]"))
        .filter((node) => node.checkVisibility({ visibilityProperty: true }))
        .filter(inRing)
        .filter((node) => !(window.tabStops ?? []).includes(node))
        .map((node) => node.outerHTML.slice(0, 120));
}"""


def start_before(page: Page, root: Locator) -> None:
    """Put the focus on a button just before the view: the next Tab enters it."""
    root.evaluate(FENCE)


def tab_to(page: Page, target: Locator, *, back: bool = False) -> None:
    """Press Tab (or Shift+Tab) until `target` has the focus."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        if target.count() == 1 and target.evaluate("node => node === document.activeElement"):
            return
    raise AssertionError(f"{target} is not reached by Tab")


def at_once(area: Locator, *keys: str, leave: bool = False) -> None:
    """Press keys, and with `leave` take the focus away, faster than anything that the view waits for is there."""
    call = """(area, [keys, leave]) => {
        const options = { bubbles: true, cancelable: true };
        for (const key of keys) area.dispatchEvent(new KeyboardEvent("keydown", { key, ...options }));
        if (leave) area.blur();
    }"""
    area.evaluate(call, [keys, leave])


def expect_focus_inside(root: Locator) -> None:
    """The focus is on an element of the view: it was not lost when something was redrawn, removed or disabled."""
    expect(root.locator(":focus")).to_have_count(1)


def tab_stops(page: Page, root: Locator) -> list[str]:
    """Walk through the view by Tab and back by Shift+Tab; returns the stops in words, in order.

    Raises AssertionError for a stop that is out of sight or has no visible focus ring (contrast 3:1, not cut off), an
    enabled control that is not visited, a trap, and a way back that is not the way there.
    """
    page.evaluate("delete window.tabStops")
    start_before(page, root)
    there = _walk(page, root, "Tab", "after")
    missed = root.evaluate(MISSED)
    back = _walk(page, root, "Shift+Tab", "before")
    wrong = [f"{stop['words']} {problem}" for stop in [*there, *back] for problem in stop["problems"]]
    assert not wrong, "; ".join(dict.fromkeys(wrong))
    assert not missed, f"not reached by Tab: {missed}"
    words = [stop["words"] for stop in there]
    assert words == [stop["words"] for stop in reversed(back)], "Shift+Tab does not walk back the way that Tab came"
    return words


def _walk(page: Page, root: Locator, key: str, end: str) -> list[dict]:
    """The stops until the focus is beyond the view."""
    stops: list[dict] = []
    for _ in range(MOST_STOPS):
        page.keyboard.press(key)
        seen = root.evaluate(LOOK)
        if seen["where"] == end:
            return stops
        assert seen["where"] == "inside", f"{key} after {stops[-1:]} went {seen}"
        assert seen["id"] not in [stop["id"] for stop in stops], f"{key} goes round in a circle at {seen['words']}"
        stops.append(seen)
    raise AssertionError(f"the focus is trapped: {[stop['words'] for stop in stops[-4:]]}")
