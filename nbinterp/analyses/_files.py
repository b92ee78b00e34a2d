"""Recordings on disk: a folder with recording.safetensors (arrays) and recording.json (everything else)."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import uuid
from pathlib import Path
from typing import Any

import numpy as np

from nbinterp.data import ProbeSet
from nbinterp.instrument import Classifier

from ._collect import LayerDescription
from ._pass import gives_logits, section
from ._tensorfile import DamagedFileError, read_tensors, write_tensors
from .recording import LayerRecording, Recording

ARRAYS, ABOUT = "recording.safetensors", "recording.json"
FORMAT = "nbinterp recording 1"


class MismatchError(ValueError):
    """A classifier or a probe set is not the one a recording was made with."""


def save_recording(recording: Recording, path: Path) -> None:
    """Write a recording; see `Recording.save`."""
    path = path.expanduser()
    if path.exists() and not (path / ABOUT).exists():
        raise FileExistsError(f"{path} exists and is no recording: choose another folder, or remove it")
    texts = {name: values.tolist() for name, values in recording.columns.items() if values.dtype.kind in "UO"}
    about = {
        "format": FORMAT,
        "names": recording.names,
        "class_names": recording.class_names,
        "label_names": recording.label_names,
        "aligned": recording.aligned,
        "batch_size": recording.batch_size,
        "fingerprints": recording.fingerprints,
        "layers": {name: _describe(recording[name]).to_json() for name in recording.layers},
        "columns": list(recording.columns),
        "text_columns": texts,
    }
    text = json.dumps(about, indent=1)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}-{os.getpid()}-{uuid.uuid4().hex[:8]}.tmp")
    try:
        temporary.mkdir()
        (temporary / ABOUT).write_text(text, encoding="utf-8")
        write_tensors(temporary / ARRAYS, _arrays(recording), {"about": hashlib.sha256(text.encode()).hexdigest()})
        _replace_folder(temporary, path)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def load_recording(path: Path, net: Classifier | None, probe: ProbeSet | None) -> Recording:
    """Read a recording; see `Recording.load`."""
    about, arrays = _read(path.expanduser())
    _check_contents(about["fingerprints"], net, probe)
    logits = arrays["logits"]
    if net is not None and probe is not None and not gives_logits(net, probe, 0, logits[0]):
        raise MismatchError(
            f"the classifier gives other logits on {about['names'][0]!r} than when it was recorded, though weights and "
            "images are the same: its preprocess or its code differs (or is random). Give the classifier that was "
            "recorded, or record again."
        )
    layers = {}
    for name, found in about["layers"].items():
        mine = section(arrays, f"layers/{name}")
        layers[name] = LayerRecording.from_arrays(name, LayerDescription.from_json(found), mine)
    texts = {name: np.array(values) for name, values in about["text_columns"].items()}
    return Recording(
        names=tuple(about["names"]),
        class_names=_tuple(about["class_names"]),
        label_names=_tuple(about["label_names"]),
        labels=arrays["labels"],
        aligned=about["aligned"],
        logits=logits,
        columns={name: texts[name] if name in texts else arrays[f"columns/{name}"] for name in about["columns"]},
        net=net,
        probe=probe,
        fingerprints=about["fingerprints"],
        batch_size=about["batch_size"],
        _layers=layers,
    )


def _arrays(recording: Recording) -> dict[str, np.ndarray]:
    arrays = {"logits": recording.logits, "labels": recording.labels}
    for name, values in recording.columns.items():
        if values.dtype.kind in "iuf":
            arrays[f"columns/{name}"] = values.astype(np.float64 if values.dtype.kind == "f" else np.int64)
        elif values.dtype.kind == "b":
            arrays[f"columns/{name}"] = values
    for layer in recording.layers:
        arrays |= {f"layers/{layer}/{name}": array for name, array in recording[layer].to_arrays().items()}
    return {name: np.ascontiguousarray(array) for name, array in arrays.items()}


def _describe(layer: LayerRecording) -> LayerDescription:
    return LayerDescription(layer.kind, layer.shape, layer.n_units)


def _read(path: Path) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    if not (path / ABOUT).exists() or not (path / ARRAYS).exists():
        raise FileNotFoundError(f"{path} holds no recording: expected the files {ABOUT} and {ARRAYS} in it")
    text = (path / ABOUT).read_bytes()
    arrays, metadata = read_tensors(path / ARRAYS)
    if metadata.get("about") != hashlib.sha256(text).hexdigest():
        raise DamagedFileError(f"{path / ABOUT} was altered, or does not belong to the {ARRAYS} beside it")
    about = json.loads(text)
    if about["format"] != FORMAT:
        raise ValueError(f"{path} has the format {about['format']!r}, this version reads {FORMAT!r}: record again")
    return about, arrays


def _check_contents(fingerprints: dict[str, str], net: Classifier | None, probe: ProbeSet | None) -> None:
    if net is not None and net.fingerprint() != fingerprints["net"]:
        raise MismatchError(
            "this classifier has other weights or another architecture than the one that was recorded. Give that one, "
            "or record again."
        )
    if probe is not None and probe.fingerprint() != fingerprints["probe"]:
        raise MismatchError(
            "this probe set has other images, names or labels (or another order) than the one that was recorded. Give "
            "that one, or record again."
        )


def _replace_folder(new: Path, path: Path) -> None:
    """Put `new` in the place of `path`; the old one is kept beside it until the new one is there."""
    if not path.exists():
        new.rename(path)
        return
    old = new.with_suffix(".old")
    path.rename(old)
    try:
        new.rename(path)
    except OSError:
        old.rename(path)
        raise
    shutil.rmtree(old)


def _tuple(names: list[str] | None) -> tuple[str, ...] | None:
    return None if names is None else tuple(names)
