"""Ablations at the word of a test: effects that are held back, come in parts, fail, or take their time."""

import threading
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from nbinterp.analyses.ablation import Effect

N_IMAGES, N_CLASSES, N_UNITS = 40, 4, 12


def planted_effect(n_off: int, *, n: int = N_IMAGES, of: int = N_IMAGES, labelled: bool = True) -> Effect:
    """Four classes in turn, all right at first; `n_off` units off turn the last `n_off` images of class 0 into 1."""
    images = np.arange(n)
    labels = images % N_CLASSES
    before, after = labels.copy(), labels.copy()
    after[np.flatnonzero(labels == 0)[::-1][:n_off]] = 1
    balanced = np.array(
        [((after == c)[labels == c].mean() + (after != c)[labels != c].mean()) / 2 for c in range(N_CLASSES)]
    )
    return Effect(
        images=images,
        labels=labels if labelled else before,
        predictions=after,
        probabilities=np.eye(N_CLASSES, dtype=np.float32)[after],
        predictions_before=before,
        accuracy=float((after == labels).mean()),
        accuracy_before=1.0,
        balanced_accuracy=balanced,
        balanced_accuracy_before=np.ones(N_CLASSES),
        n_total=of,
        class_names=None,
    )


class FakeAblation:
    """Answers edits with planted effects: in parts if told so, each behind a gate that the test opens."""

    def __init__(self, recording, *, parts=(N_IMAGES,), labelled=True, classes=None):
        self.recording, self.parts, self.layer, self.n_units = recording, parts, "stage4", N_UNITS
        self.n_images, self.n_classes, self.class_names = N_IMAGES, N_CLASSES, classes
        self.against, self.tail_reason = ("labels" if labelled else "own predictions"), ""
        self.labelled = labelled
        self.baseline = planted_effect(0, labelled=labelled)
        self.asked: list[dict] = []
        self.gate = threading.Event()
        self.gate.set()
        self.begun = threading.Semaphore(0)
        self.runs_done = 0

    def effects(self, units, value=0, *, check=None):
        self.asked.append(dict(units))
        if 11 in units:
            raise ValueError("unit 11 cannot be switched off today")
        for n in self.parts:
            self.begun.release()
            assert self.gate.wait(20)
            assert check is not None
            check()
            n_off = sum(scale < 0.5 for scale in units.values())
            yield planted_effect(n_off, n=n, labelled=self.labelled)

    def ranking(self, class_=None, value=0, *, check=None, report=lambda done, of: None, progress=None):
        if class_ == 3:
            raise ValueError("the train half has no image of class 3")
        if check is not None:
            for done in range(5):
                self.begun.release()
                assert self.gate.wait(20)
                check()
                self.runs_done = done
                report(done, 5)
        order = np.roll(np.arange(N_UNITS), 0 if class_ is None else class_ + 1)
        return pd.DataFrame({"unit": order, "drop": np.linspace(0.3, 0, N_UNITS)})


def planted_ablation(recording, **options) -> Any:
    """A fake, for those who ask for an ablation."""
    return FakeAblation(recording, **options)


def fake_dissection(n_units=N_UNITS, layer="stage4") -> Any:
    """Concepts: wheel (units 2, 5), blue as an object (7) and as a colour (1, 3, 4); the other units detect nothing."""
    of = {("wheel", "object"): [2, 5], ("blue", "object"): [7], ("blue", "colour"): [3, 1, 4]}
    found = {unit: key for key, units in of.items() for unit in units}
    labels = pd.DataFrame(
        {
            "concept": [found.get(unit, ("", ""))[0] for unit in range(n_units)],
            "iou": [0.25 if unit in found else 0.01 for unit in range(n_units)],
            "is_detector": [unit in found for unit in range(n_units)],
        }
    )
    by_concept = pd.DataFrame(
        [(*key, len(units)) for key, units in of.items()], columns=["concept", "category", "n_units"]
    ).sort_values("n_units", ascending=False, kind="stable")
    return SimpleNamespace(
        layer=layer,
        iou=np.zeros((n_units, 3)),
        by_concept=lambda: by_concept,
        units_of=lambda concept, category: np.array(of[concept, category]),
        labels=lambda: labels,
    )
