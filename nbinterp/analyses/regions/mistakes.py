"""explain_mistake: which states of a misclassified image differ from the correct ones', and what they are worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import torch
from torch import Tensor, nn

from nbinterp.instrument import Classifier, editing
from nbinterp.kernels.configurations import hamming

from .._collect import positions_of
from .._forward import Forward
from ..recording import Recording
from .codes import LayerCodes, layer_codes
from .driver import regions
from .region import Literal, Region
from .watch import Watch, announce, unwatched

N_CONTROLS = 20
_MOST_MEMBERS = 32  # members whose activations are averaged


@dataclass(frozen=True, eq=False)
class Mistake:
    """Why an image may have been taken for another class: made by `explain_mistake`.

    Attributes:
        image, name: number and name of the image.
        label, prediction: its true class, and what it was taken for: numbers.
        class_names: of the classes, or None.
        region: the region the image falls in.
        correct: regions of the nearest correctly classified images of its class.
        differences: for each of these, the literals that the image violates.
        probabilities: float64, C: of the image as it is.
        outcomes: for each of `correct` three rows, `set`: "neurons" (those that differ), "units" (all positions of
            their units), "control" (as many neurons at random, of those in which the image differs from the region's
            members; mean of 20 draws). Columns: region (number of its anchor), n_neurons, probability of the true class
            after they are set to the other state, prediction (missing for controls), repaired: share of draws in which
            the prediction is the true class.
    """

    image: int
    name: str
    label: int
    prediction: int
    class_names: tuple[str, ...] | None
    region: Region
    correct: tuple[Region, ...]
    differences: tuple[tuple[Literal, ...], ...]
    probabilities: np.ndarray
    outcomes: pd.DataFrame

    def __repr__(self) -> str:
        before = self.probabilities[self.label]
        tried = self.outcomes[self.outcomes["set"] != "control"]
        after = "no literal of the correct regions' rules differs"
        if len(tried):
            row = tried.iloc[int(np.argmax(tried["probability"]))]
            end = "repaired" if row["repaired"] else "not repaired"
            after = f"setting {row['n_neurons']} neurons: {row['probability']:.1%}, {end}"
        return (
            f"Mistake: {self.name!r} is {self._class(self.label)}, taken for {self._class(self.prediction)}; "
            f"probability of the true class {before:.1%}; {after}"
        )

    def _class(self, number: int) -> str:
        return f"class {number}" if self.class_names is None else self.class_names[number]


def explain_mistake(
    recording: Recording,
    layer: str | nn.Module,
    image: int | str,
    *,
    k: int = 8,
    t: int = 10,
    n_correct: int = 5,
    reduce: str = "none",
    quantile: float | None = None,
    tolerance: int = 0,
    seed: int = 0,
    progress: bool = True,
    watch: Watch = unwatched,
) -> Mistake:
    """Compare the region a misclassified image falls in with those of correct images of its class, and intervene.

    A neuron is set to its mean activation over those members of the correct region (at most 32) in which it has the
    wanted state: for a layer that ends in a ReLU, 0 if the state is off. A positive effect counts only beside the
    control: setting *any* neurons to a correct image's state pushes towards its class.

    Args:
        recording: with its classifier and probe set, and labels in the classifier's numbering.
        layer: name or module.
        image: number or name of a misclassified recorded image.
        k: as for `regions`; all images are the reference.
        t: likewise.
        n_correct: how many correct images, the nearest by Hamming distance.
        reduce: as for `regions`.
        quantile: likewise.
        tolerance: likewise.
        seed: likewise, and of the controls.
        progress: show a bar if the network has to be run on all images.
        watch: is told what comes next; if it returns True, this ends with the correct images seen so far.

    Returns:
        The regions, their differences and the outcomes of the interventions.

    Raises:
        Cancelled: `watch` ended it before there was one.
        ValueError: the image is not known to be misclassified, or no image of its class is classified correctly.
        DetachedError: the recording was loaded without its classifier and probe set.
        IndexError, LookupError, UnknownLayerError: as for `regions`.
    """
    settings: dict[str, Any] = {"k": k, "t": t, "reduce": reduce, "quantile": quantile, "tolerance": tolerance}
    settings |= {"seed": seed, "progress": progress}
    announce(watch, "the image's own region")
    own = regions(recording, layer, image, **settings)
    net, _ = recording._attached("setting neurons to another state")
    if own.anchor is None or recording.correct is None or recording.labels[own.anchor] < 0:
        raise ValueError("the image must be a recorded one, with a label in the classifier's numbering")
    label = int(recording.labels[own.anchor])
    if recording.correct[own.anchor]:
        raise ValueError(f"{own.anchor_name!r} is classified correctly; recording.correct says which images are not")
    codes = layer_codes(recording, layer, reduce=reduce, quantile=quantile, progress=progress)
    anchors = _nearest_correct(recording, codes, own.anchor, label, n_correct)
    announce(watch, "what can be set in this image")
    trial = _Trial(recording, net, codes, own.anchor)
    draws = np.random.default_rng(seed)
    correct, differences, rows = list[Region](), list[tuple[Literal, ...]](), []
    for anchor in anchors:
        text = f"setting neurons as in correct image {len(correct) + 1} of {len(anchors)}"
        if correct and watch(text):
            break
        if not correct:
            announce(watch, text)
        correct.append(regions(recording, layer, int(anchor), **settings))
        differences.append(_violated(own.anchor, correct[-1]))
        rows += trial.rows(correct[-1], differences[-1], draws)
    columns = ["region", "set", "n_neurons", "probability", "prediction", "repaired"]
    outcomes = pd.DataFrame([(*row[:3], *_outcome(row[3], label, row[1])) for row in rows], columns=columns)
    prediction = int(recording.predictions[own.anchor])
    names = recording.class_names
    return Mistake(
        own.anchor,
        own.anchor_name,
        label,
        prediction,
        names,
        own,
        tuple(correct),
        tuple(differences),
        trial.probabilities([])[0],
        outcomes.astype({"prediction": "Int64"}),
    )


def _nearest_correct(recording: Recording, codes: LayerCodes, image: int, label: int, n: int) -> np.ndarray:
    assert recording.correct is not None
    right = np.flatnonzero(recording.correct & (recording.labels == label))
    if not len(right) or n < 1:
        raise ValueError(
            f"no image of class {label} is classified correctly (n_correct = {n}): nothing to compare with"
        )
    distances = hamming(codes.codes[torch.from_numpy(right)], codes.codes[image : image + 1])[0].numpy()
    return right[np.argsort(distances, kind="stable")[:n]]


def _violated(image: int, region: Region) -> tuple[Literal, ...]:
    """The literals of a region's rule that an image does not satisfy."""
    states = np.unpackbits(region.columns, axis=1, count=region.n_images)[:, image].astype(bool)
    return tuple(one for one, state in zip(region.literals, states, strict=True) if one.state != state)


def _outcome(probabilities: np.ndarray, label: int, kind: str) -> tuple[float, int | None, float]:
    predicted = probabilities.argmax(1)
    prediction = None if kind == "control" else int(predicted[0])
    return float(probabilities[:, label].mean()), prediction, float((predicted == label).mean())


class _Trial:
    """Runs one image with some of a layer's activations replaced."""

    def __init__(self, recording: Recording, net: Classifier, codes: LayerCodes, image: int) -> None:
        self._recording, self._net, self._codes, self._image = recording, net, codes, image
        assert recording.probe is not None
        self._batch = net.batch([net.prepare(recording.probe.image(image))])
        self._own = self._activations([image])[0]
        self._where = self._places()

    def rows(
        self, region: Region, violated: tuple[Literal, ...], draws: np.random.Generator
    ) -> list[tuple[int | None, str, int, np.ndarray]]:
        """(region's anchor, set, number of neurons, probabilities) for the three sets; none if no literal differs."""
        if not violated:
            return []
        members = self._activations(region.members[:_MOST_MEMBERS])
        on = self._on(members)
        neurons = np.concatenate([self._positions(one.unit, one.y, one.x) for one in violated])
        wanted = np.concatenate([np.full(len(self._positions(*one.neuron)), one.state) for one in violated])
        values = _mean_where(members, on == _spread(wanted, neurons, on.shape[1]))[neurons]
        units = np.concatenate([self._positions(unit, None, None) for unit in sorted({one.unit for one in violated})])
        usual = on.mean(0) > 0.5
        typical = _mean_where(members, on == usual)
        others = np.setdiff1d(np.flatnonzero(self._on(self._own[None])[0] != usual), neurons)
        found = [
            (region.anchor, "neurons", len(neurons), self.probabilities([(neurons, values)])),
            (region.anchor, "units", len(units), self.probabilities([(units, members.mean(0)[units])])),
        ]
        n = min(len(neurons), len(others))
        if n:
            picks = [draws.choice(others, n, replace=False) for _ in range(N_CONTROLS)]
            found.append((region.anchor, "control", n, self.probabilities([(pick, typical[pick]) for pick in picks])))
        return found

    def probabilities(self, edits: list[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
        """Class probabilities after each edit (neurons, values): float64, edits × C; none: the plain image."""

        def replace(raw: Tensor) -> Tensor:
            flat = raw.flatten(1)
            for row, (neurons, values) in zip(flat, edits, strict=True):
                row[self._where[neurons].to(raw.device)] = torch.from_numpy(values).to(raw)
            return flat.view(raw.shape)

        batch = self._batch.expand(max(len(edits), 1), -1, -1, -1)
        with editing(self._net.module, {self._codes.layer: replace} if edits else {}):
            logits = self._net.logits(batch)
        return logits.double().softmax(1).cpu().numpy()

    def _positions(self, unit: int, y: int | None, x: int | None) -> np.ndarray:
        """Numbers of a unit's activations, at one position or at all, in the layer's activations laid out by unit."""
        per_unit = len(self._own) // self._codes.n_units
        if y is None or x is None or self._codes.grid is None:
            return np.arange(unit * per_unit, (unit + 1) * per_unit)
        return np.array([unit * per_unit + y * self._codes.grid[1] + x])

    def _on(self, activations: np.ndarray) -> np.ndarray:
        """bool: which activations are above their unit's threshold."""
        if self._codes.threshold is None:
            return activations > 0
        per_unit = activations.shape[1] // self._codes.n_units
        return activations > np.repeat(self._codes.threshold, per_unit)

    def _activations(self, images: Any) -> np.ndarray:
        """float32, images × activations, by unit, then row, then column."""
        probe = self._recording.probe
        assert probe is not None
        layer = self._codes.layer
        forward = Forward(
            self._net, [layer], lambda start, name, found: positions_of(found).flatten(1).float().cpu(), _silent
        )
        prepared = [self._net.prepare(probe.image(int(image))) for image in images]
        names = [self._recording.names[int(image)] for image in images]
        return torch.cat([found[layer] for _, _, _, found in forward(prepared, names)]).numpy()

    def _places(self) -> Tensor:
        """int64: where each of them is in the layer's output as the model has it, flattened, for one image.

        Found by putting numbers in the output's place and reading the units of those, digit by digit, since half
        precision holds whole numbers up to 256 only.
        """
        places = torch.zeros(len(self._own), dtype=torch.int64)
        for digit in range(4):

            def numbers(raw: Tensor, digit: int = digit) -> Tensor:
                return (torch.arange(raw.numel(), device=raw.device) // 256**digit % 256).to(raw.dtype).view(raw.shape)

            forward = Forward(
                self._net,
                [self._codes.layer],
                lambda start, name, found: positions_of(found).flatten(1).to("cpu", torch.int64, copy=True),
                _silent,
            )
            with editing(self._net.module, {self._codes.layer: numbers}):
                [(_, _, _, found)] = forward(list(self._batch), [self._recording.names[self._image]])
            places += found[self._codes.layer][0] * 256**digit
        return places


def _spread(wanted: np.ndarray, neurons: np.ndarray, n: int) -> np.ndarray:
    states = np.zeros(n, bool)
    states[neurons] = wanted
    return states


def _mean_where(values: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """float32: mean of each column over the rows chosen in it; over all rows where none is."""
    counts = chosen.sum(0)
    sums = np.where(chosen, values, 0).sum(0)
    return np.where(counts > 0, sums / np.maximum(counts, 1), values.mean(0)).astype(np.float32)


def _silent(text: str) -> None:
    """Take a message that nobody needs: few images are run."""
