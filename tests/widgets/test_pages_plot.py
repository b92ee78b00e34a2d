"""EmbeddingPlot as a page opened from disk, with the network off."""

import re

import numpy as np
import pytest
from browsing import lasso, pixels_of, selection_of
from playwright.sync_api import expect

import nbinterp as nbi
from nbinterp.widgets import source

pytestmark = pytest.mark.browser
# fractions of the plotting frame
EVERYTHING = [(0.001, 0.001), (0.999, 0.001), (0.999, 0.999), (0.001, 0.999)]
RIGHT_HALF = [(0.5, 0.001), (0.999, 0.001), (0.999, 0.999), (0.5, 0.999)]


@pytest.fixture
def plot(recording):
    return nbi.EmbeddingPlot(recording, "stage4", method="pca")


def size_shown(root) -> int:
    """How many images the line below the plot says are selected."""
    found = re.match(r"([\d,]+) of", root.locator(".nbi-plot-status").inner_text())
    return int(found[1].replace(",", "")) if found else 0


def test_a_lasso_selects_the_points_inside_it(offline, open_view, plot):
    root = open_view(offline, plot)
    area = root.locator(".nsewdrag")
    lasso(offline, area, RIGHT_HALF)
    expect(root.locator(".nbi-plot-status")).to_contain_text("of 120 selected")
    right = selection_of(offline, plot, size_shown(root))
    first = plot.coordinates()[1][:, 0]
    left = np.setdiff1d(np.arange(120), right)
    assert 0 < len(right) < 120
    assert first[right].min() > first[left].max(), "a straight cut between the points"

    lasso(offline, area, EVERYTHING, key="Shift")
    expect(root.locator(".nbi-plot-status")).to_contain_text("120 of 120 selected")
    lasso(offline, area, RIGHT_HALF, key="Alt")
    expect(root.locator(".nbi-plot-status")).to_contain_text(f"{len(left)} of 120 selected")
    assert selection_of(offline, plot, len(left)) == left.tolist()


def test_the_legend_hides_a_group_from_picture_and_lasso(offline, open_view, plot):
    root = open_view(offline, plot)
    canvas = root.locator(".nbi-plot-canvas").first
    counts = plot.recording.frame["label"].value_counts().to_dict()
    item = root.locator(".nbi-legend-item", has_text="beach")
    expect(item.locator(".nbi-legend-count")).to_have_text(str(counts["beach"]))
    before = pixels_of(canvas)
    item.click()
    expect(item).to_have_attribute("aria-pressed", "false")
    offline.wait_for_function(
        "([canvas, before]) => canvas.toDataURL() !== before", arg=[canvas.element_handle(), before]
    )
    lasso(offline, root.locator(".nsewdrag"), EVERYTHING)
    expect(root.locator(".nbi-plot-status")).to_contain_text(f"{120 - counts['beach']} of 120 selected")
    beach = np.flatnonzero(plot.recording.frame["label"] == "beach")
    assert not set(beach) & set(selection_of(offline, plot, 120 - counts["beach"]))

    item.dblclick()
    lasso(offline, root.locator(".nsewdrag"), EVERYTHING)
    assert selection_of(offline, plot, counts["beach"]) == beach.tolist()
    root.get_by_role("button", name="Show all", exact=True).click()
    expect(item).to_have_attribute("aria-pressed", "true")


def test_colours_follow_the_column_chosen(offline, open_view, plot):
    root = open_view(offline, plot)
    colour = root.get_by_role("combobox", name="Colour", exact=True)
    colour.select_option("correct")
    right, wrong = plot.recording.correct.sum(), (~plot.recording.correct).sum()
    expect(root.locator(".nbi-legend-count")).to_have_text([str(wrong), str(right)])
    colour.select_option("confidence")
    expect(root.locator(".nbi-scale")).to_have_attribute("aria-label", re.compile(r"colour from 0\.\d+.* to 0\.\d+"))
    expect(root.locator(".nbi-legend-item")).to_have_count(0)


def test_every_step_has_a_key(offline, open_view, plot):
    root = open_view(offline, plot)
    area = root.locator(".nbi-plot-area")
    status = root.locator(".nbi-plot-status")
    area.focus()
    offline.keyboard.press("ArrowRight")
    expect(root.locator(".nbi-tip")).to_be_visible()
    offline.keyboard.press("Enter")
    expect(status).to_contain_text("1 of 120 selected")
    [first] = selection_of(offline, plot, 1)
    expect(root.locator(".nbi-tip-name")).to_have_text(plot.recording.names[first])
    offline.keyboard.press("ArrowRight")
    offline.keyboard.press("Shift+Enter")
    expect(status).to_contain_text("2 of 120 selected")
    second = next(i for i in selection_of(offline, plot, 2) if i != first)
    x = plot.coordinates()[1][:, 0]
    assert x[second] > x[first], "the right arrow goes to the right"
    offline.keyboard.press("Alt+Enter")
    assert selection_of(offline, plot, 1) == [first]
    offline.keyboard.press("Escape")
    expect(status).to_contain_text("120 items")
    expect(root.locator(".nbi-tip")).to_be_hidden()


def test_umap_that_was_not_computed_is_refused_with_the_reason(offline, open_view, plot):
    plot.method = "umap"
    root = open_view(offline, plot)
    button = root.get_by_role("button", name="UMAP")
    expect(button).to_be_disabled()
    expect(button).to_have_attribute("title", re.compile("not computed before this page was saved.* running kernel"))
    expect(root.get_by_role("button", name="PCA")).to_have_attribute("aria-pressed", "true")
    expect(root.locator(".nbi-plot-area")).to_have_attribute("aria-label", re.compile("^PCA of layer stage4"))


def test_umap_that_was_computed_is_on_the_page(offline, open_view, monkeypatch):
    monkeypatch.setattr(source, "umap", lambda features, **_: features[:, :2])
    layers = ["stage4"]
    small = nbi.record(nbi.demo.classifier(), nbi.demo.scenes(30), layers=layers, progress=False)
    plot = nbi.EmbeddingPlot(small)
    plot.compute()
    root = open_view(offline, plot)
    area = root.locator(".nbi-plot-area")
    expect(area).to_have_attribute("aria-label", re.compile("^UMAP of layer stage4"))
    root.get_by_role("button", name="PCA").click()
    expect(area).to_have_attribute("aria-label", re.compile("^PCA of layer stage4"))
    root.get_by_role("button", name="UMAP").click()
    expect(area).to_have_attribute("aria-label", re.compile("^UMAP of layer stage4"))
