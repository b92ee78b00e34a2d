"""The chance level: the IoU that units reach with the concepts of other images."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from nbinterp.kernels import other_images
from nbinterp.kernels.dissection import OverlapCounts, iou
from nbinterp.kernels.dissection_overlap import OnPixels

IMAGES_AT_ONCE = 512
PIXELS_AT_ONCE = 1 << 20


def orders_of(n_images: int, permutations: int, seed: int) -> list[np.ndarray]:
    """For each permutation, the image whose concepts each image is held against: never its own.

    None if there is no other image.
    """
    if n_images < 2:
        return []
    generator = torch.Generator().manual_seed(seed)
    return [other_images(n_images, generator=generator).numpy() for _ in range(permutations)]


class Chance:
    """Counts masks of units against the concepts of other images, on every `step`-th row and column.

    Args:
        planes: numbered concepts of all images, image × plane × row × column, on those rows and columns.
        step: distance of rows and columns.
        orders: what `orders_of` gave.
        count: counts a batch: where units are on, planes -> counts.
    """

    def __init__(
        self,
        planes: np.ndarray,
        step: int,
        orders: list[np.ndarray],
        count: Callable[[OnPixels, Tensor], OverlapCounts],
    ) -> None:
        self._planes, self._step, self._orders, self._count = planes, step, orders, count
        self._totals: list[OverlapCounts | None] = [None] * len(orders)
        self._waiting: list[tuple[int, OnPixels]] = []

    def add(self, on: OnPixels, first: int) -> None:
        """Enter a batch whose first image has this number."""
        if not self._orders:
            return
        self._waiting.append((first, self._coarse(on)))
        waiting = [one for _, one in self._waiting]
        if sum(one.n_images for one in waiting) >= IMAGES_AT_ONCE or sum(map(_size, waiting)) >= PIXELS_AT_ONCE:
            self._flush()

    def level(self, category_of: Tensor, reduce: Callable[[Tensor, str], Tensor], n_units: int) -> np.ndarray:
        """Mean and 95th percentile over permutations of each unit's best IoU: float64, unit × 2; NaN without any."""
        self._flush()
        if not self._orders:
            return np.full((n_units, 2), np.nan)
        best = []
        for total in self._totals:
            assert total is not None
            best.append(iou(summed(total, reduce), category_of).amax(1).numpy())
        return np.stack([np.mean(best, axis=0), np.quantile(best, 0.95, axis=0)], axis=1)

    def _flush(self) -> None:
        if not self._waiting:
            return
        images = np.concatenate([np.arange(first, first + on.n_images) for first, on in self._waiting])
        together = _joined([on for _, on in self._waiting])
        for number, order in enumerate(self._orders):
            planes = torch.from_numpy(np.ascontiguousarray(self._planes[order[images]])).to(together.unit.device)
            counts, total = self._count(together, planes), self._totals[number]
            self._totals[number] = counts if total is None else total + counts
        self._waiting = []

    def _coarse(self, on: OnPixels) -> OnPixels:
        """Those of the pixels that lie on the counted rows and columns."""
        step, width = self._step, on.mask_size[1]
        row, column = on.pixel // width, on.pixel % width
        there = (row % step == 0) & (column % step == 0)
        size = self._planes.shape[2], self._planes.shape[3]
        pixel = (row[there] // step) * size[1] + column[there] // step
        return OnPixels(on.image[there], on.unit[there], pixel, on.n_images, on.n_units, size)


def summed(counts: OverlapCounts, reduce: Callable[[Tensor, str], Tensor]) -> OverlapCounts:
    """Counts over all processes, on the processor."""
    parts = counts.intersection, counts.unit_area, counts.concept_area, counts.concept_images
    return OverlapCounts(*(reduce(part, "sum").cpu() for part in parts))


def _joined(batches: list[OnPixels]) -> OnPixels:
    starts = np.cumsum([0, *(on.n_images for on in batches)])
    return OnPixels(
        torch.cat([on.image + int(start) for on, start in zip(batches, starts, strict=False)]),
        torch.cat([on.unit for on in batches]),
        torch.cat([on.pixel for on in batches]),
        int(starts[-1]),
        batches[0].n_units,
        batches[0].mask_size,
    )


def _size(on: OnPixels) -> int:
    return len(on.pixel)
