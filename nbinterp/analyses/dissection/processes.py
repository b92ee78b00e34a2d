"""Sharing a dissection among the processes of torch.distributed: who takes which images, and sums over all of them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import torch
import torch.distributed as dist
from torch import Tensor

from nbinterp.kernels import RunningExemplars


class Processes:
    """The processes of a run under `torchrun`, or just this one.

    Images are shared out in whole batches, in order, so that the network gets the same batches as in one process.
    """

    def __init__(self) -> None:
        together = dist.is_available() and dist.is_initialized()
        self.rank = dist.get_rank() if together else 0
        self.count = dist.get_world_size() if together else 1
        self._device = torch.device("cpu")
        if together and dist.get_backend() == "nccl":
            self._device = torch.device("cuda", torch.cuda.current_device())

    def share(self, n_images: int, batch_size: int) -> tuple[int, int]:
        """First and one after the last image of this process.

        Raises:
            ValueError: there are fewer batches than processes.
        """
        n_batches = -(-n_images // batch_size)
        if n_batches < self.count:
            raise ValueError(
                f"{n_images} images in batches of {batch_size} are {n_batches} for {self.count} processes: choose a "
                "smaller batch_size, or fewer processes"
            )
        first, last = (n_batches * rank // self.count for rank in (self.rank, self.rank + 1))
        return first * batch_size, min(last * batch_size, n_images)

    def reduce(self, tensor: Tensor, how: str) -> Tensor:
        """Combine a tensor over all processes: "sum", "min" or "max"."""
        if self.count == 1:
            return tensor
        ways = {"sum": dist.ReduceOp.SUM, "min": dist.ReduceOp.MIN, "max": dist.ReduceOp.MAX}
        combined = tensor.to(self._device, copy=True).contiguous()
        dist.all_reduce(combined, ways[how])
        return combined.to(tensor.device)

    def joined(self, array: np.ndarray) -> np.ndarray:
        """The arrays of all processes one after the other along the first axis, in order of rank."""
        return array if self.count == 1 else np.concatenate(self._gather(array))

    def exemplars(self, arrays: dict[str, np.ndarray], capacity: int, n_images: int) -> dict[str, np.ndarray]:
        """The exemplars among the images of all processes, from those of each."""
        if self.count == 1:
            return arrays
        every = {name: self._gather(array) for name, array in arrays.items()}
        counts = self._gather(np.array([n_images]))
        total: RunningExemplars | None = None
        for rank in range(self.count):
            index, value, position = (
                torch.from_numpy(every[f"top.{name}"][rank]) for name in ("index", "value", "position")
            )
            maps = torch.from_numpy(every["top.maps"][rank]) if "top.maps" in every else None
            mine = RunningExemplars(index, value, position, maps, capacity, int(counts[rank][0]))
            total = mine if total is None else total + mine
        assert total is not None
        found = {"top.index": total.index, "top.value": total.value, "top.position": total.position}
        if total.maps is not None:
            found["top.maps"] = total.maps
        return {name: tensor.numpy() for name, tensor in found.items()}

    def byte_strings(self, mine: list[bytes]) -> list[bytes]:
        """The byte strings of all processes, in order of rank."""
        if self.count == 1:
            return mine
        lengths = self.joined(np.array([len(one) for one in mine], np.int64))
        together = self.joined(np.frombuffer(b"".join(mine), np.uint8).copy())
        ends = np.concatenate([[0], np.cumsum(lengths)])
        return [together[start:stop].tobytes() for start, stop in pairwise(ends)]

    def _gather(self, array: np.ndarray) -> list[np.ndarray]:
        """The array of every process; they have the same type and may differ in shape."""
        shape = self._gather_same(torch.tensor(array.shape, dtype=torch.int64))
        raw = torch.from_numpy(np.ascontiguousarray(array).reshape(-1).view(np.uint8).copy())
        sizes = [int(np.prod(one.tolist())) * array.itemsize for one in shape]
        padded = torch.zeros(max(sizes), dtype=torch.uint8)
        padded[: len(raw)] = raw
        found = self._gather_same(padded)
        return [
            one[:size].numpy().view(array.dtype).reshape(its.tolist())
            for one, size, its in zip(found, sizes, shape, strict=True)
        ]

    def _gather_same(self, tensor: Tensor) -> list[Tensor]:
        tensor = tensor.to(self._device)
        found = [torch.empty_like(tensor) for _ in range(self.count)]
        dist.all_gather(found, tensor)
        return [one.cpu() for one in found]
