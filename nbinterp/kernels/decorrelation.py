"""Colour decorrelation: axes in which the colours of natural images vary independently.

Olah, Mordvintsev, Schubert, "Feature Visualization", Distill 2017 (doi:10.23915/distill.00007), and the code
published with it. A decorrelated colour u = (luminance, red–blue, green–magenta) becomes rgb = M u, where M is the
square root of the covariance of colours in photographs divided by its largest column norm. Only three channels
have such axes: images of one channel, or of any other number, are taken as they are.
Axes: batch, channel (rgb or decorrelated), height, width.
"""

import functools

import torch
from jaxtyping import Float
from torch import Tensor

_ROOT_COVARIANCE = torch.tensor([[0.26, 0.09, 0.02], [0.27, 0.00, -0.05], [0.27, -0.09, 0.03]], dtype=torch.float64)
TO_RGB = _ROOT_COVARIANCE / _ROOT_COVARIANCE.norm(dim=0).max()
TO_DECORRELATED = torch.linalg.inv(TO_RGB)


def decorrelated_to_rgb(colours: Float[Tensor, "*batch 3 height width"]) -> Float[Tensor, "*batch 3 height width"]:
    """Turn decorrelated colours into red, green and blue: a linear map, differentiable.

    Args:
        colours: luminance, red–blue and green–magenta, unbounded.

    Returns:
        Red, green and blue, unbounded, in the colours' precision and on their device.

    Raises:
        ValueError: if there are not three channels.
    """
    return _mix(colours, "decorrelated_to_rgb", TO_RGB)


def rgb_to_decorrelated(colours: Float[Tensor, "*batch 3 height width"]) -> Float[Tensor, "*batch 3 height width"]:
    """Turn red, green and blue into decorrelated colours: the inverse of `decorrelated_to_rgb`.

    Args:
        colours: red, green and blue, unbounded.

    Returns:
        Luminance, red–blue and green–magenta, in the colours' precision and on their device.

    Raises:
        ValueError: if there are not three channels.
    """
    return _mix(colours, "rgb_to_decorrelated", TO_DECORRELATED)


def _mix(colours: Tensor, name: str, matrix: Tensor) -> Tensor:
    """Multiply the channel axis by a 3 × 3 matrix of this module, in full precision under autocast too."""
    if colours.ndim < 3 or colours.shape[-3] != 3:
        raise ValueError(
            f"{name} expects (…, 3, height, width), got {tuple(colours.shape)}: "
            "images without three channels have no colour axes, leave them as they are"
        )
    matrix = _matrix_like(matrix is TO_RGB, colours.dtype, colours.device)
    with torch.autocast(colours.device.type, enabled=False):
        return (matrix @ colours.flatten(-2)).unflatten(-1, colours.shape[-2:])


@functools.lru_cache(maxsize=16)
def _matrix_like(to_rgb: bool, dtype: torch.dtype, device: torch.device) -> Tensor:
    """One of the matrices in a precision and on a device; an ordinary tensor even if first asked for in inference."""
    with torch.inference_mode(False):
        return (TO_RGB if to_rgb else TO_DECORRELATED).to(device, dtype, copy=True)
