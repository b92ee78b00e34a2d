"""Where optimization starts: draws that do not depend on the batch, and given images made to fit.

Axes: n (images), channel, height, width.
"""

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor


def check_start(n: int, channels: int, size: tuple[int, int], generator: torch.Generator) -> None:
    """Refuse a start that cannot be made.

    Raises:
        ValueError: if there are no images, channels or pixels, or the generator does not draw on the CPU.
    """
    if n < 1 or channels < 1 or len(size) != 2 or min(size) < 1:
        raise ValueError(
            f"expected at least one image, one channel and a size (height, width) of at least 1 × 1, "
            f"got n={n}, channels={channels}, size={tuple(size)}"
        )
    if generator.device.type != "cpu":
        raise ValueError(
            f"expected a generator on the CPU, got one on {generator.device}: start points are drawn there, so that "
            "one seed gives the same images on every device; use torch.Generator().manual_seed(…)"
        )


def draw_normal(n: int, shape: tuple[int, ...], generator: torch.Generator) -> Float[Tensor, "n ..."]:
    """Draw standard normal numbers, image after image: the first of many are those of few.

    Args:
        n: number of images.
        shape: of each image's numbers.
        generator: a CPU generator; it is advanced.

    Returns:
        Float32 numbers on the CPU.
    """
    return torch.stack([torch.randn(shape, generator=generator, dtype=torch.float32, device="cpu") for _ in range(n)])


def fit_start_images(
    image: Float[Tensor, "given channel in_height in_width"], n: int, channels: int, size: tuple[int, int]
) -> Float[Tensor, "n channel height width"]:
    """Bring one given image, or n of them, to n images of a size.

    Args:
        image: in [0, 1]; one image is used for all n.
        n: number of images wanted.
        channels: of the images wanted.
        size: `(height, width)` wanted. Other sizes are resampled bilinearly with antialiasing; pixel centres lie
            at half-integers, so the borders of both images coincide.

    Returns:
        Float32 images in [0, 1] on the CPU, memory of their own.

    Raises:
        ValueError: if number, channels or values do not fit.
    """
    if image.ndim != 4 or image.shape[0] not in (1, n) or image.shape[1] != channels or image.numel() == 0:
        raise ValueError(
            f"expected start images of shape (1 or {n}, {channels}, height, width), got {tuple(image.shape)}: "
            "add the axis of images with image[None], or convert its colours"
        )
    if not bool(((image >= 0) & (image <= 1)).all()):
        raise ValueError(
            f"expected start images with values in [0, 1], got {float(image.min()):.3g} to {float(image.max()):.3g}: "
            "divide 8-bit images by 255 and replace NaN"
        )
    image = image.detach().to("cpu", torch.float32, copy=True)
    if tuple(image.shape[-2:]) != tuple(size):
        image = F.interpolate(image, size=tuple(size), mode="bilinear", align_corners=False, antialias=True)
    return image.clamp(0, 1).expand(n, -1, -1, -1).clone()
