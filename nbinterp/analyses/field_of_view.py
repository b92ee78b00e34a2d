"""Which part of an image the network sees: a preprocess may crop, and activation maps cover only what is left.

Nothing is assumed about the preprocess. It is given ramps that grow by column and by row, with a black and a white
image to undo its normalization: the values that come out are the positions that went in.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image
from torch import Tensor

from nbinterp.data import ProbeSet
from nbinterp.instrument import Classifier

WHOLE = (0.0, 0.0, 1.0, 1.0)
TOLERANCE = 0.03  # share of the image's side; a preprocess that bends the ramps more is no crop and scaling

Box = tuple[float, float, float, float]


def field_of_view(net: Classifier, probe: ProbeSet) -> Callable[[int], Box]:
    """A function from image number to the part of that image that reaches the network.

    The part is (left, top, right, bottom) in shares of the image's width and height, within [0, 1]; the whole image
    where the preprocess does something else than scaling and cropping, or fails on the test images. Measured once for
    each size of image.
    """
    if net.preprocess is None:
        return lambda index: WHOLE
    like = probe.image(0)
    known: dict[tuple[int, int], Box] = {}

    def part(index: int) -> Box:
        size = probe.size(index)
        if size not in known:
            known[size] = _measure(net, size, like)
        return known[size]

    return part


def _measure(net: Classifier, size: tuple[int, int], like: Image.Image | Tensor) -> Box:
    height, width = size
    columns = np.broadcast_to((np.arange(width) + 0.5) / width, size)
    rows = np.broadcast_to((np.arange(height)[:, None] + 0.5) / height, size)
    try:
        out = [
            net.prepare(_as(like, values)).double().mean(0).numpy()
            for values in (columns, rows, 0 * rows, 0 * rows + 1)
        ]
    except Exception:  # the same preprocess raises its error where it matters, on the images themselves
        return WHOLE
    if len({values.shape for values in out}) > 1 or np.abs(out[3] - out[2]).min() < 1e-6:
        return WHOLE
    along, down = ((values - out[2]) / (out[3] - out[2]) for values in out[:2])
    horizontal, vertical = _edges(along), _edges(down.T)
    if horizontal is None or vertical is None:
        return WHOLE
    return (horizontal[0], vertical[0], horizontal[1], vertical[1])


def _as(like: Image.Image | Tensor, values: np.ndarray) -> Image.Image | Tensor:
    """A grey image of these values in [0, 1], of the kind of `like`."""
    import torch

    if isinstance(like, Image.Image):
        return Image.fromarray((values * 255).round().astype(np.uint8)).convert(like.mode)
    stacked = torch.from_numpy(np.ascontiguousarray(values)).expand(like.shape[0], *values.shape)
    return stacked.to(like.dtype) if like.is_floating_point() else (stacked * 255).round().to(like.dtype)


def _edges(positions: np.ndarray) -> tuple[float, float] | None:
    """Where the first column begins and the last ends, if positions grow evenly from column to column."""
    number = np.arange(positions.shape[1])
    slope, start = np.polyfit(number, positions.mean(axis=0), 1) if len(number) > 1 else (1.0, 0.0)
    if slope <= 0 or np.abs(start + slope * number - positions).max() > TOLERANCE:
        return None
    first, last = start - slope / 2, start + slope * (len(number) - 0.5)
    return (max(0.0, float(first)), min(1.0, float(last)))
