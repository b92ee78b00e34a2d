"""The kinds of image that drive a unit: a map of its images, and what is typical of each kind."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Iterable

import traitlets
from PIL import Image

from nbinterp.analyses import Facets, Recording
from nbinterp.jobs import Cancelled, Job, Worker
from nbinterp.render.visualizations import contact_sheet
from nbinterp.widgets.catalog import Key, describe
from nbinterp.widgets.facet_facts import alt_text, facet_facts, point_bytes, quality_facts
from nbinterp.widgets.facet_finder import SYNTHESES, Again, Finder, Wish, wish_for
from nbinterp.widgets.facet_picture import drawn
from nbinterp.widgets.gallery_cards import Forming
from nbinterp.widgets.gallery_feed import Feed
from nbinterp.widgets.selection import Selection
from nbinterp.widgets.static import bundle
from nbinterp.widgets.view import View

ASKED = ("layer", "unit", "n_facets", "synthesis")  # a change of one of these asks for other facets


class FacetView(View):
    """Scatter of a unit's images by facet, and a card for each facet: mean image, synthesized image, exemplars, share.

    Args:
        facets: what `nbi.facets` returned; `.facets` is what is shown now (the controls put others there).
        recording: that they are of; needed for facets loaded from a file, which do not bring it.
        selection: a `Selection` to share with other views.
        follow: whether a unit selected in a linked view is shown.
        height: of scatter and cards, in CSS pixels.
        finder: what finds other facets; default: `nbi.facets` with the settings of these.
    """

    _esm = bundle("facet_view.js")
    _css = bundle("facet_view.css")

    layer = traitlets.Unicode().tag(sync=True)  # both ways
    unit = traitlets.Int(0).tag(sync=True)  # both ways
    n_facets = traitlets.Int(0).tag(sync=True)  # both ways; 0: as many as the images show
    synthesis = traitlets.Enum(SYNTHESES, "fourier").tag(sync=True)  # both ways
    follow = traitlets.Bool(True).tag(sync=True)  # both ways
    shown = traitlets.Dict().tag(sync=True)  # Python -> view: see `facet_facts`
    indices = traitlets.Bytes(b"").tag(sync=True)  # Python -> view: see `point_bytes`
    assignments = traitlets.Bytes(b"").tag(sync=True)  # Python -> view: likewise
    xy = traitlets.Bytes(b"").tag(sync=True)  # Python -> view: likewise
    means = traitlets.Bytes(b"").tag(sync=True)  # Python -> view: JPEG of the mean images
    mean_tiles = traitlets.Dict().tag(sync=True)  # Python -> view: how they lie on it
    cards = traitlets.List(traitlets.Dict()).tag(sync=True)  # Python -> view: synthesized images, see `cards_of`
    sheet = traitlets.Bytes(b"").tag(sync=True)  # Python -> view: JPEG of them
    tiles = traitlets.Dict().tag(sync=True)  # Python -> view: how they lie on it
    state = traitlets.Unicode("none").tag(sync=True)  # Python -> view: of their run; "none": there is none
    progress = traitlets.Dict().tag(sync=True)  # Python -> view: likewise
    quality = traitlets.Dict().tag(sync=True)  # Python -> view: see `quality_facts`; {}: no judge, or not asked yet
    choices = traitlets.Dict().tag(sync=True)  # Python -> view: layers with their units, most facets; {}: no other
    busy = traitlets.Unicode().tag(sync=True)  # Python -> view: what is looked for, "" for nothing
    problem = traitlets.Unicode().tag(sync=True)  # Python -> view: why there are not the facets asked for
    height = traitlets.Int(620).tag(sync=True)  # Python -> view

    _end_of_news: Callable[[], None] = staticmethod(lambda: None)  # ipywidgets also closes what could not be made

    def __init__(
        self,
        facets: Facets,
        *,
        recording: Recording | None = None,
        selection: Selection | None = None,
        follow: bool = True,
        height: int = 620,
        finder: Finder | None = None,
    ) -> None:
        recording = facets.recording if recording is None else recording
        if recording is None:
            raise ValueError("facets loaded from a file are shown with their recording: FacetView(facets, recording=…)")
        finder = Again(facets, recording) if finder is None else finder
        super().__init__(recording, selection=selection, follow=follow, height=height, **vars(wish_for(facets)))
        self._finder, self._feed, self._run, self._serial = finder, Feed(), None, 0
        self._failure: BaseException | None = None
        self._lock = threading.RLock()  # of what the workers change together
        self._workers = {lane: Worker(f"facets-{lane}") for lane in ("find", "feed", "choices", "quality")}
        self._show(facets)
        self.observe(self._ask, list(ASKED))
        self.on_msg(self._on_message)
        self._soon("choices", "choices", lambda view, _: view.set_trait("choices", finder.choices()))

    def wait(self) -> FacetView:
        """Block until the facets asked for, their images and what a judge says are there; renew the static picture.

        If there are no such facets, the error is raised here. Ctrl-C stops the synthesis.
        """
        for lane in ("choices", "find"):
            self._workers[lane].call(lambda _: None)
        if self._failure is not None:
            raise self._failure
        run = self._run
        try:
            if run is not None:
                run.wait()
        finally:
            self._workers["feed"].call(lambda _: self._update(run))
            self._workers["quality"].call(lambda _: None)
            self.refresh_snapshot()
        return self

    def close(self) -> None:
        """Close the widget; the synthesis itself goes on."""
        self._end_of_news()
        super().close()

    def _soon(self, lane: str, channel: str, work: Callable[[FacetView, Job], object]) -> None:
        """Work that takes time goes to a thread; the newest of a channel wins; what fails is said in the view."""
        reference = weakref.ref(self)

        def run(job: Job) -> None:
            view = reference()
            if view is not None:
                work(view, job)

        def failed(error: BaseException) -> None:
            view = reference()
            if view is not None and not isinstance(error, Cancelled):
                view.problem = describe(error)

        self._workers[lane].submit(Job(run, lambda _: None, failed, channel=channel))

    def _ask(self, _change: object) -> None:
        wish = Wish(self.layer, self.unit, self.n_facets, self.synthesis)
        self._soon("find", "find", lambda view, job: view._find(wish, job))

    def _find(self, wish: Wish, job: Job) -> None:
        self._say("" if wish == self._wish else "Looking for facets …")
        if wish == self._wish:
            return
        try:
            found = self._finder.find(wish, self.facets, self._wish)
        except BaseException as error:
            self._failure = error
            raise
        finally:
            self.busy = ""
        if job.cancelled and (wish.layer, wish.unit) != (self._wish.layer, self._wish.unit):
            found.stop()  # another unit is wanted now; of the same one every number shows as the slider passes it
            return
        self.facets.stop()
        self._show(found, wish)

    def _say(self, busy: str) -> None:
        with self._lock, self.hold_sync():
            self._failure, self.busy, self.problem = None, busy, ""

    def _show(self, facets: Facets, wish: Wish | None = None) -> None:
        jpeg, layout = contact_sheet(facets.mean_images)
        with self._lock:
            self._end_of_news()
            self._failure, self._serial = None, self._serial + 1
            self.facets, self._run = facets, facets.visualizations
            self._wish = wish_for(facets) if wish is None else wish
            with self.hold_sync():
                self.shown = facet_facts(facets, serial=self._serial)
                for name, data in point_bytes(facets).items():
                    self.set_trait(name, data)
                self.means, self.mean_tiles, self.quality = jpeg, {**layout, "serial": self._serial}, {}
                self._listen(self._run)
        if self._run is None:
            self.refresh_snapshot()

    def _listen(self, run: Forming | None) -> None:
        self._feed.forget()
        self._end_of_news = lambda: None
        if run is None:
            self.state, self.cards, self.sheet, self.tiles = "none", [], b"", {}
            return
        reference = weakref.ref(self)

        def changed() -> None:
            view = reference()
            if view is not None:
                view._soon("feed", "update", lambda view, _: view._update(run))

        self._end_of_news = run.on_change(changed)
        self._update(run)

    def _update(self, run: Forming | None) -> None:
        """Tell the view how far the synthesis is, if it is the one shown."""
        with self._lock:
            if run is None or run is not self._run:
                return
            changes = self._feed.changes(run)
            with self.hold_sync():
                for name, value in changes.traits.items():
                    self.set_trait(name, value)
            if changes.frame is not None:
                content, jpeg = changes.frame
                self.send(content, [jpeg])
            found, serial = self.facets, self._serial
        if changes.rested:
            self.refresh_snapshot()
            if run.state == "done" and found.judge is not None:
                self._soon("quality", "quality", lambda view, _: view._judge(found, serial))

    def _judge(self, found: Facets, serial: int) -> None:
        """Have the synthesized images judged, and as many from random starts, which takes as long as they did."""
        self._tell_quality({"state": "running", "words": "Another network looks at the images …"}, serial)
        try:
            facts = quality_facts(found.quality, serial=serial)
        except Exception as error:
            facts = {"state": "failed", "words": f"Not judged: {describe(error)}"}
        self._tell_quality(facts, serial)

    def _tell_quality(self, facts: dict, serial: int) -> None:
        with self._lock:
            if serial == self._serial:
                self.quality = {**facts, "serial": serial}

    def _on_message(self, _widget: object, content: dict, _buffers: list) -> None:
        kind = content.get("kind")
        if kind == "ready":
            self._feed.answer(content.get("serial"))
        elif kind == "stop":
            self._soon("feed", "stop", lambda view, _: view.facets.stop())
        elif kind == "resume":
            self._soon("feed", "resume", lambda view, _: view._resume(content.get("steps")))

    def _resume(self, steps: int | None) -> None:
        if self._run is not None:
            self._run.resume(steps)

    def draw(self) -> tuple[Image.Image, str]:
        """The map of the images by facet, and each facet's mean image, synthesized image and exemplars."""
        return drawn(self.facets, self._run, self.source), alt_text(self.facets)

    def resources(self) -> Iterable[Key]:
        """Names, columns and thumbnails; the facets are in the state."""
        yield from self.source.item_keys()

    def __repr__(self) -> str:
        found, n = self.facets, self.facets.n_facets
        images = len(found.indices)
        return f"FacetView({n} facet{'s' * (n != 1)} of {found.title}, {images} image{'s' * (images != 1)})"
