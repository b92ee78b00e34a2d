"""What one run of `maximize` holds fixed, and the groups of images it makes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from nbinterp.instrument import Classifier
from nbinterp.kernels.objectives import ImageView, Objective
from nbinterp.kernels.objectives_algebra import weighted_sum
from nbinterp.kernels.parameterizations import Parameterization
from nbinterp.kernels.recipes import Recipe
from nbinterp.kernels.transforms import Draws, Transform, draw_transforms

from .board import Subjects
from .viewing import Viewer


@dataclass(frozen=True, eq=False)
class Group:
    """Images that are optimized for one objective, together."""

    objective: Objective
    n_images: int

    @property
    def places(self) -> list[float]:
        """Where each image stands in the group, 0 to 1."""
        return [0.0] if self.n_images == 1 else [i / (self.n_images - 1) for i in range(self.n_images)]


@dataclass(frozen=True, eq=False)
class Setup:
    """What does not change while images are made.

    Attributes:
        net: the network.
        groups: what is to be made, in the order of the images.
        parameterization, recipe: how.
        shape: (channels, height, width) of the images.
        to_input: images in [0, 1] -> the network's input.
        precision: see `Viewer`.
        redirect_steps: how many first steps redirect the gradients of ReLUs.
        seed: of start points and transforms.
        start: images to start from, n of them or one for all; None for the parameterization's own start.
    """

    net: Classifier
    groups: Sequence[Group]
    parameterization: Parameterization
    recipe: Recipe
    shape: tuple[int, int, int]
    to_input: Callable[[Tensor], Tensor]
    precision: str
    redirect_steps: int
    seed: int
    start: Tensor | None

    @property
    def channels(self) -> int:
        """Of the images."""
        return self.shape[0]

    @property
    def size(self) -> tuple[int, int]:
        """(height, width) of the images in pixels."""
        return self.shape[1:]

    @property
    def n_images(self) -> int:
        """How many images there are in all groups."""
        return sum(group.n_images for group in self.groups)

    def images(self, parameters: dict[str, Tensor]) -> Tensor:
        """The images of parameters."""
        return self.parameterization.images(parameters, self.channels, self.size)

    def viewer(self, groups: Sequence[Group], *, logits: bool = False) -> Viewer:
        """A viewer for what the objectives of some groups read, with the logits where one needs them."""
        layers = dict.fromkeys(layer for group in groups for layer in group.objective.layers)
        needed = logits or any(group.objective.needs_logits for group in groups)
        return Viewer(self.net, layers, logits=needed, to_input=self.to_input, precision=self.precision)

    def draw(self, chain: tuple[Transform, ...], n_views: int, *stream: int) -> Draws:
        """Transforms for all images of the run, so that batches are parts of the same draws.

        Args:
            chain: the transforms.
            n_views: how many per image.
            stream: what the draws are for; other numbers give others.
        """
        return draw_transforms(chain, self.n_images * n_views, self.size, self.generator(*stream))

    def generator(self, *stream: int) -> torch.Generator:
        """A generator of its own for every stream of numbers."""
        seed = int(np.random.SeedSequence([self.seed, *stream]).generate_state(1, np.uint64)[0])
        return torch.Generator().manual_seed(seed)


START, STEP, HELD_OUT = 0, 1, 2  # streams of random numbers


def subjects_of(groups: Sequence[Group], layers: Sequence[str | None], units: Sequence[int | None]) -> Subjects:
    """What each image is to show, for groups with these layers and units (None where the objective is no unit)."""
    rows = [i for i, group in enumerate(groups) for _ in range(group.n_images)]
    named = [layers[i] or "" for i in rows]
    numbers = [-1 if (unit := units[i]) is None else unit for i in rows]
    return Subjects(
        tuple(named),
        np.array(numbers, np.int64),
        np.array(rows, np.int64),
        tuple(title_of(groups[i].objective) for i in rows),
    )


def title_of(objective: Objective) -> str:
    """The main term in words; the whole objective where it has none, or where it is to be small."""
    return str(objective.main) if objective.main is not None and objective.terms[0][0] > 0 else repr(objective)


def evaluate(groups: Sequence[Group], views: Sequence[ImageView]) -> tuple[Tensor, Tensor]:
    """The objective of each image, and the response of its main term.

    What couples the images of a group is shared out evenly among them: the objectives' sum is the groups'.

    Returns:
        Two tensors with one number per image; gradients reach the first.
    """
    values: list[Tensor] = []
    responses: list[Tensor] = []
    start = 0
    for group in groups:
        mine = views[start : start + group.n_images]
        start += group.n_images
        objective = group.objective
        scored = [[(weight, term.score(view)) for weight, term in objective.per_image] for view in mine]
        shared = objective.score_coupled(mine) / len(mine) if objective.coupled else None
        for view, scores in zip(mine, scored, strict=True):
            total = weighted_sum(scores, view)
            values.append(total if shared is None else total + shared)
            responses.append(scores[0][1] if scores else values[-1])
    return torch.stack(values), torch.stack(responses).detach()
