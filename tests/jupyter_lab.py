"""A real JupyterLab for tests and measurements: started with settings of its own, driven through the browser."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import nbformat
from playwright.sync_api import Page

START_SECONDS = 60


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab: its address, and the folder whose notebooks it shows."""

    url: str
    folder: Path

    def write(self, name: str, cells: list[str]) -> Path:
        """Write a notebook of code cells."""
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
        path = self.folder / name
        nbformat.write(notebook, path)
        return path

    def open(self, page: Page, name: str, *, under: str = "lab/tree") -> None:
        """Open a notebook (in Notebook 7: `under="notebooks"`) and wait until its kernel is idle."""
        page.goto(f"{self.url}/{under}/{name}?reset")
        page.wait_for_function(
            """() => { const context = window.jupyterapp?.shell.currentWidget?.context?.sessionContext;
                       return context?.isReady && context.session?.kernel?.connectionStatus === "connected"
                           && context.session.kernel.status === "idle"; }""",
            timeout=60_000,
        )

    def run_all(self, page: Page, *, timeout: float = 120) -> None:
        """Run every cell and wait until the kernel is idle again."""
        self.command(page, "notebook:run-all-cells", wait=True)
        page.wait_for_function(
            "() => window.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel.status === 'idle'",
            timeout=timeout * 1000,
        )

    def reopen_elsewhere(self, page: Page, name: str) -> None:
        """Save the open notebook `name`, and open a copy of it as on a machine that does not have its kernel."""
        self.command(page, "docmanager:save", wait=True)
        saved = nbformat.read(self.folder / name, as_version=4)
        saved.metadata.kernelspec = {"name": "elsewhere", "display_name": "A kernel of another machine"}
        nbformat.write(saved, self.folder / f"received-{name}")
        # JupyterLab may ask for a kernel, now or a little later: say no whenever it does
        page.add_init_script(
            """setInterval(() => {
                for (const button of document.querySelectorAll(".jp-Dialog button"))
                    if (button.textContent.trim() === "No Kernel") button.click();
            }, 100)"""
        )
        page.goto(f"{self.url}/lab/tree/received-{name}?reset")

    def command(self, page: Page, command: str, *, wait: bool = False) -> None:
        """Execute one of JupyterLab's commands."""
        call = f"window.jupyterapp.commands.execute({json.dumps(command)})"
        page.evaluate(f"async () => {{ await {call}; }}" if wait else f"() => {{ {call}; }}")

    def evaluate(self, page: Page, expression: str) -> str:
        """The text of a Python expression, computed in the notebook's kernel."""
        return page.evaluate(
            """async (code) => {
                const kernel = window.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel;
                const future = kernel.requestExecute({ code: "", user_expressions: { value: code } });
                const reply = await future.done;
                const value = reply.content.user_expressions.value;
                return value.status === "ok" ? value.data["text/plain"] : `${value.ename}: ${value.evalue}`;
            }""",
            expression,
        )


@contextmanager
def running_lab(home: Path) -> Iterator[Lab]:
    """JupyterLab with configuration, data, settings and notebooks in the folder `home`."""
    folder = home / "work"
    settings = home / "settings" / "@jupyterlab" / "apputils-extension"
    for path in (folder, settings):
        path.mkdir(parents=True)
    (settings / "notification.jupyterlab-settings").write_text('{"fetchNews": "false", "checkForUpdates": false}')
    port = free_port()
    environment = {
        **os.environ,
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "IPYTHONDIR": str(home / "ipython"),
    }
    command = [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", f"--port={port}", "--allow-root"),
        *("--IdentityProvider.token=", "--ServerApp.disable_check_xsrf=True", "--LabApp.expose_app_in_browser=True"),
        *(f"--ServerApp.root_dir={folder}", "--JupyterNotebookApp.expose_app_in_browser=True"),
    ]
    with (home / "log.txt").open("wb") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=home)
        try:
            _wait_for(f"http://127.0.0.1:{port}/api", server, home / "log.txt")
            yield Lab(f"http://127.0.0.1:{port}", folder)
        finally:
            server.terminate()
            server.wait(20)


def free_port() -> int:
    """A port of this machine that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(url: str, server: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            if server.poll() is not None:
                break
            time.sleep(0.2)
    raise TimeoutError(f"JupyterLab did not start within {START_SECONDS} s:\n{log.read_text()[-2000:]}")
