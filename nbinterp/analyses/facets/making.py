"""Starting the run that makes the images of a unit's facets, all in one batch."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from nbinterp.instrument import Classifier
from nbinterp.jobs import worker_of
from nbinterp.kernels import objectives
from nbinterp.kernels.objectives import Objective
from nbinterp.kernels.parameterizations import Pixel
from nbinterp.kernels.recipes import RECIPES, Recipe

from ..maximize import Visualizations, color_map, maximize
from ..maximize.board import Board, Scores
from ..maximize.dry_run import dry_run
from ..maximize.scores import Scorer
from ..maximize.setup import Group, Setup, subjects_of
from ..recording import Recording
from .schedules import SCHEDULES, Schedule
from .synthesis import TVOptimization

SYNTHESES = ("fourier", *SCHEDULES)
START_MEAN, START_DEVIATION = 175 / 255, 8 / 255  # of the published random starts
PAPER = "lucid"  # the Fourier parameterization's recipe where the paper's effort is asked for
QUICK = replace(RECIPES["quick"], steps=64, note="half the steps: the facet is in the start, which they wear away")


@dataclass(frozen=True, eq=False)
class Making:
    """What images of facets are made of.

    Attributes:
        recording: with its network.
        layer, unit: what is to respond.
        is_class: whether the unit is a class: its logit is maximized then, else the unit's mean over positions.
        synthesis: "fourier", "tv" or "centre".
        recipe: "quick", "paper", or for "fourier" any of `maximize`.
        seed: of the run.
        judge: for a second opinion; None for none.
    """

    recording: Recording
    layer: str
    unit: int
    is_class: bool
    synthesis: str
    recipe: str | Recipe
    seed: int
    judge: Classifier | None

    @property
    def net(self) -> Classifier:
        """The network."""
        return self.recording._attached("making images of facets")[0]

    @property
    def objective(self) -> Objective:
        """What each image is to maximize."""
        return objectives.logit(self.unit) if self.is_class else objectives.unit(self.layer, self.unit)

    def start(self, images: np.ndarray | None, n: int, size: tuple[int, int], name: str) -> Visualizations:
        """Begin, in the background.

        Args:
            images: float32, n×channel×height×width in [0, 1]: the mean images; None for random starts.
            n: how many.
            size: (height, width) of the images.
            name: what they show.
        """
        start = None if images is None else torch.from_numpy(images)
        if self.synthesis == "fourier":
            ours = {"paper": PAPER, "quick": QUICK}
            chosen = ours.get(self.recipe, self.recipe) if isinstance(self.recipe, str) else self.recipe
            return maximize(
                self.net,
                objective=self.objective,
                n_images=n,
                size=size,
                start=start,
                recipe=chosen,
                seed=self.seed,
                recording=self.recording,
                judge=self.judge,
                name=name,
            )
        return self._by_schedule(start, n, size, name)

    def _by_schedule(self, start: Tensor | None, n: int, size: tuple[int, int], name: str) -> Visualizations:
        schedule = SCHEDULES[self.synthesis]
        schedule = schedule if self.recipe == "paper" else schedule.quick()
        colours = color_map(self.net, size)
        shape = (colours.channels, *size)
        if start is None:
            generator = torch.Generator().manual_seed(self.seed)
            start = (torch.randn(n, *shape, generator=generator) * START_DEVIATION + START_MEAN).clamp(0, 1)
        setup = Setup(
            net=self.net,
            groups=[Group(self.objective, 1)] * n,
            parameterization=Pixel(),
            recipe=Recipe(schedule.name, schedule.steps, 1.0, "adam", ()),
            shape=shape,
            to_input=colours.to(self.net.device),
            precision="weights",
            redirect_steps=0,
            seed=self.seed,
            start=start,
        )
        scorer = Scorer(setup, self.recording, self.judge, dry_run(setup, self.judge))
        run = TVOptimization(
            setup, [slice(0, n)], scorer, schedule=schedule, class_index=self.unit if self.is_class else None
        )
        subjects = subjects_of(setup.groups, [self.layer] * n, [self.unit] * n)
        subjects = replace(subjects, titles=tuple(f"facet {i} of {name}" for i in range(n)))
        board = Board(subjects, Scores.unknown(n, shape), schedule.steps, [slice(0, n)])
        return Visualizations(
            board, self._about(setup, schedule, name), run=run, worker=worker_of(self.net, "optimize")
        )._start()

    def _about(self, setup: Setup, schedule: Schedule, name: str) -> dict[str, Any]:
        return {
            "subject": name,
            "model": type(self.net.module).__name__,
            "objectives": [repr(self.objective)] * setup.n_images,
            "n_images": setup.n_images,
            "parameterization": "pixels denoised by total variation",
            "recipe": schedule.name,
            "steps": schedule.steps,
            "denoising": f"{schedule.iterations} iterations{', warm start' if schedule.warm else ''}",
            "size": list(setup.size),
            "channels": setup.channels,
            "seed": setup.seed,
            "device": str(self.net.device),
        }


def read_recipe(synthesis: str | None, recipe: str | Recipe | None, net: Classifier | None) -> str | Recipe:
    """The recipe asked for, or the quick one on a CPU and the paper's on an accelerator.

    Raises:
        ValueError: there is no such synthesis or recipe.
    """
    if synthesis is not None and synthesis not in SYNTHESES:
        raise ValueError(f"synthesis is one of {', '.join(map(repr, SYNTHESES))}, or None; got {synthesis!r}")
    if recipe is None:
        return "paper" if net is not None and net.device.type != "cpu" else "quick"
    known = ("quick", "paper", *(RECIPES if synthesis == "fourier" else ()))
    if isinstance(recipe, Recipe):
        if synthesis == "fourier":
            return recipe
    elif recipe in known:
        return recipe
    raise ValueError(
        f"the recipes of synthesis={synthesis!r} are {', '.join(map(repr, dict.fromkeys(known)))}; got {recipe!r}"
    )
