"""nbi.ablate and what can be asked of an Ablation: edits, halves, growing answers, refusals, interrupts, limits."""

import os
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import torch
from torch import nn

import nbinterp as nbi
from nbinterp.analyses import DetachedError, ablate, record
from nbinterp.analyses.ablation import cached as cached_module
from nbinterp.analyses.ablation import storage as storage_module
from nbinterp.analyses.ablation.effect import effect_of
from nbinterp.data import ProbeSet
from nbinterp.instrument import Classifier, Tail, UnknownLayerError, editing, evaluating

N, CLASSES = 61, ("ant", "bee", "cat")


class Net(nn.Module):
    def __init__(self, deciding: bool = False) -> None:
        super().__init__()
        self.deciding = deciding
        self.conv1 = nn.Conv2d(3, 6, 3, padding=1)
        self.relu1 = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(6, 6, 3, padding=1)
        self.relu2 = nn.ReLU(inplace=True)
        self.head = nn.Linear(6, len(CLASSES))

    def forward(self, images):
        maps = self.relu1(self.conv1(images))
        if self.deciding and maps.sum() < 0:
            maps = -maps
        maps = maps + self.relu2(self.conv2(maps))
        return self.head(maps.mean((2, 3)))


def network(**settings) -> Net:
    """A random network that predicts every class now and then."""
    torch.manual_seed(3)
    net = Net(**settings)
    with torch.no_grad():
        net.head.weight *= 5
        net.head.bias -= net(torch.rand(50, 3, 9, 9)).mean(0)
    return net


def probe_set(labels=True) -> ProbeSet:
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (N, 3, 3, 3), dtype=np.uint8).repeat(3, 1).repeat(3, 2)
    known = np.arange(N) % 3
    known[[4, 20, 33]] = -1
    return ProbeSet.from_arrays(pixels, known if labels else None, class_names=CLASSES if labels else None)


def recorded(labels=True, **settings):
    net = Classifier(network(**settings), classes=CLASSES, device="cpu")
    return record(net, probe_set(labels), "conv2", progress=False)


@pytest.fixture(scope="module")
def recording():
    return recorded()


@pytest.fixture(scope="module")
def ablation(recording):
    return ablate(recording, "conv2", batch_size=8, progress=False)


def by_hand(ablation, edit) -> torch.Tensor:
    """Logits of the whole network with the layer edited by hooks, in the ablation's batches; images ascending."""
    net, probe = ablation.recording.net, ablation.recording.probe
    images, logits = [], []
    with evaluating(net.module), torch.no_grad(), editing(net.module, {ablation.layer: edit}):
        for batch in ablation._cached.batches:
            logits.append(net.module(net.batch([net.prepare(probe.image(i)) for i in batch.images])))
            images.append(batch.images)
    return torch.cat(logits)[np.argsort(np.concatenate(images))]


def assigned(units, value):
    def edit(activations):
        edited = activations.clone()
        edited[:, units] = torch.as_tensor(value, dtype=edited.dtype).reshape(-1, 1, 1)
        return edited

    return edit


@pytest.mark.parametrize("deciding", [False, True])
@pytest.mark.parametrize("layer", ["conv1", "conv2", "relu2", "head"])
def test_an_effect_is_that_of_editing_the_whole_network(deciding, layer):
    ablation = ablate(recorded(deciding=deciding), layer, batch_size=20, progress=False)
    assert bool(ablation.tail_reason) is (deciding)
    shape = (1, -1) if layer == "head" else (1, -1, 1, 1)
    factors = torch.tensor([1, 0, 1.5, 1, 1, 1])[: ablation.n_units].reshape(shape)

    def scaled(activations):
        return activations * factors

    before = by_hand(ablation, lambda activations: activations)
    assert ablation.baseline.probabilities.tobytes() == before.softmax(1).numpy().tobytes()
    after = by_hand(ablation, scaled)
    effect = ablation.effect({1: 0, 2: 1.5})
    assert effect.probabilities.tobytes() == after.softmax(1).numpy().tobytes()
    assert effect.predictions.tolist() == after.argmax(1).tolist()
    flipped = (after.argmax(1) != before.argmax(1)).numpy()
    assert effect.flipped.tolist() == np.flatnonzero(flipped).tolist()
    assert flipped.any()


def test_values_and_scales(ablation):
    def same(effect, edit):
        return effect.probabilities.tobytes() == by_hand(ablation, edit).softmax(1).numpy().tobytes()

    assert same(ablation.effect(3), assigned([3], 0))
    assert same(ablation.effect([3, 0], -2.5), assigned([0, 3], -2.5))
    assert same(ablation.effect(np.array([1, 4]), scale=0), assigned([1, 4], 0))
    means = ablation.recording["conv2"].mean.mean(0, dtype=np.float64)
    np.testing.assert_allclose(ablation._cached.means, means, rtol=1e-5)
    assert same(ablation.effect([2, 5], "mean"), assigned([2, 5], ablation._cached.means[[2, 5]]))
    baseline = ablation.baseline.probabilities.tobytes()
    for nothing in (
        ablation.effect(),
        ablation.effect({}),
        ablation.effect({2: 1}),
        ablation.effect([2, 3], scale=1.0),
    ):
        assert nothing.probabilities.tobytes() == baseline
        assert not len(nothing.flipped)


def test_accuracies(ablation):
    effect = ablation.effect([0, 1], 3)
    known = effect.labels >= 0
    assert effect.images.tolist() == list(range(N))
    assert effect.n_images == effect.n_total == N
    assert effect.accuracy == (effect.predictions == effect.labels)[known].mean() == ablation.accuracy([0, 1], 3)
    assert effect.accuracy_before == ablation.recording.correct[known].mean() == ablation.baseline.accuracy
    assert effect.confusion.sum() == known.sum() == N - 3
    assert np.trace(effect.confusion) == (effect.predictions == effect.labels).sum()
    assert effect.confusion.tolist() == ablation.confusion([0, 1], 3).tolist()
    rates = [
        (
            (effect.predictions == c)[effect.labels == c].mean()
            + (effect.predictions != c)[known & (effect.labels != c)].mean()
        )
        / 2
        for c in range(3)
    ]
    np.testing.assert_allclose(effect.balanced_accuracy, rates)
    np.testing.assert_allclose(ablation.balanced_accuracy([0, 1], 3), rates)
    assert ablation.probabilities([0, 1], 3).dtype == np.float32
    assert effect.frame["class"].tolist() == list(CLASSES)
    np.testing.assert_allclose(effect.frame["change"], effect.balanced_accuracy - ablation.baseline.balanced_accuracy)
    assert "accuracy" in repr(effect)
    assert "6 units of 'conv2' on 61 images" in repr(ablation)


def test_halves_are_stratified_and_disjoint(ablation, recording):
    assert np.array_equal(np.sort(np.concatenate([ablation.train, ablation.test])), np.arange(N))
    for class_ in range(-1, 3):
        counts = [(recording.labels[half] == class_).sum() for half in (ablation.train, ablation.test)]
        assert abs(counts[0] - counts[1]) <= 1
    other = ablate(recording, "conv2", seed=1, progress=False)
    assert not np.array_equal(other.train, ablation.train)
    effect = ablation.effect([1], images="test")
    assert np.array_equal(effect.images, ablation.test)
    whole = ablation.effect([1])
    assert effect.probabilities.tobytes() == whole.probabilities[ablation.test].tobytes()
    some = ablation.effect([1], images=[50, 3, 17])
    assert some.images.tolist() == [3, 17, 50]
    np.testing.assert_allclose(some.probabilities, whole.probabilities[[3, 17, 50]], rtol=1e-5)


def test_answers_grow_until_they_are_complete(ablation):
    whole = ablation.effect({1: 0.5})
    found = list(ablation.effects({1: 0.5}, first=5))
    sizes = [effect.n_images for effect in found]
    assert sizes[0] == 5
    assert sizes == sorted(set(sizes))
    assert [effect.complete for effect in found] == [False] * (len(found) - 1) + [True]
    assert found[-1].probabilities.tobytes() == whole.probabilities.tobytes()
    for effect in found:
        assert effect.n_total == N
        np.testing.assert_allclose(effect.probabilities, whole.probabilities[effect.images], rtol=1e-5)
        assert np.array_equal(effect.predictions_before, ablation.baseline.predictions[effect.images])
    (only,) = ablation.effects({1: 0.5}, first=1000)
    assert only.complete


def test_wrong_questions_about_growing_answers_are_refused_at_once(ablation):
    for first in (0, -5, 1.5, True):
        with pytest.raises(ValueError, match="first must be a whole number of at least 1"):
            ablation.effects(1, first=first)
    with pytest.raises(IndexError, match="units 0 to 5"):
        ablation.effects(6)


def test_images_are_chosen_by_a_mask_too(ablation, recording):
    mask = recording.labels == 2
    effect = ablation.effect(1, images=mask)
    assert effect.images.tolist() == np.flatnonzero(mask).tolist()
    by_number = ablation.effect(1, images=np.flatnonzero(mask))
    assert effect.probabilities.tobytes() == by_number.probabilities.tobytes()


def test_the_first_answer_is_as_large_as_time_allows(ablation, monkeypatch):
    monkeypatch.setattr(ablation._cached, "seconds", 1.0)  # a slow network: one image at first
    assert next(iter(ablation.effects(2))).n_images == 1
    monkeypatch.setattr(ablation._cached, "seconds", 1e-9)
    assert next(iter(ablation.effects(2))).complete


def test_work_can_be_stopped(ablation):
    class Stopped(Exception):
        pass

    calls = []

    def check():
        calls.append(1)
        if len(calls) == 3:
            raise Stopped

    for run in (
        lambda: ablation.effect(1, check=check),
        lambda: list(ablation.effects(1, check=check)),
        lambda: ablation.ranking(value=-1, check=check),
        lambda: ablation.curve(None, value=-2, check=check),
    ):
        calls.clear()
        with pytest.raises(Stopped):
            run()
        assert len(calls) == 3
    assert -1 not in ablation._kept
    assert not any(part._forward_hooks for part in ablation.recording.net.module.modules())


def test_an_interrupt_says_what_is_kept(recording, monkeypatch, capsys):
    ablation = ablate(recording, "conv2", progress=False)
    real, calls, reports = ablation._cached.logits, [], []

    def logits(*arguments):
        calls.append(1)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return real(*arguments)

    monkeypatch.setattr(ablation._cached, "logits", logits)
    with pytest.raises(KeyboardInterrupt) as caught:
        ablation.ranking("bee")
    assert "Stopped after 3 of 7 runs" in caught.value.__notes__[0]
    again = ablation.ranking("bee", report=lambda done, n: reports.append((done, n)))
    assert reports == [(4, 7), (5, 7), (6, 7), (7, 7)], "it goes on where it was stopped"
    pd.testing.assert_frame_equal(again, ablate(recording, "conv2", progress=False).ranking("bee"))
    assert not ablation._counted
    real_head, batches = Tail.head, []

    def head(self, batch):
        batches.append(len(batch))
        if sum(batches) > 30:
            raise KeyboardInterrupt
        return real_head(self, batch)

    monkeypatch.setattr(Tail, "head", head)
    with pytest.raises(KeyboardInterrupt) as caught:
        ablate(recording, "conv2", batch_size=8, progress=False)
    assert caught.value.__notes__ == [f"Stopped after 16 of {N} images; nothing is kept."]


def test_a_stopped_ranking_goes_on_with_one_sum_per_unit(ablation):
    class Stopped(Exception):
        pass

    whole = ablation.ranking("bee", 0.25)
    n_runs = 7 * sum(batch.train for batch in ablation._cached.batches)
    assert n_runs > 22
    for stop in (3, 10, 9):  # runs of each call
        left = [stop]

        def check(left=left):
            left[0] -= 1
            if left[0] < 0:
                raise Stopped

        ablation._kept.pop(0.25, None)
        with pytest.raises(Stopped):
            ablation.ranking("bee", 0.25, check=check)
        assert len(ablation._counted[0.25]) <= 7
    reports = []
    again = ablation.ranking("bee", 0.25, report=lambda done, n: reports.append((done, n)))
    assert reports == [(done, n_runs) for done in range(23, n_runs + 1)]
    pd.testing.assert_frame_equal(again, whole, check_exact=True)


def test_rankings_are_measured_once(recording, monkeypatch):
    ablation = ablate(recording, "conv2", progress=False)
    reports = []
    first = ablation.ranking("ant", report=lambda done, n: reports.append((done, n)))
    assert reports[-1] == (7, 7)  # one batch, the network as it is and six units
    monkeypatch.setattr(ablation._cached, "logits", None)
    assert ablation.ranking(0).equals(first)
    losses = ablation.ranking("bee")
    assert sorted(losses["unit"]) == list(range(6))
    assert losses["drop"].is_monotonic_decreasing
    assert list(ablation.ranking().columns) == ["unit", "drop", "accuracy", "probability_drop"]


def test_a_ranking_is_that_of_single_effects_on_the_train_half(ablation):
    ranking = ablation.ranking(1).set_index("unit")
    before = ablation.effect(images="train")
    for unit in range(6):
        effect = ablation.effect(unit, images="train")
        assert ranking["balanced_accuracy"][unit] == effect.balanced_accuracy[1]
        assert ranking["drop"][unit] == before.balanced_accuracy[1] - effect.balanced_accuracy[1]
        own = effect.labels == 1
        fall = (before.probabilities - effect.probabilities)[own, 1].mean()
        assert ranking["probability_drop"][unit] == pytest.approx(fall, abs=1e-6)


def test_without_labels_the_network_is_compared_with_itself():
    ablation = ablate(recorded(labels=False), "conv2", progress=False)
    assert ablation.against == "own predictions"
    assert ablation.baseline.accuracy == 1
    assert np.array_equal(ablation.labels, ablation.baseline.predictions)
    effect = ablation.effect([0, 1, 2])
    assert effect.accuracy == 1 - len(effect.flipped) / N
    assert "agreement with its own predictions 100.0%" in repr(ablation)


def test_fewer_images(recording):
    ablation = ablate(recording, "conv2", n_images=20, progress=False)
    assert ablation.n_images == len(ablation.train) + len(ablation.test) == 20
    assert np.bincount(ablation.labels[ablation.labels >= 0]).min() >= 5
    with pytest.raises(IndexError, match="not among the 20 images"):
        ablation.effect(1, images=np.setdiff1d(np.arange(N), ablation.images)[:1])


def test_memory_is_limited_and_files_have_no_name(recording, ablation, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(storage_module.tempfile, "tempdir", str(tmp_path))
    spilled = ablate(recording, "conv2", batch_size=8, memory_gb=1e-5, progress=False)
    assert spilled._cached.storage.on_disk
    assert not os.listdir(tmp_path), "nothing is left behind, however the process ends"
    assert spilled.effect([0, 1]).probabilities.tobytes() == ablation.effect([0, 1]).probabilities.tobytes()
    free = storage_module.shutil.disk_usage("/")
    monkeypatch.setattr(storage_module.shutil, "disk_usage", lambda path: free._replace(free=100))
    with pytest.raises(MemoryError, match="neither into memory_gb"):
        ablate(recording, "conv2", memory_gb=0, progress=False)
    assert "temporary file" not in capsys.readouterr().err
    monkeypatch.undo()
    ablate(recording, "conv2", memory_gb=0)
    assert "the rest lies in a temporary file" in capsys.readouterr().err


def test_batches_are_halved_when_the_memory_is_full(recording, ablation, monkeypatch):
    real_head, real_run = Tail.head, Tail.__call__

    def head(self, batch):
        if len(batch) > 5:
            raise torch.OutOfMemoryError("full")
        return real_head(self, batch)

    def run(self, cut, edit=None):
        if cut.n_images > 3:
            raise torch.OutOfMemoryError("full")
        return real_run(self, cut, edit)

    tail = cached_module.Tail
    monkeypatch.setattr("nbinterp.analyses.ablation.driver._VERIFIED", 2)
    monkeypatch.setattr(tail, "head", head)
    monkeypatch.setattr(tail, "__call__", run)
    found = ablate(recording, "conv2", batch_size=16, progress=False)
    assert max(len(batch.images) for batch in found._cached.batches) == 4
    np.testing.assert_allclose(found.effect([0, 1]).probabilities, ablation.effect([0, 1]).probabilities, rtol=1e-5)


def test_the_model_is_left_as_it_was(recording):
    model = recording.net.module
    model.train()
    before = [(set(vars(part)), part.training, len(part._forward_hooks)) for part in model.modules()]
    fingerprint = recording.net.fingerprint()
    ablation = ablate(recording, "conv2", progress=False)
    ablation.effect([1, 2], "mean")
    ablation.ranking(0)
    ablation.attack(1, n_images=5, steps=2)
    assert [(set(vars(part)), part.training, len(part._forward_hooks)) for part in model.modules()] == before
    assert recording.net.fingerprint() == fingerprint
    assert all(parameter.requires_grad and parameter.grad is None for parameter in model.parameters())
    model.eval()


def test_nan_logits_are_no_prediction():
    before = torch.eye(3)
    logits = before.clone()
    logits[1, 2] = torch.nan
    effect = effect_of(np.array([7, 3, 5]), np.array([0, 1, 2]), logits, before, 3, CLASSES)
    assert effect.images.tolist() == [3, 5, 7]
    assert effect.predictions.tolist() == [-1, 2, 0]
    assert effect.flipped.tolist() == [3]
    assert effect.accuracy == 2 / 3
    assert effect.balanced_accuracy.tolist() == [1, 0.5, 1]
    assert effect.confusion.sum() == 2


@pytest.mark.parametrize(
    ("arguments", "settings", "error", "words"),
    [
        ((6,), {}, IndexError, "units 0 to 5, not 6"),
        (([0, -1],), {}, IndexError, "units 0 to 5, not -1"),
        (("3",), {}, TypeError, "unit -> scale"),
        (([1.5],), {}, TypeError, "whole number"),
        (([True],), {}, TypeError, "whole number"),
        ((None,), {}, TypeError, "a unit's number"),
        ((1, "median"), {}, ValueError, "'mean'"),
        ((1, None), {}, TypeError, "value must be a number"),
        ((1, np.nan), {}, ValueError, "finite"),
        ((1,), {"scale": 2.1}, ValueError, "between 0"),
        ((1,), {"scale": "2"}, TypeError, "scale must be a number"),
        (({1: -0.5},), {}, ValueError, "between 0"),
        (({1: 0.5},), {"scale": 1}, ValueError, "leave scale out"),
        ((1,), {"images": "half"}, ValueError, "'train', 'test'"),
        ((1,), {"images": [N]}, IndexError, "image 61"),
        ((1,), {"images": []}, ValueError, "images: no image chosen"),
        ((1,), {"images": [1.7]}, ValueError, "images: got float64"),
        ((1,), {"images": [True, False]}, ValueError, "61 booleans"),
        ((1, 5), {"scale": 0.5}, ValueError, "leave one out"),
        ((1, "mean"), {"scale": 0.5}, ValueError, "leave one out"),
    ],
)
def test_wrong_edits_are_refused(ablation, arguments, settings, error, words):
    with pytest.raises(error, match=words):
        ablation.effect(*arguments, **settings)


def test_wrong_questions_are_refused(ablation, recording):
    for class_ in ("dog", 3, -1, 1.5, True):
        with pytest.raises(LookupError, match="classes are"):
            ablation.ranking(class_)
    with pytest.raises(ValueError, match="whole numbers"):
        ablation.curve("ant", sizes=(0, 1))
    with pytest.raises(ValueError, match="same class"):
        ablation.attack("ant", source="ant")
    with pytest.raises(ValueError, match="norm must be"):
        ablation.attack("ant", norm="l1")
    with pytest.raises(ValueError, match="n_images"):
        ablation.attack("ant", n_images=0)
    with pytest.raises(UnknownLayerError, match="Did you mean 'conv2'"):
        ablate(recording, "convv2")
    with pytest.raises(DetachedError, match="ablation takes the classifier"):
        ablate(replace(recording, net=None), "conv2")
    for settings in ({"n_images": 1}, {"n_images": True}, {"batch_size": 0}, {"memory_gb": -1}, {"memory_gb": "2"}):
        with pytest.raises(ValueError, match="must be"):
            ablate(recording, "conv2", **settings)
    with pytest.raises(ValueError, match="at least 2 images"):
        ablate(record(recording.net, recording.probe.subset([0]), "conv2", progress=False), "conv2", progress=False)


def test_wrong_settings_are_refused_before_any_work(recording, monkeypatch):
    ablation = ablate(recording, "conv2", progress=False)
    monkeypatch.setattr(ablation._cached, "logits", None)
    for settings in (
        *({"steps": steps} for steps in (0, 1.5, True)),
        *({"epsilon": epsilon} for epsilon in (-1, 0, "x", np.inf, np.nan)),
        {"seed": -1},
        {"n_images": 1.5},
    ):
        with pytest.raises(ValueError, match=f"{next(iter(settings))} must be a"):
            ablation.attack("ant", **settings)
    for settings in ({"sizes": 5}, {"sizes": (0,)}, {"sizes": ([1],)}, {"n_random": -1}, {"seed": -1}):
        with pytest.raises(ValueError, match=f"{next(iter(settings))} must be a"):
            ablation.curve("ant", **settings)
    dissection = SimpleNamespace(layer="conv2", iou=np.ones((6, 2)))
    for settings in ({"importance": "x"}, {"top": -1}, {"top": 0}):
        with pytest.raises(ValueError, match=f"{next(iter(settings))} must be"):
            ablation.iou_correlation(dissection, **settings)


def test_wrong_kinds_of_object_are_named(ablation):
    for wrong in (None, ablation):
        with pytest.raises(TypeError, match=f"made by nbi.record; got {type(wrong).__name__}"):
            ablate(wrong, "conv2")
        with pytest.raises(TypeError, match=f"made by nbi.dissect; got {type(wrong).__name__}"):
            ablation.iou_correlation(wrong)


@pytest.mark.parametrize("n_images", [2, 3])
def test_a_half_may_have_one_image(recording, n_images):
    ablation = ablate(recording, "conv2", n_images=n_images, progress=False)
    assert [len(ablation.train), len(ablation.test)] == [n_images - 1, 1]
    one = ablation.effect(1, images=ablation.test)
    np.testing.assert_allclose(one.probabilities[0], ablation.effect(1).probabilities[ablation.images == one.images][0])
    assert len(ablation.ranking()) == 6
    assert len(ablation.curve(None, sizes=(1,))) == 2


def test_images_of_one_class_only(recording):
    some = record(recording.net, recording.probe.subset(recording.labels == 1), "conv2", progress=False)
    ablation = ablate(some, "conv2", progress=False)
    with pytest.raises(ValueError, match="'bee' is unknown: the train half has no labelled image of another class"):
        ablation.ranking("bee")
    with pytest.raises(ValueError, match="'ant' is unknown: the train half has no image of it"):
        ablation.ranking("ant")
    for importance in ("classes", "max"):
        dissection = SimpleNamespace(layer="conv2", iou=np.eye(6))
        assert np.isnan(ablation.iou_correlation(dissection, importance=importance).rho)


def test_everything_that_takes_time_shows_progress(recording, capsys):
    ablation = ablate(recording, "conv2", batch_size=8)
    shown = capsys.readouterr().err
    assert "Activations of conv2: 100%" in shown
    assert f"Predictions from conv2 on: 100%|██████████| {N}/{N}" in shown
    ablation.curve(None, sizes=(1, 2), n_random=3)
    assert "Sets of units of conv2: 100%|██████████| 9/9" in capsys.readouterr().err


def test_a_class_without_images_has_no_ranking(recording):
    some = record(recording.net, recording.probe.subset(np.arange(N)[np.arange(N) % 3 != 2]), "conv2", progress=False)
    ablation = ablate(some, "conv2", progress=False)
    assert np.isnan(ablation.balanced_accuracy(1)[2])
    with pytest.raises(ValueError, match="'cat' is unknown: the train half has no image"):
        ablation.ranking("cat")
    assert not ablation.curve(None, sizes=(1, 2))["balanced_accuracy"].isna().any()


def test_attack_works_on_normalized_images_and_stays_within_them():
    mean, scale = torch.tensor([0.5, 0.4, 0.3]).reshape(3, 1, 1), torch.tensor([0.2, 0.3, 0.25]).reshape(3, 1, 1)

    def normalize(image):
        return (torch.from_numpy(np.array(image)).permute(2, 0, 1).float() / 255 - mean) / scale

    net = Classifier(network(), preprocess=normalize, classes=CLASSES, device="cpu")
    ablation = ablate(record(net, probe_set(), "conv2", progress=False), "conv2", progress=False)
    attack = ablation.attack("cat", n_images=20, epsilon=4.0, steps=10)
    pixels = attack.changed * scale + mean
    assert pixels.min() >= -1e-5
    assert pixels.max() <= 1 + 1e-5
    originals = torch.stack([normalize(ablation.recording.probe.image(i)) for i in attack.images]) * scale + mean
    moved = (pixels - originals).flatten(1).norm(dim=1)
    np.testing.assert_allclose(moved, attack.distance, atol=1e-4)
    assert (attack.distance <= 4 + 1e-4).all()
    assert attack.movement.shape == (len(attack.images), 6)
    assert attack.success.any()
    with torch.no_grad():
        assert np.array_equal(net.logits(attack.changed).argmax(1) == 2, attack.success)
    assert not (attack.labels == 2).any()
    assert "taken for 'cat'" in repr(attack)
    again = ablation.attack("cat", n_images=20, epsilon=4.0, steps=10)
    assert torch.equal(again.changed, attack.changed)


def test_attacked_images_have_one_scale(monkeypatch):
    def standardize(image):
        values = torch.from_numpy(np.array(image)).permute(2, 0, 1).float()
        return (values - values.mean()) / values.std().clamp(min=1)

    net = Classifier(network(), preprocess=standardize, classes=CLASSES, device="cpu")
    ablation = ablate(record(net, probe_set(), "conv2", progress=False), "conv2", progress=False)
    whole = ablation.attack("cat", n_images=10, steps=2)
    monkeypatch.setattr("nbinterp.analyses.ablation.attack._BATCH", 3)
    parts = ablation.attack("cat", n_images=10, steps=2)
    np.testing.assert_allclose(parts.changed, whole.changed, atol=1e-4)
    np.testing.assert_allclose(parts.distance, whole.distance, atol=1e-4)
    assert "smallest and the largest prepared value" in whole.scale_note


def test_a_layer_of_few_units_has_few_important_ones(recording):
    ablation = ablate(recording, "head", progress=False)
    attack = ablation.attack("cat", n_images=10, steps=2)
    assert attack.groups["units"].tolist() == [3, 3, 0]
    assert attack.scale_note == ""


def test_on_the_demo_network():
    recording = nbi.record(nbi.demo.classifier(), nbi.demo.scenes(60), "stage4", progress=False)
    ablation = nbi.ablate(recording, "stage4", batch_size=16, progress=False)
    assert ablation.tail_reason == ""
    units = [5, 17, 60]
    after = by_hand(ablation, assigned(units, 0))
    assert ablation.effect(units).probabilities.tobytes() == after.softmax(1).numpy().tobytes()
    assert ablation.class_names == recording.class_names
    tokens = nbi.ablate(
        nbi.record(nbi.demo.independent_classifier(), nbi.demo.scenes(20), "attention1", progress=False),
        "attention1",
        progress=False,
    )
    assert (tokens.n_units, tokens.tail_reason) == (96, "")
    assert len(tokens.ranking(0)) == 96
