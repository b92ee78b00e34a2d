"""The units of a layer, each with the images that activate it most."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import traitlets as t
from PIL import Image

from nbinterp.analyses import Recording
from nbinterp.render import snapshot
from nbinterp.widgets.catalog import Key
from nbinterp.widgets.selection import Selection
from nbinterp.widgets.static import bundle
from nbinterp.widgets.view import View, checked_layer


class UnitList(View):
    """Every unit of a layer with its exemplars, masked to where the unit is active.

    Args:
        recording: what `record` returned.
        layer: whose units to list; default: the last layer recorded.
        sort_by: `"activity"` (mean activation over the probe set), `"selectivity"` (for one class,
            Morcos et al. 2018, arXiv:1803.06959), `"peak"` (largest activation) or `"unit"` (index).
        selection: a `Selection` to share with other views.
        height: of the list, in CSS pixels.
    """

    _esm = bundle("unit_list.js")
    _css = bundle("unit_list.css")

    layer = t.Unicode().tag(sync=True)  # both ways
    sort_by = t.Enum(("activity", "selectivity", "peak", "unit"), "activity").tag(sync=True)  # both ways
    descending = t.Bool(True).tag(sync=True)  # both ways
    search = t.Unicode().tag(sync=True)  # both ways
    height = t.Int(440).tag(sync=True)  # Python -> view

    def __init__(
        self,
        recording: Recording,
        layer: str | None = None,
        *,
        sort_by: str = "activity",
        selection: Selection | None = None,
        height: int = 440,
    ) -> None:
        layer = checked_layer(recording, layer)
        super().__init__(
            recording, selection=selection, layer=layer, sort_by=sort_by, descending=sort_by != "unit", height=height
        )

    def draw(self, n_units: int = 8, n_images: int = 9, tile: int = 56) -> tuple[Image.Image, str]:
        """The first units of the list, each with its exemplars."""
        if self.recording[self.layer].top is None:
            alt = f"Layer {self.layer} has no exemplars: record it with keep=('pooled', 'topk')"
            return snapshot.message(alt), alt
        units = self.source.units(self.layer)
        dead = (units["peak"] <= 0) | (units["rate"] == 0)
        key = np.where(dead, np.nan, units[self.sort_by]) if self.sort_by != "unit" else np.arange(len(dead))
        order = np.argsort(-key if self.descending else key, kind="stable")[:n_units]
        rows = [self._row(int(unit), units, n_images) for unit in order]
        if self.sort_by == "unit":
            end, order_words = f"the {'last' if self.descending else 'first'} {len(rows)}", "by number"
        else:
            end = f"the {len(rows)} with the {'highest' if self.descending else 'lowest'} {self.sort_by}"
            order_words = f"{'highest' if self.descending else 'lowest'} {self.sort_by} first"
        alt = f"Layer {self.layer}, {len(key):,} units: {end}, each with its top images: " + "; ".join(
            row["name"] for row in rows
        )
        part = f", the first {len(rows)}" if len(rows) < len(key) else ""
        title = f"{self.layer}: {len(key):,} units, {order_words}{part}"
        return snapshot.unit_strips(rows, tile=tile, title=title), alt

    def _row(self, unit: int, units: dict[str, np.ndarray], n_images: int) -> dict:
        if units["peak"][unit] <= 0 or units["rate"][unit] == 0:
            return {"name": f"unit {unit}", "detail": "never active", "images": []}
        images, masks = self.source.exemplars(self.layer, unit, n_images)
        kind = self.source.selective_for(self.layer, unit)
        return {
            "name": f"unit {unit}" + (f", {kind}" if kind else ""),
            "detail": f"activity {units['activity'][unit]:.3g} · selectivity {units['selectivity'][unit]:.2f}",
            "images": images,
            "masks": masks,
        }

    def resources(self) -> Iterable[Key]:
        """The units' table, and the thumbnails of their exemplars."""
        yield from self.source.unit_keys(self.layer)
        yield from self.source.item_keys()
