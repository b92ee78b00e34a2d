"""Transforms and recipes: where every pixel comes from, by hand, on sizes neither square nor even."""

from __future__ import annotations

import math

import pytest
import torch

from nbinterp.kernels.recipes import RECIPES, Recipe, recipe
from nbinterp.kernels.transforms import (
    Jitter,
    Noise,
    Pad,
    RandomCrop,
    Rotate,
    Scale,
    Shear,
    apply_transforms,
    draw_transforms,
)

SIZE = (33, 47)


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def ramps(size=SIZE, dtype=torch.float64):
    """One image whose two channels hold the x and the y of every pixel's centre, off the image's centre."""
    y, x = (torch.arange(n, dtype=dtype) + 0.5 - n / 2 for n in size)
    return torch.stack([x.expand(size), y[:, None].expand(size)])[None]


def pictures(n=1, channels=3, size=SIZE, seed=0):
    return torch.rand(n, channels, *size, generator=seeded(seed))


def middle(images, margin=12):
    return images[..., margin:-margin, margin:-margin]


def test_a_chain_reads_each_pixel_where_its_inverse_steps_lead():
    chain = (Pad(12), Scale((1.25,)), Rotate((30.0,)), Scale((0.9,)), Rotate((-7.0,)))
    views = middle(apply_transforms(ramps(), draw_transforms(chain, 1, SIZE, seeded())))
    x, y = middle(ramps())[0]
    for kind, amount in (("rotate", -7.0), ("scale", 0.9), ("rotate", 30.0), ("scale", 1.25)):
        if kind == "scale":
            x, y = x / amount, y / amount
        else:  # a picture turned counter-clockwise shows, at a place, what lay clockwise of it (y points down)
            cos, sin = math.cos(math.radians(amount)), math.sin(math.radians(amount))
            x, y = cos * x - sin * y, sin * x + cos * y
    torch.testing.assert_close(views[0, 0], x, atol=1e-4, rtol=0)
    torch.testing.assert_close(views[0, 1], y, atol=1e-4, rtol=0)


def test_a_chain_is_applied_in_its_order():
    shifts = draw_transforms((Jitter(8),), 1, SIZE, seeded()).shifts
    assert shifts is not None and shifts.all()
    views = apply_transforms(ramps(), draw_transforms((Jitter(8), Scale((2.0,))), 1, SIZE, seeded()))
    expected = ramps() / 2 + shifts.flip(1)[:, :, None, None]  # the shift is enlarged too: it came first
    torch.testing.assert_close(middle(views), middle(expected), atol=1e-4, rtol=0)


@pytest.mark.parametrize("size", [(9, 9), (8, 8)])
def test_a_quarter_turn_is_that_of_the_array(size):
    images = pictures(size=size)
    views = apply_transforms(images, draw_transforms((Rotate((90.0,)),), 1, size, seeded()))
    torch.testing.assert_close(views, images.rot90(1, (2, 3)), atol=1e-5, rtol=0)


def test_enlarging_shows_the_middle_and_shrinking_brings_in_grey():
    chain = (Pad(4, value=0.25), Scale((0.5,)))
    views = apply_transforms(torch.ones(1, 1, 32, 48), draw_transforms(chain, 1, (32, 48), seeded()))
    assert torch.equal(views[0, 0, 9:23, 13:35], torch.ones(14, 22))
    assert torch.equal(views[0, 0, :7], torch.full((7, 48), 0.25))
    torch.testing.assert_close(
        apply_transforms(ramps(), draw_transforms((Scale((2.0,)),), 1, SIZE, seeded())), ramps() / 2, atol=1e-5, rtol=0
    )


def test_a_shear_moves_rows_sideways_within_its_angle():
    draws = draw_transforms((Shear(8.0),), 200, SIZE, seeded())
    views = apply_transforms(ramps(), draws)
    slant = torch.rad2deg(torch.atan((middle(views)[:, 0, -1, 0] - middle(views)[:, 0, 0, 0]) / 8))  # 9 rows
    assert slant.abs().max() < 8.001 and slant.max() > 7 and slant.min() < -7
    torch.testing.assert_close(middle(views)[:, 1], middle(ramps())[:, 1].expand(200, -1, -1), atol=1e-4, rtol=0)


@pytest.mark.parametrize(("pixels", "shifts"), [(8, range(-4, 5)), (3, range(-1, 3)), (0, range(1))])
def test_jitter_shifts_by_whole_pixels_and_copies_values(pixels, shifts):
    images = pictures(100)
    draws = draw_transforms((Pad(9), Jitter(pixels)), 100, SIZE, seeded())
    views = apply_transforms(images, draws)
    assert draws.shifts is not None and {*draws.shifts.flatten().tolist()} == {*shifts}
    for image, view, (down, right) in zip(images, views, draws.shifts.tolist(), strict=True):
        expected = torch.full_like(image, 0.5)
        for row in range(SIZE[0]):
            columns = [column for column in range(SIZE[1]) if 0 <= column + right < SIZE[1]]
            if 0 <= row + down < SIZE[0]:
                expected[:, row, columns] = image[:, row + down, [column + right for column in columns]]
        assert torch.equal(view, expected)


def test_shifts_agree_with_the_warp_of_the_same_maps():
    images, draws = pictures(6), draw_transforms((Jitter(8), Jitter(4)), 6, SIZE, seeded())
    warped = draw_transforms((Jitter(8), Jitter(4), Rotate((0.0,))), 6, SIZE, seeded())
    assert draws.shifts is not None and warped.shifts is None
    assert torch.equal(draws.affine, warped.affine)
    torch.testing.assert_close(apply_transforms(images, draws), apply_transforms(images, warped), atol=2e-5, rtol=0)


def test_without_moves_the_images_come_back_untouched():
    images = pictures(2)
    for chain in ((), (Pad(12),), (Jitter(0),)):
        assert apply_transforms(images, draw_transforms(chain, 2, SIZE, seeded())) is images


def test_a_crop_lies_inside_and_has_the_stated_sizes():
    draws = draw_transforms((RandomCrop(0.25, 0.1),), 4000, SIZE, seeded()).affine
    share, offset = draws[:, 0, 0], draws[:, :, 2]
    assert torch.equal(share, draws[:, 1, 1]) and not draws[:, 0, 1].any() and not draws[:, 1, 0].any()
    assert share.min() >= 0.05 and share.max() <= 1 and abs(share.median() - 0.25) < 0.01
    assert ((share > 0.15) & (share < 0.35)).float().mean() == pytest.approx(0.683, abs=0.03)
    assert (offset.abs() + share[:, None] <= 1 + 1e-6).all()
    centre = offset[share < 0.2] / 2  # small pieces hardly touch the border
    assert centre.std() == pytest.approx(0.15, abs=0.01) and abs(centre.mean()) < 0.01
    view = apply_transforms(ramps(), draw_transforms((RandomCrop(0.5, 0.0, 0.0),), 1, SIZE, seeded()))
    torch.testing.assert_close(view, ramps() / 2, atol=1e-5, rtol=0)


def test_out_size_samples_the_same_sight_more_coarsely():
    draws = draw_transforms((Scale((2.0,)),), 1, (30, 60), seeded())
    view = apply_transforms(ramps((30, 60)), draws, (15, 20))
    x, y = ramps((15, 20))[0]
    torch.testing.assert_close(view[0], torch.stack([x * 3 / 2, y * 2 / 2]), atol=1e-5, rtol=0)
    shifted = draw_transforms((Jitter(4),), 1, (30, 60), seeded())
    assert apply_transforms(ramps((30, 60)), shifted, (15, 20)).shape == (1, 2, 15, 20)


def test_several_views_per_image_are_those_of_repeated_images():
    images = pictures(3)
    for chain in ((Jitter(8), Rotate((10.0, -20.0))), (Jitter(8),), (), (RandomCrop(), Noise(uniform=0.1))):
        draws = draw_transforms(chain, 12, SIZE, seeded())
        views = apply_transforms(images, draws)
        assert torch.equal(views, apply_transforms(images.repeat_interleave(4, 0), draws))


@pytest.mark.parametrize("name", ["lucid", "maco", "distill", "quick"])
def test_a_batch_split_gives_the_same_views_to_the_bit(name):
    images, draws = pictures(5), draw_transforms(recipe(name).transforms, 5, SIZE, seeded())
    whole = apply_transforms(images, draws)
    parts = [apply_transforms(images[a:b], draws[a:b]) for a, b in ((0, 1), (1, 4), (4, 5))]
    assert torch.equal(torch.cat(parts), whole)
    order = torch.tensor([3, 0])
    assert torch.equal(apply_transforms(images[order], draws[order]), whole[order])
    again = draw_transforms(recipe(name).transforms, 5, SIZE, seeded())
    assert torch.equal(apply_transforms(images, again), whole)
    other = draw_transforms(recipe(name).transforms, 5, SIZE, seeded(1))
    assert not torch.equal(apply_transforms(images, other), whole)
    assert not torch.equal(draws.affine[0], draws.affine[1])


def test_noise_has_the_stated_spread_and_no_pattern():
    zeros = torch.zeros(2, 3, 101, 103)
    uniform, normal = (
        apply_transforms(zeros, draw_transforms((noise,), 2, (101, 103), seeded()))
        for noise in (Noise(uniform=0.1), Noise(normal=0.2))
    )
    assert uniform.abs().max() <= 0.1 and uniform.max() > 0.0999
    assert uniform.std().item() == pytest.approx(0.1 / math.sqrt(3), rel=0.01)
    assert normal.std().item() == pytest.approx(0.2, rel=0.01) and normal.isfinite().all()
    assert ((normal / 0.2).pow(4).mean()).item() == pytest.approx(3, abs=0.1)
    for noise in (uniform, normal):
        flat = (noise - noise.mean()).flatten(1)
        flat = flat / flat.norm(dim=1, keepdim=True)
        assert abs(flat[0] @ flat[1]) < 0.02
        for lag in (1, 103, 103 * 101):
            assert abs(flat[0, lag:] @ flat[0, :-lag]) < 0.02


def test_noise_is_added_after_the_warp_wherever_it_stands():
    images = pictures(2)
    first, last = (
        apply_transforms(images, draw_transforms(chain, 2, SIZE, seeded()))
        for chain in ((Noise(uniform=0.3), Rotate((9.0,))), (Rotate((9.0,)), Noise(uniform=0.3)))
    )
    assert torch.equal(first, last)


def test_gradients_reach_the_images_and_half_precision_keeps_its_place():
    images = pictures(2).requires_grad_()
    draws = draw_transforms(recipe("lucid").transforms, 2, SIZE, seeded())
    apply_transforms(images, draws).sum().backward()
    assert images.grad is not None and middle(images.grad).mean().item() == pytest.approx(1, abs=0.35)
    half = apply_transforms(images.detach().bfloat16(), draws)
    assert half.dtype == torch.bfloat16
    torch.testing.assert_close(half.float(), apply_transforms(images.detach(), draws), atol=8e-3, rtol=0)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert torch.equal(apply_transforms(images.detach(), draws), apply_transforms(images.detach(), draws[:]))
        assert apply_transforms(images.detach(), draws).dtype == torch.float32


def test_single_pixels_and_single_channels_pass():
    for size in ((1, 1), (1, 7), (5, 1)):
        for known in RECIPES.values():
            draws = draw_transforms(known.transforms, 3, size, seeded())
            assert apply_transforms(torch.full((3, 1, *size), 0.5), draws).shape == (3, 1, *size)


def test_the_global_generator_is_left_alone():
    before = torch.get_rng_state()
    apply_transforms(pictures(2), draw_transforms(recipe("maco").transforms, 2, SIZE, seeded()))
    assert torch.equal(before, torch.get_rng_state())


@pytest.mark.parametrize(
    "make",
    [
        lambda: Pad(-1),
        lambda: Pad(3, value=2.0),
        lambda: Jitter(-2),
        lambda: Scale(()),
        lambda: Scale((1.0, 0.0)),
        lambda: Rotate(()),
        lambda: Rotate((math.nan,)),
        lambda: Shear(90.0),
        lambda: RandomCrop(mean=0.0),
        lambda: RandomCrop(standard_deviation=-1.0),
        lambda: Noise(uniform=-0.1),
        lambda: draw_transforms((Noise(0.1), Noise(0.2)), 1, SIZE, seeded()),
        lambda: draw_transforms((), 0, SIZE, seeded()),
        lambda: draw_transforms((), 1, (0, 4), seeded()),
        lambda: apply_transforms(pictures(2), draw_transforms((), 3, SIZE, seeded())),
        lambda: recipe("lucent"),
        lambda: Recipe("none", 0, 0.1, "adam", ()),
        lambda: Recipe("none", 5, 0.0, "adam", ()),
    ],
)
def test_what_makes_no_sense_is_refused(make):
    with pytest.raises(ValueError, match=r"expected|takes"):
        make()


def test_recipes_are_those_of_their_papers():
    lucid, maco = recipe("lucid"), recipe("maco")
    assert (lucid.steps, lucid.learning_rate, lucid.optimizer, lucid.views) == (512, 0.05, "adam", 1)
    assert lucid.transforms[2] == Scale((0.9, 0.92, 0.94, 0.96, 0.98, 1.0, 1.02, 1.04, 1.06, 1.08, 1.1))
    rotation = lucid.transforms[3]
    assert isinstance(rotation, Rotate) and rotation.degrees.count(0.0) == 6 and len(rotation.degrees) == 26
    assert recipe("distill").steps == 2560
    assert (maco.steps, maco.learning_rate, maco.optimizer) == (256, 0.3, "nadam")
    assert maco.transforms == (RandomCrop(0.25, 0.1), Noise(uniform=0.1))
    assert recipe(lucid) is lucid and all(name == known.name for name, known in RECIPES.items())
