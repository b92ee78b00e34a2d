"""The mean magnitude of the spectra of a set of images: what MACO keeps fixed.

Fel et al., NeurIPS 2023, arXiv:2306.06805. The images enter as they are, in [0, 1], not through the inverse of the
sigmoid that MACO ends with: the result is standardized before that sigmoid, so the two scales differ by little more
than a factor, and pixels of exactly 0 or 1 would be infinite. Three channels are decorrelated first, as in the
spectrum file the authors published; any other number is taken as it is.
Axes: batch, channel, height, width, freq (columns 0 to width // 2 of a real image's spectrum).
"""

from dataclasses import dataclass

import torch
from jaxtyping import Float, Float32, Float64
from torch import Tensor

from .decorrelation import rgb_to_decorrelated
from .fourier import frequencies


@dataclass(frozen=True)
class MagnitudeCounts:
    """Summed magnitudes of the spectra of images of one size, additive over batches."""

    total: Float64[Tensor, "channel height freq"]
    n_images: int
    width: int

    def __add__(self, other: "MagnitudeCounts") -> "MagnitudeCounts":
        """Add the counts of two disjoint sets of images; channels and size must be the same."""
        if self.total.shape != other.total.shape or self.width != other.width:
            raise ValueError(
                f"counts of {_describe(self)} cannot be added to counts of {_describe(other)}: "
                "bring all images to one size and number of channels first"
            )
        return MagnitudeCounts(self.total + other.total, self.n_images + other.n_images, self.width)


def count_magnitudes(images: Float[Tensor, "batch channel height width"]) -> MagnitudeCounts:
    """Sum the magnitudes |rfft2| of the decorrelated colours of images.

    Args:
        images: in [0, 1], any size.

    Returns:
        Sums in float64 on the images' device, to be added over batches.

    Raises:
        ValueError: if there are no pixels, or a value is not finite.
    """
    if images.ndim != 4 or 0 in images.shape[1:]:
        raise ValueError(f"expected images of shape (batch, channel, height, width), got {tuple(images.shape)}")
    if not bool(images.isfinite().all()):
        raise ValueError("expected finite images, got NaN or infinity: leave out the images that hold them")
    colours = images.double()
    if images.shape[1] == 3:
        colours = rgb_to_decorrelated(colours)
    total = torch.fft.rfft2(colours).abs().sum(0)
    return MagnitudeCounts(total, len(images), images.shape[3])


def mean_magnitude(counts: MagnitudeCounts) -> Float32[Tensor, "channel height freq"]:
    """Compute the mean magnitude from the sum of `count_magnitudes` over the images.

    Raises:
        ValueError: if no image was counted.
    """
    if counts.n_images < 1:
        raise ValueError("no image was counted: count the magnitudes of at least one")
    return (counts.total / counts.n_images).float()


def resample_spectrum(
    spectrum: Float[Tensor, "channel in_height in_freq"], height: int, width: int, *, from_width: int | None = None
) -> Float[Tensor, "channel height freq"]:
    """Bring mean magnitudes to another image size.

    Frequencies correspond in cycles per pixel. What is interpolated, bilinearly, is magnitude × frequency, which
    changes little in natural images, so that their 1 / f fall is kept exactly and the high value at frequency 0 does
    not leak into its neighbours. Rows are periodic, as spectra are, so positive and negative frequencies fare
    alike; columns end at the highest one there is. Magnitudes grow as they do with the number of pixels: with its
    root, at frequency 0 in proportion.

    Args:
        spectrum: magnitudes, finite and not negative.
        height: wanted image height in pixels.
        width: wanted image width in pixels; the result has width // 2 + 1 columns.
        from_width: image width the spectrum was computed at; by default the even one, or the odd one where that
            makes a square.

    Returns:
        A new tensor in the spectrum's precision.

    Raises:
        ValueError: if a size is below 1 or `from_width` has another number of columns.
    """
    if spectrum.ndim != 3 or spectrum.numel() == 0 or height < 1 or width < 1:
        raise ValueError(
            "expected a spectrum of shape (channels, height, width // 2 + 1) and a size of at least 1 × 1, "
            f"got {tuple(spectrum.shape)} and {height} × {width}"
        )
    in_height, in_width = spectrum.shape[1], _original_width(spectrum, from_width)
    if (in_height, in_width) == (height, width):
        return spectrum.clone()
    values = spectrum.double()
    flat = values * frequencies(in_height, in_width).to(values.device)
    neighbours = [flat[:, 1 % in_height, 0], flat[:, 0, min(1, flat.shape[2] - 1)]]  # one may be frequency 0 itself
    flat[:, 0, 0] = torch.stack(neighbours).amax(0)
    flat = _interpolate_rows(flat, height)
    flat = _interpolate_columns(flat, torch.fft.rfftfreq(width, dtype=torch.float64) * in_width)
    distance = frequencies(height, width).to(values.device)
    distance[0, 0] = 1.0  # frequency 0 is set apart
    pixels = height * width / (in_height * in_width)
    result = flat / distance * pixels**0.5
    result[:, 0, 0] = values[:, 0, 0] * pixels
    return result.to(spectrum.dtype)


def _original_width(spectrum: Tensor, from_width: int | None) -> int:
    """The image width of a spectrum: the given one, or the likeliest of the two possible."""
    in_height, n_columns = spectrum.shape[1:]
    odd = 2 * n_columns - 1
    if from_width is None:
        return odd if in_height == odd or n_columns == 1 else odd - 1
    if from_width // 2 + 1 != n_columns:
        raise ValueError(
            f"a spectrum of {n_columns} columns belongs to images {odd - 1} or {odd} pixels wide, not {from_width}"
        )
    return from_width


def _interpolate_rows(flat: Tensor, height: int) -> Tensor:
    """Linear interpolation along the rows' frequencies, which are periodic."""
    in_height = flat.shape[1]
    position = torch.fft.fftfreq(height, dtype=torch.float64, device=flat.device) * in_height
    below = position.floor()
    share = (position - below)[None, :, None]
    rows = below.long() % in_height
    return flat[:, rows] * (1 - share) + flat[:, (rows + 1) % in_height] * share


def _interpolate_columns(flat: Tensor, position: Tensor) -> Tensor:
    """Linear interpolation at column positions, the last column beyond the end."""
    position = position.to(flat.device).clamp(max=flat.shape[2] - 1)
    below = position.floor()
    share = position - below
    columns = below.long()
    return flat[..., columns] * (1 - share) + flat[..., (columns + 1).clamp(max=flat.shape[2] - 1)] * share


def _describe(counts: MagnitudeCounts) -> str:
    """Channels and size in words."""
    return f"{counts.total.shape[0]} channel(s) of {counts.total.shape[1]} × {counts.width} pixels"
