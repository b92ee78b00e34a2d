"""One image: read a file, bring any PIL mode to 8 bits, make a display picture.

Conversions, all done here so that every way into a `ProbeSet` behaves alike:

==================  =====================================================================================
found               becomes
==================  =====================================================================================
transparency        composited on white (RGBA, LA, palettes or colour keys with transparency)
palette, CMYK, …    converted to RGB by PIL (no colour management)
16-bit grey         scaled to 8 bits, value / 257 (65535 becomes 255)
32-bit grey         the same if all values are below 65536, else refused
float grey (TIFF)   scaled from [0, 1] to 8 bits, other ranges are refused
1-bit               0 and 255
animation           its first frame
EXIF orientation    applied when a file is read (`read_image`), so that pictures stand upright
==================  =====================================================================================
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps, UnidentifiedImageError
from torch import Tensor

from nbinterp.data.errors import ImageError

SUFFIXES = (".jpg", ".jpeg", ".jfif", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff", ".ppm", ".pgm", ".pbm", ".avif")
"""File name endings (any case) that count as images in a folder."""

_ORIENTATION = 0x0112  # the EXIF tag
_LEAVE_OUT = "Replace or remove the file, or leave the image out with probe.subset(...)."


def read_image(path: Path, mode: str, *, at_least: tuple[int, int] | None = None) -> Image.Image:
    """Decode a file, upright, in one PIL mode.

    Args:
        path: the file.
        mode: "RGB" or "L".
        at_least: (height, width) in pixels. A JPEG may then be decoded at 1/2, 1/4 or 1/8 of its size as long as
            it stays at least this large: much faster, for display only.

    Returns:
        The image as an 8-bit PIL image, no longer attached to the file.

    Raises:
        ImageError: the file is missing, empty, truncated, no image, or of a kind that cannot be converted.
    """
    try:
        with Image.open(path) as image:
            orientation = _orientation(image)
            if at_least is not None:
                height, width = at_least[::-1] if orientation >= 5 else at_least
                image.draft(None, (width, height))  # type: ignore[arg-type]  # PIL: None keeps the mode
            image.load()
            upright = ImageOps.exif_transpose(image) if orientation > 1 else image
            return to_mode(upright, mode, str(path))
    except ImageError:
        raise
    except FileNotFoundError as error:
        raise ImageError(
            f"{path} was there when the probe set was made and is gone now. Restore it, or make the probe set again."
        ) from error
    except MemoryError:
        raise
    except Exception as error:  # PIL's decoders raise many kinds on damaged files
        raise ImageError(_why_unreadable(path, error)) from error


def image_size(path: Path) -> tuple[int, int]:
    """(height, width) in pixels of the upright image, from the file's header only.

    Raises:
        ImageError: the header cannot be read.
    """
    try:
        with Image.open(path) as image:
            width, height = image.size
            return (width, height) if _orientation(image) >= 5 else (height, width)
    except Exception as error:  # as above
        raise ImageError(_why_unreadable(path, error)) from error


def to_mode(image: Image.Image, mode: str, name: str) -> Image.Image:
    """Convert a loaded PIL image of any mode to "RGB" or "L", by the table at the top of this module.

    Args:
        image: the image; it is not changed.
        mode: "RGB" or "L".
        name: what the image is called in errors.

    Raises:
        ImageError: float values outside [0, 1], or integers beyond 16 bits.
    """
    if image.mode.startswith("I"):
        image = _from_integers(np.asarray(image), name)
    elif image.mode == "F":
        image = _from_floats(np.asarray(image), name)
    elif image.mode in ("LA", "La", "PA", "RGBA", "RGBa") or "transparency" in image.info:
        colour = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), colour).convert("RGB")
    return image.convert(mode)  # PIL copies where the mode is the same


def plain_mode(image: Image.Image) -> str:
    """The mode an image is kept in when none was asked for: "L" for grey without transparency, else "RGB"."""
    grey = image.mode in ("1", "L", "F") or image.mode.startswith("I")
    return "L" if grey and "transparency" not in image.info else "RGB"


def to_picture(image: Image.Image | Tensor) -> Image.Image:
    """An RGB picture for display of an image as `ProbeSet.image` returns it (floats are clipped to [0, 1])."""
    if isinstance(image, Image.Image):
        return image if image.mode == "RGB" else image.convert("RGB")
    if image.is_floating_point():
        image = (image.detach().float().clamp(0, 1) * 255).round().to(torch.uint8)
    pixels = image.cpu().permute(1, 2, 0).contiguous().numpy()
    return Image.fromarray(pixels[..., 0] if pixels.shape[2] == 1 else pixels).convert("RGB")


def digest(image: Image.Image | Tensor) -> bytes:
    """SHA-256 of an image's kind, size and pixel values."""
    if isinstance(image, Image.Image):
        kind, values = f"{image.mode} {image.size}", image.tobytes()
    else:
        kind, values = f"{image.dtype} {tuple(image.shape)}", image.detach().cpu().contiguous().numpy().tobytes()
    return hashlib.sha256(kind.encode() + b"\0" + values).digest()


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except Exception:  # damaged EXIF does not make the pixels unreadable
        return 1


def _from_integers(values: np.ndarray, name: str) -> Image.Image:
    low, high = int(values.min()), int(values.max())
    if low < 0 or high > 65535:
        raise ImageError(
            f"{name} holds integers from {low} to {high}; expected 8-bit or 16-bit values (0 to 65535). "
            "Scale it and save it as an 8-bit or 16-bit image."
        )
    return Image.fromarray(((values.astype(np.uint32) + 128) // 257).astype(np.uint8))


def _from_floats(values: np.ndarray, name: str) -> Image.Image:
    low, high = float(values.min()), float(values.max())
    if not (low >= 0 and high <= 1):  # also true of NaN
        raise ImageError(
            f"{name} holds floats from {low:.4g} to {high:.4g}; expected [0, 1]. "
            "Scale it and save it as an 8-bit image."
        )
    return Image.fromarray((values * 255).round().astype(np.uint8))


def _why_unreadable(path: Path, error: Exception) -> str:
    if path.is_file() and path.stat().st_size == 0:
        return f"{path} is empty (0 bytes). {_LEAVE_OUT}"
    if isinstance(error, UnidentifiedImageError):
        return f"{path} is not an image: its content is of no known image format. {_LEAVE_OUT}"
    if "truncated" in str(error).lower() or "broken data stream" in str(error):
        return f"{path} is truncated: {error}. {_LEAVE_OUT}"
    return f"{path} cannot be read as an image: {type(error).__name__}: {error}. {_LEAVE_OUT}"
