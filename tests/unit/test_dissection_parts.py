"""Parts of `dissect` that its own tests pass by: coarse planes, pictures after loading, stores, notes, settings."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from dissection_helpers import PlantedNet, planted_classifier, planted_probe
from torch import nn

import nbinterp as nbi
from nbinterp.analyses import Dissection, MismatchError, dissect, record
from nbinterp.analyses.dissection import rotation, scoring, stores
from nbinterp.analyses.dissection.chance import orders_of
from nbinterp.analyses.dissection.geometry import sample_nearest
from nbinterp.data import ProbeSet
from nbinterp.instrument import Classifier
from nbinterp.kernels.dissection import CONVENTIONS

QUIET = {"progress": False, "batch_size": 8, "quantile": 0.1}
FINE = replace(CONVENTIONS["pnas2020"], name="fine", mask_scale=2.375)  # grid 57 × 76: every second row and column


@pytest.fixture(scope="module")
def net():
    return planted_classifier()


@pytest.fixture(scope="module")
def probe():
    return planted_probe()


@pytest.fixture(scope="module")
def dissection(net, probe):
    return dissect(net, probe, "maps", **QUIET)


def test_the_chance_level_is_that_of_pictures_beside_other_images(net, probe, monkeypatch):
    """Masks of units against concepts of other images, on every second row and column, in several parts."""
    monkeypatch.setattr(scoring, "BLOCK_MAPS", 5)
    found = dissect(net, probe, "maps", convention=FINE, chance=3, seed=4, **QUIET)
    assert found.grid == (57, 76)
    images = range(len(probe))
    on = np.stack([found.masks_of(unit, images, found.grid) for unit in range(7)])[:, :, ::2, ::2]
    names = list(zip(found.concepts, found.categories, strict=True))
    there = np.stack(
        [[found.concept_mask(name, i, found.grid, category=own)[::2, ::2] for i in images] for name, own in names]
    )
    best = []
    for order in orders_of(len(probe), 3, 4):
        both = np.einsum("uihw,cihw->uc", on.astype(np.int64), there[:, order].astype(np.int64))
        either = on.sum((1, 2, 3))[:, None] + there.sum((1, 2, 3)) - both
        best.append((both / np.maximum(either, 1)).max(1))
    np.testing.assert_allclose(found.chance[:, 0], np.mean(best, 0))
    np.testing.assert_allclose(found.chance[:, 1], np.quantile(best, 0.95, axis=0))


def test_memory_is_shared_among_layers(net, probe, capsys):
    """Two layers with half of it each: what holds the maps of one is too little."""
    settings = QUIET | {"progress": True, "chance": 0, "memory_gb": 20e-6}
    dissect(net, probe, "maps", **settings)
    assert "temporary file" not in capsys.readouterr().err
    dissect(net, probe, ["maps", "flat"], **settings)
    shown = capsys.readouterr().err
    assert "temporary file" in shown and "Counting" in shown and "46/46" in shown


def test_a_disk_without_room_is_said(net, probe, monkeypatch):
    free = stores.shutil.disk_usage("/")
    monkeypatch.setattr(stores.shutil, "disk_usage", lambda path: free._replace(free=100))
    with pytest.raises(OSError, match="more than memory_gb allows"):
        dissect(net, probe, "maps", memory_gb=0, **QUIET)


class Overwriting(nn.Module):
    """The layer's output is changed in place behind it."""

    def __init__(self) -> None:
        super().__init__()
        self.maps = PlantedNet().maps
        self.relu = nn.ReLU(inplace=True)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return self.relu(self.maps(images)).mean((2, 3))[:, :4]


@pytest.mark.parametrize("precision", ["half", "full"])
def test_what_comes_behind_a_layer_does_not_change_its_maps(dissection, probe, precision):
    settings = QUIET | {"quantile": 0.9, "chance": 0, "precision": precision}
    found = dissect(Classifier(Overwriting(), device="cpu"), probe, "maps", **settings)
    expected = dissect(planted_classifier(), probe, "maps", **settings)
    assert (found.thresholds < 0).any()
    np.testing.assert_array_equal(found.thresholds, expected.thresholds)


def test_a_name_in_two_categories_has_two_masks(dissection):
    for category in ("object", "part"):
        number = dissection.concept_number("cat", category)
        masks = [dissection.concept_mask("cat", i, dissection.grid, category=category) for i in range(23)]
        assert np.sum(masks) == dissection.concept_area[number]


def test_a_centre_on_the_border_of_two_pixels_is_the_later_ones():
    """(7 + 0.5) / 11 × 22 is 15, and 14.999999999999998 in floating point."""
    assert sample_nearest(np.arange(22)[:, None], (0, 0, 1, 1), (11, 1))[:, 0].tolist() == list(range(1, 22, 2))


class Slanted(nn.Module):
    """Fields of another size and stride down than across."""

    def __init__(self) -> None:
        super().__init__()
        self.maps = nn.Conv2d(3, 4, (6, 3), stride=(4, 2), padding=(1, 0))
        with torch.no_grad():
            self.maps.weight.copy_(torch.randn(4, 3, 6, 3, generator=torch.Generator().manual_seed(0)))

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return self.maps(images).mean((2, 3))


@pytest.mark.parametrize("precision", ["half", "full"])
def test_pictures_after_loading_are_those_that_were_counted(probe, tmp_path, precision):
    settings = QUIET | {"convention": "cvpr2017", "chance": 0, "precision": precision}
    found = dissect(Classifier(Slanted(), device="cpu"), probe, "maps", **settings)
    assert not found.notes
    found.save(tmp_path / "d")
    loaded = Dissection.load(tmp_path / "d", found.recording)
    for one in (found, loaded):
        for unit in range(4):
            assert one.masks_of(unit, range(23), one.grid).mean() == pytest.approx(one.area_share[unit], abs=1e-12)


def test_full_precision_is_kept_in_the_file(net, probe, tmp_path):
    """Masks of the maps' own size: the activation that is the threshold is off, and on if it was rounded up."""
    how = replace(CONVENTIONS["lite"], mask_scale=0.25)
    found = dissect(net, probe, "maps", convention=how, chance=0, precision="full", **QUIET)
    found.save(tmp_path / "d")
    loaded = Dissection.load(tmp_path / "d", found.recording)
    for unit in range(7):
        assert loaded.masks_of(unit, range(23), found.grid).mean() == pytest.approx(found.area_share[unit], abs=1e-12)


def test_a_recording_without_the_layer_is_refused(net, probe, dissection, tmp_path):
    dissection.save(tmp_path / "d")
    other = record(net, probe, "flat", batch_size=8, progress=False)
    with pytest.raises(MismatchError, match="a layer not recorded"):
        Dissection.load(tmp_path / "d", other)


def test_tables_take_the_right_columns(dissection):
    chance = np.stack([np.arange(7) / 100, np.arange(7) / 10], 1)
    one = replace(dissection, chance=chance)
    labels, pairs = one.labels(), one.detectors()
    assert labels["chance"].tolist() == chance[:, 0].tolist() and labels["chance_95"].tolist() == chance[:, 1].tolist()
    assert pairs["chance_95"].tolist() == chance[pairs["unit"], 1].tolist()
    for _, row in one.by_concept().iterrows():
        number = one.concept_number(row["concept"], row["category"])
        units = one.units_of(number)
        assert row["n_units"] == len(units) and row["best_unit"] == units[0]
        assert row["best_iou"] == one.iou[units, number].max() and row["n_images"] == one.image_counts[number]
    frame = nbi.compare_dissections({"one": one})
    assert frame["chance"].tolist() == [pytest.approx(0.03)]


def test_dissections_of_another_quantile_or_categories_do_not_compare(net, probe, dissection):
    wider = dissect(net, probe, "maps", **QUIET | {"quantile": 0.2, "chance": 0})
    with pytest.raises(ValueError, match=r"quantile 0\.1, 'b' by pnas2020 with 0\.2"):
        nbi.compare_dissections({"a": dissection, "b": wider})
    named = replace(dissection, categories=tuple(reversed(dissection.categories)))
    with pytest.raises(ValueError, match="different concepts"):
        nbi.compare_dissections({"a": dissection, "b": named})


def test_labels_alone_say_what_the_rest_does(dissection):
    recording = dissection.recording
    labels = np.arange(23) % 2
    labels[:3] = -1
    frame, mean = nbi.dissect_labels(recording, "maps", labels=labels, top=None), recording["maps"].mean
    index, _ = recording["maps"].selectivity(labels)
    for _, row in frame.iterrows():
        own, rest = labels == row["class"], (labels >= 0) & (labels != row["class"])
        assert row["mean"] == pytest.approx(mean[own, row["unit"]].mean(), rel=1e-5)
        assert row["mean_rest"] == pytest.approx(mean[rest, row["unit"]].mean(), rel=1e-5)
        assert row["selectivity"] == pytest.approx(index[row["unit"]]) and row["n_images"] == own.sum()


def test_images_that_do_not_exist_have_no_masks(net, probe):
    flat = dissect(net, probe, "flat", **QUIET | {"chance": 0})
    for image in (-1, 23):
        with pytest.raises(IndexError, match="images 0 to 22"):
            flat.masks_of(0, [image])


def test_rotations_are_drawn_with_the_seed(net, probe):
    drawn = [
        nbi.rotate_dissection((net, probe, "maps"), (0, 1), seed=seed, **QUIET)["mean_iou"].tolist()
        for seed in (0, 1, 0)
    ]
    assert drawn[0] == drawn[2] and drawn[0][0] == drawn[1][0] and drawn[0][1] != drawn[1][1]


def test_a_rotation_turns_the_units_as_it_is_given(net, probe):
    """Rotating the maps by Q is dissecting a layer whose weights were rotated by Q."""
    q = torch.linalg.qr(torch.randn(7, 7, dtype=torch.float64, generator=torch.Generator().manual_seed(5)))[0]
    turned = PlantedNet()
    with torch.no_grad():
        turned.maps.weight.copy_(torch.einsum("uv,vchw->uchw", q.float(), turned.maps.weight))
        turned.maps.bias.copy_(q.float() @ turned.maps.bias)
    settings = QUIET | {"chance": 0, "precision": "full"}
    expected = dissect(Classifier(turned, device="cpu"), probe, "maps", **settings)
    found = nbi.rotate_dissection((net, probe, "maps"), (1,), rotation=q.numpy(), **settings)
    assert found["mean_iou"][0] == pytest.approx(expected.best_iou.mean(), abs=2e-3)
    other = nbi.rotate_dissection((net, probe, "maps"), (1,), rotation=q.numpy().T, **settings)
    assert abs(other["mean_iou"][0] - expected.best_iou.mean()) > 5e-3
    q[0] *= -torch.linalg.det(q).sign()
    with pytest.raises(ValueError, match="change the sign of one row"):
        nbi.rotate_dissection((net, probe, "maps"), (0.5,), rotation=q.numpy(), **settings)


def test_a_dissection_is_rotated_with_its_own_settings(net, probe, monkeypatch):
    own = {"min_images": 2, "precision": "full", "colours": True, "batch_size": 8, "chance": 0, "progress": False}
    plain = dissect(net, probe, "maps", quantile=0.1, categories=["part", "object"], **own)
    asked = {}

    def check_setup(*arguments, **settings):
        asked.update(settings)
        raise InterruptedError

    monkeypatch.setattr(rotation, "check_setup", check_setup)
    with pytest.raises(InterruptedError):
        nbi.rotate_dissection(plain, progress=False)
    assert asked.items() >= own.items()
    assert (asked["convention"], asked["segmenter"]) == (plain.rule, None)
    assert set(asked["categories"]) >= {"part", "object"}


def test_planes_of_many_concepts():
    """Numbers beyond 16 bits come back; so do they where the planes of all images lie in a file."""
    planes = np.array([[[0, 40_000], [-1, 32_768]], [[1, 2], [3, 70_000]]], np.int32)
    for given in (planes, planes[:1], planes[:0], np.minimum(planes, 32_767)):
        np.testing.assert_array_equal(stores.unpack_planes(stores.pack_planes(given), (2, 2)), given)


@pytest.mark.parametrize("in_memory", [0, 10**6])
@pytest.mark.parametrize("n_concepts", [4, 40_000])
def test_planes_together(monkeypatch, in_memory, n_concepts):
    monkeypatch.setattr(stores, "IN_MEMORY", in_memory)
    store = stores.PlaneStore((1, 2))
    for given in ([[[0, 3]], [[1, -1]]], [[[2, 2]]], np.zeros((0, 1, 2), int)):
        store.append(stores.pack_planes(np.array(given, np.int64)))
    table = torch.arange(n_concepts - 1, -2, -1)  # reversed, and −1 in the last place
    found = store.together(table)
    last = n_concepts - 1
    assert found.tolist() == [[[[last, last - 3]], [[last - 1, -1]]], [[[last - 2] * 2], [[-1, -1]]], [[[-1, -1]]] * 2]
    assert found.dtype == (np.int16 if n_concepts == 4 else np.int32)
    store.close()


class Everywhere(nn.Module):
    """A layer whose positions have no receptive field: each sees the whole image."""

    def __init__(self) -> None:
        super().__init__()
        self.maps = nn.Sequential(PlantedNet().maps, nn.InstanceNorm2d(7))

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return self.maps(images).amax((2, 3))[:, :4]


def test_maps_without_receptive_fields_are_stretched(probe, dissection):
    net = Classifier(Everywhere(), device="cpu")
    found = dissect(net, probe, "maps.1", **QUIET | {"convention": "cvpr2017", "chance": 0})
    stretched = replace(CONVENTIONS["cvpr2017"], anchor="stretch")
    expected = dissect(net, probe, "maps.1", **QUIET | {"convention": stretched, "chance": 0})
    assert "receptive field is not defined" in " ".join(found.notes) and not expected.notes
    np.testing.assert_array_equal(found.iou, expected.iou)


def test_numbers_that_are_booleans_and_categories_that_are_none(net, probe):
    for name in ("min_images", "top", "batch_size", "chance", "seed"):
        with pytest.raises(ValueError, match=f"{name} must be a whole number"):
            dissect(net, probe, "maps", **QUIET | {name: True})
    with pytest.raises(ValueError, match="categories has"):
        dissect(net, probe, "maps", categories=(), **QUIET)


def test_probe_sets_whose_names_changed_are_refused(net, probe, dissection, tmp_path):
    dissection.save(tmp_path / "d")
    masks = {c: np.stack([probe.label_maps(i)[c] for i in range(23)]) for c in probe.concepts}
    names = dict(probe.concepts) | {"part": ("", "nose", "cat")}
    pixels = np.stack([probe.image(i).permute(1, 2, 0).numpy() for i in range(23)])
    other = ProbeSet.from_arrays(pixels, np.arange(23) % 4, masks=masks, concepts=names)
    recording = replace(dissection.recording, probe=other)
    with pytest.raises(MismatchError, match="other 'part' concepts"):
        Dissection.load(tmp_path / "d", recording)
