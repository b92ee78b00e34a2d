"""The two embedded networks' architectures; both map 3×64×64 images in [0, 1] to logits of the scene classes."""

from __future__ import annotations

import torch
from torch import Tensor, nn

MEAN, SCALE = 0.45, 0.25  # roughly the pixels' mean and standard deviation


class ConvStage(nn.Module):
    """3×3 convolution, batch norm, ReLU; with `pool`, a 2×2 maximum before it halves the size."""

    def __init__(self, n_in: int, n_units: int, *, pool: bool) -> None:
        super().__init__()
        self.pool = nn.MaxPool2d(2) if pool else nn.Identity()
        self.conv = nn.Conv2d(n_in, n_units, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(n_units)
        self.relu = nn.ReLU()

    def forward(self, maps: Tensor) -> Tensor:
        return self.relu(self.norm(self.conv(self.pool(maps))))


class Residual(nn.Module):
    """Two 3×3 convolutions round which the input is carried, then ReLU."""

    def __init__(self, n_units: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(n_units, n_units, 3, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(n_units)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(n_units, n_units, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(n_units)
        self.relu2 = nn.ReLU()

    def forward(self, maps: Tensor) -> Tensor:
        inner = self.relu1(self.norm1(self.conv1(maps)))
        return self.relu2(maps + self.norm2(self.conv2(inner)))


class SceneNet(nn.Module):
    """The main network: a small convolutional network with ReLU.

    Layers to look at, on 64×64 images: `stem` 16 units, 32×32; `stage1` 32, 32×32; `stage2` 64, 16×16; `stage3` 96,
    8×8; `stage4` 96, 8×8 (residual); `features` 64, flat; `head` the logits. Sizes from about 32 pixels up work.
    """

    image_size = 64  # of the scenes it was trained on, in pixels

    def __init__(self, n_classes: int) -> None:
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 16, 5, stride=2, padding=2, bias=False), nn.BatchNorm2d(16), nn.ReLU())
        self.stage1 = ConvStage(16, 32, pool=False)
        self.stage2 = ConvStage(32, 64, pool=True)
        self.stage3 = ConvStage(64, 96, pool=True)
        self.stage4 = Residual(96)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.features = nn.Sequential(nn.Flatten(), nn.Linear(96, 64), nn.ReLU())
        self.head = nn.Linear(64, n_classes)

    def forward(self, images: Tensor) -> Tensor:
        maps = self.stem((images - MEAN) / SCALE)
        maps = self.stage4(self.stage3(self.stage2(self.stage1(maps))))
        return self.head(self.features(self.pool(maps)))


class Mixer(nn.Module):
    """Depthwise 5×5 convolution (with a shortcut), then 1×1 convolution, each with GELU and batch norm."""

    def __init__(self, n_units: int) -> None:
        super().__init__()
        self.depthwise = nn.Conv2d(n_units, n_units, 5, padding=2, groups=n_units)
        self.norm1 = nn.BatchNorm2d(n_units)
        self.pointwise = nn.Conv2d(n_units, n_units, 1)
        self.norm2 = nn.BatchNorm2d(n_units)
        self.gelu = nn.GELU()

    def forward(self, maps: Tensor) -> Tensor:
        maps = maps + self.norm1(self.gelu(self.depthwise(maps)))
        return self.norm2(self.gelu(self.pointwise(maps)))


class Attention(nn.Module):
    """A pre-norm transformer block on tokens."""

    def __init__(self, n_units: int, n_heads: int) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(n_units)
        self.attend = nn.MultiheadAttention(n_units, n_heads, batch_first=True)
        self.norm2 = nn.LayerNorm(n_units)
        self.mlp = nn.Sequential(nn.Linear(n_units, 2 * n_units), nn.GELU(), nn.Linear(2 * n_units, n_units))

    def forward(self, tokens: Tensor) -> Tensor:
        normed = self.norm1(tokens)
        tokens = tokens + self.attend(normed, normed, normed, need_weights=False)[0]
        return tokens + self.mlp(self.norm2(tokens))


class PatchNet(nn.Module):
    """The independent network, unlike SceneNet in every part: patches, depthwise convolutions, GELU, attention.

    Layers to look at, on 64×64 images: `patches` 64 units, 16×16; `mixer1`, `mixer2` 64, 16×16; `merge` 96, 8×8;
    `attention1`, `attention2` 96 units on 64 tokens; `head` the logits. Only 64×64 images: tokens have learned places.
    """

    image_size = 64  # in pixels

    def __init__(self, n_classes: int) -> None:
        super().__init__()
        self.patches = nn.Sequential(nn.Conv2d(3, 64, 4, stride=4), nn.GELU(), nn.BatchNorm2d(64))
        self.mixer1 = Mixer(64)
        self.mixer2 = Mixer(64)
        self.merge = nn.Sequential(nn.Conv2d(64, 96, 2, stride=2), nn.GELU(), nn.BatchNorm2d(96))
        self.places = nn.Parameter(torch.zeros(1, 64, 96))
        self.attention1 = Attention(96, 4)
        self.attention2 = Attention(96, 4)
        self.norm = nn.LayerNorm(96)
        self.head = nn.Linear(96, n_classes)

    def forward(self, images: Tensor) -> Tensor:
        maps = self.mixer2(self.mixer1(self.patches((images - MEAN) / SCALE)))
        tokens = self.merge(maps).flatten(2).transpose(1, 2) + self.places
        tokens = self.attention2(self.attention1(tokens))
        return self.head(self.norm(tokens).mean(1))
