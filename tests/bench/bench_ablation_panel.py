"""How soon after a slider moved the ablation panel shows what that does: 1,000 scenes, demo classifier, JupyterLab.

Run it with `python tests/bench/bench_ablation_panel.py` on a quiet machine; it starts JupyterLab and Chromium. The time
goes from the slider's input event until the browser has painted a frame in which accuracy, classes and pictures are
those of the slider's new place. "set" is the slider of a concept's whole set of units. "drag" sends a move in every
frame for three seconds: the lag is that of the answer to the last move; answers are counted, so that a backlog would
show. For stage2, an early layer, the first answer may be on a part of the images.
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
from jupyter_lab import Lab, running_lab

N_MOVES = {"stage4": 60, "stage2": 20}
SETUP = """
import nbinterp as nbi
net, scenes = nbi.demo.classifier(), nbi.demo.scenes(1000)
dissections = nbi.dissect(net, scenes, ["stage2", "stage4"], chance=0, progress=False)
recording = nbi.record(net, scenes, ["stage2", "stage4"], progress=False)
ablations = {layer: nbi.ablate(recording, layer, progress=False) for layer in dissections}

def milliseconds_alone():
    import statistics, timeit
    return round(1000 * statistics.median(timeit.repeat(lambda: panel.ablation.effect({3: 0.5}), number=1, repeat=9)))
"""
PANEL = """
panel = nbi.AblationPanel(ablations["LAYER"], dissection=dissections["LAYER"])
panel.switch_off_top("harbour", 12)
largest = max(panel._concepts, key=lambda one: len(one.units))
panel.edit = {**panel.edit, "concept": largest.name}
panel
"""

# Moves a slider; resolves with the milliseconds to the first frame with an answer to it, and to that with the whole.
MOVE_AND_TIME = """async ([label, value]) => {
    const view = document.querySelector(".nbi-ablation");
    const slider = [...view.querySelectorAll("input[type=range]")].find((node) => node.ariaLabel === label);
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
    slider.value = value;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    const first = await painted(() => view.dataset.state !== "waiting");
    const last = await painted(() => view.dataset.state === "complete");
    slider.dispatchEvent(new Event("change", { bubbles: true }));
    return [first - start, last - start];
}"""

# A move in every frame; resolves with the lag behind the last one, the moves, and the times between changed numbers.
DRAG = """async ([label, ms]) => {
    const view = document.querySelector(".nbi-ablation");
    const slider = [...view.querySelectorAll("input[type=range]")].find((node) => node.ariaLabel === label);
    const seen = [];
    const start = performance.now();
    const watch = new MutationObserver(() => seen.push(performance.now()));
    watch.observe(view.querySelector(".nbi-ablation-change"), { attributes: true });
    let moves = 0;
    let last = start;
    await new Promise((resolve) => {
        const move = () => {
            last = performance.now();
            slider.value = 1 + Math.sin((last - start) / 300);
            slider.dispatchEvent(new Event("input", { bubbles: true }));
            moves++;
            if (last - start < ms) requestAnimationFrame(move);
            else resolve();
        };
        move();
    });
    while (view.dataset.state !== "complete") await new Promise(requestAnimationFrame);
    slider.dispatchEvent(new Event("change", { bubbles: true }));
    const lag = performance.now() - last;
    watch.disconnect();
    return [lag, moves, seen];
}"""


def moved(page: Page, label: str, n_moves: int) -> np.ndarray:
    """Milliseconds of every move: first answer painted, complete answer painted."""
    times = []
    for number in range(n_moves + 3):
        times.append(page.evaluate(MOVE_AND_TIME, [label, str(round(0.1 + 0.07 * (number % 27), 2))]))
        page.wait_for_timeout(120)
    return np.array(times[3:])


def report(name: str, times: np.ndarray) -> None:
    for what, column in zip(("first answer", "complete"), times.T, strict=True):
        middle, most = np.percentile(column, [50, 95])
        numbers = f"median {middle:.0f} ms, p95 {most:.0f} ms, worst {column.max():.0f} ms (n {len(column)})"
        print(f"  {name} → {what}: {numbers}")


def measure(lab: Lab, page: Page, layer: str) -> None:
    """Print the times of one layer."""
    name = f"bench-{layer}.ipynb"
    lab.write(name, [SETUP, PANEL.replace("LAYER", layer)])
    lab.open(page, name)
    lab.run_all(page, timeout=600)
    page.locator(".nbi-ablation[data-state=complete] .nbi-ablation-row").first.wait_for()
    page.wait_for_function("() => !document.querySelector('.nbi-loading')")
    print(f"{layer}: the numbers alone take {lab.evaluate(page, 'milliseconds_alone()')} ms")
    unit = page.locator(".nbi-scale[aria-label^='unit']").first.get_attribute("aria-label") or ""
    report("one unit", moved(page, unit, N_MOVES[layer]))
    report("set", moved(page, "all units of the concept", N_MOVES[layer]))
    before = int(lab.evaluate(page, "panel._serial"))
    lag, moves, seen = page.evaluate(DRAG, [unit, 3000])
    answers = int(lab.evaluate(page, "panel._serial")) - before
    gaps = np.diff(seen) if len(seen) > 1 else np.array([np.nan])
    apart = f"{np.median(gaps):.0f} ms apart"
    print(f"  drag: {moves} moves, {answers} answers, {apart}; the last one {lag:.0f} ms after the hand")


def main() -> None:
    """Measure the last conv layer, then an early one."""
    path = os.environ.get("NBINTERP_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    with tempfile.TemporaryDirectory() as folder, running_lab(Path(folder)) as lab, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        for layer in N_MOVES:
            page = browser.new_page(viewport={"width": 1500, "height": 1200})
            measure(lab, page, layer)
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
