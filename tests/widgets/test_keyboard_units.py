"""DissectionView and AblationPanel by keyboard alone, on exported pages; the panel's kernel is played by the test."""

import re
from pathlib import Path

import pytest
from ablation_fakes import N_IMAGES, fake_dissection, planted_ablation, planted_effect
from ablation_page import answer, edit_of, sent, tell, wake
from browsing import offline_page, open_file, selection_of
from dissection_fakes import small
from keyboard import expect_focus_inside, start_before, tab_stops, tab_to
from playwright.sync_api import Locator, Page, expect

import nbinterp as nbi
from nbinterp.widgets import dissection_view
from nbinterp.widgets.ablation_edit import Edit
from nbinterp.widgets.ablation_facts import effect_facts

pytestmark = pytest.mark.browser

CLASSES = ("harbour", "road", "forest", "beach")
EDIT = {"units": [], "concept": "", "concept_scale": 1.0, "value": "zero"}

READ = "async ([id, name]) => (await window.mounted.model(id)).get(name)"


@pytest.fixture(scope="module")
def pages(tmp_path_factory) -> dict[str, tuple[Path, nbi.AblationPanel | nbi.DissectionView]]:
    """Exported pages of both views."""
    folder = tmp_path_factory.mktemp("keys")
    study = nbi.record(nbi.demo.classifier(), nbi.demo.scenes(N_IMAGES), layers=["stage4"], progress=False)
    panel = nbi.AblationPanel(planted_ablation(study, classes=CLASSES), dissection=fake_dissection(), units=[0, 8, 3])
    panel.rank(progress=False)
    views = {"dissection": nbi.DissectionView(small()), "ablation": panel.wait()}
    dissection_view.N_BAKED, baked = 110, dissection_view.N_BAKED
    try:
        return {name: (nbi.to_html(view, folder / f"{name}.html"), view) for name, view in views.items()}
    finally:
        dissection_view.N_BAKED = baked


@pytest.fixture
def dissection(offline, pages) -> Locator:
    """The dissection view, the focus before it."""
    return opened(offline, *pages["dissection"])


@pytest.fixture
def panel(offline, pages) -> Locator:
    """The panel with a kernel, the focus before it."""
    return opened(offline, *pages["ablation"])


def opened(page: Page, path: Path, view) -> Locator:
    ready = ".nbi-detector-head" if isinstance(view, nbi.DissectionView) else ".nbi-ablation-class"
    root = open_file(page, path, ready)
    page.wait_for_function(
        "() => ![...document.querySelectorAll('.nbi .nbi-loading')].some((node) => node.checkVisibility())"
    )
    if isinstance(view, nbi.AblationPanel):
        wake(page, view)
        expect(root.get_by_role("button", name="Switch off", exact=True)).to_be_enabled()
    start_before(page, root)
    return root


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["dissection", "ablation"])
def test_every_stop_is_seen_and_none_is_left_out(name, scheme, browser, pages, screenshot):
    with offline_page(browser, color_scheme=scheme, viewport={"width": 1300, "height": 900}) as page:
        root = opened(page, *pages[name])
        stops = tab_stops(page, root)
        assert len(stops) == len(set(stops)) == {"dissection": 15, "ablation": 19}[name], stops


# --- the dissection -------------------------------------------------------------------------------------------------


def hint(page: Page) -> Locator:
    """What a person who rests on a control is shown."""
    return page.locator(".nbi-hint")


def test_bars_are_walked_and_choose_their_units(offline, dissection, pages):
    view = pages["dissection"][1]
    bars, count = dissection.locator(".nbi-bar-row"), dissection.locator(".nbi-detectors-count")
    tab_to(offline, bars.first)
    expect(hint(offline)).to_contain_text(re.compile(r"in \d+ images\n.*Enter: its units only"))
    for key, at in (("ArrowDown", 1), ("End", bars.count() - 1), ("ArrowUp", bars.count() - 2), ("Home", 0)):
        offline.keyboard.press(key)
        expect(bars.nth(at)).to_be_focused()
        expect(bars.nth(at)).to_be_in_viewport()
    offline.keyboard.press("Enter")
    expect(count).to_have_text(re.compile(r"^\d+ units of \w+ \(\w+\)$"))
    expect(count).to_have_role("status")
    units = offline.evaluate(READ, [view.link.model_id, "units"])
    assert count.inner_text().startswith(f"{len(units['units'])} units")
    offline.keyboard.press("Space")
    expect(bars.first).to_have_attribute("aria-pressed", "false")
    expect(count).to_have_text(re.compile(r"^\d+ units$"))


def test_labels_notes_and_categories(offline, dissection):
    count = dissection.locator(".nbi-detectors-count")
    best, each = dissection.get_by_role("radio").all()
    tab_to(offline, best)
    offline.keyboard.press("ArrowRight")
    expect(each).to_be_focused()
    expect(each).to_have_attribute("aria-checked", "true")
    offline.keyboard.press("ArrowLeft")
    expect(best).to_have_attribute("aria-checked", "true")
    tab_to(offline, dissection.locator("summary"))
    offline.keyboard.press("Enter")
    expect(dissection.locator(".nbi-dissection-notes p")).to_be_visible()
    part = dissection.get_by_role("button", name=re.compile("^part "))
    tab_to(offline, part)
    offline.keyboard.press("Enter")
    expect(count).to_have_text(re.compile(r"^\d+ units of part$"))
    expect(part).to_be_focused()
    expect(part).to_have_attribute("aria-pressed", "true")
    offline.keyboard.press("Enter")
    expect(count).to_have_text(re.compile(r"^\d+ units$"))
    expect(part).to_be_focused()


def test_cards_are_searched_sorted_and_shown_again(offline, dissection):
    count, first = dissection.locator(".nbi-detectors-count"), dissection.locator(".nbi-detector-number").first
    search = dissection.get_by_role("searchbox")
    tab_to(offline, search)
    offline.keyboard.type("unit 17")
    offline.keyboard.press("Enter")
    expect(count).to_have_text("1 unit")
    offline.keyboard.press("Shift+Tab")
    everything = dissection.get_by_role("button", name="Show all")
    expect(everything).to_be_focused()
    offline.keyboard.press("Enter")
    expect(count).to_have_text(re.compile(r"^\d\d units$"))
    expect(everything).to_be_hidden()
    expect(search).to_be_focused()
    expect(search).to_have_value("")
    offline.keyboard.type("nothing like it")
    expect(dissection.locator(".nbi-empty:visible")).to_contain_text("No unit")
    offline.keyboard.press("Escape")
    expect(count).to_have_text(re.compile(r"^\d\d units$"))
    sort = dissection.get_by_label("Sort")
    tab_to(offline, sort)
    offline.keyboard.type("unit n")
    expect(first).to_have_text(re.compile(r"^unit \d$"))
    tab_to(offline, dissection.get_by_role("button", name="Ascending; click for descending"))
    offline.keyboard.press("Enter")
    expect(first).to_have_text(re.compile(r"^unit 9\d$"))
    expect(dissection.get_by_role("button", name="Descending; click for ascending")).to_be_focused()
    for name in ("Detectors only", "Concept masks"):
        toggle = dissection.get_by_role("button", name=name)
        tab_to(offline, toggle)
        offline.keyboard.press("Space")
        expect(toggle).to_have_attribute("aria-pressed", "false")
        expect(toggle).to_be_focused()
    expect(count).to_have_text("96 units")


def test_a_card_and_its_pictures_are_selected(offline, dissection, pages):
    view = pages["dissection"][1]
    head = dissection.locator(".nbi-detector[aria-rowindex='1'] .nbi-detector-head")
    tab_to(offline, head)
    expect(hint(offline)).to_contain_text(re.compile(r"IoU .*\n(.*\n)+Arrow keys go from unit to unit"))
    offline.keyboard.press("Enter")
    expect(head).to_have_attribute("aria-selected", "true")
    chosen = offline.evaluate(READ, [view.link.model_id, "unit"])
    assert f"unit {chosen['unit']}" in head.inner_text()
    offline.keyboard.press("ArrowRight")
    cells = dissection.locator(".nbi-detector[aria-rowindex='1'] .nbi-exemplar:visible")
    expect(cells.first).to_be_focused()
    expect(hint(offline)).to_contain_text("activation")
    offline.keyboard.press("Enter")
    offline.keyboard.press("ArrowRight")
    offline.keyboard.press("Space")
    expect(cells.nth(1)).to_have_attribute("aria-selected", "true")
    assert len(selection_of(offline, view, 2)) == 2
    offline.keyboard.press("Control+z")
    expect(cells.nth(1)).to_have_attribute("aria-selected", "false")
    offline.keyboard.press("Control+Shift+z")
    expect(cells.nth(1)).to_have_attribute("aria-selected", "true")
    offline.keyboard.press("Control+End")
    last = dissection.locator(
        f".nbi-detector[aria-rowindex='{dissection.get_by_role('grid').get_attribute('aria-rowcount')}']"
    )
    expect(last.locator(":focus")).to_have_count(1)


def test_cards_laid_out_anew_keep_the_focus(offline, dissection):
    row = dissection.locator(".nbi-detector[aria-rowindex='2']")
    tab_to(offline, dissection.locator(".nbi-detector[aria-rowindex='1'] .nbi-detector-head"))
    offline.keyboard.press("ArrowDown")
    offline.keyboard.press("End")
    before = row.locator(".nbi-exemplar:visible").count()
    offline.set_viewport_size({"width": 1000, "height": 900})
    expect(row.locator(".nbi-exemplar:visible")).not_to_have_count(before)
    expect(row.locator(":focus")).to_have_count(1)
    offline.keyboard.press("Home")
    expect(row.locator(".nbi-detector-head")).to_be_focused()


def test_cards_that_go_and_come_back_keep_the_focus(offline, dissection, pages):
    view, count = pages["dissection"][1], dissection.locator(".nbi-detectors-count")
    scroller = dissection.locator(".nbi-body .nbi-scroll")
    tab_to(offline, dissection.locator(".nbi-detector[aria-rowindex='1'] .nbi-detector-head"))
    scroller.evaluate("node => { node.scrollTop = 2000; }")
    put = "async ([id, key, value]) => (await window.mounted.model(id)).set(key, value)"
    offline.evaluate(put, [view.model_id, "height", 500])
    offline.wait_for_timeout(200)  # the observer of its size has been called
    assert scroller.evaluate("node => node.scrollTop") == 2000, "looking around was taken back"
    offline.evaluate(put, [view.model_id, "concept_masks", False])
    expect(dissection.locator(".nbi-detector :focus")).to_have_count(1)
    offline.evaluate(put, [view.model_id, "search", "nothing like it"])
    expect(count).to_have_text("0 units")
    expect(dissection.locator(".nbi-empty")).to_be_focused()
    offline.evaluate(put, [view.model_id, "search", ""])
    expect(count).to_have_text(re.compile(r"^\d\d units$"))
    expect(dissection.locator(".nbi-detector :focus")).to_have_count(1)


# --- the panel ------------------------------------------------------------------------------------------------------


def unit_control(panel: Locator, name: str) -> Locator:
    return panel.get_by_label(name, exact=True)


def test_sliders_are_moved_and_taken_back(offline, panel, pages):
    view = pages["ablation"][1]
    slider, other = unit_control(panel, "unit 0"), unit_control(panel, "unit 8")
    tab_to(offline, slider)
    expect(hint(offline)).to_contain_text(re.compile(r"alone: −30.0 points, .*\n.*Keys: left, right, 0, 1, 2"))
    for key, scale in (("ArrowLeft", 0.95), ("ArrowRight", 1), ("0", 0), ("2", 2), ("Home", 0), ("1", 1), ("0", 0)):
        offline.keyboard.press(key)
        assert edit_of(offline, view)["units"][0] == [0, scale]
    answer(offline, view, 1)
    said = panel.locator(".nbi-ablation-effect .nbi-hidden[role=status]")
    expect(said).to_have_text(re.compile("^With unit 0 off: Accuracy 97.5 %, was 100.0 % on 40 images"))
    offline.keyboard.press("ArrowDown")
    expect(other).to_be_focused()
    offline.keyboard.press("2")
    offline.keyboard.press("ArrowUp")
    expect(slider).to_be_focused()
    assert edit_of(offline, view)["units"] == [[0, 0], [8, 2], [3, 1]]
    offline.keyboard.press("Control+z")
    assert edit_of(offline, view)["units"] == [[0, 0], [8, 1], [3, 1]]
    offline.keyboard.press("Control+y")
    assert edit_of(offline, view)["units"] == [[0, 0], [8, 2], [3, 1]]
    tab_to(offline, unit_control(panel, "Switch on: unit 0"))
    offline.keyboard.press("Enter")
    assert edit_of(offline, view)["units"][0] == [0, 1]


def test_buttons_that_switch_themselves_off_keep_the_focus(offline, panel, pages):
    view = pages["ablation"][1]
    tab_to(offline, unit_control(panel, "unit 0"))
    offline.keyboard.press("0")
    as_it_is, off = [[0, 1], [8, 1], [3, 1]], [[0, 0], [8, 1], [3, 1]]
    for name, units in (("Undo (Ctrl+Z)", as_it_is), ("Redo (Ctrl+Shift+Z)", off), ("Reset", as_it_is), ("Clear", [])):
        button = panel.get_by_role("button", name=name, exact=True)
        start_before(offline, panel)
        tab_to(offline, button)
        offline.keyboard.press("Enter")
        assert edit_of(offline, view)["units"] == units
        expect(button).to_be_focused()
        expect(button).to_have_attribute("aria-disabled", "true")
        offline.keyboard.press("Enter")
        assert edit_of(offline, view)["units"] == units
    offline.keyboard.press("Control+z")
    assert len(edit_of(offline, view)["units"]) == 3
    offline.keyboard.press("Tab")
    expect_focus_inside(panel)


def test_units_are_added_and_taken_off(offline, panel, pages):
    view = pages["ablation"][1]
    field = panel.get_by_label("Number of a unit")
    tab_to(offline, field)
    offline.keyboard.type("12")
    offline.keyboard.press("Enter")
    expect(panel.get_by_role("alert").filter(has_text="0 to 11")).to_be_visible()
    expect(field).to_be_focused()
    offline.keyboard.press("Control+a")
    offline.keyboard.type("5")
    offline.keyboard.press("Enter")
    expect(unit_control(panel, "unit 5")).to_be_focused()
    offline.keyboard.press("Delete")
    expect(unit_control(panel, "unit 3")).to_be_focused()
    offline.keyboard.press("ArrowUp")
    offline.keyboard.press("Delete")
    expect(unit_control(panel, "unit 3")).to_be_focused()
    assert edit_of(offline, view)["units"] == [[0, 1], [3, 1]]
    offline.keyboard.press("Shift+Tab")
    expect(unit_control(panel, "Take unit 3 off the list")).to_be_focused()
    offline.keyboard.press("Enter")
    expect(unit_control(panel, "Take unit 0 off the list")).to_be_focused()
    offline.keyboard.press("Enter")
    expect(field).to_be_focused()
    offline.keyboard.press("Control+z")
    assert edit_of(offline, view)["units"] == []  # a text field's own undo
    tab_to(offline, panel.get_by_role("radio", name="zero"))
    offline.keyboard.press("ArrowDown")
    assert edit_of(offline, view)["value"] == "mean"
    offline.keyboard.press("Control+z")
    offline.keyboard.press("Control+z")
    assert edit_of(offline, view) == {**EDIT, "units": [[0, 1]]}


def test_a_unit_is_selected_and_followed(offline, panel, pages):
    view = pages["ablation"][1]
    strip = unit_control(panel, "Select unit 8 of stage4 in all linked views")
    tab_to(offline, unit_control(panel, "Select unit 0 of stage4 in all linked views"))
    offline.keyboard.press("ArrowDown")
    expect(strip).to_be_focused()
    offline.keyboard.press("Enter")
    expect(strip).to_have_attribute("aria-pressed", "true")
    assert offline.evaluate(READ, [view.link.model_id, "unit"]) == {"layer": "stage4", "unit": 8}
    follow = panel.get_by_role("button", name="Follow clicks")
    tab_to(offline, follow, back=True)
    offline.keyboard.press("Space")
    expect(follow).to_have_attribute("aria-pressed", "false")


def test_units_of_a_concept_are_moved_together(offline, panel, pages):
    view = pages["ablation"][1]
    picker = panel.get_by_role("combobox", name="Units of the concept")
    tab_to(offline, picker)
    offline.keyboard.type("wheel")
    expect(panel.locator(".nbi-ablation-members")).to_have_text("2 units: 2, 5")
    slider = unit_control(panel, "all units of the concept")
    offline.keyboard.press("Tab")
    expect(slider).to_be_focused()
    offline.keyboard.press("0")
    assert (edit_of(offline, view)["concept"], edit_of(offline, view)["concept_scale"]) == ("wheel", 0)
    tab_to(offline, panel.get_by_role("button", name="List them"))
    offline.keyboard.press("Enter")
    assert [unit for unit, _ in edit_of(offline, view)["units"]] == [0, 8, 3, 2, 5]
    tab_to(offline, slider, back=True)
    for _ in range(3):
        offline.keyboard.press("Control+z")
    expect(slider).to_be_hidden()
    expect(picker).to_be_focused()


def test_the_top_units_are_ranked_stopped_and_switched_off(offline, panel, pages):
    view = pages["ablation"][1]
    count, off = panel.get_by_label("How many units"), panel.get_by_role("button", name="Switch off", exact=True)
    tab_to(offline, count)
    offline.keyboard.press("ArrowDown")
    offline.keyboard.press("ArrowDown")
    assert offline.evaluate(READ, [view.model_id, "top"]) == 2
    tab_to(offline, panel.get_by_role("combobox", name="Class"))
    offline.keyboard.type("road")
    assert offline.evaluate(READ, [view.model_id, "of_class"]) == 1
    offline.keyboard.press("Tab")
    expect(off).to_be_focused()
    offline.keyboard.press("Enter")
    assert edit_of(offline, view)["units"] == [[10, 0], [11, 0]]
    expect(off).to_be_focused()
    unranked = {"state": "none", "text": "", "fraction": None, "k": 0}
    said = panel.locator(".nbi-ablation-top [role=status]")
    tell(offline, view, ranking=unranked)
    offline.keyboard.press("Enter")
    assert sent(offline)[-1] == {"kind": "rank"}
    for fraction in (0.2, 0.4):
        tell(offline, view, ranking={**unranked, "state": "running", "text": f"{fraction}", "fraction": fraction})
        expect(said).to_have_text("Ranking the units")
        expect(off).to_be_focused()
    expect(off).to_have_attribute("aria-disabled", "true")
    offline.keyboard.press("Tab")
    expect(panel.get_by_role("button", name="Stop")).to_be_focused()
    expect(off).to_be_disabled()
    offline.keyboard.press("Enter")
    assert sent(offline)[-1] == {"kind": "stop"}
    tell(offline, view, ranking=unranked)
    expect(off).to_be_focused()
    expect(said).to_have_text("")


def test_classes_and_changed_pictures(offline, panel, pages):
    view = pages["ablation"][1]
    tab_to(offline, unit_control(panel, "unit 0"))
    offline.keyboard.press("0")
    answer(offline, view, 6)
    bars, pictures = panel.locator(".nbi-ablation-class"), panel.locator(".nbi-ablation-flip:not([hidden]) button")
    tab_to(offline, bars.first)
    expect(hint(offline)).to_contain_text("harbour: balanced accuracy 70.0 %, was 100.0 %, −30.0 points")
    offline.keyboard.press("End")
    expect(bars.last).to_be_focused()
    offline.keyboard.press("Enter")
    expect(bars.last).to_have_attribute("aria-pressed", "true")
    expect(pictures).to_have_count(0)
    only = panel.get_by_role("button", name=re.compile("beach only"))
    tab_to(offline, only)
    offline.keyboard.press("Enter")
    expect(panel.get_by_role("button", name="all 6")).to_be_focused()
    expect(pictures).to_have_count(6)
    select = panel.get_by_role("button", name="Select 6")
    tab_to(offline, select, back=True)
    offline.keyboard.press("Enter")
    assert len(selection_of(offline, view, 6)) == 6
    expect(panel.locator(".nbi-ablation-changed [role=status]")).to_have_text("6 images selected")
    for name, n in (("now wrong 6", 6), ("now right 0", 0), ("all 6", 6)):
        chip = panel.get_by_role("button", name=name)
        start_before(offline, panel)
        tab_to(offline, chip)
        offline.keyboard.press("Space")
        expect(chip).to_have_attribute("aria-pressed", "true")
        expect(pictures).to_have_count(n)
    tab_to(offline, pictures.first)
    expect(hint(offline)).to_contain_text(re.compile(r"label harbour, harbour → road\n.*Enter selects it"))
    offline.keyboard.press("ArrowRight")
    expect(pictures.nth(1)).to_be_focused()
    offline.keyboard.press("Enter")
    expect(pictures.nth(1)).to_have_attribute("aria-pressed", "true")
    assert len(selection_of(offline, view, 1)) == 1
    answer(offline, view, 1)
    expect(pictures).to_have_count(1)
    expect(pictures.first).to_be_focused()
    order = panel.get_by_label("Order")
    tab_to(offline, order, back=True)
    offline.keyboard.type("class")
    assert offline.evaluate(READ, [view.model_id, "order"]) == "class"


def test_more_pictures_and_more_classes_come_where_the_focus_is(offline, panel, pages):
    view = pages["ablation"][1]
    names = [f"class {number}" for number in range(70)]
    flips = b"".join(int(value).to_bytes(4, "little") for image in range(40) for value in (image, 0, 0, 1))
    shown = effect_facts(planted_effect(0), Edit(), serial=200)
    shown = {**shown, "edit": edit_of(offline, view), "balanced": [1.0] * 70, "balanced_was": [1.0] * 70}
    tell(offline, view, about={**view.about, "classes": names}, shown=shown, flips=flips)
    expect(panel.locator(".nbi-ablation-class")).to_have_count(60)
    tab_to(offline, panel.get_by_role("button", name="Show all 70 classes"))
    offline.keyboard.press("Enter")
    expect(panel.locator(".nbi-ablation-class").nth(60)).to_be_focused()
    tab_to(offline, panel.get_by_role("button", name="Show 4 more"))
    offline.keyboard.press("Enter")
    expect(panel.locator(".nbi-ablation-flip button").nth(36)).to_be_focused()
