"""A call of every function of kernels that are imported from their own modules, and calls that must be refused."""

from __future__ import annotations

import torch
from exported_calls import LABELS, MAPS, SEEDED, moved

from nbinterp.kernels import (
    ablation,
    adversarial,
    clusters,
    configurations,
    layout,
    objectives,
    pack_signs,
    regions,
    total_variation,
)
from nbinterp.kernels.objectives import ImageView, LayerView

MODULES = (ablation, adversarial, clusters, configurations, layout, regions, total_variation)
IN_PLACE = {"apply_edit"}  # says so

N_NEURONS = 21  # three units at seven positions
STATES = torch.rand(40, N_NEURONS, generator=SEEDED) < 0.4
PACKED = pack_signs(STATES.float())
ON = STATES.sum(0)
PLACE = torch.tensor([3, -1, 7])
NEURONS, WANTED = torch.tensor([20, 0, 9]), torch.tensor([True, False, True])
RATES = torch.rand(4, 5, dtype=torch.float64, generator=SEEDED)
IMAGES = torch.rand(3, 2, 7, 6, generator=SEEDED)
LOGITS = torch.randn(6, 3, generator=SEEDED)
POINTS = torch.randn(2, 30, 4, dtype=torch.float64, generator=SEEDED)
GROUPS = torch.arange(30) % 3
EDIT = ablation.UnitEdit(
    torch.tensor([2]), torch.tensor([0.5]).double(), torch.tensor([0]), torch.tensor([2.0]).double()
)


def seeded():
    return torch.Generator().manual_seed(1)


def views_of(a):
    """What six images did, in one layer."""
    return [ImageView(maps[:3, None, 0], {"maps": LayerView(maps=maps[None])}) for maps in a["maps"]]


def half(a, rows):
    return regions.CountedCodes(a["packed"][rows], configurations.count_on(a["packed"][rows], N_NEURONS))


def denoised(a):
    """The images and the state, its images first."""
    images, state = total_variation.denoise_tv(a["images"], a["weights"], iterations=30)
    return images, state.split.transpose(0, 1), state.bregman.transpose(0, 1)


CALLS = {
    "hamming": lambda a: configurations.hamming(a["packed"], a["anchors"]),
    "count_on": lambda a: configurations.count_on(a["packed"], N_NEURONS),
    "states_of": lambda a: configurations.states_of(a["packed"], a["neurons"]),
    "pack_columns": lambda a: configurations.pack_columns(a["states"]),
    "shuffle_units": lambda a: configurations.shuffle_units(a["packed"], N_NEURONS, 7, generator=seeded()),
    "nearest": lambda a: regions.nearest(a["distances"], 5, exclude=3),
    "principal_neurons": lambda a: regions.principal_neurons(a["neighbours"], a["turned_on"], 40, t=4),
    "count_agreement": lambda a: regions.count_agreement(a["packed"], a["neurons"], a["wanted"]),
    "chance": lambda a: regions.chance(a["rates"], tolerance=1),
    "find_rules": lambda a: regions.find_rules(
        half(a, slice(None)), a["anchors"], place=a["place"], k=4, t=5, with_anchor=True
    ),
    "split_lifts": lambda a: regions.split_lifts(
        half(a, slice(0, 20)), half(a, slice(20, None)), a["anchors"], place_a=a["place"], k=3, t=4
    ),
    "from_255": lambda a: total_variation.from_255(0.5),
    "total_variation": lambda a: total_variation.total_variation(a["images"]),
    "no_state": lambda a: total_variation.no_state(a["images"]).split.transpose(0, 1),
    "denoise_tv": denoised,
    "layout_features": lambda a: layout.layout_features(a["maps"]),
    "diversity": lambda a: objectives.diversity("maps").score_coupled(views_of(a)),
    "alignment": lambda a: objectives.alignment("maps").score_coupled(views_of(a)),
    "kmeans": lambda a: clusters.kmeans(a["points"], 3, n_init=2, generator=seeded()),
    "silhouette": lambda a: clusters.silhouette(a["points"][0], a["groups"]),
    "adjusted_rand_index": lambda a: clusters.adjusted_rand_index(a["groups"], a["groups"] // 2),
    "edit_units": lambda a: ablation.edit_units(a["maps"], a["edit"]),
    "predict": lambda a: ablation.predict(a["logits"]),
    "count_classes": lambda a: ablation.count_classes(a["logits"], a["labels"]),
    "accuracy": lambda a: ablation.accuracy(ablation.count_classes(a["logits"], a["labels"])),
    "balanced_accuracy": lambda a: ablation.balanced_accuracy(ablation.count_classes(a["logits"], a["labels"])),
    "confusion": lambda a: ablation.confusion(a["predictions"], a["labels"], n_classes=3),
    "stratified_order": lambda a: ablation.stratified_order(a["labels"].cpu(), generator=seeded()).to(a["maps"].device),
    "stratified_halves": lambda a: tuple(
        half.to(a["maps"].device) for half in ablation.stratified_halves(a["labels"].cpu(), generator=seeded())
    ),
    "pgd": lambda a: adversarial.pgd(a["images"], lambda x: x - 0.3, epsilon=0.5, step=0.2, steps=3),
    "unit_length": lambda a: adversarial.unit_length(a["images"]),
    "within": lambda a: adversarial.within(a["images"], 0.4, "l2"),
}

REFUSED = {
    "hamming": [
        lambda: configurations.hamming(PACKED, PACKED[:1, :2]),
        lambda: configurations.hamming(PACKED[:0], PACKED),
    ],
    "count_on": [lambda: configurations.count_on(PACKED, 25), lambda: configurations.count_on(PACKED, 16)],
    "states_of": [
        lambda: configurations.states_of(PACKED, torch.tensor([24])),
        lambda: configurations.states_of(PACKED, torch.tensor([-1])),
    ],
    "pack_columns": [
        lambda: configurations.pack_columns(STATES[:0]),
        lambda: configurations.pack_columns(STATES[:, :0]),
    ],
    "shuffle_units": [
        lambda: configurations.shuffle_units(PACKED, N_NEURONS, 6, generator=seeded()),
        lambda: configurations.shuffle_units(PACKED, N_NEURONS, 0, generator=seeded()),
        lambda: configurations.shuffle_units(PACKED, 28, 7, generator=seeded()),
    ],
    "nearest": [lambda: regions.nearest(torch.zeros(3, dtype=torch.int32), 0)],
    "principal_neurons": [
        lambda: regions.principal_neurons(PACKED[None, :4], ON, 40, t=0),
        lambda: regions.principal_neurons(PACKED[None, :0], ON, 40),
        lambda: regions.principal_neurons(PACKED[None, :4], ON, int(ON.max()) - 1),
        lambda: regions.principal_neurons(PACKED[None, :4], ON[:0], 40),
    ],
    "count_agreement": [
        lambda: regions.count_agreement(PACKED, NEURONS, WANTED[:2]),
        lambda: regions.count_agreement(PACKED, NEURONS + 5, WANTED),
    ],
    "chance": [lambda: regions.chance(RATES + 1), lambda: regions.chance(RATES, tolerance=-1)],
    "find_rules": [
        lambda: regions.find_rules(half({"packed": PACKED[:4]}, slice(None)), PACKED[:1], place=PLACE[:1], k=5),
        lambda: regions.find_rules(half({"packed": PACKED}, slice(None)), PACKED[:1], place=PLACE[:1], k=0),
    ],
    "split_lifts": [
        lambda: regions.split_lifts(
            half({"packed": PACKED}, slice(20)), half({"packed": PACKED}, slice(0)), PACKED[:1]
        ),
        lambda: regions.split_lifts(
            half({"packed": PACKED}, slice(20)), half({"packed": PACKED}, slice(20)), PACKED[:0]
        ),
    ],
    "denoise_tv": [
        lambda: total_variation.denoise_tv(IMAGES, 0.0),
        lambda: total_variation.denoise_tv(IMAGES, torch.ones(2)),
        lambda: total_variation.denoise_tv(IMAGES[:, :, :1], 1.0),
        lambda: total_variation.denoise_tv(IMAGES, 1.0, iterations=0),
        lambda: total_variation.denoise_tv(IMAGES, 1.0, start=total_variation.no_state(IMAGES[:1])),
    ],
    "layout_features": [
        lambda: layout.layout_features(MAPS[:, :, :1, :1]),
        lambda: layout.layout_features(MAPS[0]),
        lambda: layout.layout_features(MAPS, grid=1),
    ],
    "diversity": [lambda: objectives.diversity("flat").score_coupled([flat_view()])],
    "alignment": [lambda: objectives.alignment("none").score_coupled([flat_view()])],
    "kmeans": [
        lambda: clusters.kmeans(POINTS[0], 3, generator=seeded()),
        lambda: clusters.kmeans(POINTS, 31, generator=seeded()),
        lambda: clusters.kmeans(POINTS, 0, generator=seeded()),
        lambda: clusters.kmeans(POINTS / 0, 2, generator=seeded()),
        lambda: clusters.kmeans(POINTS, 2, n_init=0, generator=seeded()),
    ],
    "silhouette": [
        lambda: clusters.silhouette(POINTS[0], GROUPS * 0),
        lambda: clusters.silhouette(POINTS[0], torch.arange(30)),
    ],
    "adjusted_rand_index": [
        lambda: clusters.adjusted_rand_index(GROUPS, GROUPS[:2]),
        lambda: clusters.adjusted_rand_index(GROUPS[:0], GROUPS[:0]),
    ],
    "count_classes": [
        lambda: ablation.count_classes(LOGITS, LABELS[:2]),
        lambda: ablation.count_classes(LOGITS, LABELS + 1),
    ],
    "pgd": [
        lambda: adversarial.pgd(IMAGES + 1, torch.zeros_like, epsilon=1.0, step=0.1, steps=1),
        lambda: adversarial.pgd(IMAGES, torch.zeros_like, epsilon=0.0, step=0.1, steps=1),
        lambda: adversarial.pgd(IMAGES, torch.zeros_like, epsilon=1.0, step=0.1, steps=1, norm="l1"),
    ],
}


def flat_view():
    return ImageView(IMAGES[0], {"flat": LayerView(flat=LOGITS), "none": LayerView()})


def arguments(device="cpu"):
    """Fresh copies of everything the calls take."""
    found = {
        "packed": PACKED,
        "anchors": PACKED[[3, 11, 7]],
        "place": PLACE,
        "states": STATES,
        "turned_on": ON,
        "neurons": NEURONS,
        "wanted": WANTED,
        "distances": torch.randint(0, 9, (40,), dtype=torch.int32, generator=seeded()),
        "neighbours": PACKED[:12].unflatten(0, (3, 4)),
        "rates": RATES,
        "images": IMAGES,
        "weights": torch.tensor([0.5, 4.0, 30.0]),
        "logits": LOGITS,
        "predictions": torch.tensor([0, 2, -1, 1, 1, 0]),
        "points": POINTS,
        "groups": GROUPS,
        "edit": EDIT,
    }
    return {name: moved(value, device) for name, value in found.items()}
