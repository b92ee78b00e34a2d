"""The hidden model that answers what the views in the browser ask: thumbnails, columns, coordinates, activations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

import anywidget
import numpy as np
import traitlets as t

from nbinterp.jobs import Cancelled, Job, Worker
from nbinterp.widgets.codec import pack
from nbinterp.widgets.static import bundle

Key = tuple[str | int, ...]


@dataclass(frozen=True)
class Answer:
    """What a source says: numbers and texts in `meta`, bulk data in `arrays` or, already encoded, in `data`."""

    meta: dict = field(default_factory=dict)
    arrays: dict[str, np.ndarray] = field(default_factory=dict)
    data: bytes = b""

    def encode(self) -> tuple[dict, bytes]:
        """Meta data and one buffer, as they cross to the browser."""
        if not self.arrays:
            return self.meta, self.data
        entries, buffer = pack(self.arrays)
        return {**self.meta, "arrays": entries}, buffer


@runtime_checkable
class Source(Protocol):
    """What a catalog shows: lists for its traits, and one answer for every key."""

    n_items: int
    columns: list[dict]
    layers: list[dict]
    thumb: dict

    def answer(self, key: Key, indices: Sequence[int], job: Job, report: Callable[[str, float | None], None]) -> Answer:
        """Compute one resource; `LookupError` or `ValueError` with a message for the reader if that is not possible."""
        ...

    def worker(self, key: Key) -> Worker:
        """The thread on which that resource is to be computed."""
        ...


class Catalog(anywidget.AnyWidget):
    """Everything about the images that views ask for; it computes nothing itself.

    Requests are answered by the source, on the source's worker threads: the message handler only
    enqueues. A request on a *channel* replaces the older ones of that channel. A failure is always answered.
    """

    _esm = bundle("catalog.js")

    n_items = t.Int(0).tag(sync=True)  # Python -> view
    columns = t.List(t.Dict()).tag(sync=True)  # Python -> view
    layers = t.List(t.Dict()).tag(sync=True)  # Python -> view
    thumb = t.Dict().tag(sync=True)  # Python -> view
    has_kernel = t.Bool(True).tag(sync=True)  # Python -> view

    def __init__(self, source: Source) -> None:
        super().__init__(n_items=source.n_items, columns=source.columns, layers=source.layers, thumb=source.thumb)
        self.source = source
        self._jobs: dict[Key, list[Job]] = {}  # several of one key if several pages ask
        self.on_msg(self._on_message)

    def _on_message(self, _widget: object, content: dict, _buffers: list) -> None:
        key = tuple(content.get("key", ()))
        if content.get("kind") == "request" and key:
            self._enqueue(key, content)
        elif content.get("kind") == "cancel":
            for job in tuple(self._jobs.get(key, ())):
                job.cancel()

    def _enqueue(self, key: Key, content: dict) -> None:
        reply = {"kind": "answer", "id": content["id"], "key": list(key)}

        def work(job: Job) -> tuple[dict, bytes]:
            return self.source.answer(key, content.get("indices") or (), job, report).encode()

        def report(text: str, fraction: float | None) -> None:
            self.send({"kind": "progress", "key": list(key), "text": text, "fraction": fraction})

        def done(result: object) -> None:
            meta, buffer = result  # pyright: ignore[reportGeneralTypeIssues]
            self.send({**reply, "meta": meta}, [buffer])
            forget()

        def failed(error: BaseException) -> None:
            self.send({**reply, "error": str(error) if isinstance(error, Cancelled) else describe(error)})
            forget()

        def forget() -> None:
            self._jobs[key].remove(job)

        job = Job(work, done, failed, channel=content.get("channel"))
        self._jobs.setdefault(key, []).append(job)
        self.source.worker(key).submit(job)


def describe(error: BaseException) -> str:
    """One line for the reader: the message, after the kind of error where the message alone would not say."""
    text = " ".join(str(error).split())
    return text if isinstance(error, (LookupError, ValueError)) and text else f"{type(error).__name__}: {text}"
