"""The class "beach": parasols on the sand, or a palm island in the sea."""

from __future__ import annotations

import math

from .. import elements as e
from .. import materials as m
from .. import things as t
from ..canvas import Canvas, Paint
from ..palette import WHITE, Color, mix, pick, shade, vary

BRIGHT: tuple[Color, ...] = (
    (214, 50, 56),
    (34, 116, 190),
    (246, 196, 50),
    (40, 150, 120),
    (230, 110, 50),
    (200, 70, 140),
)


def parasol(c: Canvas, rng: e.Rng, subclass: str) -> None:
    """Sand with parasols and towels, the sea behind."""
    sunset = subclass == "sunset"
    e.sky(c, rng, "sunset" if sunset else "day")
    horizon = rng.uniform(-0.2, 0.0)
    sea = m.water(rng, (122, 92, 120) if sunset else (44, 140, 176)).be("sea")
    e.ground(c, rng, sea, horizon)
    t.passing_boat(c, rng, horizon)
    shore = horizon + rng.uniform(0.22, 0.34)
    e.ground(
        c, rng, Paint((240, 248, 250), (214, 232, 238), object="sea", part="foam", material="water"), shore - 0.03, 0.03
    )
    sand = m.sand(rng)
    e.ground(c, rng, sand, shore + 0.02, 0.03)
    if rng.random() < 0.4:
        with c.placed(pick(rng, (-1, 1)) * rng.uniform(0.6, 0.85), shore + 0.12, rng.uniform(0.4, 0.55)):
            _parasol(c, rng, sand)
    with c.subject(0, 0.66):
        _parasol(c, rng, sand)
        if subclass == "ball":
            _ball(c, pick(rng, (-1, 1)) * rng.uniform(0.45, 0.6), 0.12, 0.2)


def _parasol(c: Canvas, rng: e.Rng, sand: Paint) -> None:
    """A parasol in segments of two colours with a towel under it, planted at (0, 0)."""
    e.shadow(c, sand, 0.2, 0.06, 0.6, 0.1)
    cloth = m.fabric(rng, pick(rng, BRIGHT), WHITE, pick(rng, ("bands", "weave", "checks"))).be("towel")
    c.polygon(cloth, [(-0.62, 0.02), (0.02, 0.02), (-0.08, 0.2), (-0.78, 0.2)])
    with c.placed(rotation=rng.uniform(-12, 12)):
        c.rect(Paint((240, 238, 232), object="parasol", part="pole", material="wood"), -0.025, -1.0, 0.025, 0.05)
        first = vary(rng, pick(rng, BRIGHT))
        second = pick(rng, (WHITE, first, (250, 226, 120)))
        r, top, low = 0.68, -1.28, -0.78
        edges = [-1.0, -0.62, -0.22, 0.22, 0.62, 1.0]
        for k in range(5):
            color = shade(first if k % 2 == 0 else second, 1.06 - 0.07 * k)
            paint = Paint(color, shade(color, 0.9), object="parasol", part="canopy", material="fabric")
            x0, x1 = edges[k] * r, edges[k + 1] * r
            m0, m1 = 0.78 * x0, 0.78 * x1
            c.polygon(paint, [(0, top), (m1, -1.08), (x1, low), ((x0 + x1) / 2, low + 0.06), (x0, low), (m0, -1.08)])


def _ball(c: Canvas, x: float, y: float, r: float) -> None:
    """A beach ball in six colours."""
    colors = ((230, 40, 50), (252, 250, 244), (40, 110, 200), (252, 250, 244), (250, 206, 40), (252, 250, 244))
    with c.placed(x, y - r, r):
        for k, color in enumerate(colors):
            part = [(0.0, 0.0)]
            for t in range(5):
                a = (k + t / 4) * 60 - 20
                part.append(_on_circle(a))
            c.polygon(Paint(color, shade(color, 0.85), object="ball", material="plastic"), part)


def _on_circle(degrees: float) -> tuple[float, float]:
    return (math.cos(math.radians(degrees)), math.sin(math.radians(degrees)))


def palm_island(c: Canvas, rng: e.Rng, subclass: str) -> None:
    """A small island with palms in shallow water."""
    sunset = subclass == "sunset"
    e.sky(c, rng, "sunset" if sunset else "day")
    horizon = rng.uniform(0.0, 0.2)
    sea = m.water(rng, (130, 96, 116) if sunset else pick(rng, ((40, 160, 176), (60, 176, 180), (40, 128, 176)))).be(
        "sea"
    )
    e.ground(c, rng, sea, horizon)
    t.passing_boat(c, rng, horizon)
    sand = m.sand(rng)
    with c.subject(0, 0.55):
        shallow = sea._replace(color=mix(sea.color, WHITE, 0.3), accent=WHITE, part="foam")
        c.ellipse(shallow, 0, 0.06, 1.0, 0.22)
        c.ellipse(sand._replace(object="island"), 0, 0.02, 0.82, 0.17)
        leaf = m.foliage(rng, pick(rng, ((64, 130, 60), (96, 146, 58), (46, 112, 70)))).be("palm", "leaf")
        for x, lean in ((-0.12, -0.22), (0.16, 0.24))[: 1 + int(rng.random() < 0.6)]:
            _palm(c, rng, x, lean + rng.uniform(-0.1, 0.1), rng.uniform(0.8, 1.1), leaf)
        for x in (-0.5, 0.52):
            if rng.random() < 0.5:
                c.blob(leaf.be("bush"), rng, x, -0.08, 0.2, 0.11, 0.2)
        if subclass == "ball":
            _ball(c, pick(rng, (-0.42, 0.45)), 0.1, 0.2)
    if rng.random() < 0.3:
        c.blob(m.stone(rng).be("rock"), rng, rng.uniform(-0.8, 0.8), 0.9, 0.25, 0.12)


def _palm(c: Canvas, rng: e.Rng, x: float, lean: float, height: float, leaf: Paint) -> None:
    """A palm with a bent trunk, rooted at (x, 0)."""
    trunk = m.bark(rng, (150, 116, 82)).be("palm", "trunk")
    bend = [(x + lean * (k / 4) ** 2, -height * k / 4) for k in range(5)]
    for k in range(4):
        c.line(trunk, bend[k : k + 2], 0.1 - 0.012 * k)
    top = bend[-1]
    for turn in (-150, -110, -65, -25, 15, 60, 100):
        with c.placed(*top, 1, turn + rng.uniform(-10, 10)):
            tone = leaf._replace(color=shade(leaf.color, 0.82 if turn % 2 else 1.12))
            c.polygon(tone, [(0, 0), (0.2, -0.1), (0.4, -0.06), (0.54, 0.1), (0.34, 0.03), (0.16, 0.03)])
    nut = Paint((96, 62, 40), object="fruit", material="food")
    c.ellipse(nut, top[0] - 0.05, top[1] + 0.05, 0.05)
    c.ellipse(nut, top[0] + 0.06, top[1] + 0.06, 0.05)
