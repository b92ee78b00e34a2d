"""The magnitude spectrum that MACO holds fixed: of a probe set, of the planted world, or from a file."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from nbinterp.data import ProbeSet
from nbinterp.data.world import SceneSource
from nbinterp.kernels.fourier import fourier_scale
from nbinterp.kernels.spectra import MagnitudeCounts, count_magnitudes, mean_magnitude, resample_spectrum

from ..progress import Progress

WORLD_SEED = 3_000_001  # scenes that neither trained nor tested the embedded networks
WORLD_SCENES, WORLD_SIDE = 200, 64
_BATCH = 32


def spectrum(
    probe: ProbeSet,
    size: tuple[int, int],
    *,
    channels: int = 3,
    limit: int = 500,
    progress: bool = True,
) -> Tensor:
    """The mean magnitude spectrum of a probe set's images: what `maximize(…, spectrum=…)` takes.

    Args:
        probe: the images; they are resized to `size`.
        size: (height, width) of the images to be made, in pixels.
        channels: 3 for colour, 1 for grey.
        limit: how many images at most, taken evenly.
        progress: show a progress bar.

    Returns:
        float32, channel × height × (width // 2 + 1).

    Raises:
        ImageError: an image cannot be read.
    """
    source = SpectrumSource(probe, size, channels, limit)
    with Progress(len(source), progress, doing="Measuring spectra") as bar:
        shown = 0

        def advance(n: int) -> None:
            nonlocal shown
            bar.advance(n - shown)
            shown = n

        found = source(advance)
    assert found is not None
    return found


@dataclass(frozen=True, eq=False)
class SpectrumSource:
    """A mean magnitude spectrum that is still to be measured.

    Attributes:
        probe: the images.
        size: (height, width) to which they are resized.
        channels: 3 or 1.
        limit: how many images at most, taken evenly.
    """

    probe: ProbeSet
    size: tuple[int, int]
    channels: int
    limit: int

    def __len__(self) -> int:
        """How many images it takes."""
        return len(self._chosen)

    @property
    def _chosen(self) -> np.ndarray:
        n = len(self.probe)
        return np.unique(np.linspace(0, n - 1, min(self.limit, n)).astype(int))

    def __call__(
        self, on_progress: Callable[[int], object], stopped: Callable[[], bool] = lambda: False
    ) -> Tensor | None:
        """Measure it.

        Args:
            on_progress: gets the number of images that are done.
            stopped: asked after each image whether to end.

        Returns:
            The spectrum; None if stopped.

        Raises:
            ImageError: an image cannot be read.
        """
        return _mean((_picture(self.probe, i, self.size, self.channels) for i in self._chosen), on_progress, stopped)

    def stand_in(self) -> Tensor:
        """A spectrum of the same shape that falls with frequency: enough to try out what is to come."""
        return fourier_scale(*self.size, 1.0, torch.float32, torch.device("cpu")).repeat(self.channels, 1, 1)


def default_spectrum(size: tuple[int, int], channels: int = 3) -> Tensor:
    """The mean magnitude spectrum of 200 scenes of the planted world, brought to `size`; like that of photographs, it
    falls with frequency."""
    return resample_spectrum(_world_spectrum(channels), *size)


@cache
def _world_spectrum(channels: int) -> Tensor:
    scenes = SceneSource(WORLD_SCENES, WORLD_SEED, size=WORLD_SIDE)
    found = _mean((_as_image(scenes.pixels(i), channels) for i in range(WORLD_SCENES)), lambda _: None, lambda: False)
    assert found is not None
    return found


def read_spectrum(path: str | os.PathLike[str]) -> Tensor:
    """A magnitude spectrum from a file, of any size.

    Args:
        path: a .npy or .safetensors file with one array, channel × height × (width // 2 + 1); magnitudes of
            decorrelated colours.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: it holds something else.
    """
    path = Path(path).expanduser()
    if not path.exists():
        raise FileNotFoundError(f"there is no file {path}")
    if path.suffix == ".npy":
        try:
            values = np.load(path, allow_pickle=False)
        except (ValueError, EOFError, OSError) as error:
            raise ValueError(f"{path} cannot be read as a .npy file of numbers: {error}") from error
    elif path.suffix == ".safetensors":
        values = _only_tensor(path)
    else:
        raise ValueError(f"a spectrum is read from a .npy or .safetensors file, not from {path.name}")
    return checked_spectrum(values, str(path))


def checked_spectrum(values: object, source: str) -> Tensor:
    """A given spectrum as a float32 tensor.

    Raises:
        ValueError: it has another shape than channel × height × freq, or values that are no magnitudes.
    """
    array = values.detach().cpu().numpy() if isinstance(values, Tensor) else np.asarray(values)
    if array.ndim != 3 or array.shape[0] not in (1, 3) or array.dtype.kind not in "fiu" or array.size == 0:
        raise ValueError(
            f"a spectrum has the shape channels (1 or 3) × height × (width // 2 + 1); {source} has "
            f"{'×'.join(map(str, array.shape))} of {array.dtype}"
        )
    if not np.isfinite(array).all() or (array < 0).any():
        raise ValueError(f"a spectrum holds magnitudes, finite and not negative; {source} has others: take abs() first")
    return torch.from_numpy(array.astype(np.float32))


def _only_tensor(path: Path) -> np.ndarray:
    try:
        with safe_open(path, framework="numpy") as file:
            names = list(file.keys())
            if len(names) != 1:
                raise ValueError(f"{path} holds {len(names)} arrays ({', '.join(names)}): expected one, the spectrum")
            return file.get_tensor(names[0])
    except SafetensorError as error:
        raise ValueError(f"{path} cannot be read as a safetensors file: {error}") from error


def _picture(probe: ProbeSet, index: int, size: tuple[int, int], channels: int) -> Tensor:
    return _as_image(probe.pixels(int(index), size), channels)


def _as_image(pixels: np.ndarray, channels: int) -> Tensor:
    """height×width×3 bytes as channel×height×width in [0, 1]; grey by the luminance weights that PIL uses."""
    image = torch.from_numpy(pixels.astype(np.float32) / 255).permute(2, 0, 1)
    if channels == 1:
        image = (image * torch.tensor([0.299, 0.587, 0.114])[:, None, None]).sum(0, keepdim=True)
    return image


def _mean(images: Iterator[Tensor], on_progress: Callable[[int], object], stopped: Callable[[], bool]) -> Tensor | None:
    total: MagnitudeCounts | None = None
    waiting: list[Tensor] = []
    for n, image in enumerate(images, 1):
        waiting.append(image)
        if len(waiting) == _BATCH:
            total, waiting = _added(total, waiting), []
        on_progress(n)
        if stopped():
            return None
    if waiting:
        total = _added(total, waiting)
    assert total is not None
    return mean_magnitude(total)


def _added(total: MagnitudeCounts | None, images: list[Tensor]) -> MagnitudeCounts:
    counts = count_magnitudes(torch.stack(images))
    return counts if total is None else total + counts
