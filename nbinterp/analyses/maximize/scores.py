"""What a finished image is worth: the response, its rank, what transforms leave of it, a second opinion."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from nbinterp.instrument import Classifier
from nbinterp.kernels.transforms import Jitter, Rotate, Scale, Shear, Transform, apply_transforms

from ..recording import Recording
from .batch import Batch
from .board import GREY, Scores
from .files import as_picture
from .setup import HELD_OUT, Group, Setup, evaluate

N_HELD_OUT = 8
DEAD = "never responded: dead unit"
UNCHANGED = "the response never changed"


def held_out(size: tuple[int, int]) -> tuple[Transform, ...]:
    """Transforms that no recipe has in these kinds and strengths: how far does an image carry beyond its own?"""
    return (
        Jitter(max(1, round(0.08 * min(size)))),
        Scale((0.8, 0.9, 1.15, 1.25)),
        Rotate((-15.0, -12.0, 12.0, 15.0)),
        Shear(8.0),
    )


class Scorer:
    """Scores batches of images; see `Visualizations` for what the scores mean.

    Args:
        setup: how the images were made.
        recording: what the network did on a probe set; None for no percentiles.
        judge: another classifier; None for no second opinion.
        class_layers: layers whose units are the classes, in their order.
    """

    def __init__(
        self, setup: Setup, recording: Recording | None, judge: Classifier | None, class_layers: frozenset[str]
    ) -> None:
        self._setup = setup
        self._recording = recording
        self._judge = judge
        self._class_layers = class_layers

    @torch.no_grad()
    def __call__(self, batch: Batch) -> Scores:
        """Score the images of a batch as they are now."""
        images = batch.images()
        scores = Scores.unknown(len(batch), self._setup.shape)
        scores.images[:] = images.float().cpu().numpy()
        scores.activations[:] = self._responses(batch, images)
        grey = self._responses(batch, torch.full_like(images, GREY))
        scores.survival[:] = self._survival(batch, images, scores.activations, grey)
        scores.dead[:] = batch.dead() & (scores.activations == grey)
        notes = [self._percentile(batch, scores), self._agreement(batch, images, scores), _dead_notes(batch, scores)]
        struck = {
            i: f"the gradient was not finite in step {n + 1}: the image stayed as it was"
            for i, n in batch.struck().items()
        }
        notes.append([struck.get(i, "") for i in range(len(batch))])
        scores.notes[:] = [
            "; ".join(dict.fromkeys(text for text in texts if text)) for texts in zip(*notes, strict=True)
        ]
        return scores

    def _responses(self, batch: Batch, views: Tensor) -> np.ndarray:
        """The main term of each image, given one view of each."""
        viewer = self._setup.viewer(batch.groups)
        found = []
        for start, stop in batch.pieces():
            groups = _groups_of(batch, start, stop)
            with viewer.ready():
                seen = viewer(views[start:stop], views[start:stop], _places(groups))
            found.append(evaluate(groups, seen)[1])
        return torch.cat(found).float().cpu().numpy()

    def _survival(self, batch: Batch, images: Tensor, activations: np.ndarray, grey: np.ndarray) -> np.ndarray:
        setup = self._setup
        draws = setup.draw(held_out(setup.size), N_HELD_OUT, HELD_OUT)
        first, last = batch.rows.start * N_HELD_OUT, batch.rows.stop * N_HELD_OUT
        moved = [
            self._responses(batch, apply_transforms(images, draws[slice(first + k, last, N_HELD_OUT)]))
            for k in range(N_HELD_OUT)
        ]
        with np.errstate(divide="ignore", invalid="ignore"):
            survival = (np.mean(moved, axis=0) - grey) / (activations - grey)
        return np.where(activations == grey, np.nan, survival).astype(np.float32)

    def _percentile(self, batch: Batch, scores: Scores) -> list[str]:
        """Enter percentiles; notes where there are none though there is a recording."""
        if self._recording is None:
            return [""] * len(batch)
        notes = []
        for i, group in enumerate(_per_image(batch)):
            known, note = recorded_values(self._recording, group, self._setup.net)
            notes.append(note)
            known = known[np.isfinite(known)]
            if len(known) and np.isfinite(scores.activations[i]):
                scores.percentiles[i] = 100 * (known < scores.activations[i]).mean()
        return notes

    def _agreement(self, batch: Batch, images: Tensor, scores: Scores) -> list[str]:
        """Enter what the judge says; notes where it does not know the class."""
        if self._judge is None:
            return [""] * len(batch)
        logits = judge_logits(self._judge, scores.images)
        probabilities = logits.double().softmax(1)
        scores.judged[:] = [class_name(self._judge, int(k)) for k in logits.argmax(1)]
        notes = []
        for i, wanted in enumerate(self._classes(batch, images)):
            index, note = _same_class(self._setup.net, self._judge, wanted, logits.shape[1])
            notes.append(note)
            if index is not None:
                scores.agreement[i] = probabilities[i, index]
        return notes

    def _classes(self, batch: Batch, images: Tensor) -> list[int]:
        """The class each image is to be of: its objective's, else what the network itself sees in it."""
        targets = [group.objective.target for group in _per_image(batch)]
        named = [
            t[1] if t is not None and (t[2] == "logit" or (t[2] == "mean" and t[0] in self._class_layers)) else None
            for t in targets
        ]
        if all(k is not None for k in named):
            return [k for k in named if k is not None]
        viewer = self._setup.viewer([], logits=True)
        predicted: list[int] = []
        for start, stop in batch.pieces():
            with viewer.ready():
                seen = viewer(images[start:stop], images[start:stop], [0.0] * (stop - start))
            predicted += [int(view.logits.argmax()) for view in seen if view.logits is not None]
        return [predicted[i] if k is None else k for i, k in enumerate(named)]


def judge_logits(judge: Classifier, images: np.ndarray) -> Tensor:
    """A classifier's logits of images in [0, 1]: as pictures through its preprocess, or as they are."""
    if judge.preprocess is not None:
        return judge.logits(judge.batch([as_picture(image) for image in images])).float().cpu()
    return judge.logits(torch.from_numpy(np.ascontiguousarray(images))).float().cpu()


def class_name(net: Classifier, index: int) -> str:
    """The name of a class, or its number."""
    return str(index) if net.classes is None else net.classes[index]


def recorded_values(recording: Recording, group: Group, net: Classifier) -> tuple[np.ndarray, str]:
    """What the recording's images gave for the objective's unit, and a note where it does not tell.

    A neuron is compared with its unit's largest activation anywhere in the image.
    """
    target = group.objective.target
    if target is None:
        return np.zeros(0), "no percentile: the objective is no single unit"
    layer, unit, reading = target
    if reading == "logit":
        return recording.logits[:, unit], ""
    name = net.resolve(layer)
    if name not in recording.layers:
        return np.zeros(0), f"no percentile: {name} was not recorded"
    kept = recording[name]
    values = {"mean": kept.mean, "neuron": kept.max, "class_token": kept.class_token}[reading]
    return (np.zeros(0), "no percentile: no class token was recorded") if values is None else (values[:, unit], "")


def _same_class(net: Classifier, judge: Classifier, index: int, n_judged: int) -> tuple[int | None, str]:
    """The judge's number of the network's class `index`, by name where both have names."""
    if net.classes is None or judge.classes is None:
        return (index, "") if index < n_judged else (None, f"the judge has no class {index}")
    name = net.classes[index]
    if net.classes == judge.classes:
        return index, ""
    return (judge.classes.index(name), "") if name in judge.classes else (None, f"the judge does not know {name!r}")


def _dead_notes(batch: Batch, scores: Scores) -> list[str]:
    what = [DEAD if group.objective.target is not None else UNCHANGED for group in _per_image(batch)]
    return [text if dead else "" for text, dead in zip(what, scores.dead, strict=True)]


def _per_image(batch: Batch) -> list[Group]:
    return [group for group in batch.groups for _ in range(group.n_images)]


def _groups_of(batch: Batch, start: int, stop: int) -> Sequence[Group]:
    """The groups of the images from `start` up to `stop`, which are whole groups."""
    groups, first = [], 0
    for group in batch.groups:
        if start <= first < stop:
            groups.append(group)
        first += group.n_images
    return groups


def _places(groups: Sequence[Group]) -> list[float]:
    return [place for group in groups for place in group.places]
