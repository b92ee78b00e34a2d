"""Facets that are known: planted templates, and the planted world's classes; the released facets of the paper."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
import torch
from PIL import Image
from sklearn.metrics import adjusted_rand_score
from torch import nn

from nbinterp import demo
from nbinterp.analyses import record
from nbinterp.analyses.facets import facets, making
from nbinterp.analyses.facets.pictures import mean_image
from nbinterp.analyses.facets.schedules import SCHEDULES, TV
from nbinterp.data import ProbeSet
from nbinterp.instrument import Classifier

SIDE = 12
RECOVERED = ("aquarium", "beach", "flowers", "forest", "home", "kitchen", "railway", "road")
"""Classes whose facets come out at 0.9 or more from the layout of stage3, the best recorded layer of nearly all (mean
over five worlds of 1,500 scenes; 0.92 to 0.99). The other two:

- shop, 0.88: 3 % of its scenes are in the other facet. What tells a storefront from produce is in the layer (logistic
  regression: 0.97), but not as two round clusters: scenes drawn small (mean scale 0.7 to 0.86 of those that are wrong,
  0.96 of the others) lie between the two, for what they show fills one or two of the 4 × 4 cells.
- harbour, 0.00: its two clusters are its hidden subclass "sunset" and the rest (adjusted Rand index 0.4 to 0.55), a
  change of the whole sky, which takes a larger part of the variance of the features (10 %) than container ship against
  sailing boat (8 %). Without the scenes at sunset the facets come out at 0.69; a classifier told the facets gets 0.84.
"""


class TemplateNet(nn.Module):
    """Unit 0 of `best` is the largest of several templates' matches; a random projection stands by as features."""

    def __init__(self, templates: np.ndarray) -> None:
        super().__init__()
        n_pixels = 3 * SIDE * SIDE
        self.match = nn.Linear(n_pixels, len(templates), bias=False)
        self.project = nn.Linear(n_pixels, 20, bias=False)
        self.best = nn.Identity()
        self.head = nn.Linear(2, 3)
        generator = torch.Generator().manual_seed(1)
        with torch.no_grad():
            self.match.weight.copy_(torch.from_numpy(templates.reshape(len(templates), -1)) - 0.5)
            self.project.weight.copy_(torch.randn(20, n_pixels, generator=generator) / n_pixels**0.5)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        pixels = images.flatten(1)
        largest = self.match(pixels).amax(1)
        best = self.best(torch.stack([largest, self.project(pixels)[:, 0]], 1))
        return self.head(best)


def templates(n: int) -> np.ndarray:
    """Colour blocks, n of them, float32 n×3×SIDE×SIDE."""
    coarse = np.random.default_rng(5).random((n, 3, 3, 3))
    return np.kron(coarse, np.ones((4, 4))).astype(np.float32)


def planted(n_templates: int, n_each: int = 60, noise: float = 0.1):
    """Recording of a template net on images near its templates, the truth, and the templates."""
    shown = templates(n_templates)
    truth = np.tile(np.arange(n_templates), n_each)
    rng = np.random.default_rng(2)
    images = np.clip(shown[truth] + noise * rng.normal(size=(len(truth), *shown.shape[1:])), 0, 1).astype(np.float32)
    net = Classifier(TemplateNet(shown), device="cpu")
    probe = ProbeSet.from_arrays(images.transpose(0, 2, 3, 1))
    return record(net, probe, ["project", "best"], progress=False), truth, shown


@pytest.mark.parametrize("n_templates", [2, 3])
def test_planted_templates_are_recovered(n_templates):
    """The number, the groups (ARI 1) and the mean images, none of which was told."""
    recording, truth, shown = planted(n_templates)
    found = facets(recording, "best", 0, images=np.arange(len(truth)), feature_layer="project", size=SIDE)
    assert found.n_facets == n_templates
    assert adjusted_rand_score(truth, found.assignments) == 1 and found.stability == 1
    for facet, members in enumerate(found.members):
        template = shown[truth[members[0]]]
        assert np.abs(found.mean_images[facet] - template).mean() < 0.04  # noise 0.1 / sqrt(15), and clipping
        others = [np.abs(found.mean_images[facet] - shown[i]).mean() for i in set(truth) - {truth[members[0]]}]
        assert min(others) > 0.15
    moved = found.images - 0.5
    own = [shown[truth[members[0]]] - 0.5 for members in found.members]
    response = np.array([[float((image * template).sum()) for template in own] for image in moved])
    assert (response.argmax(1) == np.arange(n_templates)).all(), "each image is of its own facet's template"


def test_one_template_is_one_facet():
    recording, _, shown = planted(1)
    found = facets(recording, "best", 0, images=np.arange(60), feature_layer="project", size=SIDE, synthesis=None)
    assert found.n_facets == 1 and found.shares[0] == pytest.approx(1)
    assert np.abs(found.mean_images[0] - shown[0]).mean() < 0.04


def test_the_mean_is_of_the_nearest_images_only():
    recording, truth, _ = planted(2)
    found = facets(recording, "best", 0, images=np.arange(120), feature_layer="project", size=SIDE, synthesis=None, m=4)
    nearest = found.exemplars[0][:4]
    by_hand = np.mean([recording.probe.pixels(int(i)) for i in nearest], axis=0).transpose(2, 0, 1) / 255
    np.testing.assert_allclose(found.mean_images[0], by_hand, atol=1e-6)
    assert len(set(truth[found.members[0]])) == 1


@pytest.fixture(scope="module")
def world():
    return record(
        demo.classifier(),
        demo.scenes(1000, seed=21),
        ["stage2", "stage3", "stage4", "features", "head"],
        keep=("pooled", "maps"),
        progress=False,
    )


def facet_agreement(recording, name, seed, **settings):
    """Adjusted Rand index between found and planted facets of a class."""
    found = facets(recording, "head", name, n_facets=2, seed=seed, synthesis=None, **settings)
    return adjusted_rand_score(recording.columns["facet"][found.indices], found.assignments)


def test_facets_of_the_world(world):
    """Mean over 5 seeds, from the layout of stage3, which is what the default chooses."""
    assert facets(world, "head", "beach", synthesis=None).feature_layer == "stage3"
    means = {name: np.mean([facet_agreement(world, name, seed) for seed in range(5)]) for name in RECOVERED}
    assert np.mean(list(means.values())) > 0.9 and min(means.values()) > 0.8, means
    late = np.mean([facet_agreement(world, name, 0, feature_layer="features") for name in RECOVERED])
    assert late < 0.5, "the last layer maps the facets of a class together"


def test_the_number_of_facets_is_found(world):
    counts = [facets(world, "head", name, synthesis=None).n_facets for name in RECOVERED]
    assert counts.count(2) >= 6


@pytest.mark.parametrize("synthesis", ["tv", "fourier"])
def test_another_network_sees_the_facets(world, synthesis):
    """Images are closest to their own facet, and differ more than random restarts: on average, not in every class.

    Of 20 (ten classes, two worlds of 800 scenes, two facets each), 17 differ more with "tv" (1.9 × as much on average;
    95 % are closest to their own facet) and 17 with "fourier" (1.13 ×; 100 %). Twice the steps of "fourier" gave 14
    (1.08 ×; 90 %), half of them 18 (1.19 ×; 100 %): the facet is in the mean image, which steps wear away, while random
    starts of the Fourier parameterization grow apart by themselves.
    """
    judge = demo.independent_classifier()
    names = world.class_names[:2]
    found = [facets(world, "head", name, n_facets=2, synthesis=synthesis, judge=judge) for name in names]
    assert np.mean([each.quality.own_closest for each in found]) >= 0.8
    assert np.mean([each.quality.diversity / each.quality.restart_diversity for each in found]) > 1
    assert np.mean([each.visualizations.agreement for each in found]) > 0.5


def test_quick_denoising_gives_nearly_the_same_image(world):
    """The quick variant of total variation on the paper's number of steps, against the exact one."""
    short = replace(TV.quick(), name="tv", iterations=100, warm=False)
    quick = facets(world, "head", "shop", n_facets=1, synthesis="tv", recipe="quick")
    patch = pytest.MonkeyPatch()
    patch.setattr(making, "SCHEDULES", {**SCHEDULES, "tv": short})
    slow = facets(world, "head", "shop", n_facets=1, synthesis="tv", recipe="paper")
    patch.undo()
    difference = np.abs(quick.images - slow.images).mean() * 255
    assert difference < 3, f"{difference:.2f} grey levels"


def test_released_mean_images(shared_data):
    """The paper's facets: our mean of each one's 15 photographs is the released mean image."""
    folder = shared_data / "golden" / "mfv"
    for released in sorted(folder.glob("*/mean_*.jpg")):
        probe = ProbeSet.from_folder(released.parent / released.stem.removeprefix("mean_"))
        assert len(probe) == 15
        expected = np.asarray(Image.open(released), np.float64)
        ours = mean_image(probe, range(15), expected.shape[:2], 3).transpose(1, 2, 0) * 255
        assert np.abs(as_jpeg(ours) - expected).mean() < 1.5, released


def as_jpeg(pixels: np.ndarray) -> np.ndarray:
    """What a JPEG file keeps of an image; the released ones are JPEG."""
    buffer = BytesIO()
    Image.fromarray(pixels.round().astype(np.uint8)).save(buffer, "JPEG")
    return np.asarray(Image.open(buffer), np.float64)
