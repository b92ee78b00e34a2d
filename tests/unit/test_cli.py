"""The command line: pages are written where it says, and what is wrong is said before any work."""

import importlib.util
import os
import re
import subprocess
import sys

import pytest

from nbinterp import cli

NOTEBOOK = "00_quickstart.ipynb"


@pytest.fixture
def lab_calls(monkeypatch):
    """The commands that would have started JupyterLab."""
    calls = []

    class Server:
        """Ends with status 0 after one Ctrl-C."""

        def __init__(self, command):
            calls.append(command)
            self.interrupts = 1

        def wait(self):
            self.interrupts -= 1
            if self.interrupts >= 0:
                raise KeyboardInterrupt
            return 0

    monkeypatch.setattr(cli.subprocess, "Popen", Server)
    return calls


def test_a_page_is_written_and_the_place_is_said(tmp_path):
    program = (
        "import sys, nbinterp.widgets.source as source, nbinterp.cli as cli\n"
        "source.umap = lambda features, **_: features[:, :2]\n"  # the real one takes many seconds
        "sys.exit(cli.main(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", program, "demo", "--html", "report.html", "--images", "30"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    page = tmp_path / "report.html"
    assert f"Wrote {page.resolve()} (" in done.stdout
    text = page.read_text(encoding="utf-8")
    assert text.startswith("<!doctype html>")
    assert "nbinterp demo: what a small classifier sees" in text
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"], "nothing else is left there"
    assert "100%" in done.stderr, "a progress bar"


def test_a_folder_that_does_not_exist_is_said_before_any_work(tmp_path, capsys, monkeypatch):
    import nbinterp

    monkeypatch.setattr(nbinterp.demo, "classifier", lambda: pytest.fail("work was done"))
    assert cli.main(["demo", "--html", str(tmp_path / "no" / "report.html")]) == 1
    error = capsys.readouterr().err
    assert error.startswith("nbinterp: cannot write")
    assert str(tmp_path / "no") in error


def test_without_jupyterlab_it_says_how_to_get_it(tmp_path, capsys, monkeypatch, lab_calls):
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "jupyterlab" else found(name))
    assert cli.main(["demo", "--folder", str(tmp_path / "demo")]) == 1
    assert "pip install" in capsys.readouterr().err
    assert not (tmp_path / "demo").exists()
    assert lab_calls == []


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="this system has no root user")
def test_jupyterlab_is_told_when_root_runs_it(tmp_path, lab_calls, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert cli.main(["demo", "--folder", str(tmp_path)]) == 0
    assert lab_calls[0][-1] == "--allow-root"


def test_the_notebooks_are_copied_once_and_never_overwritten(tmp_path, capsys, lab_calls, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    folder = tmp_path / "demo"
    assert cli.main(["demo", "--folder", str(folder)]) == 0
    notebook = folder / NOTEBOOK
    assert {path.name for path in folder.iterdir()} == {path.name for path in cli.notebooks().glob("*.ipynb")}
    assert notebook.read_bytes() == (cli.notebooks() / NOTEBOOK).read_bytes()
    assert str(notebook) in capsys.readouterr().out
    notebook.write_text("mine")
    assert cli.main(["demo", "--folder", str(folder), "--no-browser"]) == 0
    assert notebook.read_text() == "mine"
    first, second = lab_calls
    assert first == [sys.executable, "-m", "jupyterlab", str(notebook.resolve())]
    assert second == [*first, "--no-browser"]


def test_the_course_is_listed_with_its_titles(capsys, lab_calls):
    assert cli.main(["demo", "--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [path.name for path in cli.course()]
    assert lines[0].endswith("Quickstart: what does this network see?")
    assert lab_calls == []


def test_any_notebook_of_the_course_is_opened_by_its_number(tmp_path, capsys, lab_calls):
    assert cli.main(["demo", "02", "--folder", str(tmp_path)]) == 0
    assert lab_calls[0][3] == str((tmp_path / "02_multifaceted.ipynb").resolve())


@pytest.mark.parametrize(
    ("wanted", "found"), [("0", r"^nbinterp: [^01]\d* notebooks"), ("x", "^nbinterp: 0 notebooks")]
)
def test_a_notebook_that_is_not_one_of_them_is_refused_before_anything_is_copied(
    tmp_path, capsys, lab_calls, wanted, found
):
    assert cli.main(["demo", wanted, "--folder", str(tmp_path / "demo")]) == 1
    error = capsys.readouterr().err
    assert re.match(found, error)
    assert NOTEBOOK in error
    assert not (tmp_path / "demo").exists()
    assert lab_calls == []


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path, capsys, lab_calls):
    (tmp_path / "file").write_text("")
    assert cli.main(["demo", "--folder", str(tmp_path / "file" / "demo")]) == 1
    assert capsys.readouterr().err.startswith("nbinterp: ")
    assert lab_calls == []


def test_ctrl_c_is_no_traceback(capsys, monkeypatch):
    def interrupted(*_args):
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "write_report", interrupted)
    assert cli.main(["demo", "--html", f"report{os.extsep}html"]) == 130
    assert "stopped" in capsys.readouterr().err
