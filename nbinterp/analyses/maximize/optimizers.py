"""Adam and NAdam for many images at once, each of which can be left out of a step.

Kingma and Ba, arXiv:1412.6980; Dozat, ICLR workshop 2016, in the form of `torch.optim.NAdam` (momentum decay 0.004).
Why not `torch.optim`: there a step takes all rows of a tensor or none, and its first use imports the compiler, which
takes seconds. The numbers are the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor

BETA1, BETA2, EPSILON, MOMENTUM_DECAY = 0.9, 0.999, 1e-8, 0.004


@dataclass(eq=False)
class Optimizer:
    """Moves parameters along their gradients, downhill.

    Args:
        kind: "adam" or "nadam".
        learning_rate: its step size.
        parameters: name -> tensor, changed in place; the leading axis is the image.
    """

    kind: str
    learning_rate: float
    parameters: Mapping[str, Tensor]
    step_number: int = 0
    _mean: dict[str, Tensor] = field(default_factory=dict)
    _square: dict[str, Tensor] = field(default_factory=dict)
    _sizes: dict[str, Tensor] = field(default_factory=dict)  # kept as memory only: new memory costs more than a sum
    _product: float = 1.0  # of NAdam's momenta

    def __post_init__(self) -> None:
        self._mean = {name: torch.zeros_like(p) for name, p in self.parameters.items()}
        self._square = {name: torch.zeros_like(p) for name, p in self.parameters.items()}

    @torch.no_grad()
    def step(self, gradients: Mapping[str, Tensor], moving: Tensor) -> None:
        """Make one step.

        Args:
            gradients: of each parameter.
            moving: bool, one per image: False leaves that image as it is, whatever its gradient.
        """
        self.step_number += 1
        of_gradient, of_mean = self._factors()
        correction = (1 - BETA2**self.step_number) ** 0.5
        all_move = moving.device.type == "cpu" and bool(moving.all())  # an accelerator would have to be waited for
        for name, parameter in self.parameters.items():
            gradient, mean, square = gradients[name], self._mean[name], self._square[name]
            mean.lerp_(gradient, 1 - BETA1)
            square.mul_(BETA2).addcmul_(gradient, gradient, value=1 - BETA2)
            size = self._sizes.setdefault(name, torch.empty(0, device=square.device, dtype=square.dtype))
            torch.sqrt(square, out=size.resize_(square.shape))
            size.add_(EPSILON * correction)  # the rest of the correction is in the factors
            pushes = [(mean, of_mean), (gradient, of_gradient)] if of_gradient else [(mean, of_mean)]
            if not all_move:
                still = ~moving.reshape(-1, *[1] * (parameter.ndim - 1))
                size.masked_fill_(still, 1)
                pushes = [(push.masked_fill(still, 0), factor) for push, factor in pushes]
            for push, factor in pushes:
                parameter.addcdiv_(push, size, value=factor * correction)

    def _factors(self) -> tuple[float, float]:
        """What gradient and mean gradient count in this step."""
        t = self.step_number
        if self.kind == "adam":
            return 0.0, -self.learning_rate / (1 - BETA1**t)
        momentum, following = (BETA1 * (1 - 0.5 * 0.96 ** (s * MOMENTUM_DECAY)) for s in (t, t + 1))
        self._product *= momentum
        of_gradient = -self.learning_rate * (1 - momentum) / (1 - self._product)
        return of_gradient, -self.learning_rate * following / (1 - self._product * following)

    def to(self, device: torch.device) -> None:
        """Move what it remembers to another device."""
        self._sizes = {}
        for memory in (self._mean, self._square):
            for name, values in memory.items():
                memory[name] = values.to(device)
