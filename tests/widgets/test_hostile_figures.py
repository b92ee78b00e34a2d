"""Names that attack, in plotly figures: plotly reads tags, links, entities and formulas in every text it is given."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import plotly
import pytest
from browsing import offline_page
from playwright.sync_api import Page
from plotly.graph_objects import Figure

import nbinterp as nbi
from nbinterp.render.image_figure import images_figure

pytestmark = pytest.mark.browser
PLOTLY = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
NAME = '<b>bold</b> <a href="https://example.org">link</a> &amp; $x^2$ </extra> %{x}'

# What plotly made of the texts: links, other weights, raised letters; and the texts as they are seen.
SHOWN = """(figure) => ({
    links: figure.querySelectorAll("svg a").length,
    marked: [...figure.querySelectorAll("svg tspan")].filter((part) => /bold|super/.test(part.style.cssText)).length,
    words: [...figure.querySelectorAll("svg text")].map((text) => text.textContent.replaceAll("\u00a0", " ")),
})"""


@pytest.fixture(scope="module")
def drawing(browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A page with plotly.js."""
    path = tmp_path_factory.mktemp("figures") / "page.html"
    path.write_text("<!doctype html><meta charset=utf-8><div id=figure></div>", encoding="utf-8")
    with offline_page(browser) as page:
        page.goto(path.as_uri())
        page.add_script_tag(path=PLOTLY)
        yield page


def shown(page: Page, figure: Figure) -> dict:
    """What plotly shows of a figure."""
    page.evaluate(f"Plotly.newPlot('figure', {figure.to_json()})")
    return page.locator("#figure").evaluate(SHOWN)


@pytest.fixture(scope="module")
def study() -> nbi.Recording:
    """Twelve images; every name, class and column is an attack."""
    probe = nbi.ProbeSet.from_arrays(
        np.random.default_rng(0).random((12, 64, 64, 3), dtype=np.float32),
        np.arange(12) % 2,
        class_names=[NAME, f"other {NAME}"],
        names=[f"{NAME} {i}" for i in range(12)],
        columns={f"number {NAME}": np.linspace(0, 1, 12)},
    )
    return nbi.record(nbi.demo.classifier(), probe, layers=["stage4"], progress=False)


@pytest.mark.parametrize("column", ["label", f"number {NAME}"], ids=["classes", "numbers"])
def test_a_scatter_shows_names_as_they_are(column: str, study: nbi.Recording, drawing: Page):
    found = shown(drawing, nbi.figure(nbi.EmbeddingPlot(study, method="pca", color_by=column)))
    assert (found["links"], found["marked"]) == (0, 0)
    assert (NAME if column == "label" else column) in found["words"]
    drawing.evaluate("Plotly.Fx.hover('figure', [{ curveNumber: 0, pointNumber: 0 }])")
    drawing.wait_for_selector(".hovertext")
    hover = drawing.locator("#figure").evaluate(SHOWN)
    assert (hover["links"], hover["marked"]) == (0, 0)
    assert f"{NAME} 0" in hover["words"]


def test_images_show_titles_as_they_are(drawing: Page):
    found = shown(drawing, images_figure(np.full((2, 3, 8, 8), 0.5), [NAME, f"{NAME} 2"], title=NAME))
    assert (found["links"], found["marked"]) == (0, 0)
    assert found["words"].count(NAME) == 2
