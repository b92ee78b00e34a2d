"""subclasses: cover one class by regions that stand out, without looking at any label within it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from torch import nn

from nbinterp.jobs import Cancelled

from ..recording import Recording
from .codes import layer_codes
from .driver import Anchor, Settings, checked_settings, class_images, find_region
from .reference import Reference, reference_of
from .region import ALPHA, FEWEST_ANCHORS, OUTSIDE, Region, p_value
from .watch import Watch, unwatched

LARGEST_K, SMALLEST_K = 32, 6
NEW_SHARE = 0.5
"""A region is taken if at least this share of its members is in no region taken before."""


@dataclass(frozen=True, eq=False)
class Subclasses:
    """Groups within a class that nobody named: made by `subclasses`. Images are numbered as in the recording.

    Attributes:
        layer: where the states were taken.
        class_name: the class.
        images: int64: its images.
        regions: those that stand out and together cover most, the one that covers most first. Two may be parts of one
            group: a rule is a conjunction, and one conjunction seldom fits a whole group.
        candidates: int64: the images whose region stands out.
    """

    layer: str
    class_name: str
    images: np.ndarray
    regions: tuple[Region, ...]
    candidates: np.ndarray

    @property
    def covered(self) -> np.ndarray:
        """int64: images in at least one of the regions."""
        members = [region.members for region in self.regions]
        return np.unique(np.concatenate(members)) if members else np.zeros(0, np.int64)

    @property
    def uncovered(self) -> np.ndarray:
        """int64: images in none: they belong to no subclass that was found."""
        return np.setdiff1d(self.images, self.covered)

    @property
    def frame(self) -> pd.DataFrame:
        """One row per region: anchor, members, those in no region before, lift, p_value, rule."""
        rows, before = [], np.zeros(0, np.int64)
        for region in self.regions:
            new = len(np.setdiff1d(region.members, before))
            rule = ", ".join(map(str, region.literals))
            rows.append((region.anchor, region.anchor_name, region.support, new, region.lift, region.p_value, rule))
            before = np.union1d(before, region.members)
        return pd.DataFrame(rows, columns=["anchor", "name", "members", "new", "lift", "p_value", "rule"])

    def __repr__(self) -> str:
        n = len(self.regions)
        return (
            f"{n} region{'s' * (n != 1)} stand{'s' * (n == 1)} out in class {self.class_name!r} ({self.layer}): "
            f"{len(self.covered)} of {len(self.images)} images covered"
        )


def subclasses(
    recording: Recording,
    layer: str | nn.Module,
    class_: int | str,
    *,
    by: str = "prediction",
    k: int | None = None,
    t: int = 10,
    tolerance: int = 2,
    most: int = 8,
    reduce: str = "none",
    quantile: float | None = None,
    seed: int = 0,
    progress: bool = True,
    watch: Watch = unwatched,
) -> Subclasses:
    """Find hidden subclasses of a class: every image of it is an anchor, and regions that stand out are kept greedily.

    Regions are found among the class's own images, so that what is common to the class says nothing. A region is
    kept if it stands out at 0.05 (see `Region`), covers most images not yet covered, at least k of them, and at least
    half of its members are such. One image in twenty stands out by chance: a region is a proposal to look at.

    Args:
        recording: with the layer; best with codes.
        layer: name or module.
        class_: number or name.
        by: "prediction": images predicted as the class; "label": labelled so.
        k: size of the neighbour set; None: a twenty-fifth of the class, 6 to 32.
        t: literals of a rule.
        tolerance: how many a member may violate: without any, rules cover a part of their group only.
        most: at most so many regions.
        reduce: what a neuron is; see `regions`.
        quantile: likewise.
        seed: of the halves and the shuffling.
        progress: show a bar if the network has to be run on all images.
        watch: is told what comes next; if it returns True, this ends with the regions found so far.

    Returns:
        The regions, largest new cover first; none is a possible answer.

    Raises:
        Cancelled: `watch` ended it before there was a region.
        LookupError: there is no such class.
        ValueError: a wrong setting, or too few images in the class.
    """
    if by not in ("prediction", "label"):
        raise ValueError(f"by must be 'prediction' or 'label', got {by!r}")
    images, words = class_images(recording, _class_number(recording, class_, by), by)
    if len(images) <= FEWEST_ANCHORS:
        raise ValueError(f"{words}: too few to find subclasses among; at least {FEWEST_ANCHORS + 1} are needed")
    settings = checked_settings(k or int(np.clip(len(images) // 25, SMALLEST_K, LARGEST_K)), t, tolerance, len(images))
    codes = layer_codes(recording, layer, reduce=reduce, quantile=quantile, progress=progress)
    reference = reference_of(recording, codes, images, words, seed)
    chosen, standing = _cover(reference, settings, most, watch)
    found: list[Region] = []
    for row in chosen:
        if watch(f"region {len(found) + 1} of {len(chosen)}"):
            if found:
                break
            raise Cancelled("stopped before there was a region")
        found.append(find_region(recording, reference, _anchor(recording, reference, row), settings))
    return Subclasses(codes.layer, str(class_), images, tuple(found), images[standing])


def _class_number(recording: Recording, class_: int | str, by: str) -> int:
    names = recording.class_names if by == "prediction" else recording.label_names
    n_classes = recording.logits.shape[1] if names is None else len(names)
    if isinstance(class_, str):
        if names is None or class_ not in names:
            raise LookupError(f"there is no class {class_!r}; the classes are {'unnamed' if names is None else names}")
        return names.index(class_)
    if not 0 <= class_ < n_classes:
        raise LookupError(f"the classes are 0 to {n_classes - 1}, not {class_}")
    return int(class_)


def _cover(reference: Reference, settings: Settings, most: int, watch: Watch) -> tuple[list[int], np.ndarray]:
    """Rows of the regions chosen, and which rows' regions stand out (bool)."""
    agreement, n_literals = reference.agreement_of_all(k=settings.k, t=settings.t, watch=watch)
    member = (agreement >= n_literals[:, None] - settings.tolerance) & (n_literals > 0)[:, None]
    standing = _stand_out(reference, settings, agreement < OUTSIDE * n_literals[:, None], watch)
    candidates, chosen = np.flatnonzero(standing), []
    covered = np.zeros(len(reference), bool)
    while len(candidates) and len(chosen) < most:
        new = (member[candidates] & ~covered).sum(1)
        fits = (new >= settings.k) & (new >= NEW_SHARE * member[candidates].sum(1))
        if not fits.any():
            break
        chosen.append(int(candidates[np.where(fits, new, -1).argmax()]))
        covered |= member[chosen[-1]]
    return chosen, standing


def _stand_out(reference: Reference, settings: Settings, outside: np.ndarray, watch: Watch) -> np.ndarray:
    """bool: which reference images' regions stand out, as `Region.stands_out` says; `outside` is anchors × images."""
    how: dict[str, Any] = {"k": settings.k, "t": settings.t, "tolerance": settings.tolerance}
    nulls = reference.nulls(**how, inside=True, n=len(reference), watch=watch)
    found = np.zeros(len(reference), bool)
    for row, lift in enumerate(nulls.random):
        random = nulls.random[outside[row]]
        beaten = max(p_value(lift, random), p_value(lift, nulls.shuffled)) <= ALPHA
        found[row] = beaten and lift > 0 and len(random) >= FEWEST_ANCHORS
    return found


def _anchor(recording: Recording, reference: Reference, row: int) -> Anchor:
    number = int(reference.images[row])
    code = reference.rows(np.array([row]))
    return Anchor(number, recording.names[number], code, int(recording.predictions[number]))
