"""Regions on disk: one safetensors file, with everything that is not an array as JSON in its metadata."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from .._files import MismatchError
from .._tensorfile import read_tensors, write_tensors
from ..recording import Recording
from .codes import codes_at_hand
from .region import Evidence, Literal, Purity, Region

FORMAT = "nbinterp region 2"
_FACTS = (
    "anchor",
    "anchor_name",
    "layer",
    "thresholded",
    "reduce",
    "quantile",
    "among",
    "k",
    "t",
    "tolerance",
    "n_null",
    "seed",
    "n_images",
)
_ARRAYS = ("reference", "neighbours", "distances", "members", "columns")


def save_region(region: Region, path: Path) -> None:
    """Write a region; see `Region.save`."""
    path = path.expanduser()
    found = region.evidence
    about = {name: getattr(region, name) for name in _FACTS} | {
        "literals": [asdict(literal) for literal in region.literals],
        "purity": _to_json(region.purity),
        "neighbour_purity": _to_json(region.neighbour_purity),
        "notes": region.notes,
        "evidence": [found.n_members, found.expected, None if np.isnan(found.lift) else found.lift],
        "of": None if region.recording is None else region.recording.fingerprints,
    }
    arrays = {name: np.ascontiguousarray(getattr(region, name)) for name in _ARRAYS}
    arrays |= {"null.random": np.ascontiguousarray(found.random), "null.shuffled": np.ascontiguousarray(found.shuffled)}
    path.parent.mkdir(parents=True, exist_ok=True)
    write_tensors(path, arrays, {"format": FORMAT, "about": json.dumps(about)})


def load_region(path: Path, recording: Recording | None) -> Region:
    """Read a region; see `Region.load`."""
    arrays, metadata = read_tensors(path.expanduser())
    if metadata.get("format") != FORMAT:
        raise ValueError(f"{path} has the format {metadata.get('format')!r}, this version reads {FORMAT!r}")
    about = json.loads(metadata["about"])
    if recording is not None and (about["of"] not in (None, recording.fingerprints) or not _fits(about, recording)):
        raise MismatchError("this region is of another recording: other images, another network, or not this layer")
    how = {"reduce": about["reduce"], "quantile": about["quantile"]}
    codes = None if recording is None else codes_at_hand(recording, about["layer"], **how)
    n_members, expected, lift = about["evidence"]
    lift = float("nan") if lift is None else lift
    evidence = Evidence(n_members, expected, lift, arrays["null.random"], arrays["null.shuffled"])
    values: dict[str, Any] = {name: about[name] for name in _FACTS} | {name: arrays[name] for name in _ARRAYS}
    return Region(
        **values,
        literals=tuple(Literal(**literal) for literal in about["literals"]),
        purity=_from_json(about["purity"]),
        neighbour_purity=_from_json(about["neighbour_purity"]),
        notes=tuple(about["notes"]),
        _weigh=lambda watch: evidence,
        recording=recording,
        codes=codes,
    )


def _fits(about: dict[str, Any], recording: Recording) -> bool:
    return about["n_images"] == len(recording) and about["layer"] in recording.layers


def _to_json(purity: dict[str, Purity]) -> dict[str, Any]:
    return {by: asdict(found) | {"share": found.share if found.n_known else None} for by, found in purity.items()}


def _from_json(found: dict[str, Any]) -> dict[str, Purity]:
    read = {}
    for by, one in found.items():
        counts = {int(value): count for value, count in one["counts"].items()}
        share = float("nan") if one["share"] is None else one["share"]
        read[by] = Purity(one["value"], one["name"], share, counts, one["n_known"])
    return read
