"""Names that attack (markup, quotes, markdown, right-to-left, very long) in every widget, its picture and its page."""

from __future__ import annotations

import sys
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from browsing import offline_page

sys.path.append(str(Path(__file__).resolve().parents[1] / "e2e" / "places"))  # the table of widget classes is there

from looking import expect_drawn
from widget_classes import CLASSES, Shown

import nbinterp as nbi

pytestmark = pytest.mark.browser
MARKUP = "</script><img src=x onerror=window.hurt=1><b>&amp;{{7*7}}\"'`${window.hurt=2}"
MARKDOWN = "[a](javascript:window.hurt=3) **b** `c` <script>window.hurt=4</script> | $d$"
BACKWARDS = "\u202egnp.txet\u202c"  # shown as txet.png by what believes the mark
LONG = "long" * 500
NAMES = (MARKUP, MARKDOWN, BACKWARDS, LONG)
N = 120


@pytest.fixture(scope="module")
def world() -> dict:
    """The demo world, whose classes, images and columns have other names."""
    scenes = nbi.demo.scenes(N)
    images = np.stack([np.asarray(scenes.image(i)) for i in range(N)])
    kinds = [f"{NAMES[i % 4]} {i}" for i in range(10)]
    probe = nbi.ProbeSet.from_arrays(
        images,
        np.asarray(scenes.labels),
        class_names=kinds,
        names=[f"{NAMES[i % 4]} {i:03d}" for i in range(N)],
        columns={f"column {MARKUP}": [f"{NAMES[i % 4]} {i % 8}" for i in range(N)]},
    )
    net = nbi.Classifier(nbi.demo.classifier().module, classes=kinds)
    keep = ("pooled", "topk", "codes")
    study = nbi.record(net, probe, layers=["stage3", "stage4", "head"], keep=keep, progress=False)
    return {"nbi": nbi, "net": net, "study": study, "link": nbi.Selection(N), "facets": nbi.facets}


class Elements(HTMLParser):
    """The elements of a text, in order, with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.found.append((tag, dict(attrs)))


def check_picture(text: str) -> None:
    """The static picture is a box, a style and an image, with an alternative text, and nothing else."""
    elements = Elements(text).found
    assert [tag for tag, _ in elements] == ["div", "style", "img"]
    assert set(elements[2][1]) == {"alt", "src", "width", "style"}
    assert elements[2][1]["src"].startswith("data:image/")


# What DissectionView names are concepts, which need masks: test_pages_dissection attacks it.
@pytest.mark.parametrize("shown", [shown for shown in CLASSES if shown.name != "DissectionView"], ids=str)
def test_names_are_text(shown: Shown, world: dict, browser, tmp_path: Path, screenshot):
    view = eval(shown.code.replace("'shop'", "9"), world)
    picture = view._snapshot()
    check_picture(picture["text/html"])
    path = nbi.to_html(view, tmp_path / "page.html", title=MARKUP)
    with offline_page(browser) as page:
        page.goto(path.as_uri())
        root = page.locator("#nbinterp > .nbi")
        expect_drawn(page, root, shown)
        screenshot(page, f"hostile-{shown}")
        assert page.evaluate("window.hurt") is None
        assert page.title() == MARKUP
        assert page.locator("#nbinterp b, #nbinterp script, #nbinterp a[href^='javascript']").count() == 0
        assert page.locator("#nbinterp img:not([src^='blob:'], [src^='data:'])").count() == 0
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "a long name widens the page"
