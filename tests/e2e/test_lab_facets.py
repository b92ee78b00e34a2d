"""FacetView in a real JupyterLab: images form, the slider clusters anew, links, other units, and the saved notebook."""

import re
import time

import pytest
from browsing import PATIENCE_MS
from playwright.sync_api import Locator, Page, expect
from test_lab_gallery import PIXELS, kernel_says

pytestmark = pytest.mark.browser

CELLS = [
    "import nbinterp as nbi\n"
    "from nbinterp.analyses.facets import facets\n"
    "net = nbi.demo.classifier()\n"
    "study = nbi.record(net, nbi.demo.scenes(200), layers=['stage3', 'stage4', 'head'], progress=False)\n"
    "found = facets(study, 'head', 'shop', n_facets=2, size=64, recipe='lucid')\n"
    "view = nbi.FacetView(found)\n"
    "view",
    "grid = nbi.ImageGrid(study, selection=view.link, height=300)\ngrid",
]


def test_facets_form_are_clustered_anew_and_make_place_for_others(lab, page, screenshot):
    lab.write("facets.ipynb", CELLS)
    page.set_viewport_size({"width": 1300, "height": 1900})
    lab.open(page, "facets.ipynb")
    lab.run_all(page)
    root = page.locator(".nbi-facets")
    expect(root.locator(".nbi-facet-card")).to_have_count(2)
    expect(page.locator(".nbinterp-snapshot:visible")).to_have_count(0)

    see_them_form(page, root, screenshot)
    cluster_anew(lab, page, root, screenshot)
    stop_and_resume(lab, page, root)
    follow_the_links(lab, page, root, screenshot)
    choose_another_unit(lab, page, root, screenshot)
    see_the_saved_notebook(lab, page, screenshot)


def see_them_form(page: Page, root: Locator, screenshot) -> None:
    """The synthesized image of a facet changes again and again while the run goes on."""
    expect(root.locator(".nbi-run-words")).to_have_text(re.compile("^Step "))
    canvas = root.get_by_role("img", name="synthesized image of facet 0")
    seen = set()
    until = time.monotonic() + PATIENCE_MS / 1000
    while len(seen) < 5 and time.monotonic() < until:
        seen.add(canvas.evaluate(PIXELS))
        page.wait_for_timeout(100)
    assert len(seen) >= 5, "the image stands still"
    screenshot(page, "lab-facets-forming")


def cluster_anew(lab, page: Page, root: Locator, screenshot) -> None:
    """The slider gives other facets soon, their images form, the old run ends."""
    root.get_by_role("slider", name="Number of facets").fill("3")
    expect(root.locator(".nbi-facet-card")).to_have_count(3)
    kernel_says(
        lab, page, "[view.facets.n_facets, found.state, len(set(view.facets.assignments))]", "[3, 'stopped', 3]"
    )
    expect(root.locator(".nbi-run-words")).to_have_text(re.compile("^Step "))
    page.wait_for_timeout(500)
    screenshot(page, "lab-facets-three")


def stop_and_resume(lab, page: Page, root: Locator) -> None:
    """Stop keeps the images and scores them; Resume goes on from there."""
    root.get_by_role("button", name="Stop").click()
    expect(root.locator(".nbi-run-words")).to_have_text(re.compile("^Stopped at step"))
    kernel_says(lab, page, "view.facets.state", "'stopped'")
    expect(root.locator(".nbi-facet-card").first).to_contain_text(re.compile("above .* of 200 images|above all 200"))
    root.get_by_role("button", name="Resume").click()
    expect(root.get_by_role("button", name="Stop")).to_be_enabled()
    root.get_by_role("button", name="Stop").click()
    kernel_says(lab, page, "view.facets.state", "'stopped'")


def follow_the_links(lab, page: Page, root: Locator, screenshot) -> None:
    """The members of a facet are selected in the grid and in Python; a selection made in Python stands out."""
    root.get_by_role("button", name="Select all members").nth(1).click()
    kernel_says(lab, page, "view.selection.tolist() == view.facets.members[1].tolist()", "True")
    expect(page.locator(".nbi-grid .nbi-cell[aria-selected=true]").first).to_be_visible()
    screenshot(page, "lab-facets-members")
    lab.evaluate(page, "setattr(view.link, 'unit', {'layer': 'stage4', 'unit': 7})")
    expect(root.locator(".nbi-finding")).to_contain_text("unit 7 of stage4")


def choose_another_unit(lab, page: Page, root: Locator, screenshot) -> None:
    """A class is chosen by its name; the images decide how many facets it has."""
    root.get_by_label("Layer").select_option("head")
    expect(root.get_by_label("Class")).to_be_visible()
    root.get_by_label("Class").select_option("harbour")
    expect(root.locator(".nbi-finding")).to_contain_text("class harbour")
    root.get_by_label("Images by").select_option("none")
    expect(root.locator(".nbi-run-words")).to_be_hidden()
    root.get_by_role("button", name="auto").click()
    kernel_says(lab, page, "[view.facets.title, view.state, view.n_facets]", "['class harbour', 'none', 0]")
    expect(root.locator(".nbi-facet-problem")).to_be_hidden()
    lab.evaluate(page, "view.wait()")
    screenshot(page, "lab-facets-harbour")


def see_the_saved_notebook(lab, page: Page, screenshot) -> None:
    """Saved as it rests and opened without a kernel, the notebook shows the last facets without having been asked."""
    shown = re.compile("class harbour")
    expect(page.locator(".nbinterp-snapshot img").first).to_have_attribute("alt", shown)
    lab.reopen_elsewhere(page, "facets.ipynb")
    picture = page.locator(".nbinterp-snapshot img").first
    expect(picture).to_be_visible()
    expect(picture).to_have_attribute("alt", shown)
    screenshot(page, "lab-facets-reopened")
