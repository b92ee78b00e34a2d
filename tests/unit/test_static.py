"""The committed bundles: what is built from the sources, small, and quiet on the network."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "nbinterp" / "static"
VIEWS = ROOT / "js" / "src" / "views"
OURS = sorted(path for path in STATIC.iterdir() if path.suffix in (".js", ".css") and path.name != "runtime.js")
LARGEST = 60_000  # bytes; every visible widget sends its bundle, plotly travels once in the runtime


def test_the_bundles_are_those_of_the_sources(tmp_path):
    if not (ROOT / "js" / "node_modules").is_dir() or shutil.which("node") is None:
        pytest.fail("no Node packages: run python3 tests/run.py (it installs them), or npm ci in js/")
    environment = {**os.environ, "NBINTERP_STATIC": str(tmp_path)}
    built = subprocess.run(["node", "build.mjs"], cwd=ROOT / "js", env=environment, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in STATIC.iterdir()}
    stale = [path.name for path in tmp_path.iterdir() if path.read_bytes() != (STATIC / path.name).read_bytes()]
    assert not stale, f"{', '.join(stale)}: not what the sources give; run node build.mjs in js/ and commit"


def test_all_bundles_are_there():
    names = {path.name for path in OURS}
    assert names >= {f"{name}.js" for name in ("catalog", "selection", "host")}
    visible = ("embedding_plot", "image_grid", "unit_list", "explorer")
    assert names >= {f"{name}{kind}" for name in visible for kind in (".js", ".css")}


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_a_bundle_is_small_and_fetches_nothing(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.encode()) < LARGEST
    addresses = set(re.findall(r"(?:https?|wss?):?//[^\s\"'`)]+", text))
    assert addresses <= {"http://www.w3.org/2000/svg"}, "a name space is no address; anything else is"
    for call in (
        r"\bfetch\(",
        "XMLHttpRequest",
        "WebSocket",
        "EventSource",
        "sendBeacon",
        r"@import",
        r"url\((?!data:)",
    ):
        assert not re.search(call + (r"['\"]?https?:" if call == r"\bfetch\(" else ""), text), call


ROOTS = {
    "ablation_panel": "nbi-ablation",
    "dissection_view": "nbi-dissection",
    "embedding_plot": "nbi-plot",
    "explorer": "nbi-explorer",
    "facet_view": "nbi-facets",
    "image_grid": "nbi-grid",
    "region_view": "nbi-region",
    "run_bar": "nbi-run-bar",
    "selection_bar": "nbi-selection",
    "unit_gallery": "nbi-gallery",
    "unit_list": "nbi-units",
}


@pytest.mark.parametrize("sheet", sorted(VIEWS.glob("*/*.css")), ids=lambda path: path.stem)
def test_the_rules_of_a_view_hold_nowhere_else(sheet):
    """All views of a page share one document: a rule without its view's root would dress another view."""
    root = ROOTS[sheet.stem]
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.S)
    for rule in re.findall(r"([^{}]+)\{", text):
        selectors = [] if rule.strip().startswith("@") else re.split(r",(?![^()]*\))", rule)
        assert all(root in selector for selector in selectors), rule.strip()
