"""What a classifier's preprocess does, as a hash of its output on patterns that are the same everywhere."""

from __future__ import annotations

import hashlib

import numpy as np
import torch
from PIL import Image

from nbinterp.data import ProbeSet
from nbinterp.instrument import Classifier

REPEATS = 24
"""How often one pattern is prepared: a transform that acts with probability p passes with (1 - p)^23 + p^23."""


def fingerprint_preprocess(net: Classifier, probe: ProbeSet) -> str:
    """Hash the preprocess by its output on images like the probe set's first one.

    Two patterns are used: one of the first image's size and one of another size and shape, so that resizing and
    cropping show. A preprocess that fails on one of them is known by that.

    Args:
        net: the classifier.
        probe: says what the preprocess is given: PIL images of some mode, or tensors.

    Returns:
        SHA-256 in hexadecimal.

    Raises:
        ValueError: if the same image is prepared differently from one time to the next.
    """
    example = probe.image(0)
    size = (example.height, example.width) if isinstance(example, Image.Image) else tuple(example.shape[-2:])
    digest = hashlib.sha256()
    for height, width in (size, (size[0] + 17, size[1] + 64)):
        pattern = _pattern(example, height, width)
        outputs = {_prepared(net, pattern) for _ in range(REPEATS)}
        if len(outputs) > 1:
            raise ValueError(
                "the preprocess prepares the same image differently each time (a random transform?), so what it gives "
                "cannot be cached. Use one without randomness, such as a weights' transforms(), or leave cache=None."
            )
        digest.update(outputs.pop())
    return digest.hexdigest()


def _pattern(example: Image.Image | torch.Tensor, height: int, width: int) -> Image.Image | torch.Tensor:
    """Make an image of the example's kind: every value occurs, neighbours differ, no symmetry."""
    bands = len(example.getbands()) if isinstance(example, Image.Image) else example.shape[0]
    y, x, band = np.ogrid[:height, :width, :bands]
    values = ((7 * x + 13 * y + 31 * band + x * y // 5) % 256).astype(np.uint8)
    if isinstance(example, Image.Image):
        return Image.fromarray(values[:, :, 0] if bands == 1 else values, example.mode)
    tensor = torch.from_numpy(np.ascontiguousarray(values.transpose(2, 0, 1)))
    return tensor if example.dtype == torch.uint8 else tensor.to(example.dtype) / 255


def _prepared(net: Classifier, pattern: Image.Image | torch.Tensor) -> bytes:
    try:
        output = net.prepare(pattern.copy() if isinstance(pattern, Image.Image) else pattern.clone())
    except Exception as error:  # the user's code: a failure on a pattern is a fact about it, not ours to report here
        return f"fails with {type(error).__name__}".encode()
    values = output.detach().cpu().contiguous()
    return hashlib.sha256(f"{values.dtype}{tuple(values.shape)}".encode() + values.numpy().tobytes()).digest()
