"""What the README and the ends of the notebooks tell a reader to write, run as it stands.

Networks of torchvision, photographs in folders. The weights are random and two networks are smaller than they say;
nothing is downloaded.
"""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import numpy as np
import pytest
import torch
import torchvision
from PIL import Image

import nbinterp as nbi

REPOSITORY = Path(__file__).resolve().parents[2]
SOURCES = [REPOSITORY / "README.md", *sorted((REPOSITORY / "notebooks").glob("*.ipynb"))]
CONCEPTS = {"object": ["", "ball", "box"], "part": ["", "lid"], "color": ["", "red", "blue"]}


def snippets(path: Path) -> list[str]:
    """The Python blocks of a page of text: of the README, or of a notebook's last cell."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        text = nbformat.reads(text, as_version=4).cells[-1].source
    return re.findall(r"```python\n(.*?)```", text, re.S)


def write_images(folder: Path, names: list[str], top: int | None = None) -> None:
    """Images of noise, or of whole numbers up to `top` for masks."""
    rng = np.random.default_rng(0)
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        coarse = rng.integers(0, 256, (8, 10, 3)) if top is None else rng.integers(0, top + 1, (8, 10))
        Image.fromarray(coarse.astype(np.uint8).repeat(8, 0).repeat(8, 1)).save(folder / name)


@pytest.fixture
def at_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict:
    """What a reader has: folders of photographs and masks, and the names that the texts use without making them."""
    photographs = [f"{kind}/{i}.png" for kind in ("church", "kite") for i in range(10)]
    write_images(tmp_path / "photos", photographs)
    write_images(tmp_path / "broden" / "images", [f"{i}.png" for i in range(12)])
    for category, names in CONCEPTS.items():
        write_images(tmp_path / "broden" / category, [f"{i}.png" for i in range(12)], len(names) - 1)
    monkeypatch.chdir(tmp_path)
    torch.manual_seed(0)

    def narrow_transformer(weights: object = None) -> torch.nn.Module:
        return torchvision.models.VisionTransformer(224, 32, 12, 2, 16, 32)

    models = torchvision.models
    squeezenet = models.squeezenet1_1
    monkeypatch.setattr(models, "squeezenet1_1", lambda weights=None: squeezenet())
    monkeypatch.setattr(models, "resnet18", lambda weights=None: models.ResNet(models.resnet.BasicBlock, [1, 1, 1, 1]))
    monkeypatch.setattr(models, "vit_b_16", narrow_transformer)
    maximize, facets = nbi.maximize, nbi.facets
    monkeypatch.setattr(nbi, "maximize", lambda *a, **more: maximize(*a, **{"steps": 1, **more}).wait(progress=False))
    monkeypatch.setattr(nbi, "facets", lambda *a, **more: facets(*a, **{"synthesis": None, **more}))
    weights = models.ViT_B_16_Weights.DEFAULT
    photos = nbi.ProbeSet.from_folder("photos/")
    labelled = nbi.ProbeSet.from_folder(
        "broden/images", masks={"object": "broden/object"}, concepts={"object": CONCEPTS["object"]}, ignore=None
    )
    vit = nbi.Classifier(narrow_transformer(), preprocess=weights.transforms(), classes=weights.meta["categories"])
    names = {f"{category}_names": names for category, names in CONCEPTS.items()}
    return {
        **names,
        "vit": vit,
        "photos": photos,
        "labelled": labelled,
        "network": lambda x: torch.rand(len(x), 3, 8, 8),
    }


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_what_a_reader_is_told_to_write_runs(path: Path, at_hand: dict):
    blocks = snippets(path)
    assert blocks
    for block in blocks:
        exec(compile(block, path.name, "exec"), at_hand)
