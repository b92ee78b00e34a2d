"""Between unbounded colours, which are optimized, and images in [0, 1], which are seen.

Three channels go through the colour matrix of `decorrelation` and a sigmoid, any other number through the sigmoid
alone. Axes: n (images), channel, height, width.
"""

import torch
from jaxtyping import Float
from torch import Tensor

from .decorrelation import decorrelated_to_rgb, rgb_to_decorrelated

INVERTIBLE = (0.01, 0.99)


def colours_to_images(
    colours: Float[Tensor, "n channel height width"], decorrelate: bool
) -> Float[Tensor, "n channel height width"]:
    """Squash unbounded colours into images in [0, 1].

    Args:
        colours: decorrelated colours, or with `decorrelate=False` the logits of red, green and blue.
        decorrelate: whether three channels are decorrelated axes; without effect on other numbers of channels.

    Returns:
        Images in [0, 1].
    """
    if decorrelate and colours.shape[1] == 3:
        return decorrelated_to_rgb(colours).sigmoid_()
    return torch.sigmoid(colours)


def images_to_colours(
    images: Float[Tensor, "n channel height width"], decorrelate: bool
) -> Float[Tensor, "n channel height width"]:
    """Invert `colours_to_images`, after clipping to 0.01 … 0.99, for nothing finite is sigmoid's 0 or 1.

    Args:
        images: in [0, 1].
        decorrelate: whether three channels become decorrelated axes.

    Returns:
        Unbounded colours.
    """
    colours = torch.logit(images.clamp(*INVERTIBLE))
    if decorrelate and colours.shape[1] == 3:
        return rgb_to_decorrelated(colours)
    return colours
