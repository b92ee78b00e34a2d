"""UnitGallery in a real JupyterLab: images form before the eyes, Stop, Resume, Run, links, and the saved notebook."""

import io
import re
import time
import zipfile
from pathlib import Path

import pytest
from browsing import PATIENCE_MS
from PIL import Image
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser

CELLS = [
    "import nbinterp as nbi\n"
    "net = nbi.demo.classifier()\n"
    "study = nbi.record(net, nbi.demo.scenes(60), layers=['stage3', 'stage4'], progress=False)\n"
    "made = nbi.maximize(net, 'stage4', range(6), size=64, steps=4000, recording=study)\n"
    "gallery = nbi.UnitGallery(made, height=520)\n"
    "gallery",
    "units = nbi.UnitList(study, selection=gallery.link, height=300)\nunits",
]
PIXELS = "canvas => canvas.toDataURL()"


def kernel_says(lab, page: Page, expression: str, expected: str) -> None:
    """Wait until a Python expression in the kernel has the value expected."""
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while (found := lab.evaluate(page, expression)) != expected:
        assert time.monotonic() < deadline, f"{expression} is {found}, not {expected}"
        time.sleep(0.1)


def test_images_form_stop_go_on_and_make_place_for_others(lab, page, screenshot, tmp_path):
    lab.write("gallery.ipynb", CELLS)
    page.set_viewport_size({"width": 1300, "height": 1800})
    lab.open(page, "gallery.ipynb")
    lab.run_all(page)
    root = page.locator(".nbi-gallery")
    expect(root.locator(".nbi-card")).to_have_count(6)
    expect(page.locator(".nbinterp-snapshot:visible")).to_have_count(0)

    see_it_form(page, root, screenshot)
    stop_and_resume(lab, page, root, screenshot)
    follow_the_links(lab, page, root)
    save_images(page, root, tmp_path)
    run_others(lab, page, root)
    see_the_saved_notebook(lab, page, screenshot)


def see_it_form(page: Page, root: Locator, screenshot) -> None:
    """The picture of a unit changes again and again while the run goes on."""
    expect(root.locator(".nbi-run-words")).to_have_text(re.compile("^Step "))
    canvas = root.locator(".nbi-optimized").first
    seen = set()
    until = time.monotonic() + PATIENCE_MS / 1000
    while len(seen) < 5 and time.monotonic() < until:
        seen.add(canvas.evaluate(PIXELS))
        page.wait_for_timeout(100)
    assert len(seen) >= 5, "the image stands still"
    screenshot(page, "lab-gallery-forming")


def stop_and_resume(lab, page: Page, root: Locator, screenshot) -> None:
    """Stop keeps the images and scores them; Resume goes on from there."""
    root.get_by_role("button", name="Stop").click()
    expect(root.locator(".nbi-run-words")).to_have_text(re.compile("^Stopped at step"))
    kernel_says(lab, page, "made.state", "'stopped'")
    expect(root.locator(".nbi-percentile").first).to_have_text(re.compile("^above .* of 60 images$|^above all 60"))
    canvas = root.locator(".nbi-optimized").first
    page.wait_for_timeout(300)
    at_rest = canvas.evaluate(PIXELS)
    stopped_at = int(lab.evaluate(page, "made.step"))
    screenshot(page, "lab-gallery-stopped")
    root.get_by_role("button", name="Resume").click()
    expect(root.get_by_role("button", name="Stop")).to_be_enabled()
    page.wait_for_function(f"([canvas, was]) => ({PIXELS})(canvas) !== was", arg=[canvas.element_handle(), at_rest])
    assert int(lab.evaluate(page, "made.step")) > stopped_at
    root.get_by_role("button", name="Stop").click()
    kernel_says(lab, page, "made.state", "'stopped'")


def follow_the_links(lab, page: Page, root: Locator) -> None:
    """A card's head selects its unit in the unit list and in Python, an exemplar its image."""
    root.locator(".nbi-card-head").nth(3).click()
    kernel_says(lab, page, "gallery.link.unit", "{'layer': 'stage4', 'unit': 3}")
    expect(page.locator(".nbi-units .nbi-unit.nbi-chosen .nbi-unit-number")).to_have_text("3")
    page.locator(".nbi-units .nbi-unit-head").first.click()
    expect(root.locator(".nbi-card").nth(3).locator(".nbi-card-head")).to_have_attribute("aria-pressed", "false")
    root.locator(".nbi-card").nth(2).locator(".nbi-exemplar").nth(1).click()
    kernel_says(lab, page, "gallery.selection.tolist() == [int(study['stage4'].top.index[2][1])]", "True")


def save_images(page: Page, root: Locator, folder: Path) -> None:
    """One image as a PNG of its own size, all as a ZIP."""
    with page.expect_download() as one:
        root.locator(".nbi-save").nth(1).click()
    assert one.value.suggested_filename == "1-unit-1-of-stage4.png"
    one.value.save_as(folder / "one.png")
    with Image.open(folder / "one.png") as picture:
        assert picture.size == (64, 64)
    with page.expect_download() as every:
        root.get_by_role("button", name="Save all").click()
    every.value.save_as(folder / "all.zip")
    with zipfile.ZipFile(io.BytesIO((folder / "all.zip").read_bytes())) as archive:
        assert len(archive.namelist()) == 6


def run_others(lab, page: Page, root: Locator) -> None:
    """What cannot run is said and costs nothing; what can takes the place of the old."""
    units = root.get_by_label("Units")
    units.fill("95-96")
    expect(root.get_by_text("The layer has the units 0 to 95")).to_be_visible()
    expect(root.get_by_role("button", name="Run")).to_be_disabled()
    root.get_by_label("Layer").select_option("stage3")
    units.fill("5, 9")
    root.get_by_label("Images per unit").fill("2")
    root.get_by_label("Steps").fill("12")
    lab.evaluate(page, "setattr(net.module, 'forward', None)")
    root.get_by_role("button", name="Run").click()
    expect(root.get_by_role("alert")).to_have_text(re.compile("SceneNet does not run"))
    expect(root.locator(".nbi-card")).to_have_count(6)
    lab.evaluate(page, "delattr(net.module, 'forward')")
    root.get_by_role("button", name="Run").click()
    expect(root.locator(".nbi-card")).to_have_count(2)
    expect(root.locator(".nbi-run-words")).to_have_text("Done: 12 steps")
    expect(root.locator(".nbi-optimized")).to_have_count(4)
    expect(root.locator(".nbi-card-head").first).to_contain_text("unit 5stage3")
    kernel_says(lab, page, "gallery.visualizations.layers", "('stage3', 'stage3', 'stage3', 'stage3')")


def see_the_saved_notebook(lab, page: Page, screenshot) -> None:
    """Saved as it rests and opened without a kernel, the notebook shows the last images without having been asked."""
    shown = re.compile("^4 optimized images of unit 5 of stage3, unit 9 of stage3; ")
    expect(page.locator(".nbinterp-snapshot img").first).to_have_attribute("alt", shown)
    lab.reopen_elsewhere(page, "gallery.ipynb")
    picture = page.locator(".nbinterp-snapshot img").first
    expect(picture).to_be_visible()
    expect(picture).to_have_attribute("alt", shown)
    screenshot(page, "lab-gallery-reopened")
