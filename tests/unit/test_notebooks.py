"""The committed notebooks: executed, with pictures, small, and without widget state or anything of the machine."""

import re
from pathlib import Path

import nbformat
import pytest

NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_notebook_is_ready_to_share(path):
    notebook = nbformat.read(path, as_version=4)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert path.stat().st_size <= 3_000_000
    assert "widgets" not in notebook.metadata
    assert all(cell.execution_count for cell in notebook.cells if cell.cell_type == "code")
    assert not [output for output in outputs if output.output_type == "error"]
    pages = [output.data["text/html"] for output in outputs if "text/html" in output.get("data", {})]
    assert sum("nbinterp-snapshot" in page for page in pages) >= 1
    assert not re.search(r"/(home|root|Users|tmp|work)/", path.read_text(encoding="utf-8"))
