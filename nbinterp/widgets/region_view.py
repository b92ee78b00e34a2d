"""The relaxed decision region of an image: its rule, its members, and whether it is more than chance."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Any

import traitlets
from PIL import Image

from nbinterp.analyses import Recording
from nbinterp.analyses.regions import Region
from nbinterp.jobs import Cancelled, Job
from nbinterp.render.regions import jpeg
from nbinterp.render.snapshot import message
from nbinterp.widgets.catalog import Key, describe
from nbinterp.widgets.region_facts import PANELS, evidence_facts, finding, layer_choices, region_facts, state_bits
from nbinterp.widgets.region_finder import Finder, Wish
from nbinterp.widgets.region_lanes import Lanes
from nbinterp.widgets.region_panels import panel
from nbinterp.widgets.region_picture import anchor_pixels, drawn
from nbinterp.widgets.selection import Selection
from nbinterp.widgets.static import bundle
from nbinterp.widgets.view import View, checked_layer

ASKED = ("anchor", "layer", "k", "t", "tolerance", "among")  # a change of one of these asks for another region
EMPTY = "No image yet: click one in a linked view, or set .anchor to its number."


class RegionView(View):
    """A region that follows what is clicked: its rule, which can be edited, its members, and the verdict.

    Args:
        recording: what `record` returned, best with codes.
        image: the anchor: a number or name, or an image from outside; None: wait for a click in a linked view.
        region: what `nbi.regions` returned, instead of image, layer and settings.
        layer: where the states are taken; default: the last one recorded.
        selection: a `Selection` to share with other views.
        k, t, tolerance, among, reduce, quantile, n_null, seed: as for `nbi.regions`.
        follow: whether an image selected by itself becomes the anchor, and the members are selected then.
        height: of the members and panels, in CSS pixels.

    `.region` is the region shown. The verdict on it and the panels are computed beside the notebook: see `wait`.
    """

    _esm = bundle("region_view.js")
    _css = bundle("region_view.css")

    anchor = traitlets.Int(-1).tag(sync=True)  # both ways: number of the image; −1: none, or one from outside
    layer = traitlets.Unicode().tag(sync=True)  # both ways
    k = traitlets.Int(8).tag(sync=True)  # both ways
    t = traitlets.Int(10).tag(sync=True)  # both ways
    tolerance = traitlets.Int(0).tag(sync=True)  # both ways
    among = traitlets.Enum(("all", "prediction", "label", "chosen"), "all").tag(sync=True)  # both ways
    follow = traitlets.Bool(True).tag(sync=True)  # both ways
    tab = traitlets.Enum(("members", *PANELS), "members").tag(sync=True)  # both ways
    layers = traitlets.List(traitlets.Dict()).tag(sync=True)  # Python -> view: names, reasons why not
    shown = traitlets.Dict().tag(sync=True)  # Python -> view: see `region_facts`; {} = no region
    columns = traitlets.Bytes(b"").tag(sync=True)  # Python -> view: packed states of each literal's neuron
    reference = traitlets.Bytes(b"").tag(sync=True)  # Python -> view: packed, which images are the reference
    evidence = traitlets.Dict().tag(sync=True)  # Python -> view: see `evidence_facts`; {} = not yet
    judging = traitlets.Dict().tag(sync=True)  # Python -> view: serial, state (running, stopped), text; {}: at rest
    panels = traitlets.Dict().tag(sync=True)  # Python -> view: by name, what was computed or is under way
    problem = traitlets.Unicode().tag(sync=True)  # Python -> view: why there is not the region asked for
    picture = traitlets.Bytes(b"").tag(sync=True)  # Python -> view: JPEG of the anchor
    height = traitlets.Int(600).tag(sync=True)  # Python -> view

    def __init__(
        self,
        recording: Recording,
        image: Any = None,
        *,
        region: Region | None = None,
        layer: str | None = None,
        selection: Selection | None = None,
        k: int = 8,
        t: int = 10,
        tolerance: int = 0,
        among: Any = "all",
        reduce: str = "none",
        quantile: float | None = None,
        n_null: int = 200,
        seed: int = 0,
        follow: bool = True,
        height: int = 600,
    ) -> None:
        how = {"reduce": reduce, "quantile": quantile, "n_null": n_null, "seed": seed, "progress": False}
        if region is not None and (image is not None or layer is not None):
            raise ValueError("give an image or a region, not both: a region has its image and layer")
        if region is not None:
            finder, wish = Finder.of(region, recording, **how)
        else:
            named = among if isinstance(among, str) else "chosen"
            finder = Finder(recording, how, chosen=among)
            wish = Wish(-1, checked_layer(recording, layer), k, t, tolerance, named)
            if image is not None:
                finder, region = finder.first(image, wish)
        super().__init__(
            recording,
            selection=selection,
            **{**vars(wish), "anchor": -1 if region is None or region.anchor is None else region.anchor},
            follow=follow,
            height=height,
            layers=layer_choices(recording, finder.how["reduce"]),
        )
        self._finder, self._region, self._serial = finder, region, 0
        self._failure: BaseException | None = None
        self._lock = threading.Lock()  # of what the workers change together
        self._lanes = Lanes("region", "verdict", "panels")
        if region is not None:
            self._show(region, self._wish())
        self.observe(self._ask, list(ASKED))
        self.on_msg(self._on_message)

    @property
    def region(self) -> Region:
        """The region shown; `LookupError` if there is none yet."""
        if self._region is None:
            raise LookupError(EMPTY)
        return self._region

    def wait(self) -> RegionView:
        """Block until the region asked for, its verdict and the panels asked for are there; renew the static picture.

        If there is no such region, the error is raised here.
        """
        self._lanes.settle()
        if self._failure is not None:
            raise self._failure
        self.refresh_snapshot()
        return self

    def settle(self) -> None:
        """Wait for the region asked for and its verdict, which belong into a saved page."""
        self._lanes.settle("region", "verdict")

    def compute(self, *names: str) -> RegionView:
        """Compute panels ("layers", "neighbours", "mistake", "subclasses") and wait: then a saved page has them too."""
        self._lanes.settle("region")
        for name in names:
            self._open(name)
        return self.wait()

    def _wish(self) -> Wish:
        return Wish(self.anchor, self.layer, self.k, self.t, self.tolerance, self.among)

    def _ask(self, _change: object) -> None:
        wish = self._wish()
        if wish.anchor < 0 and self._finder.outside is None and self._region is None:
            return  # the controls are set before the first click

        def find(job: Job) -> None:
            try:
                region = self._finder.find(wish)
            except Exception as error:
                self._failure = error
                raise
            job.check()
            self._show(region, wish)

        self._lanes.soon("region", "region", find, self._say)

    def _say(self, problem: str) -> None:
        self.problem = problem

    def _show(self, region: Region, wish: Wish) -> None:
        subject = self._finder.subject(region, wish)
        columns, reference = state_bits(region)
        pixels = anchor_pixels(region, self._finder)
        picture = b"" if pixels is None else jpeg(pixels)
        with self._lock, self.hold_sync():
            self._region, self._subject, self._failure, self._serial = region, subject, None, self._serial + 1
            serial = self._serial
            self.shown = region_facts(region, self.recording, among=wish.among, serial=serial)
            self.columns, self.reference, self.problem = columns, reference, ""
            self.evidence, self.judging = {}, {}
            self.picture = picture
            self.panels = {name: one for name, one in self.panels.items() if one["key"] == subject.key(name)}
        self._lanes.soon("verdict", "verdict", lambda job: self._judge(region, serial, job), self._say)

    def _judge(self, region: Region, serial: int, job: Job) -> None:
        """Compute the verdict; what takes long is said, and goes on where it was stopped if it is asked for again."""

        def say(state: str, text: str) -> None:
            with self._lock:
                if serial == self._serial:
                    self.judging = {"serial": serial, "state": state, "text": text}

        def watch(text: str) -> bool:
            say("running", text)
            return job.cancelled

        try:
            facts = evidence_facts(region, region.weigh(watch), serial=serial)
        except Cancelled:
            say("stopped", "the comparison with chance was stopped")
            return
        with self._lock, self.hold_sync():
            if serial == self._serial:
                self.evidence, self.judging = facts, {}
        if serial == 1:
            self.refresh_snapshot()

    def _on_message(self, _widget: object, content: dict, _buffers: list) -> None:
        kind, name = content.get("kind"), str(content.get("name"))
        if kind == "panel":
            try:
                self._open(name)
            except LookupError as error:
                self._say(describe(error))
        elif kind == "stop":
            self._lanes.stop(name if name == "verdict" else f"panel-{name}")
        elif kind == "judge" and self._region is not None and not self.evidence:
            region, serial = self._region, self._serial
            self._lanes.soon("verdict", "verdict", lambda job: self._judge(region, serial, job), self._say)

    def _open(self, name: str) -> None:
        if name not in PANELS:
            raise LookupError(f"no panel {name!r}; there are {', '.join(map(repr, PANELS))}")
        if self._region is None:
            raise LookupError(EMPTY)
        subject = self._subject
        known = self.panels.get(name)
        if known is not None and known["key"] == subject.key(name) and known["state"] in ("running", "done"):
            return

        def put(state: str, text: str = "", **facts: Any) -> None:
            with self._lock:
                if self._subject.key(name) == subject.key(name):
                    self.panels = {
                        **self.panels,
                        name: {"key": subject.key(name), "state": state, "text": text, **facts},
                    }

        def compute(job: Job) -> None:
            try:
                found = panel(name, subject, job, lambda text: put("running", text))
            except Cancelled:
                put("stopped", "Stopped before there was anything to show.")
                return
            put(*(("stopped", "Stopped: this is what there was by then.") if job.cancelled else ("done", "")), **found)

        put("running")
        self._lanes.soon("panels", f"panel-{name}", compute, lambda problem: put("failed", problem))

    def draw(self) -> tuple[Image.Image, str]:
        """The anchor, the verdict with its null lifts, the rule with exemplars of its units, and the first members."""
        if self._region is None:
            return message(EMPTY), EMPTY
        judged = bool(self.evidence)
        evidence = self._region.evidence if judged else None
        return drawn(self._region, evidence, self._finder, self.source), finding(self._region, judged)

    def resources(self) -> Iterable[Key]:
        """Names, columns and thumbnails, and the table of the layer's units; the region is in the state."""
        yield from self.source.item_keys()
        if self._region is not None:
            yield from self.source.unit_keys(self._region.layer)
