"""Parts of `facets` that its own tests pass by: even units, evened components, evidence, schedules, quality."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from record_helpers import random_probe, small_classifier
from sklearn.metrics import silhouette_score

from nbinterp.analyses import record
from nbinterp.analyses.facets import discovery, evidence, facets, features
from nbinterp.analyses.facets.making import Making
from nbinterp.analyses.facets.quality import Quality
from nbinterp.analyses.facets.schedules import TV, Octave, Schedule

SETTINGS = {"n_facets": 2, "images": np.arange(40), "size": 16}


@pytest.fixture(scope="module")
def recording():
    return record(small_classifier(), random_probe(60), ["second", "head"], progress=False)


def test_every_unit_counts_alike():
    """Each unit's numbers, over images and cells, by their standard deviation; a silent unit stays silent."""
    given = np.random.default_rng(0).normal(size=(9, 4, 5)).astype(np.float32) * [[[1], [100], [0], [0.01]]]
    found = features.even_units(given.reshape(9, -1).astype(np.float32), 4).reshape(9, 4, 5)
    for unit in (0, 1, 3):
        np.testing.assert_allclose(found[:, unit], given[:, unit] / given[:, unit].std(), rtol=1e-4)
    assert not found[:, 2].any() and found.dtype == np.float32


def test_units_count_alike_in_facets(recording, monkeypatch):
    """What is clustered does not change when one unit of the layer is a thousand times stronger."""
    real = features.features_of
    found = facets(recording, "head", 1, synthesis=None, feature_layer="second", **SETTINGS)

    def stronger(*arguments):
        made = real(*arguments).copy()
        made.reshape(len(made), recording["second"].n_units, -1)[:, 0] *= 1000
        return made

    monkeypatch.setitem(facets.__globals__, "features_of", stronger)
    other = facets(recording, "head", 1, synthesis=None, feature_layer="second", **SETTINGS)
    np.testing.assert_array_equal(other.assignments, found.assignments)


def test_components_are_evened_out_half_way():
    scores = np.random.default_rng(0).normal(size=(30, 25)) * np.linspace(9, 0.1, 25)
    scores[:, 3] = 0
    found = discovery._evened(scores)
    assert found.shape == (30, 20) and not found[:, 3].any()
    for column in (0, 7, 19):
        np.testing.assert_allclose(found[:, column], scores[:, column] / np.sqrt(scores[:, column].std()))


def test_evidence_is_that_of_the_points():
    rng = np.random.default_rng(3)
    truth = np.arange(60) % 3
    points = 20 * np.eye(3)[truth] + rng.normal(size=(60, 3)) + 5
    found = evidence.weigh(points, 3, seed=7)
    reference = np.random.default_rng([7, 1])
    spreads = [reference.uniform(points.min(0), points.max(0), points.shape) for _ in range(10)]
    logs = np.log([((one - one.mean(0)) ** 2).sum() for one in spreads])
    own = np.log(((points - points.mean(0)) ** 2).sum())
    assert found.gap[0] == pytest.approx(logs.mean() - own)
    assert found.error[0] == pytest.approx(logs.std() * np.sqrt(1.1))
    assert found.best == 3 and found.silhouette[2] == pytest.approx(silhouette_score(points, truth))


def test_starts_of_clusters_are_drawn_with_the_seed():
    cloud = np.random.default_rng(0).normal(size=(1, 80, 6))
    tight = [float(evidence.kmeans(cloud, 7, seed, 1)[1][0]) for seed in (0, 1, 2, 0)]
    assert tight[0] == tight[3] and len(set(tight)) > 1


def test_quick_schedules():
    assert TV.quick().tolerance == 0 and TV.tolerance == pytest.approx(1e-3 / 255)
    short = Schedule("short", (Octave(1.0, 1, 0.3, 0, (1, 1), (1, 1)), Octave(1.0, 8, 0.3, 0, (1, 1), (1, 1))))
    assert [octave.steps for octave in short.quick().octaves] == [1, 2]


def test_the_quick_recipe_makes_half_the_steps(recording):
    found = facets(recording, "head", 1, synthesis="fourier", recipe="quick", **SETTINGS)
    assert found.visualizations.steps == 64
    found.stop()


def test_which_images_are_closest_to_their_own_facet():
    quality = Quality("layer", np.array([[1.0, 2.0], [0.5, 3.0]], np.float32), 0.5, 1.0, 1.0)
    assert quality.own.tolist() == [True, False]


def test_quality_compares_with_random_starts_once(recording, monkeypatch):
    starts, real = [], Making.start

    def start(self, images, *arguments):
        starts.append(images)
        return real(self, images, *arguments)

    monkeypatch.setattr(Making, "start", start)
    settings = SETTINGS | {"size": None}
    found = facets(recording, "head", 1, synthesis="tv", judge=small_classifier(1), **settings)
    assert found.quality is found.quality and len(starts) == 2
    assert starts[0] is not None and starts[1] is None
    stopped = []
    found._restarts = SimpleNamespace(stop=lambda: stopped.append(1))
    found.stop()
    assert stopped == [1]


def test_images_that_were_stopped_are_not_judged(recording):
    judge = small_classifier(1)
    found = facets(recording, "head", 1, synthesis="tv", recipe="paper", judge=judge, **SETTINGS)
    found.stop().visualizations._await_end()
    with pytest.raises(RuntimeError, match="resume them to be judged"):
        _ = found.quality


def test_images_of_a_size_that_the_judge_sees_otherwise_are_not_judged(recording):
    """Its maps of 16 pixels have fewer cells than those of the probe images: there is nothing to compare."""
    found = facets(recording, "head", 1, synthesis="fourier", judge=small_classifier(1), **SETTINGS)
    with pytest.raises(ValueError, match="size="):
        _ = found.quality
