"""A static scatter plot: points, legend or colour bar, axis captions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np
from PIL import Image

from nbinterp.render.colors import VIRIDIS, category_rgb, category_rgbs, sequential_rgb
from nbinterp.render.drawing import BORDER, FAINT, PADDING, Card, px, shortened, text_width, wrapped

_LINE = 18  # height of a legend's line
_RINGED = 20_000  # up to so many points each has a white ring
_SHAPED = 5_000  # up to so many points categories have shapes too: colour alone does not tell them apart for everyone


def _plus(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    a, b = abs(x), abs(y)
    return np.minimum(np.maximum(a / 1.15, b / 0.42), np.maximum(a / 0.42, b / 1.15))


_SHAPES: tuple[Callable[[np.ndarray, np.ndarray], np.ndarray], ...] = (
    np.hypot,
    lambda x, y: np.maximum(abs(x), abs(y)) / 0.88,
    lambda x, y: np.maximum(y / 0.72, (2 * abs(x) - y) / 1.55),
    lambda x, y: (abs(x) + abs(y)) / 1.25,
    lambda x, y: np.maximum(-y / 0.72, (2 * abs(x) + y) / 1.55),
    _plus,
    lambda x, y: _plus((x + y) * 0.5**0.5, (x - y) * 0.5**0.5),
)
"""At most 1 inside; the shapes of js/src/views/embedding_plot/stamps.js, in their order."""


def scatter(
    coords: np.ndarray,
    codes: np.ndarray,
    legend: Sequence[str],
    *,
    size: tuple[int, int] = (560, 400),
    title: str = "",
    axes: tuple[str, str] = ("first axis", "second axis"),
    selected: np.ndarray | None = None,
) -> Image.Image:
    """Points in the plane, coloured (and up to 5,000 of them shaped) by category, or by number, with a legend beside.

    Args:
        coords: N×2; x to the right, y upward, one scale for both. Rows that are not finite are left out.
        codes: integers: category of each point, −1 for none. Floats: a number of each point, NaN for none.
        legend: names of the categories; for numbers, one name, of what the numbers are.
        size: (width, height) in CSS pixels of plot and legend together.
        title: a line above, "" for none.
        axes: captions of the x and the y axis.
        selected: indices of points to stand out; the others are faded.

    Raises:
        ValueError: shapes that do not fit, or a code without a name.
    """
    coords, codes = np.asarray(coords, dtype=np.float64), np.asarray(codes)
    numeric = codes.dtype.kind == "f"
    if coords.ndim != 2 or coords.shape[1] != 2 or codes.shape != (len(coords),):
        raise ValueError(f"scatter needs N×2 coordinates and N codes, got {coords.shape} and {codes.shape}.")
    if len(codes) and not numeric and codes.max() >= len(legend):
        raise ValueError(f"code {codes.max()} has no name: the legend has {len(legend)}.")
    card = Card(*size, title)
    entries = [] if numeric else _legend_entries(codes, legend)
    legend_width = 96 if numeric else min(170.0, max([text_width(name, 11) for _, name in entries], default=0) + 18)
    plot = (18, 0, size[0] - legend_width - 16, size[1] - 18)
    colors = sequential_rgb(codes) if numeric else category_rgbs(codes)
    shaped = not numeric and len(codes) <= _SHAPED
    shapes = _shape_of(codes) if shaped else np.zeros(len(codes), np.int64)
    n_drawn = _plot_points(card, plot, coords, colors, shapes, selected)
    _axis_captions(card, plot, axes, "" if n_drawn == len(coords) else f"{n_drawn} of {len(coords)} points drawn")
    if numeric:
        _color_bar(card, plot[2] + 16, plot[3], codes, legend[0] if legend else "")
    else:
        _draw_legend(card, plot[2] + 16, legend_width, plot[3], entries, shaped)
    return card.image


def _legend_entries(codes: np.ndarray, legend: Sequence[str]) -> list[tuple[int, str]]:
    present = np.unique(codes)
    named = [(int(code), legend[int(code)]) for code in present[present >= 0]]
    return [*named, (-1, "none")] if (present < 0).any() else named


def _shape_of(codes: np.ndarray) -> np.ndarray:
    return np.where(codes < 0, 0, codes % len(_SHAPES)).astype(np.int64)


def _plot_points(
    card: Card,
    plot: tuple[float, float, float, float],
    coords: np.ndarray,
    colors: np.ndarray,
    shapes: np.ndarray,
    selected: Any,
) -> int:
    left, top, right, bottom = plot
    corner = (px(card.left + left), px(card.top + top))
    field = Image.new("RGB", (px(right - left), px(bottom - top)), "#FAFBFC")
    drawn = np.flatnonzero(np.isfinite(coords).all(axis=1))
    if len(drawn):
        radius = float(np.clip(6.2 - 1.15 * np.log10(len(drawn)), 1.2, 5))
        places = _places(coords[drawn], (field.width, field.height), px(radius) + px(6))
        chosen = np.zeros(len(coords), bool)
        chosen[slice(None) if selected is None else np.asarray(selected, dtype=np.intp)] = True
        shuffled = np.random.default_rng(0).permutation(len(drawn))  # no category always on top
        order = shuffled[np.argsort(chosen[drawn][shuffled], kind="stable")]
        rings, rows = len(drawn) <= _RINGED, drawn[order]
        for (x, y), color, shape, stands_out in zip(
            places[order].tolist(), colors[rows].tolist(), shapes[rows].tolist(), chosen[rows].tolist(), strict=True
        ):
            ring, dot = _stamps(radius, 1.0, shape) if stands_out else _stamps(radius * 0.8, 0.22, shape)
            at = (x - ring.width // 2, y - ring.height // 2)
            if rings:
                field.paste("white", at, ring)
            field.paste(tuple(color), at, dot)
    card.image.paste(field, corner)
    box = (*corner, corner[0] + field.width, corner[1] + field.height)
    card.draw.rectangle(box, outline=BORDER, width=px(0.5))
    return len(drawn)


def _places(coords: np.ndarray, size: tuple[int, int], margin: int) -> np.ndarray:
    low, high = coords.min(axis=0), coords.max(axis=0)
    room = np.array(size) - 2 * margin
    span = np.maximum(high - low, 1e-12 * max(1.0, float(np.abs(coords).max())))
    scale = (room / span).min()
    centred = (coords - (low + high) / 2) * scale * [1, -1]
    return (centred + np.array(size) / 2).round().astype(int)


def put_point(image: Image.Image, at: tuple[int, int], code: int, radius: float) -> None:
    """A point in the colour and shape of its category.

    Args:
        image: to draw on.
        at: x and y of its middle in the image's own pixels.
        code: of the category, −1 for none.
        radius: CSS pixels.
    """
    ring, dot = _stamps(radius, 1.0, int(_shape_of(np.array(code))))
    corner = (at[0] - dot.width // 2, at[1] - dot.height // 2)
    image.paste("white", corner, ring)
    image.paste(category_rgb(code), corner, dot)


@cache
def _stamps(radius: float, opacity: float, shape: int) -> tuple[Image.Image, Image.Image]:
    """Smooth shapes as paste masks of one size: a white ring's, and the point's own."""
    reach = round(1.3 * (px(radius) + px(1)))
    at = (np.arange(4 * (2 * reach + 1)) + 0.5) / 4 - reach - 0.5  # 4 × 4 samples in every pixel
    x, y = np.meshgrid(at, at)

    def filled(r: float, alpha: float) -> Image.Image:
        inside = _SHAPES[shape](x / r, y / r) <= 1
        share = inside.reshape(2 * reach + 1, 4, 2 * reach + 1, 4).mean((1, 3))
        return Image.fromarray((255 * alpha * share + 0.5).astype(np.uint8))

    return filled(px(radius) + px(0.5), 0.8 * opacity), filled(px(radius), 0.92 * opacity)


def _axis_captions(card: Card, plot: tuple[float, float, float, float], axes: tuple[str, str], note: str) -> None:
    left, top, right, bottom = plot
    room = text_width(note, 10) + 12 if note else 0
    card.text(left, bottom + 4, shortened(f"{axes[0]} →" if axes[0] else "", right - left - room, 10), 10, fill=FAINT)
    card.text(right, bottom + 4, note, 10, fill=FAINT, anchor="ra")
    if axes[1]:
        upright = Card(bottom - top, 18)
        upright.text(0, 0, shortened(f"{axes[1]} →", bottom - top, 10), 10, fill=FAINT)
        corner = px(PADDING)
        turned = upright.image.crop((corner, corner, corner + px(bottom - top), corner + px(14))).rotate(
            90, expand=True
        )
        card.paste(0, top, turned)


def _draw_legend(
    card: Card, x: float, width: float, height: float, entries: list[tuple[int, str]], shaped: bool
) -> None:
    fits = int(height // _LINE)
    shown = entries if len(entries) <= fits else entries[: fits - 1]
    for place, (code, name) in enumerate(shown):
        middle = place * _LINE + 8
        _, dot = _stamps(4.5, 1.0, int(_shape_of(np.array(code))) if shaped else 0)
        at = (px(card.left + x + 5) - dot.width // 2, px(card.top + middle) - dot.height // 2)
        card.image.paste(category_rgb(code), at, dot)
        card.text(x + 16, middle, shortened(name, width - 18, 11), 11, anchor="lm")
    if len(shown) < len(entries):
        rest = f"and {len(entries) - len(shown)} more"
        card.text(x + 16, len(shown) * _LINE + 8, rest, 11, fill=FAINT, anchor="lm")


def _color_bar(card: Card, x: float, height: float, values: np.ndarray, name: str) -> None:
    finite = values[np.isfinite(values)]
    for number, line in enumerate(wrapped(name, 96, 11, 2)):
        card.text(x, 14 * number, line, 11)
    top, length = 36, min(160.0, height - 44)
    ramp = Image.fromarray(np.repeat(VIRIDIS[::-1, None], px(14), axis=1)).resize((px(14), px(length)))
    card.paste(x, top, ramp)
    for share, value in ((0, finite.max()), (1, finite.min())) if len(finite) else ():
        card.text(x + 20, top + share * length, f"{value:.3g}", 10.5, fill=FAINT, anchor="lm")
