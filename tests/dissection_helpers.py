"""What the tests of `dissect` share: a planted network, probe sets with masks, and a slow dissection in numpy."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from nbinterp.data import ProbeSet
from nbinterp.instrument import Classifier

HEIGHT, WIDTH = 24, 32
CONCEPTS = {"object": ("", "cat", "dog", "sky", "rare"), "part": ("", "ear", "cat"), "scene": ("", "in", "out")}
ARRAYS = ("iou", "thresholds", "intersection", "unit_area", "concept_area", "area_share", "image_counts", "chance")


class PlantedNet(nn.Module):
    """Random units on a grid of every 4th pixel, each seeing 6 pixels; counts the images it has seen."""

    def __init__(self, seed: int = 0, n_units: int = 7) -> None:
        super().__init__()
        self.maps = nn.Conv2d(3, n_units, 6, stride=4, padding=1)
        self.flat = nn.Linear(n_units, 4)
        generator = torch.Generator().manual_seed(seed)
        with torch.no_grad():
            for parameter in self.parameters():
                parameter.copy_(torch.randn(parameter.shape, generator=generator) * 0.5)
        self.n_images = 0
        self.fail_after: int | None = None
        self.failure: BaseException = KeyboardInterrupt()

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        self.n_images += len(images)
        if self.fail_after is not None and self.n_images > self.fail_after:
            raise self.failure
        return self.flat(self.maps(images).mean((2, 3)))


def blocks(random: np.random.Generator, values: list[int], n: int) -> np.ndarray:
    """Label maps of blocks of 4 × 4 pixels."""
    coarse = random.choice(values, (n, HEIGHT // 4, WIDTH // 4))
    return coarse.repeat(4, axis=1).repeat(4, axis=2)


def planted_probe(n: int = 23, seed: int = 0) -> ProbeSet:
    """Coloured blocks with masks: two categories that share the name "cat", an ignore value, a scene per image.

    Half the images have no part; only two show the object "rare".
    """
    random = np.random.default_rng(seed)
    objects, parts = blocks(random, [0, 0, 1, 2, 3, 255], n), blocks(random, [0, 0, 1, 2, 255], n)
    objects[:2, :4, :4] = 4
    parts[::2] = 0
    scenes = np.broadcast_to(random.integers(1, 3, n)[:, None, None], objects.shape).copy()
    images = random.random((n, HEIGHT, WIDTH, 3), dtype=np.float32) * 0.3
    images[..., 0] += 0.7 * (objects == 1)
    images[..., 1] += 0.7 * (objects == 2)
    images[..., 2] += 0.7 * (parts == 1)
    masks = {"object": objects, "part": parts, "scene": scenes}
    labels = np.arange(n) % 4
    return ProbeSet.from_arrays(images.clip(0, 1), labels, masks=masks, concepts=CONCEPTS)


def planted_classifier(seed: int = 0, **settings) -> Classifier:
    """`PlantedNet` on the CPU."""
    return Classifier(PlantedNet(seed), device="cpu", **settings)


def slow_dissection(net: Classifier, probe: ProbeSet, how, min_images: int) -> dict[tuple[str, str], np.ndarray]:
    """(category, concept) -> IoU of every unit, pixel by pixel at full length, for `PlantedNet.maps`."""
    with torch.inference_mode():
        images = torch.stack([net.prepare(probe.image(i)) for i in range(len(probe))])
        maps = net.module.maps(images).half().double().numpy()
    size = int(HEIGHT * how.mask_scale), int(WIDTH * how.mask_scale)
    place = [_place(how, size[axis], (HEIGHT, WIDTH)[axis], maps.shape[2 + axis]) for axis in (0, 1)]
    if how.padding == "zeros":
        maps = np.pad(maps, ((0, 0), (0, 0), (1, 1), (1, 1)))
        place = [one + 1 for one in place]
    full = np.stack([_bilinear(maps[:, :, :, :], y, x) for y in place[0] for x in place[1]], -1)
    full = full.astype(np.float32).reshape(*maps.shape[:2], *size)
    base = full if how.threshold_on == "upsampled" else maps[:, :, 1:-1, 1:-1] if how.padding == "zeros" else maps
    values = np.sort(base.transpose(1, 0, 2, 3).reshape(maps.shape[1], -1), axis=1)
    thresholds = values[:, -1 - int(how.quantile * values.shape[1] + 1e-9)]
    on = full > thresholds[None, :, None, None]
    rows = ((np.arange(size[0]) + 0.5) / size[0] * HEIGHT).astype(int)
    columns = ((np.arange(size[1]) + 0.5) / size[1] * WIDTH).astype(int)
    masks: dict[tuple[str, str], np.ndarray] = {}
    for category, names in CONCEPTS.items():
        truth = np.stack([probe.label_maps(i)[category] for i in range(len(probe))])[:, rows[:, None], columns]
        masks |= {(category, name): truth == value for value, name in enumerate(names) if name}
    if how.counted != "all":  # a word is one concept, of the category that labels most of it
        twice = masks.pop(("object", "cat")), masks.pop(("part", "cat"))
        owner = "object" if twice[0].sum() >= twice[1].sum() else "part"
        masks[owner, "cat"] = twice[0] | twice[1]
    masks = {key: mask for key, mask in masks.items() if mask.any((1, 2)).sum() >= min_images}
    found = {}
    for (category, name), mask in masks.items():
        of_category = np.any([m for (c, _), m in masks.items() if c == category], axis=0)
        if how.counted == "all":
            counts = np.ones(on.shape[:2], bool)
        elif how.counted == "category":
            counts = np.repeat(of_category.any((1, 2))[:, None], on.shape[1], 1)
        else:
            counts = (on & of_category[:, None]).any((2, 3))
        area = (on.sum((2, 3)) * counts).sum(0)
        both = (on & mask[:, None]).sum((0, 2, 3))
        found[category, name] = both / np.maximum(area + mask.sum() - both, 1)
    return found


def _place(how, n: int, length: int, positions: int) -> np.ndarray:
    centre = (np.arange(n) + 0.5) / n
    # position i sees the pixels 4i − 1 to 4i + 4: its centre is at 4i + 2
    place = (centre * length - 2) / 4 if how.anchor == "field" else centre * positions - 0.5
    edge = 1 if how.padding == "zeros" else 0
    return place.clip(-edge, positions - 1 + edge)


def _bilinear(maps: np.ndarray, y: float, x: float) -> np.ndarray:
    top, left = min(int(np.floor(y)), maps.shape[2] - 2), min(int(np.floor(x)), maps.shape[3] - 2)
    v, u = y - top, x - left
    upper = maps[:, :, top, left] + u * (maps[:, :, top, left + 1] - maps[:, :, top, left])
    lower = maps[:, :, top + 1, left] + u * (maps[:, :, top + 1, left + 1] - maps[:, :, top + 1, left])
    return upper + v * (lower - upper)
