"""Forward passes for the drivers: hooks and lock for one batch at a time, smaller batches when memory is full."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Generic, TypeVar

import torch
from torch import Tensor

from nbinterp.instrument import Classifier, UnitActivations

T = TypeVar("T")
Measure = Callable[[int, str, UnitActivations], T]


class Forward(Generic[T]):
    """Runs batches of prepared images and halves them when the accelerator runs out of memory.

    The model is locked and hooked during each forward pass only, so that other work on it may go on in between;
    a layer's activations are measured as soon as they are computed, and never copied.

    Args:
        net: the classifier.
        layers: canonical layer names.
        measure: (index of the first image among those given, layer, activations) -> what is kept of them, which must
            not share their memory; called in inference mode, and again with less if it runs out of memory.
        say: takes a message for the user.
    """

    def __init__(self, net: Classifier, layers: Sequence[str], measure: Measure[T], say: Callable[[str], None]) -> None:
        self._net = net
        self._layers = layers
        self._measure = measure
        self._say = say
        self._limit: int | None = None

    def __call__(
        self, images: Sequence[Tensor], names: Sequence[str]
    ) -> Iterator[tuple[int, int, Tensor, dict[str, T]]]:
        """Run the images, in one batch if they fit.

        Args:
            images: prepared images.
            names: theirs, for messages.

        Returns:
            Iterator over (first, last + 1, logits, layer -> what `measure` gave for these images).

        Raises:
            ModelError: if the model fails on a batch.
            torch.OutOfMemoryError: if even one image does not fit.
        """
        start = 0
        while start < len(images):
            stop = min(start + (self._limit or len(images)), len(images))
            kept = self._try(start, images[start:stop], names[start:stop])
            if kept is None:
                self._limit = (stop - start) // 2
                self._say(f"The accelerator's memory is full: going on with batches of {self._limit}.")
                continue
            yield start, stop, *kept
            start = stop

    def _try(self, start: int, images: Sequence[Tensor], names: Sequence[str]) -> tuple[Tensor, dict[str, T]] | None:
        """Logits of the batch and what is kept of its layers; None if the memory did not suffice for several images."""
        failures: list[Exception] = []

        def measure(layer: str, activations: UnitActivations) -> T | None:
            try:
                return self._measure(start, layer, activations)
            except Exception as error:  # raised below: inside the forward pass it would count as the model's own
                failures.append(error)
                return None

        try:
            batch = self._net.batch(images, names)
            with self._net.evaluating(), self._net.recording(self._layers, reduce=measure) as measured:
                logits = self._net.logits(batch)
            if failures:
                raise failures[0]
            return logits, {layer: measured[layer] for layer in self._layers}  # pyright: ignore[reportReturnType]
        except Exception as error:
            if len(images) == 1 or not _out_of_memory(error):
                raise
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        return None


def _out_of_memory(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, torch.cuda.OutOfMemoryError):
            return True
        error = error.__cause__
    return False
