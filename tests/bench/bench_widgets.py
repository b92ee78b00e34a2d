"""How soon views are on the screen, and how soon the grid follows a lasso while the kernel is busy: a line per figure.

Run it with `python tests/bench/bench_widgets.py`, on a quiet machine; it starts JupyterLab and Chromium. A recording of
10,000 small images is shown; every round has a kernel and a page of its own.

Views count from the time at which the kernel says that the cell is done (a view may be there before, then the figure is
negative): "drawn" until the frame in which the view stands there with its rows, axes and texts, "on screen" until the
frame in which no thumbnail in sight is missing either. The lasso counts from the time stamp of the button's release:
"content new" until the grid's elements and pictures are those of the selection, "frame drawn" until the browser has
laid out, painted and committed that frame.
"""

from __future__ import annotations

import itertools
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from conftest import CHROMIUM_ARGUMENTS
from jupyter_lab import Lab, running_lab

N_IMAGES, N_LASSOS = 10_000, 20
FIRST = {"EmbeddingPlot": 3, "explore": 3}  # what the first view of a page is, and in how many rounds
SETUP = f"""
import numpy as np
import torch
from torch import nn
import nbinterp as nbi

torch.manual_seed(0)
rng = np.random.default_rng(0)
labels = rng.integers(0, 10, {N_IMAGES})
images = np.kron(rng.integers(0, 256, ({N_IMAGES}, 3, 3, 3), dtype=np.uint8), np.ones((1, 8, 8, 1), dtype=np.uint8))
features = nn.Sequential(nn.Conv2d(3, 32, 5, stride=4), nn.ReLU())
net = nbi.Classifier(nn.Sequential(features, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(32, 10)), device="cpu")
recording = nbi.record(net, nbi.ProbeSet.from_arrays(images, labels), ["0"], batch_size=500, progress=False)
"""
VIEWS = {
    "EmbeddingPlot": 'nbi.EmbeddingPlot(recording, method="pca")',
    "ImageGrid": "nbi.ImageGrid(recording)",
    "UnitList": "nbi.UnitList(recording)",
    "explore": 'view = nbi.explore(recording, method="pca")\nview',
}

# Runs one cell; resolves with the milliseconds from the cell's end, by the kernel's clock, to the frame in which the
# view was drawn and to the one in which no thumbnail was missing any more.
RUN_AND_TIME = """async (number) => {
    const panel = window.jupyterapp.shell.currentWidget;
    const { kernel } = panel.context.sessionContext.session;
    const ended = new Promise((resolve) => {
        const listen = (_, { header, parent_header, content }) => {
            if (header.msg_type !== "status" || content.execution_state !== "idle") return;
            if (parent_header.msg_type !== "execute_request") return;
            kernel.iopubMessage.disconnect(listen);
            resolve(Date.parse(header.date));
        };
        kernel.iopubMessage.connect(listen);
    });
    const drawn = () => [...document.head.querySelectorAll("style")]
        .filter((style) => style.textContent.startsWith(".nbinterp-snapshot-")).length;
    const before = drawn();
    panel.content.activeCellIndex = number;
    window.jupyterapp.commands.execute("notebook:run-cell");
    const cell = panel.content.widgets[number].node;
    const frameWith = (there) => new Promise((resolve) => {
        const look = () => {
            if (!there()) return requestAnimationFrame(look);
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => resolve(performance.timeOrigin + performance.now());
            port2.postMessage(0);
        };
        look();
    });
    const isDrawn = () => cell.querySelector(".nbi") && drawn() !== before;
    const isWhole = () => isDrawn() && !cell.querySelector(".nbi .nbi-loading");
    const times = await Promise.all([frameWith(isDrawn), frameWith(isWhole)]);
    const end = await ended;
    return times.map((time) => time - end);
}"""

# Resolves with the milliseconds from the release of the button to the grid's new content and to the end of its frame.
TIME_RELEASE = """window.released = new Promise((resolve) => {
    const grid = [...document.querySelectorAll(".nbi-explorer .nbi-grid")].at(-1);
    let start = 0;
    const observer = new MutationObserver(() => {
        observer.disconnect();
        const drawn = performance.now() - start;
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve({
            drawn,
            painted: performance.now() - start,
            right: grid.querySelector(".nbi-cell").getAttribute("aria-selected") === "true"
                && grid.querySelector(".nbi-loading") === null,
        });
        port2.postMessage(0);
    });
    window.addEventListener("pointerup", (event) => {
        start = event.timeStamp;
        observer.observe(grid, { subtree: true, childList: true, attributes: true, characterData: true });
    }, { capture: true, once: true });
}); null"""


def line(what: str, milliseconds: Sequence[float], target: float) -> None:
    """Print one figure."""
    median, p95 = np.percentile(milliseconds, [50, 95])
    print(
        f"{what}: n = {len(milliseconds)}, median {median:.0f} ms, p95 {p95:.0f} ms (target {target:.0f} ms)",
        flush=True,
    )


def open_notebook(lab: Lab, page: Page, name: str, views: list[str]) -> None:
    """Open a notebook whose first cell makes the recording, run that cell, and leave the views' cells to be run."""
    lab.write(name, [SETUP.strip(), *(VIEWS[view] for view in views), "import time; time.sleep(300)"])
    lab.open(page, name)
    page.evaluate("() => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = 0; }")
    lab.command(page, "notebook:run-cell", wait=True)
    assert lab.evaluate(page, "len(recording)") == str(N_IMAGES)


def time_first_and_further(lab: Lab, browser: Browser) -> Page:
    """Time views in fresh pages; returns the last page, with an explorer of the recording on it."""
    firsts: dict[str, list[list[float]]] = {view: [] for view in FIRST}
    further: dict[str, list[list[float]]] = {view: [] for view in VIEWS}
    rounds = [view for view, n in FIRST.items() for _ in range(n)]
    for number, first in enumerate(rounds):
        page = browser.new_context(viewport={"width": 1400, "height": 1100}).new_page()
        views = [first, *VIEWS]
        open_notebook(lab, page, f"round-{number}.ipynb", views)
        times = [page.evaluate(RUN_AND_TIME, 1 + k) for k in range(len(views))]
        firsts[first].append(times[0])
        for view, spent in zip(VIEWS, times[1:], strict=True):
            further[view].append(spent)
        if number < len(rounds) - 1:
            page.evaluate("() => window.jupyterapp.shell.currentWidget.context.sessionContext.shutdown()")
            page.context.close()
    for what, found, target in (("first", firsts, 1000), ("further", further, 250)):
        for view, spent in found.items():
            drawn, whole = zip(*spent, strict=True)
            line(f"{what} view, {view}, drawn after its cell's end", drawn, target)
            line(f"{what} view, {view}, on screen after its cell's end", whole, target)
    return page


def time_lassos(lab: Lab, page: Page) -> None:
    """Lasso in the explorer while a cell runs."""
    explorer = page.locator(".nbi-explorer").last
    pages = -(-N_IMAGES // 500)
    has_all = f"all(view.source.has(('thumbs', page)) for page in range({pages}))"
    for _ in range(60):
        if lab.evaluate(page, has_all) == "True":
            break
        page.wait_for_timeout(500)
    else:
        raise TimeoutError("the thumbnails were not fetched while the page was idle")
    page.evaluate(
        "number => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = number; }", len(VIEWS) + 2
    )
    lab.command(page, "notebook:run-cell")
    page.wait_for_timeout(1500)
    status = "() => window.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel.status"
    explorer.evaluate("element => element.scrollIntoView()")
    box = explorer.locator(".nbi-plot-area").bounding_box()
    mouse = page.context.new_cdp_session(page)
    found = []
    for number in range(N_LASSOS):
        assert page.evaluate(status) == "busy"
        page.evaluate(TIME_RELEASE)
        draw_lasso(mouse, box, 0.1 + 0.3 * number / N_LASSOS)
        found.append(page.evaluate("() => window.released"))
        page.wait_for_timeout(200)
    assert all(each["right"] for each in found), "the grid did not show the selected images first"
    kernel = f"{N_IMAGES:,} points, kernel busy"
    line(f"lasso released -> grid's content new, {kernel}", [each["drawn"] for each in found], 50)
    line(f"lasso released -> grid's frame drawn, {kernel}", [each["painted"] for each in found], 50)


def draw_lasso(mouse, box: dict[str, float], left: float) -> None:
    """A lasso that grows by a corner at the very moment of release, so that the release changes the selection."""
    corners = [(left, 0.3), (left + 0.3, 0.3), (left + 0.3, 0.7), (left + 0.1, 0.9)]
    points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in corners]

    def send(kind: str, x: float, y: float) -> None:
        event = {"type": kind, "x": x, "y": y, "button": "left", "buttons": 1, "clickCount": 1}
        mouse.send("Input.dispatchMouseEvent", event)

    send("mousePressed", *points[0])
    for (x0, y0), (x1, y1) in itertools.pairwise(points[:3]):
        for t in np.linspace(0, 1, 8):
            send("mouseMoved", x0 + t * (x1 - x0), y0 + t * (y1 - y0))
    send("mouseReleased", *points[3])


def main() -> None:
    """Measure and print."""
    chromium = os.environ.get("NBINTERP_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    with tempfile.TemporaryDirectory() as home, running_lab(Path(home)) as lab, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGUMENTS)
        load = os.getloadavg()[0]
        print(f"machine: {os.cpu_count()} processors, load {load:.1f} at the start, Chromium {browser.version}")
        time_lassos(lab, time_first_and_further(lab, browser))
        print(f"load {os.getloadavg()[0]:.1f} at the end")
        browser.close()


if __name__ == "__main__":
    main()
