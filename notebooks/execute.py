"""Execute the notebooks from a fresh kernel and save them with their static pictures: `python notebooks/execute.py`.

Widget state is not stored: a saved notebook shows the pictures, a running one the live views. The picture of the cell
tagged "gallery" is written beside it too, for the README.
"""

from __future__ import annotations

import base64
import re
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

FOLDER = Path(__file__).resolve().parent


def execute(source: Path, target: Path, *, cwd: Path) -> None:
    """Execute the notebook `source` in the folder `cwd` and write it to `target`; errors are raised."""
    notebook = nbformat.read(source, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=600,
        kernel_name="python3",
        store_widget_state=False,
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(cwd)}},
    )
    client.execute()
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        cell.get("outputs", [])[:] = [output for output in cell.get("outputs", []) if not _is_blank(output)]
    notebook.metadata["language_info"] = {"name": "python"}
    nbformat.write(notebook, target)


def gallery_picture(notebook: nbformat.NotebookNode) -> bytes:
    """The WebP file of the static picture in the cell tagged "gallery"; `StopIteration` if there is none."""
    tagged = (cell for cell in notebook.cells if "gallery" in cell.metadata.get("tags", ()))
    pages = (output.get("data", {}).get("text/html", "") for cell in tagged for output in cell.outputs)
    found = (re.search(r'src="data:image/webp;base64,([^"]+)"', page) for page in pages)
    return base64.b64decode(next(match for match in found if match)[1])


def _is_blank(output: dict) -> bool:
    """What a progress bar leaves behind that wiped itself out."""
    return output["output_type"] == "stream" and not output["text"].strip()


if __name__ == "__main__":
    import tempfile

    for path in map(Path, sys.argv[1:]) if sys.argv[1:] else sorted(FOLDER.glob("*.ipynb")):
        with tempfile.TemporaryDirectory() as scratch:
            execute(path, path, cwd=Path(scratch))
        picture = FOLDER / "pictures" / f"{path.stem}.webp"
        picture.parent.mkdir(exist_ok=True)
        picture.write_bytes(gallery_picture(nbformat.read(path, as_version=4)))
        print(f"executed {path.name} ({path.stat().st_size / 1e6:.2f} MB)")
