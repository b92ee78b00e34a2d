"""Files that come from elsewhere are read as data: nothing in them is run, whatever their names promise."""

from __future__ import annotations

import ast
import io
import json
import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import save

import nbinterp as nbi
from nbinterp.analyses.maximize.spectrum import read_spectrum
from nbinterp.data.images import read_image
from nbinterp.data.masks import read_label_map
from nbinterp.zoo.models import load_network

PACKAGE = Path(nbi.__file__).parent
RUNS_CODE = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal", "yaml"}
UNPICKLES = {"torch.load", "torch.serialization", "torch.jit.load"}


class Attack:
    """Whoever unpickles this makes a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple:
        return (open, (str(self.path), "w"))


def hostile_files(mark: Path) -> dict[str, bytes]:
    """Contents that run code in a reader that lets them."""
    attack = Attack(mark)
    array = np.array([attack], dtype=object)
    files = {"pickle": pickle.dumps(attack)}
    for name, write in {
        "npy": lambda file: np.save(file, array, allow_pickle=True),
        "npz": lambda file: np.savez(file, a=array),
        "torch": lambda file: torch.save({"a": attack}, file),
    }.items():
        buffer = io.BytesIO()
        write(buffer)
        files[name] = buffer.getvalue()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("../../outside.txt", "escaped")
    files["zip"] = buffer.getvalue()
    files["safetensors"] = save({"a": np.zeros(3, np.float32)}, {"about": files["pickle"].hex()})
    files["header"] = (2**62).to_bytes(8, "little") + b"{}"
    return files


def load_folder(kind: type, stem: str):
    """A loader of results kept as two files in a folder."""

    def load(path: Path) -> object:
        folder = path.parent / f"{path.name}-folder"
        folder.mkdir()
        (folder / f"{stem}.safetensors").write_bytes(path.read_bytes())
        (folder / f"{stem}.json").write_text(json.dumps({"format": "nbinterp recording 1"}), encoding="utf-8")
        return kind.load(folder)

    return load


def load_weights(path: Path) -> object:
    """The weights of a demo classifier, from another folder."""
    folder = path.parent / f"{path.name}-weights"
    folder.mkdir()
    for known in (PACKAGE / "zoo").rglob("*.safetensors"):
        (folder / known.name).write_bytes(path.read_bytes())
        name = known.stem
    return load_network(name, folder)


def with_suffix(load, suffix: str):
    """A loader that goes by the name of a file."""
    return lambda path: load(path.rename(path.with_suffix(suffix)))


LOADERS = {
    "Recording": load_folder(nbi.Recording, "recording"),
    "Visualizations": load_folder(nbi.Visualizations, "visualizations"),
    "Facets": load_folder(nbi.Facets, "facets"),
    "Dissection": nbi.Dissection.load,
    "Region": nbi.Region.load,
    "spectrum.npy": with_suffix(read_spectrum, ".npy"),
    "spectrum.safetensors": with_suffix(read_spectrum, ".safetensors"),
    "label map": read_label_map,
    "image": lambda path: read_image(path, "RGB"),
    "weights": load_weights,
}


@pytest.mark.parametrize("name", LOADERS)
def test_hostile_files_are_refused(name: str, tmp_path: Path):
    mark = tmp_path / "mark"
    for kind, content in hostile_files(mark).items():
        path = tmp_path / kind / "given"
        path.parent.mkdir()
        path.write_bytes(content)
        with pytest.raises(Exception) as refused:
            LOADERS[name](path)
        assert not isinstance(refused.value, (MemoryError, AttributeError, NameError)), kind
        assert not mark.exists(), f"{name} ran what {kind} holds"
    assert not (tmp_path.parent / "outside.txt").exists()


def test_the_attack_works_on_a_careless_reader(tmp_path: Path):
    pickle.loads(hostile_files(tmp_path / "mark")["pickle"]).close()
    assert (tmp_path / "mark").exists()


def readers_that_run_code(source: str) -> list[str]:
    """Imports and calls in a module that would unpickle, or run text."""
    found = []
    for node in ast.walk(ast.parse(source)):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Call):
            call = ast.unparse(node.func)
            words = {word.arg: ast.unparse(word.value) for word in node.keywords}
            unpickles = words.get("allow_pickle", "False") != "False" or "weights_only" in words
            if call in ("eval", "exec", "torch.load", "torch.jit.load", "torch.hub.load") or unpickles:
                found.append(f"line {node.lineno}: {call}")
        forbidden = [name for name in names if name.split(".")[0] in RUNS_CODE or name in UNPICKLES]
        found += [f"import of {name}" for name in forbidden]
    return found


@pytest.mark.parametrize(
    "careless",
    ["import pickle", "from joblib import load", "torch.load(p)", "np.load(p, allow_pickle=True)", "eval(text)"],
)
def test_careless_readers_are_found(careless: str):
    assert readers_that_run_code(careless)


def test_no_module_runs_what_it_reads():
    found = {path.name: readers_that_run_code(path.read_text(encoding="utf-8")) for path in PACKAGE.rglob("*.py")}
    assert {name: lines for name, lines in found.items() if lines} == {}
