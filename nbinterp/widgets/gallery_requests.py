"""What the gallery's Run button asks for, checked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MAX_IMAGES_PER_UNIT = 6


@dataclass(frozen=True)
class RunRequest:
    """A run of `maximize` as the gallery's controls describe it.

    Attributes:
        layer: whose units.
        units: which of them, ascending.
        n_images: of each unit, 1 to 6; several are made to differ, by the weight that the run shown gave to diversity
            among several, else by `maximize`'s default of 3.
        recipe: name of the preset.
        steps: how many; None: as many as the preset says.
    """

    layer: str
    units: tuple[int, ...]
    n_images: int
    recipe: str
    steps: int | None

    @classmethod
    def checked(cls, content: Mapping[str, Any], layers: Sequence[Mapping[str, Any]]) -> RunRequest:
        """The request in a message from the view.

        Args:
            content: the message.
            layers: `{"name", "n_units"}` of every layer there is.

        Raises:
            ValueError: it makes no sense; the message says what would.
        """
        layer = next((known for known in layers if known["name"] == content.get("layer")), None)
        if layer is None:
            raise ValueError(f"no layer {content.get('layer')!r}; there are {', '.join(k['name'] for k in layers)}")
        n_images, steps = content.get("n_images", 1), content.get("steps")
        if not _whole(n_images) or not 1 <= n_images <= MAX_IMAGES_PER_UNIT:
            raise ValueError(f"images per unit: expected 1 to {MAX_IMAGES_PER_UNIT}, got {n_images!r}")
        if steps is not None and (not _whole(steps) or steps < 1):
            raise ValueError(f"steps: expected a whole number of at least 1, got {steps!r}")
        units = parse_units(str(content.get("units", "")), int(layer["n_units"]))
        return cls(str(layer["name"]), units, n_images, str(content.get("recipe", "")), steps)


def parse_units(text: str, n_units: int) -> tuple[int, ...]:
    """Units written as people write them: "0-7, 12"; "all" is every unit.

    Raises:
        ValueError: it cannot be read, or names a unit that the layer does not have.
    """
    if text.strip().lower() == "all":
        return tuple(range(n_units))
    units: set[int] = set()
    for part in re.split(r"[,;\s]+", re.sub(r"\s*[-–]\s*", "-", text.strip())):
        found = re.fullmatch(r"(\d+)(?:-(\d+))?", part)
        if found is None:
            raise ValueError(f"units: cannot read {part!r}; write numbers and ranges such as 0-7, 12, or all")
        first, last = int(found[1]), int(found[2] or found[1])
        if first > last:
            raise ValueError(f"units: {part} runs backwards; write {last}-{first}")
        if last >= n_units:
            raise ValueError(f"units: this layer has the units 0 to {n_units - 1}, not {last}")
        units.update(range(first, last + 1))
    return tuple(sorted(units))


def format_units(units: Sequence[int]) -> str:
    """The inverse of `parse_units`: 0, 1, 2, 12 is "0-2, 12"."""
    runs: list[list[int]] = []
    for unit in sorted(set(units)):
        if runs and unit == runs[-1][1] + 1:
            runs[-1][1] = unit
        else:
            runs.append([unit, unit])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
