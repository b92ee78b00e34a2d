"""The static picture of a decision region, and pictures of images from outside a recording."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from PIL import Image, ImageOps

from nbinterp.analyses.regions import Evidence, Literal, Region, lift_words
from nbinterp.render.drawing import FAINT, INK, Card, px, text_width, wrapped
from nbinterp.render.pages import GREY
from nbinterp.render.snapshot import image_sheet, masked, stack

STANDS_OUT, CHANCE = "#1A7F37", "#8A4B00"
RANDOM, SHUFFLED = "#4477AA", "#CC8A1D"

_LEFT, _GAP, _ROW, _STRIP, _RULE = 250, 24, 34, 30, 300  # CSS px
_ANCHOR, _CHART = 116, 118
_BINS = 30
_FACTS = 9  # lines beside the anchor


def outside_pixels(image: Any) -> np.ndarray | None:
    """An image that is not in the recording as uint8, height × width × 3, at most 256 a side; None if it is no such.

    Args:
        image: PIL image, or an array or tensor: height × width × 3 or 3 × height × width, bytes or [0, 1].
    """
    if not isinstance(image, Image.Image):
        values = np.asarray(image)
        if values.ndim == 3 and values.shape[0] in (1, 3) and values.shape[2] not in (1, 3):
            values = np.moveaxis(values, 0, 2)
        if values.ndim != 3 or values.shape[2] != 3:
            return None
        if values.dtype != np.uint8:
            values = (np.clip(np.nan_to_num(values.astype(np.float32)), 0, 1) * 255 + 0.5).astype(np.uint8)
        image = Image.fromarray(np.ascontiguousarray(values))
    return np.asarray(ImageOps.contain(image.convert("RGB"), (256, 256)))


def jpeg(pixels: np.ndarray) -> bytes:
    """Pixels (uint8, height × width × 3) as a JPEG file."""
    buffer = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(buffer, "JPEG", quality=88)
    return buffer.getvalue()


def region_card(
    region: Region,
    evidence: Evidence | None,
    *,
    anchor: np.ndarray | None,
    seen: tuple[float, float, float, float] | None,
    exemplars: Sequence[tuple[list[np.ndarray], list[np.ndarray] | None]],
    members: Sequence[np.ndarray],
    captions: Sequence[str],
) -> Image.Image:
    """Anchor, verdict, null lifts and rule of a region, and its members below.

    Args:
        region: to draw.
        evidence: of its verdict; None: not computed yet.
        anchor: uint8, height × width × 3; None: there is no picture of it.
        seen: left, top, right, bottom of what the network sees of it, in shares of its width and height; None: not
            known, and no places are framed.
        exemplars: for each literal, images that activate its unit most, and their masks or None.
        members: the first members, uint8, height × width × 3.
        captions: of these.
    """
    n_rows = max(1, len(region.literals))
    height = max(_ANCHOR + 84 + _CHART + 34, 20 + n_rows * _ROW)
    card = Card(_LEFT + _GAP + _RULE + 3 * (_STRIP + 4), height, f"Decision region of {region.anchor_name}")
    card.paste(0, 0, _fitted(np.full((1, 1, 3), GREY, np.uint8) if anchor is None else anchor, _ANCHOR))
    if anchor is not None and seen is not None:
        _frames(card, region, anchor.shape[:2], seen)
    room = _LEFT - _ANCHOR - 10
    lines = [line for fact in _facts(region) for line in wrapped(fact, room, 10.5, 3)]
    for number, line in enumerate(lines[:_FACTS]):
        card.text(_ANCHOR + 10, 13 * number, line, 10.5, fill=FAINT)
    _verdict(card, _ANCHOR + 8, region, evidence)
    if evidence is not None:
        _null_lifts(card, _ANCHOR + 84, evidence)
    _rule(card, _LEFT + _GAP, region.literals, exemplars)
    if not members:
        return card.image
    title = f"{region.support} member{'s' * (region.support != 1)}" + (
        f", the first {len(members)}" if region.support > len(members) else ""
    )
    return stack([card.image, image_sheet(members, captions, 10, 60, title=title)])


def histogram(values: np.ndarray, low: float, high: float, n_bins: int) -> np.ndarray:
    """Shares of lifts in bins that are even in their logarithm; the first bin is for those that are 0.

    Args:
        values: lifts ≥ 0; those that are not finite are left out.
        low: positive: where the second bin begins.
        high: positive: where the last one ends.
        n_bins: at least 2.

    Returns:
        float64, n_bins: sums to 1, or is 0 without values.
    """
    known = values[np.isfinite(values)]
    counts = np.zeros(n_bins)
    counts[0] = (known <= 0).sum()
    places = (np.log(known[known > 0]) - math.log(low)) / max(math.log(high / low), 1e-9) * (n_bins - 1)
    np.add.at(counts, 1 + np.clip(places.astype(int), 0, n_bins - 2), 1)
    return counts / max(len(known), 1)


def lift_range(lift: float, nulls: Sequence[np.ndarray]) -> tuple[float, float]:
    """The smallest and the largest positive lift of all, rounded outwards to powers of ten; never equal."""
    every = np.concatenate([np.array([lift]), *nulls])
    every = every[np.isfinite(every) & (every > 0)]
    if not len(every):
        return 0.1, 10.0
    low, high = 10.0 ** math.floor(math.log10(every.min())), 10.0 ** math.ceil(math.log10(every.max()))
    return (low, high) if low < high else (low, 10 * low)


def _facts(region: Region) -> list[str]:
    settings = f"k {region.k}, t {region.t}, tolerance {region.tolerance}"
    purity = [f"{by}: {found}" for by, found in region.purity.items() if found.n_known]
    return [region.layer, settings, f"{region.support} of {region.among} follow the rule:", *purity]


def _frames(card: Card, region: Region, size: tuple[int, ...], seen: tuple[float, float, float, float]) -> None:
    """Frames around the places in the anchor where the rule's neurons lie."""
    grid = None if region.codes is None else region.codes.grid
    scale = _ANCHOR / max(size)
    height, width = size[0] * scale, size[1] * scale
    x0, y0 = (_ANCHOR - width) / 2, (_ANCHOR - height) / 2
    for literal in region.literals:
        if grid is None or literal.y is None or literal.x is None:
            continue
        across, down = (seen[2] - seen[0]) / grid[1], (seen[3] - seen[1]) / grid[0]
        left, top = seen[0] + literal.x * across, seen[1] + literal.y * down
        corners = (x0 + left * width, y0 + top * height, x0 + (left + across) * width, y0 + (top + down) * height)
        box = [px(card.left + x) for x in corners[::2]] + [px(card.top + y) for y in corners[1::2]]
        for grow, color, line in ((0, INK, px(1.5)), (-px(0.5), "#FFFFFF", px(0.5))):
            card.draw.rectangle((box[0] - grow, box[2] - grow, box[1] + grow, box[3] + grow), outline=color, width=line)


def _verdict(card: Card, y: float, region: Region, evidence: Evidence | None) -> None:
    if evidence is None:
        card.text(0, y, "The verdict is being computed.", 11, fill=FAINT)
        return
    head, _, facts = region.verdict.partition(": ")
    color = STANDS_OUT if region.stands_out else CHANCE
    sign = "✓ " if region.stands_out else "✗ "
    card.text(0, y, f"{sign}{head[:1].upper()}{head[1:]}", 13, fill=color)
    for number, line in enumerate(wrapped(facts, _LEFT, 10, 4)):
        card.text(0, y + 18 + 13 * number, line, 10, fill=FAINT)


def _null_lifts(card: Card, y: float, evidence: Evidence) -> None:
    """Histograms of both nulls, one up and one down from a common axis, and the region's own lift as a line."""
    low, high = lift_range(evidence.lift, [evidence.random, evidence.shuffled])
    step, middle = _LEFT / _BINS, y + _CHART / 2
    for values, color, sign in ((evidence.random, RANDOM, -1), (evidence.shuffled, SHUFFLED, 1)):
        shares = histogram(values, low, high, _BINS)
        for number, share in enumerate(shares / max(shares.max(), 1e-9)):
            edge = middle + sign * share * (_CHART / 2 - 16)
            x = number * step
            box = [x, min(middle, edge), x + step - 1, max(middle, edge)]
            if share > 0:
                _box(card, box, color)
    card.text(0, y - 2, "random anchors", 10, fill=RANDOM)
    card.text(0, y + _CHART - 12, "shuffled codes", 10, fill="#8A5A00")
    card.text(_LEFT / 2, y + _CHART + 18, "lift, log scale; at the left edge 0", 10, fill=FAINT, anchor="ma")
    lowest, highest = round(math.log10(low)), round(math.log10(high))
    for power in range(lowest, highest + 1, max(1, -(-(highest - lowest) // 4))):
        _tick(card, _place(10.0**power, low, high) * _LEFT, y + _CHART + 5, power)
    if math.isnan(evidence.lift):
        return
    at = _place(evidence.lift, low, high) * _LEFT
    _box(card, [at - 1, y + 10, at + 1, y + _CHART - 14], INK)
    label = f"this image: {lift_words(evidence.lift)}"
    x = min(max(at - text_width(label, 10) / 2, text_width("random anchors", 10) + 8), _LEFT - text_width(label, 10))
    card.text(x, y - 2, label, 10)


def _tick(card: Card, x: float, y: float, power: int) -> None:
    """A power of ten below the axis."""
    text = f"{10.0**power:g}" if -1 <= power <= 3 else "10"
    width = text_width(text, 10)
    left = min(max(x - width / 2, 0), _LEFT - width - (9 if text == "10" else 0))
    card.text(left, y, text, 10, fill=FAINT)
    if text == "10" and power != 1:
        card.text(left + width + 1, y - 2, str(power), 7.5, fill=FAINT)


def _place(lift: float, low: float, high: float) -> float:
    """Where a lift lies on the axis, from 0 to 1."""
    if not lift > 0:
        return 0.5 / _BINS
    share = (math.log(lift) - math.log(low)) / math.log(high / low)
    return (1 + min(max(share, 0.0), 1.0) * (_BINS - 1)) / _BINS


def _box(card: Card, box: Sequence[float], color: str) -> None:
    x0, y0, x1, y1 = box
    corners = (px(card.left + x0), px(card.top + y0), px(card.left + x1), px(card.top + y1))
    card.draw.rectangle(corners, fill=color)


def _rule(
    card: Card,
    x: float,
    literals: Sequence[Literal],
    exemplars: Sequence[tuple[list[np.ndarray], list[np.ndarray] | None]],
) -> None:
    title = f"Rule: {len(literals)} literal{'s' * (len(literals) != 1)}" if literals else "Rule: no literals"
    card.text(x, 0, title, 12)
    for number, (literal, (images, masks)) in enumerate(zip(literals, exemplars, strict=True)):
        y = 20 + number * _ROW
        for place, image in enumerate(images):
            shown = image if masks is None else masked(image, masks[place])
            card.paste(x + place * (_STRIP + 4), y, _fitted(shown, _STRIP))
        left = x + (3 * (_STRIP + 4) + 6 if any(found for found, _ in exemplars) else 0)
        card.text(left, y + 1, str(literal), 11.5)
        facts = f"on in {100 * literal.base_rate + 1e-9:.0f} % of the images, score {literal.score:.2f}"
        card.text(left, y + 16, facts, 10, fill=FAINT)


def _fitted(image: np.ndarray, side: int) -> Image.Image:
    return ImageOps.pad(Image.fromarray(np.ascontiguousarray(image)), (px(side), px(side)), color=(235, 235, 235))
