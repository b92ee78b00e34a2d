"""The quickstart notebook in a real JupyterLab, walked through as a person would."""

import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
QUICKSTART = Path(__file__).resolve().parents[2] / "notebooks" / "00_quickstart.ipynb"


def lasso(page: Page, area, fractions) -> None:
    """Draw a closed line through fractions of an element's width and height."""
    box = area.bounding_box()
    points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in fractions]
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in [*points[1:], points[0]]:
        page.mouse.move(*point, steps=8)
    page.mouse.up()


def n_selected(view) -> int:
    """The number in the explorer's selection bar."""
    text = view.locator(".nbi-selection-size").first.inner_text()
    found = re.search(r"([\d,]+)", text)
    return int(found.group(1).replace(",", "")) if found else 0


def test_quickstart_in_jupyterlab(lab, page, screenshot):
    shutil.copyfile(QUICKSTART, lab.folder / "quickstart.ipynb")
    lab.open(page, "quickstart.ipynb")
    lab.run_all(page, timeout=240)
    explorer = page.locator(".nbi-explorer").first
    page.set_viewport_size({"width": 1500, "height": 1500})
    lab.command(page, "application:toggle-left-area")
    expect(explorer.locator(".nbi-cell").first).to_be_visible(timeout=20_000)
    expect(page.locator(".nbinterp-snapshot").first).to_be_hidden()
    explorer.evaluate("element => element.scrollIntoView()")
    page.wait_for_timeout(1500)
    screenshot(page, "lab-quickstart")

    explorer.get_by_role("button", name="Clear").first.click()
    first_cell = explorer.locator(".nbi-cell").first
    before = first_cell.get_attribute("title")
    lasso(page, explorer.locator(".nbi-plot-area"), [(0.2, 0.15), (0.8, 0.15), (0.8, 0.55), (0.2, 0.55)])
    expect(explorer.locator(".nbi-selection-size").first).not_to_have_text("Nothing selected")
    selected = n_selected(explorer)
    assert selected > 0
    expect(first_cell).to_have_attribute("aria-selected", "true")
    screenshot(page, "lab-lasso")
    page.wait_for_timeout(500)
    assert lab.evaluate(page, "len(view.selection)") == str(selected)
    assert first_cell.get_attribute("title") != before or lab.evaluate(page, "0 in view.selection") == "True"

    explorer.locator(".nbi-unit-head").nth(1).click()
    expect(explorer.locator(".nbi-chip")).to_contain_text("unit")
    page.wait_for_timeout(1500)
    screenshot(page, "lab-unit")
    unit = re.search(r"unit (\d+) of (\S+)", explorer.locator(".nbi-chip").inner_text())
    assert lab.evaluate(page, "view.link.unit") == f"{{'layer': '{unit[2]}', 'unit': {unit[1]}}}"
