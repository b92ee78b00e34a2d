"""One image of any common form -> one tensor, as the model's batch holds it."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from PIL import Image
from torch import Tensor

from ._outputs import shape_text

Picture = Image.Image | Tensor | np.ndarray


def prepare_image(image: Picture, preprocess: Callable[..., Any] | None) -> Float[Tensor, "channel height width"]:
    """`image` after `preprocess`, or in [0, 1] without one; on the CPU.

    Args:
        image: a PIL image; a tensor channel×height×width or height×width; an array height×width or
            height×width×channel. Integers are 0–255.
        preprocess: PIL image or tensor -> float tensor channel×height×width. Arrays of bytes reach it as
            PIL images, arrays of floats as tensors channel×height×width.

    Raises:
        TypeError: `image` is none of these, or `preprocess` returned something else than a tensor.
        ValueError: a shape, dtype or image mode without a rule.
    """
    if preprocess is None:
        return _as_float(_as_tensor(image)).cpu()
    given = _for_preprocess(image)
    try:
        result = preprocess(given)
    except Exception as error:
        error.add_note(f"(in preprocess, given {_describe(given)})")
        raise
    return _checked(result, given)


def _for_preprocess(image: Picture) -> Image.Image | Tensor:
    if not isinstance(image, np.ndarray):
        return image
    if image.dtype == np.uint8 and (image.ndim == 2 or (image.ndim == 3 and image.shape[2] in (3, 4))):
        return Image.fromarray(image)
    return _as_tensor(image)


def _as_tensor(image: Picture) -> Tensor:
    """channel×height×width, still in the image's own numbers."""
    if isinstance(image, Image.Image):
        image = np.asarray(_eight_bit(image))
    if isinstance(image, np.ndarray):
        array = image[:, :, None] if image.ndim == 2 else image
        if array.ndim != 3 or array.shape[2] not in (1, 3, 4):
            raise ValueError(
                f"an array image has shape height×width or height×width×channel with 1, 3 or 4 channels; "
                f"got {shape_text(image.shape)}"
            )
        return torch.from_numpy(np.ascontiguousarray(array.transpose(2, 0, 1)).copy())
    if not isinstance(image, Tensor):
        raise TypeError(f"an image is a PIL image, a tensor or a numpy array; got {type(image).__name__}")
    if image.ndim not in (2, 3):
        raise ValueError(f"an image tensor has shape channel×height×width; got {shape_text(image.shape)}")
    return image.detach() if image.ndim == 3 else image.detach()[None]


def _eight_bit(image: Image.Image) -> Image.Image:
    if image.mode in ("RGB", "L"):
        return image
    if image.mode in ("1", "P", "RGBA", "LA", "PA", "CMYK", "YCbCr", "HSV", "LAB"):
        return image.convert("L" if image.mode in ("1", "LA") else "RGB")
    raise ValueError(
        f"a PIL image of mode {image.mode!r} (more than 8 bits) has no agreed range: convert it to 'L' or 'RGB' first, "
        "as nbi.ProbeSet does."
    )


def _as_float(image: Tensor) -> Tensor:
    if image.dtype == torch.uint8:
        return image.float() / 255
    if image.dtype == torch.bool or image.is_floating_point():
        return image.float()
    raise ValueError(f"an image holds uint8 values 0–255 or floats in [0, 1]; got {image.dtype}")


def _checked(result: Any, given: Image.Image | Tensor) -> Tensor:
    if not isinstance(result, Tensor):
        raise TypeError(
            f"preprocess returned {type(result).__name__} for {_describe(given)}: it must return a float tensor "
            "channel×height×width (torchvision: end it with ToImage() and ToDtype(torch.float32, scale=True))."
        )
    if result.ndim != 3 or not result.is_floating_point():
        raise ValueError(
            f"preprocess returned a {result.dtype} tensor of shape {shape_text(result.shape)} for {_describe(given)}: "
            "it must return a float tensor channel×height×width of one image."
        )
    return result.detach().float().cpu().as_subclass(Tensor)


def _describe(image: Image.Image | Tensor) -> str:
    if isinstance(image, Image.Image):
        return f"a {image.mode} image of {image.width}×{image.height} pixels"
    return f"a {image.dtype} tensor of shape {shape_text(image.shape)}"


def stack_images(images: Sequence[Tensor], names: Sequence[str] | None) -> Float[Tensor, "batch channel height width"]:
    """The prepared `images` as one batch.

    Raises:
        ValueError: there are none, or two differ in shape; the message names them.
    """
    if not images:
        raise ValueError("a batch needs at least one image; got none")
    for i, image in enumerate(images):
        if image.shape != images[0].shape:
            first, other = (names[0], names[i]) if names is not None else ("number 0", f"number {i}")
            raise ValueError(
                f"images of one batch must have one size, but after preparing image {first} is "
                f"{shape_text(images[0].shape)} and image {other} is {shape_text(image.shape)} (channel×height×width): "
                "give Classifier a preprocess that resizes, such as torchvision's weights.transforms()."
            )
    return torch.stack(list(images))
