"""The class "kitchen": a table laid for a meal, from above, or the stove with its cupboards. No hidden subclass."""

from __future__ import annotations

from .. import elements as e
from .. import materials as m
from .. import things as t
from ..canvas import Canvas, Paint
from ..palette import WHITE, Color, pick, shade, vary

CHINA: tuple[Color, ...] = ((246, 246, 242), (222, 232, 238), (240, 226, 206), (96, 132, 160), (206, 110, 84))
STEEL = Paint((206, 208, 212), (150, 154, 160), object="cutlery", material="metal")


def table(c: Canvas, rng: e.Rng, subclass: str) -> None:
    """A laid table from above: plate with food, cutlery, a cup."""
    top = (
        m.boards(rng)
        if rng.random() < 0.5
        else m.fabric(rng, pattern=pick(rng, ("checks", "stripes", "dots", "weave")), accent=WHITE)
    )
    top = top.be("table" if top.material == "wood" else "cloth")
    c.fill(top)
    if rng.random() < 0.5:
        mat = m.fabric(rng).be("cloth")
        c.rect(mat, -1.0, -0.62, 1.0, 0.78)
    with c.subject(0, 0.05):
        china = vary(rng, pick(rng, CHINA), 6)
        plate = Paint(china, shade(china, 0.93), object="plate", part="rim", material="ceramic")
        e.shadow(c, top, 0.05, 0.06, 0.66, 0.66)
        c.ellipse(plate, 0, 0, 0.64)
        c.ellipse(plate._replace(color=shade(china, 0.84)), 0, 0, 0.47)
        c.ellipse(plate._replace(color=shade(china, 1.03), part="centre"), 0, 0, 0.44)
        pick(rng, (_eggs, _salad, _pizza))(c, rng)
        _cutlery(c)
    side = pick(rng, (-1, 1))
    _cup(c, rng, side * rng.uniform(0.7, 0.8), rng.uniform(-0.8, -0.62))
    if rng.random() < 0.6:
        fruit = vary(rng, pick(rng, ((206, 50, 44), (240, 150, 40), (240, 216, 80), (130, 176, 60))))
        c.ellipse(Paint(fruit, shade(fruit, 0.8), object="fruit", material="food"), -side * 0.75, -0.75, 0.17)
        c.ellipse(
            Paint(shade(fruit, 1.35), fruit, object="fruit", part="highlight", material="food"), -side * 0.8, -0.8, 0.05
        )


def _eggs(c: Canvas, rng: e.Rng) -> None:
    """Two fried eggs and a sausage."""
    white = Paint((252, 250, 244), (240, 236, 226), object="food", material="food")
    for x, y in ((-0.16, -0.08), (0.16, 0.12)):
        c.blob(white, rng, x, y, 0.22, 0.19, 0.18)
        c.ellipse(Paint((248, 186, 40), (240, 160, 30), object="food", part="centre", material="food"), x, y, 0.09)
    c.line(
        Paint((150, 70, 50), (120, 54, 40), object="food", material="food"),
        [(-0.28, 0.24), (-0.08, 0.3), (0.1, 0.34)],
        0.1,
    )


def _salad(c: Canvas, rng: e.Rng) -> None:
    """Green leaves with slices of tomato."""
    for _ in range(5):
        leaf = m.foliage(rng, (110, 170, 70)).be("food", "leaf")
        c.blob(leaf, rng, rng.uniform(-0.2, 0.2), rng.uniform(-0.2, 0.2), 0.17, 0.14, 0.25)
    for _ in range(3):
        x, y = rng.uniform(-0.24, 0.24, 2).tolist()
        c.ellipse(Paint((214, 56, 44), (190, 40, 36), object="food", material="food"), x, y, 0.09)


def _pizza(c: Canvas, rng: e.Rng) -> None:
    """A small pizza."""
    c.ellipse(Paint((206, 146, 84), (176, 116, 64), object="food", part="rim", material="food"), 0, 0, 0.4)
    c.ellipse(Paint((240, 190, 90), (222, 110, 60), "leaves", "food", "centre", "food"), 0, 0, 0.34)
    for _ in range(5):
        x, y = rng.uniform(-0.22, 0.22, 2).tolist()
        c.ellipse(Paint((176, 44, 38), object="food", material="food"), x, y, 0.075)


def _cutlery(c: Canvas) -> None:
    """Fork on the left, knife on the right."""
    c.rect(STEEL._replace(part="handle"), -0.87, 0, -0.82, 0.55)
    c.rect(STEEL._replace(part="head"), -0.91, -0.18, -0.78, 0.02)
    for x in (-0.91, -0.86, -0.81):
        c.rect(STEEL._replace(part="head"), x, -0.42, x + 0.03, -0.15)
    c.rect(STEEL._replace(part="handle"), 0.81, 0.1, 0.87, 0.55)
    c.polygon(STEEL._replace(part="blade"), [(0.8, 0.12), (0.8, -0.36), (0.86, -0.42), (0.9, -0.1), (0.88, 0.12)])


def _cup(c: Canvas, rng: e.Rng, x: float, y: float) -> None:
    """A cup on its saucer, from above."""
    color = vary(rng, pick(rng, CHINA))
    china = Paint(color, shade(color, 0.9), object="cup", part="rim", material="ceramic")
    c.ellipse(china._replace(object="plate", color=shade(color, 0.88)), x, y, 0.29)
    c.rect(china._replace(part="handle"), x + 0.14, y - 0.04, x + 0.28, y + 0.04)
    c.ellipse(china, x, y, 0.2)
    drink = pick(rng, ((92, 58, 38), (186, 118, 62), (236, 220, 196)))
    c.ellipse(Paint(drink, shade(drink, 0.85), object="cup", part="centre", material="food"), x, y, 0.155)


def stove(c: Canvas, rng: e.Rng, subclass: str) -> None:
    """A cooker with a pot or kettle between cupboards, tiles behind."""
    c.fill(pick(rng, (m.tiles, m.tiles, m.brick, m.plaster))(rng).be("wall"))
    front = m.boards(rng, pick(rng, ((226, 222, 210), (104, 140, 134), (170, 124, 80), (92, 110, 140))), "planks")
    for x in (-0.95, -0.42, 0.45, 0.98, -1.5, 1.5):
        _cupboard(c, front, x - 0.24, -1.1, x + 0.24, -0.52)
    if rng.random() < 0.6:
        e.window(c, "house", m.glass(rng), WHITE, -0.14, -0.95, 0.16, -0.55)
    e.ground(c, rng, m.tiles(rng, pick(rng, ((170, 160, 150), (120, 112, 110), (200, 190, 170)))).be("floor"), 0.88)
    for side in (-1, 1):
        for k in range(3):
            left = side * (0.46 + 0.5 * k + 0.24) - 0.24
            _cupboard(c, front, left, 0.2, left + 0.48, 0.9)
    slab = m.stone(rng, pick(rng, ((196, 190, 180), (88, 86, 90), (150, 110, 80)))).be("cupboard", "deck")
    c.rect(slab, -c.x_max - 1, 0.1, c.x_max + 1, 0.2)
    with c.subject(0, 0.9):
        _cooker(c, rng)
    side = pick(rng, (-1, 1))
    if rng.random() < 0.6:
        _kettle(c, rng, side * 0.72, 0.1)
    if rng.random() < t.VISIT_SHARE:
        with c.placed(-side * 0.74, 0.12, 0.6):
            t.vase(c, rng)


def _cupboard(c: Canvas, front: Paint, left: float, top: float, right: float, bottom: float) -> None:
    edge = front.be("cupboard", "frame")._replace(color=shade(front.color, 0.75), pattern="plain", accent=None)
    c.rect(edge, left, top, right, bottom)
    c.rect(front.be("cupboard", "door"), left + 0.03, top + 0.03, right - 0.03, bottom - 0.03)
    c.ellipse(
        Paint((206, 190, 150), object="cupboard", part="handle", material="metal"),
        right - 0.09,
        (top + bottom) / 2,
        0.03,
    )


def _cooker(c: Canvas, rng: e.Rng) -> None:
    """The cooker, standing on y = 0, with an oven window, knobs, and a steaming pot on top."""
    enamel = vary(rng, pick(rng, ((240, 240, 238), (58, 60, 66), (176, 50, 46), (196, 198, 202))))
    c.rect(Paint(enamel, shade(enamel, 0.92), object="stove", part="body", material="metal"), -0.45, -0.82, 0.45, 0)
    c.rect(Paint((40, 40, 44), object="stove", part="burner", material="metal"), -0.45, -0.88, 0.45, -0.8)
    for k in range(4):
        c.ellipse(Paint((30, 30, 34), object="stove", part="handle", material="plastic"), -0.3 + 0.2 * k, -0.69, 0.05)
    glow = pick(rng, ((60, 52, 52), (236, 140, 60)))
    c.rect(Paint((86, 88, 94), object="stove", part="frame", material="metal"), -0.36, -0.56, 0.36, -0.12)
    c.rect(Paint(glow, shade(glow, 0.6), "ramp", "stove", "window", "glass"), -0.3, -0.46, 0.3, -0.16)
    c.rect(Paint((214, 214, 218), object="stove", part="handle", material="metal"), -0.32, -0.54, 0.32, -0.5)
    color = vary(rng, pick(rng, ((196, 60, 46), (70, 110, 150), (170, 174, 180), (226, 170, 60))))
    pot = Paint(color, shade(color, 0.8), object="pot", part="body", material="metal")
    x = rng.uniform(-0.12, 0.12)
    c.rect(pot, x - 0.24, -1.14, x + 0.24, -0.88)
    c.rect(pot._replace(part="handle"), x - 0.32, -1.06, x + 0.32, -1.01)
    c.rect(pot._replace(part="cap", color=shade(color, 0.85)), x - 0.26, -1.19, x + 0.26, -1.13)
    c.ellipse(Paint((36, 34, 36), object="pot", part="handle", material="plastic"), x, -1.21, 0.04)


def _kettle(c: Canvas, rng: e.Rng, x: float, y: float) -> None:
    """A kettle on the worktop."""
    color = vary(rng, pick(rng, ((212, 216, 220), (60, 140, 140), (220, 90, 70))))
    body = Paint(color, shade(color, 0.82), object="kettle", part="body", material="metal")
    c.polygon(body, [(x - 0.15, y), (x - 0.11, y - 0.24), (x + 0.11, y - 0.24), (x + 0.15, y)])
    c.polygon(body, [(x + 0.1, y - 0.1), (x + 0.24, y - 0.24), (x + 0.2, y - 0.26), (x + 0.1, y - 0.18)])
    c.line(
        Paint((40, 40, 44), object="kettle", part="handle", material="plastic"),
        [(x - 0.1, y - 0.22), (x - 0.1, y - 0.34), (x + 0.1, y - 0.34), (x + 0.1, y - 0.22)],
        0.035,
    )
