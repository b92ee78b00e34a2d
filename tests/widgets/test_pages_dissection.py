"""DissectionView as a page opened from disk, with the network off: bars, cards, filters and masks need no kernel."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from browsing import offline_page, open_file, pixels_of, selection_of
from dissection_fakes import by_hand, small
from playwright.sync_api import Locator, Page, expect
from test_pages_look import CONTRAST, FAINT, HOSTILE

import nbinterp as nbi
from nbinterp.widgets import dissection_view
from nbinterp.widgets.dissection_choice import units_of_concept

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def found():
    return small()


@pytest.fixture
def open_dissection(tmp_path: Path, monkeypatch) -> Callable[..., Locator]:
    """Export a dissection view with the pictures of every unit's best concept, open it, wait until it is drawn."""

    def open_(page: Page, view: nbi.DissectionView, n_baked: int = 110) -> Locator:
        monkeypatch.setattr(dissection_view, "N_BAKED", n_baked)
        root = open_file(page, nbi.to_html(view, tmp_path / "page.html"), ".nbi-detector-head")
        settled(page)
        return root

    return open_


def settled(page: Page) -> None:
    page.wait_for_function(
        "() => ![...document.querySelectorAll('.nbi-dissection .nbi-loading')].some((node) => node.checkVisibility())"
    )


def shared(page: Page, view, name: str):
    """A trait of the page's `Selection`."""
    return page.evaluate("async ([id, name]) => (await window.mounted.model(id)).get(name)", [view.link.model_id, name])


def titles(root: Locator) -> list[str]:
    return root.locator(".nbi-detector-number:visible").all_text_contents()


def test_bars_and_cards_say_what_the_dissection_says(offline, open_dissection, found):
    root = open_dissection(offline, nbi.DissectionView(found))
    n, unique = int(found.is_detector.sum()), found.unique_detectors()
    expect(root.locator(".nbi-dissection-title")).to_have_text("stage4 · pnas2020, top 1 % · 96 units, 60 images")
    expect(root.locator(".nbi-dissection-counts")).to_contain_text(f"{n} of 96 units are detectors (IoU above 0.04)")
    expect(root.get_by_role("radio", name="by best concept")).to_have_text(f"{unique['best']} by best concept")
    bars = root.locator(".nbi-bar-row")
    expect(bars).to_have_count(unique["best"])
    expect(root.locator(".nbi-bars-figure .point")).to_have_count(unique["best"])
    most = found.by_concept().iloc[0]
    name = f"{most['concept']} ({most['category']}): {most['n_units']} detector units"
    expect(root.get_by_role("button", name=name, exact=True)).to_be_visible()
    expect(root.locator(".nbi-bars-figure .xtitle")).to_have_text("detector units")
    expect(root.locator(".nbi-bars-figure .annotation-text")).to_have_text("concept")
    unit = int(found.best_iou.argmax())
    card = root.locator(".nbi-detector").first
    concept = found.concepts[found.best[unit]]
    expect(card.locator(".nbi-detector-number")).to_have_text(f"unit {unit}")
    expect(card.locator(".nbi-detector-concept")).to_have_text(concept)
    expect(card.locator(".nbi-detector-iou")).to_have_text(f"{found.best_iou[unit]:.3f}")
    second = int(np.argsort(-found.iou[unit])[1])
    also = f"also {found.concepts[second]} {found.iou[unit, second]:.3f}, "
    expect(card.locator(".nbi-detector-others")).to_contain_text(also)
    mean, high = found.chance[unit]
    expect(card.locator(".nbi-detector-chance")).to_have_text(f"chance {mean:.3f}, 95 %: {high:.3f}")
    largest = max(0.1, found.best_iou.max())
    left = float(card.locator(".nbi-detector-mean").evaluate("node => Number.parseFloat(node.style.left)"))
    assert left == pytest.approx(100 * mean / largest, abs=0.1)
    bound = float(card.locator(".nbi-detector-bound").evaluate("node => Number.parseFloat(node.style.left)"))
    assert bound == pytest.approx(100 * found.iou_threshold / largest, abs=0.1)
    band = float(card.locator(".nbi-detector-band").evaluate("node => Number.parseFloat(node.style.width)"))
    assert band == pytest.approx(100 * high / largest, abs=0.1)
    background = "node => getComputedStyle(node).backgroundColor"
    category = found.categories[found.best[unit]]
    key = root.get_by_role("button", name=re.compile(f"^{category} ")).locator(".nbi-detector-swatch")
    assert card.locator(".nbi-detector-fill").evaluate(background) == key.evaluate(background)
    assert card.locator(".nbi-exemplar:visible").count() >= 6
    root.get_by_role("group").get_by_text("note").click()
    expect(root.locator(".nbi-dissection-notes")).to_contain_text("left out, in too few images")


def test_a_click_on_a_bar_chooses_its_units(offline, open_dissection, found):
    view = nbi.DissectionView(found)
    root = open_dissection(offline, view)
    most = found.by_concept().iloc[0]
    units = found.units_of(most["concept"], most["category"])
    bar = root.get_by_role("button", name=re.compile(re.escape(f"{most['concept']} ({most['category']}):")))
    bar.click()
    expect(bar).to_have_attribute("aria-pressed", "true")
    words = f"{len(units)} units of {most['concept']} ({most['category']})"
    expect(root.locator(".nbi-detectors-count")).to_have_text(words)
    assert shared(offline, view, "units") == {"layer": "stage4", "units": units.tolist()}
    assert shared(offline, view, "unit") == {"layer": "stage4", "unit": int(units[0])}
    assert titles(root)[:3] == [f"unit {unit}" for unit in units[:3]]
    second = root.locator(".nbi-detector-head").nth(1)
    second.click()
    expect(second).to_have_attribute("aria-selected", "true")
    assert shared(offline, view, "unit") == {"layer": "stage4", "unit": int(units[1])}
    bar.click()
    expect(bar).to_have_attribute("aria-pressed", "false")
    assert shared(offline, view, "units") is None
    expect(root.locator(".nbi-detectors-count")).to_have_text(re.compile("^9. units$"))


def test_cards_are_filtered_and_sorted(offline, open_dissection, found):
    view = nbi.DissectionView(found)
    root = open_dissection(offline, view)
    count = root.locator(".nbi-detectors-count")
    root.get_by_role("radio", name="best of each category").click()
    expect(root.locator(".nbi-bar-row")).to_have_count(found.unique_detectors()["per_category"])
    view.label_by, view.category = "per_category", "material"
    key = root.get_by_role("button", name=re.compile("^material "))
    key.click()
    expect(key).to_have_attribute("aria-pressed", "true")
    expect(count).to_have_text(f"{len(view.units())} units of material")
    assert titles(root)[:4] == [f"unit {unit}" for unit in view.units()[:4]]
    for sort_by in ("above_chance", "area", "unit"):
        view.sort_by, view.descending = sort_by, sort_by != "unit"
        root.get_by_label("Sort").select_option(sort_by)
        expect(root.locator(".nbi-detector-number").first).to_have_text(f"unit {view.units()[0]}")
    root.get_by_role("button", name="Detectors only").click()
    view.detectors_only = False
    expect(count).to_have_text(f"{len(view.units())} units of material")
    root.get_by_role("button", name="Show all").click()
    expect(count).to_have_text("96 units")
    root.get_by_role("searchbox").fill("unit 17")
    expect(count).to_have_text("1 unit")
    assert titles(root) == ["unit 17"]
    root.get_by_role("searchbox").fill("no such concept")
    expect(root.locator(".nbi-empty:visible")).to_have_text("No unit fits.")


def test_pictures_are_masked_to_the_unit_and_below_to_the_concept(offline, open_dissection, found):
    view = nbi.DissectionView(found)
    root = open_dissection(offline, view)
    unit = int(found.best_iou.argmax())
    images = found.recording["stage4"].top.index[unit]
    on = found.masks_of(unit, images, (56, 56))
    there = np.stack([found.concept_mask(int(found.best[unit]), int(i), (56, 56)) for i in images])
    place = int(np.flatnonzero((on.sum((1, 2)) > 50) & (there.sum((1, 2)) > 50))[0])
    image, masks = int(images[place]), [on[place], there[place]]
    canvas = root.locator(".nbi-detector canvas").first
    light = """([canvas, place, masks]) => {
        // mean light on the unit's strip and the concept's strip, inside and outside their masks
        const scale = canvas.width / canvas.clientWidth, side = Math.round(56 * scale);
        return masks.map((mask, strip) => {
            const { data } = canvas.getContext("2d").getImageData(Math.round(60 * scale * place),
                Math.round(60 * scale * strip), side, side);
            const sums = [[0, 0], [0, 0]];
            for (let y = 0; y < side; y++) for (let x = 0; x < side; x++) {
                const at = 4 * (y * side + x);
                const on = mask[Math.min(55, Math.floor(y / scale))][Math.min(55, Math.floor(x / scale))];
                sums[on][0] += data[at] + data[at + 1] + data[at + 2];
                sums[on][1] += 3;
            }
            return sums.map(([sum, n]) => sum / n);
        });
    }"""
    shown = offline.evaluate(light, [canvas.element_handle(), place, [mask.astype(int).tolist() for mask in masks]])
    bright = np.asarray(found.view(image), dtype=float)
    at = np.linspace(0, len(bright) - 1, 56).round().astype(int)
    bright = bright[np.ix_(at, at)].mean(-1)
    for (outside, inside), mask in zip(shown, masks, strict=True):
        assert inside == pytest.approx(bright[mask].mean(), rel=0.15)
        assert outside == pytest.approx(0.4 * bright[~mask].mean(), rel=0.25)
    before = pixels_of(canvas)
    root.get_by_role("button", name="Concept masks").click()
    expect(root.locator(".nbi-detector-side:visible")).to_have_count(0)
    offline.wait_for_function("old => document.querySelector('.nbi-detector canvas').toDataURL() !== old", arg=before)
    root.locator(".nbi-exemplar").nth(place).click()
    assert selection_of(offline, view, 1) == [image]


def test_what_the_page_does_not_carry_is_said(offline, open_dissection, found):
    root = open_dissection(offline, nbi.DissectionView(found), n_baked=2)
    note = root.locator(".nbi-detector-note:visible").first
    expect(note).to_have_text(re.compile("not in this page: they need a running kernel"))
    expect(root.locator(".nbi-detector").nth(0).locator(".nbi-detector-note")).to_be_hidden()


def test_without_a_recording_there_are_bars_and_numbers(offline, open_dissection):
    view = nbi.DissectionView(by_hand())
    root = open_dissection(offline, view)
    expect(root.locator(".nbi-bar-row")).to_have_count(3)
    expect(root.locator(".nbi-missing")).to_contain_text("No pictures")
    assert titles(root) == ["unit 0", "unit 2", "unit 1"]
    root.get_by_role("button", name="sky (object): 1 detector unit").click()
    assert shared(offline, view, "units") == {"layer": "features.7", "units": [1]}


def test_bars_and_cards_answer_the_keyboard(offline, open_dissection, found):
    view = nbi.DissectionView(found)
    root = open_dissection(offline, view)
    bars = root.locator(".nbi-bar-row")
    bars.first.focus()
    offline.keyboard.press("ArrowDown")
    expect(bars.nth(1)).to_be_focused()
    offline.keyboard.press("Enter")
    expect(bars.nth(1)).to_have_attribute("aria-pressed", "true")
    label = bars.nth(1).get_attribute("aria-label")
    concept, category = re.match(r"(.+) \((\w+)\):", label).groups()
    number = found.concept_number(concept, category)
    assert shared(offline, view, "units")["units"] == units_of_concept(found, "best", number).tolist()
    offline.keyboard.press("End")
    expect(bars.last).to_be_focused()
    root.get_by_role("radio", name="by best concept").focus()
    offline.keyboard.press("ArrowRight")
    each = root.get_by_role("radio", name="best of each category")
    expect(each).to_be_focused()
    expect(each).to_have_attribute("aria-checked", "true")
    root.get_by_role("button", name="Show all").click()
    expect(root.locator(".nbi-detectors-count")).to_have_text(re.compile("^9. units$"))
    row = root.locator(".nbi-detector[aria-rowindex='1']")
    head = row.locator(".nbi-detector-head")
    head.focus()
    offline.keyboard.press("Enter")
    expect(head).to_have_attribute("aria-selected", "true")
    offline.keyboard.press("ArrowRight")
    cell = row.locator(".nbi-exemplar").first
    expect(cell).to_be_focused()
    offline.keyboard.press("Space")
    expect(cell).to_have_attribute("aria-selected", "true")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_is_readable(scheme, browser, open_dissection, found, screenshot):
    with offline_page(browser, color_scheme=scheme, viewport={"width": 1300, "height": 800}) as page:
        root = open_dissection(page, nbi.DissectionView(found))
        expect(root).to_have_class(f"nbi nbi-dissection nbi-{scheme}")
        screenshot(page, f"dissection-{scheme}")
        assert page.evaluate(FAINT, CONTRAST) == []
        root.locator(".nbi-dissection-notes summary").click()
        root.locator(".nbi-bar-row").nth(1).click()
        root.locator(".nbi-exemplar").nth(2).click()
        settled(page)
        screenshot(page, f"dissection-{scheme}-concept")
        assert page.evaluate(FAINT, CONTRAST) == []
        root.get_by_role("button", name="Show all").click()
        root.get_by_role("button", name="Concept masks").click()
        root.get_by_role("button", name=re.compile("^part ")).click()
        settled(page)
        screenshot(page, f"dissection-{scheme}-category")
        assert page.evaluate(FAINT, CONTRAST) == []


@pytest.mark.parametrize("width", [400, 800])
def test_a_narrow_column_needs_no_sideways_scrolling(width, browser, open_dissection, found, screenshot):
    with offline_page(browser, viewport={"width": width, "height": 900}) as page:
        root = open_dissection(page, nbi.DissectionView(found))
        root.locator(".nbi-bar-row").first.click()
        settled(page)
        screenshot(page, f"dissection-{width}", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        beyond = """root => {
            const right = root.getBoundingClientRect().right + 1;
            return [...root.querySelectorAll("button, select, input, p, strong, canvas")]
                .filter((node) => node.checkVisibility() && node.getBoundingClientRect().right > right)
                .map((node) => node.outerHTML.slice(0, 120));
        }"""
        assert root.evaluate(beyond) == []


def test_names_are_text_never_markup(offline, open_dissection):
    names = (f"sky {HOSTILE}", "=HYPERLINK(1)", "<b>blue</b> $x^2$", "red")
    view = nbi.DissectionView(
        by_hand(
            concepts=names,
            categories=(f"object {HOSTILE}",) * 2 + ("colour",) * 2,
            category_names=(f"object {HOSTILE}", "colour"),
            layer=f"layer {HOSTILE}",
            notes=(HOSTILE,),
        )
    )
    assert HOSTILE not in view._snapshot()["text/html"]
    root = open_dissection(offline, view)
    expect(root.locator(".nbi-detector-concept").first).to_have_text("<b>blue</b> $x^2$")
    expect(root.locator(".nbi-bars-figure .ytick text").last).to_contain_text("<b>blue</b> $x^2$")
    assert offline.locator("#nbinterp b").count() == 0
    assert offline.evaluate("window.hurt") is None


def choose(page: Page, view, unit: int) -> None:
    """What a linked view does when a unit is clicked there."""
    call = """async ([id, unit]) => (await window.mounted.model(id)).set("unit", unit)"""
    page.evaluate(call, [view.link.model_id, {"layer": view.dissection.layer, "unit": unit}])


def put(page: Page, view, **traits) -> None:
    """Set traits of the page's view, as Python would."""
    call = """async ([id, traits]) => {
        const model = await window.mounted.model(id);
        for (const [name, value] of Object.entries(traits)) model.set(name, value);
    }"""
    page.evaluate(call, [view.model_id, traits])


def test_a_chance_level_above_the_iou_stands_out(offline, open_dissection, found):
    root = open_dissection(offline, nbi.DissectionView(found))
    above = found.best_iou > found.chance[:, 1]
    for unit, warns in ((int(above.argmin()), True), (int(above.argmax()), False)):
        root.get_by_role("searchbox").fill(f"unit {unit}")
        expect(root.locator(".nbi-detector-number:visible")).to_have_text([f"unit {unit}"])
        chance = root.locator(".nbi-detector-chance:visible")
        expect(chance).to_have_class(re.compile("nbi-warn" if warns else "^nbi-detector-chance$"))
        expect(chance).to_have_text(re.compile("^not above chance: " if warns else "^chance "))


def test_what_is_chosen_elsewhere_comes_into_sight(offline, open_dissection, found):
    view = nbi.DissectionView(found)
    root = open_dissection(offline, view)
    last = int(view.units()[-1])
    choose(offline, view, last)
    chosen = root.locator(".nbi-detector.nbi-chosen")
    expect(chosen.locator(".nbi-detector-number")).to_have_text(f"unit {last}")
    expect(chosen.locator(".nbi-unit-tick")).to_be_in_viewport()
    put(offline, view, sort_by="unit", descending=False)
    expect(root.locator(".nbi-detector[aria-rowindex='1']")).to_be_in_viewport()
    bars = root.locator(".nbi-bar-row")
    rarest = found.concept_number(*re.match(r"(.+) \((\w+)\):", bars.last.get_attribute("aria-label")).groups())
    put(offline, view, concept=rarest)
    expect(bars.last).to_have_attribute("aria-pressed", "true")
    expect(bars.last).to_be_in_viewport()
    expect(bars.last).to_have_attribute("tabindex", "0")
    opacity = "node => Number(getComputedStyle(node).opacity)"
    points = root.locator(".nbi-bars-figure .point path")
    assert [points.nth(at).evaluate(opacity) for at in (0, bars.count() - 1)] == [0.3, 1]


def test_the_card_that_was_used_stays_the_one_that_tab_reaches(offline, open_dissection, found):
    root = open_dissection(offline, nbi.DissectionView(found))
    head = root.locator(".nbi-detector[aria-rowindex='3'] .nbi-detector-head")
    head.click()
    number = head.locator(".nbi-detector-number").inner_text()
    root.get_by_label("Sort").select_option("area")
    reached = root.locator(".nbi-detector:not([hidden]) [tabindex='0']")
    expect(reached.locator(".nbi-detector-number")).to_have_text(number)


def test_bars_follow_the_theme(browser, open_dissection, found):
    with offline_page(browser, color_scheme="light") as page:
        root = open_dissection(page, nbi.DissectionView(found))
        text = root.locator(".nbi-bars-figure .bartext").first
        fill = "node => getComputedStyle(node).fill"
        light = text.evaluate(fill)
        page.emulate_media(color_scheme="dark")
        expect(root).to_have_class("nbi nbi-dissection nbi-dark")
        expect(text).not_to_have_css("fill", light)
