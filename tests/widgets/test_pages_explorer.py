"""The explorer as a page opened from disk, with the network off: its three views answer each other."""

import re

import numpy as np
import pytest
from browsing import lasso, pixels_of, selection_of
from playwright.sync_api import expect

import nbinterp as nbi

pytestmark = pytest.mark.browser
LEFT_HALF = [(0.01, 0.01), (0.5, 0.01), (0.5, 0.99), (0.01, 0.99)]


@pytest.fixture
def explorer(recording):
    return nbi.explore(recording, method="pca")


@pytest.fixture
def opened(offline, open_view, explorer):
    root = open_view(offline, explorer)
    expect(root.locator(".nsewdrag")).to_be_visible()
    expect(root.locator(".nbi-unit-head").first).to_be_visible()
    return root


def names_shown(root, n: int) -> list[str]:
    """The names of the first n images of the grid."""
    titles = root.locator(".nbi-cell").evaluate_all("cells => cells.map(cell => cell.title)")
    return [title.split(", ")[0] for title in titles[:n]]


def test_a_lasso_brings_its_images_to_the_front_of_the_grid(offline, opened, explorer):
    lasso(offline, opened.locator(".nsewdrag"), LEFT_HALF)
    size = opened.locator(".nbi-selection-size").first
    expect(size).to_have_text(re.compile(r"\d+ selected"))
    chosen = selection_of(offline, explorer, int(size.inner_text().split()[0]))
    assert 10 < len(chosen) < 110
    cells = opened.locator(".nbi-cell")
    for place in (0, 9):
        expect(cells.nth(place)).to_have_attribute("aria-selected", "true")
    assert names_shown(opened, 10) == [explorer.recording.names[i] for i in chosen[:10]]
    opened.get_by_role("combobox", name="Selected", exact=True).select_option("only")
    expect(opened.locator(".nbi-count")).to_have_text(f"{len(chosen)} of 120 images · {len(chosen)} selected")

    opened.get_by_role("button", name="Undo").click()
    expect(size).to_have_text("Nothing selected")
    expect(opened.get_by_text("Nothing is selected, and only selected images are to be shown.")).to_be_visible()


def test_a_unit_colours_the_plot_and_lies_over_its_exemplars(offline, opened, explorer):
    top = explorer.recording["stage4"].top.index
    row = opened.locator('.nbi-unit[aria-rowindex="1"]')
    unit = int(row.locator(".nbi-unit-number").inner_text())
    row.locator(".nbi-exemplar").first.click()  # brings the exemplar to the front of the grid
    expect(opened.locator(".nbi-cell").first).to_have_attribute("aria-selected", "true")
    assert names_shown(opened, 1) == [explorer.recording.names[top[unit, 0]]]
    canvas = opened.locator(".nbi-grid .nbi-strip-canvas").first
    before = pixels_of(canvas)

    row.locator(".nbi-unit-head").click()
    expect(opened.locator(".nbi-chip")).to_have_text(f"unit {unit} of stage4")
    expect(opened.get_by_role("button", name="Heat map")).to_have_attribute("aria-pressed", "true")
    expect(opened.get_by_text("Without a kernel only the unit's own exemplars have a heat map.")).to_be_visible()
    expect(opened.locator(".nbi-plot .nbi-legend-title")).to_contain_text(f"stage4 unit {unit}")
    offline.wait_for_function("([c, before]) => c.toDataURL() !== before", arg=[canvas.element_handle(), before])
    largest = explorer.recording["stage4"].max[top[unit, 0], unit]
    shown = float(opened.locator(".nbi-cell .nbi-value").first.inner_text())
    assert shown == pytest.approx(largest, rel=0.01)

    opened.get_by_role("button", name="Heat map").click()
    expect(opened.locator(".nbi-cell .nbi-value").first).to_be_hidden()
    opened.locator(".nbi-chip").click()
    expect(opened.locator(".nbi-plot .nbi-legend-item")).to_have_count(10)
    expect(row.locator(".nbi-unit-head")).to_have_attribute("aria-selected", "false")


def test_another_layer_changes_plot_and_units_and_keeps_the_selection(offline, opened, explorer):
    opened.locator(".nbi-cell").nth(4).click()
    opened.locator(".nbi-layer").select_option("stage3")
    expect(opened.locator(".nbi-units-title")).to_have_text("stage3 · 96 units")
    expect(opened.locator(".nbi-plot-area")).to_have_attribute("aria-label", re.compile("^PCA of layer stage3"))
    assert selection_of(offline, explorer, 1) == [4]
    best = int(np.argmax(explorer.source.units("stage3")["activity"]))
    expect(opened.locator('.nbi-unit[aria-rowindex="1"] .nbi-unit-number')).to_have_text(str(best))


def test_what_needs_a_kernel_is_disabled_and_says_so(opened):
    umap = opened.get_by_role("button", name="UMAP")
    expect(umap).to_be_disabled()
    expect(umap).to_have_attribute("title", re.compile("needs a running kernel"))
    enabled = opened.get_by_role("button", name="PCA")
    expect(enabled).to_be_enabled()


def test_what_was_selected_when_the_page_was_written_is_selected_in_it(offline, open_view, recording):
    explorer = nbi.explore(recording, method="pca")
    explorer.selection = [7, 11]
    explorer.link.unit = {"layer": "stage4", "unit": 3}
    explorer.link.named = {"mine": [1, 2, 3]}
    root = open_view(offline, explorer)
    expect(root.locator(".nbi-selection-size").first).to_have_text("2 selected")
    expect(root.locator(".nbi-chip")).to_have_text("unit 3 of stage4")
    assert names_shown(root, 2) == [recording.names[7], recording.names[11]]
    root.get_by_role("button", name="Saved (1)").click()
    root.get_by_role("button", name="mine", exact=True).click()
    assert selection_of(offline, explorer, 3) == [1, 2, 3]


def test_a_recording_without_its_images_still_explores(offline, open_view, recording, tmp_path, screenshot):
    recording.save(tmp_path / "study")
    alone = nbi.Recording.load(tmp_path / "study")
    explorer = nbi.explore(alone, method="pca")
    root = open_view(offline, explorer)
    expect(root.locator(".nsewdrag")).to_be_visible()
    expect(root.locator(".nbi-grid .nbi-missing")).to_have_text(re.compile("No pictures: .* without its images"))
    expect(root.locator(".nbi-units .nbi-missing")).to_be_visible()
    screenshot(offline, "page-without-images")
    lasso(offline, root.locator(".nsewdrag"), LEFT_HALF)
    expect(root.locator(".nbi-selection-size").first).to_have_text(re.compile(r"\d+ selected"))
    root.locator(".nbi-unit-head").first.click()
    expect(root.locator(".nbi-chip")).to_contain_text("of stage4")
