"""What of a run crosses to the browser, and when: little while it forms, everything when it rests."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from nbinterp.analyses.maximize.board import ENDED
from nbinterp.render.visualizations import contact_sheet
from nbinterp.widgets.gallery_cards import Forming, cards_of

FRAME_SECONDS = 1 / 30
SHEET_SECONDS = 2.0
UNHEARD_SECONDS = 1.0  # a kernel that runs a cell may not hear the view's answers: frames go on, slowly
IN_FLIGHT = 4  # frames sent and not yet answered: the way to the browser and back takes longer than a frame
FRAME_QUALITY, FRAME_BYTES = 82, 600_000


@dataclass(frozen=True)
class Changes:
    """What the view does not know yet.

    Attributes:
        traits: values by name.
        frame: a message and a JPEG: the images that are forming, or None.
        rested: whether the run has come to an end since the last time.
    """

    traits: dict[str, Any]
    frame: tuple[dict[str, Any], bytes] | None = None
    rested: bool = False


@dataclass
class Feed:
    """Remembers what the view was told.

    Sheets and frames carry one rising `serial`: for every image the latest picture holds.
    """

    clock: Callable[[], float] = time.monotonic
    serial: int = 0
    answered: int = 0
    _known: tuple = ()
    _batch: tuple = ()
    _frame_at: float = field(default=float("-inf"))
    _sheet_at: float = field(default=float("-inf"))

    def forget(self) -> None:
        """Another run is shown now: the view knows nothing of it."""
        self._known = self._batch = ()
        self._sheet_at = float("-inf")

    def answer(self, serial: int | None) -> None:
        """The view has drawn a frame; None: a view has just opened."""
        self.answered = self.serial if serial is None else max(self.answered, serial)

    def changes(self, run: Forming) -> Changes:
        """What to tell the view now."""
        state, now = run.state, self.clock()
        moment = run.preview(run.forming)
        known = (state, run.batch, run.steps, run.message, *moment.status)
        traits: dict[str, Any] = {"state": state, "progress": progress_of(run)}
        fresh = known != self._known
        self._known = known
        if fresh or state in ENDED:
            cards = cards_of(run.facts(), run.preview().status)
            traits["cards"] = cards
            if self._sheet_due(state, run, fresh, now):
                traits |= self._sheet(run, now)
            return Changes(traits, rested=fresh and state in ENDED)
        if state == "running" and run.step > 0 and self._frame_due(now):
            return Changes(traits, self._frame(run, moment, now))
        return Changes(traits)

    def _sheet_due(self, state: str, run: Forming, fresh: bool, now: float) -> bool:
        if state in ENDED:
            return fresh
        finished = (run.batch, run.batches)
        if finished == self._batch or now - self._sheet_at < SHEET_SECONDS:
            return False
        self._batch = finished
        return True

    def _sheet(self, run: Forming, now: float) -> dict[str, Any]:
        moment = run.preview()
        if all(status == "waiting" for status in moment.status):
            return {"sheet": b"", "tiles": {}}
        jpeg, layout = contact_sheet(moment.images)
        self.serial += 1
        self._sheet_at = now
        return {"sheet": jpeg, "tiles": {**layout, "serial": self.serial}}

    def _frame_due(self, now: float) -> bool:
        heard = self.serial - self.answered < IN_FLIGHT
        return now - self._frame_at >= (FRAME_SECONDS if heard else UNHEARD_SECONDS)

    def _frame(self, run: Forming, moment: Any, now: float) -> tuple[dict[str, Any], bytes]:
        jpeg, layout = contact_sheet(moment.images, quality=FRAME_QUALITY, max_bytes=FRAME_BYTES)
        self.serial += 1
        self._frame_at = now
        first = range(len(run))[run.forming].start
        return {"kind": "frame", "first": first, "step": run.step, "serial": self.serial, **layout}, jpeg


def progress_of(run: Forming) -> dict[str, Any]:
    """How far a run is, and what was last said about it."""
    text = run.message
    if run.state == "failed" and run.error is not None:
        text = f"{type(run.error).__name__}: {' '.join(str(run.error).split())}"
    numbers = {"step": run.step, "steps": run.steps, "batch": run.batch, "batches": run.batches}
    return {**numbers, "text": text, "can_resume": run.can_resume}
