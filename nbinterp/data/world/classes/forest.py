"""The class "forest": among the trunks, or a wood seen across a lake."""

from __future__ import annotations

from .. import elements as e
from .. import materials as m
from .. import things as t
from ..canvas import Canvas, Paint
from ..palette import SNOW, Color, mix, pick, shade, vary

DEER: Color = (158, 100, 58)


def trunks(c: Canvas, rng: e.Rng, subclass: str) -> None:
    """Inside a wood: tall trunks in rows, undergrowth and light between them."""
    snowy = subclass == "snow"
    haze = vary(rng, e.WINTER[1] if snowy else pick(rng, ((184, 204, 150), (206, 214, 170), (150, 184, 160))))
    deep = shade(haze, 0.75) if snowy else vary(rng, (92, 128, 74))
    c.fill(Paint(deep, haze, "leaves", "tree", "crown", "foliage"))
    floor = (
        m.snow(rng)
        if snowy
        else m.foliage(rng, pick(rng, ((120, 112, 62), (96, 122, 58), (140, 104, 62)))).be("ground")
    )
    e.ground(c, rng, floor, 0.42, 0.04)
    for row, (count, share) in enumerate(((6, 0.55), (4, 0.25))):
        bark = m.bark(rng)
        faded = bark._replace(color=mix(bark.color, haze, share), accent=mix(shade(bark.color, 0.6), haze, share)).be(
            "tree", "trunk"
        )
        for _ in range(count):
            _trunk(c, rng, faded, rng.uniform(-c.x_max, c.x_max), 0.5 + 0.1 * row, 0.05 + 0.03 * row, False)
    with c.subject(0, 0.75):
        if subclass == "deer":
            with c.placed(rng.uniform(-0.2, 0.2), 0.05, 0.6, sx=pick(rng, (-1, 1))):
                deer(c)
        bark = m.bark(rng, pick(rng, ((104, 78, 58), (76, 60, 52), (206, 202, 190)))).be("tree", "trunk")
        for x in (-0.72, 0.66, rng.uniform(-1.4, -1.1), rng.uniform(1.1, 1.4)):
            _trunk(c, rng, bark, x + rng.uniform(-0.12, 0.12), rng.uniform(0, 0.12), rng.uniform(0.11, 0.17), snowy)
        for x in rng.uniform(-0.9, 0.9, 3).tolist():
            (e.bush if rng.random() < 0.5 else _fern)(c, rng, x, 0.2, 0.12)
    if snowy:
        e.snowfall(c, rng)


def _trunk(c: Canvas, rng: e.Rng, bark: Paint, x: float, y: float, w: float, snowy: bool) -> None:
    """A trunk from (x, y) up beyond the picture, with a lit side and a branch."""
    lean = rng.uniform(-0.06, 0.06)
    c.polygon(
        bark,
        [
            (x - 1.5 * w, y),
            (x - w, y - 0.25),
            (x - 0.7 * w + lean, -3.2),
            (x + 0.7 * w + lean, -3.2),
            (x + w, y - 0.25),
            (x + 1.5 * w, y),
        ],
    )
    lit = bark._replace(color=SNOW if snowy else shade(bark.color, 1.3), part="snow cover" if snowy else "sunlit side")
    c.polygon(
        lit, [(x - 0.9 * w, y - 0.2), (x - 0.65 * w + lean, -3.2), (x - 0.35 * w + lean, -3.2), (x - 0.5 * w, y - 0.2)]
    )
    side, high = pick(rng, (-1, 1)), y - rng.uniform(0.7, 1.2)
    c.line(bark._replace(part="branch"), [(x, high), (x + side * 3.2 * w, high - 2.4 * w)], 0.4 * w)


def _fern(c: Canvas, rng: e.Rng, x: float, y: float, r: float) -> None:
    """A fern of five fronds."""
    leaf = m.foliage(rng, (78, 146, 62)).be("fern", "leaf")
    for turn in (-70, -38, -5, 30, 64):
        with c.placed(x, y, 2.5 * r, turn + rng.uniform(-8, 8)):
            c.polygon(leaf, [(-0.1, 0), (-0.16, -0.5), (0, -1), (0.14, -0.5), (0.1, 0)])


def deer(c: Canvas) -> None:
    """A deer from its side, about 1.3 wide and 1.4 high, standing on y = 0."""
    coat = Paint(DEER, shade(DEER, 0.85), object="deer", material="fur")
    for x in (-0.42, -0.28, 0.24, 0.38):
        c.rect(coat._replace(color=shade(DEER, 0.75), part="leg"), x - 0.045, -0.5, x + 0.045, 0)
    c.ellipse(coat._replace(part="body"), 0, -0.62, 0.52, 0.23)
    c.polygon(coat._replace(part="body"), [(0.25, -0.7), (0.5, -1.12), (0.68, -1.05), (0.5, -0.5)])
    c.ellipse(coat._replace(part="head"), 0.68, -1.1, 0.2, 0.11, 20)
    c.ellipse(Paint((250, 244, 234), object="deer", part="tail", material="fur"), -0.5, -0.68, 0.1, 0.12)
    horn = Paint((92, 66, 44), object="deer", part="antler")
    for dx in (-0.16, 0.16):
        c.line(horn, [(0.58, -1.16), (0.56 + dx, -1.42), (0.5 + 2 * dx, -1.5)], 0.06)


def lake(c: Canvas, rng: e.Rng, subclass: str) -> None:
    """Firs along a lake with mountains behind, mirrored in the water."""
    snowy = subclass == "snow"
    e.sky(c, rng, "winter" if snowy else "day")
    shore = rng.uniform(0.12, 0.25)
    if rng.random() < 0.75:
        e.mountains(c, rng, shore + 0.05)
    else:
        e.hills(c, rng, shore, snowy)
    leaves = m.foliage(rng, pick(rng, ((46, 88, 62), (58, 100, 54), (38, 74, 60)))).be("tree", "crown")
    far = leaves._replace(
        color=mix(leaves.color, (176, 196, 206), 0.35), accent=mix(leaves.color, (150, 170, 180), 0.25)
    )
    for k in range(int(8 * c.x_max)):
        e.conifer(c, rng, -c.x_max + 0.27 * (k + rng.uniform(0, 0.6)), shore, rng.uniform(0.3, 0.5), far)
    sheet = m.water(rng, mix((70, 116, 140), leaves.color, 0.35)).be("lake")
    t.distant_houses(c, rng, shore, snowy)
    e.ground(c, rng, sheet, shore)
    t.passing_boat(c, rng, shore + 0.1)
    mirror = sheet._replace(color=shade(leaves.color, 0.9), accent=sheet.accent, part="shadow")
    for k in range(int(6 * c.x_max)):
        x = -c.x_max + 0.34 * (k + rng.uniform(0, 0.6))
        c.polygon(mirror, [(x - 0.13, shore), (x, shore + rng.uniform(0.22, 0.4)), (x + 0.13, shore)])
    e.ground(c, rng, m.grass(rng, snowy), rng.uniform(0.68, 0.78), 0.05)
    with c.subject(0, 0.82):
        xs = sorted([-0.72, -0.42, 0.5, 0.82], key=lambda _: rng.random())[: int(rng.integers(2, 5))]
        for x in xs:
            e.conifer(
                c, rng, x + rng.uniform(-0.08, 0.08), rng.uniform(-0.05, 0.1), rng.uniform(0.85, 1.35), leaves, snowy
            )
        if subclass == "deer":
            with c.placed(0.06, 0.08, 0.55, sx=pick(rng, (-1, 1))):
                deer(c)
    if snowy:
        e.snowfall(c, rng)
