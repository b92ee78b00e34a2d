"""What the ablation panel is told of an ablation, an effect and a ranking, as plain values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from nbinterp.analyses import Ablation, Dissection
from nbinterp.analyses.ablation import Effect
from nbinterp.widgets.ablation_edit import Concept, Edit

RANKED = 256  # units that are ranked for every class, at most


def about_facts(ablation: Ablation, dissection: Dissection | None) -> dict[str, Any]:
    """What stays as it is: layer, classes, what is measured, and a line about each unit."""
    return {
        "layer": ablation.layer,
        "n_units": ablation.n_units,
        "n_images": ablation.n_images,
        "classes": class_names(ablation),
        "measure": "accuracy" if ablation.against == "labels" else "agreement",
        "slow": ablation.tail_reason,
        "notes": [] if dissection is None else _unit_notes(dissection),
    }


def class_names(ablation: Ablation) -> list[str]:
    """The classes by name; "class 3" where they have none."""
    names = ablation.class_names
    return [f"class {number}" for number in range(ablation.n_classes)] if names is None else list(names)


def concepts_of(dissection: Dissection) -> list[Concept]:
    """The concepts that some unit detects as its best one, by category, those with most units first."""
    found = dissection.by_concept().sort_values("category", kind="stable")
    names = Counter(found["concept"])
    return [
        Concept(
            concept if names[concept] == 1 else f"{concept} ({category})",
            category,
            tuple(map(int, dissection.units_of(concept, category))),
        )
        for concept, category in zip(found["concept"], found["category"], strict=True)
    ]


def effect_facts(effect: Effect, edit: Edit, *, serial: int) -> dict[str, Any]:
    """An effect in numbers.

    Args:
        effect: of the edit, on all images or on some.
        edit: where the sliders stood.
        serial: number of this effect among those that the panel has shown.
    """
    return {
        "serial": serial,
        "edit": edit.to_trait(),
        "n_images": effect.n_images,
        "of": effect.n_total,
        "accuracy": _number(effect.accuracy),
        "was": _number(effect.accuracy_before),
        "balanced": [_number(value) for value in effect.balanced_accuracy],
        "balanced_was": [_number(value) for value in effect.balanced_accuracy_before],
    }


def flip_bytes(effect: Effect, *, labelled: bool) -> bytes:
    """The images whose prediction changes: little-endian int32, four each: image, label (−1: unknown), before, now."""
    changed = np.flatnonzero(effect.predictions != effect.predictions_before)
    labels = effect.labels[changed] if labelled else np.full(len(changed), -1)
    columns = (effect.images[changed], labels, effect.predictions_before[changed], effect.predictions[changed])
    return np.stack(columns, axis=1).astype("<i4").tobytes()


def flip_words(effect: Effect, row: int, names: Sequence[str], *, labelled: bool) -> str:
    """How the prediction of an image changes, and its label where neither is right: "shop → road (kiosk)"."""
    was, now, label = (int(of[row]) for of in (effect.predictions_before, effect.predictions, effect.labels))
    change = f"{names[was]} → {names[now]}"
    return f"{change} ({names[label]})" if labelled and label >= 0 and label not in (was, now) else change


def ranking_bytes(ablation: Ablation, value: Any) -> tuple[int, bytes, bytes]:
    """How many units are ranked, which (int32) and what their loss costs (float32): all classes, then class by class.

    A class without images has −1 for every unit. The ranking itself must be there already: this only writes it down.
    """
    k = min(ablation.n_units, RANKED)
    units = np.full((ablation.n_classes + 1, k), -1, dtype="<i4")
    drops = np.zeros((ablation.n_classes + 1, k), dtype="<f4")
    for row, frame in enumerate(_rankings(ablation, value)):
        if frame is not None:
            units[row], drops[row] = frame["unit"][:k], frame["drop"][:k]
    return k, units.tobytes(), drops.tobytes()


def edit_words(edit: Edit, concepts: Sequence[Concept]) -> str:
    """What an edit changes: "units 3, 17 off; unit 5 × 0.5; 9 units of island off"; "" for nothing."""
    parts = []
    for scale in sorted({scale for _, scale in edit.units if scale != 1}):
        units = [unit for unit, one in edit.units if one == scale]
        shown = ", ".join(map(str, units[:8])) + (f" and {len(units) - 8} more" if len(units) > 8 else "")
        parts.append(f"unit{'s' * (len(units) != 1)} {shown} {how(scale, edit.value)}")
    members = next((one.units for one in concepts if one.name == edit.concept), ())
    if members and edit.concept_scale != 1:
        n = len(members)
        parts.append(f"{n} unit{'s' * (n != 1)} of {edit.concept} {how(edit.concept_scale, edit.value)}")
    return "; ".join(parts)


def finding(effect: Effect, layer: str, words: str, *, labelled: bool) -> str:
    """What an effect shows, in a sentence."""
    measure = "accuracy" if labelled else "agreement with the network as it is"
    n = len(effect.flipped)
    extent = f"{effect.n_images:,}" if effect.complete else f"{effect.n_images:,} of {effect.n_total:,}"
    return (
        f"Ablation in {layer}, {words or 'nothing changed'}: {measure} {_share(effect.accuracy)}, "
        f"was {_share(effect.accuracy_before)}, on {extent} images; {n:,} prediction{'s' * (n != 1)} changed."
    )


def how(scale: float, value: str) -> str:
    """What a slider does to a unit: "off", "at the mean" or "× 0.5"."""
    return f"× {scale:g}" if scale else "off" if value == "zero" else "at the mean"


def _rankings(ablation: Ablation, value: Any) -> Iterator[pd.DataFrame | None]:
    for number in (None, *range(ablation.n_classes)):
        try:
            yield ablation.ranking(number, value, progress=False)
        except ValueError:  # no image of the class
            yield None


def _unit_notes(dissection: Dissection) -> list[str]:
    labels = dissection.labels()
    return [
        f"{concept} (IoU {iou:.2f})" if found else ""
        for concept, iou, found in zip(labels["concept"], labels["iou"], labels["is_detector"], strict=True)
    ]


def _number(value: float) -> float | None:
    return round(float(value), 6) if np.isfinite(value) else None


def _share(value: float) -> str:
    return f"{100 * value:.1f} %" if np.isfinite(value) else "unknown"
