"""The static picture of an ablation: accuracies beside those of the network as it is, units and changed predictions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from PIL import Image

from nbinterp.analyses.ablation import Effect
from nbinterp.render.drawing import BORDER, FAINT, INK, Card, px, shortened, text_width, wrapped
from nbinterp.render.snapshot import beside, image_sheet, stack, unit_strips

KEPT, LOST, GAINED = "#4477AA", "#E8A27C", "#7CBF8E"
_LOST_TEXT, _GAINED_TEXT = "#A83A00", "#1A7431"

_WIDTH, _NAMES, _NUMBERS, _ROW = 560, 130, 108, 19  # CSS px
_MOST_CLASSES = 20


def ablation_card(
    effect: Effect,
    classes: Sequence[str],
    *,
    layer: str,
    words: str,
    labelled: bool,
    units: Sequence[Mapping[str, Any]],
    n_units: int,
    pictures: Sequence[np.ndarray],
    captions: Sequence[str],
) -> Image.Image:
    """Accuracy and balanced accuracies of an edit, the classes that change most first, the units, and pictures below.

    Args:
        effect: to draw.
        classes: their names.
        layer: whose units were edited.
        words: what was done to them, "" for nothing.
        labelled: whether accuracy is that of labels; else it is agreement with the network as it is.
        units: the first units that are not as they are, as `snapshot.unit_strips` takes them.
        n_units: that are not as they are.
        pictures: uint8, height × width × 3: images whose prediction changes.
        captions: of these.
    """
    shown = most_changed(effect, _MOST_CLASSES)
    lines = wrapped(words or "the network as it is", _WIDTH, 11, 2)
    top = 15 * len(lines) + 34
    more = len(classes) - len(shown)
    card = Card(_WIDTH, top + 20 + len(shown) * _ROW + (16 if more else 0), f"Ablation of units of {layer}")
    for number, line in enumerate(lines):
        card.text(0, 15 * number, line, 11, fill=FAINT)
    _headline(card, 15 * len(lines) + 5, effect, labelled)
    card.text(0, top, "Balanced accuracy by class (TPR + TNR) / 2; | as it was, dotted: chance", 10.5, fill=FAINT)
    for place, number in enumerate(map(int, shown)):
        _bar(card, top + 20 + place * _ROW, classes[number], effect, number)
    if more:
        text = f"and {more:,} more classes that change less"
        card.text(0, top + 20 + len(shown) * _ROW, text, 10.5, fill=FAINT)
    picture = card.image
    if units:
        heading = f"{n_units:,} unit{'s' * (n_units != 1)}" + _first(len(units), n_units)
        picture = beside([unit_strips(units, tile=36, title=heading), picture])
    if not pictures:
        return picture
    n = len(effect.flipped)
    title = f"{n:,} prediction{'s' * (n != 1)} changed" + _first(len(pictures), n)
    return stack([picture, image_sheet(pictures, captions, 10 if units else 7, 72, title=title)])


def _first(shown: int, n: int) -> str:
    return f", the first {shown}" if n > shown else ""


def most_changed(effect: Effect, n: int) -> np.ndarray:
    """int64: at most `n` classes with images, the largest change of balanced accuracy first, equal ones by number."""
    change = np.abs(effect.balanced_accuracy - effect.balanced_accuracy_before)
    order = np.argsort(-np.nan_to_num(change, nan=-1.0), kind="stable")
    return order[np.isfinite(change[order])][:n]


def points(now: float, was: float) -> str:
    """A change of a share in points, with its sign: "−21.4", "+0.3", "±0"; "" where it is not known."""
    if not np.isfinite(now - was):
        return ""
    text = f"{100 * (now - was):+.1f}"
    return "±0" if float(text) == 0 else text.replace("-", "−")


def _headline(card: Card, y: float, effect: Effect, labelled: bool) -> None:
    now, was = effect.accuracy, effect.accuracy_before
    share = f"{100 * now:.1f} %" if np.isfinite(now) else "unknown"
    text = f"{'Accuracy' if labelled else 'Agreement'} {share}"
    card.text(0, y, text, 15)
    x = text_width(text, 15) + 10
    change = points(now, was)
    if change:
        card.text(x, y + 3, f"{change} points", 12, fill=_color(change))
        x += text_width(f"{change} points", 12) + 10
    extent = f"{effect.n_images:,}" if effect.complete else f"{effect.n_images:,} of {effect.n_total:,}"
    before = f"was {100 * was:.1f} %, " if np.isfinite(was) else ""
    card.text(x, y + 4, f"{before}on {extent} images", 11, fill=FAINT)


def _bar(card: Card, y: float, name: str, effect: Effect, number: int) -> None:
    now, was = float(effect.balanced_accuracy[number]), float(effect.balanced_accuracy_before[number])
    left, width = _NAMES + 6, _WIDTH - _NAMES - _NUMBERS - 12
    card.text(0, y, shortened(name, _NAMES, 11), 11)
    _box(card, left, y + 3, width, 9, "#E9ECEF")
    _box(card, left, y + 3, width * min(now, was), 9, KEPT)
    _box(card, left + width * min(now, was), y + 3, width * abs(now - was), 9, GAINED if now > was else LOST)
    for dash in range(3):
        _box(card, left + width / 2, y + 1 + 5 * dash, 1, 2.5, BORDER if now < 0.5 else "#FFFFFF")
    _box(card, left + width * was - 1, y, 2, 15, INK)
    change = points(now, was)
    card.text(_WIDTH - 52, y, f"{100 * now:.1f} %", 11, anchor="ra")
    card.text(_WIDTH, y, change, 11, fill=_color(change), anchor="ra")


def _color(change: str) -> str:
    return _LOST_TEXT if change.startswith("−") else _GAINED_TEXT if change.startswith("+") else FAINT


def _box(card: Card, x: float, y: float, width: float, height: float, color: str) -> None:
    if px(width) < 1:
        return
    corners = (px(card.left + x), px(card.top + y), px(card.left + x + width) - 1, px(card.top + y + height) - 1)
    card.draw.rectangle(corners, fill=color)
