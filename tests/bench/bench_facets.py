"""Facets: how soon they are there, and what a synthesis step costs over the bare forward and backward pass.

Run: python tests/bench/bench_facets.py [repeats]. One line per figure; of alternating runs the least counts, for a
shared machine disturbs the others.
"""

from __future__ import annotations

import platform
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
import torch
from torchvision import models

from nbinterp import demo
from nbinterp.analyses import record
from nbinterp.analyses.facets import facets, making
from nbinterp.analyses.facets.schedules import QUICK_ITERATIONS, TV, Schedule
from nbinterp.analyses.facets.synthesis import TVBatch
from nbinterp.analyses.maximize.setup import Group, Setup
from nbinterp.instrument import Classifier, frozen
from nbinterp.kernels import objectives
from nbinterp.kernels.parameterizations import Pixel
from nbinterp.kernels.recipes import Recipe

N_FACETS, SIZE = 8, 224

FRESH = """
import time
from nbinterp import demo
from nbinterp.analyses import record
from nbinterp.analyses.facets import facets
from nbinterp.widgets import FacetView
recording = record(demo.classifier(), demo.scenes(1000, seed=4), ["stage2", "stage3", "stage4", "head"], progress=False)
for label in ("first call", "again"):
    begin = time.perf_counter()
    found = facets(recording, "head", "shop", n_facets=4, synthesis={synthesis!r}, recipe="quick")
    there = time.perf_counter() - begin
    FacetView(found)
    shown = time.perf_counter() - begin
    made = found.visualizations
    while made.step < 1 and made.state in ("waiting", "running"):
        time.sleep(0.002)
    frame = time.perf_counter() - begin
    found.wait(progress=False)
    whole = time.perf_counter() - begin
    print(f"demo, {synthesis}, {{label}}: facets {{there:.2f}} s, view with mean images {{shown:.2f}} s, "
          f"first synthesized frame {{frame:.2f}} s, all {{made.steps}} steps {{whole:.2f}} s")
"""


def first_pictures() -> None:
    """Facets of one class of 100 images on the demo model, 4 facets, quick; each synthesis in a fresh process."""
    for synthesis in ("fourier", "tv", "centre"):
        subprocess.run([sys.executable, "-c", FRESH.format(synthesis=synthesis)], check=True)


def distances() -> None:
    """Mean distance in grey levels of the quick schedules' images from those of exact denoising, at equal steps."""
    probe = demo.scenes(1000, seed=4)
    recording = record(demo.classifier(), probe, ["stage2", "stage3", "stage4", "head"], progress=False)
    known = dict(making.SCHEDULES)

    def images(schedule: Schedule, seed: int = 0) -> np.ndarray:
        making.SCHEDULES[schedule.name] = schedule
        settings = {"n_facets": 2, "synthesis": schedule.name, "recipe": "paper", "seed": seed}
        try:
            return facets(recording, "head", "shop", **settings).wait(progress=False).images
        finally:
            making.SCHEDULES[schedule.name] = known[schedule.name]

    for schedule in known.values():
        few = replace(schedule.quick(), name=schedule.name, iterations=100, warm=False)  # the quick one's steps, exact
        for steps, exact in ((few.steps, few), (schedule.steps, schedule)):
            quick = replace(exact, iterations=QUICK_ITERATIONS, warm=True)
            base = images(exact)
            apart = [np.abs(images(one, seed) - base).mean() * 255 for one, seed in ((quick, 0), (exact, 1))]
            which = f"demo, {schedule.name}, {steps} steps"
            print(
                f"{which}: quick denoising {apart[0]:.2f} grey levels from exact, a second seed {apart[1]:.2f}",
                flush=True,
            )


def steps(repeats: int) -> None:
    """A step for 8 facets of a ResNet-18 class at 224 px, with the exact, the quick and no denoising."""
    device = "cuda" if torch.cuda.is_available() else "cpu"
    net = Classifier(models.resnet18(), device=device)
    start = torch.rand(N_FACETS, 3, SIZE, SIZE, generator=torch.Generator().manual_seed(0))
    setup = Setup(
        net=net,
        groups=[Group(objectives.logit(1), 1)] * N_FACETS,
        parameterization=Pixel(),
        recipe=Recipe("bench", 100, 1.0, "adam", ()),
        shape=(3, SIZE, SIZE),
        to_input=lambda images: images,
        precision="weights",
        redirect_steps=0,
        seed=0,
        start=start,
    )

    def batch(schedule: Schedule) -> TVBatch:
        return TVBatch(setup, list(setup.groups), slice(0, N_FACETS), schedule, None, start, print)

    images = start.to(device)

    def floor() -> None:
        inputs = images.clone().requires_grad_()
        with frozen(net.module), net.evaluating():
            torch.autograd.grad(net.module(inputs)[:, 1].sum(), inputs)

    exact, quick = batch(TV), batch(TV.quick())
    plain = batch(TV.quick())
    plain.schedule = Schedule("none", TV.quick().octaves, iterations=1)
    runs = {"floor": floor, "exact": exact.advance, "quick": quick.advance, "one iteration": plain.advance}
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    for repeat in range(repeats + 1):
        for name, run in runs.items():
            begin = time.perf_counter()
            run()
            if device == "cuda":
                torch.cuda.synchronize()
            if repeat:
                seconds[name].append(time.perf_counter() - begin)
    base = min(seconds["floor"])
    for name, values in seconds.items():
        least = min(values)
        print(f"resnet18, {N_FACETS} facets, {SIZE} px, {device}, {name}: {least:.3f} s, {least / base:.2f} × floor")


if __name__ == "__main__":
    print(f"torch {torch.__version__}, {platform.processor() or platform.machine()}, {torch.get_num_threads()} threads")
    first_pictures()
    distances()
    steps(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
