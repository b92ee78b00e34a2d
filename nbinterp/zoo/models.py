"""The embedded networks: their weights, as stored beside this file and as loaded."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import nn

from .networks import PatchNet, SceneNet

WEIGHTS = Path(__file__).parent / "weights"
ARCHITECTURES: dict[str, type[SceneNet] | type[PatchNet]] = {"main": SceneNet, "independent": PatchNet}


def network_facts(name: str, folder: Path = WEIGHTS) -> dict:
    """What is recorded about a network: architecture, classes, how it was trained, its test accuracy."""
    return json.loads((folder / f"{_known(name)}.json").read_text())


def write_facts(name: str, facts: dict, folder: Path) -> None:
    """Record what is known about a network beside its weights."""
    (folder / f"{_known(name)}.json").write_text(json.dumps(facts, indent=2) + "\n")


def load_network(name: str, folder: Path = WEIGHTS) -> nn.Module:
    """The network `name` ("main" or "independent") with its stored weights, in eval mode, on the CPU.

    Raises:
        ValueError: there is no network of that name.
    """
    stored = load_file(folder / f"{_known(name)}.safetensors")
    network = ARCHITECTURES[name](stored["head.bias"].numel())
    network.load_state_dict(
        {key: value.float() if value.is_floating_point() else value for key, value in stored.items()}
    )
    return network.eval()


def store_network(network: nn.Module, path: Path) -> None:
    """Write a network's weights, floating-point numbers in half precision."""
    half = {
        key: (value.half() if value.is_floating_point() else value).contiguous(memory_format=torch.contiguous_format)
        for key, value in network.state_dict().items()
    }
    save_file(half, path)
    path.chmod(0o644)  # safetensors writes for the owner only; an installed package is read by others too


def _known(name: str) -> str:
    if name not in ARCHITECTURES:
        raise ValueError(f"there is no embedded network {name!r}; choose from {', '.join(ARCHITECTURES)}.")
    return name
