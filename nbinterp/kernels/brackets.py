"""Brackets around order statistics, narrowed by counting: what `quantiles` passes over the data with.

A bracket that should hold a value is cut into bins, the values in each are counted, and the bin that holds it is the
next bracket. Brackets are ranges of *keys*, bit patterns in the order of the numbers, so that a few rounds end at a
single value.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float32, Int64
from torch import Tensor

_BIN_BITS = 12
N_BINS = 1 << _BIN_BITS


@dataclass(frozen=True)
class Bracket:
    """Keys that should hold each unit's level, the `rank`-th largest (from 0) of its values: `low` to `high`.

    They do unless no more than `rank` values are at or above `low` (it is in `lowest` to `low` − 1 instead), or more
    than `rank` are above `high` (`high` + 1 to `highest`). The keys of all values are multiples of `step`.
    """

    low: Int64[Tensor, " unit"]
    high: Int64[Tensor, " unit"]
    lowest: Int64[Tensor, " unit"]
    highest: Int64[Tensor, " unit"]
    rank: int
    step: int = 1

    @property
    def shift(self) -> Int64[Tensor, " unit"]:
        """Bits of a key that a bin leaves open: the fewest for which the bins cover the bracket."""
        bits = torch.frexp((self.high - self.low).double()).exponent
        return (bits - _BIN_BITS).clamp(min=0).long()

    @property
    def found(self) -> Bool[Tensor, " unit"]:
        """Where the bracket is a single value, the level: its values need not be counted again."""
        return self.lowest == self.highest

    @property
    def done(self) -> bool:
        """Whether all levels are found."""
        return bool(self.found.all())


def narrow(bracket: Bracket, counts: Int64[Tensor, "unit bin"]) -> Bracket:
    """Take the bin that holds the level for the next bracket, or the keys beside the bracket that do.

    Args:
        bracket: the bracket that was counted.
        counts: of all values, in its bins, upwards; the last column holds those beyond the bracket.

    Returns:
        A smaller bracket; done after a few rounds.

    Raises:
        ValueError: if there are fewer values than the rank needs.
    """
    total, beyond = counts.sum(1), counts[:, -1]
    under, over = (bracket.rank >= total) & ~bracket.found, (bracket.rank < beyond) & ~bracket.found
    if bool((under & (bracket.low <= bracket.lowest)).any()):
        raise ValueError("a pass gave fewer activations than the first: `batches` must give the same ones at each call")
    from_top = counts.flip(1).cumsum(1)
    passed = (from_top <= bracket.rank).sum(1).clamp(1, N_BINS)
    low = bracket.low + ((N_BINS - passed) << bracket.shift)
    high = torch.minimum(low + (1 << bracket.shift) - 1, bracket.high)
    low, high = (torch.where(bracket.found, bracket.low, side) for side in (low, high))
    low = torch.where(under, bracket.lowest, torch.where(over, bracket.high + 1, low))
    high = torch.where(under, bracket.low - 1, torch.where(over, bracket.highest, high))
    low, high = -(-low // bracket.step) * bracket.step, high // bracket.step * bracket.step
    return Bracket(low, high, low, high, bracket.rank, bracket.step)


def to_keys(values: Float32[Tensor, "*axes"]) -> Int64[Tensor, "*axes"]:
    """Number the single-precision values in their order: neighbours differ by 1, both zeros are 0."""
    bits = values.contiguous().view(torch.int32).long()
    return torch.where(bits < 0, -(bits + 0x80000000), bits)


def from_keys(keys: Int64[Tensor, "*axes"]) -> Float32[Tensor, "*axes"]:
    """Invert `to_keys`."""
    return torch.where(keys < 0, -keys - 0x80000000, keys).to(torch.int32).view(torch.float32)


def fill_bins(bracket: Bracket, unit: Tensor, values: Tensor) -> Int64[Tensor, "unit bin"]:
    """Count values from the brackets' low end on, each of the unit given with it."""
    keys = to_keys(values)
    bins = torch.where(keys > bracket.high[unit], N_BINS, (keys - bracket.low[unit]) >> bracket.shift[unit])
    n_units = len(bracket.low)
    return torch.bincount(unit * (N_BINS + 1) + bins, minlength=n_units * (N_BINS + 1)).view(n_units, -1)
