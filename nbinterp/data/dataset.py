"""Images from a map-style torch dataset."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from torch import Tensor
from torch.utils.data import DataLoader, IterableDataset, Subset

from nbinterp.data import images
from nbinterp.data.arrays import as_image
from nbinterp.data.errors import ImageError
from nbinterp.data.sources import ImageSource

_IMAGE_KEYS = ("image", "img", "pixel_values")
_LABEL_KEYS = ("label", "labels", "target", "fine_label")


class DatasetSource(ImageSource):
    """The items of a dataset: `image`, `(image, label, …)` or `{"image": …, "label": …}`.

    Datasets need not be made for threads, so one thread at a time reads them.
    """

    def __init__(self, dataset: Any, names: Sequence[str]) -> None:
        self.origin = f"a {type(dataset).__name__}"
        self._dataset, self._names = dataset, names
        self._lock = threading.Lock()
        self._digests: dict[int, bytes] = {}

    def __len__(self) -> int:
        return len(self._dataset)

    def item(self, index: int) -> tuple[Image.Image | Tensor, int]:
        """Image and label (−1: none) of one item."""
        where = f"item {index} ({self._names[index]!r}) of the dataset"
        try:
            with self._lock:
                item = self._dataset[index]
        except Exception as error:
            raise ImageError(
                f"{where} cannot be read: {type(error).__name__}: {error}. "
                "Repair the dataset, or leave the item out with probe.subset(...)."
            ) from error
        image, label = _split(item, where)
        return as_image(image, where), _as_label(label, where)

    def image(self, index: int) -> Image.Image | Tensor:
        return self.item(index)[0]

    def digest(self, index: int) -> bytes:
        """Hash of the item's pixels, computed once."""
        if index not in self._digests:
            self._digests[index] = images.digest(self.image(index))
        return self._digests[index]

    def check_repeatable(self) -> None:
        """Refuse a dataset whose first item differs from one reading to the next.

        Raises:
            ValueError: it does.
        """
        if images.digest(self.image(0)) != images.digest(self.image(0)):
            raise ValueError(
                "the dataset gives another image each time item 0 is read: it augments at random. Make it "
                "without random transforms."
            )

    def labels(self) -> np.ndarray | None:
        """Labels of all items (−1: none), None if no item has one.

        If the first and the last item have none, none has. Otherwise the dataset's `targets` or `labels` are taken
        where they agree with those two items; else every item is read once.
        """
        ends = {index: self.item(index)[1] for index in (0, len(self) - 1)}
        if max(ends.values()) < 0:
            return None
        known = _known_labels(self._dataset, len(self))
        if known is not None and all(known[index] == label for index, label in ends.items()):
            return known
        return np.array([self._noted(index) for index in range(len(self))], dtype=np.int64)

    def _noted(self, index: int) -> int:
        image, label = self.item(index)
        self._digests[index] = images.digest(image)
        return label


def unwrap(dataset: Any) -> Any:
    """The map-style dataset in what was given: itself, or that of a DataLoader (in the dataset's order).

    Raises:
        TypeError: no length or no items by number.
        ValueError: no items.
    """
    if isinstance(dataset, DataLoader):
        dataset = dataset.dataset
    lacks = [name for name in ("__len__", "__getitem__") if not hasattr(dataset, name)]
    if isinstance(dataset, IterableDataset) or lacks:
        raise TypeError(
            f"{type(dataset).__name__} is no map-style dataset: expected len(dataset) and dataset[i]. Read its "
            "items into a list, and give that."
        )
    if len(dataset) == 0:
        raise ValueError(f"the dataset ({type(dataset).__name__}) has no items.")
    return dataset


def known_classes(dataset: Any) -> tuple[str, ...] | None:
    """Class names from `dataset.classes` (also through `torch.utils.data.Subset`), None if there are none."""
    while isinstance(dataset, Subset):
        dataset = dataset.dataset
    classes = getattr(dataset, "classes", None)
    if isinstance(classes, Sequence) and not isinstance(classes, str):
        return tuple(name if isinstance(name, str) else ", ".join(map(str, name)) for name in classes)
    return None


def known_names(dataset: Any) -> tuple[str, ...] | None:
    """File names of an `ImageFolder` or the like, relative to its root; None if the dataset has none."""
    if isinstance(dataset, Subset):
        inner = known_names(dataset.dataset)
        return None if inner is None else tuple(inner[index] for index in dataset.indices)
    samples, root = getattr(dataset, "samples", None), getattr(dataset, "root", None)
    if root is None or not isinstance(samples, list) or len(samples) != len(dataset):
        return None
    if not all(isinstance(sample, tuple) and isinstance(sample[0], str) for sample in samples):
        return None
    return tuple(Path(os.path.relpath(sample[0], root)).as_posix() for sample in samples)


def _known_labels(dataset: Any, n: int) -> np.ndarray | None:
    if isinstance(dataset, Subset):
        inner = _known_labels(dataset.dataset, len(dataset.dataset))  # type: ignore[arg-type]
        return None if inner is None else inner[np.asarray(dataset.indices, dtype=np.int64)]
    for name in ("targets", "labels"):
        try:
            labels = np.asarray(getattr(dataset, name, None))
        except (TypeError, ValueError):
            continue
        if labels.shape == (n,) and labels.dtype.kind in "iu":
            return labels.astype(np.int64)
    return None


def _split(item: Any, where: str) -> tuple[Any, Any]:
    if isinstance(item, Mapping):
        key = next((key for key in _IMAGE_KEYS if key in item), None)
        if key is None:
            raise ImageError(
                f"{where} is a mapping with the keys {sorted(map(str, item))}; expected an image under "
                f"{' or '.join(map(repr, _IMAGE_KEYS))} (and a label under 'label')."
            )
        return item[key], next((item[name] for name in _LABEL_KEYS if name in item), None)
    if isinstance(item, (tuple, list)):
        if not item:
            raise ImageError(f"{where} is an empty {type(item).__name__}; expected (image, label).")
        return item[0], item[1] if len(item) > 1 else None
    return item, None


def _as_label(label: Any, where: str) -> int:
    if label is None:
        return -1
    values = label.detach().cpu().numpy() if isinstance(label, Tensor) else np.asarray(label)
    if values.size != 1 or values.dtype.kind not in "iub":
        raise ImageError(
            f"{where} has the label {label!r:.60}; expected one whole number, the class's index. Give the "
            "dataset a target_transform that makes it so."
        )
    return max(int(values.reshape(())), -1)
