"""The result of `facets`: kinds of images that drive a unit, with an image of each that fills in."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd

from nbinterp.instrument import Classifier

from ..maximize import Visualizations
from ..recording import DetachedError, Recording
from .discovery import Discovery, discover
from .evidence import Evidence
from .making import Making
from .pictures import mean_image, nearest, shares
from .quality import Quality, measure


@dataclass(frozen=True, eq=False)
class Ingredients:
    """What facets are made from, once the unit's images and their features are known: enough to cluster anew."""

    making: Making
    synthesize: bool
    indices: np.ndarray
    chosen: str
    values: np.ndarray
    feature_layer: str
    features: np.ndarray
    how: Mapping[str, Any]
    m: int
    n_exemplars: int
    size: tuple[int, int]
    channels: int

    def facets(self, found: Discovery) -> Facets:
        """The result; synthesis begins."""
        _, probe = self.making.recording._attached("facets")
        near = [nearest(found, self.indices, facet, max(self.m, self.n_exemplars)) for facet in range(found.n_facets)]
        means = np.stack([mean_image(probe, few[: self.m], self.size, self.channels) for few in near])
        made = self.making.start(means, len(means), self.size, self.title) if self.synthesize else None
        return Facets(self._about(found), found, self._arrays(found, near, means), made, self)

    @property
    def title(self) -> str:
        """The unit in words: "unit 3 of stage4", "class church"."""
        making = self.making
        names = making.recording.class_names
        if making.is_class:
            return f"class {making.unit if names is None else names[making.unit]}"
        return f"unit {making.unit} of {making.layer}"

    def _arrays(self, found: Discovery, near: list[np.ndarray], means: np.ndarray) -> dict[str, np.ndarray]:
        exemplars = np.full((len(near), self.n_exemplars), -1, np.int64)
        for row, few in zip(exemplars, near, strict=True):
            row[: len(few[: self.n_exemplars])] = few[: self.n_exemplars]
        return {
            "indices": self.indices,
            "values": self.values,
            "mean_images": means,
            "exemplars": exemplars,
            "shares": shares(found, self.values),
        }

    def _about(self, found: Discovery) -> dict[str, Any]:
        overlap = [f"{len(self.indices)} images are fewer than {found.n_facets} × {self.m}: mean images of less"]
        return {
            "title": self.title,
            "layer": self.making.layer,
            "unit": self.making.unit,
            "is_class": self.making.is_class,
            "feature_layer": self.feature_layer,
            "images": self.chosen,
            "synthesis": self.making.synthesis if self.synthesize else None,
            "m": self.m,
            "seed": self.making.seed,
            "notes": [*found.notes, *(overlap if len(self.indices) < found.n_facets * self.m else [])],
        }


class Facets:
    """The facets of one unit: made by `facets`, k facets among N of the recording's images.

    All but the synthesized images is there at once; what needs those waits for their end.

    Attributes:
        about: what the facets are of and how they were found, in words and numbers; `about["notes"]` say what to mind.
        discovery: the clustering itself.
        visualizations: the run that makes the images; None if none were asked for.
        indices: int64, N: which images of the recording.
        values: float32, N: the unit's activation on them.
        mean_images: float32, k×channel×height×width in [0, 1]: plain mean of the m images nearest each centre.
        shares: float32, k: of the unit's summed positive activation on these images.
    """

    def __init__(
        self,
        about: Mapping[str, Any],
        discovery: Discovery,
        arrays: Mapping[str, np.ndarray],
        visualizations: Visualizations | None,
        ingredients: Ingredients | None,
    ) -> None:
        self.about = dict(about)
        self.discovery = discovery
        self.visualizations = visualizations
        self.indices = arrays["indices"]
        self.values = arrays["values"]
        self.mean_images = arrays["mean_images"]
        self.shares = arrays["shares"]
        self._exemplars = arrays["exemplars"]
        self._ingredients = ingredients
        self._restarts: Visualizations | None = None
        self._quality: Quality | None = None

    # -- what is known at once ------------------------------------------------------------------

    def __len__(self) -> int:
        return self.n_facets

    def __repr__(self) -> str:
        n, state = self.n_facets, "" if self.visualizations is None else f", images {self.visualizations.state}"
        return f"Facets({n} facet{'s' * (n != 1)} of {self.title} among {len(self.indices)} images{state})"

    @property
    def title(self) -> str:
        """What they are facets of: "class church", "unit 3 of stage4"."""
        return self.about["title"]

    @property
    def layer(self) -> str:
        """The unit's layer."""
        return self.about["layer"]

    @property
    def unit(self) -> int:
        """The unit."""
        return self.about["unit"]

    @property
    def feature_layer(self) -> str:
        """The layer in whose features images were compared."""
        return self.about["feature_layer"]

    @property
    def n_facets(self) -> int:
        """How many."""
        return self.discovery.n_facets

    @property
    def assignments(self) -> np.ndarray:
        """int64, N: the facet of each image, the largest first; −1 for none."""
        return self.discovery.assignments

    @property
    def members(self) -> list[np.ndarray]:
        """The images of each facet, as numbers of the recording."""
        return [self.indices[self.assignments == facet] for facet in range(self.n_facets)]

    @property
    def exemplars(self) -> list[np.ndarray]:
        """The images nearest each facet's centre, nearest first, as numbers of the recording."""
        return [row[row >= 0] for row in self._exemplars]

    @property
    def embedding(self) -> np.ndarray:
        """float32, N × 2: a picture of the images that shows the facets."""
        return self.discovery.xy

    @property
    def stability(self) -> float:
        """Adjusted Rand index between these facets and those of parts of the images with other seeds; 1: the same."""
        return self.discovery.stability

    @property
    def evidence(self) -> Evidence | None:
        """What speaks for each number of facets: gap statistic and silhouettes; None with too few images."""
        return self.discovery.evidence

    @property
    def frame(self) -> pd.DataFrame:
        """One row per facet: images, share of the activation, mean activation; what is known of its image so far."""
        rows: dict[str, Any] = {
            "images": [len(own) for own in self.members],
            "share": self.shares,
            "mean_activation": [float(self.values[self.assignments == facet].mean()) for facet in range(len(self))],
            "exemplars": [own.tolist() for own in self.exemplars],
        }
        if self.visualizations is not None:
            facts = self.visualizations.facts()
            rows |= {
                name: facts[name].to_numpy()
                for name in ("activation", "percentile", "survival", "agreement", "judged", "note")
            }
        return pd.DataFrame(rows).rename_axis("facet")

    @property
    def recording(self) -> Recording | None:
        """The recording; None for a result loaded from a file."""
        return None if self._ingredients is None else self._ingredients.making.recording

    # -- the images -----------------------------------------------------------------------------

    @property
    def images(self) -> np.ndarray:
        """float32, k×channel×height×width in [0, 1]: an image of each facet; waits until they are made.

        With "tv" and "centre" the canvas grows beyond the size; here it is whole, brought back to that size.
        """
        return self._made.images

    @property
    def state(self) -> str:
        """Of the run that makes the images; "done" without one."""
        return "done" if self.visualizations is None else self.visualizations.state

    def wait(self, progress: bool = True) -> Self:
        """Block until the images are made; see `Visualizations.wait`."""
        if self.visualizations is not None:
            self.visualizations.wait(progress)
        return self

    def stop(self) -> Self:
        """End the making of images at the next step and keep what is there."""
        for run in (self.visualizations, self._restarts):
            if run is not None:
                run.stop()
        return self

    def resume(self, steps: int | None = None) -> Self:
        """Go on making images; see `Visualizations.resume`."""
        self._made.resume(steps)
        return self

    def on_change(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Have `callback()` called as the images form; see `Visualizations.on_change`."""
        return (lambda: None) if self.visualizations is None else self.visualizations.on_change(callback)

    @property
    def judge(self) -> Classifier | None:
        """The classifier that judges the images; None if none was given, or the result was loaded."""
        return None if self._ingredients is None else self._ingredients.making.judge

    @property
    def quality(self) -> Quality:
        """How the judge sees the images; makes as many from random starts to compare, and waits for both.

        It is computed once; `stop` ends the making of the random starts too.

        Raises:
            ValueError: no judge was given.
            DetachedError: this result was loaded from a file.
            RuntimeError: the images, or those from random starts, were stopped: both take the same steps.
        """
        if self._quality is None:
            making = self._known("judging the images").making
            if making.judge is None:
                raise ValueError("quality takes another classifier: facets(…, judge=…)")
            images = _ended(self._made).images
            name = f"{self.title}, random starts"
            self._restarts = making.start(None, len(self), images.shape[2:], name)  # pyright: ignore[reportArgumentType]
            restarts = _ended(self._restarts).images
            _, probe = making.recording._attached("judging the images")
            self._quality = measure(making.judge, probe, self.members, images, restarts)
        return self._quality

    # -- once more ------------------------------------------------------------------------------

    def recluster(self, n_facets: int | None) -> Facets:
        """Other facets of the same images: there at once, their images form in the background; this run is stopped.

        Args:
            n_facets: how many; None to let the images decide.

        Raises:
            DetachedError: this result was loaded from a file.
            ValueError: more facets than images; HDBSCAN was asked for.
        """
        known = self._known("other facets")
        found = discover(known.features, n_facets=n_facets, evidence=self.evidence, **known.how)
        self.stop()
        return known.facets(found)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write everything but network and images of the recording to a folder; waits for the images.

        Raises:
            FileExistsError: there is something else at `path`.
        """
        from .files import save_facets

        save_facets(self, Path(path))

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Facets:
        """Read what `save` wrote. It cannot be clustered anew or resumed.

        Raises:
            FileNotFoundError: no facets there.
            DamagedFileError: the files are truncated, altered or not from the same result.
        """
        from .files import load_facets

        return load_facets(Path(path))

    @property
    def _made(self) -> Visualizations:
        if self.visualizations is None:
            raise ValueError("no images were asked for: call facets with synthesis='fourier', 'tv' or 'centre'")
        return self.visualizations

    def _known(self, what: str) -> Ingredients:
        if self._ingredients is None:
            raise DetachedError(f"{what}: this result was loaded from a file, without its recording; call facets again")
        return self._ingredients


def _ended(run: Visualizations) -> Visualizations:
    """A run that made all its steps; waits for it."""
    _ = run.images
    if run.state != "done":
        raise RuntimeError(f"the images were stopped at step {run.step} of {run.steps}: resume them to be judged")
    return run
