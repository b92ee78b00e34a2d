"""Mean images of facets, and which images stand for each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image

from nbinterp.data import ProbeSet

from .discovery import Discovery


def mean_image(
    probe: ProbeSet, indices: Sequence[int] | np.ndarray, size: tuple[int, int], channels: int
) -> np.ndarray:
    """The plain mean of some images, pixel by pixel: no blur, no alignment.

    Args:
        probe: the images.
        indices: which.
        size: (height, width) in pixels they are brought to.
        channels: 3, or 1 for grey.

    Returns:
        float32, channel×height×width in [0, 1].
    """
    total = np.zeros((channels, *size))
    for index in indices:
        pixels = probe.pixels(int(index), size)
        if channels == 1:
            pixels = np.asarray(Image.fromarray(pixels).convert("L"))[..., None]
        total += pixels.transpose(2, 0, 1)
    return (total / (255 * len(indices))).astype(np.float32)


def nearest(found: Discovery, indices: np.ndarray, facet: int, n: int) -> np.ndarray:
    """The images of a facet that are nearest its centre, nearest first, ties by image; numbers of the recording."""
    own = np.flatnonzero(found.assignments == facet)
    return indices[own[np.argsort(found.distances[own, facet], kind="stable")[:n]]]


def shares(found: Discovery, values: np.ndarray) -> np.ndarray:
    """float32: each facet's part of the summed positive activation of the unit on its images.

    Args:
        found: the facets.
        values: the unit's activation on these images.
    """
    positive = np.maximum(np.nan_to_num(values, nan=0.0), 0).astype(np.float64)
    sums = np.array([positive[found.assignments == facet].sum() for facet in range(found.n_facets)])
    total = positive.sum()
    return (sums / total if total > 0 else np.full(len(sums), np.nan)).astype(np.float32)
