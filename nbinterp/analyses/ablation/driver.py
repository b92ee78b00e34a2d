"""ablate: cache a layer's activations, and run the rest of the network without some of its units."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

import numpy as np
import torch
from torch import nn

from nbinterp.data import ProbeSet, batches
from nbinterp.instrument import Classifier, Cut, Tail
from nbinterp.kernels.ablation import predict, stratified_halves, stratified_order

from ..progress import Progress
from ..recording import Recording
from .ablation import Ablation
from .cached import Cached, CachedBatch
from .effect import effect_of
from .storage import Storage

_BATCH_VALUES = 4_000_000  # of the layer, in one batch
_VERIFIED = 8  # images on which the divided network is compared with the whole one


def ablate(
    recording: Recording,
    layer: str | nn.Module,
    *,
    n_images: int | None = None,
    batch_size: int | None = None,
    seed: int = 0,
    memory_gb: float = 2.0,
    progress: bool = True,
) -> Ablation:
    """Make a layer's units ready to be switched off: its activations are computed once, for all images.

    Bau, Zhu, Strobelt, Lapedriza, Zhou, Torralba, PNAS 2020, arXiv:2009.05041: units are set to zero (or another value)
    without training anything anew, ranked by what the class loses on one half of the images, and judged on the other.

    Args:
        recording: with its classifier and probe set.
        layer: name or module, recorded or not.
        n_images: so many, drawn class by class; None: all.
        batch_size: images per forward pass; default: at most 256, fewer of large layers.
        seed: of the drawing of images and halves.
        memory_gb: how much the activations may take in memory (10⁹ bytes); the rest lies in a temporary file.
        progress: show a bar.

    Returns:
        The ablation.

    Raises:
        DetachedError: the recording was loaded without its classifier and probe set.
        UnknownLayerError: there is no such layer.
        ModelError: the layer's output cannot be read as units, or the model fails.
        TypeError: it is no recording.
        ValueError: a wrong setting.
        MemoryError: the activations fit neither into memory_gb nor on the disk.
    """
    if not isinstance(recording, Recording):
        raise TypeError(f"recording must be a Recording, made by nbi.record; got {type(recording).__name__}")
    _check_settings(n_images, batch_size, memory_gb)
    net, probe = recording._attached("ablation")
    name = net.resolve(layer)
    known, against = _labels(recording)
    generator = torch.Generator().manual_seed(seed)
    chosen = stratified_order(torch.from_numpy(known), generator=generator).numpy()[:n_images]
    if len(chosen) < 2:
        raise ValueError("ablation takes at least 2 images: units are ranked on one half and judged on the other")
    halves = [chosen[half.numpy()] for half in stratified_halves(torch.from_numpy(known[chosen]), generator=generator)]
    with Progress(len(chosen), progress, doing=f"Activations of {name}") as bar:
        cached = _cached(net, probe, name, halves, batch_size, memory_gb, bar)
    order = np.argsort(np.concatenate([batch.images for batch in cached.batches]))
    with Progress(len(chosen), progress, doing=f"Predictions from {name} on") as bar:
        found = []
        for batch in cached.batches:
            found.append(cached.logits(batch, None))
            bar.advance(len(batch.images))
    logits = torch.cat(found)[torch.from_numpy(order)]
    images = cached.images
    truth = recording.labels[images] if against == "labels" else predict(logits).numpy()
    return Ablation(
        layer=name,
        n_units=cached.n_units,
        images=images,
        train=np.sort(halves[0]),
        test=np.sort(halves[1]),
        labels=truth,
        against=against,
        class_names=recording.class_names,
        n_classes=logits.shape[1],
        baseline=effect_of(images, truth, logits, logits, len(images), recording.class_names),
        tail_reason=cached.tail.reason,
        recording=recording,
        _cached=cached,
        _before=logits,
        _progress=progress,
    )


def _cached(
    net: Classifier,
    probe: ProbeSet,
    layer: str,
    halves: Sequence[np.ndarray],
    batch_size: int | None,
    memory_gb: float,
    bar: Progress,
) -> Cached:
    """Run the head of the network on both halves, in smaller batches if the accelerator's memory is full."""
    tail = _tail(net, probe, layer, halves[0][:_VERIFIED])
    size = batch_size or int(np.clip(_BATCH_VALUES // tail.values_per_image, 8, 256))
    if tail.reason:
        bar.say(f"{tail.reason}. So the whole network is run for every answer, which takes longer.")
    done = 0
    while True:
        storage = Storage(memory_gb)
        found: list[list[CachedBatch]] = [[], []]
        try:
            for half, images, of_half in zip((True, False), halves, found, strict=True):
                for batch in _half(net, probe, tail, images, half, size, storage):
                    of_half.append(batch)
                    bar.advance(len(batch.images))
                    done += len(batch.images)
            break
        except torch.OutOfMemoryError:
            if size == 1:
                raise
            size = size // 2
            bar.advance(-done)
            done = 0
            bar.say(f"The accelerator's memory is full: going on with batches of {size}.")
        except KeyboardInterrupt as interrupt:
            text = f"Stopped after {done} of {sum(map(len, halves))} images; nothing is kept."
            interrupt.add_note(text)
            bar.say(text)
            raise
    if storage.on_disk:
        bar.say(f"The activations take more than {memory_gb:g} GB: the rest lies in a temporary file (memory_gb=…).")
    mixed = [batch for pair in zip_longest(*found) for batch in pair if batch is not None]
    return Cached(net, tail, mixed, storage)


def _tail(net: Classifier, probe: ProbeSet, layer: str, images: np.ndarray) -> Tail:
    subset = probe.subset(images)
    batch = net.batch([net.prepare(subset.image(row)) for row in range(len(subset))], subset.names)
    net.logits(batch)  # so that what is wrong with the model or its preprocess is said clearly
    return Tail(net.module, layer, batch.to(net.device, net._dtype()))


def _half(
    net: Classifier, probe: ProbeSet, tail: Tail, images: np.ndarray, train: bool, size: int, storage: Storage
) -> Iterator[CachedBatch]:
    subset = probe.subset(images)
    for rows, tensors in batches(subset, net.prepare, size):
        batch = net.batch(tensors, [subset.names[row] for row in rows]).to(net.device, net._dtype())
        cut = tail.head(batch)
        held = {name: storage.hold(values) for name, values in cut.values.items()}
        yield CachedBatch(images[rows], train, Cut(cut.n_images, held))


def _check_settings(n_images: int | None, batch_size: int | None, memory_gb: float) -> None:
    for name, value, least in (("n_images", n_images, 2), ("batch_size", batch_size, 1)):
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least):
            raise ValueError(f"{name} must be a whole number of at least {least}, or None; got {value!r}")
    if isinstance(memory_gb, bool) or not isinstance(memory_gb, int | float) or not memory_gb >= 0:
        raise ValueError(f"memory_gb must be a number, 0 or more; got {memory_gb!r}")


def _labels(recording: Recording) -> tuple[np.ndarray, str]:
    """What images are stratified by, and what predictions are compared with."""
    if recording.aligned and (recording.labels >= 0).any():
        return recording.labels, "labels"
    return recording.predictions, "own predictions"
