"""`dissect`: the whole way from images and masks to IoU, whatever the batches, the memory and the processes."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from dissection_helpers import (
    ARRAYS,
    CONCEPTS,
    HEIGHT,
    WIDTH,
    PlantedNet,
    planted_classifier,
    planted_probe,
    slow_dissection,
)
from record_helpers import assert_same, hooks_left
from torch import nn
from torchvision import transforms

import nbinterp as nbi
from nbinterp.analyses import DamagedFileError, DetachedError, Dissection, MismatchError, dissect, record
from nbinterp.analyses.dissection.chance import orders_of
from nbinterp.data import ProbeSet
from nbinterp.instrument import Classifier, UnknownLayerError
from nbinterp.kernels.dissection import CONVENTIONS

QUIET = {"progress": False, "batch_size": 8, "quantile": 0.1}


@pytest.fixture(scope="module")
def net():
    return planted_classifier()


@pytest.fixture(scope="module")
def probe():
    return planted_probe()


@pytest.fixture(scope="module")
def dissection(net, probe):
    return dissect(net, probe, "maps", **QUIET)


@pytest.fixture
def temporary_files(tmp_path, monkeypatch):
    """A folder that every temporary file goes to."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def assert_equal(found: Dissection, expected: Dissection) -> None:
    assert (found.concepts, found.categories, found.left_out) == (
        expected.concepts,
        expected.categories,
        expected.left_out,
    )
    for name in ARRAYS:
        mine, theirs = getattr(found, name), getattr(expected, name)
        assert mine.dtype == theirs.dtype
        np.testing.assert_array_equal(mine, theirs, err_msg=name)


@pytest.mark.parametrize("name", list(CONVENTIONS))
def test_agrees_with_a_slow_dissection(net, probe, name):
    found = dissect(net, probe, "maps", convention=name, **QUIET)
    expected = slow_dissection(net, probe, replace(CONVENTIONS[name], quantile=0.1), min_images=5)
    assert set(zip(found.categories, found.concepts, strict=True)) == set(expected)
    for column, key in enumerate(zip(found.categories, found.concepts, strict=True)):
        np.testing.assert_allclose(found.iou[:, column], expected[key], atol=1e-12, rtol=0, err_msg=str(key))
    assert found.iou.max() > 0.1
    assert found.left_out == ("object: rare",)


def test_concepts_in_too_few_images_are_left_out(net, probe):
    """ "rare" is in two images."""
    found = {fewest: dissect(net, probe, "maps", min_images=fewest, **QUIET) for fewest in (2, 3)}
    assert "rare" in found[2].concepts and not found[2].left_out
    assert "rare" not in found[3].concepts and found[3].left_out == ("object: rare",)


def test_each_image_goes_through_the_network_once(probe):
    net = planted_classifier()
    dissect(net, probe, ["maps", "flat"], **QUIET)
    assert net.module.n_images == len(probe)
    assert hooks_left(net.module) == 0


def test_batches_memory_and_several_layers_change_nothing(net, probe, dissection, temporary_files):
    assert_equal(dissect(net, probe, "maps", **QUIET | {"batch_size": 5}), dissection)
    spilled = dissect(net, probe, ["flat", "maps"], memory_gb=0, **QUIET)
    assert list(spilled) == ["flat", "maps"]
    assert_equal(spilled["maps"], dissection)
    assert not list(temporary_files.iterdir())


def test_the_recording_is_the_one_that_record_makes(net, probe, dissection):
    assert_same(dissection.recording, record(net, probe, "maps", batch_size=8, progress=False))
    kept = dissect(net, probe, "maps", keep_maps=True, **QUIET).recording
    assert_same(kept, record(net, probe, "maps", keep=("pooled", "topk", "maps"), batch_size=8, progress=False))


def test_two_processes_give_the_numbers_of_one(dissection, tmp_path):
    """Under gloo, with spilled maps and the chance level, which pairs images of both processes."""
    code = """
import sys, numpy as np, torch, torch.distributed as dist
from dissection_helpers import *
from nbinterp.analyses import dissect
rank, folder = int(sys.argv[1]), sys.argv[2]
dist.init_process_group("gloo", init_method=f"file://{folder}/meeting", rank=rank, world_size=2)
found = dissect(planted_classifier(), planted_probe(), "maps", progress=False, batch_size=8, quantile=0.1, memory_gb=0)
lite = dissect(planted_classifier(), planted_probe(), "maps", convention="lite", progress=False, batch_size=8)
found.recording.save(f"{folder}/recording-{rank}")
found.save(f"{folder}/pnas-{rank}")
lite.save(f"{folder}/lite-{rank}")
dist.destroy_process_group()
"""
    here = Path(__file__).resolve().parents[1]
    environment = {**os.environ, "PYTHONPATH": str(here), "OMP_NUM_THREADS": "1", "GLOO_SOCKET_IFNAME": "lo"}
    command = [sys.executable, "-c", code]
    running = [subprocess.Popen([*command, str(rank), str(tmp_path)], env=environment) for rank in (0, 1)]
    assert [process.wait(120) for process in running] == [0, 0]
    alone = dissect(planted_classifier(), planted_probe(), "maps", convention="lite", progress=False, batch_size=8)
    for rank in (0, 1):
        assert_equal(Dissection.load(tmp_path / f"pnas-{rank}"), dissection)
        assert_equal(Dissection.load(tmp_path / f"lite-{rank}"), alone)
        assert_same(nbi.Recording.load(tmp_path / f"recording-{rank}"), dissection.recording)


class FromTruth:
    """A segmenter that knows the truth of the probe set, by the order in which it is asked."""

    concepts = CONCEPTS

    def __init__(self, probe: ProbeSet, bool_masks: bool) -> None:
        self.probe, self.bool_masks, self.next, self.seen = probe, bool_masks, 0, []

    def __call__(self, images: torch.Tensor) -> dict[str, object]:
        self.seen.append(images)
        rows = range(self.next, self.next + len(images))
        self.next += len(images)
        maps = {c: np.stack([self.probe.label_maps(i)[c] for i in rows]) for c in CONCEPTS}
        if not self.bool_masks:
            return {category: torch.from_numpy(found) for category, found in maps.items()}
        return {
            category: np.stack([found == value for value in range(len(CONCEPTS[category]))], 1)
            for category, found in maps.items()
        }


@pytest.mark.parametrize("bool_masks", [False, True])
def test_a_segmenter_takes_the_place_of_masks(net, probe, dissection, bool_masks):
    bare = ProbeSet.from_arrays(np.stack([probe.image(i).permute(1, 2, 0).numpy() for i in range(len(probe))]))
    segmenter = FromTruth(probe, bool_masks)
    found = dissect(net, bare, "maps", segmenter=segmenter, **QUIET)
    assert_equal(found, dissection)
    seen = torch.cat(segmenter.seen)
    assert seen.shape == (len(probe), 3, HEIGHT, WIDTH)
    assert torch.allclose(seen[3], probe.image(3), atol=0.5 / 255 + 1e-6)


def test_masks_of_a_segmenter_may_overlap(net, probe):
    both = np.ones((1, 3, 4, 4), bool)
    found = dissect(
        net,
        probe,
        "maps",
        segmenter=lambda images: {"thing": both.repeat(len(images), 0)},
        concepts={"thing": ("", "one", "two")},
        **QUIET,
    )
    assert found.concepts == ("one", "two")
    assert (found.concept_area == len(probe) * found.grid[0] * found.grid[1]).all()
    np.testing.assert_allclose(found.iou[:, 0], found.area_share)


@pytest.mark.parametrize(
    "given",
    [{"stuff": np.zeros((8, 4, 4), int)}, {"thing": np.zeros((8, 4, 4))}, {"thing": np.zeros((1, 4, 4), int)}, 3],
)
def test_what_a_segmenter_may_not_return(net, probe, given):
    with pytest.raises(ValueError, match="segmenter"):
        dissect(net, probe, "maps", segmenter=lambda images: given, concepts={"thing": ("", "one")}, **QUIET)


def test_colours_are_added_when_asked_for(net, probe):
    found = dissect(net, probe, "maps", colours=True, categories=["object"], **QUIET)
    assert found.category_names == ("object", "colour")
    colour = np.array(found.categories) == "colour"
    left = sum(int(name.startswith("colour")) for name in found.left_out)
    assert colour.sum() + left == 11
    pixels = len(probe) * found.grid[0] * found.grid[1]
    assert pixels - 5 * left * found.grid[0] * found.grid[1] <= found.concept_area[colour].sum() <= pixels


def test_only_what_the_network_sees_is_counted():
    """A preprocess that crops: the same as dissecting images and masks that were cropped before."""
    probe, inner = planted_probe(), (slice(4, 20), slice(8, 24))
    cropped = Classifier(PlantedNet(), preprocess=transforms.CenterCrop(16), device="cpu")
    settings = QUIET | {"convention": "cvpr2017"}  # its masks are fine enough to show a wrong crop
    found = dissect(cropped, probe, "maps", **settings)
    images = np.stack([probe.image(i).permute(1, 2, 0).numpy()[inner] for i in range(len(probe))])
    masks = {c: np.stack([probe.label_maps(i)[c][inner] for i in range(len(probe))]) for c in CONCEPTS}
    small = ProbeSet.from_arrays(images, masks=masks, concepts=CONCEPTS)
    assert_equal(found, dissect(planted_classifier(), small, "maps", **settings))
    assert found.seen(3) == pytest.approx((0.25, 1 / 6, 0.75, 5 / 6), abs=0.01)
    assert found.view(0).shape == (16, 16, 3)


@pytest.mark.parametrize("given", ["masks", "segmenter"])
def test_what_a_preprocess_pads_shows_no_concept(given):
    """A preprocess that pads: the same as dissecting images and masks that were padded before."""
    probe, around = planted_probe(), ((4, 4), (0, 0))
    padded = Classifier(PlantedNet(), preprocess=transforms.Pad((0, 4)), device="cpu")
    settings = QUIET | {"convention": "cvpr2017"}
    images = np.stack([np.pad(probe.image(i).permute(1, 2, 0).numpy(), (*around, (0, 0))) for i in range(len(probe))])
    masks = {c: np.stack([np.pad(probe.label_maps(i)[c], around) for i in range(len(probe))]) for c in CONCEPTS}
    large = ProbeSet.from_arrays(images, masks=masks, concepts=CONCEPTS)
    if given == "segmenter":  # it may call the padding what it likes
        said = {"thing": np.ones((1, 8, 8), int)}
        ask = {"concepts": {"thing": ("", "all")}, "segmenter": lambda x: {"thing": said["thing"].repeat(len(x), 0)}}
        found = dissect(padded, probe, "maps", **settings, **ask)
        assert found.concept_area.tolist() == [len(probe) * 12 * 16]
        return
    found = dissect(padded, probe, "maps", **settings)
    expected = dissect(planted_classifier(), large, "maps", **settings)
    assert_equal(found, expected)
    assert found.notes == () and found.seen(1) == pytest.approx((0, -1 / 6, 1, 7 / 6), abs=0.01)
    np.testing.assert_allclose(found.view(1), expected.view(1), atol=1)


def test_a_view_that_cannot_be_measured_is_noted(probe):
    mirrored = Classifier(PlantedNet(), preprocess=transforms.RandomHorizontalFlip(p=1), device="cpu")
    assert "could not be measured" in " ".join(dissect(mirrored, probe, "maps", **QUIET).notes)


def test_pictures_show_what_was_counted(dissection):
    images = np.arange(dissection.n_images)
    for unit in (0, 3):
        masks = dissection.masks_of(unit, images, dissection.grid)
        assert masks.mean() == pytest.approx(dissection.area_share[unit])
        cats = np.stack([dissection.concept_mask("cat", i, dissection.grid, category="object") for i in images])
        number = dissection.concept_number("cat", "object")
        assert cats.sum() == dissection.concept_area[number]
        assert (cats & masks).sum() == dissection.intersection[unit, number]
    assert dissection.masks_of(0, [1, 2]).shape == (2, HEIGHT, WIDTH)
    with pytest.raises(IndexError):
        dissection.masks_of(7, [0])
    with pytest.raises(LookupError, match="'object', 'part'"):
        dissection.concept_mask("cat", 0)
    with pytest.raises(LookupError, match="fewer than 5 images"):
        dissection.units_of("rare")


def test_a_layer_without_positions_is_on_or_off_in_the_whole_image(net, probe):
    found = dissect(net, probe, "flat", **QUIET)
    assert found.masks_of(1, range(len(probe)), found.grid).all((1, 2)).sum() == int(0.1 * len(probe))
    scene = found.concept_number("in")
    assert found.iou[:, scene].max() > 0
    assert "no positions" in " ".join(found.notes)


def test_chance_is_what_other_images_give(net, probe, dissection):
    assert ((dissection.chance[:, 0] > 0) & (dissection.chance[:, 0] <= dissection.chance[:, 1])).all()
    assert dissection.chance[:, 0].mean() < dissection.best_iou.mean()
    for order in orders_of(23, 5, 0):
        assert sorted(order) == list(range(23)) and (order != np.arange(23)).all()
    other = dissect(net, probe, "maps", seed=1, **QUIET)
    assert not np.array_equal(other.chance, dissection.chance)
    assert np.isnan(dissect(net, probe, "maps", chance=0, **QUIET).chance).all()


def test_one_image_has_no_chance_level(net, probe):
    found = dissect(net, probe.subset([0]), "maps", min_images=1, **QUIET)
    assert np.isnan(found.chance).all() and "two images" in " ".join(found.notes)


def test_save_and_load(net, probe, dissection, tmp_path):
    dissection.save(tmp_path / "d.safetensors")
    found = Dissection.load(tmp_path / "d.safetensors", dissection.recording)
    assert_equal(found, dissection)
    assert repr(found) == repr(dissection)
    assert (found.masks_of(2, [4]) == dissection.masks_of(2, [4])).all()
    assert (found.concept_mask("sky", 4) == dissection.concept_mask("sky", 4)).all()
    alone = Dissection.load(tmp_path / "d.safetensors")
    assert_equal(alone, dissection)
    with pytest.raises(DetachedError, match="recording"):
        alone.masks_of(2, [4])
    with pytest.raises(MismatchError):
        Dissection.load(tmp_path / "d.safetensors", record(planted_classifier(1), probe, "maps", progress=False))
    (tmp_path / "d.safetensors").write_bytes((tmp_path / "d.safetensors").read_bytes()[:-3])
    with pytest.raises(DamagedFileError):
        Dissection.load(tmp_path / "d.safetensors")


@pytest.mark.parametrize("memory_gb", [0, 2])
def test_an_interrupt_leaves_nothing(probe, memory_gb, temporary_files):
    net = planted_classifier()
    net.module.fail_after = 10
    with pytest.raises(KeyboardInterrupt) as stopped:
        dissect(net, probe, "maps", memory_gb=memory_gb, **QUIET)
    assert "after 8 of 23 images" in stopped.value.__notes__[0]
    assert hooks_left(net.module) == 0
    assert not list(temporary_files.iterdir())


def test_an_interrupt_while_counting(net, probe, monkeypatch, temporary_files):
    def stop(*arguments, **settings):
        raise KeyboardInterrupt

    monkeypatch.setattr("nbinterp.analyses.dissection.scoring.find_on_pixels", stop)
    with pytest.raises(KeyboardInterrupt) as stopped:
        dissect(net, probe, "maps", memory_gb=0, **QUIET)
    assert "while 'maps' was counted" in stopped.value.__notes__[0]
    assert not list(temporary_files.iterdir())


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"convention": "broden"}, "cvpr2017, lite, pnas2020"),
        ({"quantile": 1.0}, "quantile"),
        ({"precision": "double"}, "'half' or 'full'"),
        ({"min_images": 24}, "lower min_images"),
        ({"min_images": -1}, "min_images"),
        ({"categories": ["texture"]}, "texture"),
        ({"concepts": CONCEPTS}, "segmenter"),
        ({"segmenter": 3}, "segmenter"),
        ({"memory_gb": "2"}, "memory_gb"),
        ({"batch_size": 0}, "batch_size"),
        ({"categories": 5}, "categories must be .* got 5"),
        ({"convention": ["lite"]}, r"got \['lite'\]|parameter 'name'"),
        ({"segmenter": dict, "concepts": {"o": "cat"}}, "sequence of names"),
        ({"segmenter": dict, "concepts": ["", "cat"]}, "names of its values"),
    ],
)
def test_settings_that_are_refused(net, probe, settings, words):
    with pytest.raises((ValueError, TypeError), match=words):
        dissect(net, probe, "maps", **QUIET | settings)


def test_arguments_of_another_kind_are_named(net, probe, dissection, tmp_path):
    dissection.save(tmp_path / "d.safetensors")
    for layer in (None, 3, ["maps", None]):
        with pytest.raises(TypeError, match="layer must be"):
            dissect(net, probe, layer, **QUIET)
    with pytest.raises(TypeError, match="recording must be a Recording, got str"):
        Dissection.load(tmp_path / "d.safetensors", "x")
    for concept in (None, 1.5):
        with pytest.raises(TypeError, match="concept must be"):
            dissection.concept_mask(concept, 0)
    with pytest.raises(TypeError, match="target must be a Dissection"):
        nbi.rotate_dissection(dissection.recording)


def test_a_name_that_two_values_share_counts_once(net, probe):
    """A segmenter's bool masks overlap fully: each pixel is one pixel of the concept."""
    both = np.ones((1, 3, 4, 4), bool)
    ask = {"segmenter": lambda images: {"o": both.repeat(len(images), 0)}, "concepts": {"o": ("", "a", "a")}}
    found = dissect(net, probe, "maps", **ask, **QUIET)
    assert found.concept_area.tolist() == [len(probe) * found.grid[0] * found.grid[1]]


def test_a_probe_set_without_masks_is_told_the_ways(net):
    bare = ProbeSet.from_arrays(np.zeros((6, HEIGHT, WIDTH, 3), np.float32))
    with pytest.raises(ValueError, match=r"masks=.*segmenter=.*colours=True.*dissect_labels"):
        dissect(net, bare, "maps", **QUIET)
    with pytest.raises(UnknownLayerError, match="maps"):
        dissect(net, bare, "map", **QUIET)


def test_activations_that_are_not_finite_are_refused(probe):
    net = planted_classifier()
    with torch.no_grad():
        net.module.maps.bias[2] = torch.nan
    with pytest.raises(ValueError, match="image 0"):
        dissect(net, probe, "maps", **QUIET)


def test_activations_beyond_half_precision_are_noted(probe):
    net = planted_classifier()
    with torch.no_grad():
        net.module.maps.weight[2] *= 1e6
    assert "1 units exceed" in " ".join(dissect(net, probe, "maps", **QUIET).notes)
    assert not dissect(net, probe, "maps", precision="full", **QUIET).notes


def test_activations_below_half_precision_are_noted(probe):
    net = planted_classifier()
    with torch.no_grad():
        net.module.maps.weight[2] = 0
        net.module.maps.weight[2, 0, 2, 2] = -1e5  # a red pixel, 0 to 1: only the lowest values are beyond
    assert "1 units exceed" in " ".join(dissect(net, probe, "maps", **QUIET).notes)


def test_too_few_activations_are_not_blamed_on_the_units(net, probe):
    few = dissect(net, probe, "maps", convention="lite", progress=False)  # 0.005 × 23 × 6 × 8 is 5: masks miss some
    assert "1104 activations are too few" in few.notes[0]
    for layer, how in (("maps", {"quantile": 0.0005, "convention": "lite"}), ("flat", {"quantile": 0.01})):
        found = dissect(net, probe, layer, progress=False, **how)
        assert found.area_share.sum() == 0 and found.notes[0].startswith("too few activations for this quantile")


def test_a_constant_unit_detects_nothing(probe):
    net = planted_classifier()
    with torch.no_grad():
        net.module.maps.weight[4] = 0
    found = dissect(net, probe, "maps", convention="cvpr2017", **QUIET)
    assert (found.iou[4] == 0).all() and found.best[4] == -1 and found.labels()["concept"][4] == ""
    assert "1 of 7 units" in found.notes[0]


def table(dissection: Dissection, iou: list[list[float]]) -> Dissection:
    """The dissection with another IoU: object cat, dog; part ear."""
    return replace(
        dissection,
        concepts=("cat", "dog", "ear"),
        categories=("object", "object", "part"),
        category_names=("object", "part"),
        iou=np.array(iou),
        thresholds=np.zeros(len(iou), np.float32),
        area_share=np.zeros(len(iou)),
        chance=np.zeros((len(iou), 2)),
        image_counts=np.array([9, 8, 7]),
    )


def test_labels_detectors_and_both_counts_of_unique_ones(dissection):
    one = table(dissection, [[0.5, 0.1, 0.3], [0.2, 0.1, 0.1], [0.01, 0.04, 0.0], [0.0, 0.0, 0.0], [0.0, 0.2, 0.3]])
    assert one.best.tolist() == [0, 0, 1, -1, 2]
    assert one.labels()["concept"].tolist() == ["cat", "cat", "dog", "", "ear"]
    assert one.labels()["is_detector"].tolist() == [True, True, False, False, True]
    assert one.labels("object")["concept"].tolist() == ["cat", "cat", "dog", "", "dog"]
    assert one.unique_detectors() == {"best": 2, "per_category": 3}
    pairs = one.detectors()
    assert pairs["unit"].tolist() == [0, 0, 0, 1, 1, 1, 4, 4]
    assert pairs["concept"].tolist()[:3] == ["cat", "ear", "dog"]
    assert one.units_of("cat").tolist() == [0, 1]
    assert one.units_of("dog").tolist() == []
    assert one.units_of("dog", best=False).tolist() == [4, 0, 1]
    assert one.by_category().to_dict("list") == {
        "category": ["object", "part"],
        "n_concepts": [2, 1],
        "n_units": [2, 1],
        "unique": [1, 1],
        "unique_per_category": [2, 1],
    }
    assert one.by_concept()["concept"].tolist() == ["cat", "ear"]
    assert "3 of 5 units detect 2 concepts (3 counted by category)" in repr(one)
    assert "1 of 1 unit detects 1 concept " in repr(table(dissection, [[0.5, 0.0, 0.0]]))


def test_comparing(dissection, net, probe):
    other = dissect(planted_classifier(3), probe, "maps", **QUIET)
    frame = nbi.compare_dissections({"one": dissection, "two": other})
    assert frame["name"].tolist() == ["one", "two"]
    assert frame["detectors"].tolist() == [int(d.is_detector.sum()) for d in (dissection, other)]
    assert frame[["object", "part", "scene"]].sum(axis=1).tolist() == frame["unique_per_category"].tolist()
    with pytest.raises(ValueError, match="do not compare"):
        nbi.compare_dissections({"one": dissection, "two": dissect(net, probe, "maps", convention="lite", **QUIET)})
    with pytest.raises(ValueError, match="different concepts"):
        few = dissect(net, probe, "maps", categories="object", **QUIET)
        nbi.compare_dissections({"one": dissection, "two": few})


def test_categories_named_like_columns_keep_their_own(dissection):
    one = table(dissection, [[0.5, 0.1, 0.3], [0.2, 0.1, 0.1]])
    named = replace(one, categories=("share", "share", "unique"), category_names=("share", "unique"))
    frame = nbi.compare_dissections({"one": named})
    assert frame.loc[0, ["share", "unique", "category: share", "category: unique"]].tolist() == [1.0, 1, 1, 1]


def test_labels_alone(dissection):
    from sklearn.metrics import roc_auc_score

    recording = dissection.recording
    frame = nbi.dissect_labels(recording, "maps", top=None)
    assert len(frame) == 7 * 4
    for _, row in frame.iloc[::5].iterrows():
        expected = roc_auc_score(recording.labels == row["class"], recording["maps"].mean[:, row["unit"]])
        assert row["auc"] == pytest.approx(expected)
    assert nbi.dissect_labels(recording, "maps", top=1)["auc"].tolist() == frame.groupby("unit")["auc"].max().tolist()
    named = replace(recording, aligned=True, class_names=tuple("abcd"), label_names=tuple("abcd"))
    assert set(nbi.dissect_labels(named, "maps")["name"]) == set("abcd")
    strange = nbi.dissect_labels(named, "maps", labels=np.arange(23) % 2)
    assert set(strange["name"]) == {"0", "1"}
    with pytest.raises(ValueError, match="two classes"):
        nbi.dissect_labels(recording, "maps", labels=np.zeros(23, int))


class Stamps(nn.Module):
    """Six units that each answer one colour channel of six: concepts are aligned with units."""

    def __init__(self) -> None:
        super().__init__()
        self.maps = nn.Conv2d(3, 6, 1, bias=False)
        with torch.no_grad():
            self.maps.weight.copy_(torch.eye(3).repeat(2, 1)[:, :, None, None])
            self.maps.weight[3:] *= -1

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return self.maps(images).mean((2, 3))


def test_a_permutation_keeps_unique_detectors_and_a_rotation_destroys_them():
    random = np.random.default_rng(0)
    labels = random.integers(0, 7, (40, 6, 8)).repeat(4, axis=1).repeat(4, axis=2)
    channels = np.stack([(labels == k + 1) - 1.0 * (labels == k + 4) for k in range(3)], -1)
    names = ("", *"abcdef")
    probe = ProbeSet.from_arrays((0.5 + 0.5 * channels).astype(np.float32), masks=labels, concepts=names)
    net = Classifier(Stamps(), device="cpu")
    strict = replace(CONVENTIONS["cvpr2017"], iou_threshold=0.7)
    settings = {"quantile": 0.18, "progress": False, "convention": strict}
    plain = dissect(net, probe, "maps", chance=0, **settings)
    assert plain.unique_detectors()["best"] == 6 and plain.best_iou.min() > 0.9
    permutation = np.eye(6)[random.permutation(6)]
    kept = nbi.rotate_dissection(plain, (0, 1), rotation=permutation, progress=False)
    assert kept["unique"].tolist() == [6, 6]
    assert kept["mean_iou"].tolist() == pytest.approx([plain.best_iou.mean()] * 2)
    turned = nbi.rotate_dissection((net, probe, "maps"), (0, 0.5, 1), **settings)
    assert turned["alpha"].tolist() == [0, 0.5, 1]
    assert turned["unique"][0] == 6 > turned["unique"][1] >= turned["unique"][2]
    with pytest.raises(ValueError, match="orthogonal"):
        nbi.rotate_dissection(plain, rotation=np.ones((6, 6)))
    with pytest.raises(ValueError, match="6 units"):
        nbi.rotate_dissection(plain, rotation=np.eye(5), progress=False)


def test_rotating_a_dissection_by_colours_alone(net, probe, dissection):
    bare = ProbeSet.from_arrays(np.stack([probe.image(i).permute(1, 2, 0).numpy() for i in range(len(probe))]))
    for images, categories in ((bare, None), (probe, ["colour"])):
        plain = dissect(net, images, "maps", colours=True, categories=categories, chance=0, **QUIET)
        again = nbi.rotate_dissection(plain, (0, 0), progress=False)
        assert again["alpha"].tolist() == [0, 0]
        assert again["mean_iou"].tolist() == pytest.approx([plain.best_iou.mean()] * 2)
        assert "colour" in again and "object" not in again


def test_what_cannot_be_rotated_is_refused_before_the_pass(probe):
    net = planted_classifier()
    plain = dissect(net, probe, "maps", chance=0, **QUIET)
    net.module.n_images = 0
    refused = (
        ({"alphas": (0, np.nan)}, ValueError, "finite"),
        ({"alphas": 0.5}, TypeError, "sequence of numbers"),
        ({"alphas": ("a",)}, TypeError, "numbers"),
        ({"alphas": ()}, ValueError, "empty"),
        ({"seed": 1.5}, ValueError, "seed"),
        ({"rotation": np.eye(5)}, ValueError, "7 units"),
    )
    for settings, kind, words in refused:
        with pytest.raises(kind, match=words):
            nbi.rotate_dissection(plain, **settings, progress=False)
    assert net.module.n_images == 0
    single = torch.linalg.qr(torch.randn(7, 7, generator=torch.Generator().manual_seed(0)))[0]
    single[0] *= torch.linalg.det(single).sign()
    rounded = (single * (1 + 2e-6)).numpy()
    assert nbi.rotate_dissection(plain, (0.5,), rotation=rounded, progress=False)["n_units"].tolist() == [7]


def test_a_rotation_stays_within_half_precision(probe):
    net = planted_classifier()
    with torch.no_grad():
        net.module.maps.weight[:] = 0
        net.module.maps.bias[:] = 6e4
        net.module.maps.weight[3] = 1
    plain = dissect(net, probe, "maps", chance=0, **QUIET)
    assert len(nbi.rotate_dissection(plain, (0, 1), progress=False)) == 2


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU: run on a machine with one")
def test_a_gpu_counts_as_the_processor_does(probe, dissection):
    found = dissect(Classifier(PlantedNet(), device="cuda"), probe, "maps", **QUIET)
    np.testing.assert_allclose(found.iou, dissection.iou, atol=0.02)
    np.testing.assert_allclose(found.thresholds, dissection.thresholds, rtol=0.01)
