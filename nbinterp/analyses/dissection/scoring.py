"""From collected maps and label planes to a dissection: thresholds, counts, chance level."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from torch import Tensor

from nbinterp.instrument import ReceptiveField
from nbinterp.kernels import to_half
from nbinterp.kernels.dissection import Convention, OverlapCounts, iou
from nbinterp.kernels.dissection_overlap import OnPixels, count_overlap, find_on_pixels
from nbinterp.kernels.dissection_resampling import Resampling, plan_resampling
from nbinterp.kernels.quantiles import map_thresholds, upsampled_thresholds

from ..progress import Progress
from .chance import Chance, orders_of, summed
from .collect import Collected

BLOCK_PIXELS = 2 << 20  # about as many pixels at which units are on are listed at a time
BLOCK_MAPS = 64


@dataclass(frozen=True)
class Scores:
    """What one layer came to. Concepts as in `Vocabulary`."""

    thresholds: np.ndarray
    counts: OverlapCounts
    on_area: np.ndarray
    iou: np.ndarray
    chance: np.ndarray


class Vocabulary:
    """The concepts that are counted: those in enough images, each with its category.

    Args:
        collected: after `exchange`.
        min_images: fewest images.
    """

    def __init__(self, collected: Collected, min_images: int) -> None:
        reader = collected.reader
        labelled = collected.pixels.any(1)  # a concept that no pixel shows belongs to the first category naming it
        self._owner = np.where(labelled, collected.pixels.argmax(1), reader.owners)
        kept = np.flatnonzero(collected.shown >= min_images)
        left = np.flatnonzero(collected.shown < min_images)
        self.concepts = tuple(reader.concepts[c] for c in kept)
        self.left_out = tuple(f"{reader.categories[self._owner[c]]}: {reader.concepts[c]}" for c in left)
        used = np.unique(self._owner[kept])
        self.category_names = tuple(reader.categories[k] for k in used)
        self.category_of = torch.from_numpy(np.searchsorted(used, self._owner[kept]))
        self.categories = tuple(reader.categories[self._owner[c]] for c in kept)
        table = np.full(len(reader.concepts) + 1, -1, np.int32)
        table[kept] = np.arange(len(kept))
        self.table = torch.from_numpy(table)

    def numbered(self, planes: Tensor) -> Tensor:
        """Planes of the numbers of the counted concepts, −1 for all others."""
        return self.table[planes.long()]


class Scorer:
    """Scores layers of one pass, all with the same concepts.

    Args:
        collected: after `exchange`.
        vocabulary: what is counted.
        how: the convention, its quantile the one asked for.
        permutations: how often concepts are permuted among the images for the chance level; 0 for none.
        seed: of those permutations.
        bar: progress.
    """

    def __init__(
        self, collected: Collected, vocabulary: Vocabulary, how: Convention, permutations: int, seed: int, bar: Progress
    ) -> None:
        self._collected, self._vocabulary, self._how, self._bar = collected, vocabulary, how, bar
        self._device = collected.net.device
        self._permutations, self._seed = permutations, seed
        self._category_of = vocabulary.category_of.to(self._device)

    def score(self, layer: str, field: ReceptiveField | None, rotation: Tensor | None = None) -> Scores:
        """Score one layer.

        Args:
            layer: which.
            field: its receptive field; None where it is not defined.
            rotation: units are replaced by these combinations of them (unit × unit), if given.
        """
        store = self._collected.maps[layer]
        maps_shape = store.array().shape
        plan = self._plan((maps_shape[2], maps_shape[3]), field)
        block = self._block(maps_shape)

        def batches() -> Iterator[Tensor]:
            for _, maps in store.blocks(block, self._device):
                yield self._rotated(maps, rotation)

        reduce = self._collected.processes.reduce
        self._bar.doing("thresholds")
        if self._how.threshold_on == "maps":
            thresholds = map_thresholds(batches, self._how.quantile, reduce=reduce)
        else:
            thresholds = upsampled_thresholds(batches, plan, self._how.quantile, reduce=reduce)
        self._bar.doing("counting")
        n_units, n_concepts = maps_shape[1], len(self._vocabulary.concepts)
        total = _no_counts(n_units, n_concepts, len(self._vocabulary.category_names), self._device)
        on_area = torch.zeros(n_units, dtype=torch.int64, device=self._device)
        orders = orders_of(self._collected.n_images, self._permutations, self._seed)
        chance = Chance(self._coarse, self._collected.reader.step, orders, self._count)
        first = 0
        for maps in batches():
            stop = first + len(maps)
            on = find_on_pixels(maps, thresholds, plan)
            labels = self._vocabulary.numbered(self._collected.fine.read(range(first, stop))).to(self._device)
            total = total + self._count(on, labels)
            on_area += torch.bincount(on.unit, minlength=n_units)
            chance.add(on, self._collected.start + first)
            first = stop
            self._bar.advance(len(maps))
        total = summed(total, reduce)
        return Scores(
            thresholds.cpu().numpy(),
            total,
            reduce(on_area, "sum").cpu().numpy(),
            iou(total, self._vocabulary.category_of).numpy(),
            chance.level(self._vocabulary.category_of, reduce, n_units),
        )

    @cached_property
    def _coarse(self) -> np.ndarray:
        """Numbered coarse planes of all images; none if there is no chance level to count."""
        if self._permutations == 0:
            return np.zeros((0, 0, *self._collected.coarse.size), np.int16)
        return self._collected.coarse.together(self._vocabulary.table)

    def _plan(self, map_size: tuple[int, int], field: ReceptiveField | None) -> Resampling:
        reader = self._collected.reader
        return plan(self._how, map_size, reader.size, reader.view_size, field, self._device)

    def _block(self, shape: tuple[int, ...]) -> int:
        """Images at a time."""
        height, width = self._collected.reader.size
        return int(np.clip(BLOCK_PIXELS / max(1.0, self._how.quantile * shape[1] * height * width), 1, BLOCK_MAPS))

    @staticmethod
    def _rotated(maps: Tensor, rotation: Tensor | None) -> Tensor:
        if rotation is None:
            return maps
        turned = torch.einsum("uv,bvhw->buhw", rotation.to(maps.device, torch.float32), maps.float())
        return to_half(turned) if maps.dtype == torch.float16 else turned

    def _count(self, on: OnPixels, labels: Tensor) -> OverlapCounts:
        names = self._vocabulary.category_names
        return count_overlap(on, labels, self._category_of, n_categories=len(names), counted=self._how.counted)


def plan(
    how: Convention,
    map_size: tuple[int, int],
    size: tuple[int, int],
    view_size: tuple[int, int],
    field: ReceptiveField | None,
    device: torch.device | str = "cpu",
) -> Resampling:
    """How a convention resamples a layer's maps; stretched where the receptive field is not defined."""
    anchor = how.anchor if field is not None else "stretch"
    where = None if field is None else (field.start, field.stride, field.size)
    return plan_resampling(
        map_size, size, anchor=anchor, padding=how.padding, field=where, image_size=view_size, device=device
    )


def _no_counts(n_units: int, n_concepts: int, n_categories: int, device: torch.device) -> OverlapCounts:
    shapes = (n_units, n_concepts), (n_units, n_categories), (n_concepts,), (n_concepts,)
    return OverlapCounts(*(torch.zeros(shape, dtype=torch.int64, device=device) for shape in shapes))
