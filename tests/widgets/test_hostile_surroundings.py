"""A page of `to_html` tells nothing of the machine that wrote it, and lives beside others in one page."""

import base64
import getpass
import gzip
import re
import socket
import sys
from pathlib import Path

import pytest
from browsing import LOCAL
from playwright.sync_api import Browser, expect

sys.path.append(str(Path(__file__).resolve().parents[1] / "e2e" / "places"))  # the table of widget classes is there

from widget_classes import CLASSES, made

import nbinterp as nbi

CHEAP = tuple(shown.name for shown in CLASSES if shown.name != "DissectionView")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """An exported page of each class."""
    folder = tmp_path_factory.mktemp("pages")
    return {name: nbi.to_html(view, folder / f"{name}.html") for name, view in made(CHEAP).items()}


@pytest.mark.parametrize("name", CHEAP)
def test_nothing_of_the_machine_is_in_a_page(name: str, pages: dict[str, Path]):
    text = pages[name].read_text(encoding="utf-8")
    [packed] = re.findall(r'id="nbinterp-data">([^<]+)<', text)
    whole = text.replace(packed, "").encode() + gzip.decompress(base64.b64decode(packed))
    here = {str(Path.home()), str(Path.cwd()), str(pages[name].parent), sys.prefix, socket.gethostname()}
    found = [secret for secret in here if len(secret) > 3 and secret.encode() in whole]
    assert found == []
    user = getpass.getuser().encode()
    assert not re.search(rb"(/home/|/Users/|\\\\Users\\\\)" + re.escape(user), whole)


@pytest.mark.browser
def test_pages_live_beside_each_other(pages: dict[str, Path], browser: Browser, tmp_path: Path):
    names = ("EmbeddingPlot", "ImageGrid")
    frames = "".join(f'<iframe title="{n}" src="{pages[n].as_uri()}" width="900" height="500"></iframe>' for n in names)
    (tmp_path / "both.html").write_text(f"<!doctype html><h1>A post</h1>{frames}", encoding="utf-8")
    page = browser.new_page()
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto((tmp_path / "both.html").as_uri())
    plot, grid = (page.frame_locator(f'iframe[title="{name}"]') for name in names)
    expect(plot.locator(".nbi-legend-item")).to_have_count(10)
    grid.locator(".nbi-cell").nth(2).click()
    expect(grid.locator(".nbi-count")).to_have_text("120 images · 1 selected")
    page.close()
    assert [url for url in requests if not url.startswith(LOCAL)] == []
