"""Facet discovery: which of the images that drive a unit belong together.

Nguyen, Yosinski, Clune, "Multifaceted Feature Visualization", arXiv:1602.03616: principal components, t-SNE to the
plane, k-means there. By default k-means on the principal components themselves: clusters of a planar embedding change
with its seed, and it makes islands of everything. k-means looks for round clusters, and principal components stretch
them along what varies most, be it within the facets: so of the components the first 20 are taken, each divided by the
square root of its standard deviation, halfway to equal spread. The number of facets is given, or chosen: the gap
statistic on the principal components as they are, whatever is clustered, says how many at most (one, for a single
cloud); of the numbers from two to there, the one whose clusters come back best in parts of the images is taken (Lange
et al., Neural Computation 2004), or one facet if none do. The gap alone goes on dividing where a facet has kinds of
its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from ..embedding import MIN_IMAGES, N_COMPONENTS, pca, umap
from .evidence import STABLE, Evidence, kmeans, stability, weigh

METHODS = ("pca", "tsne", "umap")
CLUSTERINGS = ("kmeans", "hdbscan")
FEWEST = 10  # images below which there is one facet
PERPLEXITY = 30.0
N_INIT = 10
N_CLUSTERED = 20  # principal components that are clustered
SAME_STABILITY = 0.02  # numbers of facets that differ by less are told apart by their silhouettes


@dataclass(frozen=True, eq=False)
class Discovery:
    """Facets among N images; they are numbered from the largest.

    Attributes:
        assignments: int64, N: the facet of each image, −1 for none (noise of HDBSCAN, features that are not finite).
        distances: float32, N × facets: from the facet's centre, in the space that was clustered.
        xy: float32, N × 2: a picture: the embedding that was clustered, else the first two principal components.
        n_facets: how many.
        chosen_by: "given", "gap statistic (at most …) and stability", "density" (HDBSCAN), or why there is one.
        evidence: for each number of facets; None if there were too few images to tell.
        stability: adjusted Rand index, 1 = the same facets in parts of the images and with other seeds; 1 for one.
        method, cluster: as asked for.
        notes: what to keep in mind.
    """

    assignments: np.ndarray
    distances: np.ndarray
    xy: np.ndarray
    n_facets: int
    chosen_by: str
    evidence: Evidence | None
    stability: float
    method: str
    cluster: str
    notes: tuple[str, ...]

    def __repr__(self) -> str:
        n = self.n_facets
        return (
            f"Discovery({n} facet{'s' * (n != 1)} of {len(self.assignments)} images; {self.chosen_by}; stability "
            f"{self.stability:.2f}; method {self.method!r}, cluster {self.cluster!r})"
        )


def discover(
    features: np.ndarray,
    *,
    n_facets: int | None = None,
    method: str = "pca",
    cluster: str = "kmeans",
    max_facets: int = 6,
    seed: int = 0,
    evidence: Evidence | None = None,
) -> Discovery:
    """Find facets.

    Args:
        features: N × D; images with a NaN or infinite entry get no facet.
        n_facets: how many; None to let the images decide.
        method: what is clustered: "pca" (the first 20 components, evened out), "tsne" or "umap" (the plane made of 50).
        cluster: "kmeans" or "hdbscan" (finds their number itself, and leaves images out).
        max_facets: how many at most, if not given.
        seed: of everything random.
        evidence: of the same features and seed, if it is known already: weighing is most of the work.

    Raises:
        ValueError: a wrong argument, more facets than images.
    """
    _check(features, n_facets, method, cluster, max_facets)
    finite = np.asarray(np.isfinite(features).all(1))
    usable = np.asarray(features, np.float32)[finite]
    if n_facets is not None and n_facets > len(usable):
        raise ValueError(f"{n_facets} facets of {len(usable)} images: give n_facets of at most {len(usable)}")
    scores = _reduced(usable)
    distinct = len(np.unique(scores, axis=0))
    if n_facets is None and (len(usable) < FEWEST or distinct < 3):
        why = f"one facet: {len(usable)} images are too few to tell" if distinct >= 3 else "one facet: no difference"
        return _spread(_single(scores, why, None, method, cluster), finite)
    most = min(max_facets if n_facets is None else max(max_facets, n_facets), len(usable) // 3, distinct - 1)
    with threadpool_limits(1):  # so few images: threads that wait for busy cores cost far more than they save
        if evidence is None and most >= 2:
            evidence = weigh(scores, most, seed)
        grouping = _Grouping(scores, method, cluster, seed)
        return _spread(_choose(grouping, n_facets, evidence), finite)


class _Grouping:
    """Clusters of the same points, for several numbers of clusters; the plane is made once."""

    def __init__(self, scores: np.ndarray, method: str, cluster: str, seed: int) -> None:
        self.scores, self.method, self.cluster, self.seed = scores, method, cluster, seed
        self.points = _embed(scores, method, seed)

    def __call__(self, k: int | None) -> np.ndarray:
        """Labels of all points."""
        return _labels(self.points, self.cluster, k, self.seed)

    def stability(self, several: Sequence[int | None]) -> list[float]:
        """Of each number of clusters, over the same parts of the points; embedded anew with another seed each."""
        wholes = [self(k) for k in several]

        def again(part: np.ndarray, seed: int) -> list[np.ndarray]:
            points = _embed(self.scores[part], self.method, seed)
            return [_labels(points, self.cluster, k, seed) for k in several]

        return stability(wholes, again, self.seed)


def _choose(grouping: _Grouping, n_facets: int | None, evidence: Evidence | None) -> Discovery:
    method, cluster, scores = grouping.method, grouping.cluster, grouping.scores
    k, steady, chosen_by = n_facets, 1.0, "given"
    if cluster == "hdbscan":
        chosen_by = "density"
        if grouping(None).max() < 0:
            return _single(scores, "one facet: nowhere denser", evidence, method, cluster)
    elif n_facets is None:
        k, steady, chosen_by = _most_believed(grouping, evidence)
    labels = grouping(k)
    if (labels.max() > 0 and n_facets is not None) or cluster == "hdbscan":
        steady = grouping.stability([k])[0]
    if k == 1:
        return _single(scores, chosen_by, evidence, method, cluster)
    xy = grouping.points.astype(np.float32) if method != "pca" and grouping.points.shape[1] == 2 else _plane(scores)
    notes = [] if steady >= STABLE else [f"facets change from run to run (adjusted Rand index {steady:.2f})"]
    return _assemble(labels, grouping.points, xy, chosen_by, evidence, steady, method, cluster, notes)


def _most_believed(grouping: _Grouping, evidence: Evidence | None) -> tuple[int, float, str]:
    """Of the numbers up to the gap statistic's, the one whose clusters come back best; its stability; why."""
    if evidence is None or evidence.best == 1:
        return 1, 1.0, "one facet: the gap statistic finds no clusters"
    several = list(range(2, evidence.best + 1))
    steady = np.array(grouping.stability(several))
    if steady.max() < STABLE:
        return 1, 1.0, f"one facet: clusters do not come back in parts of the images ({steady.max():.2f})"
    near = steady >= steady.max() - SAME_STABILITY
    best = int(np.argmax(np.where(near, evidence.silhouette[1 : len(several) + 1], -np.inf)))
    return several[best], float(steady[best]), f"gap statistic (at most {evidence.best}) and stability"


def _assemble(
    labels: np.ndarray,
    points: np.ndarray,
    xy: np.ndarray,
    chosen_by: str,
    evidence: Evidence | None,
    steady: float,
    method: str,
    cluster: str,
    notes: list[str],
) -> Discovery:
    """Facets from the largest; ties as they come first."""
    found, first, sizes = np.unique(labels[labels >= 0], return_index=True, return_counts=True)
    order = found[np.lexsort((first, -sizes))]
    assignments = np.full(len(labels), -1, np.int64)
    for facet, label in enumerate(order):
        assignments[labels == label] = facet
    centres = np.stack([points[assignments == facet].mean(0) for facet in range(len(order))])
    distances = np.linalg.norm(points[:, None] - centres, axis=2).astype(np.float32)
    return Discovery(assignments, distances, xy, len(order), chosen_by, evidence, steady, method, cluster, tuple(notes))


def _single(scores: np.ndarray, why: str, evidence: Evidence | None, method: str, cluster: str) -> Discovery:
    labels = np.zeros(len(scores), np.int64)
    return _assemble(labels, scores, _plane(scores), why, evidence, 1.0, method, cluster, [])


def _spread(found: Discovery, finite: np.ndarray) -> Discovery:
    """Put rows back for images that were left out."""
    if finite.all():
        return found
    n = len(finite)
    assignments = np.full(n, -1, np.int64)
    distances = np.full((n, found.n_facets), np.nan, np.float32)
    xy = np.full((n, 2), np.nan, np.float32)
    assignments[finite], distances[finite], xy[finite] = found.assignments, found.distances, found.xy
    notes = (*found.notes, f"{int((~finite).sum())} images with NaN or infinite features belong to no facet")
    return Discovery(**{**vars(found), "assignments": assignments, "distances": distances, "xy": xy, "notes": notes})


def _reduced(features: np.ndarray) -> np.ndarray:
    """At most 50 principal components, one fewer than images."""
    return pca(features, max(1, min(N_COMPONENTS, len(features) - 1, features.shape[1]))).astype(np.float64)


def _evened(scores: np.ndarray) -> np.ndarray:
    """The first components, halfway to equal spread (module docstring)."""
    few = scores[:, :N_CLUSTERED]
    spread = np.sqrt(few.std(0))
    return few / np.where(spread > 0, spread, 1)


def _plane(scores: np.ndarray) -> np.ndarray:
    return np.pad(scores, ((0, 0), (0, max(0, 2 - scores.shape[1]))))[:, :2].astype(np.float32)


def _embed(scores: np.ndarray, method: str, seed: int) -> np.ndarray:
    if method == "pca":
        return _evened(scores)
    if len(scores) < MIN_IMAGES or not scores.std():
        return scores
    if method == "tsne":
        from sklearn.manifold import TSNE

        perplexity = min(PERPLEXITY, (len(scores) - 1) / 3)
        return TSNE(2, perplexity=perplexity, init="pca", random_state=seed).fit_transform(scores)
    found = umap(scores.astype(np.float32), seed=seed)
    assert found is not None  # nobody stops it
    return found


def _labels(points: np.ndarray, cluster: str, k: int | None, seed: int) -> np.ndarray:
    if cluster == "hdbscan":
        from sklearn.cluster import HDBSCAN

        settings: dict[str, Any] = {"min_cluster_size": min(max(5, len(points) // 20), len(points)), "copy": True}
        return np.asarray(HDBSCAN(**settings).fit(points).labels_)
    if k is None or k == 1:
        return np.zeros(len(points), np.int64)
    return kmeans(points[None], k, seed, N_INIT)[0][0]


def _check(features: np.ndarray, n_facets: int | None, method: str, cluster: str, max_facets: int) -> None:
    if features.ndim != 2 or not len(features) or not features.shape[1]:
        raise ValueError(f"features are images × numbers, at least one each; got the shape {features.shape}")
    if not np.isfinite(features).all(1).any():
        raise ValueError("every image has a NaN or infinite feature: there is nothing to group")
    for name, value, known in (("method", method, METHODS), ("cluster", cluster, CLUSTERINGS)):
        if value not in known:
            raise ValueError(f"{name} is one of {', '.join(map(repr, known))}; got {value!r}")
    if n_facets is not None and cluster == "hdbscan":
        raise ValueError("HDBSCAN finds the number of facets itself: leave out n_facets, or take cluster='kmeans'")
    for name, number in (("n_facets", n_facets), ("max_facets", max_facets)):
        whole = isinstance(number, int | np.integer) and not isinstance(number, bool)
        if number is not None and not (whole and number >= 1):
            raise ValueError(f"{name} must be a whole number of at least 1, got {number!r}")
