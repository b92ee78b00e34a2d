"""What `dissect` costs beyond the forward passes, and what memory it takes: one line per figure.

Run it with `OMP_NUM_THREADS=1 python tests/bench/bench_dissect.py [images] [rounds]` on a quiet machine. ResNet-18 with
random weights, layer4 (512 units), 500 images of 224 px in memory, 300 concepts in three categories of which about ten
are in an image, masks counted at half resolution (a quarter under pnas2020). The bare forward passes and the
dissections go by turns; the figure is the ratio of medians, of wall time and of the whole process's processor time
(where other processes disturb the first, read the second). The floor is the forward passes alone, on tensors that are
ready; beside it, the same with the loader that makes tensors of the images.
"""

from __future__ import annotations

import ctypes
import os
import platform
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import torch
from torchvision import models

from nbinterp.analyses import dissect
from nbinterp.data import ProbeSet, batches
from nbinterp.instrument import Classifier

N_IMAGES, N_CONCEPTS, BATCH, ROUNDS, SIDE = 500, 300, 32, 3, 224
CATEGORIES = ("object", "part", "material")


def load(n_images: int = N_IMAGES) -> tuple[Classifier, ProbeSet]:
    """The network, and images with blocks of concepts: a few rectangles in every image and category."""
    torch.manual_seed(0)
    random = np.random.default_rng(0)
    names = np.array_split([f"concept {number}" for number in range(N_CONCEPTS)], len(CATEGORIES))
    masks = {category: np.zeros((n_images, SIDE, SIDE), np.uint8) for category in CATEGORIES}
    images = random.integers(0, 256, (n_images, 3, SIDE // 8, SIDE // 8), np.uint8).repeat(8, 2).repeat(8, 3)
    for category in CATEGORIES:
        for one in masks[category]:
            for _ in range(3 + int(random.random() < 0.5)):
                top, left, height, width = random.integers((0, 0, 20, 20), SIDE // 2)
                one[top : top + height, left : left + width] = random.integers(1, N_CONCEPTS // len(CATEGORIES) + 1)
    concepts = {category: ("", *found) for category, found in zip(CATEGORIES, names, strict=True)}
    probe = ProbeSet.from_arrays(torch.from_numpy(images), masks=masks, concepts=concepts, ignore=None)
    return Classifier(models.resnet18(weights=None)), probe


def forward(net: Classifier, ready: list[torch.Tensor]) -> None:
    """The forward passes alone."""
    net.module.eval()
    with torch.inference_mode():
        for start in range(0, len(ready), BATCH):
            net.module(torch.stack(ready[start : start + BATCH]).to(net.device)).cpu()


def load_and_forward(net: Classifier, probe: ProbeSet) -> None:
    """The forward passes over the loader."""
    net.module.eval()
    with torch.inference_mode():
        for _, images in batches(probe, net.prepare, BATCH):
            net.module(torch.stack(images).to(net.device)).cpu()


def timed(work) -> tuple[float, float]:
    """Wall seconds, and processor seconds of this process with all its threads."""
    wall, processor = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - processor


def resident_megabytes() -> float:
    """Resident memory of this process (Linux), after giving back what the allocator keeps for later."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
    return int(Path("/proc/self/status").read_text().split("VmRSS:")[1].split()[0]) / 1000


def print_memory(n_images: int) -> None:
    """The most memory that a dissection of a cheap network adds to what the images and masks take, in MB."""
    _, probe = load(n_images)
    cheap = torch.nn.Sequential(
        torch.nn.Conv2d(3, 512, 32, stride=32), torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten()
    )
    net = Classifier(cheap, device="cpu")
    small = probe.subset(np.arange(BATCH))
    dissect(net, small, "0", batch_size=BATCH, progress=False, min_images=1)
    before, most = resident_megabytes(), [0.0]
    image = probe._source.image

    def sampling(index: int):
        if index % 50 == 0:
            most[0] = max(most[0], resident_megabytes())
        return image(index)

    probe._source.image = sampling
    found = dissect(net, probe, "0", batch_size=BATCH, progress=False)
    most[0] = max(most[0], resident_megabytes())
    maps = n_images * 512 * 49 * 2 / 1e6
    print(f"{found.n_images} {most[0] - before:.1f} {maps:.1f}")


def memory() -> None:
    """Memory over the number of images, in processes of their own."""
    for n_images in (250, 500, 1000):
        code = f"import bench_dissect; bench_dissect.print_memory({n_images})"
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=Path(__file__).parent, capture_output=True, text=True, check=True
        )
        number, added, maps = done.stdout.split()
        print(f"resident memory added, {number} images: {added} MB, of which half-precision maps {maps} MB")


def main() -> None:
    """Measure and print."""
    n_images = int(sys.argv[1]) if len(sys.argv) > 1 else N_IMAGES
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else ROUNDS
    net, probe = load(n_images)
    ready = [net.prepare(probe.image(index)) for index in range(n_images)]
    shown = [sum(len(np.unique(found)) - 1 for found in probe.label_maps(i).values()) for i in range(0, n_images, 25)]
    where = f"{net.device}, {torch.get_num_threads()} threads, {os.cpu_count()} processors, {platform.machine()}"
    print(f"machine: {where}, torch {torch.__version__}, load {os.getloadavg()[0]:.1f}")
    print(f"n = {n_images} images, {rounds} rounds, batch {BATCH}, {np.mean(shown):.1f} concepts in an image")
    settings = {"batch_size": BATCH, "progress": False, "min_images": 1}
    works = {
        "forward": lambda: forward(net, ready),
        "loader and forward": lambda: load_and_forward(net, probe),
        "cvpr2017, chance=0": lambda: dissect(net, probe, "layer4", convention="cvpr2017", chance=0, **settings),
        "cvpr2017": lambda: dissect(net, probe, "layer4", convention="cvpr2017", **settings),
        "pnas2020, chance=0": lambda: dissect(net, probe, "layer4", convention="pnas2020", chance=0, **settings),
        "pnas2020": lambda: dissect(net, probe, "layer4", convention="pnas2020", **settings),
    }
    forward(net, ready[: 2 * BATCH])
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in works}
    for number in range(rounds):
        for name in list(works) if number % 2 == 0 else reversed(works):
            times[name].append(timed(works[name]))
    for clock, kind in enumerate(("wall", "processor")):
        median = {name: statistics.median(t[clock] for t in found) for name, found in times.items()}
        for name in list(works)[1:]:
            target = " (target 1.10)" if name.startswith("cvpr2017") else ""
            ratio = median[name] / median["forward"]
            print(f"{name} / forward, {kind}: {median[name]:.2f} s / {median['forward']:.2f} s = {ratio:.3f}{target}")
    if Path("/proc/self/status").exists():
        memory()


if __name__ == "__main__":
    main()
