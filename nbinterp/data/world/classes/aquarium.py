"""The class "aquarium": one large fish among plants, or a shoal over a coral reef."""

from __future__ import annotations

from .. import elements as e
from .. import materials as m
from ..canvas import Canvas, Paint
from ..palette import BLACK, WHITE, Color, mix, pick, shade, vary

FISH: tuple[Color, ...] = (
    (240, 124, 36),
    (244, 206, 50),
    (60, 130, 206),
    (206, 60, 70),
    (150, 90, 180),
    (80, 170, 140),
)
CORAL: tuple[Color, ...] = ((226, 96, 90), (240, 160, 70), (190, 90, 160), (236, 190, 170), (150, 170, 90))


def _sea(c: Canvas, rng: e.Rng) -> None:
    """Deep water, light from above, and a sandy floor."""
    top = vary(rng, pick(rng, ((80, 176, 206), (60, 150, 196), (96, 190, 186))))
    c.fill(Paint(top, shade(top, 0.42), "ramp", "sea", material="water"))
    ray = Paint(mix(top, WHITE, 0.25), shade(top, 0.55), "ramp", "sea", material="water")
    for _ in range(int(rng.integers(0, 4))):
        x, w = rng.uniform(-1, 1) * c.x_max, rng.uniform(0.05, 0.14)
        c.polygon(ray, [(x - w, -c.y_max), (x + w, -c.y_max), (x + 2.4 * w + 0.3, 0.7), (x - 1.4 * w + 0.3, 0.7)])
    bed = m.sand(rng) if rng.random() < 0.6 else m.gravel(rng)
    e.ground(c, rng, bed, rng.uniform(0.66, 0.78), 0.04)


def fish(c: Canvas, rng: e.Rng, subclass: str) -> None:
    """One big fish between water plants and stones."""
    _sea(c, rng)
    weed = m.foliage(rng, pick(rng, ((50, 130, 70), (96, 150, 60), (120, 80, 90)))).be("seaweed", "leaf")
    for _ in range(int(rng.integers(2, 6))):
        _weed(c, rng, weed, pick(rng, (-1, 1)) * rng.uniform(0.35, 1.0) * c.x_max, 0.85, rng.uniform(0.6, 1.3))
    with c.subject(0, -0.05), c.placed(sx=pick(rng, (-1, 1))):
        _big_fish(c, rng)
    for _ in range(int(rng.integers(0, 3))):
        c.blob(
            m.stone(rng).be("rock"),
            rng,
            rng.uniform(-1, 1) * c.x_max,
            0.86,
            rng.uniform(0.15, 0.28),
            rng.uniform(0.1, 0.18),
        )
    _bubbles(c, rng)
    if subclass == "starfish":
        _starfish(c, rng)


def _big_fish(c: Canvas, rng: e.Rng) -> None:
    """A fish with fins, stripes and an eye, from −0.85 to 0.75, swimming to the right."""
    color = vary(rng, pick(rng, FISH))
    scales = Paint(color, shade(color, 0.82), "shingles" if rng.random() < 0.5 else "plain", "fish", "body", "scales")
    fin = Paint(shade(color, 0.78), shade(color, 0.6), "stripes", "fish", "fin", "scales")
    deep = rng.uniform(0.34, 0.46)
    c.polygon(fin._replace(part="tail"), [(-0.45, 0), (-0.92, -0.36), (-0.78, 0), (-0.92, 0.36)])
    c.polygon(fin, [(-0.3, -0.7 * deep), (0.0, -deep - 0.24), (0.3, -0.8 * deep)])
    c.polygon(fin, [(-0.2, 0.7 * deep), (-0.05, deep + 0.2), (0.15, 0.8 * deep)])
    c.ellipse(scales, 0.1, 0, 0.66, deep)
    stripe = Paint(
        pick(rng, (WHITE, shade(color, 0.45), (250, 226, 120))), object="fish", part="stripe", material="scales"
    )
    for x in (0.26, -0.1)[: int(rng.integers(0, 3))]:
        tall = deep * (1 - ((x - 0.1) / 0.66) ** 2) ** 0.5 * 0.98
        c.ellipse(stripe, x, 0, 0.075, tall)
    c.polygon(fin, [(0.12, 0.04), (-0.16, 0.16), (0.1, 0.2)])
    c.ellipse(Paint(WHITE, object="fish", part="eye"), 0.5, -0.1, 0.09)
    c.ellipse(Paint(BLACK, object="fish", part="eye"), 0.52, -0.1, 0.05)


def _weed(c: Canvas, rng: e.Rng, paint: Paint, x: float, y: float, height: float) -> None:
    """A waving water plant."""
    sway = rng.uniform(0.05, 0.12)
    left = [(x + sway * (-1) ** k * (k > 0) - 0.07 * (1 - k / 5), y - height * k / 5) for k in range(6)]
    c.polygon(paint, [*left, *[(a + 0.14 * (1 - k / 5) + 0.02, b) for k, (a, b) in reversed(list(enumerate(left)))]])


def _bubbles(c: Canvas, rng: e.Rng) -> None:
    """A chain of air bubbles rising."""
    x = rng.uniform(-0.8, 0.8)
    air = Paint((214, 238, 246), (180, 220, 236), object="bubble", material="air")
    for k in range(int(rng.integers(0, 5))):
        c.ellipse(air, x + rng.uniform(-0.06, 0.06), 0.3 - 0.28 * k, 0.03 + 0.006 * k)


def _starfish(c: Canvas, rng: e.Rng) -> None:
    """An orange-red starfish lying on the floor."""
    paint = Paint((240, 84, 40), (250, 150, 90), "dots", "starfish", "body")
    with c.placed(rng.uniform(-0.7, 0.7) * c.x_max, 0.78, 0.26, rng.uniform(-20, 20)):
        for k in range(5):
            with c.placed(rotation=72 * k):
                c.polygon(paint, [(-0.34, 0.1), (-0.1, -0.95), (0.1, -0.95), (0.34, 0.1)])


def reef(c: Canvas, rng: e.Rng, subclass: str) -> None:
    """Corals on the sea floor and a shoal of small fish above them."""
    _sea(c, rng)
    for _ in range(int(rng.integers(4, 7))):
        x, y = rng.uniform(-1, 1) * c.x_max, rng.uniform(0.7, 0.95)
        pick(rng, (_brain, _branching, _fan))(c, rng, x, y)
    with c.subject(0, -0.2):
        color = vary(rng, pick(rng, FISH))
        body = Paint(color, shade(color, 0.75), object="fish", part="body", material="scales")
        side, spread = pick(rng, (-1, 1)), rng.uniform(0.24, 0.3)
        for k in range(int(rng.integers(8, 14))):
            x, y = (
                (k % 4 - 1.5) * 1.7 * spread + rng.uniform(-0.1, 0.1),
                (k // 4 - 1) * spread + rng.uniform(-0.06, 0.06),
            )
            with c.placed(x, y, rng.uniform(0.85, 1.15), sx=side):
                _small_fish(c, body)
    if subclass == "starfish":
        _starfish(c, rng)


def _small_fish(c: Canvas, body: Paint) -> None:
    c.polygon(body._replace(part="tail", color=shade(body.color, 0.8)), [(-0.08, 0), (-0.22, -0.1), (-0.22, 0.1)])
    c.ellipse(body, 0.02, 0, 0.15, 0.08)
    c.ellipse(Paint(BLACK, object="fish", part="eye"), 0.11, -0.015, 0.022)


def _brain(c: Canvas, rng: e.Rng, x: float, y: float) -> None:
    """A rounded coral."""
    color = vary(rng, pick(rng, CORAL))
    c.blob(
        Paint(color, shade(color, 0.66), "pebbles", "coral", material="stone"),
        rng,
        x,
        y,
        rng.uniform(0.2, 0.32),
        rng.uniform(0.18, 0.26),
        0.1,
    )


def _branching(c: Canvas, rng: e.Rng, x: float, y: float) -> None:
    """A coral with branches."""
    color = vary(rng, pick(rng, CORAL))
    paint = Paint(color, shade(color, 0.8), object="coral", part="branch", material="stone")
    for turn in (-48, -24, 0, 22, 46):
        with c.placed(x, y + 0.1, 1, turn):
            long = rng.uniform(0.35, 0.6)
            c.rect(paint, -0.035, -long, 0.035, 0)
            c.ellipse(paint, 0, -long, 0.055)


def _fan(c: Canvas, rng: e.Rng, x: float, y: float) -> None:
    """A fan-shaped coral."""
    color = vary(rng, pick(rng, CORAL))
    c.ellipse(
        Paint(color, shade(color, 0.6), "weave", "coral", material="stone"),
        x,
        y - 0.22,
        0.2,
        0.34,
        rng.uniform(-15, 15),
    )
