"""Where cached activations are held: in memory up to a limit, behind it in temporary files without a name.

The files are unlinked as soon as they are open (deleted when closed, where a system cannot do that), so that nothing
remains of them however the process ends.
"""

from __future__ import annotations

import shutil
import tempfile

import numpy as np
import torch
from torch import Tensor


class Storage:
    """Holds tensors; a file behind the limit is gone with its tensor.

    Args:
        memory_gb: how much may be held in memory (on the network's device), in 10⁹ bytes.
    """

    def __init__(self, memory_gb: float) -> None:
        self._left = memory_gb * 1e9
        self.on_disk = False
        """Whether anything lies in files."""

    def hold(self, tensor: Tensor) -> Tensor:
        """A copy of a tensor, of the same strides, in memory or in a file.

        Raises:
            MemoryError: it fits into neither.
        """
        n_bytes = tensor.numel() * tensor.element_size()
        if n_bytes <= self._left:
            self._left -= n_bytes
            return tensor.detach().clone()
        return self._in_file(tensor.detach().cpu().clone(), n_bytes)

    def _in_file(self, tensor: Tensor, n_bytes: int) -> Tensor:
        folder = tempfile.gettempdir()
        if shutil.disk_usage(folder).free < 2 * n_bytes:
            raise MemoryError(
                f"the cached activations fit neither into memory_gb nor on the disk of {folder}: give "
                "memory_gb= more, or n_images= less, or choose a later layer"
            )
        self.on_disk = True
        with tempfile.TemporaryFile() as file:  # the mapping outlives the descriptor
            mapped = np.memmap(file, dtype=np.uint8, mode="w+", shape=(max(n_bytes, tensor.element_size()),))
        flat = torch.from_numpy(mapped).view(tensor.dtype)
        held = flat[: tensor.numel()].as_strided(tensor.size(), tensor.stride())
        return held.copy_(tensor)
