"""Something to look into at once, with no download: small scenes of which everything is known, and two networks."""

from __future__ import annotations

from collections.abc import Sequence

from nbinterp.data import ProbeSet
from nbinterp.data.world import CONCEPTS, SceneSource
from nbinterp.instrument import Classifier
from nbinterp.zoo import load_network, network_facts


def scenes(
    n: int = 1000,
    seed: int = 0,
    *,
    size: int | tuple[int, int] = 64,
    classes: Sequence[str] | None = None,
    **nuisance: float | tuple[float, float],
) -> ProbeSet:
    """Scenes of the planted world, painted when they are looked at, the same for the same arguments.

    Ten classes (aquarium, beach, flowers, forest, harbour, home, kitchen, railway, road, shop), each with two facets
    that look nothing alike and up to two hidden subclasses (such as "snow" or "cat"), to each of which a quarter of
    the class belongs. Labels, names and these come with the probe set, so do label maps of every image's objects,
    parts, materials, textures, colours (the nearest of eleven basic colour names) and scene. Image i is the same for
    every `n`.

    Args:
        n: how many images, at least 1.
        seed: which world, 0 … 2³² − 1. The embedded networks were trained on 1000001 and 1000002.
        size: of the images in pixels, one number or (height, width). The embedded networks expect 64.
        classes: the scene classes to take, default all; labels number them in this order.
        nuisance: what to hold fixed (a number) or draw evenly from a range (a pair): `scale` (× usual size), `x`, `y`
            (half image sides, to the right and down) and `rotation` (degrees clockwise) of the scene's subject;
            `brightness`, `contrast` (factors), `blur` (standard deviation, in 64ths of the shorter side), `noise`
            (standard deviation, of 255). Nothing else changes with them.

    Returns:
        A probe set with `columns` facet, subclass ("" = none) and every nuisance factor.

    Raises:
        TypeError: an unknown nuisance factor, or an argument of the wrong type.
        ValueError: a number out of range, or an unknown class.
    """
    source = SceneSource(n, seed, size=size, classes=classes, nuisance=nuisance)
    return ProbeSet(
        source,
        names=[f"{recipe.class_name}-{i:05d}" for i, recipe in enumerate(source.recipes)],
        labels=source.labels(),
        class_names=source.classes,
        concepts=CONCEPTS,
        columns=source.columns(),
        ignore=None,
    )


def classifier() -> Classifier:
    """The main network, trained on the planted world: a small convolutional network, `nbinterp.zoo.SceneNet`.

    Layers to begin with: `stage2`, `stage3`, `stage4` (maps), `features` (flat); `classifier().layers()` lists all.
    """
    return _classifier("main")


def independent_classifier() -> Classifier:
    """The second network, of another architecture (`nbinterp.zoo.PatchNet`) and trained on other scenes.

    Layers to begin with: `mixer2` (maps), `attention1`, `attention2` (tokens).
    """
    return _classifier("independent")


def _classifier(name: str) -> Classifier:
    return Classifier(load_network(name), classes=network_facts(name)["classes"])
