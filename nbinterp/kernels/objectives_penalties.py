"""Penalties on the image itself: positive numbers, to be subtracted from what is maximized.

All are means over the image's values, so that a weight means the same at every size (Lucid's are sums).
Axes: channel, height, width.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from .objectives_algebra import ImageView, Term

_BLUR_SIDE = 5
_TO_GREY = 0.8


@dataclass(frozen=True)
class L1Term(Term):
    """Mean distance of the values from `level`."""

    level: float

    def score(self, view: ImageView) -> Float[Tensor, ""]:
        return (view.image.float() - self.level).abs().mean()

    def __str__(self) -> str:
        return f"L1 from {self.level:g}"


@dataclass(frozen=True)
class L2Term(Term):
    """Mean squared distance of the values from `level`."""

    level: float

    def score(self, view: ImageView) -> Float[Tensor, ""]:
        return (view.image.float() - self.level).square().mean()

    def __str__(self) -> str:
        return f"L2 from {self.level:g}"


@dataclass(frozen=True)
class TotalVariationTerm(Term):
    """Absolute differences between neighbours, down and right, summed and divided by the number of values."""

    def score(self, view: ImageView) -> Float[Tensor, ""]:
        image = view.image.float()
        return (image.diff(dim=1).abs().sum() + image.diff(dim=2).abs().sum()) / image.numel()

    def __str__(self) -> str:
        return "total variation"


@dataclass(frozen=True)
class BoundaryTerm(Term):
    """Detail and colour in a frame `width_px` wide: squared residual of a blur + 0.8 (value - 0.5)², averaged."""

    width_px: int

    def score(self, view: ImageView) -> Float[Tensor, ""]:
        image = view.image.float()
        height, width = image.shape[1:]
        frame = torch.ones(height, width, device=image.device)
        frame[self.width_px : height - self.width_px, self.width_px : width - self.width_px] = 0
        cost = (_blur(image) - image).square() + _TO_GREY * (image - 0.5).square()
        return (cost * frame).sum() / (frame.sum() * len(image))

    def __str__(self) -> str:
        return f"boundary of {self.width_px} px"


def _blur(image: Float[Tensor, "channel height width"]) -> Float[Tensor, "channel height width"]:
    """A 5 × 5 mean whose outermost ring counts half; at the border, of the pixels there are."""
    kernel = torch.full((1, 1, _BLUR_SIDE, _BLUR_SIDE), 0.5, device=image.device)
    kernel[:, :, 1:-1, 1:-1] = 1
    total = F.conv2d(image[:, None], kernel, padding=_BLUR_SIDE // 2)
    weight = F.conv2d(torch.ones_like(image[:1, None]), kernel, padding=_BLUR_SIDE // 2)
    return (total / weight)[:, 0]
