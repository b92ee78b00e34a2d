"""Dissections on disk: one safetensors file, with everything that is not an array as JSON in its metadata."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from nbinterp.data import ProbeSet
from nbinterp.instrument import ReceptiveField
from nbinterp.kernels.dissection import Convention

from .._files import MismatchError
from .._tensorfile import read_tensors, write_tensors
from ..field_of_view import field_of_view
from ..recording import Recording
from .concepts import ConceptReader, Segmenter
from .dissection import Dissection
from .pictures import DissectionPictures

FORMAT = "nbinterp dissection 1"
_ARRAYS = (
    "iou",
    "thresholds",
    "intersection",
    "unit_area",
    "concept_area",
    "area_share",
    "image_counts",
    "chance",
)
_NAMES = ("concepts", "categories", "category_names", "left_out", "notes")
_FACTS = ("layer", "convention", "quantile", "n_images", "grid", "view_size", "iou_threshold", "settings", "rule")


def save_dissection(dissection: Dissection, path: Path) -> None:
    """Write a dissection; see `Dissection.save`."""
    path = path.expanduser()
    about = {name: getattr(dissection, name) for name in (*_NAMES, *_FACTS) if name != "rule"}
    about |= {"rule": asdict(dissection.rule), "of": dissection.fingerprints}
    arrays = {name: np.ascontiguousarray(getattr(dissection, name)) for name in _ARRAYS}
    path.parent.mkdir(parents=True, exist_ok=True)
    write_tensors(path, arrays, {"format": FORMAT, "about": json.dumps(about)})


def load_dissection(path: Path, recording: Recording | None, segmenter: Segmenter | None) -> Dissection:
    """Read a dissection; see `Dissection.load`."""
    if recording is not None and not isinstance(recording, Recording):
        raise TypeError(f"recording must be a Recording, got {type(recording).__name__}: make one with nbi.record")
    if segmenter is not None and not callable(segmenter):
        raise TypeError(f"segmenter must be a function images -> category -> masks, got {type(segmenter).__name__}")
    arrays, metadata = read_tensors(path.expanduser())
    if metadata.get("format") != FORMAT:
        raise ValueError(f"{path} has the format {metadata.get('format')!r}, this version reads {FORMAT!r}")
    about = json.loads(metadata["about"])
    if recording is not None and (about["of"] != recording.fingerprints or about["layer"] not in recording.layers):
        raise MismatchError("this dissection is of another network, of other images, or of a layer not recorded")
    values: dict[str, Any] = {name: about[name] for name in _FACTS}
    values |= {name: tuple(about[name]) for name in (*_NAMES, "grid", "view_size")}
    rule = Convention(**about["rule"])
    values |= {"rule": rule}
    values |= {name: arrays[name] for name in _ARRAYS}
    return Dissection(
        **values,
        fingerprints=about["of"],
        recording=recording,
        _pictures=None if recording is None else _pictures(values, rule, recording, segmenter),
    )


def _pictures(
    values: dict[str, Any], rule: Convention, recording: Recording, segmenter: Segmenter | None
) -> DissectionPictures | None:
    if recording.net is None or recording.probe is None:
        return None
    settings = values["settings"]
    names = settings["names"]
    _check_names(names, settings, recording.probe)
    reader = ConceptReader(
        recording.probe,
        field_of_view(recording.net, recording.probe),
        values["grid"],
        values["view_size"],
        names,
        segmenter=segmenter if settings["segmenter"] else None,
        colours=settings["colours"],
        merged=rule.counted != "all",
    )
    found = settings["field"]
    field = None if found is None else ReceptiveField(*((int(a), int(b)) for a, b in found))
    return DissectionPictures(
        recording, values["layer"], rule, field, settings["precision"] == "half", reader, settings["segmenter"]
    )


def _check_names(names: dict[str, Any], settings: dict[str, Any], probe: ProbeSet) -> None:
    """The probe set's content is checked by its hash, which does not include its masks."""
    if settings["segmenter"]:
        return
    for category, found in names.items():
        if tuple(found) != probe.concepts.get(category):
            raise MismatchError(
                f"this dissection was made with other {category!r} concepts than the probe set has now: give the probe "
                "set with the same masks and names"
            )
