"""The bundles that the browser runs, as text.

Text, not paths: for a path anywidget keeps every widget of the class alive, closed or not, to reload it when the file
changes.
"""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent.parent / "static"


def bundle(name: str) -> str:
    """The text of a file in `nbinterp/static`."""
    return (FOLDER / name).read_text(encoding="utf-8")
