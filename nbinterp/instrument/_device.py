"""Where a model runs."""

import torch
from torch import nn


def place(module: nn.Module, device: str | torch.device) -> torch.device:
    """Move `module` where it is to run, and say where that is.

    "auto" leaves a module that is on an accelerator, or spread over several devices, where it is;
    else it chooses CUDA, then MPS, then the CPU. Anything else is taken literally.

    Raises:
        ValueError: there is no such device here, or the module has no weights to move (meta device).
    """
    here = list(dict.fromkeys(p.device for p in (*module.parameters(), *module.buffers())))
    if any(d.type == "meta" for d in here):
        raise ValueError(
            f"{type(module).__name__} is on the meta device, without weights: load them first "
            "(module.to_empty(device=...), then load_state_dict)."
        )
    if device == "auto" and (len(here) > 1 or any(d.type != "cpu" for d in here)):
        return here[0]
    wanted = _best() if device == "auto" else _checked(device)
    module.to(wanted)
    return next((p.device for p in (*module.parameters(), *module.buffers())), wanted)


def _best() -> torch.device:
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


def _checked(device: str | torch.device) -> torch.device:
    try:
        wanted = torch.device(device)
    except (RuntimeError, TypeError) as error:
        raise ValueError(f"device is 'auto', 'cpu', 'cuda', 'cuda:1', 'mps', …; got {device!r}") from error
    if wanted.type == "cuda" and (wanted.index or 0) >= torch.cuda.device_count():
        raise ValueError(f"device {device!r} was asked for, but torch sees {torch.cuda.device_count()} CUDA GPU(s).")
    if wanted.type == "mps" and not torch.backends.mps.is_available():
        raise ValueError(f"device {device!r} was asked for, but torch sees no Apple GPU (MPS) here.")
    if wanted.type == "meta":
        raise ValueError("device 'meta' cannot compute: use 'auto', 'cpu', 'cuda' or 'mps'.")
    return wanted
