"""The class "harbour": a sailing boat on the water, or a container ship under a crane."""

from __future__ import annotations

from .. import elements as e
from .. import materials as m
from .. import things as t
from ..canvas import Canvas, Paint
from ..palette import WHITE, Color, pick, shade, vary

BOXES: tuple[Color, ...] = (
    (196, 66, 48),
    (48, 104, 164),
    (226, 150, 52),
    (70, 140, 96),
    (150, 156, 160),
    (120, 70, 60),
)
DUSK: Color = (122, 92, 120)


def sailboat(c: Canvas, rng: e.Rng, subclass: str) -> None:
    """A boat under sail before a coast, with a pier or buoys."""
    sunset = subclass == "sunset"
    e.sky(c, rng, "sunset" if sunset else "day")
    horizon = rng.uniform(-0.05, 0.15)
    if rng.random() < 0.7:
        e.hills(c, rng, horizon + 0.02)
    t.distant_houses(c, rng, horizon + 0.04)
    if rng.random() < 0.35:
        _lighthouse(c, rng, pick(rng, (-1, 1)) * rng.uniform(0.55, 0.85), horizon + 0.03)
    sea = m.water(rng, DUSK if sunset else None).be("sea")
    e.ground(c, rng, sea, horizon)
    with c.subject(0, 0.5):
        reflection = sea._replace(color=shade(sea.color, 0.72), accent=sea.color, part="shadow")
        c.ellipse(reflection, 0, 0.12, 0.62, 0.1)
        t.boat(c, rng)
    t.passing_boat(c, rng, horizon)
    if rng.random() < 0.5:
        _pier(c, rng)
    if subclass == "gulls":
        _gulls(c, rng)


def _lighthouse(c: Canvas, rng: e.Rng, x: float, y: float) -> None:
    """A banded lighthouse far off, standing on y."""
    body = Paint((246, 244, 240), (200, 52, 48), "bands", "lighthouse", "body", "plaster")
    c.polygon(body, [(x - 0.09, y), (x - 0.06, y - 0.5), (x + 0.06, y - 0.5), (x + 0.09, y)])
    c.rect(
        Paint((255, 236, 150), object="lighthouse", part="lamp", material="glass"),
        x - 0.05,
        y - 0.58,
        x + 0.05,
        y - 0.5,
    )
    c.polygon(
        Paint((60, 60, 70), object="lighthouse", part="roof", material="metal"),
        [(x - 0.08, y - 0.58), (x, y - 0.66), (x + 0.08, y - 0.58)],
    )
    c.ellipse(m.stone(rng).be("rock"), x, y + 0.02, 0.24, 0.07)


def _pier(c: Canvas, rng: e.Rng) -> None:
    """A wooden pier reaching in from one side."""
    side, y = pick(rng, (-1, 1)), rng.uniform(0.72, 0.86)
    deck = m.boards(rng, pattern="planks").be("pier", "deck")
    near, far = side * (c.x_max + 0.2), side * rng.uniform(0.1, 0.4)
    post = m.wood(rng, (96, 72, 54)).be("pier", "pole")
    for k in range(4):
        x = far + (near - far) * k / 3.5
        c.rect(post, x - 0.04, y - 0.08, x + 0.04, c.y_max + 0.1)
    c.polygon(deck, [(far, y), (near, y), (near, y + 0.14), (far - 0.06 * side, y + 0.14)])


def _gulls(c: Canvas, rng: e.Rng) -> None:
    """Three to five gulls in the sky."""
    for _ in range(int(rng.integers(3, 6))):
        t.gull(c, rng.uniform(-0.85, 0.85) * c.x_max, rng.uniform(-0.85, -0.2), rng.uniform(0.13, 0.21))


def container_ship(c: Canvas, rng: e.Rng, subclass: str) -> None:
    """A ship stacked with containers at a quay, with a gantry crane."""
    sunset = subclass == "sunset"
    e.sky(c, rng, "sunset" if sunset else "day")
    if rng.random() < 0.5:
        e.hills(c, rng, 0.2)
    t.distant_houses(c, rng, 0.22)
    if rng.random() < 0.7:
        _crane(c, rng, pick(rng, (-1, 1)) * rng.uniform(0.35, 0.75))
    sea = m.water(rng, DUSK if sunset else None).be("sea")
    e.ground(c, rng, sea, 0.2)
    with c.subject(0, 0.45), c.placed(sx=pick(rng, (-1, 1))):
        c.rect(sea._replace(color=shade(sea.color, 0.7), accent=sea.color, part="shadow"), -0.85, 0.14, 0.85, 0.24)
        _cargo(c, rng)
        hull = m.metal(rng, pick(rng, ((150, 44, 40), (36, 56, 96), (40, 44, 52), (44, 96, 84)))).be("ship", "hull")
        c.polygon(hull, [(-0.95, -0.2), (1.02, -0.24), (0.86, 0.16), (-0.84, 0.16)])
        red = Paint((168, 50, 44), object="ship", part="stripe", material="painted metal")
        c.polygon(red, [(-0.87, 0.08), (0.89, 0.08), (0.86, 0.17), (-0.84, 0.17)])
    if rng.random() < 0.5:
        e.ground(c, rng, m.paving(rng).be("pier", "deck"), 0.84)
    if subclass == "gulls":
        _gulls(c, rng)


def _cargo(c: Canvas, rng: e.Rng) -> None:
    """Rows of containers and the bridge, standing on y = −0.2."""
    bridge = Paint(WHITE, shade(WHITE, 0.86), object="ship", part="cabin", material="painted metal")
    c.rect(bridge, -0.86, -0.82, -0.58, -0.18)
    c.rect(bridge, -0.92, -0.82, -0.52, -0.68)
    pane = Paint((60, 80, 104), object="ship", part="window", material="glass")
    c.rect(pane, -0.9, -0.79, -0.54, -0.72)
    for k in range(3):
        c.rect(pane, -0.82, -0.6 + 0.13 * k, -0.62, -0.54 + 0.13 * k)
    for column in range(5):
        x = -0.5 + 0.26 * column
        for row in range(int(rng.integers(2, 4)) if column < 4 else 1):
            color = vary(rng, pick(rng, BOXES))
            box = Paint(color, shade(color, 0.7), "corrugated", "container", material="painted metal")
            c.rect(box, x, -0.36 - 0.18 * row, x + 0.245, -0.2 - 0.18 * row)


def _crane(c: Canvas, rng: e.Rng, x: float) -> None:
    """A gantry crane on the quay behind the ship."""
    color = vary(rng, pick(rng, ((214, 70, 50), (236, 180, 60), (70, 110, 160))))
    beam = Paint(color, shade(color, 0.8), object="crane", material="painted metal")
    for dx in (-0.2, 0.2):
        c.line(beam, [(x + dx, 0.3), (x + 0.7 * dx, -0.72)], 0.06)
    c.rect(beam, x - 0.62, -0.76, x + 0.62, -0.68)
    c.line(beam, [(x - 0.58, -0.72), (x, -0.98), (x + 0.58, -0.72)], 0.03)
    c.line(beam, [(x - 0.2, 0.2), (x + 0.17, -0.3), (x - 0.16, -0.6)], 0.025)
    c.rect(Paint((60, 60, 66), object="wire", material="metal"), x - 0.42, -0.7, x - 0.4, -0.3)
