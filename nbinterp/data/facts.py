"""What is known about the images of a probe set, brought into one form and checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

RESERVED_COLUMNS = ("name", "label", "prediction", "confidence", "correct")
"""Columns that a recording makes itself."""


def numbered(n: int) -> list[str]:
    """Names for images without one: "0000", "0001", …"""
    return [f"{index:0{max(4, len(str(n - 1)))}d}" for index in range(n)]


def as_names(names: Sequence[str], n: int) -> tuple[str, ...]:
    """One name per image, else ValueError."""
    if isinstance(names, str) or len(names) != n:
        raise ValueError(f"names has {len(names)} entries for {n} images; give one name per image.")
    return tuple(str(name) for name in names)


def as_class_names(class_names: Sequence[str] | None) -> tuple[str, ...] | None:
    """Class names as a tuple of strings, else ValueError."""
    if class_names is None:
        return None
    if isinstance(class_names, str) or not all(isinstance(name, str) for name in class_names):
        raise ValueError(f"class_names is {class_names!r:.80}; expected a sequence of strings, one per class.")
    return tuple(class_names)


def as_labels(labels: Any, n: int, class_names: tuple[str, ...] | None) -> np.ndarray | None:
    """One class index per image as read-only int64, −1 where unknown; ValueError if they do not fit."""
    if labels is None:
        return None
    found = np.asarray(labels)
    if found.dtype.kind not in "iu":
        raise ValueError(
            f"labels holds {found.dtype} values; expected whole numbers, the class index of each image. "
            "Names become numbers with numpy.unique(labels, return_inverse=True)."
        )
    if found.shape != (n,):
        raise ValueError(f"labels has shape {found.shape} for {n} images; expected one class index per image, ({n},).")
    found = found.astype(np.int64)
    top = None if class_names is None else len(class_names)
    wrong = np.flatnonzero((found < -1) | (found >= (np.inf if top is None else top)))
    if len(wrong):
        allowed = "−1 (unknown), 0, 1, …" if top is None else f"−1 (unknown) to {top - 1}, for {top} class names"
        raise ValueError(f"labels[{wrong[0]}] is {found[wrong[0]]}; expected {allowed}.")
    found.flags.writeable = False
    return found


def as_columns(columns: Mapping[str, Any], n: int) -> dict[str, np.ndarray]:
    """Extra columns as arrays of numbers, booleans or strings; ValueError if they do not fit."""
    checked = {}
    for name, values in columns.items():
        array = np.asarray(values)
        if name in RESERVED_COLUMNS:
            raise ValueError(f"the column {name!r} is made by a recording; choose another name.")
        if array.shape != (n,):
            raise ValueError(f"the column {name!r} has shape {array.shape} for {n} images; expected ({n},).")
        _check_kind(name, array)
        checked[str(name)] = array.copy()
    return checked


def _check_kind(name: str, array: np.ndarray) -> None:
    """ValueError unless the column holds numbers that a saved recording can keep, booleans or strings."""
    kind = array.dtype.kind
    strange = {type(value).__name__ for value in array if not isinstance(value, str)} if kind == "O" else set()
    if kind not in "iufbUO" or strange:
        of = f"{', '.join(sorted(strange))} among its" if strange else str(array.dtype)
        raise ValueError(
            f"the column {name!r} holds {of} values; expected numbers, booleans or strings, all of one kind. "
            "Convert it: numpy.array(values, dtype=float) makes numbers (NaN: none), [str(value) for value in values] "
            "text."
        )
    if kind == "u" and len(array) and array.max() > np.iinfo(np.int64).max:
        raise ValueError(
            f"the column {name!r} holds {array.max()}; expected whole numbers up to {np.iinfo(np.int64).max} (int64). "
            "Give larger ones, such as hashes, as text: [str(value) for value in values]."
        )


def as_chosen(indices: Any, n: int, what: str = "subset") -> np.ndarray:
    """Image indices as int64 from integers or one boolean per image; `what` they are of, for messages."""
    chosen = np.asarray(indices)
    if chosen.dtype == bool and chosen.shape == (n,):
        chosen = np.flatnonzero(chosen)
    if chosen.size == 0:
        raise ValueError(f"{what}: no image chosen; at least one is needed.")
    if chosen.ndim != 1 or chosen.dtype.kind not in "iu":
        raise ValueError(
            f"{what}: got {chosen.dtype} of shape {chosen.shape}; expected a list of integers, or {n} booleans."
        )
    wrong = chosen[(chosen < 0) | (chosen >= n)]
    if len(wrong):
        raise IndexError(f"{what}: image {wrong[0]} does not exist; the probe set has the images 0 to {n - 1}.")
    return chosen.astype(np.int64)


def few(names: Sequence[str], n: int = 3) -> str:
    """The first names, and "…" if there are more."""
    return ", ".join(names[:n]) + ", …" * (len(names) > n)
