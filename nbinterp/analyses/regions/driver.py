"""regions: the relaxed decision region of one image."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from nbinterp.kernels.configurations import pack_columns, states_of
from nbinterp.kernels.regions import Neighbours, PrincipalNeurons, nearest, principal_neurons

from ..recording import Recording
from .codes import LayerCodes, image_codes, layer_codes
from .reference import Reference, reference_of
from .region import FEWEST_ANCHORS, OUTSIDE, Evidence, Literal, Region, purity_of_images
from .watch import Watch

AMONG = ("all", "prediction", "label")


@dataclass(frozen=True)
class Settings:
    """What a rule is made with; see `regions`."""

    k: int
    t: int
    tolerance: int
    n_null: int


@dataclass(frozen=True, eq=False)
class Anchor:
    """The image whose region is wanted: its number (None: from outside), name, code (1 × bytes) and prediction."""

    number: int | None
    name: str
    code: Tensor
    prediction: int


def regions(
    recording: Recording,
    layer: str | nn.Module,
    image: Any,
    *,
    k: int = 8,
    t: int = 10,
    among: Any = "all",
    reduce: str = "none",
    quantile: float | None = None,
    tolerance: int = 0,
    n_null: int = 200,
    seed: int = 0,
    progress: bool = True,
) -> Region:
    """Find the relaxed decision region of an image (Chang, Kwon, Choi 2024, arXiv:2312.17285), and judge it.

    The rule is what the image's k nearest configurations have in common and few other images have; the region is all
    images that follow it. There always is one, concept or not: whether it `stands_out` is judged on images that had
    no part in finding it (see `Region`).

    Args:
        recording: best with `keep=("pooled", "topk", "codes")`; codes that were not kept are computed once.
        layer: name or module of a recorded layer. On what is positive or not, an activation and the pre-activation of
            its ReLU agree; for GELU or SiLU networks 0 is a convention.
        image: number or name of a recorded image, or an image from outside (PIL image, array, tensor), on which the
            network is run.
        k: size of the neighbour set, the anchor included. As large as a third of a hidden group serves it best.
        t: literals of the rule.
        among: the reference images: "all"; those of the image's "prediction" or "label"; or int64 image numbers.
            Hidden subclasses of a class show against their class; against all images, regions are mostly classes.
        reduce: what a neuron is. "none": a unit at one position, as in the paper; "max", "mean": a unit, on where
            that over its positions is above the threshold. Rules of the latter do not depend on positions.
        quantile: with `reduce`, the threshold is this quantile of the unit's values over the recording; None: 0.
        tolerance: how many literals a member may violate.
        n_null: random anchors for the null lifts.
        seed: of the halves, the random anchors and the shuffling.
        progress: show a bar if the network has to be run on all images.

    Returns:
        The region; its null lifts are computed when they are first looked at.

    Raises:
        UnknownLayerError: the layer was not recorded.
        IndexError, LookupError: there is no such image.
        ValueError: a wrong setting, or fewer reference images than 2 k.
        DetachedError: something takes the classifier, and the recording has none.
    """
    settings = checked_settings(k, t, tolerance, n_null)
    codes = layer_codes(recording, layer, reduce=reduce, quantile=quantile, progress=progress)
    anchor = find_anchor(recording, codes, image)
    images, words = _reference_images(recording, anchor, among)
    return find_region(recording, reference_of(recording, codes, images, words, seed), anchor, settings)


def find_region(recording: Recording, reference: Reference, anchor: Anchor, settings: Settings) -> Region:
    """The region of an anchor among the images of a reference set; see `regions`."""
    if len(reference) < 2 * settings.k + 2:
        raise ValueError(
            f"{reference.words}: {len(reference)} images are too few for k = {settings.k}; at least "
            f"{2 * settings.k + 2} are needed, half of them to find the rule, half to judge it"
        )
    row = -1 if anchor.number is None else reference.row_of(anchor.number)
    near = _neighbours(reference.distances(anchor.code), row, settings.k)
    rows = near.index.numpy()
    rule = principal_neurons(reference.rows(rows)[None], reference.on, len(reference), t=settings.t)
    there = rule.neuron[0] >= 0
    neurons, states = rule.neuron[0][there], rule.state[0][there]
    agreement = reference.agreement(neurons, states)
    members = reference.images[agreement >= len(neurons) - settings.tolerance]
    literals = _literals(reference, rule)
    neighbours = reference.images[rows]
    return Region(
        anchor=anchor.number,
        anchor_name=anchor.name,
        layer=reference.codes.layer,
        thresholded=reference.codes.thresholded,
        reduce=reference.codes.reduce,
        quantile=reference.codes.quantile,
        among=reference.words,
        reference=reference.images,
        k=settings.k,
        t=settings.t,
        tolerance=settings.tolerance,
        n_null=settings.n_null,
        seed=reference.seed,
        literals=literals,
        neighbours=neighbours,
        distances=near.distance.numpy(),
        members=members,
        purity=purity_of_images(recording, members),
        neighbour_purity=purity_of_images(recording, neighbours),
        notes=_notes(near, rule, settings),
        columns=rule_columns(reference.codes, neurons),
        n_images=len(recording),
        _weigh=lambda watch: _weigh(reference, anchor.code, row, agreement, len(literals), settings, watch),
        recording=recording,
        codes=reference.codes,
    )


def find_anchor(recording: Recording, codes: LayerCodes, image: Any) -> Anchor:
    """The anchor that is meant by a number, a name, or an image from outside.

    Raises:
        IndexError, LookupError: there is no such image.
        DetachedError: an image from outside, and the recording has no classifier.
    """
    if isinstance(image, str):
        if image not in recording.names:
            raise LookupError(f"no recorded image is called {image!r}; recording.names lists them")
        image = recording.names.index(image)
    if isinstance(image, int | np.integer) and not isinstance(image, bool):
        number = int(image)
        if not 0 <= number < len(recording):
            raise IndexError(f"the recording has the images 0 to {len(recording) - 1}, not {number}")
        code = codes.codes[number : number + 1]
        return Anchor(number, recording.names[number], code, int(recording.predictions[number]))
    code, prediction = image_codes(recording, codes, image)
    return Anchor(None, "an image from outside", code, prediction)


def rule_columns(codes: LayerCodes, neurons: Tensor) -> np.ndarray:
    """The states of a few neurons on all recorded images, packed: what a view needs to apply an edited rule.

    Args:
        codes: of the layer.
        neurons: int64: which, as numbered by `LayerCodes.neuron`.

    Returns:
        uint8, neurons × ceil(N / 8): a bit per image, the first in a byte's highest bit.
    """
    if not len(neurons):
        return np.zeros((0, -(-len(codes.codes) // 8)), np.uint8)
    return pack_columns(states_of(codes.codes, neurons)).numpy()


def states_on_images(codes: LayerCodes, neurons: Sequence[tuple[int, int | None, int | None]]) -> np.ndarray:
    """The states of neurons given as (unit, y, x): bool, neurons × recorded images."""
    numbers = torch.tensor([codes.neuron(*neuron) for neuron in neurons], dtype=torch.int64)
    return states_of(codes.codes, numbers).T.numpy()


def checked_settings(k: int, t: int, tolerance: int, n_null: int) -> Settings:
    """The settings, if they make sense; a ValueError says which does not."""
    for name, value, least in (
        ("k", k, 2),
        ("t", t, 1),
        ("tolerance", tolerance, 0),
        ("n_null", n_null, FEWEST_ANCHORS),
    ):
        if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
            raise ValueError(f"{name} must be a whole number of at least {least}, got {value!r}")
    return Settings(int(k), int(t), int(tolerance), int(n_null))


def _reference_images(recording: Recording, anchor: Anchor, among: Any) -> tuple[np.ndarray, str]:
    if not isinstance(among, str):
        images = np.unique(np.asarray(among, dtype=np.int64))
        if not len(images) or images[0] < 0 or images[-1] >= len(recording):
            raise IndexError(f"among must hold numbers of images, 0 to {len(recording) - 1}")
        return images, f"{len(images):,} chosen images"
    if among == "all":
        return np.arange(len(recording)), f"all {len(recording):,} images"
    if among not in AMONG:
        raise ValueError(f"among must be {', '.join(map(repr, AMONG))} or image numbers, got {among!r}")
    if among == "label" and (anchor.number is None or recording.labels[anchor.number] < 0):
        raise ValueError("the label of this image is unknown: choose among='prediction' or 'all'")
    of_class = anchor.prediction if among == "prediction" else int(recording.labels[anchor.number])
    return class_images(recording, of_class, among)


def class_images(recording: Recording, of_class: int, by: str) -> tuple[np.ndarray, str]:
    """The images that are predicted as a class, or labelled so, and the words for them."""
    numbers = recording.predictions if by == "prediction" else recording.labels
    names = recording.class_names if by == "prediction" else recording.label_names
    images = np.flatnonzero(numbers == of_class).astype(np.int64)
    name = f"class {of_class}" if names is None else repr(names[of_class])
    return images, f"{len(images):,} images {'predicted as' if by == 'prediction' else 'labelled'} {name}"


def _neighbours(distances: Tensor, row: int, k: int) -> Neighbours:
    """The k nearest; of an anchor among them, itself and k − 1 others."""
    if row < 0:
        return nearest(distances, k)
    others = nearest(distances, k - 1, exclude=row)
    itself = torch.tensor([row])
    return Neighbours(
        torch.cat([itself, others.index]), torch.cat([torch.zeros_like(itself), others.distance]), others.tied
    )


def _literals(reference: Reference, rule: PrincipalNeurons) -> tuple[Literal, ...]:
    found = []
    for neuron, state, score in zip(
        rule.neuron[0].tolist(), rule.state[0].tolist(), rule.score[0].tolist(), strict=True
    ):
        if neuron >= 0:
            base_rate = int(reference.on[neuron]) / len(reference)
            found.append(Literal(*reference.codes.place(neuron), state, base_rate, score / len(reference)))
    return tuple(found)


def _notes(near: Neighbours, rule: PrincipalNeurons, settings: Settings) -> tuple[str, ...]:
    notes = []
    if near.tied:
        notes.append(
            f"{near.tied} further image{'s' * (near.tied != 1)} are as near as the last neighbour; the lower "
            "numbers were taken"
        )
    if int(rule.n_candidates[0]) < settings.t:
        notes.append(
            f"the neighbours agree on {int(rule.n_candidates[0])} neurons that vary at all: the rule has so many "
            f"literals, not {settings.t}"
        )
    elif int(rule.tied[0]):
        notes.append(
            f"neurons left out that tie with the last literal (the lower numbers were taken): {int(rule.tied[0])}"
        )
    return tuple(notes)


def _weigh(
    reference: Reference,
    code: Tensor,
    row: int,
    agreement: np.ndarray,
    n_literals: int,
    settings: Settings,
    watch: Watch,
) -> Evidence:
    """Split-sample lift of the anchor, and the null lifts it is compared with."""
    how = {"k": settings.k, "t": settings.t, "tolerance": settings.tolerance, "inside": row >= 0}
    mine = reference.lifts(code, np.array([row]), **how)
    nulls = reference.nulls(**how, n=settings.n_null, watch=watch)
    outside = agreement[nulls.anchors] < OUTSIDE * n_literals
    return Evidence(
        int(mine.n_members[0]),
        float(mine.expected[0]),
        float(mine.lift[0]),
        nulls.random[outside],
        nulls.shuffled,
    )
