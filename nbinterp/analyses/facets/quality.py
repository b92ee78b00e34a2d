"""How good synthesized facets are, in the eyes of another network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from nbinterp.data import ProbeSet
from nbinterp.instrument import Classifier

from ..record import record
from .features import features_of


@dataclass(frozen=True, eq=False)
class Quality:
    """Synthesized images among the facets, in the features of an independent classifier.

    Attributes:
        layer: where: the judge's last layer with positions.
        distances: float32, image × facet: from the synthesized image to the mean feature of each facet's images.
        own_closest: share of the images that are closest to their own facet.
        diversity: mean distance between two facets' images; NaN for one facet.
        restart_diversity: the same of as many images made from random starts.
    """

    layer: str
    distances: np.ndarray
    own_closest: float
    diversity: float
    restart_diversity: float

    def __repr__(self) -> str:
        n = len(self.distances)
        text = f"{round(self.own_closest * n)} of {n} images closest to their own facet in {self.layer!r} of the judge"
        if n > 1:
            text += f"; {self.diversity:.3g} apart, from random starts {self.restart_diversity:.3g}"
        return f"Quality({text})"

    @property
    def own(self) -> np.ndarray:
        """bool: of each image, whether it is closest to its own facet."""
        return self.distances.argmin(1) == np.arange(len(self.distances))

    @property
    def frame(self) -> pd.DataFrame:
        """One row per synthesized image, one column per facet."""
        return pd.DataFrame(self.distances, columns=[f"facet {i}" for i in range(self.distances.shape[1])])


def judging_layer(judge: Classifier) -> str:
    """The judge's last layer with positions: behind it, what belongs to one class has been mapped together.

    Raises:
        ValueError: the judge has no layer before its logits.
    """
    table = judge.layers().to_dict("records")
    before = [row for row in table if row["n_units"] != table[-1]["n_units"]]
    several = [
        row for row in before if row["kind"] == "tokens" or (row["kind"] == "maps" and row["shape"][-2:] != (1, 1))
    ]
    if not before:
        raise ValueError(f"{type(judge.module).__name__} has no layer before its logits to judge in")
    return str((several or before)[-1]["name"])


def judge_features(judge: Classifier, layer: str, probe: ProbeSet) -> np.ndarray:
    """float32, images × features: what the judge makes of images, as facets are looked for (see `features_of`)."""
    recording = record(judge, probe, [layer], progress=False)
    return features_of(recording, recording[layer], np.arange(len(probe)))


def measure(
    judge: Classifier, probe: ProbeSet, members: Sequence[np.ndarray], images: np.ndarray, restarts: np.ndarray
) -> Quality:
    """Judge synthesized images.

    Args:
        judge: another classifier than the one they were made for.
        probe: the images of the recording.
        members: of each facet, indices into it.
        images: float32, facet×channel×height×width in [0, 1].
        restarts: as many images of the same unit, from random starts.

    Raises:
        ValueError: the judge's maps of them have another number of cells than those of the probe images.
    """
    layer = judging_layer(judge)
    centres = np.stack([judge_features(judge, layer, probe.subset(facet)).mean(0) for facet in members])
    own, random = (judge_features(judge, layer, _as_probe(made)) for made in (images, restarts))
    if own.shape[1] != centres.shape[1]:
        raise ValueError(
            f"the judge's layer {layer!r} has maps of other sizes for the synthesized images "
            f"({images.shape[2]}×{images.shape[3]} pixels) than for the probe images: give size= as theirs, or a judge "
            "whose preprocess scales"
        )
    distances = np.linalg.norm(own[:, None] - centres, axis=2).astype(np.float32)
    closest = float((distances.argmin(1) == np.arange(len(images))).mean())
    return Quality(layer, distances, closest, _spread(own), _spread(random))


def _as_probe(images: np.ndarray) -> ProbeSet:
    pictures = np.ascontiguousarray(images.transpose(0, 2, 3, 1))
    return ProbeSet.from_arrays(pictures[..., 0] if pictures.shape[3] == 1 else pictures)


def _spread(features: np.ndarray) -> float:
    """Mean distance between two of them."""
    n = len(features)
    if n < 2:
        return float("nan")
    distances = np.linalg.norm(features[:, None] - features, axis=2)
    return float(distances.sum() / (n * (n - 1)))
