"""What overlap a unit and a concept would have if they knew nothing of each other.

Axes: whatever the arguments share.
"""

import torch
from jaxtyping import Float64, Int64
from torch import Tensor


def independent_iou(
    unit_share: Float64[Tensor, "*axes"], concept_share: Float64[Tensor, "*axes"]
) -> Float64[Tensor, "*axes"]:
    """Compute the IoU of two independent masks over many pixels: p·q / (p + q − p·q).

    Args:
        unit_share: p, share of the pixels at which the unit is on, 0 to 1.
        concept_share: q, share of the pixels of the concept, 0 to 1.

    Returns:
        IoU, 0 where both are empty.

    Raises:
        ValueError: if the shapes differ, or a share is outside 0 to 1.
    """
    if unit_share.shape != concept_share.shape:
        raise ValueError(
            f"expected shares of one shape, got {tuple(unit_share.shape)} and {tuple(concept_share.shape)}"
        )
    for share in (unit_share, concept_share):
        if share.numel() and not bool(((share >= 0) & (share <= 1)).all()):
            raise ValueError(f"shares must be 0 to 1, got {float(share.min())} to {float(share.max())}")
    both = unit_share * concept_share
    either = unit_share + concept_share - both
    return both / torch.where(either == 0, 1.0, either)


def other_images(n_images: int, *, generator: torch.Generator | None = None) -> Int64[Tensor, " image"]:
    """Draw for each image another one, each taken once: whose masks to compare with, for a level of chance.

    A permutation that is a single cycle, uniform among those: no image keeps its own masks. Maps and masks keep what
    they have in common wherever they come from (more of the sky above, say), which p·q / (p + q − p·q) ignores.

    Args:
        n_images: at least 2.
        generator: on the CPU; None takes the global one.

    Returns:
        Numbers of images, on the CPU.

    Raises:
        ValueError: if there are fewer than two images.
    """
    if n_images < 2:
        raise ValueError(f"there is no other image: at least 2 are needed, got {n_images}")
    order = torch.randperm(n_images, generator=generator)
    others = torch.empty_like(order)
    others[order] = order.roll(1)
    return others
