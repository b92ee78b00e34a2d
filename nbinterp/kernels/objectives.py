"""What to maximize: units, neurons, directions, logits, whole layers, and penalties to subtract.

Each function returns an `Objective`; objectives add, subtract and scale:

    unit("layer3", 7) - 0.1 * total_variation()
    neuron("layer3", 7) + neuron("layer3", 12)
    logit(3) - diversity("layer4")

Formulas after Lucid (Olah, Mordvintsev, Schubert, "Feature Visualization", Distill 2017; Carter et al.,
"Activation Atlas", Distill 2019; its code), with departures where stated. Whether a unit exists shows when the
model has run: then an `IndexError` says how many there are.
Axes: unit, and the layer's height and width.
"""

import math
import operator
from typing import SupportsIndex

from jaxtyping import Float
from torch import Tensor

from .coupling import AlignmentTerm, DiversityTerm
from .objectives_algebra import GroupTerm as GroupTerm
from .objectives_algebra import ImageView as ImageView
from .objectives_algebra import LayerView as LayerView
from .objectives_algebra import Objective as Objective
from .objectives_algebra import Reading as Reading
from .objectives_algebra import Term as Term
from .objectives_directions import DirectionTerm, MatchTerm, NeuronDirectionTerm
from .objectives_penalties import BoundaryTerm, L1Term, L2Term, TotalVariationTerm
from .objectives_terms import ClassTokenTerm, DeepDreamTerm, InterpolationTerm, LogitTerm, NeuronTerm, UnitTerm


def unit(layer: str, unit: SupportsIndex) -> Objective:
    """One unit, averaged over its positions: a transformer's patch tokens, or the activation itself without any."""
    return _only(UnitTerm(layer, _index(unit, "unit")))


def neuron(
    layer: str, unit: SupportsIndex, y: SupportsIndex | None = None, x: SupportsIndex | None = None
) -> Objective:
    """One unit at one position, also one patch of a transformer.

    Args:
        layer: name of the layer.
        unit: which unit.
        y: row of the layer's map; None is the middle, of an even number the lower of the two.
        x: column, likewise the right of the two.
    """
    return _only(NeuronTerm(layer, _index(unit, "unit"), _position(y), _position(x)))


def class_token(layer: str, unit: SupportsIndex) -> Objective:
    """One unit of a transformer's class token."""
    return _only(ClassTokenTerm(layer, _index(unit, "unit")))


def logit(class_index: SupportsIndex) -> Objective:
    """A class's output before the softmax, which makes better images than its probability does."""
    return _only(LogitTerm(_index(class_index, "class_index")))


def direction(layer: str, vector: Float[Tensor, " unit"]) -> Objective:
    """The dot product of the activations with a vector, one number per unit, averaged over positions."""
    return _only(DirectionTerm(layer, _vector(vector), 0.0))


def direction_cosine(layer: str, vector: Float[Tensor, " unit"], power: float | int = 2) -> Objective:
    """Dot product × max(0.1, cosine)^power at every position, averaged.

    The cosine is the true one, (h·v) / ((‖h‖ + ε)(‖v‖ + ε)) with ε = 1e-4; Lucid's atlas recipe leaves ‖v‖ out.

    Args:
        layer: name of the layer.
        vector: one number per unit.
        power: how much the angle counts against the length; 0 is `direction`.
    """
    return _only(DirectionTerm(layer, _vector(vector), _power(power)))


def neuron_direction(
    layer: str,
    vector: Float[Tensor, " unit"],
    y: SupportsIndex | None = None,
    x: SupportsIndex | None = None,
    power: float | int = 0,
) -> Objective:
    """`direction_cosine` at one position, that of `neuron`."""
    return _only(NeuronDirectionTerm(layer, _vector(vector), _power(power), _position(y), _position(x)))


def deepdream(layer: str) -> Objective:
    """The mean square of all of a layer's activations."""
    return _only(DeepDreamTerm(layer))


def match(layer: str, target: Tensor, power: float | int = 0, true_cosine: bool = True) -> Objective:
    """Given activations of a layer, in a stronger image of the same (caricature, feature inversion).

    The score is D · max(0.1, cosine)^power with D = Σ a·target over the whole layer. Departure from Lucid: the
    target is fixed, where Lucid sends the photograph through the transforms beside the image.

    Args:
        layer: name of the layer.
        target: its activations on the image to match, without a batch axis: units × height × width, one per unit,
            or tokens × units.
        power: how much the angle counts against the length.
        true_cosine: divide D by both norms; False as in Lucid's code, by ‖target‖ + 1e-6 alone.
    """
    if not target.is_floating_point() or target.numel() == 0 or not bool(target.isfinite().all()):
        raise ValueError(f"expected a target of finite activations, got {target.dtype} of shape {tuple(target.shape)}")
    return _only(MatchTerm(layer, target.detach().clone(), _power(power), true_cosine))


def interpolation(layer: str, first: SupportsIndex, last: SupportsIndex) -> Objective:
    """Two units, blended: the first image of a group shows `first`, the last `last`, the others a mixture."""
    return _only(InterpolationTerm(layer, _index(first, "first"), _index(last, "last")))


def l1(level: float | int = 0.5) -> Objective:
    """Mean absolute distance of the image's values from `level`; subtract it."""
    return _only(L1Term(_level(level)))


def l2(level: float | int = 0.5) -> Objective:
    """Mean squared distance of the image's values from `level`; subtract it. (Lucid takes the root of the sum.)"""
    return _only(L2Term(_level(level)))


def total_variation() -> Objective:
    """Absolute differences between neighbouring pixels, per value of the image; subtract it."""
    return _only(TotalVariationTerm())


def boundary(width_px: SupportsIndex) -> Objective:
    """Detail and colour in a frame of that width, 1 pixel or more, round the image; subtract it."""
    if _index(width_px, "width_px") < 1:
        raise ValueError(f"expected a frame at least 1 pixel wide, got {width_px}")
    return _only(BoundaryTerm(_index(width_px, "width_px")))


def diversity(layer: str) -> Objective:
    """How alike the images of a group are in a layer with positions: 0 to n - 1 for n images; subtract it."""
    return _only(DiversityTerm(layer))


def alignment(layer: str | None = None) -> Objective:
    """How far neighbours in a group lie apart, in a layer or (None) as images; subtract it.

    Transforms are drawn per image: what they move apart counts too when a layer is compared, not with None.
    """
    return _only(AlignmentTerm(layer))


def _only(term: Term | GroupTerm) -> Objective:
    return Objective(((1.0, term),))


def _index(value: SupportsIndex, name: str) -> int:
    """A whole number from 0 on (also numpy's), negative ones refused: they would count from the end."""
    try:
        index = operator.index(value)
    except TypeError:
        raise ValueError(f"expected a whole number for {name}, got {value!r}") from None
    if index < 0 or isinstance(value, bool):
        raise ValueError(f"expected {name} to be 0 or more, got {value!r}")
    return index


def _position(value: SupportsIndex | None) -> int | None:
    return None if value is None else _index(value, "position")


def _power(value: float | int) -> float:
    if not (math.isfinite(value) and value >= 0):
        raise ValueError(f"expected a power of at least 0, got {value}")
    return float(value)


def _level(value: float | int) -> float:
    if not 0 <= value <= 1:
        raise ValueError(f"expected a level from 0 to 1, got {value}")
    return float(value)


def _vector(vector: Float[Tensor, " unit"]) -> Float[Tensor, " unit"]:
    """A private copy of a direction, refused where it is none."""
    if vector.ndim != 1 or not vector.is_floating_point():
        raise ValueError(f"expected a vector of numbers, one per unit, got {vector.dtype} of {tuple(vector.shape)}")
    if not bool(vector.isfinite().all()) or not bool(vector.any()):
        raise ValueError("expected a direction of finite numbers, not all of them 0")
    return vector.detach().clone()
