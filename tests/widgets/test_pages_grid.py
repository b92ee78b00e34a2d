"""ImageGrid as a page opened from disk, with the network off."""

import csv
import io
import re
from pathlib import Path

import numpy as np
import pytest
from browsing import selection_of
from playwright.sync_api import expect

import nbinterp as nbi

pytestmark = pytest.mark.browser


@pytest.fixture
def grid(recording):
    return nbi.ImageGrid(recording)


def name_at(grid, i: int) -> re.Pattern:
    """What the title of a cell that shows image `i` begins with."""
    return re.compile(f"^{re.escape(grid.recording.names[i])}, ")


def test_captions_say_label_prediction_and_confidence(offline, open_view, grid):
    root = open_view(offline, grid)
    frame = grid.recording.frame
    wrong = int(np.flatnonzero(~grid.recording.correct)[0])
    for i in (0, wrong):
        row = frame.iloc[i]
        cell = root.locator(f'.nbi-cell[title^="{row["name"]},"]')
        if i == wrong:
            root.get_by_label("Search in file names").fill(row["name"])
        expect(cell.locator(".nbi-first")).to_have_text(row["label"])
        expect(cell.locator(".nbi-second")).to_have_text(f"→ {row['prediction']}")
        expect(cell.locator(".nbi-confidence")).to_have_text(f"{100 * row['confidence']:.0f} %")
        expect(cell.locator(".nbi-mark")).to_have_text("✓" if row["correct"] else "✗")


def test_sort_filter_and_search(offline, open_view, grid):
    root = open_view(offline, grid)
    frame = grid.recording.frame
    first = root.locator(".nbi-cell").first
    count = root.locator(".nbi-count")
    expect(count).to_have_text("120 images")
    root.get_by_role("combobox", name="Sort", exact=True).select_option("confidence")
    expect(first).to_have_attribute("title", name_at(grid, frame["confidence"].argmin()))
    root.get_by_role("button", name="Ascending; click for descending").click()
    expect(first).to_have_attribute("title", name_at(grid, frame["confidence"].argmax()))

    root.get_by_role("combobox", name="Filter", exact=True).select_option("label")
    root.get_by_role("button", name=re.compile("^all$|Groups to show")).click()
    root.get_by_role("checkbox", name="beach").check()
    offline.keyboard.press("Escape")
    beach = frame[frame["label"] == "beach"]
    expect(count).to_have_text(f"{len(beach)} of 120 images")
    expect(first).to_have_attribute("title", name_at(grid, beach["confidence"].idxmax()))

    root.get_by_label("Search in file names").fill("no such thing")
    expect(root.get_by_text("No image matches the filter.")).to_be_visible()
    root.locator(".nbi-empty").get_by_role("button", name="Clear").click()
    expect(count).to_have_text("120 images")
    root.get_by_label("Search in file names").fill("BEACH-0")
    expect(count).to_have_text(f"{len(beach)} of 120 images")


def test_click_ctrl_click_and_shift_click(offline, open_view, grid):
    root = open_view(offline, grid)
    cells = root.locator(".nbi-cell")
    cells.nth(2).click()
    assert selection_of(offline, grid, 1) == [2]
    expect(cells.nth(2)).to_have_attribute("aria-selected", "true")
    cells.nth(5).click(modifiers=["ControlOrMeta"])
    assert selection_of(offline, grid, 2) == [2, 5]
    cells.nth(2).click(modifiers=["ControlOrMeta"])
    assert selection_of(offline, grid, 1) == [5]
    cells.nth(4).click()
    cells.nth(7).click(modifiers=["Shift"])
    assert selection_of(offline, grid, 4) == [4, 5, 6, 7]
    expect(root.locator(".nbi-count")).to_have_text("120 images · 4 selected")
    root.get_by_role("button", name="Update order").click()
    expect(cells.first).to_have_attribute("title", name_at(grid, 4))


def test_every_step_has_a_key(offline, open_view, grid):
    root = open_view(offline, grid)
    cells = root.locator(".nbi-cell")
    cells.first.focus()
    offline.keyboard.press("ArrowRight")
    expect(cells.nth(1)).to_be_focused()
    offline.keyboard.press("Space")
    assert selection_of(offline, grid, 1) == [1]
    offline.keyboard.press("Shift+ArrowRight")
    assert selection_of(offline, grid, 2) == [1, 2]
    offline.keyboard.press("Enter")
    preview = root.get_by_role("region", name="Preview")
    expect(preview).to_contain_text(grid.recording.names[2])
    expect(preview).to_contain_text(grid.recording.frame["facet"][2])
    offline.keyboard.press("Escape")
    expect(preview).to_be_hidden()
    offline.keyboard.press("ControlOrMeta+a")
    assert len(selection_of(offline, grid, 120)) == 120
    offline.keyboard.press("ControlOrMeta+z")
    assert selection_of(offline, grid, 2) == [1, 2]
    offline.keyboard.press("ControlOrMeta+End")
    expect(root.locator(".nbi-cell:focus")).to_have_attribute("title", name_at(grid, 119))


def test_a_selection_is_undone_named_and_exported(offline, open_view, grid):
    root = open_view(offline, grid)
    cells = root.locator(".nbi-cell")
    bar = root.get_by_role("toolbar", name="Selection")
    undo, redo = bar.get_by_role("button", name="Undo"), bar.get_by_role("button", name="Redo")
    expect(undo).to_be_disabled()
    cells.nth(3).click()
    cells.nth(8).click(modifiers=["ControlOrMeta"])
    assert selection_of(offline, grid, 2) == [3, 8]

    bar.get_by_role("button", name="Save", exact=True).click()
    bar.get_by_label("Name of the selection").fill("two <b>scenes</b>")
    offline.keyboard.press("Enter")
    expect(bar.get_by_role("button", name="Saved (1)")).to_be_enabled()

    undo.click()
    assert selection_of(offline, grid, 1) == [3]
    redo.click()
    assert selection_of(offline, grid, 2) == [3, 8]
    expect(redo).to_be_disabled()
    bar.get_by_role("button", name="Clear").click()
    expect(bar).to_contain_text("Nothing selected")
    bar.get_by_role("button", name="Saved (1)").click()
    bar.get_by_role("button", name="two <b>scenes</b>", exact=True).click()
    assert selection_of(offline, grid, 2) == [3, 8]

    frame = grid.recording.frame
    with offline.expect_download() as download:
        bar.get_by_role("button", name="Export CSV").click()
    assert download.value.suggested_filename == "selection.csv"
    rows = read_csv(download.value.path())
    assert rows[0] == ["index", *grid.source._frame.columns]
    for row, i in zip(rows[1:], [3, 8], strict=True):
        facts = dict(zip(rows[0], row, strict=True))
        assert facts["index"] == str(i)
        assert facts["name"] == frame["name"][i]
        assert facts["label"] == frame["label"][i]
        assert facts["correct"] == str(bool(frame["correct"][i])).lower()
        assert float(facts["confidence"]) == pytest.approx(frame["confidence"][i], rel=1e-6)
        assert facts["subclass"] == frame["subclass"][i]

    bar.get_by_role("button", name="Clear").click()
    with offline.expect_download() as download:
        bar.get_by_role("button", name="Export CSV").click()
    assert [row[1] for row in read_csv(download.value.path())[1:]] == list(grid.recording.names)


def test_the_heat_map_waits_for_a_unit(offline, open_view, grid):
    root = open_view(offline, grid)
    button = root.get_by_role("button", name="Heat map")
    expect(button).to_be_disabled()
    expect(button).to_have_attribute("title", re.compile("Select a unit first"))


def read_csv(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
