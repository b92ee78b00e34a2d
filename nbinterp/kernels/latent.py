"""Images optimized as the latent input of a generator.

Nguyen et al., NIPS 2016, arXiv:1605.09304 (DGN-AM) optimize the latent of a trained generator like this.
Departures: the latent's bound is smooth, bound · tanh(z / bound), where they clip, so that no latent loses its
gradient; the latent does not shrink towards zero in every step, a penalty can do that.
Axes: n (images), channel, height, width.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor, nn

from .start_points import check_start, draw_normal


@dataclass(frozen=True)
class Latent:
    """Images of a generator, optimized through its latent input; the generator itself is not changed.
    Attributes:
        generator: turns latents `(n, *latent_shape)` into images `(n, channel, height, width)`, one by one (no
            batch statistics: a module must be in evaluation mode).
        latent_shape: of one image's latent.
        standard_deviation: of the latents at the start.
        output_range: the generator's values of black and white; values beyond are clipped.
        bound: largest size of a latent that reaches the generator; None leaves it free.
    """

    generator: Callable[[Tensor], Tensor]
    latent_shape: tuple[int, ...]
    standard_deviation: float = 1.0
    output_range: tuple[float, float] = (0.0, 1.0)
    bound: float | None = None

    def __post_init__(self) -> None:
        """Refuse an empty range or bound."""
        low, high = self.output_range
        if not low < high:
            raise ValueError(f"expected output_range=(black, white) with black < white, got {self.output_range}")
        if self.bound is not None and not self.bound > 0:
            raise ValueError(f"expected a positive bound, or None for no bound, got {self.bound}")

    @property
    def module(self) -> nn.Module | None:
        """The generator if it is a module, whose weights can be frozen; else None."""
        return self.generator if isinstance(self.generator, nn.Module) else None

    @property
    def learning_rate(self) -> float | None:
        """None: the recipe's."""
        return None

    def start(
        self,
        n: int,
        channels: int,
        size: tuple[int, int],
        generator: torch.Generator,
        *,
        image: Float[Tensor, "given channel in_height in_width"] | None = None,
    ) -> dict[str, Tensor]:
        """Draw n start points: "latent", float32 `(n, *latent_shape)`; see `Parameterization.start`.

        A generator that is a module is tried on the first of them, where its weights are.

        Raises:
            ValueError: if an image is given (no latent of it is known), or the generator is in training mode or
                yields images of another size, number of channels or range.
        """
        check_start(n, channels, size, generator)
        if image is not None:
            raise ValueError("a latent cannot start from an image: use parameterization 'fourier' or 'pixel'")
        latent = draw_normal(n, self.latent_shape, generator) * self.standard_deviation
        if self.module is not None:
            self._try(self.module, latent[:1], channels, size)
        return {"latent": latent}

    def images(
        self, parameters: dict[str, Tensor], channels: int, size: tuple[int, int]
    ) -> Float[Tensor, "n channel height width"]:
        """Generate the images of "latent"; see `Parameterization.images`."""
        return self._scaled(parameters["latent"], channels, size).clamp(0, 1)

    def _scaled(self, latent: Tensor, channels: int, size: tuple[int, int]) -> Tensor:
        """The generator's images with black at 0 and white at 1."""
        if self.bound is not None:
            latent = self.bound * torch.tanh(latent / self.bound)
        images = self.generator(latent)
        if images.shape != (len(latent), channels, *size):
            raise ValueError(
                f"expected {len(latent)} image(s) of {channels} channels and {size[0]} × {size[1]} pixels from the "
                f"generator, got the shape {tuple(images.shape)}: ask for the size it generates"
            )
        low, high = self.output_range
        return (images - low) / (high - low)

    def _try(self, module: nn.Module, latent: Tensor, channels: int, size: tuple[int, int]) -> None:
        """Generate one image, to refuse before work starts what cannot be optimized."""
        if any(part.training for part in module.modules()):
            raise ValueError("the generator is in training mode, where generating changes it: call .eval() on it first")
        weight = next(module.parameters(), None)
        with torch.no_grad():
            images = self._scaled(latent if weight is None else latent.to(weight.device), channels, size)
        if not bool(((images >= -0.01) & (images <= 1.01)).all()):
            low, high = self.output_range
            raise ValueError(
                f"expected images from {low} (black) to {high} (white) from the generator, got "
                f"{float(images.min()) * (high - low) + low:.3g} to {float(images.max()) * (high - low) + low:.3g}: "
                "pass its output_range"
            )
