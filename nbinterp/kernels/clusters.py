"""k-means for many sets of points at once, and how good and how alike clusters are.

Lloyd, IEEE Trans. Inf. Theory 1982, from the starts of Arthur and Vassilvitskii, "k-means++", SODA 2007, in their
greedy form: of 2 + log k points drawn in proportion to the squared distance from the centres so far, the one that
lowers these most becomes the next centre. Silhouette: Rousseeuw, J. Comput. Appl. Math. 1987. Adjusted Rand index:
Hubert and Arabie, J. Classification 1985. They give what scikit-learn gives; here because importing it takes
a second, and many seconds the first time, while the first picture waits for some hundred small problems.

Axes: batch (sets of points of one size), point, axis; run (starts of one set), cluster.
"""

from dataclasses import dataclass
from math import log

import torch
import torch.nn.functional as F
from jaxtyping import Float, Int64
from torch import Tensor

MAX_ITERATIONS = 300
_ROWS_AT_ONCE = 1024


@dataclass(frozen=True, eq=False)
class Clusters:
    """What k-means found.

    Attributes:
        labels: the cluster of each point, 0 to k − 1.
        inertia: sum of squared distances of the points from their cluster's mean.
    """

    labels: Int64[Tensor, "batch point"]
    inertia: Float[Tensor, " batch"]


def kmeans(
    points: Float[Tensor, "batch point axis"], k: int, *, n_init: int = 10, generator: torch.Generator
) -> Clusters:
    """Divide each set of points into k clusters: the best of several starts.

    Args:
        points: finite; each set by itself.
        k: number of clusters, 1 to the number of points.
        n_init: starts of each set.
        generator: on the CPU; draws the starts, the same on every device.

    Returns:
        Labels and inertia of each set. A cluster is empty only where a set has fewer different points than k.

    Raises:
        ValueError: not three axes, points that are not finite, k or n_init out of range.
    """
    _check(points, k, n_init)
    centres = _starts(points, k, n_init, generator)
    labels, distances = _assign(points, centres)
    for _ in range(MAX_ITERATIONS):
        centres = _means(points, labels, distances, k)
        before = labels
        labels, distances = _assign(points, centres)
        if torch.equal(labels, before):
            break
    inertia = distances.sum(2)
    best = inertia.argmin(1)
    rows = torch.arange(len(points), device=points.device)
    return Clusters(labels[rows, best].clone(), inertia[rows, best].clone())


def silhouette(points: Float[Tensor, "point axis"], labels: Int64[Tensor, " point"]) -> float:
    """Mean over the points of (b − a) / max(a, b): a, b the mean distance to the own and to the nearest other cluster.

    Args:
        points: what was clustered.
        labels: clusters, 0 and up; at least two are there, and not every point is its own.

    Returns:
        −1 to 1; a point that is alone in its cluster counts 0.

    Raises:
        ValueError: one cluster, or as many as points.
    """
    found, own = torch.unique(labels, return_inverse=True)
    if not 1 < len(found) < len(points):
        raise ValueError(f"expected 2 to {len(points) - 1} clusters of {len(points)} points, got {len(found)}")
    member = F.one_hot(own).to(points.dtype)
    sizes = member.sum(0)
    total = torch.zeros((), dtype=points.dtype, device=points.device)
    for start in range(0, len(points), _ROWS_AT_ONCE):
        mine = own[start : start + _ROWS_AT_ONCE, None]
        sums = torch.cdist(points[start : start + _ROWS_AT_ONCE], points) @ member
        within = (sums.gather(1, mine) / (sizes[mine] - 1).clamp(min=1)).squeeze(1)
        beyond = (sums / sizes).scatter(1, mine, torch.inf).amin(1)
        widths = (beyond - within) / torch.maximum(beyond, within).clamp(min=torch.finfo(points.dtype).tiny)
        total += widths.where(sizes[mine.squeeze(1)] > 1, 0).sum()
    return float(total / len(points))


def adjusted_rand_index(first: Int64[Tensor, " point"], second: Int64[Tensor, " point"]) -> float:
    """How far two clusterings agree on which points belong together: 1 fully, 0 on average by chance.

    Args:
        first: labels; which number stands for which cluster does not matter.
        second: other labels of the same points.

    Raises:
        ValueError: they are of different points, or of none.
    """
    if first.shape != second.shape or first.ndim != 1 or not len(first):
        raise ValueError(f"expected labels of the same points, got shapes {tuple(first.shape)}, {tuple(second.shape)}")
    one, other = (torch.unique(labels, return_inverse=True)[1] for labels in (first, second))
    table = torch.zeros(int(one.max()) + 1, int(other.max()) + 1, dtype=torch.float64, device=first.device)
    table.index_put_((one, other), torch.ones((), dtype=torch.float64, device=first.device), accumulate=True)
    both, ours, theirs, all_pairs = (_pairs(counts) for counts in (table, table.sum(1), table.sum(0), table.sum()))
    chance = ours * theirs / max(all_pairs, 1.0)
    most = (ours + theirs) / 2
    return 1.0 if most == both else (both - chance) / (most - chance)


def _pairs(counts: Tensor) -> float:
    return float((counts * (counts - 1) / 2).sum())


def _starts(points: Tensor, k: int, n_init: int, generator: torch.Generator) -> Tensor:
    """First centres, batch × run × cluster × axis."""
    n_sets, n_points, _ = points.shape
    n_drawn = 2 + int(log(k))
    sets = torch.arange(n_sets, device=points.device)[:, None]
    first = torch.randint(n_points, (n_sets, n_init), generator=generator).to(points.device)
    chosen = [points[sets, first]]
    nearest = _squared(points, chosen[0])  # batch × run × point
    for _ in range(k - 1):
        draws = torch.rand(n_sets, n_init, n_drawn, dtype=torch.float64, generator=generator).to(points)
        reached = nearest.cumsum(2)
        drawn = torch.searchsorted(reached, draws * reached[..., -1:]).clamp(max=n_points - 1)
        candidates = points[sets, drawn.flatten(1)]
        lowered = torch.minimum(nearest[:, :, None], _squared(points, candidates).unflatten(1, (n_init, n_drawn)))
        best = lowered.sum(3).argmin(2)
        nearest = lowered.gather(2, best[..., None, None].expand(-1, -1, 1, n_points)).squeeze(2)
        chosen.append(points[sets, drawn.gather(2, best[..., None]).squeeze(2)])
    return torch.stack(chosen, 2)


def _squared(points: Tensor, centres: Tensor) -> Tensor:
    """Squared distances, batch × centre × point, of centres batch × centre × axis."""
    products = centres @ points.mT
    lengths = points.square().sum(2)[:, None] + centres.square().sum(2)[..., None]
    return (lengths - 2 * products).clamp(min=0)


def _assign(points: Tensor, centres: Tensor) -> tuple[Tensor, Tensor]:
    """The nearest centre of each point and the squared distance, batch × run × point."""
    distances = _squared(points, centres.flatten(1, 2)).unflatten(1, centres.shape[1:3])
    least = distances.min(2)
    return least.indices, least.values


def _means(points: Tensor, labels: Tensor, distances: Tensor, k: int) -> Tensor:
    """Centres of the clusters; an empty one goes to the point farthest from its own."""
    member = F.one_hot(labels, k).to(points.dtype).transpose(2, 3)  # batch × run × cluster × point
    sizes = member.sum(3)
    sums = (member.flatten(1, 2) @ points).unflatten(1, sizes.shape[1:])
    centres = sums / sizes.clamp(min=1)[..., None]
    for one, run, cluster in torch.nonzero(sizes == 0).tolist():
        far = distances[one, run].argmax()
        centres[one, run, cluster] = points[one, far]
        distances[one, run, far] = 0  # the next empty one goes elsewhere
    return centres


def _check(points: Tensor, k: int, n_init: int) -> None:
    if points.ndim != 3 or not points.is_floating_point() or not bool(points.isfinite().all()):
        raise ValueError(
            f"expected finite floating-point points batch × point × axis, got {points.dtype} of shape "
            f"{tuple(points.shape)}: leave out what is NaN or infinite"
        )
    if not 1 <= k <= points.shape[1] or n_init < 1:
        raise ValueError(
            f"k must be 1 to the number of points, {points.shape[1]}, and n_init at least 1; got {k}, {n_init}"
        )
