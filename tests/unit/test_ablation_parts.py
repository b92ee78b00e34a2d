"""Parts of an Ablation that its own tests pass by: who is attacked, random controls, scales, storage."""

from __future__ import annotations

import time
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from test_ablation import CLASSES, N, assigned, by_hand, network, probe_set

from nbinterp.analyses import ablate, record
from nbinterp.analyses.ablation.attack import pixel_range
from nbinterp.analyses.ablation.storage import Storage
from nbinterp.data import ProbeSet
from nbinterp.instrument import Classifier, Tail


@pytest.fixture(scope="module")
def recording():
    return record(Classifier(network(), classes=CLASSES, device="cpu"), probe_set(), "conv2", progress=False)


@pytest.fixture(scope="module")
def ablation(recording):
    return ablate(recording, "conv2", batch_size=8, progress=False)


def test_short_ways_to_ask_take_a_scale_too(ablation):
    effect = ablation.effect([0, 1, 4], scale=0.25)
    assert len(effect.flipped)
    assert ablation.accuracy([0, 1, 4], scale=0.25) == effect.accuracy
    assert ablation.accuracy([0, 1, 4], scale=1) == ablation.baseline.accuracy != ablation.accuracy([0, 1, 4])
    assert np.array_equal(ablation.confusion([0, 1, 4], scale=0.25), effect.confusion)
    np.testing.assert_array_equal(ablation.balanced_accuracy([0, 1, 4], scale=0.25), effect.balanced_accuracy)
    assert ablation.probabilities([0, 1, 4], scale=0.25).tobytes() == effect.probabilities.tobytes()


def test_scales_belong_to_their_units(ablation):
    """In whatever order they are named; towards the mean, a half is half way."""
    after = ablation.effect({4: 1.5, 1: 0, 2: 2})
    assert after.probabilities.tobytes() == ablation.effect({1: 0, 2: 2, 4: 1.5}).probabilities.tobytes()
    assert after.probabilities.tobytes() != ablation.effect({1: 1.5, 2: 0, 4: 2}).probabilities.tobytes()
    mean = ablation._cached.means

    def half_way(activations):
        edited = activations.clone()
        edited[:, 3] = mean[3] + 0.5 * (edited[:, 3] - mean[3])
        edited[:, 5] = mean[5] + 1.5 * (edited[:, 5] - mean[5])
        return edited

    found = ablation.effect({5: 1.5, 3: 0.5}, "mean").probabilities
    np.testing.assert_allclose(found, by_hand(ablation, half_way).softmax(1), atol=1e-6)


def test_progress_can_be_asked_for(recording, capsys):
    ablation = ablate(recording, "conv2", progress=False)
    ablation.ranking(progress=True)
    assert "Units of conv2: 100%" in capsys.readouterr().err


def test_progress_starts_again_with_smaller_batches(recording, monkeypatch, capsys):
    real, made = Tail.head, []

    def head(self, batch):
        made.append(len(batch))
        if sum(made) > 40 and len(batch) > 8:
            raise torch.OutOfMemoryError("full")
        return real(self, batch)

    monkeypatch.setattr("nbinterp.analyses.ablation.driver._VERIFIED", 2)
    monkeypatch.setattr(Tail, "head", head)
    ablate(recording, "conv2", batch_size=16)
    shown = capsys.readouterr().err
    assert "going on with batches of 8" in shown and f"Activations of conv2: 100%|██████████| {N}/{N}" in shown


def test_one_image_too_large_for_memory_is_an_error(recording, monkeypatch):
    ablation = ablate(recording, "conv2", progress=False)

    def full(self, cut, edit=None):
        raise torch.OutOfMemoryError("full")

    monkeypatch.setattr(Tail, "__call__", full)
    with pytest.raises(torch.OutOfMemoryError):
        ablation.effect(1)


def test_the_time_of_a_run_is_per_image(ablation, monkeypatch):
    clock = iter([10.0, 14.0])
    monkeypatch.setattr(time, "perf_counter", lambda: next(clock))
    ablation._cached.logits(ablation._cached.batches[0], None)
    monkeypatch.undo()
    assert ablation._cached.seconds == 4 / len(ablation._cached.batches[0].images)


@pytest.mark.parametrize("keep", [False, True])
def test_random_controls_are_drawn_without_repeats(ablation, keep):
    table = ablation.curve("bee", sizes=(2, 6), keep=keep, n_random=3, seed=5)
    before = ablation.effect(images="test")
    assert (table["balanced_accuracy"][0], table["accuracy"][0]) == (before.balanced_accuracy[1], before.accuracy)
    rng = np.random.default_rng(5)
    for row, size in ((1, 2), (2, 6)):
        found = []
        for _ in range(3):
            chosen = rng.choice(6, size, replace=False)
            removed = np.setdiff1d(np.arange(6), chosen) if keep else chosen
            effect = ablation.effect(removed, images="test")
            found.append((effect.balanced_accuracy[1], effect.accuracy))
        one, balanced = table.loc[row], np.array(found)[:, 0]
        assert one["random_balanced_accuracy"] == pytest.approx(balanced.mean())
        assert one["random_accuracy"] == pytest.approx(np.array(found)[:, 1].mean())
        assert (one["random_lowest"], one["random_highest"]) == (balanced.min(), balanced.max())
    assert table.loc[2, "random_lowest"] == table.loc[2, "random_highest"] == table.loc[2, "balanced_accuracy"]


def test_importance_is_the_largest_drop(ablation):
    drops = np.stack([ablation.ranking(name).set_index("unit")["drop"].sort_index() for name in CLASSES], 1)
    found = ablation.iou_correlation(SimpleNamespace(layer="conv2", iou=np.eye(6)), importance="max")
    np.testing.assert_array_equal(found.frame["importance"], drops.max(1))


def test_what_all_classes_lose(ablation):
    table, before = ablation.ranking().set_index("unit"), ablation.effect(images="train")
    known = np.flatnonzero(before.labels >= 0)
    own = before.labels[known]
    for unit in range(6):
        after = ablation.effect(unit, images="train")
        fall = (before.probabilities[known, own] - after.probabilities[known, own]).mean()
        assert table["probability_drop"][unit] == pytest.approx(fall, abs=1e-6)
        assert table["drop"][unit] == before.accuracy - after.accuracy
    assert before.frame["images"].tolist() == np.bincount(own, minlength=3).tolist()


def test_who_is_attacked(ablation, recording):
    """Labelled images that are neither of the target nor taken for it; of a source, those that are recognized."""
    labels, predictions = recording.labels, recording.predictions
    fit = (labels >= 0) & (labels != 2) & (predictions != 2)
    assert ((labels >= 0) & (labels != 2) & (predictions == 2)).any()
    found = ablation.attack("cat", steps=1)
    assert found.images.tolist() == np.flatnonzero(fit).tolist()
    from_ants = ablation.attack("cat", source="ant", steps=1)
    assert from_ants.images.tolist() == np.flatnonzero(fit & (labels == 0) & (predictions == 0)).tolist()
    assert (fit & (labels == 0) & (predictions != 0)).any()
    few = [ablation.attack("cat", n_images=5, steps=1, seed=seed).images.tolist() for seed in (0, 1, 0)]
    assert few[0] == few[2] != few[1] and len(few[0]) == 5
    assert found.epsilon == pytest.approx(8 / 255 * (3 * 9 * 9) ** 0.5)
    assert ablation.attack("cat", norm="linf", n_images=2, steps=1).epsilon == pytest.approx(8 / 255)


def test_an_attacked_image_stops_when_it_is_taken_for_the_target(ablation):
    attack = ablation.attack("cat", epsilon=4.0, steps=40)
    assert attack.success.any() and (attack.distance[attack.success] < 3.5).any()


def test_movement_is_that_of_peaks_and_groups_are_of_successes(ablation, recording):
    attack = ablation.attack("cat", epsilon=1.0, steps=10)
    assert 1 < attack.success.sum() < len(attack.images)
    net, peaks = recording.net, []
    handle = net.module.conv2.register_forward_hook(lambda m, a, output: peaks.append(output.amax((2, 3))))
    with torch.no_grad():
        net.module(attack.changed)
        net.module(torch.stack([net.prepare(recording.probe.image(i)) for i in attack.images]))
    handle.remove()
    np.testing.assert_allclose(attack.movement, (peaks[0] - peaks[1]).abs(), atol=1e-5)
    top = {class_: ablation.ranking(class_)["unit"].to_numpy()[:4] for class_ in range(3)}
    rows, labels = attack.movement[attack.success], attack.labels[attack.success]
    means = {"target": rows[:, top[2]].mean(1)}
    means["source"] = np.array([row[top[label]].mean() for row, label in zip(rows, labels, strict=True)])
    table = attack.groups.set_index("group")
    for group, values in means.items():
        half = 2.58 * values.std(ddof=1) / len(values) ** 0.5
        expected = [values.mean(), values.mean() - half, values.mean() + half]
        np.testing.assert_allclose(table.loc[group, ["mean", "low", "high"]].to_numpy(float), expected, rtol=1e-5)


def test_black_and_white_of_images_that_are_numbers():
    """Images as floating-point arrays go from 0 to 1; those of whole numbers to 255."""
    pixels = np.random.default_rng(0).random((4, 9, 9, 3), dtype=np.float32)
    net = Classifier(network(), preprocess=lambda image: 2 * image - 1, classes=CLASSES, device="cpu")
    probe = ProbeSet.from_arrays(pixels)
    assert isinstance(probe.image(0), torch.Tensor)
    low, high, note = pixel_range(net, probe, torch.stack([net.prepare(probe.image(i)) for i in range(4)]))
    assert (low == -1).all() and (high == 1).all() and note == ""


def test_memory_is_counted_and_what_is_held_is_a_copy():
    storage, given = Storage(1e-6), torch.arange(200, dtype=torch.float32)  # 1000 bytes, 800 of them
    first = storage.hold(given)
    assert not storage.on_disk
    second = storage.hold(given[:100].reshape(10, 10).T)
    assert storage.on_disk and second.stride() == (1, 10)
    given.zero_()
    assert torch.equal(first, torch.arange(200.0)) and torch.equal(second, torch.arange(100.0).reshape(10, 10).T)


def test_a_single_unit_and_value(ablation):
    found = ablation.effect(3, -1.5).probabilities
    assert found.tobytes() == by_hand(ablation, assigned([3], -1.5)).softmax(1).numpy().tobytes()
