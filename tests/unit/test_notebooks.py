"""The committed notebooks: executed, with pictures, small, and without widget state or anything of the machine."""

import base64
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


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_its_picture_for_the_readme_is_its_own(path):
    notebook = nbformat.read(path, as_version=4)
    (tagged,) = [cell for cell in notebook.cells if "gallery" in cell.metadata.get("tags", ())]
    picture = (path.parent / "pictures" / f"{path.stem}.webp").read_bytes()
    shown = [output.data.get("text/html", "") for output in tagged.outputs if "data" in output]
    assert base64.b64encode(picture).decode() in "".join(shown)
    assert len(picture) <= 150_000
    assert f"notebooks/pictures/{path.stem}.webp" in (path.parents[1] / "README.md").read_text(encoding="utf-8")


def test_the_course_is_one_thread():
    """The first notebook lists all of them, each other one is named at the end of the one before it."""
    texts = [nbformat.read(path, as_version=4).cells for path in NOTEBOOKS]
    assert all(f"({path.name})" in texts[0][0].source for path in NOTEBOOKS)
    for cells, following in zip(texts, NOTEBOOKS[1:], strict=False):
        assert f"({following.name})" in cells[-1].source
    for cells in texts:
        assert "## Use it on your own model" in cells[-1].source
        assert "vit" in cells[-1].source and "torchvision" in cells[-1].source
