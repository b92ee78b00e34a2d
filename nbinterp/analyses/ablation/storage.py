"""Where cached activations are held: in memory up to a limit, behind it in a temporary file that nobody sees."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from pathlib import Path

import torch
from torch import Tensor


class Storage:
    """Holds tensors; the files behind the limit are gone when this is, or when Python ends.

    Args:
        memory_gb: how much may be held in memory (on the network's device), in 10⁹ bytes.
    """

    def __init__(self, memory_gb: float) -> None:
        self._left = memory_gb * 1e9
        self._folder: Path | None = None
        self._n_files = 0

    @property
    def on_disk(self) -> bool:
        """Whether anything lies in files."""
        return self._folder is not None

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
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="nbinterp-"))
            weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        if shutil.disk_usage(self._folder).free < 2 * n_bytes:
            raise MemoryError(
                f"the cached activations fit neither into memory_gb nor on the disk of {self._folder}: give "
                "memory_gb= more, or n_images= less, or choose a later layer"
            )
        path = self._folder / f"{self._n_files}.bin"
        self._n_files += 1
        flat = torch.from_file(str(path), shared=True, size=max(tensor.numel(), 1), dtype=tensor.dtype)
        held = flat[: tensor.numel()].as_strided(tensor.size(), tensor.stride())
        return held.copy_(tensor)
