"""Objectives: every term against a slow float64 re-derivation, and the algebra by evaluating it."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from objective_helpers import make_view, random

from nbinterp.kernels import objectives as nbo
from nbinterp.kernels.objectives import ImageView, LayerView, Objective

VIEW = make_view()
IMAGE = VIEW.image.double().numpy()
MAPS = VIEW.activations["maps"].maps.double().numpy()
FLAT = VIEW.activations["flat"].flat.double().numpy()
TOKENS = VIEW.activations["tokens"]
LOGITS = VIEW.logits.double().numpy()
VECTOR = random(6, seed=9)


def slow_cosine(rows, vector, power, scale=None):
    """dot × max(0.1, cosine)^power, averaged over rows, one by one."""
    total = 0.0
    for row in rows:
        dot = sum(float(a) * float(b) for a, b in zip(row, vector, strict=True))
        norms = (math.sqrt(sum(a * a for a in row)) + 1e-4) * (math.sqrt(sum(b * b for b in vector)) + 1e-4)
        total += dot * max(0.1, dot / (norms if scale is None else scale)) ** power
    return total / len(rows)


def slow_boundary(image, width_px):
    """Squared residual of the 5 × 5 blur and 0.8 (value - 0.5)², in the frame, by loops over pixels."""
    channels, height, width = image.shape
    costs = []
    for c in range(channels):
        for y in range(height):
            for x in range(width):
                if width_px <= y < height - width_px and width_px <= x < width - width_px:
                    continue
                near = [
                    (0.5 if max(abs(v - y), abs(u - x)) == 2 else 1.0, image[c, v, u])
                    for v in range(max(0, y - 2), min(height, y + 3))
                    for u in range(max(0, x - 2), min(width, x + 3))
                ]
                blurred = sum(w * value for w, value in near) / sum(w for w, _ in near)
                costs.append((blurred - image[c, y, x]) ** 2 + 0.8 * (image[c, y, x] - 0.5) ** 2)
    return sum(costs) / len(costs)


POSITIONS = MAPS.transpose(0, 2, 3, 1).reshape(-1, 6)
MIDDLE = MAPS[:, :, 1, 2]
DIRECTION = VECTOR.double().numpy()
TARGET = random(6, 3, 5, seed=10) + VIEW.activations["maps"].maps[0]  # alike to one crop, not to the other
TARGET_NORM = float(np.linalg.norm(TARGET.double().numpy()))
CASES = {
    "unit": (nbo.unit("maps", 4), MAPS[:, 4].mean()),
    "unit of a flat layer": (nbo.unit("flat", 6), FLAT[:, 6].mean()),
    "unit over patches": (nbo.unit("tokens", 1), TOKENS.maps[:, 1].double().mean()),
    "neuron in the middle": (nbo.neuron("maps", 4), MAPS[:, 4, 1, 2].mean()),
    "lower right of the middle": (nbo.neuron("tokens", 0), TOKENS.maps[:, 0, 1, 1].double().mean()),
    "neuron somewhere": (nbo.neuron("maps", 0, y=2, x=0), MAPS[:, 0, 2, 0].mean()),
    "class token": (nbo.class_token("tokens", 3), TOKENS.class_token[:, 3].double().mean()),
    "logit": (nbo.logit(2), LOGITS[:, 2].mean()),
    "direction": (nbo.direction("maps", VECTOR), slow_cosine(POSITIONS, DIRECTION, 0)),
    "direction of a flat layer": (nbo.direction("flat", random(7)), slow_cosine(FLAT, random(7).numpy(), 0)),
    "dot × cosine²": (nbo.direction_cosine("maps", VECTOR), slow_cosine(POSITIONS, DIRECTION, 2)),
    "dot × cosine³": (nbo.direction_cosine("maps", VECTOR, power=3), slow_cosine(POSITIONS, DIRECTION, 3)),
    "neuron direction": (nbo.neuron_direction("maps", VECTOR, 1, 2, 2), slow_cosine(MIDDLE, DIRECTION, 2)),
    "deepdream": (nbo.deepdream("maps"), (MAPS**2).mean()),
    "match": (nbo.match("maps", TARGET), slow_cosine(MAPS.reshape(2, -1), TARGET.double().flatten().numpy(), 0)),
    "match × cosine": (
        nbo.match("maps", TARGET, power=1),
        slow_cosine(MAPS.reshape(2, -1), TARGET.double().flatten().numpy(), 1),
    ),
    "match × Lucid's cosine": (
        nbo.match("maps", TARGET, power=2, true_cosine=False),
        slow_cosine(MAPS.reshape(2, -1), TARGET.double().flatten().numpy(), 2, TARGET_NORM + 1e-6),
    ),
    "match tokens": (
        nbo.match("tokens", TOKENS.tokens[0]),
        float((TOKENS.tokens.double() * TOKENS.tokens[0].double()).sum() / 2),
    ),
    "L1": (nbo.l1(0.25), np.abs(IMAGE - 0.25).mean()),
    "L2": (nbo.l2(), ((IMAGE - 0.5) ** 2).mean()),
    "total variation": (
        nbo.total_variation(),
        (np.abs(IMAGE[:, 1:] - IMAGE[:, :-1]).sum() + np.abs(IMAGE[:, :, 1:] - IMAGE[:, :, :-1]).sum()) / IMAGE.size,
    ),
    "boundary": (nbo.boundary(2), slow_boundary(IMAGE, 2)),
    "boundary over all": (nbo.boundary(50), slow_boundary(IMAGE, 50)),
}


@pytest.mark.parametrize("name", CASES)
def test_each_term_is_its_formula(name):
    objective, expected = CASES[name]
    assert objective.score(VIEW).item() == pytest.approx(float(expected), rel=2e-5, abs=1e-6)


@pytest.mark.parametrize("place", [0.0, 0.25, 1.0])
def test_interpolation_blends_by_the_place_in_the_group(place):
    score = nbo.interpolation("maps", 1, 5).score(make_view(place=place)).item()
    assert score == pytest.approx((1 - place) * MAPS[:, 1].mean() + place * MAPS[:, 5].mean(), rel=1e-5)


def test_directions_favour_angle_over_length():
    """A long activation slightly off loses to a short one along the vector, once the cosine counts."""
    along, off = torch.tensor([1.0, 0.0]), torch.tensor([1.1, 3.0])

    def score(row, power):
        view = ImageView(VIEW.image, {"x": LayerView(flat=row[None])})
        return nbo.direction_cosine("x", torch.tensor([2.0, 0.0]), power).score(view).item()

    assert score(along, 0) < score(off, 0) and score(along, 2) > score(off, 2)
    assert score(-along, 2) == pytest.approx(-2 * 0.01)  # the floor of the cosine keeps a slope


def test_the_algebra_is_that_of_numbers():
    a, b, c = nbo.unit("maps", 4), nbo.logit(1), nbo.total_variation()
    before = (repr(a), repr(b), repr(c))
    x, y, z = (objective.score(VIEW).item() for objective in (a, b, c))
    checks = {
        a + b: x + y,
        a - b: x - y,
        -a: -x,
        2 * a: 2 * x,
        a * 2: 2 * x,
        a / 4: x / 4,
        a - 0.1 * (b - 3 * c): x - 0.1 * y + 0.3 * z,
        -(a - b) + c: y - x + z,
        sum([a, b, c]): x + y + z,
        a + a: 2 * x,
        a - a: 0.0,
        np.float32(2) * a: 2 * x,
        0 * a: 0.0,
    }
    for objective, expected in checks.items():
        assert isinstance(objective, Objective)
        assert objective.score(VIEW).item() == pytest.approx(expected, rel=1e-5, abs=1e-6), objective
    assert before == (repr(a), repr(b), repr(c))


@pytest.mark.parametrize(
    "mistake", [lambda a: a + 1, lambda a: 1 + a, lambda a: a - 1, lambda a: a * "2", lambda a: a * a]
)
def test_what_is_no_objective_does_not_add(mistake):
    with pytest.raises(TypeError):
        mistake(nbo.unit("maps", 4))


def test_an_objective_says_what_it_needs_and_what_it_is():
    objective = nbo.unit("features.12", 3) - 0.1 * nbo.total_variation() + 2 * nbo.logit(4) - nbo.diversity("maps")
    assert repr(objective) == (
        "unit 3 of features.12 − 0.1 × total variation + 2 × logit of class 4 − likeness in maps"
    )
    assert objective.layers == ("features.12", "maps") and objective.needs_logits
    assert len(objective.per_image) == 3 and len(objective.coupled) == 1
    assert objective.target == ("features.12", 3, "mean")
    assert nbo.neuron("a", 1).target == ("a", 1, "neuron") and nbo.class_token("a", 2).target == ("a", 2, "class_token")
    assert nbo.logit(5).target == ("logits", 5, "logit") and not nbo.unit("a", 1).needs_logits
    assert nbo.deepdream("a").target is None and nbo.diversity("a").target is None
    assert (nbo.unit("a", 1) + nbo.neuron("a", 2)).layers == ("a",)
    assert nbo.unit("a", np.int64(3)) == nbo.unit("a", 3)


EVERYTHING = [objective for objective, _ in CASES.values()] + [nbo.interpolation("maps", 0, 1)]


@pytest.mark.parametrize("objective", EVERYTHING, ids=repr)
def test_gradients_are_finite_in_bfloat16_and_point_uphill(objective):
    for dtype in (torch.float32, torch.bfloat16):
        view = make_view(dtype=dtype)
        leaves = [view.image, *(t for seen in view.activations.values() for t in vars(seen).values() if t is not None)]
        leaves.append(view.logits)
        for leaf in leaves:
            leaf.requires_grad_()
        score = objective.score(view)
        assert score.dtype == torch.float32 and score.shape == ()
        found = torch.autograd.grad(score, leaves, allow_unused=True)
        gradients = {i: gradient for i, gradient in enumerate(found) if gradient is not None}
        assert gradients and all(gradient.isfinite().all() and gradient.any() for gradient in gradients.values())
    with torch.no_grad():
        for i, gradient in gradients.items():
            leaves[i] += (0.05 * gradient / gradient.abs().max()).to(leaves[i].dtype)
    assert objective.score(view) > score


@pytest.mark.parametrize(
    ("objective", "error", "message"),
    [
        (nbo.unit("maps", 6), IndexError, "has 6 units"),
        (nbo.unit("flat", 7), IndexError, "has 7 units"),
        (nbo.class_token("tokens", 4), IndexError, "has 4 units"),
        (nbo.interpolation("maps", 0, 9), IndexError, "has 6 units"),
        (nbo.logit(5), IndexError, "0 to 4"),
        (nbo.neuron("maps", 0, y=3), IndexError, "3×5"),
        (nbo.neuron("maps", 0, x=5), IndexError, "3×5"),
        (nbo.neuron_direction("maps", VECTOR, y=9), IndexError, "3×5"),
        (nbo.neuron("flat", 0), ValueError, "no positions"),
        (nbo.class_token("maps", 0), ValueError, "no class token"),
        (nbo.direction("maps", random(1)), ValueError, "needs 6 numbers"),
        (nbo.direction_cosine("flat", VECTOR), ValueError, "needs 7 numbers"),
        (nbo.match("maps", random(6, 5, 3)), ValueError, r"\(6, 5, 3\)"),
        (nbo.match("maps", random(1, 3, 5)), ValueError, r"\(1, 3, 5\)"),
        (nbo.unit("layer9", 0), LookupError, "these were read: maps, flat, tokens"),
    ],
    ids=repr,
)
def test_what_the_model_does_not_have_is_said(objective, error, message):
    with pytest.raises(error, match=message):
        objective.score(VIEW)


def test_logits_must_be_there():
    with pytest.raises(LookupError, match="logits"):
        nbo.logit(0).score(ImageView(VIEW.image, {}))


@pytest.mark.parametrize(
    "make",
    [
        lambda: nbo.unit("maps", -1),
        lambda: nbo.neuron("maps", 0, y=-1),
        lambda: nbo.boundary(0),
        lambda: nbo.l1(1.5),
        lambda: nbo.direction("maps", torch.zeros(6)),
        lambda: nbo.direction("maps", torch.tensor([1.0, math.nan])),
        lambda: nbo.direction_cosine("maps", VECTOR, power=-1),
        lambda: nbo.match("maps", torch.tensor([math.inf])),
        lambda: math.inf * nbo.unit("maps", 0),
    ],
)
def test_what_makes_no_sense_is_refused_at_once(make):
    with pytest.raises(ValueError, match="expected"):
        make()


def test_a_direction_is_a_private_copy():
    vector = random(6)
    objective = nbo.direction("maps", vector)
    before = objective.score(VIEW).item()
    vector.zero_()
    assert objective.score(VIEW).item() == before
