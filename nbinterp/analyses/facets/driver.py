"""facets: the kinds of images that drive one unit, and an image made of each."""

from __future__ import annotations

from typing import Any

import numpy as np
from torch import nn

from nbinterp.instrument import Classifier
from nbinterp.kernels.recipes import Recipe

from ..maximize import color_map
from ..maximize.request import read_size, whole
from ..recording import LayerRecording, Recording
from .discovery import discover
from .facets import Facets, Ingredients
from .features import (
    classes_are_units,
    default_layer,
    even_units,
    features_of,
    images_of_class,
    images_of_unit,
    read_images,
    read_unit,
)
from .making import Making, read_recipe


def facets(
    recording: Recording,
    layer: str | nn.Module,
    unit: int | str,
    *,
    n_facets: int | None = None,
    feature_layer: str | nn.Module | None = None,
    images: Any = None,
    method: str = "pca",
    cluster: str = "kmeans",
    max_facets: int = 6,
    m: int = 15,
    exemplars: int = 8,
    synthesis: str | None = "fourier",
    recipe: str | Recipe | None = None,
    size: int | tuple[int, int] | None = None,
    seed: int = 0,
    judge: Classifier | None = None,
) -> Facets:
    """Find the facets of a unit: the different kinds of images it responds to, and show what each looks like.

    Nguyen, Yosinski, Clune, "Multifaceted Feature Visualization", arXiv:1602.03616. The facets are there when this
    returns; the synthesized images, all in one batch, form in the background.

    Args:
        recording: what the network did on a probe set, with both attached.
        layer: the unit's layer, recorded. If its units are the classes, the unit stands for a class.
        unit: its number, or the name of a class.
        n_facets: how many; None to let the images decide (see `discover`), one being an answer.
        feature_layer: the recorded layer in whose features images are compared: the layout of its maps (see
            `layout_features`), or the activations of a layer without positions; every unit counts alike. Default: of
            the recorded layers with maps up to the unit's layer, the last but one.
        images: which images: indices, or one boolean per image. Default: of a class, the images labelled with it (if
            the labels are the classifier's; else those predicted as it); of another unit, the tenth of the images that
            activate it most, 50 to 300 of them, activations above 0 only.
        method: what is clustered: "pca" scores, or the plane that "tsne" or "umap" makes of them.
        cluster: "kmeans" or "hdbscan".
        max_facets: how many at most, if not given.
        m: how many images nearest its centre make a facet's mean image.
        exemplars: how many of them are its exemplars.
        synthesis: how images are made: "fourier" (`maximize` from the mean images), "tv" (the paper's schedule with
            total variation denoising), "centre" (its centre-biased one), or None.
        recipe: "quick" (default on a CPU), "paper" (default on an accelerator: the exact schedules; Lucid's for
            "fourier"), or for "fourier" any recipe of `maximize`. The quick one makes half the steps it makes there:
            the more steps, the less is left of the mean image, and with it of the facet.
        size: of mean and synthesized images in pixels; default that of the recording's first image.
        seed: of everything random.
        judge: another classifier, for a second opinion and `quality`.

    Raises:
        UnknownLayerError: a layer was not recorded.
        LookupError: no such unit, class or image.
        ValueError: a wrong argument, or no image drives the unit.
        DetachedError: the recording was loaded without its network or probe set.
    """
    if not isinstance(recording, Recording):
        raise TypeError(f"recording must be a Recording, made by nbi.record; got {type(recording).__name__}")
    if judge is not None and not isinstance(judge, Classifier):
        raise TypeError(f"judge must be a Classifier, got {type(judge).__name__}: wrap the model, nbi.Classifier(…)")
    m, exemplars = whole("m", m, 1), whole("exemplars", exemplars, 1)
    net, probe = recording._attached("finding and showing facets")
    recipe = read_recipe(synthesis, recipe, net)
    kept = recording[layer]
    number = read_unit(recording, kept, unit)
    is_class = classes_are_units(recording, kept)
    values = recording.logits[:, number] if is_class else kept.mean[:, number]
    indices, chosen = _images(recording, kept, number, is_class, values, images)
    where = default_layer(recording, kept) if feature_layer is None else recording[feature_layer]
    features = even_units(features_of(recording, where, indices), where.n_units)
    height_width = probe.size(0) if size is None else read_size(size)
    ingredients = Ingredients(
        making=Making(
            recording=recording,
            layer=kept.name,
            unit=number,
            is_class=is_class,
            synthesis=synthesis or "fourier",
            recipe=recipe,
            seed=whole("seed", seed, 0),
            judge=judge,
        ),
        synthesize=synthesis is not None,
        indices=indices,
        chosen=chosen,
        values=values[indices].astype(np.float32),
        feature_layer=where.name,
        features=features,
        how={"method": method, "cluster": cluster, "max_facets": max_facets, "seed": seed},
        m=m,
        n_exemplars=exemplars,
        size=height_width,
        channels=color_map(net, height_width).channels,
    )
    return ingredients.facets(discover(features, n_facets=n_facets, **ingredients.how))


def _images(
    recording: Recording, layer: LayerRecording, unit: int, is_class: bool, values: np.ndarray, images: Any
) -> tuple[np.ndarray, str]:
    """Which images, and how they were chosen."""
    if images is not None:
        found, chosen = read_images(recording, images), "given"
    elif is_class:
        found, chosen = images_of_class(recording, unit)
    else:
        found, chosen = images_of_unit(values)
    if not len(found):
        what = "is predicted as this class" if is_class else "activates this unit"
        raise ValueError(f"no image of the recording {what} (unit {unit} of {layer.name!r}): choose some, images=…")
    return found, chosen
