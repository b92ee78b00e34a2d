"""Running a model no further than needed: activations of some layers, and nothing after the last of them."""

from collections.abc import Iterable
from typing import Any

from jaxtyping import Float
from torch import Tensor, nn

from ._hooks import _activations, _hooked, _Images
from ._layers import Layer, LayerCall, check_observable, find_calls
from ._outputs import find_logits
from ._units import UnitActivations, read_units


class _Reached(Exception):
    """All that is wanted has been computed: the forward pass ends here."""


class Reach:
    """Forward passes that end at the last of some layers; what finding these takes is done once, here.

    The layers may be calls of reused modules. As a pass ends early, a model that does something after the last layer
    (counting its calls, say) does not do it. Between calls nothing is left on the model; its parts must stay what
    they were when this was made.

    Args:
        module: the model.
        layers: names ("features.7", "conv@1") or modules of the model, or one of these; may be empty with `logits`.
        logits: go on to the end, for the model's logits.

    Raises:
        UnknownLayerError: there is no such layer.
        TypeError: the model is compiled, scripted or replicated, so that hooks would not run.
    """

    def __init__(self, module: nn.Module, layers: Layer | Iterable[Layer], *, logits: bool = False) -> None:
        check_observable(module)
        self._module = module
        self._calls = find_calls(module, layers)
        self._logits = logits

    @property
    def layers(self) -> tuple[str, ...]:
        """Canonical names of the layers."""
        return tuple(str(call) for call in self._calls)

    def __call__(
        self, batch: Float[Tensor, "batch channel height width"]
    ) -> tuple[dict[str, UnitActivations], Float[Tensor, "batch class_"] | None]:
        """Activations of the layers on one batch, in the caller's gradient mode.

        They are not detached: gradients reach `batch`. They are safe from in-place operations that follow in the
        forward pass: behind the last layer there are none, and those of layers before it are copied.

        Args:
            batch: on the model's device and of its dtype; the model in the mode it is to run in (see `evaluating`).

        Returns:
            Canonical layer name -> activations, and the logits (None if they are not asked for).

        Raises:
            UnknownLayerError: a layer, or that call of it, did not run.
            ModelError: a layer's output cannot be read as units, or the logits not be found.
        """
        kept: dict[str, UnitActivations] = {}
        wanted = len(self._calls)

        def keep(call: LayerCall, output: Any, images: _Images) -> None:
            last = len(kept) == wanted - 1 and not self._logits
            tensor = _activations(call, output)
            mine = tensor if last else tensor.clone()
            kept[str(call)] = read_units(self._module, call.module, str(call), mine, images.count, images.size)
            if last:
                raise _Reached

        if not wanted and not self._logits:
            return {}, None
        with _hooked(self._module, self._calls, keep, on_start=kept.clear, checked=True):
            try:
                output = self._module(batch)
            except _Reached:
                output = None
        logits = find_logits(output, type(self._module).__name__) if self._logits else None
        return {name: kept[name] for name in self.layers}, logits


def activations_up_to(
    module: nn.Module,
    layers: Layer | Iterable[Layer],
    batch: Float[Tensor, "batch channel height width"],
    *,
    logits: bool = False,
) -> tuple[dict[str, UnitActivations], Float[Tensor, "batch class_"] | None]:
    """Activations of `layers` on one batch, the forward pass ending at the last of them: one call of a `Reach`."""
    return Reach(module, layers, logits=logits)(batch)
