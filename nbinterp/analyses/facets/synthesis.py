"""Images of facets by gradient steps and total variation denoising, in growing octaves.

Nguyen, Yosinski, Clune, "Multifaceted Feature Visualization", arXiv:1602.03616, with the schedules of the code
published with it: "tv" begins at a facet's mean image, "centre" lets a blurry whole form and then refines its centre.
A step moves the pixels under a window of the network's size by a given mean number of grey levels along the gradient
and denoises the window. Departures: the zoom is bicubic (cubic splines there); margins are in proportion to the
window (50 pixels of 227); "centre" too begins at the mean image; where a target is no class, its activation takes the
place of the class probability. All images of a run are optimized in one batch.

How near the images of the quick variants are to those of exact denoising: `tests/bench/bench_facets.py` measures it.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from typing import Any, cast

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from nbinterp.kernels.start_points import fit_start_images
from nbinterp.kernels.total_variation import GREY_LEVELS, TVState, denoise_tv, from_255, no_state

from ..maximize.batch import Batch, out_of_memory
from ..maximize.board import Board
from ..maximize.engine import Optimization
from ..maximize.scores import Scorer
from ..maximize.setup import STEP, Group, Setup, evaluate
from .schedules import Octave, Schedule

PUBLISHED_WINDOW = 227  # pixels, which the margins are for


class TVBatch:
    """Images under optimization by a schedule; what `Optimization` and `Scorer` ask of a batch.

    Args:
        setup: what is fixed; its recipe's steps are the schedule's.
        groups: one per image.
        rows: which of the run's images they are.
        schedule: the octaves.
        class_index: of the class whose probability octaves may maximize; None for none.
        canvas: start images in [0, 1], of the setup's size.
        say: takes a message for the user.
    """

    def __init__(
        self,
        setup: Setup,
        groups: list[Group],
        rows: slice,
        schedule: Schedule,
        class_index: int | None,
        canvas: Tensor,
        say: Callable[[str], None],
    ) -> None:
        self.setup, self.groups, self.rows, self.schedule = setup, groups, rows, schedule
        self.step = 0
        self._say, self._at_once = say, len(groups)
        self._class = class_index
        self._viewer = {
            probability: setup.viewer([] if probability else groups, logits=probability)
            for probability in (False, True)
        }
        self._canvas = canvas.to(setup.net.device)
        self._state: TVState | None = None
        self._octave = 0
        self._values: list[Tensor] = []
        self._responses: list[Tensor] = []
        self._moving = torch.ones(len(groups), dtype=torch.bool, device=setup.net.device)
        self._moves = torch.zeros(len(groups), dtype=torch.long, device=setup.net.device)

    def __len__(self) -> int:
        return len(self.groups)

    def advance(self) -> list[Tensor]:
        """Make one step, on as many images at once as memory holds: how many changes the result by rounding only.

        Returns:
            The images it gave.

        Raises:
            MemoryError: not even one image fits into memory.
        """
        number, along = self.schedule.at(self.step)
        octave = self.schedule.octaves[number]
        if number > self._octave:
            self._grow(number)
        places = self._places(octave)
        values: list[Tensor] = []
        responses: list[Tensor] = []
        while sum(map(len, values)) < len(self):
            first = sum(map(len, values))
            made = self._try(slice(first, min(first + self._at_once, len(self))), octave, along, places)
            if made is not None:
                values.append(made[0])
                responses.append(made[1])
        self._values.append(torch.cat(values))
        self._responses.append(torch.cat(responses))
        self.step += 1
        return [self.images()]

    def _try(
        self, some: slice, octave: Octave, along: float, places: list[tuple[slice, slice]]
    ) -> tuple[Tensor, Tensor] | None:
        """The step of some images: what they maximize and their responses; None if fewer are to be tried at once."""
        try:
            windows = torch.stack([self._canvas[i][:, places[i][0], places[i][1]] for i in _numbers(some)])
            values, responses, gradient = self._differentiate(windows, some, octave)
            self._move(windows, gradient, some, octave, along, places)
            return values, responses
        except Exception as error:
            if not out_of_memory(error):
                raise
            if some.stop - some.start == 1:
                height, width = self.setup.size
                raise MemoryError(
                    f"one step on one image of {height}×{width} pixels does not fit into memory: take a smaller size, "
                    "or an earlier layer"
                ) from error
        self._at_once = max(1, (some.stop - some.start) // 2)
        self._say(f"Memory is full: going on with {self._at_once} of {len(self)} images at a time.")
        gc.collect()
        if self.setup.net.device.type == "cuda":
            torch.cuda.empty_cache()
        return None

    def _differentiate(self, windows: Tensor, some: slice, octave: Octave) -> tuple[Tensor, Tensor, Tensor]:
        """What is maximized and the response of each window, and the gradient."""
        windows = windows.detach().requires_grad_()
        probability = octave.probability and self._class is not None
        viewer = self._viewer[probability]
        with viewer.ready():
            seen = viewer(windows, windows, [0.0] * len(windows))
            if probability:
                logits = [view.logits for view in seen]
                rows = torch.stack([row.flatten() for row in logits if row is not None])
                values = rows.softmax(1)[:, self._class]
                responses = values.detach()
            else:
                values, responses = evaluate(self.groups[some], seen)
            (gradient,) = torch.autograd.grad(values.sum(), windows)
        return values.detach(), responses, gradient

    @torch.no_grad()
    def _move(
        self,
        windows: Tensor,
        gradient: Tensor,
        some: slice,
        octave: Octave,
        along: float,
        places: list[tuple[slice, slice]],
    ) -> None:
        """Step, clip, denoise, and put the windows back; an image without a finite gradient stays from then on.

        Nothing is changed until everything is computed: memory may run out before.
        """
        moving = self._moving[some] & gradient.flatten(1).sum(1).isfinite()
        moved = (windows + step_along(gradient, _between(octave.step, along), self._margin(octave))).clamp(0, 1)
        moved = torch.where(moving[:, None, None, None], moved, windows)
        denoised, after = denoise_tv(
            moved,
            from_255(_between(octave.weight, along)),
            iterations=self.schedule.iterations,
            tolerance=self.schedule.tolerance,
            start=self._state_of(some, places),
        )
        if self.schedule.warm and self._state is None:
            self._state = no_state(self._canvas)
        self._moving[some] = moving
        self._moves[some] += moving
        for row, i in enumerate(_numbers(some)):
            if not moving[row]:
                continue
            rows, columns = places[i]
            self._canvas[i][:, rows, columns] = denoised[row]
            if self._state is not None:
                self._state.split[:, i, :, rows, columns] = after.split[:, row]
                self._state.bregman[:, i, :, rows, columns] = after.bregman[:, row]

    def _state_of(self, some: slice, places: list[tuple[slice, slice]]) -> TVState | None:
        """Where the last denoising of some windows ended; None if none has, or each begins from nothing."""
        if self._state is None:
            return None
        split, bregman = (
            torch.stack([field[:, i, :, places[i][0], places[i][1]] for i in _numbers(some)], 1)
            for field in (self._state.split, self._state.bregman)
        )
        return TVState(split, bregman)

    def _grow(self, number: int) -> None:
        zoom = float(np.prod([octave.zoom for octave in self.schedule.octaves[self._octave + 1 : number + 1]]))
        self._octave = number
        if zoom != 1:
            size = tuple(round(side * zoom) for side in self._canvas.shape[2:])
            self._canvas = F.interpolate(self._canvas, size=size, mode="bicubic", align_corners=True).clamp(0, 1)
        self._state = None

    def _places(self, octave: Octave) -> list[tuple[slice, slice]]:
        """A window for each image, drawn for all images of the run."""
        draws = torch.randn(self.setup.n_images, 2, generator=self.setup.generator(STEP, self.step)).numpy()
        places = []
        for row in draws[self.rows]:
            slices = []
            for draw, side, window in zip(row, self._canvas.shape[2:], self.setup.size, strict=True):
                slack = side - window
                first = round(float(np.clip(slack / 2 + octave.window * slack * draw, 0, slack)))
                slices.append(slice(first, first + window))
            places.append((slices[0], slices[1]))
        return places

    def _margin(self, octave: Octave) -> int:
        return round(octave.margin * min(self.setup.size) / PUBLISHED_WINDOW)

    # -- what `Optimization` and `Scorer` ask of a batch ----------------------------------------

    @torch.no_grad()
    def images(self) -> Tensor:
        """The whole canvases, brought to the setup's size."""
        if tuple(self._canvas.shape[2:]) == tuple(self.setup.size):
            return self._canvas.clone()
        return F.interpolate(self._canvas, size=self.setup.size, mode="bilinear", antialias=True).clamp(0, 1)

    @property
    def canvas(self) -> Tensor:
        """The canvases as they are, larger than the network's input after an octave with zoom."""
        return self._canvas

    def pieces(self) -> list[tuple[int, int]]:
        """(first, last + 1) of the images that fit into memory at once."""
        return [(first, min(first + self._at_once, len(self))) for first in range(0, len(self), self._at_once)]

    def history(self) -> np.ndarray:
        """float32, steps × images: what was maximized."""
        return torch.stack(self._values).float().cpu().numpy()

    def dead(self) -> np.ndarray:
        """bool: images whose response never changed."""
        responses = torch.stack(self._responses)
        return ((responses == responses[0]).all(0) & (len(responses) > 1)).cpu().numpy()

    def struck(self) -> dict[int, int]:
        """Image -> how many steps it made before its gradient was not finite."""
        return {i: moves for i, moves in enumerate(self._moves.tolist()) if moves < self.step}

    def park(self) -> None:
        """Move what is needed to go on to the CPU."""
        self._to(torch.device("cpu"))

    def unpark(self) -> None:
        """Move it back to where the network is."""
        self._to(self.setup.net.device)

    def _to(self, device: torch.device) -> None:
        self._canvas = self._canvas.to(device)
        if self._state is not None:
            self._state = TVState(self._state.split.to(device), self._state.bregman.to(device))


class TVOptimization(Optimization):
    """A run whose batches follow a schedule.

    Args:
        setup, batches, scorer: as for `Optimization`; the setup has start images.
        schedule: the octaves.
        class_index: see `TVBatch`.
    """

    def __init__(
        self, setup: Setup, batches: Sequence[slice], scorer: Scorer, *, schedule: Schedule, class_index: int | None
    ) -> None:
        super().__init__(setup, batches, scorer)
        self._schedule, self._class = schedule, class_index

    def _batch(self, number: int, board: Board) -> Any:
        if number < len(self._batches):
            return self._batches[number]
        rows, start = board.batches[number], self._setup.start
        assert start is not None
        groups = list(self._setup.groups[self._groups[number]])
        n = rows.stop - rows.start
        mine = start if len(start) == 1 else start[rows]
        canvas = fit_start_images(mine, n, self._setup.channels, self._setup.size)
        batch = TVBatch(self._setup, groups, rows, self._schedule, self._class, canvas, board.say)
        self._batches.append(cast(Batch, batch))  # it has what a run asks of one
        return batch


def step_along(gradient: Tensor, grey_levels: float, margin: int) -> Tensor:
    """A step of each image along its gradient whose mean size per pixel is `grey_levels` (of 255).

    Args:
        gradient: batch×channel×height×width.
        grey_levels: mean absolute change per pixel, before the margin is left out.
        margin: in pixels: the border stays.
    """
    size = gradient.abs().mean((1, 2, 3), keepdim=True)
    step = torch.where(size > 0, gradient / size.clamp(min=torch.finfo(gradient.dtype).tiny), 0) * (
        grey_levels / GREY_LEVELS
    )
    if margin:
        inner = torch.zeros_like(step)
        inside = (..., slice(margin, step.shape[2] - margin), slice(margin, step.shape[3] - margin))
        inner[inside] = step[inside]
        return inner
    return step


def _numbers(some: slice) -> range:
    return range(some.start, some.stop)


def _between(ends: tuple[float, float], along: float) -> float:
    return ends[0] + (ends[1] - ends[0]) * along
