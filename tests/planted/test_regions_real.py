"""Regions of real networks on real images; the full table is printed by `tests/bench/bench_regions.py`."""

from __future__ import annotations

import numpy as np
import pytest
from regions_helpers import record_cifar

from nbinterp.analyses.regions import neighbours_beside, regions, subclasses

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def recording(shared_data):
    return record_cifar(shared_data, ["layer2", "layer3"])


def test_accuracy_is_the_published_one(recording):
    assert recording.correct.mean() == pytest.approx(0.915, abs=0.003)


def test_regions_of_the_last_layer_are_mostly_one_class(recording):
    """Far above the tenth that chance gives, and no purer than as many nearest neighbours by much, or less pure."""
    anchors = np.random.default_rng(0).choice(len(recording), 12, replace=False)
    rows = [neighbours_beside(regions(recording, "layer3", int(a))).frame.set_index("set") for a in anchors]
    purity = {name: np.mean([row.loc[name, "label_purity"] for row in rows]) for name in ("region", "hamming")}
    assert purity["region"] > 0.6
    assert abs(purity["region"] - purity["hamming"]) < 0.2


def test_verdicts_are_given_and_seldom_claim(recording):
    anchors = np.random.default_rng(1).choice(len(recording), 40, replace=False)
    found = [regions(recording, "layer3", int(anchor)) for anchor in anchors]
    assert np.mean([region.stands_out for region in found]) <= 0.25
    assert all(set(region.neighbours) <= set(region.members) for region in found)


def test_subclasses_of_a_real_class(recording):
    found = subclasses(recording, "layer2", "automobile" if "automobile" in recording.class_names else 1)
    assert len(found.candidates) <= 0.3 * len(found.images)
