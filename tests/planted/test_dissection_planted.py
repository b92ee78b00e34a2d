"""Dissection where the answer is known: planted units, laws it must obey, and the slow way by hand."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch
from dissection_by_hand import dissect
from PIL import Image

import nbinterp.kernels as kernels

SIZE = (24, 32)
CATEGORY_OF = torch.tensor([0, 0, 1, 1])
N_CATEGORIES = 2


def draw_labels():
    """12 images: concept 0 above, 1 below (unequal sizes), 2 left in a plane of its own; 3 never occurs."""
    labels = torch.full((12, 2, *SIZE), -1, dtype=torch.int16)
    for image in range(12):
        if image % 3:
            labels[image, 0, : 6 + image % 5, 4:] = 0
        if image % 2:
            labels[image, 0, 14:, : 20 + image] = 1
        if image != 5:
            labels[image, 1, :, :9] = 2
    return labels


def plant(labels):
    """Units: the mask of 0, noise, the union of 0 and 1, the mask of 2, 8 of 20 parts of 0, constant, dead."""
    noise = torch.rand(12, *SIZE, generator=torch.Generator().manual_seed(0))
    concept = [(labels == c).any(1).float() for c in range(4)]
    part = concept[0].clone()
    part[:, :, 16:] = 0
    units = [concept[0], noise, concept[0] + concept[1], concept[2], part, torch.full_like(noise, 7.0), 0 * noise]
    return torch.stack(units, 1)


def count(maps, labels, thresholds, plan, counted="all"):
    on = kernels.find_on_pixels(maps, thresholds, plan)
    return kernels.count_overlap(on, labels, CATEGORY_OF, n_categories=N_CATEGORIES, counted=counted)


@pytest.fixture(scope="module")
def planted():
    labels = draw_labels()
    return plant(labels), labels, torch.tensor([0.5, 0.7, 0.5, 0.5, 0.5, 7.0, 0.0]), kernels.plan_resampling(SIZE, SIZE)


def test_the_table_of_iou_is_exact(planted):
    maps, labels, _, _ = planted
    area = [int((labels == c).sum()) for c in range(4)]
    flat = [(labels == c).any(1) for c in range(4)]
    meet = lambda a, b: int((a & b).sum())  # noqa: E731
    scores = kernels.iou(count(*planted), CATEGORY_OF)
    union, part = flat[0] | flat[1], maps[:, 4] > 0.5
    assert scores[0, 0] == 1 and scores[3, 2] == 1 and scores[0, 1] == 0
    assert scores[2, 0] == area[0] / (area[0] + area[1]) and scores[2, 1] == area[1] / (area[0] + area[1])
    assert scores[4, 0] == int(part.sum()) / area[0] and 0 < scores[4, 0] < 1
    assert scores[2, 2] == meet(union, flat[2]) / int((union | flat[2]).sum())
    noise = maps[:, 1] > 0.7
    for c in range(3):
        assert scores[1, c] == meet(noise, flat[c]) / int((noise | flat[c]).sum())
    assert kernels.best_labels(scores).tolist()[:5] == [0, int(scores[1].argmax()), int(scores[2].argmax()), 2, 0]


def test_nothing_is_zero_and_not_nan(planted):
    """A concept that never occurs, a constant unit at its own level, a dead one."""
    maps, _, _, _ = planted
    thresholds = kernels.map_thresholds(lambda: [maps], 0.05)
    scores = kernels.iou(count(maps, planted[1], thresholds, planted[3]), CATEGORY_OF)
    assert torch.equal(scores[:, 3], torch.zeros(7, dtype=torch.float64))
    assert torch.equal(scores[5:], torch.zeros(2, 4, dtype=torch.float64))
    assert thresholds[5] == 7 and thresholds[6] == 0
    assert bool(scores.isfinite().all()) and bool(((scores >= 0) & (scores <= 1)).all())


@pytest.mark.parametrize("counted", ["all", "category", "masked category"])
def test_counts_add_and_means_of_parts_differ(planted, counted):
    maps, labels, thresholds, plan = planted
    whole = count(*planted, counted)
    order = torch.randperm(12, generator=torch.Generator().manual_seed(1))
    parts = [count(maps[some], labels[some], thresholds, plan, counted) for some in order.split([1, 7, 4])]
    total = parts[0] + parts[1] + parts[2]
    for name in ("intersection", "unit_area", "concept_area", "concept_images"):
        assert torch.equal(getattr(total, name), getattr(whole, name))
    mean = torch.stack([kernels.iou(part, CATEGORY_OF) for part in parts]).mean(0)
    assert not torch.allclose(mean, kernels.iou(whole, CATEGORY_OF))


def test_areas_are_never_smaller_under_a_wider_rule(planted):
    maps, labels, thresholds, plan = planted
    rare = thresholds.index_fill(0, torch.tensor([1]), 0.998)
    areas = [count(maps, labels, rare, plan, c).unit_area for c in ("all", "category", "masked category")]
    assert bool((areas[0] >= areas[1]).all()) and bool((areas[1] >= areas[2]).all())
    assert not torch.equal(areas[0], areas[1]) and not torch.equal(areas[1], areas[2])
    disjoint = count(maps, labels, rare, plan).intersection[:, :2].sum(1)
    assert bool((disjoint <= areas[0][:, 0]).all())


def test_independent_masks_overlap_as_chance_has_it():
    """Over 60 images of random pixels the standard error of the IoU is below 0.001."""
    generator = torch.Generator().manual_seed(2)
    maps = torch.rand(60, 3, *SIZE, generator=generator)
    labels = torch.where(torch.rand(60, 1, *SIZE, generator=generator) < 0.3, 0, -1)
    shares = torch.tensor([0.02, 0.2, 0.6], dtype=torch.float64)
    plan = kernels.plan_resampling(SIZE, SIZE)
    counts = kernels.count_overlap(
        kernels.find_on_pixels(maps, 1 - shares.float(), plan), labels, torch.tensor([0]), n_categories=1
    )
    expected = kernels.independent_iou(shares, torch.full_like(shares, 0.3))
    found = kernels.iou(counts, torch.tensor([0]))[:, 0]
    torch.testing.assert_close(found, expected, rtol=0, atol=0.006)
    assert found[2] > found[1] > found[0]


@pytest.mark.parametrize("name", kernels.CONVENTIONS)
def test_scale_and_offset_of_a_unit_do_not_matter(name):
    """Powers of two and small whole numbers, so that nothing is rounded; zeros beyond the border know no offset."""
    convention = kernels.CONVENTIONS[name]
    labels = draw_labels()
    maps = torch.randint(0, 200, (12, 7, 6, 8), generator=torch.Generator().manual_seed(4)).float()
    plan = kernels.plan_resampling((6, 8), SIZE, padding=convention.padding)
    changed = maps * torch.tensor([0.125, 0.5, 1, 2, 4, 16, 64])[:, None, None]
    changed = changed if convention.padding == "zeros" else changed - 32
    results = []
    for values in (maps, changed):
        if convention.threshold_on == "maps":
            thresholds = kernels.map_thresholds(lambda values=values: values.split(5), 0.05)
        else:
            thresholds = kernels.upsampled_thresholds(lambda values=values: values.split(5), plan, 0.05)
        results.append(kernels.iou(count(values, labels, thresholds, plan, convention.counted), CATEGORY_OF))
    assert torch.equal(*results)


def test_increasing_transforms_of_a_unit_do_not_matter(planted):
    """Where nothing is interpolated: exp, cubes and ranks give the very same IoU."""
    maps, labels, _, plan = planted
    scores = []
    for transform in (lambda x: x, torch.exp, lambda x: (x - 0.5) ** 3, lambda x: torch.log1p(9 * x) - 4):
        values = transform(maps)
        thresholds = kernels.map_thresholds(lambda values=values: values.split(5), 0.1)
        scores.append(kernels.iou(count(values, labels, thresholds, plan), CATEGORY_OF))
    assert scores[0].max() > 0.1
    assert all(torch.equal(scores[0], other) for other in scores[1:])


def test_sparse_relu_maps_have_threshold_zero_and_only_positives_are_on():
    maps = torch.zeros(40, 2, 6, 6)
    maps[7, 0, 2, 3], maps[9, 0, 4, 4] = 1.0, 2.0  # 2 of 1,440 positions: 99.86 % zeros
    labels = torch.full((40, 1, 6, 6), -1)
    labels[7, 0, 2, 3] = 0
    thresholds = kernels.map_thresholds(lambda: maps.split(16), 0.005)
    assert thresholds.tolist() == [0.0, 0.0]
    on = kernels.find_on_pixels(maps, thresholds, kernels.plan_resampling((6, 6), (6, 6)))
    assert sorted(on.pixel.tolist()) == [15, 28]
    counts = kernels.count_overlap(on, labels, torch.tensor([0]), n_categories=1)
    assert kernels.iou(counts, torch.tensor([0])).tolist() == [[0.5], [0.0]]


def test_ties_at_the_threshold_are_off():
    maps = torch.tensor([1.0, 2.0, 2.0, 2.0, 3.0, 1.0, 1.0, 1.0, 1.0, 1.0]).reshape(1, 1, 2, 5)
    thresholds = kernels.map_thresholds(lambda: [maps], 0.2)
    assert thresholds.tolist() == [2.0]  # no more than two of ten may be above
    on = kernels.find_on_pixels(maps, thresholds, kernels.plan_resampling((2, 5), (2, 5)))
    assert on.pixel.tolist() == [4]


def test_rotations_destroy_detectors_and_permutations_keep_them():
    """24 units, each the mask of its own concept: all detect; permuted all do; rotated few do, fewer the farther.

    A unit detects at an IoU above 0.6 here, not above the papers' 0.04.
    """
    generator = torch.Generator().manual_seed(5)
    n = 24
    labels = torch.full((n * 4, 1, 12, 12), -1)
    for image in range(len(labels)):
        y, x = torch.randint(0, 8, (2,), generator=generator).tolist()
        labels[image, 0, y : y + 4, x : x + 4] = image % n
    maps = torch.stack([(labels[:, 0] == c).float() for c in range(n)], 1)
    strength = 1 + 4 * torch.rand(len(labels), 1, 1, 1, generator=generator)
    maps = strength * maps + 0.3 * torch.rand(maps.shape, generator=generator)
    category_of = torch.arange(n) % 3
    plan = kernels.plan_resampling((12, 12), (12, 12))

    def unique(basis):
        turned = torch.einsum("uv,nvhw->nuhw", basis.float(), maps)
        thresholds = kernels.map_thresholds(lambda: turned.split(32), 0.005)
        on = kernels.find_on_pixels(turned, thresholds, plan)
        counts = kernels.count_overlap(on, labels, category_of, n_categories=3, counted="category")
        return kernels.unique_detectors(kernels.iou(counts, category_of), category_of, threshold=0.6).best

    permutation = torch.eye(n, dtype=torch.float64)[torch.randperm(n, generator=generator)]
    q = kernels.random_rotation(n, generator=generator)
    along = [unique(kernels.fractional_rotation(q, alpha)) for alpha in (0.0, 0.3, 0.6, 1.0)]
    assert along[0] == n and unique(permutation) == n
    assert along[-1] <= n // 3 and sorted(along, reverse=True) == along, along


def compare_with_the_slow_way(maps, labels, category_of, convention, field, image_size, batch=7):
    """Thresholds the same, counts the same, IoU to 1e-9."""
    by_hand = dissect(maps.numpy(), labels.numpy(), category_of.tolist(), convention, field, image_size)
    plan = kernels.plan_resampling(
        tuple(maps.shape[2:]),
        tuple(labels.shape[2:]),
        anchor=convention.anchor,
        padding=convention.padding,
        field=field,
        image_size=image_size,
    )
    if convention.threshold_on == "maps":
        thresholds = kernels.map_thresholds(lambda: maps.split(batch), convention.quantile)
    else:
        thresholds = kernels.upsampled_thresholds(lambda: maps.split(batch), plan, convention.quantile)
    assert np.array_equal(thresholds.numpy(), by_hand["thresholds"])
    total = None
    for some, seen in zip(maps.split(batch), labels.split(batch), strict=True):
        on = kernels.find_on_pixels(some, thresholds, plan)
        part = kernels.count_overlap(
            on, seen, category_of, n_categories=int(category_of.max()) + 1, counted=convention.counted
        )
        total = part if total is None else total + part
    assert total is not None
    np.testing.assert_allclose(kernels.iou(total, category_of).numpy(), by_hand["iou"], rtol=0, atol=1e-9)
    assert np.array_equal(total.intersection.numpy(), by_hand["both"])
    assert np.array_equal(total.unit_area.numpy(), by_hand["area"])
    assert np.array_equal(total.concept_area.numpy(), by_hand["concept_area"])
    return by_hand


@pytest.mark.parametrize("name", kernels.CONVENTIONS)
def test_planted_units_agree_with_the_slow_way(name):
    """Masks and noise reduced to a quarter of the size, so that everything is interpolated."""
    labels = draw_labels()
    maps = torch.nn.functional.avg_pool2d(plant(labels), 4).half()
    field = ((-3, -3), (8, 8), (17, 17))
    compare_with_the_slow_way(maps, labels, CATEGORY_OF, kernels.CONVENTIONS[name], field, (48, 64))


@pytest.fixture(scope="module")
def photographs(shared_data):
    """40 photographs with VOC's labels, a plane of brightness and a plane of whole-image labels; features.12 of
    SqueezeNet, every fourth unit, in half precision, and the layer's receptive field."""
    import torchvision

    from nbinterp.instrument import receptive_fields

    folder = shared_data / "segmentation" / "voc_animals"
    net = torchvision.models.squeezenet1_1()
    weights = torch.load(shared_data / "classifiers" / "squeezenet1_1.fp16.pt", map_location="cpu", weights_only=True)
    net.load_state_dict({key: value.float() for key, value in weights.items()})
    net.eval()
    n_classes = len(json.loads((folder / "classes.json").read_text())["classes"])
    files = sorted((folder / "images").iterdir())[::10][:40]
    pictures = [Image.open(f).convert("RGB").resize((224, 224), Image.Resampling.BILINEAR) for f in files]
    images = torch.from_numpy(np.stack([np.asarray(p) for p in pictures])).permute(0, 3, 1, 2).float() / 255
    mean, std = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
    prepared = (images - mean[:, None, None]) / std[:, None, None]
    with torch.no_grad():
        maps = torch.cat([net.features(some) for some in prepared.split(8)])[:, ::4].half()
    field = receptive_fields(net, prepared[:1])["features.12"]
    seen = [Image.open(folder / "labels" / f"{f.stem}.png").resize((224, 224), Image.Resampling.NEAREST) for f in files]
    classes = torch.from_numpy(np.stack([np.asarray(label) for label in seen]).astype(np.int64))
    labels = torch.full((40, 3, 224, 224), -1)
    labels[:, 0] = torch.where((classes > 0) & (classes < n_classes), classes - 1, -1)
    bright = images.mean(1)
    labels[:, 1] = torch.where(bright > 0.7, 20, torch.where(bright < 0.2, 21, -1))
    labels[::3, 2] = 22
    category_of = torch.tensor([0] * 20 + [1, 1, 2])
    return maps, labels.to(torch.int16), category_of, (field.start, field.stride, field.size)


@pytest.mark.real
@pytest.mark.parametrize("name", kernels.CONVENTIONS)
def test_photographs_agree_with_the_slow_way(photographs, name):
    maps, labels, category_of, field = photographs
    convention = kernels.CONVENTIONS[name]
    every = round(1 / convention.mask_scale)
    masks = labels[:, :, every // 2 :: every, every // 2 :: every].contiguous()
    found = compare_with_the_slow_way(maps, masks, category_of, convention, field, (224, 224))
    assert found["iou"].max() > 0.1 and (found["both"] > 0).mean() > 0.2
