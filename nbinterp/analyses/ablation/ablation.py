"""Ablation: what a classifier does without some units of a layer."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from nbinterp.data.facts import as_chosen
from nbinterp.kernels.ablation import UnitEdit

from ..maximize.request import whole
from ..recording import Recording
from .attack import Attack, run_attack
from .cached import Cached, Check
from .curves import IMPORTANCES, IouCorrelation, correlate_with_iou, measure_curve
from .edits import read_edit
from .effect import Effect, effect_of
from .ranking import Counted, Losses, Report, measure_losses

FIRST_SECONDS = 0.025
"""What a first answer is sized for, so that it takes less than 80 ms nearly always, and is drawn within 100 ms."""


@dataclass(frozen=True, eq=False)
class Ablation:
    """A layer's units, to be set to a value or scaled, and the rest of the network, which is run on cached activations.

    Made by `ablate`. N images, U units, C classes. Nothing is ever changed on the model.

    Attributes:
        layer: the layer.
        n_units: U.
        images: int64, N: their numbers in the recording, ascending.
        train, test: int64: the halves, drawn class by class: units are ranked on the one, curves measured on the other.
        labels: int64, N: class of each of `images`, -1 where unknown.
        against: "labels", or "own predictions" where there are no labels in the classifier's numbering: accuracies
            then say how far the network agrees with itself as it is.
        class_names: names of the classes, or None.
        n_classes: C.
        baseline: predictions of the network as it is, on all images.
        tail_reason: why the whole network is run for every answer; "" if only what comes behind the layer is.
        recording: what it was made of.
    """

    layer: str
    n_units: int
    images: np.ndarray
    train: np.ndarray
    test: np.ndarray
    labels: np.ndarray
    against: str
    class_names: tuple[str, ...] | None
    n_classes: int
    baseline: Effect
    tail_reason: str
    recording: Recording
    _cached: Cached = field(repr=False)
    _before: Tensor = field(repr=False)
    _progress: bool = field(repr=False)
    _kept: dict[Any, Losses] = field(default_factory=dict, repr=False)
    _counted: dict[Any, Counted] = field(default_factory=dict, repr=False)
    _ranking: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @property
    def n_images(self) -> int:
        """N."""
        return len(self.images)

    def accuracy(self, units: Any = (), value: Any = 0, *, scale: float | None = None) -> float:
        """Accuracy after an edit; see `effect`."""
        return self.effect(units, value, scale=scale).accuracy

    def balanced_accuracy(self, units: Any = (), value: Any = 0, *, scale: float | None = None) -> np.ndarray:
        """float64, C: balanced accuracy of every class after an edit; see `effect`."""
        return self.effect(units, value, scale=scale).balanced_accuracy

    def probabilities(self, units: Any = (), value: Any = 0, *, scale: float | None = None) -> np.ndarray:
        """float32, N × C: softmax probabilities after an edit; see `effect`."""
        return self.effect(units, value, scale=scale).probabilities

    def confusion(self, units: Any = (), value: Any = 0, *, scale: float | None = None) -> np.ndarray:
        """int64, C × C: images of each class (row) predicted as each class (column) after an edit; see `effect`."""
        return self.effect(units, value, scale=scale).confusion

    def effect(
        self,
        units: Any = (),
        value: Any = 0,
        *,
        scale: float | None = None,
        images: Any = None,
        check: Check | None = None,
    ) -> Effect:
        """What the network predicts when all activations of some units are set to a value, or multiplied.

        Args:
            units: one unit, several, or unit -> scale; of none, the network as it is.
            value: a number, or "mean": each unit's own mean over all images and positions (of token layers: over the
                patch tokens; the class token is set to it too). Of unit -> scale: what a unit is at scale 0; in
                between it lies between that and what it is.
            scale: multiply by it instead of setting a value, 0 to 2 (1: as it is).
            images: numbers of images in the recording, or one boolean per image of it; "train" or "test": a half;
                None: all.
            check: called between batches; what it raises ends the work.

        Returns:
            Predictions and accuracies after and before. All images, and either half, are always run in the same
            batches, so that equal edits give equal numbers, bit for bit; other sets of images agree with these up to
            rounding.

        Raises:
            IndexError: no such unit or image.
            TypeError, ValueError: a value or scale that is no number, or out of range, or both of them; images that
                are neither numbers nor a boolean each.
        """
        edit = self._edit(units, value, scale)
        chosen = self._chosen(images)
        parts = []
        for batch, rows in self._cached.select(chosen):
            if check is not None:
                check()
            numbers = batch.images if rows is None else batch.images[rows]
            parts.append((numbers, self._cached.logits(batch, edit, rows)))
        return self._effect(parts, len(chosen))

    def effects(
        self,
        units: Any = (),
        value: Any = 0,
        *,
        scale: float | None = None,
        first: int | None = None,
        check: Check | None = None,
    ) -> Iterator[Effect]:
        """The same as `effect` on all images, bit by bit: a first answer at once, then better ones, the last complete.

        Args:
            units: as for `effect`.
            value: likewise.
            scale: likewise.
            first: how many images the first answer is of; None: as many as take less than 80 ms on this machine.
            check: called between batches; what it raises ends the work.

        Returns:
            Iterator over effects on more and more images, in a random order that has the classes in about their
            proportions from the beginning.

        Raises:
            IndexError, TypeError, ValueError: as for `effect`, or a wrong `first`; at the call, not while iterating.
        """
        n_first = self._first_size() if first is None else whole("first", first, 1)
        return self._growing(self._edit(units, value, scale), n_first, check)

    def _growing(self, edit: UnitEdit, n_first: int, check: Check | None) -> Iterator[Effect]:
        batches = self._cached.batches
        if n_first < len(batches[0].images):
            yield self._effect([self._part(0, edit, slice(n_first))], self.n_images)
        parts, shown, n = [], n_first, 0
        for number, batch in enumerate(batches):
            if check is not None:
                check()
            parts.append(self._part(number, edit, None))
            n += len(batch.images)
            if n >= 2 * shown or n == self.n_images:
                yield self._effect(parts, self.n_images)
                shown = n

    def ranking(
        self,
        class_: int | str | None = None,
        value: Any = 0,
        *,
        check: Check | None = None,
        report: Report | None = None,
        progress: bool | None = None,
    ) -> pd.DataFrame:
        """Units by what a class loses when the unit alone is ablated, on the train half; the most important first.

        All units are measured for all classes together, once per value.

        Args:
            class_: number or name; None: what all classes together lose.
            value: what the unit is set to, a number or "mean".
            check: called before every run; what it raises ends the work; the next call goes on from there.
            report: takes how many runs are done, and of how many.
            progress: show a bar; None: as `ablate` was told.

        Returns:
            One row per unit: unit, drop (of the class's balanced accuracy; of accuracy without a class), what is left
            (balanced_accuracy or accuracy), and probability_drop, the mean fall of the class's probability on its own
            images, which decides between units of equal drop.

        Raises:
            LookupError: there is no such class.
            ValueError: the train half has no image of the class, or of no other.
        """
        number = None if class_ is None else self._class(class_)
        if number is not None:
            self._check_trained(number)
        shown = self._progress if progress is None else progress
        return self._measured_losses(value, check=check, report=report, shown=shown).frame(number)

    def curve(
        self,
        class_: int | str | None = None,
        sizes: Sequence[int] = (1, 2, 3, 4, 5, 20),
        *,
        keep: bool = False,
        value: Any = 0,
        n_random: int = 5,
        seed: int = 0,
        check: Check | None = None,
    ) -> pd.DataFrame:
        """Accuracies on the test half when the most important units (by the train half) are ablated together.

        Args:
            class_: number or name; None: units important to accuracy, and balanced accuracy averaged over classes.
            sizes: how many units; those above U are left out.
            keep: ablate all but so many.
            value: what they are set to.
            n_random: random sets of the same size, as control.
            seed: of these.
            check: called before every run; what it raises ends the work.

        Returns:
            One row for the network as it is, then one per size: size, removed (units), balanced_accuracy (of the
            class), accuracy; random_balanced_accuracy and random_accuracy (means over the random sets),
            random_lowest and random_highest (balanced accuracy).

        Raises:
            LookupError: there is no such class.
            ValueError: wrong sizes, n_random or seed, or the train half has no image of the class, or of no other.
        """
        number = None if class_ is None else self._class(class_)
        return measure_curve(self, number, sizes, keep=keep, value=value, n_random=n_random, seed=seed, check=check)

    def iou_correlation(self, dissection: Any, *, importance: str = "classes", top: int = 4) -> IouCorrelation:
        """Whether units that show a concept are the ones that classes need: rank correlation over the units.

        Args:
            dissection: of the same layer.
            importance: of a unit: "classes": for how many classes it is among the `top` whose ablation costs most
                (and costs anything), as in the paper; "max": its largest drop in balanced accuracy.
            top: see above, at least 1.

        Returns:
            Spearman's rho of best IoU and importance, its p value, and both values of every unit.

        Raises:
            TypeError: it is no dissection.
            ValueError: it is a dissection of another layer; a wrong importance or top.
        """
        if not hasattr(dissection, "iou") or not hasattr(dissection, "layer"):
            raise TypeError(f"dissection must be a Dissection, made by nbi.dissect; got {type(dissection).__name__}")
        if importance not in IMPORTANCES:
            raise ValueError(f"importance must be {' or '.join(map(repr, IMPORTANCES))}, got {importance!r}")
        top = whole("top", top, 1)
        iou = np.asarray(dissection.iou, dtype=np.float64)
        if dissection.layer != self.layer or len(iou) != self.n_units:
            raise ValueError(
                f"the dissection is of {dissection.layer!r} ({len(iou)} units), the ablation of {self.layer!r} "
                f"({self.n_units} units): dissect the same layer"
            )
        return correlate_with_iou(self._measured_losses(0, shown=self._progress), iou, importance, top)

    def attack(
        self,
        target: int | str,
        *,
        source: int | str | None = None,
        n_images: int = 100,
        epsilon: float | None = None,
        steps: int = 40,
        norm: str = "l2",
        seed: int = 0,
    ) -> Attack:
        """Change images just enough to be taken for a class, and see which units move (targeted PGD).

        An image stops changing as soon as it is taken for the target. It stays within what the preprocess can make of
        pixels from 0 to 1 (of a black and a white image); distances are in these pixel values. Where the images do not
        lie between these two, the smallest and the largest prepared value of the attacked images stand in for 0 and 1,
        and the result's `scale_note` says so. The paper uses the attack of Carlini and Wagner instead
        (arXiv:1608.04644).

        Args:
            target: number or name of the class.
            source: only images of this class that are predicted so; None: any that are neither labelled nor predicted
                as the target.
            n_images: at most so many, drawn with `seed`.
            epsilon: how far an image may move: the norm over all its values; None: 8/255 for "linf", and for "l2"
                that times √values, 3.5 at 64 × 64 × 3.
            steps: of gradient descent, at least 1.
            norm: "l2" or "linf".
            seed: of the drawing.

        Returns:
            Success, and the movement of the units' peaks: of the target's and the source's most important units beside
            all others.

        Raises:
            LookupError: there is no such class.
            ValueError: a wrong setting, or no image to attack.
            ModelError: no gradients reach the image.
        """
        return run_attack(
            self,
            self._class(target),
            None if source is None else self._class(source),
            n_images=n_images,
            epsilon=epsilon,
            steps=steps,
            norm=norm,
            seed=seed,
            shown=self._progress,
        )

    def _measured_losses(
        self, value: Any, *, check: Check | None = None, report: Report | None = None, shown: bool = False
    ) -> Losses:
        self._edit(0, value, None)  # a wrong value is refused before the work
        with self._ranking:
            if value not in self._kept:
                self._kept[value] = measure_losses(
                    self._cached,
                    self.train,
                    self.labels,
                    lambda unit: self._edit(unit, value, None),
                    self._counted.setdefault(value, {}),
                    shown=shown,
                    check=check,
                    report=report,
                )
                del self._counted[value]
            return self._kept[value]

    def _class(self, class_: int | str) -> int:
        if isinstance(class_, str):
            if self.class_names is None or class_ not in self.class_names:
                raise LookupError(f"there is no class {class_!r}; the classes are {self.class_names or 'unnamed'}")
            return self.class_names.index(class_)
        if isinstance(class_, bool) or not isinstance(class_, int | np.integer) or not 0 <= class_ < self.n_classes:
            raise LookupError(f"the classes are 0 to {self.n_classes - 1}, or their names, not {class_!r}")
        return int(class_)

    def _check_trained(self, number: int) -> None:
        labels = self.labels[np.isin(self.images, self.train)]
        labels = labels[labels >= 0]
        if (labels == number).any() and (labels != number).any():
            return
        has = "has no image of it" if not (labels == number).any() else "has no labelled image of another class"
        raise ValueError(f"balanced accuracy of {self._named(number)} is unknown: the train half {has}")

    def _named(self, number: int) -> str:
        return f"class {number}" if self.class_names is None else repr(self.class_names[number])

    def _part(self, number: int, edit: UnitEdit, rows: slice | None) -> tuple[np.ndarray, Tensor]:
        batch = self._cached.batches[number]
        return batch.images if rows is None else batch.images[rows], self._cached.logits(batch, edit, rows)

    def _first_size(self) -> int:
        return max(1, int(FIRST_SECONDS / self._cached.seconds))

    def _edit(self, units: Any, value: Any, scale: float | None) -> UnitEdit:
        return read_edit(units, value, scale, self.n_units, lambda: self._cached.means)

    def _chosen(self, images: Any) -> np.ndarray:
        if images is None:
            return self.images
        if isinstance(images, str):
            if images not in ("train", "test"):
                raise ValueError(f"images must be 'train', 'test', numbers of images, or None; got {images!r}")
            return self.train if images == "train" else self.test
        chosen = np.unique(as_chosen(np.atleast_1d(images), len(self.recording), "images"))
        beyond = np.setdiff1d(chosen, self.images)
        if len(beyond):
            raise IndexError(
                f"image {beyond[0]} is not among the {self.n_images:,} images of this ablation (.images lists them)"
            )
        return chosen

    def _effect(self, parts: Sequence[tuple[np.ndarray, Tensor]], n_total: int) -> Effect:
        images = np.concatenate([numbers for numbers, _ in parts])
        rows = np.searchsorted(self.images, images)
        logits = torch.cat([values for _, values in parts])
        return effect_of(images, self.labels[rows], logits, self._before[rows], n_total, self.class_names)

    def __repr__(self) -> str:
        what = "accuracy" if self.against == "labels" else "agreement with its own predictions"
        how = "" if not self.tail_reason else "; the whole network is run for every answer"
        return (
            f"Ablation of {self.n_units} units of {self.layer!r} on {self.n_images:,} images: {what} "
            f"{self.baseline.accuracy:.1%} as it is{how}"
        )
