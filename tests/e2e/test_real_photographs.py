"""SqueezeNet 1.1 with its ImageNet weights on a thousand photographs, explored in a real JupyterLab."""

from __future__ import annotations

import ast
import json
import re

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.real]

LAYERS = ["features.7", "features.12"]
CELLS = [
    """
import json
from pathlib import Path

import numpy as np
import torch
from torchvision import models, transforms

import nbinterp as nbi

shared = Path({folder!r})
weights = torch.load(shared / "classifiers" / "squeezenet1_1.fp16.pt", map_location="cpu", weights_only=True)
module = models.squeezenet1_1()
module.load_state_dict({{name: values.float() for name, values in weights.items()}})
index = json.loads((shared / "labels" / "imagenet_class_index.json").read_text())
classes = [index[str(i)][1].replace("_", " ") for i in range(1000)]
""",
    """
# The photographs are 224 × 224 already: no resizing, no crop.
preprocess = transforms.Compose(
    [transforms.ToTensor(), transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])]
)
net = nbi.Classifier(module, preprocess=preprocess, classes=classes)
folders = json.loads((shared / "imagenette224" / "classes.json").read_text())
probe = nbi.ProbeSet.from_folder(
    shared / "imagenette224", class_names={{folder: about["name"] for folder, about in folders.items()}}
)
recording = nbi.record(net, probe, {layers!r})
""",
    """
view = nbi.explore(recording, "features.12", method="pca")
view
""",
]


def lasso(page: Page, area: Locator, fractions: list[tuple[float, float]]) -> None:
    """Draw a closed line through fractions of an element's width and height."""
    box = area.bounding_box()
    points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in fractions]
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in [*points[1:], points[0]]:
        page.mouse.move(*point, steps=8)
    page.mouse.up()


def python(lab, page: Page, expression: str):
    """The value of an expression in the kernel, by way of JSON."""
    text = lab.evaluate(page, f"json.dumps({expression})")
    assert text.startswith(("'", '"')), text
    return json.loads(ast.literal_eval(text))


def first_row_pixels(explorer: Locator, tiles: int) -> np.ndarray:
    """The pictures of the grid's first row as they are on the screen, tiles × 13 × 13 × 3, averaged over areas."""
    return np.array(
        explorer.locator(".nbi-grid .nbi-row[aria-rowindex='1']").evaluate(
            """(row, tiles) => {
                const canvas = row.querySelector("canvas");
                const scale = canvas.width / canvas.getBoundingClientRect().width;
                const left = canvas.getBoundingClientRect().left;
                const small = new OffscreenCanvas(13, 13);
                const ctx = small.getContext("2d", { willReadFrequently: true });
                ctx.imageSmoothingQuality = "high";
                return [...row.querySelectorAll(".nbi-tile")].slice(0, tiles).map((tile) => {
                    const box = tile.getBoundingClientRect();
                    const side = box.width * scale;
                    ctx.drawImage(canvas, (box.left - left) * scale, 0, side, side, 0, 0, 13, 13);
                    return Array.from(ctx.getImageData(0, 0, 13, 13).data);
                });
            }""",
            tiles,
        ),
        dtype=float,
    ).reshape(tiles, 13, 13, 4)[..., :3]


def correlation(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.corrcoef(a.ravel(), b.ravel())[0, 1])


def use_theme(page: Page, theme: str) -> None:
    """Change JupyterLab's theme."""
    page.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', { theme })", theme)
    light = "false" if "Dark" in theme else "true"
    page.wait_for_selector(f"body[data-jp-theme-light='{light}']", state="attached")


def test_walk_with_real_weights(lab, page, screenshot, shared_data):
    cells = [cell.strip().format(folder=str(shared_data), layers=LAYERS) for cell in CELLS]
    lab.write("photographs.ipynb", cells)
    lab.open(page, "photographs.ipynb")
    page.set_viewport_size({"width": 1500, "height": 1500})
    lab.command(page, "application:toggle-left-area")
    lab.run_all(page, timeout=270)

    accuracy = python(lab, page, "[recording.aligned, float(recording.correct.mean())]")
    assert accuracy[0] is True
    assert accuracy[1] == pytest.approx(0.615, abs=0.003)

    explorer = page.locator(".nbi-explorer").first
    expect(explorer.locator(".nbi-cell").first).to_be_visible(timeout=20_000)
    expect(explorer.locator(".nbi-unit-head").first).to_be_visible(timeout=20_000)
    expect(explorer.locator(".nbi-loading")).to_have_count(0, timeout=20_000)
    expect(page.locator(".nbinterp-snapshot").first).to_be_hidden()
    explorer.evaluate("element => element.scrollIntoView()")
    page.wait_for_timeout(1000)
    screenshot(page, "real-explorer-light")

    lasso(page, explorer.locator(".nbi-plot-area"), [(0.15, 0.1), (0.5, 0.1), (0.5, 0.95), (0.15, 0.95)])
    first_cell = explorer.locator(".nbi-cell").first
    expect(first_cell).to_have_attribute("aria-selected", "true")
    page.wait_for_timeout(500)
    selected = python(lab, page, "view.selection.tolist()")
    assert 0 < len(selected) < 1000
    said = explorer.locator(".nbi-selection-size").first.inner_text()
    assert int(re.search(r"[\d,]+", said)[0].replace(",", "")) == len(selected)
    assert python(lab, page, f"recording.names[{selected[0]}]") in first_cell.get_attribute("title")

    explorer.locator(".nbi-unit-head").nth(1).click()
    expect(explorer.locator(".nbi-chip")).to_contain_text("of features.12")
    unit = python(lab, page, "view.link.unit")
    assert unit["layer"] == "features.12"
    check_overlay(lab, page, explorer, unit["unit"], selected)
    screenshot(page, "real-unit")

    use_theme(page, "JupyterLab Dark")
    expect(explorer).to_have_class(re.compile("nbi-dark"))
    page.wait_for_timeout(1000)
    screenshot(page, "real-dark")
    use_theme(page, "JupyterLab Light")


def check_overlay(lab, page: Page, explorer: Locator, unit: int, selected: list[int]) -> None:
    """The heat in the grid lies where the kernel says that the unit is active, on images that are no exemplars too."""
    tiles = min(explorer.locator(".nbi-row[aria-rowindex='1'] .nbi-cell:visible").count(), len(selected))
    code = f"recording.activation_maps('features.12', {unit}, np.array({selected[:tiles]})).round(3).tolist()"
    maps = np.array(python(lab, page, code))
    exemplars = python(lab, page, f"recording['features.12'].top.index[{unit}].tolist()")
    tested = [k for k in range(tiles) if maps[k].max() > 0.2 * maps.max() and selected[k] not in exemplars]
    assert len(tested) >= 3
    button = explorer.get_by_role("button", name="Heat map")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    page.wait_for_timeout(500)
    plain = first_row_pixels(explorer, tiles)
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    change = np.zeros((tiles, 13, 13))
    for _ in range(40):
        change = np.abs(first_row_pixels(explorer, tiles) - plain).mean(-1)
        if (change[tested].max((1, 2)) > 0).all():
            break
        page.wait_for_timeout(500)
    assert (change[tested].max((1, 2)) > 0).all(), "images that the unit is active on got no heat map"
    opacity = np.clip(maps / maps.max(), 0, None) ** 0.6
    straight = np.median([correlation(change[k], opacity[k]) for k in tested])
    mirrored = np.median([correlation(change[k], opacity[k, :, ::-1]) for k in tested])
    assert straight > 0.6, f"heat and activation correlate by {straight:.2f} (mirrored: {mirrored:.2f})"
    assert straight > mirrored + 0.2
