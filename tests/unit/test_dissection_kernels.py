"""Dissection's kernels one by one: geometry, quantiles, lists of pixels, counts, rotations, levels of chance."""

from __future__ import annotations

import copy
import dataclasses
import itertools
from collections.abc import Callable

import numpy as np
import pytest
import torch

import nbinterp.kernels as kernels
from nbinterp.kernels import quantiles
from nbinterp.kernels.brackets import from_keys, to_keys
from nbinterp.kernels.dissection import CONVENTIONS

GEOMETRIES = {  # map size, mask size, anchor, padding, field, image size
    "7 to 112": ((7, 7), (112, 112), "stretch", "border", None, None),
    "13 to 56, zeros": ((13, 13), (56, 56), "stretch", "zeros", None, None),
    "not square": ((3, 5), (17, 12), "stretch", "zeros", None, None),
    "one position": ((1, 1), (6, 4), "stretch", "zeros", None, None),
    "one row": ((1, 4), (6, 9), "stretch", "zeros", None, None),
    "masks smaller than maps": ((20, 14), (5, 6), "stretch", "border", None, None),
    "the same": ((6, 6), (6, 6), "stretch", "border", None, None),
    "fields": ((6, 6), (55, 30), "field", "border", ((-9, 3), (32, 16), (67, 35)), (227, 120)),
    "fields, zeros": ((6, 6), (55, 30), "field", "zeros", ((-9, 3), (32, 16), (67, 35)), (227, 120)),
}


def planned(name):
    map_size, mask_size, anchor, padding, field, image_size = GEOMETRIES[name]
    return kernels.plan_resampling(
        map_size, mask_size, anchor=anchor, padding=padding, field=field, image_size=image_size
    )


def random_maps(size, n_images=5, n_units=7, seed=0, relu=False):
    maps = torch.randn(n_images, n_units, *size, generator=torch.Generator().manual_seed(seed))
    return torch.relu(maps - 1) if relu else maps


def test_the_conventions_are_those_of_the_table():
    table = {name: dataclasses.astuple(found)[1:] for name, found in kernels.CONVENTIONS.items()}
    assert table == {
        "cvpr2017": (0.005, "maps", "field", "border", "category", 0.5, 0.04),
        "lite": (0.005, "maps", "stretch", "border", "masked category", 0.5, 0.04),
        "pnas2020": (0.01, "upsampled", "stretch", "zeros", "all", 0.25, 0.04),
    }
    own = dataclasses.replace(kernels.convention("lite"), name="own", quantile=0.1)
    assert kernels.convention(own) is own
    with pytest.raises(ValueError, match=r"'cvpr2018'.*cvpr2017, lite, pnas2020"):
        kernels.convention("cvpr2018")


def test_stretching_is_the_usual_bilinear_upsampling():
    maps = random_maps((5, 3)).double()
    plan = kernels.plan_resampling((5, 3), (40, 31))
    usual = torch.nn.functional.interpolate(maps, (40, 31), mode="bilinear", align_corners=False)
    torch.testing.assert_close(kernels.upsample_maps(maps, plan).double(), usual, rtol=0, atol=1e-6)


def test_zeros_are_those_of_grid_sampling():
    maps = random_maps((5, 3))
    plan = kernels.plan_resampling((5, 3), (40, 31), padding="zeros")
    y, x = (2 * (torch.arange(n) + 0.5) / n - 1 for n in (40, 31))
    grid = torch.stack(torch.meshgrid(y, x, indexing="ij")[::-1], -1).expand(5, -1, -1, -1)
    usual = torch.nn.functional.grid_sample(maps, grid, padding_mode="zeros", align_corners=False)
    torch.testing.assert_close(kernels.upsample_maps(maps, plan), usual, rtol=0, atol=1e-5)


def test_a_position_lies_at_the_centre_of_its_receptive_field():
    """A field of 16 pixels that starts at pixel 8 i has its centre at 8 i + 8, between two pixels."""
    ramp = torch.arange(5.0).expand(1, 1, 5, 5)
    plan = kernels.plan_resampling(
        (5, 5), (48, 48), anchor="field", field=((0, 0), (8, 8), (16, 16)), image_size=(48, 48)
    )
    row = kernels.upsample_maps(ramp, plan)[0, 0, 20]
    expected = (torch.arange(48) + 0.5 - 8) / 8
    assert torch.equal(row, expected.clamp(0, 4))
    half = kernels.plan_resampling(
        (5, 5), (24, 24), anchor="field", field=((0, 0), (8, 8), (16, 16)), image_size=(48, 48)
    )
    assert torch.equal(kernels.upsample_maps(ramp, half)[0, 0, 3], ((2 * torch.arange(24) + 1.0 - 8) / 8).clamp(0, 4))


def test_a_map_of_one_position_is_constant():
    maps = random_maps((1, 1))
    assert torch.equal(kernels.upsample_maps(maps, planned("one position")), maps.expand(-1, -1, 6, 4))


@pytest.mark.parametrize("relu", [False, True])
@pytest.mark.parametrize("name", GEOMETRIES)
def test_listed_pixels_are_those_of_the_whole_map(name, relu):
    """At thresholds above and below zero, on plateaus, and at levels that values hit exactly."""
    plan = planned(name)
    maps = random_maps(plan.map_size, relu=relu)
    maps[:, 0] = 1.0
    maps[1, 1] = -2.0
    whole = kernels.upsample_maps(maps, plan)
    for thresholds in (whole[0, :, 0, 0], whole[2, :, -1, 2], torch.full((7,), -0.5), torch.linspace(-1, 2, 7)):
        on = kernels.find_on_pixels(maps, thresholds, plan)
        listed = torch.zeros(5, 7, plan.mask_size[0] * plan.mask_size[1], dtype=torch.int64)
        listed.index_put_((on.image, on.unit, on.pixel), torch.tensor(1), accumulate=True)
        assert torch.equal(listed.view_as(whole), (whole > thresholds[:, None, None]).long())


def test_listing_in_small_parts_changes_nothing(monkeypatch):
    plan = planned("13 to 56, zeros")
    maps, thresholds = random_maps((13, 13)), torch.full((7,), 1.0)
    expected = kernels.find_on_pixels(maps, thresholds, plan)
    monkeypatch.setattr("nbinterp.kernels.dissection_resampling._VALUES_AT_ONCE", 500)
    found = kernels.find_on_pixels(maps, thresholds, plan)
    pairs = [
        sorted(zip(*(getattr(x, n).tolist() for n in ("image", "unit", "pixel")), strict=True))
        for x in (found, expected)
    ]
    assert pairs[0] == pairs[1]


def sorted_level(values, quantile):
    flat = values.transpose(0, 1).flatten(1).sort(1, descending=True).values
    return flat[:, int(np.floor(quantile * flat.shape[1] + 1e-9))]


def batches_of(maps, size=2) -> Callable:
    return lambda: iter(maps.split(size))


@pytest.mark.parametrize("half", [False, True])
@pytest.mark.parametrize("quantile", [0.001, 0.005, 0.05, 0.5, 0.97])
def test_map_thresholds_are_order_statistics(half, quantile):
    maps = random_maps((9, 8), n_images=40, n_units=6)
    maps[:, 1] = torch.relu(maps[:, 1] - 2.5)  # more than 99 % zeros
    maps[:, 2] = 3.25
    maps[:, 3] = maps[:, 3].round()  # ties
    maps[:, 4] = maps[:, 4] * 1e-6 - 1
    maps[:20, 5] = 0  # nothing in what is seen first
    maps = maps.half() if half else maps
    found = kernels.map_thresholds(batches_of(maps, 7), quantile)
    assert torch.equal(found, sorted_level(maps, quantile).float())


@pytest.mark.parametrize(
    "name", ["7 to 112", "13 to 56, zeros", "not square", "one position", "masks smaller than maps"]
)
def test_upsampled_thresholds_are_order_statistics(name):
    plan = planned(name)
    maps = random_maps(plan.map_size, n_images=12)
    maps[:, 1] = torch.relu(maps[:, 1] - 2.5)
    maps[:, 2] = -3.0
    maps[:11, 3] = 0
    whole = kernels.upsample_maps(maps, plan)
    for quantile in (0.01, 0.3):
        found = kernels.upsampled_thresholds(batches_of(maps, 5), plan, quantile)
        assert torch.equal(found, sorted_level(whole, quantile))


@pytest.mark.parametrize("quantile", [1e-7, 0.02])  # of the first, the level is the maximum
@pytest.mark.parametrize("guess", ["too low", "too high"])
def test_a_wrong_first_guess_costs_passes_only(monkeypatch, guess, quantile):
    maps, plan = random_maps((7, 7), n_images=6), planned("7 to 112")
    wrong = 5.0 if guess == "too high" else -5.0
    monkeypatch.setattr(quantiles, "_level", lambda values, quantile: torch.full((7,), wrong))
    assert torch.equal(kernels.map_thresholds(batches_of(maps), quantile), sorted_level(maps, quantile))
    whole = kernels.upsample_maps(maps, plan)
    assert torch.equal(kernels.upsampled_thresholds(batches_of(maps), plan, quantile), sorted_level(whole, quantile))


def test_fields_of_masks_and_images_of_different_shape():
    """Position (1, 2) of fields of 16 pixels every 8 has its centre at (16, 24): where in masks of 5 × 40 pixels?"""
    maps = torch.zeros(1, 1, 4, 6)
    maps[0, 0, 1] = torch.arange(6.0)
    plan = kernels.plan_resampling(
        (4, 6), (5, 40), anchor="field", field=((0, 0), (8, 8), (16, 16)), image_size=(40, 56)
    )
    column = ((torch.arange(40, dtype=torch.float64) + 0.5) * 56 / 40 - 8) / 8
    place = ((torch.arange(5, dtype=torch.float64) + 0.5) * 40 / 5 - 8) / 8
    weight = (1 - (place.clamp(0, 3) - 1).abs()).clamp(min=0)
    expected = (weight[:, None] * column.clamp(0, 5)).float()
    torch.testing.assert_close(kernels.upsample_maps(maps, plan)[0, 0], expected)


def test_a_share_that_floating_point_falls_short_of():
    """0.29 × 100 is 28.999999999999996, and 29 of 100 values may exceed the level."""
    maps = torch.randperm(100, generator=torch.Generator().manual_seed(0)).float().reshape(20, 1, 5)
    assert kernels.map_thresholds(batches_of(maps), 0.29).tolist() == [70]
    whole = kernels.upsampled_thresholds(batches_of(maps[..., None]), kernels.plan_resampling((5, 1), (5, 1)), 0.29)
    assert whole.tolist() == [70]


@pytest.mark.parametrize("last", ["half", "single"])
def test_batches_of_both_precisions(last):
    maps = random_maps((5, 5), n_images=12)
    parts = [maps[:6], maps[6:].half()] if last == "half" else [maps[6:].half(), maps[:6]]
    expected = sorted_level(torch.cat([maps[:6], maps[6:].half().float()]), 0.1)
    assert torch.equal(kernels.map_thresholds(lambda: iter(parts), 0.1), expected)


def test_levels_below_all_activations_where_zeros_lie_around():
    """Activations of 5 and more, and a ring of zeros: more than 3 % of the pixels lie below the least activation."""
    plan, maps = planned("13 to 56, zeros"), random_maps((13, 13), n_images=8).abs() + 5
    whole = kernels.upsample_maps(maps, plan)
    expected = sorted_level(whole, 0.97)
    assert bool((expected < maps.amin((0, 2, 3))).all())
    assert torch.equal(kernels.upsampled_thresholds(batches_of(maps), plan, 0.97), expected)
    expected = sorted_level(-whole, 0.03)
    assert torch.equal(kernels.upsampled_thresholds(batches_of(-maps), plan, 0.03), expected)


@pytest.mark.parametrize("most", [0, 40, 400])
def test_values_too_many_to_be_kept_are_resampled_again(monkeypatch, most):
    maps, plan = random_maps((7, 7), n_images=10), planned("7 to 112")
    monkeypatch.setattr(quantiles, "_KEPT_VALUES", most)
    expected = sorted_level(kernels.upsample_maps(maps, plan), 0.02)
    assert torch.equal(kernels.upsampled_thresholds(batches_of(maps), plan, 0.02), expected)


def test_batches_and_their_order_do_not_matter():
    maps, plan = random_maps((7, 7), n_images=23).half(), planned("7 to 112")
    mixed = maps[torch.randperm(23, generator=torch.Generator().manual_seed(3))]
    for find in (
        lambda batches: kernels.map_thresholds(batches, 0.01),
        lambda batches: kernels.upsampled_thresholds(batches, plan, 0.01),
    ):
        assert torch.equal(find(batches_of(maps, 4)), find(batches_of(mixed, 23)))


def test_processes_that_share_the_images_agree_with_one():
    """Two processes in step, each a thread with a half of the images."""
    import threading

    maps, plan = random_maps((7, 7), n_images=16), planned("7 to 112")
    maps[:8, 0] = 0
    barrier, slots = threading.Barrier(2, timeout=20), [torch.zeros(0), torch.zeros(0)]

    def reduce_as(rank):
        def reduce(tensor, how):
            slots[rank] = tensor
            barrier.wait()
            both = torch.stack(slots)
            barrier.wait()
            return both.sum(0) if how == "sum" else both.amin(0) if how == "min" else both.amax(0)

        return reduce

    found = {}

    def work(rank):
        mine = batches_of(maps[8 * rank : 8 * rank + 8], 3)
        found[rank] = (
            kernels.map_thresholds(mine, 0.02, reduce=reduce_as(rank)),
            kernels.upsampled_thresholds(mine, plan, 0.02, reduce=reduce_as(rank)),
        )

    threads = [threading.Thread(target=work, args=(rank,)) for rank in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    whole = kernels.upsample_maps(maps, plan)
    for rank in (0, 1):
        assert torch.equal(found[rank][0], sorted_level(maps, 0.02))
        assert torch.equal(found[rank][1], sorted_level(whole, 0.02))


def test_keys_number_the_floats_in_order():
    values = torch.tensor([-torch.finfo(torch.float32).max, -1.0, -1e-45, -0.0, 0.0, 1e-45, 2e-45, 1.0, 65504.0])
    keys = to_keys(values)
    assert keys.tolist() == sorted(keys.tolist()) and keys[3] == keys[4] == 0 and keys[6] - keys[5] <= 1
    assert torch.equal(from_keys(keys), values)


def test_thresholds_say_what_is_wrong():
    maps = random_maps((3, 3))
    with pytest.raises(ValueError, match="finite"):
        kernels.map_thresholds(batches_of(maps.index_fill(1, torch.tensor(2), torch.nan)), 0.01)
    with pytest.raises(ValueError, match="anew at every call"):
        once = iter([])
        kernels.map_thresholds(lambda: once, 0.01)
    with pytest.raises(ValueError, match="above 0 and below 1, got 5"):
        kernels.map_thresholds(batches_of(maps), 5.0)
    with pytest.raises(ValueError, match="float64"):
        kernels.map_thresholds(batches_of(maps.double()), 0.01)
    calls = itertools.chain([maps], itertools.repeat(maps[:2]))
    with pytest.raises(ValueError, match="the same ones at each call"):
        kernels.map_thresholds(lambda: [next(calls)], 0.9)


def test_rotations_are_rotations():
    for n in (1, 2, 7, 64):
        q = kernels.random_rotation(n, generator=torch.Generator().manual_seed(n))
        torch.testing.assert_close(q.T @ q, torch.eye(n, dtype=torch.float64), rtol=0, atol=1e-12)
        assert float(torch.linalg.det(q)) == pytest.approx(1, abs=1e-12)


def test_rotations_are_the_factor_of_a_gaussian_matrix():
    """QᵀA is upper triangular with a positive diagonal, up to the row that was negated for the determinant."""
    for n in (3, 8):
        drawn = torch.randn(n, n, dtype=torch.float64, generator=torch.Generator().manual_seed(n))
        q = kernels.random_rotation(n, generator=torch.Generator().manual_seed(n))
        as_drawn = []
        for sign in (1, -1):
            factor = q.clone()
            factor[0] *= sign
            triangle = factor.T @ drawn
            as_drawn.append(bool((triangle.tril(-1).abs() < 1e-9).all() and (triangle.diagonal() > 0).all()))
        assert any(as_drawn)


def test_rotations_are_uniform():
    """Moments of the Haar measure on SO(3): E q = 0, E q² = 1/3, E trace² = 1 (a bare QR's signs would give others)."""
    generator = torch.Generator().manual_seed(0)
    drawn = torch.stack([kernels.random_rotation(3, generator=generator) for _ in range(3000)])
    assert drawn.mean(0).abs().max() < 0.05
    assert (drawn.square().mean(0) - 1 / 3).abs().max() < 0.03
    traces = drawn.diagonal(dim1=1, dim2=2).sum(1)
    assert traces.mean().abs() < 0.08 and (traces.square().mean() - 1).abs() < 0.1


@pytest.mark.parametrize("n", [2, 5, 64])
def test_fractional_rotations_go_the_whole_way(n):
    q = kernels.random_rotation(n, generator=torch.Generator().manual_seed(n))
    one = torch.eye(n, dtype=torch.float64)
    torch.testing.assert_close(kernels.fractional_rotation(q, 1.0), q, rtol=0, atol=1e-12)
    torch.testing.assert_close(kernels.fractional_rotation(q, 0.0), one, rtol=0, atol=1e-12)
    half = kernels.fractional_rotation(q, 0.5)
    torch.testing.assert_close(half @ half, q, rtol=0, atol=1e-12)
    assert float(torch.linalg.det(half)) == pytest.approx(1, abs=1e-12)
    angle = lambda m: torch.linalg.eigvals(m).angle().abs().max()  # noqa: E731
    assert angle(half) == pytest.approx(float(angle(q)) / 2)


def test_fractional_rotations_turn_reversed_axes_too():
    q = torch.diag(torch.tensor([-1.0, 1, -1, -1, -1], dtype=torch.float64))
    third = kernels.fractional_rotation(q, 1 / 3)
    torch.testing.assert_close(third @ third @ third, q, rtol=0, atol=1e-12)
    with pytest.raises(ValueError, match="determinant is -1"):
        kernels.fractional_rotation(torch.diag(torch.tensor([-1.0, 1, 1], dtype=torch.float64)), 0.5)
    with pytest.raises(ValueError, match="expected a rotation"):
        kernels.fractional_rotation(2 * torch.eye(3, dtype=torch.float64), 0.5)


def test_no_image_keeps_its_own_masks():
    generator = torch.Generator().manual_seed(0)
    for n in (2, 3, 50):
        for _ in range(20):
            others = kernels.other_images(n, generator=generator)
            assert sorted(others.tolist()) == list(range(n))
            assert bool((others != torch.arange(n)).all())
    seen = {tuple(kernels.other_images(3, generator=generator).tolist()) for _ in range(40)}
    assert seen == {(1, 2, 0), (2, 0, 1)}
    with pytest.raises(ValueError, match="no other image"):
        kernels.other_images(1)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("threshold_on", "map"),
        ("anchor", "centre"),
        ("padding", None),
        ("counted", "some"),
        ("quantile", 1.0),
        ("quantile", float("nan")),
        ("mask_scale", float("inf")),
        ("mask_scale", -1),
        ("iou_threshold", 1.5),
        ("iou_threshold", "0.04"),
        ("iou_threshold", True),
    ],
)
def test_conventions_of_your_own_are_checked(field, value):
    own = copy.copy(CONVENTIONS["lite"])
    object.__setattr__(own, field, value)  # the tests check types too: `replace` would not get so far
    with pytest.raises(ValueError, match=f"{field} is"):
        own.__post_init__()
    if isinstance(value, float):
        with pytest.raises(ValueError, match=f"{field} is"):
            dataclasses.replace(CONVENTIONS["lite"], **{field: value})


def test_independent_masks_of_nothing():
    share = torch.tensor([0.0, 0.5, 1.0, 0.0], dtype=torch.float64)
    other = torch.tensor([0.0, 0.5, 1.0, 0.3], dtype=torch.float64)
    assert kernels.independent_iou(share, other).tolist() == [0.0, pytest.approx(1 / 3), 1.0, 0.0]


def test_pixels_of_several_planes():
    """One unit on at two pixels; a pixel has a label in each of two planes; a concept fills the image."""
    maps = torch.tensor([[[[1.0, 0.0], [0.0, 1.0]]]])
    on = kernels.find_on_pixels(maps, torch.tensor([0.5]), kernels.plan_resampling((2, 2), (2, 2)))
    assert on.pixel.tolist() == [0, 3]
    labels = torch.tensor([[[[0, 0], [-1, 1]], [[2, 2], [2, 2]]]], dtype=torch.int16)
    counts = kernels.count_overlap(on, labels, torch.tensor([0, 0, 1, 1]), n_categories=2)
    assert counts.intersection.tolist() == [[1, 1, 2, 0]]
    assert counts.concept_area.tolist() == [2, 1, 4, 0]
    assert counts.concept_images.tolist() == [1, 1, 1, 0]
    assert counts.unit_area.tolist() == [[2, 2]]


@pytest.mark.parametrize(
    "counted,expected", [("all", [3, 3, 3]), ("category", [3, 1, 0]), ("masked category", [2, 0, 0])]
)
def test_which_images_count_for_a_units_area(counted, expected):
    """Image 0: on at 2 pixels, one labelled with category 0. Image 1: on at 1, both categories elsewhere."""
    maps = torch.zeros(2, 1, 2, 2)
    maps[0, 0, 0], maps[1, 0, 1, 1] = 1, 1
    labels = torch.full((2, 2, 2, 2), -1)
    labels[0, 0, 0, 0], labels[1, 0, 0, 0], labels[1, 1, 1, 0] = 0, 0, 1
    on = kernels.find_on_pixels(maps, torch.tensor([0.5]), kernels.plan_resampling((2, 2), (2, 2)))
    counts = kernels.count_overlap(on, labels, torch.tensor([0, 1]), n_categories=3, counted=counted)
    assert counts.unit_area.tolist() == [expected]
    assert counts.intersection.tolist() == [[1, 0]]


def test_unique_detectors_both_ways():
    """Units 0 and 1 agree on concept 0; unit 1 also detects part 3; unit 2 is exactly at the threshold: none."""
    scores = torch.tensor(
        [[0.5, 0.1, 0.0, 0.03], [0.3, 0.0, 0.2, 0.25], [0.04, 0.0, 0.0, 0.0], [0.0, 0.1, 0.1, 0.1]], dtype=torch.float64
    )
    found = kernels.unique_detectors(scores, torch.tensor([0, 0, 1, 1]))
    assert (found.units, found.best, found.per_category) == (3, 2, 4)
    assert found.best_by_category.tolist() == [2, 0] and found.by_category.tolist() == [2, 2]
    assert kernels.best_labels(scores).tolist() == [0, 0, 0, 1]
    assert kernels.detectors(scores).sum(1).tolist() == [2, 3, 0, 3]


def test_bounds_that_conventions_may_have():
    """Every overlap detects something, and none does."""
    for bound in (0.0, 1.0):
        assert dataclasses.replace(CONVENTIONS["lite"], iou_threshold=bound).iou_threshold == bound


def test_a_unit_at_the_threshold_adds_no_concept():
    scores = torch.tensor([[0.5, 0.0], [0.0, 0.04], [0.0, 0.0]], dtype=torch.float64)
    found = kernels.unique_detectors(scores, torch.tensor([0, 1]))
    assert (found.units, found.best, found.per_category) == (1, 1, 1)
    assert found.by_category.tolist() == found.best_by_category.tolist() == [1, 0]


def test_counts_of_other_categories_are_not_added():
    on = kernels.find_on_pixels(random_maps((2, 2)), torch.zeros(7), kernels.plan_resampling((2, 2), (2, 2)))
    labels = torch.zeros(5, 1, 2, 2, dtype=torch.int64)
    one, two = (kernels.count_overlap(on, labels, torch.tensor([0]), n_categories=n) for n in (1, 2))
    with pytest.raises(ValueError, match=r"1 categories cannot be added to .* and 2"):
        one + two
