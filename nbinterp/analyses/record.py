"""record: one pass of a classifier over a probe set."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable, Sequence

import numpy as np
from torch import nn

from nbinterp.data import ProbeSet
from nbinterp.instrument import Classifier

from ._cache import Contents, PassCache
from ._collect import Settings
from ._pass import RecordingPass, gives_logits, read_descriptions, section
from ._preprocess import fingerprint_preprocess
from .labels import align_labels
from .progress import Progress
from .recording import LayerRecording, Recording

KEEP = ("pooled", "topk", "codes", "maps")
CACHE_FORMAT = 1  # raise it when the content of a part or of the whole changes its meaning
_BATCH_VALUES = 32 * 3 * 224 * 224


class NonFiniteWarning(UserWarning):
    """Some activations or logits are NaN or infinite."""


def record(
    net: Classifier,
    probe: ProbeSet,
    layers: str | nn.Module | Sequence[str | nn.Module],
    *,
    keep: Sequence[str] = ("pooled", "topk"),
    batch_size: int | None = None,
    cache: str | os.PathLike[str] | None = None,
    top: int = 9,
    progress: bool = True,
) -> Recording:
    """Run a classifier over a probe set once and keep what its layers did.

    The model is in evaluation mode during the pass and left as it was. What is kept does not depend on `batch_size`
    (beyond rounding). An interrupt (Ctrl-C) leaves nothing on the model.

    Args:
        net: the classifier.
        probe: the images.
        layers: layer names ("features.12", "conv@1" for the second call of a reused module) or modules.
        keep: any of
            "pooled": mean and maximum of every unit on every image (always kept);
            "topk": the exemplars of every unit, with their activation maps at 14 × 14 or less;
            "codes": one bit per neuron and image, activation > 0;
            "maps": all activation maps in half precision. Codes and maps grow with the size of the activation maps,
            the others do not; how much they will take is said when the first batch is done, before the rest is run.
        batch_size: images per forward pass; default 32 at 224 × 224 pixels, more of smaller images (at most 256),
            fewer of larger ones (at least 8). On a GPU that runs out of memory the batch is halved.
        cache: a folder for results: found again by the content of weights, images, preprocess and these settings.
            What is finished survives an interrupt or a crash; the same call again goes on from there.
        top: number of exemplars per unit.
        progress: show a progress bar and messages on standard error.

    Returns:
        The recording, with `net` and `probe` attached.

    Raises:
        UnknownLayerError: no such layer; the message suggests the nearest names.
        ValueError: a wrong setting, images of different sizes, a preprocess that is random and a cache.
        ImageError: an image cannot be read; the message names it.
        ModelError: the model fails on a batch.
        MemoryError: what is to be kept does not fit.
        CacheError: the cache folder cannot be written, or is full.

    Warns:
        NonFiniteWarning: NaN or infinite activations, with layers and numbers of images.
    """
    check_types(net, probe)
    names = layer_names(net, layers)
    settings = Settings(keep=_checked_keep(keep), top=_at_least_one("top", top))
    size = _default_batch_size(net, probe) if batch_size is None else _at_least_one("batch_size", batch_size)
    with Progress(len(probe), progress) as bar:
        bar.doing("hashing")
        fingerprints = {"net": net.fingerprint(), "probe": probe.fingerprint()}
        store = None if cache is None else _open_cache(cache, net, probe, names, settings, fingerprints)
        bar.doing("")
        contents = _finished(store, net, probe, bar)
        if contents is None:
            run = RecordingPass(net, probe, names, settings, batch_size=size, cache=store, progress=bar)
            contents = run.run()
    _warn_if_not_finite(contents[0])
    return _assemble(net, probe, contents, fingerprints, size)


def check_types(net: Classifier, probe: ProbeSet) -> None:
    """Refuse what is no classifier and no probe set."""
    if not isinstance(net, Classifier):
        raise TypeError(f"net must be a Classifier, got {type(net).__name__}: wrap the model, nbi.Classifier(module)")
    if not isinstance(probe, ProbeSet):
        raise TypeError(
            f"probe must be a ProbeSet, got {type(probe).__name__}: make one with nbi.ProbeSet.from_folder, "
            "from_dataset or from_arrays"
        )


def layer_names(net: Classifier, layers: str | nn.Module | Iterable[str | nn.Module]) -> list[str]:
    """Canonical names of the layers that are asked for, each once."""
    asked = [layers] if isinstance(layers, str | nn.Module) else list(layers)
    if not asked:
        raise ValueError("layers is empty: name at least one; net.layers() lists them")
    return list(dict.fromkeys(net.resolve(layer) for layer in asked))


def _checked_keep(keep: Sequence[str]) -> frozenset[str]:
    asked = {keep} if isinstance(keep, str) else set(keep)
    unknown = sorted(map(str, asked - set(KEEP)))
    if unknown:
        raise ValueError(f"keep takes any of {', '.join(map(repr, KEEP))}; got {', '.join(map(repr, unknown))}")
    return frozenset(asked | {"pooled"})


def _at_least_one(name: str, value: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 1:
        raise ValueError(f"{name} must be a whole number of at least 1, got {value!r}")
    return int(value)


def _default_batch_size(net: Classifier, probe: ProbeSet) -> int:
    try:
        n_values = net.prepare(probe.image(0)).numel()
    except Exception:  # whatever is wrong with this image, loading it for its batch says so, with its name
        n_values = 1
    return int(np.clip(_BATCH_VALUES // max(n_values, 1), 8, 256))


def _open_cache(
    cache: str | os.PathLike[str],
    net: Classifier,
    probe: ProbeSet,
    layers: list[str],
    settings: Settings,
    fingerprints: dict[str, str],
) -> PassCache:
    identity = {
        "format": CACHE_FORMAT,
        "layers": layers,
        "keep": sorted(settings.keep),
        "top": settings.top if "topk" in settings.keep else None,
        "preprocess": fingerprint_preprocess(net, probe),
        **fingerprints,
    }
    return PassCache(cache, identity)


def _finished(store: PassCache | None, net: Classifier, probe: ProbeSet, bar: Progress) -> Contents | None:
    """The whole recording, if the cache has it and the network still gives its logits."""
    contents = None if store is None else store.finished()
    if store is None or contents is None:
        return None
    if gives_logits(net, probe, 0, contents[0]["logits"][0]):
        bar.advance(len(probe))
        return contents
    bar.say("The network gives other logits than those in the cache: recording anew.")
    store.clear()
    return None


def _warn_if_not_finite(arrays: dict[str, np.ndarray]) -> None:
    found = []
    for name, values in arrays.items():
        layer, _, what = name.rpartition("/")
        if name == "logits" or what in ("mean", "class_token"):
            count = int((~np.isfinite(values)).any(1).sum())
            if count:
                found.append(f"{'the logits' if name == 'logits' else layer} on {count} image{'s' * (count != 1)}")
    if found:
        warnings.warn(
            f"NaN or infinite values in {', '.join(found)} of {len(arrays['logits'])}: their statistics are NaN or "
            "infinite too, and exemplars rank NaN last. Check the weights, the preprocess and half precision.",
            NonFiniteWarning,
            stacklevel=3,
        )


def _assemble(
    net: Classifier, probe: ProbeSet, contents: Contents, fingerprints: dict[str, str], batch_size: int
) -> Recording:
    arrays, metadata = contents
    logits = arrays["logits"]
    labels = align_labels(probe.labels, probe.class_names, net.classes, len(probe), logits.shape[1])
    layers = {}
    for name, about in read_descriptions(metadata).items():
        layers[name] = LayerRecording.from_arrays(name, about, section(arrays, name))
    class_names = net.classes if net.classes is not None or not labels.aligned else labels.names
    return Recording(
        names=probe.names,
        class_names=class_names,
        label_names=labels.names,
        labels=labels.labels,
        aligned=labels.aligned,
        logits=logits,
        columns=dict(probe.columns),
        net=net,
        probe=probe,
        fingerprints=fingerprints,
        batch_size=batch_size,
        _layers=layers,
    )
