"""Frames per second while a lasso is drawn over 100,000 points: one line per view.

Run it with `python tests/bench/bench_brush.py`, on a quiet machine; it starts Chromium on exported pages, without a
kernel. A browser shows at most 60 frames a second. A brush step is a frame in which the selection changed.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch
from playwright.sync_api import Page, sync_playwright
from torch import nn

import nbinterp as nbi

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from conftest import CHROMIUM_ARGUMENTS

N_POINTS, SECONDS, STROKES = 100_000, 3.0, 5

# Moves the pressed pointer on in every frame, along a wobbling circle; collects the times of the frames, and in which
# of them the number of selected images was another one.
BRUSH = """async ([x, y, radius, seconds]) => {
    const area = document.querySelector(".nbi-plot-area");
    const count = document.querySelector(".nbi-plot-status span");
    const frames = [];
    let [last, angle] = [count.textContent, 0];
    await new Promise((resolve) => {
        const tick = (time) => {
            frames.push([time, count.textContent !== last]);
            last = count.textContent;
            if (time - frames[0][0] > 1000 * seconds) return resolve();
            angle += 0.04;
            const r = radius * (0.8 + 0.2 * Math.cos(11 * angle));
            const to = { clientX: x + r * Math.cos(angle), clientY: y + r * Math.sin(angle), pointerId: 1, buttons: 1 };
            const coalescedEvents = [new PointerEvent("pointermove", to)];
            area.dispatchEvent(new PointerEvent("pointermove", { ...to, bubbles: true, coalescedEvents }));
            requestAnimationFrame(tick);
        };
        requestAnimationFrame(tick);
    });
    return frames;
}"""


def recording() -> nbi.Recording:
    """A hundred thousand tiny images of ten colours, and a network of eight units."""
    torch.manual_seed(0)
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 10, N_POINTS)
    colours = rng.integers(0, 256, (10, 1, 1, 3))
    images = np.clip(colours[labels] + rng.normal(0, 30, (N_POINTS, 8, 8, 3)).astype(np.float32), 0, 255).astype(
        np.uint8
    )
    net = nbi.Classifier(nn.Sequential(nn.Conv2d(3, 8, 8), nn.Flatten(), nn.ReLU(), nn.Linear(8, 10)), device="cpu")
    return nbi.record(net, nbi.ProbeSet.from_arrays(images, labels), ["0"], batch_size=2000, progress=False)


def brush(page: Page) -> np.ndarray:
    """Draw one lasso for some seconds; frames × (time in ms, whether the selection changed)."""
    box = page.locator(".nbi-plot-area").bounding_box()
    assert box is not None
    x, y, radius = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, 0.4 * box["height"]
    page.mouse.move(x + radius, y)
    page.mouse.down()
    frames = page.evaluate(BRUSH, [x, y, radius, SECONDS])
    page.mouse.up()
    page.wait_for_timeout(500)
    return np.array(frames, dtype=float)


def report(name: str, page: Page) -> None:
    """Brush several times and print the figure."""
    brush(page)  # the browser compiles what is used often
    strokes = [brush(page) for _ in range(STROKES)]
    gaps = np.concatenate([np.diff(frames[:, 0]) for frames in strokes])
    seconds = gaps.sum() / 1000
    steps = sum(frames[1:, 1].sum() for frames in strokes)
    print(
        f"{name}, {N_POINTS:,} points: {len(gaps) / seconds:.0f} frames/s over {seconds:.0f} s of brushing "
        f"(target 30), {steps / seconds:.0f} brush steps/s; n = {len(gaps)} frames, median {np.median(gaps):.0f} ms, "
        f"p95 {np.percentile(gaps, 95):.0f} ms, longest {gaps.max():.0f} ms",
        flush=True,
    )


def main() -> None:
    """Measure and print."""
    chromium = os.environ.get("NBINTERP_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    made = recording()
    views = {"EmbeddingPlot": nbi.EmbeddingPlot(made, method="pca"), "explore": nbi.explore(made, method="pca")}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGUMENTS)
        print(f"machine: {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}, Chromium {browser.version}")
        for name, view in views.items():
            page = browser.new_context(viewport={"width": 1400, "height": 1100}).new_page()
            page.goto(nbi.to_html(view, Path(folder) / f"{name}.html").as_uri())
            page.locator(".nbi-legend-item").first.wait_for(timeout=120_000)
            page.wait_for_timeout(5000)
            report(name, page)
            page.context.close()
        print(f"load {os.getloadavg()[0]:.1f} at the end")
        browser.close()


if __name__ == "__main__":
    main()
