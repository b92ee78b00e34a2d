"""Which images drive a unit, and the features in which their facets are looked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from nbinterp.data import batches
from nbinterp.instrument import UnitActivations
from nbinterp.kernels.layout import layout_features

from .._forward import Forward
from ..recording import LayerRecording, Recording
from .discovery import FEWEST

SHARE = 0.1  # of a recording's images that stand for a hidden unit
AT_LEAST, AT_MOST = 50, 300
AGREEMENT = 0.5  # of a layer's best unit with the prediction, from which its units are the classes
GRID = 4  # a layer's map must have so many cells a side to be chosen unasked


def classes_are_units(recording: Recording, layer: LayerRecording) -> bool:
    """Whether a layer's units are the classes: as many, and mostly the predicted one is highest.

    Not only the logits themselves: also the class maps before them (SqueezeNet's `classifier.1`).
    """
    if layer.n_units != recording.logits.shape[1]:
        return False
    return bool((layer.mean.argmax(1) == recording.predictions).mean() >= AGREEMENT)


def read_unit(recording: Recording, layer: LayerRecording, unit: Any) -> int:
    """The index of a unit, given as a number or by a class's name.

    Raises:
        LookupError: no such unit or class; the layer's units have no names.
    """
    if isinstance(unit, str):
        names = recording.class_names
        if names is None or not classes_are_units(recording, layer):
            raise LookupError(
                f"the units of {layer.name!r} have no names: give a number from 0 to {layer.n_units - 1}, or record "
                "the layer whose units are the classes, of a classifier with class names"
            )
        if unit not in names:
            raise LookupError(f"there is no class {unit!r}; some are {', '.join(map(repr, names[:10]))}")
        return names.index(unit)
    if isinstance(unit, bool) or not isinstance(unit, int | np.integer) or not 0 <= unit < layer.n_units:
        raise IndexError(f"layer {layer.name!r} has the units 0 to {layer.n_units - 1}, not {unit!r}")
    return int(unit)


def read_images(recording: Recording, images: Any) -> np.ndarray:
    """Indices of images, given as integers or as one boolean per image."""
    given = np.asarray(images)
    if given.dtype == bool and given.shape == (len(recording),):
        given = np.flatnonzero(given)
    if given.ndim != 1 or not len(given) or given.dtype.kind not in "iu":
        raise ValueError(f"images are indices, or one boolean for each of {len(recording)}; got {images!r}")
    if given.min() < 0 or given.max() >= len(recording):
        raise IndexError(f"the recording has the images 0 to {len(recording) - 1}, not {given.min()} to {given.max()}")
    return np.unique(given).astype(np.int64)


def images_of_class(recording: Recording, index: int) -> tuple[np.ndarray, str]:
    """Images of a class and how they were chosen: labelled so, else predicted so."""
    if recording.aligned:
        labelled = np.flatnonzero(recording.labels == index)
        if len(labelled) >= FEWEST:
            return labelled, "labelled as the class"
    return np.flatnonzero(recording.predictions == index), "predicted as the class"


def images_of_unit(values: np.ndarray) -> tuple[np.ndarray, str]:
    """Images that activate a hidden unit most, and how they were chosen.

    Args:
        values: the unit's activation on every image.
    """
    n = int(np.clip(round(SHARE * len(values)), AT_LEAST, AT_MOST))
    order = np.argsort(-np.nan_to_num(values, nan=-np.inf), kind="stable")[:n]
    chosen = np.sort(order[values[order] > 0])
    return chosen, f"the {len(chosen)} that activate it most"


def default_layer(recording: Recording, layer: LayerRecording) -> LayerRecording:
    """The layer in which facets are looked for unasked.

    Of the recorded layers with maps of at least 4 × 4 positions, up to the unit's own layer, the last but one: the
    last ones of a classifier map what belongs to one class together. Else the last one, else the unit's layer.
    """
    names = list(recording.layers)
    before = [recording[name] for name in names[: names.index(layer.name) + 1]]
    mapped = [each for each in before if each.shape is not None and min(each.shape) >= GRID]
    mapped = [each for each in mapped if not classes_are_units(recording, each)] or mapped
    if not mapped:
        flat = [each for each in before if not classes_are_units(recording, each)]
        return flat[-1] if flat else layer
    return mapped[-2] if len(mapped) > 1 else mapped[-1]


def features_of(recording: Recording, layer: LayerRecording, indices: np.ndarray) -> np.ndarray:
    """float32, images × features: the layout of the layer's maps (see `layout_features`), else its activations.

    Raises:
        DetachedError: maps were not kept, and there is no classifier or probe set to compute them.
    """
    if layer.shape is None or layer.shape[0] * layer.shape[1] < 2:
        return layer.features[indices].astype(np.float32)
    if layer.maps is not None:
        return layout_features(torch.from_numpy(layer.maps[indices])).numpy()
    return _computed(recording, layer.name, indices)


def even_units(features: np.ndarray, n_units: int) -> np.ndarray:
    """The same features, each unit's divided by their standard deviation: a unit counts by where it is on, not how far.

    Args:
        features: images × (unit × cells), as `features_of` gives them.
        n_units: of the layer.
    """
    cells = features.reshape(len(features), n_units, -1)
    spread = cells.std((0, 2), keepdims=True)
    return (cells / np.where(spread > 0, spread, 1)).reshape(features.shape).astype(np.float32)


def _computed(recording: Recording, layer: str, indices: Sequence[int] | np.ndarray) -> np.ndarray:
    net, probe = recording._attached(f"the maps of {layer!r} (which were not kept: record with keep='maps', or this)")

    def measure(start: int, layer: str, activations: UnitActivations) -> np.ndarray:
        assert activations.maps is not None
        return layout_features(activations.maps).cpu().numpy()

    forward = Forward(net, [layer], measure, lambda text: None)
    subset = probe.subset(indices)
    found: list[np.ndarray] = []
    for rows, images in batches(subset, net.prepare, recording.batch_size):
        found += [measured[layer] for _, _, _, measured in forward(images, [subset.names[row] for row in rows])]
    return np.concatenate(found)
