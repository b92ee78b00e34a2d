"""Weights that gather no gradients for as long as a `with` block lasts."""

from collections.abc import Iterator
from contextlib import contextmanager

from torch import nn

from ._locks import model_lock


@contextmanager
def frozen(module: nn.Module) -> Iterator[None]:
    """Hold the model's lock with `requires_grad` False on every parameter; each one's own flag is restored on exit.

    The backward pass is then spared the weights' gradients. Run it inside the block too: a model that computes parts
    of the forward pass again during it (gradient checkpointing) must not find other flags there.
    """
    with model_lock(module):
        thawed = [parameter for parameter in module.parameters() if parameter.requires_grad]
        try:
            for parameter in thawed:
                parameter.requires_grad_(False)
            yield
        finally:
            for parameter in thawed:
                parameter.requires_grad_(True)
