"""Unit ablation: setting units of a layer to a value or scaling them, and what that does to a classifier's predictions.

Bau, Zhu, Strobelt, Lapedriza, Zhou, Torralba, PNAS 2020, arXiv:2009.05041 ("Understanding the role of individual units
in a deep neural network"). A class's balanced accuracy is (TPR + TNR) / 2 of the prediction
"the arg max is this class".
Axes: batch, unit, class.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Float, Float64, Int64
from torch import Tensor


@dataclass(frozen=True)
class UnitEdit:
    """What is done to the units of a layer: some are set to a value, others multiplied; no unit is named twice.

    Attributes:
        set_units, values: units and what every activation of theirs becomes.
        scaled_units, factors: units and what every activation of theirs is multiplied by.
        offsets: what is added to these after that; None: nothing.
    """

    set_units: Int64[Tensor, " n_set"]
    values: Float64[Tensor, " n_set"]
    scaled_units: Int64[Tensor, " n_scaled"]
    factors: Float64[Tensor, " n_scaled"]
    offsets: Float64[Tensor, " n_scaled"] | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing is changed."""
        return not len(self.set_units) and not len(self.scaled_units)


@dataclass(frozen=True)
class ClassCounts:
    """Images of each class, those predicted as it, and those of both, additive over batches.

    Attributes:
        hits: images of the class that are predicted as it.
        predicted: images of any known class predicted as it.
        images: images of the class.
        probability: the class's softmax probability, summed over its images.
    """

    hits: Int64[Tensor, " class_"]
    predicted: Int64[Tensor, " class_"]
    images: Int64[Tensor, " class_"]
    probability: Float64[Tensor, " class_"]

    def __add__(self, other: "ClassCounts") -> "ClassCounts":
        """Add the counts of two disjoint sets of images; the number of classes must be the same."""
        if self.hits.shape != other.hits.shape:
            raise ValueError(f"counts of {len(self.hits)} classes cannot be added to counts of {len(other.hits)}")
        return ClassCounts(
            self.hits + other.hits,
            self.predicted + other.predicted,
            self.images + other.images,
            self.probability + other.probability,
        )


def edit_units(activations: Float[Tensor, "..."], edit: UnitEdit, *, axis: int = 1) -> Float[Tensor, "..."]:
    """Apply an edit to a copy of a layer's activations; all other values stay, bit for bit.

    Args:
        activations: of any shape, the batch first.
        edit: what to do; its units must exist.
        axis: which axis holds the units.

    Returns:
        A new tensor of the same shape and dtype.

    Raises:
        IndexError: there is no such unit.
    """
    edited = activations.clone()
    apply_edit(edited, edit, axis=axis)
    return edited


def apply_edit(activations: Float[Tensor, "..."], edit: UnitEdit, *, axis: int = 1) -> None:
    """Apply an edit to activations in place; see `edit_units`."""
    n_units = activations.shape[axis]
    for units in (edit.set_units, edit.scaled_units):
        if len(units) and not (int(units.min()) >= 0 and int(units.max()) < n_units):
            raise IndexError(f"the units are 0 to {n_units - 1}, not {int(units.min())} to {int(units.max())}")
    moved = activations.movedim(axis, -1)  # a view: what is written there is written into the activations
    if len(edit.set_units):
        moved[..., edit.set_units.to(moved.device)] = edit.values.to(moved.device, moved.dtype)
    if len(edit.scaled_units):
        moved[..., edit.scaled_units.to(moved.device)] *= edit.factors.to(moved.device, moved.dtype)
        if edit.offsets is not None:
            moved[..., edit.scaled_units.to(moved.device)] += edit.offsets.to(moved.device, moved.dtype)


def predict(logits: Float[Tensor, "batch class_"]) -> Int64[Tensor, " batch"]:
    """The class of the largest logit, the lowest on ties; -1 where a logit is NaN."""
    best = logits.argmax(1)
    at_maximum = logits == logits.gather(1, best[:, None])
    first = torch.where(at_maximum, torch.arange(logits.shape[1], device=logits.device), logits.shape[1]).amin(1)
    return torch.where(logits.isnan().any(1), -1, first)


def count_classes(logits: Float[Tensor, "batch class_"], labels: Int64[Tensor, " batch"]) -> ClassCounts:
    """Count what balanced accuracy takes, in one batch.

    Args:
        logits: one row per image.
        labels: class of each image; -1 (unknown) is left out.

    Returns:
        Counts of the batch: add those of all batches before calling `balanced_accuracy`.

    Raises:
        ValueError: the labels are not one per image, or lie outside the classes.
    """
    n_classes = logits.shape[1]
    if len(labels) != len(logits) or (len(labels) and not -1 <= int(labels.min()) <= int(labels.max()) < n_classes):
        raise ValueError(
            f"expected {len(logits)} labels from -1 (unknown) to {n_classes - 1}, got {len(labels)}"
            + (f" from {int(labels.min())} to {int(labels.max())}" if len(labels) else "")
        )
    known = labels >= 0
    truth, rows = labels[known], logits[known]
    predictions = predict(rows)
    own = rows.double().softmax(1).gather(1, truth[:, None])[:, 0]
    return ClassCounts(
        torch.bincount(truth[predictions == truth], minlength=n_classes),
        torch.bincount(predictions[predictions >= 0], minlength=n_classes),
        torch.bincount(truth, minlength=n_classes),
        torch.zeros(n_classes, dtype=torch.float64, device=logits.device).index_add_(0, truth, own),
    )


def accuracy(counts: ClassCounts) -> float:
    """Share of the images that are predicted as their class; NaN without images."""
    n = int(counts.images.sum())
    return int(counts.hits.sum()) / n if n else float("nan")


def balanced_accuracy(counts: ClassCounts) -> Float64[Tensor, " class_"]:
    """(TPR + TNR) / 2 of every class, 0 to 1; 0.5 for a class that is never predicted, or always.

    Returns:
        NaN for classes without images, and for a class that all images are of.
    """
    others = counts.images.sum() - counts.images
    found = counts.hits.double() / counts.images
    refused = 1 - (counts.predicted - counts.hits).double() / others
    return (found + refused) / 2


def confusion(
    predictions: Int64[Tensor, " batch"], labels: Int64[Tensor, " batch"], *, n_classes: int
) -> Int64[Tensor, "class_ class_"]:
    """How many images of each class (row) are predicted as each class (column); additive over batches.

    Args:
        predictions: -1 (no prediction) is left out.
        labels: -1 (unknown) is left out.
        n_classes: how many classes there are.
    """
    known = (labels >= 0) & (predictions >= 0)
    cells = torch.bincount(labels[known] * n_classes + predictions[known], minlength=n_classes * n_classes)
    return cells.reshape(n_classes, n_classes)


def stratified_order(labels: Int64[Tensor, " image"], *, generator: torch.Generator) -> Int64[Tensor, " image"]:
    """A random order of the images, every beginning of which has the classes in about their proportions.

    Args:
        labels: class of each image; the images of -1 are a class of their own here.
        generator: of the drawing.
    """
    order = torch.randperm(len(labels), generator=generator)
    place = torch.zeros(len(labels), dtype=torch.float64)
    for of_class in labels.unique():
        members = order[labels[order] == of_class]
        offsets = torch.rand(len(members), generator=generator, dtype=torch.float64)
        place[members] = (torch.arange(len(members)) + offsets) / len(members)
    return place.argsort()


def stratified_halves(
    labels: Int64[Tensor, " image"], *, generator: torch.Generator
) -> tuple[Int64[Tensor, " first"], Int64[Tensor, " second"]]:
    """Divide images at random into two halves in which every class is halved too, to within one image.

    Args:
        labels: as for `stratified_order`.
        generator: of the drawing.

    Returns:
        Numbers of the images of both halves, each in a stratified order. The first half has one image more if their
        number is odd.
    """
    order = torch.randperm(len(labels), generator=generator)
    by_class = order[torch.sort(labels[order], stable=True).indices]
    first, second = by_class[0::2], by_class[1::2]
    return (
        first[stratified_order(labels[first], generator=generator)],
        second[stratified_order(labels[second], generator=generator)],
    )
