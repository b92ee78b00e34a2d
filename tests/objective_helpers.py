"""What one image did in one step, made up: every kind of layer an objective can read."""

from __future__ import annotations

import torch

from nbinterp.kernels.objectives import ImageView, LayerView

SHAPE = (2, 6, 3, 5)  # crop, unit, height, width


def random(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def make_view(seed=0, place=0.0, dtype=torch.float32):
    return ImageView(
        image=torch.rand(3, 9, 13, generator=torch.Generator().manual_seed(seed)).to(dtype),
        activations={
            "maps": LayerView(maps=random(*SHAPE, seed=seed).to(dtype)),
            "flat": LayerView(flat=random(2, 7, seed=seed + 1).to(dtype)),
            "tokens": LayerView(
                maps=random(2, 4, 2, 3, seed=seed + 2).to(dtype),
                class_token=random(2, 4, seed=seed + 3).to(dtype),
                tokens=random(2, 7, 4, seed=seed + 4).to(dtype),
            ),
        },
        logits=random(2, 5, seed=seed + 5).to(dtype),
        place=place,
    )
