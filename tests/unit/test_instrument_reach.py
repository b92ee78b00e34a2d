"""Forward passes that stop at the layer needed, and frozen weights."""

import pytest
import torch
from torch import nn

from nbinterp.instrument import ModelError, Reach, UnknownLayerError, activations_up_to, frozen, recording


class Net(nn.Module):
    """conv twice, an in-place ReLU, a tail that must not run, a token layer and logits."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 3, 3, padding=1)
        self.relu = nn.ReLU(inplace=True)
        self.tail = nn.Linear(3, 4)
        self.tail_runs = 0

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        maps = self.relu(self.conv(self.conv(images)))
        self.tail_runs += 1
        return self.tail(maps.mean((2, 3)))


@pytest.fixture
def net() -> Net:
    torch.manual_seed(0)
    return Net().eval()


@pytest.fixture
def images() -> torch.Tensor:
    return torch.rand(2, 3, 5, 7, generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize("layers", [["conv"], ["conv@1"], ["relu"], ["conv", "conv@1", "relu"], ["relu", "conv"]])
def test_activations_are_those_of_a_whole_pass_and_the_tail_does_not_run(net, images, layers):
    with recording(net, layers) as whole:
        net(images)
    net.tail_runs = 0
    found, logits = activations_up_to(net, layers, images)
    assert logits is None and net.tail_runs == 0
    assert list(found) == layers
    for layer in layers:
        assert torch.equal(found[layer].maps, whole[layer].maps)


def test_layers_before_the_last_are_safe_from_in_place_operations(net, images):
    found, logits = activations_up_to(net, ["conv@1"], images, logits=True)
    assert (found["conv@1"].maps < 0).any()  # the ReLU would have changed it
    assert torch.equal(logits, net(images))


def test_logits_alone_and_nothing_at_all(net, images):
    found, logits = activations_up_to(net, [], images, logits=True)
    assert found == {} and torch.equal(logits, net(images))
    net.tail_runs = 0
    assert activations_up_to(net, [], images) == ({}, None)
    assert net.tail_runs == 0


@pytest.mark.parametrize("layers", [["relu"], ["conv", "conv@1", "relu"]])
def test_gradients_are_those_of_a_whole_pass(net, images, layers):
    """The sum of what is read, differentiated; the ReLU works in place on one of the layers."""
    images.requires_grad_()
    found, _ = activations_up_to(net, layers, images)
    (ours,) = torch.autograd.grad(sum(found[layer].maps.square().sum() for layer in layers), images)
    first = net.conv(images)
    second = net.conv(first)
    values = {"conv": first, "conv@1": second, "relu": second.relu()}
    (plain,) = torch.autograd.grad(sum(values[layer].square().sum() for layer in layers), images)
    torch.testing.assert_close(ours, plain)


def test_the_gradient_mode_is_the_callers(net, images):
    with torch.no_grad():
        assert not activations_up_to(net, "conv", images)[0]["conv"].maps.requires_grad
    assert activations_up_to(net, "conv", images)[0]["conv"].maps.requires_grad


def test_tokens_and_flat_layers_are_read_as_units():
    class Tokens(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.block = nn.Linear(3, 5)
            self.head = nn.Linear(5, 2)

        def forward(self, images: torch.Tensor) -> torch.Tensor:
            return self.head(self.block(images.flatten(2).mT)[:, 0])

    found, _ = activations_up_to(Tokens(), "block", torch.rand(2, 3, 2, 6))
    assert found["block"].kind == "tokens" and found["block"].tokens.shape == (2, 12, 5)
    found, _ = activations_up_to(Tokens(), "head", torch.rand(2, 3, 2, 6))
    assert found["head"].flat.shape == (2, 2)


def test_a_model_that_catches_errors_goes_on_and_gives_the_same(images):
    class Careful(Net):
        def forward(self, images: torch.Tensor) -> torch.Tensor:
            try:
                maps = self.conv(images)
            except Exception:
                maps = images
            return self.tail(maps.mean((2, 3)))

    net = Careful().eval()
    found, _ = activations_up_to(net, "conv", images)
    assert torch.equal(found["conv"].maps, net.conv(images))


@pytest.mark.parametrize("layers", ["conv@2", "nowhere"])
def test_layers_that_do_not_run_are_refused(net, images, layers):
    with pytest.raises(UnknownLayerError):
        activations_up_to(net, layers, images)
    assert not net._forward_hooks and not net.conv._forward_hooks


def test_a_prepared_reach_can_be_used_again_and_recovers_from_errors(net, images):
    reach = Reach(net, "conv@1")
    first = reach(images)[0]["conv@1"].maps
    with pytest.raises(RuntimeError, match="channels"):
        reach(images[:, :2])
    assert torch.equal(reach(images)[0]["conv@1"].maps, first)
    assert not net._forward_hooks and not net._forward_pre_hooks and not net.conv._forward_hooks


def test_compiled_models_are_refused_when_a_reach_is_made(net):
    net.conv._compiled_call_impl = lambda *args: None  # what nn.Module.compile() leaves, without its cost
    with pytest.raises(TypeError, match="compiled"):
        Reach(net, "relu")


def test_outputs_without_units_are_refused(images):
    class Strange(nn.Module):
        def forward(self, images: torch.Tensor) -> torch.Tensor:
            return images.sum(0)

    net = nn.Sequential(Strange())
    with pytest.raises(ModelError, match="first axis"):
        activations_up_to(net, "0", torch.rand(2, 3, 5, 7))


@pytest.mark.parametrize("failure", [None, ZeroDivisionError(), KeyboardInterrupt()])
def test_frozen_weights_get_their_own_flags_back(net, failure):
    net.tail.weight.requires_grad_(False)
    before = {name: p.requires_grad for name, p in net.named_parameters()}
    try:
        with frozen(net):
            assert not any(p.requires_grad for p in net.parameters())
            if failure is not None:
                raise failure
    except (ZeroDivisionError, KeyboardInterrupt):
        pass
    assert {name: p.requires_grad for name, p in net.named_parameters()} == before
