"""Ablation on networks whose units are known: one class hangs on one unit, and one unit is read by nobody."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import nn

from nbinterp.analyses import ablate, record
from nbinterp.data import ProbeSet
from nbinterp.instrument import Classifier

UNUSED, N_UNITS, N_CLASSES, PER_CLASS = 7, 8, 4, 12
HANGS_ON = {0: (2,), 1: (5,), 2: (4, 6)}
"""Class -> its units. Class 2 has two, each enough by itself; class 3 is what is left when nothing is on."""


class Planted(nn.Module):
    """A class's units light up in its channel; its logit is the sum of their means."""

    def __init__(self) -> None:
        super().__init__()
        self.units = nn.Conv2d(3, N_UNITS, 1, bias=False)
        self.relu = nn.ReLU(inplace=True)
        self.head = nn.Linear(N_UNITS, N_CLASSES)
        with torch.no_grad():
            self.units.weight.zero_()
            self.head.weight.zero_()
            self.head.bias.copy_(torch.tensor([-0.02, -0.02, -0.02, 0.0]))
            for class_, units in HANGS_ON.items():
                for unit in units:
                    self.units.weight[unit, class_] = 1
                    self.head.weight[class_, unit] = 1
            self.units.weight[UNUSED] = 1

    def forward(self, images):
        return self.head(self.relu(self.units(images)).mean((2, 3)))


@pytest.fixture(scope="module")
def ablation():
    rng = np.random.default_rng(0)
    labels = np.repeat(np.arange(N_CLASSES), PER_CLASS)
    images = np.full((len(labels), 3, 6, 6), 0.01, np.float32)
    lit = np.flatnonzero(labels < 3)
    images[lit, labels[lit]] = rng.uniform(0.5, 1, (len(lit), 6, 6))
    probe = ProbeSet.from_arrays(torch.from_numpy(images), labels, class_names=list("abcd"))
    net = Classifier(Planted(), classes=list("abcd"), device="cpu")
    return ablate(record(net, probe, "relu", progress=False), "relu", batch_size=10, progress=False)


def test_the_class_that_hangs_on_a_unit_falls_to_chance(ablation):
    assert ablation.tail_reason == ""
    assert ablation.baseline.accuracy == 1
    for class_, unit in ((0, 2), (1, 5)):
        after = ablation.balanced_accuracy(unit)
        assert after[class_] == 0.5
        assert ablation.accuracy(unit) == 0.75
        # its images are taken for class 3 now, the others stay
        others = [c for c in range(N_CLASSES) if c not in (class_, 3)]
        assert (after[others] == 1).all()
        assert after[3] == pytest.approx(1 - 1 / 3 / 2)
        assert ablation.confusion(unit)[class_, 3] == PER_CLASS
        effect = ablation.effect(unit)
        assert effect.flipped.tolist() == np.flatnonzero(ablation.labels == class_).tolist()


def test_a_unit_that_nobody_reads_changes_nothing_bit_for_bit(ablation):
    for change in ({"value": 0}, {"value": 1e6}, {"scale": 2}, {"value": "mean"}):
        effect = ablation.effect(UNUSED, **change)
        assert effect.probabilities.tobytes() == ablation.baseline.probabilities.tobytes()
        assert not len(effect.flipped)


def test_units_that_stand_in_for_each_other_matter_together_only(ablation):
    assert ablation.balanced_accuracy([4])[2] == 1
    assert ablation.balanced_accuracy([4, 6])[2] == 0.5
    assert ablation.balanced_accuracy({4: 0.5, 6: 0.5})[2] == 1


def test_ranking_names_the_unit(ablation):
    for class_, unit in (("a", 2), ("b", 5)):
        ranking = ablation.ranking(class_)
        assert ranking["unit"][0] == unit
        assert ranking["drop"][0] == 0.5
        # only class 0's and 1's units cost anything at all
        assert (ranking["drop"][1:] <= 0).all()
    assert set(ablation.ranking()["unit"][:2]) == {2, 5}
    ranking = ablation.ranking(2)
    assert set(ranking["unit"][:2]) == {4, 6}  # no drop, but their class's probability falls
    assert (ranking["drop"][:2] == 0).all()
    assert (ranking["probability_drop"][:2] > 0).all()


def test_curves(ablation):
    curve = ablation.curve("a", sizes=(1, 2, 8, 20), n_random=20)
    assert curve["size"].tolist() == [0, 1, 2, 8]
    assert curve["balanced_accuracy"].tolist() == [1, 0.5, 0.5, 0.5]
    assert 0.5 < curve["random_balanced_accuracy"][1] < 1
    assert curve["random_lowest"][1] == 0.5
    assert curve["random_highest"][1] == 1
    kept = ablation.curve("a", sizes=(1, 8), keep=True, n_random=20)
    assert kept["removed"].tolist() == [0, 7, 0]
    assert kept["balanced_accuracy"].tolist() == [1, 1, 1]
    assert kept["random_balanced_accuracy"][1] < 0.8
    assert kept["accuracy"].tolist() == [1, 0.5, 1]  # the class's own images, and those of class 3


def test_importance_and_iou(ablation):
    best = np.full((N_UNITS, 3), 0.01)
    best[[2, 5], 1] = 0.4, 0.5  # the two units that a class cannot do without
    found = ablation.iou_correlation(SimpleNamespace(layer="relu", iou=best))
    assert found.frame["importance"][[2, 5]].tolist() == [2, 2]  # their classes, and what these are taken for
    assert found.frame["importance"].drop([2, 5]).tolist() == [0] * 6
    assert found.rho > 0.95
    assert found.p < 0.001
    assert ablation.iou_correlation(SimpleNamespace(layer="relu", iou=best), importance="max").rho > 0.7
    assert np.isnan(ablation.iou_correlation(SimpleNamespace(layer="relu", iou=best * 0)).rho)
    with pytest.raises(ValueError, match="dissect the same layer"):
        ablation.iou_correlation(SimpleNamespace(layer="units", iou=best))


@pytest.mark.parametrize("norm", ["l2", "linf"])
def test_an_attack_moves_the_units_of_both_classes(ablation, norm):
    attack = ablation.attack("b", source="a", norm=norm, epsilon=6.0 if norm == "l2" else 0.9, steps=30)
    assert attack.success_rate == 1
    assert len(attack.images) == PER_CLASS
    assert (attack.labels == 0).all()
    assert (attack.distance <= attack.epsilon + 1e-5).all()
    assert attack.changed.min() >= 0
    assert attack.changed.max() <= 1
    with torch.no_grad():
        logits = ablation.recording.net.logits(attack.changed)
    assert (logits.argmax(1) == 1).all()
    moved = attack.movement.mean(0)
    assert moved[5] > 5 * moved[[0, 1, 3]].max()
    groups = attack.groups.set_index("group")
    assert groups["low"]["target"] > groups["mean"]["others"]
    assert groups["low"]["target"] <= groups["mean"]["target"] <= groups["high"]["target"]
