"""Which part of an image the network sees: a preprocess may crop or pad, and activation maps cover what comes out.

Nothing is assumed about the preprocess. It is given ramps that grow by column and by row, with a black and a white
image to undo its normalization: the values that come out are the positions that went in.
"""

from __future__ import annotations

import numpy as np
from PIL import Image
from torch import Tensor

from nbinterp.data import ProbeSet
from nbinterp.instrument import Classifier

WHOLE = (0.0, 0.0, 1.0, 1.0)
TOLERANCE = 0.03  # share of the image's side; a preprocess that bends the ramps more is no crop and scaling
CONTRAST = 0.8  # of black and white, as a share of the largest: a row or column with less is padding

Box = tuple[float, float, float, float]


class FieldOfView:
    """Says of each image which part of it reaches the network. Measured once for each size of image.

    Attributes:
        unmeasured: (height, width) of the images asked for so far whose part could not be measured.
    """

    def __init__(self, net: Classifier, probe: ProbeSet) -> None:
        self._net, self._probe = net, probe
        self._known: dict[tuple[int, int], Box] = {}
        self.unmeasured: set[tuple[int, int]] = set()

    def __call__(self, index: int) -> Box:
        """The part of an image; see `field_of_view`."""
        if self._net.preprocess is None:
            return WHOLE
        size = self._probe.size(index)
        if size not in self._known:
            found = _measure(self._net, size, self._probe.image(0))
            if found is None:
                self.unmeasured.add(size)
            self._known[size] = found or WHOLE
        return self._known[size]


def field_of_view(net: Classifier, probe: ProbeSet) -> FieldOfView:
    """A function from image number to the part of that image that reaches the network.

    The part is (left, top, right, bottom) in shares of the image's width and height; below 0 or above 1 where the
    preprocess pads the image with a colour. The whole image, and its size in `unmeasured`, where the preprocess does
    something else than scaling, cropping and padding, or fails on the test images.
    """
    return FieldOfView(net, probe)


def cut(picture: np.ndarray, box: Box) -> np.ndarray:
    """The part of a picture that a box covers, black beyond the picture's sides.

    Args:
        picture: height × width × channel.
        box: (left, top, right, bottom) in shares of the sides; it may reach beyond 0 and 1.

    Returns:
        At least one pixel, of the same type.
    """
    height, width = picture.shape[:2]
    left, top = round(box[0] * width), round(box[1] * height)
    right, bottom = max(round(box[2] * width), left + 1), max(round(box[3] * height), top + 1)
    beyond = ((max(0, -top), max(0, bottom - height)), (max(0, -left), max(0, right - width)), (0, 0))
    wider = np.pad(picture, beyond)
    top, left = top + beyond[0][0], left + beyond[1][0]
    return wider[top : bottom + beyond[0][0], left : right + beyond[1][0]]


def _measure(net: Classifier, size: tuple[int, int], like: Image.Image | Tensor) -> Box | None:
    height, width = size
    columns = np.broadcast_to((np.arange(width) + 0.5) / width, size)
    rows = np.broadcast_to((np.arange(height)[:, None] + 0.5) / height, size)
    try:
        out = [
            net.prepare(_as(like, values)).double().mean(0).numpy()
            for values in (columns, rows, 0 * rows, 0 * rows + 1)
        ]
    except Exception:  # the same preprocess raises its error where it matters, on the images themselves
        return None
    if len({values.shape for values in out}) > 1:
        return None
    contrast = np.abs(out[3] - out[2])
    if not contrast.max() >= 1e-6:
        return None
    contrast /= contrast.max()  # none where the preprocess pads: that is of one colour, whatever the image
    number = tuple(np.flatnonzero(contrast.max(axis) > CONTRAST) for axis in (1, 0))  # rows, columns
    if not _in_one_piece(*number) or contrast[np.ix_(*number)].min() < CONTRAST**2 / 2:
        return None
    black, white = (values[np.ix_(*number)] for values in out[2:])
    along, down = ((values[np.ix_(*number)] - black) / (white - black) for values in out[:2])
    horizontal = _edges(along, number[1], contrast.shape[1])
    vertical = _edges(down.T, number[0], contrast.shape[0])
    if horizontal is None or vertical is None:
        return None
    return (horizontal[0], vertical[0], horizontal[1], vertical[1])


def _in_one_piece(*numbers: np.ndarray) -> bool:
    return all(len(one) == one[-1] - one[0] + 1 for one in numbers)


def _as(like: Image.Image | Tensor, values: np.ndarray) -> Image.Image | Tensor:
    """A grey image of these values in [0, 1], of the kind of `like`."""
    import torch

    if isinstance(like, Image.Image):
        return Image.fromarray((values * 255).round().astype(np.uint8)).convert(like.mode)
    stacked = torch.from_numpy(np.ascontiguousarray(values)).expand(like.shape[0], *values.shape)
    return stacked.to(like.dtype) if like.is_floating_point() else (stacked * 255).round().to(like.dtype)


def _edges(positions: np.ndarray, number: np.ndarray, length: int) -> tuple[float, float] | None:
    """Where the first of `length` columns begins and the last ends, if positions grow evenly from column to column.

    Positions are those of the columns `number`; the others are padding.
    """
    slope, start = np.polyfit(number, positions.mean(axis=0), 1) if len(number) > 1 else (1.0, 0.0)
    if slope <= 0 or np.abs(start + slope * number - positions).max() > TOLERANCE:
        return None
    first, last = float(start - slope / 2), float(start + slope * (length - 0.5))
    return (first if number[0] > 0 else max(0.0, first), last if number[-1] < length - 1 else min(1.0, last))
