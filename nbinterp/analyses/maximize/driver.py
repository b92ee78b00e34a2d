"""maximize: images that show what units, or any objectives, respond to."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn

from nbinterp.instrument import Classifier
from nbinterp.jobs import worker_of
from nbinterp.kernels import objectives
from nbinterp.kernels.objectives import Objective
from nbinterp.kernels.parameterizations import Parameterization
from nbinterp.kernels.parameterizations import parameterization as find_parameterization
from nbinterp.kernels.phase import MACO
from nbinterp.kernels.recipes import Recipe
from nbinterp.kernels.transforms import Transform

from ..recording import Recording
from . import request
from .board import Board, Scores, Subjects
from .color_map import color_map, image_channels
from .dry_run import all_units, dry_run, layer_with_positions
from .engine import Optimization
from .scores import Scorer
from .setup import Group, Setup, subjects_of
from .spectrum import SpectrumSource
from .visualizations import Visualizations

BATCH = 16
DIVERSITY = 3.0  # chosen by looking: at 1 the images of a unit are alike, at 10 many have left the unit


@torch.inference_mode(False)
@torch.enable_grad()  # whatever the mode in which the caller asks
def maximize(
    net: Classifier,
    layer: str | nn.Module | Mapping[Any, int | Iterable[int] | None] | None = None,
    units: int | Iterable[int] | None = None,
    *,
    parameterization: str | Parameterization = "fourier",
    recipe: str | Recipe | None = None,
    steps: int | None = None,
    size: int | tuple[int, int] = 224,
    objective: Objective | Callable[[str, int], Objective] | None = None,
    transforms: Sequence[Transform] | None = None,
    learning_rate: float | None = None,
    n_images: int = 1,
    diversity: float | None = None,
    start: Any = None,
    spectrum: Any = None,
    seed: int = 0,
    recording: Recording | None = None,
    judge: Classifier | None = None,
    batch_size: int | None = None,
    precision: str = "weights",
    redirect_steps: int = 16,
    normalize: Callable[[Tensor], Tensor] | None = None,
    name: str | None = None,
) -> Visualizations:
    """Make images that maximize what units respond to; returns at once, the images form in the background.

    What is asked for is checked first, by one forward pass. The network's weights are frozen and it is in evaluation
    mode during each step, and left as it was between steps; it runs up to the last layer needed. Units are optimized
    many at a time, also of several layers; the same arguments give the same images, whatever the batch size (to
    rounding).

    Args:
        net: the classifier.
        layer: a layer (name or module), or a mapping of several to their units.
        units: which units: one, several, None for all of the layer.
        parameterization: "fourier", "pixel", "maco", "cppn", or an object such as `Latent(generator, shape)`.
        recipe: a preset of steps, learning rate and transforms: "quick" (default on a CPU), "lucid" (default on an
            accelerator), "distill", "quick-maco" and "maco" (the defaults for MACO), "none", or a `Recipe`.
        steps: in the place of the recipe's.
        transforms: in the place of the recipe's, in their order.
        learning_rate: in the place of the recipe's.
        size: of the images in pixels, one number or (height, width); the network gets them at this size.
        objective: (layer, unit) -> what to maximize, such as `objectives.neuron`; default `objectives.unit`, the mean
            over positions. Or one `Objective` (then no layer and units), for one group of images.
        n_images: images per unit (or of the objective), which are to differ.
        diversity: how much likeness among the images of a unit counts against it (`objectives.diversity` of the
            layer, or of the last one before it that has positions), in the units of the response: with larger
            responses it takes more. Default 3 with several images of a unit, 0 for a given `Objective`.
        start: image or images to start from, in [0, 1]; default: nearly grey.
        spectrum: for MACO: a `ProbeSet`, a file, or magnitudes; default: of the recording's images if they are at
            hand, else of the planted world's. Images are read in the background.
        seed: of start and transforms.
        recording: of the same network, for percentiles.
        judge: another classifier, for a second opinion.
        batch_size: images optimized together; default 16. Images of a unit stay together.
        precision: "weights", that of the network's weights (float32 as a rule), or "autocast" for bfloat16 where
            PyTorch deems it safe. Images are kept and changed in float32 either way.
        redirect_steps: in so many first steps, ReLUs that let no gradient through redirect it (Lucid's remedy for
            units that are off at the start).
        normalize: images batch×channel×height×width in [0, 1] -> the network's input, differentiable; default: measured
            from the classifier's preprocess.
        name: what the result calls its subject.

    Returns:
        The result, which fills in: `wait()` blocks, `stop()` ends early and keeps what is there, reading `.images`
        waits for the end.

    Raises:
        UnknownLayerError: no such layer, or it does not run.
        IndexError: no such unit or position.
        ValueError: another wrong argument; a preprocess that is no map of colours; a recording of another network.
        ModelError: the network does not run on images of this size.
    """
    asked = dict(locals())
    _check_types(net, recording, judge)
    request.check_function("normalize", normalize)
    request.check_precision(precision, net)
    wanted = request.read_wanted(net, layer, units, objective)
    if wanted is not None:  # for `again`: units may come from a generator that is now used up
        asked["layer"], asked["units"] = wanted[0] if len(wanted) == 1 else (dict(wanted), None)
    n_images = request.whole("n_images", n_images, 1)
    height_width = request.read_size(size)
    found, measure = find_parameterization(parameterization), None
    to_input, channels = _input_of(net, height_width, normalize)
    if channels not in (1, 3):
        raise ValueError(f"images have 1 or 3 channels; the network takes {channels}: wrap it in one that takes fewer")
    if isinstance(found, MACO) and (found.spectrum is None or spectrum is not None):
        known, measure = request.choose_spectrum(spectrum, height_width, channels, recording, net.device)
        found = MACO(known)
    elif spectrum is not None:
        raise ValueError("a spectrum is for parameterization='maco'")
    setup = Setup(
        net=net,
        groups=(),
        parameterization=found,
        recipe=request.read_recipe(net, recipe, found, steps, transforms, learning_rate),
        shape=(channels, *height_width),
        to_input=to_input,
        precision=precision,
        redirect_steps=request.whole("redirect_steps", redirect_steps, 0),
        seed=request.whole("seed", seed, 0),
        start=None,
    )
    weight = _diversity(diversity, n_images, objective)
    groups = _groups(setup, wanted, objective, n_images, weight)
    setup = replace(setup, groups=groups, start=request.read_start(start, len(groups) * n_images, channels))
    return _begin(setup, asked, weight, measure)


def _check_types(net: Any, recording: Any, judge: Any) -> None:
    for what, value, optional in (("net", net, False), ("judge", judge, True)):
        if not isinstance(value, Classifier) and not (optional and value is None):
            raise TypeError(
                f"{what} must be a Classifier, got {type(value).__name__}: wrap the model, nbi.Classifier(…)"
            )
    if recording is None:
        return
    if not isinstance(recording, Recording):
        raise TypeError(f"recording must be a Recording, made by nbi.record; got {type(recording).__name__}")
    if recording.net is not net and recording.fingerprints["net"] != net.fingerprint():
        raise ValueError("the recording is of a network with other weights: record this one, nbi.record(net, …)")


def _input_of(
    net: Classifier, size: tuple[int, int], normalize: Callable[[Tensor], Tensor] | None
) -> tuple[Callable[[Tensor], Tensor], int]:
    """The way from images to the network's input, and the images' channels."""
    if normalize is not None:
        return normalize, image_channels(net, size, normalize)
    measured = color_map(net, size)
    return measured.to(net.device), measured.channels


def _diversity(weight: float | None, n_images: int, objective: Any) -> float:
    """How much likeness counts against the images of a group."""
    if weight is None:
        return 0.0 if n_images == 1 or isinstance(objective, Objective) else DIVERSITY
    if n_images == 1:
        raise ValueError("diversity is among several images of a unit: ask for them, n_images=4")
    if isinstance(weight, bool) or not isinstance(weight, int | float) or not math.isfinite(weight):
        raise ValueError(f"diversity is a weight, such as 1.0; got {weight!r}")
    return float(weight)


def _groups(setup: Setup, wanted: request.Wanted | None, objective: Any, n_images: int, weight: float) -> list[Group]:
    """A group of images for each unit, or one for the objective."""
    if wanted is None:
        layer = next(iter(objective.layers), None)
        if not weight:
            return [Group(objective, n_images)]
        if layer is None:
            raise ValueError("diversity is measured in a layer, and the objective names none: subtract it yourself")
        return [Group(objective - weight * objectives.diversity(layer), n_images)]
    make = objectives.unit if objective is None else objective
    groups = []
    for layer, units in wanted:
        where = layer_with_positions(setup, layer) if weight else layer
        for unit in all_units(setup, layer) if units is None else units:
            made = make(layer, unit)
            if not isinstance(made, Objective) or not made.terms:
                raise TypeError(f"objective({layer!r}, {unit}) gave {made!r}: it must return an Objective")
            groups.append(Group(made - weight * objectives.diversity(where) if weight else made, n_images))
    return groups


def _begin(setup: Setup, asked: dict[str, Any], diversity: float, measure: SpectrumSource | None) -> Visualizations:
    """Try everything out, and start; `asked` are the arguments of `maximize`."""
    scorer = Scorer(setup, asked["recording"], asked["judge"], dry_run(setup, asked["judge"]))
    batches = _batches(setup, asked["batch_size"])
    n_each = setup.groups[0].n_images
    rows = [slice(groups.start * n_each, groups.stop * n_each) for groups in batches]
    targets = [group.objective.target for group in setup.groups]
    layers = [
        next(iter(g.objective.layers), None) if t is None else t[0] for g, t in zip(setup.groups, targets, strict=True)
    ]
    subjects = subjects_of(setup.groups, layers, [None if t is None else t[1] for t in targets])
    board = Board(subjects, Scores.unknown(setup.n_images, setup.shape), setup.recipe.steps, rows)
    about = _about(setup, subjects, asked["name"]) | {"diversity": diversity}
    run, worker = Optimization(setup, batches, scorer, measure), worker_of(setup.net, "optimize")
    return Visualizations(board, about, run=run, worker=worker, asked=asked)._start()


def _batches(setup: Setup, batch_size: int | None) -> list[slice]:
    """Which groups are optimized together."""
    n_groups = len(setup.groups)
    n_images = BATCH if batch_size is None else request.whole("batch_size", batch_size, 1)
    n_at_once = max(1, n_images // setup.groups[0].n_images)
    return [slice(first, min(first + n_at_once, n_groups)) for first in range(0, n_groups, n_at_once)]


def _about(setup: Setup, subjects: Subjects, name: str | None) -> dict[str, Any]:
    """What the images are and how they are made, for people and files."""
    recipe = setup.recipe
    titles = list(dict.fromkeys(subjects.titles))
    return {
        "subject": name or (titles[0] if len(titles) == 1 else f"{len(titles)} objectives"),
        "model": type(setup.net.module).__name__,
        "objectives": [repr(group.objective) for group in setup.groups],
        "n_images": setup.groups[0].n_images,
        "parameterization": type(setup.parameterization).__name__,
        "recipe": recipe.name,
        "steps": recipe.steps,
        "learning_rate": recipe.learning_rate,
        "optimizer": recipe.optimizer,
        "transforms": [repr(transform) for transform in recipe.transforms],
        "views": recipe.views,
        "size": list(setup.size),
        "channels": setup.channels,
        "precision": setup.precision,
        "redirect_steps": setup.redirect_steps,
        "started_from_images": setup.start is not None,
        "seed": setup.seed,
        "device": str(setup.net.device),
    }
