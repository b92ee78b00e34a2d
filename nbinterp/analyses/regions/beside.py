"""neighbours_beside: as many nearest images as a region has members, by three distances, beside the region."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch

from nbinterp.kernels.configurations import hamming

from ..recording import DetachedError, Recording
from .layers import overlap
from .region import Purity, Region, purity_of_images


@dataclass(frozen=True, eq=False)
class Beside:
    """A region and sets of nearest images of the same size: made by `neighbours_beside`.

    Attributes:
        sets: "region", "hamming", "euclidean", "cosine" -> int64 images, all of the region's size, the anchor
            included where it is a reference image.
        features: what the last two were measured on.
        overlap: float64, Jaccard overlap of the four sets.
        purity: set -> {"label": …, "prediction": …}.
    """

    sets: dict[str, np.ndarray]
    features: str
    overlap: np.ndarray
    purity: dict[str, dict[str, Purity]]

    @property
    def frame(self) -> pd.DataFrame:
        """One row per set: images, label_purity, prediction_purity, and the share of the region it shares."""
        rows = []
        for number, (name, images) in enumerate(self.sets.items()):
            found = self.purity[name]
            rows.append((name, len(images), found["label"].share, found["prediction"].share, self.overlap[0, number]))
        return pd.DataFrame(rows, columns=["set", "images", "label_purity", "prediction_purity", "overlap"])


def neighbours_beside(region: Region) -> Beside:
    """Find the region's number of nearest images by Hamming distance of codes, and two distances of activations.

    So it shows what the region adds: seldom purity, but a rule that can be read and checked.

    Args:
        region: of a recorded image, with its recording. Distances are on the kept activation maps if there are any,
            else on what stands for an image in an embedding (`LayerRecording.features`).

    Returns:
        The four sets.

    Raises:
        DetachedError: the region was loaded, so its codes are not there.
        ValueError: its anchor is from outside the recording, or it has no members.
    """
    if region.recording is None or region.codes is None:
        raise DetachedError("a loaded region has no codes to measure distances on: find it again with nbi.regions")
    if region.anchor is None or not region.support:
        raise ValueError("a region of a recorded image, with members, is needed: the distances are from its anchor")
    features, words = _features(region.recording, region.layer, region.reference)
    origin, _ = _features(region.recording, region.layer, np.array([region.anchor]))
    codes, anchor = region.codes.codes[torch.from_numpy(region.reference)], region.codes.codes[[region.anchor]]
    distances = {
        "hamming": hamming(codes, anchor)[0].numpy(),
        "euclidean": np.linalg.norm(features - origin, axis=1),
        "cosine": 1 - _unit_length(features) @ _unit_length(origin)[0],
    }
    itself = region.reference == region.anchor  # it comes first even if another image is as near
    sets = {"region": region.members}
    for name, distance in distances.items():
        rows = np.lexsort((region.reference, distance, ~itself))[: region.support]
        sets[name] = region.reference[rows]
    purity = {name: purity_of_images(region.recording, images) for name, images in sets.items()}
    return Beside(sets, words, overlap(list(sets.values())), purity)


def _features(recording: Recording, layer: str, images: np.ndarray) -> tuple[np.ndarray, str]:
    kept = recording[layer]
    if kept.maps is not None:
        return kept.maps[images].reshape(len(images), -1).astype(np.float32), "all activations, from the kept maps"
    words = "means over positions" if kept.class_token is None else "class tokens"
    return kept.features[images], "activations" if kept.kind == "flat" else words


def _unit_length(rows: np.ndarray) -> np.ndarray:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
