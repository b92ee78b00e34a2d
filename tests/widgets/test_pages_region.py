"""RegionView as a page opened from disk, with the network off: the rule can still be edited."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from browsing import offline_page, open_file, selection_of
from playwright.sync_api import Locator, Page, expect
from test_pages_gallery import PLAYED, SET
from test_pages_look import CONTRAST, FAINT, HOSTILE

import nbinterp as nbi

pytestmark = pytest.mark.browser

PANELS = {"layers": "Across layers", "neighbours": "Neighbours", "mistake": "Why wrong", "subclasses": "Subclasses"}


@pytest.fixture(scope="module")
def recording():
    """The demo classifier on 200 scenes, two layers with codes."""
    keep = ("pooled", "topk", "codes")
    layers = ["stage3", "stage4"]
    return nbi.record(nbi.demo.classifier(), nbi.demo.scenes(200), layers=layers, keep=keep, progress=False)


@pytest.fixture
def open_region(tmp_path: Path) -> Callable[..., Locator]:
    """Export a region view, open the file, wait until it is drawn."""

    def open_(page: Page, view: nbi.RegionView) -> Locator:
        root = open_file(page, nbi.to_html(view.wait(), tmp_path / "page.html"), ".nbi-verdict-head strong")
        page.wait_for_function("() => !document.querySelector('.nbi-loading')")
        return root

    return open_


def expect_members(root: Locator, members: np.ndarray) -> None:
    expect(root.locator(".nbi-members-count")).to_have_text(f"{len(members)} of 200 images")
    if len(members) <= 20:  # all in sight
        expect(root.get_by_role("grid", name="Members").get_by_role("gridcell")).to_have_count(len(members))


def test_the_region_is_shown_in_words(offline, open_region, recording):
    view = nbi.RegionView(recording, 12)
    root = open_region(offline, view)
    region = view.region
    expect(root.locator(".nbi-anchor-name")).to_have_text(region.anchor_name)
    head, _, facts = region.verdict.partition(": ")
    expect(root.locator(".nbi-verdict-head")).to_have_text(re.compile(head, re.IGNORECASE))
    expect(root.locator(".nbi-verdict-facts")).to_have_text(facts)
    expect(root.locator(".nbi-lifts")).to_have_attribute("aria-label", re.compile("^Lift .*random anchors.*shuffled"))
    neurons = [f"unit {one.unit} at ({one.y}, {one.x})" for one in region.literals]
    assert root.locator(".nbi-neuron").all_text_contents() == neurons
    assert root.locator(".nbi-state").all_text_contents() == ["on" if one.state else "off" for one in region.literals]
    expect_members(root, region.members)
    expect(root.locator(".nbi-place:not(.nbi-around)")).to_have_count(len(region.literals))
    label = region.purity["label"]
    expect(root.locator(".nbi-members-purity")).to_contain_text(f"{100 * label.share:.0f} % {label.name} by label")


def test_a_literal_is_loosened_turned_round_and_restored(offline, open_region, recording):
    view = nbi.RegionView(recording, 12, t=4)
    root = open_region(offline, view)
    region, first = view.region, root.locator(".nbi-literal-toggle").first
    rest, one = region.literals[1:], region.literals[0]
    first.click()
    expect_members(root, region.members_of(rest))
    expect(root.locator(".nbi-rule-count")).to_have_text("4 literals: 1 ignored")
    expect(root.locator(".nbi-verdict-note")).to_be_visible()
    first.focus()
    offline.keyboard.press("Enter")
    expect_members(root, np.setdiff1d(region.members_of(rest), region.members_of([one])))
    expect(first.locator(".nbi-state")).to_have_text("⇄ off" if one.state else "⇄ on")
    root.get_by_role("button", name="Reset rule").click()
    expect_members(root, region.members)
    expect(root.locator(".nbi-verdict-note")).to_be_hidden()
    root.get_by_role("slider", name=re.compile("^Tolerance")).fill("2")
    expect_members(root, region.members_of(region.literals, tolerance=2))
    root.locator(".nbi-literal-toggle").nth(1).click()
    members = region.members_of([one, *rest[1:]], tolerance=2)
    expect_members(root, members)
    root.get_by_role("button", name="Select members").click()
    assert selection_of(offline, view, len(members)) == members.tolist()


def test_what_needs_a_kernel_says_so(offline, open_region, recording):
    root = open_region(offline, nbi.RegionView(recording, 12))
    for control in (root.get_by_role("slider", name=re.compile("^k:")), root.get_by_label("Among")):
        expect(control).to_be_disabled()
    expect(root.get_by_role("radio", name="stage3")).to_be_disabled()
    expect(root.get_by_text("Another region needs a running kernel", exact=True)).to_be_visible()
    root.get_by_role("tab", name="Across layers").click()
    expect(root.locator(".nbi-panel-words")).to_contain_text("Not computed")


def test_a_click_on_a_unit_selects_it_and_on_a_picture_the_image(offline, open_region, recording):
    view = nbi.RegionView(recording, 12).compute("neighbours")
    root = open_region(offline, view)
    strip = root.locator(".nbi-unit-strip").first
    strip.click()
    expect(strip).to_have_attribute("aria-pressed", "true")
    read = "async id => (await window.mounted.model(id)).get('unit')"
    assert offline.evaluate(read, view.link.model_id) == {"layer": "stage4", "unit": view.region.literals[0].unit}
    root.get_by_role("tab", name="Neighbours").click()
    rows = root.locator(".nbi-panel-row")
    expect(rows).to_have_count(4)
    images = view.panels["neighbours"]["rows"][2]["images"]
    rows.nth(2).get_by_role("button", name=re.compile("^Select")).click()
    assert selection_of(offline, view, len(images)) == sorted(images)
    rows.nth(0).locator(".nbi-shot").nth(1).click()
    assert selection_of(offline, view, 1) == [int(view.region.members[1])]


def test_tabs_and_layers_answer_the_keyboard(offline, open_region, recording):
    root = open_region(offline, nbi.RegionView(recording, 12).compute("layers"))
    members = root.get_by_role("tab", name="Members")
    members.focus()
    offline.keyboard.press("ArrowRight")
    layers = root.get_by_role("tab", name="Across layers")
    expect(layers).to_be_focused()
    expect(layers).to_have_attribute("aria-selected", "true")
    expect(root.locator(".nbi-panel-row")).to_have_count(2)
    members.click()
    cell = root.get_by_role("gridcell").first
    cell.focus()
    offline.keyboard.press("ArrowRight")
    expect(root.get_by_role("gridcell").nth(1)).to_be_focused()
    offline.keyboard.press("Space")
    expect(root.get_by_role("gridcell").nth(1)).to_have_attribute("aria-selected", "true")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_is_readable(scheme, browser, open_region, recording, screenshot):
    wrong = int(np.flatnonzero(~recording.correct)[0])
    view = nbi.RegionView(recording, wrong).compute(*PANELS)
    with offline_page(browser, color_scheme=scheme, viewport={"width": 1400, "height": 800}) as page:
        root = open_region(page, view)
        expect(root).to_have_class(f"nbi nbi-region nbi-{scheme}")
        root.locator(".nbi-literal-toggle").nth(1).click()
        root.locator(".nbi-literal-toggle").nth(2).dblclick()
        root.get_by_role("slider", name=re.compile("^Tolerance")).fill("2")
        root.get_by_role("button", name="Select members").click()
        screenshot(page, f"region-{scheme}")
        assert page.evaluate(FAINT, CONTRAST) == []
        for name, words in PANELS.items():
            root.get_by_role("tab", name=words).click()
            expect(root.locator(".nbi-panel-row").first).to_be_visible()
            page.wait_for_function("() => !document.querySelector('.nbi-panel .nbi-loading')")
            screenshot(page, f"region-{scheme}-{name}")
            assert page.evaluate(FAINT, CONTRAST) == []


@pytest.mark.parametrize("width", [400, 800])
def test_a_narrow_column_needs_no_sideways_scrolling(width, browser, open_region, recording, screenshot):
    wrong = int(np.flatnonzero(~recording.correct)[0])
    with offline_page(browser, viewport={"width": width, "height": 900}) as page:
        root = open_region(page, nbi.RegionView(recording, wrong).compute(*PANELS))
        for tab in ("Members", *PANELS.values()):
            root.get_by_role("tab", name=tab).click()
            screenshot(page, f"region-{width}-{tab.split()[0].lower()}", full_page=True)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            beyond = """root => {
                const right = root.getBoundingClientRect().right + 1;
                return [...root.querySelectorAll("button, select, input, p, span")]
                    .filter((node) => node.checkVisibility() && node.getBoundingClientRect().right > right)
                    .map((node) => node.outerHTML.slice(0, 120));
            }"""
            assert root.evaluate(beyond) == []


def test_names_are_text_never_markup(offline, open_region):
    rng = np.random.default_rng(0)
    hostile = nbi.ProbeSet.from_arrays(
        rng.random((60, 64, 64, 3), dtype=np.float32),
        np.arange(60) % 2,
        class_names=[f"class {HOSTILE}", "=HYPERLINK(1)"],
        names=[f"image {i} {HOSTILE}" for i in range(60)],
    )
    recording = nbi.record(nbi.demo.classifier(), hostile, layers=["stage4"], progress=False)
    view = nbi.RegionView(recording, 0).wait()
    assert HOSTILE not in view._snapshot()["text/html"]
    root = open_region(offline, view)
    expect(root.locator(".nbi-anchor-name")).to_have_text(f"image 0 {HOSTILE}")
    assert offline.locator("#nbinterp b").count() == 0
    assert offline.evaluate("window.hurt") is None


def test_what_takes_long_says_how_far_it_is_and_can_be_stopped(offline, open_region, recording):
    """The verdict and a panel: their words, a Stop that is sent, and what was there by then with a way to go on."""
    view = nbi.RegionView(recording, 12).compute("layers")
    view._esm = PLAYED % json.dumps(str(view._esm))
    root = open_region(offline, view)
    offline.evaluate(SET, [view.catalog.model_id, {"has_kernel": True}])
    running = {"serial": view.shown["serial"], "state": "running", "text": "random anchors: 20 of 200"}
    offline.evaluate(SET, [view.model_id, {"evidence": {}, "judging": running}])
    expect(root.locator(".nbi-verdict-facts")).to_have_text("Comparing with chance: random anchors: 20 of 200 …")
    root.locator(".nbi-verdict").get_by_role("button", name="Stop").click()
    offline.evaluate(SET, [view.model_id, {"judging": {**running, "state": "stopped"}}])
    root.locator(".nbi-verdict").get_by_role("button", name="Go on").click()
    done = view.panels["layers"]
    offline.evaluate(SET, [view.model_id, {"tab": "layers", "panels": {"layers": {**done, "state": "running"}}}])
    root.locator(".nbi-panel").get_by_role("button", name="Stop").click()
    partial = {**done, "state": "stopped", "text": "Stopped: this is what there was by then.", "rows": done["rows"][:1]}
    offline.evaluate(SET, [view.model_id, {"panels": {"layers": partial}}])
    expect(root.locator(".nbi-panel-row")).to_have_count(1)
    expect(root.locator(".nbi-panel .nbi-warn")).to_contain_text("this is what there was")
    root.locator(".nbi-panel .nbi-warn").get_by_role("button", name="Compute").click()
    assert offline.evaluate("window.sent") == [
        {"kind": "stop", "name": "verdict"},
        {"kind": "judge"},
        {"kind": "stop", "name": "layers"},
        {"kind": "panel", "name": "layers"},
    ]
