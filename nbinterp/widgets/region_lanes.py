"""The threads of a region view: one for each kind of work, and what can be stopped on them."""

from __future__ import annotations

from collections.abc import Callable

from nbinterp.jobs import Cancelled, Job, Worker
from nbinterp.widgets.catalog import describe


class Lanes:
    """Work that takes time, on threads of its own; the newest of a channel wins.

    Args:
        names: of the lanes; work on one lane is done one after the other.
    """

    def __init__(self, *names: str) -> None:
        self._workers = {name: Worker(f"region-{name}") for name in names}
        self._latest: dict[str, Job] = {}

    def soon(self, lane: str, channel: str, work: Callable[[Job], object], failed: Callable[[str], None]) -> None:
        """Do some work as soon as the lane is free; `failed` is told what went wrong, but not that it was stopped."""

        def report(error: BaseException) -> None:
            if not isinstance(error, Cancelled):
                failed(describe(error))

        self._latest[channel] = self._workers[lane].submit(Job(work, lambda _: None, report, channel=channel))

    def stop(self, channel: str) -> None:
        """Ask the latest work of a channel to end."""
        if channel in self._latest:
            self._latest[channel].cancel()

    def settle(self, *names: str) -> None:
        """Block until what waits on some lanes is done; without names, on all."""
        for name in names or self._workers:
            self._workers[name].call(lambda _: None)
