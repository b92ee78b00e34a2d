"""The images of an ablation, in batches that never change, each with what the tail of the network starts from."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from torch import Tensor

from nbinterp.instrument import Classifier, Cut, Tail
from nbinterp.kernels.ablation import UnitEdit, edit_units

from .storage import Storage

Check = Callable[[], None]


@dataclass(frozen=True, eq=False)
class CachedBatch:
    """Some images: their numbers (int64, in the recording), whether they are of the train half, and their cut."""

    images: np.ndarray
    train: bool
    cut: Cut


class Cached:
    """Runs the tail of a network, under edits of its layer, on images whose activations are cached.

    Args:
        net: the classifier.
        tail: what is run.
        batches: of all images, in a random stratified order.
        storage: where their cuts are held, for as long as this lives.
    """

    def __init__(self, net: Classifier, tail: Tail, batches: Sequence[CachedBatch], storage: Storage) -> None:
        self.net, self.tail, self.n_units = net, tail, tail.n_units
        self.batches = tuple(batches)
        self.images = np.sort(np.concatenate([batch.images for batch in batches]))
        self.storage = storage
        self.seconds = 0.0
        """Per image, measured on the latest runs."""

    @cached_property
    def means(self) -> np.ndarray:
        """float64, U: mean of every unit over all images and positions."""
        total, count = np.zeros(self.n_units), 0
        for batch in self.batches:
            with torch.no_grad():
                found = self.tail.activations(self.on_device(batch.cut))
            values = found.maps if found.maps is not None else found.flat
            assert values is not None
            spread = values.double().flatten(2) if values.ndim > 2 else values.double()[:, :, None]
            total += spread.sum((0, 2)).cpu().numpy()
            count += spread.shape[0] * spread.shape[2]
        return total / count

    def logits(self, batch: CachedBatch, edit: UnitEdit | None, rows: np.ndarray | slice | None = None) -> Tensor:
        """Logits of a batch, or of some of its rows, under an edit (None: the network as it is); on the CPU.

        Rows are run as a batch of their own: beyond rounding they are what they are in the whole batch.
        """
        cut = batch.cut if rows is None else batch.cut.rows(rows if isinstance(rows, slice) else torch.from_numpy(rows))
        started = time.perf_counter()
        found = self._run(cut, None if edit is None or edit.empty else edit)
        self.seconds = (time.perf_counter() - started) / cut.n_images
        return found

    def select(self, images: np.ndarray) -> Iterator[tuple[CachedBatch, np.ndarray | None]]:
        """The batches that hold some of `images`, each with the rows of these (None: all)."""
        for batch in self.batches:
            rows = np.flatnonzero(np.isin(batch.images, images))
            if len(rows):
                yield batch, None if len(rows) == len(batch.images) else rows

    def on_device(self, cut: Cut) -> Cut:
        """A cut on the network's device."""
        device = self.net.device
        return Cut(cut.n_images, {name: values.to(device) for name, values in cut.values.items()})

    def _run(self, cut: Cut, edit: UnitEdit | None) -> Tensor:
        change = None if edit is None else lambda values: edit_units(values, edit, axis=self.tail.unit_axis)
        try:
            with torch.no_grad():
                return self.tail(self.on_device(cut), change).float().cpu()
        except torch.OutOfMemoryError:
            if cut.n_images == 1:
                raise
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        half = cut.n_images // 2
        return torch.cat([self._run(cut.rows(slice(half)), edit), self._run(cut.rows(slice(half, None)), edit)])
