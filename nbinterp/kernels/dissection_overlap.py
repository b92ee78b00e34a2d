"""Counting the overlap of units and concepts, pixel by pixel, touching only what is on and what is labelled.

A unit is on in a small share of the pixels. Pieces of mask between positions that do not cross its threshold are never
resampled; the pixels that are on are listed, and every list of labels is tallied at those pixels. For U units, n images
and P planes of labels the cost is that of finding the positions above their thresholds, plus a few operations for each
pixel near them, times P for the tally.
Axes: batch, unit, height, width, plane, row, column, concept, category, pixel (of a list).
"""

from dataclasses import dataclass
from typing import Literal

import torch
from jaxtyping import Float, Float32, Int, Int64
from torch import Tensor

from .dissection import OverlapCounts, check_categories
from .dissection_resampling import Resampling, crossing_rows


@dataclass(frozen=True)
class OnPixels:
    """The pixels of a batch at which units are on: image, unit, and pixel as row × width + column."""

    image: Int64[Tensor, " pixel"]
    unit: Int64[Tensor, " pixel"]
    pixel: Int64[Tensor, " pixel"]
    n_images: int
    n_units: int
    mask_size: tuple[int, int]


def find_on_pixels(
    maps: Float[Tensor, "batch unit height width"], thresholds: Float32[Tensor, " unit"], resampling: Resampling
) -> OnPixels:
    """List the pixels at which each unit is on: its resampled value is strictly above its threshold.

    Args:
        maps: activation maps, finite.
        thresholds: T_k of every unit.
        resampling: planned for the size of maps and masks.

    Returns:
        The list; empty for units that nowhere exceed their threshold (a constant unit, say).

    Raises:
        ValueError: if there is not one threshold per unit, or the maps have another size than was planned.
    """
    if maps.ndim != 4 or thresholds.shape != maps.shape[1:2]:
        raise ValueError(
            f"expected a threshold for each unit, got {tuple(thresholds.shape)} for maps of {tuple(maps.shape)}"
        )
    found = []
    for rows in crossing_rows(maps, thresholds, resampling):
        place, piece = torch.nonzero(rows.values > thresholds[rows.unit]).unbind(1)
        column = resampling.columns.pixel[rows.column_piece[piece], place]
        found.append((rows.image[piece], rows.unit[piece], rows.row[piece] * resampling.mask_size[1] + column))
    none = torch.zeros(0, dtype=torch.int64, device=maps.device)
    image, unit, pixel = (torch.cat(parts) for parts in zip(*found, strict=True)) if found else (none, none, none)
    return OnPixels(image, unit, pixel, maps.shape[0], maps.shape[1], resampling.mask_size)


def count_overlap(
    on: OnPixels,
    labels: Int[Tensor, "batch plane row column"],
    category_of: Int64[Tensor, " concept"],
    *,
    n_categories: int,
    counted: Literal["all", "category", "masked category"] = "all",
) -> OverlapCounts:
    """Count pixels of units, of concepts and of both in a batch.

    Args:
        on: where units are on.
        labels: number of the concept at each pixel, −1 where there is none (also where nobody labelled). A pixel may
            have several labels: one in each plane, which need not be one plane per category. A concept of the whole
            image fills a plane.
        category_of: number of each concept's category.
        n_categories: how many categories there are.
        counted: images that count for a unit's area; see `Convention`.

    Returns:
        Counts of the batch, to be added.

    Raises:
        ValueError: if the labels are not those of the batch, or numbers are out of range.
    """
    n_concepts, n_units = len(category_of), on.n_units
    check_categories(category_of, n_concepts, n_categories)
    if labels.ndim != 4 or labels.shape[0] != on.n_images or tuple(labels.shape[2:]) != on.mask_size:
        raise ValueError(f"expected labels of shape ({on.n_images}, plane) × {on.mask_size}, got {tuple(labels.shape)}")
    if labels.numel() and (int(labels.min()) < -1 or int(labels.max()) >= n_concepts):
        raise ValueError(
            f"labels must be −1 (nothing) to {n_concepts - 1}, got {int(labels.min())} to {int(labels.max())}"
        )
    flat = labels.flatten(2)
    shown = _tally_images(flat, n_concepts)
    intersection = torch.zeros(n_units * (n_concepts + 1), dtype=torch.int64, device=labels.device)
    under = torch.zeros(on.n_images * n_units, n_categories + 1, dtype=torch.int64, device=labels.device)
    numbered = torch.cat([category_of, category_of.new_full((1,), n_categories)])
    for plane in range(labels.shape[1]):
        label = flat[on.image, plane, on.pixel].long()
        intersection += torch.bincount(on.unit * (n_concepts + 1) + label + 1, minlength=len(intersection))
        if counted == "masked category":
            where = (on.image * n_units + on.unit) * (n_categories + 1) + numbered[label]
            under += torch.bincount(where, minlength=under.numel()).view_as(under)
    area = torch.bincount(on.image * n_units + on.unit, minlength=on.n_images * n_units).view(on.n_images, n_units)
    if counted == "masked category":
        counts = (under[:, :-1] > 0).view(on.n_images, n_units, n_categories)
        unit_area = (area[:, :, None] * counts).sum(0)
    elif counted == "category":
        has = torch.zeros(on.n_images, n_categories, dtype=torch.float64, device=labels.device)
        has.index_add_(1, category_of, (shown > 0).double())
        unit_area = (area.double().T @ (has > 0).double()).long()
    else:
        unit_area = area.sum(0)[:, None].repeat(1, n_categories)
    return OverlapCounts(
        intersection.view(n_units, -1)[:, 1:].contiguous(), unit_area, shown.sum(0), (shown > 0).sum(0)
    )


def _tally_images(labels: Tensor, n_concepts: int) -> Int64[Tensor, "batch concept"]:
    """Pixels of each concept in each image."""
    image = torch.arange(len(labels), device=labels.device)[:, None] * (n_concepts + 1)
    total = torch.zeros(len(labels) * (n_concepts + 1), dtype=torch.int64, device=labels.device)
    for plane in labels.unbind(1):
        total += torch.bincount((plane.long() + image + 1).flatten(), minlength=len(total))
    return total.view(len(labels), -1)[:, 1:]
