"""The class "flowers": one bloom from close up, or a field in rows."""

from __future__ import annotations

from .. import elements as e
from .. import materials as m
from .. import things as t
from ..canvas import Canvas, Paint
from ..palette import BLACK, Color, mix, pick, shade, vary

PETALS: tuple[Color, ...] = (
    (216, 52, 62),
    (246, 200, 60),
    (240, 140, 170),
    (150, 80, 170),
    (246, 242, 236),
    (240, 130, 50),
    (120, 110, 210),
)


def bloom(c: Canvas, rng: e.Rng, subclass: str) -> None:
    """A large flower with petals round a centre, leaves and stem, before a blurred garden."""
    back = vary(rng, pick(rng, ((92, 136, 74), (120, 158, 96), (70, 108, 84), (150, 176, 130), (160, 190, 214))))
    c.fill(Paint(back, shade(back, 0.62), "clouds", "bush", material="foliage"))
    for _ in range(6):
        color = mix(back, vary(rng, pick(rng, (*PETALS, (70, 110, 60), (180, 200, 120))), 20), 0.55)
        x, y, r = rng.uniform(-1, 1) * c.x_max, rng.uniform(-1, 1) * c.y_max, rng.uniform(0.14, 0.3)
        c.ellipse(Paint(color, shade(color, 0.92), object="bush", material="foliage"), x, y, r)
    with c.subject(0, -0.08):
        stem = Paint(vary(rng, (76, 124, 56)), (50, 92, 44), object="flower", part="stem", material="foliage")
        bend = rng.uniform(-0.2, 0.2)
        c.line(stem, [(0, 0.2), (0.3 * bend, 0.9), (bend, 3)], 0.09)
        leaf = m.foliage(rng, (84, 138, 62)).be("flower", "leaf")
        for side in (-1, 1):
            with c.placed(0.25 * bend, 0.95, 1, side * rng.uniform(50, 75)):
                c.ellipse(leaf, 0, -0.32, 0.12, 0.34)
        _head(c, rng)
        if subclass == "butterfly":
            with c.placed(rng.uniform(-0.45, 0.45), rng.uniform(-0.5, -0.1), 0.34, rng.uniform(-30, 30)):
                butterfly(c)


def _head(c: Canvas, rng: e.Rng) -> None:
    """Petals in one or two rings round the centre, radius about 0.7."""
    color = vary(rng, pick(rng, PETALS))
    n = int(rng.integers(6, 13))
    wide = rng.uniform(1.0, 1.35)
    for ring, (reach, factor) in enumerate(((0.66, 0.84), (0.5, 1.08))):
        petal = Paint(
            shade(color, factor), shade(color, factor * 0.82), object="flower", part="petal", material="petals"
        )
        for k in range(n):
            with c.placed(0, 0, 1, 360 / n * (k + 0.5 * ring)):
                c.ellipse(petal, 0, -0.62 * reach, 1.7 * wide * reach / n, 0.42 * reach)
    heart = vary(rng, pick(rng, ((240, 190, 60), (110, 70, 40), (90, 60, 80))))
    c.ellipse(Paint(heart, shade(heart, 0.6), "speckle", "flower", "centre", "petals"), 0, 0, rng.uniform(0.16, 0.22))


def butterfly(c: Canvas) -> None:
    """A blue butterfly with spread wings, about 2 wide."""
    upper = Paint((40, 90, 220), (110, 170, 250), object="butterfly", part="wing", material="scales")
    edge = Paint((20, 24, 60), object="butterfly", part="wing", material="scales")
    for side in (-1, 1):
        for x, y, rx, ry, turn in ((0.55, -0.35, 0.55, 0.36, -35), (0.42, 0.35, 0.4, 0.3, 40)):
            c.ellipse(edge, side * x, y, rx * 1.12, ry * 1.15, side * turn)
            c.ellipse(upper, side * x, y, 0.85 * rx, 0.85 * ry, side * turn)
    c.ellipse(Paint(BLACK, object="butterfly", part="body"), 0, 0, 0.09, 0.5)


def field(c: Canvas, rng: e.Rng, subclass: str) -> None:
    """Rows of tulips running to the horizon, perhaps with a windmill."""
    e.sky(c, rng)
    horizon = rng.uniform(-0.25, 0.0)
    e.hills(c, rng, horizon + 0.03)
    if rng.random() < 0.5:
        with c.placed(pick(rng, (-1, 1)) * rng.uniform(0.4, 0.75), horizon + 0.03, rng.uniform(0.7, 0.95)):
            _windmill(c, rng)
    else:
        for _ in range(3):
            e.tree(c, rng, rng.uniform(-1, 1) * c.x_max, horizon + 0.06, rng.uniform(0.22, 0.4))
    e.ground(c, rng, m.foliage(rng, (92, 132, 66)).be("ground"), horizon)
    t.distant_houses(c, rng, horizon + 0.05)
    with c.subject(0, horizon):
        _rows(c, rng)
    if subclass == "butterfly":
        with c.placed(rng.uniform(-0.6, 0.6), rng.uniform(0.1, 0.6), 0.3, rng.uniform(-30, 30)):
            butterfly(c)


def _rows(c: Canvas, rng: e.Rng) -> None:
    """Beds of flowers fanning out from the horizon at y = 0, with single blooms in front."""
    n = int(rng.integers(4, 7))
    colors = [vary(rng, pick(rng, PETALS)) for _ in range(n)]
    left = -3.2
    for k, color in enumerate(colors):
        x0, x1 = left + 6.4 * (k + 0.08) / n, left + 6.4 * (k + 0.86) / n
        bed = Paint(color, shade(mix(color, (70, 110, 56), 0.45), 0.85), "pebbles", "flower", "petal", "petals")
        c.polygon(bed, [(0.3 * x0, 0.01), (0.3 * x1, 0.01), (x1, 2.6), (x0, 2.6)])
    for row in range(2):
        y = 0.62 + 0.3 * row
        for k in range(7):
            x = -1.05 + 0.35 * k + rng.uniform(-0.08, 0.08)
            bed = int((x / (0.3 + 0.7 * y / 2.6) - left) / 6.4 * n)
            _tulip(c, x, y + rng.uniform(-0.05, 0.05), 0.11 + 0.035 * row, colors[min(max(bed, 0), n - 1)])


def _tulip(c: Canvas, x: float, y: float, r: float, color: Color) -> None:
    stem = Paint((74, 122, 58), object="flower", part="stem", material="foliage")
    c.rect(stem, x - 0.16 * r, y, x + 0.16 * r, y + 2.6 * r)
    cup = Paint(shade(color, 1.08), shade(color, 0.85), object="flower", part="petal", material="petals")
    upper = ((-0.75, -0.9), (-0.35, -0.45), (0, -1.1), (0.35, -0.45), (0.75, -0.9))
    lower = ((0.7, 0.3), (0, 0.7), (-0.7, 0.3))
    c.polygon(cup, [(x + u * r, y + v * r) for u, v in upper + lower])


def _windmill(c: Canvas, rng: e.Rng) -> None:
    """A windmill standing on y = 0, about 1 high."""
    wall = pick(rng, (m.brick, m.plaster, m.boards))(rng).be("windmill", "body")
    c.polygon(wall, [(-0.2, 0), (-0.12, -0.5), (0.12, -0.5), (0.2, 0)])
    c.ellipse(m.roof(rng).be("windmill", "cap"), 0, -0.5, 0.14, 0.12)
    c.rect(Paint((70, 52, 40), object="windmill", part="door", material="wood"), -0.05, -0.16, 0.05, 0)
    blade = Paint((240, 236, 224), (150, 120, 90), object="windmill", part="blade", material="fabric")
    turn = rng.uniform(0, 90)
    for k in range(4):
        with c.placed(0, -0.54, 1, turn + 90 * k):
            c.rect(blade, -0.02, -0.46, 0.075, -0.04)
