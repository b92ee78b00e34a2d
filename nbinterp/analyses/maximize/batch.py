"""Images that are optimized together: their parameters, one optimizer, and its steps."""

from __future__ import annotations

import gc
from collections.abc import Callable
from contextlib import ExitStack

import numpy as np
import torch
from torch import Tensor
from torch.utils.checkpoint import CheckpointError

from nbinterp.instrument import frozen
from nbinterp.kernels.parameterizations import Latent
from nbinterp.kernels.redirection import redirecting_relu
from nbinterp.kernels.transforms import Draws, apply_transforms

from .optimizers import Optimizer
from .setup import STEP, Group, Setup, evaluate

STEPS_DRAWN = 16  # many small draws would cost more than the transforms
VIEWS_AT_ONCE = 32  # where images have several views, more than this go through the network one after the other


class Batch:
    """Some groups of images under optimization.

    The step works on as many groups at once as memory holds; how many does not change the result beyond rounding.

    Args:
        setup: what is fixed.
        groups: the groups.
        rows: which of the run's images they are.
        parameters: start points of these images, on the CPU.
        say: takes a message for the user.
    """

    def __init__(
        self, setup: Setup, groups: list[Group], rows: slice, parameters: dict[str, Tensor], say: Callable[[str], None]
    ) -> None:
        self.setup, self.groups, self.rows = setup, groups, rows
        self.step = 0
        self._say = say
        self._device = setup.net.device
        self._viewer = setup.viewer(groups)
        self._parameters = {name: p.to(self._device).requires_grad_() for name, p in parameters.items()}
        recipe = setup.recipe
        self._optimizer = Optimizer(recipe.optimizer, recipe.learning_rate, self._parameters)
        self._gradients: dict[str, Tensor] = {}
        self._ends = np.cumsum([0, *(group.n_images for group in groups)])  # of the groups' images
        views_of_group = recipe.views * max(group.n_images for group in groups)
        self._at_once = len(groups) if recipe.views == 1 else max(1, VIEWS_AT_ONCE // views_of_group)
        self._redirecting = True
        self._drawn: tuple[int, Draws] | None = None
        self._values: list[Tensor] = []
        self._responses: list[Tensor] = []
        self._moving = torch.ones(len(self), dtype=torch.bool, device=self._device)
        self._moves = torch.zeros(len(self), dtype=torch.long, device=self._device)

    def __len__(self) -> int:
        return int(self._ends[-1])

    # -- steps ----------------------------------------------------------------------------------

    def advance(self) -> list[Tensor]:
        """Make one step.

        Returns:
            The images it was made on, in pieces, detached.

        Raises:
            MemoryError: not even one group fits into memory.
        """
        draws = self._draws()
        pieces: list[Tensor] = []
        values: list[Tensor] = []
        responses: list[Tensor] = []
        first = 0
        while first < len(self.groups):
            made = self._try(slice(first, min(first + self._at_once, len(self.groups))), draws)
            if made is None:
                continue
            first += self._at_once
            for kept, found in zip((pieces, values, responses), made, strict=True):
                kept.append(found)
        self._update()
        self._values.append(torch.cat(values))
        self._responses.append(torch.cat(responses))
        self.step += 1
        return pieces

    def _draws(self) -> Draws:
        """The transforms of this step for the views of this batch, drawn for several steps at a time."""
        block, place = divmod(self.step, STEPS_DRAWN)
        views = self.setup.recipe.views
        if self._drawn is None or self._drawn[0] != block:
            drawn = self.setup.draw(self.setup.recipe.transforms, views * STEPS_DRAWN, STEP, block)
            self._drawn = (block, drawn)
        of_step = self.setup.n_images * views
        first = place * of_step
        return self._drawn[1][first + self.rows.start * views : first + self.rows.stop * views]

    def _try(self, groups: slice, draws: Draws) -> tuple[Tensor, Tensor, Tensor] | None:
        """Gradients of some groups; None if memory did not suffice and there will be fewer at once."""
        try:
            return self._differentiate(groups, draws)
        except Exception as error:
            if isinstance(error, CheckpointError) and self._redirecting:
                self._redirecting = False
                self._say("The model recomputes activations (checkpointing): blocked gradients are not redirected.")
                return None
            if not out_of_memory(error):
                raise
            if groups.stop - groups.start == 1:
                raise self._too_large(self.groups[groups.start]) from error
        self._at_once //= 2
        self._say(f"Memory is full: going on with {self._at_once} of {len(self.groups)} groups of images at a time.")
        free_memory(self._device)
        return None

    def _differentiate(self, groups: slice, draws: Draws) -> tuple[Tensor, Tensor, Tensor]:
        """Images, objectives and responses of some groups; the gradients of their parameters are kept."""
        setup, chosen = self.setup, self.groups[groups]
        rows = slice(int(self._ends[groups.start]), int(self._ends[groups.stop]))
        whole = len(chosen) == len(self.groups)
        parts = self._parameters if whole else self._part(rows)
        with ExitStack() as stack:
            if isinstance(setup.parameterization, Latent) and setup.parameterization.module is not None:
                stack.enter_context(frozen(setup.parameterization.module))
            images = setup.images(parts)
            views = apply_transforms(images, draws[rows.start * setup.recipe.views : rows.stop * setup.recipe.views])
            stack.enter_context(self._viewer.ready())
            if self._redirecting and self.step < setup.redirect_steps:
                stack.enter_context(redirecting_relu())
            seen = self._viewer(views, images, [place for group in chosen for place in group.places])
            values, responses = evaluate(chosen, seen)
            loss = -values.sum()  # the only minus sign: objectives are maximized
            gradients = torch.autograd.grad(loss, list(parts.values()), materialize_grads=True)
        self._keep(gradients, rows, whole)
        return images.detach(), values.detach(), responses

    def _part(self, rows: slice) -> dict[str, Tensor]:
        return {name: p[rows].detach().requires_grad_() for name, p in self._parameters.items()}

    def _keep(self, gradients: tuple[Tensor, ...], rows: slice, whole: bool) -> None:
        for (name, parameter), gradient in zip(self._parameters.items(), gradients, strict=True):
            if whole:
                self._gradients[name] = gradient
                continue
            if name not in self._gradients:
                self._gradients[name] = torch.zeros_like(parameter)
            self._gradients[name][rows] = gradient

    def _update(self) -> None:
        """The optimizer's step; an image whose gradient is once not finite stays as it is from then on."""
        sums = [gradient.flatten(1).sum(1) for gradient in self._gradients.values()]
        self._moving &= torch.stack(sums).isfinite().all(0)
        self._moves += self._moving
        self._optimizer.step(self._gradients, self._moving)
        self._gradients = {}

    def _too_large(self, group: Group) -> MemoryError:
        n, views = group.n_images, self.setup.recipe.views
        what = f"{n} image{'s' * (n != 1)} of {self.setup.size[0]}×{self.setup.size[1]} pixels"
        hint = "fewer n_images, " if n > 1 else ""
        hint += "a recipe with fewer views, " if views > 1 else ""
        return MemoryError(
            f"one step on {what} in {views} view{'s' * (views != 1)} each does not fit into memory, and the images of "
            f"a group cannot be separated: take {hint}a smaller size, an earlier layer, or precision='autocast'"
        )

    # -- what there is --------------------------------------------------------------------------

    @torch.no_grad()
    def images(self) -> Tensor:
        """The images as they are now, on the network's device."""
        pieces = [
            self.setup.images({name: p[start:stop] for name, p in self._parameters.items()})
            for start, stop in self.pieces()
        ]
        return torch.cat(pieces)

    def pieces(self) -> list[tuple[int, int]]:
        """(first, last + 1) of the images that fit into memory at once, groups kept together."""
        firsts = range(0, len(self.groups), self._at_once)
        stops = [min(first + self._at_once, len(self.groups)) for first in firsts]
        return [(int(self._ends[first]), int(self._ends[stop])) for first, stop in zip(firsts, stops, strict=True)]

    def history(self) -> np.ndarray:
        """float32, steps × images: the objectives."""
        return torch.stack(self._values).float().cpu().numpy()

    def dead(self) -> np.ndarray:
        """bool: images that moved in every step, and whose main term never changed."""
        responses = torch.stack(self._responses)
        unchanged = (responses == responses[0]).all(0) & (self._moves == self.step)
        return (unchanged & (len(responses) > 1)).cpu().numpy()

    def struck(self) -> dict[int, int]:
        """Image -> how many steps it made before its gradient was not finite."""
        return {i: moves for i, moves in enumerate(self._moves.tolist()) if moves < self.step}

    def park(self) -> None:
        """Move what is needed to go on to the CPU."""
        self._move(torch.device("cpu"))

    def unpark(self) -> None:
        """Move it back to where the network is."""
        self._move(self._device)

    def _move(self, device: torch.device) -> None:
        for parameter in self._parameters.values():
            parameter.data = parameter.data.to(device)
        self._optimizer.to(device)


def free_memory(device: torch.device) -> None:
    """Give back what nobody uses any more."""
    gc.collect()
    if device.type == "cuda":
        torch.cuda.empty_cache()


def out_of_memory(error: BaseException | None) -> bool:
    """Whether an error, or what caused it, says that memory is full, on an accelerator or on the CPU."""
    while error is not None:
        texts = ("can't allocate memory", "not enough memory")
        on_cpu = isinstance(error, RuntimeError) and any(text in str(error) for text in texts)
        if on_cpu or isinstance(error, torch.OutOfMemoryError):
            return True
        error = error.__cause__
    return False
