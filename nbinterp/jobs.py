"""Work beside the notebook: the only place that owns threads.

A comm handler may only enqueue: long work inside it would block the kernel's messages, and the Stop
button with them. A `Worker` runs its jobs one after the other on one daemon thread; jobs of one
*channel* replace each other, so that a slider never builds a backlog. Errors never vanish: a job
that raises reports its error through `failed`.
"""

from __future__ import annotations

import logging
import threading
import weakref
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

log = logging.getLogger(__name__)

IDLE_SECONDS = 5.0  # a thread with nothing to do ends; the next job starts a new one


class Cancelled(Exception):
    """The job was stopped, or a newer one of its channel took its place."""


@dataclass(eq=False)
class Job:
    """One piece of work: `work(job)` computes, then `done(result)` or `failed(error)` is called, on the worker."""

    work: Callable[[Job], object]
    done: Callable[[object], None]
    failed: Callable[[BaseException], None]
    channel: str | None = None
    _stop: threading.Event = field(default_factory=threading.Event)

    def cancel(self) -> None:
        """Ask the job to end; it does so at its next `check`."""
        self._stop.set()

    @property
    def cancelled(self) -> bool:
        return self._stop.is_set()

    def check(self) -> None:
        """Raise `Cancelled` if the job was asked to end: call it between the steps of long work."""
        if self.cancelled:
            raise Cancelled("stopped")

    def run(self) -> None:
        """Compute and report; never raises. A result that cannot be reported is a failure too."""
        try:
            self.check()
            result = self.work(self)
            self.check()
            self.done(result)
        except BaseException as error:
            try:
                self.failed(error)
            except Exception:
                log.exception("the failure of a job could not be reported")


class Worker:
    """Runs jobs in the order given, on one daemon thread that exists only while there is work."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._waiting: deque[Job] = deque()
        self._running: Job | None = None
        self._thread: threading.Thread | None = None
        self._changed = threading.Condition()

    def submit(self, job: Job) -> Job:
        """Enqueue `job`; waiting or running jobs of the same channel are cancelled."""
        with self._changed:
            if job.channel is not None:
                for other in (*self._waiting, self._running):
                    if other is not None and other.channel == job.channel:
                        other.cancel()
            self._waiting.append(job)
            if self._thread is None:
                self._thread = threading.Thread(target=self._loop, name=f"nbinterp-{self.name}", daemon=True)
                self._thread.start()
            self._changed.notify_all()
        return job

    def call(self, work: Callable[[Job], object]) -> object:
        """Run `work` on the worker, behind what waits there, and return its result; Ctrl-C cancels it."""
        finished = threading.Event()
        outcome: list[object] = []

        def settle(result: object) -> None:
            outcome.append(result)
            finished.set()

        job = self.submit(Job(work, settle, settle))
        try:
            while not finished.wait(0.1):  # a wait without a limit could not be interrupted on every platform
                pass
        except KeyboardInterrupt:
            job.cancel()
            raise
        if isinstance(outcome[0], BaseException):
            raise outcome[0]
        return outcome[0]

    def _loop(self) -> None:
        while (job := self._next()) is not None:
            job.run()
            del job  # and what it works on: this thread may wait a while for the next one
            with self._changed:
                self._running = None

    def _next(self) -> Job | None:
        with self._changed:
            if not self._changed.wait_for(lambda: self._waiting, timeout=IDLE_SECONDS):
                self._thread = None
                return None
            self._running = self._waiting.popleft()
            return self._running


_workers: weakref.WeakKeyDictionary[object, dict[str, Worker]] = weakref.WeakKeyDictionary()
_workers_lock = threading.Lock()


def worker_of(owner: object, lane: str) -> Worker:
    """The worker of `owner` (a model, a probe set, a recording) for one kind of work, made when first asked for."""
    with _workers_lock:
        lanes = _workers.setdefault(owner, {})
        if lane not in lanes:
            lanes[lane] = Worker(f"{type(owner).__name__}-{lane}")
        return lanes[lane]
