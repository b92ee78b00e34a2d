"""A marimo notebook with one cell for each widget class, run as an app."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jupyter_lab import free_port
from widget_classes import CLASSES, WORLD

START_SECONDS = 60


def notebook() -> str:
    """The text of the notebook."""
    body = "".join(f"    {line}\n" for line in WORLD.splitlines())
    cells = [f"@app.cell\ndef _():\n{body}    return facets, link, nbi, net, study\n"]
    for shown in CLASSES:
        cells.append(
            "@app.cell\ndef _(facets, link, nbi, net, study):\n"
            f"    {shown.variable} = {shown.code}\n    {shown.variable}\n    return ({shown.variable},)\n"
        )
    return "import marimo\n\napp = marimo.App(width='full')\n\n" + "\n\n".join(cells) + "\n"


@contextmanager
def running_marimo(folder: Path) -> Iterator[str]:
    """The address of the notebook, run by marimo with settings of its own."""
    folder.mkdir()
    path = folder / "places.py"
    path.write_text(notebook(), encoding="utf-8")
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "marimo",
        "-y",
        "run",
        str(path),
        "--headless",
        "--no-token",
        "--host",
        "127.0.0.1",
    ]
    environment = {**os.environ, "XDG_CONFIG_HOME": str(folder), "XDG_STATE_HOME": str(folder), "HOME": str(folder)}
    url = f"http://127.0.0.1:{port}"
    with (folder / "log.txt").open("wb") as log:
        server = subprocess.Popen([*command, "--port", str(port)], env=environment, stdout=log, stderr=log, cwd=folder)
        try:
            _wait_for(url, server, folder / "log.txt")
            yield url
        finally:
            server.terminate()
            server.wait(20)


def _wait_for(url: str, server: subprocess.Popen, log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(f"marimo did not start within {START_SECONDS} s:\n{log.read_text()[-2000:]}")
