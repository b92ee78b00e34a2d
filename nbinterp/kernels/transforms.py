"""Robustness transforms: random pads, shifts, scalings, rotations, shears, crops and noise, drawn per view.

A chain of transforms is data. `draw_transforms` turns it into one affine map and one noise seed per view (a
*view* is one transformed copy of an image), `apply_transforms` warps a batch with a single bilinear sampling.
Draws are made on the CPU from the generator given: the same on every device, and a part of them gives the same
numbers as the whole, however a batch is split.

Pixel convention: pixel p covers [p, p + 1) and has its centre at p + 0.5; all maps turn about the centre of the
image. Normalized coordinates run from -1 to 1 between the outer edges of the image (torch's
`align_corners=False`).
Departures from Lucid (Olah, Mordvintsev, Schubert, "Feature Visualization", Distill 2017, and its code), where
every transform resamples and changes the size of the canvas: one sampling for the whole chain, and what comes
out has the size of the image, seen about its centre (Lucid's 512 steps see 12 pixels more). What lies outside
the image is grey, the value of the chain's `Pad`, 0.5 without one. Every view is drawn for itself; Lucid draws
once per batch.
Axes: view, channel, height, width, and row, column of a 3 × 3 map.
"""

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass

import torch
from jaxtyping import Float64
from torch import Generator, Tensor

from .transforms_draws import Draws as Draws
from .transforms_draws import apply_transforms as apply_transforms

_CROP_LIMITS = (0.05, 1.0)  # share of the side; smaller crops show nothing but a blur


class Transform:
    """One step of a chain; a frozen dataclass without state."""


class Warp(Transform, ABC):
    """A transform that moves pixels."""

    @abstractmethod
    def maps(self, n_views: int, size: tuple[int, int], generator: Generator) -> Float64[Tensor, "view 3 3"]:
        """Draw one map per view, from the transformed image to the one before, in pixels (x, y, 1) off the centre."""


@dataclass(frozen=True)
class Pad(Transform):
    """Surround the image with grey.

    The canvas keeps its size, so `pixels` moves nothing: it says how far out the recipe looks. `value`, 0 to 1,
    is what the other transforms bring in from outside the image, however far outside.
    """

    pixels: int
    value: float | int = 0.5

    def __post_init__(self) -> None:
        _check(self.pixels >= 0 and 0 <= self.value <= 1, self, "pixels of at least 0 and a value from 0 to 1")


@dataclass(frozen=True)
class Jitter(Warp):
    """Shift by whole pixels, as a random crop that takes `pixels` off each side's length does.

    Rows and columns shift by -(pixels // 2) to pixels - pixels // 2, each as likely: ±4 for 8.
    """

    pixels: int

    def __post_init__(self) -> None:
        _check(isinstance(self.pixels, int) and self.pixels >= 0, self, "a whole number of pixels, at least 0")

    def maps(self, n_views: int, size: tuple[int, int], generator: Generator) -> Float64[Tensor, "view 3 3"]:
        """Draw one shift per view."""
        shifts = torch.randint(0, self.pixels + 1, (n_views, 2), generator=generator) - self.pixels // 2
        maps = _identity(n_views)
        maps[:, :2, 2] = shifts.double()
        return maps


@dataclass(frozen=True)
class Scale(Warp):
    """Enlarge by one of the `factors`, each as likely: 1.1 shows things a tenth larger."""

    factors: tuple[float | int, ...]

    def __post_init__(self) -> None:
        good = len(self.factors) > 0 and all(math.isfinite(factor) and factor > 0 for factor in self.factors)
        _check(good, self, "at least one factor, all of them positive")

    def maps(self, n_views: int, size: tuple[int, int], generator: Generator) -> Float64[Tensor, "view 3 3"]:
        """Draw one factor per view."""
        factors = _choose(self.factors, n_views, generator)
        maps = _identity(n_views)
        maps[:, 0, 0] = maps[:, 1, 1] = 1 / factors
        return maps


@dataclass(frozen=True)
class Rotate(Warp):
    """Rotate by one of the angles, in `degrees` counter-clockwise, each as likely (repeat one to make it likelier)."""

    degrees: tuple[float | int, ...]

    def __post_init__(self) -> None:
        good = len(self.degrees) > 0 and all(math.isfinite(angle) for angle in self.degrees)
        _check(good, self, "at least one angle, all of them finite")

    def maps(self, n_views: int, size: tuple[int, int], generator: Generator) -> Float64[Tensor, "view 3 3"]:
        """Draw one angle per view."""
        angle = torch.deg2rad(_choose(self.degrees, n_views, generator))
        maps = _identity(n_views)
        maps[:, 0, 0] = maps[:, 1, 1] = torch.cos(angle)
        maps[:, 0, 1], maps[:, 1, 0] = -torch.sin(angle), torch.sin(angle)
        return maps


@dataclass(frozen=True)
class Shear(Warp):
    """Slant the image sideways by an angle uniform in ±`degrees` (0 to below 90): verticals lean, rows stay rows."""

    degrees: float | int

    def __post_init__(self) -> None:
        _check(0 <= self.degrees < 90, self, "an angle from 0 to below 90 degrees")

    def maps(self, n_views: int, size: tuple[int, int], generator: Generator) -> Float64[Tensor, "view 3 3"]:
        """Draw one slant per view."""
        angle = (2 * torch.rand(n_views, generator=generator, dtype=torch.float64) - 1) * self.degrees
        maps = _identity(n_views)
        maps[:, 0, 1] = torch.tan(torch.deg2rad(angle))
        return maps


@dataclass(frozen=True)
class RandomCrop(Warp):
    """Cut a piece out of the image and enlarge it to the whole canvas (MACO, arXiv:2306.06805).

    The piece has a share of the image's height and width drawn from N(`mean`, `standard_deviation`²), held to
    [0.05, 1]; its centre is drawn from N(0.5, `centre_deviation`²) of height and width, then moved so that the
    piece lies within the image. The paper is silent on the centre; 0.15 is the authors' code.
    """

    mean: float | int = 0.25
    standard_deviation: float | int = 0.1
    centre_deviation: float | int = 0.15

    def __post_init__(self) -> None:
        good = 0 < self.mean <= 1 and self.standard_deviation >= 0 and self.centre_deviation >= 0
        _check(good, self, "a mean share above 0 and up to 1, and deviations of at least 0")

    def maps(self, n_views: int, size: tuple[int, int], generator: Generator) -> Float64[Tensor, "view 3 3"]:
        """Draw one piece per view."""
        normal = torch.randn(n_views, 3, generator=generator, dtype=torch.float64)
        share = (self.mean + self.standard_deviation * normal[:, 0]).clamp(*_CROP_LIMITS)
        room = ((1 - share) / 2)[:, None]
        offset = torch.minimum(torch.maximum(self.centre_deviation * normal[:, 1:], -room), room)  # (x, y) shares
        maps = _identity(n_views)
        maps[:, 0, 0] = maps[:, 1, 1] = share
        maps[:, :2, 2] = offset * torch.tensor([size[1], size[0]], dtype=torch.float64)
        return maps


@dataclass(frozen=True)
class Noise(Transform):
    """Add noise to every value: uniform in ±`uniform` plus normal of standard deviation `normal`.

    In units of the image's [0, 1]; added after the warp wherever it stands in the chain, and not clipped.
    """

    uniform: float | int = 0.0
    normal: float | int = 0.0

    def __post_init__(self) -> None:
        _check(self.uniform >= 0 and self.normal >= 0, self, "amounts of at least 0")


def draw_transforms(chain: tuple[Transform, ...], n_views: int, size: tuple[int, int], generator: Generator) -> Draws:
    """Draw a chain of transforms for each of `n_views` views, composed into one map per view.

    Args:
        chain: the transforms in their order; empty changes nothing.
        n_views: how many views, at least 1.
        size: (height, width) of the images in pixels.
        generator: a CPU generator.

    Returns:
        The draws, on the CPU; index them by a slice or by positions to get those of some views.

    Raises:
        ValueError: if there is no view or no pixel, or the chain holds two `Noise`, two `Pad`, or something that
            is no transform.
    """
    if n_views < 1 or min(size) < 1:
        raise ValueError(f"expected at least one view of at least one pixel, got {n_views} views of {size} pixels")
    _check_chain(chain)
    pixel_maps = _identity(n_views)
    for transform in chain:
        if isinstance(transform, Warp):
            pixel_maps = pixel_maps @ transform.maps(n_views, size, generator)
    noise = next((transform for transform in chain if isinstance(transform, Noise)), Noise())
    pad = next((transform for transform in chain if isinstance(transform, Pad)), Pad(0))
    only_shifts = all(isinstance(transform, Jitter) for transform in chain if isinstance(transform, Warp))
    return Draws(
        affine=_normalized(pixel_maps, size),
        shifts=pixel_maps[:, :2, 2].round().long().flip(1) if only_shifts else None,
        noise_seeds=torch.randint(0, 2**32, (n_views,), generator=generator),
        uniform=float(noise.uniform),
        normal=float(noise.normal),
        outside=float(pad.value),
    )


def _check_chain(chain: tuple[Transform, ...]) -> None:
    for transform in chain:
        if not isinstance(transform, Transform):
            raise ValueError(f"a chain holds transforms such as Jitter(8) or Scale((0.9, 1.1)), not {transform!r}")
    for kind in (Noise, Pad):
        if sum(isinstance(transform, kind) for transform in chain) > 1:
            raise ValueError(f"a chain takes one {kind.__name__}, got more in {chain}: put their amounts in one")


def _check(good: bool, transform: Transform, expected: str) -> None:
    """Refuse a transform whose numbers make no sense."""
    if not good:
        raise ValueError(f"{type(transform).__name__} takes {expected}, got {transform}")


def _identity(n_views: int) -> Float64[Tensor, "view 3 3"]:
    return torch.eye(3, dtype=torch.float64).repeat(n_views, 1, 1)


def _choose(values: tuple[float | int, ...], n_views: int, generator: Generator) -> Float64[Tensor, " view"]:
    """Draw one of the values per view."""
    rows = torch.randint(0, len(values), (n_views,), generator=generator)
    return torch.tensor(values, dtype=torch.float64)[rows]


def _normalized(pixel_maps: Float64[Tensor, "view 3 3"], size: tuple[int, int]) -> Tensor:
    """The maps in normalized coordinates, their upper two rows."""
    half = torch.tensor([size[1] / 2, size[0] / 2, 1], dtype=torch.float64)
    return (pixel_maps * half / half[:, None])[:, :2].float()
