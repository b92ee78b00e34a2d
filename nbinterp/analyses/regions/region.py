"""Region: a rule of a few literals, the images that follow it, and whether that is more than chance."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..recording import DetachedError, Recording
from .watch import Watch, unwatched

if TYPE_CHECKING:
    from .codes import LayerCodes

ALPHA = 0.05
"""A region stands out if its p-value is at most this. Measured on the planted world: `tests/planted/test_regions*`."""

OUTSIDE = 0.7
"""Random anchors that satisfy this share of the literals, or more, do not count as random: they share the concept."""

FEWEST_ANCHORS = 19  # with fewer, no p-value can be 0.05


@dataclass(frozen=True)
class Literal:
    """One condition of a rule: a neuron, and the state it must have.

    Attributes:
        unit: which unit.
        y, x: row and column in the activation map; None if the neuron is the whole unit.
        state: True: on.
        base_rate: share of the reference images on which the neuron is on.
        score: share of the reference images that are in the other state, |p − b|.
    """

    unit: int
    y: int | None
    x: int | None
    state: bool
    base_rate: float
    score: float

    @property
    def neuron(self) -> tuple[int, int | None, int | None]:
        """Unit, row and column."""
        return self.unit, self.y, self.x

    def __str__(self) -> str:
        where = "" if self.y is None else f" at ({self.y}, {self.x})"
        return f"unit {self.unit}{where} {'on' if self.state else 'off'}"


@dataclass(frozen=True, eq=False)
class Purity:
    """How much of one kind some images are.

    Attributes:
        value: the most frequent class; −1 if none is known.
        name: what it is called; None if nobody said.
        share: of the images whose class is known, those of that class; NaN if none is.
        counts: class -> number of images.
        n_known: number of images whose class is known.
    """

    value: int
    name: str | None
    share: float
    counts: dict[int, int]
    n_known: int

    @classmethod
    def of(cls, numbers: np.ndarray, names: Sequence[str] | None) -> Purity:
        """Count classes, −1 meaning unknown; of equally frequent ones the lower number is taken."""
        values, counts = np.unique(numbers[numbers >= 0], return_counts=True)
        if not len(values):
            return cls(-1, None, float("nan"), {}, 0)
        best, total = int(values[counts.argmax()]), int(counts.sum())
        found = {int(value): int(count) for value, count in zip(values, counts, strict=True)}
        return cls(best, None if names is None else names[best], found[best] / total, found, total)

    def __str__(self) -> str:
        name = self.name if self.name is not None else f"class {self.value}"
        return f"{self.share:.0%} {name}" if self.n_known else "unknown"


@dataclass(frozen=True, eq=False)
class Evidence:
    """What the verdict rests on: of one anchor, on images that had no part in finding the rule.

    Attributes:
        n_members: images of half B that follow the rule found on half A.
        expected: how many would, if its neurons were independent.
        lift: the first over the second; NaN without a rule.
        random: lifts of random anchors outside the region (those that satisfy less than 70 % of its literals).
        shuffled: lifts of random anchors on codes shuffled unit by unit.
    """

    n_members: int
    expected: float
    lift: float
    random: np.ndarray
    shuffled: np.ndarray


@dataclass(frozen=True, eq=False)
class Region:
    """The relaxed decision region of an anchor: made by `regions`. Images are numbered as in the recording.

    Attributes:
        anchor: number of the image; None for an image from outside.
        anchor_name: its name.
        layer: where the states are taken.
        thresholded: which tensor is compared with which threshold, by the settings `reduce` and `quantile`.
        among: what the reference images are, and `reference`: int64, which.
        k, t, tolerance, n_null, seed: as asked for.
        literals: the rule, the most unusual state first; at most t.
        neighbours: int64: the neighbour set, nearest first, the anchor included if it is a reference image;
            `distances` (int64) in neurons.
        members: int64: reference images that satisfy the rule (up to `tolerance` literals).
        purity: of the members, "label" and "prediction"; `neighbour_purity` of the neighbours.
        notes: ties, fewer neurons than asked for, and the like.
        columns: uint8, literals × ceil(N / 8): the state of each literal's neuron on all N recorded images, packed.
    """

    anchor: int | None
    anchor_name: str
    layer: str
    thresholded: str
    reduce: str
    quantile: float | None
    among: str
    reference: np.ndarray = field(repr=False)
    k: int
    t: int
    tolerance: int
    n_null: int
    seed: int
    literals: tuple[Literal, ...]
    neighbours: np.ndarray
    distances: np.ndarray
    members: np.ndarray
    purity: dict[str, Purity]
    neighbour_purity: dict[str, Purity]
    notes: tuple[str, ...]
    columns: np.ndarray = field(repr=False)
    n_images: int
    _weigh: Callable[[Watch], Evidence] = field(repr=False)
    recording: Recording | None = field(repr=False, default=None)
    codes: LayerCodes | None = field(repr=False, default=None)
    _weighed: list[Evidence | None] = field(repr=False, init=False, default_factory=lambda: [None])

    @property
    def support(self) -> int:
        """How many reference images are members."""
        return len(self.members)

    @property
    def n_members_left_out(self) -> int:
        """How many members are not among the neighbours the rule was made from."""
        return len(np.setdiff1d(self.members, self.neighbours))

    @cached_property
    def leave_out(self) -> pd.DataFrame:
        """The rule without its neighbours' own part in it: each literal's base rate and score over the other images."""
        n, k = len(self.reference), len(self.neighbours)
        rows = [
            (one.unit, one.y, one.x, "on" if one.state else "off", (one.base_rate * n - one.state * k) / (n - k))
            for one in self.literals
        ]
        found = pd.DataFrame(rows, columns=["unit", "y", "x", "state", "base_rate"])
        found["score"] = [one.score * n / (n - k) for one in self.literals]
        return found.astype({"y": "Int64", "x": "Int64"})

    @property
    def evidence(self) -> Evidence:
        """What the verdict rests on. The null lifts are computed here, once for all anchors of one k and t."""
        return self.weigh()

    def weigh(self, watch: Watch = unwatched) -> Evidence:
        """The evidence, watched while it is computed: seconds for the first anchor among ten thousand images.

        Args:
            watch: is told what comes next; if it returns True, this ends, and a later call goes on from there.

        Raises:
            Cancelled: `watch` said so.
        """
        if self._weighed[0] is None:
            self._weighed[0] = self._weigh(watch)
        return self._weighed[0]

    @property
    def lift(self) -> float:
        """Members among held-out images over the number expected if the rule's neurons were independent."""
        return self.evidence.lift

    @property
    def null_lifts(self) -> dict[str, np.ndarray]:
        """float64 each: lifts of "random anchors" outside the region, and on "shuffled" codes."""
        return {"random anchors": self.evidence.random, "shuffled": self.evidence.shuffled}

    @property
    def p_values(self) -> dict[str, float]:
        """For each null, (1 + how many of its lifts are at least this one) / (1 + how many there are)."""
        return {name: p_value(self.lift, null) for name, null in self.null_lifts.items()}

    @property
    def p_value(self) -> float:
        """The larger of both: a region stands out only if it beats random anchors and shuffled codes."""
        return max(self.p_values.values())

    @property
    def stands_out(self) -> bool:
        """Whether it does, at 0.05, with a held-out member at all, and with enough random anchors to tell."""
        return self.p_value <= ALPHA and self.evidence.n_members > 0 and len(self.evidence.random) >= FEWEST_ANCHORS

    @property
    def verdict(self) -> str:
        """Whether the region stands out, and from what, in words."""
        found = self.evidence
        if not self.literals:
            return "no more than chance: the neighbours share no state that is not shared by all"
        if len(found.random) < FEWEST_ANCHORS:
            return (
                f"no more than chance: only {len(found.random)} random anchors lie outside the region, too few to "
                "compare with"
            )
        beaten = (found.random >= found.lift).sum(), (found.shuffled >= found.lift).sum()
        follow = "s follow" if found.n_members != 1 else " follows"
        facts = (
            f"{found.n_members} held-out image{follow} the rule, {found.expected:.2g} "
            f"would by chance (lift {lift_words(found.lift)}); as much is reached by {beaten[0]} of "
            f"{len(found.random)} random anchors outside the region and {beaten[1]} of {len(found.shuffled)} on "
            f"shuffled codes (p = {self.p_value:.2g})"
        )
        return f"{'stands out' if self.stands_out else 'no more than chance'}: {facts}"

    @property
    def frame(self) -> pd.DataFrame:
        """One row per literal: unit, y, x, state ("on", "off"), base_rate, score."""
        rows = [
            (one.unit, one.y, one.x, "on" if one.state else "off", one.base_rate, one.score) for one in self.literals
        ]
        found = pd.DataFrame(rows, columns=["unit", "y", "x", "state", "base_rate", "score"])
        return found.astype({"y": "Int64", "x": "Int64"})

    def members_of(self, literals: Sequence[Literal], *, tolerance: int | None = None) -> np.ndarray:
        """The reference images that follow another rule: literals of this one dropped, turned round, or new ones.

        Args:
            literals: the rule; of an empty one all images are members.
            tolerance: how many of them may be violated; default the region's.

        Returns:
            int64, ascending.

        Raises:
            DetachedError: a neuron is not of this region's rule, and the region was loaded without its recording.
            IndexError: there is no such neuron.
        """
        states = self._states([literal.neuron for literal in literals])
        wanted = np.array([literal.state for literal in literals], dtype=bool)
        violated = (states[:, self.reference] != wanted[:, None]).sum(0)
        return self.reference[violated <= (self.tolerance if tolerance is None else tolerance)]

    def purity_of(self, values: np.ndarray) -> tuple[object, float]:
        """The most frequent value of a column among the members, and its share.

        Args:
            values: one per recorded image, such as `recording.columns["subclass"]`.

        Raises:
            ValueError: if there is not one per image, or there are no members.
        """
        if len(values) != self.n_images or not self.support:
            raise ValueError(f"expected one value for each of {self.n_images} images and at least one member")
        found, counts = np.unique(np.asarray(values)[self.members], return_counts=True)
        return found[counts.argmax()].item(), float(counts.max() / self.support)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the region, with its null lifts, to one safetensors file; an older one is replaced as a whole.

        Raises:
            OSError: the file cannot be written.
        """
        from .files import save_region

        save_region(self, Path(path))

    @classmethod
    def load(cls, path: str | os.PathLike[str], recording: Recording | None = None) -> Region:
        """Read what `save` wrote, and attach the recording, if given.

        Raises:
            FileNotFoundError: there is no such file.
            DamagedFileError: it is truncated or altered.
            ValueError: it holds no region.
            MismatchError: it is of another recording.
        """
        from .files import load_region

        return load_region(Path(path), recording)

    def __repr__(self) -> str:
        kind = self.purity["prediction"]
        return (
            f"Region of {self.anchor_name!r} in {self.layer!r}: {len(self.literals)} literals, {self.support} of "
            f"{len(self.reference):,} images ({kind} predicted)"
        )

    def _states(self, neurons: Sequence[tuple[int, int | None, int | None]]) -> np.ndarray:
        """bool, neurons × recorded images."""
        known = {literal.neuron: row for row, literal in enumerate(self.literals)}
        if all(neuron in known for neuron in neurons):
            packed = self.columns[[known[neuron] for neuron in neurons]]
            return np.unpackbits(packed, axis=1, count=self.n_images).astype(bool)
        if self.codes is None:
            missing = next(neuron for neuron in neurons if neuron not in known)
            raise DetachedError(
                f"unit {missing[0]} at ({missing[1]}, {missing[2]}) is not in this region's rule; its states take the "
                "recording: Region.load(path, recording)"
            )
        from .driver import states_on_images

        return states_on_images(self.codes, neurons)


def p_value(lift: float, null: np.ndarray) -> float:
    """(1 + lifts of the null that are at least this one) / (1 + how many there are); 1 without a lift."""
    known = null[~np.isnan(null)]
    return 1.0 if np.isnan(lift) else float((1 + (known >= lift).sum()) / (1 + len(known)))


def lift_words(lift: float) -> str:
    """A lift with three digits or, from 1,000 on, as a whole number."""
    return f"{lift:,.0f}" if lift >= 999.5 else f"{lift:.3g}"


def purity_of_images(recording: Recording, images: np.ndarray) -> dict[str, Purity]:
    """How much of one "label" and of one "prediction" some recorded images are."""
    return {
        "label": Purity.of(recording.labels[images], recording.label_names),
        "prediction": Purity.of(recording.predictions[images], recording.class_names),
    }
