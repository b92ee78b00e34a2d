"""What is where: activation maps with each unit's level in the image taken out.

Facets of a class are told apart best by the arrangement of an image, not by its overall tint: how strong a unit is on
average over an image carries light, season and weather (in style transfer the mean and variance of a unit's map are
the "style": Huang and Belongie, arXiv:1703.06868). So the means go, and what is left is brought to one length.

Axes: batch, unit, height, width.
"""

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

GRID = 4
_ROUNDING = 1e-6  # of a map: what is left of an even one must not be taken for its layout


def layout_features(
    maps: Float[Tensor, "batch unit height width"], *, grid: int = GRID
) -> Float[Tensor, "batch feature"]:
    """Where each unit is above or below its mean in the image, coarsely.

    Args:
        maps: activation maps with more than one position.
        grid: area-averaged to at most grid × grid cells (the smaller of this and the map's own size).

    Returns:
        Float32, unit × cells per image, of length 1 (0 where every map is even).

    Raises:
        ValueError: maps without positions, or no cells.
    """
    if maps.ndim != 4 or maps.shape[2] * maps.shape[3] < 2:
        raise ValueError(f"expected maps batch×unit×height×width of several positions, got {tuple(maps.shape)}")
    if grid < 2:
        raise ValueError(f"grid must be at least 2, got {grid}")
    exact = maps.float()
    cells = (min(grid, maps.shape[2]), min(grid, maps.shape[3]))
    means = F.adaptive_avg_pool2d(exact - exact.mean((2, 3), keepdim=True), cells)
    even = means.abs() <= _ROUNDING * exact.abs().mean((2, 3), keepdim=True)
    found = means.masked_fill(even, 0).flatten(1)
    length = torch.linalg.vector_norm(found, dim=1, keepdim=True)
    return found / torch.where(length == 0, torch.ones_like(length), length)
