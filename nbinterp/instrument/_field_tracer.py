"""What each tensor operation does to the receptive field; the conventions are in `_fields`.

A `Trace` says which two axes of a tensor run down and across the image, and what a position on
them sees. Tensors without an entry do not depend on the image (weights); those with the entry
None do, in a way for which there is no rule.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from torch.utils.weak import WeakTensorKeyDictionary

aten = torch.ops.aten


@dataclass(frozen=True)
class Axis:
    """Along one image axis, position i sees the pixels from `start + i * stride` on, `size` of them."""

    size: int
    stride: int
    start: int

    def windowed(self, kernel: int, stride: int, padding: int, dilation: int) -> "Axis":
        """After a sliding window over this axis."""
        reach = dilation * (kernel - 1)
        return Axis(self.size + reach * self.stride, self.stride * stride, self.start - padding * self.stride)

    def shifted(self, positions: int, step: int = 1) -> "Axis":
        """After the axis loses its first `positions` (padding: negative) and keeps every `step`-th."""
        return Axis(self.size, self.stride * step, self.start + positions * self.stride)

    def joined(self, other: "Axis") -> "Axis | None":
        """What sees both; None if the two run at different strides."""
        if self.stride != other.stride:
            return None
        start = min(self.start, other.start)
        return Axis(max(self.start + self.size, other.start + other.size) - start, self.stride, start)


@dataclass(frozen=True)
class Trace:
    """The fields along the two image axes of a tensor.

    `dims` are these axes (down, across), counted from the end. `rows` is set while a tensor
    is folded into a matrix with one row per position, as linear layers do: its shape before, without the last axis.
    """

    axes: tuple[Axis, Axis]
    dims: tuple[int, int] = (-2, -1)
    rows: tuple[int, ...] | None = None


class FieldTracer(TorchDispatchMode):
    """Follows the receptive field through every operation that runs while it is active."""

    def __init__(self, image: Tensor) -> None:
        super().__init__()
        self._traces: WeakTensorKeyDictionary = WeakTensorKeyDictionary()
        self._spoilt: set[int] = set()  # storages of which a part was overwritten through a view
        self._traces[image] = Trace((Axis(1, 1, 0), Axis(1, 1, 0)))

    def trace(self, tensor: Tensor) -> Trace | None:
        """The trace of `tensor`; None where it is undefined, or still folded."""
        found = self._lookup(tensor) if self._depends(tensor) else None
        return None if found is None or found.rows is not None else found

    def __torch_dispatch__(self, func: Any, types: Any, args: tuple = (), kwargs: dict | None = None) -> Any:
        kwargs = kwargs or {}
        inputs = [x for x in tree_leaves((args, kwargs)) if isinstance(x, Tensor) and self._depends(x)]
        traces = [self._lookup(x) for x in inputs]
        result = func(*args, **kwargs)
        if inputs:
            outputs = [x for x in tree_leaves(result) if isinstance(x, Tensor)]
            known = [trace for trace in traces if trace is not None]
            trace = _apply(func, inputs, known, args, kwargs, outputs) if len(known) == len(inputs) else None
            for output in outputs:
                self._traces[output] = trace
            self._note_partial_write(func, args)
        return result

    def _depends(self, tensor: Tensor) -> bool:
        return tensor in self._traces or _storage(tensor) in self._spoilt

    def _lookup(self, tensor: Tensor) -> Trace | None:
        return None if _storage(tensor) in self._spoilt else self._traces.get(tensor)

    def _note_partial_write(self, func: Any, args: tuple) -> None:
        target = args[0] if args and func._schema.is_mutable else None
        if isinstance(target, Tensor) and target.numel() * target.element_size() < target.untyped_storage().nbytes():
            self._spoilt.add(_storage(target))


def _storage(tensor: Tensor) -> int:
    return tensor.untyped_storage().data_ptr()


def _apply(
    func: Any, inputs: list[Tensor], traces: list[Trace], args: tuple, kwargs: dict, outputs: list[Tensor]
) -> Trace | None:
    if torch.Tag.pointwise in func.tags or func.overloadpacket is aten.cat:
        return _join(func, inputs, traces, args, outputs)
    rule = _RULES.get(func.overloadpacket)
    if rule is None or len(inputs) != 1 or (inputs[0] is not args[0] and rule is not _matrix_product):
        return None
    if traces[0].rows is not None and rule not in (_keep, _reshape, _layer_norm, _matrix_product):
        return None
    names = [argument.name for argument in func._schema.arguments]
    defaults = {a.name: a.default_value for a in func._schema.arguments if a.has_default_value()}
    return rule(traces[0], inputs[0], {**defaults, **dict(zip(names, args, strict=False)), **kwargs})


def _join(func: Any, inputs: list[Tensor], traces: list[Trace], args: tuple, outputs: list[Tensor]) -> Trace | None:
    """Elementwise operations and concatenation: a position sees what it sees in any of the inputs."""
    first, shape = traces[0], outputs[0].shape
    if func.overloadpacket is aten.cat:
        dim = args[1] if len(args) > 1 else 0
        if (dim - len(shape) if dim >= 0 else dim) in first.dims or first.rows:
            return None
    for tensor, trace in zip(inputs, traces, strict=True):
        aligned = trace.dims == first.dims and trace.rows == first.rows
        if not aligned or (not trace.rows and any(tensor.shape[d] != shape[d] for d in trace.dims)):
            return None
    y, x = first.axes
    for trace in traces[1:]:
        joined = y.joined(trace.axes[0]), x.joined(trace.axes[1])
        if joined[0] is None or joined[1] is None:
            return None
        y, x = joined[0], joined[1]
    return replace(first, axes=(y, x))


def _keep(trace: Trace, tensor: Tensor, given: dict[str, Any]) -> Trace | None:
    return trace


def _batch_norm(trace: Trace, tensor: Tensor, given: dict[str, Any]) -> Trace | None:
    return None if given.get("training") else trace


def _pair(value: Any, default: int = 1) -> tuple[int, int]:
    values = list(value) if isinstance(value, Sequence) else [value]
    values = values or [default]
    return int(values[0]), int(values[-1])


def _convolution(trace: Trace, tensor: Tensor, given: dict[str, Any]) -> Trace | None:
    if given["transposed"] or tensor.ndim != 4:
        return None
    return _window(trace, tuple(given["weight"].shape[2:]), given["stride"], given["padding"], given["dilation"])


def _pool(trace: Trace, tensor: Tensor, given: dict[str, Any]) -> Trace | None:
    stride = given["stride"] or given["kernel_size"]
    return _window(trace, given["kernel_size"], stride, given["padding"], given.get("dilation", 1))


def _window(trace: Trace, kernel: Any, stride: Any, padding: Any, dilation: Any) -> Trace | None:
    if trace.dims != (-2, -1) or trace.rows is not None:
        return None
    steps = zip(trace.axes, _pair(kernel), _pair(stride), _pair(padding, 0), _pair(dilation), strict=True)
    y, x = (axis.windowed(k, s, p, d) for axis, k, s, p, d in steps)
    return replace(trace, axes=(y, x))


def _pad(trace: Trace, tensor: Tensor, given: dict[str, Any]) -> Trace | None:
    pad = given["pad"] if "pad" in given else given["padding"]
    before = {-1 - i: pad[2 * i] for i in range(len(pad) // 2)}
    y, x = (axis.shifted(-before.get(dim, 0)) for axis, dim in zip(trace.axes, trace.dims, strict=True))
    return replace(trace, axes=(y, x))


def _slice(trace: Trace, tensor: Tensor, given: dict[str, Any]) -> Trace | None:
    dim = given["dim"] - tensor.ndim if given["dim"] >= 0 else given["dim"]
    first, _, step = slice(given["start"], given["end"], given["step"]).indices(tensor.shape[dim])
    y, x = (a.shifted(first, step) if d == dim else a for a, d in zip(trace.axes, trace.dims, strict=True))
    return replace(trace, axes=(y, x))


def _permute(trace: Trace, tensor: Tensor, given: dict[str, Any]) -> Trace | None:
    order = list(range(tensor.ndim))
    if "dims" in given:
        order = [d % tensor.ndim for d in given["dims"]]
    else:
        a, b = given["dim0"] % tensor.ndim, given["dim1"] % tensor.ndim
        order[a], order[b] = order[b], order[a]
    y, x = (order.index(d % tensor.ndim) - tensor.ndim for d in trace.dims)
    return replace(trace, dims=(y, x))


def _along_axis(trace: Trace, tensor: Tensor, given: dict[str, Any]) -> Trace | None:
    """Splits, and normalizations over one axis: local unless that is an axis of the image."""
    dim = given.get("dim", 0)
    return None if (dim - tensor.ndim if dim >= 0 else dim) in trace.dims else trace


def _layer_norm(trace: Trace, tensor: Tensor, given: dict[str, Any]) -> Trace | None:
    normalized = range(-len(given["normalized_shape"]), 0)
    return None if any(d in normalized for d in trace.dims) else trace


def _reshape(trace: Trace, tensor: Tensor, given: dict[str, Any]) -> Trace | None:
    """The image axes survive if they stay together, with as many elements before and behind them as there were."""
    new = list(given["size"])
    if -1 in new:
        new[new.index(-1)] = tensor.numel() // max(1, -prod(new))
    if trace.rows is not None:
        return replace(trace, rows=None) if tuple(new[:-1]) == trace.rows else None
    old, (y, x) = tensor.shape, trace.dims
    if x == y + 1:
        behind = prod(old[x + 1 :]) if x != -1 else 1
        for place in range(len(new) - 1):
            same_size = (new[place], new[place + 1]) == (old[y], old[x])
            if same_size and prod(new[place + 2 :]) == behind:
                return replace(trace, dims=(place - len(new), place + 1 - len(new)))
    folded = len(new) == 2 and -1 not in trace.dims and new[1] == old[-1]
    return replace(trace, rows=tuple(old[:-1])) if folded else None


def _matrix_product(trace: Trace, tensor: Tensor, given: dict[str, Any]) -> Trace | None:
    left = given.get("mat1", given.get("self"))
    return trace if trace.rows is not None and left is tensor else None


_Rule = Callable[[Trace, Tensor, dict[str, Any]], Trace | None]
_RULES: dict[Any, _Rule] = {
    aten.convolution: _convolution,
    aten.max_pool2d_with_indices: _pool,
    aten.avg_pool2d: _pool,
    aten.native_batch_norm: _batch_norm,
    aten.cudnn_batch_norm: _batch_norm,
    aten._native_batch_norm_legit_no_training: _keep,
    aten.clone: _keep,
    aten.detach: _keep,
    aten.alias: _keep,
    aten._to_copy: _keep,
    aten.native_channel_shuffle: _keep,
    aten.constant_pad_nd: _pad,
    aten.reflection_pad2d: _pad,
    aten.replication_pad2d: _pad,
    aten.slice: _slice,
    aten.permute: _permute,
    aten.transpose: _permute,
    aten.split: _along_axis,
    aten.split_with_sizes: _along_axis,
    aten._softmax: _along_axis,
    aten.native_layer_norm: _layer_norm,
    aten.view: _reshape,
    aten._unsafe_view: _reshape,
    aten.mm: _matrix_product,
    aten.addmm: _matrix_product,
}
