"""The class "road": a car passing in a street, or a crossing seen from above."""

from __future__ import annotations

from .. import elements as e
from .. import materials as m
from .. import things as t
from ..canvas import Canvas, Paint
from ..palette import BLACK, WHITE, pick, shade, vary

TAXI = (246, 196, 40)
MARK = Paint((236, 234, 222), object="street", part="lane marking", material="asphalt")


def car(c: Canvas, rng: e.Rng, subclass: str) -> None:
    """A car from its side on a street, before houses or open country."""
    night = subclass == "night"
    e.sky(c, rng, "night" if night else "day")
    if night:
        c.tint = (0.62, 0.64, 0.86)
    if rng.random() < 0.55:
        _street_front(c, rng, night)
    else:
        e.hills(c, rng, 0.22)
        e.ground(c, rng, m.grass(rng), 0.16, 0.02)
        for _ in range(int(rng.integers(1, 4))):
            e.tree(c, rng, rng.uniform(-1, 1) * c.x_max, 0.28, rng.uniform(0.5, 0.8))
    t.distant_houses(c, rng, 0.29)
    e.ground(c, rng, m.paving(rng), 0.28)
    road = m.asphalt(rng)
    e.ground(c, rng, road, 0.38)
    y = rng.uniform(0.8, 0.9)
    for k in range(int(4 * c.x_max) + 1):
        x = -c.x_max + 0.55 * k + rng.uniform(0, 0.02)
        c.rect(MARK, x, y, x + 0.3, y + 0.05)
    with c.subject(0, 0.64), c.placed(scale=0.74, sx=pick(rng, (-1, 1))):
        e.shadow(c, road, 0, 0.03, 1.02, 0.09)
        if night:
            beam = Paint((255, 246, 190), (150, 146, 120), "ramp", "car", "headlight", "light", True)
            c.polygon(beam, [(0.95, -0.3), (1.8, -0.1), (1.8, 0.1), (1.0, -0.2)])
        t.car(c, rng, subclass == "taxi", night)
    t.roadside_tree(c, rng, 0.95)
    if rng.random() < 0.4:
        _street_lamp(c, pick(rng, (-1, 1)) * rng.uniform(0.6, 0.9) * c.x_max, night)


def _street_front(c: Canvas, rng: e.Rng, night: bool) -> None:
    """A row of house fronts behind the street."""
    x = -c.x_max - rng.uniform(0, 0.3)
    while x < c.x_max:
        w, h = rng.uniform(0.4, 0.7), rng.uniform(0.6, 1.1)
        wall = pick(rng, (m.plaster, m.brick))(rng).be("building", "facade")
        c.rect(wall, x, 0.3 - h, x + w, 0.3)
        pane = m.glass(rng, lit=night and rng.random() < 0.6).be("building", "window")
        for row in range(2):
            for k in range(2):
                left, top = x + w * (0.18 + 0.4 * k), 0.38 - h + 0.3 * row
                c.rect(pane, left, top, left + 0.24 * w, top + 0.16)
        x += w


def _street_lamp(c: Canvas, x: float, night: bool) -> None:
    """A street lamp on the pavement."""
    pole = Paint((66, 68, 74), object="lamp", part="pole", material="metal")
    c.rect(pole, x - 0.02, -0.6, x + 0.02, 0.36)
    c.rect(pole, x - 0.02, -0.62, x + 0.22, -0.58)
    c.ellipse(
        Paint((255, 244, 180) if night else (220, 222, 220), object="lamp", part="lamp", material="glass", glows=night),
        x + 0.2,
        -0.56,
        0.07,
        0.05,
    )


def aerial(c: Canvas, rng: e.Rng, subclass: str) -> None:
    """A crossing from straight above: lanes, zebra stripes, cars, roofs and trees in the corners."""
    night = subclass == "night"
    if night:
        c.tint = (0.5, 0.54, 0.8)
    c.fill(m.grass(rng))
    with c.subject(0, 0), c.placed(rotation=rng.uniform(-30, 30)):
        for dx in (-1, 1):
            for dy in (-1, 1):
                _corner(c, rng, dx, dy)
        road = m.asphalt(rng)
        w = rng.uniform(0.3, 0.36)
        kerb = m.paving(rng)
        c.rect(kerb, -3, -w - 0.07, 3, w + 0.07)
        c.rect(kerb, -w - 0.07, -3, w + 0.07, 3)
        c.rect(road, -3, -w, 3, w)
        c.rect(road, -w, -3, w, 3)
        for turn in (0, 90, 180, 270):
            with c.placed(rotation=turn):
                _lane(c, rng, w)
        taxis = [True, True] if subclass == "taxi" else []
        for turn in (0, 90, 180, 270):
            with c.placed(rotation=turn):
                if taxis or rng.random() < 0.75:
                    _car_from_above(c, rng, rng.uniform(0.3, 0.95), 0.5 * w, bool(taxis and taxis.pop()), night)


def _corner(c: Canvas, rng: e.Rng, dx: int, dy: int) -> None:
    """What stands in one quarter: roofs or trees."""
    x, y = dx * 0.78, dy * 0.78
    if rng.random() < 0.55:
        tiles = m.roof(rng).be("building", "roof")
        c.rect(tiles, x - 0.3, y - 0.26, x + 0.3, y)
        c.rect(tiles._replace(color=shade(tiles.color, 0.74)), x - 0.3, y, x + 0.3, y + 0.26)
        c.rect(m.brick(rng).be("building", "chimney"), x + 0.08, y - 0.12, x + 0.18, y - 0.02)
    else:
        for _ in range(3):
            e.bush(
                c,
                rng,
                x + rng.uniform(-0.22, 0.22),
                y + rng.uniform(-0.22, 0.22),
                0.17,
                m.foliage(rng).be("tree", "crown"),
            )


def _lane(c: Canvas, rng: e.Rng, w: float) -> None:
    """Markings of the arm that leaves to the right."""
    for k in range(5):
        x = w + 0.28 + 0.3 * k
        c.rect(MARK, x, -0.02, x + 0.17, 0.02)
    for k in range(4):
        y = -w + 0.03 + 2 * w / 4 * k
        c.rect(MARK, w + 0.05, y, w + 0.2, y + 0.45 * w / 2)


def _car_from_above(c: Canvas, rng: e.Rng, x: float, y: float, taxi: bool, night: bool) -> None:
    """A car from above, driving along x."""
    body = m.metal(rng, TAXI if taxi else None).be("car", "body")
    with c.placed(x + 0.25, y, 0.24):
        if night:
            beam = Paint((255, 246, 190), (214, 200, 140), "plain", "car", "headlight", "light", True)
            c.polygon(beam, [(0.9, -0.3), (2.0, -0.55), (2.0, 0.55), (0.9, 0.3)])
        c.polygon(
            body,
            [(-1, -0.38), (-0.9, -0.46), (0.85, -0.46), (1, -0.3), (1, 0.3), (0.85, 0.46), (-0.9, 0.46), (-1, 0.38)],
        )
        glass = Paint((58, 76, 98), object="car", part="window", material="glass")
        c.rect(glass, 0.2, -0.38, 0.5, 0.38)
        c.rect(glass, -0.75, -0.36, -0.5, 0.36)
        top = body._replace(color=shade(body.color, 1.12), part="roof")
        c.rect(top, -0.5, -0.38, 0.22, 0.38)
        if taxi:
            c.rect(Paint(BLACK, WHITE, "checks", "car", "stripe", "painted metal"), -0.28, -0.38, 0.0, 0.38)
        c.rect(
            Paint(vary(rng, (255, 240, 200), 6), object="car", part="headlight", material="glass", glows=True),
            0.92,
            -0.3,
            1,
            0.3,
        )
