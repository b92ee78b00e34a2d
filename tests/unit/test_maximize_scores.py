"""The scores that go with every image."""

import numpy as np
import pytest
import torch
from torch import nn

from nbinterp.analyses import maximize, record
from nbinterp.analyses.maximize.scores import held_out
from nbinterp.data import ProbeSet
from nbinterp.instrument import Classifier
from nbinterp.kernels import objectives
from nbinterp.kernels.recipes import RECIPES
from nbinterp.kernels.transforms import apply_transforms, draw_transforms
from tests.maximize_helpers import FAST, SIZE, UnitNet, made, small_net


@pytest.fixture(scope="module")
def net() -> Classifier:
    return small_net(classes=["ape", "bee", "cat", "dog"])


@pytest.fixture(scope="module")
def recording(net):
    images = np.random.default_rng(0).random((40, *SIZE, 3), dtype=np.float32)
    return record(net, ProbeSet.from_arrays(images), ["deep", "relu", "head"], progress=False)


def share_below(values: np.ndarray, activation: float) -> float:
    return 100 * float((values < activation).mean())


@pytest.mark.parametrize("reading", ["unit", "neuron", "logit", "flat"])
def test_percentiles_are_shares_of_the_recording(net, recording, reading):
    start = np.full((1, 3, *SIZE), 0.5, np.float32)
    start[:, :, :5] = 0.8
    settings = {"recording": recording, "recipe": "none", "steps": 1, "learning_rate": 1e-6, "start": start}
    if reading == "logit":
        result = made(net, objective=objectives.logit(2), **settings)
        values = recording.logits[:, 2]
    elif reading == "flat":
        result = made(net, "head", 3, **settings)
        values = recording["head"].mean[:, 3]
    else:
        result = made(net, "deep", 1, objective=getattr(objectives, reading), **settings)
        values = recording["deep"].mean[:, 1] if reading == "unit" else recording["deep"].max[:, 1]
    assert result.percentiles[0] == pytest.approx(share_below(values, result.activations[0]))
    assert 0 <= result.percentiles[0] <= 100


def test_percentiles_rise_to_the_top(net, recording):
    result = made(net, "deep", range(6), recording=recording, recipe="none", steps=60)
    assert (result.percentiles == 100).all()


def test_without_a_rank_a_note_says_why(net, recording):
    result = made(net, {"conv": 1, "deep": 1}, recording=recording)
    assert np.isnan(result.percentiles[0]) and "conv was not recorded" in result.frame.note[0]
    assert not np.isnan(result.percentiles[1]) and result.frame.note[1] == ""
    result = made(net, objective=objectives.deepdream("deep"), recording=recording)
    assert "no single unit" in result.frame.note[0]


def test_a_recording_of_another_network_is_refused(recording):
    from tests.maximize_helpers import UnitNet

    with pytest.raises(ValueError, match="other weights"):
        maximize(Classifier(UnitNet(seed=5), device="cpu"), "deep", 1, recording=recording, size=SIZE)
    same = Classifier(UnitNet(), device="cpu")
    assert np.isfinite(made(same, "deep", 1, recording=recording).percentiles).all()


def test_survival_is_what_held_out_transforms_leave(net):
    result = made(net, "deep", [1, 2], seed=7)
    images = torch.from_numpy(result.images)
    seed = int(np.random.SeedSequence([7, 2]).generate_state(1, np.uint64)[0])
    draws = draw_transforms(held_out(SIZE), 16, SIZE, torch.Generator().manual_seed(seed))
    views = torch.cat([images, torch.full((1, 3, *SIZE), 0.5), apply_transforms(images, draws)])
    with net.recording("deep") as seen:
        net.logits(views)
    means = seen["deep"].maps.mean((2, 3)).numpy().astype(np.float64)
    for row, unit in enumerate((1, 2)):
        plain, grey, moved = means[row, unit], means[2, unit], means[3 + 8 * row : 11 + 8 * row, unit]
        assert result.survival[row] == pytest.approx((moved.mean() - grey) / (plain - grey), rel=1e-3)


def test_an_image_that_transforms_do_not_change_survives_whole():
    """A network of global means: shifts and turns of a plain image with a grey surround cost it little."""

    class Mean(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv = nn.Conv2d(3, 2, 1)

        def forward(self, images: torch.Tensor) -> torch.Tensor:
            return self.conv(images)[:, :, 12:20, 12:20].mean((2, 3))

    torch.manual_seed(0)
    network = Classifier(Mean(), device="cpu")
    plain = torch.zeros(1, 3, 32, 32) + torch.tensor([0.9, 0.4, 0.1])[:, None, None]
    settings = {"start": plain, "size": 32, "steps": 1, "learning_rate": 1e-6, "recipe": "none"}
    result = maximize(network, objective=objectives.logit(0), **settings).wait(progress=False)
    assert result.survival[0] == pytest.approx(1, abs=0.02)


def test_held_out_transforms_are_in_no_recipe():
    for transform in held_out((64, 64)):
        assert all(transform not in recipe.transforms for recipe in RECIPES.values())


# -- the judge -----------------------------------------------------------------------------------


class Fixed(nn.Module):
    """Logits that do not depend on the image, but for its size."""

    def __init__(self, logits: list[float]) -> None:
        super().__init__()
        self.values = nn.Parameter(torch.tensor(logits))

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        assert images.shape[1:] == (3, *SIZE)
        return self.values.expand(len(images), -1) + 0 * images.mean((1, 2, 3))[:, None]


def test_the_judge_answers_for_the_class_of_that_name(net):
    judge = Classifier(Fixed([0.0, 3.0, 1.0]), classes=["cat", "emu", "ape"], device="cpu")
    expected = torch.tensor([0.0, 3.0, 1.0]).softmax(0)
    result = made(net, objective=objectives.logit(2), judge=judge)  # "cat"
    assert result.agreement[0] == pytest.approx(float(expected[0])) and result.judged == ("emu",)
    result = made(net, "head", [0, 1], judge=judge)  # a layer that is the logits: its units are classes
    assert result.agreement[0] == pytest.approx(float(expected[2])) and np.isnan(result.agreement[1])
    assert "'bee'" in result.frame.note[1]


def test_the_judge_answers_for_what_the_network_itself_sees(net):
    judge = Classifier(Fixed([0.0, 3.0, 1.0, 2.0]), device="cpu")
    result = made(net, "deep", [0, 3], judge=judge)
    predicted = net.logits(torch.from_numpy(result.images)).argmax(1)
    expected = torch.tensor([0.0, 3.0, 1.0, 2.0]).softmax(0)[predicted]
    np.testing.assert_allclose(result.agreement, expected, rtol=1e-5)
    assert result.judged == ("1", "1")


def test_the_judge_gets_pictures_through_its_own_preprocess(net):
    seen = []

    def preprocess(image):
        seen.append(image)
        return torch.zeros(3, *SIZE)

    made(net, "deep", 0, judge=Classifier(Fixed([0.0, 1.0]), preprocess=preprocess, device="cpu"))
    assert {(image.mode, image.size) for image in seen} == {("RGB", (14, 11))}


def test_a_judge_that_cannot_see_such_images_is_refused(net):
    with pytest.raises(Exception, match="Fixed failed"):
        maximize(net, "deep", 0, judge=Classifier(Fixed([0.0, 1.0]), device="cpu"), size=(12, 14), steps=2)


# -- full memory -----------------------------------------------------------------------------------


class Limited:
    """Passes of more images than that run out of memory, where no gradient is wanted: steps pass, scoring does not."""

    def __init__(self, monkeypatch, most: int) -> None:
        self.sizes: list[int] = []
        run = UnitNet.forward

        def forward(module, images):
            if not torch.is_grad_enabled():
                self.sizes.append(len(images))
                if len(images) > most:
                    raise torch.OutOfMemoryError("planted")
            return run(module, images)

        monkeypatch.setattr(UnitNet, "forward", forward)


@pytest.mark.parametrize(("units", "n_images"), [(range(3), 1), ([1], 3)])
def test_full_memory_while_scoring_scores_fewer_at_once_and_changes_nothing(net, monkeypatch, units, n_images):
    """Also images of one unit, which steps never separate."""
    settings = {"n_images": n_images, "judge": small_net()}
    plain = made(net, "deep", units, **settings)
    limited = Limited(monkeypatch, most=1)
    result = made(net, "deep", units, **settings)
    assert "scoring 1 image of " in result.message and "Memory is full" in result.message
    assert result.state == "done" and max(limited.sizes) > 1
    assert result.images.tobytes() == plain.images.tobytes(), "steps went on as they were"
    for name in ("activations", "survival", "agreement"):
        np.testing.assert_allclose(getattr(result, name), getattr(plain, name), rtol=1e-3, atol=1e-5)
    assert result.judged == plain.judged


def test_one_image_that_cannot_be_scored_is_an_error_that_says_what_to_do(net, monkeypatch):
    Limited(monkeypatch, most=0)
    result = maximize(net, "deep", [1, 2], **FAST)
    with pytest.raises(MemoryError, match=r"scoring one image of 11×14 pixels.*resume"):
        result.wait(progress=False)
    assert result.state == "failed"
    monkeypatch.undo()
    result.resume().wait(progress=False)
    assert result.state == "done" and np.isfinite(result.activations).all()


def test_images_coupled_by_nothing_else_are_scored_together(net):
    """Their response is the whole group's: it cannot be had of one image."""
    result = made(net, objective=-1.0 * objectives.diversity("conv"), n_images=3)
    assert np.isfinite(result.activations).all() and len(np.unique(result.activations)) == 1
