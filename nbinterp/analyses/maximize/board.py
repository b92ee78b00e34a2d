"""What the optimizing thread writes and everybody else reads: images, scores, progress, and who wants to hear of it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from typing import Literal

import numpy as np
from torch import Tensor

State = Literal["waiting", "running", "stopped", "done", "failed"]
Status = Literal["waiting", "forming", "done"]
ENDED: tuple[State, ...] = ("stopped", "done", "failed")

log = logging.getLogger(__name__)

SECONDS_BETWEEN_CALLS = 1 / 30
GREY = 0.5


@dataclass(frozen=True, eq=False)
class Subjects:
    """What each of the n images is to show.

    Attributes:
        layers: the layer of each image ("" where the objective names none).
        units: int64, n: its unit; -1 where the objective is no single unit.
        groups: int64, n: images with the same number are of one group, optimized for the same objective together.
        titles: what each image shows, in words.
    """

    layers: tuple[str, ...]
    units: np.ndarray
    groups: np.ndarray
    titles: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.titles)


@dataclass(eq=False)
class Scores:
    """What is known about some images; see `Visualizations` for the meaning of each array."""

    images: np.ndarray
    activations: np.ndarray
    percentiles: np.ndarray
    survival: np.ndarray
    agreement: np.ndarray
    judged: np.ndarray
    dead: np.ndarray
    notes: np.ndarray

    @classmethod
    def unknown(cls, n: int, shape: tuple[int, int, int]) -> Scores:
        """Scores of n images of `shape` (channels, height, width) that do not exist yet: grey and NaN."""
        numbers = {name: np.full(n, np.nan, np.float32) for name in NUMBERS}
        return cls(
            images=np.full((n, *shape), GREY, np.float32),
            **numbers,
            judged=np.full(n, None, object),
            dead=np.zeros(n, bool),
            notes=np.full(n, "not begun", object),
        )

    def put(self, rows: slice, other: Scores) -> None:
        """Write the scores of the images `rows`."""
        for each in fields(self):
            getattr(self, each.name)[rows] = getattr(other, each.name)

    def copy(self) -> Scores:
        """A copy that later `put`s do not change."""
        return Scores(**{each.name: getattr(self, each.name).copy() for each in fields(self)})


NUMBERS = ("activations", "percentiles", "survival", "agreement")


@dataclass(frozen=True, eq=False)
class Preview:
    """The images as they are at one moment.

    Attributes:
        images: float32, k×channel×height×width in [0, 1]: those of `rows`; grey where not begun.
        status: "done", "forming" or "waiting", for each of these.
        rows: which of the n images they are.
        step: how many steps the batch that is forming has made.
    """

    images: np.ndarray
    status: tuple[Status, ...]
    rows: slice
    step: int


@dataclass(eq=False)
class Board:
    """Progress and results of one run; the worker writes by the methods that say so, all else may be called anywhere.

    Args:
        subjects: what each image is to show.
        scores: of all images; filled as batches end.
        steps: how many steps each batch is to make.
        batches: the images of each batch.

    `abandoned` says that nobody will read the scores any more, `doing` what goes on before the first step.
    """

    subjects: Subjects
    scores: Scores
    steps: int
    batches: Sequence[slice]
    state: State = "waiting"
    step: int = 0
    batch: int = 0
    error: BaseException | None = None
    abandoned: bool = False
    doing: str = ""
    messages: list[str] = field(default_factory=list)
    history: list[np.ndarray | None] = field(default_factory=list)
    finished: set[int] = field(default_factory=set)
    changed: threading.Condition = field(default_factory=threading.Condition)
    _pieces: list[Tensor] = field(default_factory=list)
    _listeners: dict[object, Callable[[], None]] = field(default_factory=dict)
    _last_call: float = 0.0

    def __post_init__(self) -> None:
        self.history = [None] * len(self.batches)

    @property
    def forming(self) -> slice:
        """The images of the batch under way, or of the last one."""
        return self.batches[min(self.batch, len(self.batches) - 1)]

    def begin(self, batch: int, step: int) -> None:
        """Worker: go to another batch, which has made `step` steps."""
        with self.changed:
            self.batch, self.step, self._pieces = batch, step, []
            self.finished.discard(batch)
        self._tell(always=True)

    def advance(self, step: int, pieces: list[Tensor]) -> None:
        """Worker: a step was made; `pieces` together are the images it worked on, on any device, not to be changed."""
        with self.changed:
            self.step, self._pieces = step, pieces
        self._tell(always=False)

    def begin_other(self, doing: str) -> None:
        """Worker: something else than steps goes on, such as measuring a spectrum; "" when it has ended."""
        with self.changed:
            self.doing = doing
        self._tell(always=not doing)

    def say(self, text: str) -> None:
        """Worker: a message for the user."""
        with self.changed:
            self.messages.append(text)
        self._tell(always=True)

    def settle(self, batch: int, scores: Scores, history: np.ndarray, *, complete: bool) -> None:
        """Worker: the scores of a batch that ended (`complete`) or was stopped."""
        with self.changed:
            self.scores.put(self.batches[batch], scores)
            self.history[batch] = history
            self._pieces = []
            if complete:
                self.finished.add(batch)
        self._tell(always=True)

    def enter(
        self, state: State, error: BaseException | None = None, *, only_from: Sequence[State] | None = None
    ) -> bool:
        """Go to another state; False, and nothing changes, if it is none of `only_from` now."""
        with self.changed:
            if only_from is not None and self.state not in only_from:
                return False
            self.state, self.error = state, error
            self.changed.notify_all()
        self._tell(always=True)
        return True

    def subscribe(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Have `callback` called when something changed; what is returned ends that."""
        key = object()
        with self.changed:
            self._listeners[key] = callback

        def unsubscribe() -> None:
            with self.changed:
                self._listeners.pop(key, None)

        return unsubscribe

    def preview(self, rows: slice) -> Preview:
        """The images `rows` as they are now."""
        with self.changed:
            pieces, forming, step = self._pieces, self.forming, self.step
            images = self.scores.images[rows].copy()
            status = self._status()[rows]
        wanted = range(len(self.subjects))[rows]
        for i, picture in enumerate(piece for many in pieces for piece in many):
            if forming.start + i in wanted:
                images[wanted.index(forming.start + i)] = picture.float().cpu().numpy()
        return Preview(images, status, slice(wanted.start, wanted.stop), step)

    def _status(self) -> tuple[Status, ...]:
        def of(batch: int) -> Status:
            if batch in self.finished:
                return "done"
            return "forming" if batch == self.batch and self.step > 0 else "waiting"

        return tuple(of(i) for i, rows in enumerate(self.batches) for _ in range(rows.start, rows.stop))

    def _tell(self, *, always: bool) -> None:
        now = time.monotonic()
        with self.changed:
            if not always and now - self._last_call < SECONDS_BETWEEN_CALLS:
                return
            self._last_call = now
            listeners = list(self._listeners.values())
        for listener in listeners:
            try:
                listener()
            except Exception:
                log.exception("a listener to a run of maximize failed")
