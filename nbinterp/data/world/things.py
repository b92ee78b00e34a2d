"""Things that are at home in one class and drop by in others: cars, boats, houses, animals, a vase of flowers.

So a picture of a home may hold a car, and a beach a boat, and a network cannot go by one object alone.
"""

from __future__ import annotations

import numpy as np

from . import materials as m
from .canvas import Canvas, Paint
from .elements import shadow, tree
from .palette import BLACK, WHITE, Color, pick, shade, vary

Rng = np.random.Generator
VISIT_SHARE = 0.4  # the share of scenes that something drops by in


def wheel(c: Canvas, owner: str, x: float, y: float, r: float, hub: Color = (176, 180, 186)) -> None:
    """A wheel with a rubber tyre and a metal hubcap."""
    c.ellipse(Paint((34, 34, 38), (52, 52, 56), object=owner, part="wheel", material="rubber"), x, y, r)
    c.ellipse(Paint(hub, shade(hub, 0.7), object=owner, part="hubcap", material="metal"), x, y, 0.5 * r)


def car(c: Canvas, rng: Rng, taxi: bool = False, lit: bool = False) -> None:
    """A car seen from its side, from (−1, 0) to (1, 0), wheels standing on y = 0, driving to the right."""
    body = m.metal(rng, (246, 196, 40) if taxi else None).be("car", "body")
    tall = rng.uniform(0.5, 0.68)
    nose = rng.uniform(0.25, 0.45)
    c.polygon(body, [(-0.98, -0.16), (-0.96, -0.42), (-0.72, -0.46), (-0.45, -tall - 0.2), (0.28, -tall - 0.2),
                     (0.28 + nose * 0.9, -0.46), (0.92, -0.38), (0.99, -0.16)])  # fmt: skip
    glass = m.glass(rng, lit).be("car", "window")
    c.polygon(glass, [(-0.58, -0.47), (-0.4, -tall - 0.12), (-0.1, -tall - 0.12), (-0.1, -0.47)])
    c.polygon(glass, [(-0.02, -0.47), (-0.02, -tall - 0.12), (0.24, -tall - 0.12), (0.22 + nose * 0.7, -0.47)])
    seam = Paint(shade(body.color, 0.6), object="car", part="door", material="painted metal")
    c.rect(seam, -0.075, -0.47, -0.045, -0.16)
    c.rect(Paint(shade(body.color, 0.55), object="car", part="bumper", material="painted metal"), -1, -0.2, 1, -0.12)
    c.ellipse(Paint((255, 244, 196), object="car", part="headlight", material="glass", glows=True), 0.92, -0.31, 0.06)
    c.ellipse(Paint((196, 40, 36), object="car", part="headlight", material="glass"), -0.93, -0.34, 0.045)
    if taxi:
        c.rect(Paint(BLACK, WHITE, "checks", "car", "stripe", "painted metal"), -0.95, -0.4, 0.95, -0.3)
        c.rect(
            Paint(WHITE, (250, 240, 160), object="car", part="sign", material="plastic"),
            -0.22,
            -tall - 0.36,
            0.08,
            -tall - 0.2,
        )
    for x in (-0.58, 0.58):
        wheel(c, "car", x, -0.13, 0.19)


def boat(c: Canvas, rng: Rng) -> None:
    """Hull, mast and two sails; the waterline is y = 0.05."""
    tall, lean = rng.uniform(1.0, 1.25), pick(rng, (-1, 1))
    with c.placed(sx=lean):
        c.rect(
            Paint((112, 84, 60), object="sailing boat", part="mast", material="wood"), -0.03, -tall - 0.14, 0.02, -0.1
        )
        sail = m.fabric(rng, pick(rng, ((248, 246, 240), (248, 246, 240), (206, 72, 56), (236, 200, 120)))).be(
            "sailing boat", "sail"
        )
        c.polygon(sail, [(0.04, -tall - 0.1), (0.04, -0.24), (0.56, -0.24), (0.34, -0.6)])
        jib = sail._replace(color=shade(sail.color, 0.9))
        c.polygon(jib, [(-0.05, -tall), (-0.05, -0.22), (-0.5, -0.22)])
        hull = m.metal(rng).be("sailing boat", "hull")
        c.polygon(hull, [(-0.66, -0.2), (0.62, -0.2), (0.48, 0.08), (-0.46, 0.08)])
        c.rect(Paint(WHITE, object="sailing boat", part="stripe", material="painted metal"), -0.6, -0.15, 0.57, -0.09)


def house(c: Canvas, rng: Rng, wall: Paint, x: float, y: float, w: float, h: float, snowy: bool = False) -> None:
    """A small house in the background, w wide, walls h high, standing on y."""
    c.rect(wall.be("building", "facade"), x - w / 2, y - h, x + w / 2, y)
    top = m.snow(rng) if snowy else m.roof(rng)
    c.polygon(top.be("building", "roof"), [(x - 0.58 * w, y - h), (x, y - 1.65 * h), (x + 0.58 * w, y - h)])
    pane = Paint((74, 84, 104), object="building", part="window", material="glass")
    for k in (-0.24, 0.24):
        c.rect(pane, x + k * w - 0.09 * w, y - 0.72 * h, x + k * w + 0.09 * w, y - 0.34 * h)


def cat(c: Canvas, rng: Rng) -> None:
    """A sitting cat seen from the front, about 1 wide and 1.5 high, sitting on y = 0."""
    coat = vary(rng, pick(rng, ((40, 38, 42), (206, 132, 66), (236, 230, 220))), 8)
    fur = Paint(coat, shade(coat, 0.72), "grass", "cat", material="fur")
    c.line(fur._replace(part="tail"), [(0.35, -0.12), (0.62, -0.2), (0.66, -0.6)], 0.16)
    c.ellipse(fur._replace(part="body"), 0, -0.42, 0.4, 0.45)
    head = fur._replace(part="head")
    c.ellipse(head, 0, -1.02, 0.34, 0.3)
    for side in (-1, 1):
        c.polygon(fur._replace(part="ear"), [(side * 0.32, -1.05), (side * 0.3, -1.5), (side * 0.06, -1.25)])
        c.ellipse(Paint((150, 220, 90), object="cat", part="eye"), side * 0.13, -1.05, 0.075)


def gull(c: Canvas, x: float, y: float, r: float, dark: bool = False) -> None:
    """A flying gull of half-span `r`."""
    color = (44, 40, 56) if dark else (250, 250, 252)
    wing = Paint(color, (120, 126, 138), object="gull", part="wing", material="feathers")
    c.polygon(
        wing,
        [(x, y), (x - 0.5 * r, y - 0.42 * r), (x - r, y - 0.2 * r), (x - 0.5 * r, y - 0.16 * r), (x, y + 0.18 * r)],
    )
    c.polygon(
        wing,
        [(x, y), (x + 0.5 * r, y - 0.42 * r), (x + r, y - 0.2 * r), (x + 0.5 * r, y - 0.16 * r), (x, y + 0.18 * r)],
    )
    c.ellipse(wing._replace(part="body", color=shade(color, 0.9)), x, y + 0.06 * r, 0.26 * r, 0.13 * r)


def vase(c: Canvas, rng: Rng) -> None:
    """A vase with three flowers, about 0.8 high, standing on y = 0."""
    stem = Paint((76, 124, 56), object="flower", part="stem", material="foliage")
    for x, y in ((-0.2, -0.62), (0.02, -0.74), (0.22, -0.6)):
        c.line(stem, [(0, -0.3), (x, y)], 0.04)
        color = vary(rng, pick(rng, ((216, 52, 62), (246, 200, 60), (240, 140, 170), (150, 80, 170), (246, 242, 236))))
        petal = Paint(color, shade(color, 0.8), object="flower", part="petal", material="petals")
        for u, v in ((-1, 0), (1, 0), (0, -1), (0, 1)):
            c.ellipse(petal, x + 0.07 * u, y + 0.07 * v, 0.075)
        c.ellipse(Paint((240, 190, 60), object="flower", part="centre", material="petals"), x, y, 0.05)
    color = vary(rng, pick(rng, ((70, 110, 160), (206, 206, 200), (170, 90, 70))))
    pot = Paint(color, shade(color, 0.8), object="pot", material="ceramic")
    c.polygon(pot, [(-0.1, -0.36), (0.1, -0.36), (0.15, -0.12), (0.09, 0), (-0.09, 0), (-0.15, -0.12)])


def parked_car(c: Canvas, rng: Rng, ground: Paint, y: float) -> None:
    """Perhaps a car standing at the side, its wheels on y."""
    here, x, scale, side = (
        rng.random() < VISIT_SHARE,
        rng.uniform(0.35, 0.95),
        rng.uniform(0.3, 0.5),
        pick(rng, (-1, 1)),
    )
    if here:
        with c.placed(side * x * c.x_max, y, scale, sx=side):
            shadow(c, ground, 0, 0.02, 1.02, 0.08)
            car(c, rng)


def passing_boat(c: Canvas, rng: Rng, y: float) -> None:
    """Perhaps a sailing boat out on the water, its waterline at y."""
    here, x, scale = rng.random() < VISIT_SHARE, rng.uniform(-0.9, 0.9), rng.uniform(0.16, 0.4)
    if here:
        with c.placed(x * c.x_max, y + 0.25 * scale, scale):
            boat(c, rng)


def distant_houses(c: Canvas, rng: Rng, y: float, snowy: bool = False) -> None:
    """Perhaps up to three houses, standing on y."""
    if rng.random() < VISIT_SHARE:
        for _ in range(int(rng.integers(1, 4))):
            wall = pick(rng, (m.brick, m.plaster, m.boards))(rng)
            x, (w, h) = rng.uniform(-0.95, 0.95) * c.x_max, rng.uniform((0.26, 0.16), (0.5, 0.28)).tolist()
            house(c, rng, wall, x, y, w, h, snowy)


def roadside_tree(c: Canvas, rng: Rng, y: float) -> None:
    """Perhaps a tree in the foreground, half hiding what is behind."""
    here, x, height = rng.random() < VISIT_SHARE / 2, rng.uniform(0.5, 1.0), rng.uniform(1.0, 1.7)
    if here:
        tree(c, rng, pick(rng, (-1, 1)) * x * c.x_max, y, height)
