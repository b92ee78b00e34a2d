"""Reading what modules return: the tensor among a layer's outputs, the logits among a model's."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from torch import Tensor

from ._errors import ModelError


def first_tensor(output: Any) -> Tensor | None:
    """The activations in a layer's output: the tensor itself, or the first one in a tuple, list, dict or dataclass."""
    if isinstance(output, Tensor):
        return output
    return next((tensor for value in _values(output) if (tensor := first_tensor(value)) is not None), None)


def with_first_tensor(output: Any, tensor: Tensor) -> Any:
    """A copy of `output` in which `tensor` stands where `first_tensor` looks."""
    if isinstance(output, Tensor):
        return tensor
    keys, values = _keys(output), _values(output)
    place = next(i for i, value in enumerate(values) if first_tensor(value) is not None)
    new = with_first_tensor(values[place], tensor)
    if isinstance(output, Mapping):
        return _replaced_mapping(output, keys[place], new)
    if dataclasses.is_dataclass(output) and not isinstance(output, type):
        return dataclasses.replace(output, **{keys[place]: new})
    items = [*values[:place], new, *values[place + 1 :]]
    make: Any = type(output)
    return make(*items) if hasattr(output, "_fields") else make(items)


def _replaced_mapping(output: Any, key: Any, new: Any) -> Any:
    if dataclasses.is_dataclass(output):  # a Hugging Face ModelOutput is both
        return dataclasses.replace(output, **{key: new})  # pyright: ignore[reportArgumentType]
    copy = output.copy() if hasattr(output, "copy") else dict(output)
    copy[key] = new
    return copy


def _keys(output: Any) -> list[Any]:
    if isinstance(output, Mapping):
        return list(output.keys())
    if dataclasses.is_dataclass(output):
        return [field.name for field in dataclasses.fields(output)]
    return []


def _values(output: Any) -> list[Any]:
    if isinstance(output, Mapping):
        return list(output.values())
    if dataclasses.is_dataclass(output):
        return [getattr(output, key) for key in _keys(output)]
    return list(output) if isinstance(output, tuple | list) else []


def find_logits(output: Any, model: str) -> Tensor:
    """The logits in a model's output.

    Taken: a tensor; what is called "logits" (`output.logits`, `output["logits"]`: Hugging Face
    outputs, torchvision's Inception and GoogLeNet); the one item of a tuple or list of length one.
    Nothing else is guessed at.

    Raises:
        ModelError: there is no tensor to be found under this rule.
    """
    if isinstance(output, tuple | list) and len(output) == 1:
        output = output[0]
    named = output.get("logits") if isinstance(output, Mapping) else getattr(output, "logits", None)
    logits = output if isinstance(output, Tensor) else named
    if not isinstance(logits, Tensor):
        raise ModelError(
            f"{model} returned {_describe(output)}, in which nothing says which part is the logits. Wrap it in a "
            "module whose forward returns the logits, a tensor of shape batch×class."
        )
    return logits


def _describe(output: Any) -> str:
    if isinstance(output, Mapping):
        return f"a {type(output).__name__} with keys {list(output.keys())}"
    if isinstance(output, tuple | list):
        return f"a {type(output).__name__} of {len(output)} items"
    return f"a {type(output).__name__}"


def shape_text(shape: Any) -> str:
    """A shape as a person writes it: 2×3×64×64."""
    return "×".join(str(size) for size in shape) or "() (a single number)"
