"""The result of `maximize`: images that fill in while the background works, and what is known about each."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from PIL import Image

from nbinterp.jobs import Worker
from nbinterp.kernels.objectives import Objective

from .background import BackgroundRun, Run
from .board import Board

if TYPE_CHECKING:
    from nbinterp.instrument import Classifier

    from ..recording import Recording


class Visualizations(BackgroundRun):
    """Images that each show what one objective (mostly a unit) responds to: made by `maximize`, n images.

    While the run is under way, reading one of these waits for its end; `preview()` and `facts()` never wait.

    Attributes:
        images: float32, n×channel×height×width in [0, 1].
        activations: float32, n: what the objective's first term gives on the image as it is, without transforms: for a
            unit its mean over positions, for a neuron its activation at its position, for a class its logit.
        percentiles: float32, n: share (0–100) of the recording's images with a smaller value; NaN without a recording.
        survival: float32, n: the response left under transforms the run did not use: (mean over them − response to
            plain grey) / (activation − response to plain grey); NaN where that is undefined.
        agreement: float32, n: probability the judge gives to the class (the objective's, else the one the network
            itself predicts for the image); NaN without a judge or such a class.
        judged: n names of the class the judge predicts, None without a judge.
        dead: bool, n: the response never changed in the whole run.
        history: float32, steps×n: the objective at each step, NaN where an image made fewer.
    """

    def __init__(
        self,
        board: Board,
        about: Mapping[str, Any],
        *,
        run: Run | None = None,
        worker: Worker | None = None,
        asked: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(board, str(about.get("subject", "an objective")), run, worker)
        self.about: Mapping[str, Any] = MappingProxyType(dict(about))
        self._asked = dict(asked or {})

    # -- what is known at once ------------------------------------------------------------------

    def __len__(self) -> int:
        return len(self._board.subjects)

    def __repr__(self) -> str:
        what = f"{len(self)} image{'s' * (len(self) != 1)} of {self.about.get('subject', 'an objective')}"
        return f"Visualizations({what}, {self.state}, step {self.step} of {self.steps})"

    @property
    def units(self) -> np.ndarray:
        """int64, n: the unit of each image; -1 where the objective is no single unit."""
        return self._board.subjects.units

    @property
    def layers(self) -> tuple[str, ...]:
        """The layer of each image."""
        return self._board.subjects.layers

    @property
    def groups(self) -> np.ndarray:
        """int64, n: images of one group were made for the same objective, to differ from each other."""
        return self._board.subjects.groups

    @property
    def titles(self) -> tuple[str, ...]:
        """What each image shows, in words: "unit 3 of stage4"."""
        return self._board.subjects.titles

    @property
    def shape(self) -> tuple[int, int, int]:
        """(channels, height, width) of the images."""
        return self._board.scores.images.shape[1:]  # pyright: ignore[reportReturnType]

    def facts(self) -> pd.DataFrame:
        """`frame` as far as it is known now; never waits."""
        subjects, scores = self._board.subjects, self._board.scores
        with self._board.changed:
            return pd.DataFrame(
                {
                    "layer": list(subjects.layers),
                    "unit": subjects.units,
                    "group": subjects.groups,
                    "title": list(subjects.titles),
                    "activation": scores.activations,
                    "percentile": scores.percentiles,
                    "survival": scores.survival,
                    "agreement": scores.agreement,
                    "judged": scores.judged,
                    "dead": scores.dead,
                    "note": scores.notes,
                }
            )

    # -- what is known at the end ---------------------------------------------------------------

    @property
    def images(self) -> np.ndarray:
        return self._scores().images

    @property
    def activations(self) -> np.ndarray:
        return self._scores().activations

    @property
    def percentiles(self) -> np.ndarray:
        return self._scores().percentiles

    @property
    def survival(self) -> np.ndarray:
        return self._scores().survival

    @property
    def agreement(self) -> np.ndarray:
        return self._scores().agreement

    @property
    def judged(self) -> tuple[str | None, ...]:
        return tuple(self._scores().judged)

    @property
    def dead(self) -> np.ndarray:
        return self._scores().dead

    @property
    def frame(self) -> pd.DataFrame:
        """One row per image: layer, unit, group, title, the scores, dead, and a note in words."""
        self._scores()
        return self.facts()

    @property
    def history(self) -> np.ndarray:
        self._scores()
        with self._board.changed:
            parts = list(self._board.history)
        n_steps = max((len(part) for part in parts if part is not None), default=0)
        whole = np.full((n_steps, len(self)), np.nan, np.float32)
        for rows, part in zip(self._board.batches, parts, strict=True):
            if part is not None:
                whole[: len(part), rows] = part
        return whole

    # -- once more ------------------------------------------------------------------------------

    @property
    def net(self) -> Classifier | None:
        """The network; None for a result that was loaded, or not made by `maximize`."""
        return self._asked.get("net")

    @property
    def recording(self) -> Recording | None:
        """The recording it was given."""
        return self._asked.get("recording")

    def again(self, layer: Any = None, units: Any = None, **changes: Any) -> Visualizations:
        """Start another run with the same network and settings; this one stays as it is.

        Args:
            layer: as in `maximize`; None for that of this run.
            units: as in `maximize`; None for those of this run, or with `layer` for all.
            changes: any other argument of `maximize`, in the place of what this run was given.

        Raises:
            RuntimeError: this result was loaded from a file, or not made by `maximize`.
            Exception: as `maximize`.
        """
        if not self._asked and self.can_resume:
            raise RuntimeError(
                f"these images ({self.about.get('parameterization', 'of another kind')}) were not made by maximize, so "
                "there are no settings of its to take again: call what made them, such as facets, or maximize"
            )
        if not self._asked:
            raise RuntimeError("this result was loaded from a file, without its network: call maximize")
        from .driver import maximize

        asked = {**self._asked, **changes}
        if layer is not None or units is not None:
            other = {"layer": asked["layer"] if layer is None else layer, "units": units, "start": None, "name": None}
            objective = None if isinstance(asked["objective"], Objective) else asked["objective"]
            asked = {**asked, **other, "objective": objective, **changes}
        return maximize(**asked)

    # -- files ----------------------------------------------------------------------------------

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write everything but the network to a folder of two files; waits for the end of the run.

        Raises:
            FileExistsError: there is something else at `path`.
        """
        from .files import save_visualizations

        save_visualizations(self, Path(path))

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Visualizations:
        """Read what `save` wrote. It cannot be resumed.

        Raises:
            FileNotFoundError: no visualizations there.
            DamagedFileError: the files are truncated, altered or not from the same result.
        """
        from .files import load_visualizations

        return load_visualizations(Path(path))

    def save_png(self, path: str | os.PathLike[str], image: int | None = None) -> list[Path]:
        """Write one image as a PNG file, or all of them into a folder.

        Args:
            path: a file, with `image` or where there is only one image; else a folder, made if need be.
            image: which one.

        Returns:
            The files written.

        Raises:
            IndexError: there is no such image.
        """
        from .files import write_png

        return write_png(self, Path(path), image)

    def picture(self, image: int) -> Image.Image:
        """One image as it is now, as a PIL image; never waits.

        Raises:
            IndexError: there is no such image.
        """
        if not 0 <= image < len(self):
            raise IndexError(f"there are the images 0 to {len(self) - 1}, not {image}")
        from .files import as_picture

        return as_picture(self.preview(slice(image, image + 1)).images[0])
