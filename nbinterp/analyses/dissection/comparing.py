"""Several dissections side by side: layers, networks, snapshots of a training."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from .dissection import Dissection


def compare_dissections(dissections: Mapping[str, Dissection]) -> pd.DataFrame:
    """Put dissections side by side, one row each, in the given order.

    Args:
        dissections: name -> dissection, for instance what `dissect` gives for several layers.

    Returns:
        Columns: name, layer, convention, n_units, n_images, detectors (units), share (of the units), unique (definition
        "best") and unique_per_category, mean_iou (mean over units of the best IoU), chance (mean over units of the
        chance level), and per category the unique concepts by definition "per_category" (as "category: share" where
        the category is called like another column).

    Raises:
        ValueError: none is given, or they were made by different conventions or quantiles, or counted against
            different concepts: such numbers must not be compared.
        TypeError: something else than dissections.
    """
    if not isinstance(dissections, Mapping):
        raise TypeError(f"dissections must map names to dissections, got {type(dissections).__name__}")
    for name, one in dissections.items():
        if not isinstance(one, Dissection):
            raise TypeError(f"{name!r} is a {type(one).__name__}, expected a Dissection")
    if not dissections:
        raise ValueError("there is nothing to compare: give name -> dissection, at least one")
    _check_alike(dissections)
    rows = []
    for name, one in dissections.items():
        unique = one.unique_detectors()
        found = {
            "name": name,
            "layer": one.layer,
            "convention": one.convention,
            "n_units": one.n_units,
            "n_images": one.n_images,
            "detectors": int(one.is_detector.sum()),
            "share": float(one.is_detector.mean()),
            "unique": unique["best"],
            "unique_per_category": unique["per_category"],
            "mean_iou": float(one.best_iou.mean()),
            "chance": float(np.mean(one.chance[:, 0])),
        }
        frame = one.by_category()
        by_category = dict(zip(frame["category"], frame["unique_per_category"], strict=True))
        rows.append(found | {_column(category, found): by_category[category] for category in one.category_names})
    return pd.DataFrame(rows)


def _column(category: str, taken: Mapping[str, object]) -> str:
    return f"category: {category}" if category in taken or category == "alpha" else category  # `rotate_dissection` adds


def _check_alike(dissections: Mapping[str, Dissection]) -> None:
    (first_name, first), *others = dissections.items()
    for name, one in others:
        if one.rule != first.rule:
            raise ValueError(
                f"{first_name!r} was made by {first.convention} with the quantile {first.quantile:g}, {name!r} by "
                f"{one.convention} with {one.quantile:g}: such numbers do not compare. Dissect both alike"
            )
        if (one.concepts, one.categories) != (first.concepts, first.categories):
            raise ValueError(
                f"{first_name!r} and {name!r} were held against different concepts ({len(first.concepts)} and "
                f"{len(one.concepts)}): dissect both with the same probe set, categories and min_images"
            )
