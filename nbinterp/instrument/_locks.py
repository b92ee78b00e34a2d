"""One lock per model, and evaluation mode that leaves no trace."""

import threading
from _thread import RLock
from collections.abc import Iterator
from contextlib import contextmanager
from weakref import WeakKeyDictionary

from torch import nn

_locks: WeakKeyDictionary = WeakKeyDictionary()  # nn.Module -> RLock
_locks_guard = threading.Lock()


def model_lock(module: nn.Module) -> RLock:
    """The lock that every forward pass of ours through `module` takes.

    There is one per root module: the same for the same object, dropped with it. It is
    re-entrant, so a thread that records may run the model; other threads wait, and so never
    run through hooks that are not theirs. Two models that share a part do not share a lock.
    """
    with _locks_guard:
        if module not in _locks:
            _locks[module] = threading.RLock()
        return _locks[module]


@contextmanager
def evaluating(module: nn.Module) -> Iterator[None]:
    """Hold the model's lock with every module in evaluation mode; restore each module's own flag on exit.

    The flags are set one by one, not with `module.eval()`: some modules override `train()`
    to change their weights, which setting the flags back would not undo.
    """
    with model_lock(module):
        flags = [(part, part.training) for part in module.modules()]
        try:
            for part, training in flags:
                if training:
                    _set_training(part, False)
            yield
        finally:
            for part, training in flags:
                if part.training is not training:
                    _set_training(part, training)


def _set_training(part: nn.Module, training: bool) -> None:
    """Set one module's flag, where possible past `nn.Module`'s search for parameters: it takes ten times as long."""
    if type(part).__setattr__ is nn.Module.__setattr__:
        object.__setattr__(part, "training", training)
    else:
        part.training = training
