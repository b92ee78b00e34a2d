"""From a layer's output to its units: which axis is the feature axis, and where tokens lie in the image.

A unit is an index of the feature axis. The rules, by the shape of the output:

* `B×U` is "flat".
* `B×U×H×W` is "maps"; so is `B×H×W×U`, the order inside Swin and ConvNeXt. Which of the two it is
  follows from the modules: going back through the layer's own parts, and then through the modules
  registered before it, the first whose width fits decides. A convolution, batch norm or pooling says
  that axis 1 holds the units; a `Linear`, `LayerNorm` or `MultiheadAttention` of width U says that the axis
  of size U does (the last, if both have that size); torchvision's `Permute` says it by its axes. If
  nothing fits, axis 1 it is.
* `B×T×U` is "tokens" (`B×U×T` when it comes out of a one-dimensional convolution). Tokens lie on a grid of
  image patches, after 0, 1 (class token), 2 (class and distillation) or 5 (class and four registers) others;
  the first of these for which the rest fill a grid of the image's proportions is taken (patches that divide
  the image exactly are tried before others). The class token is the first token.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, isqrt
from typing import Literal

from jaxtyping import Float
from torch import Tensor, nn

from ._errors import ModelError
from ._outputs import shape_text

Kind = Literal["maps", "flat", "tokens"]
EXTRA_TOKENS = (0, 1, 2, 5)


@dataclass(frozen=True)
class UnitActivations:
    """What the units of one layer did on one batch.

    Attributes:
        kind: "maps" (a value per unit and position), "flat" (a value per unit) or "tokens" (from a transformer).
        maps: activation maps, for "maps" and for "tokens" that lie on a grid; else None.
        flat: the activations of a "flat" layer; for tokens that lie on no grid, their mean over the tokens; else None.
        class_token: the class token's activations, where there is one.
        tokens: for "tokens", all of them in their order, class token included.
    """

    kind: Kind
    maps: Float[Tensor, "batch unit height width"] | None = None
    flat: Float[Tensor, "batch unit"] | None = None
    class_token: Float[Tensor, "batch unit"] | None = None
    tokens: Float[Tensor, "batch token unit"] | None = None

    @property
    def n_units(self) -> int:
        """How many units the layer has."""
        values = self.maps if self.maps is not None else self.flat
        assert values is not None
        return values.shape[1]


@dataclass(frozen=True)
class _Witness:
    """What one module says about the feature axis of an output nearby."""

    width: int | None  # number of units it works on; None fits anything
    last: bool  # whether units are on the last axis (of a 4-D output)
    by_shape: bool  # whether the width alone decides when it fits one axis only
    spatial: bool = False  # a convolution over positions


def unit_axis(root: nn.Module, layer: nn.Module, output: Tensor) -> int:
    """The axis of a 3-D or 4-D `output` of `layer` (a part of `root`) that holds the units: 1 or -1."""
    if output.ndim == 3:
        return 1 if isinstance(layer, nn.Conv1d | nn.ConvTranspose1d | nn.BatchNorm1d) else -1
    own = [seen for part in reversed(list(layer.modules())) if (seen := _witness(part)) is not None]
    for seen in own:
        if (axis := _axis_by(seen, output, any(w.spatial for w in own))) is not None:
            return axis
    for part in _modules_before(root, layer):
        if (seen := _witness(part)) is not None and (axis := _axis_by(seen, output, False)) is not None:
            return axis
    return 1


def _axis_by(seen: _Witness, output: Tensor, among_convolutions: bool) -> int | None:
    if seen.width is None:
        return -1 if seen.last else 1
    first_fits, last_fits = output.shape[1] == seen.width, output.shape[-1] == seen.width
    if first_fits and last_fits:
        return -1 if seen.last and not among_convolutions else 1
    if first_fits and (seen.by_shape or not seen.last):
        return 1
    return -1 if last_fits and seen.last else None


def _modules_before(root: nn.Module, layer: nn.Module) -> Iterable[nn.Module]:
    modules = list(root.modules())
    place = next((i for i, part in enumerate(modules) if part is layer), 0)
    return reversed(modules[:place])


def _witness(part: nn.Module) -> _Witness | None:
    if isinstance(part, nn.modules.conv._ConvNd):
        return _Witness(part.out_channels, last=False, by_shape=False, spatial=max(part.kernel_size) > 1)
    if isinstance(part, nn.modules.batchnorm._NormBase):
        return _Witness(part.num_features, last=False, by_shape=False)
    if isinstance(part, nn.GroupNorm):
        return _Witness(part.num_channels, last=False, by_shape=False)
    if isinstance(part, nn.Linear):
        return _Witness(part.out_features, last=True, by_shape=True)
    if isinstance(part, nn.MultiheadAttention):
        return _Witness(part.embed_dim, last=True, by_shape=True)
    if isinstance(part, nn.LayerNorm) and len(part.normalized_shape) == 1:
        # a subclass with a forward of its own is the "LayerNorm2d" that permutes and permutes back
        plain = type(part).forward is nn.LayerNorm.forward
        return _Witness(int(part.normalized_shape[0]), last=plain, by_shape=True)
    return _witness_by_kind(part)


def _witness_by_kind(part: nn.Module) -> _Witness | None:
    dims = getattr(part, "dims", None)
    if type(part).__name__ == "Permute" and isinstance(dims, list | tuple) and len(dims) == 4:
        return _Witness(None, last=list(dims) == [0, 2, 3, 1], by_shape=False)
    pools = nn.MaxPool2d | nn.AvgPool2d | nn.AdaptiveAvgPool2d | nn.AdaptiveMaxPool2d
    return _Witness(None, last=False, by_shape=False) if isinstance(part, pools) else None


def read_units(
    root: nn.Module, layer: nn.Module, name: str, output: Tensor, n_images: int, image_size: tuple[int, int] | None
) -> UnitActivations:
    """The units in `output` of the layer `name`, by the rules at the head of this file.

    Args:
        root: the model, whose modules tell where the feature axis is.
        layer: the module that gave `output`.
        name: how the layer is called in messages.
        output: what it gave.
        n_images: size of the batch the model was given.
        image_size: height and width of the model's input in pixels, for the proportions of a token grid.

    Raises:
        ModelError: the output is not real-valued, has no batch axis of `n_images`, or a shape without a rule.
    """
    _check_readable(name, output, n_images)
    if output.ndim == 2:
        return UnitActivations("flat", flat=output)
    if unit_axis(root, layer, output) == -1:
        if output.ndim == 4:
            return UnitActivations("maps", maps=output.permute(0, 3, 1, 2))
        return _read_tokens(output, image_size)
    return UnitActivations("maps", maps=output) if output.ndim == 4 else _read_tokens(output.mT, image_size)


def as_given(units: UnitActivations, output: Tensor) -> Tensor:
    """The `output` of which `units` was read, computed from them: so gradients reach `maps`, `flat` or `tokens`."""
    if units.kind == "maps" and units.maps is not None and units.maps is not output:
        return units.maps.permute(0, 2, 3, 1)
    if units.kind == "tokens" and units.tokens is not None and units.tokens is not output:
        return units.tokens.mT
    return output


def _check_readable(name: str, output: Tensor, n_images: int) -> None:
    shape = shape_text(output.shape)
    if output.ndim not in (2, 3, 4):
        raise ModelError(
            f"layer '{name}' gives a tensor of shape {shape}. Units can be read from batch×unit, batch×token×unit "
            "and batch×unit×height×width: choose a layer before or after it."
        )
    if output.shape[0] != n_images:
        raise ModelError(
            f"layer '{name}' gives a tensor of shape {shape}, whose first axis is not the batch of {n_images} images "
            "(windowed attention, or sequence-first as with batch_first=False): choose a layer before or after it."
        )
    if not output.is_floating_point():
        raise ModelError(f"layer '{name}' gives {output.dtype} values; units have real-valued activations.")


def _read_tokens(tokens: Tensor, image_size: tuple[int, int] | None) -> UnitActivations:
    found = token_grid(tokens.shape[1], image_size)
    if found is None:
        return UnitActivations("tokens", flat=tokens.mean(1), tokens=tokens)
    n_extra, (height, width) = found
    maps = tokens[:, n_extra:].mT.unflatten(2, (height, width))
    return UnitActivations("tokens", maps=maps, class_token=tokens[:, 0] if n_extra else None, tokens=tokens)


def token_grid(n_tokens: int, image_size: tuple[int, int] | None) -> tuple[int, tuple[int, int]] | None:
    """How many tokens come before the image patches, and the patch grid's (height, width); None if no grid fits."""
    for exactly in (True, False):
        for n_extra in EXTRA_TOKENS:
            n_patches = n_tokens - n_extra
            if n_patches > 0 and (grid := _grid(n_patches, image_size, exactly)) is not None:
                return n_extra, grid
    return None


def _grid(n_patches: int, image_size: tuple[int, int] | None, exactly: bool) -> tuple[int, int] | None:
    """`n_patches` as rows and columns of square patches, which divide the image exactly, or are cut or padded."""
    height, width = image_size or (1, 1)
    if height == width:
        side = isqrt(n_patches)
        return (side, side) if side * side == n_patches else None
    for patch in range(1, max(height, width) + 1):
        rounded = [(height // patch, width // patch), (ceil(height / patch), ceil(width / patch))]
        for grid in [rounded[0]] if exactly else rounded:
            divides = height % patch == 0 and width % patch == 0
            if grid[0] * grid[1] == n_patches and (divides or not exactly):
                return grid
    return None
