"""Reading concepts: label maps, a segmenter's output or colours, as numbered planes in the network's view."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import torch
from torch import Tensor

from nbinterp.data import ProbeSet
from nbinterp.data.world.palette import BASIC_COLORS, name_colors

from ..field_of_view import FieldOfView
from .geometry import sample_nearest, see, within
from .stores import pack_planes

COLOUR = "colour"
COARSE = 28  # the chance level is counted on about this many rows and columns

_KEPT_IMAGES = 256  # for pictures: at most some 20 MB at the size of a card

Segmenter = Callable[[Tensor], Mapping[str, Any]]


@dataclass(frozen=True)
class ImageConcepts:
    """What one image shows.

    Attributes:
        fine: packed label planes in the size that is counted.
        coarse: every `step`-th row and column of them, packed.
        pixels: int64, concept × category: pixels of the concept, by the category that labels them.
        shown: bool, concept.
    """

    fine: bytes
    coarse: bytes
    pixels: np.ndarray
    shown: np.ndarray


class ConceptReader:
    """Numbers all concepts and reads those of an image.

    Args:
        probe: the images.
        part: what the network sees of each; nothing is labelled beyond the image's sides.
        size: (height, width) of the planes.
        view_size: (height, width) of the network's input: what the segmenter gets.
        names: category -> name of each label value, "" for nothing.
        segmenter: takes the place of the probe set's masks.
        colours: whether pixels are called by their colours, as one more category.
        merged: whether a name that occurs in several categories is one concept (as in Broden), not several.
    """

    def __init__(
        self,
        probe: ProbeSet,
        part: FieldOfView,
        size: tuple[int, int],
        view_size: tuple[int, int],
        names: Mapping[str, Sequence[str]],
        *,
        segmenter: Segmenter | None,
        colours: bool,
        merged: bool,
    ) -> None:
        self.probe, self.part, self.size, self.view_size = probe, part, size, view_size
        self.segmenter, self.colours, self._merged = segmenter, colours, merged
        self._shown = lru_cache(_KEPT_IMAGES)(self._read_planes)  # units share images, images share concepts
        self.names = {category: tuple(found) for category, found in names.items()}
        if colours:
            self.names[COLOUR] = ("", *BASIC_COLORS)
        self.categories = tuple(self.names)
        pairs = [(category, name) for category, found in self.names.items() for name in found if name]
        keys = list(dict.fromkeys(("", name) if merged else (category, name) for category, name in pairs))
        numbers = {key: number for number, key in enumerate(keys)}
        self.concepts = tuple(name for _, name in keys)
        first = {
            key: category
            for key, (category, _) in zip(
                [("" if merged else category, name) for category, name in reversed(pairs)], reversed(pairs), strict=True
            )
        }
        self.owners = np.array([self.categories.index(first[key]) for key in keys], np.int64)
        self._shared = len(keys) < len(pairs)
        self._tables = {
            category: np.array(
                [numbers[("" if merged else category, name)] if name else -1 for name in found] + [-1], np.int32
            )
            for category, found in self.names.items()
        }
        self.step = max(1, min(size) // COARSE)

    @property
    def coarse_size(self) -> tuple[int, int]:
        """(height, width) of the coarse planes."""
        return -(-self.size[0] // self.step), -(-self.size[1] // self.step)

    def seen(self, index: int) -> Tensor:
        """An image as the segmenter gets it: float32 in [0, 1], 3 × height × width, of `view_size`."""
        picture = see(self.probe.pixels(index), self.part(index), self.view_size)
        return torch.from_numpy(picture).permute(2, 0, 1).float() / 255

    def segmented(self, images: Tensor) -> list[dict[str, np.ndarray]]:
        """Run the segmenter on a batch; what it says of each image.

        Raises:
            ValueError: it returned something else than it should.
        """
        assert self.segmenter is not None
        with torch.inference_mode():
            found = self.segmenter(images)
        wanted = [category for category in self.names if category != COLOUR or not self.colours]
        if not isinstance(found, Mapping) or not set(wanted) <= set(found):
            got = sorted(map(str, found)) if isinstance(found, Mapping) else type(found).__name__
            raise ValueError(f"the segmenter must return category -> masks with the categories {wanted}; got {got}")
        arrays = {category: self._checked(category, found[category], len(images)) for category in wanted}
        return [{category: array[row] for category, array in arrays.items()} for row in range(len(images))]

    def read(self, index: int, given: Mapping[str, np.ndarray] | None = None) -> ImageConcepts:
        """What an image shows.

        Args:
            index: which image.
            given: what the segmenter said of it.

        Raises:
            MaskError: its label map cannot be read or does not fit.
        """
        planes, owners = self._planes(index, given)
        pixels = np.zeros((len(self.concepts), len(self.categories)), np.int64)
        for plane, owner in zip(planes, owners, strict=True):
            pixels[:, owner] += np.bincount(plane.ravel() + 1, minlength=len(self.concepts) + 1)[1:]
        stacked = self._once(planes)
        coarse = stacked[:, :: self.step, :: self.step]
        return ImageConcepts(pack_planes(stacked), pack_planes(coarse), pixels, pixels.sum(1) > 0)

    def mask(self, number: int, index: int, size: tuple[int, int]) -> np.ndarray:
        """Where a concept is in an image: bool, height × width."""
        return (self._shown(int(index), (int(size[0]), int(size[1]))) == number).any(0)

    def _read_planes(self, index: int, size: tuple[int, int]) -> np.ndarray:
        """int32, planes × height × width: the label planes of one image."""
        given = self.segmented(self.seen(index)[None])[0] if self.segmenter is not None else None
        planes, _ = self._planes(index, given, size)
        return np.stack(planes).astype(np.int32) if planes else np.zeros((0, *size), np.int32)

    def number(self, concept: str, category: str) -> int:
        """The number of a concept in the planes."""
        where = [own for own, found in self.names.items() if concept in found and (own == category or self._merged)]
        return int(self._tables[where[0]][self.names[where[0]].index(concept)])

    def _planes(
        self, index: int, given: Mapping[str, np.ndarray] | None, size: tuple[int, int] | None = None
    ) -> tuple[list[np.ndarray], list[int]]:
        """Label planes of concept numbers, and the category of each."""
        size = size or self.size
        maps: dict[str, np.ndarray] = {}
        box = self.part(index)
        if given is not None:
            whole = (0.0, 0.0, 1.0, 1.0)
            maps = {category: self._sampled(found, whole, size) for category, found in given.items()}
        elif set(self.names) - ({COLOUR} if self.colours else set()):
            found = self.probe.label_maps(index)
            maps = {c: sample_nearest(found[c], box, size) for c in self.names if c in found}
        if self.colours:
            maps[COLOUR] = name_colors(sample_nearest(self.probe.pixels(index), box, size))
        outside = ~within(box, size)
        planes, owners = [], []
        for category, values in maps.items():
            table = self._tables[category]
            stack = [values] if values.ndim == 2 else _one_hot_planes(values)
            for one in stack:
                nothing = outside | (one < 0) | (one >= len(table) - 1)  # the ignore value lies outside the names
                planes.append(table[np.where(nothing, len(table) - 1, one)])
                owners.append(self.categories.index(category))
        return planes, owners

    def _once(self, planes: list[np.ndarray]) -> np.ndarray:
        """Stack planes; where two of them give a pixel the same concept, the later one gives it nothing."""
        stacked = np.stack(planes) if planes else np.zeros((0, *self.size), np.int32)
        if self._shared:
            for later in range(1, len(stacked)):
                stacked[later][(stacked[:later] == stacked[later]).any(0)] = -1
        return stacked

    @staticmethod
    def _sampled(found: np.ndarray, box: tuple[float, float, float, float], size: tuple[int, int]) -> np.ndarray:
        if found.ndim == 2:
            return sample_nearest(found, box, size)
        return np.moveaxis(sample_nearest(np.moveaxis(found, 0, -1), box, size), -1, 0)

    def _checked(self, category: str, masks: Any, n_images: int) -> np.ndarray:
        array = masks.detach().cpu().numpy() if isinstance(masks, Tensor) else np.asarray(masks)
        n_names = len(self.names[category])
        if array.ndim == 3 and array.dtype.kind in "iu" and len(array) == n_images:
            return array.astype(np.int64)
        if array.ndim == 4 and array.dtype == bool and array.shape[:2] == (n_images, n_names):
            return array
        raise ValueError(
            f"the segmenter's {category!r} must be integer label maps of shape {n_images} × height × width, or bool "
            f"masks of shape {n_images} × {n_names} concepts × height × width; got {array.dtype} of shape {array.shape}"
        )


def _one_hot_planes(masks: np.ndarray) -> list[np.ndarray]:
    """Masks that may overlap, concept × height × width, as label planes: as many as there are labels on one pixel."""
    depth = masks.cumsum(0)
    planes = []
    for level in range(1, int(depth[-1].max(initial=0)) + 1):
        at = masks & (depth == level)
        planes.append(np.where(at.any(0), at.argmax(0), -1))
    return planes
