"""Objectives as data: weighted terms that add, subtract and scale, and what they look at.

An objective is *maximized*; the one minus sign stands in the loop that optimizes. Terms are frozen and know no
model: they read a *view* of what one image did in one step. Sums and products make new objectives and change
none; half-precision activations are summed in float32.
Axes: crop (the transformed copies of one image in one step), channel, height, width of the image; unit and the
layer's own height and width, or token.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Literal

import torch
from jaxtyping import Float
from torch import Tensor

Reading = Literal["mean", "neuron", "class_token", "logit"]


@dataclass(frozen=True)
class LayerView:
    """What the units of one layer did on the crops of one image; what the layer does not have is None.

    Attributes:
        maps: activation maps, also of tokens that lie on a grid.
        flat: one activation per unit, where there are no positions (for tokens on no grid, their mean).
        class_token: the class token's activations.
        tokens: all tokens in their order.
    """

    maps: Float[Tensor, "crop unit height width"] | None = None
    flat: Float[Tensor, "crop unit"] | None = None
    class_token: Float[Tensor, "crop unit"] | None = None
    tokens: Float[Tensor, "crop token unit"] | None = None


@dataclass(frozen=True)
class ImageView:
    """What one image did in one step.

    Attributes:
        image: the image before any transform, in [0, 1].
        activations: layer -> what its units did.
        logits: the model's output, one row per crop; None where it was not computed.
        place: where in its group the image stands, 0 (first, or alone) to 1 (last).
    """

    image: Float[Tensor, "channel height width"]
    activations: Mapping[str, LayerView]
    logits: Float[Tensor, "crop class_"] | None = None
    place: float = 0.0

    def layer(self, name: str) -> LayerView:
        """What a layer did.

        Raises:
            LookupError: if that layer was not read.
        """
        if name not in self.activations:
            read = ", ".join(self.activations) or "none"
            raise LookupError(f"the objective needs the layer {name!r}, but these were read: {read}")
        return self.activations[name]


class _AnyTerm:
    """What terms of one image and of a group have in common."""

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers the term reads."""
        return ()

    @property
    def needs_logits(self) -> bool:
        """Whether the term reads the model's output."""
        return False


class Term(_AnyTerm, ABC):
    """Something to see in one image; a frozen dataclass whose `str` names it."""

    @property
    def unit_of(self) -> tuple[str, int, Reading] | None:
        """(layer, unit, how it is read) where the term is a single unit, so that images can be scored; else None."""
        return None

    @abstractmethod
    def score(self, view: ImageView) -> Float[Tensor, ""]:
        """How much of it there is, averaged over the crops."""


class GroupTerm(_AnyTerm, ABC):
    """Something that couples the images of a group; a frozen dataclass whose `str` names it."""

    @abstractmethod
    def score(self, views: Sequence[ImageView]) -> Float[Tensor, ""]:
        """How much of it there is in the group."""


@dataclass(frozen=True)
class Objective:
    """A weighted sum of terms, to be maximized.

    `a + b`, `a - b`, `-a`, `2 * a`, `a / 2` and `sum([a, b])` are objectives again. `print` shows what is
    maximized: "unit 3 of features.12 − 0.1 × total variation".
    """

    terms: tuple[tuple[float, Term | GroupTerm], ...]

    @property
    def per_image(self) -> tuple[tuple[float, Term], ...]:
        """The weighted terms that look at one image."""
        return tuple((weight, term) for weight, term in self.terms if isinstance(term, Term))

    @property
    def coupled(self) -> tuple[tuple[float, GroupTerm], ...]:
        """The weighted terms that look at the images of a group together."""
        return tuple((weight, term) for weight, term in self.terms if isinstance(term, GroupTerm))

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers it reads, each once, in the order of the terms."""
        return tuple(dict.fromkeys(layer for _, term in self.terms for layer in term.layers))

    @property
    def needs_logits(self) -> bool:
        """Whether it reads the model's output."""
        return any(term.needs_logits for _, term in self.terms)

    @property
    def main(self) -> Term | None:
        """The first term, where it looks at one image: what the objective is about."""
        first = self.terms[0][1] if self.terms else None
        return first if isinstance(first, Term) else None

    @property
    def target(self) -> tuple[str, int, Reading] | None:
        """(layer, unit, how it is read) of the main term, None where that is no single unit."""
        return None if self.main is None else self.main.unit_of

    def score(self, view: ImageView) -> Float[Tensor, ""]:
        """The terms that look at one image, summed with their weights; coupled terms are left out.

        Raises:
            LookupError: if a layer was not read or has no such unit.
            ValueError: if a term does not fit the layer.
        """
        return weighted_sum([(weight, term.score(view)) for weight, term in self.per_image], view)

    def score_coupled(self, views: Sequence[ImageView]) -> Float[Tensor, ""]:
        """The coupled terms of a group, summed with their weights; 0 where there are none."""
        return weighted_sum([(weight, term.score(views)) for weight, term in self.coupled], views[0])

    def score_group(self, views: Sequence[ImageView]) -> Float[Tensor, ""]:
        """Everything: the images' own scores, summed, and what couples them."""
        return torch.stack([self.score(view) for view in views]).sum() + self.score_coupled(views)

    def __add__(self, other: "Objective") -> "Objective":
        """Maximize both."""
        if not isinstance(other, Objective):
            return NotImplemented
        return Objective(self.terms + other.terms)

    def __radd__(self, other: int) -> "Objective":
        """`sum` starts at 0; another number has no gradient and is refused."""
        return self if isinstance(other, int) and other == 0 else NotImplemented

    def __sub__(self, other: "Objective") -> "Objective":
        """Maximize the one, minimize the other."""
        return self + -other if isinstance(other, Objective) else NotImplemented

    def __mul__(self, factor: float | Real) -> "Objective":
        """Weigh every term `factor` times as much."""
        if not isinstance(factor, Real):
            return NotImplemented
        if not math.isfinite(factor):
            raise ValueError(f"expected a finite weight, got {factor}")
        return Objective(tuple((weight * float(factor), term) for weight, term in self.terms))

    __rmul__ = __mul__

    def __truediv__(self, divisor: float | Real) -> "Objective":
        """Weigh every term a `divisor`-th as much."""
        return self * (1 / float(divisor)) if isinstance(divisor, Real) else NotImplemented

    def __neg__(self) -> "Objective":
        """Minimize what was maximized."""
        return self * -1.0

    def __repr__(self) -> str:
        parts = [_describe(weight, term, first=i == 0) for i, (weight, term) in enumerate(self.terms)]
        return " ".join(parts) or "nothing"


def weighted_sum(scores: Sequence[tuple[float, Float[Tensor, ""]]], view: ImageView) -> Float[Tensor, ""]:
    """The sum of weight × score, on the view's device, 0 of nothing; a single score of weight 1 costs no operation."""
    parts = [score if weight == 1 else weight * score for weight, score in scores]
    if not parts:
        return torch.zeros((), device=view.image.device)
    return parts[0] if len(parts) == 1 else torch.stack(parts).sum()


def _describe(weight: float, term: Term | GroupTerm, *, first: bool) -> str:
    """A term with its sign and weight, as part of a sum."""
    sign = ("−" if weight < 0 else "") if first else ("− " if weight < 0 else "+ ")
    return f"{sign}{term}" if abs(weight) == 1 else f"{sign}{abs(weight):g} × {term}"
