"""The images themselves."""

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
from nbinterp.widgets.view import View, checked_column


class ImageGrid(View):
    """Grid of the images with label and prediction: sort, filter, search, and overlay the selected unit.

    Args:
        recording: what `record` returned.
        sort_by: a column of `recording.frame`; default: the order of the probe set.
        overlay: whether to lay the selected unit's activation map over the images.
        selection: a `Selection` to share with other views.
        height: of the grid, in CSS pixels.
    """

    _esm = bundle("image_grid.js")
    _css = bundle("image_grid.css")

    sort_by = t.Unicode().tag(sync=True)  # both ways: a column, or "" for the order of the probe set
    descending = t.Bool(False).tag(sync=True)  # both ways
    filter_by = t.Unicode().tag(sync=True)  # both ways: a column, or ""
    filter_values = t.List(t.Unicode()).tag(sync=True)  # both ways: the values of that column to show
    search = t.Unicode().tag(sync=True)  # both ways
    thumb_size = t.Int(84).tag(sync=True)  # both ways: CSS pixels
    overlay = t.Bool(True).tag(sync=True)  # both ways
    selection_first = t.Bool(True).tag(sync=True)  # both ways
    height = t.Int(440).tag(sync=True)  # Python -> view
    show_bar = t.Bool(True).tag(sync=True)  # Python -> view

    def __init__(
        self,
        recording: Recording,
        *,
        sort_by: str = "",
        overlay: bool = True,
        selection: Selection | None = None,
        height: int = 440,
        show_bar: bool = True,
    ) -> None:
        if sort_by:
            checked_column(recording, sort_by)
        super().__init__(
            recording, selection=selection, sort_by=sort_by, overlay=overlay, height=height, show_bar=show_bar
        )

    def draw(self, columns: int = 10, rows: int = 4) -> tuple[Image.Image, str]:
        """The first images, the selected ones first."""
        n, selected = len(self.recording.names), self.selection
        order = np.arange(n) if not self.sort_by else self.source.order(self.sort_by, self.descending)
        chosen = np.isin(order, selected)
        shown = np.concatenate([order[chosen], order[~chosen]])[: columns * rows]
        pictures = [self.source.pixels(int(i)) for i in shown]
        captions = [self.source.caption(int(i)) for i in shown]
        title = f"{n:,} image{'s' * (n != 1)}" + (f", {selected.size:,} selected" if selected.size else "")
        part = f", the first {len(shown)}" if len(shown) < n else ""
        picture = snapshot.image_sheet(pictures, captions, columns, title=title + part)
        first = ", the selected first" if selected.size else ""
        return picture, f"{title}{self.source.mistakes()}; {len(shown)} of them drawn{first}"

    def resources(self) -> Iterable[Key]:
        """Thumbnails and columns."""
        return self.source.item_keys()
