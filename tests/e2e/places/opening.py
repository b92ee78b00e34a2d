"""A page in one of the places where notebooks are looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from browsing import PATIENCE_MS
from playwright.sync_api import Browser, Error, Locator, Page, Route
from widget_classes import Shown

HERE = ("file:", "blob:", "data:", "http://127.0.0.1", "ws://127.0.0.1", "http://localhost")

# anywidget loads a module by making a script of its text; the browser reports no request for it.
COUNT_MODULES = """(() => {
    const make = URL.createObjectURL;
    window.modulesOfWidgets = 0;
    URL.createObjectURL = (thing) => {
        if (thing instanceof Blob && thing.type === "text/javascript") window.modulesOfWidgets += 1;
        return make.call(URL, thing);
    };
})()"""


@dataclass
class Place:
    """A page that shows the widgets, and what happened in it."""

    page: Page
    live: bool = True  # whether widgets run there; else their static pictures are seen
    bring: Callable[[Shown], object] = lambda shown: None  # one of them into sight
    evaluate: Callable[[str], str] | None = None  # the text of a Python expression in the kernel
    asked: list[str] = field(default_factory=list)  # what was asked of the network, in vain
    errors: list[str] = field(default_factory=list)  # uncaught, from our modules

    @property
    def modules(self) -> int:
        """How many modules of widgets the page was given to run."""
        return self.page.evaluate("window.modulesOfWidgets")

    def root(self, shown: Shown) -> Locator:
        """The widget, brought into sight."""
        self.bring(shown)
        root = self.page.locator(shown.selector)
        root.first.scroll_into_view_if_needed()
        return root

    def picture(self, shown: Shown) -> Locator:
        """Its static picture, brought into sight; found by the words that go with it."""
        self.bring(shown)
        return self.page.locator("img").and_(self.page.get_by_alt_text(shown.alt))


@contextmanager
def opened(
    browser: Browser, answer: Callable[[str], Path | None] = lambda url: None, **options: object
) -> Iterator[Place]:
    """A page that may reach this machine only; what it asks of others is noted, and refused if `answer` has no file."""
    context = browser.new_context(**{"viewport": {"width": 1300, "height": 900}, **options})
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    place = Place(page)

    def gate(route: Route) -> None:
        if route.request.url.startswith(HERE):
            return route.fallback()
        place.asked.append(route.request.url)
        file = answer(route.request.url)
        return route.abort() if file is None else route.fulfill(path=file, content_type="text/javascript")

    def note(error: Error) -> None:
        if "blob:" in (error.stack or ""):  # an anywidget module is loaded from a blob; the rest is the front end's own
            place.errors.append(f"{error}\n{error.stack}")

    context.route("**/*", gate)
    context.add_init_script(COUNT_MODULES)
    page.on("pageerror", note)
    try:
        yield place
    finally:
        context.close()
