"""From images in [0, 1] to what the network takes: its preprocess as a map of colours, measured and not assumed.

Optimization needs a differentiable way from an image to the network's input, and a preprocess is any function. It is
given images of one colour each; what comes out tells how a pixel's colour is mapped, whatever is resized or cropped.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from math import isqrt

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

from nbinterp.instrument import Classifier

MEASURED_AT = 256  # px, as the layer catalog's example
SHOWN = ((0, 0, 0), (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255))  # colours the map is fitted to
HELD_OUT = ((128, 128, 128), (51, 170, 221), (204, 34, 85), (17, 136, 68))  # and on which it is checked
GREYS = ((0,), (255,), (64,), (32,), (96,), (128,), (200,))  # the same for images of one channel
ROUNDING = 1.5 / 255  # a preprocess may round to bytes


@dataclass(frozen=True, eq=False)
class ColorMap:
    """An affine map of every pixel's colour: input = matrix · colour + bias.

    Attributes:
        matrix: (input channel, image channel), float32; None for the identity.
        bias: one number per input channel, float32; None for 0.
        channels: of the image.
    """

    matrix: Tensor | None
    bias: Tensor | None
    channels: int

    def to(self, device: torch.device) -> ColorMap:
        """The same map on another device."""
        if self.matrix is None or self.bias is None:
            return self
        return ColorMap(self.matrix.to(device), self.bias.to(device), self.channels)

    @cached_property
    def _diagonal(self) -> Tensor | None:
        """The diagonal, where there is nothing else in the matrix."""
        matrix = self.matrix
        if matrix is None or matrix.shape[0] != matrix.shape[1]:
            return None
        return matrix.diagonal() if torch.equal(matrix, matrix.diagonal().diag()) else None

    def __call__(self, images: Tensor) -> Tensor:
        """Map images batch×channel×height×width in [0, 1] to the network's input; differentiable."""
        if self.matrix is None or self.bias is None:
            return images
        if self._diagonal is not None:
            return torch.addcmul(_per_pixel(self.bias), images, _per_pixel(self._diagonal))
        return torch.einsum("oc,bchw->bohw", self.matrix, images) + _per_pixel(self.bias)


def _per_pixel(values: Tensor) -> Tensor:
    return values[None, :, None, None]


def color_map(net: Classifier, size: tuple[int, int]) -> ColorMap:
    """How `net` turns an image's colours into its input.

    Args:
        net: the classifier; without a preprocess, images go in as they are.
        size: of the images to be made (height, width), which tells the channels of a network that begins with a
            linear layer.

    Raises:
        ValueError: the preprocess does something else than map each pixel's colour by one affine map (besides
            resizing and cropping), or fails on plain images.
    """
    wanted = _first_channels(net.module, size)
    if net.preprocess is None:
        return ColorMap(None, None, image_channels(net, size, lambda images: images))
    errors: list[Exception] = []
    for mode in ("L", "RGB") if wanted == 1 else ("RGB", "L"):
        try:
            found = _measure(net, mode)
        except Exception as error:
            errors.append(error)
            continue
        if wanted is None or found.matrix is None or found.matrix.shape[0] == wanted:
            return found
        if _runs(net, found.to(net.device), found.channels, size):  # the layer registered first is not the input's
            return found
        errors.append(
            ValueError(f"it gives {found.matrix.shape[0]} channels for {mode} images; the model takes {wanted}")
        )
    raise ValueError(f"preprocess cannot be understood as a map of colours: {errors[0]} {_HINT}") from errors[0]


_HINT = "Pass normalize=…, a function that turns images batch×channel×height×width in [0, 1] into the network's input."


def image_channels(net: Classifier, size: tuple[int, int], to_input: Callable[[Tensor], Tensor]) -> int:
    """How many channels images are to have for `net` to take them; tried out where the first layer cannot tell."""
    first = _first_channels(net.module, size) or 3
    if first in (1, 3):
        return first
    return next((n for n in (first, 3, 1) if _runs(net, to_input, n, size)), first)


def _runs(net: Classifier, to_input: Callable[[Tensor], Tensor], channels: int, size: tuple[int, int]) -> bool:
    images = torch.full((1, channels, *size), 0.5, device=net.device)
    dtype = next((p.dtype for p in net.module.parameters() if p.is_floating_point()), images.dtype)
    try:
        with net.evaluating(), torch.no_grad():
            net.module(to_input(images).to(dtype))
    except Exception:  # whatever the reason: the dry run says it, if no other number of channels fits
        return False
    return True


def _first_channels(module: nn.Module, size: tuple[int, int]) -> int | None:
    """How many channels the layer registered first takes; None where that cannot be told."""
    first = next((part for part in module.modules() if isinstance(part, nn.Conv2d | nn.Linear)), None)
    if isinstance(first, nn.Conv2d):
        return first.in_channels
    if isinstance(first, nn.Linear):
        n_pixels = size[0] * size[1]
        fitting = [c for c in (3, 1) if first.in_features == c * n_pixels]
        square = [c for c in (3, 1) if c * isqrt(first.in_features // c) ** 2 == first.in_features]
        return next(iter(fitting or square), None)
    return None


def _measure(net: Classifier, mode: str) -> ColorMap:
    colours = np.array(SHOWN + HELD_OUT if mode == "RGB" else GREYS, np.uint8)
    seen = np.stack([_seen(net, mode, colour) for colour in colours])
    shown = np.concatenate([colours / 255, np.ones((len(colours), 1))], 1)
    n_fitted = len(SHOWN) if mode == "RGB" else len(GREYS) // 2
    solution, *_ = np.linalg.lstsq(shown[:n_fitted], seen[:n_fitted], rcond=None)
    matrix, bias = solution[:-1].T, solution[-1]
    allowed = ROUNDING * max(1e-6, float(np.abs(matrix).sum(1).max()))
    error = float(np.abs(shown @ solution - seen).max())
    if not error <= allowed:
        raise ValueError(
            f"preprocess is not a per-pixel affine map of colours: on plain images it is off by {error:.3g}, more than "
            f"rounding would explain ({allowed:.3g})."
        )
    return ColorMap(_exact(matrix), _exact(bias), len(mode))


def _exact(values: np.ndarray) -> Tensor:
    """float32, with what is only the fit's rounding set to 0."""
    return torch.from_numpy(np.where(np.abs(values) < 1e-9, 0, values)).float()


def _seen(net: Classifier, mode: str, colour: np.ndarray) -> np.ndarray:
    """The colour that the network sees of an image of one colour."""
    value = tuple(int(c) for c in colour) if len(colour) > 1 else int(colour[0])
    values = net.prepare(Image.new(mode, (MEASURED_AT, MEASURED_AT), value)).double().flatten(1)
    spread = float((values.max(1).values - values.min(1).values).max())
    if spread > 1e-3 * max(1.0, float(values.abs().max())):
        raise ValueError("preprocess is not a per-pixel affine map of colours: it makes a plain image uneven.")
    return values.mean(1).numpy()
