"""What a caller asks to be done to units, read into an edit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
import torch

from nbinterp.kernels.ablation import UnitEdit

LARGEST_SCALE = 2.0
Units = int | Iterable[int] | Mapping[int, float]


def read_edit(units: Any, value: Any, scale: Any, n_units: int, means: Callable[[], np.ndarray]) -> UnitEdit:
    """The edit that is meant by units and a value, or by units and a scale.

    Args:
        units: one, several, or unit -> scale.
        value: what all activations of the units are set to: a number, or "mean" for each unit's own; of a mapping,
            what a unit becomes at scale 0: in between it lies between that (0 unless given) and what it is.
        scale: what they are multiplied by instead, 0 to 2, without a value; of a mapping, the mapping's are taken.
        n_units: how many units there are.
        means: gives the units' means.

    Raises:
        TypeError, ValueError, IndexError: it is not understood; the message says what is expected.
    """
    if isinstance(units, Mapping):
        if scale is not None:
            raise ValueError("units are given with a scale each: leave scale out, or give the units as a list")
        numbers = read_units(list(units), n_units)
        factors = np.array([_scale(factor) for factor in units.values()], dtype=np.float64)
        if not isinstance(value, str) and value == 0:
            return _scaled(numbers, factors)
        return _towards(numbers, factors, _values(numbers, value, means))
    numbers = read_units(units, n_units)
    if scale is not None:
        if isinstance(value, str) or _number("value", value) != 0:
            raise ValueError(f"units are multiplied by scale or set to value: leave one out; got both, value={value!r}")
        return _scaled(numbers, np.full(len(numbers), _scale(scale)))
    return _set(numbers, _values(numbers, value, means))


def read_units(units: Any, n_units: int) -> np.ndarray:
    """The units that are meant: int64, each once; a list without repeats in its own order, all else ascending.

    Raises:
        TypeError: these are no whole numbers.
        IndexError: there is no such unit.
    """
    given = [units] if isinstance(units, int | np.integer) else units
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise TypeError(f"units is a unit's number, several, or unit -> scale; got {units!r}")
    listed = list(given)
    wrong = [unit for unit in listed if isinstance(unit, bool | np.bool_) or not isinstance(unit, int | np.integer)]
    if wrong:
        raise TypeError(f"a unit is a whole number, 0 to {n_units - 1}; got {wrong[0]!r}")
    numbers = np.array(listed, dtype=np.int64)
    if len(numbers) and not 0 <= numbers.min() <= numbers.max() < n_units:
        beyond = numbers[(numbers < 0) | (numbers >= n_units)][0]
        raise IndexError(f"the layer has the units 0 to {n_units - 1}, not {beyond}")
    if isinstance(units, list) and len(np.unique(numbers)) == len(numbers):
        return numbers
    return np.unique(numbers)


def _scaled(units: np.ndarray, factors: np.ndarray) -> UnitEdit:
    """Units multiplied; by 1 is nothing, and by 0 is set to 0, so that nothing infinite becomes NaN."""
    off, moved = factors == 0, (factors != 0) & (factors != 1)
    return UnitEdit(
        torch.from_numpy(units[off]),
        torch.zeros(int(off.sum()), dtype=torch.float64),
        torch.from_numpy(units[moved]),
        torch.from_numpy(factors[moved]),
    )


def _towards(units: np.ndarray, factors: np.ndarray, values: np.ndarray) -> UnitEdit:
    """Units moved towards values, or (factors above 1) away from them: value + factor · (activation − value)."""
    off, moved = factors == 0, (factors != 0) & (factors != 1)
    offsets = (1 - factors[moved]) * values[moved]
    return UnitEdit(*map(torch.from_numpy, (units[off], values[off], units[moved], factors[moved], offsets)))


def _values(units: np.ndarray, value: Any, means: Callable[[], np.ndarray]) -> np.ndarray:
    """float64, what each unit is set to."""
    if not isinstance(value, str):
        return np.full(len(units), _number("value", value))
    if value != "mean":
        raise ValueError(f"value must be a number or 'mean', got {value!r}")
    return means()[units]


def _set(units: np.ndarray, values: np.ndarray) -> UnitEdit:
    nothing = torch.zeros(0)
    return UnitEdit(torch.from_numpy(units), torch.from_numpy(values), nothing.long(), nothing.double())


def _scale(scale: Any) -> float:
    found = _number("scale", scale)
    if not 0 <= found <= LARGEST_SCALE:
        raise ValueError(f"a scale is between 0 (off) and {LARGEST_SCALE:g} (1: as it is), got {scale!r}")
    return found


def _number(name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
        raise TypeError(f"{name} must be a number, got {value!r}")
    if not np.isfinite(value):
        raise ValueError(f"{name} must be finite, got {value!r}")
    return float(value)
