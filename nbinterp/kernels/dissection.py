"""Network Dissection: the conventions of its variants, and IoU, labels and unique detectors from pixel counts.

Bau, Zhou, Khosla, Oliva, Torralba, "Network Dissection: Quantifying Interpretability of Deep Visual Representations",
CVPR 2017, arXiv:1704.05796; Bau, Zhu, Strobelt, Lapedriza, Zhou, Torralba, "Understanding the role of individual units
in a deep neural network", PNAS 2020, arXiv:2009.05041. A unit is *on* where its activation, resampled to the size of
the masks, is strictly above its threshold T_k; with A its pixels, G a concept's and I those of both, summed over the
data set before they are divided, IoU = I / (A + G − I).
Axes: unit, concept, category.
"""

import math
from dataclasses import dataclass
from numbers import Real
from typing import Literal

import torch
from jaxtyping import Bool, Float64, Int64
from torch import Tensor

_WORDS = {
    "threshold_on": ("maps", "upsampled"),
    "anchor": ("field", "stretch"),
    "padding": ("border", "zeros"),
    "counted": ("all", "category", "masked category"),
}


@dataclass(frozen=True)
class Convention:
    """One published way to score units; results of different conventions must not be compared.

    Attributes:
        name: by which `convention` finds it.
        quantile: share of activations above the threshold.
        threshold_on: whether those activations are the layer's own ("maps") or resampled to the masks ("upsampled").
        anchor: where a position lies in the image: at the centre of its receptive "field", or where a "stretch" of
            the map to the image's size puts it.
        padding: what the map is beyond its outermost positions: the "border" value, or "zeros".
        counted: images that count for a unit's area A: "all"; with a label of the concept's "category" anywhere; with
            such a label under the unit's mask ("masked category": a smaller A, so a larger IoU).
        mask_scale: side of the masks, as a share of the image's.
        iou_threshold: a detector's IoU is strictly above it.

    Raises:
        ValueError: if a word is none of those, or a number is out of range.
    """

    name: str
    quantile: float
    threshold_on: Literal["maps", "upsampled"]
    anchor: Literal["field", "stretch"]
    padding: Literal["border", "zeros"]
    counted: Literal["all", "category", "masked category"]
    mask_scale: float
    iou_threshold: float = 0.04

    def __post_init__(self) -> None:
        """Check the words and the numbers."""
        for field, words in _WORDS.items():
            if getattr(self, field) not in words:
                raise ValueError(f"{field} is one of {', '.join(map(repr, words))}; got {getattr(self, field)!r}")
        ranges = (
            ("quantile", "a share above 0 and below 1", lambda value: 0 < value < 1),
            ("mask_scale", "a finite number above 0", lambda value: 0 < value < math.inf),
            ("iou_threshold", "a number from 0 to 1", lambda value: 0 <= value <= 1),
        )
        for field, what, allowed in ranges:
            value = getattr(self, field)
            if isinstance(value, bool) or not isinstance(value, Real) or not allowed(float(value)):
                raise ValueError(f"{field} is {what}, got {value!r}")


CONVENTIONS = {
    found.name: found
    for found in (
        Convention("cvpr2017", 0.005, "maps", "field", "border", "category", 0.5),
        Convention("lite", 0.005, "maps", "stretch", "border", "masked category", 0.5),
        Convention("pnas2020", 0.01, "upsampled", "stretch", "zeros", "all", 0.25),
    )
}
"""Network Dissection (2017), NetDissect-Lite, and the PNAS 2020 paper."""


def convention(name: str | Convention) -> Convention:
    """Find a convention by name; one of your own passes through.

    Raises:
        ValueError: if there is none of that name.
        TypeError: if it is neither a name nor a Convention.
    """
    if isinstance(name, Convention):
        return name
    if not isinstance(name, str):
        raise TypeError(f"convention is one of {', '.join(CONVENTIONS)}, or a Convention; got {name!r}")
    if name not in CONVENTIONS:
        raise ValueError(f"there is no convention {name!r}: choose {', '.join(CONVENTIONS)}, or give a Convention")
    return CONVENTIONS[name]


@dataclass(frozen=True)
class OverlapCounts:
    """Pixel counts, additive over disjoint sets of images, from which the data set's IoU follows.

    Attributes:
        intersection: I, pixels where the unit is on and the concept is.
        unit_area: A, pixels where the unit is on, in the images counted for a concept of the category.
        concept_area: G, pixels of the concept.
        concept_images: images that show the concept.
    """

    intersection: Int64[Tensor, "unit concept"]
    unit_area: Int64[Tensor, "unit category"]
    concept_area: Int64[Tensor, " concept"]
    concept_images: Int64[Tensor, " concept"]

    def __add__(self, other: "OverlapCounts") -> "OverlapCounts":
        """Add the counts of other images; units, concepts and categories must be the same."""
        if self.intersection.shape != other.intersection.shape or self.unit_area.shape != other.unit_area.shape:
            raise ValueError(
                f"counts of {tuple(self.intersection.shape)} (units, concepts) and {self.unit_area.shape[1]} "
                f"categories cannot be added to {tuple(other.intersection.shape)} and {other.unit_area.shape[1]}"
            )
        return OverlapCounts(
            self.intersection + other.intersection,
            self.unit_area + other.unit_area,
            self.concept_area + other.concept_area,
            self.concept_images + other.concept_images,
        )


def iou(counts: OverlapCounts, category_of: Int64[Tensor, " concept"]) -> Float64[Tensor, "unit concept"]:
    """Divide the counts: intersection over union of every unit with every concept.

    Args:
        counts: summed over all images; an average of the IoU of parts is another number.
        category_of: number of each concept's category.

    Returns:
        IoU in [0, 1]; 0, never NaN, where unit and concept are both empty.

    Raises:
        ValueError: if there is not one category of the counts for every concept.
    """
    check_categories(category_of, counts.intersection.shape[1], counts.unit_area.shape[1])
    union = counts.unit_area[:, category_of] + counts.concept_area - counts.intersection
    return counts.intersection.double() / union.clamp(min=1)


def best_labels(scores: Float64[Tensor, "unit concept"]) -> Int64[Tensor, " unit"]:
    """Find the concept of highest IoU of every unit; the lowest number on ties.

    Args:
        scores: what `iou` gave, or some of its columns.

    Returns:
        Columns of `scores`.

    Raises:
        ValueError: if there is no concept.
    """
    if scores.ndim != 2 or scores.shape[1] == 0:
        raise ValueError(f"expected scores of shape (unit, concept) with a concept at least, got {tuple(scores.shape)}")
    columns = torch.arange(scores.shape[1], device=scores.device).expand_as(scores)
    return torch.where(scores == scores.amax(1, keepdim=True), columns, scores.shape[1] - 1).amin(1)


def detectors(scores: Float64[Tensor, "unit concept"], *, threshold: float = 0.04) -> Bool[Tensor, "unit concept"]:
    """Say which (unit, concept) pairs are detectors: IoU strictly above the threshold (the papers take 0.04)."""
    return scores > threshold


@dataclass(frozen=True)
class UniqueDetectors:
    """How many units detect something, and how many different concepts they detect.

    Attributes:
        units: units with an IoU above the threshold.
        best: different concepts when every such unit counts for its best concept alone: the papers' text.
        best_by_category: the same, by category of that concept.
        per_category: the sum of `by_category`: the numbers of the CVPR 2017 figures. Never below `best`.
        by_category: different concepts when a unit counts for its best concept in each category.
    """

    units: int
    best: int
    best_by_category: Int64[Tensor, " category"]
    per_category: int
    by_category: Int64[Tensor, " category"]


def unique_detectors(
    scores: Float64[Tensor, "unit concept"], category_of: Int64[Tensor, " concept"], *, threshold: float = 0.04
) -> UniqueDetectors:
    """Count the different concepts that units detect, in both ways in use.

    Args:
        scores: what `iou` gave.
        category_of: number of each concept's category.
        threshold: a detector's IoU is strictly above it.

    Returns:
        The numbers; categories up to the highest in `category_of`.

    Raises:
        ValueError: if there is not one category for every concept, or no concept.
    """
    n_categories = int(category_of.max()) + 1 if len(category_of) else 0
    check_categories(category_of, scores.shape[1], n_categories)
    best = torch.unique(_detected(scores, threshold))
    by_category = torch.zeros(n_categories, dtype=torch.int64, device=scores.device)
    for category in torch.unique(category_of):
        by_category[category] = len(torch.unique(_detected(scores[:, category_of == category], threshold)))
    return UniqueDetectors(
        int(detectors(scores, threshold=threshold).any(1).sum()),
        len(best),
        torch.bincount(category_of[best], minlength=n_categories),
        int(by_category.sum()),
        by_category,
    )


def _detected(scores: Tensor, threshold: float) -> Tensor:
    """The best concepts of those units that have a detector."""
    return best_labels(scores)[scores.amax(1) > threshold]


def check_categories(category_of: Tensor, n_concepts: int, n_categories: int) -> None:
    """Refuse category numbers that do not belong to the concepts."""
    if category_of.ndim != 1 or len(category_of) != n_concepts:
        raise ValueError(f"expected a category for each of {n_concepts} concepts, got {tuple(category_of.shape)}")
    if n_concepts and (int(category_of.min()) < 0 or int(category_of.max()) >= n_categories):
        raise ValueError(
            f"categories must be 0 to {n_categories - 1}, got {int(category_of.min())} to {int(category_of.max())}"
        )
