"""Mean spectra: counts that add, their meaning, and their change of size."""

from __future__ import annotations

import pytest
import torch

from nbinterp.kernels.decorrelation import rgb_to_decorrelated
from nbinterp.kernels.fourier import frequencies
from nbinterp.kernels.spectra import count_magnitudes, mean_magnitude, resample_spectrum

IMAGES = torch.rand(6, 3, 7, 10, generator=torch.Generator().manual_seed(0))


def slow_magnitude(image):
    """|DFT| of one channel by the sum over all pixels, columns 0 to width // 2."""
    height, width = image.shape
    y, x = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    found = torch.empty(height, width // 2 + 1, dtype=torch.float64)
    for ky in range(height):
        for kx in range(width // 2 + 1):
            angle = 2 * torch.pi * (ky * y.double() / height + kx * x.double() / width)
            found[ky, kx] = torch.hypot((image * angle.cos()).sum(), (image * angle.sin()).sum())
    return found


@pytest.mark.parametrize("channels", [1, 2, 3])
def test_mean_magnitude_is_that_of_the_decorrelated_colours(channels):
    images = IMAGES[:, :channels]
    colours = rgb_to_decorrelated(images.double()) if channels == 3 else images.double()
    expected = torch.stack([torch.stack([slow_magnitude(c) for c in image]) for image in colours]).mean(0)
    got = mean_magnitude(count_magnitudes(images))
    assert got.dtype == torch.float32
    torch.testing.assert_close(got.double(), expected, rtol=1e-5, atol=1e-5)


def test_counts_add_over_unequal_batches():
    parts = [count_magnitudes(b) for b in IMAGES.split([1, 3, 2])]
    before = parts[0].total.clone()
    whole = mean_magnitude(count_magnitudes(IMAGES))
    torch.testing.assert_close(mean_magnitude(parts[0] + parts[1] + parts[2]), whole)
    torch.testing.assert_close(mean_magnitude(parts[2] + parts[0] + parts[1]), whole)
    assert torch.equal(parts[0].total, before) and parts[0].n_images == 1
    averaged = torch.stack([mean_magnitude(p) for p in parts]).mean(0)
    assert not torch.allclose(averaged, whole)


SIZES = [(16, 16), (15, 15), (9, 14), (14, 9), (40, 33), (1, 8), (8, 1)]


@pytest.mark.parametrize("to", SIZES)
@pytest.mark.parametrize("size", SIZES[:5])
def test_a_fall_with_frequency_stays_that_fall(size, to):
    """Magnitude a / f at every size; what grows is a, with the root of the number of pixels, and frequency 0."""
    spectra = []
    for height, width in (size, to):
        pixels = height * width
        f = frequencies(height, width)
        f[0, 0] = 1 / (3 * pixels**0.5)  # frequency 0: three times the number of pixels
        spectra.append((pixels**0.5 / f)[None])
    got = resample_spectrum(spectra[0], *to, from_width=size[1])
    torch.testing.assert_close(got, spectra[1], rtol=1e-9, atol=0)


@pytest.mark.parametrize("size", [(16, 16), (15, 15), (9, 14)])
def test_the_same_size_changes_nothing_and_shares_nothing(size):
    spectrum = torch.rand(2, size[0], size[1] // 2 + 1, generator=torch.Generator().manual_seed(1))
    got = resample_spectrum(spectrum, *size)
    assert torch.equal(got, spectrum) and got.data_ptr() != spectrum.data_ptr()


def test_rows_of_opposite_frequencies_stay_apart():
    """Stripes in one direction only: their energy stays in the rows it was in."""
    y, x = torch.meshgrid(torch.arange(24.0), torch.arange(24.0), indexing="ij")
    stripes = (0.5 + 0.5 * torch.cos(2 * torch.pi * (5 * y + 3 * x) / 24))[None, None]
    spectrum = mean_magnitude(count_magnitudes(stripes))
    got = resample_spectrum(spectrum, 48, 48)[0]
    got[0, 0] = 0
    assert torch.nonzero(got == got.max()).tolist() == [[10, 6]]
    assert got[-10, 6] < 1e-3 * got[10, 6]
    back = resample_spectrum(got[None], 24, 24)[0]
    assert torch.nonzero(back == back.max()).tolist() == [[5, 3]]
    flipped = resample_spectrum(torch.roll(spectrum.flip(1), 1, dims=1), 48, 48)[0]  # row ky becomes row -ky
    torch.testing.assert_close(torch.roll(flipped.flip(0), 1, dims=0)[1:], got[1:])


def test_a_finer_picture_of_the_same_scenes_has_about_that_spectrum():
    from nbinterp.data.world import SceneSource

    found = []
    for size in (32, 64):
        source = SceneSource(40, 3, size=size)
        pixels = torch.stack([torch.from_numpy(source.pixels(i).copy()) for i in range(40)])
        found.append(mean_magnitude(count_magnitudes(pixels.permute(0, 3, 1, 2) / 255)))
    logs = resample_spectrum(found[0], 64, 64).log(), found[1].log()
    torch.testing.assert_close(logs[0][:, 0, 0], logs[1][:, 0, 0], rtol=0, atol=0.05)
    assert (logs[0] - logs[1]).abs().mean() < 0.5  # within a factor of 1.65 on average, over three decades
    assert torch.corrcoef(torch.stack([log.flatten() for log in logs]))[0, 1] > 0.9


REFUSED = {
    r"got \(6, 3, 7, 0\)": lambda: count_magnitudes(IMAGES[..., :0]),
    "finite images": lambda: count_magnitudes(IMAGES / 0),
    "one size": lambda: count_magnitudes(IMAGES) + count_magnitudes(IMAGES[..., :9]),
    "10 pixels.*11 pixels": lambda: count_magnitudes(IMAGES) + count_magnitudes(torch.rand(1, 3, 7, 11)),
    "no image was counted": lambda: mean_magnitude(count_magnitudes(IMAGES[:0])),
    "10 or 11 pixels wide, not 12": lambda: resample_spectrum(torch.rand(1, 7, 6), 8, 8, from_width=12),
    "at least 1 × 1": lambda: resample_spectrum(torch.rand(1, 7, 6), 0, 8),
}


@pytest.mark.parametrize("message", REFUSED)
def test_wrong_arguments_are_refused_with_the_way_out(message):
    with pytest.raises(ValueError, match=message):
        REFUSED[message]()
