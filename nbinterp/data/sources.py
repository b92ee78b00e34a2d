"""Where a probe set's images come from: one small interface, and the sources behind the constructors.

To bring images from anywhere else (a database, a generator of scenes), subclass `ImageSource` and hand it to
`ProbeSet(source, names=…, …)`; only `__len__`, `image` and `digest` must be written.
"""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from torch import Tensor

from nbinterp.data import images
from nbinterp.data.arrays import as_image
from nbinterp.data.errors import MaskError
from nbinterp.data.masks import check_label_map, read_label_map


class ImageSource(ABC):
    """Images by number. Every method may be called from several threads at once."""

    origin: str = "a source"
    """Where the images come from, in words, for `repr`."""

    @abstractmethod
    def __len__(self) -> int:
        """Number of images."""

    @abstractmethod
    def image(self, index: int) -> Image.Image | Tensor:
        """The image that a classifier's preprocess receives: PIL "RGB" or "L", or a channel-first tensor (uint8, or
        float32 in [0, 1]). The same index always gives the same image. Raises `ImageError` naming it."""

    @abstractmethod
    def digest(self, index: int) -> bytes:
        """A hash of what `image(index)` returns: equal bytes for equal images, others for others."""

    def size(self, index: int) -> tuple[int, int]:
        """(height, width) of `image(index)`, in pixels."""
        image = self.image(index)
        return (image.height, image.width) if isinstance(image, Image.Image) else (image.shape[1], image.shape[2])

    def label_maps(self, index: int) -> dict[str, np.ndarray]:
        """Category -> int64 H×W label map, as large as the image; {} without masks."""
        return {}

    def picture(self, index: int, at_least: tuple[int, int] | None = None) -> Image.Image:
        """The image for display, as an RGB PIL image; a source may give a smaller one, but no smaller than
        `at_least` (height, width) where that is less than the full size."""
        return images.to_picture(self.image(index))


class FolderSource(ImageSource):
    """Image files, read anew at each call; with masks, label files beside them."""

    def __init__(
        self,
        root: Path,
        names: Sequence[str],
        mode: str,
        masks: Mapping[str, Sequence[Path]],
        concepts: Mapping[str, Sequence[str]],
        ignore: int | None,
    ) -> None:
        self.origin = f"the folder {root.name}"
        self._paths = [root / name for name in names]
        self._mode, self._masks, self._concepts, self._ignore = mode, masks, concepts, ignore
        self._digests: dict[int, tuple[tuple[int, int], bytes]] = {}

    def __len__(self) -> int:
        return len(self._paths)

    def image(self, index: int) -> Image.Image:
        return images.read_image(self._paths[index], self._mode)

    def size(self, index: int) -> tuple[int, int]:
        """Read from the file's header only."""
        return images.image_size(self._paths[index])

    def picture(self, index: int, at_least: tuple[int, int] | None = None) -> Image.Image:
        return images.to_picture(images.read_image(self._paths[index], self._mode, at_least=at_least))

    def digest(self, index: int) -> bytes:
        """Hash of the file's bytes and the mode, kept until the file's size or time of change differs."""
        path = self._paths[index]
        try:
            status = path.stat()
            version = (status.st_mtime_ns, status.st_size)
            kept = self._digests.get(index)
            if kept is None or kept[0] != version:
                kept = (version, hashlib.sha256(self._mode.encode() + b"\0" + path.read_bytes()).digest())
                self._digests[index] = kept
        except OSError as error:
            raise images.ImageError(
                f"{path} cannot be read: {error}. Restore it, or make the probe set again."
            ) from error
        return kept[1]

    def label_maps(self, index: int) -> dict[str, np.ndarray]:
        maps = {category: read_label_map(paths[index]) for category, paths in self._masks.items()}
        size = images.image_size(self._paths[index]) if maps else (0, 0)
        for category, label_map in maps.items():
            where = str(self._masks[category][index])
            check_label_map(label_map, size, len(self._concepts[category]), self._ignore, where)
        return maps


class ArraySource(ImageSource):
    """Arrays in memory, checked once and not copied (do not change them afterwards)."""

    origin = "arrays"

    def __init__(
        self,
        items: Any,
        names: Sequence[str],
        masks: Mapping[str, Any],
        concepts: Mapping[str, Sequence[str]],
        ignore: int | None,
    ) -> None:
        self._items, self._names, self._masks = items, names, masks
        for category, maps in masks.items():
            if len(maps) != len(items):
                raise MaskError(
                    f"masks[{category!r}] has {len(maps)} label maps for {len(items)} images; expected one each."
                )
        for index, name in enumerate(names):
            image = self.image(index)
            width, height = image.size if isinstance(image, Image.Image) else (image.shape[2], image.shape[1])
            for category, maps in masks.items():
                where = f"the {category} mask of image {name!r}"
                check_label_map(np.asarray(maps[index]), (height, width), len(concepts[category]), ignore, where)

    def __len__(self) -> int:
        return len(self._items)

    def image(self, index: int) -> Image.Image | Tensor:
        return as_image(self._items[index], f"image {self._names[index]!r}")

    def digest(self, index: int) -> bytes:
        return images.digest(self.image(index))

    def label_maps(self, index: int) -> dict[str, np.ndarray]:
        return {category: np.asarray(maps[index]).astype(np.int64) for category, maps in self._masks.items()}


class SubsetSource(ImageSource):
    """Some images of another source, in a given order."""

    def __init__(self, source: ImageSource, indices: np.ndarray) -> None:
        if isinstance(source, SubsetSource):
            source, indices = source._source, source._indices[indices]
        self.origin = source.origin
        self._source, self._indices = source, indices

    def __len__(self) -> int:
        return len(self._indices)

    def image(self, index: int) -> Image.Image | Tensor:
        return self._source.image(int(self._indices[index]))

    def digest(self, index: int) -> bytes:
        return self._source.digest(int(self._indices[index]))

    def size(self, index: int) -> tuple[int, int]:
        return self._source.size(int(self._indices[index]))

    def label_maps(self, index: int) -> dict[str, np.ndarray]:
        return self._source.label_maps(int(self._indices[index]))

    def picture(self, index: int, at_least: tuple[int, int] | None = None) -> Image.Image:
        return self._source.picture(int(self._indices[index]), at_least)
