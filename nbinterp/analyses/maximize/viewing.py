"""How the network looks at images that are being made: from images to one view per image, as objectives read it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext

import torch
from torch import Tensor

from nbinterp.instrument import Classifier, ModelError, Reach, UnitActivations, frozen
from nbinterp.kernels.objectives import ImageView, LayerView

PRECISIONS = ("weights", "autocast")


class Viewer:
    """Runs the network on views of images, up to the layers that objectives read.

    Args:
        net: the classifier.
        layers: the layers to read, as the objectives name them.
        logits: whether the objectives read the logits.
        to_input: images in [0, 1] -> the network's input.
        precision: "weights" runs the network in the precision of its weights, "autocast" in bfloat16 where PyTorch
            holds that to be safe; whatever autocast there is around is without effect.
    """

    def __init__(
        self,
        net: Classifier,
        layers: Iterable[str],
        *,
        logits: bool,
        to_input: Callable[[Tensor], Tensor],
        precision: str,
    ) -> None:
        self._net = net
        self._names = {layer: net.resolve(layer) for layer in layers}
        self._reach = Reach(net.module, list(self._names.values()), logits=logits)
        self._to_input = to_input
        self._autocast = precision == "autocast"
        weights = (p.dtype for p in net.module.parameters() if p.is_floating_point())
        self.dtype = next(weights, torch.float32)

    @contextmanager
    def ready(self) -> Iterator[None]:
        """Hold the model's lock, with frozen weights and in evaluation mode: forward and backward pass go inside."""
        with frozen(self._net.module), self._net.evaluating():
            yield

    def __call__(self, views: Tensor, images: Tensor, places: Sequence[float]) -> list[ImageView]:
        """Run the network.

        Args:
            views: what it is to see, in [0, 1], as many for each image as there are views to an image, image after
                image.
            images: the images themselves.
            places: where in its group each image stands.

        Returns:
            What each image did.
        """
        inputs = self._to_input(views)
        with self._precise():
            activations, logits = self._reach(inputs.to(self.dtype))
        n = len(images)
        parts = {layer: _split(activations[name], n) for layer, name in self._names.items()}
        rows = [None] * n if logits is None else _rows(_checked(logits, len(views)), n)
        return [
            ImageView(image, {layer: part[i] for layer, part in parts.items()}, row, place)
            for i, (image, row, place) in enumerate(zip(images.unbind(0), rows, places, strict=True))
        ]

    def _precise(self) -> AbstractContextManager[object]:
        kind = self._net.device.type
        if self._autocast:
            return torch.autocast(kind, torch.bfloat16)
        return torch.autocast(kind, enabled=False) if torch.is_autocast_enabled(kind) else nullcontext()


def _split(units: UnitActivations, n: int) -> list[LayerView]:
    fields = {name: getattr(units, name) for name in ("maps", "flat", "class_token", "tokens")}
    rows = {name: _rows(values, n) for name, values in fields.items() if values is not None}
    return [LayerView(**{name: row[i] for name, row in rows.items()}) for i in range(n)]


def _rows(values: Tensor, n: int) -> Sequence[Tensor]:
    """The values of each image's views."""
    return [values] if n == 1 else values.unflatten(0, (n, -1)).unbind(0)


def _checked(logits: Tensor, n: int) -> Tensor:
    if logits.ndim != 2 or len(logits) != n:
        raise ModelError(
            f"the model returned logits of shape {tuple(logits.shape)} for {n} images: a classifier returns batch×class"
        )
    return logits
