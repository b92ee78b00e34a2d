"""Network Dissection once more, slowly: two passes at full resolution, plain NumPy, every concept a mask of its own."""

from __future__ import annotations

import numpy as np


def places(n, pixels, anchor, field=None, image=None):
    """Where the mask's pixels lie, in positions of the map."""
    centre = np.arange(pixels) + 0.5
    if anchor == "stretch":
        return centre * n / pixels - 0.5
    start, stride, size = field
    return (centre * image / pixels - start - size / 2) / stride


def weights(n, pixels, convention, field=None, image=None):
    """Matrix that resamples one axis."""
    at = places(n, pixels, convention.anchor, field, image)
    zeros = convention.padding == "zeros" and n > 1
    known = np.arange(-1, n + 1) if zeros else np.arange(n)
    rows = np.eye(len(known))[:, 1:-1] if zeros else np.eye(n)
    return np.stack([np.interp(at, known, row) for row in rows.T], 1)


def resampled(maps, mask_size, convention, field=None, image_size=None):
    """N × U × H × W in single precision."""
    parts = [None if field is None else tuple(p[along] for p in field) for along in (0, 1)]
    images = image_size or (None, None)
    down, across = (
        weights(maps.shape[2 + along], mask_size[along], convention, parts[along], images[along]) for along in (0, 1)
    )
    return (down @ maps.astype(np.float64) @ across.T).astype(np.float32)


def level(values, quantile):
    """The (floor(qN) + 1)-th largest value of each unit."""
    ordered = np.sort(np.moveaxis(values, 1, 0).reshape(values.shape[1], -1), axis=1)[:, ::-1]
    return ordered[:, int(np.floor(quantile * ordered.shape[1] + 1e-9))]


def dissect(maps, labels, category_of, convention, field=None, image_size=None):
    """Thresholds, and IoU with all counts, from maps N × U × h × w and labels N × plane × H × W."""
    n_units, n_concepts, n_categories = maps.shape[1], len(category_of), max(category_of) + 1
    size = labels.shape[2:]
    geometry = (size, convention, field, image_size)
    if convention.threshold_on == "maps":
        thresholds = level(maps.astype(np.float32), convention.quantile)
    else:
        thresholds = level(np.concatenate([resampled(m[None], *geometry) for m in maps]), convention.quantile)
    both = np.zeros((n_units, n_concepts), dtype=np.int64)
    area, concept_area = np.zeros((n_units, n_categories), dtype=np.int64), np.zeros(n_concepts, dtype=np.int64)
    for maps_of_image, planes in zip(maps, labels, strict=True):
        on = resampled(maps_of_image[None], *geometry)[0] > thresholds[:, None, None]
        masks = [(planes == concept).any(0) for concept in range(n_concepts)]
        for concept, mask in enumerate(masks):
            if mask.any():
                both[:, concept] += on[:, mask].sum(1)
                concept_area[concept] += mask.sum()
        for category in range(n_categories):
            labelled = np.any([m for m, c in zip(masks, category_of, strict=True) if c == category], axis=0)
            under = (on & labelled).any((1, 2))
            rule = {"all": True, "category": labelled.any(), "masked category": under}[convention.counted]
            area[:, category] += on.sum((1, 2)) * rule
    union = area[:, category_of] + concept_area - both
    iou = np.divide(both, union, out=np.zeros(both.shape), where=union > 0)
    return {"thresholds": thresholds, "iou": iou, "both": both, "area": area, "concept_area": concept_area}
