"""Small networks for the tests of `maximize`, whose units are known."""

from __future__ import annotations

import torch
from torch import nn

from nbinterp.analyses import Visualizations, maximize
from nbinterp.instrument import Classifier

SIZE = (11, 14)
FAST = {"size": SIZE, "steps": 6}


class UnitNet(nn.Module):
    """A random CNN: layers conv, relu (maps), features (flat), head (logits). Unit 0 of `relu` is dead."""

    def __init__(self, channels: int = 3, seed: int = 0, n_classes: int = 4) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, 5, 3, padding=1)
        self.relu = nn.ReLU(inplace=True)
        self.deep = nn.Conv2d(5, 6, 3, stride=2)
        self.features = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
        self.head = nn.Linear(6, n_classes)
        generator = torch.Generator().manual_seed(seed)
        with torch.no_grad():
            for parameter in self.parameters():
                parameter.copy_(torch.randn(parameter.shape, generator=generator) * 0.5)
            self.conv.bias[0] = -1000.0
        self.deep.requires_grad_(False)  # flags of every kind, to be found again afterwards
        self.deep_runs = 0
        self.batches: list[int] = []
        self.fail_at: int | None = None

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        self.batches.append(len(images))
        if self.fail_at is not None and len(self.batches) >= self.fail_at:
            raise RuntimeError("planted failure")
        maps = self.relu(self.conv(images))
        self.deep_runs += 1
        return self.head(self.features(self.deep(maps)))


def small_net(channels: int = 3, **settings) -> Classifier:
    """`UnitNet` as a classifier on the CPU."""
    return Classifier(UnitNet(channels), device="cpu", **settings)


def made(net: Classifier, *args, **settings) -> Visualizations:
    """The finished result of a quick run."""
    return maximize(net, *args, **{**FAST, **settings}).wait(progress=False)
