"""Spatial pooling: what is kept of every activation map of every image.

Axes: batch, unit, position (height and width, tokens, or none).
"""

from dataclasses import dataclass

import torch
from jaxtyping import Float, Float16, Float32
from torch import Tensor

_HALF_MAX = 65504.0


@dataclass(frozen=True)
class PooledActivations:
    """Mean and maximum of each unit over the positions of each image, in the activations' own scale."""

    mean: Float32[Tensor, "batch unit"]
    maximum: Float32[Tensor, "batch unit"]


def pool_activations(activations: Float[Tensor, "batch unit *position"]) -> PooledActivations:
    """Pool every activation map to its mean and its maximum.

    Half-precision activations are summed in float32. A NaN anywhere in a map makes both numbers NaN,
    an infinity makes the mean infinite or NaN: so the mean alone tells whether a map was finite.

    Args:
        activations: one layer's activations, `(batch, unit, height, width)`, `(batch, unit, token)` or,
            where a layer has no positions, `(batch, unit)`: then mean and maximum are the activation itself.

    Returns:
        Both pooled values in float32, on the activations' device.

    Raises:
        ValueError: if there is no batch and unit axis, or nothing to pool.
    """
    if activations.ndim < 2:
        raise ValueError(
            f"expected activations of shape (batch, unit, …positions), got {tuple(activations.shape)}: "
            "add the missing batch or unit axis"
        )
    if activations.numel() == 0:
        raise ValueError(f"expected at least one activation to pool, got the shape {tuple(activations.shape)}")
    if activations.ndim == 2:
        values = activations.to(torch.float32, copy=True)
        return PooledActivations(mean=values, maximum=values.clone())
    flat = activations.flatten(2)
    return PooledActivations(mean=flat.mean(-1, dtype=torch.float32), maximum=flat.amax(-1).to(torch.float32))


def to_half(maps: Float[Tensor, "*axes"]) -> Float16[Tensor, "*axes"]:
    """Round to half precision; what exceeds its range becomes ±65504, infinities too, NaN stays NaN.

    Args:
        maps: activation maps in any precision.

    Returns:
        A new tensor of the same shape, about three decimal digits kept.
    """
    return maps.clamp(-_HALF_MAX, _HALF_MAX).to(torch.float16, copy=True)
