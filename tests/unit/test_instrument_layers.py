"""Names of layers: found, suggested, reused, duplicated, refused."""

import jaxtyping
import pytest
import torch
import torchvision
from torch import nn

from nbinterp.instrument import Classifier, UnknownLayerError, editing, get_layer, recording


@pytest.fixture
def unchecked():
    """Without the run-time type checks of the test session: what a user meets is our own message."""
    jaxtyping.config.update("jaxtyping_disable", True)
    yield
    jaxtyping.config.update("jaxtyping_disable", False)


@pytest.fixture(scope="module")
def squeezenet():
    return Classifier(torchvision.models.squeezenet1_1(weights=None, num_classes=10), device="cpu")


class Reused(nn.Module):
    """x -> 2x (conv) -> 2x (conv again) -> +1 (relu shared under two names)."""

    def __init__(self, n_calls: int = 2) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 1, 1, bias=False)
        self.first = nn.ReLU()
        self.second = self.first
        self.n_calls = n_calls
        nn.init.constant_(self.conv.weight, 2.0)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for _ in range(self.n_calls):
            x = self.conv(x)
        return self.second(-self.first(x) + 100).flatten(1)


ONE = torch.ones(1, 1, 1, 1)


def test_a_name_and_a_module_mean_the_same_layer(squeezenet):
    assert squeezenet.resolve("features.7") == "features.7"
    assert squeezenet.resolve(squeezenet.module.features[7]) == "features.7"
    assert get_layer(squeezenet.module, "features.7") is squeezenet.module.features[7]
    assert squeezenet.resolve("features.7@0") == "features.7"
    assert squeezenet.resolve("features.7@1") == "features.7@1"


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("feature.7", ["SqueezeNet has no layer 'feature.7'", "Did you mean 'features.7'", "net.layers()"]),
        ("features.3.expand", ["'features.3.expand1x1'"]),
        ("zzz", ["It has 'features', 'classifier'"]),
        ("features.7@x", ["After '@' comes the number of a call: 'features.7@1'"]),
        ("features.7@", ["After '@'"]),
        ("", ["the whole SqueezeNet is not one of its own layers", "nn.Sequential(model)"]),
        ("squeeze", ["'features.3.squeeze'"]),
    ],
)
def test_a_wrong_name_suggests_the_nearest(squeezenet, asked, words):
    with pytest.raises(UnknownLayerError) as error:
        squeezenet.resolve(asked)
    for word in words:
        assert word in str(error.value)
    with pytest.raises(LookupError), squeezenet.recording([asked]):
        pass


def test_a_module_of_another_model_is_refused(squeezenet):
    with pytest.raises(UnknownLayerError, match="not a part of this SqueezeNet"):
        squeezenet.resolve(nn.ReLU())
    with pytest.raises(UnknownLayerError, match="not one of its own layers"):
        squeezenet.resolve(squeezenet.module)


def test_something_else_than_a_layer_is_refused(squeezenet, unchecked):
    with pytest.raises(TypeError, match=r"a layer is a name such as 'features.7'.*got 7"):
        squeezenet.resolve(7)


def test_calls_of_a_reused_module_are_kept_apart():
    with recording(Reused(), ["conv", "conv@1"]) as activations:
        Reused()(ONE)
        assert not activations  # another model's forward pass is no business of ours
    model = Reused()
    with recording(model, ["conv@1", "conv"]) as activations:
        for _ in range(3):  # counted anew each time
            model(ONE)
            assert {name: units.maps.item() for name, units in activations.items()} == {"conv@1": 4.0, "conv": 2.0}
        assert activations["conv@0"] is activations["conv"] is activations[model.conv]


def test_a_name_that_contains_the_sign_is_found():
    model = nn.Sequential()
    model.add_module("a@1", nn.ReLU())
    with recording(model, "a@1") as activations:
        model(ONE)
    assert list(activations) == ["a@1"]


def test_a_call_that_does_not_happen_is_an_error_after_the_forward_pass():
    model = Reused()
    with (
        recording(model, ["conv@2"]),
        pytest.raises(UnknownLayerError, match=r"'conv@2' did not run.*only 'conv', 'conv@1'"),
    ):
        model(ONE)
    with editing(model, {"conv@2": torch.neg}), pytest.raises(UnknownLayerError, match="'conv@2' did not run"):
        model(ONE)
    model.n_calls = 3
    with recording(model, ["conv@2"]) as activations:
        model(ONE)
        assert activations["conv@2"].maps.item() == 8.0


def test_a_layer_that_never_runs_is_an_error():
    model = Reused(n_calls=0)
    with recording(model, ["conv"]), pytest.raises(UnknownLayerError, match="'conv' did not run in this forward pass"):
        model(ONE)


def test_a_second_name_of_a_module_that_runs_twice_must_say_which_call():
    model = Reused()
    with (
        recording(model, ["second"]),
        pytest.raises(UnknownLayerError, match=r"same module as 'first'.*'second@0', 'second@1'"),
    ):
        model(ONE)
    with recording(model, ["first", "second@1", "second@0"]) as activations:
        model(ONE)
        assert [activations[k].maps.item() for k in ("first", "second@1", "second")] == [4.0, 96.0, 4.0]


def test_a_second_name_of_a_module_that_runs_once_is_enough():
    shared = nn.ReLU()
    model = nn.ModuleDict({"a": shared, "b": shared})
    model.forward = lambda x: model["b"](x)
    with recording(model, ["b"]) as activations:
        model(ONE)
        assert activations["b"].maps.item() == 1.0


def test_two_edits_of_one_layer_are_refused():
    model = Reused()
    with (
        pytest.raises(ValueError, match="two edits are given for the same layer"),
        editing(model, {"conv": torch.neg, "conv@0": torch.neg}),
    ):
        pass


def test_one_layer_may_be_given_bare():
    model = nn.Sequential(nn.Sequential(nn.ReLU(), nn.ReLU()), nn.ReLU())
    for layer, name in (("0.1", "0.1"), (model[0], "0")):  # a Sequential is iterable, and still one layer
        with recording(model, layer) as activations:
            model(ONE)
            assert list(activations) == [name]
