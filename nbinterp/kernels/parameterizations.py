"""Parameterizations: what is optimized, and how it becomes an image.

Every parameterization turns a dict of tensors into images in [0, 1]. All its tensors have the images as leading
axis, and image i depends on row i alone: a slice of every tensor gives exactly these images.
`Fourier`, `MACO`, `CPPN` and `Latent` have modules of their own. Axes: n (images), channel, height, width.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import torch
from jaxtyping import Float
from torch import Tensor

from .colours import colours_to_images, images_to_colours
from .cppn import CPPN
from .fourier import Fourier
from .latent import Latent as Latent
from .phase import MACO
from .start_points import check_start, draw_normal, fit_start_images


@runtime_checkable
class Parameterization(Protocol):
    """What is optimized and how it becomes an image; itself frozen, it holds nothing that is optimized."""

    @property
    def learning_rate(self) -> float | None:
        """The learning rate that suits it; None stands for the recipe's."""
        ...

    def start(
        self,
        n: int,
        channels: int,
        size: tuple[int, int],
        generator: torch.Generator,
        *,
        image: Float[Tensor, "given channel in_height in_width"] | None = None,
    ) -> dict[str, Tensor]:
        """Make n start points.

        Random numbers are drawn image after image: n start points are the first n of more, and two calls with one
        generator continue each other.

        Args:
            n: number of images.
            channels: of each image.
            size: `(height, width)` of each image, in pixels, any from 1 × 1.
            generator: a CPU generator; it is advanced where the start is drawn.
            image: an image, or n of them, in [0, 1] to start from exactly (clipped to 0.01 … 0.99 where a sigmoid
                follows), resampled to the size if need be.

        Returns:
            Float32 tensors on the CPU, each with leading axis n.

        Raises:
            ValueError: if a number or the image does not fit, or this parameterization cannot start from an image.
        """
        ...

    def images(
        self, parameters: dict[str, Tensor], channels: int, size: tuple[int, int]
    ) -> Float[Tensor, "n channel height width"]:
        """Compute the images of parameters: differentiable, on their device and in their precision.

        Args:
            parameters: as `start` returns them, or a slice of the leading axis.
            channels: as given to `start`.
            size: as given to `start`.

        Returns:
            Images in [0, 1].

        Raises:
            ValueError: if the parameters are not those of the channels and size.
        """
        ...


@dataclass(frozen=True)
class Pixel:
    """Images as the sigmoid of free pixels: no prior at all.

    Attributes:
        standard_deviation: of the pixels before the sigmoid at the start; 0.01 is nearly plain grey.
    """

    standard_deviation: float = 0.01

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
        """Draw n start points: "pixels", float32 `(n, channel, height, width)`; see `Parameterization.start`."""
        check_start(n, channels, size, generator)
        if image is None:
            return {"pixels": draw_normal(n, (channels, *size), generator) * self.standard_deviation}
        return {"pixels": images_to_colours(fit_start_images(image, n, channels, size), decorrelate=False)}

    def images(
        self, parameters: dict[str, Tensor], channels: int, size: tuple[int, int]
    ) -> Float[Tensor, "n channel height width"]:
        """Squash "pixels" into images; see `Parameterization.images`."""
        pixels = parameters["pixels"]
        if pixels.shape[1:] != (channels, *size):
            raise ValueError(
                f"expected pixels of shape (n, {channels}, {size[0]}, {size[1]}), got {tuple(pixels.shape)}: "
                "pass the channels and size that `start` was given"
            )
        return colours_to_images(pixels, decorrelate=False)


_BY_NAME: dict[str, Callable[[], Parameterization]] = {"pixel": Pixel, "fourier": Fourier, "maco": MACO, "cppn": CPPN}


def parameterization(name_or_object: str | Parameterization) -> Parameterization:
    """Find a parameterization by its name; an object is returned as it is.

    Args:
        name_or_object: "pixel", "fourier", "maco" (its spectrum is still to be chosen), "cppn", or any object with
            the methods of `Parameterization`, such as a `Latent`.

    Returns:
        The parameterization, with its default settings where it was named.

    Raises:
        ValueError: if there is no such name, or the object is a class or lacks the methods.
    """
    if isinstance(name_or_object, str):
        if name_or_object not in _BY_NAME:
            raise ValueError(
                f"no parameterization is called {name_or_object!r}: choose from {', '.join(map(repr, _BY_NAME))}, "
                "or pass an object such as Latent(generator, latent_shape)"
            )
        return _BY_NAME[name_or_object]()
    if isinstance(name_or_object, type) or not isinstance(name_or_object, Parameterization):
        raise ValueError(
            f"expected a parameterization, got {name_or_object!r}: pass a name ({', '.join(map(repr, _BY_NAME))}) or "
            "an object with start(), images() and learning_rate; a class is called first, as in Fourier()"
        )
    return name_or_object
