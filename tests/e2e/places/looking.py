"""What is seen of a widget: texts, pictures that were really drawn, the static picture."""

from __future__ import annotations

from browsing import PATIENCE_MS
from playwright.sync_api import Locator, Page, expect
from widget_classes import Shown

BLANK = 8  # an area of a picture with fewer colours than this shows nothing

# How many elements that match a selector show a picture: a canvas, an image, or their part of a canvas they lie on.
DRAWN = """(root, [selector, blank]) => {
    const seen = (node) => node.checkVisibility({ visibilityProperty: true, opacityProperty: true })
        && node.getBoundingClientRect().width >= 2;
    const under = (node) => {
        const own = node.matches("canvas, img") ? node : node.querySelector("canvas, img");
        if (own) return own;
        for (let up = node.parentElement; up && root.contains(up); up = up.parentElement)
            for (const child of up.children) if (child.matches("canvas")) return child;
        return null;
    };
    const colours = (node) => {
        const picture = under(node);
        const [whole, part] = [picture?.getBoundingClientRect(), node.getBoundingClientRect()];
        if (!picture || !whole.width || !whole.height) return 0;
        const size = picture.matches("img")
            ? [picture.naturalWidth, picture.naturalHeight] : [picture.width, picture.height];
        if (!size[0] || !size[1]) return 0;
        const [sx, sy] = [size[0] / whole.width, size[1] / whole.height];
        const own = picture === node || node.contains(picture);
        const from = own ? [0, 0, ...size]
            : [(part.left - whole.left) * sx, (part.top - whole.top) * sy, part.width * sx, part.height * sy];
        const copy = new OffscreenCanvas(48, 48).getContext("2d", { willReadFrequently: true });
        copy.drawImage(picture, ...from, 0, 0, 48, 48);
        return new Set(new Uint32Array(copy.getImageData(0, 0, 48, 48).data.buffer)).size;
    };
    return [...root.querySelectorAll(selector)].filter((node) => seen(node) && colours(node) >= blank).length;
}"""


def expect_live(page: Page, root: Locator, shown: Shown) -> None:
    """The widget has drawn its pictures and says what it should."""
    expect_drawn(page, root, shown)
    for words in shown.words:
        expect(root).to_contain_text(words)


def expect_drawn(page: Page, root: Locator, shown: Shown) -> None:
    """The widget has drawn its pictures."""
    expect(root).to_have_count(1)
    expect(root).to_be_visible()
    expect(root.locator(".nbi-loading:visible")).to_have_count(0)
    handle = root.element_handle()
    for selector, least in shown.drawn.items():
        page.wait_for_function(
            f"([root, question, least]) => ({DRAWN})(root, question) >= least",
            arg=[handle, [selector, BLANK], least],
            timeout=PATIENCE_MS,
        )


def expect_picture(picture: Locator) -> None:
    """A static picture is seen, in its size, and shows something."""
    expect(picture).to_have_count(1)
    expect(picture).to_be_visible()
    picture.scroll_into_view_if_needed()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 400
    box = picture.bounding_box()
    assert box is not None
    assert box["width"] > 200
    assert box["height"] > 100
    body = picture.locator("xpath=..")
    assert body.evaluate(DRAWN, ["img", 10 * BLANK]) == 1, "the static picture is blank"
