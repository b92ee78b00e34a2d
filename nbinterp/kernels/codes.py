"""Sign codes: the on/off states of a layer's neurons on one input (its *configuration*), one bit each.

A neuron is a unit at one position; it is on where its activation is strictly above zero. Chang et al. 2024
("Understanding Distributed Representations of Concepts in Deep Neural Networks without Supervision",
arXiv:2312.17285) compare inputs by these states; N images × M neurons take N × M/8 bytes.
Axes: batch, neuron (unit, then row, then column), byte.
"""

import numpy as np
import torch
from jaxtyping import Bool, Float, UInt8
from torch import Tensor

# Eight bytes that are 0 or 1, read as one little-endian int64 and multiplied by this, have their eight bits in the
# product's highest byte: byte i lands on bit 63 - i, and no two partial products meet (8 i - 9 j is never repeated).
_GATHER_BITS = -0x7FBFDFEFF7FBFDFF  # 0x8040201008040201 as a signed 64-bit number


def pack_signs(activations: Float[Tensor, "batch unit *position"]) -> UInt8[Tensor, "batch byte"]:
    """Pack `activations > 0` into bits.

    Args:
        activations: one layer's activations, `(batch, unit, height, width)` or `(batch, unit)`; NaN counts as off.

    Returns:
        `ceil(M / 8)` bytes a row for M neurons, the first neuron in a byte's highest bit, unused bits 0: the
        layout of `numpy.packbits`, so `numpy.unpackbits(codes, axis=1, count=M)` reads it too.

    Raises:
        ValueError: if there is no batch axis and at least one neuron.
    """
    if activations.ndim < 2 or activations[:1].numel() == 0:
        raise ValueError(f"expected activations of shape (batch, unit, …), got {tuple(activations.shape)}")
    return pack_states((activations > 0).flatten(1))


def pack_states(on: Bool[Tensor, "batch neuron"]) -> UInt8[Tensor, "batch byte"]:
    """Pack states into bits, in the layout of `pack_signs`.

    Args:
        on: True where a neuron is on.

    Returns:
        `ceil(M / 8)` bytes a row.
    """
    return torch.from_numpy(np.packbits(on.numpy(), axis=1)) if on.device.type == "cpu" else _pack_words(on)


def _pack_words(on: Bool[Tensor, "batch neuron"]) -> UInt8[Tensor, "batch byte"]:
    """Pack booleans like `numpy.packbits`, with tensor operations only: for accelerators."""
    padded = torch.nn.functional.pad(on, (0, -on.shape[1] % 8)).contiguous()
    return ((padded.view(torch.int64) * _GATHER_BITS) >> 56).to(torch.uint8)


def unpack_signs(codes: UInt8[Tensor, "batch byte"], n_neurons: int) -> Bool[Tensor, "batch neuron"]:
    """Read packed sign codes back: True where the neuron was on.

    Args:
        codes: what `pack_signs` gave.
        n_neurons: how many neurons a row holds, M.

    Returns:
        One boolean per image and neuron.

    Raises:
        ValueError: if the codes have another width than M neurons need.
    """
    needed = -(-n_neurons // 8)
    if codes.ndim != 2 or codes.shape[1] != needed:
        raise ValueError(f"{n_neurons} neurons take {needed} bytes a row, got codes of shape {tuple(codes.shape)}")
    shifts = torch.arange(7, -1, -1, dtype=torch.uint8, device=codes.device)
    bits = (codes[:, :, None] >> shifts) & 1
    return bits.flatten(1)[:, :n_neurons].bool()
