"""What regions cost, and what they are worth on real networks: one line per figure.

Run it with `python tests/bench/bench_regions.py`, on a quiet machine. First the neighbour query over 30,720 images of
12,800 neurons, by numpy's and by torch's path; a region at 10,000 images, from the anchor's number to everything a view
draws at once (the null lifts follow, and are kept for the next anchor); all-anchor lifts for 1,000 images. Then, where
the real weights are, regions of fifty random anchors beside as many nearest neighbours.
"""

from __future__ import annotations

import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from regions_helpers import record_cifar, record_photographs

from nbinterp.analyses import Recording
from nbinterp.analyses.regions import neighbours_beside, regions
from nbinterp.analyses.regions.codes import LayerCodes
from nbinterp.analyses.regions.driver import Anchor, Settings, find_region
from nbinterp.analyses.regions.reference import Reference
from nbinterp.kernels import configurations

SHARED = Path(os.environ.get("NBINTERP_SHARED", Path(__file__).resolve().parents[3] / "shared" / "data"))
N_UNITS, GRID = 512, (5, 5)
N_NEURONS = N_UNITS * GRID[0] * GRID[1]
ROUNDS = 15


def median_ms(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Median wall time in milliseconds, after one call that does not count."""
    work()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return 1000 * statistics.median(times)


def random_codes(n: int) -> torch.Tensor:
    """Codes of n images."""
    return torch.from_numpy(np.random.default_rng(0).integers(0, 256, (n, N_NEURONS // 8), dtype=np.uint8))


def bare_recording(n: int) -> Recording:
    """A recording of n images with nothing but predictions and labels."""
    logits = np.random.default_rng(1).random((n, 10), dtype=np.float32)
    names = tuple(map(str, range(n)))
    labels = np.arange(n) % 10
    return Recording(names, None, None, labels, True, logits, {}, None, None, {}, 32, {})


def measure_queries() -> None:
    """Print the neighbour query's time by both paths."""
    codes = random_codes(30720)
    for path in (True, False):
        configurations._HAS_POPCOUNT = path and hasattr(np, "bitwise_count")
        found = median_ms(lambda: configurations.hamming(codes, codes[:1]))
        print(f"neighbour query, 30,720 × {N_NEURONS:,}, {'numpy' if path else 'torch'}: {found:.1f} ms (target 20)")
    configurations._HAS_POPCOUNT = hasattr(np, "bitwise_count")


def measure_clicks() -> None:
    """Print what a click costs at 10,000 images."""
    n = 10000
    start = time.perf_counter()
    reference = Reference(
        LayerCodes("layer", "none", None, N_UNITS, GRID, None, "", random_codes(n)), np.arange(n), "", 0
    )
    print(f"reference set of 10,000 × {N_NEURONS:,}, once: {1000 * (time.perf_counter() - start):.0f} ms")
    recording, settings = bare_recording(n), Settings(8, 10, 0, 200)

    def click() -> None:
        anchor = Anchor(17, "17", reference.codes.codes[17:18], 0)
        assert len(find_region(recording, reference, anchor, settings).frame) == 10

    print(f"region of an anchor, 10,000 images: {median_ms(click):.1f} ms (click to drawn: 150)")
    lift = median_ms(
        lambda: reference.lifts(reference.codes.codes[17:18], np.array([17]), k=8, t=10, tolerance=0, inside=True)
    )
    print(f"its split-sample lift: {lift:.1f} ms")
    start = time.perf_counter()
    reference.nulls(k=8, t=10, tolerance=0, inside=True, n=200)
    print(f"null lifts of 200 anchors, random and shuffled, once for one k and t: {time.perf_counter() - start:.2f} s")
    small = Reference(reference.codes, np.arange(1000), "", 0)
    everyone = np.arange(1000)
    start = time.perf_counter()
    small.lifts(small.rows(everyone), everyone, k=8, t=10, tolerance=0, inside=True)
    print(f"all-anchor lifts, 1,000 images × {N_NEURONS:,}: {time.perf_counter() - start:.2f} s (target 10)")


def table(name: str, recording: Recording, layers: list[str]) -> None:
    """Print regions of fifty random anchors beside as many nearest images."""
    anchors = np.random.default_rng(0).choice(len(recording), 50, replace=False)
    print(f"{name}: 50 anchors among {len(recording):,} images, k 8, t 10; purity by label")
    for layer in layers:
        found = [regions(recording, layer, int(anchor)) for anchor in anchors]
        beside = [neighbours_beside(region).frame.set_index("set")["label_purity"] for region in found]
        means = {kind: np.mean([row[kind] for row in beside]) for kind in beside[0].index}
        coverage = []
        for anchor, region in zip(anchors, found, strict=True):
            same = recording.labels == recording.labels[anchor]
            coverage.append(np.isin(np.flatnonzero(same), region.members).mean())
        lifts = np.array([region.lift for region in found])
        support = np.median([region.support for region in found])
        print(f"  {layer}: members {support:.0f}, coverage of the anchor's class {np.mean(coverage):.3f}")
        print("    purity: " + " | ".join(f"{kind} {mean:.3f}" for kind, mean in means.items()))
        print(
            f"    lift: median {np.median(lifts):.3g}, without a held-out member {np.mean(lifts == 0):.0%}; stand out "
            f"{np.mean([region.stands_out for region in found]):.0%}"
        )
        for region in found[:5]:
            print(f"    {region}: {region.verdict}")


def main() -> None:
    """Measure and print."""
    where = f"{torch.get_num_threads()} threads, {os.cpu_count()} processors, {platform.machine()}"
    print(f"machine: {where}, torch {torch.__version__}, numpy {np.__version__}; medians of {ROUNDS}")
    measure_queries()
    measure_clicks()
    if not (SHARED / "imagenette224").is_dir():
        print(f"skipped: no real weights and photographs at {SHARED}; set NBINTERP_SHARED to their folder")
        return
    table("CIFAR-10 ResNet-20", record_cifar(SHARED, ["layer2", "layer3"]), ["layer2", "layer3"])
    photographs = record_photographs(SHARED, ["features.7", "features.12"])
    table("SqueezeNet 1.1", photographs, ["features.7", "features.12"])


if __name__ == "__main__":
    main()
