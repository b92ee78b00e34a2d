"""Parameterizations on planted units, whose best image is known exactly."""

from __future__ import annotations

import math

import pytest
import torch

from nbinterp.kernels.fourier import Fourier, fourier_scale, frequencies
from nbinterp.kernels.parameterizations import CPPN, MACO, Latent, Pixel

SIZE = (48, 53)


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def gabor(side=21, turn=0.6):
    """A luminance grating under a Gaussian, without mean."""
    y, x = torch.meshgrid(torch.arange(side) - side // 2, torch.arange(side) - side // 2, indexing="ij")
    along = x * math.cos(turn) + y * math.sin(turn)
    template = torch.exp(-(x**2 + y**2) / 50) * torch.cos(2 * math.pi * along / 6 + 0.4)
    return template - template.mean()


def planted_unit():
    """Weights of a linear unit that sees a 21 × 21 Gabor at the centre of the image."""
    weights = torch.zeros(3, *SIZE)
    weights[:, 13:34, 16:37] = gabor()
    return weights


def share_of_optimum(images, weights):
    """0 for the plain grey image, 1 for the best image there is: white where the weights are positive."""
    gain = ((images - 0.5) * weights).sum((1, 2, 3))
    return gain / (weights.abs().sum() / 2)


def climb(found, weights, learning_rate, *, steps=256, seed=0):
    """The images of two start points after that many steps of Adam."""
    parameters = {k: v.requires_grad_() for k, v in found.start(2, 3, SIZE, seeded(seed)).items()}
    optimizer = torch.optim.Adam(parameters.values(), lr=learning_rate)
    for _ in range(steps):
        optimizer.zero_grad()
        (-(found.images(parameters, 3, SIZE) * weights).sum()).backward()
        optimizer.step()
    return found.images(parameters, 3, SIZE).detach()


def natural_spectrum():
    """Magnitudes that fall as 1 / f, luminance strongest."""
    fall = 1 / frequencies(*SIZE).clamp(min=1 / max(SIZE))
    return (fall * torch.tensor([1.0, 0.3, 0.15])[:, None, None]).float()


def test_the_less_a_parameterization_is_bound_the_nearer_it_comes_to_the_optimum():
    weights = planted_unit()
    maco = MACO(natural_spectrum())
    shares = {
        "pixel": climb(Pixel(), weights, 0.05),
        "fourier": climb(Fourier(), weights, 0.05),
        "maco": climb(maco, weights, maco.learning_rate),
        "random": torch.rand(2, 3, *SIZE, generator=seeded()),
    }
    shares = {name: share_of_optimum(images, weights) for name, images in shares.items()}
    assert shares["pixel"].min() > 0.97
    assert shares["pixel"].min() > shares["fourier"].max() and shares["fourier"].min() > 0.75
    assert shares["fourier"].min() > shares["maco"].max() and shares["maco"].min() > 0.3
    assert shares["random"].abs().max() < 0.1


def test_each_parameterization_serves_the_unit_asked_for_and_not_another():
    """Negative control: a Gabor turned by a right angle gains next to nothing."""
    weights, other = planted_unit(), torch.zeros(3, *SIZE)
    other[:, 13:34, 16:37] = gabor(turn=0.6 + math.pi / 2)
    for found, rate in ((Pixel(), 0.05), (Fourier(), 0.05), (MACO(natural_spectrum()), 0.3), (CPPN(), 0.005)):
        images = climb(found, weights, rate, steps=60)
        served, ignored = share_of_optimum(images, weights), share_of_optimum(images, other)
        assert served.min() > 0.2 and ignored.abs().max() < 0.2 * served.min(), found


def test_a_linear_unit_on_the_unit_sphere_is_matched_exactly():
    """Through a linear generator that rotates the pixels: cosine 1 with the template, 0 with one orthogonal to it."""
    template, control = torch.linalg.qr(torch.randn(60, 2, generator=seeded()))[0].T
    rotation = torch.linalg.qr(torch.randn(60, 60, generator=seeded(1)))[0]
    found = Latent(lambda z: (z @ rotation).unflatten(1, (3, 4, 5)), (60,), output_range=(-1.0, 1.0))
    latent = found.start(4, 3, (4, 5), seeded(2))["latent"]
    for _ in range(200):
        latent = (latent / latent.norm(dim=1, keepdim=True)).requires_grad_()
        pixels = 2 * found.images({"latent": latent}, 3, (4, 5)).flatten(1) - 1
        (gradient,) = torch.autograd.grad((3 * pixels @ template).sum(), latent)
        latent = latent.detach() + gradient
    pixels = latent @ rotation
    pixels = pixels / pixels.norm(dim=1, keepdim=True)
    torch.testing.assert_close(pixels @ template, torch.ones(4), rtol=0, atol=1e-5)
    torch.testing.assert_close(3 * pixels @ template, torch.full((4,), 3.0), rtol=0, atol=1e-4)  # activation = ‖w‖
    assert (pixels @ control).abs().max() < 1e-3


@pytest.mark.parametrize("size", [(12, 16), (13, 17), (9, 10)])
def test_macos_magnitude_stays_on_the_interior_columns(size):
    spectrum = torch.rand(3, size[0], size[1] // 2 + 1, generator=seeded()) + 0.1
    found = MACO(spectrum)
    phase = 5 * torch.randn(2, *spectrum.shape, generator=seeded(1))  # anywhere, as after many steps
    magnitude = torch.fft.rfft2(found.colours({"phase": phase}, 3, size)).abs()
    interior = slice(1, (size[1] + 1) // 2)
    torch.testing.assert_close(
        magnitude[..., interior], spectrum[..., interior].expand(2, -1, -1, -1), rtol=1e-4, atol=0
    )
    assert (magnitude[..., 0] - spectrum[..., 0]).abs().max() > 0.1  # the DC column is not held


@pytest.mark.parametrize("size", [(6, 8), (5, 7), (7, 4)])
def test_without_decay_fourier_is_an_orthogonal_change_of_axes(size):
    """The map A from numbers to pixels has A Aᵀ = B: 1 / 16 on waves of the edge columns, 2 / 16 on the others.

    An interior frequency is stored once and stands for its mirror image too, hence the 2.
    """
    height, width = size
    n_numbers = height * (width // 2 + 1) * 2
    basis = torch.eye(n_numbers, dtype=torch.float64).view(n_numbers, 1, height, width // 2 + 1, 2)
    images = Fourier(decay=0.0).images({"spectrum": basis * 1e-3}, 1, size)
    matrix = (torch.logit(images) * 1e3).flatten(1).T
    gains = torch.linalg.eigvalsh(matrix @ matrix.T) * 16
    n_edge = height * (2 if width % 2 == 0 else 1)
    expected = torch.cat([torch.ones(n_edge), torch.full((height * width - n_edge,), 2.0)]).double()
    torch.testing.assert_close(gains, expected, rtol=0, atol=1e-6)


@pytest.mark.parametrize("decay", [0.0, 1.0, 2.0])
def test_the_gradient_at_the_start_has_a_power_of_the_scale_squared(decay):
    size, found = (10, 13), Fourier(decay=decay, standard_deviation=1e-4)
    weights = torch.randn(1, *size, generator=seeded(), dtype=torch.float64)
    spectrum = found.start(1, 1, size, seeded())["spectrum"].double().requires_grad_()
    (gradient,) = torch.autograd.grad((found.images({"spectrum": spectrum}, 1, size) * weights).sum(), spectrum)
    power = gradient[0, 0].square().sum(-1) / torch.fft.rfft2(weights)[0].abs().square()
    ratio = power / fourier_scale(*size, decay, torch.float64, torch.device("cpu")) ** 2
    interior = ratio[:, 1:]  # 13 columns: only the first stands for itself
    torch.testing.assert_close(interior, torch.full_like(interior, (2 / 4 / 4 / 130) ** 2), rtol=1e-2, atol=0)
    if decay:
        assert power.max() / power.min() > 10
