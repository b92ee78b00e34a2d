"""What the browser tests share: exported pages opened with the network off, and a hand that draws on them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect

PATIENCE_MS = 30_000  # of every expectation: a slow machine is no failure
LOCAL = ("file:", "blob:", "data:")

expect.set_options(timeout=PATIENCE_MS)

# Keeps what `nbinterp.mount` returns, so that a test can read the state of the page's models.
KEEP_MOUNTED = """(() => {
    let real;
    window.mounted = null; // until then
    const mount = async (page) => { window.mounted = await real.mount(page); return window.mounted; };
    const set = (value) => { real = value; };
    Object.defineProperty(window, "nbinterp", { get: () => real && { ...real, mount }, set });
})()"""


@contextmanager
def offline_page(browser: Browser, **options: object) -> Iterator[Page]:
    """A page without network; a request that leaves the file, or an uncaught error, fails the test at its end."""
    context = browser.new_context(**{"viewport": {"width": 1200, "height": 900}, **options})
    context.set_offline(True)
    context.add_init_script(KEEP_MOUNTED)
    requests: list[str] = []
    errors: list[str] = []
    context.on("request", lambda request: requests.append(request.url))
    context.route("**/*", lambda route: route.continue_() if route.request.url.startswith(LOCAL) else route.abort())
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.on("pageerror", lambda error: errors.append(str(error)))
    try:
        yield page
    finally:
        context.close()
    outside = [url for url in requests if not url.startswith(LOCAL)]
    assert requests, "the page was never opened"
    assert not outside, f"the page asked for {outside}"
    assert not errors, f"uncaught errors in the page: {errors}"


def open_file(page: Page, path: Path, ready: str) -> Locator:
    """Open an exported page and wait until an element that matches `ready` is seen; returns the view's root."""
    page.goto(path.resolve().as_uri())
    expect(page.locator(ready).first).to_be_visible()
    page.wait_for_function("window.mounted !== null")
    return page.locator("#nbinterp > .nbi").first


def selection_of(page: Page, view, size: int) -> list[int]:
    """What the page's `Selection` holds, read when its size is the one that the view shows."""
    call = """async ([id, size, patience]) => {
        const model = await window.mounted.model(id);
        const until = Date.now() + patience;
        for (;;) {
            const bytes = model.get("indices_bytes");
            const n = bytes.byteLength / 4;
            if (n === size) return Array.from({ length: n }, (_, i) => bytes.getUint32(4 * i, true));
            if (Date.now() > until) throw new Error(`${n} images are selected, not ${size}`);
            await new Promise((resolve) => setTimeout(resolve, 20));
        }
    }"""
    return page.evaluate(call, [view.link.model_id, size, PATIENCE_MS])


def lasso(page: Page, area: Locator, fractions: Sequence[tuple[float, float]], *, key: str | None = None) -> None:
    """Draw a closed line through fractions of an element's width and height, holding `key` down."""
    area.scroll_into_view_if_needed()
    box = area.bounding_box()
    assert box is not None, "the element to draw on is not on the page"
    points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in fractions]
    if key:
        page.keyboard.down(key)
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in [*points[1:], points[0]]:
        page.mouse.move(*point, steps=8)
    page.mouse.up()
    if key:
        page.keyboard.up(key)


def pixels_of(canvas: Locator) -> str:
    """A canvas' picture as a data URL: equal texts, equal pictures."""
    return canvas.evaluate("canvas => canvas.toDataURL()")
