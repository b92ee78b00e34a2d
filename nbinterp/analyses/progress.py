"""Progress bar and messages of a blocking call."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TextIO

from tqdm import tqdm


def bar_stream() -> TextIO:
    """Where a progress bar goes: standard output in a notebook, where standard error is red, else standard error."""
    return sys.stdout if "ipykernel" in sys.modules else sys.stderr


class Progress:
    """A plain text progress bar over images; it reads the same in a terminal, a notebook and a saved notebook.

    Args:
        n_images: how many there are.
        shown: False for neither bar nor messages.
    """

    def __init__(self, n_images: int, shown: bool) -> None:
        self._shown = shown
        self._bar = tqdm(total=n_images, desc="Recording", unit="image", disable=not shown, file=bar_stream())

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.close()

    def advance(self, n_images: int) -> None:
        """Note that this many more images are finished."""
        self._bar.update(n_images)

    def doing(self, text: str) -> None:
        """Show at the end of the bar what is going on besides images being finished; "" for nothing."""
        self._bar.set_postfix_str(text)

    def say(self, text: str) -> None:
        """Show a message above the bar."""
        if self._shown:
            self._bar.write(text, file=bar_stream())
