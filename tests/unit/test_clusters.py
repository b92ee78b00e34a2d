"""k-means, silhouettes and the adjusted Rand index: scikit-learn's answers, many sets at once, odd sets of points."""

from __future__ import annotations

import subprocess
import sys

import pytest
import torch
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, silhouette_score

from nbinterp.kernels import clusters
from nbinterp.kernels.clusters import adjusted_rand_index, kmeans, silhouette


def cloud(n=90, axes=7, groups=3, distance=4.0, seed=0):
    """Points round a few centres."""
    generator = torch.Generator().manual_seed(seed)
    centres = distance * torch.randn(groups, axes, dtype=torch.float64, generator=generator)
    return centres[torch.arange(n) % groups] + torch.randn(n, axes, dtype=torch.float64, generator=generator)


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("k", [1, 2, 3, 5])
@pytest.mark.parametrize("distance", [0.0, 1.5, 6.0])
def test_as_tight_as_scikit_learn(k, distance):
    """Inertia of the best of 10 starts; where groups are clear, the same clusters."""
    points = cloud(distance=distance)
    found = kmeans(points[None], k, generator=seeded())
    expected = KMeans(k, n_init=10, random_state=0).fit(points.numpy())
    assert float(found.inertia) <= expected.inertia_ * 1.01
    by_hand = sum(float((own - own.mean(0)).square().sum()) for own in (points[found.labels[0] == i] for i in range(k)))
    assert float(found.inertia) == pytest.approx(by_hand, rel=1e-9)
    if distance == 6 and k == 3:
        assert adjusted_rand_score(expected.labels_, found.labels[0]) == 1


def test_sets_side_by_side_are_what_each_is_alone():
    """Clear groups, whatever stands beside them; the same seed gives the same labels."""
    several = torch.stack([cloud(distance=8, seed=seed) for seed in range(4)])
    together = kmeans(several, 3, generator=seeded())
    assert torch.equal(together.labels, kmeans(several, 3, generator=seeded()).labels)
    for points, labels in zip(several, together.labels, strict=True):
        alone = kmeans(points[None], 3, generator=seeded(5)).labels[0]
        assert adjusted_rand_score(alone, labels) == 1


def test_sets_of_very_different_size():
    """Each draws its starts by its own distances, whatever those of its neighbours are."""
    scales = (1.0, 1e3, 1e-3)
    several = torch.stack([scale * cloud(groups=8, distance=10, seed=seed) for seed, scale in enumerate(scales, 1)])
    for labels in kmeans(several, 8, n_init=3, generator=seeded()).labels:
        assert adjusted_rand_score(torch.arange(90) % 8, labels) == 1


def test_empty_clusters_go_to_different_points():
    points = torch.tensor([[0.0, 0], [1, 0], [5, 0], [9, 0]], dtype=torch.float64)[None]
    labels = torch.zeros(1, 1, 4, dtype=torch.int64)
    distances = (points[0] - points[0].mean(0)).square().sum(1)[None, None]
    centres = clusters._means(points, labels, distances, 3)[0, 0]
    assert centres[:, 0].tolist() == [3.75, 9, 0]


def test_fewer_different_points_than_clusters():
    points = torch.tensor([[0.0, 0], [0, 0], [0, 0], [3, 1]], dtype=torch.float64)
    found = kmeans(points[None], 3, generator=seeded())
    assert float(found.inertia) == 0 and len(found.labels[0].unique()) == 2
    every = kmeans(cloud(6, 2)[None], 6, generator=seeded())
    assert sorted(every.labels[0].tolist()) == list(range(6)) and float(every.inertia) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("groups", [2, 4])
def test_silhouette_is_scikit_learns(groups):
    points = cloud(n=1100, groups=groups, distance=1.0)  # more rows than are measured at once
    labels = kmeans(points[None], groups, n_init=1, generator=seeded()).labels[0]
    labels[7] = groups + 3  # alone
    assert silhouette(points, labels) == pytest.approx(silhouette_score(points.numpy(), labels.numpy()), abs=1e-9)


@pytest.mark.parametrize("n_first,n_second", [(1, 1), (1, 3), (4, 2), (50, 50)])
def test_adjusted_rand_index_is_scikit_learns(n_first, n_second):
    first = torch.randint(n_first, (50,), generator=seeded(1)) + 5
    second = torch.randint(n_second, (50,), generator=seeded(2))
    assert adjusted_rand_index(first, second) == pytest.approx(adjusted_rand_score(first, second), abs=1e-12)
    assert adjusted_rand_index(first, 9 - first) == 1
    assert adjusted_rand_index(torch.arange(50), torch.arange(50).flip(0)) == 1
    assert adjusted_rand_index(first[:1], second[:1]) == 1


def test_wrong_arguments_are_refused():
    points = cloud(20)
    for wrong, words in (
        (lambda: kmeans(points[None], 21, generator=seeded()), "20"),
        (lambda: kmeans(points[None], 2, n_init=0, generator=seeded()), "n_init"),
        (lambda: kmeans(points[None] * torch.nan, 2, generator=seeded()), "finite"),
        (lambda: silhouette(points, torch.zeros(20, dtype=torch.int64)), "clusters"),
        (lambda: adjusted_rand_index(torch.zeros(0, dtype=torch.int64), torch.zeros(0, dtype=torch.int64)), "same"),
    ):
        with pytest.raises(ValueError, match=words):
            wrong()


def test_facets_are_found_without_scikit_learn():
    """Its import takes longer than the first pictures may; only t-SNE and HDBSCAN need it."""
    code = (
        "import sys, numpy as np\n"
        "from nbinterp.analyses.facets import discover\n"
        "points = np.random.default_rng(0).normal(size=(60, 9)) + 8 * np.eye(9)[np.arange(60) % 2]\n"
        "assert discover(points).n_facets == 2 and discover(points, n_facets=3).n_facets == 3\n"
        "raise SystemExit('sklearn' in sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
