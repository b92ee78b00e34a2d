"""The cache of a recording: finished parts on disk, found again by the content of everything they depend on.

    folder/<key>/about.json                     what the key stands for, for people
    folder/<key>/part-00000000-00000032.safetensors   images 0 to 31, written as soon as they are finished
    folder/<key>/recording.safetensors          the whole, once all parts are there; then the parts go

The key hashes the weights, the images, what the preprocess does and the settings, so another network or another
probe set never meets these files. Every file is replaced atomically and carries a checksum; a damaged one counts
as absent. Several processes may work on one folder: each writes complete files of the same content.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ._tensorfile import DamagedFileError, read_tensors, write_tensors

_PART = re.compile(r"part-(\d{8})-(\d{8})\.safetensors")
_ABANDONED_SECONDS = 3600

Contents = tuple[dict[str, np.ndarray], dict[str, str]]


class CacheError(OSError):
    """The cache folder cannot take what is to be written; the message says how much is kept and what to do."""


@dataclass(frozen=True)
class Part:
    """A file that claims to hold the images from `start` up to `stop`."""

    start: int
    stop: int
    path: Path


class PassCache:
    """The files of one recording in a cache folder.

    Args:
        root: the folder the user gave; made if it does not exist.
        identity: everything the result depends on, as plain values.

    Raises:
        CacheError: if the folder cannot be made or written.
    """

    def __init__(self, root: str | os.PathLike[str], identity: Mapping[str, Any]) -> None:
        text = json.dumps(identity, sort_keys=True, indent=1)
        self.folder = Path(root).expanduser() / hashlib.sha256(text.encode()).hexdigest()[:32]
        self._whole = self.folder / "recording.safetensors"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            _replace_text(self.folder / "about.json", text)
        except OSError as error:
            raise CacheError(
                f"the cache folder {root} cannot be written ({error}): free space there, or give another cache= folder"
            ) from error

    def finished(self) -> Contents | None:
        """The whole recording if it was finished before and is undamaged."""
        return self._read(self._whole)

    def parts(self) -> list[Part]:
        """Files of finished images, by their first image; what they hold is checked when they are read."""
        found = [(_PART.fullmatch(path.name), path) for path in self.folder.glob("part-*")]
        parts = [Part(int(name[1]), int(name[2]), path) for name, path in found if name]
        return sorted(parts, key=lambda part: (part.start, -part.stop))

    def read(self, part: Part) -> Contents | None:
        """The content of a part; None if it is damaged or has gone."""
        return self._read(part.path)

    def write(self, start: int, stop: int, contents: Contents) -> None:
        """Keep the images from `start` up to `stop`.

        Raises:
            CacheError: if the disk is full or gone.
        """
        path = self.folder / f"part-{start:08d}-{stop:08d}.safetensors"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            write_tensors(path, *contents)
        except OSError as error:
            raise CacheError(
                f"the cache folder {self.folder.parent} cannot be written any more ({error}). The {start} images "
                "before this are kept there: free space and run the same call again to go on from them."
            ) from error

    def finish(self, contents: Contents) -> None:
        """Keep the whole recording and remove its parts, and what killed processes left half-written.

        Raises:
            OSError: if the disk is full; the parts stay and serve as well.
        """
        write_tensors(self._whole, *contents)
        for part in self.parts():
            part.path.unlink(missing_ok=True)
        for path in self.folder.glob("*.tmp"):
            if path.stat().st_mtime < time.time() - _ABANDONED_SECONDS:
                path.unlink(missing_ok=True)

    def clear(self) -> None:
        """Remove everything that was kept of this recording."""
        for path in (self._whole, *(part.path for part in self.parts())):
            path.unlink(missing_ok=True)

    def check_space(self, n_bytes: int) -> None:
        """Refuse before the work if the disk has less room than `n_bytes`.

        Raises:
            CacheError: with both numbers.
        """
        free = shutil.disk_usage(self.folder).free
        if free < n_bytes:
            raise CacheError(
                f"the cache needs about {readable_size(n_bytes)}, but the disk of {self.folder.parent} has "
                f"{readable_size(free)} free: free space there, give another cache= folder, or keep less"
            )

    @staticmethod
    def _read(path: Path) -> Contents | None:
        try:
            return read_tensors(path)
        except (DamagedFileError, FileNotFoundError):
            return None


def readable_size(n_bytes: float) -> str:
    """Bytes for people, in decimal units: 1.3 GB."""
    for unit in ("B", "kB", "MB", "GB"):
        if n_bytes < 1000:
            return f"{n_bytes:.0f} {unit}" if unit in ("B", "kB") else f"{n_bytes:.1f} {unit}"
        n_bytes /= 1000
    return f"{n_bytes:.1f} TB"


def _replace_text(path: Path, text: str) -> None:
    temporary = path.with_name(f"{path.name}.{os.getpid()}-{uuid.uuid4().hex[:8]}.tmp")
    try:
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
