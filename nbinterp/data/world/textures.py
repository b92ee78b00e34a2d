"""The patterns surfaces are painted with: small tileable pictures of a level between two colours.

A pattern is a `TILE × TILE` array of levels 0…LEVELS − 1; level 0 shows a paint's colour, the last level its
accent. One tile covers the image's largest centred square. All patterns are drawn from fixed seeds with integer
and bilinear arithmetic only, so that they are the same everywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np

TILE = 192
LEVELS = 64

# pattern -> the concept of the category "texture" that it shows ("" = nothing worth a name)
PATTERNS: dict[str, str] = {
    "plain": "",
    "ramp": "",
    "clouds": "",
    "bricks": "bricked",
    "planks": "grooved",
    "boards": "grooved",
    "corrugated": "grooved",
    "grain": "grained",
    "grass": "bristly",
    "leaves": "leafy",
    "ripples": "rippled",
    "speckle": "grainy",
    "pebbles": "pebbled",
    "stripes": "striped",
    "bands": "striped",
    "dots": "dotted",
    "checks": "chequered",
    "tiles": "tiled",
    "shingles": "scaly",
    "weave": "woven",
}

_Y, _X = np.mgrid[0:TILE, 0:TILE]


def _noise(seed: int, cell_height: int, cell_width: int) -> np.ndarray:
    """Tileable bilinear value noise in [0, 1] with cells of the given size in tile pixels (divisors of TILE)."""
    rows, columns = TILE // cell_height, TILE // cell_width
    grid = np.random.default_rng(seed).random((rows, columns))
    y, x = _Y / cell_height, _X / cell_width
    y0, x0 = y.astype(int), x.astype(int)
    fy, fx = y - y0, x - x0
    y1, x1 = (y0 + 1) % rows, (x0 + 1) % columns
    top = grid[y0, x0] * (1 - fx) + grid[y0, x1] * fx
    bottom = grid[y1, x0] * (1 - fx) + grid[y1, x1] * fx
    return top * (1 - fy) + bottom * fy


def _stretch(values: np.ndarray, low: float = 0.0, high: float = 1.0) -> np.ndarray:
    """Scale to fill [low, high]."""
    values = values - values.min()
    return low + values / max(values.max(), 1e-9) * (high - low)


def _sharpen(values: np.ndarray, gain: float) -> np.ndarray:
    """Push mid levels towards the two ends."""
    return np.clip((_stretch(values) - 0.5) * gain + 0.5, 0, 1)


def _cell_levels(seed: int, row: np.ndarray, column: np.ndarray, high: float) -> np.ndarray:
    """One random level in [0, high] per (row, column) cell."""
    table = np.random.default_rng(seed).random((row.max() + 1, column.max() + 1)) * high
    return table[row, column]


def _bricks() -> np.ndarray:
    row = _Y // 12
    shifted = (_X + 12 * (row % 2)) % TILE
    mortar = (_Y % 12 < 2) | (shifted % 24 < 3)
    return np.where(mortar, 1.0, _cell_levels(1, row, shifted // 24, 0.35))


def _grooves(seed: int, across: np.ndarray, along: np.ndarray, width: int) -> np.ndarray:
    streaks = _noise(seed, 4, 48) if across is _Y else _noise(seed, 48, 4)
    board = _cell_levels(seed + 1, across // width, np.zeros_like(along), 0.3)
    return np.where(across % width < 3, 1.0, board + 0.35 * streaks)


def _shingles() -> np.ndarray:
    row = _Y // 12
    shifted = (_X + 8 * (row % 2)) % TILE
    edge = (_Y % 12) + 0.06 * (shifted % 16 - 7.5) ** 2 > 10
    return np.where(edge, 1.0, _cell_levels(11, row, shifted // 16, 0.4))


def _leaves() -> np.ndarray:
    return _sharpen(0.5 * _noise(21, 12, 12) + 0.35 * _noise(22, 6, 6) + 0.15 * _noise(23, 24, 24), 1.8)


def _ripples() -> np.ndarray:
    waves = np.sin(2 * np.pi * (_Y / 16 + 0.8 * _noise(31, 48, 48)))
    return _sharpen(0.35 * waves + 1.2 * _noise(32, 6, 24), 1.5)


def _grass() -> np.ndarray:
    return _sharpen(0.7 * _noise(41, 12, 3) + 0.5 * _noise(42, 32, 32), 1.4)


_DRAWERS: dict[str, Callable[[], np.ndarray]] = {
    "plain": lambda: _stretch(_noise(51, 48, 48) + 0.3 * _noise(52, 6, 6)),
    "ramp": lambda: _Y / (TILE - 1),
    "clouds": lambda: _stretch(_noise(53, 64, 96) + 0.5 * _noise(54, 24, 32) + 0.25 * _noise(55, 12, 12)),
    "bricks": _bricks,
    "planks": lambda: _grooves(61, _X, _Y, 24),
    "boards": lambda: _grooves(63, _Y, _X, 24),
    "corrugated": lambda: (_X % 12 < 6) * 0.8 + 0.2 * _noise(65, 24, 24),
    "grain": lambda: _sharpen(_noise(66, 4, 64) + 0.5 * _noise(67, 16, 96), 1.3),
    "grass": _grass,
    "leaves": _leaves,
    "ripples": _ripples,
    "speckle": lambda: _stretch(0.8 * _noise(71, 3, 3) + 0.6 * _noise(72, 24, 24)),
    "pebbles": lambda: _sharpen(_noise(73, 6, 6) + 0.4 * _noise(74, 12, 12), 2.2),
    "stripes": lambda: (_X % 24 < 12) * 1.0,
    "bands": lambda: (_Y % 24 < 12) * 1.0,
    "dots": lambda: ((_X % 24 - 11.5) ** 2 + (_Y % 24 - 11.5) ** 2 < 36) * 1.0,
    "checks": lambda: ((_X // 12 + _Y // 12) % 2) * 1.0,
    "tiles": lambda: np.where((_X % 24 < 2) | (_Y % 24 < 2), 1.0, _cell_levels(81, _Y // 24, _X // 24, 0.3)),
    "shingles": _shingles,
    "weave": lambda: 0.5 * (_X % 6 < 3) + 0.5 * ((_Y % 6 < 3) ^ (_X % 12 < 6)),
}


@cache
def bank() -> tuple[np.ndarray, dict[str, int]]:
    """All patterns, each laid out 2 × 2, as one flat uint8 array, and where each pattern starts in it.

    A pattern shifted by (dy, dx) < TILE starts at `start + dy * 2 * TILE + dx`.
    """
    size = (2 * TILE) ** 2
    levels = np.empty((len(PATTERNS), size), dtype=np.uint8)
    for row, pattern in enumerate(PATTERNS):
        tile = np.clip(_DRAWERS[pattern]() * (LEVELS - 1) + 0.5, 0, LEVELS - 1).astype(np.uint8)
        levels[row] = np.tile(tile, (2, 2)).ravel()
    return levels.ravel(), {pattern: row * size for row, pattern in enumerate(PATTERNS)}
