"""A name for a model's content: the same for the same architecture and weights, on any device."""

import hashlib
import re

import torch
from torch import nn

from ._layers import has_lazy_parameters


def fingerprint(module: nn.Module) -> str:
    """SHA-256 (hex) of the class name, `repr(module)` and every parameter and buffer: name, dtype, shape, bytes.

    Training flags, device and memory addresses in the `repr` do not count. Nor does the code of
    `forward`: a rewritten one with the same parts has the same fingerprint.

    Raises:
        ValueError: the module has lazy or meta parameters, which have no content yet.
    """
    if has_lazy_parameters(module) or any(p.is_meta for p in (*module.parameters(), *module.buffers())):
        raise ValueError(
            f"{type(module).__name__} has parameters without content (lazy or on the meta device): "
            "load its weights, or run one batch through it, first."
        )
    digest = hashlib.sha256()
    header = f"{type(module).__module__}.{type(module).__qualname__}\n{re.sub('0x[0-9a-fA-F]+', '', repr(module))}"
    digest.update(header.encode())
    named = [*module.named_parameters(remove_duplicate=False), *module.named_buffers(remove_duplicate=False)]
    for name, value in sorted(named, key=lambda item: item[0]):
        digest.update(f"\n{name} {value.dtype} {tuple(value.shape)}\n".encode())
        digest.update(memoryview(value.detach().cpu().contiguous().reshape(-1).view(torch.uint8).numpy()))
    return digest.hexdigest()
