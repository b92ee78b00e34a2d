"""Reading what a user asks `maximize` for: layers and units, sizes, start images. Whatever is wrong is said here."""

from __future__ import annotations

import operator
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

from nbinterp.data import ProbeSet
from nbinterp.instrument import Classifier
from nbinterp.kernels.objectives import Objective
from nbinterp.kernels.parameterizations import Parameterization
from nbinterp.kernels.phase import MACO
from nbinterp.kernels.recipes import Recipe, recipe
from nbinterp.kernels.spectra import resample_spectrum
from nbinterp.kernels.transforms import Transform

from ..recording import Recording
from .spectrum import SpectrumSource, checked_spectrum, default_spectrum, read_spectrum
from .viewing import PRECISIONS

Layer = str | nn.Module
Units = int | Iterable[int] | None
Wanted = list[tuple[str, list[int] | None]]
FROM_RECORDING, FROM_PROBE = 200, 500  # images of a recording, or of a given probe set, whose spectrum MACO takes


def read_wanted(net: Classifier, layer: Any, units: Units, objective: Any) -> Wanted | None:
    """The layers and their units (None: all of them); None where an `Objective` says it all.

    Raises:
        ValueError: nothing, or twice the same, is asked for.
        TypeError: what should be units or layers is something else.
        UnknownLayerError: there is no such layer.
    """
    if isinstance(objective, Objective):
        if layer is not None or units is not None:
            raise ValueError("an Objective says itself which layer and units it is about: leave out layer and units")
        if not objective.terms:
            raise ValueError("the objective is empty: there is nothing to maximize")
        return None
    if objective is not None and not callable(objective):
        raise TypeError(f"objective is an Objective, or a function (layer, unit) -> Objective; got {objective!r}")
    if isinstance(layer, Mapping):
        if units is not None:
            raise ValueError("with {layer: units, …} the units are given already: leave out units")
        wanted = [(net.resolve(name), read_units(theirs)) for name, theirs in layer.items()]
    elif layer is None:
        raise ValueError("say which layer (net.layers() lists them), or give an Objective: objective=…")
    else:
        wanted = [(net.resolve(layer), read_units(units))]
    if not wanted or any(theirs == [] for _, theirs in wanted):
        raise ValueError("no units are asked for: name at least one, or None for all of a layer")
    return wanted


def read_units(units: Units) -> list[int] | None:
    """Units as numbers; None stays None."""
    if units is None:
        return None
    single = isinstance(units, int | np.integer) or getattr(units, "ndim", None) == 0
    given: Any = [units] if single else units
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise TypeError(f"units are a number or several, such as range(16); got {units!r}")
    return [_unit(number) for number in given]


def _unit(number: Any) -> int:
    try:
        index = -1 if isinstance(number, bool) else operator.index(number)
    except TypeError:
        index = -1
    if index < 0:
        raise ValueError(f"a unit is a whole number from 0, got {number!r}")
    return index


def whole(name: str, value: Any, least: int) -> int:
    """A whole number of at least `least`."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        raise ValueError(f"{name} must be a whole number of at least {least}, got {value!r}")
    return int(value)


def read_size(size: Any) -> tuple[int, int]:
    """(height, width) in pixels, of one number or two."""
    pair = tuple(size) if isinstance(size, Sequence) else (size, size)
    if len(pair) != 2:
        raise ValueError(f"size is one number of pixels, or (height, width); got {size!r}")
    return whole("size", pair[0], 1), whole("size", pair[1], 1)


def read_recipe(
    net: Classifier,
    chosen: str | Recipe | None,
    parameterization: Parameterization,
    steps: int | None,
    transforms: Sequence[Transform] | None,
    learning_rate: float | None,
) -> Recipe:
    """The recipe with what is given in its place: a quick one on a CPU, the published one on an accelerator."""
    if chosen is None:
        quick = net.device.type == "cpu"
        maco = isinstance(parameterization, MACO)
        chosen = ("quick-maco" if quick else "maco") if maco else ("quick" if quick else "lucid")
    if learning_rate is None and not isinstance(chosen, Recipe):
        learning_rate = parameterization.learning_rate
    found = recipe(chosen)
    changes: dict[str, Any] = {
        "steps": None if steps is None else whole("steps", steps, 1),
        "learning_rate": learning_rate,
    }
    changes["transforms"] = None if transforms is None else _chain(transforms)
    return replace(found, **{name: value for name, value in changes.items() if value is not None})


def _chain(transforms: Any) -> tuple[Transform, ...]:
    chain = (transforms,) if isinstance(transforms, Transform) else tuple(transforms)
    wrong = next((one for one in chain if not isinstance(one, Transform)), None)
    if wrong is not None:
        raise TypeError(
            f"transforms are a sequence of nbinterp.kernels.transforms such as Jitter(8), got {wrong!r} among them; "
            "a preset goes by its name: recipe='lucid'"
        )
    return chain


def read_start(start: Any, n: int, channels: int) -> Tensor | None:
    """Start images, n|1 × channel × height × width in [0, 1], of what the user gave.

    Raises:
        TypeError: they are no images.
        ValueError: another number of images or channels than is to be made.
    """
    if start is None:
        return None
    if isinstance(start, Sequence) and not isinstance(start, str):
        if not start:
            raise ValueError("start is empty: give one image, or one for each that is made")
        images = torch.cat([_one_start(image, channels) for image in start])
    else:
        images = _one_start(start, channels)
    if images.shape[1] != channels or len(images) not in (1, n):
        raise ValueError(
            f"start has {len(images)} image{'s' * (len(images) != 1)} of {images.shape[1]} channels; needed: one, or "
            f"{n}, of {channels}"
        )
    return images.float()


def _one_start(image: Any, channels: int) -> Tensor:
    if isinstance(image, Image.Image):
        image = np.asarray(image.convert("L" if channels == 1 else "RGB"))
    if isinstance(image, np.ndarray):
        last = image.ndim == 3 and image.shape[-1] in (1, 3)
        image = torch.from_numpy(np.ascontiguousarray(image.transpose(2, 0, 1) if last else image).copy())
    if not isinstance(image, Tensor):
        raise TypeError(f"start is an image (PIL, array or tensor) or several; got {type(image).__name__}")
    if image.dtype == torch.uint8:
        image = image.float() / 255
    if image.ndim == 2:
        image = image[None]
    return image[None] if image.ndim == 3 else image


def choose_spectrum(
    given: Any, size: tuple[int, int], channels: int, recording: Recording | None, device: torch.device
) -> tuple[Tensor, SpectrumSource | None]:
    """The spectrum that MACO is to hold: the given one, else the recording's probe set's, else the planted world's.

    Returns:
        The spectrum and None; where images have to be read for it, one that stands in for it, and what measures it.
    """
    if given is None and recording is not None and recording.probe is not None:
        source = SpectrumSource(recording.probe, size, channels, FROM_RECORDING)
        return source.stand_in().to(device), source
    if given is None:
        return default_spectrum(size, channels).to(device), None
    if isinstance(given, ProbeSet):
        source = SpectrumSource(given, size, channels, FROM_PROBE)
        return source.stand_in().to(device), source
    if isinstance(given, str | os.PathLike):
        given = read_spectrum(given)
    found = checked_spectrum(given, "the given one")
    if found.shape[0] != channels:
        raise ValueError(f"the spectrum is of {found.shape[0]} channels, the images to be made have {channels}")
    return resample_spectrum(found, *size).to(device), None


def check_precision(precision: Any, net: Classifier) -> None:
    """Refuse what is none of `PRECISIONS`; a number format's name gets told what the network's weights have."""
    if isinstance(precision, str) and precision in PRECISIONS:
        return
    known = ", ".join(map(repr, PRECISIONS))
    dtype = next((p.dtype for p in net.module.parameters() if p.is_floating_point()), torch.float32)
    raise ValueError(
        f"precision is one of {known}; got {precision!r}. 'weights' runs the network in the precision of its weights, "
        f"here {str(dtype).removeprefix('torch.')}: convert the model for another, or take 'autocast' for bfloat16"
    )


def check_function(name: str, value: Callable[..., Any] | None) -> None:
    """Refuse what cannot be called."""
    if value is not None and not callable(value):
        raise TypeError(f"{name} must be a function, or None; got {value!r}")
