"""Facets in a static picture: the map of a unit's images, and what is typical of each facet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from PIL import Image

from nbinterp.render.colors import category_rgb
from nbinterp.render.drawing import BORDER, CARD, INK, Card, px
from nbinterp.render.snapshot import beside
from nbinterp.render.visualizations import gallery

_SIDE = 300  # of the map, CSS px
_ROOM = 14  # round the outermost images, CSS px
_RADIUS = 3.2


def facet_card(
    xy: np.ndarray, assignments: np.ndarray, blocks: Sequence[Mapping[str, Any]], *, title: str, heading: str
) -> Image.Image:
    """The map, and beside it the facets, one below the other.

    Args:
        xy: N×2; images whose place is not finite are left out.
        assignments: N: the facet of each image, −1 for none.
        blocks: one for each facet, as `visualizations.gallery` takes them.
        title: what the facets are of.
        heading: of the facets.

    Raises:
        ValueError: shapes that do not fit, or a facet without a block.
    """
    if assignments.max(initial=-1) >= len(blocks):
        raise ValueError(f"facet {assignments.max()} has no block: there are {len(blocks)}")
    return beside([facet_map(xy, assignments, title=title), gallery(blocks, title=heading)])


def facet_map(xy: np.ndarray, assignments: np.ndarray, *, title: str) -> Image.Image:
    """Images in the plane, coloured by facet; each facet's number stands at the middle of its images.

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
    for facet in np.unique(assignments):
        colour = category_rgb(int(facet))
        for x, y in places[(assignments == facet) & np.isfinite(places).all(1)]:
            middle, reach = (px(card.left + x), px(card.top + y)), px(_RADIUS)
            box = (middle[0] - reach, middle[1] - reach, middle[0] + reach, middle[1] + reach)
            card.draw.ellipse(box, fill=colour, outline=CARD)
    for facet in range(int(assignments.max(initial=-1)) + 1):
        own = places[(assignments == facet) & np.isfinite(places).all(1)]
        if len(own):
            x, y = np.median(own, axis=0)
            _number(card, float(x), float(y), str(facet))
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
