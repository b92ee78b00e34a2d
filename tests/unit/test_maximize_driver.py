"""What `maximize` gives, and that it does not depend on how the work is cut up."""

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn
from torchvision.models import VisionTransformer

from nbinterp.analyses import maximize
from nbinterp.analyses.maximize import batch as batches
from nbinterp.instrument import Classifier, ModelError, UnknownLayerError
from nbinterp.kernels import objectives
from nbinterp.kernels.parameterizations import Latent, Pixel
from nbinterp.kernels.recipes import Recipe
from nbinterp.kernels.transforms import Jitter, Noise
from tests.maximize_helpers import FAST, SIZE, UnitNet, made, small_net


def assert_same_images(found, expected, tolerance: float = 0.0) -> None:
    np.testing.assert_allclose(found.images, expected.images, atol=tolerance, rtol=0)
    np.testing.assert_allclose(found.activations, expected.activations, atol=tolerance, rtol=tolerance)


# -- the contract -------------------------------------------------------------------------------


def test_the_public_contract():
    result = made(small_net(), "deep", [4, 1, 1])
    assert result.images.shape == (3, 3, *SIZE) and result.images.dtype == np.float32
    assert result.images.min() >= 0 and result.images.max() <= 1
    assert result.units.tolist() == [4, 1, 1] and result.units.dtype == np.int64
    assert result.layers == ("deep",) * 3
    assert result.titles[0] == "unit 4 of deep"
    for values in (result.activations, result.percentiles, result.survival, result.agreement):
        assert values.shape == (3,) and values.dtype == np.float32
    assert np.isnan(result.percentiles).all() and np.isnan(result.agreement).all() and result.judged == (None,) * 3
    assert result.dead.tolist() == [False] * 3
    assert result.history.shape == (6, 3)
    assert list(result.frame.unit) == [4, 1, 1] and len(result) == 3 and result.state == "done"
    assert result.about["seed"] == 0 and result.about["size"] == list(SIZE)
    assert not np.array_equal(result.images[1], result.images[2])  # two starts for the same unit


@pytest.mark.parametrize("parameterization", ["fourier", "pixel", "maco", "cppn"])
def test_activations_are_those_of_the_images_and_rise(parameterization):
    net = small_net()
    recipe = "none" if parameterization != "maco" else Recipe("one", 30, 1.0, "nadam", ())
    result = made(net, "deep", range(6), parameterization=parameterization, recipe=recipe, steps=30)
    with net.recording("deep") as seen:
        net.logits(torch.from_numpy(result.images))
    expected = seen["deep"].maps.mean((2, 3))[range(6), range(6)]
    np.testing.assert_allclose(result.activations, expected.numpy(), atol=1e-5)
    assert (result.history[-1] > result.history[0]).all()


def test_the_right_unit_is_maximized():
    """Each image drives its own unit more than the images of the others do."""
    net = small_net()
    result = made(net, "deep", range(6), recipe="none", steps=60)
    with net.recording("deep") as seen:
        net.logits(torch.from_numpy(result.images))
    assert (seen["deep"].maps.mean((2, 3)).argmax(0) == torch.arange(6)).all()


# -- reproducible, however the work is cut up ----------------------------------------------------


def test_the_same_seed_gives_the_same_bytes_and_another_one_others():
    net, torch_state = small_net(), torch.get_rng_state()
    first, again = made(net, "deep", [1, 2], seed=3), made(net, "deep", [1, 2], seed=3)
    assert first.images.tobytes() == again.images.tobytes()
    assert made(net, "deep", [1, 2], seed=4).images.tobytes() != first.images.tobytes()
    assert torch.equal(torch.get_rng_state(), torch_state)


@pytest.mark.parametrize("settings", [{}, {"n_images": 2, "diversity": 0.5}, {"parameterization": "maco"}])
def test_batches_do_not_change_the_images(settings):
    """Noise and crops too are drawn per image of the whole run."""
    net = small_net()
    whole = made(net, "conv", range(1, 5), **settings)
    for batch_size in (1, 3):
        assert_same_images(made(net, "conv", range(1, 5), batch_size=batch_size, **settings), whole, 2e-4)


def test_every_step_draws_anew_and_every_image_for_itself():
    """Two images of one unit that hardly move, from one start: what differs is how they are shifted."""
    start = np.random.default_rng(0).random((1, 3, *SIZE), dtype=np.float32)
    settings = {"transforms": [Jitter(6)], "steps": 40, "learning_rate": 1e-9, "start": start}
    history = made(small_net(), "deep", [1, 1], **settings).history
    assert len(np.unique(history[:, 0])) > 15 and len(np.unique(history[16:, 0])) > 10
    assert (history[:, 0] != history[:, 1]).mean() > 0.8


def test_full_memory_splits_the_batch_and_changes_nothing(monkeypatch):
    plain = made(small_net(), "deep", range(5))
    net = small_net()
    run = UnitNet.forward

    def limited(self, images):
        if len(images) > 2:
            raise torch.OutOfMemoryError("planted")
        return run(self, images)

    monkeypatch.setattr(UnitNet, "forward", limited)
    result = made(net, "deep", range(5))
    assert max(net.module.batches[1:]) == 2
    assert "2 of 5" in result.message
    assert_same_images(result, plain, 1e-4)


def test_a_group_that_does_not_fit_is_an_error_that_says_what_to_do(monkeypatch):
    run = UnitNet.forward

    def limited(self, images):
        if len(images) > 2:
            raise RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried to allocate …")
        return run(self, images)

    monkeypatch.setattr(UnitNet, "forward", limited)
    result = maximize(small_net(), "deep", [1, 2], n_images=3, **FAST)
    with pytest.raises(MemoryError, match=r"3 images of 11×14 pixels.*fewer n_images"):
        result.wait(progress=False)
    assert result.state == "failed"


def test_groups_are_never_separated(monkeypatch):
    """Diversity compares the images of a unit: chunks are whole groups."""
    net = small_net()
    made(net, "conv", [1, 2, 3], n_images=2, batch_size=3)
    assert {n for n in net.module.batches[1:] if n > 1} <= {2}


def test_which_errors_mean_full_memory():
    inner = torch.OutOfMemoryError("x")
    outer = ModelError("y")
    outer.__cause__ = inner
    assert batches.out_of_memory(inner) and batches.out_of_memory(outer)
    assert batches.out_of_memory(RuntimeError("DefaultCPUAllocator: not enough memory: you tried to allocate 5 bytes"))
    assert not batches.out_of_memory(RuntimeError("shape mismatch")) and not batches.out_of_memory(None)


# -- layers, objectives, images of other kinds ---------------------------------------------------


def test_units_of_two_layers_in_one_batch():
    net = small_net()
    both = made(net, {"conv": [1, 2], "deep": 3})
    assert both.layers == ("conv", "conv", "deep") and both.units.tolist() == [1, 2, 3]
    assert net.module.batches[-1] <= 3
    alone = made(net, "conv", [1, 2, 3][:2], recipe="none")
    together = made(net, {"conv": [1, 2], "deep": 3}, recipe="none")
    np.testing.assert_allclose(together.images[:2], alone.images, atol=1e-5)


def test_all_units_of_a_layer_and_the_network_runs_no_further():
    net = small_net()
    result = made(net, net.module.conv, steps=3)
    assert result.units.tolist() == list(range(5))
    before = net.module.deep_runs
    result.resume(2).wait(progress=False)
    assert net.module.deep_runs == before


@pytest.mark.parametrize("make", [objectives.neuron, lambda layer, unit: objectives.neuron(layer, unit, 0, 2)])
def test_objectives_given_as_a_function(make):
    net = small_net()
    result = made(net, "deep", [1, 5], objective=make)
    with net.recording("deep") as seen:
        net.logits(torch.from_numpy(result.images))
    maps = seen["deep"].maps
    row, column = (0, 2) if make is not objectives.neuron else (maps.shape[2] // 2, maps.shape[3] // 2)
    np.testing.assert_allclose(result.activations, maps[range(2), [1, 5], row, column], atol=1e-5)


def test_an_objective_of_ones_own():
    result = made(small_net(), objective=objectives.logit(2) - 0.1 * objectives.total_variation())
    assert result.units.tolist() == [2] and result.layers == ("logits",)
    assert result.titles == (str(objectives.logit(2).main),)
    result = made(small_net(), objective=objectives.deepdream("deep"), n_images=2)
    assert result.units.tolist() == [-1, -1] and len(set(result.groups)) == 1


def test_interpolation_goes_from_one_unit_to_the_other():
    net = small_net()
    result = made(net, objective=objectives.interpolation("deep", 1, 4), n_images=3, recipe="none", steps=50)
    with net.recording("deep") as seen:
        net.logits(torch.from_numpy(result.images))
    means = seen["deep"].maps.mean((2, 3))
    assert means[0, 1] > means[2, 1] and means[2, 4] > means[0, 4]


def test_diversity_makes_the_images_of_a_unit_differ():
    net = small_net()
    settings = {"n_images": 3, "recipe": "none", "steps": 40}
    likeness = []
    for weight in (0.0, 30.0):
        result = made(net, "deep", 1, diversity=weight, **settings)
        with net.recording("deep") as seen:
            net.logits(torch.from_numpy(result.images))
        flat = seen["deep"].maps.flatten(2)
        grams = torch.nn.functional.normalize((flat @ flat.mT).flatten(1), dim=1)
        likeness.append(float((grams @ grams.T).sum() - 3) / 3)
    assert likeness[1] < likeness[0] - 0.05


def test_one_channel_odd_sizes_and_a_start():
    net = small_net(1)
    start = Image.fromarray(np.random.default_rng(0).integers(30, 220, (20, 9), dtype=np.uint8))
    result = made(net, "deep", [1], start=start, size=(11, 13), steps=1, learning_rate=1e-6, recipe="none")
    assert result.images.shape == (1, 1, 11, 13)
    resized = np.asarray(start.resize((13, 11), Image.Resampling.BILINEAR)) / 255
    np.testing.assert_allclose(result.images[0, 0], resized, atol=0.02)
    with pytest.raises(ValueError, match="start has 2 images"):
        maximize(net, "deep", [1], start=[start, start], **FAST)


def test_images_of_a_result_are_a_start():
    net = small_net()
    first = made(net, "deep", [1, 2])
    more = made(net, "deep", [1, 2], start=first.images, steps=1, learning_rate=1e-6, recipe="none")
    np.testing.assert_allclose(more.images, np.clip(first.images, 0.01, 0.99), atol=1e-3)


def test_a_generator_is_optimized_through_its_latent_and_left_as_it_was():
    torch.manual_seed(0)
    generator = nn.Sequential(nn.Linear(4, 3 * 11 * 14), nn.Sigmoid(), nn.Unflatten(1, (3, 11, 14))).eval()
    before = {name: p.clone() for name, p in generator.state_dict().items()}
    result = made(small_net(), "deep", [1, 2], parameterization=Latent(generator, (4,)))
    assert (result.history[-1] != result.history[0]).all()
    assert all(p.requires_grad and p.grad is None for p in generator.parameters())
    assert all(torch.equal(before[name], p) for name, p in generator.state_dict().items())


def test_normalize_takes_the_place_of_the_preprocess():
    net = small_net(preprocess=lambda image: torch.rand(3, 8, 8))
    with pytest.raises(ValueError, match="normalize="):
        maximize(net, "deep", 1, **FAST)
    result = made(net, "deep", 1, normalize=lambda images: images * 2 - 1)
    with net.recording("deep") as seen:
        net.logits(torch.from_numpy(result.images) * 2 - 1)
    assert result.activations[0] == pytest.approx(float(seen["deep"].maps[0, 1].mean()), abs=1e-5)


def test_recipes_can_be_changed_in_part():
    result = made(
        small_net(), "deep", 1, recipe="lucid", steps=2, transforms=[Jitter(2), Noise(0.1)], learning_rate=0.2
    )
    assert result.about["recipe"] == "lucid" and result.about["learning_rate"] == 0.2 and len(result.history) == 2
    assert result.about["transforms"] == [repr(Jitter(2)), repr(Noise(0.1))]


# -- the state the network runs in --------------------------------------------------------------


class Moody(UnitNet):
    """Behaves otherwise in training mode, and notes which weights ask for gradients during a pass."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(5)
        self.dropout = nn.Dropout(0.5)
        self.asking: set[bool] = set()

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        self.asking |= {p.requires_grad for p in self.parameters()}
        return self.head(self.features(self.deep(self.dropout(self.norm(self.relu(self.conv(images)))))))


def test_a_network_in_training_mode_is_evaluated_with_frozen_weights():
    training, evaluated = Moody().train(), Moody().eval()
    before = {name: values.clone() for name, values in training.state_dict().items()}
    results = [made(Classifier(module, device="cpu"), "deep", [1, 2]) for module in (training, evaluated)]
    assert results[0].images.tobytes() == results[1].images.tobytes()
    assert all(torch.equal(before[name], values) for name, values in training.state_dict().items())
    assert training.asking == {False}
    assert training.training and training.dropout.training and training.conv.weight.requires_grad


# -- transformers, precision ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def vit() -> Classifier:
    torch.manual_seed(0)
    return Classifier(VisionTransformer(32, 8, 2, 2, 16, 32, num_classes=3), device="cpu")


@pytest.mark.parametrize(
    ("make", "reading"),
    [(objectives.unit, "mean"), (objectives.class_token, "class_token"), (objectives.neuron, "neuron")],
    ids=["patch tokens", "class token", "one patch"],
)
def test_transformers_have_units_over_tokens_class_tokens_and_patches(vit, make, reading):
    layer = "encoder.layers.encoder_layer_1"
    result = made(vit, layer, [2, 7], objective=make, size=32, recipe="none", steps=25, redirect_steps=0)
    with vit.recording(layer) as seen:
        vit.logits(torch.from_numpy(result.images))
    units = seen[layer]
    values = {"mean": units.maps.mean((2, 3)), "class_token": units.class_token, "neuron": units.maps[:, :, 2, 2]}
    np.testing.assert_allclose(result.activations, values[reading][range(2), [2, 7]], atol=1e-4)
    assert (result.history[-1] > result.history[0]).all()


def test_a_size_the_network_does_not_take_is_refused_with_one_that_works(vit):
    with pytest.raises(ModelError, match=r"40×32 pixels.*size=32 works"):
        maximize(vit, "encoder", 1, size=(40, 32), steps=2)


@pytest.mark.parametrize("how", ["weights", "autocast"])
def test_half_precision(how):
    module = UnitNet()
    net = Classifier(module.bfloat16() if how == "weights" else module, device="cpu")
    result = made(net, "deep", range(6), precision=how, recipe="none", steps=40)
    assert np.isfinite(result.history).all() and not result.dead.any()
    assert (result.history[-1] > result.history[0]).all()
    assert np.isfinite(result.images).all()


def test_a_number_format_is_refused_with_what_the_weights_have():
    """It never converted anything: the network ran in its weights' precision."""
    with pytest.raises(ValueError, match=r"'weights', 'autocast'; got 'float32'.*here bfloat16"):
        maximize(Classifier(UnitNet().bfloat16(), device="cpu"), "deep", 1, precision="float32", **FAST)


def test_autocast_around_has_no_say(monkeypatch):
    net, seen = small_net(), []
    net.module.deep.register_forward_hook(lambda part, args, output: seen.append(output.dtype))
    with torch.autocast("cpu", torch.bfloat16):
        maximize(net, "deep", 1, **FAST).wait(progress=False)
    assert len(seen) > FAST["steps"] and set(seen) == {torch.float32}


# -- what cannot be maximized --------------------------------------------------------------------


def test_a_dead_unit_is_flagged_and_said_so():
    result = made(small_net(), "relu", [0, 1])
    assert result.dead.tolist() == [True, False]
    assert "dead unit" in result.frame.note[0] and result.frame.note[1] == ""
    assert np.isnan(result.survival[0]) and result.activations[0] == 0


def test_redirection_starts_a_unit_that_is_off():
    """Below its ReLU for grey, far from it for other images: without redirection nothing ever happens."""
    net = small_net()
    with torch.no_grad():
        reach = net.module.conv.weight[1].abs().sum() / 2  # the most that images can move it from grey
        net.module.conv.bias[1] = -net.module.conv.weight[1].sum() / 2 - 0.3 * reach
    settings = {"recipe": "none", "steps": 40, "parameterization": Pixel(0.1)}
    plain = made(net, "relu", 1, redirect_steps=0, **settings)
    assert plain.dead[0]
    started = made(net, "relu", 1, redirect_steps=16, **settings)
    assert not started.dead[0] and started.activations[0] > 0


def test_an_image_whose_gradient_is_not_finite_stays_and_the_others_go_on():
    class Poisoned(UnitNet):
        """The gradient of the second image of two is NaN in the fourth pass and later."""

        def forward(self, images: torch.Tensor) -> torch.Tensor:
            if images.requires_grad and len(images) == 2 and len(self.batches) > 4:
                images.register_hook(lambda gradient: gradient * torch.tensor([1, float("nan")])[:, None, None, None])
            return super().forward(images)

    settings = {"recipe": "none", "parameterization": "pixel"}
    net = Classifier(Poisoned(), device="cpu")
    result = made(net, "deep", [3, 4], steps=10, **settings)
    assert result.frame.note.tolist() == ["", "the gradient was not finite in step 5: the image stayed as it was"]
    assert np.isfinite(result.images).all() and not result.dead.any()
    whole, part = (
        made(small_net(), "deep", [3, 4], steps=10, **settings),
        made(small_net(), "deep", [3, 4], steps=4, **settings),
    )
    np.testing.assert_allclose(result.images[0], whole.images[0], atol=1e-5)
    np.testing.assert_allclose(result.images[1], part.images[1], atol=1e-5)


# -- refused before any work ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "error", "text"),
    [
        ({"layer": "deeep", "units": 1}, UnknownLayerError, "Did you mean 'deep'"),
        ({"layer": "deep", "units": 6}, IndexError, "6 units"),
        ({"layer": "deep", "units": -1}, ValueError, "whole number from 0"),
        ({"layer": "deep", "units": []}, ValueError, "no units"),
        ({"layer": "deep", "units": "12"}, TypeError, "range"),
        ({"units": 1}, ValueError, "which layer"),
        ({"layer": {"deep": 1}, "units": 1}, ValueError, "leave out units"),
        ({"layer": "deep", "objective": objectives.logit(0)}, ValueError, "leave out layer"),
        ({"objective": objectives.logit(9)}, IndexError, "0 to 3"),
        ({"objective": objectives.unit("nowhere", 1)}, UnknownLayerError, "nowhere"),
        ({"objective": objectives.Objective(())}, ValueError, "empty"),
        ({"layer": "deep", "units": 1, "objective": lambda layer, unit: 3}, TypeError, "must return an Objective"),
        ({"layer": "deep", "units": 1, "steps": 0}, ValueError, "steps"),
        ({"layer": "deep", "units": 1, "size": (3, 4, 5)}, ValueError, "height, width"),
        ({"layer": "deep", "units": 1, "size": 0}, ValueError, "size"),
        ({"layer": "deep", "units": 1, "recipe": "slow"}, ValueError, "slow"),
        ({"layer": "deep", "units": 1, "parameterization": "wavelet"}, ValueError, "wavelet"),
        ({"layer": "deep", "units": 1, "precision": "float16"}, ValueError, "autocast"),
        ({"layer": "deep", "units": 1, "diversity": 1.0}, ValueError, "n_images"),
        ({"layer": "deep", "units": 1, "spectrum": np.ones((3, 4, 3))}, ValueError, "maco"),
        ({"layer": "deep", "units": 1, "normalize": 3}, TypeError, "function"),
        ({"layer": "deep", "units": 1, "seed": -1}, ValueError, "seed"),
        ({"layer": "deep", "units": 1, "recording": 3}, TypeError, "nbi.record"),
        ({"layer": "deep", "units": 1, "judge": UnitNet()}, TypeError, "wrap the model"),
        ({"layer": "deep", "units": 1, "batch_size": 0}, ValueError, "batch_size"),
    ],
)
def test_bad_input_is_refused_at_once(arguments, error, text):
    net = small_net()
    with pytest.raises(error, match=text):
        maximize(net, **{"size": SIZE, "steps": 3, **arguments})
    assert sum(net.module.batches) <= 1  # nothing but the dry run


def test_a_module_in_the_place_of_a_classifier_is_refused():
    with pytest.raises(TypeError, match="wrap the model"):
        maximize(UnitNet(), "deep", 1, **FAST)
