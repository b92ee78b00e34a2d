"""Running only the part of a model behind one layer, from activations that were computed before.

Setting units of a layer changes nothing before it, so that part is run once, and what it gives is kept: the layer's
output, and every other value that the rest needs (shortcuts past the layer, for instance). Where a model cannot be
divided there, the whole of it is run each time, with the layer edited by hooks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.utils import _pytree as pytree

from ._division import Division, NotDivisible, divide, run_steps
from ._hooks import editing
from ._layers import Layer, check_observable, find_call
from ._locks import evaluating
from ._outputs import find_logits, first_tensor, with_first_tensor
from ._reach import Reach
from ._units import UnitActivations, read_units, unit_axis

Edit = Callable[[Tensor], Tensor]
_IMAGES = "images"


@dataclass(frozen=True, eq=False)
class Cut:
    """What a `Tail` starts from, of some images.

    Attributes:
        n_images: how many.
        values: name -> values, the images along the first axis.
    """

    n_images: int
    values: dict[str, Tensor]

    def rows(self, rows: Tensor | slice) -> Cut:
        """Those of some of the images: a copy, or a view for a slice."""
        values = {
            name: tensor[rows if isinstance(rows, slice) else rows.to(tensor.device)]
            for name, tensor in self.values.items()
        }
        n_images = len(range(self.n_images)[rows]) if isinstance(rows, slice) else len(rows)
        return Cut(n_images, values)


@dataclass(frozen=True)
class _Part:
    """One item of what crosses the cut: a tensor with the images along `axis`, their number, or always `same`."""

    axis: int | None = None
    count: bool = False
    same: Any = None


class Tail:
    """The part of a model behind one layer: run it from a cut, which `head` makes of images.

    It shares the model's weights, changes nothing on it, and holds its lock, in evaluation mode, while it runs. The
    model's parts must stay what they were when this was made.

    Args:
        module: the model.
        layer: name or module; "conv@1" is the second call of a reused module.
        batch: some images, on the model's device and of its dtype: on these it is made sure, bit for bit, that head
            and tail together give what the whole model gives, as it is and with the layer edited.

    Raises:
        UnknownLayerError: there is no such layer, or it does not run.
        ModelError: the layer's output cannot be read as units.
        TypeError: the model is compiled, scripted or replicated, so that hooks would not run.
    """

    def __init__(self, module: nn.Module, layer: Layer, batch: Float[Tensor, "batch channel height width"]) -> None:
        check_observable(module)
        self._module = module
        self._call = find_call(module, layer)
        self._size = (batch.shape[-2], batch.shape[-1])
        self._division: Division | None = None
        self._specs: list[Any] = []
        self._parts: list[list[_Part]] = []
        self._copies = False
        self.unit_axis, self.n_units, self.values_per_image = 1, 0, 0
        """Axis of the layer's output that holds the units, their number, and how many activations an image has."""
        with evaluating(module), torch.no_grad():
            Reach(module, layer)(batch[:1])  # refuses what is no layer, or cannot be read
            with editing(module, {self.layer: self._look}):
                module(batch[:1])
            self.reason = self._divide(batch)
        """Why the whole model is run; "" if only the part behind the layer is."""

    @property
    def layer(self) -> str:
        """The layer's canonical name."""
        return str(self._call)

    def head(self, batch: Float[Tensor, "batch channel height width"]) -> Cut:
        """Run the model up to the layer.

        Args:
            batch: on the model's device and of its dtype.

        Returns:
            What the tail starts from; without gradients.
        """
        if self._division is None:
            return Cut(len(batch), {_IMAGES: batch})
        with evaluating(self._module), torch.no_grad():
            found = self._crossing(self._division, batch)
        values = {}
        for number, (value, parts) in enumerate(zip(found, self._parts, strict=True)):
            for place, (leaf, part) in enumerate(zip(pytree.tree_leaves(value), parts, strict=True)):
                if part.axis is not None:
                    values[f"{number}.{place}"] = leaf.movedim(part.axis, 0)
        return Cut(len(batch), values)

    def __call__(self, cut: Cut, edit: Edit | None = None) -> Float[Tensor, "batch class_"]:
        """Run the rest, in the caller's gradient mode.

        Args:
            cut: on the model's device.
            edit: gets the layer's activations, in the shape in which the layer gives them, and returns what takes
                their place, of the same shape; it must not change what it gets.

        Returns:
            The logits, batch×class.

        Raises:
            ModelError: the model fails, or gives something that cannot be read as logits.
        """
        with evaluating(self._module):
            output = self._whole(cut, edit) if self._division is None else self._rest(self._division, cut, edit)
        return find_logits(output, type(self._module).__name__)

    def activations(self, cut: Cut) -> UnitActivations:
        """The layer's activations, as they were computed."""
        if self._division is None:
            with evaluating(self._module), torch.no_grad():
                return Reach(self._module, self.layer)(cut.values[_IMAGES])[0][self.layer]
        given = first_tensor(self._values(cut)[0])
        assert given is not None
        return read_units(self._module, self._call.module, self.layer, given, cut.n_images, self._size)

    def _look(self, given: Tensor) -> Tensor:
        """Note how the layer gives its activations."""
        self.unit_axis = 1 if given.ndim == 2 else unit_axis(self._module, self._call.module, given)
        self.n_units, self.values_per_image = given.shape[self.unit_axis], given[0].numel()
        return given

    def _whole(self, cut: Cut, edit: Edit | None) -> Any:
        if edit is None:
            return self._module(cut.values[_IMAGES])
        with editing(self._module, {self.layer: edit}):
            return self._module(cut.values[_IMAGES])

    def _rest(self, division: Division, cut: Cut, edit: Edit | None) -> Any:
        if self._copies:
            cut = Cut(cut.n_images, {name: values.clone() for name, values in cut.values.items()})
        known = dict(zip(division.crossing, self._values(cut), strict=True))
        if edit is not None:
            given = first_tensor(known[division.layer])
            assert given is not None
            known[division.layer] = with_first_tensor(known[division.layer], edit(given))
        last = division.tail[-1]
        return run_steps(self._module, division.tail, known, [last], division.constants)[last]

    def _values(self, cut: Cut) -> list[Any]:
        """What crosses the cut, as the model made it."""
        found = []
        for number, (spec, parts) in enumerate(zip(self._specs, self._parts, strict=True)):
            leaves = []
            for place, part in enumerate(parts):
                if part.axis is not None:
                    leaves.append(cut.values[f"{number}.{place}"].movedim(0, part.axis))
                else:
                    leaves.append(cut.n_images if part.count else part.same)
            found.append(pytree.tree_unflatten(leaves, spec))
        return found

    def _crossing(self, division: Division, batch: Tensor) -> list[Any]:
        images = next(step for step in division.head if step.op == "placeholder")
        found = run_steps(self._module, division.head, {images: batch}, division.crossing, division.constants)
        return [found[step] for step in division.crossing]

    def _divide(self, batch: Tensor) -> str:
        """Divide the model if that can be done, and make sure that it was done well; why not, if not."""
        try:
            division = divide(self._module, self._call)
            self._learn_parts(division, batch)
            self._division = division
            self._verify(batch)
        except NotDivisible as error:
            self._division = None
            return f"{type(self._module).__name__} cannot be divided at layer '{self.layer}': {error}"
        return ""

    def _learn_parts(self, division: Division, batch: Tensor) -> None:
        """How what crosses the cut depends on the number of images, from runs on two and on three."""
        two, three = (
            self._attempt(lambda n=n: self._crossing(division, batch[torch.arange(n) % len(batch)])) for n in (2, 3)
        )
        self._specs, self._parts = [], []
        for a, b in zip(two, three, strict=True):
            leaves_a, spec = pytree.tree_flatten(a)
            leaves_b, other = pytree.tree_flatten(b)
            if spec != other:
                raise NotDivisible("what goes past the layer depends on the number of images")
            self._specs.append(spec)
            self._parts.append([_part(x, y) for x, y in zip(leaves_a, leaves_b, strict=True)])

    def _verify(self, batch: Tensor) -> None:
        cut = self.head(batch)
        before = {name: values.clone() for name, values in cut.values.items()}
        whole = Cut(len(batch), {_IMAGES: batch})
        for edit in (None, _halve):
            expected = find_logits(self._whole(whole, edit), type(self._module).__name__)
            if not _same(self._attempt(partial(self, cut, edit)), expected):
                raise NotDivisible("its two parts together give other logits than the whole")
            if any(not _same(values, before[name]) for name, values in cut.values.items()):
                self._copies, cut = True, Cut(len(batch), before)
                before = {name: values.clone() for name, values in cut.values.items()}
        some = torch.arange(0, len(batch), 2, device=batch.device)
        part, expected = self._attempt(partial(self, cut.rows(some), _halve)), expected[some]
        spread = float(expected.float().nan_to_num().abs().max())
        if not torch.allclose(part.float(), expected.float(), rtol=1e-3, atol=1e-2 * spread, equal_nan=True):
            raise NotDivisible("what it gives for an image depends on the other images of the batch")

    def _attempt(self, run: Callable[[], Any]) -> Any:
        """What a run of the divided model gives: if it fails, where the whole does not, it was not divided well."""
        try:
            return run()
        except (NotDivisible, torch.OutOfMemoryError):
            raise
        except Exception as error:
            text = str(error).strip().splitlines()
            raise NotDivisible(
                f"its parts fail by themselves ({type(error).__name__}: {' '.join(text[:1])})"
            ) from error


def _part(two: Any, three: Any) -> _Part:
    """What an item of a crossing value is, from its values for two and for three images."""
    if isinstance(two, Tensor) and isinstance(three, Tensor) and two.ndim == three.ndim:
        sizes = list(zip(two.shape, three.shape, strict=True))
        axes = [axis for axis, pair in enumerate(sizes) if pair == (2, 3)]
        if len(axes) == 1 and all(a == b for axis, (a, b) in enumerate(sizes) if axis != axes[0]):
            return _Part(axis=axes[0])
        if two.shape == three.shape and _same(two, three):
            return _Part(same=two)
    elif isinstance(two, int) and not isinstance(two, bool) and (two, three) == (2, 3):
        return _Part(count=True)
    elif type(two) is type(three) and not isinstance(two, Tensor) and two == three:
        return _Part(same=two)
    raise NotDivisible(f"a {type(two).__name__} goes past the layer that is not made image by image")


def _halve(activations: Tensor) -> Tensor:
    return activations * 0.5


def _same(one: Tensor, other: Tensor) -> bool:
    return (
        one.shape == other.shape
        and torch.equal(one.isnan(), other.isnan())
        and torch.equal(one.nan_to_num(), other.nan_to_num())
    )
