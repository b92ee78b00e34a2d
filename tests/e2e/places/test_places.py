"""The matrix: every widget class in every place where people look at notebooks, each with a picture to look at."""

from collections.abc import Iterator

import pytest
from doing import DONE
from looking import expect_live, expect_picture
from opening import Place
from playwright.sync_api import expect
from rows import OPEN, Rows
from widget_classes import CLASSES, Shown, exported_views

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", params=OPEN)
def place(rows: Rows, request: pytest.FixtureRequest) -> Iterator[Place]:
    """One place, set up once for all classes."""
    with rows.open(request.param) as place:
        yield place


@pytest.mark.parametrize("shown", CLASSES, ids=str)
def test_what_is_seen(place: Place, shown: Shown, screenshot, request: pytest.FixtureRequest):
    where = request.node.callspec.params["place"]
    try:
        if place.live:
            expect_live(place.page, place.root(shown), shown)
            expect(place.page.locator(".nbinterp-snapshot:visible")).to_have_count(0)
        else:
            expect_picture(place.picture(shown))
            expect(place.page.locator(".nbi:not(.nbi-problem)")).to_have_count(0)
    finally:
        screenshot(place.page, f"place-{where}-{shown}")
    assert not place.errors


def test_what_is_done(place: Place, screenshot, request: pytest.FixtureRequest):
    where = request.node.callspec.params["place"]
    for act in DONE[where]:
        act(place)
    if DONE[where]:
        screenshot(place.page, f"place-{where}-done")
    assert not place.errors
    if where == "to-html":
        assert not place.asked


def test_every_class_has_a_row():
    assert exported_views() == {shown.name for shown in CLASSES}
