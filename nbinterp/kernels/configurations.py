"""Configurations: distances between packed on/off states, counts and columns of them, without unpacking them all.

A configuration is one row of what `pack_signs` gives: the on/off states of a layer's neurons on one input, a bit each,
in the layout of `numpy.packbits`, unused bits 0. N images × M neurons stay N × M/8 bytes throughout.
Axes: image, anchor, neuron, byte.
"""

from math import gcd

import numpy as np
import torch
from jaxtyping import Bool, Int32, Int64, UInt8
from torch import Tensor

from .codes import pack_states, unpack_signs

_WORDS_AT_ONCE = 1 << 18  # a block that stays in a processor's cache; accelerators take it a hundred times larger
_HAS_POPCOUNT = hasattr(np, "bitwise_count")  # numpy 2 and later
# every second bit, every second pair, every second four
_BITS, _PAIRS, _FOURS = 0x5555555555555555, 0x3333333333333333, 0x0F0F0F0F0F0F0F0F


def hamming(codes: UInt8[Tensor, "image byte"], anchors: UInt8[Tensor, "anchor byte"]) -> Int32[Tensor, "anchor image"]:
    """Count the neurons whose state differs between each anchor and each image.

    Args:
        codes: packed states of the images.
        anchors: packed states of the anchors, of the same neurons, on the same device.

    Returns:
        Numbers of neurons. On a CPU they are counted by numpy's population count where there is one, elsewhere by
        additions within words; both are exact.

    Raises:
        ValueError: if the rows differ in width, or there are no images.
    """
    if codes.ndim != 2 or anchors.ndim != 2 or codes.shape[1] != anchors.shape[1] or codes.numel() == 0:
        raise ValueError(
            f"expected codes image × byte and anchors anchor × byte of one width, got {tuple(codes.shape)} and "
            f"{tuple(anchors.shape)}: pack both from the same layer"
        )
    count = _count_with_numpy if codes.device.type == "cpu" and _HAS_POPCOUNT else _count_with_torch
    distances = torch.zeros((len(anchors), len(codes)), dtype=torch.int32, device=codes.device)
    for anchor, row in zip(anchors, distances, strict=True):
        count(codes, anchor, row)
    return distances


def _count_with_numpy(codes: Tensor, anchor: Tensor, into: Tensor) -> None:
    rows, given, wanted, found = _block_rows(codes), codes.numpy(), anchor.numpy(), into.numpy()
    differing = np.zeros((rows, -(-codes.shape[1] // 8) * 8), np.uint8)  # bytes beyond the width stay 0
    words = differing.view(np.uint64)
    ones = np.empty(words.shape, np.uint8)
    for start in range(0, len(given), rows):
        n = min(rows, len(given) - start)
        np.bitwise_xor(given[start : start + n], wanted, out=differing[:n, : codes.shape[1]])
        np.bitwise_count(words[:n], out=ones[:n])  # pyright: ignore[reportAttributeAccessIssue]
        found[start : start + n] = ones[:n].sum(1, dtype=np.uint32)


def _count_with_torch(codes: Tensor, anchor: Tensor, into: Tensor) -> None:
    """Add bits within 64-bit words: in twos, in fours, the three thirds of a row, in eights, then up to 10 words."""
    rows, n_words = _block_rows(codes), -(-codes.shape[1] // 8)
    group = min(10, -(-n_words // 3))  # 10 words of bytes up to 24 add to at most 240: no carry into the next byte
    third = -(-n_words // (3 * group)) * group
    differing = torch.empty((rows, 3 * third * 8), dtype=torch.uint8, device=codes.device)
    scratch = torch.empty((rows, 3 * third), dtype=torch.int64, device=codes.device)
    for start in range(0, len(codes), rows):
        n = min(rows, len(codes) - start)
        differing[:, codes.shape[1] :] = 0  # what follows overwrites it
        torch.bitwise_xor(codes[start : start + n], anchor, out=differing[:n, : codes.shape[1]])
        words, part = differing.view(torch.int64)[:n], scratch[:n]
        torch.bitwise_right_shift(words, 1, out=part)
        words -= part.bitwise_and_(_BITS)
        torch.bitwise_right_shift(words, 2, out=part)
        words.bitwise_and_(_PAIRS).add_(part.bitwise_and_(_PAIRS))
        total, part = words[:, :third], part[:, :third]
        total.add_(words[:, third : 2 * third]).add_(words[:, 2 * third :])
        torch.bitwise_right_shift(total, 4, out=part)
        total.bitwise_and_(_FOURS).add_(part.bitwise_and_(_FOURS))
        sums = total.unflatten(1, (-1, group)).sum(2)
        into[start : start + n] = sums.view(torch.uint8).sum(1, dtype=torch.int32)


def _block_rows(codes: Tensor) -> int:
    at_once = _WORDS_AT_ONCE if codes.device.type == "cpu" else 100 * _WORDS_AT_ONCE
    return max(1, min(len(codes), at_once // (-(-codes.shape[1] // 8))))


def count_on(codes: UInt8[Tensor, "image byte"], n_neurons: int) -> Int64[Tensor, " neuron"]:
    """Count the images on which each neuron is on: over N, its base rate. Counts of disjoint sets of images add.

    Args:
        codes: packed states.
        n_neurons: how many neurons a row holds, M.

    Returns:
        Numbers of images.

    Raises:
        ValueError: if the codes have another width than M neurons need.
    """
    if codes.ndim != 2 or codes.shape[1] != -(-n_neurons // 8):
        raise ValueError(f"{n_neurons} neurons do not fit codes of shape {tuple(codes.shape)}")
    total = torch.zeros(n_neurons, dtype=torch.int64, device=codes.device)
    for start in range(0, len(codes), 255):  # so many ones fit a byte
        block = codes[start : start + 255]
        if codes.device.type == "cpu":
            on = np.unpackbits(block.numpy(), axis=1, count=n_neurons).sum(0, dtype=np.uint8)
            total += torch.from_numpy(on)
        else:
            total += unpack_signs(block, n_neurons).sum(0)
    return total


def states_of(codes: UInt8[Tensor, "image byte"], neurons: Int64[Tensor, " chosen"]) -> Bool[Tensor, "image chosen"]:
    """Read a few neurons' states out of packed codes.

    Args:
        codes: packed states.
        neurons: which neurons, 0 to 8 × bytes − 1.

    Returns:
        True where the neuron was on.

    Raises:
        ValueError: if a neuron is out of range.
    """
    n_bits = 8 * codes.shape[1]
    if len(neurons) and (int(neurons.min()) < 0 or int(neurons.max()) >= n_bits):
        raise ValueError(f"neurons must be 0 to {n_bits - 1}, got {int(neurons.min())} to {int(neurons.max())}")
    shifts = (7 - neurons % 8).to(torch.uint8)
    return (codes.index_select(1, neurons // 8) >> shifts & 1).bool()


def pack_columns(states: Bool[Tensor, "image neuron"]) -> UInt8[Tensor, "neuron byte"]:
    """Pack the states of a few neurons one neuron a row, a bit per image: what a view needs to apply a rule.

    Args:
        states: True where the neuron was on.

    Returns:
        `ceil(N / 8)` bytes a row, the first image in a byte's highest bit.

    Raises:
        ValueError: if there are no images or no neurons.
    """
    if states.numel() == 0:
        raise ValueError(f"expected states of images and neurons, got the shape {tuple(states.shape)}")
    return pack_states(states.T)


def shuffle_units(
    codes: UInt8[Tensor, "image byte"], n_neurons: int, neurons_per_unit: int, *, generator: torch.Generator
) -> UInt8[Tensor, "image byte"]:
    """Give every unit the states it had on another image: base rates stay, what units have in common is gone.

    Each unit gets a permutation of the images of its own; the states of one unit at its positions stay together.

    Args:
        codes: packed states.
        n_neurons: M, a multiple of `neurons_per_unit`; the neurons of one unit follow each other.
        neurons_per_unit: positions of a unit; 1 where layers have none.
        generator: a CPU generator; the permutations are the same on every device.

    Returns:
        Packed states of as many images.

    Raises:
        ValueError: if M is no multiple of the neurons of a unit, or does not fit the codes.
    """
    if neurons_per_unit < 1 or n_neurons % neurons_per_unit or codes.shape[1] != -(-n_neurons // 8):
        raise ValueError(
            f"{n_neurons} neurons of {neurons_per_unit} a unit do not fit codes of shape {tuple(codes.shape)}"
        )
    together = 8 // gcd(8, neurons_per_unit)  # so many units fill whole bytes
    width = together * neurons_per_unit // 8
    shuffled = torch.empty_like(codes)
    for start in range(0, codes.shape[1], width):
        block = codes[:, start : start + width]
        n_bits = min(8 * block.shape[1], n_neurons - 8 * start)
        states = unpack_signs(block, n_bits).unflatten(1, (-1, neurons_per_unit))
        orders = [torch.randperm(len(codes), generator=generator) for _ in range(states.shape[1])]
        moved = [
            own.index_select(0, order.to(codes.device)) for own, order in zip(states.unbind(1), orders, strict=True)
        ]
        shuffled[:, start : start + width] = pack_states(torch.cat(moved, 1))
    return shuffled
