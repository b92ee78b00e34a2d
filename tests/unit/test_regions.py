"""`regions` and its company: what they return, refuse, keep and write."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from record_helpers import SmallNet, hooks_left, random_images, random_probe, small_classifier

from nbinterp.analyses import DamagedFileError, DetachedError, MismatchError, Recording, record
from nbinterp.analyses.regions import (
    Region,
    across_layers,
    explain_mistake,
    layer_codes,
    neighbours_beside,
    reference,
    regions,
    rule_columns,
    subclasses,
)
from nbinterp.analyses.regions.mistakes import _Trial
from nbinterp.analyses.regions.reference import Reference
from nbinterp.instrument import Classifier, UnknownLayerError
from nbinterp.jobs import Cancelled

N = 120
NAMES = ("a", "b", "c", "d", "e")


def balanced(module, probe):
    """The module with a bias that makes it predict every class."""
    plain = record(Classifier(module, device="cpu"), probe, ["head"], progress=False)
    with torch.no_grad():
        module.head.bias -= torch.from_numpy(plain.logits.mean(0))
    return module


@pytest.fixture(scope="module")
def recording():
    net = Classifier(balanced(SmallNet(0), random_probe(N)), classes=NAMES, device="cpu")
    keep = ("pooled", "codes", "maps")
    probe = random_probe(N, class_names=list(NAMES))
    return record(net, probe, ["first", "second", "head"], keep=keep, progress=False)


def states_of(recording, layer):
    """bool, N × M, from the maps (half precision does not round to 0 here) or the values."""
    kept = recording[layer]
    return (kept.mean if kept.maps is None else kept.maps.reshape(N, -1)) > 0


@pytest.mark.parametrize("layer", ["first", "second", "head"])
def test_a_region_is_what_the_definition_says(recording, layer):
    states = states_of(recording, layer)
    region = regions(recording, layer, 17, k=5, t=6)
    distances = (states != states[17]).sum(1)
    order = [17, *(i for i in np.argsort(distances, kind="stable") if i != 17)][:5]
    np.testing.assert_array_equal(region.neighbours, order)
    np.testing.assert_array_equal(region.distances, distances[order])
    assert len(region.literals) <= 6
    grid = recording[layer].shape or (1, 1)
    follows = np.ones(N, bool)
    for literal in region.literals:
        neuron = literal.unit * grid[0] * grid[1]
        if recording[layer].shape is not None:
            neuron += literal.y * grid[1] + literal.x
        assert (states[order, neuron] == literal.state).all()
        assert literal.base_rate == pytest.approx(states[:, neuron].mean())
        assert literal.score == pytest.approx(abs(literal.state - literal.base_rate))
        follows &= states[:, neuron] == literal.state
    np.testing.assert_array_equal(region.members, np.flatnonzero(follows))
    assert region.support == follows.sum() and set(order) <= set(region.members)
    np.testing.assert_array_equal(region.members_of(region.literals), region.members)
    scores = [literal.score for literal in region.literals]
    assert scores == sorted(scores, reverse=True)


def test_leave_out_statistics_leave_the_neighbours_out(recording):
    states = states_of(recording, "second")
    region = regions(recording, "second", 3, k=6)
    others = np.setdiff1d(np.arange(N), region.neighbours)
    height, width = recording["second"].shape
    for literal, row in zip(region.literals, region.leave_out.itertuples(), strict=True):
        rate = states[others, (literal.unit * height + literal.y) * width + literal.x].mean()
        assert row.base_rate == pytest.approx(rate)
        assert row.score == pytest.approx(abs(literal.state - rate))
    assert region.n_members_left_out == len(set(region.members) - set(region.neighbours))


def test_purity_counts_labels_and_predictions(recording):
    region = regions(recording, "second", 3, tolerance=3)
    for by, numbers in (("label", recording.labels), ("prediction", recording.predictions)):
        counts = np.bincount(numbers[region.members], minlength=5)
        purity = region.purity[by]
        assert purity.counts == {i: n for i, n in enumerate(counts) if n}
        assert purity.value == counts.argmax() and purity.name == NAMES[purity.value]
        assert purity.share == pytest.approx(counts.max() / counts.sum())


def test_null_lifts_p_values_and_verdict_agree(recording):
    region = regions(recording, "second", 5, n_null=60)
    random, shuffled = region.null_lifts["random anchors"], region.null_lifts["shuffled"]
    assert 0 < len(random) <= 60 and len(shuffled) == 60
    worst = max((1 + (null >= region.lift).sum()) / (1 + len(null)) for null in (random, shuffled))
    assert region.p_value == pytest.approx(worst)
    assert region.verdict.startswith("stands out: " if region.stands_out else "no more than chance: ")
    again = regions(recording, "second", 5, n_null=60)
    np.testing.assert_array_equal(again.null_lifts["random anchors"], random)
    other = regions(recording, "second", 5, n_null=60, seed=1)
    assert not np.array_equal(other.null_lifts["random anchors"], random)


def test_rules_can_be_edited(recording):
    region = regions(recording, "second", 8)
    states = states_of(recording, "second")
    height, width = recording["second"].shape
    turned = [*region.literals[1:], type(region.literals[0])(2, 1, 0, True, 0.5, 0.5)]
    expected = np.ones(N, bool)
    for literal in turned:
        expected &= states[:, (literal.unit * height + literal.y) * width + literal.x] == literal.state
    np.testing.assert_array_equal(region.members_of(turned), np.flatnonzero(expected))
    np.testing.assert_array_equal(region.members_of([]), np.arange(N))
    np.testing.assert_array_equal(region.members_of(turned, tolerance=len(turned)), np.arange(N))
    codes = layer_codes(recording, "second", reduce="none", quantile=None, progress=False)
    columns = rule_columns(codes, torch.tensor([0, 33]))
    np.testing.assert_array_equal(np.unpackbits(columns, axis=1, count=N).astype(bool), states[:, [0, 33]].T)


def test_reference_sets(recording):
    for among, numbers in (("prediction", recording.predictions), ("label", recording.labels)):
        number = int(np.bincount(numbers).argmax())
        anchor = int(np.flatnonzero(numbers == number)[0])
        region = regions(recording, "second", anchor, k=4, among=among)
        np.testing.assert_array_equal(region.reference, np.flatnonzero(numbers == number))
        assert set(region.members) <= set(region.reference) and repr(NAMES[number]) in region.among
    chosen = regions(recording, "second", 0, k=4, among=np.arange(40, 90))
    assert 0 not in chosen.neighbours and len(chosen.reference) == 50  # the anchor is not one of them


def test_units_instead_of_positions(recording):
    for reduce, values in (("max", recording["second"].max), ("mean", recording["second"].mean)):
        region = regions(recording, "second", 4, reduce=reduce, quantile=0.6)
        levels = np.quantile(values, 0.6, axis=0)
        follows = np.ones(N, bool)
        for literal in region.literals:
            assert literal.y is None
            follows &= (values[:, literal.unit] > levels[literal.unit]) == literal.state
        np.testing.assert_array_equal(region.members, np.flatnonzero(follows))
        assert "60% quantile" in region.thresholded and repr("second") in region.thresholded
        assert len(region.literals) <= 7 and region.notes  # seven units only


def test_an_image_from_outside_is_run_and_is_no_neighbour_of_its_own(recording):
    image = random_images(N)[17]
    region = regions(recording, "second", image)
    assert region.anchor is None and region.neighbours[0] == 17 and region.distances[0] == 0
    assert len(region.neighbours) == 8
    assert isinstance(region.verdict, str)
    reduced = regions(recording, "second", image, reduce="mean", quantile=0.5)
    assert reduced.distances[0] == 0
    assert hooks_left(recording.net.module) == 0
    with pytest.raises(ValueError, match="another size"):
        regions(recording, "second", np.zeros((30, 30, 3), np.float32))


def test_names_and_repeats(recording):
    by_name = regions(recording, "second", recording.names[17])
    assert by_name.anchor == 17
    np.testing.assert_array_equal(by_name.members, regions(recording, "second", 17).members)
    assert "second" in repr(by_name) and list(by_name.frame.columns)[:4] == ["unit", "y", "x", "state"]


def test_codes_that_were_not_kept_are_computed(recording):
    plain = record(recording.net, recording.probe, ["second"], progress=False)
    computed, kept = regions(plain, "second", 9, progress=False), regions(recording, "second", 9)
    np.testing.assert_array_equal(computed.members, kept.members)
    assert computed.literals == kept.literals


def test_save_and_load(recording, tmp_path):
    region = regions(recording, "second", 9, n_null=30, seed=4)
    path = tmp_path / "deep" / "region.safetensors"
    region.save(path)
    for loaded in (Region.load(path), Region.load(path, recording)):
        assert loaded.verdict == region.verdict and loaded.notes == region.notes
        assert loaded.literals == region.literals and repr(loaded) == repr(region)
        assert (loaded.n_null, loaded.seed) == (region.n_null, region.seed) == (30, 4)
        assert loaded.frame.equals(region.frame) and loaded.leave_out.equals(region.leave_out)
        np.testing.assert_array_equal(loaded.members_of(region.literals[:3]), region.members_of(region.literals[:3]))
        for by in ("label", "prediction"):
            assert loaded.purity[by].counts == region.purity[by].counts
    neurons = {literal.neuron for literal in region.literals}
    unit = next(unit for unit in range(7) if (unit, 0, 0) not in neurons)
    another = [type(region.literals[0])(unit, 0, 0, True, 0.5, 0.5)]
    with pytest.raises(DetachedError, match="recording"):
        Region.load(path).members_of(another)
    np.testing.assert_array_equal(Region.load(path, recording).members_of(another), region.members_of(another))
    other = record(small_classifier(1), random_probe(N), ["second"], progress=False)
    with pytest.raises(MismatchError):
        Region.load(path, other)
    damaged = bytearray(path.read_bytes())
    damaged[-1] ^= 1
    path.write_bytes(damaged)
    with pytest.raises(DamagedFileError):
        Region.load(path)


def test_layers_side_by_side(recording):
    found = across_layers(recording, 7, k=6)
    assert list(found.regions) == ["first", "second", "head"]
    a, b = (set(found.regions[layer].members) for layer in ("first", "second"))
    assert found.overlap[0, 1] == pytest.approx(len(a & b) / len(a | b))
    np.testing.assert_allclose(np.diag(found.overlap), 1)
    assert len(found.frame) == 3


def test_neighbours_beside_are_as_many_and_nearest(recording):
    region = regions(recording, "second", 7, tolerance=4)
    found = neighbours_beside(region)
    flat = recording["second"].maps.reshape(N, -1).astype(np.float32)
    distances = np.linalg.norm(flat - flat[7], axis=1)
    np.testing.assert_array_equal(found.sets["euclidean"], np.argsort(distances, kind="stable")[: region.support])
    assert {len(images) for images in found.sets.values()} == {region.support}
    assert all(images[0] == 7 for name, images in found.sets.items() if name != "region")
    assert "maps" in found.features and next(iter(found.frame["set"])) == "region"


def test_a_mistake_is_compared_and_tried(recording):
    known = np.isin(recording.labels, recording.labels[recording.correct])
    image = int(np.flatnonzero(~recording.correct & known)[0])
    before = recording.net.module.state_dict()["head.weight"].clone()
    found = explain_mistake(recording, "second", image, k=4, n_correct=3)
    assert found.label == recording.labels[image] and found.prediction == recording.predictions[image]
    np.testing.assert_allclose(found.probabilities.argmax(), found.prediction)
    states = states_of(recording, "second")[image]
    height, width = recording["second"].shape
    for region, literals in zip(found.correct, found.differences, strict=True):
        assert recording.correct[region.anchor] and recording.labels[region.anchor] == found.label
        for one in region.literals:
            state = states[(one.unit * height + one.y) * width + one.x]
            assert (one in literals) == (state != one.state)
    assert found.name in repr(found) and torch.equal(before, recording.net.module.state_dict()["head.weight"])
    assert hooks_left(recording.net.module) == 0


@pytest.mark.parametrize("layer", ["first", "second", "head"])
def test_activations_are_found_where_the_model_has_them(recording, layer):
    """576 of them in the first layer: more than one digit. Replacing them by other images' gives those' logits."""
    codes = layer_codes(recording, layer, reduce="none", quantile=None, progress=False)
    trial = _Trial(recording, recording.net, codes, 3)
    assert trial._where.tolist() == list(range(codes.n_neurons))
    others = trial._activations([40, 41])
    edits = [(np.arange(codes.n_neurons)[::-1].copy(), values[::-1].copy()) for values in others]
    expected = torch.from_numpy(recording.logits[[40, 41]]).double().softmax(1)
    np.testing.assert_allclose(trial.probabilities(edits), expected, atol=1e-5)


def test_interventions_reach_the_neurons_they_name():
    """Planted: the head reads the mean of one unit. Setting all of it to the correct images' values repairs."""
    module = SmallNet(0, n_classes=2)
    with torch.no_grad():
        module.head.weight.zero_()
        module.head.weight[1, 2] = 4.0
        module.head.bias.zero_()
    net = Classifier(balanced(module, random_probe(80)), device="cpu")
    unlabelled = record(net, random_probe(80, labels=None), ["second"], keep=("codes",), progress=False)
    labels = unlabelled.predictions.copy()
    wrong = int(np.flatnonzero(labels == 0)[0])
    labels[wrong] = 1
    study = record(net, random_probe(80, labels=labels), ["second"], keep=("codes",), progress=False)
    found = explain_mistake(study, "second", wrong, reduce="mean", quantile=0.5, k=4, n_correct=3)
    units = [one.unit for literals in found.differences for one in literals]
    rows = found.outcomes[found.outcomes["set"] == "neurons"].reset_index(drop=True)
    groups = [literals for literals in found.differences if literals]
    for literals, row in zip(groups, rows.itertuples(), strict=True):
        moved = abs(row.probability - found.probabilities[1]) > 1e-6
        assert moved == any(one.unit == 2 for one in literals)
        if any(one.unit == 2 and one.state for one in literals):
            assert row.repaired == 1
    assert units


def test_subclasses_of_noise_are_few(recording):
    found = subclasses(recording, "second", int(np.bincount(recording.predictions).argmax()), most=3)
    assert len(found.regions) <= 3 and len(found.candidates) <= 0.25 * len(found.images)
    assert set(found.covered).isdisjoint(found.uncovered)
    assert len(found.covered) + len(found.uncovered) == len(found.images)
    assert len(found.frame) == len(found.regions) and "stand" in repr(found)


@pytest.mark.parametrize("at_once", [1, 44])
def test_rules_of_all_images_do_not_depend_on_how_many_are_found_at_once(recording, monkeypatch, at_once):
    """44 of 45: the last group is a single image."""
    codes = layer_codes(recording, "second", reduce="none", quantile=None, progress=False)
    all_together = Reference(codes, np.arange(45), "the first 45", 0).agreement_of_all(k=4, t=5)
    monkeypatch.setitem(Reference.agreement_of_all.__globals__, "_ANCHORS_AT_ONCE", at_once)
    in_groups = Reference(codes, np.arange(45), "the first 45", 0).agreement_of_all(k=4, t=5)
    for expected, found in zip(all_together, in_groups, strict=True):
        np.testing.assert_array_equal(found, expected)
    agreement, n_literals = in_groups
    assert (agreement.diagonal() == n_literals).all() and n_literals.min() > 0


def detached(recording, tmp_path):
    """The recording without classifier, probe set and codes."""
    plain = record(recording.net, recording.probe, ["second"], progress=False)
    plain.save(tmp_path / "plain")
    return Recording.load(tmp_path / "plain")


def test_what_is_missing_is_said(recording, tmp_path):
    alone = detached(recording, tmp_path)
    with pytest.raises(ValueError, match=r'keep=\("pooled", "topk", "codes"\)'):
        regions(alone, "second", 0)
    assert regions(alone, "second", 0, reduce="mean", quantile=0.5).support
    with pytest.raises(DetachedError):
        regions(alone, "second", random_images(1)[0], reduce="mean", quantile=0.5)


REFUSED = {
    "layer": (UnknownLayerError, {"layer": "third"}),
    "image": (IndexError, {"image": N}),
    "name": (LookupError, {"image": "nobody"}),
    "k": (ValueError, {"k": 1}),
    "t": (ValueError, {"t": 0}),
    "tolerance": (ValueError, {"tolerance": -1}),
    "n_null": (ValueError, {"n_null": 5}),
    "reduce": (ValueError, {"reduce": "median"}),
    "quantile without reduce": (ValueError, {"quantile": 0.5}),
    "quantile": (ValueError, {"reduce": "max", "quantile": 1.0}),
    "among": (ValueError, {"among": "nobody"}),
    "among numbers": (IndexError, {"among": [0, N]}),
    "too few": (ValueError, {"among": np.arange(12), "k": 8}),
}


@pytest.mark.parametrize("name", REFUSED)
def test_wrong_settings_are_refused(recording, name):
    error, settings = REFUSED[name]
    arguments = {"layer": "second", "image": 0} | settings
    with pytest.raises(error, match=r".{20}"):
        regions(recording, arguments.pop("layer"), arguments.pop("image"), **arguments)


def test_wrong_mistakes_are_refused(recording):
    with pytest.raises(ValueError, match="classified correctly"):
        explain_mistake(recording, "second", int(np.flatnonzero(recording.correct)[0]))
    with pytest.raises(LookupError):
        subclasses(recording, "second", "nobody")
    with pytest.raises(ValueError, match="by must be"):
        subclasses(recording, "second", 0, by="name")


def test_null_lifts_go_on_where_they_were_stopped(recording, monkeypatch):
    """The same lifts as in one go, each anchor weighed once; later anchors find them done."""
    whole = regions(recording, "second", 3, n_null=51, seed=7).evidence
    reference._KEPT.clear()
    steps, weighed, real = [], [], reference.split_lifts

    def counted(half_a, half_b, anchors, **settings):
        weighed.append(len(anchors))
        return real(half_a, half_b, anchors, **settings)

    def watch(text):
        steps.append(text)
        return len(steps) in (2, 4, 5)

    monkeypatch.setattr(reference, "split_lifts", counted)
    region = regions(recording, "second", 3, n_null=51, seed=7)
    for _ in range(3):
        with pytest.raises(Cancelled):
            region.weigh(watch)
    found = region.weigh(watch)
    assert region.weigh(watch) is found is region.evidence
    np.testing.assert_array_equal(found.random, whole.random)
    np.testing.assert_array_equal(found.shuffled, whole.shuffled)
    attempts = [1] * 4  # the anchor's own lift
    assert sorted(weighed) == sorted([*attempts, 20, 20, 11, 20, 20, 11])
    assert "random anchors: 20 of 51" in steps and "shuffling states" in steps
    steps.clear()
    regions(recording, "second", 4, n_null=51, seed=7).weigh(watch)
    assert steps == []


def test_what_was_found_before_a_stop_is_kept(recording):
    """Subclasses with fewer regions, a mistake with fewer correct images; with nothing yet, `Cancelled`."""
    told = []
    wrong = int(np.flatnonzero(~recording.correct & np.isin(recording.labels, recording.labels[recording.correct]))[0])
    whole = explain_mistake(recording, "second", wrong, k=4, t=4, n_correct=2)
    found = explain_mistake(
        recording, "second", wrong, k=4, t=4, n_correct=2, watch=lambda text: told.append(text) or "image 2" in text
    )
    assert len(whole.correct) == 2 and len(found.correct) == len(found.differences) == 1
    assert set(found.outcomes["region"]) <= {found.correct[0].anchor}
    assert told[0] == "the image's own region" and told[-1].endswith("correct image 2 of 2")
    with pytest.raises(Cancelled):
        explain_mistake(recording, "second", wrong, k=4, t=4, watch=lambda text: True)
    largest = int(np.bincount(recording.predictions).argmax())
    with pytest.raises(Cancelled):
        subclasses(recording, "second", largest, k=4, t=4, watch=lambda text: "each image: 20" in text)
