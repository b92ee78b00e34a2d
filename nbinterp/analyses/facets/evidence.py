"""How many facets: the gap statistic, silhouettes, and whether clusters come back in other samples.

Gap statistic: Tibshirani, Walther, Hastie, J. R. Statist. Soc. B 2001, version (b): the reference is uniform in a box
along the principal axes of the data. An elongated cloud is no two clusters to it: a uniform one splits better.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch

from nbinterp.kernels import clusters
from nbinterp.kernels.clusters import adjusted_rand_index, silhouette

N_REFERENCES = 10
N_INIT = 3
N_RUNS = 5
SHARE = 0.8  # of the images in each of these runs
STABLE = 0.6  # adjusted Rand index below which clusters are not believed


@dataclass(frozen=True, eq=False)
class Evidence:
    """What speaks for each number of facets k.

    Attributes:
        k: int64, 1 … as many as were tried.
        gap: float64: how much tighter k clusters are than those of a featureless reference, log scale.
        error: float64: the gap's standard error.
        silhouette: float64: mean silhouette of k clusters, −1 … 1; NaN for one.
    """

    k: np.ndarray
    gap: np.ndarray
    error: np.ndarray
    silhouette: np.ndarray

    def __repr__(self) -> str:
        gaps = ", ".join(f"{k}: {gap:.3g}" for k, gap in zip(self.k, self.gap, strict=True))
        return f"Evidence(at most {self.best} facets; gap statistic {gaps})"

    @property
    def best(self) -> int:
        """The smallest k whose gap is at least the next one's less its standard error."""
        enough = self.gap[:-1] >= self.gap[1:] - self.error[1:]
        return int(self.k[np.argmax(enough)] if enough.any() else self.k[-1])

    @property
    def frame(self) -> pd.DataFrame:
        """One row per k."""
        return pd.DataFrame({"k": self.k, "gap": self.gap, "error": self.error, "silhouette": self.silhouette})


def weigh(points: np.ndarray, max_k: int, seed: int) -> Evidence:
    """Evidence for 1 … max_k k-means clusters among points (N × dimensions, along principal axes)."""
    rng = np.random.default_rng([seed, 1])
    low, high = points.min(0), points.max(0)
    sets = np.stack([points, *(rng.uniform(low, high, points.shape) for _ in range(N_REFERENCES))])
    spread = [((sets - sets.mean(1, keepdims=True)) ** 2).sum((1, 2))]
    silhouettes = [np.nan]
    for k in range(2, max_k + 1):
        labels, inertia = kmeans(sets, k, seed, N_INIT)
        spread.append(inertia)
        several = 1 < len(np.unique(labels[0])) < len(points)
        own = torch.from_numpy(points), torch.from_numpy(labels[0])
        silhouettes.append(silhouette(*own) if several else np.nan)
    logs = np.log(np.maximum(np.stack(spread, 1), np.finfo(float).tiny))
    gap = logs[1:].mean(0) - logs[0]
    error = logs[1:].std(0) * np.sqrt(1 + 1 / N_REFERENCES)
    return Evidence(np.arange(1, max_k + 1), gap, error, np.array(silhouettes))


def kmeans(sets: np.ndarray, k: int, seed: int, n_init: int) -> tuple[np.ndarray, np.ndarray]:
    """Labels of k clusters in each set of points, and the sums of squared distances: the best of `n_init` starts."""
    points = torch.from_numpy(np.ascontiguousarray(sets, np.float64))
    found = clusters.kmeans(points, k, n_init=n_init, generator=torch.Generator().manual_seed(seed))
    return found.labels.numpy(), found.inertia.numpy()


def stability(
    wholes: Sequence[np.ndarray], cluster: Callable[[np.ndarray, int], Sequence[np.ndarray]], seed: int
) -> list[float]:
    """Adjusted Rand index between clusters of all points and those of random parts with other seeds, mean over parts.

    Args:
        wholes: labels of all points, for several clusterings.
        cluster: (which points, seed) -> their labels, for the same clusterings.
        seed: of the parts.
    """
    n = len(wholes[0])
    rng = np.random.default_rng([seed, 2])
    found = []
    for run in range(N_RUNS):
        part = np.sort(rng.choice(n, max(2, round(SHARE * n)), replace=False))
        parts = cluster(part, seed + 1 + run)
        pairs = zip(wholes, parts, strict=True)
        found.append(
            [adjusted_rand_index(torch.from_numpy(whole[part]), torch.from_numpy(mine)) for whole, mine in pairs]
        )
    return [float(mean) for mean in np.mean(found, axis=0)]
