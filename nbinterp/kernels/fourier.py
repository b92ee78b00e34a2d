"""The Fourier parameterization: images as spectra whose low frequencies learn fastest.

Olah, Mordvintsev, Schubert, "Feature Visualization", Distill 2017 (doi:10.23915/distill.00007), and the code
published with it: image = sigmoid(M · irfft2(scale · z) / 4), with

    scale(fy, fx) = sqrt(height · width) / max(sqrt(fy² + fx²), 1 / max(height, width)) ** decay,

frequencies in cycles per pixel. An odd width needs no additional column here, for the inverse transform is told
the width. Axes: n (images), channel, height, width, freq (columns 0 to width // 2 of a real image's spectrum).
"""

import functools
from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from .colours import colours_to_images, images_to_colours
from .start_points import check_start, draw_normal, fit_start_images

_SATURATION = 4.0  # the constant of the published code; it sets how far a start of 0.01 is from grey


@dataclass(frozen=True)
class Fourier:
    """Images optimized as scaled Fourier spectra of decorrelated colours.

    Attributes:
        decay: exponent by which the step of a frequency falls with it; 0 treats all frequencies alike.
        standard_deviation: of the real and imaginary parts at the start; 0.01 is nearly plain grey.
        decorrelate: whether images of three channels are optimized on decorrelated colour axes.
    """

    decay: float = 1.0
    standard_deviation: float = 0.01
    decorrelate: bool = True

    @property
    def learning_rate(self) -> float | None:
        """None: the recipe's."""
        return None

    def start(
        self,
        n: int,
        channels: int,
        size: tuple[int, int],
        generator: torch.Generator,
        *,
        image: Float[Tensor, "given channel in_height in_width"] | None = None,
    ) -> dict[str, Tensor]:
        """Draw n start points; the same arguments as `Parameterization.start`.

        Returns:
            "spectrum", float32 `(n, channel, height, freq, 2)`: real and imaginary parts before scaling.
        """
        check_start(n, channels, size, generator)
        height, width = size
        if image is None:
            shape = (channels, height, width // 2 + 1, 2)
            return {"spectrum": draw_normal(n, shape, generator) * self.standard_deviation}
        colours = images_to_colours(fit_start_images(image, n, channels, size).double(), self.decorrelate)
        scale = fourier_scale(height, width, self.decay, torch.float64, colours.device)
        spectrum = torch.fft.rfft2(colours * _SATURATION) / scale
        return {"spectrum": torch.view_as_real(spectrum).float()}

    def images(
        self, parameters: dict[str, Tensor], channels: int, size: tuple[int, int]
    ) -> Float[Tensor, "n channel height width"]:
        """Compute the images of "spectrum", in [0, 1]; see `Parameterization.images`."""
        height, width = size
        spectrum = parameters["spectrum"]
        expected = (channels, height, width // 2 + 1, 2)
        if spectrum.shape[1:] != expected:
            raise ValueError(
                f"expected a spectrum of shape (n, {', '.join(map(str, expected))}) for {channels} channels of "
                f"{height} × {width}, got {tuple(spectrum.shape)}: pass the channels and size that `start` was given"
            )
        colours: Tensor = _Colours.apply(spectrum, size, self.decay)  # pyright: ignore[reportAssignmentType]
        return colours_to_images(colours, self.decorrelate)


class _Colours(torch.autograd.Function):
    """irfft2(scale · z) / 4 with the gradient written out: one transform and one product each way.

    The inverse transform of half a spectrum reads the inner columns twice, for themselves and for their mirror
    images: its gradient is rfft2 of the gradient, those columns doubled, divided by the number of pixels.
    """

    @staticmethod
    def forward(ctx: Any, spectrum: Tensor, size: tuple[int, int], decay: float) -> Tensor:
        """Compute the colours."""
        scale, ctx.back = _factors(*size, decay, spectrum.dtype, spectrum.device)
        return torch.fft.irfft2(torch.view_as_complex(spectrum * scale), s=size)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None]:
        """Compute the gradient of real and imaginary parts."""
        return torch.view_as_real(torch.fft.rfft2(gradients[0])).mul_(ctx.back), None, None


def frequencies(height: int, width: int) -> Float[Tensor, "height freq"]:
    """Distance of every entry of a real image's spectrum from frequency 0, in cycles per pixel, float64."""
    rows = torch.fft.fftfreq(height, dtype=torch.float64)
    columns = torch.fft.rfftfreq(width, dtype=torch.float64)
    return torch.hypot(rows[:, None], columns[None, :])


@functools.lru_cache(maxsize=16)
def fourier_scale(
    height: int, width: int, decay: float, dtype: torch.dtype, device: torch.device
) -> Float[Tensor, "height freq"]:
    """Compute the factor of every frequency (module docstring); kept for the sizes last used.

    Args:
        height: of the image, in pixels.
        width: of the image, in pixels.
        decay: exponent of the frequency, 0 or more.
        dtype: of the result.
        device: of the result.

    Returns:
        Positive factors, to be read only; an ordinary tensor even when first asked for in inference mode.
    """
    with torch.inference_mode(False):
        scale = (height * width) ** 0.5 / frequencies(height, width).clamp(min=1 / max(height, width)) ** decay
        return scale.to(device, dtype)


@functools.lru_cache(maxsize=16)
def _factors(
    height: int, width: int, decay: float, dtype: torch.dtype, device: torch.device
) -> tuple[Float[Tensor, "height freq 2"], Float[Tensor, "height freq 2"]]:
    """The factors of real and imaginary parts, to the colours and back; written out, for broadcasting costs more."""
    with torch.inference_mode(False):
        scale = fourier_scale(height, width, decay, torch.float64, torch.device("cpu")) / _SATURATION
        columns = torch.arange(scale.shape[1])
        read_twice = (columns > 0) & (2 * columns != width)
        back = scale * torch.where(read_twice, 2.0, 1.0).double() / (height * width)
        return tuple(both[..., None].expand(-1, -1, 2).to(device, dtype).contiguous() for both in (scale, back))  # pyright: ignore[reportReturnType]
