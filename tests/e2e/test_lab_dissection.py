"""DissectionView in a real JupyterLab: bars choose units everywhere, pictures come from the kernel, Python agrees."""

import re
import time

import pytest
from browsing import PATIENCE_MS
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser

CELLS = [
    "import numpy as np, nbinterp as nbi\n"
    "found = nbi.dissect(nbi.demo.classifier(), nbi.demo.scenes(120), 'stage4', chance=5, progress=False)\n"
    "best = found.by_concept().iloc[0]",
    "view = nbi.view(found)\nview",
    "units = nbi.UnitList(found.recording, selection=view.link)\nunits",
]


def kernel_says(lab, page: Page, expression: str, expected: str) -> None:
    """Wait until a Python expression in the kernel has the value expected."""
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while (found := lab.evaluate(page, expression)) != expected:
        assert time.monotonic() < deadline, f"{expression} is {found}, not {expected}"
        time.sleep(0.1)


def drawn(page: Page) -> None:
    page.wait_for_function(
        "() => ![...document.querySelectorAll('.nbi-dissection .nbi-loading')].some((node) => node.checkVisibility())"
    )


def test_a_concept_is_followed_everywhere(lab, page, screenshot):
    lab.write("dissection.ipynb", CELLS)
    page.set_viewport_size({"width": 1500, "height": 1500})
    lab.open(page, "dissection.ipynb")
    lab.run_all(page)
    view, units = page.locator(".nbi-dissection"), page.locator(".nbi-units")
    expect(view.locator(".nbi-detector-head").first).to_be_visible()
    expect(page.locator(".nbinterp-snapshot").first).to_be_hidden()
    drawn(page)
    screenshot(page, "lab-dissection")

    choose_a_concept(lab, page, view, units)
    screenshot(page, "lab-dissection-concept")
    answer_python(lab, page, view)
    show_the_dark_side(lab, page, view, screenshot)


def choose_a_concept(lab, page: Page, view: Locator, units: Locator) -> None:
    """A click on a bar: its units are in the kernel, the strongest is shown in the linked list, cards are theirs."""
    concept, category = (lab.evaluate(page, f"best['{name}']").strip("'") for name in ("concept", "category"))
    view.get_by_role("button", name=re.compile(re.escape(f"{concept} ({category}):"))).click()
    kernel_says(lab, page, "found.concepts[view.concept] == best['concept']", "True")
    chosen = "found.units_of(best['concept'], best['category']).tolist()"
    kernel_says(lab, page, f"view.link.units == {{'layer': 'stage4', 'units': {chosen}}}", "True")
    n = lab.evaluate(page, "int(best['n_units'])")
    expect(view.locator(".nbi-detectors-count")).to_have_text(f"{n} units of {concept} ({category})")
    first = lab.evaluate(page, "int(best['best_unit'])")
    expect(units.locator(".nbi-chosen .nbi-unit-number")).to_have_text(first)
    drawn(page)
    view.locator(".nbi-exemplar").nth(1).click()
    kernel_says(
        lab, page, "view.selection.tolist() == [int(found.recording['stage4'].top.index[best['best_unit'], 1])]", "True"
    )
    units.locator(".nbi-unit-head").nth(1).click()
    kernel_says(lab, page, "view.link.units['units'] == " + chosen, "True")


def answer_python(lab, page: Page, view: Locator) -> None:
    """Settings made in Python are followed; what there is not is refused and nothing changes."""
    lab.evaluate(
        page, "[setattr(view, *pair) for pair in (('concept', -1), ('category', 'part'), ('sort_by', 'unit'))]"
    )
    expect(view.get_by_role("button", name=re.compile(r"^part\b"))).to_have_attribute("aria-pressed", "true")
    first = lab.evaluate(page, "int(view.units()[0])")
    expect(view.locator(".nbi-detector-number").first).to_have_text(f"unit {first}")
    assert "no category 'nothing'" in lab.evaluate(page, "setattr(view, 'category', 'nothing')")
    view.get_by_role("radio", name="best of each category").click()
    kernel_says(lab, page, "view.label_by", "'per_category'")
    view.get_by_role("button", name="Detectors only").click()
    kernel_says(lab, page, "view.detectors_only", "False")
    n = lab.evaluate(page, "len(view.units())")
    expect(view.locator(".nbi-detectors-count")).to_have_text(re.compile(f"^{n} units? of part$"))
    view.get_by_role("searchbox").fill("unit 3")
    kernel_says(lab, page, "view.search", "'unit 3'")
    view.get_by_role("button", name="Show all").click()
    kernel_says(lab, page, "(view.search, view.category, view.concept)", "('', '', -1)")


def show_the_dark_side(lab, page: Page, view: Locator, screenshot) -> None:
    """The view follows JupyterLab's theme."""
    page.evaluate("() => window.jupyterapp.commands.execute('apputils:change-theme', { theme: 'JupyterLab Dark' })")
    expect(view).to_have_class(re.compile("nbi-dark"))
    drawn(page)
    screenshot(page, "lab-dissection-dark")
    page.evaluate("() => window.jupyterapp.commands.execute('apputils:change-theme', { theme: 'JupyterLab Light' })")
    expect(view).to_have_class(re.compile("nbi-light"))
