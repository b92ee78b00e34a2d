"""The one widget of a kernel that carries plotly.js, so that no visible widget has to."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import anywidget

STATIC = Path(__file__).parent.parent / "static"


class Runtime(anywidget.AnyWidget):
    """Gives plotly.js to every view in the page; shows nothing itself."""

    _esm = STATIC / "runtime.js"


@cache
def runtime() -> Runtime:
    """The runtime of this kernel, made when first needed."""
    return Runtime()
