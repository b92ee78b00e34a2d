"""Find the images of a folder, and the class of each."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nbinterp.data.images import SUFFIXES


@dataclass(frozen=True)
class Listing:
    """The images of a folder: names are paths relative to it, with "/"; a flat folder has no labels and classes."""

    names: tuple[str, ...]
    labels: list[int] | None
    classes: tuple[str, ...] | None


def list_images(root: Path, skip: Sequence[Path] = ()) -> Listing:
    """List a folder's images without opening one.

    Images directly in the folder: flat, no labels. Images in subfolders (to any depth): each subfolder is a class, in
    sorted order. Hidden files and folders (".…", "__MACOSX") and files with other endings are passed over.

    Args:
        root: the folder.
        skip: folders inside it that hold something else (masks).

    Raises:
        FileNotFoundError: no such folder.
        ValueError: no image in it, or images both beside and inside subfolders.
    """
    if not root.is_dir():
        what = "a file" if root.exists() else "not there"
        raise FileNotFoundError(f"{root} is {what}; expected a folder of images, or of one subfolder per class.")
    skipped = {folder.resolve() for folder in skip}
    entries = sorted((entry for entry in root.iterdir() if _shown(entry.name)), key=lambda entry: entry.name)
    flat = [entry.name for entry in entries if _is_image(entry.name) and entry.is_file()]
    folders = [entry for entry in entries if entry.is_dir() and entry.resolve() not in skipped]
    inside = {folder.name: sorted(_walk(folder, root, skipped)) for folder in folders}
    classes = [name for name, found in inside.items() if found]
    if flat and classes:
        raise ValueError(
            f"{root} has {len(flat)} images (e.g. {flat[0]!r}) beside subfolders with images "
            f"({', '.join(map(repr, classes[:3]))}): put each image into a class subfolder, or all into one "
            "flat folder."
        )
    if not flat and not classes:
        raise ValueError(_why_empty(root, entries))
    if flat:
        return Listing(tuple(flat), None, None)
    empty = [name for name in inside if name not in classes]
    if empty:
        warnings.warn(
            f"{root}: no images in the class subfolder{'s' * (len(empty) > 1)} "
            f"{', '.join(map(repr, empty[:5]))}; the class is kept, without images.",
            stacklevel=3,
        )
    labels = [label for label, found in enumerate(inside.values()) for _ in found]
    return Listing(tuple(name for found in inside.values() for name in found), labels, tuple(inside))


def readable_classes(subfolders: tuple[str, ...], class_names: Mapping[str, str] | Sequence[str]) -> tuple[str, ...]:
    """Class names for sorted subfolders, given as subfolder -> name (others keep theirs) or as names in that order.

    Raises:
        ValueError: a subfolder that is not there, or the wrong number of names.
    """
    if isinstance(class_names, Mapping):
        unknown = sorted(set(class_names) - set(subfolders))
        if unknown:
            raise ValueError(
                f"class_names names the subfolder {unknown[0]!r}, which is not there: the subfolders are "
                f"{', '.join(map(repr, subfolders[:10]))}."
            )
        return tuple(str(class_names.get(name, name)) for name in subfolders)
    if len(class_names) != len(subfolders):
        raise ValueError(
            f"class_names has {len(class_names)} names for {len(subfolders)} subfolders; give one each, in "
            f"sorted order ({', '.join(map(repr, subfolders[:5]))}, …), or a mapping."
        )
    return tuple(str(name) for name in class_names)


def _walk(folder: Path, root: Path, skipped: set[Path]) -> Iterator[str]:
    for here, folders, files in os.walk(folder, followlinks=True):
        folders[:] = [name for name in folders if _shown(name) and (Path(here) / name).resolve() not in skipped]
        for name in files:
            if _shown(name) and _is_image(name):
                yield (Path(here) / name).relative_to(root).as_posix()


def _shown(name: str) -> bool:
    return not name.startswith(".") and name != "__MACOSX"


def _is_image(name: str) -> bool:
    return name.lower().endswith(SUFFIXES)


def _why_empty(root: Path, entries: list[Path]) -> str:
    found = ", ".join(repr(entry.name) for entry in entries[:5]) or "nothing"
    return (
        f"{root} holds no images, neither in it nor in its subfolders (found: {found}). Expected files ending in "
        f"{' '.join(SUFFIXES)}, directly or in one subfolder per class."
    )
