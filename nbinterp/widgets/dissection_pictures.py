"""The pictures of a dissection: a unit's top images, where the unit is on in them and where its concept is."""

from __future__ import annotations

import weakref
from dataclasses import dataclass
from uuid import uuid4

import numpy as np

from nbinterp.analyses import DetachedError, Recording
from nbinterp.analyses.dissection import Dissection
from nbinterp.widgets.catalog import Answer

SIDE = 56  # of the masks in the browser, px
N_IMAGES = 9  # of a unit, as many as `dissect` keeps the maps of

_resources: weakref.WeakKeyDictionary[Dissection, str] = weakref.WeakKeyDictionary()


@dataclass(frozen=True)
class Masks:
    """Masks of one unit and one concept on some images: bool, images × height × width; None where there is none.

    They cover the part of each image that the network sees; `problem` says why there are none.
    """

    images: np.ndarray
    unit: np.ndarray | None
    concept: np.ndarray | None
    problem: str


def resource_of(found: Dissection) -> str:
    """The name under which a catalog has the pictures of a dissection's units: all its views share them."""
    return _resources.setdefault(found, f"dissection-{uuid4().hex[:8]}")


def top_images(recording: Recording, layer: str, unit: int, n: int = N_IMAGES) -> np.ndarray:
    """The images in which a unit's largest activation is highest, strongest first (int64)."""
    recorded = recording[layer]
    if recorded.top is not None and recorded.top.index.shape[1] >= n:
        return np.array([i for i in recorded.top.index[unit][:n] if i >= 0], np.int64)
    values = recorded.max[:, unit].astype(np.float64)
    known = np.flatnonzero(np.isfinite(values))
    return known[np.argsort(-values[known], kind="stable")][:n]


def masks_on(found: Dissection, unit: int, concept: int, images: np.ndarray, side: int) -> Masks:
    """Where a unit is on, and where a concept is (−1: no concept), in some images."""
    size = (side, side)
    try:
        on = found.masks_of(unit, images, size)
    except (DetachedError, LookupError, ValueError, OSError) as error:
        return Masks(images, None, None, _line(error))
    if concept < 0:
        return Masks(images, on, None, "")
    try:
        there = np.stack([found.concept_mask(concept, int(i), size) for i in images])
    except (DetachedError, LookupError, ValueError, OSError) as error:
        return Masks(images, on, None, _line(error))
    return Masks(images, on, there, "")


def pictures_of(found: Dissection, recording: Recording, unit: int, concept: int) -> Answer:
    """What a card shows of a unit: its top images, and masks as packed bits, the first pixel in the highest bit."""
    images = top_images(recording, found.layer, unit)
    masks = masks_on(found, unit, concept, images, SIDE)
    arrays = {"images": images.astype(np.int32), "values": recording[found.layer].max[images, unit].astype(np.float32)}
    for name, mask in (("unit", masks.unit), ("concept", masks.concept)):
        if mask is not None:
            arrays[f"{name}_bits"] = np.packbits(mask.reshape(len(images), -1), axis=1)
    return Answer({"side": SIDE, "problem": masks.problem}, arrays)


def _line(error: Exception) -> str:
    return " ".join(str(error).split())
