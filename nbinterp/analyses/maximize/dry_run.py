"""One forward pass before the work starts: what would fail in the background is refused at once."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from nbinterp.instrument import Classifier, ModelError, UnknownLayerError
from nbinterp.kernels import objectives
from nbinterp.kernels.objectives import ImageView

from .scores import judge_logits
from .setup import START, Group, Setup, evaluate

USUAL_SIZES = (224, 64, 32, 28, 96, 128, 299, 256, 384)  # px


def dry_run(setup: Setup, judge: Classifier | None) -> frozenset[str]:
    """Make one start image and let the network, every objective and the judge look at it.

    Returns:
        The layers whose units are the classes: what they give are the logits.

    Raises:
        ModelError: the network does not run on such images; the message names sizes.
        UnknownLayerError: a layer does not run.
        Exception: what an objective or the judge refuses.
    """
    image = _start_image(setup)
    view = _look(setup, image, list(setup.groups), logits=judge is not None)
    for group in setup.groups:
        views = [view] * group.n_images
        values, _ = evaluate([group], views)
        if not values.requires_grad:
            raise ValueError(f"the objective '{group.objective!r}' does not depend on the image: nothing to maximize")
    if judge is not None:
        judge_logits(judge, image.detach().float().cpu().numpy())
    flat = {layer: seen.flat for layer, seen in view.activations.items()}
    logits = view.logits
    return frozenset(name for name, values in flat.items() if values is not None and _same(values, logits))


def all_units(setup: Setup, layer: str) -> range:
    """All units of a layer."""
    seen = _look(setup, _start_image(setup), [Group(objectives.deepdream(layer), 1)]).layer(layer)
    values = seen.maps if seen.maps is not None else seen.flat
    assert values is not None
    return range(values.shape[1])


def layer_with_positions(setup: Setup, layer: str) -> str:
    """The layer itself if it has activation maps, else the last one before it that has: where diversity is measured.

    Raises:
        ValueError: there is none.
    """
    image = _start_image(setup)
    if _look(setup, image, [Group(objectives.deepdream(layer), 1)]).layer(layer).maps is not None:
        return layer
    found = setup.net.layers(setup.to_input(image.detach()))
    before = found[: list(found["name"]).index(layer)]
    facts = zip(before["name"], before["kind"], before["shape"], strict=True)
    spatial = [str(name) for name, kind, shape in facts if kind != "flat" and max(shape[1:]) > 1]
    if not spatial:
        raise ValueError(f"no layer up to {layer!r} has positions in which images could differ: give diversity=0")
    return spatial[-1]


def _start_image(setup: Setup) -> Tensor:
    """One start image, on the network's device; nothing of the run is used up."""
    start = None if setup.start is None else setup.start[:1]
    found = setup.parameterization
    parameters = found.start(1, setup.channels, setup.size, setup.generator(START), image=start)
    parameters = {name: values.to(setup.net.device) for name, values in parameters.items()}
    with torch.no_grad():
        return setup.images(parameters)


def _look(setup: Setup, image: Tensor, groups: list[Group], *, logits: bool = False) -> ImageView:
    """What the network does on one image."""
    viewer = setup.viewer(groups, logits=logits)
    with viewer.ready(), torch.enable_grad():
        try:
            return viewer(image, image.requires_grad_(), [0.0])[0]
        except (ModelError, UnknownLayerError, torch.OutOfMemoryError):
            raise
        except Exception as error:
            raise ModelError(_failure(setup, error)) from error


def _failure(setup: Setup, error: Exception) -> str:
    height, width = setup.size
    fitting = next((size for size in _sizes(setup) if _runs(setup, size)), None)
    hint = "the model may need another size or number of channels" if fitting is None else f"size={fitting} works"
    return (
        f"{type(setup.net.module).__name__} does not run on images of {height}×{width} pixels and {setup.channels} "
        f"channel{'s' * (setup.channels != 1)} ({type(error).__name__}: {error}): {hint}"
    )


def _sizes(setup: Setup) -> list[int]:
    told: Any = getattr(setup.net.module, "image_size", None)
    return [told, *USUAL_SIZES] if isinstance(told, int) else list(USUAL_SIZES)


def _runs(setup: Setup, side: int) -> bool:
    viewer = setup.viewer([], logits=True)
    image = torch.full((1, setup.channels, side, side), 0.5, device=setup.net.device)
    try:
        with viewer.ready(), torch.no_grad():
            viewer(image, image, [0.0])
    except Exception:  # whatever the reason, this size is none to recommend
        return False
    return True


def _same(values: Tensor, logits: Tensor | None) -> bool:
    return (
        logits is not None
        and values.shape == logits.shape
        and torch.allclose(values.float(), logits.float(), rtol=1e-4)
    )
