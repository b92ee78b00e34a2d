"""Scatter, grid and unit list, laid out together."""

from __future__ import annotations

from collections.abc import Iterable

import anywidget
import traitlets as t
from PIL import Image

from nbinterp.analyses import Recording
from nbinterp.render import snapshot
from nbinterp.widgets.catalog import Key
from nbinterp.widgets.embedding_plot import BAKED_ACTIVATIONS, EmbeddingPlot
from nbinterp.widgets.image_grid import ImageGrid
from nbinterp.widgets.selection import Selection
from nbinterp.widgets.static import bundle
from nbinterp.widgets.unit_list import UnitList
from nbinterp.widgets.view import View, checked_layer


class Explorer(View):
    """An `EmbeddingPlot`, a `UnitList` and an `ImageGrid` that answer each other.

    Args:
        recording: what `record` returned.
        layer: shown first; default: the last layer recorded.
        method: `"umap"` or `"pca"`, as in `EmbeddingPlot`.
        color_by: as in `EmbeddingPlot`.
        selection: a `Selection` to share with other views.
    """

    _esm = bundle("explorer.js")
    _css = bundle("explorer.css")

    plot = anywidget.WidgetTrait().tag(sync=True)  # Python -> view
    grid = anywidget.WidgetTrait().tag(sync=True)  # Python -> view
    units = anywidget.WidgetTrait().tag(sync=True)  # Python -> view
    layers = t.List(t.Unicode()).tag(sync=True)  # Python -> view
    layer = t.Unicode().tag(sync=True)  # both ways

    def __init__(
        self,
        recording: Recording,
        layer: str | None = None,
        *,
        method: str = "umap",
        color_by: str | None = None,
        selection: Selection | None = None,
    ) -> None:
        layer = checked_layer(recording, layer)
        link = Selection(len(recording.names)) if selection is None else selection
        plot = EmbeddingPlot(recording, layer, method=method, color_by=color_by, selection=link)
        super().__init__(
            recording,
            selection=link,
            plot=plot,
            grid=ImageGrid(recording, selection=link, show_bar=False),
            units=UnitList(recording, layer, selection=link),
            layers=list(recording.layers),
            layer=layer,
        )

    @t.observe("layer")
    def _show_layer(self, change: t.Bunch) -> None:
        for view in (self.plot, self.units):
            if view is not None:
                view.layer = change["new"]

    def wait(self) -> Explorer:
        """Block until the scatter asked for is computed (UMAP takes a while), then renew the static picture."""
        self.plot.compute()
        self.refresh_snapshot()
        return self

    def children(self) -> tuple[View, ...]:
        """Scatter, unit list, grid."""
        return (self.plot, self.units, self.grid)  # pyright: ignore[reportReturnType]

    def draw(self) -> tuple[Image.Image, str]:
        """The three pictures together."""
        (plot, plot_alt), (units, units_alt) = self.plot.draw((470, 384)), self.units.draw(7, 6, 48)
        grid, grid_alt = self.grid.draw(columns=12, rows=2)
        picture = snapshot.stack([snapshot.beside([plot, units]), grid])
        return picture, f"{plot_alt}. {units_alt}. {grid_alt}."

    def resources(self) -> Iterable[Key]:
        """What the three need, for every recorded layer."""
        for view in self.children():
            yield from view.resources()
        for layer in self.layers:
            yield ("coords", layer, "pca")
            yield from self.source.unit_keys(layer)
            yield from self.source.activation_keys(layer, BAKED_ACTIVATIONS)


def explore(
    recording: Recording,
    layer: str | None = None,
    *,
    method: str = "umap",
    color_by: str | None = None,
    selection: Selection | None = None,
) -> Explorer:
    """Explore a recording: a scatter of what a layer sees, its units, and the images, linked.

    Args:
        recording: what `record` returned.
        layer: shown first; default: the last layer recorded.
        method: of the scatter: `"umap"` (PCA is shown until it is computed) or `"pca"`.
        color_by: a column of `recording.frame`, or `"unit"`; default: the label, else the prediction.
        selection: a `Selection` to share with other views of the same images.

    Returns:
        The widget; `.selection` is what is selected, as an index array.
    """
    return Explorer(recording, layer, method=method, color_by=color_by, selection=selection)
