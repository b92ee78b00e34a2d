"""The on/off states that regions are made of: which tensor, at which threshold, of recorded images and of others."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import torch
from torch import Tensor, nn

from nbinterp.data import batches
from nbinterp.kernels import pack_signs, pool_activations

from .._collect import positions_of
from .._forward import Forward
from ..progress import Progress
from ..recording import LayerRecording, Recording

REDUCE = ("none", "max", "mean")
_KEPT: WeakKeyDictionary[Recording, dict[tuple[Any, ...], LayerCodes]] = WeakKeyDictionary()
_LOCK = threading.Lock()


@dataclass(frozen=True, eq=False)
class LayerCodes:
    """Configurations of every recorded image in one layer.

    Attributes:
        layer: the layer.
        reduce: "none": a neuron is a unit at one position; "max", "mean": it is a unit, by that over its positions.
        quantile: that of each unit's values at which its threshold lies; None if that is 0 for all.
        n_units: U.
        grid: (height, width) of the positions that are told apart; None if a neuron is a unit.
        threshold: float32, U: the activation above which a unit is on; None if it is 0 for all.
        thresholded: the tensor and its threshold, in words.
        codes: uint8, N × ceil(M / 8), bit-packed as by `numpy.packbits`.
    """

    layer: str
    reduce: str
    quantile: float | None
    n_units: int
    grid: tuple[int, int] | None
    threshold: np.ndarray | None
    thresholded: str
    codes: Tensor

    @property
    def neurons_per_unit(self) -> int:
        """How many positions a unit has, 1 if a neuron is a unit."""
        return 1 if self.grid is None else self.grid[0] * self.grid[1]

    @property
    def n_neurons(self) -> int:
        """M."""
        return self.n_units * self.neurons_per_unit

    def place(self, neuron: int) -> tuple[int, int | None, int | None]:
        """Unit, row and column of a neuron; row and column are None if a neuron is a unit."""
        if self.grid is None:
            return neuron, None, None
        unit, position = divmod(neuron, self.neurons_per_unit)
        return unit, position // self.grid[1], position % self.grid[1]

    def neuron(self, unit: int, y: int | None, x: int | None) -> int:
        """The number of a neuron: the inverse of `place`.

        Raises:
            IndexError: there is no such unit or position.
        """
        grid = self.grid or (1, 1)
        row, column = (0, 0) if self.grid is None else (y, x)
        fits = row is not None and column is not None and 0 <= row < grid[0] and 0 <= column < grid[1]
        if not 0 <= unit < self.n_units or row is None or column is None or not fits:
            where = "no positions" if self.grid is None else f"{grid[0]} × {grid[1]} positions"
            raise IndexError(
                f"layer {self.layer!r} has the units 0 to {self.n_units - 1} and {where}, not unit {unit} at ({y}, {x})"
            )
        return unit * self.neurons_per_unit + row * grid[1] + column

    def pack(self, values: Tensor) -> Tensor:
        """Bit-pack activations `(batch, unit, …positions)` of other images as these were."""
        if self.reduce != "none" and values.ndim > 2:
            pooled = pool_activations(values)
            values = pooled.maximum if self.reduce == "max" else pooled.mean
        if self.threshold is not None:
            values = values - torch.from_numpy(self.threshold).to(values.device)
        return pack_signs(values)


def layer_codes(
    recording: Recording, layer: str | nn.Module, *, reduce: str, quantile: float | None, progress: bool
) -> LayerCodes:
    """The codes of a layer, as kept in the recording, or made of what is kept, or computed by running the network.

    They are made once per recording.

    Args:
        recording: with the layer.
        layer: name or module.
        reduce: as in `LayerCodes`.
        quantile: with `reduce`, a unit's threshold is this quantile of its values over all recorded images; None: 0.
        progress: show a bar if the network has to run.

    Raises:
        ValueError: a wrong setting, or the states are neither kept nor to be had.
    """
    kept = recording[layer]
    _check(reduce, quantile)
    with _LOCK:
        known = _KEPT.setdefault(recording, {})
        key = (kept.name, reduce, quantile)
        if key not in known:
            every = reduce == "none" and kept.kind != "flat"
            made = _every_neuron(recording, kept, progress) if every else _units(recording, kept, reduce, quantile)
            known[key] = made
        return known[key]


def codes_at_hand(recording: Recording, layer: str, *, reduce: str, quantile: float | None) -> LayerCodes | None:
    """The codes of a layer, if the network need not run for them."""
    kept = recording[layer]
    if reduce == "none" and kept.codes is None and kept.kind != "flat":
        return None
    return layer_codes(recording, layer, reduce=reduce, quantile=quantile, progress=False)


def image_codes(recording: Recording, codes: LayerCodes, image: Any) -> tuple[Tensor, int]:
    """Run the network on an image from outside.

    Args:
        recording: with its classifier attached.
        codes: how to make the image's.
        image: PIL image, array or tensor, as the classifier takes it.

    Returns:
        The image's code, 1 × bytes, and the class that is predicted.

    Raises:
        DetachedError: the recording has no classifier.
        ModelError: the model does not run on the image, or gives maps of another size.
    """
    net, _ = recording._attached("the region of an image from outside the recording")
    forward = Forward(net, [codes.layer], lambda start, layer, found: codes.pack(positions_of(found)).cpu(), _silent)
    [(_, _, logits, found)] = forward([net.prepare(image)], ["the image"])
    code = found[codes.layer]
    if code.shape[1] != codes.codes.shape[1]:
        raise ValueError(
            f"on this image layer {codes.layer!r} has another number of neurons than on the recorded ones: it has "
            "another size. Resize it, or give Classifier a preprocess that does"
        )
    return code, int(logits[0].argmax())


def _check(reduce: str, quantile: float | None) -> None:
    if reduce not in REDUCE:
        raise ValueError(f"reduce must be one of {', '.join(map(repr, REDUCE))}, got {reduce!r}")
    if quantile is None:
        return
    if reduce == "none":
        raise ValueError(
            "quantile is for units: choose reduce='max' or 'mean'. Recorded codes say whether a neuron is above 0"
        )
    if not 0 < quantile < 1:
        raise ValueError(f"quantile must be between 0 and 1, got {quantile}")


def _units(recording: Recording, kept: LayerRecording, reduce: str, quantile: float | None) -> LayerCodes:
    values = kept.max if reduce == "max" else kept.mean
    what = "activation" if kept.kind == "flat" else {"max": "maximum", "mean": "mean"}[reduce] + " over positions"
    threshold, level = None, "0"
    if quantile is not None:
        threshold = np.quantile(values, quantile, axis=0).astype(np.float32)
        level = f"the unit's {quantile:.0%} quantile over {len(values):,} images"
    made = LayerCodes(
        kept.name,
        reduce,
        quantile,
        kept.n_units,
        None,
        threshold,
        f"the output of {_described(recording, kept)}: a unit is on where its {what} is above {level}",
        torch.zeros((0, 0), dtype=torch.uint8),
    )
    return replace(made, codes=made.pack(torch.from_numpy(np.array(values))))


def _every_neuron(recording: Recording, kept: LayerRecording, progress: bool) -> LayerCodes:
    found = _writable(kept.codes) if kept.codes is not None else _computed(recording, kept, progress)
    grid = kept.shape or (8 * found.shape[1] // kept.n_units, 1)  # tokens that lie on no grid, one below the other
    words = f"the output of {_described(recording, kept)}: a unit at one position is on where it is above 0"
    return LayerCodes(kept.name, "none", None, kept.n_units, grid, None, words, found)


def _computed(recording: Recording, kept: LayerRecording, progress: bool) -> Tensor:
    """Codes by running the network on all images: they were not kept."""
    if recording.net is None or recording.probe is None:
        raise ValueError(
            f"the recording holds no codes of layer {kept.name!r}, and has no classifier and probe set to compute "
            'them: record(…, keep=("pooled", "topk", "codes")), or load it with net=… and probe=…, or choose '
            "reduce='max' or 'mean'"
        )
    parts = []
    with Progress(len(recording), progress) as bar:
        bar.doing(f"states of {kept.name}")
        forward = Forward(
            recording.net, [kept.name], lambda start, layer, found: pack_signs(positions_of(found)).cpu(), bar.say
        )
        for rows, images in batches(recording.probe, recording.net.prepare, recording.batch_size):
            for _, _, _, found in forward(images, [recording.names[row] for row in rows]):
                parts.append(found[kept.name])
            bar.advance(len(rows))
    return torch.cat(parts)


def _described(recording: Recording, kept: LayerRecording) -> str:
    if recording.net is None:
        return f"layer {kept.name!r}"
    module = dict(recording.net.module.named_modules()).get(kept.name.partition("@")[0])
    return f"layer {kept.name!r} ({type(module).__name__})"


def _writable(array: np.ndarray) -> Tensor:
    return torch.from_numpy(np.require(array, requirements=["C", "W"]))


def _silent(text: str) -> None:
    """Take a message that nobody needs: one image is run."""
