"""What joins results, which know nothing of notebooks, to the widgets that show them."""

from __future__ import annotations

import os
from functools import singledispatch
from pathlib import Path
from typing import TYPE_CHECKING

from IPython.core.getipython import get_ipython

from nbinterp.analyses import Ablation, Facets, Recording, Visualizations
from nbinterp.analyses.dissection import Dissection
from nbinterp.analyses.regions import Region
from nbinterp.widgets import export
from nbinterp.widgets.ablation_panel import AblationPanel
from nbinterp.widgets.dissection_view import DissectionView
from nbinterp.widgets.embedding_plot import EmbeddingPlot
from nbinterp.widgets.explorer import Explorer, explore
from nbinterp.widgets.facet_view import FacetView
from nbinterp.widgets.region_view import RegionView
from nbinterp.widgets.unit_gallery import UnitGallery
from nbinterp.widgets.view import View

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


@singledispatch
def view(result: object) -> View:
    """The widget that shows a result; a view is its own.

    Raises:
        TypeError: no widget shows this kind of object.
    """
    raise TypeError(
        f"no widget shows a {type(result).__name__}; view() takes a result of nbinterp, such as a Recording"
    )


@view.register
def _(result: View) -> View:
    return result


@view.register
def _(result: Recording) -> View:
    return explore(result)


@view.register
def _(result: Visualizations) -> View:
    return UnitGallery(result)


@view.register
def _(result: Facets) -> View:
    if result.recording is None:
        raise ValueError("loaded facets are shown with their recording: FacetView(facets, recording=…)")
    return FacetView(result)


@view.register
def _(result: Region) -> View:
    if result.recording is None:
        raise ValueError("a loaded region is shown with its recording: Region.load(path, recording)")
    return RegionView(result.recording, region=result)


@view.register
def _(result: Ablation) -> View:
    return AblationPanel(result)


@view.register
def _(result: Dissection) -> View:
    return DissectionView(result)


def figure(result: object) -> Figure:
    """A plotly figure of a result or view, for papers and other pages, without the links.

    A recording or a scatter gives the scatter; optimized images, or their gallery, give the images (it waits for them).
    """
    from nbinterp.render.figures import embedding_figure  # importing plotly takes half a second
    from nbinterp.render.image_figure import images_figure

    shown = result.visualizations if isinstance(result, UnitGallery) else result
    if isinstance(shown, Visualizations):
        return images_figure(shown.images, shown.titles, title=str(shown.about["subject"]))
    shown = view(result)
    plot = shown.plot if isinstance(shown, Explorer) else shown
    if not isinstance(plot, EmbeddingPlot):
        raise TypeError(
            f"no plotly figure of a {type(shown).__name__}; figure() takes a Recording, an EmbeddingPlot or what "
            "maximize returns"
        )
    method, xy = plot.coordinates()
    return embedding_figure(xy, plot.recording.frame, color_by=plot.color_by, title=f"{method.upper()} of {plot.layer}")


def to_html(result: object, path: str | os.PathLike, *, title: str = "nbinterp") -> Path:
    """Write a result or a view as one self-contained interactive HTML file; see `nbinterp.widgets.export.to_html`.

    Args:
        result: a view, or a result that `view` can show.
        path: of the file; an older one is replaced only when the new one is complete.
        title: heading of the page.

    Returns:
        The path written.
    """
    return export.to_html(view(result), path, title=title)


def show_results_as_widgets() -> None:
    """Let results show themselves as widgets at the end of a notebook cell; does nothing outside IPython."""
    shell = get_ipython()
    formatter = getattr(shell, "display_formatter", None)
    if formatter is not None:
        for kind in view.registry:
            if kind is not object and not issubclass(kind, View):
                formatter.ipython_display_formatter.for_type(kind, lambda result: view(result)._ipython_display_())
