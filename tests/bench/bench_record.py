"""What `record` costs beyond the forward passes, and what memory it takes: one line per figure.

Run it with `python tests/bench/bench_record.py`, on a quiet machine. SqueezeNet 1.1 at 224 px, three layers, pooled
values and exemplars. The bare pass and `record` go over the same loader (decoding included) by turns; the figure is the
ratio of medians, of wall time and of the main thread's processor time (where other processes disturb the first, run it
with OMP_NUM_THREADS=1 and read the second). Memory is what is resident after glibc has given back what it only hoards.
"""

from __future__ import annotations

import ctypes
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from itertools import count
from pathlib import Path

import numpy as np
import torch
from torchvision import models, transforms

from nbinterp.analyses import record
from nbinterp.data import ProbeSet, batches
from nbinterp.instrument import Classifier

SHARED = Path(os.environ.get("NBINTERP_SHARED", Path(__file__).resolve().parents[3] / "shared" / "data"))
LAYERS = ["features.7", "features.12", "classifier.1"]
N_IMAGES, BATCH, ROUNDS = 300, 32, 3


def load() -> tuple[Classifier, ProbeSet]:
    """SqueezeNet with its weights, and the thousand photographs."""
    weights = torch.load(SHARED / "classifiers" / "squeezenet1_1.fp16.pt", map_location="cpu", weights_only=True)
    module = models.squeezenet1_1()
    module.load_state_dict({name: values.float() for name, values in weights.items()})
    normalize = transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
    net = Classifier(module, preprocess=transforms.Compose([transforms.ToTensor(), normalize]))
    folders = json.loads((SHARED / "imagenette224" / "classes.json").read_text())
    names = {folder: about["name"] for folder, about in folders.items()}
    return net, ProbeSet.from_folder(SHARED / "imagenette224", class_names=names)


def bare(net: Classifier, probe: ProbeSet) -> None:
    """The forward passes alone, over the loader that `record` uses."""
    net.module.eval()
    with torch.inference_mode():
        for _, images in batches(probe, net.prepare, BATCH):
            net.module(torch.stack(images).to(net.device)).cpu()


def decode(net: Classifier, probe: ProbeSet) -> None:
    """The loader alone."""
    for _ in batches(probe, net.prepare, BATCH):
        pass


def timed(work, *args, **settings) -> tuple[float, float]:
    """Wall seconds, and processor seconds of this thread."""
    wall, processor = time.perf_counter(), time.thread_time()
    work(*args, **settings)
    return time.perf_counter() - wall, time.thread_time() - processor


def resident_kilobytes() -> int:
    """Resident memory of this process (Linux), after giving back what the allocator keeps for later."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
    return int(Path("/proc/self/status").read_text().split("VmRSS:")[1].split()[0])


def kilobytes_per_image() -> float:
    """Slope of resident memory over the images of one pass, from the 200th to the 1000th, in a process of its own."""
    code = "import bench_record; bench_record.print_slope()"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=Path(__file__).parent, capture_output=True, text=True, check=True)
    return float(done.stdout.split()[-1])


def print_slope() -> None:
    """Record a thousand images, sample the memory at every eighth, and print the slope in kB an image."""
    net, probe = load()
    prepare, counter, sampled = net.preprocess, count(), []

    def sampling(image):
        number = next(counter)
        if number >= 200 and number % 8 == 0:
            sampled.append((number, resident_kilobytes()))
        return prepare(image)

    net.preprocess = sampling
    recording = record(net, probe, LAYERS, batch_size=BATCH, progress=False)
    assert len(recording) == 1000
    print(np.polyfit(*np.transpose(sampled), 1)[0])


def main() -> None:
    """Measure and print."""
    if not (SHARED / "imagenette224").is_dir():
        print(f"skipped: no real weights and photographs at {SHARED}; set NBINTERP_SHARED to their folder")
        return
    net, everything = load()
    probe = everything.subset(np.linspace(0, len(everything) - 1, N_IMAGES).astype(int))
    where = f"{net.device}, {torch.get_num_threads()} threads, {os.cpu_count()} processors, {platform.machine()}"
    print(f"machine: {where}, torch {torch.__version__}; n = {N_IMAGES} images, {ROUNDS} rounds, batch {BATCH}")
    print(f"hashing the images: {timed(probe.fingerprint)[0]:.3f} s; the weights: {timed(net.fingerprint)[0]:.3f} s")
    settings = {"batch_size": BATCH, "progress": False}
    bare(net, probe)
    works = {
        "bare forward": lambda: bare(net, probe),
        "record": lambda: record(net, probe, LAYERS, **settings),
        "record with codes": lambda: record(net, probe, LAYERS, keep=("pooled", "topk", "codes"), **settings),
    }
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in works}
    for number in range(ROUNDS):
        for name in list(works) if number % 2 == 0 else reversed(works):
            times[name].append(timed(works[name]))
    print(f"decoding and preparing alone: {timed(decode, net, probe)[0]:.2f} s")
    for clock, kind in enumerate(("wall", "processor")):
        median = {name: statistics.median(t[clock] for t in found) for name, found in times.items()}
        floor = median.pop("bare forward")
        for name, spent in median.items():
            print(
                f"{name} / bare forward, {kind} time: {spent:.2f} s / {floor:.2f} s = {spent / floor:.3f} (target 1.05)"
            )
    if Path("/proc/self/status").exists():
        print(f"resident memory per image, 200 to 1000 images: {kilobytes_per_image():.1f} kB (target 50 kB)")


if __name__ == "__main__":
    main()
