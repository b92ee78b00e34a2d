"""Total variation denoising: as scikit-image does it, a minimum, and no surprises in batches or scales."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from skimage.restoration import denoise_tv_bregman

from nbinterp.kernels.total_variation import denoise_tv, from_255, no_state, total_variation

PUBLISHED = (0.001, 0.01, 0.05, 0.1, 0.4, 2.0)


def noisy(n=2, channels=3, height=23, width=38, seed=0):
    """Blocks of colour with noise, of odd and non-square size."""
    generator = torch.Generator().manual_seed(seed)
    coarse = torch.rand(n, channels, 3, 4, generator=generator, dtype=torch.float64)
    images = torch.nn.functional.interpolate(coarse, size=(height, width), mode="nearest")
    return (images + 0.05 * torch.randn(images.shape, generator=generator, dtype=torch.float64)).clamp(0, 1)


def energy(u, images, weight):
    """What is minimized, for u = the image with its fixed frame as scikit-image has it; φ by quadrature."""
    coupling = 2 * weight
    framed = np.pad(np.pad(images, ((1, 0), (1, 0)), mode="reflect"), ((0, 1), (0, 1)), mode="edge")
    framed[1:-1, 1:-1] = u
    right, down = framed[1:-1, 2:] - u, framed[2:, 1:-1] - u
    slopes = np.linspace(0, 1, 201)[:, None, None] * np.hypot(right, down) * coupling
    x = (slopes + np.sqrt(slopes**2 + 4 * slopes)) / 2
    phi = np.trapezoid(x / (1 + x), dx=1 / 200, axis=0) * np.hypot(right, down)
    frame = coupling / 2 * (((u - framed[1:-1, :-2])[:, 0] ** 2).sum() + ((u - framed[:-2, 1:-1])[0] ** 2).sum())
    return phi.sum() + frame + weight / 2 * ((u - images) ** 2).sum()


@pytest.mark.parametrize("weight", PUBLISHED)
def test_agrees_with_scikit_image(weight):
    """Root mean square within 0.05 grey levels after 100 iterations, and the same minimum in the end."""
    images = noisy()
    expected = np.stack([denoise_tv_bregman(x * 255, weight, 100, 1e-3, channel_axis=0) for x in images.numpy()])
    found, _ = denoise_tv(images, from_255(weight))
    assert np.sqrt(((found.numpy() * 255 - expected) ** 2).mean()) < 0.05
    limit = denoise_tv_bregman(images[0].numpy() * 255, weight, 3000, 1e-9, channel_axis=0)
    ours, _ = denoise_tv(images[:1], from_255(weight), iterations=3000, tolerance=1e-12)
    np.testing.assert_allclose(ours[0].numpy() * 255, limit, atol=1e-3)


def test_it_is_a_minimum():
    image = noisy(1, 1, 12, 9)
    weight = from_255(0.05)
    found = denoise_tv(image, weight, iterations=3000, tolerance=1e-13)[0][0, 0].numpy()
    least = energy(found, image[0, 0].numpy(), weight)
    rng = np.random.default_rng(0)
    for size in (1e-1, 1e-2, 1e-3):
        for _ in range(20):
            moved = found + size * rng.normal(size=found.shape)
            assert energy(moved, image[0, 0].numpy(), weight) > least


def test_weights_scale_with_the_image():
    images = noisy()
    found, _ = denoise_tv(images, from_255(0.1), tolerance=0.0)
    grey_levels, _ = denoise_tv(images * 255, 0.1, tolerance=0.0)
    torch.testing.assert_close(found * 255, grey_levels)
    raw, _ = denoise_tv(images, 0.4)
    assert total_variation(raw).mean() < 0.5 * total_variation(denoise_tv(images, from_255(0.4))[0]).mean()


def test_smaller_weights_smooth_more():
    images = noisy()
    left = [float(total_variation(denoise_tv(images, from_255(weight))[0]).mean()) for weight in PUBLISHED]
    assert left == sorted(left) and left[-1] < float(total_variation(images).mean())


def test_images_of_a_batch_are_on_their_own():
    images = noisy(3)
    weights = torch.tensor([0.01, 0.4, 2.0], dtype=torch.float64) * 255
    together, state = denoise_tv(images, weights)
    for i in range(3):
        alone, own = denoise_tv(images[i : i + 1], float(weights[i]))
        torch.testing.assert_close(together[i : i + 1], alone, atol=1e-12, rtol=0)
        torch.testing.assert_close(state.bregman[:, i : i + 1], own.bregman)


def test_a_state_saves_iterations():
    images = noisy()
    changed = (images + 0.004 * torch.sign(images - 0.5)).clamp(0, 1)
    exact, _ = denoise_tv(changed, from_255(0.4), iterations=500, tolerance=1e-10)
    _, state = denoise_tv(images, from_255(0.4))
    before = state.split.clone()
    warm, _ = denoise_tv(changed, from_255(0.4), iterations=5, start=state)
    cold, _ = denoise_tv(changed, from_255(0.4), iterations=5)
    assert (warm - exact).square().mean() < 0.2 * (cold - exact).square().mean()
    assert torch.equal(state.split, before)


def test_inputs_stay_and_float32_is_enough():
    images = noisy()
    before = images.clone()
    found, _ = denoise_tv(images, 10.0)
    assert torch.equal(images, before)
    single, _ = denoise_tv(images.float(), 10.0)
    torch.testing.assert_close(single, found.float(), atol=1e-5, rtol=0)


def test_total_variation_of_a_step():
    image = torch.zeros(1, 1, 4, 6)
    image[..., 3:] = 0.5
    assert float(total_variation(image)) == pytest.approx(0.5 * 4 / 24)
    assert float(total_variation(torch.full((1, 3, 5, 7), 0.3))) == 0


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: denoise_tv(noisy(), 0.0), "positive"),
        (lambda: denoise_tv(noisy(), torch.ones(3, dtype=torch.float64)), "one weight, or 2"),
        (lambda: denoise_tv(noisy(), 1.0, iterations=0), "iterations"),
        (lambda: denoise_tv(noisy(height=1), 1.0), "2 × 2"),
        (lambda: denoise_tv(noisy(), 1.0, start=no_state(noisy(3))), "state"),
    ],
)
def test_wrong_arguments_are_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()
