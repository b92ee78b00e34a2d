"""Class selectivity: how much more a unit responds to its best class than to the others.

Morcos, Barrett, Rabinowitz, Botvinick, ICLR 2018, arXiv:1803.06959, section 2.3. With mu_max the highest
class-conditional mean activity of a unit and mu_rest the mean over all other classes,

    selectivity = (mu_max - mu_rest) / (mu_max + mu_rest),

0 for a unit that answers every class alike, 1 for one that answers a single class.
Axes: batch, unit, class.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Float, Float32, Float64, Int64
from torch import Tensor


@dataclass(frozen=True)
class ClassActivity:
    """Summed activity of each unit over the images of each class, additive over batches."""

    total: Float64[Tensor, "class_ unit"]
    n_images: Int64[Tensor, " class_"]

    def __add__(self, other: "ClassActivity") -> "ClassActivity":
        """Add the counts of two disjoint sets of images; the classes and units must be the same."""
        if self.total.shape != other.total.shape:
            raise ValueError(
                f"counts of {tuple(self.total.shape)} (classes, units) cannot be added to counts of "
                f"{tuple(other.total.shape)}: count both with the same layer and n_classes"
            )
        return ClassActivity(self.total + other.total, self.n_images + other.n_images)


def count_class_activity(
    activity: Float[Tensor, "batch unit"], labels: Int64[Tensor, " batch"], *, n_classes: int
) -> ClassActivity:
    """Sum the activity of each unit over the images of each class.

    Args:
        activity: one number per image and unit; the paper takes the mean over positions.
        labels: class of each image, 0 to `n_classes - 1`; -1 (unknown) is left out.
        n_classes: how many classes there are.

    Returns:
        Sums in float64 and image counts, to be added over batches.

    Raises:
        ValueError: if the labels are not one per image or lie outside the classes.
    """
    if labels.ndim != 1 or activity.ndim != 2 or len(labels) != len(activity):
        raise ValueError(
            f"expected one label per image, got {tuple(labels.shape)} labels for activity of shape "
            f"{tuple(activity.shape)} (batch, unit)"
        )
    if len(labels) and (int(labels.min()) < -1 or int(labels.max()) >= n_classes):
        raise ValueError(
            f"expected labels from -1 (unknown) to {n_classes - 1}, got {int(labels.min())} to {int(labels.max())}"
        )
    known = labels >= 0
    total = torch.zeros(n_classes, activity.shape[1], dtype=torch.float64, device=activity.device)
    total.index_add_(0, labels[known], activity[known].double())
    return ClassActivity(total, torch.bincount(labels[known], minlength=n_classes))


def class_selectivity(counts: ClassActivity) -> tuple[Float32[Tensor, " unit"], Int64[Tensor, " unit"]]:
    """Compute the selectivity index and the best class of every unit.

    Departures from the paper, which looks at rectified layers and balanced classes only: a class mean below
    zero counts as zero, so that the index stays in [0, 1] for any layer; classes without images are left out;
    mu_rest is the mean of the other classes' means, whatever their sizes.

    Args:
        counts: the sum of `count_class_activity` over the images.

    Returns:
        The index, 0 to 1 (0 where no class has a positive mean; NaN where fewer than two classes have images, or
        the activity was NaN or infinite), and the class of the highest mean, lowest index on ties (-1 where there
        are no labelled images or the activity was NaN).
    """
    present = counts.n_images > 0
    n_present = int(present.sum())
    n_units = counts.total.shape[1]
    if n_present == 0:
        device = counts.total.device
        return torch.full((n_units,), torch.nan, device=device), torch.full((n_units,), -1, device=device)
    raw = counts.total[present] / counts.n_images[present, None]
    means = raw.clamp(min=0)
    best, _ = means.max(0)
    rest = (means.sum(0) - best) / max(n_present - 1, 1)
    index = (best - rest) / (best + rest)
    index = torch.where(best + rest == 0, torch.zeros_like(index), index)
    if n_present == 1:
        index = torch.full_like(index, torch.nan)
    classes = torch.nonzero(present)[:, 0][_first_maximum(raw)]
    return index.float(), torch.where(raw.isnan().any(0), -1, classes)


def _first_maximum(values: Float64[Tensor, "class_ unit"]) -> Int64[Tensor, " unit"]:
    """Row of each column's maximum, the lowest on ties (`argmax` promises no order)."""
    rows = torch.arange(len(values), device=values.device)[:, None].expand_as(values)
    at_maximum = values == values.amax(0)
    return torch.where(at_maximum, rows, len(values) - 1).amin(0)
