"""What the tests of `regions` share: the planted binary generator, real recordings, everything importable twice."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import nn
from torchvision import models, transforms

from nbinterp.analyses import Recording, record
from nbinterp.data import ProbeSet
from nbinterp.instrument import Classifier

MEAN, SCALE = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def planted_states(
    seed: int, *, n=6000, m=2048, n_group=150, n_shared=60, agreement=0.95, n_factors=0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Random states with a hidden group that shares the states of some neurons.

    Base rates are Beta(0.8, 2). Members of the group have, with probability `agreement`, the rarer state of each of
    `n_shared` neurons. With `n_factors` the neurons of all images are correlated through so many latent factors.

    Returns:
        The states (bool, n × m), the members, the shared neurons.
    """
    random = np.random.default_rng(seed)
    rates = random.beta(0.8, 2, m)
    if n_factors:
        common = random.standard_normal((n, n_factors)) @ random.standard_normal((n_factors, m)) / n_factors**0.5
        values = 0.8 * common + 0.6 * random.standard_normal((n, m))
        states = values < [np.quantile(column, rate) for column, rate in zip(values.T, rates, strict=True)]
    else:
        states = random.random((n, m)) < rates
    group = np.sort(random.choice(n, n_group, replace=False))
    neurons = np.sort(random.choice(m, n_shared, replace=False))
    shared = rates[neurons] < 0.5
    has = random.random((n_group, n_shared)) < agreement
    states[np.ix_(group, neurons)] = np.where(has, shared, ~shared)
    return states, group, neurons


class _Shortcut(nn.Module):
    """ "Option A": every second pixel, new units all zero."""

    def __init__(self, n_new: int) -> None:
        super().__init__()
        self.n_new = n_new

    def forward(self, maps: torch.Tensor) -> torch.Tensor:
        return nn.functional.pad(maps[:, :, ::2, ::2], (0, 0, 0, 0, self.n_new // 2, self.n_new // 2))


class _Block(nn.Module):
    def __init__(self, n_in: int, n_units: int) -> None:
        super().__init__()
        stride = 1 if n_in == n_units else 2
        self.conv1 = nn.Conv2d(n_in, n_units, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(n_units)
        self.conv2 = nn.Conv2d(n_units, n_units, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(n_units)
        self.shortcut = nn.Identity() if stride == 1 else _Shortcut(n_units - n_in)

    def forward(self, maps: torch.Tensor) -> torch.Tensor:
        inner = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(maps)))))
        return torch.relu(inner + self.shortcut(maps))


class ResNet20(nn.Module):
    """The CIFAR-10 ResNet-20 of He et al. 2015 (arXiv:1512.03385), names as in akamaster/pytorch_resnet_cifar10."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        self.layer1 = nn.Sequential(*(_Block(16, 16) for _ in range(3)))
        self.layer2 = nn.Sequential(_Block(16, 32), _Block(32, 32), _Block(32, 32))
        self.layer3 = nn.Sequential(_Block(32, 64), _Block(64, 64), _Block(64, 64))
        self.linear = nn.Linear(64, 10)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        maps = torch.relu(self.bn1(self.conv1(images)))
        return self.linear(self.layer3(self.layer2(self.layer1(maps))).mean((2, 3)))


def record_cifar(shared: Path, layers: list[str]) -> Recording:
    """ResNet-20 on a thousand CIFAR-10 test images."""
    weights = torch.load(shared / "cifar10" / "resnet20.pt", map_location="cpu", weights_only=True)
    module = ResNet20()
    module.load_state_dict({name.removeprefix("module."): values.float() for name, values in weights.items()})
    pixels = np.array(Image.open(shared / "cifar10" / "test_1000.png")).reshape(1000, 32, 32, 3)
    labels = json.loads((shared / "cifar10" / "test_1000_labels.json").read_text())
    classes = json.loads((shared / "cifar10" / "classes.json").read_text())
    preprocess = transforms.Compose([transforms.ToTensor(), transforms.Normalize(MEAN, SCALE)])
    net = Classifier(module, preprocess=preprocess, classes=classes)
    probe = ProbeSet.from_arrays(pixels, np.array(labels), class_names=classes)
    return record(net, probe, layers, keep=("pooled", "codes"), progress=False)


def record_photographs(shared: Path, layers: list[str]) -> Recording:
    """SqueezeNet 1.1 on the thousand photographs."""
    weights = torch.load(shared / "classifiers" / "squeezenet1_1.fp16.pt", map_location="cpu", weights_only=True)
    module = models.squeezenet1_1()
    module.load_state_dict({name: values.float() for name, values in weights.items()})
    names = models.SqueezeNet1_1_Weights.DEFAULT.meta["categories"]
    preprocess = transforms.Compose([transforms.ToTensor(), transforms.Normalize(MEAN, SCALE)])
    net = Classifier(module, preprocess=preprocess, classes=names)
    folders = json.loads((shared / "imagenette224" / "classes.json").read_text())
    readable = {folder: about["name"] for folder, about in folders.items()}
    probe = ProbeSet.from_folder(shared / "imagenette224", class_names=readable)
    return record(net, probe, layers, keep=("pooled", "codes"), progress=False)
