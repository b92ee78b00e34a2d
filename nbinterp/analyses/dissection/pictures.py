"""Pictures of a dissection: images as the network sees them, masks of units, masks of concepts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from nbinterp.instrument import ReceptiveField
from nbinterp.kernels import to_half
from nbinterp.kernels.dissection import Convention
from nbinterp.kernels.dissection_resampling import upsample_maps

from ..field_of_view import Box
from ..recording import DetachedError, Recording
from .concepts import ConceptReader
from .geometry import see
from .scoring import plan


@dataclass(frozen=True, eq=False)
class DissectionPictures:
    """What the pictures of one layer are made from."""

    recording: Recording
    layer: str
    how: Convention
    field: ReceptiveField | None
    half: bool
    reader: ConceptReader
    segmented: bool

    def part(self, image: int) -> Box:
        """What the network sees of an image, in shares of its sides."""
        return self.reader.part(image)

    def view(self, image: int) -> np.ndarray:
        """An image as the network sees it: uint8, height × width × 3."""
        return see(self.reader.probe.pixels(image), self.part(image), self.reader.view_size)

    def masks(
        self, unit: int, threshold: float, images: Sequence[int] | np.ndarray, size: tuple[int, int]
    ) -> np.ndarray:
        """Where a unit is on: bool, images × height × width."""
        layer = self.recording[self.layer]
        chosen = np.asarray(images, np.int64).reshape(-1)
        if layer.shape is None:
            if len(chosen) and (chosen.min() < 0 or chosen.max() >= len(layer.mean)):
                raise IndexError(f"the recording has the images 0 to {len(layer.mean) - 1}")
            maps = torch.from_numpy(layer.mean[chosen, unit])[:, None, None, None]
        else:
            maps = torch.from_numpy(self._maps(unit, chosen))[:, None]
        maps = to_half(maps) if self.half else maps
        where = plan(self.how, (maps.shape[2], maps.shape[3]), size, self.reader.view_size, self.field)
        return (upsample_maps(maps, where)[:, 0] > threshold).numpy()

    def _maps(self, unit: int, chosen: np.ndarray) -> np.ndarray:
        """Activation maps; those of the unit's exemplars need no run of the network if they were kept whole."""
        kept = self.recording[self.layer]
        if self.half and kept.top is not None and kept.top.maps is not None and kept.top.maps.shape[2:] == kept.shape:
            rank = {int(image): at for at, image in enumerate(kept.top.index[unit])}
            if all(int(image) in rank for image in chosen):
                return kept.top.maps[unit, [rank[int(image)] for image in chosen]].astype(np.float32)
        return self.recording.activation_maps(self.layer, unit, chosen)

    def concept(self, name: str, category: str, image: int, size: tuple[int, int]) -> np.ndarray:
        """Where a concept is in an image: bool, height × width."""
        if not 0 <= image < len(self.reader.probe):
            raise IndexError(f"image {image} does not exist: the probe set has 0 to {len(self.reader.probe) - 1}")
        if self.segmented and self.reader.segmenter is None:
            raise DetachedError(
                "the masks of this dissection came from a segmenter, which it was loaded without: "
                "Dissection.load(path, recording, segmenter=…)"
            )
        return self.reader.mask(self.reader.number(name, category), image, size)
