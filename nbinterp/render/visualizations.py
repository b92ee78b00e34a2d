"""Optimized images to files and pictures: contact sheets, PNG files, the static picture of a gallery."""

from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from PIL import Image, ImageOps

from nbinterp.analyses.maximize.files import as_picture, to_bytes
from nbinterp.render.drawing import FAINT, Card, px, shortened
from nbinterp.render.scatter import put_point
from nbinterp.render.snapshot import masked

MAX_BYTES = 1_400_000  # of a contact sheet
MAX_PIXELS = 12_000_000  # a browser decodes the sheet as a whole, four bytes a pixel
BLOCK = 8  # of JPEG: cells are whole blocks, so that no image bleeds into its neighbour

_TILE, _STRIP, _TEXT = 112, 40, 176  # CSS px: an optimized image, an exemplar, the words beside
_EPOCH = (1980, 1, 1, 0, 0, 0)


def pixels(images: np.ndarray) -> np.ndarray:
    """Images to bytes.

    Args:
        images: `n × channels × height × width` in [0, 1], one or three channels; NaN is drawn black.

    Returns:
        uint8, `n × height × width × 3`; one channel becomes grey.
    """
    scaled = to_bytes(images)
    return np.moveaxis(np.broadcast_to(scaled, (len(scaled), 3, *scaled.shape[2:])), 1, 3)


def contact_sheet(
    images: np.ndarray, *, side: int = 256, quality: int = 92, max_bytes: int = MAX_BYTES
) -> tuple[bytes, dict[str, Any]]:
    """Many images in one JPEG, row by row; less sharp, then smaller, where they would take too many bytes.

    Args:
        images: as `pixels` takes them, at least one.
        side: largest height or width of an image on the sheet, in pixels; smaller images keep their size.
        quality: of the JPEG at best, 1 to 95.
        max_bytes: of the JPEG.

    Returns:
        The JPEG, and {"columns", "cell" ([width, height] from one image to the next), "width", "height" (of an image
        on the sheet), "n"}.
    """
    shown = pixels(images)
    n, height, width = shown.shape[:3]
    scale = min(1.0, side / max(height, width), math.sqrt(MAX_PIXELS / (n * height * width)))
    while True:
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        sheet, layout = _sheet(shown, size)
        for attempt in (quality, 85, 78, 70):
            jpeg = _jpeg(sheet, min(attempt, quality))
            if len(jpeg) <= max_bytes or max(size) <= BLOCK:
                return jpeg, layout
        scale *= 0.95 * math.sqrt(max_bytes / len(jpeg))


def _sheet(shown: np.ndarray, size: tuple[int, int]) -> tuple[np.ndarray, dict[str, Any]]:
    n, height, width = shown.shape[:3]
    columns = math.ceil(math.sqrt(n))
    cell = [-(-length // BLOCK) * BLOCK for length in size]
    sheet = np.zeros((-(-n // columns) * cell[1], columns * cell[0], 3), dtype=np.uint8)
    border = ((0, cell[1] - size[1]), (0, cell[0] - size[0]), (0, 0))
    for place, image in enumerate(shown):
        if size != (width, height):
            image = np.asarray(Image.fromarray(image).resize(size, Image.Resampling.BICUBIC))
        row, column = divmod(place, columns)
        area = sheet[row * cell[1] : (row + 1) * cell[1], column * cell[0] : (column + 1) * cell[0]]
        area[...] = np.pad(image, border, mode="edge")
    return sheet, {"columns": columns, "cell": cell, "width": size[0], "height": size[1], "n": n}


def _jpeg(sheet: np.ndarray, quality: int) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(sheet).save(buffer, "JPEG", quality=quality, subsampling="4:4:4")
    return buffer.getvalue()


def png(image: np.ndarray) -> bytes:
    """One image (`channels × height × width` in [0, 1]) as a PNG file, pixel by pixel, as `Visualizations.save_png`."""
    buffer = io.BytesIO()
    as_picture(image).save(buffer, "PNG")
    return buffer.getvalue()


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Files by name as one ZIP file: the same bytes for the same files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), data)
    return buffer.getvalue()


def gallery(blocks: Sequence[Mapping[str, Any]], *, title: str = "", columns: int = 2) -> Image.Image:
    """What units want beside what activates them: blocks of optimized images, words and exemplars, in columns.

    Args:
        blocks: mappings with "name", "lines" (words about it, one a line), "images" (uint8 height × width × 3),
            "exemplars" (likewise; may be empty), "masks" (None, or one H×W float array per exemplar) and, optional,
            "category" (whose sign stands before the name).
        title: a line above, "" for none.
        columns: at most; one for fewer than three blocks, and for wide ones.

    Raises:
        ValueError: no blocks.
    """
    if not blocks:
        raise ValueError("gallery needs at least one block.")
    n_images = max(len(block["images"]) for block in blocks)
    n_exemplars = max(len(block["exemplars"]) for block in blocks)
    beside = max(_TEXT, n_exemplars * (_STRIP + 4) - 4)
    width, height = n_images * (_TILE + 4) + 6 + beside, _TILE
    columns = 1 if len(blocks) < 3 or width > 560 else columns
    card = Card(columns * (width + 20) - 20, -(-len(blocks) // columns) * (height + 14) - 14, title)
    for place, block in enumerate(blocks):
        row, column = divmod(place, columns)
        _block(card, column * (width + 20), row * (height + 14), block, n_images * (_TILE + 4) + 6, beside)
    return card.image


def _block(card: Card, x: float, y: float, block: Mapping[str, Any], indent: float, width: float) -> None:
    for place, image in enumerate(block["images"]):
        card.paste(x + place * (_TILE + 4), y, _fitted(image, _TILE))
    x += indent
    room = 0 if "category" not in block else 16
    if room:
        put_point(card.image, (px(card.left + x + 5), px(card.top + y + 7)), block["category"], 5)
    card.text(x + room, y, shortened(block["name"], width - room, 12), 12)
    for number, line in enumerate(block["lines"][:4]):
        card.text(x, y + 17 + 13 * number, shortened(line, width, 10.5), 10.5, fill=FAINT)
    for place, exemplar in enumerate(block["exemplars"]):
        shown = exemplar if block["masks"] is None else masked(exemplar, block["masks"][place])
        card.paste(x + place * (_STRIP + 4), y + _TILE - _STRIP, _fitted(shown, _STRIP))


def _fitted(image: np.ndarray, side: int) -> Image.Image:
    return ImageOps.pad(Image.fromarray(np.ascontiguousarray(image)), (px(side), px(side)), color=(235, 235, 235))
