"""Static pictures of the views: what stands in the notebook until, and wherever, nothing live can be drawn.

Pure functions from arrays and PIL images to PIL images, twice as large as they are shown (`drawing.SCALE`).
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from nbinterp.render.drawing import BORDER, CARD, DESK, FAINT, Card, px, shortened, text_width, wrapped
from nbinterp.render.pages import letterbox
from nbinterp.render.scatter import scatter as scatter

QUALITIES = (82, 60, 45, 34)  # of a WebP file, tried in this order
MAX_BYTES = 150_000

_LARGEST = 16_383  # pixels a side, of WebP
_LONGEST = 400  # CSS px: titles that long have room above few images
_AROUND = 235  # grey beside an image that is not square
_SHADE = 0.6  # how much of the light is taken outside a unit's active area
_EDGE = (0.35, 0.60)  # share of the map's largest value where the shade ends and where it is gone


def image_sheet(
    pictures: Sequence[np.ndarray], captions: Sequence[str], columns: int = 10, tile: int = 72, *, title: str = ""
) -> Image.Image:
    """Images in rows, each with its caption (at most two lines, shortened to the tile's width) below.

    Args:
        pictures: uint8, height × width × 3, of any sizes; each is fitted into a square tile.
        captions: one for each; "" for none. A "\\n" begins the second line, else lines are broken at spaces.
        columns: images in a row.
        tile: side of a tile in CSS pixels.
        title: a line above, "" for none.

    Raises:
        ValueError: no images, or not as many captions.
    """
    if len(pictures) != len(captions) or not pictures:
        raise ValueError(f"image_sheet needs a caption for each image, got {len(pictures)} and {len(captions)}.")
    columns = min(columns, len(pictures))
    texts = [
        [shortened(line, tile, 10) for line in caption.split("\n", 1)]
        if "\n" in caption
        else wrapped(caption, tile, 10, 2)
        for caption in captions
    ]
    below = 4 + 13 * max(len(lines) if any(lines) else 0 for lines in texts)
    step, rows = (tile + 8, tile + below + 6), -(-len(pictures) // columns)
    card = Card(max(columns * step[0] - 8, min(text_width(title, 14) + 1, _LONGEST)), rows * step[1] - 6, title)
    for place, (picture, lines) in enumerate(zip(pictures, texts, strict=True)):
        y, x = (count * length for count, length in zip(divmod(place, columns), step[::-1], strict=True))
        card.paste(x, y, _fitted(picture, px(tile)))
        for number, line in enumerate(lines):
            card.text(x + tile / 2, y + tile + 4 + 13 * number, line, 10, anchor="ma")
    return card.image


def unit_strips(rows: Sequence[Mapping[str, Any]], *, tile: int = 56, title: str = "") -> Image.Image:
    """Units below each other, each a strip of the images that activate it most.

    Args:
        rows: mappings with "name" (of the unit), "detail" (numbers about it; lines are broken at " · "), "images"
            (uint8 height × width × 3) and "masks" (None, or one H×W float array per image, see `masked`).
        tile: side of an image in CSS pixels.
        title: a line above, "" for none.

    Raises:
        ValueError: no rows, or not as many masks as images.
    """
    if not rows:
        raise ValueError("unit_strips needs at least one row.")
    details = [str(row.get("detail", "")).split(" · ") for row in rows]
    widest = [text_width(str(row["name"]), 12) for row in rows] + [text_width(d, 10.5) for ds in details for d in ds]
    label = min(180.0, max(widest) + 14)
    width = label + max(len(row["images"]) for row in rows) * (tile + 4) - 4
    card = Card(width, len(rows) * (tile + 8) - 8, title)
    for number, (row, lines) in enumerate(zip(rows, details, strict=True)):
        y = number * (tile + 8)
        middle = y + tile / 2 - 7 * len(lines)
        card.text(0, middle, shortened(str(row["name"]), label - 10, 12), 12, anchor="lm")
        for place, line in enumerate(lines):
            card.text(0, middle + 15 + 13 * place, shortened(line, label - 10, 10.5), 10.5, fill=FAINT, anchor="lm")
        pictures, masks = row["images"], row.get("masks")
        if masks is not None and len(masks) != len(pictures):
            raise ValueError(f"{row['name']}: {len(masks)} masks for {len(pictures)} images.")
        for place, picture in enumerate(pictures):
            shown = picture if masks is None else masked(picture, masks[place])
            card.paste(label + place * (tile + 4), y, _fitted(shown, px(tile)))
    return card.image


def message(text: str) -> Image.Image:
    """A card with a sentence, where there is nothing to draw."""
    lines = wrapped(text, 380, 12, 4)
    card = Card(400, 18 * len(lines), "")
    for number, line in enumerate(lines):
        card.text(0, 18 * number + 9, line, 12, anchor="lm")
    return card.image


def masked(pixels: np.ndarray, activation_map: np.ndarray) -> np.ndarray:
    """Darken an image where a unit is not active, with a soft edge, as the unit list does in the browser.

    The map is stretched over the image (bilinear, half-pixel centres). Clear where it reaches 60 % of its own largest
    value, dark below 35 %; all dark if it is nowhere positive.

    Args:
        pixels: uint8, height × width × 3.
        activation_map: H×W floats, any size and positive scale.

    Returns:
        uint8, the shape of `pixels`.
    """
    height, width = pixels.shape[:2]
    values = np.nan_to_num(np.asarray(activation_map, dtype=np.float32))
    values = np.asarray(Image.fromarray(values).resize((width, height), Image.Resampling.BILINEAR))
    peak = float(values.max())
    share = values / peak if peak > 0 else np.zeros_like(values)
    ramp = np.clip((share - _EDGE[0]) / (_EDGE[1] - _EDGE[0]), 0, 1)
    light = 1 - _SHADE * (1 - ramp * ramp * (3 - 2 * ramp))
    return (pixels * light[..., None]).round().astype(np.uint8)


def beside(pictures: Sequence[Image.Image]) -> Image.Image:
    """Cards side by side, all as high as the highest."""
    height = max(picture.height for picture in pictures)
    return _joined([_stretched(picture, picture.width, height) for picture in pictures], (1, 0))


def stack(pictures: Sequence[Image.Image]) -> Image.Image:
    """Cards below each other, all as wide as the widest."""
    width = max(picture.width for picture in pictures)
    return _joined([_stretched(picture, width, picture.height) for picture in pictures], (0, 1))


def encode(image: Image.Image) -> tuple[str, bytes]:
    """A picture as a file of at most 150 kB: PNG if that fits, else WebP, coarser and then smaller if it must.

    A coarse file of full size is shown at half its size and looks better than a fine one that is enlarged. WebP takes
    a third less than JPEG.

    Returns:
        (mime type, bytes).
    """
    png = _encoded(image, "PNG") if image.width * image.height < 1e6 else b""
    if 0 < len(png) <= MAX_BYTES:
        return "image/png", png
    if max(image.size) > _LARGEST:
        image = image.copy()
        image.thumbnail((_LARGEST, _LARGEST))
    for quality in QUALITIES:
        if len(webp := _encoded(image, "WEBP", quality=quality)) <= MAX_BYTES:
            return "image/webp", webp
    while len(webp := _encoded(image, "WEBP", quality=QUALITIES[-1])) > MAX_BYTES:
        scale = 0.97 * (MAX_BYTES / len(webp)) ** 0.5
        image = image.resize((max(1, int(image.width * scale)), max(1, int(image.height * scale))), reducing_gap=2.0)
    return "image/webp", webp


def _fitted(picture: np.ndarray, side: int) -> Image.Image:
    image = Image.fromarray(np.ascontiguousarray(picture))
    scale = side / max(image.size)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return Image.fromarray(letterbox(np.asarray(image.resize(size, Image.Resampling.BICUBIC)), side, _AROUND))


def _stretched(card: Image.Image, width: int, height: int) -> Image.Image:
    """A larger card: white is put in before its right and lower border."""
    larger = Image.new("RGB", (width, height), CARD)
    larger.paste(card, (0, 0))
    edge = px(1)
    draw = ImageDraw.Draw(larger)
    draw.rectangle((card.width - edge, 0, width, height), fill=CARD)
    draw.rectangle((0, card.height - edge, width, height), fill=CARD)
    draw.rectangle((0, 0, width - 1, height - 1), outline=BORDER, width=edge)
    return larger


def _joined(pictures: Sequence[Image.Image], direction: tuple[int, int]) -> Image.Image:
    gap, places, x, y = px(8), [], 0, 0
    for picture in pictures:
        places.append((x, y))
        x, y = x + (picture.width + gap) * direction[0], y + (picture.height + gap) * direction[1]
    size = (
        max(place[0] + picture.width for place, picture in zip(places, pictures, strict=True)),
        max(place[1] + picture.height for place, picture in zip(places, pictures, strict=True)),
    )
    desk = Image.new("RGB", size, DESK)
    for place, picture in zip(places, pictures, strict=True):
        desk.paste(picture, place)
    return desk


def _encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.convert("RGB").save(buffer, kind, **options)
    return buffer.getvalue()
