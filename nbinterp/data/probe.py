"""ProbeSet: the images a network is measured on, with names, labels and concept masks."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from torch import Tensor

from nbinterp.data.arrays import check_batch_shape
from nbinterp.data.dataset import DatasetSource, known_classes, known_names, unwrap
from nbinterp.data.facts import as_chosen, as_class_names, as_columns, as_labels, as_names, few, numbered
from nbinterp.data.folder import list_images, readable_classes
from nbinterp.data.masks import match_masks, name_concepts, per_category
from nbinterp.data.sources import ArraySource, FolderSource, ImageSource, SubsetSource


class ProbeSet:
    """Images, decoded when they are needed, with what is known about them.

    Make one with `from_folder`, `from_dataset` or `from_arrays`; the constructor itself takes any `ImageSource`.
    Images may be read from several threads at once. How unusual images are converted is said in
    `nbinterp.data.images` (files, PIL images) and `nbinterp.data.arrays` (arrays, tensors).

    Attributes:
        names: one name per image (path relative to the folder, or a number).
        labels: int64 class index per image, −1 where unknown, read-only; None if no image has a label.
        class_names: name of each class, or None.
        concepts: category -> name of each label value of its masks ("" = nothing); {} without masks.
        columns: further facts per image, column -> array of numbers, booleans or strings; shown in the widgets.
        ignore: label value of pixels nobody labelled; None for no such value.

    Args:
        source: where the images come from.
        names: as the attribute, as the others below.
        labels: integers; anything `numpy.asarray` understands.
        class_names: at least one more than the largest label.
        concepts: see `from_folder`; needed for a source with label maps.
        columns: `name`, `label`, `prediction`, `confidence` and `correct` are taken.
        ignore: outside the range of the concepts' numbers.

    Raises:
        ValueError: no images, lengths that differ, labels without a class name.
    """

    def __init__(
        self,
        source: ImageSource,
        *,
        names: Sequence[str],
        labels: Any = None,
        class_names: Sequence[str] | None = None,
        concepts: Mapping[str, Sequence[str]] | None = None,
        columns: Mapping[str, Any] | None = None,
        ignore: int | None = 255,
    ) -> None:
        if len(source) == 0:
            raise ValueError("a probe set needs at least one image, got none.")
        self._source = source
        self.ignore = ignore
        self.names = as_names(names, len(source))
        self.class_names = as_class_names(class_names)
        self.labels = as_labels(labels, len(source), self.class_names)
        self.concepts = name_concepts(concepts or None, tuple(concepts or ()), ignore)
        self.columns = as_columns({} if columns is None else columns, len(source))

    @classmethod
    def from_folder(
        cls,
        path: str | Path,
        *,
        masks: str | Path | Mapping[str, str | Path] | None = None,
        concepts: Sequence[str] | Mapping[str, Sequence[str]] | None = None,
        ignore: int | None = 255,
        mode: str = "RGB",
        class_names: Mapping[str, str] | Sequence[str] | None = None,
    ) -> ProbeSet:
        """Images of a folder: one subfolder per class, or flat (no labels). No image is decoded yet.

        Args:
            path: the folder. Labels number its subfolders in sorted order; images below a subfolder, to any depth,
                belong to it. Hidden files and files with other endings than `nbinterp.data.images.SUFFIXES` are
                passed over; a subfolder without images stays a class, with a warning.
            masks: a folder of label images (palette or grey, 1 to 16 bits; the value is the label) with the images'
                base names, flat or in the same subfolders: category "object". Or category -> folder.
            concepts: the names of the label values 0, 1, …: a sequence, or category -> sequence. "" means nothing.
            ignore: label value of unlabelled pixels.
            mode: "RGB" or "L" (grey): what every image is converted to. EXIF orientation is applied.
            class_names: subfolder -> readable name, or the names in the subfolders' sorted order.

        Raises:
            FileNotFoundError: no such folder.
            ValueError: no images in it, images beside class subfolders, names that do not fit.
            MaskError: images without a label file. (Size and values are checked when a mask is read.)
        """
        if mode not in ("RGB", "L"):
            raise ValueError(f'mode is {mode!r}; expected "RGB" or "L".')
        root = Path(path).expanduser()
        folders = {} if masks is None else {c: Path(f).expanduser() for c, f in per_category(masks).items()}
        listing = list_images(root, skip=list(folders.values()))
        if class_names is not None and listing.classes is None:
            raise ValueError(
                f"class_names were given, but {root} is flat: its images have no labels. "
                "Put them into one subfolder per class."
            )
        classes = listing.classes
        if classes is not None and class_names is not None:
            classes = readable_classes(classes, class_names)
        named = name_concepts(concepts, tuple(folders), ignore)
        files = {c: match_masks(folder, listing.names) for c, folder in folders.items()}
        source = FolderSource(root, listing.names, mode, files, named, ignore)
        return cls(
            source, names=listing.names, labels=listing.labels, class_names=classes, concepts=named, ignore=ignore
        )

    @classmethod
    def from_dataset(
        cls, dataset: Any, *, class_names: Sequence[str] | None = None, names: Sequence[str] | None = None
    ) -> ProbeSet:
        """Images of a map-style torch dataset; the pixels reach the classifier just as the dataset gives them.

        Only the first item (twice) and the last are read here; all are, if labels are not in `dataset.targets` or
        `dataset.labels`.

        Args:
            dataset: items are an image, `(image, label, …)` or `{"image": …, "label": …}`; the image a PIL image,
                uint8 array or tensor, or floats in [0, 1] (*not* normalized: that belongs into the classifier's
                preprocess). The same item must be the same each time. A DataLoader stands for its dataset.
            class_names: default `dataset.classes`.
            names: default the file names of an ImageFolder, else numbers.

        Raises:
            TypeError: no map-style dataset.
            ValueError: an empty or randomly augmented one.
            ImageError: an item that is no image, normalized floats, a label that is not one whole number.
        """
        dataset = unwrap(dataset)
        names = as_names(names if names is not None else known_names(dataset) or numbered(len(dataset)), len(dataset))
        source = DatasetSource(dataset, names)
        source.check_repeatable()
        classes = class_names if class_names is not None else known_classes(dataset)
        labels = source.labels()
        return cls(source, names=names, labels=labels, class_names=classes if labels is not None else None)

    @classmethod
    def from_arrays(
        cls,
        images: Any,
        labels: Any = None,
        *,
        class_names: Sequence[str] | None = None,
        names: Sequence[str] | None = None,
        masks: Any = None,
        concepts: Sequence[str] | Mapping[str, Sequence[str]] | None = None,
        ignore: int | None = 255,
        columns: Mapping[str, Any] | None = None,
    ) -> ProbeSet:
        """Images in memory. They are not copied: do not change them afterwards.

        Args:
            images: numpy array or torch tensor N×H×W (grey), N×H×W×C or N×C×H×W with C = 1, 3 or 4, uint8 or floats
                in [0, 1]; or a list of arrays, tensors or PIL images of any sizes. The channel axis is the one of
                size 1, 3 or 4; shapes where that leaves a doubt are refused.
            labels: class index per image, −1 where unknown.
            class_names: name of each class.
            names: default numbers.
            masks: N×H×W integers (or a list of H×W) for the category "object", or category -> such an array.
            concepts: names of the label values, as for `from_folder`.
            ignore: label value of unlabelled pixels.
            columns: further facts per image, column -> N numbers, booleans or strings.

        Raises:
            ValueError: axes that cannot be told apart, lengths that differ, labels without a class name.
            ImageError: an image with wrong shape, dtype or values.
            MaskError: a mask that does not fit its image or its concepts.
        """
        if hasattr(images, "shape"):
            check_batch_shape(tuple(images.shape))
        if not hasattr(images, "__len__"):
            raise TypeError(f"images is a {type(images).__name__}; expected an array, a tensor, or a list of images.")
        n = len(images)
        if n == 0:
            raise ValueError("a probe set needs at least one image, got none.")
        names = as_names(names if names is not None else numbered(n), n)
        maps = {} if masks is None else per_category(masks)
        named = name_concepts(concepts, tuple(maps), ignore)
        source = ArraySource(images, names, maps, named, ignore)
        return cls(
            source, names=names, labels=labels, class_names=class_names, concepts=named, columns=columns, ignore=ignore
        )

    def __len__(self) -> int:
        return len(self._source)

    def __repr__(self) -> str:
        parts = [f"{len(self)} image{'s' * (len(self) > 1)} from {self._source.origin}"]
        if self.class_names is not None:
            parts.append(f"{len(self.class_names)} classes ({few(self.class_names)})")
        if self.concepts:
            parts.append(f"masks of {', '.join(f'{len(v)} {k} values' for k, v in self.concepts.items())}")
        if self.columns:
            parts.append(f"columns {few(tuple(self.columns), 6)}")
        return f"ProbeSet({'; '.join(parts)})"

    def image(self, index: int) -> Image.Image | Tensor:
        """The image that a classifier's preprocess receives.

        Returns:
            A PIL image ("RGB" or "L") for files, PIL images and uint8 numpy arrays; a channel-first tensor for torch
            tensors (uint8, or float32 in [0, 1]) and for float numpy arrays (float32).

        Raises:
            IndexError: no such image.
            ImageError: it cannot be read; the message names it.
        """
        return self._source.image(self._checked(index))

    def pixels(self, index: int, size: tuple[int, int] | None = None) -> np.ndarray:
        """The image for display: uint8, height × width × 3.

        Args:
            index: which image.
            size: (height, width) in pixels to squeeze it into, aspect ratio not kept; a JPEG is then decoded at
                reduced size, which is fast.

        Raises:
            IndexError: no such image.
            ImageError: it cannot be read.
        """
        picture = self._source.picture(self._checked(index), size)
        return np.array(picture if size is None else _resized(picture, (size[1], size[0])))

    def size(self, index: int) -> tuple[int, int]:
        """(height, width) of the image in pixels; a file is not decoded for it.

        Raises:
            IndexError: no such image.
            ImageError: it cannot be read.
        """
        return self._source.size(self._checked(index))

    def thumbnail(self, index: int, side: int) -> np.ndarray:
        """The image for display, scaled (up or down) so that its longer side is `side` pixels, aspect ratio kept.

        Returns:
            uint8, height × width × 3.

        Raises:
            IndexError: no such image.
            ImageError: it cannot be read.
        """
        picture = self._source.picture(self._checked(index), (side, side))
        scale = side / max(picture.size)
        width, height = (max(1, round(length * scale)) for length in picture.size)
        return np.array(_resized(picture, (width, height)))

    def label_maps(self, index: int) -> dict[str, np.ndarray]:
        """Category -> int64 label map, height × width of the image; {} without masks.

        Values are indices into `concepts[category]`, or `ignore`.

        Raises:
            IndexError: no such image.
            MaskError: a label file that cannot be read or does not fit; the message names it.
        """
        return self._source.label_maps(self._checked(index))

    def subset(self, indices: Any) -> ProbeSet:
        """Some of the images, in the given order, with all that is known about them.

        Args:
            indices: integers 0 to len − 1 (repeats are kept), or one boolean per image.

        Raises:
            ValueError: none chosen, or neither integers nor len(self) booleans.
            IndexError: an index out of range.
        """
        chosen = as_chosen(indices, len(self))
        return ProbeSet(
            SubsetSource(self._source, chosen),
            names=[self.names[i] for i in chosen],
            labels=None if self.labels is None else self.labels[chosen],
            class_names=self.class_names,
            concepts=self.concepts,
            columns={name: values[chosen] for name, values in self.columns.items()},
            ignore=self.ignore,
        )

    def fingerprint(self) -> str:
        """SHA-256, in hexadecimal, of everything a recording depends on: images, names, labels, class names.

        The content of files counts, not their place or date; file hashes are kept and renewed when a file changes.
        Masks, concepts and columns do not count.

        Raises:
            ImageError: an image cannot be read.
        """
        total = hashlib.sha256(f"probe set, {len(self)} images, {self.class_names}".encode())
        for index, name in enumerate(self.names):
            total.update(repr(name).encode() + self._source.digest(index))
        total.update(b"" if self.labels is None else self.labels.tobytes())
        return total.hexdigest()

    def _checked(self, index: int) -> int:
        if not 0 <= index < len(self):
            raise IndexError(f"image {index} does not exist: the probe set has the images 0 to {len(self) - 1}.")
        return int(index)


def _resized(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    return picture.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0) if picture.size != size else picture
