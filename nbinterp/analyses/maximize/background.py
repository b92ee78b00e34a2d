"""A run that goes on in the background: its state, waiting for it, stopping and resuming it."""

from __future__ import annotations

import atexit
import threading
import time
from collections.abc import Callable
from functools import cache
from types import TracebackType
from typing import Protocol, Self

import numpy as np

from nbinterp.jobs import Cancelled, Job, Worker

from ..progress import Progress
from .board import ENDED, Board, Preview, Scores, State

SECONDS_TO_EXIT = 30.0  # for the step under way, when the process ends


class Run(Protocol):
    """What computes: it goes on from where it was each time it is called."""

    def __call__(self, board: Board, stopped: Callable[[], bool]) -> None:
        """Go on until all steps are made or `stopped()` says so; leave scores of what there is on the board."""


class BackgroundRun:
    """A run on a worker, seen from outside.

    Args:
        board: where the run writes.
        subject: what it makes, for messages.
        run: what computes; None for a result without one.
        worker: where it runs.
    """

    def __init__(self, board: Board, subject: str, run: Run | None, worker: Worker | None) -> None:
        self._board = board
        self._subject = subject
        self._run = run
        self._worker = worker
        self._job: Job | None = None
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None  # the worker's, while it runs this
        self._traceback: TracebackType | None = None  # of what it failed with

    @property
    def state(self) -> State:
        """ "waiting" (behind other runs of this network), "running", "stopped", "done" or "failed"."""
        return self._board.state

    @property
    def step(self) -> int:
        """How many steps the batch under way has made."""
        return self._board.step

    @property
    def steps(self) -> int:
        """How many steps each batch is to make."""
        return self._board.steps

    @property
    def batch(self) -> int:
        """Which batch is under way, from 0."""
        return self._board.batch

    @property
    def batches(self) -> int:
        """How many batches there are."""
        return len(self._board.batches)

    @property
    def forming(self) -> slice:
        """The images of the batch under way."""
        return self._board.forming

    @property
    def message(self) -> str:
        """What goes on before the first step, else what was last said (that memory was full, …), "" if nothing."""
        return self._board.doing or next(iter(self._board.messages[-1:]), "")

    @property
    def error(self) -> BaseException | None:
        """What a failed run failed with."""
        return self._board.error

    @property
    def can_resume(self) -> bool:
        """Whether `resume` can go on: not with a result that was loaded."""
        return self._run is not None

    def preview(self, rows: slice | None = None) -> Preview:
        """The images as they are now, finished or not; never waits.

        Args:
            rows: which of them, default all; `preview(v.forming)` are those of the batch under way.
        """
        return self._board.preview(slice(None) if rows is None else rows)

    def stop(self) -> Self:
        """End at the next step and keep what is there, with its scores; returns at once (`wait()` for the scores)."""
        self._stop.set()
        self._board.enter("stopped", only_from=("waiting",))
        return self

    def resume(self, steps: int | None = None) -> Self:
        """Go on where a run was stopped or failed, or make more steps after the last.

        Args:
            steps: how many more than were planned, for each image. A run that is done needs a number.

        Raises:
            RuntimeError: it is still running, or was loaded from a file.
            ValueError: `steps` is no positive number, or missing after the last step.
        """
        if steps is not None and (isinstance(steps, bool) or not isinstance(steps, int | np.integer) or steps < 1):
            raise ValueError(f"steps must be a whole number of at least 1, got {steps!r}")
        if steps is None and self.state == "done" and self.can_resume:
            raise ValueError(f"all {self.steps} steps are made: say how many more, resume(steps=…)")
        return self._start(int(steps or 0))

    def wait(self, progress: bool = True) -> Self:
        """Block until the run has ended.

        Ctrl-C stops the run and keeps what is there.

        Args:
            progress: show a bar.

        Raises:
            Exception: what the run failed with.
        """
        board = self._board
        with Progress(board.steps * self.batches, progress, doing="Optimizing", unit="step") as bar:
            try:
                self._follow(bar)
            except KeyboardInterrupt as interrupt:
                self.stop()
                self._await_end()
                interrupt.add_note("Stopped; what is there is kept, and resume() goes on from there.")
                raise
        self._scores()
        return self

    def on_change(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Have `callback()` called when images or state changed.

        It is called from the worker's thread, at most 30 times a second and at every change of state; it must be quick,
        and must not read what waits for the end.

        Returns:
            A function that ends this.
        """
        return self._board.subscribe(callback)

    def _start(self, more_steps: int = 0) -> Self:
        """Queue the run behind others of the same network: what makes a result calls this once."""
        board, run, worker = self._board, self._run, self._worker
        if run is None or worker is None:
            raise RuntimeError("this result was loaded from a file, without its network: call maximize again to go on")
        with board.changed:
            if self._job is not None and self.state not in ENDED:
                raise RuntimeError("it is still running: wait() for it, or stop() it first")
            board.steps += more_steps
            board.scores = board.scores.copy() if self._job is not None else board.scores  # what was read stays
            board.state, board.error = "waiting", None
            stop = self._stop = threading.Event()
            self._job = Job(lambda job: self._work(run, stop), lambda _: None, self._failed)
        _watch_exit()
        worker.submit(self._job)
        return self

    def _work(self, run: Run, stop: threading.Event) -> None:
        self._thread = threading.current_thread()
        _under_way.add(self)
        try:
            if stop.is_set() or not self._board.enter("running", only_from=("waiting",)):
                raise Cancelled("stopped before it began")
            run(self._board, stop.is_set)
        finally:
            self._thread = None
            _under_way.discard(self)
        complete = len(self._board.finished) == self.batches
        self._board.enter("done" if complete else "stopped")

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, Cancelled):
            return  # stop() has said so already
        error.add_note(f"(while optimizing images of {self._subject}, step {self.step + 1})")
        self._traceback = error.__traceback__
        self._board.enter("failed", error)

    def _scores(self) -> Scores:
        """The scores, at the end of the run."""
        if threading.current_thread() is self._thread:
            raise RuntimeError("a callback of on_change cannot wait for the end of the run: use preview() and facts()")
        self._await_end()
        error = self._board.error
        if error is not None:
            raise error.with_traceback(self._traceback)  # each time its own: they would grow longer and longer
        return self._board.scores

    def _await_end(self) -> None:
        with self._board.changed:
            while self.state not in ENDED:
                self._board.changed.wait(0.1)  # without a limit Ctrl-C could not interrupt it on every platform

    def _follow(self, bar: Progress) -> None:
        board, shown, said, doing = self._board, 0, 0, ""
        while True:
            with board.changed:
                ended = self.state in ENDED
                made = min(board.batch * board.steps + board.step, board.steps * self.batches)
                messages = board.messages[said:]
            for text in messages:
                bar.say(text)
            said += len(messages)
            if (where := self._where()) != doing:
                bar.doing(where)
                doing = where
            if made > shown:
                bar.advance(made - shown)
                shown = made
            if ended:
                return
            with board.changed:
                board.changed.wait(0.1)

    def _where(self) -> str:
        if self.state == "waiting":
            return "waiting for another run"
        if self._board.doing:
            return self._board.doing
        return f"batch {self.batch + 1} of {self.batches}" if self.batches > 1 else ""


_under_way: set[BackgroundRun] = set()


@cache
def _watch_exit() -> None:
    atexit.register(_abandon_all)


def _abandon_all() -> None:
    """End what runs when the process ends: a thread that is killed inside PyTorch would abort the process."""
    for run in tuple(_under_way):
        run._board.abandoned = True
        run.stop()
    deadline = time.monotonic() + SECONDS_TO_EXIT
    while _under_way and time.monotonic() < deadline:
        time.sleep(0.01)
