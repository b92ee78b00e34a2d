"""What was drawn for each view of a batch, and its application: one warp, then noise.

Pixel conventions and axes are those of `transforms`.
"""

import functools
from dataclasses import dataclass

import torch
from jaxtyping import Float, Float32, Int64
from torch import Tensor
from torch.nn import functional as F

from .transforms_noise import noise_of


@dataclass(frozen=True)
class Draws:
    """The transforms of each view.

    Attributes:
        affine: map from normalized coordinates (x, y, 1) of the view to those (x, y) of the image.
        shifts: (down, right) in whole pixels, where the maps are nothing else: the view's pixel (row, column) is the
            image's (row + down, column + right); else None.
        noise_seeds: what each view's noise is made from, 0 to 2³² - 1.
        uniform: half-width of the uniform noise, in the image's units.
        normal: standard deviation of the normal noise.
        outside: value of the pixels outside the image.
    """

    affine: Float32[Tensor, "view 2 3"]
    shifts: Int64[Tensor, "view 2"] | None
    noise_seeds: Int64[Tensor, " view"]
    uniform: float
    normal: float
    outside: float

    def __len__(self) -> int:
        return len(self.affine)

    def __getitem__(self, views: slice | list[int] | Int64[Tensor, " part"]) -> "Draws":
        """The draws of some views, by a slice or by their positions."""
        return Draws(
            self.affine[views],
            None if self.shifts is None else self.shifts[views],
            self.noise_seeds[views],
            self.uniform,
            self.normal,
            self.outside,
        )


def apply_transforms(
    images: Float[Tensor, "image channel height width"], draws: Draws, out_size: tuple[int, int] | None = None
) -> Float[Tensor, "view channel out_height out_width"]:
    """Make the views of a batch of images.

    The chain is one bilinear sampling, differentiable in the images. Nothing is resampled where nothing moves:
    without moves the images come back as they are, and shifts by whole pixels copy values exactly. Half
    precision is sampled in float32 (a coordinate in bfloat16 would be off by pixels) and rounded back.

    Args:
        images: in [0, 1], on any device.
        draws: one per view, for the images' size; as many per image as there are draws to an image, those of an
            image next to each other.
        out_size: (height, width) to sample at; what is seen stays the same. None: the images' own.

    Returns:
        The views, image after image.

    Raises:
        ValueError: if the draws are not the same number for every image.
    """
    n, _, height, width = images.shape
    if n == 0 or len(draws) == 0 or len(draws) % n:
        raise ValueError(f"expected as many draws for each of the {n} images, got {len(draws)} draws")
    size = (height, width) if out_size is None else out_size
    if draws.shifts is None or size != (height, width):
        views = _warp(images, draws, size)
    else:
        views = _shift(images, draws.shifts, draws.outside)
    if draws.uniform == 0 and draws.normal == 0:
        return views
    return views + noise_of(draws.noise_seeds, tuple(views.shape[1:]), draws.uniform, draws.normal, views)


def _shift(
    images: Float[Tensor, "image channel height width"], shifts: Int64[Tensor, "view 2"], outside: float
) -> Float[Tensor, "view channel height width"]:
    """Copy each view out of its image, `shifts` pixels (down, right) further on."""
    n, _, height, width = images.shape
    n_each = len(shifts) // n
    margin = int(shifts.abs().max())
    if margin == 0:
        return images if n_each == 1 else images.repeat_interleave(n_each, 0)
    wide = F.pad(images, (margin, margin, margin, margin), value=outside).unbind(0)
    starts = (shifts + margin).tolist()
    return torch.stack([wide[i // n_each][:, y : y + height, x : x + width] for i, (y, x) in enumerate(starts)])


def _warp(
    images: Float[Tensor, "image channel height width"], draws: Draws, size: tuple[int, int]
) -> Float[Tensor, "view channel out_height out_width"]:
    """Sample every view where its map says; those of one image below each other, without copies of it."""
    n, channels = images.shape[:2]
    n_each = len(draws) // n
    precise = images if images.dtype == torch.float64 else images.float()
    grid = _sampling_grid(draws.affine.to(precise), size).reshape(n, n_each * size[0], size[1], 2)
    sampled = F.grid_sample(precise - draws.outside, grid, padding_mode="zeros", align_corners=False)
    sampled = sampled.add_(draws.outside)  # in place: new memory costs more than the sum
    views = sampled.reshape(n, channels, n_each, *size).transpose(1, 2).reshape(n * n_each, channels, *size)
    return views.to(images.dtype)


def _sampling_grid(
    affine: Float[Tensor, "view 2 3"], size: tuple[int, int]
) -> Float[Tensor, "view out_height out_width 2"]:
    """Where each pixel of each view is read, (x, y) normalized.

    Sums and products only: `affine_grid` multiplies matrices, which autocast and TF32 round to three digits. Places
    are added as complex numbers, which processors do several times faster than pairs.
    """
    y, x = (_centres(n, affine.dtype, affine.device) for n in size)
    column, row, constant = (affine[:, None, None, :, axis] for axis in range(3))
    along, down = column * x[:, None], row * y[:, None, None] + constant
    return torch.view_as_real(torch.view_as_complex(along) + torch.view_as_complex(down))


@functools.lru_cache(maxsize=32)
def _centres(n: int, dtype: torch.dtype, device: torch.device) -> Float[Tensor, " pixel"]:
    """Normalized coordinates of n pixels' centres, to be read only."""
    with torch.inference_mode(False):
        return (torch.arange(n, device=device, dtype=dtype) + 0.5) * (2 / n) - 1
