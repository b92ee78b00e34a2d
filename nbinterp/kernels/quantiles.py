"""Exact upper quantiles of every unit over a data set, in a few passes, from counts that add over batches.

The threshold of Network Dissection is the level that a share q of a unit's N activations exceeds: here the
(⌊q·N⌋ + 1)-th largest of them, the lowest value that no more than q·N activations strictly exceed.
Axes: batch, unit, height, width, bin.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from math import floor

import torch
from jaxtyping import Float32
from torch import Tensor

from .brackets import N_BINS, Bracket, fill_bins, from_keys, narrow, to_keys
from .dissection_resampling import Resampling, check_maps, crossing_rows, every_nth, upsample_maps

_HALF_STEP = 1 << 13  # single precision has so many values for each one of half precision
_SAMPLE_VALUES = 1 << 23
_KEPT_VALUES = 1 << 26  # 0.5 GB
_SPARSE = 5  # the first guess looks at every fifth pixel, down and across

Batches = Callable[[], Iterable[Tensor]]
"""Gives all activation maps of a data set anew at every call, batch by batch."""

Reduce = Callable[[Tensor, str], Tensor]
"""Combines a tensor over processes: "sum", "min" or "max"."""


def alone(tensor: Tensor, how: str) -> Tensor:
    """The `Reduce` of a single process."""
    return tensor


def map_thresholds(batches: Batches, quantile: float, *, reduce: Reduce = alone) -> Float32[Tensor, " unit"]:
    """Find the level that a share of each unit's activations strictly exceeds, exactly.

    Args:
        batches: gives the activation maps, `(batch, unit, …positions)`, in half or single precision, anew at each
            call; finite.
        quantile: q, the share that exceeds the level, above 0 and below 1.
        reduce: combines tensors over processes that see different images.

    Returns:
        The (⌊q·N⌋ + 1)-th largest of every unit's N activations.

    Raises:
        ValueError: if the quantile is no share, there are no activations, or they are not finite.
    """
    extent = _measure(batches, quantile, reduce)
    guess = reduce(_level(extent.sample.transpose(0, 1).flatten(1), min(0.5, 4 * quantile)), "min")
    bracket = _first_bracket(extent, guess, extent.maximum, _rank(extent.n_values, quantile))
    while not bracket.done:
        bracket = narrow(bracket, reduce(_total(_count_maps(bracket, maps) for maps in batches()), "sum"))
    return from_keys(bracket.low)


def upsampled_thresholds(
    batches: Batches, resampling: Resampling, quantile: float, *, reduce: Reduce = alone
) -> Float32[Tensor, " unit"]:
    """Find the level that a share of each unit's resampled activations strictly exceeds, exactly.

    Only pieces of mask that can hold such values are resampled: the first bracket, from levels that larger and smaller
    shares of the maps themselves exceed, is checked by counting and moved where the level is outside.

    Args:
        batches: gives the activation maps, `(batch, unit, height, width)`, in half or single precision, anew at each
            call; finite.
        resampling: planned for the size of maps and masks.
        quantile: q, the share that exceeds the level, above 0 and below 1.
        reduce: combines tensors over processes that see different images.

    Returns:
        The (⌊q·N⌋ + 1)-th largest of every unit's N resampled activations.

    Raises:
        ValueError: if the quantile is no share, there are no activations, or they are not finite.
    """
    extent = _measure(batches, quantile, reduce)
    check_maps(extent.sample, resampling)
    if any(resampling.zeros):
        extent = replace(extent, minimum=extent.minimum.clamp(max=0), maximum=extent.maximum.clamp(min=0))
    values = upsample_maps(extent.sample, every_nth(resampling, _SPARSE)).transpose(0, 1).flatten(1)
    low, high = reduce(_level(values, min(0.5, 1.5 * quantile)), "min"), reduce(_level(values, quantile / 1.5), "max")
    n_images = extent.n_values // (resampling.map_size[0] * resampling.map_size[1])
    n_values = n_images * resampling.mask_size[0] * resampling.mask_size[1]
    bracket = _first_bracket(replace(extent, step=1), low, high, _rank(n_values, quantile))
    kept = None
    while not bracket.done:
        counts, kept = _count_upsampled(bracket, batches, resampling, kept)
        bracket = narrow(bracket, reduce(counts, "sum"))
    return from_keys(bracket.low)


@dataclass(frozen=True)
class _Extent:
    """Lowest and highest activation of each unit, how many it has, some of the maps, and the step of their keys."""

    minimum: Tensor
    maximum: Tensor
    n_values: int
    sample: Tensor
    step: int


def _measure(batches: Batches, quantile: float, reduce: Reduce) -> _Extent:
    if not 0 < quantile < 1:
        raise ValueError(f"the quantile is a share above 0 and below 1, got {quantile}")
    low: Tensor | None = None
    high, samples, n_values, n_images, every, half = None, [], 0, 0, 1, True
    for maps in batches():
        if maps.ndim < 2 or maps.numel() == 0 or maps.dtype not in (torch.float16, torch.float32):
            raise ValueError(
                "expected activation maps of shape (batch, unit, …) in half or single precision, "
                f"got {tuple(maps.shape)} in {maps.dtype}"
            )
        values = maps.float()
        lowest, highest = values.amin(0).flatten(1).amin(1), values.amax(0).flatten(1).amax(1)
        low = lowest if low is None else torch.minimum(low, lowest)
        high = highest if high is None else torch.maximum(high, highest)
        samples += values[-n_images % every :: every].split(1)
        while len(samples) > 1 and (len(samples) > 64 or len(samples) * samples[0].numel() > _SAMPLE_VALUES):
            samples, every = samples[::2], 2 * every
        n_values, n_images = n_values + maps.numel() // maps.shape[1], n_images + len(maps)
        half &= maps.dtype == torch.float16
    if low is None or high is None:
        raise ValueError("there are no activations: `batches` must give the maps anew at every call")
    low, high = reduce(low, "min"), reduce(high, "max")
    if not bool((low.isfinite() & high.isfinite()).all()):
        raise ValueError("activations must be finite: a map holds NaN or an infinite value")
    n_values = int(reduce(torch.tensor(n_values, device=low.device), "sum"))
    return _Extent(low, high, n_values, torch.cat(samples), _HALF_STEP if half else 1)


def _first_bracket(extent: _Extent, low: Tensor, high: Tensor, rank: int) -> Bracket:
    """From above a guess that is probably too low, up to one that is probably too high."""
    lowest, highest = to_keys(extent.minimum), to_keys(extent.maximum)
    start = torch.minimum(torch.maximum(to_keys(low) + extent.step, lowest), highest)
    end = torch.minimum(torch.maximum(to_keys(high), start), highest)
    return Bracket(start, end, lowest, highest, rank, extent.step)


def _rank(n_values: int, quantile: float) -> int:
    return floor(quantile * n_values + 1e-9)


def _level(values: Float32[Tensor, "unit value"], quantile: float) -> Float32[Tensor, " unit"]:
    """The level that a share of a few values exceeds."""
    n = values.shape[1]
    return values.kthvalue(n - min(n - 1, _rank(n, quantile)), dim=1).values


def _count_maps(bracket: Bracket, maps: Tensor) -> Tensor:
    values = maps.float().flatten(2) if maps.ndim > 2 else maps.float()[:, :, None]
    inside = values >= from_keys(bracket.low).masked_fill(bracket.found, torch.inf)[:, None]
    unit = torch.nonzero(inside)[:, 1]
    return fill_bins(bracket, unit, values[inside])


@dataclass(frozen=True)
class _Kept:
    """The resampled values with keys `low` to `high`, with their units, and how many are above those."""

    low: Tensor
    high: Tensor
    unit: Tensor
    values: Tensor
    n_above: Tensor


def _count_upsampled(
    bracket: Bracket, batches: Batches, resampling: Resampling, kept: _Kept | None
) -> tuple[Tensor, _Kept | None]:
    """Count in the bins: the values kept in an earlier round where they hold the bracket, else by resampling again."""
    counts = torch.zeros(len(bracket.low), N_BINS + 1, dtype=torch.int64, device=bracket.low.device)
    known, low, high = bracket.found, from_keys(bracket.low), from_keys(bracket.high)
    if kept is not None:
        inside = ~known & (bracket.low >= kept.low) & (bracket.high <= kept.high)
        usable = inside[kept.unit] & (kept.values >= low[kept.unit])
        counts = fill_bins(bracket, kept.unit[usable], kept.values[usable])
        counts[:, -1] += torch.where(inside, kept.n_above, 0)
        known = known | inside
    if bool(known.all()):
        return counts, kept
    parts, n_kept = [], 0
    below = from_keys(bracket.low - 1).masked_fill(known, torch.inf)
    for maps in batches():
        unit, values = _values_above(below, maps, resampling)
        counts += fill_bins(bracket, unit, values)
        if kept is None and n_kept <= _KEPT_VALUES:
            inside = values <= high[unit]
            parts.append((unit[inside].int(), values[inside]))
            n_kept += len(parts[-1][0])
    if kept is None and n_kept <= _KEPT_VALUES:
        units, values = (torch.cat(part) for part in zip(*parts, strict=True))
        kept = _Kept(bracket.low, bracket.high, units, values, counts[:, -1].clone())
    return counts, kept


def _values_above(levels: Tensor, maps: Tensor, resampling: Resampling) -> tuple[Tensor, Tensor]:
    """All resampled values above their units' levels, with their units."""
    found = [(levels.new_zeros(0, dtype=torch.int64), levels.new_zeros(0))]
    for rows in crossing_rows(maps, levels, resampling):
        above = rows.values > levels[rows.unit]
        found.append((rows.unit.expand_as(rows.values)[above], rows.values[above]))
    units, values = (torch.cat(part) for part in zip(*found, strict=True))
    return units, values


def _total(counts: Iterable[Tensor]) -> Tensor:
    total: Tensor | None = None
    for part in counts:
        total = part if total is None else total + part
    if total is None:
        raise ValueError("there are no activations: `batches` must give the maps anew at every call")
    return total
