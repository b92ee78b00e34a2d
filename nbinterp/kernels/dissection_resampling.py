"""Resampling activation maps to the size of concept masks, bilinearly, where each position lies in the image.

Pixel p covers [p, p + 1) and has its centre at p + 0.5, in maps, masks and images alike; mask and image cover the same
rectangle. Between positions the value is a + w · (b − a), down first, then across, in double precision, rounded to
single precision: the value that is compared with thresholds, whichever function computes it.
Axes: batch, unit, height and width of the map, row and column of the mask; piece, place.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import torch
from jaxtyping import Float, Float32, Float64, Int64
from torch import Tensor

_VALUES_AT_ONCE = 1 << 20

Field = tuple[tuple[int, int], tuple[int, int], tuple[int, int]]
"""Receptive field of position (0, 0): start, stride, size, each (vertical, horizontal), in pixels of the image."""


@dataclass(frozen=True)
class ResamplingAxis:
    """Along one axis: the two positions a pixel lies between, and how far along; pixels in pieces of one cell each.

    `pixel` holds the pixels of a piece, −1 where it has fewer than others.
    """

    lower: Int64[Tensor, " pixel"]
    upper: Int64[Tensor, " pixel"]
    weight: Float64[Tensor, " pixel"]
    pixel: Int64[Tensor, "piece place"]


@dataclass(frozen=True)
class Resampling:
    """How maps of one size are resampled to masks of one size (`plan_resampling` makes it).

    With `zeros`, a ring of zeros around the map belongs to it, and `rows` and `columns` count it.
    """

    rows: ResamplingAxis
    columns: ResamplingAxis
    map_size: tuple[int, int]
    mask_size: tuple[int, int]
    zeros: tuple[bool, bool]


def plan_resampling(
    map_size: tuple[int, int],
    mask_size: tuple[int, int],
    *,
    anchor: Literal["field", "stretch"] = "stretch",
    padding: Literal["border", "zeros"] = "border",
    field: Field | None = None,
    image_size: tuple[int, int] | None = None,
    device: torch.device | str = "cpu",
) -> Resampling:
    """Work out where the pixels of a mask lie between the positions of a map.

    A map that is one position wide (a fully connected layer) is constant along that axis.

    Args:
        map_size: (height, width) of the activation maps.
        mask_size: (height, width) of the masks.
        anchor: "stretch": the map covers the mask, pixel r lies at (r + 0.5) · height / rows − 0.5; "field": position i
            lies at the centre of its receptive field, start + i · stride + size / 2 in pixels of the image.
        padding: beyond the outermost positions, their value ("border"), or a slope to 0 one position farther ("zeros").
        field: receptive field of position (0, 0); needed for anchor "field".
        image_size: (height, width) of the network's input; needed for anchor "field".
        device: where the maps live.

    Returns:
        The plan, for `upsample_maps`, `find_on_pixels` and `upsampled_thresholds`.

    Raises:
        ValueError: if a size is below 1, an anchor or padding unknown, or the receptive field missing.
    """
    if min(*map_size, *mask_size) < 1:
        raise ValueError(f"sizes must be at least 1, got {map_size} for the maps and {mask_size} for the masks")
    if anchor not in ("field", "stretch") or padding not in ("border", "zeros"):
        raise ValueError(f"anchor is 'field' or 'stretch', padding 'border' or 'zeros'; got {anchor!r}, {padding!r}")
    axes, rings = [], []
    for along in (0, 1):
        centre = torch.arange(mask_size[along], dtype=torch.float64) + 0.5
        if anchor == "stretch":
            place = centre * map_size[along] / mask_size[along] - 0.5
        elif field is None or image_size is None:
            raise ValueError("anchor 'field' needs field=(start, stride, size) and image_size; or choose 'stretch'")
        else:
            start, stride, size = (part[along] for part in field)
            if stride < 1:
                raise ValueError(f"the stride of a receptive field must be at least 1, got {stride}")
            place = (centre * image_size[along] / mask_size[along] - start - size / 2) / stride
        rings.append(padding == "zeros" and map_size[along] > 1)
        axes.append(_axis(place + rings[-1], map_size[along] + 2 * rings[-1], device))
    return Resampling(axes[0], axes[1], map_size, mask_size, (rings[0], rings[1]))


def upsample_maps(
    maps: Float[Tensor, "batch unit height width"], resampling: Resampling
) -> Float32[Tensor, "batch unit row column"]:
    """Resample whole maps: for pictures, and to check what the counting functions do piece by piece.

    Args:
        maps: activation maps, finite.
        resampling: planned for their size and device.

    Returns:
        Values at the mask's pixels.

    Raises:
        ValueError: if the maps have another size than was planned.
    """
    check_maps(maps, resampling)
    padded = _with_ring(maps.double(), resampling)
    down = _between(padded, resampling.rows, 2)
    return _between(down, resampling.columns, 3).float()


def every_nth(resampling: Resampling, n: int) -> Resampling:
    """Plan for every n-th pixel, down and across, with `upsample_maps`."""
    axes = [
        ResamplingAxis(axis.lower[::n], axis.upper[::n], axis.weight[::n], axis.pixel[:0])
        for axis in (resampling.rows, resampling.columns)
    ]
    size = (len(axes[0].lower), len(axes[1].lower))
    return Resampling(axes[0], axes[1], resampling.map_size, size, resampling.zeros)


def check_maps(maps: Tensor, resampling: Resampling) -> None:
    """Refuse maps of another size than was planned."""
    if maps.ndim != 4 or tuple(maps.shape[2:]) != resampling.map_size:
        raise ValueError(
            f"expected maps of shape (batch, unit) × {resampling.map_size} as planned, got {tuple(maps.shape)}"
        )


def _with_ring(maps: Float[Tensor, "*batch height width"], resampling: Resampling) -> Float[Tensor, "*batch h w"]:
    down, across = resampling.zeros
    return torch.nn.functional.pad(maps, 2 * (int(across),) + 2 * (int(down),)) if down or across else maps


def _axis(place: Tensor, n: int, device: torch.device | str) -> ResamplingAxis:
    place = place.clamp(0, n - 1)
    lower = place.floor().long()
    weight = place - lower
    longest = -(-len(place) // n)
    pieces: list[list[int]] = []
    for pixel, cell in enumerate(lower.tolist()):
        if pieces and lower[pieces[-1][0]] == cell and len(pieces[-1]) < longest:
            pieces[-1].append(pixel)
        else:
            pieces.append([pixel])
    width = max(map(len, pieces))
    pixel = torch.tensor([piece + [-1] * (width - len(piece)) for piece in pieces])
    upper = (lower + 1).clamp(max=n - 1)
    return ResamplingAxis(lower.to(device), upper.to(device), weight.to(device), pixel.to(device))


def _between(values: Float64[Tensor, "..."], axis: ResamplingAxis, dim: int) -> Float64[Tensor, "..."]:
    lower, upper = values.index_select(dim, axis.lower), values.index_select(dim, axis.upper)
    weight = axis.weight if dim == 3 else axis.weight[:, None]
    return lower + weight * (upper - lower)


@dataclass(frozen=True)
class RowPieces:
    """Pieces of mask rows, and the resampled values of their pixels; NaN where a piece has fewer than others.

    The pixels are `columns.pixel[column_piece]` of the plan."""

    image: Int64[Tensor, " piece"]
    unit: Int64[Tensor, " piece"]
    row: Int64[Tensor, " piece"]
    column_piece: Int64[Tensor, " piece"]
    values: Float32[Tensor, "place piece"]


def crossing_rows(
    maps: Float[Tensor, "batch unit height width"], levels: Float32[Tensor, " unit"], resampling: Resampling
) -> Iterator[RowPieces]:
    """Resample only where a value can be strictly above its unit's level: between positions of which one is.

    Bilinear values lie between those they are made of, so first units, then cells between four positions, then rows of
    a cell are left out for which all are at or below the level.

    Args:
        maps: activation maps, finite.
        levels: one of each unit.
        resampling: planned for the maps' size.

    Yields:
        Pieces of rows, some at a time; every pixel above the level is in exactly one.
    """
    check_maps(maps, resampling)
    at_once = max(1, _VALUES_AT_ONCE // max(1, maps[:1].numel()))
    for start in range(0, len(maps), at_once):
        some = maps[start : start + at_once].float()
        peak = some.flatten(2).amax(2)
        image, unit = torch.nonzero((peak.clamp(min=0) if any(resampling.zeros) else peak) > levels).unbind(1)
        active = _with_ring(some.flatten(0, 1)[image * maps.shape[1] + unit], resampling)
        active, level = active.permute(1, 2, 0).contiguous(), levels[unit]
        for piece, row, column, values in _active_rows(active, level, resampling):
            yield RowPieces(image[piece] + start, unit[piece], row, column, values)


def _active_rows(active: Tensor, level: Tensor, resampling: Resampling) -> Iterator[tuple[Tensor, ...]]:
    """The same for `active` maps (height, width, map), each with a level: number of the map, row, columns, values."""
    rows, columns = resampling.rows, resampling.columns
    first_row, first_column = rows.pixel[:, 0], columns.pixel[:, 0]
    edges = [rows.lower[first_row], rows.upper[first_row], columns.lower[first_column], columns.upper[first_column]]
    above = active > level
    above = above[edges[0]] | above[edges[1]]
    above = above[:, edges[2]] | above[:, edges[3]]
    down, across = _weights(rows), _weights(columns)
    _, width, n_maps = active.shape
    flat = active.view(-1)
    for cells in torch.nonzero(above).split(max(1, _VALUES_AT_ONCE // (16 * rows.pixel.shape[1]))):
        row, column, number = cells.T.contiguous().unbind()
        up, low, left, right = (edge[at] for edge, at in zip(edges, (row, row, column, column), strict=True))
        corners = [
            flat.index_select(0, (y * width + x) * n_maps + number).double() for x in (left, right) for y in (up, low)
        ]
        weight = down.index_select(1, row)
        starts = corners[0] + weight * (corners[1] - corners[0])
        ends = corners[2] + weight * (corners[3] - corners[2])
        kept = torch.nonzero((torch.maximum(starts, ends) > level[number]).view(-1))[:, 0]
        place, cell = kept // len(number), kept % len(number)
        start, end = starts.view(-1).index_select(0, kept), ends.view(-1).index_select(0, kept)
        column = column.index_select(0, cell)
        values = (start + across.index_select(1, column) * (end - start)).float()
        yield number[cell], rows.pixel[row[cell], place], column, values


def _weights(axis: ResamplingAxis) -> Float64[Tensor, "place piece"]:
    return torch.where(axis.pixel < 0, torch.nan, axis.weight[axis.pixel]).T.contiguous()
