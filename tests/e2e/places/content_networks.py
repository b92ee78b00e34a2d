"""What nbconvert's page asks of content delivery networks, from npm packages of the same name."""

from __future__ import annotations

import re
from pathlib import Path

PACKAGES = Path(__file__).resolve().parents[3] / "js" / "node_modules"

FILES = {  # the address of a module, in any version or range of versions -> its file in js/node_modules
    r"https://cdnjs\.cloudflare\.com/ajax/libs/require\.js/2\.1\.10/require\.min\.js": "requirejs-2.1/require.js",
    r"https://unpkg\.com/@jupyter-widgets/html-manager@[^/]+/(dist/[\w.-]+\.js)": "@jupyter-widgets/html-manager/{}",
    r"https://cdn\.jsdelivr\.net/npm/anywidget@[^/]+/(dist/[\w.-]+\.js)": "anywidget/{}",
}


def answer(url: str) -> Path | None:
    """The file that answers a request; None: the pages get along without it (MathJax, Mermaid, icons)."""
    for pattern, file in FILES.items():
        if found := re.fullmatch(pattern, url.split("?")[0]):
            path = PACKAGES / file.format(*found.groups())
            assert path.exists(), f"{path} is missing: run npm ci in js/"
            return path
    return None
