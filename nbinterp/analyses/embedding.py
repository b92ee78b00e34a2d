"""Two-dimensional pictures of feature vectors: PCA at once, UMAP in a process of its own.

UMAP (McInnes, Healy, Melville 2018, arXiv:1802.03426) comes from umap-learn, PCA is a few lines of scipy (importing
scikit-learn alone would take longer than the first picture may).
UMAP runs on the first 50 principal components, on a fixed seed. Importing and compiling it takes
many seconds, and it cannot be interrupted from another thread: so it gets a process that can be stopped.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from scipy.linalg import eigh

N_COMPONENTS = 50
N_NEIGHBOURS = 15
MIN_IMAGES = 5
POLL_SECONDS = 0.1
PROCESS = Path(__file__).with_name("_umap_process.py")


def pca(features: np.ndarray, n_components: int = 2) -> np.ndarray:
    """Principal component scores of the rows of `features`, exact and repeatable.

    Args:
        features: `N × units`; rows with a NaN or infinite entry are left out.
        n_components: how many components; missing ones (too few images or units) are 0.

    Returns:
        `N × n_components` float32; NaN in the rows left out. Each axis points to where its largest loading is positive.
    """
    finite = np.isfinite(features).all(axis=1)
    scores = np.full((len(features), n_components), np.nan, dtype=np.float32)
    scores[finite] = 0
    usable = features[finite]
    k = min(n_components, *usable.shape)
    if k == 0:
        return scores
    centred = (usable - usable.mean(axis=0, dtype=np.float64)).astype(np.float32)
    wide = centred.shape[1] > centred.shape[0]
    gram = centred @ centred.T if wide else centred.T @ centred  # the smaller of the two has the same spectrum
    axes = eigh(gram, subset_by_index=(len(gram) - k, len(gram) - 1))[1][:, ::-1]  # eigh sorts upwards
    if wide:
        axes = centred.T @ axes
        axes /= np.maximum(np.linalg.norm(axes, axis=0), np.finfo(np.float32).tiny)
    axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), range(k)])
    scores[finite, :k] = centred @ axes
    return scores


def umap(
    features: np.ndarray,
    *,
    seed: int = 0,
    on_progress: Callable[[str, float | None], None] | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> np.ndarray | None:
    """UMAP coordinates of the rows of `features`, computed in another process.

    Args:
        features: `N × units`; rows with a NaN or infinite entry are left out.
        seed: makes the picture repeatable.
        on_progress: called with a text and a fraction in [0, 1] (None while unknown).
        stopped: asked several times a second; once true, the process is killed.

    Returns:
        `N × 2` float32, NaN in the rows left out; None if it was stopped.

    Raises:
        ValueError: fewer than 5 usable images.
        RuntimeError: the process failed; the message ends with what it printed last.
    """
    finite = np.isfinite(features).all(axis=1)
    n_usable = int(finite.sum())
    if n_usable < MIN_IMAGES:
        raise ValueError(
            f"UMAP needs at least {MIN_IMAGES} images with finite features, got {n_usable}; use method='pca'"
        )
    usable = np.ascontiguousarray(features[finite], dtype=np.float32)
    if usable.shape[1] > N_COMPONENTS:
        usable = pca(usable, min(N_COMPONENTS, n_usable))
    xy = np.full((len(features), 2), np.nan, dtype=np.float32)
    result = _run_umap(
        usable, min(N_NEIGHBOURS, n_usable - 1), seed, on_progress or (lambda text, fraction: None), stopped
    )
    if result is None:
        return None
    xy[finite] = result
    return xy


def _run_umap(
    features: np.ndarray,
    neighbours: int,
    seed: int,
    report: Callable[[str, float | None], None],
    stopped: Callable[[], bool],
) -> np.ndarray | None:
    with tempfile.TemporaryDirectory(prefix="nbinterp-umap-") as name:
        folder = Path(name)
        np.save(folder / "features.npy", features)
        command = [sys.executable, "-P", str(PROCESS), name, str(neighbours), str(seed)]
        log = folder / "log.txt"
        with log.open("wb") as stderr:
            process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=stderr, stderr=stderr)
            try:
                while process.poll() is None:
                    if stopped():
                        return None
                    report(*_progress(log))
                    time.sleep(POLL_SECONDS)
            finally:
                process.kill()
                process.communicate()
        if process.returncode != 0:
            printed = log.read_text(errors="replace").strip()
            raise RuntimeError(f"UMAP failed (exit status {process.returncode}); it printed: {printed[-500:]}")
        return np.load(folder / "xy.npy")


def _progress(log: Path) -> tuple[str, float | None]:
    printed = log.read_text(errors="replace")
    percents = re.findall(r"Epochs completed:\s*(\d+)%", printed)
    if percents:
        return f"UMAP: {percents[-1]} %", int(percents[-1]) / 100
    return ("UMAP: finding neighbours" if "UMAP(" in printed else "UMAP: starting"), None
