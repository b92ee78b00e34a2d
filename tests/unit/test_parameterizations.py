"""Parameterizations: every size, one channel and three, start points, slices, and slow re-derivations in float64."""

from __future__ import annotations

import cmath
import dataclasses
import math

import pytest
import torch

from nbinterp.kernels import decorrelation
from nbinterp.kernels.decorrelation import decorrelated_to_rgb, rgb_to_decorrelated
from nbinterp.kernels.fourier import fourier_scale
from nbinterp.kernels.parameterizations import (
    CPPN,
    MACO,
    Fourier,
    Latent,
    Parameterization,
    parameterization,
)

SIZES = [(1, 1), (1, 6), (7, 1), (2, 2), (8, 13), (9, 6), (11, 11)]
NAMES = ["pixel", "fourier", "maco", "cppn", "latent"]


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def painter(channels, size):
    """A generator of images from 7 numbers, black at -1 and white at 1."""
    numbers = torch.randn(channels * size[0] * size[1], 7, generator=seeded(9))
    return lambda latent: torch.tanh(latent @ numbers.T).unflatten(1, (channels, *size))


def make(name, channels, size):
    if name == "latent":
        return Latent(painter(channels, size), (7,), output_range=(-1.0, 1.0), bound=2.0)
    if name == "maco":
        return MACO(torch.rand(channels, size[0], size[1] // 2 + 1, generator=seeded(5)) + 0.1)
    return parameterization(name)


# ---- what all of them keep


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("channels", [1, 2, 3])
@pytest.mark.parametrize("name", NAMES)
def test_any_size_gives_differentiable_images_in_range(name, channels, size):
    found = make(name, channels, size)
    parameters = found.start(2, channels, size, seeded())
    assert isinstance(found, Parameterization)
    for tensor in parameters.values():
        assert tensor.dtype == torch.float32 and tensor.device.type == "cpu" and len(tensor) == 2
    images = found.images({k: v.requires_grad_() for k, v in parameters.items()}, channels, size)
    assert images.shape == (2, channels, *size) and images.dtype == torch.float32
    assert images.min() >= 0 and images.max() <= 1
    gradients = torch.autograd.grad((images * torch.rand(size)).sum(), list(parameters.values()))
    assert all(g.isfinite().all() for g in gradients)


@pytest.mark.parametrize("name", NAMES)
def test_a_slice_of_the_parameters_gives_exactly_these_images(name):
    size, found = (9, 6), make(name, 3, (9, 6))
    parameters = found.start(5, 3, size, seeded())
    generator = seeded(3)
    parameters = {k: v + 0.1 * torch.randn(v.shape, generator=generator) for k, v in parameters.items()}
    whole = found.images(parameters, 3, size)
    part = found.images({k: v[1:3] for k, v in parameters.items()}, 3, size)
    torch.testing.assert_close(part, whole[1:3], rtol=0, atol=1e-6)
    assert (whole[0] - whole[1]).abs().max() > 1e-4


@pytest.mark.parametrize("name", NAMES)
def test_start_points_do_not_depend_on_the_batch(name):
    found, size = make(name, 3, (5, 8)), (5, 8)
    random_state = torch.random.get_rng_state()
    many = found.start(5, 3, size, seeded())
    generator = seeded()
    few = [found.start(n, 3, size, generator) for n in (2, 3)]
    assert torch.equal(random_state, torch.random.get_rng_state())
    for key, tensor in many.items():
        assert torch.equal(tensor, torch.cat([f[key] for f in few])), key
    assert not all(torch.equal(found.start(5, 3, size, seeded(1))[k], v) for k, v in many.items())


@pytest.mark.parametrize("name", NAMES)
def test_double_precision_goes_through_and_agrees(name):
    size, found = (6, 9), make(name, 3, (6, 9))
    if name == "latent":
        found = dataclasses.replace(found, generator=lambda latent: painter(3, size)(latent.float()))
    parameters = found.start(2, 3, size, seeded())
    exact = found.images({k: v.double() for k, v in parameters.items()}, 3, size)
    torch.testing.assert_close(exact.float(), found.images(parameters, 3, size), rtol=0, atol=1e-5)


@pytest.mark.parametrize("name", ["fourier", "cppn"])
def test_what_is_cached_in_inference_mode_serves_gradients_later(name):
    size, found = (17, 19), parameterization(name)  # a size no other test uses
    decorrelation._matrix_like.cache_clear()
    parameters = found.start(1, 3, size, seeded())
    with torch.inference_mode():
        found.images(parameters, 3, size)
    found.images({k: v.requires_grad_() for k, v in parameters.items()}, 3, size).sum().backward()


# ---- against slow re-derivations


def slow_fourier(spectrum, decay, size):
    """The sum over all frequencies, one by one, in Python's complex numbers."""
    height, width = size
    image = torch.zeros(height, width, dtype=torch.float64)
    for ky in range(height):
        for kx in range(width // 2 + 1):
            fy, fx = (ky if ky <= (height - 1) // 2 else ky - height) / height, kx / width
            scale = math.sqrt(height * width) / max(math.hypot(fy, fx), 1 / max(height, width)) ** decay
            value = scale * complex(*spectrum[ky, kx].tolist())
            twice = 1 if kx == 0 or 2 * kx == width else 2  # the column's mirror image is not stored
            for y in range(height):
                for x in range(width):
                    wave = cmath.exp(2j * cmath.pi * (ky * y / height + kx * x / width))
                    image[y, x] += twice * (value * wave).real / (height * width) / 4
    return image


@pytest.mark.parametrize("size", [(4, 6), (5, 7), (6, 5), (1, 4), (3, 1)])
@pytest.mark.parametrize("decay", [0.0, 1.0, 1.5])
def test_fourier_is_the_published_formula(size, decay):
    found = Fourier(decay=decay, standard_deviation=0.7)
    parameters = found.start(1, 3, size, seeded())
    u = torch.stack([slow_fourier(c, decay, size) for c in parameters["spectrum"][0].double()])
    rgb = torch.empty_like(u)
    matrix = [[0.26, 0.09, 0.02], [0.27, 0.0, -0.05], [0.27, -0.09, 0.03]]
    norm = max(math.sqrt(sum(row[j] ** 2 for row in matrix)) for j in range(3))
    for i in range(3):
        rgb[i] = sum(matrix[i][j] / norm * u[j] for j in range(3))
    expected = 1 / (1 + torch.exp(-rgb))
    got = found.images({k: v.double() for k, v in parameters.items()}, 3, size)[0]
    torch.testing.assert_close(got, expected, rtol=0, atol=1e-9)
    grey = found.images({"spectrum": parameters["spectrum"][:, :1].double()}, 1, size)[0, 0]
    torch.testing.assert_close(grey, torch.sigmoid(u[0]), rtol=0, atol=1e-9)


@pytest.mark.parametrize("size", [(4, 5), (5, 4)])
def test_maco_is_the_published_formula(size):
    found = make("maco", 3, size)
    phase = found.start(1, 3, size, seeded())["phase"].double()
    magnitude = found.spectrum.double()
    spectrum = torch.stack([magnitude * phase[0].cos(), magnitude * phase[0].sin()], -1)
    u = torch.stack([slow_fourier(c, 0.0, size) for c in spectrum])
    u = (u - u.mean()) / u.var(correction=0).sqrt()
    expected = torch.sigmoid(decorrelated_to_rgb(u))
    torch.testing.assert_close(found.images({"phase": phase}, 3, size)[0], expected, rtol=0, atol=1e-9)
    louder = MACO(found.spectrum * 1e5)  # magnitudes matter up to a factor
    torch.testing.assert_close(louder.images({"phase": phase}, 3, size)[0], expected, rtol=0, atol=1e-6)


def test_maco_draws_phases_all_round_and_a_full_turn_changes_nothing():
    found = make("maco", 3, (12, 15))
    phase = found.start(4, 3, (12, 15), seeded())["phase"]
    assert phase.min() < -3.1 and phase.max() > 3.1 and phase.abs().max() <= math.pi
    assert abs(phase.mean()) < 0.1 and abs(phase.std() - math.pi / math.sqrt(3)) < 0.1
    turned = phase.clone()
    turned[:, 1, 3, 2] += 2 * math.pi
    images = [found.images({"phase": p}, 3, (12, 15)) for p in (phase, turned)]
    torch.testing.assert_close(*images, rtol=0, atol=1e-5)


def slow_cppn(parameters, image, size):
    """One image of a CPPN, pixel after pixel."""
    height, width = size
    painted = torch.empty(3, height, width, dtype=torch.float64)
    for y in range(height):
        for x in range(width):
            unit = 2 * math.sqrt(3) / max(size)
            values = torch.tensor([(x + 0.5 - width / 2) * unit, (y + 0.5 - height / 2) * unit], dtype=torch.float64)
            for layer in range(3):
                values = parameters[f"weight_{layer}"][image].double() @ values
                values = values + parameters[f"bias_{layer}"][image, :, 0].double()
                if layer < 2:
                    angle = values.atan()
                    values = torch.cat([angle / 0.67, angle**2 / 0.6])
            painted[:, y, x] = 1 / (1 + torch.exp(-values))
    return painted


def test_cppn_is_the_published_network_and_starts_grey():
    found, size = CPPN(layers=2, width=5), (3, 4)
    parameters = found.start(2, 3, size, seeded())
    assert torch.equal(found.images(parameters, 3, size), torch.full((2, 3, 3, 4), 0.5))
    parameters["weight_2"] = torch.randn(2, 3, 10, generator=seeded(1))
    for i, image in enumerate(found.images(parameters, 3, size)):
        torch.testing.assert_close(image.double(), slow_cppn(parameters, i, size), rtol=0, atol=1e-6)


def test_cppn_shows_the_same_pattern_at_three_times_the_size():
    found = CPPN(layers=2, width=6)
    parameters = found.start(1, 3, (5, 8), seeded())
    parameters["weight_2"] = torch.randn(1, 3, 12, generator=seeded(1))
    large = found.images(parameters, 3, (15, 24))
    torch.testing.assert_close(large[..., 1::3, 1::3], found.images(parameters, 3, (5, 8)), rtol=0, atol=1e-6)


def test_colours_go_there_and_back():
    colours = torch.randn(2, 4, 3, 5, 7, generator=seeded())
    there = rgb_to_decorrelated(colours)
    torch.testing.assert_close(decorrelated_to_rgb(there), colours, rtol=0, atol=1e-6)
    assert (there - colours).abs().max() > 0.5
    axes = decorrelated_to_rgb(torch.eye(3).double()[:, :, None, None])[..., 0, 0]  # one axis per row
    assert (axes[0] > 0).all() and axes[1, 0] > 0 > axes[1, 2] and axes[2, 1] < 0 < axes[2, 2]
    torch.testing.assert_close(axes[0].norm(), torch.tensor(1.0).double())
    with torch.autocast("cpu", torch.bfloat16):  # half precision would be off by 1e-2
        torch.testing.assert_close(rgb_to_decorrelated(colours), there, rtol=0, atol=1e-6)


def test_the_scale_is_built_once_per_size():
    assert fourier_scale(21, 34, 1.0, torch.float32, torch.device("cpu")) is fourier_scale(
        21, 34, 1.0, torch.float32, torch.device("cpu")
    )


@pytest.mark.parametrize("size", SIZES)
def test_the_fourier_gradient_is_that_of_the_formula(size):
    """Written out by hand, against torch's own through the formula of the module docstring, in float64."""
    for channels in (1, 3):
        found = Fourier()
        start = {"spectrum": torch.randn(2, channels, size[0], size[1] // 2 + 1, 2, generator=seeded(1)).double()}
        spectrum = start["spectrum"].requires_grad_()
        scale = fourier_scale(*size, 1.0, torch.float64, torch.device("cpu"))
        colours = torch.fft.irfft2(torch.view_as_complex(spectrum) * scale, s=size) / 4
        expected = torch.sigmoid(decorrelated_to_rgb(colours) if channels == 3 else colours)
        images = found.images(start, channels, size)
        torch.testing.assert_close(images, expected)
        weights = torch.randn(images.shape, generator=seeded(2)).double()
        (ours,) = torch.autograd.grad((images * weights).sum(), spectrum)
        (theirs,) = torch.autograd.grad((expected * weights).sum(), spectrum)
        torch.testing.assert_close(ours, theirs, rtol=1e-10, atol=1e-12)
