"""The run itself: batch after batch, step after step, until all are made or somebody stops it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import torch

from nbinterp.kernels.phase import MACO

from .batch import Batch
from .board import Board
from .scores import Scorer
from .setup import START, Setup
from .spectrum import SpectrumSource


class Optimization:
    """Makes images; called again, it goes on where it was.

    Args:
        setup: what to make and how.
        batches: the groups of each batch, as slices.
        scorer: scores the images of a batch.
        measure: for MACO, measures the spectrum that the setup's stands for; None where it is known.
    """

    def __init__(
        self, setup: Setup, batches: Sequence[slice], scorer: Scorer, measure: SpectrumSource | None = None
    ) -> None:
        self._setup = setup
        self._measure = measure
        self._groups = list(batches)
        self._scorer = scorer
        self._batches: list[Batch] = []
        self._start = setup.generator(START)

    def __call__(self, board: Board, stopped: Callable[[], bool]) -> None:
        """Go on until every image has made `board.steps` steps, or `stopped()`."""
        with torch.inference_mode(False), torch.enable_grad():
            if self._measure is not None and not self._prepare(self._measure, board, stopped):
                return
            for number in range(len(self._groups)):
                if stopped():
                    return
                if number in board.finished and self._batches[number].step >= board.steps:
                    continue
                self._run(number, self._batch(number, board), board, stopped)

    def _prepare(self, measure: SpectrumSource, board: Board, stopped: Callable[[], bool]) -> bool:
        """Put the measured spectrum into the setup; False if it was stopped before, and is to be measured again."""
        try:
            found = measure(lambda n: board.begin_other(f"measuring spectra, {n} of {len(measure)} images"), stopped)
        except Exception as error:
            error.add_note("(while measuring the spectrum that MACO holds, before the first step)")
            raise
        finally:
            board.begin_other("")
        if found is None:
            return False
        self._setup = replace(self._setup, parameterization=MACO(found.to(self._setup.net.device)))
        self._measure = None
        return True

    def _run(self, number: int, batch: Batch, board: Board, stopped: Callable[[], bool]) -> None:
        batch.unpark()
        board.begin(number, batch.step)
        while batch.step < board.steps and not stopped():
            pieces = batch.advance()
            board.advance(batch.step, pieces)
        if batch.step and not board.abandoned:
            scores = self._scorer(batch, board.say)
            board.settle(number, scores, batch.history(), complete=batch.step >= board.steps)
        batch.park()

    def _batch(self, number: int, board: Board) -> Batch:
        """A batch, begun when it is first asked for; their start points continue each other."""
        if number < len(self._batches):
            return self._batches[number]
        groups = list(self._setup.groups[self._groups[number]])
        rows = board.batches[number]
        start = self._setup.start
        parameters = self._setup.parameterization.start(
            rows.stop - rows.start,
            self._setup.channels,
            self._setup.size,
            self._start,
            image=start if start is None or len(start) == 1 else start[rows],
        )
        batch = Batch(self._setup, groups, rows, parameters, board.say)
        self._batches.append(batch)
        return batch
