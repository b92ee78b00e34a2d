"""Terms that compare a layer with given activations: directions, and whole layers to match.

Formulas after Lucid's `direction`, caricature and activation atlas (Carter et al., Distill 2019), with the true
cosine. Axes: crop, unit, height, width, position.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from .objectives_algebra import ImageView
from .objectives_terms import LayerTerm, at_position, place_name, values_of

_FLOOR = 0.1  # of the cosine: below it the direction pulls on its own
_EPSILON = 1e-4


@dataclass(frozen=True, eq=False)
class DirectionTerm(LayerTerm):
    """The dot product of every position's activations with a vector, averaged; × max(0.1, cosine)^power."""

    vector: Float[Tensor, " unit"]
    power: float

    def score(self, view: ImageView) -> Float[Tensor, ""]:
        return _along(values_of(view.layer(self.layer), self.layer), self.vector, self.power, self.layer)

    def __str__(self) -> str:
        return f"direction in {self.layer}{_cosine_note(self.power)}"


@dataclass(frozen=True, eq=False)
class NeuronDirectionTerm(LayerTerm):
    """The same at one position."""

    vector: Float[Tensor, " unit"]
    power: float
    y: int | None
    x: int | None

    def score(self, view: ImageView) -> Float[Tensor, ""]:
        there = at_position(view.layer(self.layer), self.layer, self.y, self.x)
        return _along(there, self.vector, self.power, self.layer)

    def __str__(self) -> str:
        return f"direction in {self.layer} at {place_name(self.y)}, {place_name(self.x)}{_cosine_note(self.power)}"


@dataclass(frozen=True, eq=False)
class MatchTerm(LayerTerm):
    """The dot product of a whole layer with given activations × max(0.1, cosine)^power."""

    target: Float[Tensor, "*axes"]
    power: float
    true_cosine: bool

    def score(self, view: ImageView) -> Float[Tensor, ""]:
        seen = view.layer(self.layer)
        values = seen.tokens if seen.tokens is not None and self.target.ndim == 2 else values_of(seen, self.layer)
        if values.shape[1:] != self.target.shape:
            raise ValueError(
                f"the target of {self.layer!r} has the shape {tuple(self.target.shape)}, its activations "
                f"{tuple(values.shape[1:])}: take the target from the same layer, at the size of the images made"
            )
        rows, target = values.float().flatten(1), self.target.to(values.device).float().flatten()
        dot, norm = rows @ target, target.norm()
        scale = (rows.norm(dim=1) + _EPSILON) * (norm + _EPSILON) if self.true_cosine else norm + 1e-6
        return _with_cosine(dot, scale, self.power).mean()

    def __str__(self) -> str:
        return f"given activations of {self.layer}{_cosine_note(self.power)}"


def _along(
    values: Float[Tensor, "crop unit *position"], vector: Float[Tensor, " unit_"], power: float, layer: str
) -> Float[Tensor, ""]:
    """The mean over positions of dot × max(0.1, cosine)^power."""
    if len(vector) != values.shape[1]:
        raise ValueError(
            f"a direction in {layer!r} needs {values.shape[1]} numbers, one per unit, got a vector of {len(vector)}"
        )
    values, vector = values.float(), vector.to(values.device).float()
    dot = torch.einsum("cu...,u->c...", values, vector)
    if power == 0:
        return dot.mean()
    scale = (torch.linalg.vector_norm(values, dim=1) + _EPSILON) * (vector.norm() + _EPSILON)
    return _with_cosine(dot, scale, power).mean()


def _with_cosine(dot: Float[Tensor, "*axes"], scale: Float[Tensor, "..."], power: float) -> Float[Tensor, "*axes"]:
    return dot if power == 0 else dot * (dot / scale).clamp(min=_FLOOR) ** power


def _cosine_note(power: float) -> str:
    return f" (dot × cosine^{power:g})" if power else ""
