"""Thumbnails by the page: many small images in one JPEG, which the browser cuts up again."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from nbinterp.data import ProbeSet

COLUMNS = 25
GREY = 128  # what a tile shows beside an image that is not square

_QUALITY = 78


def thumbnail_page(probe: ProbeSet, page: int, *, tile: int = 64, per_page: int = 500) -> tuple[bytes, dict[str, Any]]:
    """One page of thumbnails: 25 tiles a row, row by row, in the probe set's order.

    Args:
        probe: the images.
        page: number of the page, from 0; it starts with image `page * per_page`.
        tile: side of a tile in pixels. The image fills it as far as its aspect ratio allows, centred on neutral grey.
            An image that cannot be read gives a tile with a cross.
        per_page: images per page; the last page may hold fewer.

    Returns:
        The JPEG, and {"tile", "columns", "first" (index of the first image), "count" (images on this page), "boxes"}:
        for each image, where it lies in its tile: [left, top, width, height] in shares of the tile's side.

    Raises:
        IndexError: no such page.
        ValueError: `tile` or `per_page` below 1.
    """
    if tile < 1 or per_page < 1:
        raise ValueError(f"tile and per_page must be at least 1, got {tile} and {per_page}.")
    n_pages = -(-len(probe) // per_page)
    if not 0 <= page < n_pages:
        raise IndexError(f"page {page} does not exist: {len(probe)} images fill the pages 0 to {n_pages - 1}.")
    first = page * per_page
    jpeg, meta = thumbnail_sheet(probe, range(first, min(first + per_page, len(probe))), tile=tile)
    return jpeg, {**meta, "first": first}


def thumbnail_sheet(probe: ProbeSet, indices: Sequence[int], *, tile: int = 64) -> tuple[bytes, dict[str, Any]]:
    """Thumbnails of some images, laid out as on a page.

    Args:
        probe: the images.
        indices: which of them, in this order.
        tile: side of a tile in pixels.

    Returns:
        The JPEG, and what `thumbnail_page` says of a page, but for "first".

    Raises:
        ValueError: no image named.
    """
    count = len(indices)
    if count == 0:
        raise ValueError("a sheet of thumbnails needs at least one image, got none.")
    canvas = np.full((-(-count // COLUMNS) * tile, COLUMNS * tile, 3), GREY, dtype=np.uint8)
    boxes = []
    for place, index in enumerate(indices):
        row, column = divmod(place, COLUMNS)
        pixels = thumbnail(probe, index, tile)
        canvas[row * tile : (row + 1) * tile, column * tile : (column + 1) * tile] = letterbox(pixels, tile)
        boxes.append(_box(pixels, tile))
    buffer = io.BytesIO()
    subsampling = "4:2:0" if tile % 16 == 0 else "4:4:4"  # colour blocks must not straddle tiles
    Image.fromarray(canvas).save(buffer, "JPEG", quality=_QUALITY, subsampling=subsampling, progressive=True)
    return buffer.getvalue(), {"tile": tile, "columns": COLUMNS, "count": count, "boxes": boxes}


def letterbox(pixels: np.ndarray, side: int, grey: int = GREY) -> np.ndarray:
    """Centre an image on a grey square.

    Args:
        pixels: uint8, height × width × 3, neither longer than `side`.
        side: of the square, in pixels.
        grey: 0 to 255.

    Returns:
        uint8, side × side × 3.
    """
    height, width = pixels.shape[:2]
    top, left = _corner(height, width, side)
    square = np.full((side, side, 3), grey, dtype=np.uint8)
    square[top : top + height, left : left + width] = pixels
    return square


def _corner(height: int, width: int, side: int) -> tuple[int, int]:
    return (side - height) // 2, (side - width) // 2


def _box(pixels: np.ndarray, side: int) -> list[float]:
    height, width = pixels.shape[:2]
    top, left = _corner(height, width, side)
    return [round(length / side, 4) for length in (left, top, width, height)]


def thumbnail(probe: ProbeSet, index: int, side: int) -> np.ndarray:
    """`probe.thumbnail(index, side)`, or a tile with a cross if the image cannot be read."""
    try:
        return probe.thumbnail(index, side)
    except Exception:  # one damaged image must not cost the other 499; recording it says what is wrong with it
        return _crossed(side)


def _crossed(side: int) -> np.ndarray:
    square = Image.new("RGB", (side, side), (GREY,) * 3)
    draw, inset, width = ImageDraw.Draw(square), side // 4, max(1, side // 20)
    draw.line((inset, inset, side - inset, side - inset), fill=(70, 70, 70), width=width)
    draw.line((inset, side - inset, side - inset, inset), fill=(70, 70, 70), width=width)
    return np.array(square)
