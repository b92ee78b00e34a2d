"""Runs what the sliders ask for: the newest edit wins, and every edit that is begun gives its first answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol, runtime_checkable

from nbinterp.analyses.ablation import Effect
from nbinterp.jobs import Cancelled, Job, Worker
from nbinterp.widgets.ablation_edit import Edit


@runtime_checkable
class Effects(Protocol):
    """Gives the effects of an edit on more and more images; `check` may raise between them to end the work."""

    def __call__(self, edit: Edit, check: Callable[[], None]) -> Iterator[Effect]: ...


class Runner:
    """One thread that answers one edit at a time.

    An edit that waits is dropped when a newer one comes; the one at work is ended too, but only after its first
    answer: a hand that never rests sees the panel move all the same, and nothing queues up behind it.

    Args:
        effects: computes.
        show: takes an edit and an effect of it, on the thread.
        failed: takes what went wrong, on the thread.
    """

    def __init__(
        self, effects: Effects, show: Callable[[Edit, Effect], None], failed: Callable[[BaseException], None]
    ) -> None:
        self._effects, self._show, self._failed = effects, show, failed
        self._worker = Worker("ablation")
        self._closed = False

    def ask(self, edit: Edit) -> None:
        """Compute the effect of an edit, instead of all that were asked for before."""

        def work(job: Job) -> None:
            shown = False

            def check() -> None:
                if self._closed or shown:
                    job.check()

            for effect in self._effects(edit, check):
                self._show(edit, effect)
                shown = True

        def failed(error: BaseException) -> None:
            if not isinstance(error, Cancelled):
                self._failed(error)

        self._worker.submit(Job(work, lambda _: None, failed, channel="effect"))

    def wait(self) -> None:
        """Block until the newest edit is answered completely; Ctrl-C ends the wait, not the work."""
        self._worker.call(lambda _: None)

    def close(self) -> None:
        """End the work at hand at its next step."""
        self._closed = True
        self._worker.submit(Job(lambda _: None, lambda _: None, lambda _: None, channel="effect"))
