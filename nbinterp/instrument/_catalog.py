"""The list of a model's layers, found by a dry run on one image."""

from collections.abc import Callable, Iterator
from math import isqrt
from typing import Any

import pandas as pd
import torch
from jaxtyping import Float
from PIL import Image
from torch import Tensor, nn

from ._errors import ModelError
from ._fields import ReceptiveField, receptive_fields
from ._hooks import watching_all
from ._images import prepare_image
from ._layers import has_lazy_parameters
from ._locks import evaluating
from ._outputs import first_tensor
from ._units import UnitActivations, read_units

USUAL_SIZES = (224, 64, 32, 28, 96, 128, 299, 256, 384, 16, 8)  # px, height and width
COLUMNS = ["name", "type", "kind", "shape", "n_units", "receptive_field", "stride"]


def find_example(
    module: nn.Module, preprocess: Callable[..., Any] | None, run: Callable[[Tensor], Any]
) -> Float[Tensor, "one channel height width"]:
    """A batch of one grey image on which `run` succeeds.

    Raises:
        ModelError: there is none among the usual ones, or the module is lazy, so that any would do.
    """
    if has_lazy_parameters(module):
        raise ModelError(
            f"{type(module).__name__} has lazy parameters, which take their shape from the first image: "
            "give layers() an example image, or run one batch first."
        )
    errors: list[Exception] = []
    for make in _preprocessed(preprocess) if preprocess is not None else _usual(module):
        try:
            batch = make()
            run(batch)
        except Exception as error:
            errors.append(error)
        else:
            return batch
    tried = "a grey image of 256×256 pixels after preprocess" if preprocess is not None else "any usual image size"
    raise ModelError(
        f"{type(module).__name__} does not run on {tried}: give layers() an example image. "
        f"The first error was: {errors[0]}"
    ) from errors[0]


def _preprocessed(preprocess: Callable[..., Any]) -> Iterator[Callable[[], Tensor]]:
    for mode, grey in (("RGB", (128, 128, 128)), ("L", 128)):
        yield lambda mode=mode, grey=grey: prepare_image(Image.new(mode, (256, 256), grey), preprocess)[None]


def _usual(module: nn.Module) -> Iterator[Callable[[], Tensor]]:
    """Grey images of the sizes a model itself tells of (`image_size`, its first layer), then of the usual ones."""
    first = next((p for p in module.modules() if isinstance(p, nn.Conv2d | nn.Linear)), None)
    channels = [first.in_channels] if isinstance(first, nn.Conv2d) else [3, 1]
    told = getattr(module, "image_size", None)
    shapes = [(c, told, told) for c in channels if isinstance(told, int)]
    if isinstance(first, nn.Linear):
        sides = [(c, isqrt(first.in_features // c)) for c in channels]
        shapes += [(c, side, side) for c, side in sides if c * side * side == first.in_features]
        shapes += [(first.in_features, 1, 1)]
    shapes += [(c, side, side) for side in USUAL_SIZES for c in channels]
    for shape in shapes:
        yield lambda shape=shape: torch.full((1, *shape), 0.5)


def describe_layers(module: nn.Module, batch: Tensor) -> pd.DataFrame:
    """One row per layer and call that runs on `batch` and can be read as units; see `Classifier.layers`."""
    fields = receptive_fields(module, batch)
    size = (batch.shape[-2], batch.shape[-1])
    rows: list[list[Any]] = []

    def note(call: str, layer: nn.Module, output: Any) -> None:
        tensor = first_tensor(output)
        if tensor is None:
            return
        try:
            units = read_units(module, layer, call, tensor, len(batch), size)
        except ModelError:
            return  # no units to be read: documented as left out
        rows.append(_row(call, layer, tensor, units, fields.get(call)))

    with torch.no_grad(), evaluating(module), watching_all(module, note):
        module(batch)
    return pd.DataFrame(rows, columns=pd.Index(COLUMNS), dtype=object).astype({"n_units": int})


def _row(
    call: str, layer: nn.Module, tensor: Tensor, units: UnitActivations, field: ReceptiveField | None
) -> list[Any]:
    size, stride = (None, None) if field is None else (field.size, field.stride)
    return [call, type(layer).__name__, units.kind, tuple(tensor.shape[1:]), units.n_units, size, stride]
