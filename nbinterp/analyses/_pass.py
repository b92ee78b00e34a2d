"""One run of a network over a probe set: forward passes, collecting, and the parts of the cache."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
from torch import Tensor

from nbinterp.data import ProbeSet, batches
from nbinterp.instrument import Classifier, UnitActivations

from ._cache import Contents, Part, PassCache, readable_size
from ._collect import LayerCollector, LayerDescription, Settings, positions_of
from ._forward import Forward
from .progress import Progress

Kept = dict[str, Tensor]
T = TypeVar("T")


class RecordingPass:
    """Collects logits and layers of a probe set, images in order.

    Args:
        net: the classifier.
        probe: the images.
        layers: canonical layer names.
        settings: what to keep.
        batch_size: images per forward pass.
        cache: where finished parts are kept and found; None to keep none.
        progress: progress bar and messages.
    """

    def __init__(
        self,
        net: Classifier,
        probe: ProbeSet,
        layers: Sequence[str],
        settings: Settings,
        *,
        batch_size: int,
        cache: PassCache | None,
        progress: Progress,
    ) -> None:
        self._net = net
        self._probe = probe
        self._batch_size = batch_size
        self._cache = cache
        self._progress = progress
        self._collectors = {layer: LayerCollector(layer, len(probe), settings, net.device) for layer in layers}
        self._forward = Forward(net, layers, self._measure, progress.say)
        self._logits: np.ndarray | None = None
        self._first = 0  # index of the first image of the batch under way

    def run(self) -> Contents:
        """Go through the whole probe set, taking undamaged parts from the cache.

        Returns:
            All arrays, and as metadata the layers' descriptions.

        Raises:
            KeyboardInterrupt: with a note saying what is kept.
            MemoryError: if what is to be kept cannot fit.
            CacheError: if the cache cannot be written any more.
        """
        position, parts = 0, self._usable_parts()
        while position < len(self._probe):
            parts = [part for part in parts if part.start >= position]
            stop = parts[0].start if parts else len(self._probe)
            if stop == position:
                part = parts.pop(0)
                contents = self._read(part)
                if contents is not None:
                    self._absorb_part(part.start, part.stop, contents)
                    position = part.stop
            else:
                self._compute(position, stop)
                position = stop
        contents = self._contents()
        if self._cache is not None:
            try:
                self._cache.finish(contents)
            except OSError as error:
                self._progress.say(f"The cache could not be put together ({error}); its parts stay and serve as well.")
        return contents

    def _usable_parts(self) -> list[Part]:
        """Parts of the cache, unless the network gives other logits now: its code may differ though weights agree."""
        parts = [] if self._cache is None else self._cache.parts()
        while parts and self._cache is not None:
            contents = self._read(parts[0])
            if contents is None:
                parts.pop(0)
            elif gives_logits(self._net, self._probe, parts[0].start, contents[0]["logits"][0]):
                break
            else:
                self._progress.say("The network gives other logits than those in the cache: recording anew.")
                self._cache.clear()
                parts = []
        return parts

    def _read(self, part: Part) -> Contents | None:
        contents = None if self._cache is None else self._cache.read(part)
        if contents is None:
            self._progress.say(f"The images {part.start}–{part.stop - 1} are damaged in the cache and computed anew.")
        return contents

    def _compute(self, start: int, stop: int) -> None:
        """Run the images from `start` up to `stop`."""
        images = self._probe if stop == len(self._probe) else self._probe.subset(np.arange(stop))
        done = start
        try:
            for rows, tensors in batches(images, self._net.prepare, self._batch_size, start):
                self._first = int(rows[0])
                for first, last, logits, measured in self._forward(tensors, [images.names[row] for row in rows]):
                    kept = {f"{layer}/{name}": values for layer, m in measured.items() for name, values in m.items()}
                    self._absorb(self._first + first, self._first + last, {"logits": logits.float(), **kept})
                    done = self._first + last
        except KeyboardInterrupt as interrupt:
            self._explain(interrupt, done)
            raise

    def _explain(self, interrupt: KeyboardInterrupt, done: int) -> None:
        if self._cache is None:
            text = f"Stopped after {done} of {len(self._probe)} images; nothing is kept without cache=folder."
        else:
            text = (
                f"Stopped after {done} of {len(self._probe)} images. They are kept in {self._cache.folder}: run the "
                "same call again to go on from there."
            )
        interrupt.add_note(text)
        self._progress.say(text)

    def _measure(self, first: int, layer: str, activations: UnitActivations) -> Kept:
        start = self._first + first
        values = positions_of(activations)
        index = torch.arange(start, start + len(values), device=self._net.device)
        return self._collectors[layer].measure(activations, index)

    def _absorb(self, start: int, stop: int, kept: Kept) -> None:
        """Enter a finished batch, and keep it in the cache."""
        if self._logits is None:
            self._plan(kept, stop - start)
        if self._cache is not None:
            arrays = {name: np.ascontiguousarray(values.cpu().numpy()) for name, values in kept.items()}
            self._cache.write(start, stop, (arrays, self._metadata()))
        self._enter(start, stop, kept)

    def _absorb_part(self, start: int, stop: int, contents: Contents) -> None:
        """Enter a part of the cache."""
        arrays, metadata = contents
        for layer, about in read_descriptions(metadata).items():
            self._collectors[layer].describe(about)
        kept = {name: torch.from_numpy(array) for name, array in arrays.items()}
        if self._logits is None:
            self._plan(kept, stop - start)
        self._enter(start, stop, kept)

    def _enter(self, start: int, stop: int, kept: Kept) -> None:
        if self._logits is None:
            self._logits = np.zeros((len(self._probe), kept["logits"].shape[1]), np.float32)
        self._logits[start:stop] = kept["logits"].cpu().numpy()
        for layer, collector in self._collectors.items():
            collector.absorb(start, stop, section(kept, layer))
        self._progress.advance(stop - start)

    def _plan(self, kept: Kept, n_images: int) -> None:
        """Say how much codes and maps will take; refuse what fits neither memory nor disk."""
        sizes = {name: values.nbytes * len(self._probe) // n_images for name, values in kept.items()}
        large = {name: size for name, size in sizes.items() if name.endswith(("/codes", "/maps"))}
        total = sum(size for name, size in sizes.items() if "/hit." not in name)
        total += sum(collector.exemplar_bytes() for collector in self._collectors.values())
        if large:
            where = "memory" if self._cache is None else "memory and as much on disk"
            parts = ", ".join(f"{name.replace('/', ' ')} {readable_size(size)}" for name, size in large.items())
            self._progress.say(f"This recording will take {readable_size(total)} of {where} ({parts}).")
        free = available_memory()
        if free is not None and total > free:
            raise MemoryError(
                f"this recording would take {readable_size(total)} of memory, {readable_size(free)} are available: "
                "keep less (without 'maps', memory does not grow with the size of activation maps), name fewer layers, "
                "or take a subset of the images"
            )
        if self._cache is not None:
            kept_already = sum(part.stop - part.start for part in self._cache.parts())
            self._cache.check_space(int(total * max(0, 1 - kept_already / len(self._probe))))

    def _metadata(self) -> dict[str, str]:
        about = {name: c.description.to_json() for name, c in self._collectors.items() if c.description is not None}
        return {"layers": json.dumps(about)}

    def _contents(self) -> Contents:
        assert self._logits is not None
        arrays = {"logits": self._logits}
        for layer, collector in self._collectors.items():
            arrays |= {f"{layer}/{name}": array for name, array in collector.arrays().items()}
        return arrays, self._metadata()


def section(arrays: Mapping[str, T], layer: str) -> dict[str, T]:
    """The arrays called "layer/…", without that prefix."""
    split = [(name.rpartition("/"), array) for name, array in arrays.items()]
    return {what: array for (owner, _, what), array in split if owner == layer}


def read_descriptions(metadata: Mapping[str, str]) -> dict[str, LayerDescription]:
    """Layer -> description, from the metadata of a file."""
    return {name: LayerDescription.from_json(about) for name, about in json.loads(metadata["layers"]).items()}


def gives_logits(net: Classifier, probe: ProbeSet, index: int, logits: np.ndarray) -> bool:
    """Whether the network now gives these logits on that image, up to 2 % of the largest.

    That much lets other hardware, batch sizes and half precision pass, and no other weights, preprocess or code.
    """
    now = net.logits(net.batch([net.prepare(probe.image(index))]))[0].float().cpu().numpy()
    if now.shape != logits.shape:
        return False
    finite = logits[np.isfinite(logits)]
    scale = float(np.abs(finite).max()) if finite.size else 0.0
    return bool(np.allclose(now, logits, rtol=0, atol=0.02 * scale, equal_nan=True))


def available_memory() -> int | None:
    """Bytes that can be allocated without swapping, where the system says so (Linux)."""
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
    except OSError:
        return None
    found = [line.split()[1] for line in lines if line.startswith("MemAvailable:")]
    return int(found[0]) * 1024 if found else None
