"""A canvas that paints a picture and its truth in one go.

Shapes are drawn three times finer than the image, not as colours but as the number of their paint. The picture
(colour, pattern, light) and every label map are then looked up from that one map of paints: masks and pixels
cannot disagree.

Coordinates: the largest centred square of the image is [−1, 1] × [−1, 1], x to the right, y down.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from .palette import Color, shade
from .textures import LEVELS, PATTERNS, TILE, bank
from .vocabulary import NUMBER

SAMPLES = 3  # per pixel and axis; odd, so that one sample lies at the pixel's centre
VIGNETTE = 0.18  # how much darker the middle of a side is than the centre, twice over
Point = tuple[float, float]


class Paint(NamedTuple):
    """What a shape is painted with, and what it is: colour, pattern and the concepts it shows ("" = none).

    What `glows` keeps its colour whatever the scene's `tint`.
    """

    color: Color
    accent: Color | None = None
    pattern: str = "plain"
    object: str = ""
    part: str = ""
    material: str = ""
    glows: bool = False

    def be(self, object: str, part: str = "") -> Paint:
        """The same paint on (a part of) another object."""
        return self._replace(object=object, part=part)


class View(NamedTuple):
    """Where the subject of a scene is put: `scale` × its size, moved by (x, y), turned by `rotation` degrees."""

    scale: float = 1.0
    x: float = 0.0
    y: float = 0.0
    rotation: float = 0.0


class Light(NamedTuple):
    """How the finished picture is lit and seen.

    `blur` is the standard deviation of the defocus in 64ths of the shorter side, `noise` that of the sensor in 0…255.
    """

    brightness: float = 1.0
    contrast: float = 1.0
    blur: float = 0.0
    noise: float = 0.0


_CIRCLES = {n: [(math.cos(2 * math.pi * k / n), math.sin(2 * math.pi * k / n)) for k in range(n)] for n in (10, 16, 28)}

_COS = [u for u, _ in _CIRCLES[28]]


class Canvas:
    """Paints one scene of `height` × `width` pixels; `x_max`, `y_max` are its borders in scene coordinates."""

    def __init__(self, height: int, width: int, view: View | None = None) -> None:
        self.height, self.width, self.view = height, width, view or View()
        self.tint: Color = (1.0, 1.0, 1.0)
        self.x_max, self.y_max = width / min(height, width), height / min(height, width)
        self._map = Image.new("L", (width * SAMPLES, height * SAMPLES))
        self._draw = ImageDraw.Draw(self._map)
        unit = min(height, width) * SAMPLES / 2
        self._unit = unit
        self._frame = (unit, 0.0, width * SAMPLES / 2, 0.0, unit, height * SAMPLES / 2)
        self._phase = 0
        self._numbers: dict[tuple[Paint, int], int] = {}

    # ---- placing

    @contextmanager
    def placed(
        self, x: float = 0, y: float = 0, scale: float = 1, rotation: float = 0, *, sx: float = 1
    ) -> Iterator[None]:
        """Draw in coordinates whose origin is (x, y), `scale` times as large, turned clockwise by `rotation` degrees.

        `sx` stretches x further (−1 mirrors).
        """
        a, b, tx, c, d, ty = before = self._frame
        phase = self._phase
        cos, sin = scale * math.cos(math.radians(rotation)), scale * math.sin(math.radians(rotation))
        self._frame = (
            (a * cos + b * sin) * sx, b * cos - a * sin, a * x + b * y + tx,
            (c * cos + d * sin) * sx, d * cos - c * sin, c * x + d * y + ty,
        )  # fmt: skip
        dx = int((self._frame[2] / self._unit) * TILE / 2) % TILE
        dy = int((self._frame[5] / self._unit) * TILE / 2) % TILE
        self._phase = -dy % TILE * 2 * TILE + -dx % TILE
        try:
            yield
        finally:
            self._frame, self._phase = before, phase

    def subject(self, x: float = 0, y: float = 0) -> AbstractContextManager[None]:
        """Draw the scene's subject around (x, y), where the view's size, position and rotation say."""
        view = self.view
        return self.placed(x + view.x, y + view.y, view.scale, view.rotation)

    # ---- drawing

    def polygon(self, paint: Paint, points: Sequence[Point]) -> None:
        """Fill a polygon."""
        a, b, tx, c, d, ty = self._frame
        self._draw.polygon([(a * x + b * y + tx, c * x + d * y + ty) for x, y in points], fill=self._number(paint))

    def fill(self, paint: Paint) -> None:
        """Paint the whole image."""
        self._draw.rectangle((0, 0, self._map.width, self._map.height), fill=self._number(paint))

    def rect(self, paint: Paint, left: float, top: float, right: float, bottom: float) -> None:
        """Fill a rectangle."""
        self.polygon(paint, ((left, top), (right, top), (right, bottom), (left, bottom)))

    def ellipse(self, paint: Paint, x: float, y: float, rx: float, ry: float | None = None, turn: float = 0) -> None:
        """Fill an ellipse around (x, y) with the given half-axes, turned clockwise by `turn` degrees."""
        ry = rx if ry is None else ry
        size = max(rx, ry) * math.hypot(self._frame[0], self._frame[3]) / SAMPLES
        circle = _CIRCLES[10 if size < 2 else 16 if size < 6 else 28]
        if turn == 0:
            self.polygon(paint, [(x + rx * u, y + ry * v) for u, v in circle])
            return
        cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))
        self.polygon(paint, [(x + rx * cos * u - ry * sin * v, y + rx * sin * u + ry * cos * v) for u, v in circle])

    def line(self, paint: Paint, points: Sequence[Point], width: float) -> None:
        """Draw a line through `points`, `width` wide."""
        for (x0, y0), (x1, y1) in itertools.pairwise(points):
            length = math.hypot(x1 - x0, y1 - y0) or 1.0
            nx, ny = (y1 - y0) / length * width / 2, (x0 - x1) / length * width / 2
            self.polygon(paint, ((x0 + nx, y0 + ny), (x1 + nx, y1 + ny), (x1 - nx, y1 - ny), (x0 - nx, y0 - ny)))

    def blob(self, paint: Paint, rng: np.random.Generator, x: float, y: float, rx: float, ry: float,
             rough: float = 0.15) -> None:  # fmt: skip
        """Fill an irregular rounded shape, such as a tree's crown or a cloud."""
        p, q, s = rng.integers(28, size=3).tolist()
        wave = [
            0.6 * _COS[(3 * k + p) % 28] + 0.5 * _COS[(5 * k + q) % 28] + 0.3 * _COS[(8 * k + s) % 28]
            for k in range(28)
        ]
        points = [
            (x + rx * (1 + rough * w) * u, y + ry * (1 + rough * w) * v)
            for w, (u, v) in zip(wave, _CIRCLES[28], strict=True)
        ]
        self.polygon(paint, points)

    def _number(self, paint: Paint) -> int:
        """The number of a paint on this canvas, 1…255."""
        key = (paint, 0 if paint.pattern in ("ramp", "plain") else self._phase)
        number = self._numbers.setdefault(key, len(self._numbers) + 1)
        if number > 255:
            raise ValueError(
                "a canvas holds 255 different paints and this scene uses more; share paints between shapes"
            )
        return number

    # ---- results

    def picture(self, light: Light, rng: np.random.Generator) -> np.ndarray:
        """The finished image, uint8 height × width × 3; `rng` draws the sensor noise."""
        levels, starts = bank()
        n = len(self._numbers) + 1
        start = np.zeros(n, dtype=np.intp)
        ends = np.zeros((2, n, 3), dtype=np.float32)
        for (paint, phase), k in self._numbers.items():
            start[k] = starts[paint.pattern] + phase
            tint = (1.0, 1.0, 1.0) if paint.glows else self.tint
            accent = paint.accent or shade(paint.color, 0.9)
            ends[0, k] = [a * b for a, b in zip(paint.color, tint, strict=True)]
            ends[1, k] = [a * b for a, b in zip(accent, tint, strict=True)]
        numbers = np.asarray(self._map).astype(np.intp)
        level = levels.take(start.take(numbers) + _positions(self.height, self.width))
        fine = _blend(ends).take(numbers * LEVELS + level)
        image = Image.frombuffer("RGBX", self._map.size, fine, "raw", "RGBX", 0, 1).reduce(SAMPLES)
        if light.blur > 0:
            image = image.filter(ImageFilter.GaussianBlur(light.blur * min(self.height, self.width) / 64))
        return _expose(np.asarray(image)[:, :, :3], light, rng)

    def truth(self) -> dict[str, np.ndarray]:
        """Label maps (uint8 height × width) of object, part, material and texture, at each pixel's centre."""
        centres = np.asarray(self._map)[SAMPLES // 2 :: SAMPLES, SAMPLES // 2 :: SAMPLES]
        table = {category: np.zeros(len(self._numbers) + 1, dtype=np.uint8) for category in NUMBER}
        for (paint, _), k in self._numbers.items():
            table["object"][k] = NUMBER["object"][paint.object]
            table["part"][k] = NUMBER["part"][paint.part]
            table["material"][k] = NUMBER["material"][paint.material]
            table["texture"][k] = NUMBER["texture"][PATTERNS[paint.pattern]]
        return {category: values[centres] for category, values in table.items()}


_SHARES = np.linspace(0, 1, LEVELS, dtype=np.float32)[None, :, None]


@lru_cache(maxsize=8)
def _positions(height: int, width: int) -> np.ndarray:
    """Where each fine sample falls in a pattern's 2 × 2 layout; beyond the centred square patterns are mirrored."""
    axes = []
    for n in (height, width):
        centred = (np.arange(n * SAMPLES) + 0.5 - n * SAMPLES / 2) / (min(height, width) * SAMPLES) + 0.5
        folded = 1 - np.abs(1 - np.mod(centred, 2))
        axes.append(np.minimum((folded * TILE).astype(np.intp), TILE - 1))
    return axes[0][:, None] * (2 * TILE) + axes[1][None, :]


def _blend(ends: np.ndarray) -> np.ndarray:
    """Each paint's colour at each level, packed as little-endian RGBX in uint32, paint-major."""
    ends = np.clip(ends, 0, 255)
    packed = np.empty((ends.shape[1], LEVELS, 4), dtype=np.uint8)
    packed[..., :3] = ends[0][:, None] + (ends[1] - ends[0])[:, None] * _SHARES
    return packed.view("<u4").ravel()


@lru_cache(maxsize=8)
def _distance(height: int, width: int) -> np.ndarray:
    """Squared distance from the image's centre, 1 at the middle of the sides, height × width × 1."""
    y = (np.arange(height, dtype=np.float32) + 0.5) / height * 2 - 1
    x = (np.arange(width, dtype=np.float32) + 0.5) / width * 2 - 1
    return (y[:, None, None] ** 2 + x[None, :, None] ** 2).astype(np.float32)


def _expose(image: np.ndarray, light: Light, rng: np.random.Generator) -> np.ndarray:
    """Apply light, contrast and sensor noise; contrast turns around mid-grey."""
    height, width = image.shape[:2]
    out = image * (np.float32(light.brightness) * (1 - VIGNETTE / 2 * _distance(height, width)))
    out = (out - 127.5) * np.float32(light.contrast) + np.float32(127.5)
    noise = rng.standard_normal(image.shape, dtype=np.float32)
    return np.clip(out + noise * np.float32(light.noise) + np.float32(0.5), 0, 255).astype(np.uint8)
