"""The pass of a dissection over the images: activation maps, label planes, and a recording of the layers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from nbinterp.data import ProbeSet, batches
from nbinterp.instrument import Classifier, UnitActivations
from nbinterp.kernels import to_half

from .._collect import LayerCollector, LayerDescription, Settings
from .._forward import Forward
from ..labels import align_labels
from ..progress import Progress
from ..recording import LayerRecording, Recording
from .concepts import ConceptReader, ImageConcepts
from .processes import Processes
from .stores import MapStore, PlaneStore

HALF_MAX = 65504.0

Item = tuple[Tensor, Tensor | None, ImageConcepts | None]


class _Loader:
    """Stands for the probe set in `batches`, so that label maps are read and packed in its threads too."""

    def __init__(self, probe: ProbeSet, net: Classifier, reader: ConceptReader, stop: int) -> None:
        self.names, self._probe, self._net, self._reader, self._stop = probe.names, probe, net, reader, stop

    def __len__(self) -> int:
        return self._stop

    def image(self, index: int) -> tuple[Image.Image | Tensor, Tensor | None, ImageConcepts | None]:
        segmented = self._reader.segmenter is not None
        seen = self._reader.seen(index) if segmented else None
        return self._probe.image(index), seen, None if segmented else self._reader.read(index)

    def prepare(self, found: tuple[Image.Image | Tensor, Tensor | None, ImageConcepts | None]) -> Item:
        return self._net.prepare(found[0]), found[1], found[2]


class Collected:
    """Everything that a dissection needs of the images of this process; close it when done.

    Attributes:
        layers: their names.
        maps: layer -> activation maps of this process's images.
        fine, coarse: label planes of this process's images; after `exchange`, `coarse` has those of all images.
        pixels: int64, concept × category: pixels labelled, over all processes after `exchange`.
        shown: int64, concept: images that show it, likewise.
        unmeasured: whether the part that the network sees of some image could not be measured, likewise.
        clipped: layer -> units with activations beyond half precision.
        start, n_images: first image of this process, and how many there are in all processes together.
    """

    def __init__(
        self,
        net: Classifier,
        probe: ProbeSet,
        layers: Sequence[str],
        reader: ConceptReader,
        *,
        precision: torch.dtype,
        budget: float,
        batch_size: int,
        keep_maps: bool,
        top: int,
        processes: Processes,
    ) -> None:
        self.net, self.probe, self.layers, self.reader = net, probe, tuple(layers), reader
        self.processes, self.batch_size, self.precision = processes, batch_size, precision
        self.start, self.stop = processes.share(len(probe), batch_size)
        self.n_images = len(probe)
        self.maps: dict[str, MapStore] = {}
        self.fine, self.coarse = PlaneStore(reader.size), PlaneStore(reader.coarse_size)
        self.pixels = np.zeros((len(reader.concepts), len(reader.categories)), np.int64)
        self.shown = np.zeros(len(reader.concepts), np.int64)
        self.unmeasured = False
        self.clipped: dict[str, Tensor] = {}
        self._budget, self._top, self._keep_maps = budget / len(self.layers), top, keep_maps
        settings = Settings(keep=frozenset({"pooled", "topk"}), top=top)
        n_mine = self.stop - self.start
        self._collectors = {layer: LayerCollector(layer, n_mine, settings, net.device) for layer in layers}
        self._logits: list[np.ndarray] = []
        self._first = self.start

    def run(self, bar: Progress) -> None:
        """Go through the images of this process once.

        Raises:
            KeyboardInterrupt: with a note saying how far it came.
            ValueError: activations are not finite.
        """
        forward = Forward(self.net, self.layers, self._measure, bar.say)
        loader = _Loader(self.probe, self.net, self.reader, self.stop)
        prepare = cast(Callable[..., Tensor], loader.prepare)
        done = self.start
        try:
            for rows, found in batches(cast(ProbeSet, loader), prepare, self.batch_size, self.start):
                items = cast(list[Item], found)
                self._first = int(rows[0])
                names = [self.probe.names[row] for row in rows]
                for first, last, logits, measured in forward([item[0] for item in items], names):
                    self._absorb(self._first + first, self._first + last, logits, measured, bar.say)
                    done = self._first + last
                    bar.advance(last - first)
                self._absorb_concepts(rows, items)
        except KeyboardInterrupt as interrupt:
            text = f"Stopped after {done - self.start} of {self.stop - self.start} images; nothing is kept."
            interrupt.add_note(text)
            bar.say(text)
            raise

    def exchange(self, with_chance: bool) -> None:
        """Add up what concerns all processes."""
        reduce = self.processes.reduce
        self.pixels = reduce(torch.from_numpy(self.pixels), "sum").numpy()
        self.shown = reduce(torch.from_numpy(self.shown), "sum").numpy()
        self.unmeasured = bool(reduce(torch.tensor([len(self.reader.part.unmeasured)]), "max").any())
        self.clipped = {layer: reduce(units, "max") for layer, units in self.clipped.items()}
        if with_chance and self.processes.count > 1:
            everywhere = self.processes.byte_strings([self.coarse.packed(index) for index in range(len(self.coarse))])
            self.coarse.close()
            self.coarse = PlaneStore(self.reader.coarse_size)
            for packed in everywhere:
                self.coarse.append(packed)

    def recording(self, fingerprints: dict[str, str]) -> Recording:
        """The recording of all layers, with the images of all processes."""
        joined = self.processes.joined
        logits = joined(np.concatenate(self._logits))
        net, probe = self.net, self.probe
        labels = align_labels(probe.labels, probe.class_names, net.classes, len(probe), logits.shape[1])
        layers = {}
        for name, collector in self._collectors.items():
            arrays = collector.arrays()
            top = {key: arrays.pop(key) for key in list(arrays) if key.startswith("top.")}
            found = {key: joined(array) for key, array in arrays.items()}
            capacity = min(self._top, self.n_images)
            found |= self.processes.exemplars(top, capacity, self.stop - self.start)
            assert collector.description is not None
            if self._keep_maps and collector.description.shape is not None:
                found["maps"] = joined(np.array(self.maps[name].array(), np.float16))
            layers[name] = LayerRecording.from_arrays(name, collector.description, found)
        return Recording(
            names=probe.names,
            class_names=net.classes if net.classes is not None or not labels.aligned else labels.names,
            label_names=labels.names,
            labels=labels.labels,
            aligned=labels.aligned,
            logits=logits,
            columns=dict(probe.columns),
            net=net,
            probe=probe,
            fingerprints=fingerprints,
            batch_size=self.batch_size,
            _layers=layers,
        )

    def description(self, layer: str) -> LayerDescription:
        """Kind, shape and number of units of a layer."""
        found = self._collectors[layer].description
        assert found is not None
        return found

    def close(self) -> None:
        """Give memory and files back."""
        for store in (*self.maps.values(), self.fine, self.coarse):
            store.close()

    def _measure(self, first: int, layer: str, activations: UnitActivations) -> dict[str, Tensor]:
        maps = activations.maps
        if maps is None:
            assert activations.flat is not None
            maps = activations.flat[:, :, None, None]
        start = self._first + first
        index = torch.arange(start, start + len(maps), device=self.net.device)
        kept = self._collectors[layer].measure(activations, index)
        kept["beyond"] = (maps.abs() > HALF_MAX).flatten(2).any(2)
        kept["dissected"] = to_half(maps) if self.precision == torch.float16 else maps.to(torch.float32, copy=True)
        return kept

    def _absorb(
        self, start: int, stop: int, logits: Tensor, measured: dict[str, dict[str, Tensor]], say: Callable[[str], None]
    ) -> None:
        self._logits.append(logits.float().cpu().numpy())
        for layer, kept in measured.items():
            maps, beyond = kept.pop("dissected"), kept.pop("beyond")
            self._check(layer, start, kept)
            if layer not in self.maps:
                shape = (self.stop - self.start, *maps.shape[1:])
                self.maps[layer] = MapStore(shape, self.precision, self._budget, say)
                self.clipped[layer] = torch.zeros(maps.shape[1], dtype=torch.int64)
            self.maps[layer].write(start - self.start, maps)
            if self.precision == torch.float16:
                self.clipped[layer] |= beyond.any(0).long().cpu()
            self._collectors[layer].absorb(start - self.start, stop - self.start, kept)

    def _check(self, layer: str, start: int, kept: dict[str, Tensor]) -> None:
        finite = torch.isfinite(kept["mean"]).all(1)
        if not bool(finite.all()):
            index = start + int((~finite).nonzero()[0])
            raise ValueError(
                f"layer {layer!r} gives NaN or infinite activations on image {index} ({self.probe.names[index]!r}), so "
                "that its units have no thresholds: check the weights, the preprocess and half precision, or leave the "
                "image out with probe.subset(...)"
            )

    def _absorb_concepts(self, rows: np.ndarray, items: list[Item]) -> None:
        given: list[dict[str, np.ndarray] | None] = [None] * len(items)
        if self.reader.segmenter is not None:
            given = [*self.reader.segmented(torch.stack([item[1] for item in items if item[1] is not None]))]
        for row, item, said in zip(rows, items, given, strict=True):
            found = item[2] if item[2] is not None else self.reader.read(int(row), said)
            self.fine.append(found.fine)
            self.coarse.append(found.coarse)
            self.pixels += found.pixels
            self.shown += found.shown
