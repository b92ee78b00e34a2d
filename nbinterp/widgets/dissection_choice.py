"""Which units a dissection view shows, under which concept, and in which order (as state.js does)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nbinterp.analyses.dissection import Dissection
from nbinterp.widgets.dissection_facts import best_by_category

LABELS = ("best", "per_category")
"""A unit's label: its best concept of all, or the best one within each category."""
SORTS = ("iou", "above_chance", "unit", "area")


@dataclass(frozen=True)
class Labels:
    """One concept for every unit: concept (int64, U; −1 for none) and its IoU (float64, U)."""

    concept: np.ndarray
    iou: np.ndarray


def labels_in(found: Dissection, label_by: str, category: str) -> Labels:
    """The label of every unit.

    Args:
        found: the dissection.
        label_by: "best" or "per_category".
        category: with "per_category" the labels within it; "" for the best ones of all.
    """
    if label_by == "best" or not category:
        return Labels(found.best, found.best_iou)
    best, iou = best_by_category(found)
    column = found.category_names.index(category)
    return Labels(best[:, column], iou[:, column])


def units_of_concept(found: Dissection, label_by: str, concept: int) -> np.ndarray:
    """The units that detect a concept and have it as their label, the highest IoU first (int64)."""
    labels = labels_in(found, label_by, found.categories[concept])
    units = np.flatnonzero((labels.concept == concept) & (labels.iou > found.iou_threshold))
    return units[np.argsort(-labels.iou[units], kind="stable")]


def arranged(
    found: Dissection,
    *,
    label_by: str,
    category: str,
    concept: int,
    detectors_only: bool,
    search: str,
    sort_by: str,
    descending: bool,
) -> tuple[np.ndarray, Labels]:
    """The units to show in their order, and the label of every unit.

    A concept decides the category. A search of digits asks for that unit, other words for names and
    categories of the concepts that a unit detects.
    """
    category = found.categories[concept] if concept >= 0 else category
    labels = labels_in(found, label_by, category)
    kept = labels.iou > found.iou_threshold if detectors_only else np.ones(found.n_units, dtype=bool)
    if concept >= 0:
        kept &= labels.concept == concept
    elif category:
        kept &= np.array([one >= 0 and found.categories[one] == category for one in labels.concept], dtype=bool)
    words = search.casefold().replace("#", " ").split()
    if words:
        kept &= np.array([_answers(found, labels, unit, words) for unit in range(found.n_units)], dtype=bool)
    keys = {
        "iou": labels.iou,
        "above_chance": labels.iou - found.chance[:, 1],
        "unit": np.arange(found.n_units, dtype=np.float64),
        "area": found.area_share,
    }[sort_by]
    units = np.flatnonzero(kept)
    known = np.isfinite(keys[units])
    order = np.argsort(-keys[units] if descending else keys[units], kind="stable")
    return np.concatenate([units[order][known[order]], units[order][~known[order]]]), labels


def _answers(found: Dissection, labels: Labels, unit: int, words: list[str]) -> bool:
    number = words[-1]
    if number.isdecimal() and words[:-1] in ([], ["unit"]):
        return unit == int(number)
    concepts = {int(labels.concept[unit]), *np.flatnonzero(found.iou[unit] > found.iou_threshold).tolist()} - {-1}
    names = (f"{found.concepts[concept]} {found.categories[concept]}".casefold() for concept in concepts)
    return any(all(word in name for word in words) for name in names)
