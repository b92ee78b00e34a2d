"""ReLU gradient redirection, element by element, through modules, functions and in-place calls."""

from __future__ import annotations

import math

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from nbinterp.kernels.redirection import redirecting_relu

INPUTS = [[-1.0, -2.0, 0.5], [-1.0, -2.0, -0.5], [-1.0, 0.0, 7.0], [0.0, 6.0, 8.0]]
GRADIENTS = [[0.3, -0.4, 0.2], [0.3, -0.4, -0.1], [0.3, -0.4, 0.0], [0.3, -0.7, 0.5]]

RELUS = {
    "module": nn.ReLU(),
    "in-place module": nn.ReLU(inplace=True),
    "F.relu": F.relu,
    "F.relu in place": lambda x: F.relu(x, inplace=True),
    "torch.relu": torch.relu,
    "method": lambda x: x.relu(),
    "in-place method": lambda x: x.relu_(),
    "torch.relu_": torch.relu_,
    "threshold": nn.Threshold(0.0, 0.0),
    "keyword": lambda x: F.threshold(input=x, threshold=0.0, value=0.0, inplace=True),
}
RELU6S = {
    "module": nn.ReLU6(),
    "in-place module": nn.ReLU6(inplace=True),
    "F.relu6": F.relu6,
    "F.relu6 in place": lambda x: F.relu6(x, inplace=True),
    "hardtanh": lambda x: F.hardtanh(x, 0.0, 6.0),
    "in-place hardtanh": lambda x: F.hardtanh_(x, min_val=0.0, max_val=6.0),
}
ALL = [(call, math.inf) for call in RELUS.values()] + [(call, 6.0) for call in RELU6S.values()]
NAMES = [*RELUS, *(f"6: {name}" for name in RELU6S)]


def expected_gradient(upper):
    """Lucid's rule, number by number."""
    rows = []
    for inputs, gradients in zip(INPUTS, GRADIENTS, strict=True):
        plain = [g if 0 < x < upper else 0.0 for x, g in zip(inputs, gradients, strict=True)]
        redirected = [
            0.0 if (x <= 0 and g > 0) or (x >= upper and g < 0) else g for x, g in zip(inputs, gradients, strict=True)
        ]
        rows.append(plain if any(plain) else redirected)
    return torch.tensor(rows)


def gradient_through(call, inputs=INPUTS, gradients=GRADIENTS):
    start = torch.tensor(inputs, requires_grad=True)
    outputs = call(start * 1)
    outputs.backward(torch.tensor(gradients))
    return outputs.detach(), start.grad


@pytest.mark.parametrize(("call", "upper"), ALL, ids=NAMES)
def test_a_dead_element_gets_the_redirected_gradient_and_only_that(call, upper):
    plain_outputs, plain = gradient_through(call)
    with redirecting_relu():
        outputs, gradient = gradient_through(call)
    assert torch.equal(outputs, plain_outputs)
    assert torch.equal(gradient, expected_gradient(upper))
    assert torch.equal(gradient[0], plain[0]) and not torch.equal(gradient[1], plain[1])
    assert torch.equal(gradient_through(call)[1], plain)  # nothing remains after the block


def test_the_worked_numbers():
    with redirecting_relu():
        relu = gradient_through(F.relu)[1]
        relu6 = gradient_through(F.relu6)[1]
    assert torch.equal(relu, torch.tensor([[0, 0, 0.2], [0, -0.4, -0.1], [0, -0.4, 0], [0, -0.7, 0.5]]))
    assert torch.equal(relu6[3], torch.tensor([0, 0, 0.5]))


@pytest.mark.parametrize("call", [call for call, _ in ALL], ids=NAMES)
def test_in_place_calls_change_their_input_as_without(call):
    def run():
        inputs = torch.tensor(INPUTS, requires_grad=True) * 1
        return call(inputs), inputs

    plain_outputs, plain_inputs = run()
    with redirecting_relu():
        outputs, inputs = run()
    assert torch.equal(inputs, plain_inputs)
    assert (outputs is inputs) == (plain_outputs is plain_inputs)


def test_other_calls_are_left_alone():
    for call in (F.hardtanh, nn.Threshold(0.1, 0.0), lambda x: x.clamp(min=0), F.leaky_relu):
        plain = gradient_through(call)
        with redirecting_relu():
            again = gradient_through(call)
        assert torch.equal(plain[1], again[1]) and torch.equal(plain[0], again[0])
    with redirecting_relu(), torch.no_grad():
        assert torch.relu(torch.tensor([-1.0, 2.0])).tolist() == [0, 2]


def test_a_dead_unit_is_revived_in_a_network():
    """One unit, its bias so low that it answers no image of [0, 1]: its loss has a gradient only when redirected."""
    model = nn.Sequential(nn.Conv2d(1, 2, 3, bias=True), nn.ReLU(inplace=True), nn.Conv2d(2, 1, 3), nn.ReLU6())
    with torch.no_grad():
        for layer, bias in ((model[0], 1.0), (model[2], -5.0)):
            layer.weight.fill_(0.1)
            layer.bias.fill_(bias)
    model.requires_grad_(False)
    image = torch.full((2, 1, 7, 9), 0.5, requires_grad=True)
    hooks = [len(part._forward_hooks) for part in model.modules()]
    (dead,) = torch.autograd.grad(-model(image).sum(), image)
    with redirecting_relu():
        loss = -model(image).sum()
    (revived,) = torch.autograd.grad(loss, image)
    assert not dead.any() and (revived[:, :, 2:-2, 2:-2] < 0).all()
    assert hooks == [len(part._forward_hooks) for part in model.modules()]


def test_the_block_ends_with_an_exception_too():
    with pytest.raises(RuntimeError, match="planted"), redirecting_relu():
        raise RuntimeError("planted")
    assert torch.equal(gradient_through(F.relu)[1][1], torch.zeros(3))
