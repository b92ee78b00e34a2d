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
    """A plain text progress bar; it reads the same in a terminal, a notebook and a saved notebook.

    Args:
        n: how many images (or other units) there are.
        shown: False for neither bar nor messages.
        doing: what is done to them.
        unit: what they are.
    """

    def __init__(self, n: int, shown: bool, *, doing: str = "Recording", unit: str = "image") -> None:
        self._shown = shown
        self._bar = tqdm(total=n, desc=doing, unit=unit, disable=not shown, file=bar_stream())

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.close()

    def advance(self, n: int) -> None:
        """Note that this many more are finished."""
        self._bar.update(n)

    def doing(self, text: str) -> None:
        """Show at the end of the bar what is going on besides; "" for nothing."""
        self._bar.set_postfix_str(text)

    def say(self, text: str) -> None:
        """Show a message above the bar."""
        if self._shown:
            self._bar.write(text, file=bar_stream())
