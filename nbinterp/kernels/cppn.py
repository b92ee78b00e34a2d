"""Compositional pattern-producing networks: an image as a small network from coordinates to colours.

Mordvintsev, Pezzotti, Schubert, Olah, "Differentiable Image Parameterizations", Distill 2018
(doi:10.23915/distill.00012), and the code published with it: layers of 1 × 1 convolutions whose activation is
concat(a / 0.67, a² / 0.6) with a = atan(x), both of about unit size; the output layer starts at zero.

Departures: coordinates are taken at pixel centres, so that a larger image shows the same pattern, finer; the longer
side spans −√3 to √3 and pixels stay square, so that nothing is stretched in images that are not.
Axes: n (images), channel, height, width.
"""

import functools
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from .start_points import check_start, draw_normal

_HALF_SIDE = 3.0**0.5  # coordinates uniform over ±√3 have a standard deviation of 1


@dataclass(frozen=True)
class CPPN:
    """Images optimized as the weights of one coordinate network each; smooth, and of any resolution.

    Memory grows with layers × width: of width 24, a layer keeps 1.6 MB per image at 64 × 64 pixels, 19 MB at 224 × 224.

    Attributes:
        layers: hidden layers, the published code has 8.
        width: channels of each, before the activation doubles them.
    """

    layers: int = 8
    width: int = 24

    def __post_init__(self) -> None:
        """Refuse an empty network."""
        if self.layers < 1 or self.width < 1:
            raise ValueError(f"expected at least one layer of width 1, got layers={self.layers}, width={self.width}")

    @property
    def learning_rate(self) -> float | None:
        """The published examples' rate: weights need smaller steps than pixels."""
        return 0.005

    def start(
        self,
        n: int,
        channels: int,
        size: tuple[int, int],
        generator: torch.Generator,
        *,
        image: Float[Tensor, "given channel in_height in_width"] | None = None,
    ) -> dict[str, Tensor]:
        """Draw the weights of n networks; the same arguments as `Parameterization.start`.

        Hidden weights are normal with variance 1 / inputs, biases with standard deviation 0.1; the output layer is
        zero: every image starts plain grey and differs from the others from the second step on.

        Returns:
            "weight_0" … float32 `(n, outputs, inputs)` and "bias_0" … float32 `(n, outputs, 1)`, the output layer last.

        Raises:
            ValueError: if an image is given: no weights are known that paint it.
        """
        check_start(n, channels, size, generator)
        if image is not None:
            raise ValueError("a CPPN cannot start from an image: use parameterization 'fourier' or 'pixel'")
        n_inputs = [2] + [2 * self.width] * self.layers
        n_outputs = [self.width] * self.layers + [channels]
        shapes = [(o, i + 1) for o, i in zip(n_outputs, n_inputs, strict=True)]
        drawn = draw_normal(n, (sum(o * i for o, i in shapes),), generator)
        parameters: dict[str, Tensor] = {}
        for layer, (numbers, (outputs, inputs)) in enumerate(
            zip(drawn.split([o * i for o, i in shapes], dim=1), shapes, strict=True)
        ):
            weight, bias = numbers.view(n, outputs, inputs).split([inputs - 1, 1], dim=2)
            hidden = float(layer < self.layers)
            parameters[f"weight_{layer}"] = weight * (hidden * (inputs - 1) ** -0.5)
            parameters[f"bias_{layer}"] = bias * (hidden * 0.1)
        return parameters

    def images(
        self, parameters: dict[str, Tensor], channels: int, size: tuple[int, int]
    ) -> Float[Tensor, "n channel height width"]:
        """Paint the images of the weights, in [0, 1]; see `Parameterization.images`."""
        last = parameters.get(f"bias_{self.layers}")
        if last is None or f"bias_{self.layers + 1}" in parameters or last.shape[1] != channels:
            raise ValueError(
                f"expected the weights of {self.layers} hidden layers and an output layer of {channels} channels, got "
                f"{sorted(parameters)}: pass the channels that `start` of the same CPPN was given"
            )
        values = _coordinates(*size, last.dtype, last.device).expand(len(last), -1, -1)
        for layer in range(self.layers):
            values = _activate(_affine(parameters, layer, values))
        return torch.sigmoid(_affine(parameters, self.layers, values)).unflatten(2, size)


def _affine(parameters: dict[str, Tensor], layer: int, values: Tensor) -> Tensor:
    """One 1 × 1 convolution, with its own weights for every image."""
    return torch.baddbmm(parameters[f"bias_{layer}"], parameters[f"weight_{layer}"], values)


def _activate(values: Tensor) -> Tensor:
    """The composite activation: odd and even parts, each of about unit size."""
    angles = torch.atan(values)
    return torch.cat([angles / 0.67, angles.square() / 0.6], dim=1)


@functools.lru_cache(maxsize=8)
def _coordinates(height: int, width: int, dtype: torch.dtype, device: torch.device) -> Tensor:
    """Positions x and y of all pixels, `(1, 2, height · width)`; an ordinary tensor even in inference mode."""
    with torch.inference_mode(False):
        step = 2 * _HALF_SIDE / max(height, width)
        y = (torch.arange(height, dtype=torch.float64) - (height - 1) / 2) * step
        x = (torch.arange(width, dtype=torch.float64) - (width - 1) / 2) * step
        grid = torch.stack([x.expand(height, width), y[:, None].expand(height, width)])
        return grid.flatten(1)[None].to(device, dtype)
