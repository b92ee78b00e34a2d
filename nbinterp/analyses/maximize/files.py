"""Visualizations on disk: a folder with visualizations.safetensors and visualizations.json, and PNG files."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from .._files import _replace_folder
from .._tensorfile import DamagedFileError, read_tensors, write_tensors
from .board import NUMBERS, Board, Scores, Subjects

if TYPE_CHECKING:
    from .visualizations import Visualizations

ARRAYS, ABOUT = "visualizations.safetensors", "visualizations.json"
FORMAT = "nbinterp visualizations 2"


def save_visualizations(result: Visualizations, path: Path) -> None:
    """Write a result; see `Visualizations.save`."""
    path = path.expanduser()
    if path.exists() and not (path / ABOUT).exists():
        raise FileExistsError(f"{path} exists and holds no visualizations: choose another folder, or remove it")
    board = result._board
    result._await_end()
    about = {
        "format": FORMAT,
        "about": dict(result.about),
        "state": board.state if board.error is None else "stopped",
        "error": None if board.error is None else f"{type(board.error).__name__}: {board.error}",
        "steps": board.steps,
        "step": board.step,
        "batch": board.batch,
        "batches": [[rows.start, rows.stop] for rows in board.batches],
        "finished": sorted(board.finished),
        "layers": list(result.layers),
        "titles": list(result.titles),
        "judged": list(board.scores.judged),
        "notes": list(board.scores.notes),
    }
    arrays = {name: getattr(board.scores, name) for name in ("images", "dead", *NUMBERS)}
    arrays |= {"units": result.units, "groups": result.groups}
    arrays |= {f"history.{i}": part for i, part in enumerate(board.history) if part is not None}
    text = json.dumps(about, indent=1)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}-{os.getpid()}-{uuid.uuid4().hex[:8]}.tmp")
    try:
        temporary.mkdir()
        (temporary / ABOUT).write_text(text, encoding="utf-8")
        digest = hashlib.sha256(text.encode()).hexdigest()
        write_tensors(temporary / ARRAYS, {k: np.ascontiguousarray(a) for k, a in arrays.items()}, {"about": digest})
        _replace_folder(temporary, path)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def load_visualizations(path: Path) -> Visualizations:
    """Read a result; see `Visualizations.load`."""
    from .visualizations import Visualizations

    about, arrays = _read(path.expanduser())
    scores = Scores(
        images=arrays["images"],
        **{name: arrays[name] for name in NUMBERS},
        judged=_objects(about["judged"]),
        dead=arrays["dead"],
        notes=_objects(about["notes"]),
    )
    subjects = Subjects(tuple(about["layers"]), arrays["units"], arrays["groups"], tuple(about["titles"]))
    batches = [slice(start, stop) for start, stop in about["batches"]]
    board = Board(subjects, scores, about["steps"], batches, about["state"], about["step"], about["batch"])
    board.history = [arrays.get(f"history.{i}") for i in range(len(batches))]
    board.finished.update(about["finished"])
    if about["error"] is not None:
        board.say(f"The run failed: {about['error']}")
    return Visualizations(board, about["about"])


def write_png(result: Visualizations, path: Path, image: int | None) -> list[Path]:
    """Write images; see `Visualizations.save_png`."""
    path = path.expanduser()
    if image is not None or (len(result) == 1 and path.suffix.lower() == ".png"):
        picture = result.picture(image or 0)
        path.parent.mkdir(parents=True, exist_ok=True)
        picture.save(path, format="PNG")
        return [path]
    if path.suffix.lower() == ".png":
        raise ValueError(f"there are {len(result)} images: name a folder, or say which, save_png(path, image=…)")
    path.mkdir(parents=True, exist_ok=True)
    written = [path / name for name in file_names(result.titles)]
    for i, file in enumerate(written):
        result.picture(i).save(file, format="PNG")
    return written


def file_names(titles: Sequence[str]) -> list[str]:
    """A PNG file's name for each image, all different: number and title, "03-unit-7-of-stage4.png"."""
    digits = len(str(len(titles) - 1))
    stems = [re.sub(r"[^\w.+]+", "-", title).strip("-")[:80] for title in titles]
    return [f"{i:0{digits}d}-{stem}.png" for i, stem in enumerate(stems)]


def to_bytes(images: np.ndarray) -> np.ndarray:
    """Values in [0, 1] as uint8, of any shape: clipped, rounded; NaN is black."""
    return (np.clip(np.nan_to_num(images), 0, 1) * 255).round().astype(np.uint8)


def as_picture(image: np.ndarray) -> Image.Image:
    """An image channel×height×width in [0, 1] as a PIL image, "RGB" or "L".

    Raises:
        ValueError: it has neither one nor three channels.
    """
    if image.shape[0] not in (1, 3):
        raise ValueError(f"an image of {image.shape[0]} channels cannot be shown: only those of 1 or 3 can")
    pixels = to_bytes(image)
    return Image.fromarray(pixels[0] if len(pixels) == 1 else np.ascontiguousarray(pixels.transpose(1, 2, 0)))


def _read(path: Path) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    if not (path / ABOUT).exists() or not (path / ARRAYS).exists():
        raise FileNotFoundError(f"{path} holds no visualizations: expected the files {ABOUT} and {ARRAYS} in it")
    text = (path / ABOUT).read_bytes()
    arrays, metadata = read_tensors(path / ARRAYS)
    if metadata.get("about") != hashlib.sha256(text).hexdigest():
        raise DamagedFileError(f"{path / ABOUT} was altered, or does not belong to the {ARRAYS} beside it")
    about = json.loads(text)
    if about["format"] != FORMAT:
        raise ValueError(f"{path} has the format {about['format']!r}, this version reads {FORMAT!r}: make them again")
    return about, arrays


def _objects(values: list[Any]) -> np.ndarray:
    array = np.empty(len(values), object)
    array[:] = values
    return array
