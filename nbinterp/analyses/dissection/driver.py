"""dissect: which concept every unit of a layer localizes, in one pass over a probe set with masks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, overload

from torch import nn

from nbinterp.data import ProbeSet
from nbinterp.instrument import Classifier
from nbinterp.kernels.dissection import Convention

from .concepts import Segmenter
from .dissection import Dissection
from .setup import check_setup


@overload
def dissect(net: Classifier, probe: ProbeSet, layer: str | nn.Module, **settings: Any) -> Dissection: ...
@overload
def dissect(
    net: Classifier, probe: ProbeSet, layer: Sequence[str | nn.Module], **settings: Any
) -> dict[str, Dissection]: ...
def dissect(  # pyright: ignore[reportInconsistentOverload]  # the overloads name no settings
    net: Classifier,
    probe: ProbeSet,
    layer: str | nn.Module | Sequence[str | nn.Module],
    *,
    convention: str | Convention = "pnas2020",
    quantile: float | None = None,
    segmenter: Segmenter | None = None,
    concepts: Mapping[str, Sequence[str]] | None = None,
    categories: Sequence[str] | None = None,
    colours: bool = False,
    min_images: int = 5,
    precision: str = "half",
    memory_gb: float = 2.0,
    chance: int = 20,
    keep_maps: bool = False,
    top: int = 9,
    batch_size: int = 64,
    seed: int = 0,
    progress: bool = True,
) -> Dissection | dict[str, Dissection]:
    """Find the concept that every unit of a layer localizes best (Bau et al. 2017, arXiv:1704.05796; 2020, 2009.05041).

    Each image goes through the network once. The layer's activation maps are kept, in half precision; a unit's
    threshold is the exact level that a share `quantile` of its activations exceeds over all images, and its mask in an
    image is where its map, resampled to the concept masks, is above that. Intersection over union is counted over the
    whole probe set. Concepts are looked at in the part of the image that the network sees; what a
    preprocess adds around it shows none.

    Under torch.distributed (`torchrun`), every process calls this with the same arguments, takes a share of the images,
    and gets the result for all of them, the same as that of one process.

    Args:
        net: the classifier.
        probe: the images, with masks (`ProbeSet.from_folder(…, masks=…, concepts=…)`) unless there is a segmenter.
        layer: layer name or module; or several, for a result each from the same pass.
        convention: "cvpr2017", "pnas2020" or "lite" (see `nbinterp.kernels.dissection.CONVENTIONS`), or your own. They
            differ in threshold, resampling and the images counted; their numbers do not compare. In "cvpr2017" and
            "lite" a name in several categories is one concept, of the category that labels most of its pixels.
        quantile: share of a unit's activations above its threshold, in (0, 1); default the convention's.
        segmenter: used instead of the probe set's masks. It is given a batch of images as the network sees them,
            cropped, padded (black) and scaled but not normalized: float32 in [0, 1], images × 3 × height × width. It
            returns category -> integer label maps (images × height × width; negative values and those beyond the names
            are nothing) or category -> bool masks (images × names × height × width, which may overlap), of any size.
        concepts: category -> the names of the segmenter's values ("" is nothing); default its attribute `concepts`,
            then the probe set's.
        categories: which of the categories to use; default all.
        colours: add the category "colour", the nearest of eleven basic colour names of every pixel, if the probe set
            has none of that name.
        min_images: concepts in fewer images than this are left out, and named in the result (Broden: 10).
        precision: "half" or "full" (float32) activation maps.
        memory_gb: how many gigabytes of activation maps are held in memory; more go to a temporary file.
        chance: how many times the concepts are permuted among the images for the chance level, which is counted on
            every n-th row and column of the masks (about 28 of each); 0 for none.
        keep_maps: keep the activation maps in the result's recording, in half precision: pictures need no network then.
        top: number of exemplars per unit in the recording.
        batch_size: images per forward pass.
        seed: of the permutations.
        progress: show a progress bar and messages.

    Returns:
        The dissection, or layer name -> dissection if a sequence was given; each with its recording.

    Raises:
        UnknownLayerError: no such layer; the message suggests the nearest names.
        ValueError: no masks and no segmenter; no concept in enough images; a setting out of range; activations that
            are not finite; a segmenter that returns something else.
        TypeError: an argument of another type than is named above.
        MaskError: a label map cannot be read or does not fit; ImageError: an image; ModelError: the model fails.
        OSError: neither memory_gb nor the disk has room for the maps.
    """
    setup = check_setup(
        net,
        probe,
        layer,
        convention=convention,
        quantile=quantile,
        segmenter=segmenter,
        concepts=concepts,
        categories=categories,
        colours=colours,
        min_images=min_images,
        precision=precision,
        memory_gb=memory_gb,
        chance=chance,
        keep_maps=keep_maps,
        top=top,
        batch_size=batch_size,
        seed=seed,
        progress=progress,
    )
    found = setup.run()
    return found[setup.layers[0]] if isinstance(layer, str | nn.Module) else found
