"""Removing more and more of the units a class needs, and what importance has to do with meaning."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..maximize.request import whole
from ..progress import Progress
from .effect import Effect
from .ranking import Losses

if TYPE_CHECKING:
    from .ablation import Ablation

IMPORTANCES = ("classes", "max")


@dataclass(frozen=True, eq=False)
class IouCorrelation:
    """Spearman's rank correlation of units' best IoU with their importance: made by `Ablation.iou_correlation`.

    Attributes:
        rho: -1 to 1; NaN if either is the same for all units, or no class's balanced accuracy is known.
        p: of no correlation, two-sided.
        importance: what was taken for it, in words.
        frame: one row per unit: unit, iou, importance.
    """

    rho: float
    p: float
    importance: str
    frame: pd.DataFrame

    def __repr__(self) -> str:
        return (
            f"IouCorrelation over {len(self.frame)} units: Spearman's rho {self.rho:.2f} (p = {self.p:.2g}) of best "
            f"IoU and {self.importance}"
        )


def measure_curve(
    ablation: Ablation,
    class_: int | None,
    sizes: Sequence[int],
    *,
    keep: bool,
    value: Any,
    n_random: int,
    seed: int,
    check: Any,
) -> pd.DataFrame:
    """See `Ablation.curve`."""
    listed = _checked_sizes(sizes, ablation.n_units)
    n_random, rng = whole("n_random", n_random, 0), np.random.default_rng(whole("seed", seed, 0))
    ranked = ablation.ranking(class_, value, check=check)["unit"].to_numpy()
    everyone = np.arange(ablation.n_units)
    n_sets = 1 + len(listed) * (1 + n_random)
    with Progress(n_sets, ablation._progress, doing=f"Sets of units of {ablation.layer}", unit="set") as bar:
        rows = [(ablation.n_units if keep else 0, 0, *_measured(ablation.effect(images="test"), class_), *[np.nan] * 4)]
        bar.advance(1)
        for size in listed:
            random = [rng.choice(ablation.n_units, size, replace=False) for _ in range(n_random)]
            found = []
            for chosen in (ranked[:size], *random):
                removed = np.setdiff1d(everyone, chosen) if keep else chosen
                found.append(_measured(ablation.effect(removed, value, images="test", check=check), class_))
                bar.advance(1)
            (balanced, accuracy), others = found[0], np.array(found[1:]).reshape(-1, 2)
            control = [np.nan] * 4
            if n_random:
                control = [*others.mean(0), others[:, 0].min(), others[:, 0].max()]
            n_removed = ablation.n_units - size if keep else size
            rows.append((size, n_removed, balanced, accuracy, *control))
    columns = ["size", "removed", "balanced_accuracy", "accuracy", "random_balanced_accuracy", "random_accuracy"]
    return pd.DataFrame(rows, columns=[*columns, "random_lowest", "random_highest"])


def correlate_with_iou(losses: Losses, iou: np.ndarray, importance: str, top: int) -> IouCorrelation:
    """See `Ablation.iou_correlation`."""
    if importance == "classes":
        words = f"number of classes for which the unit is among the {top} most important"
        values = classes_needing(losses, top).sum(1).astype(np.float64)
    else:
        words = "largest drop in balanced accuracy over the classes"
        known = losses.drop[:, ~np.isnan(losses.balanced_before)]
        values = known.max(1) if known.shape[1] else np.full(len(known), np.nan)
    best = iou.max(1)
    rho = p = float("nan")
    if len(best) > 2 and np.ptp(best) > 0 and np.ptp(values) > 0:
        from scipy import stats  # importing it takes half a second

        rho, p = map(float, stats.spearmanr(best, values))
    frame = pd.DataFrame({"unit": np.arange(len(best)), "iou": best, "importance": values})
    return IouCorrelation(rho, p, words, frame)


def classes_needing(losses: Losses, top: int) -> np.ndarray:
    """bool, U × C: the unit is among the `top` whose ablation costs the class most, and it does cost something."""
    n_units, n_classes = losses.drop.shape
    found = np.zeros((n_units, n_classes), dtype=bool)
    for class_ in np.flatnonzero(~np.isnan(losses.balanced_before)):
        found[losses.frame(int(class_))["unit"][:top], class_] = True
    return found & (losses.drop > 0)


def _measured(effect: Effect, class_: int | None) -> tuple[float, float]:
    balanced = effect.balanced_accuracy
    if class_ is not None:
        return float(balanced[class_]), effect.accuracy
    known = balanced[~np.isnan(balanced)]
    return float(known.mean()) if len(known) else float("nan"), effect.accuracy


def _checked_sizes(sizes: Sequence[int], n_units: int) -> list[int]:
    listed = list(sizes) if isinstance(sizes, Iterable) else []
    if not listed or any(isinstance(k, bool) or not isinstance(k, int | np.integer) or k < 1 for k in listed):
        raise ValueError(f"sizes must be a list of whole numbers of at least 1, got {sizes!r}")
    return sorted({int(size) for size in listed if size <= n_units})
