"""Finding facets among feature vectors: planted groups, single clouds, few images, what is refused."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from sklearn.metrics import adjusted_rand_score

from nbinterp.analyses.facets import Evidence, discover
from nbinterp.analyses.facets.pictures import nearest, shares
from nbinterp.kernels.layout import layout_features


def groups(sizes, distance=7.0, dimensions=20, seed=0):
    """Clouds with centres on different axes, and their truth."""
    rng = np.random.default_rng(seed)
    truth = np.repeat(np.arange(len(sizes)), sizes)
    return rng.normal(size=(len(truth), dimensions)) + distance * np.eye(dimensions)[truth], truth


@pytest.mark.parametrize("sizes", [(40, 30), (50, 30, 20), (30, 30, 30, 30)])
def test_planted_groups_are_found_and_counted(sizes):
    features, truth = groups(sizes)
    found = discover(features)
    assert found.n_facets == len(sizes)
    assert adjusted_rand_score(truth, found.assignments) == 1
    assert found.stability == 1 and found.chosen_by.startswith("gap statistic")
    counts = np.bincount(found.assignments)
    assert (np.diff(counts) <= 0).all(), "the largest first"


@pytest.mark.parametrize("seed", range(4))
def test_one_cloud_is_one_facet(seed):
    """Round, elongated, and skewed: nothing to divide."""
    rng = np.random.default_rng(seed)
    round_cloud = rng.normal(size=(120, 20))
    for cloud in (round_cloud, round_cloud * np.r_[9, 3, np.ones(18)], rng.exponential(size=(120, 20))):
        assert discover(cloud, seed=seed).n_facets == 1


@pytest.mark.parametrize("method", ["pca", "tsne"])
def test_methods_find_the_same_groups(method):
    features, truth = groups((30, 20))
    found = discover(features, n_facets=2, method=method)
    assert adjusted_rand_score(truth, found.assignments) == 1
    assert found.xy.shape == (50, 2) and found.xy.dtype == np.float32 and found.distances.shape == (50, 2)


def test_hdbscan_leaves_images_out():
    features, truth = groups((60, 60), dimensions=3, distance=12)
    features = np.vstack([features, [[-40, 40, 40]], [[60, 60, -60]]])
    found = discover(features, cluster="hdbscan")
    assert found.n_facets == 2 and (found.assignments[-2:] == -1).all()
    kept = found.assignments[:-2] >= 0
    assert adjusted_rand_score(truth[kept], found.assignments[:-2][kept]) == 1


def test_same_seed_same_facets_whatever_the_order():
    features, _ = groups((40, 30))
    first, again = discover(features, seed=3), discover(features, seed=3)
    np.testing.assert_array_equal(first.assignments, again.assignments)
    order = np.random.default_rng(0).permutation(len(features))
    np.testing.assert_array_equal(discover(features[order]).assignments, first.assignments[order])


def test_few_images_are_one_facet():
    features, _ = groups((4, 4))
    found = discover(features)
    assert found.n_facets == 1 and "too few" in found.chosen_by and found.evidence is None
    assert discover(features, n_facets=2).n_facets == 2
    assert discover(np.ones((30, 4))).n_facets == 1
    assert discover(features[:1]).n_facets == 1


def test_images_that_are_not_finite_belong_nowhere():
    features, _ = groups((30, 20))
    features[7, 3] = np.nan
    found = discover(features, n_facets=2)
    assert found.assignments[7] == -1 and np.isnan(found.distances[7]).all() and "1 images" in found.notes[-1]


def test_the_gap_rule():
    evidence = Evidence(np.arange(1, 5), np.array([0.1, 0.5, 0.52, 0.4]), np.full(4, 0.03), np.full(4, np.nan))
    assert evidence.best == 2
    assert list(evidence.frame.columns) == ["k", "gap", "error", "silhouette"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"n_facets": 51}, "at most 50"),
        ({"n_facets": 0}, "at least 1"),
        ({"max_facets": True}, "whole number"),
        ({"method": "mds"}, "'pca', 'tsne'"),
        ({"cluster": "ward"}, "'kmeans'"),
        ({"n_facets": 2, "cluster": "hdbscan"}, "itself"),
    ],
)
def test_wrong_arguments_are_refused(arguments, words):
    with pytest.raises(ValueError, match=words):
        discover(groups((30, 20))[0], **arguments)


def test_exemplars_are_nearest_first_and_shares_add_up():
    features, _ = groups((30, 20))
    found = discover(features, n_facets=2)
    indices = np.arange(100, 150)
    order = nearest(found, indices, 1, 5)
    distances = found.distances[order - 100, 1]
    assert distances[0] == found.distances[found.assignments == 1, 1].min()
    assert (np.diff(distances) >= 0).all() and (found.assignments[order - 100] == 1).all()
    values = np.r_[np.ones(30), np.full(20, 3.0)] - 0.5 * (np.arange(50) == 0)
    parts = shares(found, values)
    assert parts.sum() == pytest.approx(1) and parts[1] == pytest.approx(60 / 89.5)


def test_layout_forgets_level_and_contrast():
    generator = torch.Generator().manual_seed(0)
    maps = torch.rand(3, 5, 7, 9, generator=generator)
    found = layout_features(maps)
    assert found.shape == (3, 5 * 16)
    torch.testing.assert_close(found.norm(dim=1), torch.ones(3))
    torch.testing.assert_close(layout_features(maps * 3 + torch.rand(3, 5, 1, 1, generator=generator)), found)
    for level in (1.0, 0.1, -3.7e4):  # the mean of equal numbers need not be that number
        assert not layout_features(torch.full((1, 2, 7, 7), level)).any()
    assert layout_features(1e-20 * maps).any(1).all()
    assert layout_features(torch.rand(1, 2, 2, 3)).shape == (1, 12)
    with pytest.raises(ValueError, match="positions"):
        layout_features(torch.ones(1, 2, 1, 1))
