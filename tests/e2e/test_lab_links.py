"""Views in a real JupyterLab that agree with each other and with Python, and what a saved notebook shows."""

import re
import time

import pytest
from browsing import PATIENCE_MS
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser

CELLS = [
    "import nbinterp as nbi\n"
    "study = nbi.record(nbi.demo.classifier(), nbi.demo.scenes(60), layers=['stage3', 'stage4'], progress=False)\n"
    "view = nbi.explore(study, method='pca')",
    "view",
    "view",
    "grid = nbi.ImageGrid(study, selection=view.link)\ngrid",
]

# The picture of one cell, cut out of the canvas that its row shares.
PICTURE = """cell => {
    const canvas = cell.parentElement.querySelector("canvas");
    const from = canvas.getBoundingClientRect(), tile = cell.querySelector(".nbi-tile").getBoundingClientRect();
    const scale = canvas.width / from.width;
    const copy = new OffscreenCanvas(Math.round(tile.width * scale), Math.round(tile.height * scale)).getContext("2d");
    copy.drawImage(canvas, (from.left - tile.left) * scale, (from.top - tile.top) * scale);
    return copy.getImageData(0, 0, copy.canvas.width, copy.canvas.height).data.join();
}"""


def kernel_says(lab, page: Page, expression: str, expected: str) -> None:
    """Wait until a Python expression in the kernel has the value expected."""
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while (found := lab.evaluate(page, expression)) != expected:
        assert time.monotonic() < deadline, f"{expression} is {found}, not {expected}"
        time.sleep(0.1)


def test_two_displays_of_one_view_agree_with_each_other_and_with_python(lab, page, screenshot):
    lab.write("links.ipynb", CELLS)
    page.set_viewport_size({"width": 1400, "height": 3600})  # JupyterLab draws only the cells in sight
    lab.open(page, "links.ipynb")
    lab.run_all(page)
    explorers = page.locator(".nbi-explorer")
    expect(explorers).to_have_count(2)
    first, second = explorers.nth(0), explorers.nth(1)
    grid = page.locator(".nbi-grid").last
    for view in (first, second, grid):
        expect(view.locator(".nbi-cell").first).to_be_visible()
    expect(page.locator(".nbinterp-snapshot:visible")).to_have_count(0)

    agree_on_selection(lab, page, first, second, grid)
    agree_on_undo(lab, page, first, second)
    agree_on_units(lab, page, first, second, grid)
    follow_the_dark_theme(page, first, screenshot)


def agree_on_selection(lab, page: Page, first: Locator, second: Locator, grid: Locator) -> None:
    """A click in one display is seen in the others and in Python; Python's selection is seen in all."""
    first.locator(".nbi-cell").nth(5).click()
    expect(second.locator(".nbi-cell").first).to_have_attribute("title", re.compile("-00005, "))
    for view in (second, grid):
        expect(view.locator(".nbi-cell").first).to_have_attribute("aria-selected", "true")
    kernel_says(lab, page, "view.selection.tolist()", "[5]")
    lab.evaluate(page, "setattr(view, 'selection', [7, 11, 13])")
    for view in (first, second):
        expect(view.locator(".nbi-selection-size").first).to_have_text("3 selected")
    expect(grid.locator(".nbi-count")).to_have_text("60 images · 3 selected")


def agree_on_undo(lab, page: Page, first: Locator, second: Locator) -> None:
    """Undo in the browser takes back what Python selected, and Python hears of it; names reach Python too."""
    second.get_by_role("button", name="Undo").first.click()
    kernel_says(lab, page, "view.selection.tolist()", "[5]")
    expect(first.locator(".nbi-selection-size").first).to_have_text("1 selected")
    second.get_by_role("button", name="Redo").first.click()
    kernel_says(lab, page, "view.selection.tolist()", "[7, 11, 13]")
    first.get_by_role("button", name="Save", exact=True).click()
    first.get_by_label("Name of the selection").fill("three")
    page.keyboard.press("Enter")
    kernel_says(lab, page, "{name: i.tolist() for name, i in view.link.named.items()}", "{'three': [7, 11, 13]}")
    expect(second.get_by_role("button", name="Saved (1)").first).to_be_enabled()


def agree_on_units(lab, page: Page, first: Locator, second: Locator, grid: Locator) -> None:
    """A unit chosen once is chosen everywhere; the kernel gives heat maps of images beyond the exemplars."""
    lab.evaluate(page, "view.link.set_trait('unit', None)")
    expect(grid.locator(".nbi-loading")).to_have_count(0)
    unit = int(first.locator(".nbi-unit-number").first.inner_text())
    exemplars = eval(lab.evaluate(page, f"study['stage4'].top.index[{unit}].tolist()"))
    others = [i for i in (7, 11, 13) if i not in exemplars]
    assert others, "the test needs a selected image that is no exemplar of the unit"
    cell = grid.locator(".nbi-cell").nth([7, 11, 13].index(others[0]))
    before = cell.evaluate(PICTURE)
    first.locator(".nbi-unit-head").first.click()
    expect(second.locator(".nbi-chip")).to_have_text(f"unit {unit} of stage4")
    kernel_says(lab, page, "view.link.unit", f"{{'layer': 'stage4', 'unit': {unit}}}")
    expect(grid.get_by_role("button", name="Heat map")).to_have_attribute("aria-pressed", "true")
    page.wait_for_function(
        f"([cell, before]) => ({PICTURE})(cell) !== before", arg=[cell.element_handle(), before], timeout=PATIENCE_MS
    )
    expect(grid.locator(".nbi-warn[role=status]").first).to_have_text("")


def follow_the_dark_theme(page: Page, explorer: Locator, screenshot) -> None:
    """JupyterLab's dark theme darkens the views that are there."""
    expect(explorer).to_have_class(re.compile("nbi-light"))
    page.evaluate("() => window.jupyterapp.commands.execute('apputils:change-theme', { theme: 'JupyterLab Dark' })")
    expect(explorer).to_have_class(re.compile("nbi-dark"))
    for part in (".nbi-plot", ".nbi-grid", ".nbi-units"):
        expect(explorer.locator(part)).to_have_class(re.compile("nbi-dark"))
    explorer.evaluate("element => element.scrollIntoView()")
    screenshot(page, "lab-dark")
    page.evaluate("() => window.jupyterapp.commands.execute('apputils:change-theme', { theme: 'JupyterLab Light' })")
    expect(explorer).to_have_class(re.compile("nbi-light"))


def test_a_saved_notebook_shows_its_pictures_without_a_kernel(lab, page, screenshot):
    lab.write("saved.ipynb", [*CELLS[:2], "nbi.ImageGrid(study)"])
    page.set_viewport_size({"width": 1400, "height": 2400})
    lab.open(page, "saved.ipynb")
    lab.run_all(page)
    expect(page.locator(".nbi-cell").first).to_be_visible()
    lab.reopen_elsewhere(page, "saved.ipynb")
    pictures = page.locator(".nbinterp-snapshot img")
    expect(pictures).to_have_count(2)
    for picture, words in zip(pictures.all(), ("PCA of 60 images in layer stage4", "60 images"), strict=True):
        expect(picture).to_be_visible()
        expect(picture).to_have_attribute("alt", re.compile(words))
        assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 400
    expect(page.locator(".nbi")).to_have_count(0)
    screenshot(page, "lab-reopened")
