"""Recipes: how many steps, how large, and through which transforms. Data; the driver carries them out.

"distill" is the footnote of Olah, Mordvintsev, Schubert, "Feature Visualization", Distill 2017, "lucid" their
library's default, "maco" that of Fel et al., NeurIPS 2023, arXiv:2306.06805. "quick" and "quick-maco" are ours,
for computers without an accelerator, "none" shows what comes out without any transform.
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from .transforms import Jitter, Noise, Pad, RandomCrop, Rotate, Scale, Transform

OptimizerName = Literal["adam", "nadam"]


@dataclass(frozen=True)
class Recipe:
    """One way of optimizing images.

    Attributes:
        name: what it is called.
        steps: optimizer steps.
        learning_rate: the optimizer's.
        optimizer: which one.
        transforms: the chain drawn anew for every view and step.
        views: transformed copies of each image per step, whose scores are averaged.
        note: where it comes from and where it departs.
    """

    name: str
    steps: int
    learning_rate: float | int
    optimizer: OptimizerName
    transforms: tuple[Transform, ...]
    views: int = 1
    note: str = ""

    def __post_init__(self) -> None:
        if self.steps < 1 or self.views < 1 or not self.learning_rate > 0:
            raise ValueError(
                f"a recipe takes at least one step, one view and a positive learning rate, got {self.steps} steps, "
                f"{self.views} views, learning rate {self.learning_rate}"
            )
        if self.optimizer not in ("adam", "nadam"):
            raise ValueError(f"expected the optimizer 'adam' or 'nadam', got {self.optimizer!r}")


_DISTILL = Recipe(
    "distill",
    steps=2560,
    learning_rate=0.05,
    optimizer="adam",
    transforms=(
        Pad(16),
        Jitter(16),
        Scale((1.0, 0.975, 1.025, 0.95, 1.05)),
        Rotate(tuple(float(angle) for angle in range(-5, 6))),
        Jitter(8),
    ),
    note="the Distill article's footnote",
)
_LUCID = Recipe(
    "lucid",
    steps=512,
    learning_rate=0.05,
    optimizer="adam",
    transforms=(
        Pad(12),
        Jitter(8),
        Scale(tuple(1 + step / 50 for step in range(-5, 6))),
        Rotate((*(float(angle) for angle in range(-10, 11)), 0.0, 0.0, 0.0, 0.0, 0.0)),
        Jitter(4),
    ),
    note="Lucid's default; the image keeps its size, Lucid's network sees 12 pixels more",
)
_MACO = Recipe(
    "maco",
    steps=256,
    learning_rate=0.3,
    optimizer="nadam",
    transforms=(RandomCrop(0.25, 0.1), Noise(uniform=0.1)),
    views=16,
    note="the paper's settings, but for the learning rate: 1.0 makes phases oscillate that are not standardized; it "
    "leaves the number of crops open (its two codes take 32 and 6), here 16",
)
_QUICK = Recipe(
    "quick",
    steps=128,
    learning_rate=0.05,
    optimizer="adam",
    transforms=(Jitter(8), Scale((0.95, 1.0, 1.05)), Rotate((-5.0, 0.0, 5.0))),
    note="for CPUs: a quarter of Lucid's steps, lighter transforms",
)
_QUICK_MACO = Recipe(
    "quick-maco",
    steps=128,
    learning_rate=0.3,
    optimizer="nadam",
    transforms=(RandomCrop(0.4, 0.1), Noise(uniform=0.1)),
    views=4,
    note="for CPUs: half of MACO's steps, fewer and larger crops",
)
_NONE = Recipe("none", steps=128, learning_rate=0.05, optimizer="adam", transforms=(), note="no transforms")

RECIPES = MappingProxyType({known.name: known for known in (_DISTILL, _LUCID, _MACO, _QUICK, _QUICK_MACO, _NONE)})


def recipe(name_or_object: str | Recipe) -> Recipe:
    """Find a recipe by its name; a `Recipe` is taken as it is.

    Raises:
        ValueError: if there is none of that name.
    """
    if isinstance(name_or_object, Recipe):
        return name_or_object
    if name_or_object not in RECIPES:
        raise ValueError(f"there is no recipe {name_or_object!r}: expected {', '.join(RECIPES)} or a Recipe")
    return RECIPES[name_or_object]
