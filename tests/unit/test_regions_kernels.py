"""Packed codes against unpacked ones; rules and lifts against slow derivations in plain loops."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest
import torch

from nbinterp.kernels import configurations, pack_signs
from nbinterp.kernels.configurations import count_on, hamming, pack_columns, shuffle_units, states_of
from nbinterp.kernels.regions import (
    CountedCodes,
    chance,
    count_agreement,
    find_rules,
    nearest,
    principal_neurons,
    split_lifts,
)

SIZES = [(1, 1), (5, 3), (37, 65), (9, 64), (300, 1000), (7, 12801)]


def random_states(n, m, seed=0, rate=0.4):
    """bool, n × m."""
    return torch.rand(n, m, generator=torch.Generator().manual_seed(seed)) < rate


def packed(states):
    """Codes of states."""
    return pack_signs(states.float())


def counted(states):
    """Codes and counts of states."""
    return CountedCodes(packed(states), states.sum(0))


@pytest.mark.parametrize("n,m", SIZES)
@pytest.mark.parametrize("path", ["numpy", "torch"])
def test_hamming_is_the_number_of_differing_states(n, m, path, monkeypatch):
    monkeypatch.setattr(configurations, "_HAS_POPCOUNT", path == "numpy" and configurations._HAS_POPCOUNT)
    states = random_states(n, m)
    codes = packed(states)
    expected = (states[:3, None] != states[None]).sum(2)
    assert torch.equal(hamming(codes, codes[:3]), expected.to(torch.int32))


@pytest.mark.parametrize("path", ["numpy", "torch"])
def test_hamming_counts_every_bit_and_goes_over_blocks(path, monkeypatch):
    """All bits set, several blocks, widths of every remainder: no carry is lost."""
    monkeypatch.setattr(configurations, "_HAS_POPCOUNT", path == "numpy" and configurations._HAS_POPCOUNT)
    monkeypatch.setattr(configurations, "_WORDS_AT_ONCE", 64)
    for width in (1, 7, 8, 9, 63, 240, 241, 257):
        codes = torch.full((11, width), 255, dtype=torch.uint8)
        codes[3] = 0
        expected = torch.full((1, 11), 8 * width, dtype=torch.int32)
        expected[0, 3] = 0
        assert torch.equal(hamming(codes, torch.zeros((1, width), dtype=torch.uint8)), expected)


@pytest.mark.parametrize("n,m", [*SIZES, (600, 20)])
def test_counts_and_columns(n, m):
    states = random_states(n, m)
    codes = packed(states)
    assert torch.equal(count_on(codes, m), states.sum(0))
    assert torch.equal(count_on(codes[: n // 2], m) + count_on(codes[n // 2 :], m), count_on(codes, m))
    some = torch.tensor([m - 1, 0, m // 2])
    assert torch.equal(states_of(codes, some), states[:, some])
    columns = pack_columns(states[:, some])
    np.testing.assert_array_equal(np.unpackbits(columns.numpy(), axis=1, count=n).astype(bool), states[:, some].T)


@pytest.mark.parametrize("n_units,per_unit", [(5, 1), (3, 8), (7, 3), (6, 25), (4, 12)])
def test_shuffling_keeps_each_units_maps_and_breaks_what_units_share(n_units, per_unit):
    states = random_states(40, n_units * per_unit)
    generator = torch.Generator().manual_seed(3)
    mixed = shuffle_units(packed(states), n_units * per_unit, per_unit, generator=generator)
    found = torch.from_numpy(np.unpackbits(mixed.numpy(), axis=1, count=n_units * per_unit)).bool()
    for unit in range(n_units):
        part = slice(unit * per_unit, (unit + 1) * per_unit)
        assert sorted(map(tuple, found[:, part].tolist())) == sorted(map(tuple, states[:, part].tolist()))
    assert not torch.equal(found, states)
    again = shuffle_units(packed(states), n_units * per_unit, per_unit, generator=torch.Generator().manual_seed(3))
    assert torch.equal(mixed, again)


def test_nearest_takes_lower_indices_of_ties_and_counts_them():
    distances = torch.tensor([4, 2, 2, 0, 2, 9, 2], dtype=torch.int32)
    found = nearest(distances, 3)
    assert found.index.tolist() == [3, 1, 2] and found.distance.tolist() == [0, 2, 2] and found.tied == 2
    assert nearest(distances, 3, exclude=3).index.tolist() == [1, 2, 4]
    assert nearest(distances, 99).index.tolist() == [3, 1, 2, 4, 6, 0, 5]


def slow_rule(states, rows, t):
    """The rule of a neighbour set, from the definition, in exact fractions: [(score, neuron, state)]."""
    found = []
    for j in range(states.shape[1]):
        b = Fraction(int(states[:, j].sum()), len(states))
        p = Fraction(int(states[rows, j].sum()), len(rows))
        if p in (0, 1) and b not in (0, 1):
            found.append((abs(p - b), j, p > Fraction(1, 2)))
    return sorted(found, key=lambda one: (-one[0], one[1]))[:t]


@pytest.mark.parametrize("seed", range(5))
def test_principal_neurons_are_those_of_the_definition(seed):
    states = random_states(60, 200, seed, rate=0.3)
    states[:, 5], states[:, 17] = True, False  # constant: never candidates
    rows = [[3, 8, 20, 41], [0, 1, 2, 59]]
    codes = packed(states)
    rules = principal_neurons(torch.stack([codes[r] for r in rows]), states.sum(0), 60, t=9)
    for i, r in enumerate(rows):
        expected = slow_rule(states, r, 9)
        assert rules.neuron[i].tolist() == [j for _, j, _ in expected]
        assert rules.state[i].tolist() == [s for _, _, s in expected]
        assert rules.score[i].tolist() == [s * 60 for s, _, _ in expected]
        everything = slow_rule(states, r, 200)
        assert int(rules.n_candidates[i]) == len(everything)
        assert int(rules.tied[i]) == sum(one[0] == expected[-1][0] for one in everything) - sum(
            one[0] == expected[-1][0] for one in expected
        )


def test_fewer_candidates_than_asked_for():
    states = torch.tensor([[1, 0, 1, 1], [1, 0, 0, 1], [0, 1, 1, 1], [0, 1, 0, 1]]).bool()
    rules = principal_neurons(packed(states)[None, :2], states.sum(0), 4, t=6)
    assert rules.neuron.tolist() == [[0, 1, -1, -1]] and rules.score.tolist() == [[2, 2, -1, -1]]
    assert rules.state.tolist() == [[True, False, False, False]]
    assert rules.n_candidates.tolist() == [2] and rules.tied.tolist() == [0]
    alone = principal_neurons(packed(states)[None, [0, 3]], states.sum(0), 4, t=2)
    assert alone.neuron.tolist() == [[-1, -1]] and alone.n_candidates.tolist() == [0] and alone.tied.tolist() == [0]


def test_states_that_no_reference_image_has_are_no_literals():
    """An anchor from elsewhere, alone: neurons that are constant in the reference set are not taken."""
    rules = principal_neurons(packed(torch.tensor([[[1, 0, 1]]])[0].bool())[None], torch.tensor([0, 5, 2]), 5, t=3)
    assert rules.neuron.tolist() == [[2, -1, -1]] and rules.n_candidates.tolist() == [1]


def test_chance_is_the_probability_of_few_violations():
    rates = torch.tensor([[0.2, 0.7, 0.5, 0.9]], dtype=torch.float64)
    for tolerance in range(5):
        total = 0.0
        for kept in itertools.product([0, 1], repeat=4):
            if sum(kept) >= 4 - tolerance:
                total += np.prod([r if k else 1 - r for r, k in zip(rates[0].tolist(), kept, strict=True)])
        assert float(chance(rates, tolerance=tolerance)) == pytest.approx(total, abs=1e-12)
    with_gap = torch.cat([rates, torch.full((1, 1), torch.nan, dtype=torch.float64)], 1)
    assert float(chance(with_gap, tolerance=1)) == pytest.approx(float(chance(rates, tolerance=1)), abs=1e-15)


@pytest.mark.parametrize("with_anchor", [True, False])
@pytest.mark.parametrize("tolerance", [0, 1])
def test_split_lifts_are_those_of_the_definition(with_anchor, tolerance):
    states = random_states(80, 90, 1, rate=0.35)
    a, b = states[:40], states[40:]
    anchors = torch.tensor([0, 7, 45, 79])
    place_a = torch.where(anchors < 40, anchors, -1)
    place_b = torch.where(anchors >= 40, anchors - 40, -1)
    found = split_lifts(
        counted(a),
        counted(b),
        packed(states)[anchors],
        place_a=place_a,
        place_b=place_b,
        k=4,
        t=5,
        tolerance=tolerance,
        with_anchor=with_anchor,
    )
    for i, anchor in enumerate(anchors.tolist()):
        order = sorted((int((states[anchor] != a[j]).sum()), j) for j in range(40) if j != anchor)
        rows = [j for _, j in order[: 3 if with_anchor else 4]]
        pool = torch.cat([a, states[anchor : anchor + 1]])
        rates = [float(x) for x in a.double().mean(0)]
        inside = pool[[*rows, 40]] if with_anchor else pool[rows]
        scored = []
        for j, rate in enumerate(rates):
            p = float(inside[:, j].double().mean())
            if p in (0, 1) and 0 < rate < 1:
                scored.append((-round(abs(p - rate) * 40), j, p == 1))
        rule = sorted(scored)[:5]
        followed = sum(
            sum(bool(b[x, j]) == s for _, j, s in rule) >= 5 - tolerance for x in range(40) if x != anchor - 40
        )
        share = torch.tensor([[float((b[:, j] == s).double().mean()) for _, j, s in rule]], dtype=torch.float64)
        expected = 40 * float(chance(share, tolerance=tolerance))
        assert int(found.n_members[i]) == followed
        assert float(found.expected[i]) == pytest.approx(expected, rel=1e-12)
        assert float(found.lift[i]) == pytest.approx(followed / expected if followed else 0.0, rel=1e-12)


def test_permuting_neurons_permutes_rules_and_permuting_images_permutes_regions():
    states = random_states(50, 120, 2)
    order = torch.randperm(120, generator=torch.Generator().manual_seed(5))
    places = torch.tensor([4, 9])

    def region(x, places):
        rules = find_rules(counted(x), packed(x)[places], place=places, k=4, t=120)
        pairs = [
            set(zip(n.tolist(), s.tolist(), strict=True)) - {(-1, False)}
            for n, s in zip(rules.neuron, rules.state, strict=True)
        ]
        return pairs, [
            count_agreement(packed(x), n[n >= 0], s[n >= 0]) for n, s in zip(rules.neuron, rules.state, strict=True)
        ]

    rules, agreement = region(states, places)
    mixed, same = region(states[:, order], places)
    for mine, theirs in zip(rules, mixed, strict=True):  # t = all: which of equals is cut off does not matter
        assert {(int(order[j]), s) for j, s in theirs} == mine
    assert all(torch.equal(x, y) for x, y in zip(agreement, same, strict=True))
    with_constant = torch.cat([states, torch.ones(50, 1, dtype=torch.bool)], 1)
    assert region(with_constant, places)[0] == rules


def test_regions_contain_their_neighbours_and_shrink_with_t():
    states = random_states(200, 300, 4, rate=0.2)
    codes, places = packed(states), torch.tensor([11])
    before = None
    for t in (1, 3, 10, 30):
        rule = find_rules(counted(states), codes[places], place=places, k=5, t=t)
        members = set(torch.nonzero(count_agreement(codes, rule.neuron[0], rule.state[0]) == t).flatten().tolist())
        neighbours = {11, *nearest(hamming(codes, codes[places])[0], 4, exclude=11).index.tolist()}
        assert neighbours <= members
        assert before is None or members <= before
        before = members


REFUSED = {
    "other widths": lambda: hamming(packed(random_states(3, 9)), packed(random_states(3, 8))),
    "no images": lambda: hamming(packed(random_states(3, 9))[:0], packed(random_states(3, 9))),
    "neuron out of range": lambda: states_of(packed(random_states(3, 9)), torch.tensor([16])),
    "another number of neurons": lambda: count_on(packed(random_states(3, 9)), 20),
    "units that do not fit": lambda: shuffle_units(packed(random_states(3, 9)), 9, 2, generator=torch.Generator()),
    "k of 0": lambda: nearest(torch.zeros(3, dtype=torch.int32), 0),
    "t of 0": lambda: principal_neurons(packed(random_states(3, 9))[None], torch.zeros(9, dtype=torch.int64), 3, t=0),
    "counts of others": lambda: principal_neurons(
        packed(random_states(3, 9))[None], torch.full((9,), 4, dtype=torch.int64), 3
    ),
    "a rate above 1": lambda: chance(torch.tensor([[1.5]], dtype=torch.float64)),
    "too few images": lambda: find_rules(
        counted(random_states(3, 9)), packed(random_states(3, 9)), place=torch.arange(3), k=4
    ),
    "an empty half": lambda: split_lifts(
        counted(random_states(9, 9)), counted(random_states(9, 9)[:0]), packed(random_states(3, 9)), k=2
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_wrong_arguments_are_refused(name):
    """By a ValueError of ours, or by the shape checks that run before it in tests."""
    with pytest.raises(Exception, match=r".{20}") as caught:
        REFUSED[name]()
    assert type(caught.value).__name__ in ("ValueError", "TypeCheckError")
