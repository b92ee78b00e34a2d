"""Ranking units by what each class loses when one unit alone is ablated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch

from nbinterp.kernels.ablation import ClassCounts, UnitEdit, accuracy, balanced_accuracy, count_classes

from ..progress import Progress
from .cached import Cached, Check

Report = Callable[[int, int], None]
Counted = dict[int, tuple[int, ClassCounts]]
"""0 for the network as it is or 1 + unit -> how many of the first batches are counted, and the sum of their counts."""


@dataclass(frozen=True, eq=False)
class Losses:
    """What single-unit ablations cost on some images: U units, C classes.

    Attributes:
        balanced_before: float64, C: balanced accuracy of the network as it is.
        balanced_after: float64, U × C: without the unit.
        accuracy_before: of the network as it is.
        accuracy_after: float64, U.
        probability_drop: float64, U × C: how much lower the class's probability is, on average over its images.
        mean_probability_drop: float64, U: the same over all images, each with its own class.
    """

    balanced_before: np.ndarray
    balanced_after: np.ndarray
    accuracy_before: float
    accuracy_after: np.ndarray
    probability_drop: np.ndarray
    mean_probability_drop: np.ndarray

    @property
    def drop(self) -> np.ndarray:
        """float64, U × C: drop in balanced accuracy; positive: the class needs the unit."""
        return self.balanced_before - self.balanced_after

    def frame(self, class_: int | None) -> pd.DataFrame:
        """Units, the most important first; see `Ablation.ranking`."""
        if class_ is None:
            after, before, tie = self.accuracy_after, self.accuracy_before, self.mean_probability_drop
        else:
            after, before = self.balanced_after[:, class_], self.balanced_before[class_]
            tie = self.probability_drop[:, class_]
        drop = before - after
        order = np.lexsort((-tie, -drop))  # stable: equal units in their order; NaN last
        what = "accuracy" if class_ is None else "balanced_accuracy"
        columns = {"unit": order, "drop": drop[order], what: after[order], "probability_drop": tie[order]}
        return pd.DataFrame(columns)


def measure_losses(
    cached: Cached,
    images: np.ndarray,
    labels: np.ndarray,
    edit_of: Callable[[int], UnitEdit],
    counted: Counted,
    *,
    shown: bool,
    check: Check | None,
    report: Report | None,
) -> Losses:
    """Ablate every unit alone.

    Args:
        cached: the images and the tail.
        images: int64: the images to measure on, whole batches.
        labels: int64: class of every image of the recording that is among `cached.images`, in their order.
        edit_of: unit -> what is done to it.
        counted: what an earlier call that was stopped had counted; what this one counts is added.
        shown: show a progress bar.
        check: called before every run; what it raises ends the work.
        report: takes how many runs are done, and of how many.

    Raises:
        KeyboardInterrupt: with a note of how much is kept.
    """
    chosen = list(cached.select(images))
    edits: list[UnitEdit | None] = [None, *map(edit_of, range(cached.n_units))]
    n_runs = len(chosen) * len(edits)
    with Progress(n_runs, shown, doing=f"Units of {cached.tail.layer}", unit="run") as bar:
        bar.advance(n_done := _n_runs(counted))
        try:
            for number, (batch, rows) in enumerate(chosen):
                numbers = batch.images if rows is None else batch.images[rows]
                truth = torch.from_numpy(labels[np.searchsorted(cached.images, numbers)])
                for place, edit in enumerate(edits):
                    n_batches, total = counted.get(place, (0, None))
                    if n_batches > number:
                        continue
                    if check is not None:
                        check()
                    found = count_classes(cached.logits(batch, edit, rows), truth)
                    # one assignment, which an interrupt leaves undone or done
                    counted[place] = (number + 1, found if total is None else total + found)
                    n_done += 1
                    bar.advance(1)
                    if report is not None:
                        report(n_done, n_runs)
        except KeyboardInterrupt as interrupt:
            text = (
                f"Stopped after {_n_runs(counted)} of {n_runs} runs; they are kept: the same call goes on from there."
            )
            interrupt.add_note(text)
            bar.say(text)
            raise
    return _losses([counted[place][1] for place in range(len(edits))])


def _n_runs(counted: Counted) -> int:
    return sum(n_batches for n_batches, _ in counted.values())


def _losses(found: list[ClassCounts]) -> Losses:
    before, after = found[0], found[1:]
    lost = np.stack([(before.probability - counts.probability).numpy() for counts in after])
    n_images = before.images.numpy()
    with np.errstate(invalid="ignore"):
        per_class = lost / np.where(n_images, n_images, np.nan)
    return Losses(
        balanced_before=balanced_accuracy(before).numpy(),
        balanced_after=np.stack([balanced_accuracy(counts).numpy() for counts in after]),
        accuracy_before=accuracy(before),
        accuracy_after=np.array([accuracy(counts) for counts in after]),
        probability_drop=per_class,
        mean_probability_drop=lost.sum(1) / max(int(n_images.sum()), 1),
    )
