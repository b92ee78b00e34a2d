"""Recordings: what a network did on a probe set, as plain arrays."""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch
from torch import nn

from nbinterp.data import ProbeSet, batches
from nbinterp.instrument import Classifier, UnitActivations, UnknownLayerError
from nbinterp.kernels import class_selectivity, count_class_activity

from ._collect import LayerDescription
from ._forward import Forward


class DetachedError(RuntimeError):
    """A loaded recording is asked for something that takes its classifier or probe set, and it has none."""


@dataclass(frozen=True, eq=False)
class Exemplars:
    """The images that activate each unit most, best first: ranked by spatial maximum, NaN last, ties by image.

    Attributes:
        index: int64, units × k: image.
        value: float32, units × k: the unit's spatial maximum on that image.
        position: int16, units × k × 2: row and column of that maximum in the activation map; -1 without positions.
        maps: float16, units × k × h × w, h and w at most 14: the unit's activation map on that image, larger maps
            reduced by area averaging; None without positions.
    """

    index: np.ndarray
    value: np.ndarray
    position: np.ndarray
    maps: np.ndarray | None


@dataclass(frozen=True, eq=False)
class LayerRecording:
    """One layer of a recording. N images, U units.

    Attributes:
        name: the layer.
        kind: "maps" (convolutions), "tokens" (transformers) or "flat" (a value per unit and image).
        shape: (height, width) of the activation maps or of the token grid; None without positions.
        n_units: U.
        mean: float32, N × U: mean over positions (over the patch tokens, without the class token).
        max: float32, N × U: maximum over positions.
        class_token: float32, N × U: the class token's activations; None if the layer has none.
        top: the exemplars of each unit; None if "topk" was not kept.
        codes: uint8, N × ceil(M / 8): bit-packed signs (activation > 0) of the M = U × height × width neurons, in
            the layout of `numpy.packbits`; None if "codes" was not kept.
        maps: float16, N × U × height × width; None if "maps" was not kept or there are no positions.
    """

    name: str
    kind: str
    shape: tuple[int, int] | None
    n_units: int
    mean: np.ndarray
    max: np.ndarray
    class_token: np.ndarray | None
    top: Exemplars | None
    codes: np.ndarray | None
    maps: np.ndarray | None

    @property
    def features(self) -> np.ndarray:
        """float32, N × U: what stands for an image in an embedding: the class token if there is one, else the mean."""
        return self.mean if self.class_token is None else self.class_token

    def selectivity(self, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Class selectivity of every unit (Morcos et al. 2018, arXiv:1803.06959), from the means over positions.

        Args:
            labels: one class index per image, -1 where unknown; for instance `recording.labels` or `.predictions`.

        Returns:
            The index (float32, 0: all classes alike, 1: one class only; NaN with fewer than two classes) and the
            class of the highest mean (int64, -1 without labels), both of U.

        Raises:
            ValueError: if there is not one label per image.
        """
        numbers = torch.from_numpy(np.array(labels, dtype=np.int64))
        n_classes = max(int(numbers.max()) + 1, 1) if numbers.numel() else 1
        index, best = class_selectivity(count_class_activity(torch.from_numpy(self.mean), numbers, n_classes=n_classes))
        return index.numpy(), best.numpy()

    @classmethod
    def from_arrays(cls, name: str, about: LayerDescription, arrays: Mapping[str, np.ndarray]) -> LayerRecording:
        """Put together what a pass collected or a file held."""
        top = None
        if "top.index" in arrays:
            top = Exemplars(arrays["top.index"], arrays["top.value"], arrays["top.position"], arrays.get("top.maps"))
        return cls(
            name=name,
            kind=about.kind,
            shape=about.shape,
            n_units=about.n_units,
            mean=arrays["mean"],
            max=arrays["max"],
            class_token=arrays.get("class_token"),
            top=top,
            codes=arrays.get("codes"),
            maps=arrays.get("maps"),
        )

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Everything that is kept, by name: the inverse of `from_arrays`."""
        arrays = {"mean": self.mean, "max": self.max, "class_token": self.class_token}
        arrays |= {"codes": self.codes, "maps": self.maps}
        if self.top is not None:
            arrays |= {"top.index": self.top.index, "top.value": self.top.value}
            arrays |= {"top.position": self.top.position, "top.maps": self.top.maps}
        return {name: array for name, array in arrays.items() if array is not None}


@dataclass(frozen=True, eq=False)
class Recording:
    """What a classifier did on every image of a probe set: made by `record`, N images.

    Attributes:
        names: of the images.
        class_names: of the classifier's classes (the probe set's, if the labels are aligned and the classifier
            names none); None if nobody named them.
        label_names: what the numbers in `labels` are called: `class_names` if `aligned`.
        labels: int64, N: class of each image, -1 where unknown.
        aligned: True if the labels are in the classifier's numbering (see `align_labels` for when they can be
            brought into it).
        logits: float32, N × classes.
        columns: further facts per image, from the probe set.
        net, probe: what was recorded; None after `load` without them.
        fingerprints: hashes of the contents of both.
        batch_size: how many images the network got at a time.
    """

    names: tuple[str, ...]
    class_names: tuple[str, ...] | None
    label_names: tuple[str, ...] | None
    labels: np.ndarray
    aligned: bool
    logits: np.ndarray
    columns: dict[str, np.ndarray]
    net: Classifier | None
    probe: ProbeSet | None
    fingerprints: dict[str, str]
    batch_size: int
    _layers: dict[str, LayerRecording] = field(repr=False)

    @property
    def layers(self) -> tuple[str, ...]:
        """Names of the recorded layers, in the order in which they were asked for."""
        return tuple(self._layers)

    def __len__(self) -> int:
        return len(self.names)

    def __getitem__(self, layer: str | nn.Module) -> LayerRecording:
        """Return one layer, by name ("features.12", "conv@1") or, with the classifier attached, by module.

        Raises:
            UnknownLayerError: if it was not recorded; the message lists those that were.
        """
        return self._layers[self._resolve(layer)]

    @cached_property
    def predictions(self) -> np.ndarray:
        """int64, N: class with the largest logit; -1 where a logit is NaN."""
        broken = np.isnan(self.logits).any(1)
        return np.where(broken, -1, self.logits.argmax(1)).astype(np.int64)

    @cached_property
    def confidence(self) -> np.ndarray:
        """float32, N: softmax probability of the prediction; NaN where a logit is NaN or +infinite."""
        with np.errstate(invalid="ignore"):
            shifted = self.logits.astype(np.float64) - self.logits.max(1, keepdims=True)
            return (1 / np.exp(shifted).sum(1)).astype(np.float32)

    @cached_property
    def correct(self) -> np.ndarray | None:
        """bool, N: prediction equals label (False where the label is unknown); None if the labels are not aligned."""
        return (self.predictions == self.labels) & (self.labels >= 0) if self.aligned else None

    @property
    def frame(self) -> pd.DataFrame:
        """One row per image: name, label, prediction (as names where there are any), confidence, correct, columns.

        `correct` is missing where the label is unknown.
        """
        data: dict[str, Any] = {
            "name": list(self.names),
            "label": _named(self.labels, self.label_names),
            "prediction": _named(self.predictions, self.class_names),
            "confidence": self.confidence,
        }
        if self.correct is None:
            data["correct"] = pd.array([None] * len(self), dtype="boolean")
        elif (self.labels < 0).any():
            data["correct"] = pd.arrays.BooleanArray(self.correct, self.labels < 0)
        else:
            data["correct"] = self.correct
        return pd.DataFrame({**data, **self.columns})

    def activation_maps(self, layer: str | nn.Module, unit: int, indices: Sequence[int] | np.ndarray) -> np.ndarray:
        """Activation maps of one unit on some images: from the kept maps, else by running the network on them.

        Args:
            layer: a recorded layer with positions.
            unit: which unit.
            indices: which images.

        Returns:
            float32, images × height × width.

        Raises:
            UnknownLayerError: the layer was not recorded.
            IndexError: no such unit or image.
            ValueError: the layer has no positions.
            DetachedError: the maps were not kept and the recording has no classifier or probe set.
        """
        kept = self[layer]
        chosen = np.asarray(indices, dtype=np.int64).reshape(-1)
        if not 0 <= unit < kept.n_units:
            raise IndexError(f"layer {kept.name!r} has the units 0 to {kept.n_units - 1}, not {unit}")
        if len(chosen) and (chosen.min() < 0 or chosen.max() >= len(self)):
            raise IndexError(f"the recording has the images 0 to {len(self) - 1}, not {chosen.min()} to {chosen.max()}")
        if kept.shape is None:
            raise ValueError(f"layer {kept.name!r} has no positions, so no activation maps: see its .max instead")
        if kept.maps is not None:
            return kept.maps[chosen, unit].astype(np.float32)
        maps = np.zeros((len(chosen), *kept.shape), np.float32)
        if len(chosen):
            self._run(kept.name, unit, chosen, maps)
        return maps

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the recording to a folder of two files: recording.safetensors and recording.json.

        An older recording in that folder is replaced as a whole. The network and the images are not written, only
        the hashes of their contents.

        Raises:
            FileExistsError: there is something else at `path`.
        """
        from ._files import save_recording

        save_recording(self, Path(path))

    @classmethod
    def load(
        cls, path: str | os.PathLike[str], net: Classifier | None = None, probe: ProbeSet | None = None
    ) -> Recording:
        """Read what `save` wrote, and attach the classifier and the probe set it was made with, if given.

        Both are checked by their contents; with both given, the first image is run once, so that another preprocess
        is noticed as well.

        Raises:
            FileNotFoundError: no recording there.
            DamagedFileError: its files are truncated, altered or not from the same recording.
            MismatchError: this is not the network or not the probe set that was recorded.
        """
        from ._files import load_recording

        return load_recording(Path(path), net, probe)

    def __repr__(self) -> str:
        layers = ", ".join(f"{layer.name} ({layer.n_units} units)" for layer in self._layers.values())
        right = ""
        if self.correct is not None and (self.labels >= 0).any():
            right = f", {self.correct[self.labels >= 0].mean():.1%} correct"
        return f"Recording of {len(self):,} image{'s' * (len(self) != 1)}: {layers}{right}"

    def _resolve(self, layer: str | nn.Module) -> str:
        name = layer if isinstance(layer, str) else self._attached("the name of a module")[0].resolve(layer)
        if name.removesuffix("@0") in self._layers:
            return name.removesuffix("@0")
        close = difflib.get_close_matches(name, self.layers, n=3)
        hint = f" Did you mean {' or '.join(map(repr, close))}?" if close else ""
        raise UnknownLayerError(
            f"layer {name!r} was not recorded.{hint} This recording has {', '.join(map(repr, self.layers))}; "
            "name it in record(…, layers=…) to have it."
        )

    def _attached(self, what: str) -> tuple[Classifier, ProbeSet]:
        if self.net is None or self.probe is None:
            missing = "classifier" if self.net is None else "probe set"
            raise DetachedError(
                f"{what} takes the {missing}, which this recording was loaded without: "
                "Recording.load(path, net=…, probe=…)"
            )
        return self.net, self.probe

    def _run(self, layer: str, unit: int, indices: np.ndarray, into: np.ndarray) -> None:
        net, probe = self._attached(f"computing activation maps of {layer!r} (which were not kept)")

        def measure(start: int, layer: str, activations: UnitActivations) -> np.ndarray:
            assert activations.maps is not None
            return activations.maps[:, unit].to("cpu", torch.float32, copy=True).numpy()

        forward = Forward(net, [layer], measure, lambda text: None)
        subset = probe.subset(indices)
        for rows, images in batches(subset, net.prepare, self.batch_size):
            for start, stop, _, measured in forward(images, [subset.names[row] for row in rows]):
                into[rows[start:stop]] = measured[layer]


def _named(numbers: np.ndarray, names: tuple[str, ...] | None) -> Any:
    """Names of classes, missing for -1 (unknown); the numbers themselves if there are no names."""
    if names is None:
        return pd.array([None if number < 0 else int(number) for number in numbers], dtype="Int64")
    return [None if number < 0 else names[number] for number in numbers]
