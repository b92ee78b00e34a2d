"""Relaxed decision regions: the few states that set an input's neighbours apart, and all inputs that share them.

Chang, Kwon, Choi, "Understanding Distributed Representations of Concepts in Deep Neural Networks without Supervision",
AAAI 2024, arXiv:2312.17285. Of an anchor's k nearest configurations (Hamming distance), the neurons on which all agree
are candidates; the t whose common state is most unusual in the reference set are the *principal neurons*; the region
is every input with exactly their states: a rule of t literals.

Departures. Constant neurons are no candidates. Ties go to the lower index and are counted. Every neighbour set is a
region, whether there is a concept or not, so regions are judged by their *lift* on images that had no part in finding
the rule: how many follow it, over how many would if the neurons were independent.

Scores are whole numbers: of N images, those in the other than the common state: s = |p − b| = score / N exactly.
Leaving the neighbours out of b multiplies every score by N / (N − k): never another choice.
Axes: image, anchor, neuron, literal, byte.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float64, Int32, Int64, UInt8
from torch import Tensor

from .codes import unpack_signs
from .configurations import hamming, states_of

_ANCHORS_AT_ONCE = 64


@dataclass(frozen=True)
class Neighbours:
    """The nearest images of an anchor, nearest first; `tied` further images are as near as the last one."""

    index: Int64[Tensor, " neighbour"]
    distance: Int64[Tensor, " neighbour"]
    tied: int


@dataclass(frozen=True)
class PrincipalNeurons:
    """The neurons of a rule, most unusual first, for one anchor a row.

    `score`: of the N reference images, those in the other state; −1 where there was no further candidate, with neuron
    −1 and state False. `n_candidates`: unanimous and not constant. `tied`: candidates not taken that score as much as
    the last one taken.
    """

    neuron: Int64[Tensor, "anchor literal"]
    state: Bool[Tensor, "anchor literal"]
    score: Int64[Tensor, "anchor literal"]
    n_candidates: Int64[Tensor, " anchor"]
    tied: Int64[Tensor, " anchor"]


@dataclass(frozen=True)
class CountedCodes:
    """Packed states of some images, and how many of them have each neuron on."""

    codes: UInt8[Tensor, "image byte"]
    on: Int64[Tensor, " neuron"]


@dataclass(frozen=True)
class SplitLifts:
    """Of every anchor: the images of half B that follow the rule found on half A, and how many would by chance."""

    n_members: Int64[Tensor, " anchor"]
    expected: Float64[Tensor, " anchor"]
    lift: Float64[Tensor, " anchor"]
    rules: PrincipalNeurons


def nearest(distances: Int32[Tensor, " image"], k: int, *, exclude: int = -1) -> Neighbours:
    """Find the k images nearest to an anchor; ties go to the lower index.

    Args:
        distances: of every image to the anchor, in neurons.
        k: how many, at least 1.
        exclude: index of an image that does not count; −1 for none.

    Returns:
        As many as there are, at most k.

    Raises:
        ValueError: if `k` is below 1.
    """
    if k < 1:
        raise ValueError(f"k must be at least 1, got {k}")
    n = len(distances)
    keys = distances.to(torch.int64) * n + torch.arange(n, device=distances.device)
    if exclude >= 0:
        keys = torch.cat([keys[:exclude], keys[exclude + 1 :]])
    found = keys.topk(min(k, len(keys)), largest=False, sorted=True).values
    index, distance = found % n, found // n
    tied = int((keys // n == distance[-1]).sum() - (distance == distance[-1]).sum()) if len(found) else 0
    return Neighbours(index, distance, tied)


def principal_neurons(
    neighbours: UInt8[Tensor, "anchor neighbour byte"], on: Int64[Tensor, " neuron"], n_images: int, *, t: int = 10
) -> PrincipalNeurons:
    """Choose the neurons whose state all neighbours of an anchor share and most reference images do not.

    Args:
        neighbours: packed states of each anchor's neighbour set S.
        on: of the reference images, how many have each neuron on (`count_on`); over N it is the base rate b.
        n_images: N.
        t: how many to choose; the paper's code takes 10.

    Returns:
        One rule of up to t literals for every anchor.

    Raises:
        ValueError: if `t` is below 1, there are no neighbours, or the counts are not those of N images.
    """
    if t < 1 or neighbours.shape[1] < 1:
        raise ValueError(f"t and the number of neighbours must be at least 1, got {t} and {neighbours.shape[1]}")
    if len(on) == 0 or int(on.min()) < 0 or int(on.max()) > n_images:
        raise ValueError(f"counts must be 0 to {n_images}, the number of images, for at least one neuron")
    all_on, any_on = neighbours[:, 0], neighbours[:, 0]
    for place in range(1, neighbours.shape[1]):
        all_on, any_on = all_on & neighbours[:, place], any_on | neighbours[:, place]
    state, off = unpack_signs(all_on, len(on)), ~unpack_signs(any_on, len(on))
    score = torch.where(state, n_images - on, torch.where(off, on, 0))
    score = torch.where((on > 0) & (on < n_images), score, 0)  # a candidate's is at least 1: S has the other state
    keys = score * len(on) + torch.arange(len(on) - 1, -1, -1, device=on.device)
    best = keys.topk(min(t, len(on)), dim=1, sorted=True).values
    chosen_score, neuron = best // len(on), len(on) - 1 - best % len(on)
    missing = chosen_score == 0
    last = torch.where(missing, score.amax(1, keepdim=True) + 1, chosen_score).amin(1, keepdim=True)
    tied = (score == last).sum(1) - ((chosen_score == last) & ~missing).sum(1)
    return PrincipalNeurons(
        neuron.masked_fill(missing, -1),
        state.gather(1, neuron) & ~missing,
        chosen_score.masked_fill(missing, -1),
        (score > 0).sum(1),
        tied,
    )


def count_agreement(
    codes: UInt8[Tensor, "image byte"], neurons: Int64[Tensor, " literal"], states: Bool[Tensor, " literal"]
) -> Int64[Tensor, " image"]:
    """Count the literals that each image satisfies: at least t − tolerance of them makes a member of the region.

    Args:
        codes: packed states of the images.
        neurons: the rule's neurons.
        states: the states they are to have.

    Returns:
        Numbers of literals.

    Raises:
        ValueError: if a neuron is out of range, or there is not one state per neuron.
    """
    if len(neurons) != len(states):
        raise ValueError(f"expected one state per neuron, got {len(states)} for {len(neurons)}")
    return (states_of(codes, neurons) == states).sum(1)


def chance(rates: Float64[Tensor, "anchor literal"], *, tolerance: int = 0) -> Float64[Tensor, " anchor"]:
    """Compute the probability that an image satisfies a rule if its literals were independent of each other.

    Args:
        rates: share of images that satisfy each literal; NaN for a literal that is not there.
        tolerance: how many literals may be violated.

    Returns:
        Probabilities; with tolerance, the upper tail of a Poisson binomial distribution.

    Raises:
        ValueError: if a rate is no share, or the tolerance is negative.
    """
    if tolerance < 0 or bool(((rates < 0) | (rates > 1)).any()):
        raise ValueError(f"rates must be 0 to 1 and tolerance at least 0, got tolerance {tolerance}")
    violated = torch.zeros((len(rates), tolerance + 1), dtype=torch.float64, device=rates.device)
    violated[:, 0] = 1  # probability of so many violations among the literals so far
    for rate in rates.unbind(1):
        there = ~rate.isnan()
        share = rate.where(there, 1.0)[:, None]
        more = torch.cat([torch.zeros_like(share), violated[:, :-1]], 1)
        violated = violated * share + more * (1 - share)
    return violated.sum(1)


def find_rules(
    images: CountedCodes,
    anchors: UInt8[Tensor, "anchor byte"],
    *,
    place: Int64[Tensor, " anchor"],
    k: int = 8,
    t: int = 10,
    with_anchor: bool = True,
) -> PrincipalNeurons:
    """Find the rules of many anchors: `nearest`, then `principal_neurons`.

    Args:
        images: the reference images, more than k.
        anchors: packed states of the anchors.
        place: where each anchor is among the images, −1 if it is not.
        k: size of the neighbour set.
        t: literals of a rule.
        with_anchor: each anchor is the first of its own k neighbours; False for anchors from outside the images.

    Returns:
        One rule per anchor.

    Raises:
        ValueError: if there are too few images, no anchors, or k or t is out of range.
    """
    fewest = k if with_anchor else k + 1
    if len(anchors) == 0:
        raise ValueError("there are no anchors to find rules of: give at least one row of packed states")
    if k < 1 or len(images.codes) < fewest:
        raise ValueError(f"k must be at least 1, with {fewest} images or more for k = {k}; got {len(images.codes)}")
    sets = []
    for anchor, distances, own in zip(anchors, hamming(images.codes, anchors), place.tolist(), strict=True):
        found = nearest(distances, max(k - with_anchor, 1), exclude=own).index[: k - with_anchor]
        sets.append(torch.cat([anchor[None], images.codes[found]]) if with_anchor else images.codes[found])
    return principal_neurons(torch.stack(sets), images.on, len(images.codes), t=t)


def split_lifts(
    half_a: CountedCodes,
    half_b: CountedCodes,
    anchors: UInt8[Tensor, "anchor byte"],
    *,
    place_a: Int64[Tensor, " anchor"] | None = None,
    place_b: Int64[Tensor, " anchor"] | None = None,
    k: int = 8,
    t: int = 10,
    tolerance: int = 0,
    with_anchor: bool = True,
) -> SplitLifts:
    """Find every anchor's rule on half A of the images, and count on half B how many images follow it.

    lift = |R_B| / (N_B · ∏ r_j), r_j the share of half B that satisfies literal j; 0 where nobody follows the rule.
    An anchor never counts as a member. NaN where there is no literal.

    Args:
        half_a: the images among which neighbours and neurons are found.
        half_b: the images that are counted.
        anchors: packed states of the anchors.
        place_a: where each anchor is in half A, −1 if it is not; None if none is.
        place_b: likewise in half B.
        k: size of the neighbour set.
        t: literals of a rule.
        tolerance: how many may be violated.
        with_anchor: each anchor is the first of its own k neighbours; False for anchors from outside the images.

    Returns:
        One value per anchor.

    Raises:
        ValueError: if a half is empty, has fewer than k images beside the anchor, or k, t or the tolerance is out of
            range.
    """
    if len(half_b.codes) == 0 or len(anchors) == 0:
        raise ValueError("half B must have images, and there must be anchors")
    nowhere = torch.full((len(anchors),), -1, dtype=torch.int64, device=anchors.device)
    place_a, place_b = (nowhere if place is None else place for place in (place_a, place_b))
    parts = []
    for start in range(0, len(anchors), _ANCHORS_AT_ONCE):
        some = slice(start, start + _ANCHORS_AT_ONCE)
        rules = find_rules(half_a, anchors[some], place=place_a[some], k=k, t=t, with_anchor=with_anchor)
        parts.append(_count_members(half_b, rules, place_b[some], tolerance))
    return _joined(parts)


def _count_members(half: CountedCodes, rules: PrincipalNeurons, own: Tensor, tolerance: int) -> SplitLifts:
    n, there = len(half.codes), rules.neuron >= 0
    neurons = rules.neuron.clamp(min=0)
    rates = torch.where(rules.state, half.on[neurons], n - half.on[neurons]).double() / n
    states = states_of(half.codes, neurons.flatten()).unflatten(1, neurons.shape)
    member = ((states == rules.state) | ~there).sum(2) >= neurons.shape[1] - tolerance
    itself = member[own.clamp(min=0), torch.arange(len(own), device=own.device)] & (own >= 0)
    n_members = member.sum(0) - itself.long()
    expected = n * chance(rates.where(there, torch.nan), tolerance=tolerance)
    lift = torch.where(n_members > 0, n_members / expected, 0.0).where(there.any(1), torch.nan)
    return SplitLifts(n_members, expected, lift, rules)


def _joined(parts: list[SplitLifts]) -> SplitLifts:
    rules = PrincipalNeurons(
        torch.cat([part.rules.neuron for part in parts]),
        torch.cat([part.rules.state for part in parts]),
        torch.cat([part.rules.score for part in parts]),
        torch.cat([part.rules.n_candidates for part in parts]),
        torch.cat([part.rules.tied for part in parts]),
    )
    return SplitLifts(
        torch.cat([part.n_members for part in parts]),
        torch.cat([part.expected for part in parts]),
        torch.cat([part.lift for part in parts]),
        rules,
    )
