"""The class "railway": a train passing, or the track running off into the distance."""

from __future__ import annotations

from .. import elements as e
from .. import materials as m
from .. import things as t
from ..canvas import Canvas, Paint
from ..palette import WHITE, Color, pick, shade, vary

LIVERIES: tuple[Color, ...] = (
    (170, 42, 46),
    (38, 92, 72),
    (40, 70, 130),
    (226, 150, 44),
    (128, 134, 142),
    (96, 48, 92),
)
STEEL = Paint((176, 178, 184), (140, 142, 150), object="track", part="rail", material="metal")


def train(c: Canvas, rng: e.Rng, subclass: str) -> None:
    """A locomotive and its carriage from the side, on ballast."""
    e.sky(c, rng)
    e.hills(c, rng, 0.2)
    e.ground(c, rng, m.grass(rng), 0.12, 0.04)
    for _ in range(int(rng.integers(0, 3))):
        e.tree(c, rng, rng.uniform(-1, 1) * c.x_max, 0.3, rng.uniform(0.6, 0.9))
    t.distant_houses(c, rng, 0.3)
    stones = m.gravel(rng)
    with c.subject(0, 0.6):
        c.polygon(stones, [(-3.2, 0.3), (-3, 0), (3, 0), (3.2, 0.3)])
        sleeper = m.wood(rng, (98, 76, 58)).be("track", "sleeper")
        for k in range(25):
            c.rect(sleeper, -3 + 0.25 * k, 0.02, -2.86 + 0.25 * k, 0.1)
        c.rect(STEEL, -3.2, -0.02, 3.2, 0.03)
        with c.placed(sx=pick(rng, (-1, 1))):
            (_steam_engine if rng.random() < 0.35 else _railcar)(c, rng)
    if rng.random() < 0.5:
        e.ground(c, rng, m.grass(rng), rng.uniform(0.82, 0.92), 0.03)
    t.roadside_tree(c, rng, 0.95)
    if subclass == "red signal":
        _signal(c, pick(rng, (-1, 1)) * rng.uniform(0.72, 0.85) * c.x_max, 0.85, 1.2)


def _railcar(c: Canvas, rng: e.Rng) -> None:
    """A modern train: a sloping front, a row of windows, a stripe and doors."""
    body = m.metal(rng, pick(rng, LIVERIES)).be("train", "body")
    c.polygon(body, [(-3, -0.8), (0.5, -0.8), (0.86, -0.5), (0.92, -0.14), (-3, -0.14)])
    c.polygon(
        body._replace(color=shade(body.color, 0.6), part="roof"),
        [(-3, -0.88), (0.42, -0.88), (0.54, -0.79), (-3, -0.79)],
    )
    stripe = Paint(
        pick(rng, (WHITE, (246, 206, 90), shade(body.color, 0.5))),
        object="train",
        part="stripe",
        material="painted metal",
    )
    c.rect(stripe, -3, -0.36, 0.9, -0.27)
    pane = m.glass(rng).be("train", "window")
    for k in range(7):
        if k != 2:
            c.rect(pane, 0.06 - 0.36 * k, -0.68, 0.32 - 0.36 * k, -0.44)
    c.polygon(pane, [(0.46, -0.7), (0.56, -0.7), (0.78, -0.46), (0.46, -0.46)])
    edge = Paint(shade(body.color, 0.72), object="train", part="door", material="painted metal")
    c.rect(edge, -0.68, -0.72, -0.38, -0.15)
    c.rect(pane._replace(part="door"), -0.62, -0.66, -0.44, -0.44)
    _wheels(c, rng, (0.58, 0.24, -0.5, -0.84, -1.5))
    c.ellipse(Paint((255, 244, 190), object="train", part="headlight", material="glass"), 0.84, -0.24, 0.05)


def _steam_engine(c: Canvas, rng: e.Rng) -> None:
    """A steam engine with boiler, chimney, cab and a puff of smoke, pulling a carriage."""
    body = m.metal(rng, pick(rng, ((40, 42, 46), (38, 80, 62), (140, 40, 40)))).be("train", "body")
    smoke = Paint((238, 238, 240), (200, 202, 208), "clouds", "cloud", material="air")
    for k in range(3):
        c.blob(smoke, rng, 0.5 - 0.32 * k, -1.02 - 0.13 * k, 0.16 + 0.05 * k, 0.11 + 0.03 * k)
    c.rect(body, -0.1, -0.62, 0.78, -0.24)
    c.ellipse(body, 0.78, -0.43, 0.08, 0.19)
    c.polygon(body._replace(part="chimney"), [(0.52, -0.6), (0.48, -0.88), (0.7, -0.88), (0.66, -0.6)])
    c.ellipse(Paint((206, 170, 80), object="train", part="body", material="metal"), 0.22, -0.64, 0.1, 0.1)
    c.rect(body, -0.5, -0.82, -0.08, -0.24)
    c.rect(body._replace(color=shade(body.color, 0.7), part="roof"), -0.56, -0.88, -0.02, -0.8)
    c.rect(m.glass(rng).be("train", "window"), -0.4, -0.74, -0.18, -0.54)
    c.rect(Paint((188, 50, 44), object="train", part="bumper", material="painted metal"), -0.5, -0.26, 0.9, -0.2)
    coach = m.boards(rng, pick(rng, ((150, 60, 46), (70, 96, 70), (180, 140, 84))), "planks").be("train", "body")
    c.rect(coach, -3, -0.74, -0.6, -0.18)
    for k in range(6):
        c.rect(m.glass(rng).be("train", "window"), -0.92 - 0.36 * k, -0.64, -0.7 - 0.36 * k, -0.42)
    _wheels(c, rng, (0.64, 0.32, 0.0, -0.34, -0.84, -1.3))


def _wheels(c: Canvas, rng: e.Rng, xs: tuple[float, ...]) -> None:
    for x in xs:
        t.wheel(c, "train", x, -0.11, 0.12, (120, 122, 130))


def _signal(c: Canvas, x: float, y: float, height: float) -> None:
    """A signal at stop, its post standing at (x, y)."""
    c.rect(Paint((74, 76, 82), object="signal", part="pole", material="metal"), x - 0.03, y - height, x + 0.03, y)
    c.rect(
        Paint((24, 24, 28), object="signal", part="frame", material="metal"),
        x - 0.13,
        y - height - 0.12,
        x + 0.13,
        y - height + 0.36,
    )
    c.ellipse(Paint((255, 40, 36), (255, 90, 70), object="signal", part="lamp", material="light"), x, y - height, 0.1)
    c.ellipse(Paint((54, 60, 56), object="signal", part="lamp", material="glass"), x, y - height + 0.23, 0.08)


def track(c: Canvas, rng: e.Rng, subclass: str) -> None:
    """The track from the driver's seat, narrowing to the horizon, or into a tunnel."""
    e.sky(c, rng)
    e.hills(c, rng, -0.05)
    e.ground(c, rng, m.grass(rng), -0.12, 0.02)
    for _ in range(int(rng.integers(1, 5))):
        side = pick(rng, (-1, 1))
        e.tree(c, rng, side * rng.uniform(0.5, 1.1) * c.x_max, rng.uniform(-0.05, 0.2), rng.uniform(0.5, 0.9))
    t.distant_houses(c, rng, 0.02)
    with c.subject(0, -0.1):
        if rng.random() < 0.3:
            _tunnel(c, rng)
        stones = m.gravel(rng)
        c.polygon(stones, [(-0.05, 0), (0.05, 0), (1.6, 2.6), (-1.6, 2.6)])
        _ladder(c, rng)
        if subclass == "red signal":
            _signal(c, pick(rng, (-0.62, 0.62)), 0.55, 1.0)
        elif rng.random() < 0.4:
            pole = m.wood(rng, (92, 76, 62)).be("fence", "pole")
            for x, y, h in ((0.5, 0.4, 0.8), (0.26, 0.16, 0.4)):
                c.rect(pole, x - 0.02, y - h, x + 0.02, y)
                c.rect(pole, x - 0.12 * h, y - 0.92 * h, x + 0.12 * h, y - 0.88 * h)


def _ladder(c: Canvas, rng: e.Rng) -> None:
    """Sleepers and the two rails, narrowing towards (0, 0)."""
    color = vary(rng, pick(rng, ((104, 78, 58), (84, 72, 64), (150, 146, 140))))
    sleeper = Paint(color, shade(color, 0.75), "grain", "track", "sleeper", "wood")
    for k in range(12):
        y = 0.06 * 1.34**k
        c.rect(sleeper, -0.52 * y - 0.02, y, 0.52 * y + 0.02, y * 1.13)
    for side in (-1, 1):
        c.polygon(STEEL, [(side * 0.006, 0), (side * 0.014, 0), (side * 1.06, 2.6), (side * 0.9, 2.6)])


def _tunnel(c: Canvas, rng: e.Rng) -> None:
    """A hill with a tunnel mouth that swallows the track."""
    c.ellipse(m.foliage(rng).be("hill"), 0, 0.05, 1.5, 0.75)
    c.rect(Paint(vary(rng, (110, 142, 70)), (84, 110, 58), "grass", "grass", material="grass"), -3, 0.02, 3, 0.3)
    mouth = m.brick(rng).be("tunnel")
    c.ellipse(mouth, 0, -0.16, 0.32, 0.3)
    c.rect(mouth, -0.32, -0.16, 0.32, 0.06)
    dark = Paint((24, 24, 28), object="tunnel", part="opening")
    c.ellipse(dark, 0, -0.13, 0.2, 0.2)
    c.rect(dark, -0.2, -0.13, 0.2, 0.1)
