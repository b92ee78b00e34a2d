"""Concept masks: label maps beside the images, and the names of their values.

A label map is an H×W array of integers, as large as its image; the value is an index into the names of its category
(`concepts[category]`), and `ignore` marks pixels that nobody labelled.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from nbinterp.data.errors import MaskError

ONE_CATEGORY = "object"
"""The category of masks that are given without a category's name."""

_LABEL_SUFFIXES = (".png", ".bmp", ".gif", ".tif", ".tiff")  # not JPEG: it changes values
_PACKED_GREY = {"L;2": 85, "L;4": 17}  # PIL stretches 2- and 4-bit grey PNGs to 0..255


def per_category(masks: Any) -> dict[str, Any]:
    """Masks given plainly belong to the category "object"; a mapping is kept."""
    return dict(masks) if isinstance(masks, Mapping) else {ONE_CATEGORY: masks}


def name_concepts(concepts: Any, categories: Sequence[str], ignore: int | None) -> dict[str, tuple[str, ...]]:
    """Bring `concepts` into the form category -> name of each label value.

    Args:
        concepts: a sequence of names (if there is one category), or category -> sequence of names. "" is a value
            that means nothing.
        categories: the categories there are masks for.
        ignore: the label value that means "unlabelled", None for no such value.

    Raises:
        ValueError: names missing or superfluous, or the ignore value is also the number of a concept.
    """
    if not categories:
        if concepts is not None:
            raise ValueError("concepts were given without masks: give the label maps they name as masks=.")
        return {}
    if concepts is None:
        raise ValueError(
            f"masks were given for {_listed(categories)} but no concepts: give the names of the label "
            'values, e.g. concepts=("background", "cat", "dog").'
        )
    if isinstance(concepts, str) or (
        isinstance(concepts, Mapping) and any(isinstance(v, str) for v in concepts.values())
    ):
        raise ValueError(
            f"concepts must be a sequence of names, or a mapping category -> sequence of names; got {concepts!r:.80}."
        )
    if not isinstance(concepts, Mapping):
        if len(categories) != 1:
            raise ValueError(
                f"concepts is one list of names, but there are masks for {_listed(categories)}: "
                "give a mapping category -> names."
            )
        concepts = {categories[0]: concepts}
    if set(concepts) != set(categories):
        raise ValueError(
            f"concepts names {_listed(concepts)}, masks {_listed(categories)}: give both for each category."
        )
    named = {category: tuple(str(name) for name in concepts[category]) for category in categories}
    for category, names in named.items():
        if ignore is not None and 0 <= ignore < len(names):
            raise ValueError(
                f"the ignore value {ignore} is also the number of the {category} {names[ignore]!r}: "
                "choose another ignore value (None for no such value)."
            )
    return named


def check_label_map(
    label_map: np.ndarray, size: tuple[int, int], n_values: int, ignore: int | None, where: str
) -> None:
    """Refuse a label map that does not fit its image or holds values without a name.

    Args:
        label_map: integers, height × width.
        size: (height, width) of the image in pixels.
        n_values: number of concept names; allowed values are 0 to n_values − 1, and `ignore`.
        ignore: the value of unlabelled pixels, or None.
        where: what the map is called in the error.

    Raises:
        MaskError: wrong dtype, size or value.
    """
    if label_map.dtype.kind not in "iu":
        raise MaskError(f"{where} holds {label_map.dtype} values; expected integers, one label per pixel.")
    if label_map.shape != size:
        raise MaskError(
            f"{where} has shape {label_map.shape}, its image {size} (height, width): they must be equal. "
            "Resize the mask with nearest-neighbour interpolation."
        )
    wrong = (label_map < 0) | (label_map >= n_values)
    if ignore is not None:
        wrong &= label_map != ignore
    if wrong.any():
        found = np.unique(label_map[wrong])
        raise MaskError(
            f"{where} holds the value{'s' * (len(found) > 1)} {', '.join(map(str, found[:5]))}, but concepts "
            f"names 0 to {n_values - 1} (ignore is {ignore}). Name all values in concepts, or set "
            "ignore=."
        )


def read_label_map(path: Path) -> np.ndarray:
    """Read a label image: palette index or grey value of each pixel, 1 to 16 bits, as int64 H×W.

    Raises:
        MaskError: not readable, or a colour image (whose colours are not label numbers).
    """
    try:
        with Image.open(path) as image:
            stretch = _PACKED_GREY.get(str(image.tile[0][3]), 1) if image.tile else 1
            image.load()
            if image.mode not in ("1", "L", "P") and not image.mode.startswith("I"):
                raise MaskError(
                    f"{path} has PIL mode {image.mode}; expected one label number per pixel, as a palette or grey PNG."
                )
            return np.asarray(image).astype(np.int64) // stretch
    except MaskError:
        raise
    except Exception as error:
        raise MaskError(
            f"{path} cannot be read as a label image: {type(error).__name__}: {error}. "
            "Replace it by a palette or grey PNG."
        ) from error


def match_masks(folder: Path, names: Sequence[str]) -> list[Path]:
    """The label file of each image: the same relative path but for the ending, or the same base name.

    Args:
        folder: where the label files lie, flat or in the same subfolders as the images. Label files without an image
            are ignored.
        names: image names, paths relative to the image folder.

    Raises:
        FileNotFoundError: no such folder.
        MaskError: images without a label file, or two label files for one image.
    """
    if not folder.is_dir():
        raise FileNotFoundError(f"masks: {folder} is not a folder.")
    by_path: dict[str, list[Path]] = {}
    by_stem: dict[str, list[Path]] = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in _LABEL_SUFFIXES and not path.name.startswith("."):
            by_path.setdefault(path.relative_to(folder).with_suffix("").as_posix(), []).append(path)
            by_stem.setdefault(path.stem, []).append(path)
    found = [by_path.get(_bare(name)) or by_stem.get(Path(name).stem, []) for name in names]
    missing = [name for name, paths in zip(names, found, strict=True) if not paths]
    if missing:
        raise MaskError(
            f"{folder} has no label file for {len(missing)} of {len(names)} images, e.g. for "
            f"{_listed(missing[:3])}: expected the same base name, such as {Path(missing[0]).stem}.png. "
            "Add them, or make the probe set from the labelled images only."
        )
    _check_unique(folder, names, found)
    return [paths[0] for paths in found]


def _check_unique(folder: Path, names: Sequence[str], found: list[list[Path]]) -> None:
    owner: dict[Path, str] = {}
    for name, paths in zip(names, found, strict=True):
        if len(paths) > 1:
            raise MaskError(
                f"{folder} has {len(paths)} label files for {name!r}: {_listed(p.name for p in paths[:3])}. Keep one."
            )
        if paths[0] in owner:
            raise MaskError(
                f"{paths[0]} is the only label file for {owner[paths[0]]!r} and for {name!r}: put the label "
                "files into the same subfolders as the images."
            )
        owner[paths[0]] = name


def _bare(name: str) -> str:
    return Path(name).with_suffix("").as_posix()


def _listed(names: Any) -> str:
    return ", ".join(repr(str(name)) for name in names)
