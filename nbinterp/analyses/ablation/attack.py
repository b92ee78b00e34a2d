"""Which units move when an image is changed just enough to be taken for something else."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional

from nbinterp.data import ProbeSet, batches
from nbinterp.instrument import Classifier, ModelError, Reach, UnitActivations, frozen
from nbinterp.kernels.ablation import predict
from nbinterp.kernels.adversarial import NORMS, pgd

from ..maximize.request import whole
from ..progress import Progress

if TYPE_CHECKING:
    from .ablation import Ablation

TOP = 4  # units of a class that count as important
SCALE_NOTE = (
    "The preprocess does not put the images between a black and a white one: 0 and 1 are the smallest and the largest "
    "prepared value of the attacked images, and distances are in these."
)
_BATCH = 32
_Z99 = 2.58  # standard errors in half a 99 % interval


@dataclass(frozen=True, eq=False)
class Attack:
    """Images changed until they are taken for a target, and how far units moved: made by `Ablation.attack`.

    N images, U units. A unit's peak is its maximum over positions.

    Attributes:
        layer: where the units are.
        target: the class that was aimed at.
        images: int64, N: numbers in the recording; neither labelled nor predicted as the target.
        labels: int64, N: their own classes.
        success: bool, N: taken for the target in the end.
        distance: float64, N: norm of the change, in pixel values of [0, 1].
        changed: float32 tensor, N × channel × height × width: the changed images, as the network gets them.
        movement: float32, N × U: |peak after − peak before|.
        groups: one row for "target" (the four units whose ablation costs the target most), "source" (the four of the
            image's own class; of fewer if the layer has not so many) and "others" (in neither): mean movement over the
            successfully changed images (NaN without any), the ends low and high of its 99 % confidence interval (2.58
            standard errors over images; NaN with fewer than two), units: how many.
        epsilon, norm: how far an image might go.
        scale_note: "", or why 0 and 1 are the smallest and the largest prepared value of these images, and not black
            and white.
        class_names: names of the classes, or None.
    """

    layer: str
    target: int
    images: np.ndarray
    labels: np.ndarray
    success: np.ndarray
    distance: np.ndarray
    changed: Tensor
    movement: np.ndarray
    groups: pd.DataFrame
    epsilon: float
    norm: str
    scale_note: str
    class_names: tuple[str, ...] | None

    @property
    def success_rate(self) -> float:
        """Share of the images that are taken for the target in the end."""
        return float(self.success.mean())

    def __repr__(self) -> str:
        name = f"class {self.target}" if self.class_names is None else repr(self.class_names[self.target])
        n = int(self.success.sum())
        mean = dict(zip(self.groups["group"], self.groups["mean"], strict=True))
        moved = "" if not n else "; mean |Δ peak| " + ", ".join(f"{group} {mean[group]:.3g}" for group in mean)
        return f"Attack on {len(self.images)} images: {n} taken for {name}{moved}"


def run_attack(
    ablation: Ablation,
    target: int,
    source: int | None,
    *,
    n_images: int,
    epsilon: float | None,
    steps: int,
    norm: str,
    seed: int,
    shown: bool,
) -> Attack:
    """See `Ablation.attack`."""
    if norm not in NORMS:
        raise ValueError(f"norm must be one of {', '.join(map(repr, NORMS))}, got {norm!r}")
    if epsilon is not None:
        _check_epsilon(epsilon)
    steps, seed = whole("steps", steps, 1), whole("seed", seed, 0)
    net, probe = ablation.recording._attached("an attack")
    rows = _victims(ablation, target, source, whole("n_images", n_images, 1), seed)
    losses = ablation._measured_losses(0, shown=shown)
    important = {c: losses.frame(c)["unit"].to_numpy()[:TOP] for c in {target, *ablation.labels[rows].tolist()}}
    images = ablation.images[rows]
    subset = probe.subset(images)
    parts: list[tuple[Tensor, Tensor, np.ndarray, np.ndarray]] = []
    with Progress(len(images) * steps, shown, doing=f"Attack on {ablation.layer}", unit="step") as bar:
        prepared = torch.cat([torch.stack(tensors) for _, tensors in batches(subset, net.prepare, _BATCH)])
        low, high, note = pixel_range(net, probe, prepared)
        if note:
            bar.say(note)
        radius = _radius(epsilon, norm, prepared[0].numel())
        victim = _Victim(net, ablation.layer, target, low, high)
        for some in prepared.split(_BATCH):
            pixels = ((some - low) / (high - low).clamp(min=1e-12)).clamp(0, 1)
            changed = pgd(
                pixels,
                victim.gradient,
                epsilon=radius,
                step=2.5 * radius / steps,
                steps=steps,
                norm=norm,
                on_step=partial(_advance, bar, len(some)),
            )
            before, _ = victim.look(pixels)
            after, predictions = victim.look(changed)
            distance = (changed - pixels).flatten(1).norm(dim=1, p=2 if norm == "l2" else torch.inf)
            parts.append(
                ((low + (high - low) * changed).cpu(), distance, (after - before).abs().cpu().numpy(), predictions)
            )
    changed, distance = torch.cat([part[0] for part in parts]), torch.cat([part[1] for part in parts])
    movement, predictions = np.concatenate([part[2] for part in parts]), np.concatenate([part[3] for part in parts])
    success = predictions == target
    labels = ablation.labels[rows]
    groups = _groups(movement[success], labels[success], target, important)
    return Attack(
        layer=ablation.layer,
        target=target,
        images=images,
        labels=labels,
        success=success,
        distance=distance.double().cpu().numpy(),
        changed=changed,
        movement=movement.astype(np.float32),
        groups=groups,
        epsilon=radius,
        norm=norm,
        scale_note=note,
        class_names=ablation.class_names,
    )


def pixel_range(net: Classifier, probe: ProbeSet, prepared: Tensor) -> tuple[Tensor, Tensor, str]:
    """The prepared values of 0 and 1 (of an image's shape, on the CPU), and a note on where they are from.

    These are what the preprocess makes of a black and of a white image; where that does not enclose the images (a
    preprocess that looks at the whole image, say), the smallest and the largest value among them.

    Args:
        net: with the preprocess.
        probe: with images of the kind that it takes.
        prepared: all images that are to be changed.
    """
    low, high = (_plain(net, probe, level, prepared[0]) for level in (0, 255))
    slack = 1e-3 * float((high - low).abs().max())
    fits = low.shape == prepared.shape[1:] and bool(torch.isfinite(low).all() and torch.isfinite(high).all())
    if not fits or not bool(((prepared >= low - slack) & (prepared <= high + slack)).all() and (high > low).all()):
        low, high = (torch.full_like(prepared[0], float(level)) for level in (prepared.min(), prepared.max()))
        return low, high, SCALE_NOTE
    return low, high, ""


def _plain(net: Classifier, probe: ProbeSet, level: int, like: Tensor) -> Tensor:
    if net.preprocess is None:
        return torch.full_like(like, level / 255)
    image = probe.image(0)
    plain = (
        torch.full_like(image, level if image.dtype == torch.uint8 else level / 255)
        if isinstance(image, Tensor)
        else Image.fromarray(np.full_like(np.asarray(image), level))
    )
    return net.prepare(plain)


class _Victim:
    """The network as an attack sees it: images in [0, 1], a loss, and the peaks of a layer's units."""

    def __init__(self, net: Classifier, layer: str, target: int, low: Tensor, high: Tensor) -> None:
        self._net, self._layer, self._target = net, layer, target
        self._low, self._span = low, high - low
        self._logits = Reach(net.module, (), logits=True)
        self._both = Reach(net.module, layer, logits=True)

    def gradient(self, pixels: Tensor) -> Tensor:
        """Of the cross-entropy with the target; 0 for images that are taken for it already, so that they stay."""
        with torch.enable_grad(), self._net.evaluating(), frozen(self._net.module):
            moved = pixels.clone().requires_grad_()
            _, logits = self._logits(self._prepared(moved))
            assert logits is not None
            if not logits.requires_grad:
                raise ModelError("the logits do not depend on the image in a way that gradients follow: no attack")
            wanted = torch.full((len(pixels),), self._target, device=logits.device)
            loss = functional.cross_entropy(logits.float(), wanted, reduction="sum")
            (slope,) = torch.autograd.grad(loss, moved)
        there = predict(logits.detach()).to(pixels.device) == self._target
        return torch.where(there[:, None, None, None], 0.0, slope)

    def look(self, pixels: Tensor) -> tuple[Tensor, np.ndarray]:
        """Peaks of the units, images × units, and predictions."""
        with torch.no_grad(), self._net.evaluating():
            found, logits = self._both(self._prepared(pixels))
        assert logits is not None
        return _peaks(found[self._layer]), predict(logits).cpu().numpy()

    def _prepared(self, pixels: Tensor) -> Tensor:
        return (self._low + self._span * pixels).to(self._net.device, self._net._dtype())


def _advance(bar: Progress, n: int, done: int) -> None:
    bar.advance(n)


def _peaks(found: UnitActivations) -> Tensor:
    values = found.maps.amax((2, 3)) if found.maps is not None else found.flat
    assert values is not None
    return values.float()


def _victims(ablation: Ablation, target: int, source: int | None, n_images: int, seed: int) -> np.ndarray:
    """Places among the ablation's images."""
    predictions = ablation.baseline.predictions
    fit = (ablation.labels != target) & (predictions != target) & (ablation.labels >= 0)
    if source is not None:
        if source == target:
            raise ValueError("source and target are the same class")
        fit &= (ablation.labels == source) & (predictions == source)
    rows = np.flatnonzero(fit)
    if not len(rows):
        raise ValueError("there is no image to attack: all are of the target class, or of another than the source")
    return np.sort(np.random.default_rng(seed).permutation(rows)[:n_images])


def _check_epsilon(epsilon: Any) -> None:
    if isinstance(epsilon, bool) or not isinstance(epsilon, int | float | np.number) or not 0 < epsilon < np.inf:
        raise ValueError(f"epsilon must be a number above 0, or None; got {epsilon!r}")


def _radius(epsilon: float | None, norm: str, n_values: int) -> float:
    if epsilon is not None:
        return float(epsilon)
    return 8 / 255 * (1.0 if norm == "linf" else n_values**0.5)


def _groups(movement: np.ndarray, labels: np.ndarray, target: int, important: dict[int, np.ndarray]) -> pd.DataFrame:
    """Mean movement of three groups of units, over images."""
    means: dict[str, list[float]] = {"target": [], "source": [], "others": []}
    counts = {"target": len(important[target]), "source": len(important[target]), "others": 0}
    for row, label in zip(movement, labels.tolist(), strict=True):
        others = np.setdiff1d(np.arange(len(row)), np.concatenate([important[target], important[label]]))
        means["target"].append(float(row[important[target]].mean()))
        means["source"].append(float(row[important[label]].mean()))
        means["others"].append(float(row[others].mean()) if len(others) else float("nan"))
        counts["others"] = max(counts["others"], len(others))
    rows = []
    for group, values in means.items():
        found = np.array(values)
        mean = float(found.mean()) if len(found) else float("nan")
        half = _Z99 * float(found.std(ddof=1)) / len(found) ** 0.5 if len(found) > 1 else float("nan")
        rows.append((group, counts[group], mean, mean - half, mean + half))
    return pd.DataFrame(rows, columns=["group", "units", "mean", "low", "high"])
