"""Facets in a static picture: the map of a unit's images, and what is typical of each facet."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from PIL import Image

from nbinterp.analyses.facets import Evidence
from nbinterp.render.drawing import BORDER, CARD, FAINT, INK, PADDING, SCALE, Card, px, wrapped
from nbinterp.render.scatter import put_point
from nbinterp.render.snapshot import beside, stack
from nbinterp.render.visualizations import gallery

_SIDE = 300  # of the map, CSS px
_ROOM = 14  # round the outermost images, CSS px
_RADIUS = 4
_CHART = 72  # height of the gap statistic's chart, CSS px
_CHOSEN = "#0B5CAD"
_LINES = 5  # of the words, at most


def facet_card(
    xy: np.ndarray,
    assignments: np.ndarray,
    blocks: Sequence[Mapping[str, Any]],
    *,
    title: str,
    heading: str,
    evidence: Evidence | None,
    why: str,
) -> Image.Image:
    """The map, beside it the facets, one below the other, and why there are so many of them.

    Args:
        xy: N×2; images whose place is not finite are left out.
        assignments: N: the facet of each image, −1 for none.
        blocks: one for each facet, as `visualizations.gallery` takes them.
        title: what the facets are of.
        heading: of the facets.
        evidence: the gap statistic; None: there is none.
        why: there are so many facets.

    Raises:
        ValueError: shapes that do not fit, or a facet without a block.
    """
    if assignments.max(initial=-1) >= len(blocks):
        raise ValueError(f"facet {assignments.max()} has no block: there are {len(blocks)}")
    left, right = facet_map(xy, assignments, title=title), gallery(blocks, title=heading, columns=1)
    below_map = right.height > left.height
    width = (left if below_map else right).width / SCALE - 2 * PADDING
    reasons = _reasons(evidence, len(blocks), why, width)
    return beside([stack([left, reasons]), right] if below_map else [left, stack([right, reasons])])


def facet_map(xy: np.ndarray, assignments: np.ndarray, *, title: str) -> Image.Image:
    """Images in the plane, coloured and shaped by facet; each facet's number stands at the middle of its images.

    Args:
        xy: N×2; x to the right, y upward, one scale for both.
        assignments: N: facets, −1 for none.
        title: a line above.

    Raises:
        ValueError: shapes that do not fit.
    """
    if xy.ndim != 2 or xy.shape[1] != 2 or assignments.shape != (len(xy),):
        raise ValueError(f"a map needs N×2 places and N facets, got {xy.shape} and {assignments.shape}")
    card = Card(_SIDE, _SIDE, title)
    corner = [px(card.left), px(card.top)]
    card.draw.rectangle((*corner, corner[0] + px(_SIDE), corner[1] + px(_SIDE)), outline=BORDER, width=px(0.5))
    places = _places(xy.astype(np.float64))
    for (x, y), facet in zip(places.tolist(), assignments.tolist(), strict=True):
        if math.isfinite(x) and math.isfinite(y):
            put_point(card.image, (px(card.left + x), px(card.top + y)), facet, _RADIUS)
    for facet in range(int(assignments.max(initial=-1)) + 1):
        own = places[(assignments == facet) & np.isfinite(places).all(1)]
        if len(own):
            x, y = np.median(own, axis=0)
            _number(card, float(x), float(y), str(facet))
    return card.image


def _reasons(evidence: Evidence | None, chosen: int, why: str, width: float) -> Image.Image:
    """The gap statistic with its standard error by number of facets, the number chosen marked, and the words."""
    known = np.zeros(0, bool) if evidence is None else np.isfinite(evidence.gap + evidence.error)
    if evidence is None or not known.any():
        return _words(Card(width, 16 * _LINES), 0, width, why)
    ks, gaps, errors = evidence.k[known], evidence.gap[known], evidence.error[known]
    card = Card(width, _CHART + 34)
    low, high = float((gaps - errors).min()), float((gaps + errors).max())
    left, length, span = 44, 120, max(high - low, 1e-12)

    def place(k: int, gap: float) -> tuple[int, int]:
        x = left + length * (k - ks[0] + 0.5) / (ks[-1] - ks[0] + 1)
        return px(card.left + x), px(card.top + (high - gap) / span * _CHART)

    every = -(-len(ks) // 8)
    points = [place(int(k), float(gap)) for k, gap in zip(ks, gaps, strict=True)]
    card.draw.line(points, fill=FAINT, width=px(1))
    for k, gap, error, (x, y) in zip(ks, gaps, errors, points, strict=True):
        reach = px(4 if k == chosen else 2.5)
        for end in (gap - error, gap + error):
            card.draw.line([(x, y), place(int(k), float(end))], fill=FAINT, width=px(1))
        card.draw.ellipse((x - reach, y - reach, x + reach, y + reach), fill=_CHOSEN if k == chosen else INK)
        if k == chosen or (k % every == 0 and abs(k - chosen) >= every):
            card.text(x / SCALE - card.left, _CHART + 4, str(k), 11, fill=INK if k == chosen else FAINT, anchor="ma")
    for value, y in ((high, 0), (low, _CHART)):
        card.text(left - 8, y, f"{value:.2g}", 10, fill=FAINT, anchor="rm")
    card.text(left + length / 2, _CHART + 20, "facets (gap statistic ± s.e.)", 10, fill=FAINT, anchor="ma")
    return _words(card, left + length + 14, width, why)


def _words(card: Card, x: float, width: float, why: str) -> Image.Image:
    for number, line in enumerate(wrapped(why, width - x, 11, _LINES)):
        card.text(x, 16 * number, line, 11)
    return card.image


def _places(xy: np.ndarray) -> np.ndarray:
    """CSS px in the map's square."""
    finite = xy[np.isfinite(xy).all(1)]
    low, high = (finite.min(0), finite.max(0)) if len(finite) else (np.zeros(2), np.ones(2))
    span = max(float((high - low).max()), 1e-12)
    return (xy - (low + high) / 2) * [1, -1] * ((_SIDE - 2 * _ROOM) / span) + _SIDE / 2


def _number(card: Card, x: float, y: float, text: str) -> None:
    middle, reach = (px(card.left + x), px(card.top + y)), px(9)
    box = (middle[0] - reach, middle[1] - reach, middle[0] + reach, middle[1] + reach)
    card.draw.ellipse(box, fill=CARD, outline=INK, width=px(0.75))
    card.text(x, y, text, 12, anchor="mm")
