"""The selection that linked views share."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Integral

import anywidget
import numpy as np
import traitlets as t
from numpy.typing import ArrayLike

from nbinterp.widgets.static import bundle


def _to_bytes(value: object, _widget: object = None) -> object:
    return bytes(value) if isinstance(value, memoryview) else value


def _named_from_json(value: dict, _widget: object) -> dict:
    return {name: _to_bytes(indices) for name, indices in value.items()}


class Selection(anywidget.AnyWidget):
    """Which images, which unit and which set of units are selected: shared by every view that is given it.

    Views in the browser talk to each other through it without the kernel; Python sees the result
    shortly after the hand comes to rest. Undo, redo and named selections live in it too. `unit` is the one looked at;
    `units` are those chosen together, such as all units that detect a concept.

    Args:
        n_items: how many images there are to select from (≥ 0).
        indices: what is selected at first.

    Raises:
        ValueError: an index is not in `0 … n_items − 1`.
    """

    _esm = bundle("selection.js")

    n_items = t.Int(0).tag(sync=True)  # Python -> view
    indices_bytes = t.Bytes(b"").tag(sync=True, from_json=_to_bytes)  # both ways: uint32, sorted
    unit = t.Dict(allow_none=True, default_value=None).tag(sync=True)  # both ways: {"layer": str, "unit": int} or None
    units = t.Dict(allow_none=True, default_value=None).tag(sync=True)  # both ways: {"layer": str, "units": [int, …]}
    named_bytes = t.Dict().tag(sync=True, from_json=_named_from_json)  # both ways: name -> uint32

    def __init__(self, n_items: int, indices: ArrayLike = ()) -> None:
        super().__init__(n_items=n_items)
        self.indices = indices

    @property
    def indices(self) -> np.ndarray:
        """The selected images, as a sorted int64 index array; set it from indices or from a boolean mask."""
        return _from_bytes(self.indices_bytes)

    @indices.setter
    def indices(self, value: ArrayLike) -> None:
        self.indices_bytes = self._checked(value).astype(np.uint32).tobytes()

    @property
    def named(self) -> dict[str, np.ndarray]:
        """The named selections; assign a whole dictionary to change them."""
        return {name: _from_bytes(indices) for name, indices in self.named_bytes.items()}

    @named.setter
    def named(self, value: Mapping[str, ArrayLike]) -> None:
        self.named_bytes = {
            str(name): self._checked(indices).astype(np.uint32).tobytes() for name, indices in value.items()
        }

    def _checked(self, value: ArrayLike) -> np.ndarray:
        array = np.asarray(value)
        if array.size == 0:
            return np.zeros(0, dtype=np.int64)
        if array.dtype == bool:
            if array.shape != (self.n_items,):
                raise ValueError(f"a boolean mask needs shape ({self.n_items},), one entry an image; got {array.shape}")
            return np.flatnonzero(array)
        if array.ndim != 1 or not np.issubdtype(array.dtype, np.integer):
            raise ValueError(
                f"expected a 1-D array of image indices or a mask, got {array.dtype} of shape {array.shape}"
            )
        if array.min() < 0 or array.max() >= self.n_items:
            raise ValueError(
                f"image indices go from 0 to {self.n_items - 1}, got {int(array.min())} … {int(array.max())}"
            )
        return np.unique(array)

    @t.validate("indices_bytes")
    def _indices_from_the_view(self, proposal: t.Bunch) -> bytes:
        try:
            self._checked(_from_bytes(proposal["value"]))
        except ValueError as error:
            raise t.TraitError(str(error)) from error  # the one kind of error that makes traitlets keep the old value
        return proposal["value"]

    @t.validate("unit")
    def _unit_from_the_view(self, proposal: t.Bunch) -> dict | None:
        unit = proposal["value"]
        if unit is None:
            return None
        layer, index = unit.get("layer"), unit.get("unit")
        if not (isinstance(layer, str) and isinstance(index, Integral) and int(index) >= 0):
            raise t.TraitError(f'expected {{"layer": name, "unit": index}} or None, got {unit!r}')
        return {"layer": layer, "unit": int(index)}

    @t.validate("units")
    def _units_from_the_view(self, proposal: t.Bunch) -> dict | None:
        chosen = proposal["value"]
        if chosen is None:
            return None
        layer, units = chosen.get("layer"), chosen.get("units")
        fits = isinstance(units, list | tuple) and all(isinstance(one, Integral) and int(one) >= 0 for one in units)
        if not (isinstance(layer, str) and fits):
            raise t.TraitError(f'expected {{"layer": name, "units": [index, …]}} or None, got {chosen!r}')
        return {"layer": layer, "units": [int(one) for one in units]}


def _from_bytes(data: bytes) -> np.ndarray:
    return np.frombuffer(data, dtype="<u4").astype(np.int64)
