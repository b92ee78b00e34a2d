"""How soon after a click a decision region stands on the screen: at 10,000 images × 12,800 neurons.

Run it with `python tests/bench/bench_region_view.py` on a quiet machine; it starts JupyterLab and Chromium. An image is
clicked in a linked grid; the time goes from the time stamp of the click until the browser has painted a frame in which
the view shows that image's rule, members and picture. "verdict" is the same for the comparison with chance; the first
one, for which the null lifts of both kinds are computed, is given by itself.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from conftest import CHROMIUM_ARGUMENTS
from jupyter_lab import running_lab

N_CLICKS = 20
SETUP = """
import numpy as np
import torch
from torch import nn
import nbinterp as nbi

torch.manual_seed(0)
rng = np.random.default_rng(0)
labels = rng.integers(0, 10, 10_000)
images = np.kron(rng.integers(0, 256, (10_000, 3, 3, 3), dtype=np.uint8), np.ones((1, 8, 8, 1), dtype=np.uint8))
features = nn.Sequential(nn.Conv2d(3, 512, 5, stride=4), nn.ReLU())
net = nbi.Classifier(nn.Sequential(features, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, 10)), device="cpu")
keep = ("pooled", "topk", "codes")
probe = nbi.ProbeSet.from_arrays(images, labels)
recording = nbi.record(net, probe, ["0"], keep=keep, batch_size=500, progress=False)
"""
CELLS = [
    SETUP,
    "view = nbi.RegionView(recording)\nview",
    "grid = nbi.ImageGrid(recording, selection=view.link)\ngrid.selection_first = False\ngrid",
]

# Clicks the grid's cell; resolves with the milliseconds to the frame with the region, and to that with its verdict.
CLICK_AND_TIME = """async (number) => {
    const view = document.querySelector(".nbi-region");
    const cell = document.querySelectorAll(".nbi-grid:not(.nbi-members) .nbi-cell")[number];
    const name = cell.title.split(", ")[0];
    const painted = (there) => new Promise((resolve) => {
        const look = () => {
            if (!there()) return requestAnimationFrame(look);
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => resolve(performance.now());
            port2.postMessage(0);
        };
        look();
    });
    const start = performance.now();
    cell.click();
    const shown = () => view.querySelector(".nbi-anchor-name")?.textContent === name
        && !view.querySelector(".nbi-region-main.nbi-waiting");
    const drawn = await painted(shown);
    const judged = await painted(() => view.querySelector(".nbi-verdict-head strong").textContent !== "");
    return [drawn - start, judged - start];
}"""


def measure(page: Page) -> np.ndarray:
    """Milliseconds of every click: region drawn, verdict drawn."""
    times = []
    for number in range(N_CLICKS + 1):
        times.append(page.evaluate(CLICK_AND_TIME, number))
        page.wait_for_timeout(400)
    return np.array(times)


def main() -> None:
    """Print the medians and the worst."""
    path = os.environ.get("NBINTERP_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    with tempfile.TemporaryDirectory() as folder, running_lab(Path(folder)) as lab, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        page = browser.new_page(viewport={"width": 1500, "height": 2400})
        lab.write("bench.ipynb", CELLS)
        lab.open(page, "bench.ipynb")
        lab.run_all(page, timeout=300)
        page.locator(".nbi-grid:not(.nbi-members) .nbi-cell").first.wait_for()
        page.wait_for_function("() => !document.querySelector('.nbi-loading')")
        times = measure(page)
        browser.close()
    first, rest = times[0], times[1:]
    print(f"first click: region {first[0]:.0f} ms, verdict with all null lifts {first[1] / 1000:.1f} s")
    for name, column in zip(("region drawn", "verdict drawn"), rest.T, strict=True):
        print(f"click → {name}: median {np.median(column):.0f} ms, worst {column.max():.0f} ms ({len(column)} clicks)")


if __name__ == "__main__":
    main()
