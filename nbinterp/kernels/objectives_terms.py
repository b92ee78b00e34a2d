"""Terms that read a model: units, neurons, logits, whole layers.

Units are read in every kind of layer: averaged over the positions of a map, over a transformer's patch tokens,
or as they are where there are no positions. Axes: crop, unit, height, width, position.
"""

from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor

from .objectives_algebra import ImageView, LayerView, Reading, Term


@dataclass(frozen=True)
class LayerTerm(Term):
    """A term that reads one layer."""

    layer: str

    @property
    def layers(self) -> tuple[str, ...]:
        return (self.layer,)


@dataclass(frozen=True)
class UnitTerm(LayerTerm):
    """One unit, averaged over positions."""

    unit: int

    @property
    def unit_of(self) -> tuple[str, int, Reading]:
        return self.layer, self.unit, "mean"

    def score(self, view: ImageView) -> Float[Tensor, ""]:
        return _unit(values_of(view.layer(self.layer), self.layer), self.unit, self.layer).float().mean()

    def __str__(self) -> str:
        return f"unit {self.unit} of {self.layer}"


@dataclass(frozen=True)
class NeuronTerm(LayerTerm):
    """One unit at one position; None is the middle."""

    unit: int
    y: int | None
    x: int | None

    @property
    def unit_of(self) -> tuple[str, int, Reading]:
        return self.layer, self.unit, "neuron"

    def score(self, view: ImageView) -> Float[Tensor, ""]:
        there = at_position(view.layer(self.layer), self.layer, self.y, self.x)
        return _unit(there, self.unit, self.layer).float().mean()

    def __str__(self) -> str:
        where = "" if self.y is None and self.x is None else f" at {place_name(self.y)}, {place_name(self.x)}"
        return f"neuron {self.unit} of {self.layer}{where}"


@dataclass(frozen=True)
class ClassTokenTerm(LayerTerm):
    """One unit of a transformer's class token."""

    unit: int

    @property
    def unit_of(self) -> tuple[str, int, Reading]:
        return self.layer, self.unit, "class_token"

    def score(self, view: ImageView) -> Float[Tensor, ""]:
        token = view.layer(self.layer).class_token
        if token is None:
            raise ValueError(f"the layer {self.layer!r} has no class token: take `unit` or `neuron` for its positions")
        return _unit(token, self.unit, self.layer).float().mean()

    def __str__(self) -> str:
        return f"class token's unit {self.unit} of {self.layer}"


@dataclass(frozen=True)
class LogitTerm(Term):
    """One class's output, before any softmax."""

    class_index: int

    @property
    def needs_logits(self) -> bool:
        return True

    @property
    def unit_of(self) -> tuple[str, int, Reading]:
        return "logits", self.class_index, "logit"

    def score(self, view: ImageView) -> Float[Tensor, ""]:
        if view.logits is None:
            raise LookupError("the objective needs the model's logits, but they were not computed")
        n_classes = view.logits.shape[1]
        if not 0 <= self.class_index < n_classes:
            raise IndexError(f"expected a class from 0 to {n_classes - 1}, got {self.class_index}")
        return view.logits[:, self.class_index].float().mean()

    def __str__(self) -> str:
        return f"logit of class {self.class_index}"


@dataclass(frozen=True)
class DeepDreamTerm(LayerTerm):
    """The mean square of a layer: whatever is there, more of it."""

    def score(self, view: ImageView) -> Float[Tensor, ""]:
        return values_of(view.layer(self.layer), self.layer).float().square().mean()

    def __str__(self) -> str:
        return f"all of {self.layer}"


@dataclass(frozen=True)
class InterpolationTerm(LayerTerm):
    """Two units of a layer, blended by where the image stands in its group."""

    first: int
    last: int

    def score(self, view: ImageView) -> Float[Tensor, ""]:
        values = values_of(view.layer(self.layer), self.layer)
        first, last = (_unit(values, unit, self.layer).float().mean() for unit in (self.first, self.last))
        return (1 - view.place) * first + view.place * last

    def __str__(self) -> str:
        return f"units {self.first} to {self.last} of {self.layer}"


def at_position(seen: LayerView, layer: str, y: int | None, x: int | None) -> Float[Tensor, "crop unit"]:
    """The activations of all units at one position, None being the middle (lower right of a central four).

    Raises:
        ValueError: if the layer has no positions.
        IndexError: if the position lies outside.
    """
    if seen.maps is None:
        raise ValueError(f"the layer {layer!r} has no positions: take `unit` for a whole unit of it")
    height, width = seen.maps.shape[2:]
    row, column = height // 2 if y is None else y, width // 2 if x is None else x
    if not (0 <= row < height and 0 <= column < width):
        raise IndexError(
            f"position ({row}, {column}) lies outside the {height}×{width} positions of {layer!r}: "
            f"rows run from 0 to {height - 1}, columns from 0 to {width - 1}"
        )
    return seen.maps[:, :, row, column]


def values_of(seen: LayerView, layer: str) -> Float[Tensor, "crop unit *position"]:
    """A layer's activations at all its positions, of whatever kind it is."""
    values = seen.maps if seen.maps is not None else seen.flat
    if values is None:
        raise ValueError(f"the layer {layer!r} has neither activation maps nor one activation per unit")
    return values


def _unit(values: Float[Tensor, "crop unit *position"], unit: int, layer: str) -> Float[Tensor, "..."]:
    """One unit's activations."""
    n_units = values.shape[1]
    if not 0 <= unit < n_units:
        raise IndexError(f"the layer {layer!r} has {n_units} units: expected 0 to {n_units - 1}, got {unit}")
    return values[:, unit]


def place_name(index: int | None) -> str:
    """A row or column, as it is read out."""
    return "the middle" if index is None else str(index)
