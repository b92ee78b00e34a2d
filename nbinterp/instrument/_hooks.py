"""Watching and changing what layers give, for as long as a `with` block lasts.

Both context managers follow the same policy:

* Hooks live in one `ExitStack`: they are gone when the block ends, however it ends, and none is
  left when entering it fails half-way.
* They act during forward passes of the model itself. A part of the model called on its own, or
  run again by gradient checkpointing during the backward pass, is not counted.
* Calls of reused modules are counted anew in each forward pass. A call that was asked for and did
  not happen is an error at the end of that pass.
* Blocks act in the order in which they are entered: enter `editing` first for `recording` to see
  the edited values.
* The model's lock is held from entry to exit, so that no other thread of ours runs the model meanwhile. Do not
  wait, inside the block, for another thread that does. What other threads run without the lock (a call of the
  model in a notebook cell while images are optimized in the background) passes by the hooks.
* Gradient mode, training flags and `requires_grad` stay as the caller has them.
"""

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from ._errors import ModelError, UnknownLayerError
from ._layers import Layer, LayerCall, call_name, check_observable, find_call, find_calls
from ._locks import model_lock
from ._outputs import first_tensor, shape_text, with_first_tensor
from ._units import UnitActivations, as_given, read_units

Edit = Callable[[Tensor], Tensor]


class Activations(dict[str, UnitActivations]):
    """What `recording` fills: canonical layer name -> activations, of the latest forward pass only.

    Other ways of naming the same call (`"conv@0"`, the module itself) find it too.
    """

    def __init__(self, root: nn.Module) -> None:
        super().__init__()
        self._root = root

    def __missing__(self, layer: Any) -> UnitActivations:
        name = str(find_call(self._root, layer))
        if name in self:
            return self[name]
        kept = ", ".join(f"'{key}'" for key in self) or "nothing: no forward pass of the model has finished yet"
        raise UnknownLayerError(f"no activations of '{name}' here; recorded: {kept}.")


@contextmanager
def recording(
    module: nn.Module, layers: Layer | Iterable[Layer], *, reduce: Callable[[str, UnitActivations], Any] | None = None
) -> Iterator[Activations]:
    """Collect the units' activations in `layers` at each forward pass of `module`.

    The dictionary is emptied when a forward pass starts and filled when it succeeds. What is kept is
    safe from later in-place operations (such as `ReLU(inplace=True)`). If the activations carry a
    gradient, the rest of the network is computed from them: the logits can be differentiated with
    respect to `maps`, `flat` or, for tokens, `tokens`.

    Args:
        module: the model.
        layers: names ("features.7", "conv@1") or modules of the model, or one of these.
        reduce: (canonical layer name, activations) -> what is kept in their place. It is called in the forward pass,
            on the activations themselves: nothing it returns may share their memory, and it must not change them.
            This spares a copy of every activation.

    Raises:
        UnknownLayerError: there is no such layer (at once), or such a call (after the forward pass).
        ModelError: a layer's output cannot be read as units (during the forward pass).
        TypeError: the model is compiled, scripted or replicated, so that hooks would not run.
    """
    calls = find_calls(module, layers)
    kept = Activations(module)
    fresh: dict[str, Any] = {}

    def keep(call: LayerCall, output: Any, images: "_Images") -> Any:
        tensor = _activations(call, output)
        if reduce is not None:
            units = read_units(module, call.module, str(call), tensor, images.count, images.size)
            fresh[str(call)] = reduce(str(call), units)
            return None
        attached = tensor.requires_grad and torch.is_grad_enabled()
        mine = tensor if attached and not images.shares_storage(tensor) else tensor.clone()
        units = read_units(module, call.module, str(call), mine, images.count, images.size)
        fresh[str(call)] = units
        return with_first_tensor(output, as_given(units, mine).clone()) if attached else None

    def start() -> None:
        kept.clear()
        fresh.clear()

    def finish() -> None:
        kept.update({str(call): fresh[str(call)] for call in calls})
        fresh.clear()

    with _hooked(module, calls, keep, start, finish):
        yield kept


@contextmanager
def editing(module: nn.Module, edits: Mapping[Any, Edit]) -> Iterator[None]:
    """Replace what layers give by a function of it, at each forward pass of `module`.

    Args:
        module: the model.
        edits: layer (name or module) -> function. It gets a copy of the layer's activations, of the
            shape the layer gives them in, and returns the tensor of the same shape that takes their place.

    Raises:
        UnknownLayerError: there is no such layer (at once), or such a call (after the forward pass).
        ValueError: two keys mean the same layer; a function returned something else than a tensor
            of the layer's shape. What a function raises comes through with a note naming the layer.
        TypeError: the model is compiled, scripted or replicated, so that hooks would not run.
    """
    functions = {str(find_call(module, layer)): function for layer, function in edits.items()}
    if len(functions) < len(edits):
        raise ValueError(f"two edits are given for the same layer; the layers are {', '.join(functions)}")

    def replace(call: LayerCall, output: Any, images: "_Images") -> Any:
        tensor = _activations(call, output)
        try:
            edited = functions[str(call)](tensor.clone())
        except Exception as error:
            error.add_note(f"(in the function given to editing() for layer '{call}')")
            raise
        _check_edit(call, tensor, edited)
        return with_first_tensor(output, edited)

    with _hooked(module, find_calls(module, edits), replace):
        yield


@contextmanager
def watching_all(module: nn.Module, on_output: Callable[[str, nn.Module, Any], None]) -> Iterator[None]:
    """Call `on_output(name, layer, output)` for every call of every layer, in one forward pass of `module`."""
    check_observable(module)
    counts: Counter[str] = Counter()

    def note(name: str, layer: nn.Module, output: Any) -> None:
        counts[name] += 1
        on_output(call_name(name, counts[name] - 1), layer, output)

    with ExitStack() as stack:
        stack.enter_context(model_lock(module))
        for name, layer in module.named_modules():
            if name:
                hook = layer.register_forward_hook(lambda part, args, output, name=name: note(name, part, output))
                stack.callback(hook.remove)
        yield


def _activations(call: LayerCall, output: Any) -> Tensor:
    tensor = first_tensor(output)
    if tensor is None:
        raise ModelError(f"layer '{call}' gives a {type(output).__name__} without a tensor in it, so it has no units.")
    return tensor


def _check_edit(call: LayerCall, tensor: Tensor, edited: Any) -> None:
    if not isinstance(edited, Tensor):
        raise ValueError(
            f"the function given to editing() for layer '{call}' returned {type(edited).__name__}: it must "
            "return the edited tensor."
        )
    if edited.shape != tensor.shape:
        raise ValueError(
            f"the function given to editing() for layer '{call}' returned shape {shape_text(edited.shape)}, "
            f"but the layer's output has shape {shape_text(tensor.shape)}, which must stay."
        )


@dataclass
class _Images:
    """What is known about the batch that the model is being run on."""

    count: int = 0
    size: tuple[int, int] | None = None
    layer_inputs: tuple[Any, ...] = ()

    def see(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        images = first_tensor((*args, *kwargs.values()))
        self.count = images.shape[0] if images is not None and images.ndim else 0
        self.size = (images.shape[-2], images.shape[-1]) if images is not None and images.ndim == 4 else None

    def shares_storage(self, output: Tensor) -> bool:
        """Whether the layer passed an input on (`Identity`, in-place layers, views): its caller may still change it."""
        where = output.untyped_storage().data_ptr()
        return any(isinstance(x, Tensor) and x.untyped_storage().data_ptr() == where for x in self.layer_inputs)


@contextmanager
def _hooked(
    root: nn.Module,
    calls: list[LayerCall],
    on_output: Callable[[LayerCall, Any, _Images], Any],
    on_start: Callable[[], None] = lambda: None,
    on_finish: Callable[[], None] = lambda: None,
    checked: bool = False,
) -> Iterator[None]:
    """Call `on_output` for each of `calls` in each forward pass of `root`; unless None, what it returns replaces it.

    With `checked`, the caller has made sure that hooks run on `root`.
    """
    if not checked:
        check_observable(root)
    counts: Counter[nn.Module] = Counter()
    images, state = _Images(), {"running": False}
    mine = threading.get_ident()
    wanted: dict[tuple[nn.Module, int], list[LayerCall]] = {}
    for call in calls:
        wanted.setdefault((call.module, call.call), []).append(call)

    def before(_: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        if threading.get_ident() != mine:
            return
        counts.clear()
        images.see(args, kwargs)
        state["running"] = True
        on_start()

    def after_layer(layer: nn.Module, args: tuple[Any, ...], output: Any) -> Any:
        if not state["running"] or threading.get_ident() != mine:
            return None
        due = wanted.get((layer, counts[layer]), [])
        counts[layer] += 1
        images.layer_inputs = args
        for call in due:
            replacement = on_output(call, output, images)
            output = output if replacement is None else replacement
        images.layer_inputs = ()
        return output

    def after(_: nn.Module, args: tuple[Any, ...], output: Any) -> None:
        if threading.get_ident() == mine:
            _check_calls(root, calls, counts)
            on_finish()

    def stop(_: nn.Module, args: tuple[Any, ...], output: Any) -> None:
        if threading.get_ident() == mine:
            state["running"] = False

    with ExitStack() as stack:
        stack.enter_context(model_lock(root))
        stack.callback(root.register_forward_pre_hook(before, with_kwargs=True).remove)
        for layer in {call.module: None for call in calls}:
            stack.callback(layer.register_forward_hook(after_layer).remove)
        stack.callback(root.register_forward_hook(after).remove)
        stack.callback(root.register_forward_hook(stop, always_call=True).remove)
        yield


def _check_calls(root: nn.Module, calls: list[LayerCall], counts: Counter[nn.Module]) -> None:
    for call in calls:
        happened = counts[call.module]
        if happened == 0:
            raise UnknownLayerError(
                f"layer '{call.name}' did not run in this forward pass: {type(root).__name__} skips it, only reads its "
                "weights, or (as a ModuleList) it only holds others. net.layers() lists the layers that run."
            )
        if call.call >= happened:
            known = ", ".join(f"'{call_name(call.name, i)}'" for i in range(happened))
            raise UnknownLayerError(f"layer '{call}' did not run in this forward pass, only {known} did.")
        _check_alias(root, call, happened)


def _check_alias(root: nn.Module, call: LayerCall, happened: int) -> None:
    """Refuse a second name of a module that ran several times: nothing tells which call went by that name."""
    first = next(name for name, part in root.named_modules() if part is call.module)
    if happened > 1 and call.name != first and not call.explicit:
        known = ", ".join(f"'{call.name}@{i}'" for i in range(happened))
        raise UnknownLayerError(
            f"layer '{call.name}' is the same module as '{first}', which ran {happened} times in this forward pass: "
            f"say which call is meant, one of {known}."
        )
