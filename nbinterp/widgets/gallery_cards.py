"""What a gallery says of optimized images, and what it takes to be shown in one."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np
import pandas as pd


class Moment(Protocol):
    """Some images as they are at one moment."""

    @property
    def images(self) -> np.ndarray: ...
    @property
    def status(self) -> Sequence[str]: ...


class Forming(Protocol):
    """A run that makes images; `nbinterp.Visualizations` is one. None of these may wait for its end, but `wait`."""

    @property
    def state(self) -> str: ...
    @property
    def step(self) -> int: ...
    @property
    def steps(self) -> int: ...
    @property
    def batch(self) -> int: ...
    @property
    def batches(self) -> int: ...
    @property
    def forming(self) -> slice: ...
    @property
    def message(self) -> str: ...
    @property
    def error(self) -> BaseException | None: ...
    @property
    def can_resume(self) -> bool: ...
    def __len__(self) -> int: ...
    def preview(self, rows: slice | None = None) -> Moment: ...
    def facts(self) -> pd.DataFrame: ...
    def on_change(self, callback: Callable[[], None]) -> Callable[[], None]: ...
    def stop(self) -> object: ...
    def resume(self, steps: int | None = None) -> object: ...
    def wait(self, progress: bool = True) -> object: ...


def cards_of(facts: pd.DataFrame, status: Sequence[str]) -> list[dict[str, Any]]:
    """One dictionary an image, as it crosses to the browser: numbers that are not finite become None."""
    rows = facts.to_dict("records")
    return [
        {str(key): _plain(value) for key, value in row.items()} | {"state": status[i]} for i, row in enumerate(rows)
    ]


def _plain(value: Any) -> Any:
    if value is None or value is pd.NA:
        return None
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        return float(f"{float(value):.6g}") if math.isfinite(value) else None
    return str(value)


def groups_of(cards: Sequence[dict[str, Any]]) -> list[list[int]]:
    """The images of each group, in the order of their first ones."""
    groups: dict[int, list[int]] = {}
    for i, card in enumerate(cards):
        groups.setdefault(card["group"], []).append(i)
    return list(groups.values())


def lines_of(card: dict[str, Any], n_images: int) -> list[str]:
    """What stands beside an image in a static picture, a line each."""
    if card["state"] == "waiting":
        return ["not begun"]
    lines = [] if card["activation"] is None else [f"activation {card['activation']:.3g}"]
    if card["dead"]:
        lines.insert(0, "dead unit: it never responded")
    elif card["percentile"] is not None:
        of = f"{n_images:,}" if n_images else "the recorded"
        lines.append(f"above {share(card['percentile'])} {of} images")
    if card["survival"] is not None:
        lines.append(f"{100 * card['survival']:.0f} % left under transforms")
    if card["agreement"] is not None and card["judged"] is not None:
        lines.append(f"judge sees {card['judged']}")
    return lines or [card["note"] or "forming"]


def share(percentile: float) -> str:
    """A percentile in words that never round up to "all": 99.96 is "99.9 % of"."""
    return "all" if percentile >= 100 else f"{math.floor(percentile * 10) / 10:.4g} % of"


def finding(cards: Sequence[dict[str, Any]], state: str, n_images: int) -> str:
    """One sentence on what the images are and how strong they came out."""
    groups = groups_of(cards)
    titles = [cards[group[0]]["title"] for group in groups]
    what = ", ".join(titles[:3]) + (f" and {len(titles) - 3} more" if len(titles) > 3 else "")
    percentiles = [card["percentile"] for card in cards if card["percentile"] is not None and not card["dead"]]
    text = f"{len(cards)} optimized image{'s' if len(cards) != 1 else ''} of {what}"
    if state not in ("done", "stopped"):
        return f"{text}, {'forming' if state != 'failed' else 'not finished: the run failed'}"
    if percentiles:
        high = sum(percentile >= 99 for percentile in percentiles)
        of = f"{n_images:,}" if n_images else "the"
        text += f"; {high} of {len(percentiles)} activate their unit more than 99 % of {of} images do"
    n_dead = sum(card["dead"] for card in cards)
    return text + (f"; {n_dead} of a dead unit" if n_dead else "") + ("; stopped early" if state == "stopped" else "")
