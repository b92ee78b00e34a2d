"""Start images, the latents of generators, and what parameterizations refuse."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from nbinterp.kernels.decorrelation import decorrelated_to_rgb, rgb_to_decorrelated
from nbinterp.kernels.parameterizations import CPPN, MACO, Fourier, Latent, Pixel, parameterization
from nbinterp.kernels.spectra import count_magnitudes, mean_magnitude


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


# ---- starting from an image


@pytest.mark.parametrize("size", [(8, 13), (9, 6), (32, 31)])
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("found", [Pixel(), Fourier(), Fourier(decay=0.0), Fourier(decorrelate=False)])
def test_a_start_image_comes_back(found, channels, size):
    image = torch.rand(1, channels, *size, generator=seeded()) * 0.98 + 0.01
    parameters = found.start(3, channels, size, seeded(), image=image)
    torch.testing.assert_close(found.images(parameters, channels, size), image.expand(3, -1, -1, -1), rtol=0, atol=1e-4)
    several = torch.cat([image, 1 - image, image.flip(-1)])
    parameters = found.start(3, channels, size, seeded(), image=several)
    torch.testing.assert_close(found.images(parameters, channels, size), several, rtol=0, atol=1e-4)


def test_maco_with_an_images_own_spectrum_shows_the_image_again():
    """Phases from the image, magnitudes too: only mean and contrast are standardized."""
    image = torch.rand(1, 3, 9, 14, generator=seeded()) * 0.9 + 0.05
    colours = rgb_to_decorrelated(torch.logit(image))
    found = MACO(torch.fft.rfft2(colours)[0].abs())
    shown = found.images(found.start(1, 3, (9, 14), seeded(), image=image), 3, (9, 14))
    expected = (colours - colours.mean()) / colours.std(correction=0)
    torch.testing.assert_close(shown, torch.sigmoid(decorrelated_to_rgb(expected)), rtol=0, atol=1e-4)


def test_start_images_are_resampled_clipped_and_left_alone():
    left_to_right = torch.linspace(0, 1, 40).expand(1, 1, 20, 40).clone()
    before = left_to_right.clone()
    found = Fourier()
    small = found.images(found.start(1, 1, (5, 10), seeded(), image=left_to_right), 1, (5, 10))
    torch.testing.assert_close(small[0, 0, 2, 1:-1], before[0, 0, 0].view(10, 4).mean(1)[1:-1], rtol=0, atol=2e-3)
    assert torch.equal(left_to_right, before)
    every_fourth = torch.zeros(1, 1, 20, 40)  # no sample of a plain bilinear quarter would see these columns
    every_fourth[..., ::4] = 1
    small = found.images(found.start(1, 1, (5, 10), seeded(), image=every_fourth), 1, (5, 10))
    torch.testing.assert_close(small[0, 0, :, 1:-1], torch.full((5, 8), 0.25), rtol=0, atol=0.02)
    white = found.images(found.start(1, 3, (4, 4), seeded(), image=torch.ones(1, 3, 4, 4)), 3, (4, 4))
    torch.testing.assert_close(white, torch.full((1, 3, 4, 4), 0.99), rtol=0, atol=1e-4)


# ---- the latent of a generator


def test_latents_are_bounded_and_scaled_and_the_generator_is_unchanged():
    module = nn.Sequential(nn.Linear(4, 2 * 3 * 5), nn.Tanh(), nn.Unflatten(1, (2, 3, 5))).eval()
    weights = {k: v.clone() for k, v in module.state_dict().items()}
    found = Latent(module, (4,), output_range=(-1.0, 1.0), bound=0.5)
    assert found.module is module and Latent(torch.sigmoid, (7,)).module is None
    latent = found.start(3, 2, (3, 5), seeded())["latent"]
    got = found.images({"latent": latent}, 2, (3, 5))
    torch.testing.assert_close(got, (module(0.5 * torch.tanh(latent / 0.5)) + 1) / 2)
    huge = found.images({"latent": latent * 1e6}, 2, (3, 5))
    torch.testing.assert_close(huge, (module(0.5 * latent.sign()) + 1) / 2)
    assert all(torch.equal(v, weights[k]) for k, v in module.state_dict().items())
    assert all(p.grad is None and p.requires_grad for p in module.parameters())


# ---- refusals

IMAGE = torch.full((1, 3, 4, 6), 0.5)
LINEAR = nn.Sequential(nn.Linear(4, 18), nn.Unflatten(1, (3, 2, 3)))
SPECTRUM = mean_magnitude(count_magnitudes(IMAGE))
REFUSED = {
    "from 'pixel', 'fourier', 'maco', 'cppn'": lambda: parameterization("pixels"),
    "a class is called first": lambda: parameterization(Fourier),
    "got n=0": lambda: Pixel().start(0, 3, (4, 6), seeded()),
    r"size=\(0, 6\)": lambda: Fourier().start(1, 3, (0, 6), seeded()),
    r"\(1 or 2, 3, height, width\), got \(3, 3, 4, 6\)": lambda: Pixel().start(
        2, 3, (4, 6), seeded(), image=IMAGE.expand(3, -1, -1, -1)
    ),
    r"\(1 or 1, 1, height, width\)": lambda: Pixel().start(1, 1, (4, 6), seeded(), image=IMAGE),
    "divide 8-bit images by 255": lambda: Fourier().start(1, 3, (4, 6), seeded(), image=IMAGE * 255),
    "replace NaN": lambda: Fourier().start(1, 3, (4, 6), seeded(), image=IMAGE * float("nan")),
    "CPPN cannot start from an image": lambda: CPPN().start(1, 3, (4, 6), seeded(), image=IMAGE),
    "latent cannot start from an image": lambda: Latent(LINEAR, (4,)).start(1, 3, (2, 3), seeded(), image=IMAGE),
    "MACO needs a spectrum": lambda: MACO().start(1, 3, (4, 6), seeded()),
    r"shape \(3, 4, 5\).*resample_spectrum": lambda: MACO(SPECTRUM).start(1, 3, (4, 8), seeded()),
    "finite and not negative": lambda: MACO(-SPECTRUM),
    "call .eval": lambda: Latent(LINEAR.train(), (4,)).start(1, 3, (2, 3), seeded()),
    "pass its output_range": lambda: Latent(LINEAR.eval(), (4,), standard_deviation=9.0).start(1, 3, (2, 3), seeded()),
    "3 channels and 5 × 5 pixels.*ask for the size it generates": lambda: Latent(LINEAR.eval(), (4,)).start(
        1, 3, (5, 5), seeded()
    ),
    "black < white": lambda: Latent(LINEAR, (4,), output_range=(1.0, -1.0)),
    "positive bound": lambda: Latent(LINEAR, (4,), bound=0.0),
    "layers=0": lambda: CPPN(layers=0),
    r"spectrum of shape \(n, 3, 4, 3, 2\)": lambda: Fourier().images(
        Fourier().start(1, 3, (4, 6), seeded()), 3, (4, 5)
    ),
    r"pixels of shape \(n, 1, 4, 6\)": lambda: Pixel().images(Pixel().start(1, 3, (4, 6), seeded()), 1, (4, 6)),
    "2 hidden layers": lambda: CPPN(layers=2).images(CPPN(layers=3).start(1, 3, (4, 6), seeded()), 3, (4, 6)),
}


@pytest.mark.parametrize("message", REFUSED)
def test_wrong_arguments_are_refused_with_the_way_out(message):
    with pytest.raises(ValueError, match=message):
        REFUSED[message]()
