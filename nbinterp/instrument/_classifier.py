"""The model under study, with what is needed to feed it and to find its layers."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any, cast

import pandas as pd
import torch
from jaxtyping import Float
from torch import Tensor, nn

from ._catalog import describe_layers, find_example
from ._device import place
from ._errors import ModelError, UnknownLayerError
from ._fingerprint import fingerprint
from ._hooks import Activations, recording
from ._images import Picture, prepare_image, stack_images
from ._layers import Layer, find_call, has_lazy_parameters, unwrapped
from ._locks import evaluating
from ._outputs import find_logits, shape_text
from ._units import UnitActivations


class Classifier:
    """Any `nn.Module` that maps a batch of images to logits, batch×class.

    Args:
        module: the model. It is moved to `device` once, here, in place; training flags and
            `requires_grad` stay as they are. Of `torch.compile(model)`, `DataParallel(model)` and
            `DistributedDataParallel(model)` the model inside is taken: hooks do not run reliably in the wrappers.
        preprocess: PIL image (or tensor) -> float tensor channel×height×width, such as torchvision's
            `weights.transforms()`. Without one, images go in as floats in [0, 1], at their own size.
        classes: readable names of the logits, in their order; duplicates are allowed.
        device: "auto" leaves a model on an accelerator where it is, and else takes CUDA, then MPS, then the
            CPU. "cpu", "cuda:1", "mps" or a `torch.device` are taken literally.

    Raises:
        TypeError: `module` is no `nn.Module`, `preprocess` is not callable, or `classes` are no strings.
        ValueError: there is no such device, or the module's weights are not loaded (meta device).
    """

    def __init__(
        self,
        module: nn.Module,
        *,
        preprocess: Callable[..., Any] | None = None,
        classes: Iterable[str] | None = None,
        device: str | torch.device = "auto",
    ) -> None:
        if not isinstance(module, nn.Module):
            hint = ": create it, with ()" if isinstance(module, type) else ""
            raise TypeError(f"module must be a torch.nn.Module; got {module!r}{hint}")
        if preprocess is not None and not callable(preprocess):
            raise TypeError(f"preprocess must be a function image -> tensor, or None; got {preprocess!r}")
        self.module = unwrapped(module)
        self.preprocess = preprocess
        self.classes = None if classes is None else _class_names(classes)
        self._device = place(self.module, device)

    def __repr__(self) -> str:
        classes = "unnamed classes" if self.classes is None else f"{len(self.classes)} classes"
        how = "images in [0, 1]" if self.preprocess is None else f"preprocess {_name(self.preprocess)}"
        return f"Classifier({self._model}, {classes}, {how}, on {self.device})"

    @property
    def device(self) -> torch.device:
        """Where the model is now; batches are moved there."""
        return next((p.device for p in (*self.module.parameters(), *self.module.buffers())), self._device)

    @property
    def _model(self) -> str:
        return type(self.module).__name__

    def prepare(self, image: Picture) -> Float[Tensor, "channel height width"]:
        """One image as the model's batch holds it: after `preprocess`, or in [0, 1] without one; on the CPU.

        Args:
            image: a PIL image; a tensor channel×height×width; an array height×width or height×width×channel
                (uint8 0–255, or floats).

        Raises:
            TypeError: `image` is none of these, or `preprocess` returned no tensor.
            ValueError: a shape, dtype or PIL mode without a rule, given or returned by `preprocess`.
        """
        return prepare_image(image, self.preprocess)

    def batch(
        self, images: Sequence[Picture], names: Sequence[str] | None = None
    ) -> Float[Tensor, "batch channel height width"]:
        """Images as one batch, on the CPU. Tensors count as prepared; PIL images and arrays are prepared first.

        Args:
            images: at least one.
            names: what to call them in an error message.

        Raises:
            ValueError: there are none, or two differ in size; the message names them.
        """
        tensors = [image if isinstance(image, Tensor) else self.prepare(image) for image in images]
        return stack_images(tensors, names)

    def logits(self, batch: Tensor) -> Float[Tensor, "batch class"]:
        """The logits of a batch, in evaluation mode, without gradients, under the model's lock.

        Where the model's output is not a tensor, its `.logits` (or `["logits"]`) is taken.

        Args:
            batch: float tensor batch×channel×height×width; it is moved to the model's device and to the
                dtype of its weights.

        Raises:
            ValueError: `batch` is no float tensor with four axes.
            ModelError: the model raised, or its output is not batch×class. Out of memory on a GPU comes
                through as it is (`torch.OutOfMemoryError`).
        """
        _check_batch(batch)
        inputs = batch.to(self.device, self._dtype())
        no_gradients = torch.no_grad() if has_lazy_parameters(self.module) else torch.inference_mode()
        with self.evaluating(), no_gradients:
            try:
                output = self.module(inputs)
            except (ModelError, UnknownLayerError, torch.OutOfMemoryError):
                raise
            except Exception as error:
                raise ModelError(self._failure(batch, error)) from error
            return self._checked_logits(find_logits(output, self._model), len(batch))

    def layers(self, example: Picture | None = None) -> pd.DataFrame:
        """The layers that run, in the order in which they finish: one row per layer and call.

        Columns: `name`; `type`; `kind` ("maps", "flat" or "tokens"); `shape` of the output for one image, as
        the layer gives it; `n_units`; `receptive_field` and `stride`, each (height, width) in pixels of the
        model's input, None where undefined (global pooling, attention, and all that follows them). Layers
        whose output is not understood as units, and those that do not run, are left out.

        Args:
            example: an image, or a prepared batch. Without one, a grey image of 256×256 pixels goes through
                `preprocess`; without that, usual sizes are tried until one fits.

        Raises:
            ModelError: the model does not run on the example, or on any usual size: give an example.
        """
        if example is None:
            batch = find_example(self.module, self.preprocess, self.logits)
        else:
            ready = isinstance(example, Tensor) and example.ndim == 4
            batch = cast(Tensor, example)[:1] if ready else self.prepare(example)[None]
            self.logits(batch)  # so that what is wrong with the example is said clearly
        return describe_layers(self.module, batch.to(self.device, self._dtype()))

    def resolve(self, layer: Layer) -> str:
        """The canonical name of a layer: "features.7"; "conv@1" for the second call of a reused module.

        Raises:
            UnknownLayerError: the model has no such layer; the message suggests the nearest names.
        """
        return str(find_call(self.module, layer))

    def recording(
        self, layers: Layer | Iterable[Layer], *, reduce: Callable[[str, UnitActivations], Any] | None = None
    ) -> AbstractContextManager[Activations]:
        """Collect the activations of `layers` at each forward pass inside a `with` block.

        ```python
        with net.recording(["features.7", "conv@1"]) as activations:
            net.logits(batch)
            activations["features.7"].maps   # batch×unit×height×width
        ```
        See `nbinterp.instrument.recording`.
        """
        return recording(self.module, layers, reduce=reduce)

    def evaluating(self) -> AbstractContextManager[None]:
        """Hold the model's lock, with the model in evaluation mode; each module's training flag is restored."""
        return evaluating(self.module)

    def fingerprint(self) -> str:
        """SHA-256 of the architecture and of every parameter and buffer; the device does not count.

        Raises:
            ValueError: the model has lazy parameters that no batch has gone through yet.
        """
        return fingerprint(self.module)

    def _dtype(self) -> torch.dtype:
        weights = (p.dtype for p in self.module.parameters() if p.is_floating_point())
        return next(weights, torch.float32)

    def _failure(self, batch: Tensor, error: Exception) -> str:
        hint = (
            "check that preprocess gives the size, channels and normalization the model was made for"
            if self.preprocess is not None
            else "without a preprocess images go in at their own size: give Classifier the one the model was made with"
        )
        return (
            f"{self._model} failed on a batch of shape {shape_text(batch.shape)} (batch×channel×height×width): "
            f"{type(error).__name__}: {error}; {hint}."
        )

    def _checked_logits(self, logits: Tensor, n_images: int) -> Tensor:
        if logits.ndim != 2 or logits.shape[0] != n_images or not logits.is_floating_point():
            raise ModelError(
                f"{self._model} returned {logits.dtype} of shape {shape_text(logits.shape)} for {n_images} images: a "
                "classifier returns floats of shape batch×class. Wrap it in a module that does (for batch×class×1×1: "
                "nn.Sequential(model, nn.Flatten()))."
            )
        if self.classes is not None and logits.shape[1] != len(self.classes):
            raise ModelError(
                f"{self._model} returned {logits.shape[1]} logits per image, but Classifier was given "
                f"{len(self.classes)} class names: give one name per logit, in their order."
            )
        return logits


def _check_batch(batch: Any) -> None:
    what = f"{batch.dtype} of shape {shape_text(batch.shape)}" if isinstance(batch, Tensor) else type(batch).__name__
    if not isinstance(batch, Tensor) or batch.ndim != 4 or not batch.is_floating_point():
        raise ValueError(
            f"a batch is a float tensor batch×channel×height×width; got {what}. "
            "net.batch([image, …]) makes one of images."
        )


def _class_names(classes: Any) -> tuple[str, ...]:
    names = tuple(classes) if not isinstance(classes, str) else (classes,)
    if isinstance(classes, str) or not all(isinstance(name, str) for name in names):
        wrong = classes if isinstance(classes, str) else next(n for n in names if not isinstance(n, str))
        raise TypeError(f"classes must be a list of strings, one per logit; got {wrong!r}")
    return names


def _name(function: Any) -> str:
    return getattr(function, "__name__", type(function).__name__)
