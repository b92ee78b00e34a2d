"""Paints by what things are made of, each varied a little by `rng`."""

from __future__ import annotations

import numpy as np

from .canvas import Paint
from .palette import SNOW, WHITE, Color, mix, pick, shade, vary


def brick(rng: np.random.Generator, color: Color | None = None) -> Paint:
    """Brickwork with light mortar."""
    color = color or pick(rng, ((176, 84, 62), (150, 72, 58), (196, 120, 84), (128, 82, 72)))
    return Paint(vary(rng, color), vary(rng, (206, 190, 172)), "bricks", material="brick")


def plaster(rng: np.random.Generator, color: Color | None = None) -> Paint:
    """A painted or plastered wall."""
    options = ((232, 214, 176), (214, 224, 214), (196, 206, 222), (230, 190, 168), (222, 220, 210), (186, 170, 150))
    return Paint(vary(rng, color or pick(rng, options)), material="plaster")


def boards(rng: np.random.Generator, color: Color | None = None, pattern: str = "boards") -> Paint:
    """Wooden boards, horizontal ("boards") or upright ("planks")."""
    color = vary(rng, color or pick(rng, ((168, 120, 74), (140, 96, 62), (196, 152, 104), (116, 84, 62))))
    return Paint(color, shade(color, 0.62), pattern, material="wood")


def wood(rng: np.random.Generator, color: Color | None = None) -> Paint:
    """Wood with its grain."""
    color = vary(rng, color or pick(rng, ((170, 118, 70), (140, 92, 56), (200, 158, 110), (104, 70, 48))))
    return Paint(color, shade(color, 0.74), "grain", material="wood")


def tiles(rng: np.random.Generator, color: Color | None = None) -> Paint:
    """Ceramic wall or floor tiles."""
    options = ((226, 232, 232), (190, 214, 220), (214, 226, 200), (238, 222, 196), (150, 182, 196))
    color = vary(rng, color or pick(rng, options))
    return Paint(color, shade(color, 0.78), "tiles", material="ceramic")


def roof(rng: np.random.Generator) -> Paint:
    """Roof tiles."""
    color = vary(rng, pick(rng, ((160, 70, 52), (96, 84, 88), (124, 92, 70), (86, 98, 112), (182, 96, 62))))
    return Paint(color, shade(color, 0.62), "shingles", part="roof", material="roof tile")


def grass(rng: np.random.Generator, snowy: bool = False) -> Paint:
    """A lawn or meadow, or what snow has made of it."""
    if snowy:
        return snow(rng)
    color = vary(rng, pick(rng, ((104, 152, 62), (126, 162, 74), (84, 134, 66), (148, 160, 84))))
    return Paint(color, shade(color, 0.68), "grass", object="grass", material="grass")


def snow(rng: np.random.Generator) -> Paint:
    """Snow on the ground."""
    return Paint(vary(rng, SNOW, 5), (206, 218, 236), "clouds", object="ground", material="snow")


def foliage(rng: np.random.Generator, color: Color | None = None) -> Paint:
    """Leaves of trees and bushes."""
    options = ((70, 120, 54), (92, 138, 60), (58, 104, 66), (118, 146, 58), (80, 112, 48))
    color = vary(rng, color or pick(rng, options))
    return Paint(color, shade(color, 0.58), "leaves", material="foliage")


def bark(rng: np.random.Generator, color: Color | None = None) -> Paint:
    """Bark of a trunk."""
    color = vary(rng, color or pick(rng, ((104, 78, 58), (86, 66, 54), (128, 104, 82))))
    return Paint(color, shade(color, 0.6), "grass", part="trunk", material="bark")


def water(rng: np.random.Generator, color: Color | None = None) -> Paint:
    """Open water with ripples."""
    color = vary(rng, color or pick(rng, ((52, 108, 152), (62, 132, 160), (46, 92, 126), (84, 140, 156))))
    return Paint(color, mix(color, (226, 240, 246), 0.42), "ripples", material="water")


def sand(rng: np.random.Generator) -> Paint:
    """Sand."""
    color = vary(rng, pick(rng, ((228, 204, 152), (236, 218, 176), (214, 186, 138))))
    return Paint(color, shade(color, 0.86), "speckle", object="ground", material="sand")


def stone(rng: np.random.Generator, color: Color | None = None) -> Paint:
    """Rock or masonry."""
    color = vary(rng, color or pick(rng, ((138, 134, 128), (120, 122, 130), (158, 148, 134))))
    return Paint(color, shade(color, 0.68), "pebbles", material="stone")


def gravel(rng: np.random.Generator) -> Paint:
    """Loose stones, as between rails."""
    color = vary(rng, pick(rng, ((150, 140, 128), (132, 126, 122), (162, 148, 126))))
    return Paint(color, shade(color, 0.6), "pebbles", object="ground", material="gravel")


def asphalt(rng: np.random.Generator) -> Paint:
    """A road's surface."""
    color = vary(rng, pick(rng, ((92, 92, 96), (108, 106, 106), (78, 80, 86))), 10)
    return Paint(color, shade(color, 1.25), "speckle", object="street", material="asphalt")


def paving(rng: np.random.Generator) -> Paint:
    """Paving slabs."""
    color = vary(rng, pick(rng, ((176, 170, 160), (160, 158, 156), (190, 178, 158))))
    return Paint(color, shade(color, 0.78), "tiles", object="pavement", material="paving")


def metal(rng: np.random.Generator, color: Color | None = None) -> Paint:
    """Painted or bare metal."""
    options = (
        (186, 44, 42),
        (46, 92, 152),
        (52, 120, 88),
        (226, 178, 54),
        (150, 156, 164),
        (236, 232, 224),
        (86, 60, 110),
    )
    color = vary(rng, color or pick(rng, options))
    return Paint(color, shade(color, 0.88), material="painted metal")


def fabric(
    rng: np.random.Generator, color: Color | None = None, accent: Color | None = None, pattern: str = "weave"
) -> Paint:
    """Cloth: woven plain, or with a pattern between two colours."""
    options = (
        (176, 62, 66),
        (62, 98, 150),
        (92, 132, 96),
        (214, 178, 96),
        (140, 92, 132),
        (222, 214, 198),
        (80, 88, 102),
    )
    color = vary(rng, color or pick(rng, options))
    return Paint(color, accent or shade(color, 0.82), pattern, material="fabric")


def glass(rng: np.random.Generator, lit: bool = False) -> Paint:
    """Window glass reflecting the sky, or with light behind it."""
    if lit:
        return Paint(vary(rng, (252, 214, 120), 8), (240, 170, 70), "ramp", part="window", material="glass", glows=True)
    color = vary(rng, pick(rng, ((116, 156, 186), (92, 120, 148), (150, 182, 200))))
    return Paint(mix(color, WHITE, 0.55), shade(color, 0.75), "ramp", part="window", material="glass")
