"""Images of facets by gradient steps and total variation denoising, in growing octaves.

Nguyen, Yosinski, Clune, "Multifaceted Feature Visualization", arXiv:1602.03616, with the schedules of the code
published with it: "tv" begins at a facet's mean image, "centre" lets a blurry whole form and then refines its centre.
A step moves the pixels under a window of the network's size by a given mean number of grey levels along the gradient
and denoises the window. Departures: the zoom is bicubic (cubic splines there); margins are in proportion to the
window (50 pixels of 227); "centre" too begins at the mean image; where a target is no class, its activation takes the
place of the class probability. All images of a run are optimized in one batch.

"paper" keeps steps and denoising (100 iterations, from nothing). "quick" makes a quarter of the steps, and each
denoising goes on from the state of the last with 10 iterations: its images are within 2.5 grey levels (mean) of those
that exact denoising gives in as many steps; two seeds of the exact one are 2.4 to 4.8 apart (planted world, 64 px).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from nbinterp.kernels.start_points import fit_start_images
from nbinterp.kernels.total_variation import GREY_LEVELS, TVState, denoise_tv, from_255, no_state

from ..maximize.batch import Batch
from ..maximize.board import Board
from ..maximize.engine import Optimization
from ..maximize.scores import Scorer
from ..maximize.setup import STEP, Group, Setup, evaluate

PUBLISHED_WINDOW = 227
QUICK_ITERATIONS = 10
QUICK_SHARE = 4  # one of so many steps


@dataclass(frozen=True)
class Octave:
    """A stretch of steps on a canvas of one size; weight and step go linearly from their first to their last value.

    Attributes:
        zoom: by how much the canvas grows before it.
        steps: how many.
        window: standard deviation of the window's place, as a share of the room there is.
        margin: of the window's border that gets no gradient, in pixels of a window of 227.
        weight: of fidelity in denoising, for grey levels 0–255: the smaller, the smoother.
        step: mean change of a pixel, in grey levels.
        probability: whether the class probability is maximized, instead of the activation.
    """

    zoom: float
    steps: int
    window: float
    margin: int
    weight: tuple[float, float]
    step: tuple[float, float]
    probability: bool = False


@dataclass(frozen=True)
class Schedule:
    """Octaves, and how each step is denoised.

    Attributes:
        name: what it is called.
        octaves: in their order.
        iterations: of the denoising, at most.
        warm: whether a denoising goes on from the state of the last.
    """

    name: str
    octaves: tuple[Octave, ...]
    iterations: int = 100
    warm: bool = False

    @property
    def tolerance(self) -> float:
        """Change at which a denoising ends early; 0 to make all iterations, where they are few."""
        return 0.0 if self.warm else 1e-3 / GREY_LEVELS

    @property
    def steps(self) -> int:
        """Of all octaves."""
        return sum(octave.steps for octave in self.octaves)

    def at(self, step: int) -> tuple[int, float]:
        """Which octave a step is in, and how far: 0 up to 1; after the last step, the end of the last octave."""
        for number, octave in enumerate(self.octaves):
            if step < octave.steps:
                return number, step / octave.steps
            step -= octave.steps
        return len(self.octaves) - 1, 1.0

    def quick(self) -> Schedule:
        """The same octaves in a quarter of the steps, denoised with few iterations from the state of the last."""
        octaves = tuple(replace(octave, steps=max(1, round(octave.steps / QUICK_SHARE))) for octave in self.octaves)
        return Schedule(f"{self.name}-quick", octaves, QUICK_ITERATIONS, warm=True)


TV = Schedule(
    "tv",
    (
        Octave(1.0, 190, 0.3, 0, (0.4, 0.4), (1, 2)),
        Octave(1.2, 150, 0.3, 0, (0.01, 2), (1, 1)),
        Octave(1.0, 20, 0.2, 50, (0.1, 2), (2, 2)),
        Octave(1.0, 10, 0.3, 0, (0.4, 2), (2, 2)),
    ),
)
CENTRE = Schedule(
    "centre",
    (
        Octave(1.0, 190, 0.3, 0, (0.001, 0.05), (11, 11), probability=True),
        Octave(1.2, 150, 0.3, 0, (0.01, 0.08), (6, 6), probability=True),
        Octave(1.2, 150, 0.3, 0, (0.01, 2), (1, 1)),
        Octave(1.0, 30, 0.1, 50, (0.1, 2), (3, 3)),
        Octave(1.0, 10, 0.3, 0, (0.01, 2), (6, 3)),
    ),
)
SCHEDULES = {schedule.name: schedule for schedule in (TV, CENTRE)}


class TVBatch:
    """Images under optimization by a schedule; what `Optimization` and `Scorer` ask of a batch.

    Args:
        setup: what is fixed; its recipe's steps are the schedule's.
        groups: one per image.
        rows: which of the run's images they are.
        schedule: the octaves.
        class_index: of the class whose probability octaves may maximize; None for none.
        canvas: start images in [0, 1], of the setup's size.
    """

    def __init__(
        self,
        setup: Setup,
        groups: list[Group],
        rows: slice,
        schedule: Schedule,
        class_index: int | None,
        canvas: Tensor,
    ) -> None:
        self.setup, self.groups, self.rows, self.schedule = setup, groups, rows, schedule
        self.step = 0
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
        """Make one step.

        Returns:
            The images it gave.
        """
        number, along = self.schedule.at(self.step)
        octave = self.schedule.octaves[number]
        if number > self._octave:
            self._grow(number)
        places = self._places(octave)
        windows = torch.stack([self._canvas[i][:, rows, columns] for i, (rows, columns) in enumerate(places)])
        values, responses, gradient = self._differentiate(windows, octave)
        self._values.append(values)
        self._responses.append(responses)
        self._move(windows, gradient, octave, along, places)
        self.step += 1
        return [self.images()]

    def _differentiate(self, windows: Tensor, octave: Octave) -> tuple[Tensor, Tensor, Tensor]:
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
                values, responses = evaluate(self.groups, seen)
            (gradient,) = torch.autograd.grad(values.sum(), windows)
        return values.detach(), responses, gradient

    @torch.no_grad()
    def _move(
        self, windows: Tensor, gradient: Tensor, octave: Octave, along: float, places: list[tuple[slice, slice]]
    ) -> None:
        """Step, clip, denoise, and put the windows back; an image without a finite gradient stays from then on."""
        self._moving &= gradient.flatten(1).sum(1).isfinite()
        self._moves += self._moving
        moved = (windows + step_along(gradient, _between(octave.step, along), self._margin(octave))).clamp(0, 1)
        state = None
        if self._state is not None:
            parts = [
                (self._state.split[:, i, :, r, c], self._state.bregman[:, i, :, r, c])
                for i, (r, c) in enumerate(places)
            ]
            state = TVState(torch.stack([p[0] for p in parts], 1), torch.stack([p[1] for p in parts], 1))
        moved = torch.where(self._moving[:, None, None, None], moved, windows)
        weight = from_255(_between(octave.weight, along))
        denoised, after = denoise_tv(
            moved, weight, iterations=self.schedule.iterations, tolerance=self.schedule.tolerance, start=state
        )
        if self.schedule.warm and self._state is None:
            self._state = no_state(self._canvas)
        for i, (rows, columns) in enumerate(places):
            if not self._moving[i]:
                continue
            self._canvas[i][:, rows, columns] = denoised[i]
            if self._state is not None:
                self._state.split[:, i, :, rows, columns] = after.split[:, i]
                self._state.bregman[:, i, :, rows, columns] = after.bregman[:, i]

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
        """All at once."""
        return [(0, len(self))]

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
        batch = TVBatch(self._setup, groups, rows, self._schedule, self._class, canvas)
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


def _between(ends: tuple[float, float], along: float) -> float:
    return ends[0] + (ends[1] - ends[0]) * along
