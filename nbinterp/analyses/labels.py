"""Bringing a probe set's labels into a classifier's numbering, so that predictions can be called right or wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class AlignedLabels:
    """Labels and what their numbers mean.

    Attributes:
        labels: int64, one per image, -1 where unknown.
        names: what each number is called; None if nobody said.
        aligned: True if the numbers are the classifier's, so that they can be compared with predictions.
    """

    labels: np.ndarray
    names: tuple[str, ...] | None
    aligned: bool


def align_labels(
    labels: np.ndarray | None,
    label_names: Sequence[str] | None,
    class_names: Sequence[str] | None,
    n_images: int,
    n_classes: int,
) -> AlignedLabels:
    """Bring labels into the classifier's numbering.

    In this order: (1) every class that has images is found, by name and whatever its capitals, exactly once among the
    classifier's classes; (2) the probe set has as many classes as the classifier, and they are taken to be in the same
    order; (3) the probe set has no class names and no label beyond the classifier's classes. Otherwise the labels
    keep their own numbering and are not aligned.

    Args:
        labels: one int per image, -1 where unknown; None if the probe set has no labels.
        label_names: the probe set's class names; None if it has none.
        class_names: the classifier's; None if it has none.
        n_images: how many images there are.
        n_classes: how many logits there are.

    Returns:
        The labels, in the classifier's numbering if `aligned`.
    """
    if labels is None or not (np.asarray(labels) >= 0).any():
        names = class_names if class_names is not None else label_names
        return AlignedLabels(np.full(n_images, -1, np.int64), None if names is None else tuple(names), False)
    own = np.array(labels, dtype=np.int64)
    known = tuple(class_names) if class_names is not None else None
    if label_names is None:
        aligned = int(own.max()) < n_classes
        return AlignedLabels(own, known if aligned else None, aligned)
    if known is not None:
        mapping = _match(np.unique(own[own >= 0]), label_names, known)
        if mapping is not None:
            return AlignedLabels(np.where(own >= 0, mapping[own], -1), known, True)
    if len(label_names) == n_classes:
        return AlignedLabels(own, known or tuple(label_names), True)
    return AlignedLabels(own, tuple(label_names), False)


def _match(used: np.ndarray, label_names: Sequence[str], class_names: Sequence[str]) -> np.ndarray | None:
    """Class index of every label, or None unless each label in use names exactly one class."""
    if [name.casefold() for name in label_names] == [name.casefold() for name in class_names]:
        return np.arange(len(label_names))
    places: dict[str, list[int]] = {}
    for index, name in enumerate(class_names):
        places.setdefault(name.strip().casefold(), []).append(index)
    mapping = np.full(len(label_names), -1, np.int64)
    for label in used:
        found = places.get(label_names[int(label)].strip().casefold(), [])
        if len(found) != 1:
            return None
        mapping[label] = found[0]
    return mapping
