"""The region view's panels: what else there is to say of an anchor, computed when asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from nbinterp.analyses import Recording
from nbinterp.analyses.regions import Mistake, Region, explain_mistake, neighbours_beside, regions, subclasses
from nbinterp.analyses.regions.layers import overlap
from nbinterp.analyses.regions.watch import Watch, announce
from nbinterp.jobs import Cancelled, Job
from nbinterp.widgets.region_facts import class_words, layer_choices, purity_words

MOST_PICTURES = 60  # of the images that are in no subclass
OUTCOME = ["set", "n_neurons", "probability", "prediction", "repaired"]
SET_WORDS = {
    "region": "The region",
    "hamming": "Nearest by Hamming distance",
    "euclidean": "Nearest by Euclidean distance",
    "cosine": "Nearest by cosine distance",
}

Report = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class Subject:
    """What a panel is about.

    Attributes:
        recording: the recording.
        region: the region shown.
        image: its anchor, as `regions` takes it.
        settings: what else `regions` is called with, apart from layer and image.
    """

    recording: Recording
    region: Region
    image: Any
    settings: dict[str, Any]

    @property
    def class_number(self) -> int | None:
        """The class that the anchor is predicted as; None for an image from outside."""
        return None if self.region.anchor is None else int(self.recording.predictions[self.region.anchor])

    def key(self, panel: str) -> str:
        """Equal for two regions if the panel says the same of both."""
        region, image = self.region, self.region.anchor_name
        if panel == "subclasses":
            return repr((region.layer, self.class_number, region.t, region.reduce, region.quantile))
        if panel == "layers":
            return repr((image, region.k, region.t, region.tolerance, region.among, region.reduce, region.quantile))
        return repr((image, region.layer, region.k, region.t, region.tolerance, region.among))


def panel(name: str, subject: Subject, job: Job, report: Report) -> dict[str, Any]:
    """Compute a panel; stopped, it says what it has by then.

    Args:
        name: one of `PANELS`.
        subject: what it is about.
        job: may be cancelled between its steps.
        report: is told how far it is.

    Raises:
        Cancelled: the job was, before there was anything.
        LookupError: there is no such panel.
        ValueError: it makes no sense for this region; the message says why.
    """
    makers = {"layers": _layers, "neighbours": _neighbours, "mistake": _mistake, "subclasses": _subclasses}
    if name not in makers:
        raise LookupError(f"no panel {name!r}; there are {', '.join(map(repr, makers))}")

    def watch(text: str) -> bool:
        report(text)
        return job.cancelled

    return makers[name](subject, watch)


def _layers(subject: Subject, watch: Watch) -> dict[str, Any]:
    """The anchor's region in every layer in which there is one, and their overlap."""
    recording, found = subject.recording, list[Region]()
    usable = [one["name"] for one in layer_choices(recording, subject.region.reduce) if not one["reason"]]
    for layer in usable:
        words = f"layer {len(found) + 1} of {len(usable)}, {layer}"
        try:
            announce(watch, words)
            region = regions(recording, layer, subject.image, **subject.settings)
            region.weigh(lambda text, words=words: watch(f"{words}: {text}"))  # the null lifts take longest
        except Cancelled:
            if not found:
                raise
            break
        found.append(region)
    rows = [
        {"name": region.layer, "stands_out": region.stands_out, "verdict": region.verdict}
        | _set(region.members, region)
        for region in found
    ]
    shares = overlap([region.members for region in found])
    return {"layer": subject.region.layer, "rows": rows, "overlap": [[_share(x) for x in row] for row in shares]}


def _neighbours(subject: Subject, watch: Watch) -> dict[str, Any]:
    """As many nearest images by three distances."""
    announce(watch, "measuring distances")
    beside = neighbours_beside(subject.region)
    rows = []
    for number, (name, images) in enumerate(beside.sets.items()):
        purity = purity_words(beside.purity[name])
        shown = {"name": SET_WORDS[name], "purity": purity, "overlap": _share(beside.overlap[0, number])}
        rows.append(shown | _pictures(images))
    return {"features": beside.features, "rows": rows}


def _mistake(subject: Subject, watch: Watch) -> dict[str, Any]:
    """What the image lacks of correct images' rules, and what setting those neurons does."""
    taken = ("k", "t", "reduce", "quantile", "tolerance", "seed", "progress")
    settings = {name: subject.settings[name] for name in taken}
    found = explain_mistake(subject.recording, subject.region.layer, subject.image, **settings, watch=watch)
    return {
        "label": class_words(found.label, found.class_names),
        "prediction": class_words(found.prediction, found.class_names),
        "probability": float(found.probabilities[found.label]),
        "rows": [_comparison(found, number, subject.recording) for number in range(len(found.correct))],
    }


def _comparison(found: Mistake, number: int, recording: Recording) -> dict[str, Any]:
    """One correct image: the literals that differ and the outcomes of setting them."""
    region = found.correct[number]
    outcomes = []
    ours = found.outcomes.loc[found.outcomes["region"] == region.anchor, OUTCOME]
    for kind, n, probability, prediction, repaired in ours.itertuples(index=False, name=None):
        known = isinstance(prediction, int | np.integer)  # a control is many draws
        outcomes.append(
            {
                "set": kind,
                "n_neurons": int(n),
                "probability": float(probability),
                "prediction": class_words(int(prediction), found.class_names) if known else "",
                "repaired": float(repaired),
            }
        )
    literals = [str(literal) for literal in found.differences[number]]
    shown = {"anchor": region.anchor, "name": region.anchor_name, "n_literals": len(region.literals)}
    return shown | {"differs": literals, "outcomes": outcomes} | _pictures(region.members)


def _subclasses(subject: Subject, watch: Watch) -> dict[str, Any]:
    """Regions that cover the class the anchor is predicted as."""
    number, region = subject.class_number, subject.region
    if number is None:
        raise ValueError("subclasses are of a recorded image's class")
    settings = {name: subject.settings[name] for name in ("reduce", "quantile", "seed", "progress")}
    found = subclasses(subject.recording, region.layer, number, t=region.t, **settings, watch=watch)
    rows = []
    for new, one in zip(found.frame["new"], found.regions, strict=True):
        rule = [str(literal) for literal in one.literals]
        row = {"name": one.anchor_name, "anchor": one.anchor, "new": int(new), "verdict": one.verdict, "rule": rule}
        rows.append(row | {"stands_out": one.stands_out} | _set(one.members, one))
    return {
        "class_name": class_words(number, subject.recording.class_names),
        "n_images": len(found.images),
        "n_covered": len(found.covered),
        "n_candidates": len(found.candidates),
        "uncovered": found.uncovered[:MOST_PICTURES].tolist(),
        "rows": rows,
    }


def _set(images: np.ndarray, region: Region) -> dict[str, Any]:
    return {"purity": purity_words(region.purity)} | _pictures(images)


def _pictures(images: np.ndarray) -> dict[str, Any]:
    return {"n": len(images), "images": images.tolist()}


def _share(value: float) -> float | None:
    return round(float(value), 4) if np.isfinite(value) else None
