"""A view as one self-contained interactive file."""

from __future__ import annotations

import json
import os
from pathlib import Path

import ipywidgets
from tqdm import tqdm

from nbinterp.analyses.progress import bar_stream
from nbinterp.jobs import Job
from nbinterp.render.html import page
from nbinterp.widgets.view import View

SKIPPED = {"layout", "style", "tabbable", "tooltip"}  # ipywidgets' own traits, which mean nothing to the page


def to_html(view: View, path: str | os.PathLike, *, title: str = "nbinterp") -> Path:
    """Write `view` and what it shows into one HTML file.

    The file needs no kernel and no network: selecting, linking, sorting and filtering work in it;
    what needs the model says that it needs a running kernel.

    Args:
        view: any view of this package.
        path: of the file to write; it replaces an older one only when it is complete.
        title: heading of the page.

    Returns:
        The path written.
    """
    for shown in (view, *view.children()):
        shown.settle()
    models: dict[str, dict] = {}
    _collect(view, models)
    job = Job(lambda _: None, lambda _: None, lambda _: None)
    keys = list(dict.fromkeys(view.resources()))
    baked = {
        json.dumps(list(key), separators=(",", ":"), ensure_ascii=False): view.source.answer(
            key, (), job, lambda *_: None
        ).encode()
        for key in tqdm(keys, desc="Collecting", unit="part", leave=False, delay=1, file=bar_stream())
    }
    return _write(Path(path), page(models, view.model_id, baked, title=title))


def _collect(widget: ipywidgets.Widget, models: dict[str, dict]) -> None:
    if widget.model_id in models:
        return
    keys = [key for key in widget.keys if not key.startswith("_") and key not in SKIPPED]
    models[widget.model_id] = {
        "state": {**widget.get_state(keys), **({"has_kernel": False} if "has_kernel" in keys else {})},
        "esm": str(getattr(widget, "_esm", "")),
        "css": str(getattr(widget, "_css", "")),
    }
    for key in keys:
        child = getattr(widget, key)
        if isinstance(child, ipywidgets.Widget):
            _collect(child, models)


def _write(path: Path, text: str) -> Path:
    if not path.parent.is_dir():
        raise FileNotFoundError(f"cannot write {path.name}: there is no folder {path.parent}")
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        temporary.write_text(text, encoding="utf-8")
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return path
