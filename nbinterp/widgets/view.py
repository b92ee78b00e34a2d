"""What every visible widget has in common: its links, and a static picture beside its live view."""

from __future__ import annotations

import base64
import html
from collections.abc import Iterable
from uuid import uuid4

import anywidget
import numpy as np
import traitlets as t
from IPython.core.getipython import get_ipython
from IPython.display import display, update_display
from numpy.typing import ArrayLike
from PIL import Image

from nbinterp.analyses import Recording
from nbinterp.render.snapshot import encode
from nbinterp.widgets.catalog import Catalog
from nbinterp.widgets.no_recording import NoRecording
from nbinterp.widgets.selection import Selection
from nbinterp.widgets.source import RecordingSource, catalog_of

# JupyterLab says "Error displaying widget: model not found" of a view whose notebook was saved without widget state. In
# its place, above our picture and nowhere else, stands what a reader can do. Readers that clean outputs drop the style.
_ORPHAN = ".jp-OutputArea-child:has(+ .jp-OutputArea-child .nbinterp-snapshot):not(:has(> .jupyter-widgets *)) > "
_STYLE = (
    f"<style>{_ORPHAN}.jupyter-widgets {{ font-size: 0 }} "
    f"{_ORPHAN}.jupyter-widgets::after {{ font-size: var(--jp-ui-font-size1, 13px); "
    'content: "This view was saved without its kernel; the picture shows it as it was. '
    'Run the cell again to explore it." }</style>'
)
REFERENCE = anywidget.WidgetTrait().metadata  # how a widget crosses to the browser: as a reference to its model


class View(anywidget.AnyWidget):
    """A view of a recording, linked to the other views that share its `Selection`.

    A view may also do without a recording: then it has no images to select from, and shares the selected unit alone.

    Displaying it gives two outputs: the live widget, and a picture of what it shows. The live widget
    hides the picture; wherever widgets do not run (a saved notebook, GitHub, an editor without a
    kernel) the picture stays.
    """

    catalog = t.Instance(Catalog).tag(sync=True, **REFERENCE)  # Python -> view
    link = t.Instance(Selection).tag(sync=True, **REFERENCE)  # Python -> view: the selection that linked views share
    snapshot_id = t.Unicode().tag(sync=True)  # Python -> view

    def __init__(self, recording: Recording | None, *, selection: Selection | None = None, **traits: object) -> None:
        n_items = 0 if recording is None else len(recording.names)
        link = Selection(n_items) if selection is None else selection
        if not isinstance(link, Selection):
            raise TypeError(
                f"selection= takes the nbinterp.Selection to share, got {type(link).__name__}; "
                "to link to another view, give that view's `.link`"
            )
        if recording is not None and link.n_items != n_items:
            raise ValueError(
                f"the selection is over {link.n_items} images, the recording over {n_items}: "
                "views can be linked only if they show the same images"
            )
        catalog = Catalog(NoRecording()) if recording is None else catalog_of(recording)
        super().__init__(catalog=catalog, link=link, snapshot_id=uuid4().hex[:12], **traits)
        self._recording = recording

    @property
    def recording(self) -> Recording:
        """The recording that this view shows; `LookupError` if it does without one."""
        if self._recording is None:
            raise LookupError(f"this {type(self).__name__} was made without a recording: give it recording=…")
        return self._recording

    @property
    def selection(self) -> np.ndarray:
        """The selected images (sorted int64 indices); assign indices or a boolean mask to select from Python."""
        return self.link.indices

    @selection.setter
    def selection(self, value: ArrayLike) -> None:
        self.link.indices = value

    @property
    def source(self) -> RecordingSource:
        """What answers this view's questions."""
        assert isinstance(self.catalog.source, RecordingSource)
        return self.catalog.source

    def draw(self) -> tuple[Image.Image, str]:
        """The static picture of what the view shows now, and a sentence that says it."""
        raise NotImplementedError

    def resources(self) -> Iterable[tuple[str | int, ...]]:
        """The keys of the resources that a page without a kernel has to carry for this view."""
        raise NotImplementedError

    def settle(self) -> None:
        """Wait for what is under way and belongs into a saved page; most views have nothing of the kind."""

    def children(self) -> tuple[View, ...]:
        """The views that this one shows inside itself."""
        return ()

    def _snapshot(self) -> dict[str, str]:
        picture, alt = self.draw()
        mime, data = encode(picture)
        source = f"data:{mime};base64,{base64.b64encode(data).decode()}"
        image = f'<img alt="{html.escape(alt)}" src="{source}" width="{picture.width // 2}" style="max-width:100%">'
        return {
            "text/html": f'<div class="nbinterp-snapshot nbinterp-snapshot-{self.snapshot_id}">{_STYLE}{image}</div>',
            "text/plain": alt,
        }

    def _ipython_display_(self, **_options: object) -> None:
        bundle = self._repr_mimebundle_()
        if bundle is None:
            return
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        display({**data, "text/plain": repr(self)}, raw=True)
        display(self._snapshot(), raw=True, display_id=self.snapshot_id)

    def refresh_snapshot(self) -> None:
        """Draw the static picture again, in place: call it from a cell after the view has changed."""
        if get_ipython() is not None:
            update_display(self._snapshot(), raw=True, display_id=self.snapshot_id)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self.recording.names)} images, layers {', '.join(self.recording.layers)})"


def checked_column(recording: Recording, column: str, *others: str) -> str:
    """A column that the views show, or one of `others`; `LookupError` listing what there is for any other name."""
    known = [spec["name"] for spec in catalog_of(recording).columns] + list(others)
    if column not in known:
        raise LookupError(f"no column {column!r} with values; there are {', '.join(map(repr, known))}")
    return column


def checked_layer(recording: Recording, layer: str | None) -> str:
    """The layer to show: the last recorded one unless the caller names another."""
    return recording.layers[-1] if layer is None else recording[layer].name
