"""RegionView in a real JupyterLab: it follows clicks, answers its controls, and agrees with Python."""

import re
import time

import pytest
from browsing import PATIENCE_MS
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser

CELLS = [
    "import numpy as np, nbinterp as nbi\n"
    "scenes = nbi.demo.scenes(300)\n"
    "layers, keep = ['stage3', 'stage4'], ('pooled', 'topk', 'codes')\n"
    "study = nbi.record(nbi.demo.classifier(), scenes, layers=layers, keep=keep, progress=False)\n"
    "wrong = int(np.flatnonzero(~study.correct)[0])",
    "view = nbi.RegionView(study)\nview",
    "grid = nbi.ImageGrid(study, selection=view.link)\ngrid",
]


def kernel_says(lab, page: Page, expression: str, expected: str) -> None:
    """Wait until a Python expression in the kernel has the value expected."""
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while (found := lab.evaluate(page, expression)) != expected:
        assert time.monotonic() < deadline, f"{expression} is {found}, not {expected}"
        time.sleep(0.1)


def test_a_click_anywhere_shows_the_region(lab, page, screenshot):
    lab.write("regions.ipynb", CELLS)
    page.set_viewport_size({"width": 1500, "height": 2400})
    lab.open(page, "regions.ipynb")
    lab.run_all(page)
    view, grid = page.locator(".nbi-region"), page.locator(".nbi-grid:not(.nbi-members)")
    expect(view.locator(".nbi-region-empty")).to_be_visible()
    expect(grid.locator(".nbi-cell").first).to_be_visible()

    follow_a_click(lab, page, view, grid)
    screenshot(page, "lab-region")
    follow_only_while_asked_to(lab, page, view)
    answer_the_controls(lab, page, view)
    edit_the_rule(lab, page, view)
    open_the_panels(lab, page, view, screenshot)
    say_what_is_wrong(lab, page, view)


def follow_a_click(lab, page: Page, view: Locator, grid: Locator) -> None:
    """A click in the grid makes an anchor; its members are selected everywhere; the verdict follows."""
    grid.locator(".nbi-cell").nth(7).click()
    expect(view.locator(".nbi-anchor-name")).to_have_text(re.compile("-00007$"))
    kernel_says(lab, page, "view.region.anchor", "7")
    expect(view.locator(".nbi-verdict-head")).to_have_text(re.compile("Stands out|No more than chance"))
    kernel_says(lab, page, "np.array_equal(view.selection, view.region.members)", "True")
    expect(view.locator(".nbi-literal")).to_have_count(10)
    expect(grid.locator(".nbi-count")).to_have_text(re.compile(f"{lab.evaluate(page, 'view.region.support')} selected"))
    other = int(lab.evaluate(page, "int(view.region.members[view.region.members != 7][0])"))
    view.get_by_role("gridcell", name=re.compile(f"-{other:05}, ")).click()
    expect(view.locator(".nbi-anchor-name")).to_have_text(re.compile(f"-{other:05}$"))


def follow_only_while_asked_to(lab, page: Page, view: Locator) -> None:
    """Python's selection of one image is followed too; nothing is while following is off."""
    lab.evaluate(page, "setattr(view, 'selection', [5])")
    expect(view.locator(".nbi-anchor-name")).to_have_text(re.compile("-00005$"))
    kernel_says(lab, page, "np.array_equal(view.selection, view.region.members)", "True")
    view.get_by_role("button", name="Follow clicks").click()
    kernel_says(lab, page, "view.follow", "False")
    lab.evaluate(page, "setattr(view, 'selection', [6])")
    view.locator(".nbi-literal-toggle").first.click()
    expect(view.locator(".nbi-rule-count")).to_contain_text("1 ignored")
    expect(view.locator(".nbi-anchor-name")).to_have_text(re.compile("-00005$"))
    kernel_says(lab, page, "view.selection.tolist()", "[6]")
    view.get_by_role("button", name="Follow clicks").click()


def answer_the_controls(lab, page: Page, view: Locator) -> None:
    """Sliders, layers and the reference images ask for another region; Python can ask too."""
    view.get_by_role("slider", name=re.compile("^t:")).fill("4")
    expect(view.locator(".nbi-literal")).to_have_count(4)
    view.get_by_role("slider", name=re.compile("^k:")).fill("12")
    kernel_says(lab, page, "(view.region.k, view.region.t)", "(12, 4)")
    view.get_by_role("radio", name="stage3").click()
    kernel_says(lab, page, "view.region.layer", "'stage3'")
    view.get_by_label("Among").select_option("prediction")
    kernel_says(lab, page, "'predicted as' in view.region.among", "True")
    lab.evaluate(page, "[setattr(view, *pair) for pair in (('among', 'all'), ('k', 8), ('t', 10), ('anchor', wrong))]")
    expect(view.locator(".nbi-literal")).to_have_count(10)
    expect(view.locator(".nbi-anchor-facts")).to_contain_text("classified wrongly")


def edit_the_rule(lab, page: Page, view: Locator) -> None:
    """A click loosens a literal: the members are Python's, and are selected."""
    count = view.locator(".nbi-members-count")
    view.locator(".nbi-literal-toggle").first.click()
    members = "view.region.members_of(view.region.literals[1:])"
    expect(count).to_have_text(f"{lab.evaluate(page, f'len({members})')} of 300 images")
    kernel_says(lab, page, f"np.array_equal(view.selection, {members})", "True")
    view.get_by_role("button", name="Reset rule").click()
    expect(count).to_have_text(f"{lab.evaluate(page, 'view.region.support')} of 300 images")


def open_the_panels(lab, page: Page, view: Locator, screenshot) -> None:
    """Every panel is computed when it is opened."""
    for tab, rows in (("Across layers", 2), ("Neighbours", 4), ("Why wrong", 5)):
        view.get_by_role("tab", name=tab).click()
        expect(view.locator(".nbi-panel-row")).to_have_count(rows)
    screenshot(page, "lab-region-wrong")
    view.get_by_role("tab", name="Subclasses").click()
    expect(view.locator(".nbi-panel-words")).to_contain_text("images predicted as")


def say_what_is_wrong(lab, page: Page, view: Locator) -> None:
    """A region that cannot be had is an error in words; what was shown stays, and the next one is found."""
    lab.evaluate(page, "setattr(view, 'k', 200)")
    expect(view.locator(".nbi-region-problem")).to_contain_text("too few for k = 200")
    expect(view.locator(".nbi-literal")).to_have_count(10)
    lab.evaluate(page, "setattr(view, 'k', 8)")
    expect(view.locator(".nbi-region-problem")).to_be_hidden()
