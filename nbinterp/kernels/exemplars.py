"""Exemplars: the probe images that activate each unit most, found in one pass without keeping any map.

A running ranking holds the best `capacity` images of every unit. `find_hits` says which (image, unit) pairs of a
batch can enter it and reads position and map of those only; `add_hits` enters them. Rankings of disjoint sets of
images add, and the result is the same however the images were split: images are ranked by their spatial
maximum, NaN after every number, ties by image index.
Axes: batch, unit, rank, hit, height, width, and low_height, low_width of the reduced maps.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Float16, Float32, Int16, Int64
from torch import Tensor

from .pooling import to_half


@dataclass(frozen=True)
class ExemplarHits:
    """The (image, unit) pairs of a batch that can enter a ranking, and how many images the batch had."""

    unit: Int64[Tensor, " hit"]
    index: Int64[Tensor, " hit"]
    value: Float32[Tensor, " hit"]
    position: Int16[Tensor, "hit 2"]
    maps: Float16[Tensor, "hit low_height low_width"] | None
    n_images: int


@dataclass(frozen=True)
class RunningExemplars:
    """The best images of every unit among those seen, best first; additive over disjoint sets of images.

    `index` is the image, `value` its spatial maximum, `position` that maximum's (row, column) in the activation
    map (-1, -1 where the layer has no positions), `maps` the activation map reduced to at most 14 × 14 (None
    without positions). There are `min(capacity, n_images)` ranks.
    """

    index: Int64[Tensor, "unit rank"]
    value: Float32[Tensor, "unit rank"]
    position: Int16[Tensor, "unit rank 2"]
    maps: Float16[Tensor, "unit rank low_height low_width"] | None
    capacity: int
    n_images: int

    def __add__(self, other: "RunningExemplars") -> "RunningExemplars":
        """Rank the images of both together; the images must be different ones."""
        n_units, rank = other.index.shape
        units = torch.arange(n_units, device=other.index.device).repeat_interleave(rank)
        maps = None if other.maps is None else other.maps.flatten(0, 1)
        hits = ExemplarHits(
            units, other.index.flatten(), other.value.flatten(), other.position.flatten(0, 1), maps, other.n_images
        )
        if len(self.index) != n_units or self.capacity != other.capacity:
            raise ValueError(
                f"exemplars of {len(self.index)} units × {self.capacity} cannot be added to {n_units} units × "
                f"{other.capacity}: both must come from the same layer and capacity"
            )
        return add_hits(self, hits)


def no_exemplars(
    n_units: int, *, capacity: int, low_shape: tuple[int, int] | None, device: torch.device | str = "cpu"
) -> RunningExemplars:
    """Begin a ranking: no image seen yet.

    Args:
        n_units: units of the layer.
        capacity: how many images to keep per unit, at least 1.
        low_shape: (height, width) of the reduced maps; None where the layer has no positions.
        device: where the activations will live.

    Returns:
        A ranking with no ranks.

    Raises:
        ValueError: if `n_units` or `capacity` is below 1.
    """
    if n_units < 1 or capacity < 1:
        raise ValueError(f"expected at least one unit and a capacity of at least 1, got {n_units} and {capacity}")
    return RunningExemplars(
        index=torch.zeros(n_units, 0, dtype=torch.int64, device=device),
        value=torch.zeros(n_units, 0, device=device),
        position=torch.zeros(n_units, 0, 2, dtype=torch.int16, device=device),
        maps=None if low_shape is None else torch.zeros(n_units, 0, *low_shape, dtype=torch.float16, device=device),
        capacity=capacity,
        n_images=0,
    )


def find_hits(
    exemplars: RunningExemplars,
    index: Int64[Tensor, " batch"],
    maximum: Float32[Tensor, "batch unit"],
    maps: Float[Tensor, "batch unit height width"] | None = None,
) -> ExemplarHits:
    """Find the (image, unit) pairs of a batch that beat the ranking so far, and read their position and map.

    Args:
        exemplars: the ranking so far.
        index: index of each image in the probe set; none of them ranked before.
        maximum: spatial maximum of every unit on every image.
        maps: the activation maps they come from; None where the layer has no positions.

    Returns:
        At most `capacity` hits per unit. Reduced maps are area averages (`adaptive_avg_pool2d`: cell i of n covers
        rows floor(i·height/n) to ceil((i+1)·height/n)), clipped to the finite range of half precision.

    Raises:
        ValueError: if the shapes do not belong together.
    """
    _check_batch(exemplars, index, maximum, maps)
    order = torch.argsort(index)
    entering = _beats(exemplars, index, maximum)
    units = torch.nonzero(entering.any(0))[:, 0]
    candidates = torch.where(entering[:, units], maximum[:, units], torch.nan)[order]
    ranked = torch.sort(-candidates, dim=0, stable=True).indices[: exemplars.capacity]
    rows = order[ranked]
    chosen = entering[rows, units]
    image, unit = rows[chosen], units.expand_as(rows)[chosen]
    position, low = _read_maps(exemplars, image, unit, maps)
    return ExemplarHits(unit, index[image], maximum[image, unit], position, low, len(index))


def add_hits(exemplars: RunningExemplars, hits: ExemplarHits) -> RunningExemplars:
    """Enter hits into a ranking.

    Args:
        exemplars: the ranking so far.
        hits: what `find_hits` gave for this ranking (hits found for an earlier ranking contain them too).

    Returns:
        A new ranking over the images of both.

    Raises:
        ValueError: if the hits leave a unit without enough images: they belong to another ranking.
    """
    n_units, rank = exemplars.index.shape
    n_images = exemplars.n_images + hits.n_images
    if len(hits.unit) == 0:
        return RunningExemplars(
            exemplars.index, exemplars.value, exemplars.position, exemplars.maps, exemplars.capacity, n_images
        )
    known = torch.arange(n_units, device=hits.unit.device).repeat_interleave(rank)
    unit = torch.cat([known, hits.unit])
    index = torch.cat([exemplars.index.flatten(), hits.index])
    value = torch.cat([exemplars.value.flatten(), hits.value])
    n_ranks = min(exemplars.capacity, n_images)
    best = _best_per_unit(unit, value, index, n_units, n_ranks)
    position = torch.cat([exemplars.position.flatten(0, 1), hits.position])[best]
    maps = None
    if exemplars.maps is not None and hits.maps is not None:
        maps = torch.cat([exemplars.maps.flatten(0, 1), hits.maps])[best].unflatten(0, (n_units, n_ranks))
    shape = (n_units, n_ranks)
    return RunningExemplars(
        index[best].view(shape), value[best].view(shape), position.view(*shape, 2), maps, exemplars.capacity, n_images
    )


def _check_batch(exemplars: RunningExemplars, index: Tensor, maximum: Tensor, maps: Tensor | None) -> None:
    """Refuse a batch whose arguments do not belong together (a size-1 axis would broadcast silently)."""
    expected = (len(index), len(exemplars.index))
    if tuple(maximum.shape) != expected:
        raise ValueError(f"expected maxima of shape {expected} (batch, unit), got {tuple(maximum.shape)}")
    if (maps is None) != (exemplars.maps is None):
        raise ValueError("give maps if and only if the ranking was begun with a low_shape")
    if maps is not None and (maps.ndim != 4 or tuple(maps.shape[:2]) != expected):
        raise ValueError(f"expected maps of shape {expected} (batch, unit) × height × width, got {tuple(maps.shape)}")


def _beats(
    exemplars: RunningExemplars, index: Int64[Tensor, " batch"], maximum: Float32[Tensor, "batch unit"]
) -> Bool[Tensor, "batch unit"]:
    """True where an image ranks before the last image a unit has kept (always, while there is room)."""
    if exemplars.index.shape[1] < exemplars.capacity:
        return torch.ones_like(maximum, dtype=torch.bool)
    floor, holder = exemplars.value[:, -1], exemplars.index[:, -1]
    nan, floor_nan = maximum.isnan(), floor.isnan()
    same = (maximum == floor) | (nan & floor_nan)
    return (maximum > floor) | (~nan & floor_nan) | (same & (index[:, None] < holder))


def _read_maps(
    exemplars: RunningExemplars, image: Tensor, unit: Tensor, maps: Tensor | None
) -> tuple[Tensor, Tensor | None]:
    """Position of the maximum and the reduced map of each hit; (-1, -1) and None without positions."""
    if maps is None or exemplars.maps is None:
        return torch.full((len(image), 2), -1, dtype=torch.int16, device=image.device), None
    if maps.is_contiguous():  # several times faster than indexing with two tensors
        hit_maps = maps.flatten(0, 1).index_select(0, image * maps.shape[1] + unit).float()
    else:
        hit_maps = maps[image, unit].float()
    width = hit_maps.shape[2]
    peak = hit_maps.flatten(1).argmax(1)
    position = torch.stack([peak // width, peak % width], 1).to(torch.int16)
    low_shape = (exemplars.maps.shape[2], exemplars.maps.shape[3])
    same = low_shape == tuple(hit_maps.shape[1:])
    low = hit_maps if same else torch.nn.functional.adaptive_avg_pool2d(hit_maps, low_shape)
    return position, to_half(low)


def _best_per_unit(unit: Tensor, value: Tensor, index: Tensor, n_units: int, n_ranks: int) -> Tensor:
    """Where the best `n_ranks` entries of each unit are: by unit, then value falling (NaN last), then index."""
    order = torch.argsort(index)
    order = order[torch.argsort(-value[order], stable=True)]
    order = order[torch.argsort(unit[order], stable=True)]
    count = torch.bincount(unit, minlength=n_units)
    if int(count.min()) < n_ranks:
        raise ValueError(
            f"unit {int(count.argmin())} has {int(count.min())} candidates for {n_ranks} ranks: "
            "these hits were found for another ranking"
        )
    start = count.cumsum(0) - count
    return order[(start[:, None] + torch.arange(n_ranks, device=unit.device)).flatten()]
