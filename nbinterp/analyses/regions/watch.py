"""Watching work that takes seconds: what is told how far it is, and may end it."""

from __future__ import annotations

from collections.abc import Callable

from nbinterp.jobs import Cancelled

Watch = Callable[[str], bool]
"""Is told what comes next, in words; what it returns says whether to stop."""


def unwatched(text: str) -> bool:
    """Nobody looks, nobody stops it."""
    return False


def announce(watch: Watch, text: str) -> None:
    """Say what comes next.

    Raises:
        Cancelled: the work is to stop.
    """
    if watch(text):
        raise Cancelled("stopped")
