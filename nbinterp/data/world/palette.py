"""Colours: random variation of a paint, and the eleven basic colour names that pixels are called by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

Color = tuple[float, float, float]  # red, green, blue in 0…255
Item = TypeVar("Item")

WHITE: Color = (244, 243, 238)
BLACK: Color = (28, 27, 30)
SNOW: Color = (238, 243, 250)

# The eleven basic colour terms of Berlin and Kay (1969), each by one focal colour in sRGB 0…255.
BASIC_COLORS: dict[str, Color] = {
    "black": (20, 20, 22),
    "blue": (50, 95, 190),
    "brown": (120, 75, 40),
    "grey": (130, 130, 130),
    "green": (60, 150, 60),
    "orange": (240, 140, 40),
    "pink": (245, 155, 175),
    "purple": (125, 60, 150),
    "red": (200, 35, 40),
    "white": (245, 245, 245),
    "yellow": (245, 220, 60),
}


def pick(rng: np.random.Generator, options: Sequence[Item]) -> Item:
    """One of `options`, each as likely."""
    return options[int(rng.random() * len(options))]


def vary(rng: np.random.Generator, color: Color, spread: float = 14) -> Color:
    """`color` made lighter or darker by up to `spread`, and a little warmer or colder."""
    shift, warm = (2 * rng.random() - 1) * spread, (rng.random() - 0.5) * spread
    return (color[0] + shift + warm, color[1] + shift, color[2] + shift - warm)


def mix(color: Color, other: Color, share: float) -> Color:
    """`color` with a `share` in [0, 1] of `other`."""
    r, g, b = (a + (z - a) * share for a, z in zip(color, other, strict=True))
    return (r, g, b)


def shade(color: Color, factor: float) -> Color:
    """`color` times `factor`: below 1 darker, above 1 lighter."""
    return (color[0] * factor, color[1] * factor, color[2] * factor)


_LEVELS = np.arange(256) / 255
_LINEAR = np.where(_LEVELS <= 0.04045, _LEVELS / 12.92, ((_LEVELS + 0.055) / 1.055) ** 2.4)


def _lab(rgb: np.ndarray) -> np.ndarray:
    """sRGB, uint8 (…, 3), to CIELAB under D65."""
    linear = _LINEAR[rgb]
    r, g, b = linear[..., 0], linear[..., 1], linear[..., 2]
    xyz = np.stack(
        [
            (0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047,
            0.2126729 * r + 0.7151522 * g + 0.0721750 * b,
            (0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / 1.08883,
        ]
    )
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.stack([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])], axis=-1)


def name_colors(rgb: np.ndarray) -> np.ndarray:
    """Call every pixel by its nearest basic colour, nearest in CIELAB.

    Args:
        rgb: uint8 H × W × 3.

    Returns:
        uint8 H × W: 1 + the position of the name in `BASIC_COLORS` (0 is kept for "nothing").
    """
    distance = (_FOCAL**2).sum(-1) - 2 * _lab(rgb) @ _FOCAL.T  # less the pixel's own square, the same for every name
    return (distance.argmin(-1) + 1).astype(np.uint8)


_FOCAL = _lab(np.array(list(BASIC_COLORS.values()), dtype=np.uint8))
