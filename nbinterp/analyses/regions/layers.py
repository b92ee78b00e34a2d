"""across_layers: the region of one image in every recorded layer, and how much they overlap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from torch import nn

from ..recording import Recording
from .driver import regions
from .region import Region


@dataclass(frozen=True, eq=False)
class AcrossLayers:
    """One image's region in several layers: made by `across_layers`.

    Attributes:
        regions: layer -> region, in the order of the layers.
        overlap: float64, layers × layers: members in both regions over members in either (Jaccard); NaN for two
            without members.
    """

    regions: dict[str, Region]
    overlap: np.ndarray

    @property
    def frame(self) -> pd.DataFrame:
        """One row per layer: members, label_purity, label, prediction_purity, prediction, lift, p_value, stands_out."""
        rows = []
        for layer, region in self.regions.items():
            label, prediction = region.purity["label"], region.purity["prediction"]
            rows.append((layer, region.support, label.share, label.name, prediction.share, prediction.name))
        names = ["layer", "members", "label_purity", "label", "prediction_purity", "prediction"]
        found = pd.DataFrame(rows, columns=names)
        found["lift"] = [region.lift for region in self.regions.values()]
        found["p_value"] = [region.p_value for region in self.regions.values()]
        found["stands_out"] = [region.stands_out for region in self.regions.values()]
        return found


def across_layers(
    recording: Recording, image: Any, layers: Sequence[str | nn.Module] | None = None, **settings: Any
) -> AcrossLayers:
    """Find the region of one image in every layer, with the same settings.

    Args:
        recording: best with codes.
        image: as for `regions`.
        layers: default all recorded ones.
        settings: as for `regions`.

    Returns:
        The regions and their overlap.

    Raises:
        As `regions`.
    """
    found = [regions(recording, layer, image, **settings) for layer in (recording.layers if layers is None else layers)]
    if not found:
        raise ValueError("layers is empty: name at least one")
    return AcrossLayers({region.layer: region for region in found}, overlap([region.members for region in found]))


def overlap(sets: Sequence[np.ndarray]) -> np.ndarray:
    """Jaccard overlap of sets of images: float64, sets × sets; NaN where both are empty."""
    shares = np.full((len(sets), len(sets)), np.nan)
    for i, mine in enumerate(sets):
        for j, theirs in enumerate(sets):
            either = len(np.union1d(mine, theirs))
            if either:
                shares[i, j] = len(np.intersect1d(mine, theirs)) / either
    return shares
