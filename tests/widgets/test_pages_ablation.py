"""AblationPanel as a page opened from disk, with the network off: it shows the effect, and says what needs a kernel."""

import re
from collections.abc import Callable
from pathlib import Path

import anywidget
import numpy as np
import pytest
from ablation_fakes import N_IMAGES, fake_dissection, planted_ablation
from ablation_page import answer, edit_of, tell, wake
from browsing import offline_page, open_file, selection_of
from playwright.sync_api import Locator, Page, expect
from test_pages_look import CONTRAST, FAINT, HOSTILE

import nbinterp as nbi
from nbinterp.widgets.view import View

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
    harbour, forest = root.locator(".nbi-ablation-class").nth(0), root.locator(".nbi-ablation-class").nth(2)
    expect(harbour.locator(".nbi-ablation-points")).to_contain_class("nbi-loss")
    expect(forest.locator(".nbi-ablation-points")).not_to_contain_class("nbi-loss")
    parts = {
        name: harbour.locator(f".nbi-ablation-{name}").get_attribute("style") for name in ("fill", "change", "tick")
    }
    assert parts == {"fill": "width: 70%;", "change": "left: 70%; width: 30%;", "tick": "left: 100%;"}
    expect(harbour).to_have_attribute(
        "title", re.compile("^harbour: balanced accuracy 70.0 %, was 100.0 %, −30.0 points")
    )
    expect(root.get_by_text("6 predictions changed")).to_be_visible()
    flips = root.locator(".nbi-ablation-flip:not([hidden])")
    expect(flips).to_have_count(6)
    expect(flips.first).to_have_text("harbour→ road ✗")
    expect(flips.first).to_have_attribute("data-group", "broken")
    expect(root.get_by_role("button", name="Show", exact=False)).to_have_count(0)
    expect(root.locator(".nbi-ablation-effect [role=status]")).to_have_text(
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
    expect(root.get_by_role("button", name="Select 0")).to_be_disabled()
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


class Twice(View):
    """A panel displayed twice, as in two cells of a notebook."""

    _esm = """export default { async render({ model, el, host, signal }) {
        const { render } = await host.getWidget(model.get("panel"));
        for (let view = 0; view < 2; view++) {
            const place = document.createElement("div");
            el.append(place);
            const life = new AbortController();
            await render({ el: place, signal: life.signal });
            place.addEventListener("close", () => life.abort());
        }
    } };"""
    panel = anywidget.WidgetTrait().tag(sync=True)

    def __init__(self, panel: nbi.AblationPanel) -> None:
        super().__init__(panel.recording, selection=panel.link, panel=panel)

    def children(self) -> tuple[View, ...]:
        return (self.panel,)

    def resources(self):
        return self.panel.resources()


def test_two_views_of_a_panel_have_one_history(offline, open_panel, panel):
    panel.units = {0: 1, 8: 1}
    open_panel(offline, Twice(panel.wait()))
    wake(offline, panel)
    first, second = offline.locator(".nbi-ablation").all()
    scales = lambda view: view.locator(".nbi-ablation-row .nbi-scale-output").all_text_contents()  # noqa: E731
    undo, redo = ([view.get_by_role("button", name=name) for view in (first, second)] for name in ("Undo", "Redo"))
    thumb = first.get_by_label("unit 0", exact=True)
    box = thumb.bounding_box()
    offline.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    offline.mouse.down()
    offline.mouse.move(box["x"] + box["width"] / 4, box["y"] + box["height"] / 2, steps=9)
    moved = scales(first)
    assert moved[0] != "× 1" and scales(second) == moved
    offline.mouse.up()
    second.get_by_label("unit 8", exact=True).press("2")
    assert scales(first) == scales(second) == [moved[0], "× 2"]
    undo[0].click()
    undo[1].click()
    assert scales(first) == scales(second) == ["× 1", "× 1"]
    for button in undo:
        expect(button).not_to_be_enabled()
    for button in redo:
        button.click()
    assert scales(first) == scales(second) == [moved[0], "× 2"]
    thumb.scroll_into_view_if_needed()
    box = thumb.bounding_box()
    offline.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    offline.mouse.down()
    offline.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + box["height"] / 2, steps=3)
    expect(first.locator(".nbi-ablation-row .nbi-scale-output").first).not_to_have_text(moved[0])
    first.evaluate("root => root.parentElement.dispatchEvent(new Event('close'))")
    tell(offline, panel, edit={**panel.edit, "units": [[7, 0]]})  # from Python: nobody is dragging any more
    expect(second.get_by_label("unit 7", exact=True)).to_have_value("0")


@pytest.fixture
def live(offline, open_panel, tiny):
    """A panel with units 0 and 8, and a kernel that the test plays."""
    fake = planted_ablation(tiny, classes=("harbour", "road", "forest", "beach"))
    view = nbi.AblationPanel(fake, units=[0, 8]).wait()
    root = open_panel(offline, view)
    wake(offline, view)
    expect(root.get_by_label("unit 0", exact=True)).to_be_enabled()
    return root, view


def test_sliders_say_where_they_stand(offline, live):
    root, view = live
    slider, field = root.get_by_label("unit 0", exact=True), root.locator(".nbi-ablation-row .nbi-scale-field").first
    zero, mean = root.get_by_role("radio", name="zero"), root.get_by_role("radio", name="its mean")
    expect(slider).to_have_attribute("aria-valuetext", "1, as it is")
    expect(root.get_by_role("button", name="Reset")).to_be_disabled()
    for key, words, toggle in (("0", "0, off", "On"), ("2", "2", "Off")):
        slider.press(key)
        expect(slider).to_have_attribute("aria-valuetext", words)
        expect(field).to_contain_class("nbi-changed")
        expect(field.locator("button")).to_have_text(toggle)
    slider.dblclick(position={"x": slider.bounding_box()["width"] - 8, "y": 10}, delay=50)
    expect(slider).to_have_attribute("aria-valuetext", "1, as it is")
    expect(field).not_to_contain_class("nbi-changed")
    assert edit_of(offline, view)["units"] == [[0, 1], [8, 1]]
    mean.check()
    slider.press("Control+z")
    expect(zero).to_be_checked()


def test_what_is_shown_says_whether_it_answers_the_sliders(offline, live):
    root, view = live
    main, extent = root.locator(".nbi-ablation-main"), root.locator(".nbi-ablation-extent")
    said = root.locator(".nbi-ablation-effect [role=status]")
    expect(root).to_have_attribute("data-state", "complete")
    before = said.inner_text()
    root.get_by_label("unit 0", exact=True).press("0")
    expect(root).to_have_attribute("data-state", "waiting")
    expect(main).to_have_attribute("aria-busy", "true")
    answer(offline, view, 1, n=20)
    expect(root).to_have_attribute("data-state", "partial")
    expect(extent).to_have_text("on 20 of 40 images, the others follow …")
    expect(extent).to_contain_class("nbi-partial")
    assert said.inner_text() == before, "progress is seen, not told"
    answer(offline, view, 2)
    expect(root).to_have_attribute("data-state", "complete")
    expect(main).to_have_attribute("aria-busy", "false")
    expect(extent).not_to_contain_class("nbi-partial")
    expect(said).to_have_text(re.compile("^With unit 0 off: Accuracy 95.0 %"))
    tell(offline, view, problem="RuntimeError: no")
    expect(root.get_by_role("alert").filter(has_text="RuntimeError: no")).to_be_visible()
    tell(offline, view, problem="")
    expect(root.locator(".nbi-ablation-problem")).to_be_hidden()


def test_nothing_changes_places_while_a_slider_is_dragged(offline, live):
    root, view = live
    names, said = root.locator(".nbi-ablation-class-name"), root.locator(".nbi-ablation-effect [role=status]")
    box = root.get_by_label("unit 0", exact=True).bounding_box()
    offline.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    offline.mouse.down()
    offline.mouse.move(box["x"] + 2, box["y"] + box["height"] / 2, steps=5)
    before = said.inner_text()
    shown = {**view.shown, "serial": 7, "edit": edit_of(offline, view), "balanced": [1.0, 0.9, 1.0, 0.5]}
    tell(offline, view, shown=shown)
    expect(root.locator(".nbi-ablation-class").nth(3)).to_contain_text("−50.0")
    assert names.all_text_contents() == ["harbour", "road", "forest", "beach"]
    assert said.inner_text() == before
    offline.mouse.up()
    expect(names.first).to_have_text("beach")
    assert names.all_text_contents() == ["beach", "road", "harbour", "forest"]
    expect(said).to_have_text(re.compile("^With unit 0 off"))


def test_units_of_linked_views_come_and_make_room(offline, live):
    root, view = live
    choose = """async ([id, unit]) => (await window.mounted.model(id)).set("unit", unit && { layer: "stage4", unit })"""
    listed = lambda: [unit for unit, _ in edit_of(offline, view)["units"]]  # noqa: E731
    strips = root.locator(".nbi-unit-strip[aria-pressed=true]")
    offline.evaluate(choose, [view.link.model_id, 8])
    expect(strips).to_have_attribute("aria-label", "Select unit 8 of stage4 in all linked views")
    for unit, expected in ((3, [0, 8, 3]), (5, [0, 8, 5])):
        offline.evaluate(choose, [view.link.model_id, unit])
        expect(root.get_by_label(f"unit {unit}", exact=True)).to_be_visible()
        assert listed() == expected
    expect(strips).to_have_attribute("aria-label", "Select unit 5 of stage4 in all linked views")
    root.get_by_label("unit 5", exact=True).press("0")
    offline.evaluate(choose, [view.link.model_id, 7])
    assert listed() == [0, 8, 5, 7]  # one that was moved stays
    root.get_by_role("button", name="Follow clicks").click()
    offline.evaluate(choose, [view.link.model_id, 2])
    assert listed() == [0, 8, 5, 7]
