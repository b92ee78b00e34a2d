"""The command line: `nbinterp demo`, which lists and opens the notebooks, or writes a page."""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

DEMO_LAYERS = ["stage2", "stage3", "stage4"]


def main(arguments: list[str] | None = None) -> int:
    """Entry point; returns the exit status."""
    parser = argparse.ArgumentParser(prog="nbinterp", description="Look inside vision networks from a notebook.")
    commands = parser.add_subparsers(dest="command", required=True)
    demo = commands.add_parser("demo", help="open the course of notebooks in JupyterLab; nothing is downloaded")
    demo.add_argument(
        "notebook", nargs="?", default="00", help="which one to open: its number, or the beginning of its name"
    )
    demo.add_argument("--list", action="store_true", help="name the notebooks instead")
    demo.add_argument("--html", type=Path, metavar="FILE", help="write one interactive page instead, without a browser")
    demo.add_argument("--folder", type=Path, default=Path("nbinterp-demo"), help="where the notebooks are copied to")
    demo.add_argument(
        "--images", type=int, default=1000, metavar="N", help="how many scenes --html shows (default 1000)"
    )
    demo.add_argument("--no-browser", action="store_true", help="start JupyterLab, print its address, open nothing")
    options = parser.parse_args(arguments)
    try:
        if options.html is not None:
            return write_report(options.html, options.images)
        if options.list:
            return list_notebooks()
        return open_notebook(options.notebook, options.folder, browser=not options.no_browser)
    except (OSError, ValueError) as error:
        print(f"nbinterp: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nnbinterp: stopped", file=sys.stderr)
        return 130


def list_notebooks() -> int:
    """Print the file name and the title of every notebook of the course."""
    for path in course():
        first = json.loads(path.read_text(encoding="utf-8"))["cells"][0]["source"]
        print(f"{path.name:<36}{''.join(first).splitlines()[0].lstrip('# ')}")
    return 0


def open_notebook(wanted: str, folder: Path, *, browser: bool = True) -> int:
    """Copy the notebooks to `folder` (copies that are there already are kept) and open one of them in JupyterLab.

    Raises:
        ValueError: no notebook's name begins with `wanted`, or several do.
    """
    if importlib.util.find_spec("jupyterlab") is None:
        print('nbinterp: JupyterLab is not installed; run: pip install "nbinterp[lab]"', file=sys.stderr)
        return 1
    found = [path.name for path in course() if path.name.startswith(wanted)]
    if len(found) != 1:
        names = ", ".join(path.name for path in course())
        raise ValueError(f"{len(found)} notebooks have a name that begins with {wanted!r}; there are {names}")
    folder.mkdir(parents=True, exist_ok=True)
    for source in course():
        if not (folder / source.name).exists():
            shutil.copyfile(source, folder / source.name)
    notebook = folder / found[0]
    print(f"Opening {notebook} in JupyterLab; stop it with Ctrl-C.")
    command = [sys.executable, "-m", "jupyterlab", str(notebook.resolve())]
    if not browser:
        command.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")  # JupyterLab refuses otherwise, and in a container there is nobody else
    server = subprocess.Popen(command)
    while True:
        try:
            return server.wait()
        except KeyboardInterrupt:  # JupyterLab got it too: it asks, and ends by itself
            continue


def write_report(path: Path, n_images: int) -> int:
    """Record the demo classifier on `n_images` scenes and write the linked views as one HTML file."""
    if not path.absolute().parent.is_dir():
        raise FileNotFoundError(f"cannot write {path}: the folder {path.absolute().parent} does not exist")
    import nbinterp as nbi

    net = nbi.demo.classifier()
    recording = nbi.record(net, nbi.demo.scenes(n_images), layers=DEMO_LAYERS)
    view = nbi.explore(recording).wait()
    written = nbi.to_html(view, path, title="nbinterp demo: what a small classifier sees")
    print(
        f"Wrote {written.resolve()} ({written.stat().st_size / 1e6:.1f} MB): open it in any browser, no network needed."
    )
    return 0


def course() -> list[Path]:
    """The notebooks, in order."""
    return sorted(notebooks().glob("*.ipynb"))


def notebooks() -> Path:
    """The folder of the notebooks: inside an installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent
    installed = package / "notebooks"
    return installed if installed.is_dir() else package.parent / "notebooks"
