"""A layer's features as a scatter of images."""

from __future__ import annotations

from collections.abc import Iterable

import anywidget
import numpy as np
import traitlets as t
from PIL import Image
from tqdm import tqdm

from nbinterp.analyses import Recording
from nbinterp.analyses.progress import bar_stream
from nbinterp.jobs import Job
from nbinterp.render import snapshot
from nbinterp.widgets.catalog import Key
from nbinterp.widgets.runtime import runtime
from nbinterp.widgets.selection import Selection
from nbinterp.widgets.static import bundle
from nbinterp.widgets.view import View, checked_column, checked_layer

UNIT = "unit"  # the entry of `color_by` that stands for the selected unit's activation
N_ASKED, MOST_PLACES = 500, 20_000  # images whose nearest neighbour is looked for, and among how many
BAKED_ACTIVATIONS = 500_000  # numbers; a page without a kernel carries a layer's activations up to this size


class EmbeddingPlot(View):
    """Scatter plot of the images in a layer's feature space: PCA at once, UMAP as soon as it is computed.

    Args:
        recording: what `record` returned.
        layer: whose features to show; default: the last layer recorded.
        method: `"umap"` (computed in a process of its own, PCA is shown meanwhile) or `"pca"`.
        color_by: a column of `recording.frame`, or `"unit"` for the activation of the selected unit;
            default: the label if there are labels, else the prediction.
        selection: a `Selection` to share with other views.
        height: of the plot, in CSS pixels.
    """

    _esm = bundle("embedding_plot.js")
    _css = bundle("embedding_plot.css")

    runtime = anywidget.WidgetTrait().tag(sync=True)  # Python -> view
    layer = t.Unicode().tag(sync=True)  # both ways
    method = t.Enum(("umap", "pca"), "umap").tag(sync=True)  # both ways
    color_by = t.Unicode().tag(sync=True)  # both ways
    height = t.Int(460).tag(sync=True)  # Python -> view

    def __init__(
        self,
        recording: Recording,
        layer: str | None = None,
        *,
        method: str = "umap",
        color_by: str | None = None,
        selection: Selection | None = None,
        height: int = 460,
    ) -> None:
        if color_by is None:
            color_by = "label" if (recording.labels >= 0).any() else "prediction"
        super().__init__(
            recording,
            selection=selection,
            runtime=runtime(),
            layer=checked_layer(recording, layer),
            method=method,
            color_by=checked_column(recording, color_by, UNIT),
            height=height,
        )

    def wait(self) -> EmbeddingPlot:
        """Block until the picture asked for is computed (UMAP takes a while), then renew the static picture."""
        self.compute()
        self.refresh_snapshot()
        return self

    def compute(self) -> None:
        """Compute the coordinates asked for, with a progress bar; Ctrl-C stops it and leaves the PCA picture."""
        key = self._key(self.method)
        if self.source.has(key):
            return
        with tqdm(total=100, desc=self.method.upper(), unit="%", leave=False, file=bar_stream()) as bar:

            def report(text: str, fraction: float | None) -> None:
                bar.update(round(100 * (fraction or 0)) - bar.n)

            self.source.worker(key).call(lambda job: self.source.answer(key, (), job, report))

    def _key(self, method: str) -> Key:
        return ("coords", self.layer, method)

    def coordinates(self) -> tuple[str, np.ndarray]:
        """The method and the `N × 2` coordinates of the best picture there is now: the one asked for, else PCA."""
        method = self.method if self.source.has(self._key(self.method)) else "pca"
        job = Job(lambda _: None, lambda _: None, lambda _: None)
        answer = self.source.answer(self._key(method), (), job, lambda *_: None)
        return answer.meta["method"], answer.arrays["xy"]

    def draw(self, size: tuple[int, int] = (680, 440)) -> tuple[Image.Image, str]:
        """The scatter as a static picture."""
        method, xy = self.coordinates()
        layer, unit = self._selected_unit()
        if self.color_by == UNIT and layer:
            colours, legend = self.recording[layer].max[:, unit], [f"unit {unit} of {layer}"]
        else:
            colours, legend = self.source.colours(self.color_by)
        name, n = method.upper(), len(xy)
        by = f"coloured by {legend[0] if self.color_by == UNIT else self.color_by}" if legend != ["image"] else ""
        picture = snapshot.scatter(
            xy,
            colours,
            legend,
            size=size,
            title=", ".join(filter(None, [f"{name} of {self.layer}", by])),
            axes=(f"{name} 1", f"{name} 2"),
            selected=self.selection if self.selection.size else None,
        )
        alt = ", ".join(filter(None, [f"{name} of {n:,} image{'s' * (n != 1)} in layer {self.layer}", by]))
        alike, chance = neighbours_alike(xy, colours) if colours.dtype.kind == "i" else (np.nan, np.nan)
        if np.isfinite(alike):
            alt += f"; for {100 * alike:.0f} % the nearest neighbour has the same, by chance for {100 * chance:.0f} %"
        return picture, alt

    def _selected_unit(self) -> tuple[str, int]:
        """Layer and index of the selected unit; ("", −1) if there is none in this recording."""
        unit = self.link.unit
        if unit is None or unit["layer"] not in self.recording.layers:
            return "", -1
        known = unit["unit"] < self.recording[unit["layer"]].n_units
        return (unit["layer"], unit["unit"]) if known else ("", -1)

    def resources(self) -> Iterable[Key]:
        """Coordinates, columns, thumbnails, and the layer's activations if they are few."""
        yield self._key("pca")
        if self.source.has(self._key("umap")):
            yield self._key("umap")
        yield from self.source.item_keys()
        yield from self.source.activation_keys(self.layer, BAKED_ACTIVATIONS)


def neighbours_alike(xy: np.ndarray, codes: np.ndarray) -> tuple[float, float]:
    """Of the images with a place and a category, the share whose nearest neighbour is of the same one.

    Args:
        xy: N×2.
        codes: int, N; −1 for no category.

    Returns:
        The share, from 500 images at most, and what chance gives (another image drawn at random); from 0 to 1. NaN for
        a single category, and for more than 20,000 images, where it would take long.
    """
    known = np.flatnonzero(np.isfinite(xy).all(axis=1) & (codes >= 0))
    places, kinds = xy[known], codes[known]
    counts = np.unique(kinds, return_counts=True)[1]
    if len(counts) < 2 or len(known) > MOST_PLACES:
        return float("nan"), float("nan")
    asked = np.unique(np.linspace(0, len(known) - 1, N_ASKED).astype(int))
    alike = 0
    for one in asked:
        distances = ((places - places[one]) ** 2).sum(axis=1)
        distances[one] = np.inf
        alike += int(kinds[distances.argmin()] == kinds[one])
    return alike / len(asked), float((counts * (counts - 1)).sum() / (len(known) * (len(known) - 1)))
