"""The class "shop": a storefront in a street, or shelves with rows of produce."""

from __future__ import annotations

from .. import elements as e
from .. import materials as m
from .. import things as t
from ..canvas import Canvas, Paint
from ..palette import BLACK, WHITE, Color, pick, shade, vary

AWNINGS: tuple[Color, ...] = ((186, 46, 48), (40, 110, 84), (44, 84, 150), (226, 160, 50), (128, 60, 100))
PRODUCE: tuple[Color, ...] = (
    (200, 40, 40),
    (236, 140, 36),
    (120, 172, 52),
    (240, 210, 70),
    (122, 56, 118),
    (176, 196, 84),
)


def storefront(c: Canvas, rng: e.Rng, subclass: str) -> None:
    """A shop seen from the street: display window, glazed door, sign and awning."""
    e.sky(c, rng)
    neighbour = m.plaster(rng).be("building", "facade")
    for side in (-1, 1):
        if rng.random() < 0.6:
            c.rect(neighbour, side * 0.72, -rng.uniform(0.3, 0.9), side * (c.x_max + 1), 0.6)
    e.ground(c, rng, m.paving(rng), 0.5)
    road = m.asphalt(rng)
    e.ground(c, rng, road, 0.86)
    with c.subject(0, 0.62):
        _building(c, rng, subclass)
    t.parked_car(c, rng, road, 0.93)
    t.roadside_tree(c, rng, 0.8)


def _building(c: Canvas, rng: e.Rng, subclass: str) -> None:
    """The shop's building, standing on y = 0."""
    wall = pick(rng, (m.brick, m.plaster, m.boards))(rng).be("shop", "facade")
    top = rng.uniform(-1.45, -1.15)
    c.rect(wall, -0.78, top, 0.78, 0)
    c.rect(wall._replace(color=shade(wall.color, 0.7), pattern="plain", part="roof"), -0.84, top - 0.08, 0.84, top)
    for x in (-0.5, 0.0, 0.5):
        e.window(c, "shop", m.glass(rng), WHITE, x - 0.1, top + 0.1, x + 0.1, top + 0.32)
    _front(c, rng, side=pick(rng, (-1, 1)), sale=subclass == "sale")
    _awning(c, rng, -0.74, 0.74, -0.72, 0.3, striped=subclass == "striped awning")
    board = Paint(
        vary(rng, pick(rng, ((52, 58, 70), (120, 42, 44), (38, 84, 72))), 8),
        object="shop",
        part="sign",
        material="wood",
    )
    c.rect(board, -0.7, -0.94, 0.7, -0.74)
    for k in range(6):
        if rng.random() < 0.85:
            x = -0.45 + 0.16 * k
            c.rect(
                Paint((244, 226, 170), object="shop", part="sign", material="painted metal"),
                x,
                -0.89,
                x + 0.09,
                -0.79,
            )


def _front(c: Canvas, rng: e.Rng, side: int, sale: bool) -> None:
    """Display window with goods, and the door, on the sides that `side` says."""
    with c.placed(sx=side):
        pane = Paint((250, 228, 176), (214, 170, 110), "ramp", "shop", "window", "glass")
        e.window(c, "shop", pane, shade(WHITE, 0.85), -0.66, -0.5, 0.2, -0.1, bars=0)
        for k in range(4):
            goods = Paint(vary(rng, pick(rng, PRODUCE)), object="fruit", material="food")
            c.ellipse(goods, -0.55 + 0.2 * k, -0.17, 0.085)
        e.door(c, rng, "shop", 0.32, -0.5, 0.64, 0, glazed=True)
    if sale:
        _badge(c, -0.23 * side, -0.26, 0.17)


def _badge(c: Canvas, x: float, y: float, r: float) -> None:
    """The round red sale sign."""
    c.ellipse(Paint(WHITE, object="sign", material="paper"), x, y, 1.15 * r)
    c.ellipse(Paint((214, 24, 40), (190, 16, 36), object="sign", material="paper"), x, y, r)
    white = Paint((255, 255, 250), object="sign", material="paper")
    c.line(white, [(x - 0.45 * r, y + 0.5 * r), (x + 0.45 * r, y - 0.5 * r)], 0.22 * r)
    c.ellipse(white, x - 0.42 * r, y - 0.36 * r, 0.22 * r)
    c.ellipse(white, x + 0.42 * r, y + 0.36 * r, 0.22 * r)


def _awning(c: Canvas, rng: e.Rng, left: float, right: float, top: float, drop: float, striped: bool) -> None:
    """A sloping awning with a scalloped edge, in one colour or with white stripes."""
    color = vary(rng, pick(rng, AWNINGS))
    plain = Paint(color, shade(color, 0.86), object="awning", part="canopy", material="fabric")
    white = Paint((250, 248, 240), object="awning", part="canopy", material="fabric")
    n, flare = 8, 0.08
    for k in range(n):
        paint = white if striped and k % 2 else plain
        x0, x1 = left + (right - left) * k / n, left + (right - left) * (k + 1) / n
        b0, b1 = x0 * (1 + flare), x1 * (1 + flare)
        c.polygon(paint, [(x0, top), (x1, top), (b1, top + 0.8 * drop), (b0, top + 0.8 * drop)])
        under = paint._replace(color=shade(paint.color, 0.82), accent=shade(paint.color, 0.75))
        c.ellipse(under, (b0 + b1) / 2, top + 0.8 * drop, (b1 - b0) / 2, 0.24 * drop)


def produce(c: Canvas, rng: e.Rng, subclass: str) -> None:
    """A greengrocer's shelves: crates with rows of fruit, price tags, a canopy above."""
    wall = pick(rng, (m.plaster, m.boards, m.tiles, m.brick))(rng)
    c.fill(wall.be("wall"))
    e.ground(c, rng, pick(rng, (m.tiles, m.boards, m.paving))(rng).be("floor"), 0.74)
    with c.subject(0, 0.8):
        back = m.wood(rng, (96, 70, 50)).be("shelf", "board")
        c.rect(back, -0.9, -1.42, 0.9, 0)
        crate = m.boards(rng).be("crate")
        per_row, tiers = int(rng.integers(6, 9)), int(rng.integers(3, 5))
        height = 1.36 / tiers
        for tier in range(tiers):
            _tier(c, rng, crate, -1.36 + height * (tier + 1), height, per_row)
        _awning(c, rng, -0.88, 0.88, -1.62, 0.32, striped=subclass == "striped awning")
        if subclass == "sale":
            _badge(c, rng.uniform(-0.5, 0.5), rng.uniform(-1.0, -0.5), 0.2)


def _tier(c: Canvas, rng: e.Rng, crate: Paint, y: float, height: float, per_row: int) -> None:
    """One shelf of two crates whose front edge ends at `y`."""
    r = 1.7 / per_row / 2
    for half in (-1, 1):
        color = vary(rng, pick(rng, PRODUCE))
        fruit = Paint(color, shade(color, 0.82), object="fruit", material="food")
        shine = fruit._replace(color=shade(color, 1.35), accent=color, part="highlight")
        for row in range(2):
            for k in range(per_row // 2):
                x = half * (0.05 + r + 1.7 / per_row * k + (0.5 * r if row else 0) * 0.8)
                cy = y - 0.3 * height - (0.42 * height * (1 - row) * 0.8)
                c.ellipse(fruit, x, cy, r * 0.98, min(r, 0.36 * height))
                c.ellipse(shine, x - 0.3 * r, cy - 0.3 * r, 0.3 * r)
        left, right = sorted((half * 0.02, half * 0.88))
        c.rect(crate, left, y - 0.3 * height, right, y - 0.02)
        tag = Paint((252, 250, 240), object="sign", part="price tag", material="paper")
        x = (left + right) / 2
        c.rect(tag, x - 0.09, y - 0.27 * height, x + 0.09, y - 0.06)
        c.rect(
            Paint(BLACK, object="sign", part="price tag", material="paper"),
            x - 0.05,
            y - 0.19 * height,
            x + 0.05,
            y - 0.15 * height,
        )
