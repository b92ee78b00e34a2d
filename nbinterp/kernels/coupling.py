"""Terms that couple the images of a group: how alike they are, and how far neighbours lie apart.

Both are positive and meant to be subtracted. Formulas after Lucid's objectives (Olah, Mordvintsev, Schubert,
"Feature Visualization", Distill 2017).
Axes: image, unit, position (height, width and crops, flattened), other.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from .objectives_algebra import GroupTerm, ImageView

_REACH = 4  # how many neighbours on are compared
_TINY = 1e-20


@dataclass(frozen=True)
class DiversityTerm(GroupTerm):
    """How alike the images' Gram matrices are: Σ_a Σ_{b≠a} ⟨G_a, G_b⟩ / n, for n images.

    G is the units' second moments over positions and crops, unit × unit, scaled to norm 1: so it is 0 for
    images that share nothing, n - 1 for images that are all the same, and 0 for one image.
    """

    layer: str

    @property
    def layers(self) -> tuple[str, ...]:
        return (self.layer,)

    def score(self, views: Sequence[ImageView]) -> Float[Tensor, ""]:
        features = torch.stack([_features(view, self.layer) for view in views])
        products = _gram_products(features)
        norms = products.diagonal().clamp(min=_TINY).sqrt()
        cosines = products / (norms[:, None] * norms)
        return (cosines.sum() - cosines.diagonal().sum()) / len(views)

    def __str__(self) -> str:
        return f"likeness in {self.layer}"


@dataclass(frozen=True)
class AlignmentTerm(GroupTerm):
    """Mean squared differences between images 1 to 4 places apart in the group, weighted 2^-places, summed.

    Compared are the images themselves, or what a layer does (the mean over an image's crops).
    """

    layer: str | None

    @property
    def layers(self) -> tuple[str, ...]:
        return () if self.layer is None else (self.layer,)

    def score(self, views: Sequence[ImageView]) -> Float[Tensor, ""]:
        rows = torch.stack([self._compared(view) for view in views])
        total = rows.new_zeros(())
        for places in range(1, min(_REACH, len(views) - 1) + 1):
            squares = (rows[places:] - rows[:-places]).square().flatten(1)
            total = total + squares.mean(1).sum() * 2.0**-places
        return total

    def _compared(self, view: ImageView) -> Float[Tensor, "..."]:
        if self.layer is None:
            return view.image.float()
        seen = view.layer(self.layer)
        values = seen.maps if seen.maps is not None else seen.flat
        if values is None:
            raise ValueError(f"the layer {self.layer!r} has no activations to compare")
        return values.float().mean(0)

    def __str__(self) -> str:
        return f"distance of neighbours in {'the image' if self.layer is None else self.layer}"


def _features(view: ImageView, layer: str) -> Float[Tensor, "unit position"]:
    """A layer's activations on one image, scaled to norm 1 (all 0 stays 0)."""
    maps = view.layer(layer).maps
    if maps is None:
        raise ValueError(
            f"diversity compares activation maps, and {layer!r} has no positions: name a convolutional layer "
            "before it, objectives.diversity(layer)"
        )
    rows = maps.float().transpose(0, 1).flatten(1)
    return rows / torch.linalg.vector_norm(rows).clamp(min=_TINY)


def _gram_products(features: Float[Tensor, "image unit position"]) -> Float[Tensor, "image other"]:
    """⟨G_a, G_b⟩ of all pairs, where G = F Fᵀ: by the Gram matrices, or as ‖F_aᵀ F_b‖² where that is smaller."""
    n, n_units, n_positions = features.shape
    if n_units <= n_positions:
        grams = (features @ features.mT).flatten(1)
        return grams @ grams.T
    columns = features.transpose(1, 2).reshape(n * n_positions, n_units)
    squares = (columns @ columns.T).square()
    return squares.reshape(n, n_positions, n, n_positions).sum((1, 3))
