"""`maximize` where the answer is known: a linear unit's optimum, and classes that a second network knows too."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from nbinterp import demo
from nbinterp.analyses import Visualizations, maximize, record
from nbinterp.instrument import Classifier
from nbinterp.kernels import objectives
from nbinterp.kernels.recipes import Recipe

SIDE = 24


def gabor(angle: float) -> torch.Tensor:
    """A luminance Gabor patch as large as the image, mean 0."""
    y, x = torch.meshgrid(torch.linspace(-1, 1, SIDE), torch.linspace(-1, 1, SIDE), indexing="ij")
    along = x * np.cos(angle) + y * np.sin(angle)
    wave = torch.exp(-(x**2 + y**2) / 0.3) * torch.cos(7 * along)
    return (wave - wave.mean()).expand(3, -1, -1)


@pytest.fixture(scope="module")
def linear() -> Classifier:
    """Two units that answer with the dot product of the image and a template."""
    conv = nn.Conv2d(3, 2, SIDE, bias=False)
    with torch.no_grad():
        conv.weight.copy_(torch.stack([gabor(0.4), gabor(2.0)]))
    return Classifier(nn.Sequential(conv, nn.Flatten()), device="cpu")


def share_of_optimum(result: Visualizations) -> float:
    """The best image in [0, 1] is white where the template is positive: 1; plain grey is 0."""
    return float(result.activations[0] / gabor(0.4).clamp(min=0).sum())


def test_a_linear_unit_gets_its_template_and_no_other(linear):
    result = maximize(linear, "0", 0, size=SIDE, parameterization="pixel", recipe="none", steps=200).wait(
        progress=False
    )
    moved = torch.from_numpy(result.images[0] - 0.5).double()
    sign = gabor(0.4).sign().double()
    assert share_of_optimum(result) > 0.97
    weight = gabor(0.4).abs() > 0.02
    assert float((moved.sign() == sign)[weight].double().mean()) > 0.995
    cosines = [float((moved * g).sum() / (moved.norm() * g.norm())) for g in (gabor(0.4), gabor(2.0))]
    assert cosines[0] > 0.5 and abs(cosines[1]) < 0.05


def test_priors_cost_what_they_forbid(linear):
    """pixel ≥ Fourier ≥ MACO, and all of them far above what random images give."""
    maco = Recipe("maco without crops", 150, 0.3, "nadam", ())
    shares = []
    for parameterization, recipe in (("pixel", "none"), ("fourier", "none"), ("maco", maco)):
        settings = {"parameterization": parameterization, "recipe": recipe, "steps": 150, "size": SIDE}
        shares.append(share_of_optimum(maximize(linear, "0", 0, **settings).wait(progress=False)))
    noise = torch.rand(200, 3, SIDE, SIDE, generator=torch.Generator().manual_seed(0))
    by_chance = (noise * gabor(0.4)).sum((1, 2, 3)) / gabor(0.4).clamp(min=0).sum()
    assert shares[0] >= shares[1] >= shares[2] > 2 * float(by_chance.max())


@pytest.fixture(scope="module")
def classes() -> Visualizations:
    """The image of every class of the main demo network, judged by the independent one."""
    net, judge = demo.classifier(), demo.independent_classifier()
    return maximize(net, "head", size=64, steps=160, judge=judge).wait(progress=False)


def test_an_independent_network_sees_the_class_each_image_was_made_for(classes):
    names = demo.classifier().classes
    agreed = [judged == name for judged, name in zip(classes.judged, names, strict=True)]
    assert sum(agreed) >= 8, dict(zip(names, classes.judged, strict=True))
    assert np.median(classes.agreement) > 0.8


def test_the_judge_can_disagree(classes):
    """Negative control: images made for one class are not taken for the next one."""
    judge = demo.independent_classifier()
    probabilities = judge.logits(torch.from_numpy(classes.images)).softmax(1)
    others = probabilities[torch.arange(10), (torch.arange(10) + 1) % 10]
    assert others.median() < 0.05


def test_units_of_the_demo_network_rise_above_every_scene():
    net = demo.classifier()
    recording = record(net, demo.scenes(200, seed=78), ["stage4"], progress=False)
    result = maximize(net, "stage4", range(8), size=64, steps=100, recording=recording).wait(progress=False)
    assert (result.percentiles[~result.dead] > 99).mean() >= 0.9
    assert np.nanmedian(result.survival) > 0.3


def test_a_dead_unit_among_others_is_the_one_flagged():
    """A negative bias switches a unit off for good; the others are as they were."""
    net = demo.classifier()
    with torch.no_grad():
        net.module.stage2.norm.bias[5] = -1e4
    result = maximize(net, "stage2", [4, 5, 6], size=48, steps=20).wait(progress=False)
    assert result.dead.tolist() == [False, True, False]
    assert "dead unit" in result.frame.note[1]


def test_neighbours_in_an_aligned_group_resemble_each_other():
    net = demo.classifier()
    pair = objectives.interpolation("stage3", 3, 40)
    settings = {"n_images": 3, "size": 48, "steps": 40, "recipe": "none", "parameterization": "pixel"}
    free = maximize(net, objective=pair, **settings).images
    aligned = maximize(net, objective=pair - 50 * objectives.alignment(), **settings).images
    assert np.abs(np.diff(aligned, axis=0)).mean() < 0.8 * np.abs(np.diff(free, axis=0)).mean()
