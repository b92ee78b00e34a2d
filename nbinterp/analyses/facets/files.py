"""Facets on disk: a folder with facets.safetensors, facets.json and the visualizations."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import uuid
from pathlib import Path

import numpy as np

from .._files import _replace_folder
from .._tensorfile import DamagedFileError, read_tensors, write_tensors
from ..maximize import Visualizations
from .discovery import Discovery
from .evidence import Evidence
from .facets import Facets

ARRAYS, ABOUT, MADE = "facets.safetensors", "facets.json", "visualizations"
FORMAT = "nbinterp facets 1"
_EVIDENCE = ("k", "gap", "error", "silhouette")
_FOUND = ("assignments", "distances", "xy")
_FACTS = ("n_facets", "chosen_by", "stability", "method", "cluster", "notes")
_KEPT = ("indices", "values", "mean_images", "shares")


def save_facets(facets: Facets, path: Path) -> None:
    """Write facets; see `Facets.save`."""
    path = path.expanduser()
    if path.exists() and not (path / ABOUT).exists():
        raise FileExistsError(f"{path} exists and holds no facets: choose another folder, or remove it")
    found = facets.discovery
    arrays = {name: getattr(facets, name) for name in _KEPT} | {"exemplars": facets._exemplars}
    arrays |= {f"discovery/{name}": getattr(found, name) for name in _FOUND}
    if found.evidence is not None:
        arrays |= {f"evidence/{name}": getattr(found.evidence, name) for name in _EVIDENCE}
    about = {
        "format": FORMAT,
        "about": facets.about,
        "discovery": {name: getattr(found, name) for name in _FACTS},
        "has_images": facets.visualizations is not None,
    }
    text = json.dumps(about, indent=1)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}-{os.getpid()}-{uuid.uuid4().hex[:8]}.tmp")
    try:
        temporary.mkdir()
        (temporary / ABOUT).write_text(text, encoding="utf-8")
        digest = hashlib.sha256(text.encode()).hexdigest()
        write_tensors(temporary / ARRAYS, {k: np.ascontiguousarray(a) for k, a in arrays.items()}, {"about": digest})
        if facets.visualizations is not None:
            facets.visualizations.save(temporary / MADE)
        _replace_folder(temporary, path)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def load_facets(path: Path) -> Facets:
    """Read facets; see `Facets.load`."""
    path = path.expanduser()
    if not (path / ABOUT).exists() or not (path / ARRAYS).exists():
        raise FileNotFoundError(f"{path} holds no facets: expected the files {ABOUT} and {ARRAYS} in it")
    text = (path / ABOUT).read_bytes()
    arrays, metadata = read_tensors(path / ARRAYS)
    if metadata.get("about") != hashlib.sha256(text).hexdigest():
        raise DamagedFileError(f"{path / ABOUT} was altered, or does not belong to the {ARRAYS} beside it")
    about = json.loads(text)
    if about["format"] != FORMAT:
        raise ValueError(f"{path} has the format {about['format']!r}, this version reads {FORMAT!r}: make them again")
    evidence = None
    if "evidence/k" in arrays:
        evidence = Evidence(**{name: arrays[f"evidence/{name}"] for name in _EVIDENCE})
    facts = about["discovery"] | {"notes": tuple(about["discovery"]["notes"])}
    found = Discovery(**{name: arrays[f"discovery/{name}"] for name in _FOUND}, **facts, evidence=evidence)
    made = Visualizations.load(path / MADE) if about["has_images"] else None
    return Facets(about["about"], found, arrays, made, None)
