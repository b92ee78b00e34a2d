"""Regions on states with a hidden group: it is found where it can be, and refused where it cannot."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from regions_helpers import planted_states

from nbinterp.kernels import pack_signs
from nbinterp.kernels.configurations import hamming, shuffle_units
from nbinterp.kernels.regions import CountedCodes, count_agreement, nearest, principal_neurons, split_lifts

SEEDS = range(10)


def packed(states):
    """Codes."""
    return pack_signs(torch.from_numpy(states).float())


def region(states, anchor, k=8, t=10):
    """Neighbours, principal neurons, members of one anchor."""
    codes = packed(states)
    others = nearest(hamming(codes, codes[[anchor]])[0], k - 1, exclude=int(anchor)).index
    neighbours = torch.cat([torch.tensor([anchor]), others])
    rule = principal_neurons(codes[neighbours][None], torch.from_numpy(states.sum(0)), len(states), t=t)
    there = rule.neuron[0] >= 0
    agreement = count_agreement(codes, rule.neuron[0][there], rule.state[0][there])
    return neighbours.numpy(), rule.neuron[0][there].numpy(), np.flatnonzero(agreement.numpy() == int(there.sum()))


def lifts(states, anchors, seed, k=8, t=10, shuffled=False):
    """Split-sample lifts of some anchors."""
    order = np.random.default_rng(seed + 100).permutation(len(states))
    place = np.argsort(order)
    mixed = states[order]
    codes = packed(mixed)
    if shuffled:
        codes = shuffle_units(codes, states.shape[1], 1, generator=torch.Generator().manual_seed(seed))
        mixed = np.unpackbits(codes.numpy(), axis=1, count=states.shape[1]).astype(bool)
    half = len(states) // 2
    halves = [
        CountedCodes(codes[part], torch.from_numpy(mixed[part].sum(0))) for part in (slice(half), slice(half, None))
    ]
    places = torch.from_numpy(place[anchors])
    found = split_lifts(
        *halves,
        codes[places],
        place_a=torch.where(places < half, places, -1),
        place_b=(places - half).clamp(min=-1),
        k=k,
        t=t,
    )
    return found.lift.numpy()


@pytest.fixture(scope="module")
def base():
    """Seed -> states, group, shared neurons, at the base setting."""
    return {seed: planted_states(seed) for seed in SEEDS}


def test_principal_neurons_are_the_planted_ones_and_the_region_is_the_group(base):
    share, purity, coverage = [], [], []
    for states, group, neurons in base.values():
        for anchor in group[:5]:
            _, found, members = region(states, anchor)
            share.append(np.isin(found, neurons).mean())
            purity.append(np.isin(members, group).mean())
            coverage.append(np.isin(group, members).mean())
    assert np.mean(share) >= 0.9 and np.mean(purity) >= 0.95
    assert np.mean(coverage) >= 0.4  # one conjunction never fits the whole group: .95 ** 10 = .6 at best


def test_too_large_a_neighbourhood_collapses(base):
    """With k = 32 hardly any of the planted neurons is unanimous any more, and the region is no group."""
    share, purity, size = [], [], []
    for states, group, neurons in base.values():
        _, found, members = region(states, group[0], k=32)
        share.append(np.isin(found, neurons).mean() if len(found) else 0.0)
        purity.append(np.isin(members, group).mean())
        size.append(len(members))
    assert np.mean(share) < 0.6 and np.median(size) > 300 and np.median(purity) < 0.3


def test_lift_separates_members_from_others(base):
    members, others = [], []
    for seed, (states, group, _) in base.items():
        outside = np.setdiff1d(np.arange(len(states)), group)[:8]
        found = lifts(states, np.concatenate([group[:8], outside]), seed)
        members.append(np.median(found[:8]))
        others.append(np.median(found[8:]))
    assert np.median(members) >= 50
    assert np.median(others) <= 2


def test_shuffled_states_lift_no_more_than_chance(base):
    states, group, _ = base[0]
    found = lifts(states, group[:40], 0, shuffled=True)
    assert np.median(found) <= 2


def test_too_few_shared_neurons_are_not_found():
    """Twenty of 2048 neurons do not show in the distances: nothing stands out, and nothing is claimed."""
    found = []
    for seed in range(4):
        states, group, _ = planted_states(seed, n_shared=20)
        found.append(np.median(lifts(states, group[:8], seed)))
    assert np.median(found) <= 2


def test_a_correlated_background_lifts_everybody_alike():
    """Forty latent factors: lifts are above 1 for members and others, so only random anchors tell."""
    members, others = [], []
    for seed in range(3):
        states, group, _ = planted_states(seed, n=3000, m=1024, n_group=75, n_factors=40)
        outside = np.setdiff1d(np.arange(len(states)), group)[:20]
        found = lifts(states, np.concatenate([group[:20], outside]), seed)
        members.extend(found[:20])
        others.extend(found[20:])
    assert np.median(others) > 1.5
    beaten = np.mean([(np.array(others) >= lift).mean() for lift in members])
    assert beaten > 0.2  # members are not told apart
