"""What a recording pass keeps of one layer: measured batch by batch, gathered into arrays of the whole probe set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from nbinterp.instrument import UnitActivations
from nbinterp.kernels import (
    ExemplarHits,
    RunningExemplars,
    add_hits,
    find_hits,
    no_exemplars,
    pack_signs,
    pool_activations,
    to_half,
)

LOW_RESOLUTION = 14


@dataclass(frozen=True)
class Settings:
    """What is asked of a recording: everything that changes what is kept."""

    keep: frozenset[str]
    top: int


@dataclass(frozen=True)
class LayerDescription:
    """Kind, size of the activation maps (None without positions) and number of units of a layer."""

    kind: str
    shape: tuple[int, int] | None
    n_units: int

    @classmethod
    def of(cls, activations: UnitActivations) -> LayerDescription:
        """Describe a batch of activations."""
        values = positions_of(activations)
        shape = (values.shape[2], values.shape[3]) if values.ndim == 4 else None
        return cls(activations.kind, shape, values.shape[1])

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> LayerDescription:
        """Read what `to_json` wrote."""
        shape = found["shape"]
        return cls(found["kind"], None if shape is None else (shape[0], shape[1]), found["n_units"])

    def to_json(self) -> dict[str, Any]:
        """Return the description as plain values."""
        return {"kind": self.kind, "shape": self.shape, "n_units": self.n_units}


def positions_of(activations: UnitActivations) -> Tensor:
    """Activations as `(batch, unit, …positions)`: maps, tokens that lie on no grid, or no positions at all."""
    if activations.maps is not None:
        return activations.maps
    if activations.tokens is not None:
        return activations.tokens.mT
    assert activations.flat is not None
    return activations.flat


class LayerCollector:
    """Gathers one layer over the probe set; memory is the arrays of the result and one batch of activations.

    `measure` reduces a batch to a dictionary of small tensors, which is also what a part of the cache holds;
    `absorb` enters such a dictionary. The two alternate, images in order: what `measure` finds worth keeping depends
    on the exemplars so far.

    Args:
        name: the layer.
        n_images: size of the probe set.
        settings: what to keep.
        device: where the exemplars are ranked.
    """

    def __init__(self, name: str, n_images: int, settings: Settings, device: torch.device) -> None:
        self.name = name
        self.description: LayerDescription | None = None
        self._n_images = n_images
        self._settings = settings
        self._device = device
        self._arrays: dict[str, np.ndarray] = {}
        self._exemplars: RunningExemplars | None = None

    def describe(self, description: LayerDescription) -> None:
        """Begin, or check that a batch looks like those before it.

        Raises:
            ValueError: if the maps have another size: the images differ in size.
        """
        if self.description is None:
            self.description = description
            if "topk" in self._settings.keep:
                self._exemplars = no_exemplars(
                    description.n_units,
                    capacity=min(self._settings.top, self._n_images),
                    low_shape=_low_shape(description.shape),
                    device=self._device,
                )
        elif description != self.description:
            raise ValueError(
                f"layer {self.name!r} gave {self.description} on the first images and {description} on later ones: "
                "the images differ in size. Give Classifier a preprocess that resizes them to one size."
            )

    def measure(self, activations: UnitActivations, index: Tensor) -> dict[str, Tensor]:
        """Reduce one batch to what is kept of it.

        Args:
            activations: the layer's output.
            index: index of each image in the probe set, on the collector's device.

        Returns:
            One row per image: `mean`, `max` (float32, batch × unit), where asked for and applicable `class_token`,
            `codes` and `maps`; one row per hit: `hit.unit`, `hit.index`, `hit.value`, `hit.position`, `hit.maps`.
        """
        self.describe(LayerDescription.of(activations))
        values = positions_of(activations)
        pooled = pool_activations(values)
        kept = {"mean": pooled.mean, "max": pooled.maximum}
        if activations.class_token is not None:
            kept["class_token"] = activations.class_token.to(torch.float32, copy=True)
        if "codes" in self._settings.keep:
            kept["codes"] = pack_signs(values)
        if "maps" in self._settings.keep and values.ndim == 4:
            kept["maps"] = to_half(values)
        if self._exemplars is not None:
            maps = values if values.ndim == 4 else None
            hits = find_hits(self._exemplars, index, pooled.maximum, maps)
            kept |= {"hit.unit": hits.unit, "hit.index": hits.index, "hit.value": hits.value}
            kept["hit.position"] = hits.position
            if hits.maps is not None:
                kept["hit.maps"] = hits.maps
        return kept

    def absorb(self, start: int, stop: int, kept: dict[str, Tensor]) -> None:
        """Enter what `measure` kept of the images from `start` up to `stop`."""
        for name, values in kept.items():
            if name.startswith("hit."):
                continue
            if name not in self._arrays:
                dtype = str(values.dtype).removeprefix("torch.")
                self._arrays[name] = np.zeros((self._n_images, *values.shape[1:]), dtype)
            torch.from_numpy(self._arrays[name])[start:stop] = values.cpu()
        if self._exemplars is not None:
            on_device = {name: values.to(self._device) for name, values in kept.items() if name.startswith("hit.")}
            hits = ExemplarHits(
                on_device["hit.unit"],
                on_device["hit.index"],
                on_device["hit.value"],
                on_device["hit.position"],
                on_device.get("hit.maps"),
                stop - start,
            )
            self._exemplars = add_hits(self._exemplars, hits)

    def exemplar_bytes(self) -> int:
        """Bytes that the exemplars will take; 0 before the first batch and without them."""
        if self._exemplars is None or self.description is None:
            return 0
        height, width = _low_shape(self.description.shape) or (0, 0)
        return self.description.n_units * self._exemplars.capacity * (8 + 4 + 2 * 2 + 2 * height * width)

    def arrays(self) -> dict[str, np.ndarray]:
        """Everything kept, as the arrays of `LayerRecording.from_arrays`."""
        arrays = dict(self._arrays)
        if self._exemplars is not None:
            arrays["top.index"] = self._exemplars.index.cpu().numpy()
            arrays["top.value"] = self._exemplars.value.cpu().numpy()
            arrays["top.position"] = self._exemplars.position.cpu().numpy()
            if self._exemplars.maps is not None:
                arrays["top.maps"] = self._exemplars.maps.cpu().numpy()
        return arrays


def _low_shape(shape: tuple[int, int] | None) -> tuple[int, int] | None:
    return None if shape is None else (min(shape[0], LOW_RESOLUTION), min(shape[1], LOW_RESOLUTION))
