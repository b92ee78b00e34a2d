"""Scenes by number: drawn when they are asked for, the same each time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from PIL import Image

from nbinterp.data import images
from nbinterp.data.sources import ImageSource

from .canvas import Canvas, Light, View
from .classes import CLASSES
from .palette import BASIC_COLORS, name_colors
from .recipe import CONTENT_STREAM, NOISE_STREAM, Recipe, check_classes, check_factors, draw_recipe, stream
from .vocabulary import NUMBER

KEPT_BYTES = 256 * 2**20  # images drawn once are kept until they fill this much memory

CONCEPTS: dict[str, tuple[str, ...]] = {
    **{category: tuple(numbers) for category, numbers in NUMBER.items()},
    "colour": ("", *BASIC_COLORS),
    "scene": ("", *CLASSES),
}
"""Category -> the name of each value in its label maps; "" is nothing."""


class SceneSource(ImageSource):
    """The first `n` scenes of the world numbered `seed`.

    Args:
        n: how many, at least 1. The first scenes do not depend on it.
        seed: which world, 0 … 2³² − 1.
        size: of the images in pixels, one number or (height, width), at least 8.
        classes: the scene classes to take, in the labels' order; default all.
        nuisance: factor -> a number that fixes it, or a pair (low, high) to draw it from.

    Raises:
        TypeError: a number that is none, an unknown factor.
        ValueError: a number out of range, an unknown class.
    """

    def __init__(
        self,
        n: int,
        seed: int = 0,
        *,
        size: int | tuple[int, int] = 64,
        classes: Sequence[str] | None = None,
        nuisance: Mapping[str, float | Sequence[float]] | None = None,
    ) -> None:
        self._n = _whole(n, "n", 1, 2**32)
        self.seed = _whole(seed, "seed", 0, 2**32 - 1)
        self.height, self.width = _shape(size)
        self.classes = check_classes(classes)
        ranges = check_factors(nuisance or {})
        self.recipes = [draw_recipe(self.seed, i, self.classes, ranges) for i in range(self._n)]
        self.origin = f"the planted world {self.seed}"
        self._kept: dict[int, np.ndarray] = {}
        self._keep = KEPT_BYTES // (self.height * self.width * 3)

    def __len__(self) -> int:
        return self._n

    def pixels(self, index: int) -> np.ndarray:
        """The image as read-only uint8, height × width × 3."""
        kept = self._kept.get(index)
        if kept is None:
            kept = self._picture(index, self._painted(index))
            kept.setflags(write=False)
            if len(self._kept) < self._keep:
                self._kept[index] = kept
        return kept

    def image(self, index: int) -> Image.Image:
        return Image.fromarray(self.pixels(index))

    def size(self, index: int) -> tuple[int, int]:
        return self.height, self.width

    def digest(self, index: int) -> bytes:
        return images.digest(self.image(index))

    def label_maps(self, index: int) -> dict[str, np.ndarray]:
        """Category -> int64 height × width label map; its values' names are in `CONCEPTS`."""
        maps = self._painted(index).truth()
        maps["colour"] = name_colors(self.pixels(index))
        maps["scene"] = np.full((self.height, self.width), CONCEPTS["scene"].index(self.recipes[index].class_name))
        return {category: label_map.astype(np.int64) for category, label_map in maps.items()}

    def columns(self) -> dict[str, np.ndarray]:
        """Per image: facet, subclass ("" = none) and the value of each nuisance factor."""
        names: dict[str, np.ndarray] = {
            "facet": np.array([recipe.facet for recipe in self.recipes]),
            "subclass": np.array([recipe.subclass for recipe in self.recipes]),
        }
        factors = {f: np.array([recipe.factors[f] for recipe in self.recipes]) for f in self.recipes[0].factors}
        return {**names, **factors}

    def labels(self) -> np.ndarray:
        """The index of each image's class in `classes`, int64."""
        return np.array([self.classes.index(recipe.class_name) for recipe in self.recipes], dtype=np.int64)

    def _painted(self, index: int) -> Canvas:
        return paint(self.recipes[index], stream(CONTENT_STREAM, self.seed, index), self.height, self.width)

    def _picture(self, index: int, canvas: Canvas) -> np.ndarray:
        factors = self.recipes[index].factors
        light = Light(factors["brightness"], factors["contrast"], factors["blur"], factors["noise"])
        return canvas.picture(light, stream(NOISE_STREAM, self.seed, index))


def paint(recipe: Recipe, rng: np.random.Generator, height: int, width: int) -> Canvas:
    """Paint a recipe's scene, its content drawn from `rng`, on a new canvas."""
    f = recipe.factors
    side = -1 if recipe.mirrored else 1
    canvas = Canvas(height, width, View(f["scale"], side * f["x"], f["y"], side * f["rotation"]))
    with canvas.placed(sx=side):
        CLASSES[recipe.class_name].facets[recipe.facet](canvas, rng, recipe.subclass)
    return canvas


def _whole(value: object, name: str, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise TypeError(f"{name} must be a whole number; got {value!r}.")
    if not least <= value <= most:
        raise ValueError(f"{name} must be between {least} and {most}; got {value}.")
    return int(value)


def _shape(size: object) -> tuple[int, int]:
    pair = size if isinstance(size, tuple | list) else (size, size)
    if len(pair) != 2:
        raise ValueError(f"size must be one number of pixels or (height, width); got {size!r}.")
    return _whole(pair[0], "size (height)", 8, 4096), _whole(pair[1], "size (width)", 8, 4096)
