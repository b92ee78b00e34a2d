"""Networks and arguments of every kind that `maximize` takes, and what it refuses before it begins."""

import numpy as np
import pytest
import torch
from torch import nn
from torchvision import models

from nbinterp.analyses import Visualizations, maximize
from nbinterp.instrument import Classifier
from nbinterp.kernels import objectives
from nbinterp.kernels.recipes import Recipe
from nbinterp.kernels.transforms import Jitter
from tests.maximize_helpers import FAST, UnitNet, made, small_net


@pytest.mark.parametrize("units", [torch.tensor([1, 2]), np.array([1, 2]), [torch.tensor(1), np.int64(2)], (1, 2)])
def test_units_may_be_whole_numbers_of_any_kind(units):
    assert made(small_net(), "deep", units, steps=1).units.tolist() == [1, 2]
    assert made(small_net(), "deep", torch.tensor(3), steps=1).units.tolist() == [3]


def test_units_of_a_generator_can_be_asked_for_again():
    result = made(small_net(), "deep", (unit for unit in (1, 2)), steps=1)
    assert result.again("deep", [3]).wait(progress=False).units.tolist() == [3]


def test_the_layer_registered_first_need_not_be_the_first_to_run():
    class Reordered(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.late = nn.Conv2d(8, 4, 3)
            self.first = nn.Conv2d(3, 8, 3)

        def forward(self, images: torch.Tensor) -> torch.Tensor:
            return self.late(self.first(images)).mean((2, 3))

    for settings in ({}, {"preprocess": lambda image: torch.from_numpy(np.array(image)).permute(2, 0, 1) / 255}):
        assert made(Classifier(Reordered(), device="cpu", **settings), "first", 1, steps=1).images.shape[1] == 3
    plain = Classifier(Reordered(), device="cpu")
    assert made(plain, "first", 1, steps=1, normalize=lambda images: images).images.shape[1] == 3


def test_a_checkpointed_network_goes_on_without_redirection():
    """DenseNet recomputes its activations in the backward pass, where what redirects gradients is not in force."""
    torch.manual_seed(0)
    module = models.DenseNet(8, (2, 2), 8, memory_efficient=True, num_classes=3)
    result = maximize(Classifier(module, device="cpu"), "features", [0, 1], size=32, steps=3).wait(progress=False)
    assert result.state == "done" and "recomputes" in result.message


def test_maps_as_output_are_no_hindrance_where_no_logits_are_needed():
    assert made(Classifier(nn.Sequential(nn.Conv2d(3, 4, 3)), device="cpu"), "0", 1, steps=1).state == "done"


@pytest.mark.parametrize("mode", [torch.no_grad, torch.inference_mode])
def test_it_does_not_matter_in_which_gradient_mode_one_asks(mode):
    net = small_net()
    with mode():
        result = made(net, "deep", 1)
    assert result.images.tobytes() == made(small_net(), "deep", 1).images.tobytes()


def test_a_recipe_given_as_an_object_keeps_its_learning_rate():
    recipe = Recipe("mine", 2, 0.777, "adam", ())
    for kind in ("fourier", "cppn", "maco"):
        assert (
            made(small_net(), "deep", 1, steps=None, recipe=recipe, parameterization=kind).about["learning_rate"]
            == 0.777
        )
    assert made(small_net(), "deep", 1, parameterization="cppn").about["learning_rate"] == 0.005


def test_transforms_are_checked_at_once():
    assert made(small_net(), "deep", 1, transforms=Jitter(2)).about["transforms"] == [repr(Jitter(2))]
    for wrong in ([1], "lucid"):
        with pytest.raises(TypeError, match="Jitter"):
            maximize(small_net(), "deep", 1, transforms=wrong, **FAST)


def test_two_channels_are_refused():
    with pytest.raises(ValueError, match="1 or 3 channels"):
        maximize(small_net(channels=2), "deep", 1, **FAST)


def test_several_images_of_a_class_differ_in_the_last_layer_with_positions():
    alike = made(small_net(), "head", 1, n_images=3, diversity=0, steps=20).images
    different = made(small_net(), "head", 1, n_images=3, diversity=30, steps=20).images
    assert different.std(0).mean() > alike.std(0).mean()
    flat = Classifier(nn.Sequential(nn.Flatten(), nn.Linear(3 * 8 * 8, 4)), device="cpu")
    with pytest.raises(ValueError, match="diversity=0"):
        maximize(flat, "1", 0, n_images=2, size=8, steps=1)


def test_what_is_to_be_small_is_titled_so():
    assert made(small_net(), objective=-objectives.unit("deep", 2), steps=1).titles != ("unit 2 of deep",)


def test_a_picture_moved_out_of_sight_is_no_dead_unit():
    assert not made(small_net(), "deep", 1, size=8, transforms=Jitter(300)).dead.any()


def test_a_stopped_run_is_loaded_as_it_was(tmp_path):
    result = maximize(small_net(), "deep", range(4), batch_size=2, size=8, steps=100_000)
    while result.step < 2:
        pass
    result.stop()
    result.save(tmp_path / "images")
    loaded = Visualizations.load(tmp_path / "images")
    assert loaded.preview().status == result.preview().status == ("forming", "forming", "waiting", "waiting")
    assert (loaded.step, loaded.batch, loaded.state) == (result.step, result.batch, "stopped")
    np.testing.assert_array_equal(loaded.history, result.history)


def test_what_a_failed_run_finished_can_be_kept(tmp_path):
    module = UnitNet()
    result = maximize(Classifier(module, device="cpu"), "head", range(4), batch_size=2, size=8, steps=2000)
    while result.step < 2:
        pass
    module.fail_at = 0
    with pytest.raises(Exception, match="planted failure"):
        result.wait(progress=False)
    result.save(tmp_path / "images")
    loaded = Visualizations.load(tmp_path / "images")
    assert loaded.state == "stopped" and "planted failure" in loaded.message
    assert np.isfinite(loaded.images).all()
