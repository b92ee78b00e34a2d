"""What the sliders of the ablation panel ask for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from numbers import Integral, Real
from typing import Any

LARGEST = 2.0
VALUES = ("zero", "mean")


@dataclass(frozen=True)
class Concept:
    """A concept and the units that detect it, as the panel offers them.

    Attributes:
        name: unlike that of every other concept of the panel.
        category: of the concept.
        units: the units whose best concept it is, the best one first.
    """

    name: str
    category: str
    units: tuple[int, ...]


@dataclass(frozen=True)
class Edit:
    """Where the sliders stand.

    Attributes:
        units: (unit, scale) of every slider, in the order of the list; 0 is off, 1 as it is, 2 twice as much.
        concept: name of the concept whose units have a slider together, "" for none.
        concept_scale: where that stands.
        value: what a unit is at scale 0: "zero", or its "mean"; between 0 and 1 it lies between that and what it is.
    """

    units: tuple[tuple[int, float], ...] = ()
    concept: str = ""
    concept_scale: float = 1.0
    value: str = "zero"

    def scales(self, concepts: Sequence[Concept]) -> dict[int, float]:
        """The scale of every unit that is not as it is. A unit that two sliders move has the product, at most 2."""
        scales = dict(self.units)
        members = next((one.units for one in concepts if one.name == self.concept), ())
        for unit in members:
            scales[unit] = min(scales.get(unit, 1.0) * self.concept_scale, LARGEST)
        return {unit: scale for unit, scale in sorted(scales.items()) if scale != 1}

    def switched_off(self, units: Iterable[int]) -> Edit:
        """Only these units, at 0."""
        return replace(self, units=tuple((int(unit), 0.0) for unit in units), concept_scale=1.0)

    def as_it_is(self) -> Edit:
        """The same sliders, all at 1."""
        return replace(self, units=tuple((unit, 1.0) for unit, _ in self.units), concept_scale=1.0)

    def to_trait(self) -> dict[str, Any]:
        """As it crosses to the browser."""
        units = [[unit, scale] for unit, scale in self.units]
        return {"units": units, "concept": self.concept, "concept_scale": self.concept_scale, "value": self.value}


def read_edit(trait: Mapping[str, Any], n_units: int, concepts: Sequence[Concept]) -> Edit:
    """What crossed from the browser, or was set in Python.

    Raises:
        ValueError: a unit, scale, concept or value that there is not.
    """
    edit = Edit(
        read_units(dict(trait.get("units", ())), n_units),
        str(trait.get("concept", "")),
        _scale(trait.get("concept_scale", 1.0)),
        str(trait.get("value", "zero")),
    )
    if edit.value not in VALUES:
        raise ValueError(f"a unit at 0 is 'zero' or its 'mean', got {edit.value!r}")
    if edit.concept and all(one.name != edit.concept for one in concepts):
        known = ", ".join(repr(one.name) for one in concepts[:12]) or "none: give the panel a dissection"
        raise ValueError(f"no concept {edit.concept!r} has units here; those that have: {known}")
    return edit


def read_units(units: Any, n_units: int) -> tuple[tuple[int, float], ...]:
    """Units with their scales: of one unit, several (all as they are), or unit -> scale.

    Raises:
        ValueError: a unit outside the layer, or a scale that is not from 0 to 2.
    """
    listed = (
        units if isinstance(units, Mapping) else dict.fromkeys([units] if isinstance(units, Integral) else units, 1)
    )
    for unit in listed:
        if isinstance(unit, bool) or not isinstance(unit, Integral) or not 0 <= int(unit) < n_units:
            raise ValueError(f"the layer has the units 0 to {n_units - 1}, got {unit!r}")
    return tuple((int(unit), _scale(scale)) for unit, scale in listed.items())


def _scale(scale: Any) -> float:
    if isinstance(scale, bool) or not isinstance(scale, Real) or not 0 <= float(scale) <= LARGEST:
        raise ValueError(f"a slider goes from 0 (off) to {LARGEST:g}, 1 is as it is; got {scale!r}")
    return float(scale)
