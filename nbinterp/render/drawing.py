"""Cards and text for the static pictures, drawn with PIL at twice the size they are shown in.

Lengths are CSS pixels; `px` turns them into the picture's own.
"""

from __future__ import annotations

from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

SCALE = 2
PADDING = 12  # between a card's border and its content
INK, FAINT, BORDER, CARD, DESK = "#1F2933", "#5B6670", "#D0D5DA", "#FFFFFF", "#F1F3F5"

_FONTS = ("DejaVuSans.ttf", "LiberationSans-Regular.ttf", "Arial.ttf", "segoeui.ttf")
_PLAIN = str.maketrans({"→": "->", "−": "-", "–": "-", "×": "x", "≤": "<=", "≥": ">=", "✓": "+", "✗": "x"})


def px(length: float) -> int:
    """CSS pixels to pixels of the picture."""
    return round(length * SCALE)


class Card:
    """A light sheet with a border, readable on light and dark pages.

    Args:
        width: of the content, CSS pixels.
        height: likewise; the title comes on top of it.
        title: a line above the content, shortened to the width; "" for none.
    """

    def __init__(self, width: float, height: float, title: str = "") -> None:
        self.left = PADDING
        self.top = PADDING + (24 if title else 0)
        size = (px(width + 2 * PADDING), px(self.top + height + PADDING))
        self.image = Image.new("RGB", size, CARD)
        self.draw = ImageDraw.Draw(self.image)
        self.draw.rectangle((0, 0, size[0] - 1, size[1] - 1), outline=BORDER, width=SCALE)
        if title:
            self.text(0, -24, shortened(title, width, 14), 14)

    def text(self, x: float, y: float, text: str, size: float, *, fill: str = INK, anchor: str = "la") -> None:
        """Write one line; x and y count from the content's top left, `anchor` is PIL's ("la": top left)."""
        at = (px(self.left + x), px(self.top + y))
        self.draw.text(at, writable(text), fill=fill, font=_font(size), anchor=anchor)

    def paste(self, x: float, y: float, picture: Image.Image) -> None:
        """Put a picture (already in the picture's own pixels) with its top left at x, y of the content."""
        self.image.paste(picture, (px(self.left + x), px(self.top + y)))


def text_width(text: str, size: float) -> float:
    """Width of a line of text in CSS pixels."""
    return _font(size).getlength(writable(text)) / SCALE


def shortened(text: str, width: float, size: float) -> str:
    """The text, cut and ended with "…" where it is wider than `width` CSS pixels; "" if not even "…" fits."""
    if text_width(text, size) <= width:
        return text
    low, high = 0, len(text)
    while low < high:  # the longest beginning that fits
        middle = (low + high + 1) // 2
        if text_width(text[:middle].rstrip() + "…", size) <= width:
            low = middle
        else:
            high = middle - 1
    short = text[:low].rstrip() + "…"
    return short if text_width(short, size) <= width else ""


def wrapped(text: str, width: float, size: float, n_lines: int) -> list[str]:
    """The text in at most `n_lines` lines of `width` CSS pixels, broken at spaces; the last one is shortened."""
    lines, words = [""], text.split()
    for number, word in enumerate(words):
        longer = f"{lines[-1]} {word}".strip()
        if text_width(longer, size) <= width or not lines[-1]:
            lines[-1] = longer
        elif len(lines) < n_lines:
            lines.append(word)
        else:
            lines[-1] = " ".join([lines[-1], *words[number:]])
            break
    return [shortened(line, width, size) for line in lines]


def writable(text: str) -> str:
    """The text in one line, without signs that PIL's own font lacks if no other font is installed."""
    text = " ".join(text.split())
    if _font_path() is not None:
        return text
    return "".join(sign if sign.isascii() or sign == "…" else "?" for sign in text.translate(_PLAIN))


@lru_cache(maxsize=1)
def _font_path() -> str | None:
    for name in _FONTS:
        try:
            return str(ImageFont.truetype(name, 10).path)
        except OSError:
            continue
    return None


@lru_cache(maxsize=32)
def _font(size: float) -> ImageFont.FreeTypeFont:
    path = _font_path()
    font = ImageFont.load_default(px(size)) if path is None else ImageFont.truetype(path, px(size))
    assert isinstance(font, ImageFont.FreeTypeFont)  # PIL's default font is one where FreeType is built in
    return font
