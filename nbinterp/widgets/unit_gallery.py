"""Optimized images as they form, each beside the images that activate its unit most."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
import traitlets as t
from PIL import Image

from nbinterp.analyses import Recording, Visualizations
from nbinterp.analyses.maximize.files import file_names
from nbinterp.jobs import Cancelled, Job, Worker
from nbinterp.render import snapshot, visualizations
from nbinterp.render.drawing import shortened
from nbinterp.widgets.catalog import Key, describe
from nbinterp.widgets.gallery_cards import Forming, cards_of, finding, groups_of, lines_of
from nbinterp.widgets.gallery_feed import Feed
from nbinterp.widgets.gallery_requests import RunRequest
from nbinterp.widgets.gallery_runs import Runner, runner_of
from nbinterp.widgets.selection import Selection
from nbinterp.widgets.static import bundle
from nbinterp.widgets.view import View

N_DRAWN, N_EXEMPLARS = 12, 5  # groups in the static picture, and exemplars of each
N_SHEET = 40  # images in the static picture without exemplars


class UnitGallery(View):
    """Grid of optimized images as they form, with their scores and, from a recording, their units' exemplars.

    Args:
        visualizations: what `maximize` returned; `.visualizations` is what is shown now (Run puts a new one there).
        recording: whose images are shown beside, and counted in the percentiles; default: the run's own, if any.
        selection: a `Selection` to share with other views.
        sort_by: `"newest"`, `"unit"`, `"activation"` or `"percentile"`.
        height: of the cards, in CSS pixels.
        runner: what the controls can start; default: `maximize` with the network and the settings of the run.
    """

    _esm = bundle("unit_gallery.js")
    _css = bundle("unit_gallery.css")

    cards = t.List(t.Dict()).tag(sync=True)  # Python -> view: one an image, see `cards_of`
    sheet = t.Bytes(b"").tag(sync=True)  # Python -> view: JPEG of all images
    tiles = t.Dict().tag(sync=True)  # Python -> view: how they lie on it
    state = t.Unicode("waiting").tag(sync=True)  # Python -> view
    progress = t.Dict().tag(sync=True)  # Python -> view
    choices = t.Dict().tag(sync=True)  # Python -> view: layers, recipes, defaults
    can_run = t.Bool(False).tag(sync=True)  # Python -> view
    height = t.Int(720).tag(sync=True)  # Python -> view
    show_exemplars = t.Bool(True).tag(sync=True)  # both ways
    sort_by = t.Enum(("newest", "unit", "activation", "percentile"), "newest").tag(sync=True)  # both ways

    _end_of_news: Callable[[], None] = staticmethod(lambda: None)  # ipywidgets also closes what could not be made

    def __init__(
        self,
        visualizations: Forming,
        *,
        recording: Recording | None = None,
        selection: Selection | None = None,
        sort_by: str = "newest",
        height: int = 720,
        runner: Runner | None = None,
    ) -> None:
        runner = runner_of(visualizations) if runner is None else runner
        if recording is None and isinstance(visualizations, Visualizations):
            recording = visualizations.recording
        super().__init__(recording, selection=selection, sort_by=sort_by, height=height, can_run=runner is not None)
        self._runner, self._feed, self._worker = runner, Feed(), Worker("gallery")
        self.on_msg(self._on_message)
        self._show(visualizations)
        if runner is not None:
            self._soon(lambda: self.set_trait("choices", runner.choices()))

    def wait(self) -> UnitGallery:
        """Block until the images are finished, then renew the static picture; Ctrl-C stops the run."""
        try:
            self.visualizations.wait()
        finally:
            self._worker.call(lambda _: self._update())
            self.refresh_snapshot()
        return self

    def close(self) -> None:
        """Close the widget; the run itself goes on."""
        self._end_of_news()
        super().close()

    def _show(self, run: Forming) -> None:
        self._end_of_news()
        self.visualizations = run
        self._feed.forget()
        gallery = weakref.ref(self)

        def changed() -> None:
            shown = gallery()
            if shown is not None and shown.visualizations is run:
                shown._soon(shown._update, channel="update")

        self._end_of_news = run.on_change(changed)
        self._update()

    def _soon(self, work: Callable[[], object], channel: str | None = None, asked: object = None) -> None:
        """Work that takes time goes to the gallery's own thread; what fails is said in the view."""
        gallery = weakref.ref(self)

        def failed(error: BaseException) -> None:
            shown = gallery()
            if shown is not None and not isinstance(error, Cancelled):
                shown.send({"kind": "error", "id": asked, "text": describe(error)})

        self._worker.submit(Job(lambda _: work(), lambda _: None, failed, channel=channel))

    def _update(self) -> None:
        changes = self._feed.changes(self.visualizations)
        with self.hold_sync():
            for name, value in changes.traits.items():
                self.set_trait(name, value)
        if changes.frame is not None:
            content, jpeg = changes.frame
            self.send(content, [jpeg])
        if changes.rested:
            self.refresh_snapshot()

    def _on_message(self, _widget: object, content: dict, _buffers: list) -> None:
        kind = content.get("kind")
        if kind == "ready":
            self._feed.answer(content.get("serial"))
        elif kind == "run":
            self._soon(lambda: self._run(content))
        elif kind == "stop":
            self._soon(self.visualizations.stop)
        elif kind == "resume":
            self._soon(lambda: self.visualizations.resume(content.get("steps")))
        elif kind == "png":
            self._soon(lambda: self._send_png(content), asked=content.get("id"))

    def _run(self, content: Mapping[str, Any]) -> None:
        """Start what the controls say; what runs now is stopped only when the new run is accepted."""
        if self._runner is None:
            raise ValueError("this result does not know how to make others: call nbinterp.maximize to make images")
        fresh = self._runner.start(RunRequest.checked(content, self._runner.choices()["layers"]))
        self.visualizations.stop()
        self._show(fresh)

    def _send_png(self, content: Mapping[str, Any]) -> None:
        names, which = file_names([card["title"] for card in self.cards]), content.get("index")
        images = self.visualizations.preview().images
        if which == "all":
            files = {name: visualizations.png(image) for name, image in zip(names, images, strict=True)}
            name, data, kind = "images.zip", visualizations.zipped(files), "application/zip"
        else:
            name, data, kind = names[int(which or 0)], visualizations.png(images[int(which or 0)]), "image/png"
        self.send({"kind": "png", "id": content.get("id"), "name": name, "type": kind}, [data])

    def draw(self) -> tuple[Image.Image, str]:
        """The images with what they reached, and their units' exemplars."""
        run = self.visualizations
        moment = run.preview()
        cards, pixels = cards_of(run.facts(), moment.status), visualizations.pixels(moment.images)
        n_recorded = 0 if self._recording is None else len(self._recording.names)
        alt = finding(cards, run.state, n_recorded)
        heading = f"{len(cards)} optimized image{'s' * (len(cards) != 1)}, {run.step:,} of {run.steps:,} steps"
        if run.state != "done":
            heading += (f", batch {run.batch + 1} of {run.batches}" if run.batches > 1 else "") + f" ({run.state})"
        if any(self._exemplars(card)[0] for card in cards[:1]) or len(cards) <= N_DRAWN:
            blocks = [self._block(group, cards, pixels, n_recorded) for group in groups_of(cards)[:N_DRAWN]]
            return visualizations.gallery(blocks, title=heading), alt
        captions = [f"{card['title']} · {lines_of(card, n_recorded)[0]}" for card in cards[:N_SHEET]]
        return snapshot.image_sheet(list(pixels[:N_SHEET]), captions, 8, 96, title=heading), alt

    def _block(self, group: list[int], cards: list[dict], pixels: np.ndarray, n_recorded: int) -> dict[str, Any]:
        exemplars, masks = self._exemplars(cards[group[0]])
        best = max(group, key=lambda i: cards[i]["activation"] or 0)
        return {
            "name": cards[group[0]]["title"],
            "lines": lines_of(cards[best], n_recorded),
            "images": list(pixels[group[:4]]),
            "exemplars": exemplars,
            "masks": masks,
        }

    def _exemplars(self, card: Mapping[str, Any]) -> tuple[list[np.ndarray], list[np.ndarray] | None]:
        """The images that activate the card's unit most, and their masks; none if they were not recorded."""
        if self._recording is None:
            return [], None
        return self.source.exemplars(card["layer"], card["unit"], N_EXEMPLARS)

    def resources(self) -> Iterable[Key]:
        """The tables of the units shown, names and thumbnails of their exemplars; the images are in the state."""
        recording = self._recording
        if recording is None:
            return
        for layer in dict.fromkeys(card["layer"] for card in self.cards):
            if layer in recording.layers:
                yield from self.source.unit_keys(layer)
        yield from self.source.item_keys()

    def __repr__(self) -> str:
        titles, n = dict.fromkeys(card["title"] for card in self.cards), len(self.cards)
        return f"UnitGallery({n} image{'s' * (n != 1)} of {shortened(', '.join(titles), 300, 12)})"
