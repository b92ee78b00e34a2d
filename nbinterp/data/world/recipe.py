"""What image number i of a world shows: its class, facet, hidden subclass and nuisance factors.

Everything about image i is drawn from random streams of their own, seeded by (stream, seed, i). So an image does
not depend on how many are made, and fixing one nuisance factor changes nothing else.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import NamedTuple

import numpy as np

from .classes import CLASSES

SUBCLASS_SHARE = 0.25
"""The share of a class's images that belongs to each of its hidden subclasses; the others belong to none."""


class Factor(NamedTuple):
    """A nuisance factor: near `usual` in most images, seldom as far off as `low` or `high`, never beyond.

    `least` and `most` bound what may be asked for.
    """

    usual: float
    low: float
    high: float
    least: float
    most: float
    meaning: str

    def draw(self, share: float) -> float:
        """The value for a uniform draw `share` in [0, 1): the distance from `usual` grows with the cube."""
        offset = 2 * share - 1
        return self.usual + ((self.high if offset > 0 else self.low) - self.usual) * abs(offset) ** 3


FACTORS: dict[str, Factor] = {
    "scale": Factor(0.95, 0.3, 1.6, 0.1, 4.0, "size of the subject, × its usual size"),
    "x": Factor(0.0, -0.6, 0.6, -2.0, 2.0, "subject moved to the right, in half image sides"),
    "y": Factor(0.0, -0.25, 0.25, -2.0, 2.0, "subject moved down, in half image sides"),
    "rotation": Factor(0.0, -25, 25, -180, 180, "subject turned clockwise, degrees"),
    "brightness": Factor(1.0, 0.4, 1.3, 0.0, 3.0, "factor on all intensities"),
    "contrast": Factor(1.0, 0.42, 1.2, 0.0, 3.0, "factor on the distance from mid-grey"),
    "blur": Factor(0.0, 0.0, 1.8, 0.0, 16.0, "standard deviation of the defocus, in 64ths of the shorter side"),
    "noise": Factor(2.0, 0.0, 16.0, 0.0, 128.0, "standard deviation of the sensor noise, in grey levels of 255"),
}

CLASS_STREAM, RECIPE_STREAM, CONTENT_STREAM, NOISE_STREAM = 1, 2, 3, 4


@dataclass(frozen=True)
class Recipe:
    """What one image shows. `mirrored`: left and right exchanged. `factors`: the value of every nuisance factor."""

    class_name: str
    facet: str
    subclass: str
    mirrored: bool
    factors: dict[str, float]


def stream(kind: int, seed: int, index: int) -> np.random.Generator:
    """The random stream of one kind for image (or block of images) `index`."""
    return np.random.default_rng([kind, seed, index])


def draw_recipe(seed: int, index: int, classes: Sequence[str], ranges: Mapping[str, tuple[float, float]]) -> Recipe:
    """The recipe of image `index`: the classes take turns in an order shuffled anew for each round.

    Factors in `ranges` are drawn evenly from there, the others as `Factor` says.
    """
    block, place = divmod(index, len(classes))
    name = classes[int(stream(CLASS_STREAM, seed, block).permutation(len(classes))[place])]
    rng = stream(RECIPE_STREAM, seed, index)
    facets, subclasses = tuple(CLASSES[name].facets), CLASSES[name].subclasses
    where, share, mirrored, *shares = rng.random(3 + len(FACTORS)).tolist()
    which = int(share / SUBCLASS_SHARE)
    return Recipe(
        class_name=name,
        facet=facets[int(where * len(facets))],
        subclass=subclasses[which] if which < len(subclasses) else "",
        mirrored=mirrored < 0.5,
        factors={name: _value(name, share, ranges) for name, share in zip(FACTORS, shares, strict=True)},
    )


def _value(name: str, share: float, ranges: Mapping[str, tuple[float, float]]) -> float:
    if name not in ranges:
        return FACTORS[name].draw(share)
    low, high = ranges[name]
    return low + (high - low) * share


def check_classes(classes: Sequence[str] | None) -> tuple[str, ...]:
    """The classes asked for, all of them by default.

    Raises:
        TypeError: a single string.
        ValueError: none, one twice, or one that does not exist.
    """
    if classes is None:
        return tuple(CLASSES)
    if isinstance(classes, str):
        raise TypeError(f"classes is the string {classes!r}; expected a list of class names, such as [{classes!r}].")
    chosen = tuple(classes)
    for name in chosen:
        if name not in CLASSES:
            raise ValueError(
                f"there is no scene class {name!r}.{_nearest(name, CLASSES)} The classes are: {_listed(CLASSES)}."
            )
    if not chosen or len(set(chosen)) < len(chosen):
        raise ValueError(f"classes must name at least one class and none twice; got {list(chosen)}.")
    return chosen


def check_factors(nuisance: Mapping[str, float | Sequence[float]]) -> dict[str, tuple[float, float]]:
    """The range of the nuisance factors that `nuisance` fixes (a number) or wants drawn evenly (a pair).

    Raises:
        TypeError: a factor that does not exist, or a value that is neither a number nor a pair of numbers.
        ValueError: a value outside what the factor allows.
    """
    ranges: dict[str, tuple[float, float]] = {}
    for name, value in nuisance.items():
        if name not in FACTORS:
            raise TypeError(
                f"there is no nuisance factor {name!r}.{_nearest(name, FACTORS)} The factors are: {_listed(FACTORS)}."
            )
        pair = value if isinstance(value, Sequence) and not isinstance(value, str) else (value, value)
        if len(pair) != 2 or not all(isinstance(v, Real) and math.isfinite(float(v)) for v in pair):
            raise TypeError(f"{name}={value!r}: expected a number, or a pair (low, high) to draw from.")
        low, high = float(pair[0]), float(pair[1])
        least, most = FACTORS[name].least, FACTORS[name].most
        if not least <= low <= high <= most:
            raise ValueError(f"{name}={value!r} ({FACTORS[name].meaning}): expected {least} ≤ low ≤ high ≤ {most}.")
        ranges[name] = (low, high)
    return ranges


def _nearest(name: object, known: Mapping[str, object]) -> str:
    close = difflib.get_close_matches(str(name), known, n=2, cutoff=0.5)
    return f" Did you mean {' or '.join(map(repr, close))}?" if close else ""


def _listed(known: Mapping[str, object]) -> str:
    return ", ".join(known)
