"""How many facets: the gap statistic, silhouettes, and whether clusters come back in other samples.

Gap statistic: Tibshirani, Walther, Hastie, J. R. Statist. Soc. B 2001, version (b): the reference is uniform in a box
along the principal axes of the data. An elongated cloud is no two clusters to it: a uniform one splits better.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

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
    references = [_dispersions(rng.uniform(low, high, points.shape), max_k, seed)[0] for _ in range(N_REFERENCES)]
    own, silhouette = _dispersions(points, max_k, seed)
    logs = np.log(np.maximum(references, np.finfo(float).tiny))
    gap = logs.mean(0) - np.log(np.maximum(own, np.finfo(float).tiny))
    error = logs.std(0) * np.sqrt(1 + 1 / N_REFERENCES)
    return Evidence(np.arange(1, max_k + 1), gap, error, silhouette)


def kmeans(points: np.ndarray, k: int, seed: int, n_init: int) -> tuple[np.ndarray, float]:
    """Labels of k clusters, and the sum of squared distances to their centres: the best of `n_init` starts."""
    from sklearn.cluster import KMeans  # here: importing it takes longer than the rest of nbinterp

    settings: dict[str, Any] = {"n_init": n_init, "random_state": seed}
    found = KMeans(k, **settings).fit(points)
    return np.asarray(found.labels_), float(np.asarray(found.inertia_))


def _dispersions(points: np.ndarray, max_k: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Sum of squared distances to the centres, and mean silhouette, of 1 … max_k clusters."""
    from sklearn.metrics import silhouette_score

    spread = [float(((points - points.mean(0)) ** 2).sum())]
    silhouettes = [np.nan]
    for k in range(2, max_k + 1):
        labels, inertia = kmeans(points, k, seed, N_INIT)
        spread.append(inertia)
        several = 1 < len(np.unique(labels)) < len(points)
        silhouettes.append(float(silhouette_score(points, labels)) if several else np.nan)
    return np.array(spread), np.array(silhouettes)


def stability(
    wholes: Sequence[np.ndarray], cluster: Callable[[np.ndarray, int], Sequence[np.ndarray]], seed: int
) -> list[float]:
    """Adjusted Rand index between clusters of all points and those of random parts with other seeds, mean over parts.

    Args:
        wholes: labels of all points, for several clusterings.
        cluster: (which points, seed) -> their labels, for the same clusterings.
        seed: of the parts.
    """
    from sklearn.metrics import adjusted_rand_score

    n = len(wholes[0])
    rng = np.random.default_rng([seed, 2])
    found = []
    for run in range(N_RUNS):
        part = np.sort(rng.choice(n, max(2, round(SHARE * n)), replace=False))
        parts = cluster(part, seed + 1 + run)
        found.append([adjusted_rand_score(whole[part], mine) for whole, mine in zip(wholes, parts, strict=True)])
    return [float(mean) for mean in np.mean(found, axis=0)]
