"""A call of every function that `nbinterp.kernels` exports, on small arguments, and calls that must be refused."""

from __future__ import annotations

import dataclasses

import torch

import nbinterp.kernels as kernels

SEEDED = torch.Generator().manual_seed(0)
MAPS = torch.randn(6, 4, 5, 7, generator=SEEDED)
MAXIMA = MAPS.amax((2, 3))
EMPTY = kernels.no_exemplars(4, capacity=3, low_shape=(5, 7))
FOUND = kernels.find_hits(EMPTY, torch.arange(6), MAXIMA, MAPS)
LABELS = torch.tensor([0, 1, 2, 0, -1, 1])
CODES = kernels.pack_signs(MAPS)
PLAN = kernels.plan_resampling((5, 7), (9, 8), padding="zeros")
ON = kernels.find_on_pixels(MAPS, torch.full((4,), 0.5), PLAN)
PLANES = torch.randint(-1, 3, (6, 2, 9, 8), generator=SEEDED)
CATEGORY_OF = torch.tensor([0, 0, 1])
SCORES = torch.rand(4, 3, dtype=torch.float64, generator=SEEDED)
ROTATION = kernels.random_rotation(4, generator=SEEDED)
SHARES = torch.rand(5, dtype=torch.float64, generator=SEEDED)


def seeded():
    return torch.Generator().manual_seed(1)


CALLS = {
    "pool_activations": lambda a: kernels.pool_activations(a["maps"]),
    "to_half": lambda a: kernels.to_half(a["maps"]),
    "pack_signs": lambda a: kernels.pack_signs(a["maps"]),
    "unpack_signs": lambda a: kernels.unpack_signs(a["codes"], 140),
    "no_exemplars": lambda a: kernels.no_exemplars(4, capacity=3, low_shape=None, device=a["maps"].device),
    "find_hits": lambda a: kernels.find_hits(a["state"], a["index"], a["maxima"], a["maps"]),
    "add_hits": lambda a: kernels.add_hits(a["state"], a["hits"]),
    "count_class_activity": lambda a: kernels.count_class_activity(a["maxima"], a["labels"], n_classes=3),
    "class_selectivity": lambda a: kernels.class_selectivity(a["counts"]),
    "convention": lambda a: kernels.convention("lite"),
    "plan_resampling": lambda a: kernels.plan_resampling((5, 7), (9, 8), device=a["maps"].device),
    "upsample_maps": lambda a: kernels.upsample_maps(a["maps"], a["plan"]),
    "map_thresholds": lambda a: kernels.map_thresholds(lambda: a["maps"].split(4), 0.1),
    "upsampled_thresholds": lambda a: kernels.upsampled_thresholds(lambda: a["maps"].split(4), a["plan"], 0.1),
    "find_on_pixels": lambda a: kernels.find_on_pixels(a["maps"], a["scores"][:, 0].float(), a["plan"]),
    "count_overlap": lambda a: kernels.count_overlap(
        a["on"], a["planes"], a["category_of"], n_categories=2, counted="masked category"
    ),
    "iou": lambda a: kernels.iou(a["overlap"], a["category_of"]),
    "best_labels": lambda a: kernels.best_labels(a["scores"]),
    "detectors": lambda a: kernels.detectors(a["scores"]),
    "unique_detectors": lambda a: kernels.unique_detectors(a["scores"], a["category_of"]),
    "random_rotation": lambda a: kernels.random_rotation(4, generator=seeded()).to(a["maps"].device),
    "fractional_rotation": lambda a: kernels.fractional_rotation(a["rotation"], 0.5),
    "independent_iou": lambda a: kernels.independent_iou(a["shares"], a["shares"]),
    "other_images": lambda a: kernels.other_images(6, generator=seeded()).to(a["maps"].device),
}

REFUSED = {
    "pool_activations": [lambda: kernels.pool_activations(torch.ones(3)), lambda: kernels.pool_activations(MAPS[:0])],
    "pack_signs": [lambda: kernels.pack_signs(torch.ones(3))],
    "unpack_signs": [lambda: kernels.unpack_signs(CODES, 100)],
    "no_exemplars": [
        lambda: kernels.no_exemplars(0, capacity=3, low_shape=None),
        lambda: kernels.no_exemplars(3, capacity=0, low_shape=None),
    ],
    "find_hits": [
        lambda: kernels.find_hits(EMPTY, torch.arange(5), MAXIMA, MAPS),
        lambda: kernels.find_hits(EMPTY, torch.arange(6), MAXIMA[:, :1], MAPS[:, :1]),
        lambda: kernels.find_hits(EMPTY, torch.arange(6), MAXIMA),
        lambda: kernels.find_hits(EMPTY, torch.arange(6), MAXIMA, MAPS[:1]),
    ],
    "add_hits": [lambda: kernels.add_hits(kernels.no_exemplars(5, capacity=3, low_shape=(5, 7)), FOUND)],
    "count_class_activity": [
        lambda: kernels.count_class_activity(MAXIMA, LABELS[:1], n_classes=3),
        lambda: kernels.count_class_activity(MAXIMA, LABELS, n_classes=2),
        lambda: kernels.count_class_activity(MAXIMA, LABELS - 1, n_classes=3),
    ],
    "convention": [lambda: kernels.convention("2017")],
    "plan_resampling": [
        lambda: kernels.plan_resampling((0, 7), (9, 8)),
        lambda: kernels.plan_resampling((5, 7), (9, 8), anchor="field"),
        lambda: kernels.plan_resampling((5, 7), (9, 8), anchor="corners"),
        lambda: kernels.plan_resampling(
            (5, 7), (9, 8), anchor="field", field=((0, 0), (0, 4), (3, 3)), image_size=(20, 28)
        ),
    ],
    "upsample_maps": [lambda: kernels.upsample_maps(MAPS[:, :, :4], PLAN)],
    "map_thresholds": [
        lambda: kernels.map_thresholds(lambda: [MAPS], 1.0),
        lambda: kernels.map_thresholds(list, 0.1),
        lambda: kernels.map_thresholds(lambda: [MAPS / 0], 0.1),
    ],
    "upsampled_thresholds": [
        lambda: kernels.upsampled_thresholds(lambda: [MAPS], PLAN, 0.0),
        lambda: kernels.upsampled_thresholds(lambda: [MAPS[:, :, 1:]], PLAN, 0.1),
    ],
    "find_on_pixels": [
        lambda: kernels.find_on_pixels(MAPS, torch.zeros(1), PLAN),
        lambda: kernels.find_on_pixels(MAPS[:, :, 1:], torch.zeros(4), PLAN),
    ],
    "count_overlap": [
        lambda: kernels.count_overlap(ON, PLANES[:1], CATEGORY_OF, n_categories=2),
        lambda: kernels.count_overlap(ON, PLANES + 1, CATEGORY_OF, n_categories=2),
        lambda: kernels.count_overlap(ON, PLANES, CATEGORY_OF, n_categories=1),
    ],
    "iou": [
        lambda: kernels.iou(arguments()["overlap"], CATEGORY_OF[:2]),
        lambda: kernels.iou(arguments()["overlap"], CATEGORY_OF + 1),
    ],
    "best_labels": [lambda: kernels.best_labels(SCORES[:, :0])],
    "unique_detectors": [lambda: kernels.unique_detectors(SCORES, CATEGORY_OF[:1])],
    "random_rotation": [lambda: kernels.random_rotation(0)],
    "fractional_rotation": [
        lambda: kernels.fractional_rotation(2 * ROTATION, 0.5),
        lambda: kernels.fractional_rotation(ROTATION[[1, 0, 2, 3]], 0.5),
        lambda: kernels.fractional_rotation(ROTATION[:3], 0.5),
        lambda: kernels.fractional_rotation(1.0001 * ROTATION, 0.5),
        lambda: kernels.fractional_rotation(ROTATION, float("nan")),
        lambda: kernels.fractional_rotation(ROTATION, float("inf")),
    ],
    "independent_iou": [
        lambda: kernels.independent_iou(SHARES, SHARES[:1]),
        lambda: kernels.independent_iou(SHARES + 1, SHARES),
    ],
    "other_images": [lambda: kernels.other_images(1)],
}


def arguments(device="cpu"):
    """Fresh copies of everything the calls take."""
    state = kernels.add_hits(EMPTY, FOUND)
    counts = kernels.count_class_activity(MAXIMA, LABELS, n_classes=3)
    found = {
        "maps": MAPS,
        "codes": CODES,
        "state": state,
        "index": torch.arange(6, 12),
        "maxima": MAXIMA,
        "hits": dataclasses.replace(FOUND, index=FOUND.index + 6),
        "labels": LABELS,
        "counts": counts,
        "plan": PLAN,
        "on": ON,
        "planes": PLANES,
        "category_of": CATEGORY_OF,
        "overlap": kernels.count_overlap(ON, PLANES, CATEGORY_OF, n_categories=2),
        "scores": SCORES,
        "rotation": ROTATION,
        "shares": SHARES,
    }
    return {name: moved(value, device) for name, value in found.items()}


def moved(value, device):
    """A copy of a tensor, or of a dataclass of tensors, on a device."""
    if isinstance(value, torch.Tensor):
        return value.clone().to(device)
    if dataclasses.is_dataclass(value):
        fields = {f.name: moved(getattr(value, f.name), device) for f in dataclasses.fields(value)}
        return dataclasses.replace(value, **fields)
    return value
