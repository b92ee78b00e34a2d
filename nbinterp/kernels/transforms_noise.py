"""Noise by counting: every value is a hash of its view's seed and its place.

So a view's noise is the same whatever is computed beside it and on whichever device, without a generator per
view and without copying from the CPU: integers are exact everywhere. The hash is the 32-bit finalizer
"lowbias32" of C. Wellons' hash prospector (bias 0.17 against 0 for a perfect mixer).
Axes: view, value (channel, height and width of the view, flattened).
"""

import math

import torch
from jaxtyping import Float, Int64
from torch import Tensor

_MASK = 0xFFFFFFFF
_ROUNDS = ((16, 0x7FEB352D), (15, 0x846CA68B))
_LAST_SHIFT = 16
_UNIFORM_BITS = 24  # as many as float32 holds


def noise_of(
    seeds: Int64[Tensor, " view"],
    shape: tuple[int, ...],
    uniform: float,
    normal: float,
    like: Float[Tensor, "..."],
) -> Float[Tensor, "view channel height width"]:
    """Make the noise of every view: uniform in ±`uniform` plus normal of deviation `normal`.

    Args:
        seeds: one per view, 0 to 2³² - 1.
        shape: (channel, height, width) of a view.
        uniform: half-width of the uniform part.
        normal: standard deviation of the normal part.
        like: a tensor whose device and precision the noise takes.

    Returns:
        The noise; uniform parts are equal on all devices, normal parts to the last digits.
    """
    places = _hash(torch.arange(math.prod(shape), device=like.device))
    seeds = _hash(seeds.to(like.device))
    noise = torch.zeros((len(seeds), *shape), device=like.device)
    if uniform:
        noise += (2 * _unit_interval(places, seeds, shape) - 1) * uniform
    if normal:
        noise += torch.erfinv(2 * _unit_interval(places, _hash(seeds + 1), shape) - 1) * (math.sqrt(2) * normal)
    return noise.to(like.dtype)


def _unit_interval(
    places: Int64[Tensor, " value"], seeds: Int64[Tensor, " view"], shape: tuple[int, ...]
) -> Float[Tensor, "view channel height width"]:
    """Uniform numbers in (0, 1): the centres of 2²⁴ - 2⁰ equal steps, never 0 or 1."""
    bits = _hash(places ^ seeds[:, None]) >> (32 - _UNIFORM_BITS)
    return ((bits.float() + 0.5) / 2**_UNIFORM_BITS).clamp(max=1 - 2.0**-_UNIFORM_BITS).reshape(len(seeds), *shape)


def _hash(values: Int64[Tensor, "*axes"]) -> Int64[Tensor, "*axes"]:
    """Mix the lower 32 bits of every value: each bit of the result depends on all of them."""
    mixed = values & _MASK
    for shift, factor in _ROUNDS:
        mixed = mixed ^ (mixed >> shift)
        mixed = mixed.mul_(factor).bitwise_and_(_MASK)  # products wrap at 64 bits: the lower 32 stay right
    return mixed ^ (mixed >> _LAST_SHIFT)
