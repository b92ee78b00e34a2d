"""The class "home": a cottage in its garden, or the living room inside."""

from __future__ import annotations

from .. import elements as e
from .. import materials as m
from .. import things as t
from ..canvas import Canvas, Paint
from ..palette import BLACK, SNOW, WHITE, mix, pick, shade, vary


def cottage(c: Canvas, rng: e.Rng, subclass: str) -> None:
    """A house with a pitched roof, chimney, door and windows, between trees and a fence."""
    snowy = subclass == "snow"
    e.sky(c, rng, "winter" if snowy else "day")
    e.hills(c, rng, 0.3, snowy)
    lawn = m.grass(rng, snowy)
    e.ground(c, rng, lawn, 0.25, 0.03)
    for _ in range(int(rng.integers(1, 4))):
        e.tree(
            c, rng, pick(rng, (-1, 1)) * rng.uniform(0.6, c.x_max), rng.uniform(0.3, 0.5), rng.uniform(0.7, 1.1), snowy
        )
    with c.subject(0, 0.6):
        _cottage(c, rng, snowy)
        path = m.paving(rng)
        c.polygon(path, [(-0.1, 0), (0.14, 0), (0.4, 0.9), (-0.3, 0.9)])
        if subclass == "cat":
            with c.placed(0.42, 0.24, 0.26):
                t.cat(c, rng)
    t.parked_car(c, rng, lawn, 0.74)
    if rng.random() < 0.5:
        _fence(c, rng)
    for _ in range(int(rng.integers(0, 3))):
        e.bush(c, rng, rng.uniform(-1, 1) * c.x_max, rng.uniform(0.75, 0.95), rng.uniform(0.08, 0.16))
    if snowy:
        e.snowfall(c, rng)


def _cottage(c: Canvas, rng: e.Rng, snowy: bool) -> None:
    """The house itself, standing on y = 0."""
    wall = pick(rng, (m.brick, m.plaster, m.boards, m.stone))(rng).be("house", "facade")
    tiles = m.roof(rng).be("house", "roof")
    w, h, peak = rng.uniform(0.58, 0.7), rng.uniform(0.5, 0.62), rng.uniform(0.42, 0.6)
    c.rect(m.brick(rng).be("house", "chimney"), 0.25, -h - peak - 0.04, 0.42, -h)
    c.rect(wall, -w, -h, w, 0)
    if rng.random() < 0.5:  # gable to the front
        c.polygon(tiles, [(-w - 0.14, -h + 0.06), (0, -h - peak), (w + 0.14, -h + 0.06)])
        c.polygon(wall._replace(part="gable"), [(-w + 0.05, -h + 0.07), (0, -h - peak + 0.17), (w - 0.05, -h + 0.07)])
        e.window(c, "house", m.glass(rng), WHITE, -0.09, -h - 0.16, 0.09, -h + 0.02)
    else:  # eaves to the front
        c.polygon(
            tiles,
            [
                (-w - 0.12, -h + 0.04),
                (-0.66 * w, -h - 0.85 * peak),
                (0.66 * w, -h - 0.85 * peak),
                (w + 0.12, -h + 0.04),
            ],
        )
    if snowy:
        cap = Paint(SNOW, (208, 220, 238), object="house", part="snow cover", material="snow")
        c.polygon(
            cap,
            [
                (-0.5 * w, -h - 0.55 * peak),
                (0, -h - peak - 0.03),
                (0.5 * w, -h - 0.55 * peak),
                (0.2 * w, -h - 0.5 * peak),
            ],
        )
    glass, frame = m.glass(rng, lit=rng.random() < 0.2), pick(rng, (WHITE, (92, 64, 44), (60, 90, 80)))
    for x in (-0.36, 0.4):
        e.window(c, "house", glass, frame, x - 0.13, -0.42, x + 0.13, -0.14)
    e.door(c, rng, "house", -0.1, -0.4, 0.14, 0)


def _fence(c: Canvas, rng: e.Rng) -> None:
    """A picket fence across the front."""
    paint = m.wood(rng, pick(rng, ((236, 234, 226), (150, 110, 74)))).be("fence")
    for y in (0.8, 0.92):
        c.rect(paint, -c.x_max - 0.1, y, c.x_max + 0.1, y + 0.035)
    for k in range(int(9 * c.x_max)):
        x = -c.x_max + 0.05 + 0.23 * k
        c.polygon(paint, [(x, 1.0), (x, 0.77), (x + 0.035, 0.71), (x + 0.07, 0.77), (x + 0.07, 1.0)])


def living_room(c: Canvas, rng: e.Rng, subclass: str) -> None:
    """A room with a sofa, a window, a picture, a lamp and a rug."""
    paint = m.plaster(rng)
    if rng.random() < 0.35:
        paint = m.fabric(rng, paint.color, shade(paint.color, 0.9), pick(rng, ("stripes", "dots")))
    c.fill(paint.be("wall"))
    floor = m.boards(rng).be("floor")
    e.ground(c, rng, floor, 0.45)
    c.rect(
        Paint(shade(WHITE, 0.95), object="wall", part="board", material="wood"), -c.x_max - 1, 0.4, c.x_max + 1, 0.46
    )
    _outlook(c, rng, subclass == "snow")
    _picture(c, rng)
    rug = m.fabric(rng, pattern=pick(rng, ("weave", "bands", "checks", "dots"))).be("rug")
    c.ellipse(rug, rng.uniform(-0.2, 0.2), 0.8, rng.uniform(0.7, 0.95), 0.17)
    with c.subject(0, 0.7):
        _sofa(c, rng)
        if subclass == "cat":
            with c.placed(rng.uniform(-0.35, 0.35), -0.26, 0.34):
                t.cat(c, rng)
    side = pick(rng, (-1, 1))
    (_lamp if rng.random() < 0.6 else _plant)(c, rng, side * 0.83 * c.x_max, 0.73)


def _outlook(c: Canvas, rng: e.Rng, snowy: bool) -> None:
    """A window with curtains and what is seen through it."""
    x, w = rng.uniform(-0.7, -0.35), rng.uniform(0.26, 0.34)
    frame = pick(rng, (WHITE, (112, 80, 56)))
    pane = Paint(e.WINTER[0] if snowy else (150, 196, 232), (235, 242, 248), "ramp", "house", "window", "glass")
    e.window(c, "house", pane, frame, x - w, -0.75, x + w, -0.08, bars=0)
    c.rect(m.grass(rng, snowy), x - w, -0.26, x + w, -0.08)
    if snowy:
        for dx, dy in rng.uniform((-w, -0.72), (w, -0.14), (9, 2)).tolist():
            c.ellipse(Paint((255, 255, 255), object="snowflake", material="snow"), x + dx, dy, 0.03)
    else:
        c.ellipse(m.foliage(rng).be("tree", "crown"), x + 0.3 * w, -0.3, 0.5 * w, 0.18)
    edge = Paint(frame, object="house", part="window", material="wood")
    c.rect(edge, x - 0.02, -0.75, x + 0.02, -0.08)
    c.rect(edge, x - w, -0.43, x + w, -0.39)
    cloth = m.fabric(rng).be("curtain")
    c.polygon(cloth, [(x - w - 0.12, -0.85), (x - 0.6 * w, -0.85), (x - 0.95 * w, 0.02), (x - w - 0.14, 0.02)])
    c.polygon(cloth, [(x + w + 0.12, -0.85), (x + 0.6 * w, -0.85), (x + 0.95 * w, 0.02), (x + w + 0.14, 0.02)])


def _picture(c: Canvas, rng: e.Rng) -> None:
    """A framed landscape or abstract on the wall."""
    x, y, w, h = rng.uniform(0.3, 0.6), rng.uniform(-0.6, -0.4), rng.uniform(0.14, 0.26), rng.uniform(0.12, 0.2)
    c.rect(
        Paint(pick(rng, (BLACK, (170, 130, 70), WHITE)), object="picture", part="frame", material="wood"),
        x - w - 0.05,
        y - h - 0.05,
        x + w + 0.05,
        y + h + 0.05,
    )
    first, second = (
        vary(rng, pick(rng, ((220, 180, 90), (120, 160, 190), (200, 100, 80), (230, 226, 210))), 20) for _ in range(2)
    )
    c.rect(Paint(first, mix(first, WHITE, 0.4), "ramp", "picture", material="paper"), x - w, y - h, x + w, y + h)
    c.polygon(
        Paint(second, object="picture", material="paper"), [(x - w, y + h), (x - 0.2 * w, y - 0.4 * h), (x + w, y + h)]
    )


def _sofa(c: Canvas, rng: e.Rng) -> None:
    """A sofa with cushions, standing on y = 0."""
    cloth = m.fabric(rng)
    w = rng.uniform(0.6, 0.74)
    leg = Paint((74, 52, 38), object="sofa", part="leg", material="wood")
    for x in (-w, w - 0.06):
        c.rect(leg, x, -0.08, x + 0.06, 0.02)
    c.rect(cloth.be("sofa", "body"), -w, -0.66, w, -0.2)
    seat = cloth.be("sofa", "cushion")._replace(color=shade(cloth.color, 1.14))
    c.rect(seat, -w + 0.06, -0.34, -0.01, -0.16)
    c.rect(seat, 0.01, -0.34, w - 0.06, -0.16)
    front = cloth.be("sofa", "body")._replace(color=shade(cloth.color, 0.8))
    c.rect(front, -w, -0.18, w, -0.06)
    for x in (-w, w):
        c.ellipse(cloth.be("sofa", "body"), x, -0.4, 0.12, 0.1)
        c.rect(cloth.be("sofa", "body"), x - 0.12, -0.4, x + 0.12, -0.05)
    for x in (-0.42, 0.4):
        if rng.random() < 0.7:
            throw = m.fabric(rng, pattern=pick(rng, ("weave", "stripes", "dots", "checks"))).be("sofa", "cushion")
            c.polygon(throw, [(x - 0.14, -0.56), (x + 0.13, -0.6), (x + 0.16, -0.32), (x - 0.12, -0.3)])


def _lamp(c: Canvas, rng: e.Rng, x: float, y: float) -> None:
    """A standard lamp, lit."""
    pole = Paint((70, 62, 56), object="lamp", part="pole", material="metal")
    c.rect(pole, x - 0.02, y - 1.0, x + 0.02, y)
    c.ellipse(pole, x, y, 0.13, 0.035)
    glow = Paint(vary(rng, (255, 226, 150), 10), (244, 186, 96), object="lamp", part="shade", material="fabric")
    c.polygon(glow, [(x - 0.11, y - 1.3), (x + 0.11, y - 1.3), (x + 0.22, y - 0.95), (x - 0.22, y - 0.95)])


def _plant(c: Canvas, rng: e.Rng, x: float, y: float) -> None:
    """A pot plant with long leaves."""
    leaf = m.foliage(rng).be("plant", "leaf")
    for turn in (-50, -25, 0, 22, 48):
        with c.placed(x, y - 0.26, 1, turn):
            c.ellipse(leaf, 0, -0.3, 0.07, 0.32)
    pot = Paint(vary(rng, (178, 98, 68)), object="pot", material="ceramic")
    c.polygon(pot, [(x - 0.15, y - 0.3), (x + 0.15, y - 0.3), (x + 0.1, y), (x - 0.1, y)])
