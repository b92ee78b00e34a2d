"""VS Code's notebook, as far as it can be had without VS Code: its widget bundle on a page with a real kernel."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from jupyter_lab import Lab
from playwright.sync_api import Page, Route

JS = Path(__file__).resolve().parents[3] / "js"
EXTENSIONS = Path(sys.prefix) / "share" / "jupyter" / "nbextensions"

# What VS Code's webview sets: the kind of theme on the body, its colours as custom properties, white behind widgets.
THEMES = {"vscode-light": ("#ffffff", "#3b3b3b"), "vscode-dark": ("#1f1f1f", "#cccccc")}
PAGE = """<!doctype html><meta charset="utf-8"><title>notebook</title>
<style>
html, body {{ background: transparent; }}
html {{ background: var(--vscode-editor-background); }}
body {{ margin: 0; padding: 0 20px; color: var(--vscode-editor-foreground); font: 13px sans-serif; }}
section {{ margin: 12px 0; }}
.cell-output-ipywidget-background {{ background: white !important; }}
</style>
<body class="{kind}" data-vscode-theme-kind="{kind}">
<script src="/require.js"></script><script src="/vscode_window.js"></script>"""


def bundled(folder: Path) -> Path:
    """The page's script, put together from Microsoft's bundle and JupyterLab's kernel connection."""
    out = folder / "vscode_window.js"
    command = ["node_modules/.bin/esbuild", "places/vscode_window.js", "--bundle", "--format=iife"]
    options = ["--global-name=vscode", "--define:define.amd=false", "--log-level=warning", f"--outfile={out}"]
    subprocess.run([*command, *options], cwd=JS, check=True, timeout=120)
    return out


class VSCodeWindow:
    """A page on the server of a JupyterLab, with a kernel of its own."""

    def __init__(self, lab: Lab, page: Page, script: Path) -> None:
        self.page = page
        served = {
            "/vscode_window.js": lambda route: route.fulfill(path=script),
            "/require.js": lambda route: route.fulfill(path=JS / "node_modules" / "requirejs" / "require.js"),
            "/nbextensions/**": lambda route: route.fulfill(path=_extension(route)),
        }
        for path, answer in served.items():
            page.route(lab.url + path, answer)
        page.goto(f"{lab.url}/api")  # a page that the server itself gave may connect to it
        page.set_content(PAGE.format(kind="vscode-light"))
        page.evaluate("() => vscode.open()")
        self.theme("vscode-light")

    def run(self, code: str, title: str = "") -> None:
        """Run a cell and show its outputs."""
        self.page.evaluate("([code, title]) => vscode.run(code, title)", [code, title])

    def evaluate(self, expression: str) -> str:
        """The text of a Python expression in the kernel."""
        return self.page.evaluate("code => vscode.evaluate(code)", expression)

    def theme(self, kind: str) -> None:
        """Change the theme as VS Code does."""
        background, foreground = THEMES[kind]
        self.page.evaluate(
            """([kind, background, foreground]) => {
                document.documentElement.style.setProperty("--vscode-editor-background", background);
                document.documentElement.style.setProperty("--vscode-editor-foreground", foreground);
                document.body.className = kind;
                document.body.dataset.vscodeThemeKind = kind;
            }""",
            [kind, background, foreground],
        )

    def close(self) -> None:
        """End the kernel."""
        self.page.evaluate("() => vscode.close()")


def _extension(route: Route) -> Path:
    name, file = route.request.url.split("?")[0].split("/")[-2:]
    return EXTENSIONS / name / file
