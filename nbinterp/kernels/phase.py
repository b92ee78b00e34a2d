"""MACO: only the phase of the spectrum is optimized, its magnitude stays that of natural images.

Fel et al., NeurIPS 2023, arXiv:2306.06805: x = irfft2(r · exp(iφ)), φ ~ U(−π, π) at the start, r fixed to the mean
magnitude of a data set; the result is standardized to mean 0 and standard deviation 1 over all channels and pixels,
as both published codes do, so that r matters up to a factor; then recorrelated and squashed.

Departure from the codes (not from the paper): they also subtract the mean of φ and divide by its standard deviation
in each step. This couples all phases and breaks what makes them phases, that φ + 2π is φ; here a phase is an angle.
The codes' spread of φ grows as they go, so that dividing by it also shrinks their steps: their learning rate of 1.0
without it jumps about without settling (on the demo classifier's class logits after 128 steps it reached 4.2, 0.3
reached 6.9, the codes' way 7.1), hence the learning rate of 0.3.
Axes: n (images), channel, height, width, freq (columns 0 to width // 2 of a real image's spectrum).
"""

import math
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from .colours import colours_to_images, images_to_colours
from .start_points import check_start, fit_start_images

_FLAT = 1e-12  # a standard deviation below this is none


@dataclass(frozen=True, eq=False)
class MACO:
    """Images optimized as phases under a fixed magnitude.

    The magnitude of the DC and, for even widths, the Nyquist column can come out otherwise than given: there the
    two phases of a frequency and its mirror image are free, and only their Hermitian part makes a real image.

    Attributes:
        spectrum: mean magnitudes `channel height freq` of decorrelated colours (`spectra.mean_magnitude`), finite
            and not negative. None stands for one that is still to be chosen: `dataclasses.replace` it before use.
            It is copied to the parameters' device in every call, so keep it where the optimization runs.
    """

    spectrum: Float[Tensor, "channel height freq"] | None = None

    def __post_init__(self) -> None:
        """Refuse what is no magnitude."""
        spectrum = self.spectrum
        if spectrum is None:
            return
        if spectrum.ndim != 3 or not spectrum.is_floating_point() or spectrum.numel() == 0:
            raise ValueError(
                f"expected a spectrum of real numbers of shape (channels, height, width // 2 + 1), "
                f"got {tuple(spectrum.shape)} of {spectrum.dtype}"
            )
        if not bool((spectrum >= 0).all() & spectrum.isfinite().all()):
            raise ValueError("expected a spectrum of magnitudes, finite and not negative: take abs() of rfft2")

    @property
    def learning_rate(self) -> float | None:
        """0.3 radians per step of NAdam, for phases that are not standardized (module docstring)."""
        return 0.3

    def start(
        self,
        n: int,
        channels: int,
        size: tuple[int, int],
        generator: torch.Generator,
        *,
        image: Float[Tensor, "given channel in_height in_width"] | None = None,
    ) -> dict[str, Tensor]:
        """Draw n start points, or take the phase of an image; the same arguments as `Parameterization.start`.

        Returns:
            "phase", float32 `(n, channel, height, freq)`, in radians.
        """
        check_start(n, channels, size, generator)
        self._magnitude(channels, size)
        if image is not None:
            colours = images_to_colours(fit_start_images(image, n, channels, size), decorrelate=True)
            return {"phase": torch.fft.rfft2(colours.double()).angle().float()}
        shape = (channels, size[0], size[1] // 2 + 1)
        uniform = [torch.rand(shape, generator=generator, dtype=torch.float32, device="cpu") for _ in range(n)]
        return {"phase": (2 * torch.stack(uniform) - 1) * math.pi}

    def images(
        self, parameters: dict[str, Tensor], channels: int, size: tuple[int, int]
    ) -> Float[Tensor, "n channel height width"]:
        """Compute the images of "phase", in [0, 1]; see `Parameterization.images`."""
        colours = self.colours(parameters, channels, size)
        deviation, mean = torch.std_mean(colours, dim=(1, 2, 3), correction=0, keepdim=True)
        return colours_to_images((colours - mean) / deviation.clamp(min=_FLAT), decorrelate=True)

    def colours(
        self, parameters: dict[str, Tensor], channels: int, size: tuple[int, int]
    ) -> Float[Tensor, "n channel height width"]:
        """Compute the decorrelated colours before they are standardized: here the magnitude is the given one."""
        phase = parameters["phase"]
        magnitude = self._magnitude(channels, size)
        if phase.shape[1:] != magnitude.shape:
            raise ValueError(
                f"expected phases of shape (n, {', '.join(map(str, magnitude.shape))}), got {tuple(phase.shape)}: "
                "pass the channels and size that `start` was given"
            )
        magnitude = magnitude.to(phase.device, phase.dtype).expand_as(phase)
        return torch.fft.irfft2(torch.polar(magnitude, phase), s=size)

    def _magnitude(self, channels: int, size: tuple[int, int]) -> Tensor:
        """The spectrum, if it is there and fits."""
        expected = (channels, size[0], size[1] // 2 + 1)
        if self.spectrum is None:
            raise ValueError(
                "MACO needs a spectrum: pass MACO(mean_magnitude(count_magnitudes(images))), "
                f"of shape {expected} for {channels} channels of {size[0]} × {size[1]}"
            )
        if tuple(self.spectrum.shape) != expected:
            raise ValueError(
                f"expected a spectrum of shape {expected} for {channels} channels of {size[0]} × {size[1]}, "
                f"got {tuple(self.spectrum.shape)}: count images of that many channels; resample_spectrum changes sizes"
            )
        return self.spectrum
