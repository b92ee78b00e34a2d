"""The released per-unit results of Network Dissection: our arithmetic gives their IoU and their numbers of detectors.

(AlexNet and ResNet-152, Bau et al. 2017. Each row has, per category, the unit's best label with its pixel counts.)
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import torch

from nbinterp.kernels import OverlapCounts, best_labels, iou, unique_detectors

pytestmark = pytest.mark.real

CATEGORIES = ("object", "part", "scene", "material", "texture", "color")
RELEASED = {  # units with a detector, unique detectors by best label, per category, and those by category
    "caffe_reference_places365": (118, 72, 91, (40, 9, 13, 2, 25, 2)),
    "ResNet-152-model_places365": (1452, 278, 347, (84, 26, 188, 5, 42, 2)),
    "caffe_reference_imagenet": (97, 50, 61, (21, 8, 4, 1, 23, 4)),
    "caffe_reference_places205": (107, 60, 79, (36, 8, 12, 1, 20, 2)),
}


def read(folder, name):
    """Counts of units × the concepts that are some unit's best label, their categories, and the released table."""
    table = pd.read_csv(folder / "golden" / "netdissect" / f"{name}.csv").sort_values("unit", ignore_index=True)
    table = table.fillna({f"{c}-label": "" for c in CATEGORIES} | {f"{c}-iou": 0.0 for c in CATEGORIES})
    concepts = [(k, label) for k, c in enumerate(CATEGORIES) for label in sorted(table[f"{c}-label"].unique())]
    number = {concept: n for n, concept in enumerate(concepts)}
    both = torch.zeros(len(table), len(concepts), dtype=torch.int64)
    area = torch.zeros(len(table), len(CATEGORIES), dtype=torch.int64)
    concept_area = torch.zeros(len(concepts), dtype=torch.int64)
    for k, category in enumerate(CATEGORIES):
        columns = torch.tensor([number[k, label] for label in table[f"{category}-label"]])
        both[torch.arange(len(table)), columns] = torch.tensor(table[f"{category}-intersect"].to_numpy(np.int64))
        area[:, k] = torch.tensor(table[f"{category}-activation"].to_numpy(np.int64))
        concept_area[columns] = torch.tensor(table[f"{category}-truth"].to_numpy(np.int64))
    counts = OverlapCounts(both, area, concept_area, torch.ones_like(concept_area))
    return counts, torch.tensor([k for k, _ in concepts]), concepts, table


@pytest.mark.parametrize("name", RELEASED)
def test_iou_and_labels_are_the_released_ones(shared_data, name):
    counts, category_of, concepts, table = read(shared_data, name)
    scores = iou(counts, category_of)
    for k, category in enumerate(CATEGORIES):
        inside = torch.nonzero(category_of == k)[:, 0]
        best = scores[:, inside].amax(1).numpy()
        np.testing.assert_allclose(best, table[f"{category}-iou"], rtol=0, atol=1e-12)
    labels = [concepts[c] for c in best_labels(scores).tolist()]
    assert [CATEGORIES[k] for k, _ in labels] == table["category"].tolist()
    assert [label for _, label in labels] == table["label"].tolist()
    np.testing.assert_allclose(scores.amax(1).numpy(), table["score"], rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", RELEASED)
def test_unique_detectors_are_the_published_numbers(shared_data, name):
    counts, category_of, _, _ = read(shared_data, name)
    found = unique_detectors(iou(counts, category_of), category_of)
    units, best, per_category, by_category = RELEASED[name]
    assert (found.units, found.best, found.per_category) == (units, best, per_category)
    assert tuple(found.by_category.tolist()) == by_category


def test_another_threshold_gives_the_published_sensitivity(shared_data):
    counts, category_of, _, _ = read(shared_data, "caffe_reference_places365")
    scores = iou(counts, category_of)
    found = [unique_detectors(scores, category_of, threshold=t) for t in (0.02, 0.03, 0.05, 0.06, 0.1)]
    assert [(f.units, f.best) for f in found] == [(212, 106), (158, 87), (82, 55), (60, 45), (20, 18)]
