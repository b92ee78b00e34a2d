"""The kernels behind `record`, each against a plain re-derivation."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from nbinterp.kernels import (
    add_hits,
    class_selectivity,
    count_class_activity,
    find_hits,
    no_exemplars,
    pack_signs,
    pool_activations,
    to_half,
    unpack_signs,
)
from nbinterp.kernels.codes import _pack_words

NAN, INF = float("nan"), float("inf")


def rank(maxima, capacity, splits, order=None):
    """Run the images through a ranking in batches of the given sizes, with their 3 × 5 maps."""
    n = len(maxima)
    maps = torch.full((n, maxima.shape[1], 3, 5), -9.0)
    maps[..., 1, 3] = maxima
    state = no_exemplars(maxima.shape[1], capacity=capacity, low_shape=(3, 5))
    rows = torch.arange(n) if order is None else order
    for chunk in rows.split(splits):
        state = add_hits(state, find_hits(state, chunk, maxima[chunk], maps[chunk]))
    return state


def expected_index(maxima, capacity):
    """Sort by value falling, NaN last, ties by image: plain Python."""
    columns = maxima.T.tolist()
    key = [[(v != v, -v if v == v else 0, i) for i, v in enumerate(column)] for column in columns]
    return torch.tensor([[i for _, _, i in sorted(column)[:capacity]] for column in key])


@pytest.mark.parametrize("splits", [1, 4, 11, 40])
def test_exemplars_are_the_best_however_images_are_split(splits):
    generator = torch.Generator().manual_seed(0)
    maxima = torch.randint(0, 12, (40, 6), generator=generator).float()  # many ties
    maxima[::7, 2] = NAN
    maxima[:, 3] = NAN
    maxima[5, 4], maxima[6, 4] = INF, -INF
    state = rank(maxima, 9, splits)
    expected = expected_index(maxima, 9)
    assert torch.equal(state.index, expected)
    chosen = maxima[expected, torch.arange(6)[:, None]]
    torch.testing.assert_close(state.value, chosen, equal_nan=True, rtol=0, atol=0)
    finite = ~chosen.isnan()
    assert (state.position[finite] == torch.tensor([1, 3], dtype=torch.int16)).all()
    assert state.n_images == 40


def test_exemplars_do_not_depend_on_the_order_of_batches():
    maxima = torch.randint(0, 5, (30, 4), generator=torch.Generator().manual_seed(1)).float()
    maxima[3] = NAN
    order = torch.randperm(30, generator=torch.Generator().manual_seed(2))
    mixed, straight = rank(maxima, 7, 6, order), rank(maxima, 7, 6)
    assert torch.equal(mixed.index, straight.index) and torch.equal(mixed.maps, straight.maps)


def test_rankings_of_disjoint_images_add():
    maxima = torch.rand(20, 3, generator=torch.Generator().manual_seed(3))
    rows = torch.arange(20)
    first, second = rank(maxima, 6, 5, rows[:4]), rank(maxima, 6, 5, rows[4:])
    both, whole = first + second, rank(maxima, 6, 20)
    for name in ("index", "value", "position", "maps"):
        assert torch.equal(getattr(both, name), getattr(whole, name)), name
    assert both.n_images == 20 and first.index.shape == (3, 4)
    assert torch.equal((second + first).index, whole.index)


def test_only_images_that_can_enter_are_read():
    state = rank(torch.arange(20.0)[:, None], 3, 20)
    worse = find_hits(state, torch.tensor([20, 21]), torch.tensor([[1.0], [17.0]]), torch.zeros(2, 1, 3, 5))
    assert len(worse.unit) == 0 and add_hits(state, worse).n_images == 22
    assert torch.equal(add_hits(state, worse).index, state.index)
    better = find_hits(state, torch.tensor([20, 21]), torch.tensor([[1.0], [17.5]]), torch.zeros(2, 1, 3, 5))
    assert better.index.tolist() == [21]
    assert add_hits(state, better).index.tolist() == [[19, 18, 21]]


def test_hits_of_another_ranking_are_refused():
    state = rank(torch.arange(20.0)[:, None], 3, 20)
    none = find_hits(state, torch.tensor([20]), torch.tensor([[30.0]]), torch.zeros(1, 1, 3, 5))
    fresh = no_exemplars(2, capacity=3, low_shape=(3, 5))
    with pytest.raises(ValueError, match="found for another ranking"):
        add_hits(fresh, none)
    with pytest.raises(ValueError, match="same layer and capacity"):
        state + rank(torch.arange(20.0)[:, None], 4, 20)


def test_a_ranking_without_positions():
    maxima = torch.tensor([[1.0, 5.0], [2.0, 4.0]])
    state = no_exemplars(2, capacity=9, low_shape=None)
    state = add_hits(state, find_hits(state, torch.tensor([0, 1]), maxima))
    assert state.index.tolist() == [[1, 0], [0, 1]] and state.maps is None and (state.position == -1).all()
    with pytest.raises(ValueError, match="if and only if"):
        find_hits(state, torch.tensor([2, 3]), maxima, torch.zeros(2, 2, 3, 3))


def test_pooling_is_mean_and_maximum():
    maps = torch.randn(4, 3, 5, 7, generator=torch.Generator().manual_seed(0))
    pooled = pool_activations(maps)
    np.testing.assert_allclose(pooled.mean, maps.double().mean((2, 3)), atol=1e-6)
    assert torch.equal(pooled.maximum, maps.flatten(2).max(2).values)
    assert torch.equal(pool_activations(maps.flatten(2)).mean, pooled.mean)
    flat = pool_activations(maps[:, :, 0, 0])
    assert torch.equal(flat.mean, maps[:, :, 0, 0]) and torch.equal(flat.maximum, flat.mean)


def test_pooling_half_precision_does_not_overflow_and_shows_nan():
    maps = torch.full((1, 2, 100, 100), 60000.0, dtype=torch.float16)
    maps[0, 1, 3, 3] = NAN
    pooled = pool_activations(maps)
    assert pooled.mean[0, 0] == 60000 and pooled.mean.dtype == torch.float32
    assert pooled.mean[0, 1].isnan() and pooled.maximum[0, 1].isnan()
    between = torch.tensor([[[1.0, 1 + 2**-10]]], dtype=torch.float16)  # their mean is no half-precision number
    assert pool_activations(between).mean == 1 + 2**-11


@pytest.mark.parametrize("shape", [(3, 8), (2, 5, 3, 3), (1, 1), (4, 17), (2, 64, 7, 9)])
def test_codes_are_packed_as_numpy_packs_and_come_back(shape):
    values = torch.randn(shape, generator=torch.Generator().manual_seed(0))
    values.flatten()[0] = 0.0  # zero is off
    on = (values > 0).flatten(1)
    codes = pack_signs(values)
    np.testing.assert_array_equal(codes, np.packbits(on, axis=1))
    assert torch.equal(_pack_words(on), codes)  # what accelerators do
    assert torch.equal(unpack_signs(codes, on.shape[1]), on)


def test_nan_is_off_in_codes():
    assert pack_signs(torch.tensor([[NAN, INF, -INF]])).item() == 0b01000000


def test_half_precision_keeps_within_range():
    assert to_half(torch.tensor([1e9, -INF, 0.1])).tolist() == [65504, -65504, pytest.approx(0.1, abs=1e-4)]
    assert to_half(torch.tensor([NAN])).isnan().all()


def selectivity_by_hand(activity, labels):
    """The paper's formula, one unit at a time."""
    result = []
    for column in activity.T:
        means = [max(0.0, column[labels == c].mean()) for c in np.unique(labels[labels >= 0])]
        best = int(np.argmax(means))
        rest = np.mean(means[:best] + means[best + 1 :])
        result.append((means[best] - rest) / (means[best] + rest))
    return np.array(result)


def test_selectivity_follows_the_paper_and_adds_over_batches():
    rng = np.random.default_rng(0)
    activity, labels = rng.normal(0.3, 1, (60, 8)), rng.integers(-1, 5, 60)
    tensors = torch.from_numpy(activity), torch.from_numpy(labels)
    whole = count_class_activity(*tensors, n_classes=7)  # classes 5 and 6 have no images
    index, best = class_selectivity(whole)
    np.testing.assert_allclose(index, selectivity_by_hand(activity, labels), atol=1e-6)
    means = np.array([activity[labels == c].mean(0) for c in range(5)])
    np.testing.assert_array_equal(best, means.argmax(0))
    halves = [count_class_activity(*(t[part] for t in tensors), n_classes=7) for part in (slice(25), slice(25, 60))]
    torch.testing.assert_close(class_selectivity(halves[0] + halves[1]), (index, best))


def test_selectivity_at_its_ends():
    activity = torch.tensor([[1.0, 2.0, 0.0, -3.0, NAN], [0.0, 2.0, 0.0, -1.0, 1.0]])
    index, best = class_selectivity(count_class_activity(activity, torch.tensor([0, 1]), n_classes=2))
    assert index[:4].tolist() == [1, 0, 0, 0] and index[4].isnan()
    assert best.tolist() == [0, 0, 0, 1, -1]
    index, best = class_selectivity(count_class_activity(activity, torch.tensor([1, 1]), n_classes=2))
    assert index.isnan().all() and best[:4].tolist() == [1, 1, 1, 1]
    index, best = class_selectivity(count_class_activity(activity, torch.tensor([-1, -1]), n_classes=2))
    assert index.isnan().all() and (best == -1).all()
