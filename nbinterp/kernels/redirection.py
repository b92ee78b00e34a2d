"""ReLU gradient redirection: how a unit that answers nothing yet can still be started.

Where every unit an objective depends on sits below its ReLU, no gradient reaches the image and nothing ever
changes. Lucid (Olah, Mordvintsev, Schubert, Distill 2017; `redirected_relu_grad` in its code) lets the gradient
of such an image through in the first steps, wherever it pushes an input back towards the open range.

The gradients are those of the loss that is minimized, -objective: a positive one pushes its input down.
Departure: an input of exactly 0 counts as closed, as it does for torch's ReLU (TensorFlow's lets it through).
"""

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F
from torch.overrides import TorchFunctionMode


@contextmanager
def redirecting_relu() -> Iterator[None]:
    """Redirect the gradient of every ReLU and ReLU6 called in the block, by this thread.

    Outputs are those of the ReLU, in-place ones change their input as always, and so are the gradients, except
    for the elements of a batch (axis 0) to which a ReLU lets through nothing at all: there the gradient passes
    wherever it would raise an input at or below 0, or (ReLU6) lower one at or above 6.

    Met are `nn.ReLU`, `nn.ReLU6`, their functions and methods, and `hardtanh` and `threshold` where they are
    the same; not what is compiled or scripted, nor `clamp`. No model is touched. The backward pass may run after
    the block.
    """
    with _Redirecting():
        yield


class _Redirecting(TorchFunctionMode):
    """Replace calls to rectifiers while active."""

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        """Answer one call of a torch function."""
        options = dict(kwargs or {})
        upper_of = _RECTIFIERS.get(func)
        upper = None if upper_of is None else upper_of(args, options)
        if upper is None:
            return func(*args, **options)
        inputs = args[0] if args else options["input"]
        if not (torch.is_grad_enabled() and inputs.requires_grad):
            return func(*args, **options)
        outputs = _Redirected.apply(inputs, upper)
        return inputs.copy_(outputs) if func in _IN_PLACE or _asks_in_place(func, args, options) else outputs


class _Redirected(torch.autograd.Function):
    """A rectifier to [0, upper]; what the backward pass needs are masks, so the input may be overwritten."""

    @staticmethod
    def forward(ctx: Any, inputs: Tensor, upper: float) -> Tensor:
        """Rectify."""
        ctx.save_for_backward(inputs <= 0, inputs >= upper)
        return inputs.clamp(min=0) if math.isinf(upper) else inputs.clamp(0, upper)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        """The rectifier's gradient, redirected for elements of the batch where it is zero throughout."""
        (gradient,) = gradients
        below, above = ctx.saved_tensors
        plain = gradient.masked_fill(below | above, 0)
        redirected = gradient.masked_fill((below & (gradient > 0)) | (above & (gradient < 0)), 0)
        if gradient.ndim == 0:
            return torch.where(plain != 0, plain, redirected), None
        alive = (plain != 0).reshape(len(plain), -1).any(1)
        return torch.where(alive.reshape(-1, *[1] * (plain.ndim - 1)), plain, redirected), None


def _of_relu(args: tuple[Any, ...], options: Mapping[str, Any]) -> float | None:
    return math.inf


def _of_relu6(args: tuple[Any, ...], options: Mapping[str, Any]) -> float | None:
    return 6.0


def _of_hardtanh(args: tuple[Any, ...], options: Mapping[str, Any]) -> float | None:
    """The upper bound where the lower one is 0."""
    lower, upper = _argument(args, options, 1, "min_val", -1.0), _argument(args, options, 2, "max_val", 1.0)
    return float(upper) if lower == 0 and upper > 0 else None


def _of_threshold(args: tuple[Any, ...], options: Mapping[str, Any]) -> float | None:
    """A ReLU where both threshold and value are 0."""
    is_relu = _argument(args, options, 1, "threshold", None) == 0 and _argument(args, options, 2, "value", None) == 0
    return math.inf if is_relu else None


def _argument(args: tuple[Any, ...], options: Mapping[str, Any], place: int, name: str, default: Any) -> Any:
    return args[place] if len(args) > place else options.get(name, default)


def _asks_in_place(func: Callable[..., Any], args: tuple[Any, ...], options: Mapping[str, Any]) -> bool:
    place = _INPLACE_ARGUMENT.get(func)
    return place is not None and bool(_argument(args, options, place, "inplace", False))


_RECTIFIERS: dict[Callable[..., Any], Callable[[tuple[Any, ...], Mapping[str, Any]], float | None]] = {
    **dict.fromkeys((F.relu, F.relu_, torch.relu, torch.relu_, Tensor.relu, Tensor.relu_), _of_relu),
    F.relu6: _of_relu6,
    **dict.fromkeys((F.hardtanh, F.hardtanh_), _of_hardtanh),
    **dict.fromkeys((F.threshold, torch.threshold, torch.threshold_), _of_threshold),
}
_IN_PLACE = {F.relu_, torch.relu_, Tensor.relu_, F.hardtanh_, torch.threshold_}
_INPLACE_ARGUMENT = {F.relu: 1, F.relu6: 1, F.hardtanh: 3, F.threshold: 3}
