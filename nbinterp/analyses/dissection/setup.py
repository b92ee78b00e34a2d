"""A checked call of `dissect`, and how it is carried out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import nn

from nbinterp.data import ProbeSet
from nbinterp.instrument import Classifier, ReceptiveField, receptive_fields
from nbinterp.kernels.dissection import Convention
from nbinterp.kernels.dissection import convention as find_convention

from ..field_of_view import field_of_view
from ..progress import Progress
from ..record import check_types, layer_names
from ..recording import Recording
from .arguments import at_least, concept_names, is_half, positive, share
from .collect import Collected
from .concepts import COLOUR, ConceptReader, Segmenter
from .dissection import Dissection
from .geometry import mask_size
from .pictures import DissectionPictures
from .processes import Processes
from .scoring import Scorer, Scores, Vocabulary

FEW = 20  # activations above the threshold: masks, coarser than maps or offset from them, can miss fewer


def check_setup(
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
) -> Setup:
    """Refuse what cannot be dissected, before anything is run; see `dissect` for arguments and errors."""
    check_types(net, probe)
    how = find_convention(convention)
    how = how if quantile is None else replace(how, quantile=share("quantile", quantile))
    return Setup(
        net=net,
        probe=probe,
        layers=tuple(layer_names(net, _checked_layer(layer))),
        how=how,
        segmenter=segmenter,
        names=concept_names(probe, segmenter, concepts, categories, colours),
        colours=colours,
        min_images=at_least("min_images", min_images, 0),
        half=is_half(precision),
        memory_gb=positive("memory_gb", memory_gb),
        chance=at_least("chance", chance, 0),
        keep_maps=keep_maps,
        top=at_least("top", top, 1),
        batch_size=at_least("batch_size", batch_size, 1),
        seed=at_least("seed", seed, 0),
        progress=progress,
    )


def _checked_layer(layer: Any) -> str | nn.Module | list[str | nn.Module]:
    if isinstance(layer, str | nn.Module):
        return layer
    found = list(layer) if isinstance(layer, Iterable) else [layer]
    for one in found:
        if not isinstance(one, str | nn.Module):
            raise TypeError(f"layer must be a layer's name or module, or a sequence of them; got {one!r}")
    return found


@dataclass(frozen=True)
class Setup:
    """A checked call of `dissect`."""

    net: Classifier
    probe: ProbeSet
    layers: tuple[str, ...]
    how: Convention
    segmenter: Segmenter | None
    names: dict[str, tuple[str, ...]]
    colours: bool
    min_images: int
    half: bool
    memory_gb: float
    chance: int
    keep_maps: bool
    top: int
    batch_size: int
    seed: int
    progress: bool

    def run(self) -> dict[str, Dissection]:
        """Collect, then score every layer."""
        processes = Processes()
        shown = self.progress and processes.rank == 0
        collected = self.collect(processes, shown)
        try:
            vocabulary = self.vocabulary(collected)
            fields = self.fields()
            n_mine = collected.stop - collected.start
            with Progress(n_mine * len(self.layers), shown, doing="Counting") as bar:
                scorer = Scorer(collected, vocabulary, self.how, self.chance, self.seed, bar)
                scores = {layer: _interruptible(scorer, layer, fields[layer], bar) for layer in self.layers}
            fingerprints = {"net": self.net.fingerprint(), "probe": self.probe.fingerprint()}
            recording = collected.recording(fingerprints)
            return {
                layer: self.result(layer, collected, vocabulary, scores[layer], fields[layer], recording)
                for layer in self.layers
            }
        finally:
            collected.close()

    def collect(self, processes: Processes, shown: bool) -> Collected:
        """Go through the images once."""
        reader = self.reader()
        n_first, n_last = processes.share(len(self.probe), self.batch_size)
        collected = Collected(
            self.net,
            self.probe,
            self.layers,
            reader,
            precision=torch.float16 if self.half else torch.float32,
            budget=self.memory_gb * 1e9,
            batch_size=self.batch_size,
            keep_maps=self.keep_maps,
            top=self.top,
            processes=processes,
        )
        try:
            with Progress(n_last - n_first, shown, doing="Dissecting") as bar:
                collected.run(bar)
            collected.exchange(self.chance > 0)
        except BaseException:
            collected.close()
            raise
        return collected

    def reader(self) -> ConceptReader:
        """The concepts, in the size in which they are counted."""
        view_size = self.view_size()
        return ConceptReader(
            self.probe,
            field_of_view(self.net, self.probe),
            mask_size(view_size, self.how.mask_scale),
            view_size,
            self.names,
            segmenter=self.segmenter,
            colours=self.colours and COLOUR not in self.names,
            merged=self.how.counted != "all",
        )

    def view_size(self) -> tuple[int, int]:
        """(height, width) of the network's input."""
        shape = self.net.prepare(self.probe.image(0)).shape
        return shape[-2], shape[-1]

    def fields(self) -> dict[str, ReceptiveField | None]:
        """The receptive field of every layer, where the convention needs it."""
        if self.how.anchor != "field":
            return dict.fromkeys(self.layers)
        batch = self.net.batch([self.net.prepare(self.probe.image(0))])
        dtype = next((p.dtype for p in self.net.module.parameters() if p.is_floating_point()), torch.float32)
        found = receptive_fields(self.net.module, batch.to(self.net.device, dtype))
        return {layer: found.get(layer) for layer in self.layers}

    def vocabulary(self, collected: Collected) -> Vocabulary:
        """The concepts in enough images.

        Raises:
            ValueError: there is none.
        """
        vocabulary = Vocabulary(collected, self.min_images)
        if not vocabulary.concepts:
            most = int(collected.shown.max(initial=0))
            raise ValueError(
                f"no concept is in {self.min_images} images or more (the most frequent is in {most} of "
                f"{len(self.probe)}): lower min_images, or take more images"
            )
        return vocabulary

    def result(
        self,
        layer: str,
        collected: Collected,
        vocabulary: Vocabulary,
        scores: Scores,
        field: ReceptiveField | None,
        recording: Recording | None,
    ) -> Dissection:
        """Put one layer's dissection together; without a recording it has no pictures."""
        reader, pictures = collected.reader, None
        if recording is not None:
            segmented = self.segmenter is not None
            pictures = DissectionPictures(recording, layer, self.how, field, self.half, reader, segmented)
        return Dissection(
            layer=layer,
            convention=self.how.name,
            quantile=self.how.quantile,
            concepts=vocabulary.concepts,
            categories=vocabulary.categories,
            category_names=vocabulary.category_names,
            iou=scores.iou,
            thresholds=scores.thresholds,
            intersection=scores.counts.intersection.numpy(),
            unit_area=scores.counts.unit_area.numpy(),
            concept_area=scores.counts.concept_area.numpy(),
            area_share=scores.on_area / (len(self.probe) * reader.size[0] * reader.size[1]),
            image_counts=scores.counts.concept_images.numpy(),
            chance=scores.chance,
            left_out=vocabulary.left_out,
            n_images=len(self.probe),
            grid=reader.size,
            view_size=reader.view_size,
            iou_threshold=self.how.iou_threshold,
            rule=self.how,
            fingerprints={} if recording is None else recording.fingerprints,
            settings=self.settings(field),
            notes=self.notes(layer, collected, scores, field),
            recording=recording,
            _pictures=pictures,
        )

    def settings(self, field: ReceptiveField | None) -> dict[str, Any]:
        """What the result has to know to be reproduced, and to make pictures after it is loaded."""
        return {
            "min_images": self.min_images,
            "precision": "half" if self.half else "full",
            "chance": self.chance,
            "seed": self.seed,
            "segmenter": self.segmenter is not None,
            "colours": self.colours and COLOUR not in self.names,
            "names": self.names,
            "field": None if field is None else [field.size, field.stride, field.start],
        }

    def notes(self, layer: str, collected: Collected, scores: Scores, field: ReceptiveField | None) -> tuple[str, ...]:
        """What a reader of the numbers should know."""
        found = []
        silent, n_units = int((scores.on_area == 0).sum()), len(scores.on_area)
        n_values = self.values_per_unit(layer, collected)
        if silent == n_units and self.how.quantile * n_values < 1:
            found.append(
                f"too few activations for this quantile: of the {n_values} of each unit a share of "
                f"{self.how.quantile:g} is less than one, so that no unit is anywhere above its threshold. Take more "
                "images or a larger quantile"
            )
        elif silent:
            few = f", or {n_values} activations are too few for this quantile" * (self.how.quantile * n_values < FEW)
            found.append(f"{silent} of {n_units} units are nowhere above their threshold (constant, or dead{few})")
        clipped = int(collected.clipped[layer].sum())
        if clipped:
            found.append(f"{clipped} units exceed half precision (65504) and were clipped: precision='full'")
        if self.how.anchor == "field" and field is None:
            found.append("the receptive field is not defined for this layer: maps were stretched over the image")
        if collected.description(layer).shape is None:
            found.append("the layer has no positions: a unit's mask is the whole image or nothing")
        if collected.unmeasured:
            found.append(
                "what the network sees of an image could not be measured (the preprocess does more than scaling, "
                "cropping and padding with a colour): masks were stretched over the whole view"
            )
        if self.chance and len(self.probe) < 2:
            found.append("the chance level takes two images or more: it was not counted")
        return tuple(found)

    def values_per_unit(self, layer: str, collected: Collected) -> int:
        """How many activations of a unit its threshold is set among; of a layer without positions one per image."""
        shape = collected.description(layer).shape
        size = (1, 1) if shape is None else shape if self.how.threshold_on == "maps" else collected.reader.size
        return len(self.probe) * size[0] * size[1]


def _interruptible(scorer: Scorer, layer: str, field: ReceptiveField | None, bar: Progress) -> Scores:
    try:
        return scorer.score(layer, field)
    except KeyboardInterrupt as interrupt:
        text = f"Stopped while {layer!r} was counted; nothing is kept."
        interrupt.add_note(text)
        bar.say(text)
        raise
