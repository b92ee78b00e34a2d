"""Small models and probe sets that the tests of `record` share, importable from a second process too."""

from __future__ import annotations

import time

import numpy as np
import torch
from torch import nn

from nbinterp.analyses import Recording
from nbinterp.data import ProbeSet
from nbinterp.instrument import Classifier

HEIGHT, WIDTH = 8, 12


class SmallNet(nn.Module):
    """A random CNN that counts the images it has seen, can be slow, and can fail or stop on the way."""

    def __init__(self, seed: int = 0, n_classes: int = 5) -> None:
        super().__init__()
        self.first = nn.Conv2d(3, 6, 3, padding=1)
        self.act = nn.ReLU(inplace=True)
        self.second = nn.Conv2d(6, 7, 3, stride=2)
        self.head = nn.Linear(7, n_classes)
        generator = torch.Generator().manual_seed(seed)
        with torch.no_grad():
            for parameter in self.parameters():
                parameter.copy_(torch.randn(parameter.shape, generator=generator) * 0.5)
        self.n_images = 0
        self.seconds = 0.0
        self.fail_after: int | None = None
        self.failure: BaseException = RuntimeError("planted failure")

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        time.sleep(self.seconds)
        self.n_images += len(images)
        if self.fail_after is not None and self.n_images > self.fail_after:
            raise self.failure
        maps = self.second(self.act(self.first(images)))
        return self.head(maps.mean((2, 3)))


class TwiceNet(nn.Module):
    """One convolution applied twice: layers "conv" and "conv@1"."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 3, 3, padding=1)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return self.conv(torch.relu(self.conv(images))).mean((2, 3))


def random_images(n: int, seed: int = 0) -> np.ndarray:
    """n colour images of HEIGHT × WIDTH, float32 in [0, 1]."""
    return np.random.default_rng(seed).random((n, HEIGHT, WIDTH, 3), dtype=np.float32)


def random_probe(n: int, seed: int = 0, **facts) -> ProbeSet:
    """A probe set of `random_images`, with labels 0–4 by turns."""
    return ProbeSet.from_arrays(random_images(n, seed), facts.pop("labels", np.arange(n) % 5), **facts)


def small_classifier(seed: int = 0, **settings) -> Classifier:
    """`SmallNet` as a classifier on the CPU."""
    return Classifier(SmallNet(seed), device="cpu", **settings)


def assert_same(found: Recording, expected: Recording, tolerance: float = 0.0) -> None:
    """Both recordings hold the same arrays: rankings identically, the rest up to the tolerance."""
    assert found.layers == expected.layers
    np.testing.assert_allclose(found.logits, expected.logits, atol=tolerance, rtol=0)
    for layer in expected.layers:
        mine, theirs = found[layer].to_arrays(), expected[layer].to_arrays()
        assert mine.keys() == theirs.keys()
        for name, array in theirs.items():
            assert mine[name].dtype == array.dtype
            loose = tolerance if name in ("mean", "max", "class_token", "top.value") else 0.0
            rounding = 1e-3 * (tolerance > 0) if name in ("top.maps", "maps") else 0.0  # half precision's last digit
            loose = loose or rounding
            np.testing.assert_allclose(mine[name], array, atol=loose, rtol=rounding, err_msg=f"{layer} {name}")


def hooks_left(module: nn.Module) -> int:
    """How many forward hooks there are on the parts of a module."""
    return sum(len(part._forward_hooks) + len(part._forward_pre_hooks) for part in module.modules())
