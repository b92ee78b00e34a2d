"""Dividing a model's forward pass at one call of one layer, with `torch.fx`.

Only the modules that contain the layer are looked into; all others are taken as they are, whatever their code does.
Tracing runs the code of those modules once, with stand-ins for tensors; what it leaves on them is taken off again.
"""

from __future__ import annotations

import inspect
import operator
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

from torch import Tensor, fx, nn
from torch.fx.node import map_arg

from ._layers import LayerCall
from ._locks import evaluating

_TRACING = (
    threading.Lock()
)  # torch.fx patches nn.Module while it traces: two at a time would undo it in the wrong order


class NotDivisible(Exception):
    """A model cannot be divided at a layer; the message says why."""


@dataclass(frozen=True, eq=False)
class Division:
    """The steps of a forward pass, before and behind one layer.

    Attributes:
        head: steps up to the layer, and all others that do not depend on it.
        tail: steps that depend on it, and those that depend on no image and are needed there.
        layer: the step that is the layer.
        crossing: results of the head that the tail starts from, the layer's first.
        constants: what tracing found that is no part of the model: tensors made in its code, defaults of arguments.
    """

    head: tuple[fx.Node, ...]
    tail: tuple[fx.Node, ...]
    layer: fx.Node
    crossing: tuple[fx.Node, ...]
    constants: dict[str, Any]


def divide(root: nn.Module, call: LayerCall) -> Division:
    """Find the steps of `root`'s forward pass before and behind a call of a layer.

    Raises:
        NotDivisible: its code cannot be followed in advance, or the call is not seen.
    """
    tracer = _Tracer(root, call.module)
    with evaluating(root), _TRACING, _left_alone(tracer.ancestors):
        defaults = _defaults(root)
        try:
            graph = tracer.trace(root, concrete_args=defaults or None)
        except Exception as error:
            raise NotDivisible(f"its code cannot be followed in advance ({_brief(error)})") from error
    calls = [
        node for node in graph.nodes if node.op == "call_module" and root.get_submodule(str(node.target)) is call.module
    ]
    if call.call >= len(calls):
        raise NotDivisible("the call of this layer cannot be seen in its code")
    return _divided(list(graph.nodes), calls[call.call], tracer.constants, defaults)


def run_steps(
    root: nn.Module, steps: Sequence[fx.Node], known: Mapping[fx.Node, Any], keep: Sequence[fx.Node], constants: Mapping
) -> dict[fx.Node, Any]:
    """Run steps of a division.

    Args:
        root: the model.
        steps: in their order.
        known: results that are there already; these steps are not run.
        keep: the steps whose results are wanted.
        constants: of the division.
    """
    done = dict(known)
    last_use = {used: step for step in steps for used in (step, *step.all_input_nodes)}
    ends: dict[fx.Node, list[fx.Node]] = {}
    for used, step in last_use.items():
        ends.setdefault(step, []).append(used)
    wanted = set(keep)
    for step in steps:
        if step not in done:
            done[step] = _run_step(root, step, done, constants)
        for used in ends.get(step, ()):
            if used not in wanted:
                del done[used]
    return {step: done[step] for step in keep}


def _run_step(root: nn.Module, step: fx.Node, done: Mapping[fx.Node, Any], constants: Mapping[str, Any]) -> Any:
    target: Any = step.target
    if step.op == "get_attr":
        return constants[target] if target in constants else operator.attrgetter(target)(root)
    if step.op == "placeholder":
        return constants[step.name]
    args, kwargs = map_arg((step.args, step.kwargs), done.__getitem__)
    if step.op == "call_module":
        return root.get_submodule(target)(*args, **kwargs)
    if step.op == "call_method":
        return getattr(args[0], target)(*args[1:], **kwargs)
    return args[0] if step.op == "output" else target(*args, **kwargs)


class _Tracer(fx.Tracer):
    """Looks into the modules that contain `layer`; other threads run their models meanwhile as if it were not there."""

    def __init__(self, root: nn.Module, layer: nn.Module) -> None:
        super().__init__()
        self._thread = threading.get_ident()
        self.ancestors = [part for part in root.modules() if part is not layer and _contains(part, layer)]
        self.constants: dict[str, Any] = {}

    def is_leaf_module(self, m: nn.Module, module_qualified_name: str) -> bool:
        return not any(m is ancestor for ancestor in self.ancestors)

    def call_module(self, m: nn.Module, forward: Any, args: Any, kwargs: Any) -> Any:
        if threading.get_ident() != self._thread:
            return forward(*args, **kwargs)
        return super().call_module(m, forward, args, kwargs)

    def getattr(self, attr: str, attr_val: Any, parameter_proxy_cache: dict[str, Any]) -> Any:
        if threading.get_ident() != self._thread:
            return attr_val
        return super().getattr(attr, attr_val, parameter_proxy_cache)

    def create_arg(self, a: Any) -> Any:
        if isinstance(a, Tensor) and not isinstance(a, nn.Parameter) and a not in self.tensor_attrs:
            name = f"_constant{len(self.constants)}"
            self.constants[name] = a
            self.tensor_attrs[a] = name
        return super().create_arg(a)


def _contains(part: nn.Module, layer: nn.Module) -> bool:
    return any(inner is layer for inner in part.modules())


def _divided(nodes: list[fx.Node], layer: fx.Node, constants: dict[str, Any], defaults: Mapping[str, Any]) -> Division:
    placeholders = [node for node in nodes if node.op == "placeholder"]
    images, others = placeholders[0], placeholders[1:]
    for node, default in zip(others, defaults.values(), strict=False):
        constants[node.name] = default
    if len(others) > len(defaults):
        raise NotDivisible(f"its forward function takes more than images ({others[-1].target})")
    of_images, behind = _depending(nodes, images), _depending(nodes, layer)
    behind.discard(layer)
    behind.add(nodes[-1])  # the output, even if it does not depend on the layer
    static = [node for node in nodes if node not in of_images]
    tail = [node for node in nodes if node in behind]
    inputs = {used for node in tail for used in node.all_input_nodes} - behind
    crossing = [node for node in nodes if node in inputs and node in of_images and node is not layer]
    head = [node for node in nodes if node not in behind]
    needed = _needed(inputs - {layer}, set(static))
    return Division(
        tuple(head),
        tuple(node for node in nodes if node in behind or node in needed),
        layer,
        (layer, *crossing),
        constants,
    )


def _depending(nodes: Sequence[fx.Node], start: fx.Node) -> set[fx.Node]:
    """A step and all that depend on it."""
    found = {start}
    for node in nodes:
        if any(used in found for used in node.all_input_nodes):
            found.add(node)
    return found


def _needed(inputs: set[fx.Node], static: set[fx.Node]) -> set[fx.Node]:
    """The steps that depend on no image and give some of `inputs`."""
    found, new = set(), [node for node in inputs if node in static]
    while new:
        node = new.pop()
        if node not in found:
            found.add(node)
            new += node.all_input_nodes
    return found


def _defaults(root: nn.Module) -> dict[str, Any]:
    """The arguments of `forward` after the first that have defaults: these are what it is called with."""
    known = list(inspect.signature(type(root).forward).parameters.values())[2:]
    return {one.name: one.default for one in known if one.default is not inspect.Parameter.empty}


@contextmanager
def _left_alone(modules: Sequence[nn.Module]) -> Iterator[None]:
    """Take off again what code that is traced sets on `modules`."""
    places: list[dict[str, Any]] = []
    for module in modules:
        places += [vars(module), cast(dict, module._buffers), cast(dict, module._parameters)]
    before = [dict(place) for place in places]
    try:
        yield
    finally:
        for place, old in zip(places, before, strict=True):
            for name in [name for name in place if name not in old]:
                del place[name]
            for name, value in old.items():
                if name not in place or place[name] is not value:
                    place[name] = value


def _brief(error: BaseException) -> str:
    text = str(error).strip().splitlines()
    return f"{type(error).__name__}: {text[0][:160]}" if text else type(error).__name__
