"""Batches of prepared images, decoded ahead of their use."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
from PIL import Image
from torch import Tensor

from nbinterp.data.errors import ImageError
from nbinterp.data.probe import ProbeSet

_BATCHES_AHEAD = 2


def batches(
    probe: ProbeSet,
    prepare: Callable[[Image.Image | Tensor], Tensor],
    batch_size: int,
    start: int = 0,
    *,
    workers: int | None = None,
) -> Iterator[tuple[np.ndarray, list[Tensor]]]:
    """Yield the images in order, in batches, while the next two batches are decoded and prepared in threads.

    Closing the iterator early (also by an exception in the loop that uses it) drops the work that has not begun.

    Args:
        probe: the images.
        prepare: image as `ProbeSet.image` returns it -> tensor; called from several threads at once.
        batch_size: images per batch; the last may be smaller.
        start: index of the first image (0 to len(probe); at len(probe) nothing is yielded).
        workers: threads; default the number of processors, at most 4.

    Returns:
        Iterator over (indices int64, their tensors).

    Raises:
        ValueError: `batch_size` or `start` out of range.
        ImageError: an image cannot be read, or `prepare` fails on it; it is named, the cause is kept.
    """
    if batch_size < 1 or not 0 <= start <= len(probe):
        raise ValueError(f"batch_size must be at least 1 and start 0 to {len(probe)}; got {batch_size} and {start}.")
    return _batches(probe, prepare, batch_size, start, workers or min(4, os.cpu_count() or 1))


def _batches(
    probe: ProbeSet, prepare: Callable[[Image.Image | Tensor], Tensor], batch_size: int, start: int, workers: int
) -> Iterator[tuple[np.ndarray, list[Tensor]]]:
    groups = iter([np.arange(i, min(i + batch_size, len(probe))) for i in range(start, len(probe), batch_size)])
    pool = ThreadPoolExecutor(workers, thread_name_prefix="nbinterp-load")
    pending: deque[tuple[np.ndarray, list[Future[Tensor]]]] = deque()

    def submit() -> None:
        group = next(groups, None)
        if group is not None:
            pending.append((group, [pool.submit(_prepared, probe, prepare, int(index)) for index in group]))

    try:
        for _ in range(_BATCHES_AHEAD):
            submit()
        while pending:
            group, futures = pending.popleft()
            tensors = [future.result() for future in futures]
            submit()
            yield group, tensors
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _prepared(probe: ProbeSet, prepare: Callable[[Image.Image | Tensor], Tensor], index: int) -> Tensor:
    image = probe.image(index)
    try:
        return prepare(image)
    except Exception as error:
        raise ImageError(
            f"preparing image {index} ({probe.names[index]!r}) failed: {type(error).__name__}: {error}. "
            "Check the preprocess on this image: prepare(probe.image("
            f"{index}))."
        ) from error
