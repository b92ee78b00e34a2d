"""AblationPanel as a page opened from disk, with the network off: it shows the effect, and says what needs a kernel."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from ablation_fakes import N_IMAGES, fake_dissection, planted_ablation
from browsing import offline_page, open_file, selection_of
from playwright.sync_api import Locator, Page, expect
from test_pages_look import CONTRAST, FAINT, HOSTILE

import nbinterp as nbi

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def tiny():
    """The demo classifier on 40 scenes."""
    return nbi.record(nbi.demo.classifier(), nbi.demo.scenes(N_IMAGES), layers=["stage4"], progress=False)


@pytest.fixture
def panel(tiny):
    """A panel with five units off (two by a concept), a unit that is halved, and a ranking."""
    fake = planted_ablation(tiny, classes=("harbour", "road", "forest", "beach"))
    view = nbi.AblationPanel(fake, dissection=fake_dissection(), units={0: 0, 8: 0, 9: 0, 1: 0.45, 6: 1})
    view.edit = {**view.edit, "concept": "wheel", "concept_scale": 0.0}
    view.rank(progress=False)
    view.of_class = -1
    return view.wait()


@pytest.fixture
def open_panel(tmp_path: Path) -> Callable[..., Locator]:
    """Export a panel, open the file, wait until it is drawn."""

    def open_(page: Page, view: nbi.AblationPanel) -> Locator:
        root = open_file(page, nbi.to_html(view, tmp_path / "page.html"), ".nbi-ablation-class")
        page.wait_for_function("() => !document.querySelector('.nbi-loading')")
        return root

    return open_


def images_of(view: nbi.AblationPanel) -> list[int]:
    return view.effect.flipped.tolist()


def test_the_effect_is_shown_in_numbers_and_pictures(offline, open_panel, panel):
    root = open_panel(offline, panel)
    expect(root.locator(".nbi-ablation-now")).to_have_text("85.0 %")
    expect(root.locator(".nbi-ablation-headline .nbi-ablation-points")).to_have_text("−15.0 points")
    expect(root.locator(".nbi-ablation-was")).to_have_text("was 100.0 %")
    expect(root.locator(".nbi-ablation-extent")).to_have_text("on 40 images")
    names = root.locator(".nbi-ablation-class-name")
    assert names.all_text_contents() == ["harbour", "road", "forest", "beach"]
    assert root.locator(".nbi-ablation-class .nbi-ablation-points").all_text_contents() == [
        "−30.0",
        "−10.0",
        "±0",
        "±0",
    ]
    expect(root.locator(".nbi-ablation-class").first).to_have_attribute(
        "aria-label", "harbour: balanced accuracy 70.0 %, was 100.0 %, −30.0 points"
    )
    expect(root.get_by_text("6 predictions changed")).to_be_visible()
    flips = root.locator(".nbi-ablation-flip:not([hidden])")
    expect(flips).to_have_count(6)
    expect(flips.first).to_have_text("harbour→ road ✗")
    expect(root.locator(".nbi-hidden[role=status]")).to_have_text(
        re.compile(r"^With unit 0 off, .*2 units of wheel off: Accuracy 85\.0 %, was 100\.0 % on 40 images$")
    )
    rows = root.locator(".nbi-ablation-row")
    assert rows.locator("strong").all_text_contents() == ["unit 0", "unit 8", "unit 9", "unit 1", "unit 6"]
    assert rows.locator(".nbi-scale-output").all_text_contents() == ["× 0", "× 0", "× 0", "× 0.45", "× 1"]
    expect(rows.nth(3).locator(".nbi-ablation-note")).to_have_text("blue (IoU 0.25) · alone −27.3")
    expect(rows.nth(0).locator(".nbi-unit-strip .nbi-shot")).to_have_count(3)


def test_pictures_are_filtered_and_selected(offline, open_panel, panel):
    root = open_panel(offline, panel)
    expect(root.get_by_role("button", name="now wrong 6")).to_be_visible()
    root.get_by_role("button", name="now right 0").click()
    expect(root.locator(".nbi-ablation-flip:not([hidden])")).to_have_count(0)
    expect(root.get_by_text("None of the changed predictions is of this kind.")).to_be_visible()
    root.get_by_role("button", name="all 6").click()
    root.get_by_role("button", name="Select 6").click()
    assert selection_of(offline, panel, 6) == images_of(panel)
    root.locator(".nbi-ablation-flip:not([hidden]) .nbi-shot").nth(2).click()
    assert selection_of(offline, panel, 1) == [images_of(panel)[2]]
    forest = root.locator(".nbi-ablation-class", has_text="forest")
    forest.focus()
    offline.keyboard.press("Enter")
    expect(forest).to_have_attribute("aria-pressed", "true")
    expect(root.locator(".nbi-ablation-flip:not([hidden])")).to_have_count(0)
    expect(root.get_by_text("None of the changed predictions has to do with forest.")).to_be_visible()
    expect(root.get_by_label("Class", exact=True)).to_have_value("2")
    expect(root.locator(".nbi-ablation-note").first).to_have_text("alone −21.8")  # the ranking of that class
    root.get_by_role("button", name="forest only").click()
    expect(root.locator(".nbi-ablation-flip:not([hidden])")).to_have_count(6)
    root.get_by_label("Order").select_option("class")
    assert root.locator(".nbi-ablation-class-name").all_text_contents() == ["harbour", "road", "forest", "beach"]


def test_a_unit_is_selected_in_all_views(offline, open_panel, panel):
    root = open_panel(offline, panel)
    strip = root.locator(".nbi-unit-strip").nth(1)
    strip.click()
    expect(strip).to_have_attribute("aria-pressed", "true")
    read = "async id => (await window.mounted.model(id)).get('unit')"
    assert offline.evaluate(read, panel.link.model_id) == {"layer": "stage4", "unit": 8}


def test_what_needs_a_kernel_is_frozen_and_says_so(offline, open_panel, panel):
    root = open_panel(offline, panel)
    expect(root.get_by_text("Moving a slider needs a running kernel", exact=True)).to_be_visible()
    for name in ("Undo", "Redo", "Reset", "Clear", "Follow clicks", "Switch off", "Add unit", "List them"):
        for button in root.get_by_role("button", name=re.compile(f"^{name}")).all():
            expect(button).to_be_disabled()
    for control in [*root.get_by_role("slider").all(), *root.get_by_role("radio").all()]:
        expect(control).to_be_disabled()
    expect(root.get_by_role("slider", name="unit 0")).to_have_attribute("title", re.compile("needs a running kernel"))
    expect(root.get_by_role("combobox", name="Units of the concept")).to_be_disabled()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_is_readable(scheme, browser, open_panel, panel, screenshot):
    panel.problem = "RuntimeError: something was wrong with the last edit"
    with offline_page(browser, color_scheme=scheme, viewport={"width": 1300, "height": 760}) as page:
        root = open_panel(page, panel)
        expect(root).to_have_class(f"nbi nbi-ablation nbi-{scheme}")
        root.get_by_role("button", name="Select 6").click()
        root.locator(".nbi-ablation-class").first.click()
        screenshot(page, f"ablation-{scheme}")
        assert page.evaluate(FAINT, CONTRAST) == []


@pytest.mark.parametrize("width", [400, 800])
def test_a_narrow_column_needs_no_sideways_scrolling(width, browser, open_panel, panel, screenshot):
    with offline_page(browser, viewport={"width": width, "height": 900}) as page:
        root = open_panel(page, panel)
        screenshot(page, f"ablation-{width}", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        beyond = """root => {
            const right = root.getBoundingClientRect().right + 1;
            return [...root.querySelectorAll("button, select, input, p, span:not(.nbi-ablation-tick)")]
                .filter((node) => node.checkVisibility() && node.getBoundingClientRect().right > right)
                .map((node) => node.outerHTML.slice(0, 120));
        }"""
        assert root.evaluate(beyond) == []


def test_names_are_text_never_markup(offline, open_panel):
    rng = np.random.default_rng(0)
    hostile = nbi.ProbeSet.from_arrays(
        rng.random((N_IMAGES, 64, 64, 3), dtype=np.float32),
        np.arange(N_IMAGES) % 2,
        class_names=[f"class {HOSTILE}", "=HYPERLINK(1)"],
        names=[f"image {i} {HOSTILE}" for i in range(N_IMAGES)],
    )
    recording = nbi.record(nbi.demo.classifier(), hostile, layers=["stage4"], progress=False)
    names = tuple(f"{name} {HOSTILE}" for name in "abcd")
    view = nbi.AblationPanel(planted_ablation(recording, classes=names), units={0: 0}).wait()
    assert HOSTILE not in view._snapshot()["text/html"]
    root = open_panel(offline, view)
    expect(root.locator(".nbi-ablation-class-name").first).to_have_text(f"a {HOSTILE}")
    expect(root.locator(".nbi-ablation-flip:not([hidden])").first).to_contain_text(HOSTILE)
    assert offline.locator("#nbinterp b").count() == 0
    assert offline.evaluate("window.hurt") is None
