"""One small recording of the demo classifier, and its views as exported pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browsing import offline_page, open_file
from playwright.sync_api import Browser, Locator, Page

READY = {  # what is on the page when a view has drawn itself
    "EmbeddingPlot": ".nsewdrag",
    "ImageGrid": ".nbi-cell",
    "UnitList": ".nbi-unit-head",
    "Explorer": ".nbi-cell",
}

# nbinterp is imported inside the fixtures: the shape checks replace its modules after this file is read.


@pytest.fixture(scope="session")
def recording():
    """The demo classifier on 120 scenes, two layers."""
    import nbinterp as nbi

    layers = ["stage3", "stage4"]
    return nbi.record(nbi.demo.classifier(), nbi.demo.scenes(120), layers=layers, progress=False)


@pytest.fixture
def offline(browser: Browser) -> Iterator[Page]:
    """A page without network."""
    with offline_page(browser) as page:
        yield page


@pytest.fixture
def open_view(tmp_path: Path) -> Callable[..., Locator]:
    """Export a view, open the file, wait until it is drawn; returns its root element."""

    def open_(page: Page, view, **options: str) -> Locator:
        import nbinterp as nbi

        path = nbi.to_html(view, tmp_path / "page.html", **options)
        return open_file(page, path, READY[type(view).__name__])

    return open_
