"""Finding layers: dotted names, calls of reused modules, and errors that suggest the nearest names.

A layer is written `"features.7"`, as in `named_modules()`. A module that runs several times in
one forward pass is several layers: `"conv@0"` (the same as `"conv"`), `"conv@1"`, …, numbered in
the order in which the calls finish. A module registered under several names answers to each.
"""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn.parameter import is_lazy

from ._errors import UnknownLayerError

Layer = str | nn.Module


@dataclass(frozen=True)
class LayerCall:
    """One call of one module: what a layer name means."""

    name: str  # the module's dotted name, as it was asked for
    call: int  # 0 for the first call in a forward pass
    module: nn.Module
    explicit: bool  # "@" was written, so nobody has to guess which call is meant

    def __str__(self) -> str:
        return call_name(self.name, self.call)


def call_name(name: str, call: int) -> str:
    """The canonical name of a call: "conv" for the first, "conv@1" for the second."""
    return f"{name}@{call}" if call else name


def get_layer(module: nn.Module, name: str) -> nn.Module:
    """The module called `name` inside `module`; a call index ("conv@1") is allowed and ignored.

    Raises:
        UnknownLayerError: there is no such module; the message suggests the nearest names.
    """
    return find_call(module, name).module


def find_call(root: nn.Module, layer: Layer) -> LayerCall:
    """What `layer` (a name, a name with a call index, or a module of `root`) refers to.

    Raises:
        UnknownLayerError: `root` has no such layer.
        TypeError: `layer` is neither a string nor a module.
    """
    if isinstance(layer, nn.Module):
        return LayerCall(_name_of(root, layer), 0, layer, explicit=False)
    if not isinstance(layer, str):
        raise TypeError(f"a layer is a name such as 'features.7', or a module of the model; got {layer!r}")
    modules = dict(root.named_modules(remove_duplicate=False))
    name, at, call = (layer, "", "") if layer in modules else layer.rpartition("@") if "@" in layer else (layer, "", "")
    if name == "":
        raise UnknownLayerError(_is_the_root(root))
    if name not in modules or (at and not call.isdecimal()):
        raise UnknownLayerError(_no_such_layer(root, layer, name, list(modules)))
    return LayerCall(name, int(call or 0), modules[name], explicit=bool(at))


def find_calls(root: nn.Module, layers: Layer | Iterable[Layer]) -> list[LayerCall]:
    """What each of `layers` refers to, without repetitions; one layer may be given bare."""
    asked = [layers] if isinstance(layers, str | nn.Module) else list(layers)
    return list({str(call): call for call in (find_call(root, layer) for layer in asked)}.values())


def check_observable(root: nn.Module) -> None:
    """Refuse models whose parts run where no hook sees them.

    Raises:
        TypeError: `root` is, or contains, a compiled, scripted or replicated module.
    """
    for name, part in root.named_modules():
        where = f"layer '{name}' of {type(root).__name__}" if name else f"this {type(root).__name__}"
        if isinstance(part, torch.jit.ScriptModule):
            raise TypeError(f"{where} is a TorchScript module, which runs no hooks: give the original module.")
        if _inner(part) is not part:
            inner = "_orig_mod" if hasattr(part, "_orig_mod") else "module"
            raise TypeError(
                f"{where} is a {type(part).__name__}, inside which hooks do not run reliably: "
                f"give the module within it (its `.{inner}`)."
            )
        if getattr(part, "_compiled_call_impl", None) is not None:
            raise TypeError(
                f"{where} was compiled in place with `.compile()`, and compiled code ignores hooks: "
                "give a copy of the model made before compiling."
            )


def has_lazy_parameters(module: nn.Module) -> bool:
    """Whether `module` has parameters or buffers that get their shape at the first forward pass."""
    return any(is_lazy(value) for value in (*module.parameters(), *module.buffers()))


def unwrapped(module: nn.Module) -> nn.Module:
    """The model inside `torch.compile(model)`, `DataParallel(model)`, `DistributedDataParallel(model)`."""
    while (inner := _inner(module)) is not module:
        module = inner
    return module


def _inner(module: nn.Module) -> nn.Module:
    wrappers = (nn.DataParallel, nn.parallel.DistributedDataParallel)
    inner = module.module if isinstance(module, wrappers) else getattr(module, "_orig_mod", module)
    return inner if isinstance(inner, nn.Module) else module


def _name_of(root: nn.Module, module: nn.Module) -> str:
    if module is root:
        raise UnknownLayerError(_is_the_root(root))
    for name, candidate in root.named_modules():
        if candidate is module:
            return name
    raise UnknownLayerError(
        f"the {type(module).__name__} given as a layer is not a part of this {type(root).__name__} "
        "(it may belong to another copy of it): give one of its own modules, or a name."
    )


def _is_the_root(root: nn.Module) -> str:
    return (
        f"the whole {type(root).__name__} is not one of its own layers: its output is the logits. "
        "To study that output as a layer, give nn.Sequential(model), whose layer '0' it is."
    )


def _no_such_layer(root: nn.Module, layer: str, name: str, names: list[str]) -> str:
    near = difflib.get_close_matches(name, names, n=3, cutoff=0.6) or [n for n in names if n and name in n][:3]
    known = ", ".join(f"'{n}'" for n in (near or [n for n, _ in root.named_children()][:6]))
    hint = f"Did you mean {known}?" if near else f"It has {known}, among others." if known else "It has no layers."
    if name in names:
        hint = f"After '@' comes the number of a call: '{name}@1' is the second call of '{name}'."
    return f"{type(root).__name__} has no layer '{layer}'. {hint} net.layers() lists all."
