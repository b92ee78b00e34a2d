"""Terms that couple the images of a group, against slow float64 re-derivations."""

from __future__ import annotations

import pytest
import torch
from objective_helpers import make_view, random

from nbinterp.kernels import objectives as nbo
from nbinterp.kernels.objectives import ImageView, LayerView

VIEW = make_view()


def slow_grams(views):
    """Every image's unit-norm Gram matrix, by loops over pairs of units, in float64."""
    grams = []
    for view in views:
        maps = view.activations["maps"].maps.double()
        gram = torch.tensor([[float((maps[:, i] * maps[:, j]).sum()) for i in range(6)] for j in range(6)])
        grams.append(gram / gram.norm())
    return grams


def with_maps(maps):
    return ImageView(VIEW.image, {"maps": LayerView(maps=maps)})


@pytest.mark.parametrize("size", [(3, 5), (1, 2), (1, 1)])  # more, and fewer positions than units
def test_diversity_is_its_formula(size):
    views = [with_maps(random(2, 6, *size, seed=seed)) for seed in range(4)]
    grams = slow_grams(views)
    expected = sum(float((grams[a] * grams[b]).sum()) for a in range(4) for b in range(4) if a != b) / 4
    assert nbo.diversity("maps").score_coupled(views).item() == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("size", [(3, 5), (1, 2)])
def test_diversity_of_copies_and_of_strangers(size):
    maps = random(2, 6, *size).abs()
    copies = [with_maps(maps * factor) for factor in (1, 3, 1e-3, 1e4, 1)]
    assert nbo.diversity("maps").score_coupled(copies).item() == pytest.approx(4, rel=1e-5)
    strangers = []
    for first in (0, 2, 4):
        apart = torch.zeros(2, 6, *size)
        apart[:, first : first + 2] = maps[:, first : first + 2]
        strangers.append(with_maps(apart))
    assert nbo.diversity("maps").score_coupled(strangers).item() == pytest.approx(0, abs=1e-6)
    assert nbo.diversity("maps").score_coupled(copies[:1]).item() == pytest.approx(0, abs=1e-6)


def test_diversity_of_a_dead_image_has_a_finite_gradient():
    maps = torch.zeros(2, 6, 3, 5, requires_grad=True)
    score = nbo.diversity("maps").score_coupled([with_maps(maps), VIEW])
    (gradient,) = torch.autograd.grad(score, maps)
    assert score.item() == 0 and gradient.isfinite().all()


@pytest.mark.parametrize("layer", [None, "maps", "flat"])
def test_alignment_is_its_formula(layer):
    views = [make_view(seed) for seed in range(7)]

    def row(view):
        if layer is None:
            return view.image.double()
        seen = view.activations[layer]
        return (seen.maps if seen.maps is not None else seen.flat).double().mean(0)

    expected = 0.0
    for a in range(7):
        for b in range(a + 1, min(a + 5, 7)):
            expected += float(((row(views[a]) - row(views[b])) ** 2).mean()) / 2 ** (b - a)
    objective = nbo.alignment(layer)
    assert objective.score_coupled(views).item() == pytest.approx(expected, rel=1e-5)
    assert objective.score_coupled([VIEW] * 3).item() == 0 and objective.score_coupled([VIEW]).item() == 0


def test_a_group_scores_its_images_and_what_couples_them():
    views = [make_view(seed) for seed in range(3)]
    unit, likeness = nbo.unit("maps", 2), nbo.diversity("maps")
    expected = sum(unit.score(view).item() for view in views) - 0.5 * likeness.score_coupled(views).item()
    objective = unit - 0.5 * likeness
    assert objective.score_group(views).item() == pytest.approx(expected, rel=1e-5)
    assert objective.score(VIEW).item() == unit.score(VIEW).item()
    assert unit.score_coupled(views).item() == 0 and likeness.score(VIEW).item() == 0


@pytest.mark.parametrize("coupled", [nbo.diversity("maps"), nbo.alignment("maps"), nbo.alignment()], ids=repr)
def test_coupled_gradients_are_finite_in_bfloat16(coupled):
    views = [make_view(seed, dtype=torch.bfloat16) for seed in range(3)]
    leaves = [leaf.requires_grad_() for view in views for leaf in (view.image, view.activations["maps"].maps)]
    gradients = torch.autograd.grad(coupled.score_coupled(views), leaves, allow_unused=True)
    used = [gradient for gradient in gradients if gradient is not None]
    assert len(used) == 3 and all(gradient.isfinite().all() and gradient.any() for gradient in used)


def test_diversity_needs_positions():
    with pytest.raises(ValueError, match=r"has no positions: name a convolutional layer"):
        nbo.diversity("flat").score_coupled([VIEW, VIEW])
