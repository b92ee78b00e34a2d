"""Progress bar and messages of a blocking call."""

from __future__ import annotations

import sys
from types import TracebackType

from tqdm import tqdm


class Progress:
    """A plain text progress bar over images; it reads the same in a terminal, a notebook and a saved notebook.

    Args:
        n_images: how many there are.
        shown: False for neither bar nor messages.
    """

    def __init__(self, n_images: int, shown: bool) -> None:
        self._shown = shown
        self._bar = tqdm(total=n_images, desc="Recording", unit="image", disable=not shown, file=sys.stderr)

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.close()

    def advance(self, n_images: int) -> None:
        """Note that this many more images are finished."""
        self._bar.update(n_images)

    def say(self, text: str) -> None:
        """Show a message above the bar."""
        if self._shown:
            self._bar.write(text, file=sys.stderr)
