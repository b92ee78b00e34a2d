"""Checks of the arguments of `dissect`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from nbinterp.data import ProbeSet
from nbinterp.data.masks import name_concepts

from .concepts import COLOUR, Segmenter


def concept_names(
    probe: ProbeSet,
    segmenter: Segmenter | None,
    concepts: Mapping[str, Sequence[str]] | None,
    categories: Sequence[str] | None,
    colours: bool,
) -> dict[str, tuple[str, ...]]:
    """Category -> name of each label value, of the categories to use.

    Raises:
        ValueError: there are none, or not those asked for.
        TypeError: the segmenter cannot be called; categories are no names.
    """
    if segmenter is not None and not callable(segmenter):
        raise TypeError(f"segmenter must be a function images -> category -> masks, got {type(segmenter).__name__}")
    if segmenter is None and concepts is not None:
        raise ValueError("concepts names a segmenter's values: give segmenter= too, or leave concepts out")
    found: Mapping[str, Sequence[str]] = probe.concepts
    if segmenter is not None:
        found = concepts or getattr(segmenter, "concepts", None) or probe.concepts
        if not isinstance(found, Mapping) or not found:
            raise ValueError(
                'a segmenter needs the names of its values: concepts={"object": ("", "cat", "dog")}, or an attribute '
                f"`concepts` of that form; got {found!r:.80}"
            )
        found = name_concepts(found, list(found), None)
    elif not found and not colours:
        raise ValueError(
            "the probe set has no masks to compare units with. Give it label maps, ProbeSet.from_folder(path, "
            "masks=folder, concepts=names); or dissect(…, segmenter=function); or take colours, dissect(…, "
            "colours=True). With class labels alone: recording[layer].selectivity(labels), or "
            "nbi.dissect_labels(recording, layer)."
        )
    if categories is None:
        return {category: tuple(names) for category, names in found.items()}
    if not isinstance(categories, Iterable) or not all(isinstance(category, str) for category in categories):
        raise TypeError(f"categories must be a sequence of names, got {categories!r}; there are {list(found)}")
    asked = [categories] if isinstance(categories, str) else list(categories)
    missing = [category for category in asked if category not in found and not (colours and category == COLOUR)]
    if missing or not asked:
        raise ValueError(f"categories has {missing}; there are {list(found)}")
    return {category: tuple(found[category]) for category in asked if category in found}


def share(name: str, value: float) -> float:
    """A number between 0 and 1."""
    if not isinstance(value, int | float | np.number) or not 0 < float(value) < 1:
        raise ValueError(f"{name} is a share of the activations, above 0 and below 1; got {value!r}")
    return float(value)


def is_half(value: str) -> bool:
    """Whether the precision "half" is asked for, or "full"."""
    if value not in ("half", "full"):
        raise ValueError(f"precision is 'half' or 'full', got {value!r}")
    return value == "half"


def at_least(name: str, value: int, least: int) -> int:
    """A whole number that is not too small."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        raise ValueError(f"{name} must be a whole number of at least {least}, got {value!r}")
    return int(value)


def positive(name: str, value: float) -> float:
    """A number that is not negative."""
    if isinstance(value, bool) or not isinstance(value, int | float | np.number) or not float(value) >= 0:
        raise ValueError(f"{name} must be a number of at least 0, got {value!r}")
    return float(value)
