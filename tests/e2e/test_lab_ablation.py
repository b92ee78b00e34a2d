"""AblationPanel in a real JupyterLab: sliders move accuracy, the hand is never waited for, linked views take part."""

import re
import time

import pytest
from browsing import PATIENCE_MS
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser

CELLS = [
    "import numpy as np, nbinterp as nbi\n"
    "net, scenes = nbi.demo.classifier(), nbi.demo.scenes(160)\n"
    "dissection = nbi.dissect(net, scenes, 'stage4', chance=0, progress=False)\n"
    "study = dissection.recording\n"
    "ablation = nbi.ablate(study, 'stage4', progress=False)\n"
    "asked = []\n"
    "def truth():\n"
    "    units, value = panel._now().scales(panel._concepts), 'mean' if panel.edit['value'] == 'mean' else 0\n"
    "    return f'{100 * ablation.accuracy(units, value):.1f} %'",
    "panel = nbi.AblationPanel(ablation, dissection=dissection)\n"
    "panel.observe(lambda change: asked.append(change['new']), 'edit')\n"
    "panel",
    "units = nbi.UnitList(study, selection=panel.link)\nunits",
]


def kernel_says(lab, page: Page, expression: str, expected: str) -> None:
    """Wait until a Python expression in the kernel has the value expected."""
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while (found := lab.evaluate(page, expression)) != expected:
        assert time.monotonic() < deadline, f"{expression} is {found}, not {expected}"
        time.sleep(0.1)


def agrees(lab, page: Page, panel: Locator) -> str:
    """Wait until the panel shows the complete effect of its sliders; the accuracy must be Python's. Returns it."""
    expect(panel).to_have_attribute("data-state", "complete")
    wanted = lab.evaluate(page, "truth()").strip("'")
    expect(panel.locator(".nbi-ablation-now")).to_have_text(wanted)
    return wanted


def drag(page: Page, slider: Locator, start: float, end: float, *, steps: int = 30) -> None:
    """Take a slider's thumb from one scale to another."""
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box is not None
    x, y = [box["x"] + 8 + scale / 2 * (box["width"] - 16) for scale in (start, end)], box["y"] + box["height"] / 2
    page.mouse.move(x[0], y)
    page.mouse.down()
    for step in range(1, steps + 1):
        page.mouse.move(x[0] + (x[1] - x[0]) * step / steps, y)
    page.mouse.up()


def test_sliders_move_accuracy(lab, page, screenshot):
    lab.write("ablation.ipynb", CELLS)
    page.set_viewport_size({"width": 1500, "height": 1900})
    lab.open(page, "ablation.ipynb")
    lab.run_all(page)
    panel, units = page.locator(".nbi-ablation"), page.locator(".nbi-units")
    expect(panel.locator(".nbi-ablation-now")).to_have_text(re.compile("%$"))
    before = agrees(lab, page, panel)

    switch_off_the_top_of_a_class(lab, page, panel, before)
    screenshot(page, "lab-ablation-top")
    drag_a_slider(lab, page, panel)
    move_a_concept(lab, page, panel, before)
    screenshot(page, "lab-ablation-concept")
    take_it_back(lab, page, panel)
    follow_a_unit(lab, page, panel, units)
    select_what_changed(lab, page, panel)
    answer_python(lab, page, panel)


def switch_off_the_top_of_a_class(lab, page: Page, panel: Locator, before: str) -> None:
    """The button ranks the units first, then switches off the most important ones."""
    panel.get_by_label("Class", exact=True).select_option("harbour")
    panel.get_by_label("How many units").fill("20")
    panel.get_by_label("How many units").press("Enter")
    panel.get_by_role("button", name="Switch off", exact=True).click()
    expect(panel.locator(".nbi-ablation-row")).to_have_count(20)
    kernel_says(lab, page, "list(panel.units) == ablation.ranking('harbour')['unit'][:20].tolist()", "True")
    assert agrees(lab, page, panel) < before
    expect(panel.locator(".nbi-ablation-class").first).to_contain_text("harbour")
    expect(panel.locator(".nbi-ablation-flip:not([hidden])").first).to_be_visible()


def drag_a_slider(lab, page: Page, panel: Locator) -> None:
    """While a thumb is dragged the accuracy follows; at the end it is that of the last place, and nothing is queued."""
    agrees(lab, page, panel)
    lab.evaluate(page, "asked.clear()")
    shown = int(lab.evaluate(page, "panel._serial"))
    drag(page, panel.get_by_role("slider", name="unit").first, 0, 1.5, steps=60)
    accuracy = agrees(lab, page, panel)
    first = "panel.units[list(panel.units)[0]]"
    assert 1.4 <= float(lab.evaluate(page, first)) <= 1.6
    moves, answers = int(lab.evaluate(page, "len(asked)")), int(lab.evaluate(page, "panel._serial")) - shown
    assert 2 <= answers <= 2 * moves
    panel.get_by_role("button", name=re.compile("Undo")).click()  # the whole drag is one step
    kernel_says(lab, page, first, "0.0")
    assert agrees(lab, page, panel)
    panel.get_by_role("button", name=re.compile("Redo")).click()
    assert agrees(lab, page, panel) == accuracy


def move_a_concept(lab, page: Page, panel: Locator, before: str) -> None:
    """One slider moves all units that detect a concept."""
    panel.get_by_role("button", name="Clear").click()
    expect(panel.locator(".nbi-ablation-row")).to_have_count(0)
    assert agrees(lab, page, panel) == before
    largest = lab.evaluate(page, "max(panel._concepts, key=lambda one: len(one.units)).name").strip("'")
    panel.get_by_role("combobox", name="Units of the concept").select_option(largest)
    drag(page, panel.get_by_role("slider", name="all units of the concept"), 1, 0)
    kernel_says(lab, page, "panel.edit['concept_scale']", "0.0")
    agrees(lab, page, panel)
    panel.get_by_role("radio", name="its mean").check()
    kernel_says(lab, page, "panel.edit['value']", "'mean'")
    agrees(lab, page, panel)


def take_it_back(lab, page: Page, panel: Locator) -> None:
    """Ctrl+Z goes back, Ctrl+Shift+Z forth, Reset puts everything to 1."""
    panel.get_by_role("combobox", name="Units of the concept").focus()
    page.keyboard.press("Control+z")
    kernel_says(lab, page, "panel.edit['value']", "'zero'")
    page.keyboard.press("Control+Shift+z")
    kernel_says(lab, page, "panel.edit['value']", "'mean'")
    page.keyboard.press("Control+z")
    panel.get_by_role("button", name="Reset").click()
    kernel_says(lab, page, "panel.edit['concept_scale']", "1.0")
    agrees(lab, page, panel)
    panel.get_by_role("button", name="Clear").click()


def follow_a_unit(lab, page: Page, panel: Locator, units: Locator) -> None:
    """A unit clicked in a linked list gets a slider; the next one takes its place unless it was moved."""
    units.locator(".nbi-unit-head").nth(0).click()
    expect(panel.locator(".nbi-ablation-row")).to_have_count(1)
    panel.get_by_role("slider", name="unit").press("0")
    kernel_says(lab, page, "list(panel.units.values())", "[0.0]")
    units.locator(".nbi-unit-head").nth(1).click()
    units.locator(".nbi-unit-head").nth(2).click()
    expect(panel.locator(".nbi-ablation-row")).to_have_count(2)
    kernel_says(lab, page, "sorted(panel.units.values())", "[0.0, 1.0]")
    kernel_says(lab, page, "panel.link.unit['unit'] == list(panel.units)[1]", "True")


def select_what_changed(lab, page: Page, panel: Locator) -> None:
    """The pictures whose prediction changes can be selected everywhere."""
    lab.evaluate(page, "panel.switch_off_top('harbour', 20)")
    agrees(lab, page, panel)
    panel.get_by_role("button", name=re.compile("^harbour only")).click()
    panel.get_by_role("button", name=re.compile(r"^Select \d")).click()
    kernel_says(lab, page, "np.array_equal(panel.selection, panel.effect.flipped)", "True")


def answer_python(lab, page: Page, panel: Locator) -> None:
    """Python moves the sliders too; what it may not ask for changes nothing."""
    lab.evaluate(page, "setattr(panel, 'units', {3: 0.5, 7: 0})")
    expect(panel.locator(".nbi-scale-output").nth(1)).to_have_text("× 0.5")
    agrees(lab, page, panel)
    assert "0 to 95" in lab.evaluate(page, "setattr(panel, 'units', [96])")
    panel.get_by_label("Number of a unit").fill("96")
    panel.get_by_role("button", name="Add unit").click()
    expect(panel.get_by_text("Units go from 0 to 95")).to_be_visible()
    kernel_says(lab, page, "panel.units", "{3: 0.5, 7: 0.0}")
