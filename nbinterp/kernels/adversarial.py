"""Adversarial images: projected gradient descent towards a wrong answer, within a small distance of the image.

Madry, Makelov, Schmidt, Tsipras, Vladu, ICLR 2018, arXiv:1706.06083, with the L2 step along the normalized gradient.
Axes: batch, channel, height, width.
"""

from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor

Gradient = Callable[[Tensor], Tensor]
NORMS = ("l2", "linf")


def pgd(
    images: Float[Tensor, "batch channel height width"],
    gradient: Gradient,
    *,
    epsilon: float,
    step: float,
    steps: int,
    norm: str = "l2",
    on_step: Callable[[int], None] | None = None,
) -> Float[Tensor, "batch channel height width"]:
    """Move images down a loss, without leaving [0, 1] or the ball of radius `epsilon` round each.

    There is no random start: the same images give the same answer.

    Args:
        images: values in [0, 1].
        gradient: images -> gradient of the loss at each; where it is all 0, the image stays as it is.
        epsilon: greatest distance of an image from the original: the norm over all its values, above 0.
        step: distance moved in one step: for "l2" along the gradient, for "linf" along its sign, above 0.
        steps: how many, at least 1.
        norm: "l2" or "linf".
        on_step: called with the number of steps done; what it raises ends the work.

    Returns:
        New images.

    Raises:
        ValueError: a setting out of range, or images outside [0, 1].
    """
    if norm not in NORMS:
        raise ValueError(f"norm must be one of {', '.join(map(repr, NORMS))}, got {norm!r}")
    if not (epsilon > 0 and step > 0 and steps >= 1):
        raise ValueError(f"epsilon and step must be above 0 and steps at least 1; got {epsilon}, {step} and {steps}")
    if images.numel() and not (float(images.min()) >= 0 and float(images.max()) <= 1):
        raise ValueError(f"images must lie in [0, 1]; got {float(images.min()):g} to {float(images.max()):g}")
    moved = images.clone()
    for number in range(steps):
        slope = gradient(moved)
        moved = moved - step * (unit_length(slope) if norm == "l2" else slope.sign())
        # straight back to the image: so a point of the ball outside [0, 1] stays in the ball when it is clipped
        moved = (images + within(moved - images, epsilon, norm)).clamp(0, 1)
        if on_step is not None:
            on_step(number + 1)
    return moved


def unit_length(values: Float[Tensor, "batch ..."]) -> Float[Tensor, "batch ..."]:
    """Each item divided by its L2 norm; 0 stays 0."""
    norms = values.flatten(1).norm(dim=1).reshape(-1, *[1] * (values.ndim - 1))
    return torch.where(norms > 0, values / norms.where(norms > 0, 1.0), 0.0)


def within(change: Float[Tensor, "batch ..."], epsilon: float, norm: str) -> Float[Tensor, "batch ..."]:
    """Each item brought back onto the ball of radius `epsilon` if it is outside: the nearest point of it."""
    if norm == "linf":
        return change.clamp(-epsilon, epsilon)
    norms = change.flatten(1).norm(dim=1).reshape(-1, *[1] * (change.ndim - 1))
    return torch.where(norms > epsilon, change * (epsilon / norms.clamp(min=epsilon)), change)
