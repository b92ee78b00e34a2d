import time

import numpy as np
import pytest
from sklearn.decomposition import PCA

from nbinterp.analyses.embedding import pca, umap


@pytest.mark.parametrize("shape", [(40, 12), (12, 40), (3, 2)])
def test_pca_agrees_with_scikit_learn(shape):
    features = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    expected = PCA(2).fit_transform(features.astype(np.float64))
    signs = np.sign((expected * pca(features)).sum(axis=0))
    np.testing.assert_allclose(pca(features) * signs, expected, atol=1e-4)


def test_pca_leaves_rows_that_are_not_finite_out():
    features = np.random.default_rng(0).normal(size=(20, 5))
    damaged = np.vstack([features, np.full((1, 5), np.nan)])
    np.testing.assert_allclose(pca(damaged)[:20], pca(features), atol=1e-5)
    assert np.isnan(pca(damaged)[20]).all()


@pytest.mark.parametrize("features", [np.ones((1, 4)), np.ones((5, 1)), np.ones((6, 3)), np.full((3, 3), np.nan)])
def test_pca_of_almost_nothing(features):
    scores = pca(features)
    assert scores.shape == (len(features), 2)
    assert (scores[np.isfinite(scores)] == 0).all()


def test_umap_separates_two_groups_repeatably_and_tells_progress():
    rng = np.random.default_rng(0)
    features = np.vstack([rng.normal(0, 1, (40, 8)), rng.normal(12, 1, (40, 8)), np.full((1, 8), np.inf)])
    told = []
    xy = umap(features, on_progress=lambda text, fraction: told.append((text, fraction)))
    assert xy is not None
    assert np.isnan(xy[80]).all()
    centres = xy[:40].mean(axis=0), xy[40:80].mean(axis=0)
    spread = max(xy[:40].std(axis=0).max(), xy[40:80].std(axis=0).max())
    assert np.linalg.norm(centres[0] - centres[1]) > 2 * spread
    assert told


def test_umap_stops_within_a_second():
    started = time.monotonic()
    assert umap(np.random.default_rng(0).normal(size=(200, 8)), stopped=lambda: True) is None
    assert time.monotonic() - started < 5


def test_umap_refuses_too_few_images():
    with pytest.raises(ValueError, match="at least 5 images with finite features, got 3"):
        umap(np.ones((3, 8)))


def test_a_umap_process_that_dies_is_reported(monkeypatch):
    monkeypatch.setattr("nbinterp.analyses.embedding.sys.executable", "/bin/false")
    with pytest.raises(RuntimeError, match="UMAP failed"):
        umap(np.random.default_rng(0).normal(size=(20, 8)))
