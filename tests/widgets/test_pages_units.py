"""UnitList as a page opened from disk, with the network off."""

import re

import numpy as np
import pytest
from browsing import selection_of
from playwright.sync_api import expect

import nbinterp as nbi

pytestmark = pytest.mark.browser


@pytest.fixture
def units(recording):
    return nbi.UnitList(recording, "stage4", height=600)


def numbers(root) -> list[int]:
    """The units in sight, from the top."""
    rows = root.locator(".nbi-unit").evaluate_all(
        "rows => rows.map(row => [Number(row.getAttribute('aria-rowindex')), row.querySelector('.nbi-unit-number')"
        ".textContent, row.hidden])"
    )
    return [int(number) for _, number, hidden in sorted(rows) if not hidden and number]


def expect_order(root, measure: np.ndarray) -> None:
    """The first units shown are those with the largest measure (equal ones in any order)."""
    best = int(np.nanargmax(measure))
    expect(root.locator('.nbi-unit[aria-rowindex="1"] .nbi-unit-number')).to_have_text(str(best))
    shown = measure[numbers(root)[:6]]
    np.testing.assert_array_equal(shown, np.sort(measure)[::-1][:6])


def test_sort_by_every_measure_and_search(offline, open_view, units):
    root = open_view(offline, units)
    table = units.source.units("stage4")
    sort = root.get_by_role("combobox", name="Sort", exact=True)
    expect_order(root, table["activity"])
    for measure in ("selectivity", "peak"):
        sort.select_option(measure)
        expect_order(root, table[measure])
    sort.select_option("unit")
    expect_order(root, -np.arange(96))
    root.get_by_role("button", name="Ascending; click for descending").click()
    expect_order(root, np.arange(96))

    search = root.get_by_label("Search by unit number or class name")
    search.fill("17")
    expect(root.locator('.nbi-unit[aria-rowindex="1"] .nbi-unit-number')).to_have_text("17")
    search.fill("no such class")
    expect(root.get_by_text("No unit matches the search.")).to_be_visible()


def test_a_click_selects_the_unit_and_a_second_one_lets_go(offline, open_view, units):
    root = open_view(offline, units)
    head = root.locator('.nbi-unit[aria-rowindex="2"] .nbi-unit-head')
    unit = numbers(root)[1]
    head.click()
    expect(head).to_have_attribute("aria-selected", "true")
    expect(root.locator(".nbi-unit.nbi-chosen")).to_have_count(1)
    read = "async id => (await window.mounted.model(id)).get('unit')"
    assert offline.evaluate(read, units.link.model_id) == {"layer": "stage4", "unit": unit}
    head.focus()
    offline.keyboard.press("Enter")
    expect(head).to_have_attribute("aria-selected", "false")
    assert offline.evaluate(read, units.link.model_id) is None


def test_exemplars_are_the_top_images_and_a_click_selects_one(offline, open_view, units):
    root = open_view(offline, units)
    unit = numbers(root)[0]
    top = units.recording["stage4"].top.index[unit]
    exemplars = root.locator('.nbi-unit[aria-rowindex="1"] .nbi-exemplar')
    for rank in range(3):
        name = re.escape(units.recording.names[top[rank]])
        expect(exemplars.nth(rank)).to_have_attribute("title", re.compile(f"^{name}, activation"))
    exemplars.nth(1).click()
    expect(exemplars.nth(1)).to_have_attribute("aria-selected", "true")
    assert selection_of(offline, units, 1) == [int(top[1])]
    exemplars.nth(0).click(modifiers=["ControlOrMeta"])
    assert selection_of(offline, units, 2) == sorted(int(i) for i in top[:2])
    offline.keyboard.press("ArrowRight")
    expect(exemplars.nth(1)).to_be_focused()


def test_exemplars_are_masked_to_the_active_area_until_it_is_switched_off(offline, open_view, units):
    root = open_view(offline, units)
    canvas = root.locator('.nbi-unit[aria-rowindex="1"] canvas')
    brightness = """canvas => { const d = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
        let sum = 0; for (let i = 0; i < d.length; i += 4) sum += d[i] + d[i + 1] + d[i + 2]; return sum; }"""
    offline.wait_for_function(f"canvas => ({brightness})(canvas) > 0", arg=canvas.element_handle())
    mask = root.get_by_role("button", name="Mask")
    masked = canvas.evaluate(brightness)
    mask.click()
    expect(mask).to_have_attribute("aria-pressed", "false")
    assert canvas.evaluate(brightness) > masked
