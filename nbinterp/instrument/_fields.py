"""Receptive fields: which rectangle of the input image a position of a layer can see.

The model runs once on an example while every tensor operation reports what it did to the
receptive field, so that functional code (`torch.cat`, `out += identity`, slices) counts as well as
modules. An operation without a rule makes what depends on it undefined, never wrong: global and
adaptive pooling, attention, group and instance norm, flattening, upsampling, transposed convolution.

Conventions: pixel p of the input covers [p, p + 1) and has its centre at p + 0.5; sizes are
(height, width); padding is not clipped, so that fields at the border reach beyond the image.
The field is the smallest rectangle that holds every pixel a position can depend on; holes left by
dilation or strides larger than the kernel are counted in. The arithmetic is that of Araujo, Norris
and Sim, "Computing Receptive Fields of Convolutional Neural Networks", Distill 2019.
"""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from ._field_tracer import FieldTracer, Trace
from ._hooks import watching_all
from ._locks import evaluating
from ._outputs import first_tensor


@dataclass(frozen=True)
class ReceptiveField:
    """What position (row, column) of a layer sees: pixels `start + position * stride` and the `size - 1` after them.

    Attributes:
        size: (height, width) of the field in pixels of the model's input.
        stride: (vertical, horizontal) pixels between the fields of neighbouring positions.
        start: (row, column) of the first pixel of position (0, 0)'s field; negative where it begins in padding.
    """

    size: tuple[int, int]
    stride: tuple[int, int]
    start: tuple[int, int]

    def centre(self, row: int, column: int) -> tuple[float, float]:
        """Centre (y, x) of the field of position (row, column), in pixels, where pixel p covers [p, p + 1)."""
        y, x = (
            start + position * stride + size / 2
            for start, position, stride, size in zip(self.start, (row, column), self.stride, self.size, strict=True)
        )
        return y, x


def receptive_fields(module: nn.Module, example: Tensor) -> dict[str, ReceptiveField | None]:
    """The receptive field of every layer that runs on `example`, None where it is undefined.

    The model is run once, in evaluation mode, without gradients.

    Args:
        module: the model.
        example: a batch, batch×channel×height×width, on the model's device.

    Returns:
        Layer name (with "@1" and so on for further calls of reused modules) -> field.

    Raises:
        ValueError: `example` does not have four axes.
        TypeError: the model is compiled, scripted or replicated.
    """
    if example.ndim != 4:
        raise ValueError(f"example must be a batch, batch×channel×height×width; got shape {tuple(example.shape)}")
    found: dict[str, ReceptiveField | None] = {}
    tracer = FieldTracer(example)

    def note(name: str, layer: nn.Module, output: Any) -> None:
        tensor = first_tensor(output)
        found[name] = None if tensor is None else _field(tracer.trace(tensor))

    with torch.no_grad(), evaluating(module), watching_all(module, note), tracer:
        module(example)
    return found


def _field(trace: Trace | None) -> ReceptiveField | None:
    if trace is None:
        return None
    y, x = trace.axes
    return ReceptiveField((y.size, x.size), (y.stride, x.stride), (y.start, x.start))
