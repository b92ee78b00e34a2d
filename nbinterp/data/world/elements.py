"""Things that appear in scenes of several classes: sky, ground, trees, windows, doors, cars, animals."""

from __future__ import annotations

import math

import numpy as np

from . import materials as m
from .canvas import Canvas, Paint
from .palette import SNOW, Color, mix, pick, shade, vary

Rng = np.random.Generator

SKIES: tuple[tuple[Color, Color], ...] = (
    ((96, 156, 214), (206, 226, 240)),
    ((128, 178, 220), (226, 232, 232)),
    ((70, 130, 196), (190, 220, 236)),
    ((168, 178, 190), (214, 216, 216)),
    ((142, 186, 204), (240, 226, 202)),
    ((184, 200, 214), (236, 236, 230)),
)
SUNSET: tuple[Color, Color] = ((108, 70, 130), (255, 168, 72))
NIGHT: tuple[Color, Color] = ((16, 20, 48), (58, 62, 104))
WINTER: tuple[Color, Color] = ((156, 172, 196), (226, 232, 240))


def sky(c: Canvas, rng: Rng, kind: str = "day", clouds: bool = True) -> None:
    """The sky behind everything; `kind` is "day", "sunset" (with a low sun and warm light), "night" or "winter"."""
    top, bottom = {"sunset": SUNSET, "night": NIGHT, "winter": WINTER}.get(kind) or pick(rng, SKIES)
    c.fill(Paint(vary(rng, top, 8), vary(rng, mix(top, bottom, 1.35), 8), "ramp", "sky", material="air"))
    if kind == "sunset":
        c.tint = (1.08, 0.9, 0.78)
        x, y = rng.uniform(-0.7, 0.7), rng.uniform(-0.45, -0.22)
        c.ellipse(Paint((255, 196, 110), (255, 150, 80), "plain", "sun", "", "light", True), x, y, 0.27)
        c.ellipse(Paint((255, 240, 190), (255, 226, 150), "plain", "sun", "", "light", True), x, y, 0.19)
    if clouds and kind != "night":
        body = {"sunset": (240, 130, 110)}.get(kind, (248, 248, 250))
        paint = Paint(body, mix(body, (150, 160, 180), 0.4), "clouds", "cloud", material="air")
        for _ in range(int(rng.integers(0, 4))):
            x, y, r = rng.uniform(-c.x_max, c.x_max), rng.uniform(-c.y_max, -0.35), rng.uniform(0.1, 0.26)
            c.blob(paint, rng, x, y, 1.7 * r, 0.42 * r, 0.2)
            c.blob(paint, rng, x + 0.3 * r, y - 0.3 * r, 0.8 * r, 0.42 * r, 0.15)


def ground(c: Canvas, rng: Rng, paint: Paint, y: float, rough: float = 0.0) -> None:
    """Everything below height `y`, with an edge that undulates by `rough`."""
    if rough == 0:
        c.rect(paint, -c.x_max - 1, y, c.x_max + 1, c.y_max + 1)
        return
    p, q = rng.uniform(0, 6.28, 2).tolist()
    n, left = 18, -c.x_max - 0.2
    step = 2 * (c.x_max + 0.2) / n
    xs = [left + k * step for k in range(n + 1)]
    edge = [(x, y + rough * (math.sin(2.1 * x + p) + 0.5 * math.sin(5 * x + q))) for x in xs]
    c.polygon(paint, [*edge, (xs[-1], c.y_max + 1), (left, c.y_max + 1)])


def hills(c: Canvas, rng: Rng, y: float, snowy: bool = False) -> None:
    """One or two rows of distant hills ending at height `y`."""
    for row in range(int(rng.integers(1, 3))):
        color = mix(pick(rng, ((92, 128, 84), (112, 140, 120), (128, 136, 92))), (190, 206, 220), 0.45 - 0.2 * row)
        paint = m.foliage(rng, SNOW if snowy else color).be("hill")
        ground(c, rng, paint._replace(accent=shade(paint.color, 0.88)), y - 0.12 + 0.06 * row, rng.uniform(0.03, 0.09))


def mountains(c: Canvas, rng: Rng, y: float, count: int = 3) -> None:
    """Rocky peaks with snow caps, standing at height `y`."""
    rock = m.stone(rng, mix((120, 126, 140), (186, 200, 218), rng.uniform(0.1, 0.5))).be("mountain")
    lit = rock._replace(color=shade(rock.color, 1.2), part="sunlit side")
    cap = Paint(SNOW, (214, 224, 238), object="mountain", part="snow cover", material="snow")
    for k in range(count):
        x = -c.x_max + (k + rng.uniform(0.2, 0.8)) * 2 * c.x_max / count
        h, w = rng.uniform(0.45, 0.85), rng.uniform(0.5, 0.8)
        c.polygon(rock, [(x - w, y), (x, y - h), (x + w, y)])
        c.polygon(lit, [(x - w, y), (x, y - h), (x - 0.1 * w, y)])
        t = rng.uniform(0.25, 0.4)
        edge = ((-t, 1 - t), (0, 1), (t, 1 - t), (0.3 * t, 1 - 0.7 * t), (-0.2 * t, 1 - 1.15 * t))
        c.polygon(cap, [(x + u * w, y - v * h) for u, v in edge])


def shadow(c: Canvas, of: Paint, x: float, y: float, rx: float, ry: float) -> None:
    """A shadow on the surface painted `of`: the same concepts, darker, and the part "shadow"."""
    dark = of._replace(color=shade(of.color, 0.66), accent=shade(of.accent or of.color, 0.62), part="shadow")
    c.ellipse(dark, x, y, rx, ry)


def tree(c: Canvas, rng: Rng, x: float, y: float, height: float, snowy: bool = False) -> None:
    """A broad-leaved tree whose trunk stands at (x, y)."""
    trunk, leaves = m.bark(rng).be("tree", "trunk"), m.foliage(rng, SNOW if snowy else None).be("tree", "crown")
    w = 0.07 * height
    c.polygon(trunk, [(x - w, y), (x - 0.6 * w, y - 0.6 * height), (x + 0.6 * w, y - 0.6 * height), (x + w, y)])
    r = 0.33 * height
    c.blob(leaves, rng, x, y - 0.62 * height, r * 1.15, r, 0.12)
    light = leaves._replace(color=shade(leaves.color, 1.18), accent=leaves.color)
    c.blob(light, rng, x - 0.25 * r, y - 0.72 * height, 0.72 * r, 0.6 * r, 0.15)


def conifer(c: Canvas, rng: Rng, x: float, y: float, height: float, leaves: Paint, snowy: bool = False) -> None:
    """A fir whose trunk stands at (x, y); `leaves` is shared by a wood's trees."""
    trunk = Paint((84, 64, 50), object="tree", part="trunk", material="bark")
    c.rect(trunk, x - 0.04 * height, y - 0.15 * height, x + 0.04 * height, y)
    cap = Paint(SNOW, (206, 218, 236), object="tree", part="snow cover", material="snow")
    for k in range(3):
        low, w, high = y - height * (0.1 + 0.27 * k), height * (0.28 - 0.07 * k), height * (0.46 - 0.06 * k)
        c.polygon(leaves, [(x - w, low), (x, low - high), (x + w, low)])
        if snowy:
            c.polygon(cap, [(x - 0.55 * w, low - 0.45 * high), (x, low - high), (x + 0.45 * w, low - 0.55 * high)])


def bush(c: Canvas, rng: Rng, x: float, y: float, r: float, paint: Paint | None = None) -> None:
    """A low bush around (x, y)."""
    paint = paint or m.foliage(rng).be("bush")
    c.blob(paint, rng, x, y, 1.3 * r, r, 0.18)


def window(c: Canvas, owner: str, glass: Paint, frame: Color, left: float, top: float, right: float, bottom: float,
           bars: int = 1) -> None:  # fmt: skip
    """A window with a frame and, from `bars` = 1 on, a cross or more upright bars."""
    edge = Paint(frame, object=owner, part="window", material="wood")
    t = 0.09 * (right - left) + 0.008
    c.rect(edge, left - t, top - t, right + t, bottom + t)
    c.rect(glass.be(owner, "window"), left, top, right, bottom)
    for k in range(bars):
        x = left + (right - left) * (k + 1) / (bars + 1)
        c.rect(edge, x - t / 2.4, top, x + t / 2.4, bottom)
    if bars == 1:
        y = (top + bottom) / 2
        c.rect(edge, left, y - t / 2.4, right, y + t / 2.4)


def door(
    c: Canvas, rng: Rng, owner: str, left: float, top: float, right: float, bottom: float, glazed: bool = False
) -> None:
    """A panelled or glazed door with a handle."""
    paint = m.boards(
        rng, pick(rng, ((132, 54, 44), (44, 84, 72), (52, 74, 116), (124, 86, 54), (60, 52, 56))), "planks"
    )
    c.rect(paint.be(owner, "door"), left, top, right, bottom)
    w, h = right - left, bottom - top
    if glazed:
        c.rect(m.glass(rng).be(owner, "door"), left + 0.2 * w, top + 0.12 * h, right - 0.2 * w, top + 0.6 * h)
    else:
        arch = shade(paint.color, 0.8)
        c.rect(
            Paint(arch, object=owner, part="door", material="wood"),
            left + 0.2 * w,
            top + 0.12 * h,
            right - 0.2 * w,
            top + 0.45 * h,
        )
    c.ellipse(
        Paint((224, 196, 110), object=owner, part="handle", material="metal"),
        right - 0.16 * w,
        top + 0.58 * h,
        0.08 * w,
    )


def snowfall(c: Canvas, rng: Rng, flakes: int = 26) -> None:
    """Falling snow over the finished scene."""
    paint = Paint((252, 253, 255), object="snowflake", material="snow")
    for x, y, r in rng.uniform((-c.x_max, -c.y_max, 0.014), (c.x_max, c.y_max, 0.034), (flakes, 3)).tolist():
        c.rect(paint, x - r, y - r, x + r, y + r)
