"""What the catalog of a view without a recording shows: nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from nbinterp.jobs import Job, Worker, worker_of
from nbinterp.widgets.catalog import Answer, Key


class NoRecording:
    """A source without images and layers; it answers every request with what is missing."""

    n_items = 0
    columns: list[dict] = []
    layers: list[dict] = []
    thumb = {"tile": 1, "per_page": 1, "columns": 1, "missing": "No pictures: there is no recording."}

    def answer(self, key: Key, indices: Sequence[int], job: Job, report: Callable[[str, float | None], None]) -> Answer:
        """Refuse; see `Source.answer`."""
        raise LookupError("this view was made without a recording")

    def worker(self, key: Key) -> Worker:
        """A thread of its own."""
        return worker_of(self, "data")
