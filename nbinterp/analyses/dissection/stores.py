"""Where a dissection keeps activation maps and label planes: in memory up to a budget, else in files without a name.

The files are unlinked as soon as they are open (deleted when closed, where a system cannot do that), so that nothing
remains of them however the process ends.
"""

from __future__ import annotations

import shutil
import tempfile
import zlib
from collections.abc import Callable, Iterator

import numpy as np
import torch
from torch import Tensor

from .._cache import readable_size

IN_MEMORY = 64 * 2**20  # label planes beyond this go to a file


class MapStore:
    """Activation maps of consecutive images.

    Args:
        shape: (images, units, height, width).
        dtype: float16 or float32.
        budget: bytes of memory; larger maps go to a file.
        say: takes a message for the user.

    Raises:
        OSError: the disk has no room for them.
    """

    def __init__(self, shape: tuple[int, ...], dtype: torch.dtype, budget: float, say: Callable[[str], None]) -> None:
        kind = np.float16 if dtype == torch.float16 else np.float32
        n_bytes = int(np.prod(shape)) * np.dtype(kind).itemsize
        self.spilled = n_bytes > budget
        self._file = None
        if not self.spilled:
            self._maps = np.empty(shape, kind)
            return
        folder = tempfile.gettempdir()
        free = shutil.disk_usage(folder).free
        if n_bytes > free:
            raise OSError(
                f"the activation maps take {readable_size(n_bytes)}, more than memory_gb allows and more than the "
                f"{readable_size(free)} free in {folder}: raise memory_gb, free space, set TMPDIR to another disk, or "
                "dissect fewer images or layers"
            )
        say(f"The activation maps take {readable_size(n_bytes)}: they are kept in a temporary file in {folder}.")
        self._file = tempfile.TemporaryFile()  # noqa: SIM115  # closed by `close`
        self._file.truncate(n_bytes)
        self._maps = np.memmap(self._file, dtype=kind, mode="r+", shape=shape)

    def write(self, start: int, maps: Tensor) -> None:
        """Keep the maps of the images from `start` on."""
        self._maps[start : start + len(maps)] = maps.cpu().numpy()

    def blocks(self, size: int, device: torch.device) -> Iterator[tuple[int, Tensor]]:
        """The first image's number and the maps of `size` images at a time."""
        for start in range(0, len(self._maps), size):
            yield start, torch.from_numpy(np.ascontiguousarray(self._maps[start : start + size])).to(device)

    def array(self) -> np.ndarray:
        """All maps."""
        return self._maps

    def close(self) -> None:
        """Give memory and file back."""
        self._maps = np.empty((0, 0, 0, 0), np.float16)
        if self._file is not None:
            self._file.close()


class PlaneStore:
    """Label planes of consecutive images, compressed: integers, plane × height × width, −1 where there is nothing."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.size = size
        self._file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  # closed by `close`
        self._ends = [0]
        self._depths: set[int] = set()

    def __len__(self) -> int:
        return len(self._ends) - 1

    def append(self, packed: bytes) -> None:
        """Keep one more image, as `pack_planes` gave it."""
        self._file.seek(self._ends[-1])
        self._file.write(packed)
        self._ends.append(self._ends[-1] + len(packed))
        self._depths.add(int.from_bytes(packed[1:5], "little"))

    def packed(self, index: int) -> bytes:
        """What was appended for an image."""
        self._file.seek(self._ends[index])
        return self._file.read(self._ends[index + 1] - self._ends[index])

    def read(self, indices: range) -> Tensor:
        """Planes of some images: int32, image × plane × height × width, filled up with empty planes."""
        found = [unpack_planes(self.packed(int(index)), self.size) for index in indices]
        planes = np.full((len(found), max((len(one) for one in found), default=0), *self.size), -1, np.int32)
        for row, one in enumerate(found):
            planes[row, : len(one)] = one
        return torch.from_numpy(planes)

    def together(self, table: Tensor) -> np.ndarray:
        """Planes of all images with their numbers looked up in `table` (−1 in its last place): int16 or int32.

        In memory if they are few, else in a file without a name that goes with the array.
        """
        depth = max(self._depths, default=0)
        kind = np.int16 if len(table) < 2**15 else np.int32
        shape = (len(self), depth, *self.size)
        if np.prod(shape) * np.dtype(kind).itemsize <= IN_MEMORY:
            found = np.full(shape, -1, kind)
        else:
            with tempfile.TemporaryFile() as file:  # the mapping outlives the descriptor
                found = np.memmap(file, dtype=kind, mode="w+", shape=shape)
        for index in range(len(self)):
            planes = table[torch.from_numpy(unpack_planes(self.packed(index), self.size).astype(np.int64))]
            found[index] = -1
            found[index, : len(planes)] = planes.numpy()
        return found

    def close(self) -> None:
        """Give memory and file back."""
        self._file.close()


def pack_planes(planes: np.ndarray) -> bytes:
    """Compress the label planes of one image."""
    kind = np.int16 if planes.size == 0 or planes.max() < 2**15 else np.int32
    head = bytes([np.dtype(kind).itemsize]) + len(planes).to_bytes(4, "little")
    return head + zlib.compress(np.ascontiguousarray(planes, kind).tobytes(), 1)


def unpack_planes(packed: bytes, size: tuple[int, int]) -> np.ndarray:
    """The inverse of `pack_planes`."""
    kind = np.int16 if packed[0] == 2 else np.int32
    return np.frombuffer(zlib.decompress(packed[5:]), kind).reshape(-1, *size)
