"""What the network sees of an image, and label maps brought into it.

Everything here covers the same rectangle as the network's input: pixel p covers [p, p + 1), its centre is p + 0.5.
"""

from __future__ import annotations

import numpy as np
from PIL import Image

from ..field_of_view import Box, cut


def sample_nearest(values: np.ndarray, box: Box, size: tuple[int, int]) -> np.ndarray:
    """Take from an image or a label map the value at the centre of each pixel of a view of it.

    Args:
        values: height × width, or height × width × channel.
        box: the part that is seen, (left, top, right, bottom) in shares of width and height.
        size: (height, width) of the view.

    Returns:
        `size`, or `size` × channel; beyond the image's sides (see `within`) the value at the side.
    """
    left, top, right, bottom = box
    rows = _places(top, bottom, size[0], values.shape[0])
    columns = _places(left, right, size[1], values.shape[1])
    return values[rows[:, None], columns]


def within(box: Box, size: tuple[int, int]) -> np.ndarray:
    """Where a view shows the image, not what a preprocess padded it with: bool, `size`."""
    left, top, right, bottom = box
    rows, columns = _shares(top, bottom, size[0]), _shares(left, right, size[1])
    return ((rows >= 0) & (rows < 1))[:, None] & ((columns >= 0) & (columns < 1))


def see(picture: np.ndarray, box: Box, size: tuple[int, int]) -> np.ndarray:
    """Crop, pad (black) and scale a display picture to what the network sees: uint8, height × width × 3."""
    height, width = picture.shape[:2]
    left, top, right, bottom = box
    if min(left, top) < 0 or max(right, bottom) > 1:
        picture = cut(picture, box)
        return np.array(Image.fromarray(picture).resize((size[1], size[0]), Image.Resampling.BILINEAR))
    part = (left * width, top * height, right * width, bottom * height)
    return np.array(Image.fromarray(picture).resize((size[1], size[0]), Image.Resampling.BILINEAR, box=part))


def mask_size(view_size: tuple[int, int], scale: float) -> tuple[int, int]:
    """(height, width) in which pixels are counted: the view's times `scale`, rounded down (227 at a half gives 113)."""
    return max(1, int(view_size[0] * scale)), max(1, int(view_size[1] * scale))


def _places(start: float, stop: float, n: int, length: int) -> np.ndarray:
    return np.clip(np.floor(_shares(start, stop, n) * length + 1e-9).astype(np.int64), 0, length - 1)


def _shares(start: float, stop: float, n: int) -> np.ndarray:
    return start + (np.arange(n) + 0.5) / n * (stop - start)
