"""The notebooks of the course, each executed from a fresh kernel with no way to the network."""

import importlib.util
from pathlib import Path

import nbformat
import pytest

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
NOWHERE = "http://127.0.0.1:9"  # the discard port: whatever goes through it fails at once


@pytest.fixture(scope="module")
def execute():
    """The function that executes and saves a notebook, from the script that is no module of the package."""
    spec = importlib.util.spec_from_file_location("execute_notebooks", FOLDER / "execute.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    return script.execute


@pytest.mark.timeout(900)
@pytest.mark.filterwarnings("ignore")  # of nbclient and zmq
@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.ipynb")), ids=lambda path: path.name)
def test_a_notebook_runs_offline_from_a_fresh_kernel(execute, path, tmp_path, monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, NOWHERE)
    execute(path, tmp_path / path.name, cwd=tmp_path)
    again, committed = nbformat.read(tmp_path / path.name, as_version=4), nbformat.read(path, as_version=4)
    assert [kinds(cell) for cell in again.cells] == [kinds(cell) for cell in committed.cells]


def kinds(cell) -> list[tuple[str, ...]]:
    """What sorts of output a cell has, streams aside: progress bars and warnings depend on the machine."""
    return [tuple(sorted(output.data)) for output in cell.get("outputs", []) if "data" in output]
