"""How the embedded networks were trained: `python -m nbinterp.zoo.train` reproduces their weights.

Both are trained on the CPU with one thread, on scenes of the planted world that no test uses, a few minutes each.
The training scenes keep to moderate sizes, places and light, while the world by default also has its extremes: so
the networks meet small, dark or blurred subjects they were not prepared for, and err on some of them.
On one machine with one version of PyTorch the weights come out the same to the bit; elsewhere nearly so.

    python -m nbinterp.zoo.train [main] [independent] [--into FOLDER] [--measure]

With `--measure` nothing is trained: the stored weights are tested again and the recorded accuracy renewed.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from tqdm import tqdm

from nbinterp.data.world import CLASSES, SceneSource

from .models import ARCHITECTURES, WEIGHTS, load_network, network_facts, store_network, write_facts


@dataclass(frozen=True)
class Recipe:
    """Everything a training run depends on, besides the code."""

    world_seed: int
    n_images: int
    epochs: int
    batch_size: int = 50
    peak_rate: float = 4e-3
    weight_decay: float = 0.02
    label_smoothing: float = 0.02
    torch_seed: int = 0


RECIPES = {
    "main": Recipe(world_seed=1_000_001, n_images=5_000, epochs=8),
    "independent": Recipe(world_seed=1_000_002, n_images=5_000, epochs=11, peak_rate=2e-3, torch_seed=1),
}
TRAINING_VIEWS = {
    "scale": (0.55, 1.2),
    "x": (-0.35, 0.35),
    "y": (-0.15, 0.15),
    "rotation": (-10.0, 10.0),
    "brightness": (0.7, 1.15),
    "contrast": (0.7, 1.15),
    "blur": (0.0, 0.7),
    "noise": (0.0, 8.0),
}
TEST_SEED, TEST_IMAGES = 2_000_001, 2_000


def scenes(seed: int, n: int, views: Mapping[str, tuple[float, float]]) -> tuple[Tensor, Tensor]:
    """The first `n` scenes of a world, nuisance factors drawn from `views`: uint8 n×3×64×64, and their labels."""
    source = SceneSource(n, seed, nuisance=views)
    pixels = np.stack([source.pixels(i) for i in tqdm(range(n), desc=f"drawing world {seed}")])
    return torch.from_numpy(pixels).permute(0, 3, 1, 2).contiguous(), torch.from_numpy(source.labels())


def fit(network: nn.Module, images: Tensor, labels: Tensor, recipe: Recipe) -> None:
    """Train in place with AdamW under a one-cycle learning rate; half of each batch is mirrored."""
    generator = torch.Generator().manual_seed(recipe.torch_seed)
    optimizer = torch.optim.AdamW(network.parameters(), lr=recipe.peak_rate, weight_decay=recipe.weight_decay)
    steps = -(-len(images) // recipe.batch_size)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, recipe.peak_rate, total_steps=steps * recipe.epochs)
    loss_of = nn.CrossEntropyLoss(label_smoothing=recipe.label_smoothing)
    network.train()
    for epoch in range(recipe.epochs):
        order = torch.randperm(len(images), generator=generator).split(recipe.batch_size)
        total = 0.0
        for chosen in tqdm(order, desc=f"epoch {epoch + 1} of {recipe.epochs}"):
            batch = images[chosen].float() / 255
            flipped = torch.rand(len(batch), 1, 1, 1, generator=generator) < 0.5
            batch = torch.where(flipped, batch.flip(3), batch).contiguous(memory_format=torch.channels_last)
            loss = loss_of(network(batch), labels[chosen])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item() * len(chosen)
        tqdm.write(f"mean loss {total / len(images):.4f}")
    network.eval()


@torch.inference_mode()
def accuracy(network: nn.Module, images: Tensor, labels: Tensor) -> tuple[float, dict[str, float]]:
    """The share of right predictions, over all and per class."""
    predictions = torch.cat([network(batch.float() / 255).argmax(1) for batch in images.split(250)])
    right = (predictions == labels).double()
    return right.mean().item(), {name: round(right[labels == k].mean().item(), 4) for k, name in enumerate(CLASSES)}


def train(name: str, into: Path) -> None:
    """Train one network and write its weights and the record of how they came about."""
    recipe = RECIPES[name]
    torch.manual_seed(recipe.torch_seed)
    images, labels = scenes(recipe.world_seed, recipe.n_images, TRAINING_VIEWS)
    network = ARCHITECTURES[name](len(CLASSES)).to(memory_format=torch.channels_last)
    start = time.process_time()
    fit(network, images, labels, recipe)
    store_network(network, into / f"{name}.safetensors")
    facts = {
        "architecture": type(network).__name__,
        "classes": list(CLASSES),
        "training": asdict(recipe),
        "training_views": {factor: list(pair) for factor, pair in TRAINING_VIEWS.items()},
        "cpu_seconds": round(time.process_time() - start),
        "torch": torch.__version__.split("+")[0],
    }
    write_facts(name, facts, into)


def measure(name: str, into: Path) -> dict[str, object]:
    """Test the stored weights on scenes as the world draws them by default; record and return the result."""
    overall, per_class = accuracy(load_network(name, into), *scenes(TEST_SEED, TEST_IMAGES, {}))
    test = {"world_seed": TEST_SEED, "n_images": TEST_IMAGES, "accuracy": round(overall, 4), "per_class": per_class}
    write_facts(name, {**network_facts(name, into), "test": test}, into)
    return test


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m nbinterp.zoo.train", description="Train the embedded networks.")
    parser.add_argument("names", nargs="*", metavar="main|independent", help="which; default both")
    parser.add_argument("--into", type=Path, default=WEIGHTS, help="folder for the weights; default the package's own")
    parser.add_argument("--measure", action="store_true", help="only test the stored weights again")
    arguments = parser.parse_args()
    unknown = sorted(set(arguments.names) - set(RECIPES))
    if unknown:
        parser.error(f"there is no network {unknown[0]!r}; choose from {', '.join(RECIPES)}")
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    arguments.into.mkdir(parents=True, exist_ok=True)
    for name in arguments.names or RECIPES:
        if not arguments.measure:
            train(name, arguments.into)
        print(f"{name}: {measure(name, arguments.into)}")


if __name__ == "__main__":
    main()
