"""What an ablation did to a classifier's predictions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from nbinterp.kernels.ablation import accuracy, balanced_accuracy, confusion, count_classes, predict


@dataclass(frozen=True, eq=False)
class Effect:
    """Predictions after an edit of a layer's units, beside those of the network as it is, on the same images.

    N images, C classes. Accuracies are of the images whose label is known; without labels the network's own
    predictions stand in for them (see `Ablation.against`), so that accuracy is agreement with the network as it was.

    Attributes:
        images: int64, N: their numbers in the recording, ascending.
        labels: int64, N: -1 where unknown.
        predictions: int64, N: after the edit; -1 where a logit is NaN.
        probabilities: float32, N × C: softmax after the edit.
        predictions_before: int64, N: of the network as it is.
        accuracy, accuracy_before: 0 to 1; NaN without a labelled image.
        balanced_accuracy, balanced_accuracy_before: float64, C: (true positive rate + true negative rate) / 2 of the
            prediction "it is this class"; NaN for classes without images.
        n_total: how many images a complete answer has.
        class_names: names of the classes, or None.
    """

    images: np.ndarray
    labels: np.ndarray
    predictions: np.ndarray
    probabilities: np.ndarray
    predictions_before: np.ndarray
    accuracy: float
    accuracy_before: float
    balanced_accuracy: np.ndarray
    balanced_accuracy_before: np.ndarray
    n_total: int
    class_names: tuple[str, ...] | None

    @property
    def n_images(self) -> int:
        """How many images this answer is of."""
        return len(self.images)

    @property
    def complete(self) -> bool:
        """Whether these are all the images that were asked for."""
        return self.n_images == self.n_total

    @property
    def flipped(self) -> np.ndarray:
        """int64: recording's numbers of the images whose prediction is another than before."""
        return self.images[self.predictions != self.predictions_before]

    @property
    def confusion(self) -> np.ndarray:
        """int64, C × C: images of each class (row) that are predicted as each class (column) after the edit."""
        predictions, labels = torch.from_numpy(self.predictions), torch.from_numpy(self.labels)
        return confusion(predictions, labels, n_classes=self.probabilities.shape[1]).numpy()

    @property
    def frame(self) -> pd.DataFrame:
        """One row per class: class, images, balanced_accuracy_before, balanced_accuracy, change."""
        n_classes = self.probabilities.shape[1]
        change = self.balanced_accuracy - self.balanced_accuracy_before
        return pd.DataFrame(
            {
                "class": list(range(n_classes)) if self.class_names is None else list(self.class_names),
                "images": np.bincount(self.labels[self.labels >= 0], minlength=n_classes),
                "balanced_accuracy_before": self.balanced_accuracy_before,
                "balanced_accuracy": self.balanced_accuracy,
                "change": change,
            }
        )

    def __repr__(self) -> str:
        part = "" if self.complete else f" (of {self.n_total:,})"
        n = len(self.flipped)
        return (
            f"Effect on {self.n_images:,} image{'s' * (self.n_images != 1)}{part}: accuracy {self.accuracy_before:.1%} "
            f"-> {self.accuracy:.1%}, {n:,} prediction{'s' * (n != 1)} changed"
        )


def effect_of(
    images: np.ndarray,
    labels: np.ndarray,
    logits: Tensor,
    before: Tensor,
    n_total: int,
    class_names: tuple[str, ...] | None,
) -> Effect:
    """Put an effect together.

    Args:
        images: int64, N: numbers in the recording, in any order.
        labels: int64, N.
        logits: N × C, after the edit.
        before: N × C, of the network as it is.
        n_total: how many images were asked for.
        class_names: names of the classes, or None.
    """
    order = np.argsort(images)
    rows = torch.from_numpy(order)
    truth, after, was = torch.from_numpy(labels)[rows], logits[rows], before[rows]
    counts, counts_before = count_classes(after, truth), count_classes(was, truth)
    return Effect(
        images=images[order],
        labels=truth.numpy(),
        predictions=predict(after).numpy(),
        probabilities=after.float().softmax(1).numpy(),
        predictions_before=predict(was).numpy(),
        accuracy=accuracy(counts),
        accuracy_before=accuracy(counts_before),
        balanced_accuracy=balanced_accuracy(counts).numpy(),
        balanced_accuracy_before=balanced_accuracy(counts_before).numpy(),
        n_total=n_total,
        class_names=class_names,
    )
