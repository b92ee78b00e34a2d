"""What a step of `maximize` costs beyond the forward and backward pass to the layer: one line per figure.

Run it with `python tests/bench/bench_maximize.py`, on a quiet machine. ResNet-18 with random weights at 224 px, Lucid's
transforms, layers 2 and 4, 1 and 16 units. The floor is the bare forward and backward pass of the modules up to the
layer, weights frozen, from a batch of the same size. Floor and step go by turns; the figure is the ratio of medians, of
wall time and of this thread's processor time (where other processes disturb the first, run it with OMP_NUM_THREADS=1
and read the second). Peak memory is the resident peak of a process of its own (CPU, Linux), or the allocator's
(CUDA).
With NBINTERP_LUCENT_PYTHON=path of a Python that has torch-lucent, its own ratio is measured beside.
"""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import torch
from torch import nn
from torchvision import models

from nbinterp.analyses.maximize.batch import Batch
from nbinterp.analyses.maximize.color_map import ColorMap
from nbinterp.analyses.maximize.setup import START, Group, Setup
from nbinterp.instrument import Classifier
from nbinterp.kernels import objectives
from nbinterp.kernels.parameterizations import parameterization
from nbinterp.kernels.recipes import recipe

SIDE, ROUNDS = 224, {1: 30, 16: 7}
CASES = [(layer, n) for layer in ("layer2", "layer4") for n in (1, 16)]
MEAN, DEVIATION = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
DEVICE = os.environ.get("NBINTERP_BENCH_DEVICE", "auto")


def network() -> Classifier:
    """ResNet-18 with random weights, which cost what trained ones do."""
    torch.manual_seed(0)
    return Classifier(models.resnet18(), device=DEVICE)


def floor_of(net: Classifier, layer: str, n: int) -> Callable[[], object]:
    """The bare forward and backward pass to the layer."""
    parts = []
    for name, part in net.module.named_children():
        parts.append(part)
        if name == layer:
            break
    model = nn.Sequential(*parts).eval()
    images = torch.rand(n, 3, SIDE, SIDE, device=net.device, requires_grad=True)

    def step() -> None:
        flags = [p.requires_grad for p in model.parameters()]
        model.requires_grad_(False)
        activations = model(images)
        torch.autograd.grad(-activations[torch.arange(n), torch.arange(n)].mean((1, 2)).sum(), images)
        for parameter, flag in zip(model.parameters(), flags, strict=True):
            parameter.requires_grad_(flag)

    return step


def step_of(net: Classifier, layer: str, n: int) -> Callable[[], object]:
    """A whole step of ours: draws, images, transforms, colours, forward, objective, backward, optimizer."""
    to_input = ColorMap((1 / DEVIATION).diag(), -MEAN / DEVIATION, 3).to(net.device)
    setup = Setup(
        net=net,
        groups=[Group(objectives.unit(layer, unit), 1) for unit in range(n)],
        parameterization=parameterization("fourier"),
        recipe=recipe("lucid"),
        shape=(3, SIDE, SIDE),
        to_input=to_input,
        precision="weights",
        redirect_steps=0,
        seed=0,
        start=None,
    )
    parameters = setup.parameterization.start(n, 3, (SIDE, SIDE), setup.generator(START))
    return Batch(setup, list(setup.groups), slice(0, n), parameters, print).advance


def seconds(work: Callable[[], object]) -> tuple[float, float]:
    """Wall seconds of one call, and processor seconds of this thread."""
    _wait()
    wall, processor = time.perf_counter(), time.thread_time()
    work()
    _wait()
    return time.perf_counter() - wall, time.thread_time() - processor


def _wait() -> None:
    if torch.cuda.is_available():
        torch.cuda.synchronize()


def measure(layer: str, n: int) -> None:
    """Print the ratio of one case."""
    net = network()
    works = {"floor": floor_of(net, layer, n), "step": step_of(net, layer, n)}
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in works}
    for work in works.values():
        for _ in range(2):
            work()
    for number in range(ROUNDS[n]):
        for name in works if number % 2 == 0 else reversed(works):
            times[name].append(seconds(works[name]))
    for clock, kind in enumerate(("wall", "processor")):
        floor, step = (statistics.median(found[clock] for found in times[name]) * 1e3 for name in works)
        what = f"{layer}, {n} unit{'s' * (n != 1)}, {kind} time"
        print(f"{what}: step {step:.1f} ms / floor {floor:.1f} ms = {step / floor:.3f} (target 1.10)", flush=True)
    memory = {name: peak(name, layer, n) for name in works}
    print(f"{layer}, {n} unit{'s' * (n != 1)}: peak memory {memory['step']:.0f} MB / floor's {memory['floor']:.0f} MB")


def peak(what: str, layer: str, n: int) -> float:
    """Peak memory in MB of three steps of the floor or of ours, in a process of its own."""
    code = f"import bench_maximize as b; b.print_peak({what!r}, {layer!r}, {n})"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=Path(__file__).parent, capture_output=True, text=True, check=True)
    return float(done.stdout.split()[-1])


def print_peak(what: str, layer: str, n: int) -> None:
    """Make three steps and print the peak in MB."""
    net = network()
    work = (floor_of if what == "floor" else step_of)(net, layer, n)
    for _ in range(3):
        work()
    if net.device.type == "cuda":
        print(torch.cuda.max_memory_allocated() / 2**20)
    else:  # not ru_maxrss: a process begins with that of the one that started it
        print(int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 2**10)


LUCENT = """
import time, torch
from torchvision import models
from lucent.optvis import render, param, objectives
torch.manual_seed(0)
model = models.resnet18().eval()
device = torch.device("cuda:0" if torch.cuda.is_available() else "cpu")
model.to(device)
def now():
    return torch.tensor([time.perf_counter(), time.thread_time()], dtype=torch.float64)
def run(steps):
    start = now()
    render.render_vis(model, "{layer}:0", lambda: param.image(224), thresholds=(steps,), show_image=False,
                      show_inline=False, progress=False)
    return now() - start
run(1)
parts = [part for name, part in model.named_children()]
names = [name for name, part in model.named_children()]
floor_model = torch.nn.Sequential(*parts[:names.index("{layer}") + 1]).requires_grad_(False)
images = torch.rand(1, 3, 224, 224, device=device, requires_grad=True)
ours, floors = [], []
for _ in range(5):
    ours.append((run(11) - run(1)) / 10)
    for _ in range(10):
        start = now()
        torch.autograd.grad(floor_model(images)[:, 0].mean(), images)
        if device.type == "cuda": torch.cuda.synchronize()
        floors.append(now() - start)
wall, processor = (torch.stack(ours).median(0).values / torch.stack(floors).median(0).values).tolist()
print(f"{{wall:.2f}} in wall time, {{processor:.2f}} in processor time")
"""


def lucent() -> None:
    """Print torch-lucent's own ratio, where there is one."""
    python = os.environ.get("NBINTERP_LUCENT_PYTHON")
    if python is None:
        print("torch-lucent: skipped, set NBINTERP_LUCENT_PYTHON to a Python that has it")
        return
    for layer in ("layer2", "layer4"):
        done = subprocess.run([python, "-c", LUCENT.format(layer=layer)], capture_output=True, text=True, check=False)
        ratio = done.stdout.splitlines()[-1:] or [f"failed: {done.stderr.strip().splitlines()[-1:]}"]
        print(f"torch-lucent, {layer}, 1 unit: step / floor = {ratio[0]}")


def main() -> None:
    """Measure and print."""
    net = network()
    where = f"{net.device}, {torch.get_num_threads()} threads, {os.cpu_count()} processors, {platform.machine()}"
    print(
        f"machine: {where}, torch {torch.__version__}; resnet18 at {SIDE} px, Lucid's transforms; n = {ROUNDS} rounds"
    )
    for layer, n in CASES:
        measure(layer, n)
    lucent()


if __name__ == "__main__":
    main()
