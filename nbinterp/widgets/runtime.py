"""The one widget of a kernel that carries plotly.js, so that no visible widget has to."""

from __future__ import annotations

import anywidget

from nbinterp.widgets.static import bundle


class Runtime(anywidget.AnyWidget):
    """Gives plotly.js to every view in the page; shows nothing itself."""

    _esm = bundle("runtime.js")


_runtime: Runtime | None = None


def runtime() -> Runtime:
    """The runtime of this kernel, made when first needed and again after it was closed."""
    global _runtime
    if _runtime is None or _runtime.comm is None:
        _runtime = Runtime()
    return _runtime
