"""Several front ends on one kernel, and a notebook full of widgets, in a real JupyterLab."""

import re
import time

import pytest
from browsing import PATIENCE_MS
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

START = (
    "import nbinterp as nbi\n"
    "study = nbi.record(nbi.demo.classifier(), nbi.demo.scenes(1000), layers=['stage3', 'stage4'], progress=False)\n"
    "link = nbi.Selection(1000)"
)
KINDS = (
    "nbi.ImageGrid(study, selection=link)",
    "nbi.EmbeddingPlot(study, method='pca', selection=link)",
    "nbi.UnitList(study, selection=link)",
    "nbi.explore(study, method='pca', selection=link)",
)


def kernel_says(lab, page: Page, expression: str, expected: str) -> None:
    """Wait until a Python expression in the kernel has the value expected."""
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while (found := lab.evaluate(page, expression)) != expected:
        assert time.monotonic() < deadline, f"{expression} is {found}, not {expected}"
        time.sleep(0.1)


def test_two_tabs_on_one_kernel_agree(lab, page):
    lab.write("tabs.ipynb", [START, f"view = {KINDS[0]}\nview"])
    lab.open(page, "tabs.ipynb")
    lab.run_all(page)
    here = page.locator(".nbi-grid")
    expect(here.locator(".nbi-cell").first).to_be_visible()
    lab.command(page, "docmanager:save", wait=True)

    other = page.context.new_page()
    lab.open(other, "tabs.ipynb")
    there = other.locator(".nbi-grid")
    expect(there.locator(".nbi-cell").first).to_be_visible()

    here.locator(".nbi-cell").nth(3).click()
    expect(there.locator(".nbi-count")).to_have_text("1,000 images · 1 selected")
    expect(there.locator(".nbi-cell").first).to_have_attribute("title", re.compile("-00003, "))
    kernel_says(lab, page, "view.selection.tolist()", "[3]")
    cell = there.locator(".nbi-cell").nth(2)
    chosen = int(re.search(r"-(\d{5}), ", cell.get_attribute("title"))[1])
    cell.click()
    kernel_says(lab, other, "view.selection.tolist()", f"[{chosen}]")
    expect(here.locator(".nbi-cell").first).to_have_attribute("title", re.compile(f"-{chosen:05d}, "))
    lab.evaluate(page, "setattr(view, 'selection', [7, 11])")
    for grid in (here, there):
        expect(grid.locator(".nbi-count")).to_have_text("1,000 images · 2 selected")
    other.close()
    here.locator(".nbi-cell").nth(5).click()
    kernel_says(lab, page, "len(view.selection)", "1")


def test_a_notebook_of_twenty_widgets_is_small_and_answers(lab, page, screenshot):
    widgets = [f"views = [{KINDS[0]}]\nviews[0]"]
    widgets += [f"views.append({KINDS[i % len(KINDS)]})\nviews[-1]" for i in range(1, 20)]
    lab.write("twenty.ipynb", [START, *widgets])
    page.set_viewport_size({"width": 1400, "height": 2400})
    lab.open(page, "twenty.ipynb")
    lab.run_all(page, timeout=240)
    kernel_says(lab, page, "len(views)", "20")
    first = page.locator(".nbi-grid").first
    expect(first.locator(".nbi-cell").first).to_be_visible()

    asked = time.monotonic()
    first.locator(".nbi-cell").nth(4).click()
    kernel_says(lab, page, "views[19].selection.tolist()", "[4]")
    expect(page.locator(".nbi-explorer .nbi-selection-size").first).to_have_text("1 selected")
    print(f"\n20 widgets: a click is in the other views and in the kernel after {time.monotonic() - asked:.2f} s")
    screenshot(page, "lab-twenty")

    lab.command(page, "docmanager:save", wait=True)
    size = (lab.folder / "twenty.ipynb").stat().st_size
    print(f"20 widgets: the saved notebook has {size / 1e6:.2f} MB")
    assert size < 5_000_000
