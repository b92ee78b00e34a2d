"""What other tools make of a saved notebook: nbconvert's page, and a page as GitHub shows it."""

from __future__ import annotations

import re
from pathlib import Path

import bleach
from bleach.css_sanitizer import CSSSanitizer
from nbconvert import HTMLExporter
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_output

VIEW = "application/vnd.jupyter.widget-view+json"

# A strict reader of other people's notebooks: no script, no style, no identifier, pictures from the file itself.
TAGS = {
    "a",
    "b",
    "blockquote",
    "br",
    "code",
    "div",
    "em",
    "h1",
    "h2",
    "h3",
    "hr",
    "i",
    "img",
    "li",
    "ol",
    "p",
    "pre",
} | {*("span", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul")}
STYLE = re.compile("<style.*?</style>", re.DOTALL)  # goes with its content: every table of pandas has one
ATTRIBUTES = {"a": ["href"], "img": ["alt", "src", "width", "height", "style"]}


def without_state(notebook: NotebookNode) -> NotebookNode:
    """The notebook as it is when widget state was not saved."""
    metadata = {key: value for key, value in notebook.metadata.items() if key != "widgets"}
    return NotebookNode({**notebook, "metadata": NotebookNode(metadata)})


def with_a_widget_of_others() -> NotebookNode:
    """A cell that shows a widget which is no longer there, and no picture."""
    view = {"model_id": "0" * 32, "version_major": 2, "version_minor": 0}
    output = new_output("display_data", data={VIEW: view, "text/plain": "SomeoneElse()"})
    return new_code_cell("SomeoneElse()", execution_count=99, outputs=[output])


def to_page(notebook: NotebookNode, path: Path, *, theme: str = "light") -> Path:
    """The page that `jupyter nbconvert --to html` writes."""
    text, _ = HTMLExporter(theme=theme).from_notebook_node(notebook)
    path.write_text(text, encoding="utf-8")
    return path


def to_dark_page(notebook: NotebookNode, path: Path) -> Path:
    """The page that `jupyter nbconvert --to html --theme dark` writes."""
    return to_page(notebook, path, theme="dark")


def to_sanitized_page(notebook: NotebookNode, path: Path) -> Path:
    """The outputs as a reader shows them that runs no script: of each its best safe form, cleaned."""
    parts = []
    for cell in notebook.cells:
        parts.append(f"<pre>{bleach.clean(cell.source)}</pre>")
        for output in cell.get("outputs", []):
            parts.append(_safe_form(output))
    style = (
        "body { font: 14px sans-serif; max-width: 980px; margin: 20px auto } pre { background: #f6f8fa; padding: 8px }"
    )
    path.write_text(f'<!doctype html><meta charset="utf-8"><style>{style}</style>' + "\n".join(parts), encoding="utf-8")
    return path


def _safe_form(output: NotebookNode) -> str:
    data = output.get("data", {})
    if VIEW in data and "text/html" not in data and "image/png" not in data:
        return ""  # a widget's place stays empty: its words are not shown where its own form is the best one
    if "text/html" in data:
        return bleach.clean(
            STYLE.sub("", "".join(data["text/html"])),
            tags=TAGS,
            attributes=ATTRIBUTES,
            protocols=["data", "https"],
            css_sanitizer=CSSSanitizer(allowed_css_properties=["max-width"]),
            strip=True,
        )
    if "image/png" in data:
        return f'<img src="data:image/png;base64,{data["image/png"]}">'
    return f"<pre>{bleach.clean(''.join(data.get('text/plain', output.get('text', ''))))}</pre>"
