"""A dissection in a static picture: how many units detect each concept, and the strongest units with their images."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageOps

from nbinterp.render.colors import category_rgb
from nbinterp.render.drawing import FAINT, INK, Card, px, shortened, text_width
from nbinterp.render.snapshot import beside, masked

N_BARS = 40
_NAMES, _BARS, _BAR = 104, 150, 15  # CSS px: room for names, length of the longest bar, height of a row
_HEAD, _TILE, _TRACK = 176, 52, 150


@dataclass(frozen=True)
class Bar:
    """A concept with the number of units that detect it.

    Attributes:
        concept: its name.
        code: number of its category, which gives the colour.
        category: name of that.
        n_units: length of the bar.
    """

    concept: str
    code: int
    category: str
    n_units: int


@dataclass(frozen=True)
class UnitCard:
    """A unit with its label and its top images.

    Attributes:
        unit: its index.
        concept: its label, "" for none.
        category: of the concept.
        code: number of the category, −1 for none.
        iou: of unit and concept.
        chance: mean and 95th percentile of the IoU that chance gives; NaN if not measured.
        pictures: uint8, height × width × 3: what the network sees of the images.
        on: bool, images × height × width, where the unit is on; None: not known.
        there: likewise, where the concept is; None: not shown.
    """

    unit: int
    concept: str
    category: str
    code: int
    iou: float
    chance: tuple[float, float]
    pictures: Sequence[np.ndarray]
    on: np.ndarray | None
    there: np.ndarray | None


def dissection_card(
    bars: Sequence[Bar], cards: Sequence[UnitCard], *, title: str, bound: float, largest: float
) -> Image.Image:
    """The bars, and beside them the units.

    Args:
        bars: concepts, those of a category together.
        cards: units; none: the bars alone.
        title: of the bars.
        bound: IoU above which a unit counts as a detector, marked on every unit's bar.
        largest: IoU that fills a unit's bar.
    """
    left = bar_chart(bars, title=title)
    return beside([left, unit_cards(cards, bound=bound, largest=largest)]) if cards else left


def bar_chart(bars: Sequence[Bar], *, title: str) -> Image.Image:
    """Concepts below each other with the number of their units; of too many those with most units."""
    least = sorted((bar.n_units for bar in bars), reverse=True)[:N_BARS]
    kept = [bar for bar in bars if bar.n_units > (least[-1] if least else 0)]
    kept += [bar for bar in bars if least and bar.n_units == least[-1]][: N_BARS - len(kept)]
    kept = [bar for bar in bars if any(bar is one for one in kept)]
    legend = list(dict.fromkeys((bar.code, bar.category) for bar in bars))
    rows = max(1, len(kept))
    card = Card(_NAMES + _BARS + 30, 20 * -(-len(legend) // 3) + 18 + rows * _BAR + 16, "")
    x, y = 0.0, 0.0
    for code, name in legend:
        width = 14 + text_width(name, 10.5) + 12
        if x + width > _NAMES + _BARS + 30:
            x, y = 0.0, y + 16
        _box(card, x, y + 2, 9, 9, category_rgb(code))
        card.text(x + 14, y, name, 10.5)
        x += width
    y += 22
    card.text(0, y - 2, shortened(title, _NAMES + _BARS + 30, 11.5), 11.5)
    y += 18
    if not kept:
        card.text(0, y, "no unit is a detector", 11, fill=FAINT)
    most = max((bar.n_units for bar in kept), default=1)
    for number, bar in enumerate(kept):
        top = y + number * _BAR
        card.text(_NAMES - 6, top + 6, shortened(bar.concept, _NAMES - 8, 10.5), 10.5, anchor="rm")
        length = max(2.0, bar.n_units / most * _BARS)
        _box(card, _NAMES, top, length, _BAR - 4, category_rgb(bar.code))
        card.text(_NAMES + length + 4, top + 6, str(bar.n_units), 10.5, anchor="lm")
    rest = len(bars) - len(kept)
    words = f"detector units per concept{f'; {rest} more concepts' if rest else ''}"
    card.text(0, y + rows * _BAR, words, 10, fill=FAINT)
    return card.image


def unit_cards(cards: Sequence[UnitCard], *, bound: float, largest: float) -> Image.Image:
    """Units below each other: label, IoU beside chance, images masked to the unit and below them to the concept."""
    two = any(card.there is not None for card in cards)
    step = (2 * _TILE + 3 if two else _TILE) + 12
    n = max((len(card.pictures) for card in cards), default=0)
    width = _HEAD + n * (_TILE + 4)
    sheet = Card(width, 16 + len(cards) * step - 12, "")
    words = "bar: IoU · grey: chance up to 95 % · black line: its mean · orange line: bound of a detector"
    sheet.text(0, -4, shortened(words, width, 10), 10, fill=FAINT)
    for number, card in enumerate(cards):
        y = 14 + number * step
        sheet.text(0, y, f"unit {card.unit}", 12)
        sheet.text(0, y + 17, shortened(card.concept or "no concept", _HEAD - 12, 12), 12)
        sheet.text(0, y + 33, shortened(card.category, _HEAD - 12, 10), 10, fill=FAINT)
        _iou_bar(sheet, y + 48 if two else y + 45, card, bound, largest)
        if two:
            _captions(sheet, y + 62, card)
        for place, picture in enumerate(card.pictures):
            x = _HEAD + place * (_TILE + 4)
            sheet.paste(x, y, _fitted(picture, None if card.on is None else card.on[place]))
            if card.there is not None:
                sheet.paste(x, y + _TILE + 3, _fitted(picture, card.there[place]))
    return sheet.image


def _captions(sheet: Card, y: float, card: UnitCard) -> None:
    mean, high = card.chance
    sheet.text(0, y, f"IoU {card.iou:.3f}", 10.5)
    if math.isfinite(mean):
        sheet.text(0, y + 14, f"chance {mean:.3f}, 95 %: {high:.3f}", 10.5, fill=FAINT)
    sheet.text(0, y + 28, "above: unit; below: concept", 10, fill=FAINT)


def _iou_bar(sheet: Card, y: float, card: UnitCard, bound: float, largest: float) -> None:
    _box(sheet, 0, y, _TRACK, 7, (228, 231, 235))
    _box(sheet, 0, y, min(1.0, card.iou / largest) * _TRACK, 7, category_rgb(card.code))
    mean, high = card.chance
    if math.isfinite(mean):
        _box(sheet, 0, y + 8, min(1.0, high / largest) * _TRACK, 2.5, (120, 127, 135))
        _box(sheet, min(1.0, mean / largest) * _TRACK - 0.5, y - 2, 1.5, 13, INK)
    _box(sheet, min(1.0, bound / largest) * _TRACK, y - 2, 1, 13, "#C05621")


def _box(card: Card, x: float, y: float, width: float, height: float, fill: str | tuple[int, int, int]) -> None:
    left, top = px(card.left + x), px(card.top + y)
    card.draw.rectangle((left, top, left + max(1, px(width)) - 1, top + max(1, px(height)) - 1), fill=fill)


def _fitted(picture: np.ndarray, mask: np.ndarray | None) -> Image.Image:
    shown = picture if mask is None else masked(picture, mask.astype(np.float32))
    return ImageOps.pad(Image.fromarray(np.ascontiguousarray(shown)), (px(_TILE), px(_TILE)), color=(235, 235, 235))
