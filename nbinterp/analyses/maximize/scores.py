"""What a finished image is worth: the response, its rank, what transforms leave of it, a second opinion."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import torch
from torch import Tensor

from nbinterp.instrument import Classifier
from nbinterp.kernels.objectives import Objective
from nbinterp.kernels.transforms import Draws, Jitter, Rotate, Scale, Shear, Transform, apply_transforms

from ..recording import Recording
from .batch import Batch, free_memory, out_of_memory
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
        self._at_once = 1  # images that go through a network together

    @torch.no_grad()
    def __call__(self, batch: Batch, say: Callable[[str], None]) -> Scores:
        """Score the images of a batch as they are now, as many at once as memory holds.

        Args:
            batch: the batch.
            say: takes a message for the user.

        Raises:
            MemoryError: not even one image at a time fits into memory.
        """
        self._at_once = max(stop - start for start, stop in batch.pieces())
        while True:
            try:
                return self._score(batch)
            except Exception as error:
                if not out_of_memory(error):
                    raise
                if self._at_once == 1:
                    height, width = self._setup.size
                    raise MemoryError(
                        f"scoring one image of {height}×{width} pixels does not fit into memory: make room and "
                        "resume(), or take a smaller size or precision='autocast'"
                    ) from error
            self._at_once //= 2
            many = f"{self._at_once} image{'s' * (self._at_once != 1)}"
            say(f"Memory is full: scoring {many} of {len(batch)} at a time.")
            free_memory(self._setup.net.device)

    def _score(self, batch: Batch) -> Scores:
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

    def _responses(self, batch: Batch, images: Tensor, draws: Draws | None = None) -> np.ndarray:
        """The main term of each image as it is, or through one draw of transforms each."""
        groups, places = _main_groups(batch), [place for group in batch.groups for place in group.places]
        viewer = self._setup.viewer(groups)
        found = []
        for some, rows in self._pieces(groups):
            views = images[rows] if draws is None else apply_transforms(images[rows], draws[rows])
            with viewer.ready():
                seen = viewer(views, views, places[rows])
            found.append(evaluate(groups[some], seen)[1])
        return torch.cat(found).float().cpu().numpy()

    def _pieces(self, groups: Sequence[Group]) -> Iterator[tuple[slice, slice]]:
        """Groups and their images that are scored together: at most `_at_once` images, at least one group."""
        first, start, n = 0, 0, 0
        for i, group in enumerate(groups):
            if n and n + group.n_images > self._at_once:
                yield slice(first, i), slice(start, start + n)
                first, start, n = i, start + n, 0
            n += group.n_images
        yield slice(first, len(groups)), slice(start, start + n)

    def _survival(self, batch: Batch, images: Tensor, activations: np.ndarray, grey: np.ndarray) -> np.ndarray:
        setup = self._setup
        draws = setup.draw(held_out(setup.size), N_HELD_OUT, HELD_OUT)
        first, last = batch.rows.start * N_HELD_OUT, batch.rows.stop * N_HELD_OUT
        moved = [self._responses(batch, images, draws[slice(first + k, last, N_HELD_OUT)]) for k in range(N_HELD_OUT)]
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
        n = len(scores.images)
        parts = [scores.images[i : i + self._at_once] for i in range(0, n, self._at_once)]
        logits = torch.cat([judge_logits(self._judge, part) for part in parts])
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
        for start in range(0, len(images), self._at_once):
            some = images[start : start + self._at_once]
            with viewer.ready():
                seen = viewer(some, some, [0.0] * len(some))
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


def _main_groups(batch: Batch) -> list[Group]:
    """Groups whose response is the main term's: of one image each, unless the images are coupled and nothing else."""
    groups: list[Group] = []
    for group in batch.groups:
        alone = group.objective.per_image[:1]
        groups += [Group(Objective(alone), 1)] * group.n_images if alone else [group]
    return groups
