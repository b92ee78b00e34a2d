"""What units respond to when images have class labels only: the selectivity of every unit for every class."""

from __future__ import annotations

import numpy as np
import pandas as pd
from torch import nn

from ..recording import Recording

_UNITS_AT_ONCE = 64


def dissect_labels(
    recording: Recording, layer: str | nn.Module, *, labels: np.ndarray | None = None, top: int | None = 3
) -> pd.DataFrame:
    """Say for which classes every unit is selective: what can be known of units without pixel masks.

    Args:
        recording: made by `record`.
        layer: a recorded layer.
        labels: class of each image, −1 where unknown; default the recording's labels.
        top: classes per unit, the best first; None for all.

    Returns:
        A row per unit and class, by unit, the highest `auc` first. Columns: unit, class (number), name (the number
        again if `labels` are given), auc (chance that the unit's mean over positions is higher on an image of the class
        than on another, ties one half), mean (on the class's images), mean_rest (mean on the others), selectivity
        (index of the unit, Morcos et al. 2018, arXiv:1803.06959), n_images (of the class).

    Raises:
        UnknownLayerError: the layer was not recorded.
        ValueError: labels are missing, not one per image, or all the same.
    """
    if not isinstance(recording, Recording):
        raise TypeError(f"recording must be a Recording, got {type(recording).__name__}: make one with nbi.record")
    kept = recording[layer]
    numbers = recording.labels if labels is None else np.asarray(labels)
    if numbers.shape != (len(recording),) or numbers.dtype.kind not in "iu":
        raise ValueError(
            f"labels must be one whole number for each of {len(recording)} images, got {numbers.dtype} of shape "
            f"{numbers.shape}"
        )
    known = numbers >= 0
    classes, members = np.unique(numbers[known], return_counts=True)
    if len(classes) < 2:
        raise ValueError(
            f"selectivity takes images of at least two classes, the labels have {len(classes)}: give labels=, for "
            "instance recording.predictions"
        )
    if top is not None and (isinstance(top, bool) or not isinstance(top, int | np.integer) or top < 1):
        raise ValueError(f"top must be a whole number of at least 1, or None for all classes; got {top!r}")
    values = kept.mean[known].astype(np.float64)
    is_class = numbers[known][:, None] == classes
    auc = class_aucs(values, is_class)
    means = is_class.T.astype(np.float64) @ values / members[:, None]
    rest = (values.sum(0) - means * members[:, None]) / (len(values) - members)[:, None]
    index, _ = kept.selectivity(numbers)
    names = recording.label_names if labels is None else None  # numbers of somebody else mean something else
    n_rows = len(classes) if top is None else min(top, len(classes))
    order = np.argsort(-auc, axis=0, kind="stable")[:n_rows].T  # unit × row
    unit = np.repeat(np.arange(kept.n_units), n_rows)
    row = order.ravel()
    return pd.DataFrame(
        {
            "unit": unit,
            "class": classes[row],
            "name": [str(classes[c]) if names is None else names[classes[c]] for c in row],
            "auc": auc[row, unit],
            "mean": means[row, unit],
            "mean_rest": rest[row, unit],
            "selectivity": index[unit],
            "n_images": members[row],
        }
    )


def class_aucs(values: np.ndarray, is_class: np.ndarray) -> np.ndarray:
    """Area under the ROC curve of every unit for every class against the rest (Mann and Whitney's U).

    Args:
        values: float64, images × units.
        is_class: bool, images × classes.

    Returns:
        float64, classes × units.
    """
    from scipy.stats import rankdata  # importing it takes half a second

    members = is_class.sum(0)[:, None].astype(np.float64)
    found = np.empty((is_class.shape[1], values.shape[1]))
    for start in range(0, values.shape[1], _UNITS_AT_ONCE):
        ranks = rankdata(values[:, start : start + _UNITS_AT_ONCE], axis=0)
        found[:, start : start + _UNITS_AT_ONCE] = is_class.T.astype(np.float64) @ ranks
    return (found - members * (members + 1) / 2) / (members * (len(values) - members))
