"""Ranks the units beside the notebook, and says how far it is."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from nbinterp.analyses import Ablation
from nbinterp.jobs import Cancelled, Job, Worker
from nbinterp.widgets.ablation_facts import ranking_bytes
from nbinterp.widgets.catalog import describe

EVERY = 0.2  # seconds between two reports
UNRANKED = {"state": "none", "text": "", "fraction": None, "k": 0}

Put = Callable[[dict[str, Any]], None]


class Ranker:
    """Ranks a layer's units for all classes, once for every value that they are set to.

    Args:
        ablation: whose units.
        put: takes traits by name: `ranking`, and `ranked` and `drops` when it is done.
    """

    def __init__(self, ablation: Ablation, put: Put) -> None:
        self._ablation, self._put = ablation, put
        self._worker = Worker("ablation-ranking")
        self._job: Job | None = None

    def start(self, value: Any) -> None:
        """Rank the units when each is set to `value` (0 or "mean"); what is ranked already is there at once."""

        def work(job: Job) -> None:
            self._rank(value, job.check)

        def failed(error: BaseException) -> None:
            stopped = isinstance(error, Cancelled)
            text = "" if stopped else f"Not ranked: {describe(error)}"
            self._put({"ranking": {**UNRANKED, "state": "none" if stopped else "failed", "text": text}})

        self._put({"ranking": {**UNRANKED, "state": "running", "text": "Ranking the units …"}})
        self._job = self._worker.submit(Job(work, lambda _: None, failed, channel="ranking"))

    def stop(self) -> None:
        """End the ranking; nothing is kept of it."""
        if self._job is not None:
            self._job.cancel()

    def wait(self) -> None:
        """Block until nothing is being ranked."""
        self._worker.call(lambda _: None)

    def rank(self, value: Any, *, progress: bool) -> None:
        """Rank the units now, in this thread."""
        self._rank(value, lambda: None, progress=progress)

    def _rank(self, value: Any, check: Callable[[], None], *, progress: bool = False) -> None:
        told = time.monotonic()

        def report(done: int, of: int) -> None:
            nonlocal told
            if time.monotonic() - told > EVERY:
                told = time.monotonic()
                text = f"Ranking the units: {100 * done // of} %"
                self._put({"ranking": {"state": "running", "text": text, "fraction": done / of, "k": 0}})

        self._ablation.ranking(None, value, check=check, report=report, progress=progress)
        k, ranked, drops = ranking_bytes(self._ablation, value)
        check()
        text = f"{'mean' if value == 'mean' else 'zero'}"
        self._put(
            {"ranking": {"state": "done", "text": text, "fraction": 1.0, "k": k}, "ranked": ranked, "drops": drops}
        )
