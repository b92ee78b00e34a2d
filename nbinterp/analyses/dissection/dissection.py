"""Dissection: how well every unit of a layer localizes every concept."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import torch

from nbinterp.kernels.dissection import Convention, UniqueDetectors, best_labels, unique_detectors

from ..recording import DetachedError, Recording

if TYPE_CHECKING:
    from .pictures import DissectionPictures


@dataclass(frozen=True, eq=False)
class Dissection:
    """What `dissect` found in one layer. U units, C concepts, K categories; areas are counted in pixels of `grid`.

    Attributes:
        layer: its name.
        convention: how thresholds are set and pixels counted: "cvpr2017", "pnas2020" or "lite"; they do not compare.
        quantile: share of the activations that lie above a unit's threshold.
        concepts: C names; the same name may occur in two categories.
        categories: C, the category of each concept.
        category_names: K, the categories that have a concept.
        iou: float64, U × C: intersection over union over the whole probe set, in [0, 1]; 0 where both are empty.
        thresholds: float32, U: a unit is on where its (upsampled) activation is above.
        intersection: int64, U × C: pixels where the unit is on and the concept is there.
        unit_area: int64, U × K: pixels where the unit is on, in the images that the convention counts for a category.
        concept_area: int64, C: pixels of the concept.
        area_share: float64, U: share of all pixels where the unit is on.
        image_counts: int64, C: images that show the concept.
        chance: float64, U × 2: mean and 95th percentile of the best IoU that the unit reaches when its masks are held
            against the concepts of other images (all permuted alike), counted on every n-th row and column of `grid`
            (about 28 of each; `iou` is counted on all); NaN if this was not asked for, or there is one image only.
        left_out: "category: name" of the concepts in too few images.
        n_images: how many images were counted.
        grid: (height, width) in which pixels were counted.
        view_size: (height, width) of the images as the network gets them.
        iou_threshold: a (unit, concept) pair above it is a detector.
        rule: the convention with its quantile, in full.
        fingerprints: hashes of the contents of network and probe set.
        settings: what else was asked for.
        notes: what a reader of the numbers should know.
        recording: the layer's recording, made in the same pass; None after `load` without it.
    """

    layer: str
    convention: str
    quantile: float
    concepts: tuple[str, ...] = field(repr=False)
    categories: tuple[str, ...] = field(repr=False)
    category_names: tuple[str, ...]
    iou: np.ndarray = field(repr=False)
    thresholds: np.ndarray = field(repr=False)
    intersection: np.ndarray = field(repr=False)
    unit_area: np.ndarray = field(repr=False)
    concept_area: np.ndarray = field(repr=False)
    area_share: np.ndarray = field(repr=False)
    image_counts: np.ndarray = field(repr=False)
    chance: np.ndarray = field(repr=False)
    left_out: tuple[str, ...] = field(repr=False)
    n_images: int
    grid: tuple[int, int]
    view_size: tuple[int, int]
    iou_threshold: float = field(repr=False)
    rule: Convention = field(repr=False)
    fingerprints: dict[str, str] = field(repr=False)
    settings: dict[str, Any] = field(default_factory=dict, repr=False)
    notes: tuple[str, ...] = ()
    recording: Recording | None = field(default=None, repr=False)
    _pictures: DissectionPictures | None = field(default=None, repr=False)

    @property
    def n_units(self) -> int:
        """U."""
        return len(self.iou)

    @cached_property
    def best(self) -> np.ndarray:
        """int64, U: the concept with the highest IoU, the first of equal ones; −1 where every IoU is 0."""
        if not self.concepts:
            return np.full(self.n_units, -1, np.int64)
        return np.where(self.iou.max(1) > 0, best_labels(torch.tensor(self.iou)).numpy(), -1)

    @cached_property
    def best_iou(self) -> np.ndarray:
        """float64, U: the highest IoU of each unit."""
        return self.iou.max(1, initial=0.0)

    @property
    def is_detector(self) -> np.ndarray:
        """bool, U: whether the unit's best IoU is above `iou_threshold`."""
        return self.best_iou > self.iou_threshold

    def labels(self, category: str | None = None) -> pd.DataFrame:
        """The best concept of every unit, one row per unit.

        Columns: unit, concept ("" where every IoU is 0), category, iou, threshold, area (share of all pixels where
        the unit is on), chance and chance_95 (of the best IoU over all categories), is_detector.

        Args:
            category: look at the concepts of this category only.

        Raises:
            ValueError: no concept has that category.
        """
        within = self._within(category)
        scores = self.iou[:, within]
        best = within[scores.argmax(1)] if len(within) else np.full(self.n_units, -1)
        iou = scores.max(1, initial=0.0)
        found = np.where(iou > 0, best, -1)
        return pd.DataFrame(
            {
                "unit": np.arange(self.n_units),
                "concept": [self.concepts[c] if c >= 0 else "" for c in found],
                "category": [self.categories[c] if c >= 0 else "" for c in found],
                "iou": iou,
                "threshold": self.thresholds,
                "area": self.area_share,
                "chance": self.chance[:, 0],
                "chance_95": self.chance[:, 1],
                "is_detector": iou > self.iou_threshold,
            }
        )

    def detectors(self) -> pd.DataFrame:
        """All pairs of a unit and a concept with an IoU above `iou_threshold`, by unit, the best concept first.

        Columns: unit, concept, category, iou, is_best, chance_95.
        """
        units, concepts = np.nonzero(self.iou > self.iou_threshold)
        order = np.lexsort((concepts, -self.iou[units, concepts], units))
        units, concepts = units[order], concepts[order]
        return pd.DataFrame(
            {
                "unit": units,
                "concept": [self.concepts[c] for c in concepts],
                "category": [self.categories[c] for c in concepts],
                "iou": self.iou[units, concepts],
                "is_best": self.best[units] == concepts,
                "chance_95": self.chance[units, 1],
            }
        )

    def unique_detectors(self) -> dict[str, int]:
        """How many different concepts are detected, by both definitions in use.

        Returns:
            "best": distinct best concepts of the detector units (the text of the 2017 paper); "per_category": within
            each category the distinct best concepts, summed over categories (its published figures; not smaller).
        """
        if not self.concepts:
            return {"best": 0, "per_category": 0}
        found = self._unique
        return {"best": found.best, "per_category": found.per_category}

    def by_category(self) -> pd.DataFrame:
        """One row per category, largest number of detector units first.

        Columns: category, n_concepts, n_units (units whose best concept is of the category and that detect it),
        unique (their distinct concepts, definition "best"), unique_per_category (the other definition).
        """
        of = np.array([self.categories[c] if c >= 0 else "" for c in self.best])
        rows = []
        for name in self.category_names:
            number, mine = self.category_names.index(name), int((self.is_detector & (of == name)).sum())
            unique = int(self._unique.best_by_category[number]), int(self._unique.by_category[number])
            rows.append((name, self.categories.count(name), mine, *unique))
        frame = pd.DataFrame(rows, columns=["category", "n_concepts", "n_units", "unique", "unique_per_category"])
        return frame.sort_values("n_units", ascending=False, kind="stable", ignore_index=True)

    def by_concept(self) -> pd.DataFrame:
        """One row per concept that some unit detects as its best one, the one with most units first.

        Columns: concept, category, n_units, best_iou, best_unit, n_images.
        """
        rows = []
        for c in np.unique(self.best[self.is_detector]):
            units = self.units_of(int(c))
            rows.append(
                (
                    self.concepts[c],
                    self.categories[c],
                    len(units),
                    self.iou[units[0], c],
                    units[0],
                    self.image_counts[c],
                )
            )
        frame = pd.DataFrame(rows, columns=["concept", "category", "n_units", "best_iou", "best_unit", "n_images"])
        return frame.sort_values(["n_units", "best_iou"], ascending=False, kind="stable", ignore_index=True)

    def units_of(self, concept: str | int, category: str | None = None, *, best: bool = True) -> np.ndarray:
        """The units that detect a concept, the highest IoU first.

        Args:
            concept: its name, or its number in `concepts`.
            category: needed where two categories have a concept of that name.
            best: only units whose best concept it is; False: all whose IoU with it is above `iou_threshold`.

        Returns:
            int64.

        Raises:
            LookupError: there is no such concept, or the name occurs in several categories.
        """
        number = self.concept_number(concept, category)
        column = self.iou[:, number]
        units = np.flatnonzero((column > self.iou_threshold) & ((self.best == number) | (not best)))
        return units[np.argsort(-column[units], kind="stable")]

    def concept_number(self, concept: str | int, category: str | None = None) -> int:
        """Where a concept stands in `concepts`; see `units_of`.

        Raises:
            TypeError: neither a name nor a number.
        """
        if isinstance(concept, bool) or not isinstance(concept, str | int | np.integer):
            raise TypeError(f"concept must be a name or its number in `concepts`, got {concept!r}")
        if not isinstance(concept, str):
            if not 0 <= int(concept) < len(self.concepts):
                raise LookupError(
                    f"concept {concept} does not exist: there are the numbers 0 to {len(self.concepts) - 1}"
                )
            return int(concept)
        found = [
            number
            for number, (name, its) in enumerate(zip(self.concepts, self.categories, strict=True))
            if name == concept and category in (None, its)
        ]
        if len(found) == 1:
            return found[0]
        where = "" if category is None else f" in the category {category!r}"
        if found:
            several = ", ".join(repr(self.categories[number]) for number in found)
            raise LookupError(f"{concept!r} is a concept of {several}: name the category too")
        raise LookupError(f"no concept {concept!r}{where} was counted{self._similar(concept)}")

    def seen(self, image: int) -> tuple[float, float, float, float]:
        """(left, top, right, bottom) of the part of an image that the network sees, in shares of its sides.

        Below 0 or above 1 where the preprocess pads the image.

        Raises:
            IndexError: no such image.
            DetachedError: loaded without a recording that has its classifier and probe set.
        """
        return self._attached().part(image)

    def view(self, image: int) -> np.ndarray:
        """An image as the network sees it, cropped or padded (black) and scaled: uint8, of `view_size`, × 3."""
        return self._attached().view(image)

    def masks_of(
        self, unit: int, images: Sequence[int] | np.ndarray, size: tuple[int, int] | None = None
    ) -> np.ndarray:
        """Where a unit is on: bool, images × height × width, over the part of each image that the network sees.

        Args:
            unit: which unit.
            images: which images.
            size: (height, width) in pixels; default `view_size`.

        Raises:
            IndexError: no such unit or image.
            DetachedError: loaded without a recording that has its classifier and probe set.
        """
        if not 0 <= unit < self.n_units:
            raise IndexError(f"layer {self.layer!r} has the units 0 to {self.n_units - 1}, not {unit}")
        return self._attached().masks(unit, float(self.thresholds[unit]), images, size or self.view_size)

    def concept_mask(
        self, concept: str | int, image: int, size: tuple[int, int] | None = None, *, category: str | None = None
    ) -> np.ndarray:
        """Where a concept is in an image: bool, height × width, over the part that the network sees.

        Args:
            concept: its name, or its number in `concepts`.
            image: which image.
            size: (height, width) in pixels; default `view_size`.
            category: needed where two categories have a concept of that name.

        Raises:
            LookupError: no such concept.
            IndexError: no such image.
            DetachedError: loaded without a recording that has its classifier and probe set, or (if the masks came
                from a segmenter) without the segmenter.
        """
        number = self.concept_number(concept, category)
        return self._attached().concept(self.concepts[number], self.categories[number], image, size or self.view_size)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the dissection, without its recording, to one safetensors file; an older one is replaced as a whole.

        Raises:
            OSError: the file cannot be written.
        """
        from .files import save_dissection

        save_dissection(self, Path(path))

    @classmethod
    def load(
        cls, path: str | os.PathLike[str], recording: Recording | None = None, *, segmenter: Any = None
    ) -> Dissection:
        """Read what `save` wrote, and attach the recording and the segmenter, if given.

        Raises:
            FileNotFoundError: there is no such file.
            DamagedFileError: it is truncated or altered.
            ValueError: it holds no dissection.
            MismatchError: it is of another network or other images than the recording.
        """
        from .files import load_dissection

        return load_dissection(Path(path), recording, segmenter)

    def __repr__(self) -> str:
        found, unique = int(self.is_detector.sum()), self.unique_detectors()
        return (
            f"Dissection of {self.layer!r} ({self.convention}, top {self.quantile:.2%}): {found} of "
            f"{_many(self.n_units, 'unit')} {'detects' if found == 1 else 'detect'} {_many(unique['best'], 'concept')} "
            f"({unique['per_category']} counted by category) of {len(self.concepts)}, IoU above "
            f"{self.iou_threshold:g}; {_many(self.n_images, 'image')}"
        )

    @cached_property
    def _unique(self) -> UniqueDetectors:
        category_of = torch.tensor([self.category_names.index(name) for name in self.categories], dtype=torch.int64)
        return unique_detectors(torch.tensor(self.iou), category_of, threshold=self.iou_threshold)

    def _within(self, category: str | None) -> np.ndarray:
        if category is None:
            return np.arange(len(self.concepts))
        if category not in self.category_names:
            raise ValueError(
                f"no concept of the category {category!r} was counted; {', '.join(self.category_names)} were"
            )
        return np.flatnonzero(np.array(self.categories) == category)

    def _similar(self, concept: str) -> str:
        import difflib

        if any(name.partition(": ")[2] == concept for name in self.left_out):
            return f": it is in fewer than {self.settings.get('min_images', 1)} images"
        close = difflib.get_close_matches(concept, self.concepts, n=3)
        return f". Did you mean {' or '.join(map(repr, dict.fromkeys(close)))}?" if close else ""

    def _attached(self) -> DissectionPictures:
        if self._pictures is None:
            raise DetachedError(
                "pictures take the images and the network, which this dissection was loaded without: "
                "Dissection.load(path, recording), the recording with its classifier and probe set"
            )
        return self._pictures


def _many(number: int, what: str) -> str:
    return f"{number:,} {what}{'s' * (number != 1)}"
