"""A page of `to_html` tells nothing of the machine that wrote it, needs no kernel, and lives beside others."""

import base64
import getpass
import gzip
import re
import socket
import sys
from pathlib import Path

import pytest
from browsing import KEEP_MOUNTED, LOCAL, offline_page
from playwright.sync_api import Browser, Frame, expect

sys.path.append(str(Path(__file__).resolve().parents[1] / "e2e" / "places"))  # the table of widget classes is there

from looking import expect_live
from widget_classes import CLASSES, Shown, made
from without_kernel import SILENT, answered_traits

import nbinterp as nbi

WIDE, TALL = 900, 640  # of a frame, px


@pytest.fixture(scope="module")
def views() -> dict[str, object]:
    """A view of each class."""
    return made()


@pytest.fixture(scope="module")
def pages(views: dict[str, object], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """An exported page of each class."""
    folder = tmp_path_factory.mktemp("pages")
    return {name: nbi.to_html(view, folder / f"{name}.html") for name, view in views.items()}


@pytest.mark.parametrize("shown", CLASSES, ids=str)
def test_nothing_of_the_machine_is_in_a_page(shown: Shown, pages: dict[str, Path]):
    path = pages[shown.name]
    text = path.read_text(encoding="utf-8")
    [packed] = re.findall(r'id="nbinterp-data">([^<]+)<', text)
    whole = text.replace(packed, "").encode() + gzip.decompress(base64.b64decode(packed))
    here = {str(Path.home()), str(Path.cwd()), str(path.parent), sys.prefix, socket.gethostname()}
    found = [secret for secret in here if len(secret) > 3 and secret.encode() in whole]
    assert found == []
    user = getpass.getuser().encode()
    assert not re.search(rb"(/home/|/Users/|\\\\Users\\\\)" + re.escape(user), whole)


@pytest.mark.browser
@pytest.mark.parametrize("shown", CLASSES, ids=str)
def test_what_needs_a_kernel_says_so(shown: Shown, views: dict, pages: dict[str, Path], browser: Browser):
    with offline_page(browser) as page:
        page.goto(pages[shown.name].as_uri())
        root = page.locator("#nbinterp > .nbi")
        expect_live(page, root, shown)
        page.wait_for_function("window.mounted !== null")
        found = page.evaluate(SILENT, [root.element_handle(), answered_traits(views[shown.name])])
        assert len(found["operated"]) >= 5
        assert found["silent"] == []


@pytest.mark.browser
def test_pages_live_beside_each_other(pages: dict[str, Path], browser: Browser, tmp_path: Path, screenshot):
    """Two frames of one view, and one of another: each is drawn, scrolls alone, and keeps its own selection."""
    shown = ("EmbeddingPlot", "ImageGrid", "ImageGrid")
    size = f'width="{WIDE}" height="{TALL}" style="display: block; border: 0"'
    frames = "".join(
        f'<iframe title="{i}" src="{pages[name].as_uri()}" {size}></iframe>' for i, name in enumerate(shown)
    )
    (tmp_path / "post.html").write_text(f"<!doctype html><title>A post</title>{frames}<p>The end", encoding="utf-8")
    context = browser.new_context(viewport={"width": 1000, "height": 2000})
    context.add_init_script(KEEP_MOUNTED)
    page = context.new_page()
    requests: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto((tmp_path / "post.html").as_uri())
    plot, grid, other = (page.frame_locator(f'iframe[title="{i}"]') for i in range(3))
    expect(plot.locator(".nbi-legend-item")).to_have_count(10)
    expect(other.locator(".nbi-cell").first).to_be_visible()
    grid.locator(".nbi-cell").nth(2).click()
    expect(grid.locator(".nbi-count")).to_have_text("120 images · 1 selected")
    expect(other.locator(".nbi-count")).to_have_text("120 images")
    for name, frame in zip(shown, page.frames[1:], strict=True):
        fits(frame, name)
    assert page.evaluate("document.documentElement.scrollWidth") <= 1000
    screenshot(page, "pages-in-frames")
    context.close()
    assert [url for url in requests if not url.startswith(LOCAL)] == []
    assert errors == []


def fits(frame: Frame, name: str) -> None:
    """The view is as wide as its frame, and as high as a view is, whatever the frame's height: it does not grow."""
    root = frame.locator("#nbinterp > .nbi")
    heights = []
    for _ in range(2):  # a view that took its height from the frame's page would be higher the second time
        box = root.bounding_box()
        assert box is not None
        heights.append(box["height"])
        frame.wait_for_timeout(150)
    assert heights[0] == heights[1], f"{name} grows"
    assert 250 < heights[0] <= TALL - 60, f"{name} is {heights[0]} px high"
    assert WIDE - 80 < box["width"] <= WIDE
    assert frame.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} scrolls sideways"
