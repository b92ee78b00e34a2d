"""The images a region is measured against: their configurations, base rates, two halves, and what chance gives."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import torch
from torch import Tensor

from nbinterp.kernels.configurations import count_on, hamming, shuffle_units
from nbinterp.kernels.regions import CountedCodes, SplitLifts, count_agreement, find_rules, split_lifts

from ..recording import Recording
from .codes import LayerCodes
from .watch import Watch, announce, unwatched

_KEPT: WeakKeyDictionary[Recording, dict[tuple[Any, ...], Reference]] = WeakKeyDictionary()
_LOCK = threading.Lock()
_MOST_KEPT = 16  # references per recording, the latest used
_ANCHORS_AT_ONCE = 20  # between two looks at whether to stop
_WAIT_SECONDS = 0.1


@dataclass(frozen=True)
class NullLifts:
    """Lifts of `anchors` (places in the reference set): as the images are, and on shuffled codes."""

    anchors: np.ndarray
    random: np.ndarray
    shuffled: np.ndarray


@dataclass(eq=False)
class _Unfinished:
    """Null lifts under way: the anchors, what is shuffled already, and the lifts so far."""

    rows: np.ndarray
    generator: torch.Generator
    random: list[np.ndarray]
    shuffled: list[np.ndarray]
    mixed: Tensor | None = None
    halves: tuple[CountedCodes, CountedCodes] | None = None


class Reference:
    """Configurations of the reference images, in a random order whose first half is A and second half is B.

    Nothing in it changes; the null lifts are computed when they are first asked for, and kept.

    Args:
        codes: of all recorded images.
        images: int64: which of them are the reference, ascending.
        words: what these are.
        seed: of the order, the null anchors and the shuffling.
    """

    def __init__(self, codes: LayerCodes, images: np.ndarray, words: str, seed: int) -> None:
        self.codes, self.images, self.words = codes, images, words
        self.seed = seed
        order = torch.randperm(len(images), generator=torch.Generator().manual_seed(seed))
        self._order = order.numpy()
        """Place in the reference set -> image number `self._order[place]` of `self.images`."""
        self._place = np.argsort(self._order)
        self.packed = codes.codes[torch.from_numpy(images)[order]]
        self.half = (len(images) + 1) // 2
        self.half_a = self._counted(self.packed[: self.half])
        self.half_b = self._counted(self.packed[self.half :])
        self.on = self.half_a.on + self.half_b.on
        self._nulls: dict[tuple[Any, ...], NullLifts | _Unfinished] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self.images)

    def row_of(self, image: int) -> int:
        """Number of a recorded image within the reference set; −1 if it is not in it."""
        row = int(np.searchsorted(self.images, image))
        return row if row < len(self.images) and self.images[row] == image else -1

    def distances(self, code: Tensor) -> Tensor:
        """Hamming distances of one code to the reference images, in their order."""
        return hamming(self.packed, code)[0][torch.from_numpy(self._place)]

    def rows(self, rows: np.ndarray) -> Tensor:
        """Codes of some reference images, by number."""
        return self.packed[torch.from_numpy(self._place[rows])]

    def agreement(self, neurons: Tensor, states: Tensor) -> np.ndarray:
        """How many literals each reference image satisfies."""
        return count_agreement(self.packed, neurons, states).numpy()[self._place]

    def lifts(self, code: Tensor, rows: np.ndarray, *, k: int, t: int, tolerance: int, inside: bool) -> SplitLifts:
        """Split-sample lifts of anchors.

        Args:
            code: the anchors' codes.
            rows: their numbers within the reference set, −1 where they are not in it.
            k: size of the neighbour set.
            t: literals of a rule.
            tolerance: how many may be violated.
            inside: an anchor belongs to its neighbours.
        """
        return self._lifts(self.half_a, self.half_b, code, rows, k=k, t=t, tolerance=tolerance, inside=inside)

    def agreement_of_all(self, *, k: int, t: int, watch: Watch = unwatched) -> tuple[np.ndarray, np.ndarray]:
        """How many literals of every reference image's rule each reference image satisfies, and how many there are.

        The rules are found as a region's is: on all reference images, the anchor its own first neighbour.

        Returns:
            int16, anchors × images, and int16, anchors.

        Raises:
            Cancelled: `watch` said so.
        """
        everyone = CountedCodes(self.packed, self.on)
        agreement, n_literals = np.zeros((len(self), len(self)), np.int16), np.zeros(len(self), np.int16)
        for start in range(0, len(self), _ANCHORS_AT_ONCE):
            announce(watch, f"a rule for each image: {start} of {len(self)}")
            places = torch.arange(start, min(start + _ANCHORS_AT_ONCE, len(self)))
            rules = find_rules(everyone, self.packed[places], place=places, k=k, t=t)
            for row, neuron, state in zip(self._order[places.numpy()], rules.neuron, rules.state, strict=True):
                there = neuron >= 0
                agreement[row] = self.agreement(neuron[there], state[there])
                n_literals[row] = int(there.sum())
        return agreement, n_literals

    def nulls(self, *, k: int, t: int, tolerance: int, inside: bool, n: int, watch: Watch = unwatched) -> NullLifts:
        """Lifts of `n` random anchors (all, if there are fewer), and of the same on codes shuffled unit by unit.

        They are computed once for each setting; if `watch` stops them, the next call goes on where they were.

        Raises:
            Cancelled: `watch` said so.
        """
        while not self._lock.acquire(timeout=_WAIT_SECONDS):
            announce(watch, "waiting for another comparison with chance")
        try:
            key = (k, t, tolerance, inside, n)
            found = self._nulls.get(key)
            if not isinstance(found, NullLifts):
                unfinished = self._begin_nulls(n) if found is None else found
                self._nulls[key] = unfinished
                settings = {"k": k, "t": t, "tolerance": tolerance, "inside": inside}
                found = self._nulls[key] = self._finish_nulls(unfinished, settings, watch)
            return found
        finally:
            self._lock.release()

    def _begin_nulls(self, n: int) -> _Unfinished:
        generator = torch.Generator().manual_seed(self.seed + 1)
        rows = torch.randperm(len(self), generator=generator)[:n].sort().values.numpy()
        return _Unfinished(rows, generator, [], [])

    def _finish_nulls(self, made: _Unfinished, settings: dict[str, Any], watch: Watch) -> NullLifts:
        self._more_lifts(
            made.rows, made.random, (self.half_a, self.half_b), self.packed, settings, watch, "random anchors"
        )
        if made.mixed is None or made.halves is None:
            announce(watch, "shuffling states")
            made.mixed = shuffle_units(
                self.packed, self.codes.n_neurons, self.codes.neurons_per_unit, generator=made.generator
            )
            made.halves = self._counted(made.mixed[: self.half]), self._counted(made.mixed[self.half :])
        self._more_lifts(made.rows, made.shuffled, made.halves, made.mixed, settings, watch, "shuffled states")
        return NullLifts(made.rows, np.concatenate(made.random), np.concatenate(made.shuffled))

    def _more_lifts(
        self,
        rows: np.ndarray,
        done: list[np.ndarray],
        halves: tuple[CountedCodes, CountedCodes],
        packed: Tensor,
        settings: dict[str, Any],
        watch: Watch,
        words: str,
    ) -> None:
        """Add the lifts of the anchors that are not done yet, a few at a time."""
        for start in range(sum(map(len, done)), len(rows), _ANCHORS_AT_ONCE):
            announce(watch, f"{words}: {start} of {len(rows)}")
            some = rows[start : start + _ANCHORS_AT_ONCE]
            code = packed[torch.from_numpy(self._place[some])]
            done.append(self._lifts(*halves, code, some, **settings).lift.numpy())

    def _lifts(
        self,
        half_a: CountedCodes,
        half_b: CountedCodes,
        code: Tensor,
        rows: np.ndarray,
        *,
        k: int,
        t: int,
        tolerance: int,
        inside: bool,
    ) -> SplitLifts:
        places = torch.from_numpy(np.where(rows >= 0, self._place[rows], -1))
        return split_lifts(
            half_a,
            half_b,
            code,
            place_a=places.where(places < self.half, -1),
            place_b=(places - self.half).clamp(min=-1),
            k=k,
            t=t,
            tolerance=tolerance,
            with_anchor=inside,
        )

    def _counted(self, packed: Tensor) -> CountedCodes:
        return CountedCodes(packed, count_on(packed, self.codes.n_neurons))


def reference_of(recording: Recording, codes: LayerCodes, images: np.ndarray, words: str, seed: int) -> Reference:
    """The reference set of some images, made once: the latest few of a recording are kept."""
    with _LOCK:
        known = _KEPT.setdefault(recording, {})
        key = (codes.layer, codes.thresholded, images.tobytes(), words, seed)
        made = known.pop(key, None)
        known[key] = Reference(codes, images, words, seed) if made is None else made
        while len(known) > _MOST_KEPT:
            known.pop(next(iter(known)))
        return known[key]
