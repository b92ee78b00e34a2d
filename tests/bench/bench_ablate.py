"""How long an answer of an ablation takes: a slider on the demo network, first answers of early layers, all units.

Run it with `python tests/bench/bench_ablate.py` on a quiet machine. A "slider" answer is `Ablation.effect` of a unit or
of a set of 10, at a scale that changes each time, on all images. A "first answer" is what `Ablation.effects` gives
first; how many images it is of is stated. "ranking" ablates every unit alone on the train half (half of the images).
"""

from __future__ import annotations

import os
import platform
import sys
import time

import numpy as np
import torch

import nbinterp as nbi

N_IMAGES, N_ANSWERS = 1000, 60


def timed(work) -> tuple[float, object]:
    """Milliseconds, and what the work gave."""
    start = time.perf_counter()
    result = work()
    return 1000 * (time.perf_counter() - start), result


def spread(milliseconds: list[float]) -> str:
    return f"median {np.median(milliseconds):.0f} ms, p95 {np.percentile(milliseconds, 95):.0f} ms"


def measure(recording: nbi.Recording, layer: str) -> None:
    made, ablation = timed(lambda: nbi.ablate(recording, layer, progress=False))
    print(f"{layer}: {ablation.n_units} units, cached in {made / 1000:.2f} s, reason {ablation.tail_reason!r}")
    rng = np.random.default_rng(0)
    for n_units in (1, 10):
        whole, first, later, n_first = [], [], [], []
        for _ in range(N_ANSWERS):
            units = rng.choice(ablation.n_units, n_units, replace=False)
            edit = dict(zip(units.tolist(), rng.uniform(0, 2, n_units).tolist(), strict=True))
            whole.append(timed(lambda edit=edit: ablation.effect(edit))[0])
            start = time.perf_counter()
            answers = ablation.effects(edit)
            effect = next(answers)
            first.append(1000 * (time.perf_counter() - start))
            n_first.append(effect.n_images)
            list(answers)
            later.append(1000 * (time.perf_counter() - start))
        print(f"  {n_units:2d} units: slider, complete answer {spread(whole)}")
        print(
            f"            first answer {spread(first)}, of {min(n_first)} to {max(n_first)} images; all {spread(later)}"
        )
    ranked, _ = timed(ablation.ranking)
    print(f"  ranking of all units: {ranked / 1000:.2f} s (n = 1)")


def main() -> None:
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, torch {torch.__version__}, ", end="")
    print(f"{torch.get_num_threads()} threads, {N_IMAGES} images, n = {N_ANSWERS} answers each")
    recording = nbi.record(nbi.demo.classifier(), nbi.demo.scenes(N_IMAGES), ["stage4"], progress=False)
    for layer in sys.argv[1:] or ["stage4", "stage3", "stage2", "stage1", "stem"]:
        measure(recording, layer)


if __name__ == "__main__":
    main()
