"""Dissections to show: one drawn by hand, and a small real one that all tests of a session share."""

from __future__ import annotations

from functools import cache

import numpy as np

# nbinterp is imported inside the functions: the shape checks replace its modules after this file is read.

CONCEPTS = ("sky", "tree", "blue", "red")
CATEGORIES = ("object", "object", "colour", "colour")
IOU = np.array(
    [
        [0.30, 0.10, 0.35, 0.00],
        [0.20, 0.01, 0.10, 0.00],
        [0.02, 0.25, 0.00, 0.03],
        [0.01, 0.03, 0.02, 0.02],
        [0.00, 0.00, 0.00, 0.00],
    ]
)
CHANCE = np.array([[0.02, 0.20], [0.02, 0.10], [0.02, 0.03], [np.nan, np.nan], [0.0, 0.0]])


def by_hand(*, layer: str = "features.7", recording=None, n_images: int = 60, **changes):
    """Five units and four concepts: units 0, 1 and 2 are detectors, 3 is none, 4 is never on."""
    from nbinterp.analyses.dissection import Dissection
    from nbinterp.kernels.dissection import convention

    facts = {
        "layer": layer,
        "convention": "pnas2020",
        "quantile": 0.01,
        "concepts": CONCEPTS,
        "categories": CATEGORIES,
        "category_names": ("object", "colour"),
        "iou": IOU,
        "thresholds": np.array([1, 2, 3, 4, 0], np.float32),
        "intersection": np.zeros((5, 4), np.int64),
        "unit_area": np.zeros((5, 2), np.int64),
        "concept_area": np.zeros(4, np.int64),
        "area_share": np.array([0.01, 0.02, 0.005, 0.03, 0]),
        "image_counts": np.array([40, 30, 50, 20]),
        "chance": CHANCE,
        "left_out": ("object: whale",),
        "n_images": n_images,
        "grid": (8, 8),
        "view_size": (8, 8),
        "iou_threshold": 0.04,
        "rule": convention("pnas2020"),
        "fingerprints": {},
        "notes": ("a note",),
        "recording": recording,
    }
    return Dissection(**{**facts, **changes})


@cache
def small():
    """The demo classifier's last layer on 60 scenes."""
    import nbinterp as nbi

    return nbi.dissect(nbi.demo.classifier(), nbi.demo.scenes(60), "stage4", chance=5, progress=False)
