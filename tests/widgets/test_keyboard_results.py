"""UnitGallery, FacetView and RegionView by keyboard alone: what the mouse does, what is said, where the focus is."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ipywidgets
import numpy as np
import pytest
from browsing import offline_page, open_file, selection_of
from facet_fakes import FakeFinder, planted
from gallery_fakes import FakeRun, FakeRunner
from keyboard import at_once, expect_focus_inside, start_before, tab_stops, tab_to
from playwright.sync_api import Locator, Page, expect
from test_pages_a11y import AXE
from test_pages_gallery import PLAYED, SET

import nbinterp as nbi

pytestmark = pytest.mark.browser

READ = "async ([id, key]) => (await window.mounted.model(id)).get(key)"
READY = {"gallery": ".nbi-card", "facets": ".nbi-facet-card", "region": ".nbi-verdict-head strong"}
VIOLATIONS = """async (root) => {
    const only = { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"] };
    const rules = { "label-content-name-mismatch": { enabled: true } };
    const { violations } = await axe.run(root, { runOnly: only, rules, resultTypes: ["violations"] });
    return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(" ")}`));
}"""


@dataclass
class Shown:
    """A view on a page: the widget that was exported, its root element, the page."""

    view: Any
    root: Locator
    page: Page

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def reach(self, target: Locator, *keys: str) -> Locator:
        """Walk by Tab to a control and press keys there."""
        start_before(self.page, self.root)
        tab_to(self.page, target)
        self.press(*keys)
        return target

    def button(self, name: str) -> Locator:
        return self.root.get_by_role("button", name=name, exact=True)

    def set(self, **traits: object) -> None:
        self.page.evaluate(SET, [self.view.model_id, traits])

    def trait(self, key: str, of: str | None = None) -> object:
        return self.page.evaluate(READ, [of or self.view.model_id, key])

    def unit(self) -> object:
        return self.trait("unit", self.view.link.model_id)

    def sent(self) -> list[dict]:
        return self.page.evaluate("window.sent.filter(({ kind }) => kind !== 'ready')")

    def said(self, words: str | re.Pattern[str]) -> None:
        """A live region says it."""
        expect(self.root.locator("[role=status], [role=alert]").filter(has_text=words)).not_to_have_count(0)

    def selected(self, size: int) -> list[int]:
        return selection_of(self.page, self.view, size)


def gallery(recording):
    view = nbi.UnitGallery(FakeRun(range(8), n_images=1).finish(), runner=FakeRunner(), recording=recording)
    for _ in range(2):
        view._worker.call(lambda _: None)
    return view


def facets(recording):
    found = planted(recording)  # its run is on its way
    view = nbi.FacetView(found, recording=recording, finder=FakeFinder(recording))
    for lane in ("choices", "find", "feed"):
        view._workers[lane].call(lambda _: None)
    return view


def region(recording):
    right = int(np.flatnonzero(recording.correct)[0])
    return nbi.RegionView(recording, right, t=4, n_null=50).compute("layers", "neighbours").wait()


@pytest.fixture(scope="module")
def codes():
    """The demo classifier on 120 scenes, two layers with codes."""
    keep = ("pooled", "topk", "codes")
    scenes = nbi.demo.scenes(120)
    return nbi.record(nbi.demo.classifier(), scenes, layers=["stage3", "stage4"], keep=keep, progress=False)


@pytest.fixture(scope="module")
def pages(codes, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, tuple[Any, Path]]]:
    """Every view and its exported page, which believes in a kernel that the test plays."""
    folder = tmp_path_factory.mktemp("keys")
    found = {}
    for make in (gallery, facets, region):
        view = make(codes)
        view._esm = PLAYED % json.dumps(str(view._esm))
        found[make.__name__] = view, nbi.to_html(view, folder / f"{make.__name__}.html")
    yield found
    ipywidgets.Widget.close_all()


@pytest.fixture
def show(pages, offline) -> Callable[..., Shown]:
    """Open a view; with `kernel` it believes that one listens."""

    def show_(name: str, *, kernel: bool = False) -> Shown:
        return opened(pages[name], name, offline, kernel=kernel)

    return show_


def opened(made: tuple[Any, Path], name: str, page: Page, *, kernel: bool = False) -> Shown:
    view, path = made
    root = open_file(page, path, READY[name])
    page.wait_for_function("() => !document.querySelector('.nbi-loading')")
    shown = Shown(view, root, page)
    if kernel:
        page.evaluate(SET, [view.catalog.model_id, {"has_kernel": True}])
        again = {"region": {"height": view.height + 1}}.get(name)
        shown.set(**(again or {"progress": {**view.progress, "text": " "}}))
    return shown


@pytest.mark.parametrize(("scheme", "kernel"), [("light", True), ("dark", True), ("light", False)])
@pytest.mark.parametrize("name", READY)
def test_every_control_is_a_visible_stop(name, scheme, kernel, browser, pages):
    with offline_page(browser, color_scheme=scheme) as page:
        shown = opened(pages[name], name, page, kernel=kernel)
        stops = tab_stops(page, shown.root)
        assert 5 < len(stops) < 40, f"{len(stops)} stops: {stops}"


@pytest.mark.parametrize("name", READY)
def test_names_and_best_practice(name, show):
    shown = show(name)
    shown.page.evaluate(AXE.read_text(encoding="utf-8"))
    found = shown.root.evaluate(VIOLATIONS)
    assert found == []


# UnitGallery


def test_gallery_a_run_is_asked_for(show):
    shown = show("gallery", kernel=True)
    units = shown.reach(shown.root.get_by_label("Units"), "ControlOrMeta+a")
    shown.page.keyboard.type("99")
    shown.said("The layer has the units 0 to 95")
    expect(units).to_have_attribute("aria-invalid", "true")
    shown.press("ControlOrMeta+a")
    shown.page.keyboard.type("0-7, 12")
    tab_to(shown.page, shown.root.get_by_label("Images per unit"))
    shown.press("ArrowRight")
    tab_to(shown.page, shown.root.get_by_label("Preset"))
    shown.press("ArrowDown")
    tab_to(shown.page, shown.root.get_by_label("Steps"))
    shown.page.keyboard.type("0")
    shown.said("Steps are a whole number from 1")
    shown.press("Backspace")
    tab_to(shown.page, shown.button("Run"))
    shown.press("Enter")
    request = {"kind": "run", "layer": "stage4", "units": "0-7, 12", "n_images": 2, "recipe": "lucid", "steps": None}
    assert shown.sent() == [request]
    shown.said("Asking the kernel")
    expect(shown.button("Run")).to_be_focused()


def test_gallery_stop_and_resume_keep_the_focus(show):
    shown = show("gallery", kernel=True)
    shown.set(state="running")
    stop = shown.reach(shown.button("Stop"), "Enter")
    expect(shown.root.locator(".nbi-run-words")).to_have_text("Stopping …")
    shown.press("Enter")
    expect(stop).to_be_focused()
    shown.set(state="stopped")
    shown.said("Stopped at")
    expect(shown.button("Resume")).to_be_focused()
    shown.press("Enter")
    assert [one["kind"] for one in shown.sent()] == ["stop", "resume"]
    shown.page.evaluate("window.hear({ kind: 'error', text: 'no room' }, [])")
    expect(shown.root.get_by_role("alert")).to_have_text("no room")


def test_gallery_how_the_cards_are_shown(show):
    shown = show("gallery")
    first = shown.root.locator(".nbi-figure").first
    before = first.bounding_box()["width"]
    sort = shown.root.get_by_role("combobox", name="Sort")
    shown.reach(sort, "ArrowDown", "ArrowDown")
    expect(sort).to_have_value("activation")
    expect(shown.root.locator(".nbi-card-title").first).to_have_text("unit 7")
    tab_to(shown.page, shown.root.get_by_role("slider", name="Size"))
    shown.press("End")
    shown.page.wait_for_function("([e, w]) => e.offsetWidth > w", arg=[first.element_handle(), before])
    tab_to(shown.page, shown.button("Exemplars"))
    shown.press("Space")
    expect(shown.root.locator(".nbi-exemplar:visible")).to_have_count(0)
    with shown.page.expect_download() as every:
        tab_to(shown.page, shown.button("Save all"))
        shown.press("Enter")
    assert every.value.suggested_filename == "images.jpg"


def test_gallery_cards_exemplars_and_saving(show):
    shown = show("gallery")
    heads = shown.root.locator(".nbi-card-head")
    shown.reach(heads.first, "ArrowRight", "Space")
    expect(heads.nth(1)).to_have_attribute("aria-pressed", "true")
    assert shown.unit() == {"layer": "stage4", "unit": 1}
    shown.press("ArrowRight", "ArrowDown", "ArrowUp", "Enter")
    assert shown.unit() == {"layer": "stage4", "unit": 2}
    shown.press("Enter")
    assert shown.unit() is None
    card = shown.root.locator(".nbi-card").nth(2)
    with shown.page.expect_download() as one:
        tab_to(shown.page, card.locator(".nbi-save"))
        shown.press("Enter")
    assert one.value.suggested_filename == "2-unit-2-of-stage4.png"
    top = [int(i) for i in shown.view.recording["stage4"].top.index[2]]
    tab_to(shown.page, card.locator(".nbi-exemplar").first)
    shown.press("Enter")
    assert shown.selected(1) == top[:1]
    shown.press("ArrowRight", "Shift+Space")
    assert shown.selected(2) == sorted(top[:2])
    shown.press("ControlOrMeta+z")
    assert shown.selected(1) == top[:1]


def test_gallery_the_focus_survives_other_cards(show):
    shown = show("gallery", kernel=True)
    cards = shown.view.cards
    shown.reach(shown.root.locator(".nbi-card-head").first, "End")
    expect(shown.root.locator(".nbi-card-head").last).to_be_focused()
    shown.set(cards=[{**card, "activation": 5.0} for card in cards])
    expect(shown.root.locator(".nbi-card-head").last).to_be_focused()
    shown.set(cards=cards[:3])
    expect(shown.root.locator(".nbi-card")).to_have_count(3)
    expect_focus_inside(shown.root)
    shown.set(cards=[])
    expect(shown.root.locator(".nbi-card")).to_have_count(0)
    expect_focus_inside(shown.root)


def test_gallery_what_a_hover_shows_is_shown_for_the_focus(show):
    shown = show("gallery", kernel=True)
    shown.set(cards=[{**card, "note": "the score fell again"} for card in shown.view.cards])
    shown.reach(shown.root.locator(".nbi-card-head").first)
    hint = shown.root.locator(".nbi-hint")
    expect(hint).to_contain_text("unit 0 of stage4: select it in all linked views")
    expect(hint).to_contain_text("the score fell again")
    expect(hint).to_contain_text("Arrow keys go from card to card")
    tab_to(shown.page, shown.root.locator(".nbi-exemplar").first)
    expect(hint).to_have_text(re.compile(r"^\S+, activation [\d.]+$"))
    shown.reach(shown.root.get_by_role("combobox", name="Sort"))
    expect(hint).to_contain_text("Percentile: the share of the recorded images that activate the unit less")


# FacetView


def test_facets_the_scatter_image_by_image(show):
    shown = show("facets")
    area = shown.root.get_by_role("application", name="Images of the unit by facet")
    shown.reach(area, "ArrowRight")
    expect(shown.root.get_by_role("tooltip")).to_be_visible()
    shown.said("facet")
    shown.press("Enter")
    shown.said("1 image selected")
    one = shown.selected(1)
    shown.press("ArrowLeft", "Shift+Space")
    two = shown.selected(2)
    assert set(one) < set(two)
    shown.press("Alt+Enter")
    assert shown.selected(1) == one
    shown.press("ControlOrMeta+z")
    assert shown.selected(2) == two
    shown.press("Escape")
    assert shown.selected(0) == []


def test_facets_an_area_of_the_scatter(show):
    shown = show("facets")
    area = shown.root.locator(".nbi-scatter")
    hint = shown.root.locator(".nbi-hint")
    shown.reach(area)
    expect(hint).to_contain_text("B starts a box")
    shown.press("b", *["ArrowLeft"] * 40, *["ArrowUp"] * 40)
    shown.said("inside the box")
    shown.press("b", *["ArrowRight"] * 40, *["ArrowDown"] * 40)
    shown.said("72 inside the box")
    shown.press("Enter")
    assert shown.selected(72) == shown.view.facets.indices.tolist()
    shown.said("72 images selected")
    shown.press("b", "ArrowLeft", "Escape")
    assert shown.selected(72)
    shown.said("Box dropped")
    expect(area).to_be_focused()
    tab_to(shown.page, shown.button("Box"))
    shown.press("Space")
    expect(shown.button("Box")).to_have_attribute("aria-pressed", "true")


def test_facets_a_drawn_area_is_not_taken_by_the_mouse(show):
    shown = show("facets")
    area = shown.root.locator(".nbi-scatter")
    words = shown.root.locator("div.nbi-hidden[role=status]")
    shown.reach(area, "b", *["ArrowLeft"] * 40, *["ArrowUp"] * 40, "b", *["ArrowRight"] * 40, *["ArrowDown"] * 40)
    expect(words).to_have_text("72 inside the box")
    for button in ("right", "middle"):
        area.click(button=button, position={"x": 3, "y": 3})
        assert shown.selected(0) == []
        expect(words).to_have_text("Box dropped")
    shown.root.locator(".nbi-scatter-part .nbi-status").hover()
    shown.page.mouse.down()
    area.hover()
    shown.page.mouse.up()
    expect(words).to_have_text("Box dropped")


def test_facets_late_words_are_not_said(show):
    shown = show("facets")
    area = shown.root.locator(".nbi-scatter")
    words = shown.root.locator("div.nbi-hidden[role=status]")
    shown.reach(area, "ArrowRight")
    shown.said("facet")
    at_once(area, "ArrowRight", "b")
    expect(words).to_contain_text("1 inside the box")
    at_once(area, "Escape", "ArrowLeft", "ArrowRight", leave=True)
    expect(words).to_have_text("Box dropped")


def test_facets_members_and_exemplars(show):
    shown = show("facets")
    found = shown.view.facets
    members = shown.button("Select all members of facet 1")
    shown.reach(members, "Enter")
    assert shown.selected(20) == found.members[1].tolist()
    expect(members).to_have_attribute("aria-pressed", "true")
    shown.said("20 images selected")
    strip = shown.root.get_by_role("toolbar", name="Exemplars of facet 1")
    tab_to(shown.page, strip.get_by_role("button").first)
    shown.press("Enter", "ArrowRight", "Shift+Enter")
    assert shown.selected(2) == sorted(int(i) for i in found.exemplars[1][:2])
    shown.press("Alt+Enter")
    assert shown.selected(1) == [int(found.exemplars[1][0])]
    shown.press("End")
    expect(strip.get_by_role("button").last).to_be_focused()
    shown.press("Tab")
    expect(shown.button("Select all members of facet 2")).to_be_focused()


def test_facets_controls(show):
    shown = show("facets", kernel=True)
    unit = shown.root.get_by_role("spinbutton", name="Unit")
    shown.reach(unit, "ControlOrMeta+a")
    shown.page.keyboard.type("96")
    shown.press("Enter")
    shown.said("A unit from 0 to 95")
    expect(unit).to_be_focused()
    shown.press("ControlOrMeta+a")
    shown.page.keyboard.type("17")
    shown.press("Enter")
    assert shown.unit() == {"layer": "stage4", "unit": 17}
    tab_to(shown.page, shown.root.get_by_role("slider"))
    shown.press("ArrowRight")
    assert shown.trait("n_facets") == 4
    tab_to(shown.page, shown.button("auto"))
    shown.press("Space")
    assert shown.trait("n_facets") == 0
    synthesis = shown.root.get_by_label("Images by")
    tab_to(shown.page, synthesis)
    shown.press("ArrowDown")
    assert shown.trait("synthesis") == "tv"
    expect(synthesis).to_have_attribute("title", re.compile("total variation"))
    tab_to(shown.page, shown.button("Follow units"))
    shown.press("Enter")
    assert shown.trait("follow") is False
    tab_to(shown.page, shown.button("Stop"))
    shown.press("Enter")
    assert shown.sent() == [{"kind": "stop"}]
    shown.reach(shown.root.get_by_label("Layer"), "ArrowDown")
    assert shown.trait("layer") == "logits"


def test_facets_the_focus_survives_other_facets(show):
    shown = show("facets", kernel=True)
    shown.reach(
        shown.root.get_by_role("toolbar", name="Exemplars of facet 1").get_by_role("button").first, "ArrowRight"
    )
    facts = shown.view.shown
    shown.set(shown={**facts, "serial": facts["serial"] + 1})
    again = shown.root.get_by_role("toolbar", name="Exemplars of facet 1").get_by_role("button").nth(1)
    expect(again).to_be_focused()
    shown.set(shown={**facts, "serial": facts["serial"] + 2, "facets": facts["facets"][:1]})
    expect(shown.root.locator(".nbi-facet-card")).to_have_count(1)
    expect_focus_inside(shown.root)
    judging = {"state": "running", "serial": facts["serial"], "words": "judging …"}
    shown.set(quality=judging)
    shown.reach(shown.root.locator(".nbi-judged button"), "Enter")
    shown.set(quality={**judging, "state": "done", "words": "sees 2 of 3"})
    shown.said("sees 2 of 3")
    expect_focus_inside(shown.root)


# RegionView


def test_region_the_rule(show):
    shown = show("region")
    region = shown.view.region
    toggles, rest = shown.root.locator(".nbi-literal-toggle"), region.literals[:1] + region.literals[2:]
    shown.reach(toggles.first, "ArrowDown")
    expect(toggles.nth(1)).to_be_focused()
    expect(shown.root.locator(".nbi-place.nbi-pointed")).to_have_count(1)
    shown.press("Enter")
    shown.said(f"{len(region.members_of(rest))} of 120 images")
    shown.said("The verdict is on the rule as found, not as edited.")
    expect(toggles.nth(1)).to_contain_text("ignored")
    expect(shown.root.locator(".nbi-hint")).to_have_count(0)
    shown.press("Tab", "Enter")
    assert shown.unit() == {"layer": "stage4", "unit": region.literals[1].unit}
    shown.press("End", "Shift+Tab")
    expect(toggles.last).to_be_focused()
    shown.reach(shown.button("Reset rule"), "Enter")
    shown.said(f"{len(region.members)} of 120 images")
    expect(shown.button("Reset rule")).to_be_focused()
    expect(shown.button("Reset rule")).to_be_disabled()
    tolerance = shown.root.get_by_role("slider", name=re.compile("^Tolerance"))
    shown.reach(tolerance, "ArrowRight")
    shown.said(f"{len(region.members_of(region.literals, tolerance=1))} of 120 images")


def test_region_the_verdicts_chart(show):
    shown = show("region")
    chart = shown.root.locator(".nbi-lifts")
    lifts = np.asarray(shown.view.evidence["null_lifts"]["shuffled"])
    shown.reach(chart, "Home")
    shown.said(f"% of random, {100 * np.mean(lifts == 0):.0f} % of shuffled")
    expect(chart).to_contain_text("lift 0: ")
    shown.press("End", "ArrowLeft")
    expect(chart).to_contain_text(re.compile("lift [^0].*–"))
    shown.press("Tab")
    expect(chart).to_contain_text("lift, log scale")


def test_region_members(show):
    shown = show("region", kernel=True)
    members = shown.view.region.members.tolist()
    shown.reach(shown.button("Select members"), "Enter")
    assert shown.selected(len(members)) == sorted(members)
    shown.said(f"{len(members)} images selected")
    grid = shown.root.get_by_role("grid", name="Members")
    cells = grid.get_by_role("gridcell")
    tab_to(shown.page, cells.first)
    expect(shown.root.locator(".nbi-hint")).to_contain_text("Enter makes the image the anchor")
    shown.press("ArrowRight", "Space")
    assert shown.selected(len(members) - 1)
    shown.press("Enter")
    assert shown.trait("anchor") == members[1]
    facts = shown.view.shown
    others = {**facts, "serial": facts["serial"] + 1, "anchor": members[1], "name": "another"}
    shown.set(shown=others)
    shown.said("Region of another")
    expect(cells.nth(1)).to_be_focused()
    shown.set(shown={**others, "serial": facts["serial"] + 2, "literals": []}, tolerance=0)
    expect_focus_inside(shown.root)


def test_region_tabs_and_layers(show):
    shown = show("region")
    tabs = {name: shown.root.get_by_role("tab", name=name) for name in ("Members", "Across layers", "Why wrong")}
    shown.reach(tabs["Members"], "ArrowRight")
    expect(tabs["Across layers"]).to_be_focused()
    expect(tabs["Across layers"]).to_have_attribute("aria-selected", "true")
    expect(shown.root.locator(".nbi-panel-row")).to_have_count(2)
    shown.press("ArrowRight", "ArrowRight")
    expect(tabs["Why wrong"]).to_be_focused()
    expect(shown.root.locator(".nbi-hint")).to_contain_text("Not here")
    shown.press("Enter", "Home")
    expect(tabs["Members"]).to_have_attribute("aria-selected", "true")
    shown.press("End")
    expect(shown.root.get_by_role("tab", name="Subclasses")).to_be_focused()
    layers = shown.root.get_by_role("radio")
    shown.reach(layers.last, "ArrowLeft")
    expect(layers.first).to_be_focused()
    expect(shown.root.locator(".nbi-hint")).to_contain_text("Another region needs a running kernel")
    expect(layers.last).to_be_checked()


def test_region_controls(show):
    shown = show("region", kernel=True)
    shown.reach(shown.root.get_by_role("radio", name="stage4"), "ArrowLeft")
    assert shown.trait("layer") == "stage3"
    tab_to(shown.page, shown.root.get_by_role("slider", name=re.compile("^k:")))
    shown.press("ArrowLeft")
    tab_to(shown.page, shown.root.get_by_role("slider", name=re.compile("^t:")))
    shown.press("ArrowRight")
    assert shown.trait("t") == 5
    tab_to(shown.page, shown.root.get_by_label("Among"))
    shown.press("ArrowDown")
    assert shown.trait("among") == "prediction"
    tab_to(shown.page, shown.button("Follow clicks"))
    before = shown.trait("follow")
    shown.press("Space")
    assert shown.trait("follow") is not before


def test_region_panels(show):
    shown = show("region", kernel=True)
    rows = shown.root.locator(".nbi-panel-row")
    images = shown.view.panels["layers"]["rows"][0]["images"]
    shown.reach(shown.root.get_by_role("tab", name="Members"), "ArrowRight")
    tab_to(shown.page, rows.nth(0).locator(".nbi-chip"))
    hint = shown.root.locator(".nbi-hint")
    expect(hint).to_contain_text(re.compile("lift", re.IGNORECASE))
    tab_to(shown.page, rows.nth(0).get_by_role("button", name=re.compile("^Select")))
    shown.press("Enter")
    assert shown.selected(len(images)) == sorted(images)
    shown.press("Tab", "ArrowRight", "Enter")
    assert shown.selected(1) == [images[1]]
    shot = rows.nth(0).locator(".nbi-shot").nth(1)
    ring = shot.evaluate("node => getComputedStyle(node).outlineColor")
    tab_to(shown.page, rows.nth(1).locator(".nbi-shot").first)
    assert shot.evaluate("node => getComputedStyle(node).outlineColor") != ring, "focus and selection look alike"
    shown.reach(rows.nth(0).get_by_role("button", name="Show"), "Enter")
    assert shown.trait("layer") == "stage3"


def test_region_what_takes_long_keeps_the_focus_and_says_little(show):
    shown = show("region", kernel=True)
    facts = shown.view.shown
    running = {"serial": facts["serial"], "state": "running", "text": "random anchors: 20 of 200"}
    shown.set(evidence={}, judging=running)
    shown.said("Comparing with chance")
    expect(shown.root.locator("[role=status]").filter(has_text="20 of 200")).to_have_count(0)
    verdict = shown.root.locator(".nbi-verdict")
    shown.reach(verdict.get_by_role("button", name="Stop"), "Enter")
    shown.set(judging={**running, "state": "stopped"})
    expect(verdict.get_by_role("button", name="Go on")).to_be_focused()
    shown.said("Not compared with chance")
    shown.press("Enter")
    shown.set(evidence=shown.view.evidence, judging={})
    expect_focus_inside(shown.root)
    done = shown.view.panels["layers"]
    shown.set(tab="layers", panels={"layers": {**done, "state": "running", "text": "1 of 2"}})
    stop = shown.reach(shown.root.locator(".nbi-panel").get_by_role("button", name="Stop"))
    drawn = stop.element_handle()
    shown.set(panels={"layers": {**done, "state": "running", "text": "2 of 2"}})
    expect(shown.root.locator(".nbi-panel")).to_contain_text("2 of 2")
    expect(stop).to_be_focused()
    assert drawn.evaluate("button => button.matches(':focus')"), "the button was made anew"
    shown.press("Enter")
    shown.set(panels={"layers": {**done, "state": "stopped", "text": "Stopped.", "rows": done["rows"][:1]}})
    shown.said("Across layers: stopped")
    expect_focus_inside(shown.root)
    assert [one["kind"] for one in shown.sent()] == ["stop", "judge", "stop"]
