"""What a dissection view is told of a dissection, as plain values and packed arrays, and what it says in words."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nbinterp.analyses.dissection import Dissection


def dissection_facts(found: Dissection) -> dict[str, Any]:
    """Everything about a dissection that is text or a few numbers, as it crosses to the browser."""
    categories = found.category_names
    return {
        "layer": found.layer,
        "convention": found.convention,
        "quantile": found.quantile,
        "iou_threshold": found.iou_threshold,
        "n_images": int(found.n_images),
        "n_units": int(found.n_units),
        "n_detectors": int(found.is_detector.sum()),
        "unique": found.unique_detectors(),
        "beyond_chance": beyond_chance(found),
        "chance": _number(_median(found.chance[:, 0])),
        "categories": list(categories),
        "concepts": [
            {"name": name, "category": categories.index(category), "n_images": int(n)}
            for name, category, n in zip(found.concepts, found.categories, found.image_counts, strict=True)
        ],
        "left_out": list(found.left_out),
        "notes": list(found.notes),
    }


def unit_arrays(found: Dissection) -> dict[str, np.ndarray]:
    """The numbers of every unit, for `codec.pack`.

    Returns:
        best (int32, U: best concept, −1 for none), best_in (int32, U × K: likewise within each category), iou_in
        (float64, U × K: their IoU), thresholds, area, chance and chance_95 (float32, U), and of every pair above the
        bound pair_unit and pair_concept (int32) and pair_iou (float64), by unit, the best concept first.
    """
    best_in, iou_in = best_by_category(found)
    units, concepts = np.nonzero(found.iou > found.iou_threshold)
    order = np.lexsort((concepts, -found.iou[units, concepts], units))
    units, concepts = units[order], concepts[order]
    return {
        "best": found.best.astype(np.int32),
        "best_in": best_in.astype(np.int32),
        "iou_in": iou_in,
        "thresholds": found.thresholds.astype(np.float32),
        "area": found.area_share.astype(np.float32),
        "chance": found.chance[:, 0].astype(np.float32),
        "chance_95": found.chance[:, 1].astype(np.float32),
        "pair_unit": units.astype(np.int32),
        "pair_concept": concepts.astype(np.int32),
        "pair_iou": found.iou[units, concepts],
    }


def best_by_category(found: Dissection) -> tuple[np.ndarray, np.ndarray]:
    """The best concept of every unit within every category (int64, −1 where each IoU is 0) and its IoU, U × K."""
    shape = (found.n_units, len(found.category_names))
    best, iou = np.full(shape, -1, np.int64), np.zeros(shape)
    of = np.array(found.categories)
    for number, name in enumerate(found.category_names):
        within = np.flatnonzero(of == name)
        scores = found.iou[:, within]
        iou[:, number] = scores.max(1, initial=0.0)
        if len(within):
            best[:, number] = np.where(iou[:, number] > 0, within[scores.argmax(1)], -1)
    return best, iou


def beyond_chance(found: Dissection) -> int | None:
    """How many units reach more than 95 % of what they reach on permuted images; None if chance was not measured."""
    known = np.isfinite(found.chance[:, 1])
    return int((found.best_iou > found.chance[:, 1])[known].sum()) if known.any() else None


def finding(found: Dissection) -> str:
    """What was found, in two or three sentences."""
    n, unique = int(found.is_detector.sum()), found.unique_detectors()
    units = f"{n} of {found.n_units:,} units of {found.layer} {'is a detector' if n == 1 else 'are detectors'}"
    sentences = [
        f"{units} (IoU above {found.iou_threshold:g}, convention {found.convention}, {found.n_images:,} images)",
        f"unique detectors: {unique['best']} by best concept, {unique['per_category']} by best of each category",
    ]
    beyond, level = beyond_chance(found), _median(found.chance[:, 0])
    if beyond is not None:
        sentences.append(f"chance gives a unit an IoU of {level:.3f} (median); {beyond} units are above it at 95 %")
    strongest = found.by_concept().head(3)
    if len(strongest):
        counts = zip(strongest["concept"], strongest["n_units"], strict=True)
        sentences.append(f"most units: {', '.join(f'{concept} ({n})' for concept, n in counts)}")
    return f"{'; '.join(sentences)}."


def percent(share: float) -> str:
    """A share in per cent with two digits: "0.51 %", "12 %"."""
    return "–" if not math.isfinite(share) else f"{100 * share:.2g} %"


def _median(values: np.ndarray) -> float:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if len(known) else math.nan


def _number(value: float) -> float | None:
    return float(f"{float(value):.6g}") if math.isfinite(value) else None
