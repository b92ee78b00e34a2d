"""The rotation experiment: are units special, or would any directions in a layer's space detect as many concepts?"""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import Any

import numpy as np
import pandas as pd
import torch
from torch import nn

from nbinterp.data import ProbeSet
from nbinterp.instrument import Classifier
from nbinterp.kernels.rotation import fractional_rotation, random_rotation

from ..progress import Progress
from ..recording import DetachedError
from .arguments import at_least
from .comparing import compare_dissections
from .concepts import COLOUR
from .dissection import Dissection
from .processes import Processes
from .scoring import Scorer
from .setup import Setup, check_setup

Target = tuple[Classifier, ProbeSet, str | nn.Module]


def rotate_dissection(
    target: Dissection | Target,
    alphas: Sequence[float] = (0.0, 0.25, 0.5, 0.75, 1.0),
    *,
    seed: int = 0,
    rotation: np.ndarray | None = None,
    progress: bool = True,
    **settings: Any,
) -> pd.DataFrame:
    """Dissect a layer whose units are replaced by rotated combinations of them (Bau et al. 2017, section 3.2).

    A random rotation Q of the layer's space keeps everything the layer can tell. Q^α, along the shortest way from the
    units themselves (α = 0) to Q (α = 1), is applied to every position of the activation maps, and the whole
    dissection, thresholds included, is done on the result. If concepts are aligned with units, fewer are detected.

    Args:
        target: a dissection with its recording, classifier and probe set; or (net, probe, layer), to be dissected with
            `settings`. The images go through the network once.
        alphas: which fractions, finite; the same one twice gives two rows.
        seed: of the rotation.
        rotation: an orthogonal matrix, unit × unit, in place of the random one, as exact as single precision; with
            determinant 1 unless `alphas` are 0 and 1 only (a permutation of units changes no count).
        progress: show a progress bar.
        settings: those of `dissect`, for (net, probe, layer).

    Returns:
        A row per α: alpha, and the columns of `compare_dissections` but name.

    Raises:
        DetachedError: the dissection was loaded without a recording that has its classifier and probe set.
        ValueError: no alphas, or not finite ones; a matrix that is not orthogonal or not of the layer's size.
        TypeError: something else than a dissection or (net, probe, layer); alphas that are not numbers.
    """
    fractions, seed = _fractions(alphas), at_least("seed", seed, 0)
    setup = _setup_of(target, progress, settings)
    given = None if rotation is None else _checked(rotation, fractions)
    if given is not None and isinstance(target, Dissection):
        _check_size(given, target.layer, target.n_units)
    processes = Processes()
    shown = progress and processes.rank == 0
    collected = setup.collect(processes, shown)
    try:
        vocabulary, (layer,), fields = setup.vocabulary(collected), setup.layers, setup.fields()
        n_units = collected.description(layer).n_units
        if given is not None:
            _check_size(given, layer, n_units)
        whole = random_rotation(n_units, generator=torch.Generator().manual_seed(seed)) if given is None else given
        found: dict[str, Dissection] = {}
        with Progress((collected.stop - collected.start) * len(fractions), shown, doing="Rotating") as bar:
            scorer = Scorer(collected, vocabulary, setup.how, setup.chance, setup.seed, bar)
            for row, alpha in enumerate(fractions):
                turned = _power(whole, alpha)
                scores = scorer.score(layer, fields[layer], turned)
                found[str(row)] = setup.result(layer, collected, vocabulary, scores, fields[layer], None)
    finally:
        collected.close()
    frame = compare_dissections(found).drop(columns="name")
    frame.insert(0, "alpha", fractions)
    return frame


def _power(rotation: torch.Tensor, alpha: float) -> torch.Tensor | None:
    if alpha == 0:
        return None
    return rotation if alpha == 1 else fractional_rotation(rotation, alpha)


def _fractions(alphas: Sequence[float]) -> list[float]:
    if isinstance(alphas, str | int | float | np.number) or np.ndim(alphas) != 1:
        raise TypeError(f"alphas must be a sequence of numbers, such as (0, 0.5, 1); got {alphas!r}")
    if len(alphas) == 0:
        raise ValueError("alphas is empty: name at least one fraction of the rotation, such as (0, 1)")
    for alpha in alphas:
        if isinstance(alpha, bool) or not isinstance(alpha, int | float | np.number):
            raise TypeError(f"alphas must be numbers, such as (0, 0.5, 1); got {alpha!r} among them")
        if not isfinite(alpha):
            raise ValueError(f"alphas must be finite, got {alpha!r} among them")
    return [float(alpha) for alpha in alphas]


def _check_size(rotation: torch.Tensor, layer: str, n_units: int) -> None:
    if len(rotation) != n_units:
        raise ValueError(f"the layer {layer!r} has {n_units} units, the rotation is {len(rotation)} × {len(rotation)}")


def _setup_of(target: Dissection | Target, progress: bool, settings: dict[str, Any]) -> Setup:
    if not isinstance(target, Dissection):
        if not isinstance(target, tuple | list) or len(target) != 3:
            raise TypeError(f"target must be a Dissection or (net, probe, layer), got {type(target).__name__}")
        net, probe, layer = target
        setup = check_setup(net, probe, layer, **({"chance": 0, "progress": progress} | settings))
        if len(setup.layers) != 1:
            raise ValueError(f"one layer is rotated at a time, got {len(setup.layers)}")
        return setup
    if settings:
        raise TypeError(f"a dissection has its settings; {', '.join(settings)} go with (net, probe, layer) only")
    recording, pictures = target.recording, target._pictures
    if recording is None or recording.net is None or recording.probe is None or pictures is None:
        raise DetachedError(
            "rotating takes the network and the images, which this dissection was loaded without: "
            "Dissection.load(path, recording), the recording with its classifier and probe set"
        )
    given = target.settings
    if given["segmenter"] and pictures.reader.segmenter is None:
        raise DetachedError(
            "the masks of this dissection came from a segmenter, which it was loaded without: "
            "Dissection.load(path, recording, segmenter=…)"
        )
    return check_setup(
        recording.net,
        recording.probe,
        target.layer,
        convention=target.rule,
        segmenter=pictures.reader.segmenter,
        concepts=None if pictures.reader.segmenter is None else given["names"],
        categories=list(given["names"]) or [COLOUR],  # none are named where colours alone were counted
        colours=given["colours"],
        min_images=given["min_images"],
        precision=given["precision"],
        chance=0,
        batch_size=recording.batch_size,
        progress=progress,
    )


def _checked(rotation: np.ndarray, fractions: list[float]) -> torch.Tensor:
    matrix = torch.as_tensor(np.asarray(rotation, dtype=np.float64))
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        raise ValueError(f"the rotation must be a matrix unit × unit, got the shape {tuple(matrix.shape)}")
    if not torch.allclose(matrix @ matrix.T, torch.eye(len(matrix), dtype=torch.float64), atol=1e-5):
        raise ValueError("the rotation is not orthogonal: its rows must be of length 1 and at right angles")
    if set(fractions) - {0.0, 1.0} and float(torch.linalg.det(matrix)) < 0:
        raise ValueError("fractions other than 0 and 1 take a rotation with determinant 1: change the sign of one row")
    left, _, right = torch.linalg.svd(matrix)  # the nearest rotation: what was given may be rounded
    return left @ right
