"""Images that come as arrays: which axis is which, which values are allowed.

The rule, the same for numpy and torch, for a whole batch and for single images:

- two axes per image are height and width (grey);
- of three axes per image the *channel* axis is the last or the first, whichever has 1, 3 or 4 entries; if both or
  neither do, the array is refused;
- a batch of three axes is N×H×W, refused where it could as well be *one* colour image (first or last axis 3 or 4).

Values are uint8 (0 to 255) or floats in [0, 1]. Four channels are RGBA and are composited on white.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from nbinterp.data.errors import ImageError
from nbinterp.data.images import plain_mode, to_mode

_CHANNELS = (1, 3, 4)
_SLACK = 1e-3  # rounding of resized floats may leave [0, 1] by this much


def as_image(item: Any, name: str) -> Image.Image | Tensor:
    """Bring one image, however it comes, into the form that `ProbeSet.image` returns.

    Args:
        item: PIL image, numpy array or torch tensor; see the rule above.
        name: what the image is called in errors.

    Returns:
        PIL images and uint8 numpy arrays: a PIL image, mode "RGB" or "L". Torch tensors: a tensor, channel first, of
        the same dtype (float32 for other floats). Float numpy arrays: a float32 tensor, channel first.

    Raises:
        ImageError: the kind, shape, dtype or values are not those of an image.
    """
    if isinstance(item, Image.Image):
        return to_mode(item, plain_mode(item), name)
    if not isinstance(item, (np.ndarray, Tensor)):
        raise ImageError(f"{name} is a {type(item).__name__}; expected a PIL image, a numpy array or a torch tensor.")
    axis = channel_axis(tuple(item.shape), name)
    if isinstance(item, Tensor):
        return _as_tensor(item.detach().cpu(), axis, name)
    if item.dtype == np.uint8:
        return _as_pil(item, axis, name)
    if item.dtype.kind != "f":
        raise _wrong_dtype(str(item.dtype), name)
    return _as_tensor(torch.from_numpy(item.astype(np.float32)), axis, name)


def channel_axis(shape: tuple[int, ...], name: str) -> int | None:
    """Which axis of one image's shape is the channel: 0, 2, or None for a grey H×W image.

    Raises:
        ImageError: not two or three axes, no axis of 1, 3 or 4 channels, two such axes, or an axis of size 0.
    """
    if len(shape) not in (2, 3) or 0 in shape:
        raise ImageError(
            f"{name} has shape {shape}; expected height × width, height × width × channel or "
            "channel × height × width, none of them 0."
        )
    if len(shape) == 2:
        return None
    first, last = shape[0] in _CHANNELS, shape[2] in _CHANNELS
    if first and last:
        raise ImageError(
            f"{name} has shape {shape}: the channel could be the first or the last axis. "
            "Give the images as PIL images (Image.fromarray)."
        )
    if not first and not last:
        raise ImageError(
            f"{name} has shape {shape}: neither the first nor the last axis has 1 (grey), 3 (RGB) or 4 (RGBA) channels."
        )
    return 0 if first else 2


def check_batch_shape(shape: tuple[int, ...]) -> None:
    """Refuse an array of images whose axes cannot be told apart.

    Raises:
        ValueError: not 3 or 4 axes, or three axes that could be one colour image.
    """
    if len(shape) not in (3, 4):
        raise ValueError(
            f"images has shape {shape}; expected N×H×W, N×H×W×C or N×C×H×W (C = 1, 3 or 4). "
            "One image alone is images[None]."
        )
    if len(shape) == 3 and (shape[0] in (3, 4) or shape[2] in (3, 4)):
        raise ValueError(
            f"images has shape {shape}: it could be {shape[0]} grey images or one colour image. "
            "Give grey images as images[:, None] (N×1×H×W), one colour image as images[None]."
        )
    if len(shape) == 4:
        channel_axis(shape[1:], "each image")


def _as_pil(pixels: np.ndarray, axis: int | None, name: str) -> Image.Image:
    pixels = np.moveaxis(pixels, 0, -1) if axis == 0 else pixels
    pixels = pixels[..., 0] if axis is not None and pixels.shape[2] == 1 else pixels
    picture = Image.fromarray(np.ascontiguousarray(pixels))
    return to_mode(picture, plain_mode(picture), name)


def _as_tensor(image: Tensor, axis: int | None, name: str) -> Tensor:
    image = image[None] if axis is None else image.permute(2, 0, 1) if axis == 2 else image
    if image.is_floating_point():
        image = image.to(torch.float32)
        _check_range(image, name)
    elif image.dtype != torch.uint8:
        raise _wrong_dtype(str(image.dtype).removeprefix("torch."), name)
    return _on_white(image) if image.shape[0] == 4 else image


def _wrong_dtype(dtype: str, name: str) -> ImageError:
    return ImageError(
        f"{name} holds {dtype} values; expected uint8 (0 to 255) or floats in [0, 1]. Convert 8-bit values "
        "to uint8; divide others by the largest possible value."
    )


def _check_range(image: Tensor, name: str) -> None:
    low, high = float(image.min()), float(image.max())
    if low >= -_SLACK and high <= 1 + _SLACK:
        return
    found = f"{name} holds floats from {low:.4g} to {high:.4g}; expected [0, 1]."
    if not torch.isfinite(image).all():
        raise ImageError(
            f"{name} holds NaN or infinite values; expected floats in [0, 1]. Repair or leave out the image."
        )
    if low >= 0 and high <= 255 and high > 2:
        raise ImageError(f"{found} Divide the images by 255.")
    raise ImageError(
        f"{found} They look normalized: take Normalize out of the data's transform and give it to the "
        "classifier instead, Classifier(..., preprocess=Normalize(mean, std)); values that only overshoot "
        "(bicubic resizing) want .clamp(0, 1)."
    )


def _on_white(image: Tensor) -> Tensor:
    if image.dtype == torch.uint8:
        alpha = image[3:].float() / 255
        return (image[:3] * alpha + 255 * (1 - alpha)).round().to(torch.uint8)
    return image[:3] * image[3:] + (1 - image[3:])
