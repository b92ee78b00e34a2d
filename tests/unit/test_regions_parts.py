"""Null lifts against their definition, their cache, and what is kept when subclasses are stopped."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from test_regions import N, recording

from nbinterp.analyses.regions import layer_codes, subclasses
from nbinterp.analyses.regions.reference import Reference
from nbinterp.jobs import Cancelled
from nbinterp.kernels.configurations import count_on, shuffle_units
from nbinterp.kernels.regions import CountedCodes, split_lifts

__all__ = ["recording"]
CASES = [
    {"k": 4, "t": 4, "tolerance": 0, "inside": True, "n": 30},
    {"k": 4, "t": 4, "tolerance": 1, "inside": True, "n": 30},
    {"k": 4, "t": 4, "tolerance": 0, "inside": False, "n": 30},
    {"k": 4, "t": 4, "tolerance": 0, "inside": True, "n": 12},
    {"k": 5, "t": 4, "tolerance": 0, "inside": True, "n": 30},
    {"k": 4, "t": 3, "tolerance": 0, "inside": True, "n": 30},
]


@pytest.fixture(scope="module")
def codes(recording):
    return layer_codes(recording, "second", reduce="none", quantile=None, progress=False)


def test_null_lifts_are_those_of_their_definition(codes):
    """Random anchors by the seed, and the same places among states shuffled unit by unit, half against half."""
    reference = Reference(codes, np.arange(N), "all", 3)
    found = [reference.nulls(**case) for case in CASES]
    order = torch.randperm(N, generator=torch.Generator().manual_seed(3))
    packed, place, half = codes.codes[order], order.argsort(), N // 2
    for case, nulls in zip(CASES, found, strict=True):
        generator = torch.Generator().manual_seed(4)
        rows = torch.randperm(N, generator=generator)[: case["n"]].sort().values
        mixed = shuffle_units(packed, codes.n_neurons, codes.neurons_per_unit, generator=generator)
        np.testing.assert_array_equal(nulls.anchors, rows)
        how = {"k": case["k"], "t": case["t"], "tolerance": case["tolerance"], "with_anchor": case["inside"]}
        for states, lifts in ((packed, nulls.random), (mixed, nulls.shuffled)):
            halves = [CountedCodes(part, count_on(part, codes.n_neurons)) for part in (states[:half], states[half:])]
            at = place[rows]
            expected = split_lifts(
                *halves,
                states[at],
                place_a=torch.where(at < half, at, -1),
                place_b=torch.where(at < half, -1, at - half),
                **how,
            )
            np.testing.assert_allclose(lifts, expected.lift)


def test_waiting_for_another_comparison_can_be_stopped(codes):
    reference, told = Reference(codes, np.arange(N), "all", 0), []
    with reference._lock, pytest.raises(Cancelled):
        reference.nulls(**CASES[3], watch=lambda text: told.append(text) or len(told) > 1)
    assert told == ["waiting for another comparison with chance"] * 2
    assert len(reference.nulls(**CASES[3]).anchors) == 12


def test_regions_found_before_a_stop_are_kept(recording, monkeypatch):
    largest = int(np.bincount(recording.predictions).argmax())

    def cover(reference, settings, most, watch):
        return [0, 1], np.ones(len(reference), bool)

    monkeypatch.setitem(subclasses.__globals__, "_cover", cover)
    found = subclasses(recording, "second", largest, k=4, t=4, watch=lambda text: text == "region 2 of 2")
    assert len(found.regions) == 1
    with pytest.raises(Cancelled):
        subclasses(recording, "second", largest, k=4, t=4, watch=lambda text: text == "region 1 of 2")


def test_subclasses_can_be_stopped_while_they_are_held_against_chance(recording):
    largest, told = int(np.bincount(recording.predictions).argmax()), []
    with pytest.raises(Cancelled):
        subclasses(
            recording, "second", largest, k=4, t=4, seed=9, watch=lambda text: told.append(text) or "shuffl" in text
        )
    assert "shuffl" in told[-1]
