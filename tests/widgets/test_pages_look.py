"""What every page must stand: hostile texts, dark and light, a narrow column, a thousand images."""

import numpy as np
import pytest
from browsing import offline_page
from playwright.sync_api import expect

import nbinterp as nbi

HOSTILE = '</script><img src=x onerror="window.hurt=1"><b>&amp;'
CONTRAST = 4.5  # WCAG 2 AA

# Every text in sight with less contrast than asked for, measured against the first opaque background behind it.
FAINT = """(least) => {
    const numbers = (color) => color.match(/[\\d.]+/g).map(Number);
    const light = (v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    const luminance = ([r, g, b]) => 0.2126 * light(r) + 0.7152 * light(g) + 0.0722 * light(b);
    const behind = (node) => {
        for (; node; node = node.parentElement) {
            const color = numbers(getComputedStyle(node).backgroundColor);
            if (color.length === 3 || color[3] > 0.7) return color; // a plate over a picture counts as its own colour
        }
        const dark = matchMedia("(prefers-color-scheme: dark)").matches;
        return dark ? [18, 18, 18] : [255, 255, 255];
    };
    const faint = [];
    for (const node of document.querySelectorAll("body *")) {
        const words = [...node.childNodes].filter((n) => n.nodeType === 3).map((n) => n.textContent.trim()).join("");
        const seen = node.checkVisibility({ visibilityProperty: true }) && node.getBoundingClientRect().width >= 2;
        if (!words || !seen || node.closest("script, style, :disabled, option, noscript")) continue;
        const style = getComputedStyle(node);
        const fore = numbers(node instanceof SVGElement ? style.fill : style.color);
        const [a, b] = [luminance(fore), luminance(behind(node))].sort((x, y) => y - x);
        const contrast = (a + 0.05) / (b + 0.05);
        const px = Number.parseFloat(style.fontSize);
        const name = `${words.slice(0, 40)} (${node.getAttribute("class")})`;
        if (contrast < least) faint.push(`contrast ${contrast.toFixed(1)}: ${name}`);
        if (px < 11) faint.push(`${px} px: ${name}`);
    }
    return faint;
}"""


@pytest.fixture(scope="module")
def hostile() -> nbi.ProbeSet:
    """Twelve grey images whose every name is an attack."""
    rng = np.random.default_rng(0)
    return nbi.ProbeSet.from_arrays(
        rng.random((12, 64, 64, 3), dtype=np.float32),
        np.arange(12) % 2,
        class_names=[f"class {HOSTILE}", "=HYPERLINK(1)"],
        names=[f"image {i} {HOSTILE}" for i in range(12)],
        columns={f"column {HOSTILE}": [f"value {i % 3} {HOSTILE}" for i in range(12)]},
    )


@pytest.mark.browser
@pytest.mark.parametrize("kind", ["EmbeddingPlot", "ImageGrid", "UnitList", "explore"])
def test_names_are_text_never_markup(kind, offline, open_view, hostile):
    recording = nbi.record(nbi.demo.classifier(), hostile, layers=["stage4"], progress=False)
    view = getattr(nbi, kind)(recording)
    assert HOSTILE not in view._snapshot()["text/html"]
    root = open_view(offline, view, title=f"title {HOSTILE}")
    expect(offline.get_by_role("heading")).to_have_text(f"title {HOSTILE}")
    if kind in ("ImageGrid", "explore"):
        expect(root.locator(".nbi-cell").first.locator(".nbi-first")).to_have_text(f"class {HOSTILE}")
        root.locator(".nbi-cell").first.dblclick()
        expect(root.get_by_role("region", name="Preview")).to_contain_text(f"value 0 {HOSTILE}")
    if kind in ("EmbeddingPlot", "explore"):
        expect(root.locator(".nbi-legend-label").first).to_have_text("=HYPERLINK(1)")
        root.locator(".nbi-plot-area").focus()
        offline.keyboard.press("ArrowRight")
        expect(root.locator(".nbi-tip-name")).to_contain_text(HOSTILE)
    assert offline.locator("#nbinterp img:not(.nbi-swatch), #nbinterp b").count() == 0
    assert offline.evaluate("window.hurt") is None


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_is_readable(scheme, browser, open_view, recording, screenshot):
    view = nbi.explore(recording, method="pca")
    view.selection = np.flatnonzero(recording.labels == 1)
    with offline_page(browser, color_scheme=scheme, viewport={"width": 1400, "height": 1150}) as page:
        root = open_view(page, view)
        expect(root.locator(".nsewdrag")).to_be_visible()
        expect(root.locator(".nbi-cell[aria-selected=true]").first).to_be_visible()
        expect(root).to_have_class(f"nbi nbi-explorer nbi-{scheme}")
        page.wait_for_function("() => !document.querySelector('.nbi-loading')")
        screenshot(page, f"page-{scheme}")
        assert page.evaluate(FAINT, CONTRAST) == []
        root.locator(".nbi-unit-head").nth(1).click()
        expect(root.locator(".nbi-plot .nbi-scale")).to_be_visible()
        screenshot(page, f"page-{scheme}-unit")
        assert page.evaluate(FAINT, CONTRAST) == []


VSCODE = {  # kinds of theme as VS Code tells them, what lies behind, and how the views are then
    "vscode-dark": ("#1f1f1f", "dark"),
    "vscode-light": ("#ffffff", "light"),
    "vscode-high-contrast": ("#000000", "dark"),
    "vscode-high-contrast-light": ("#ffffff", "light"),
}


@pytest.mark.browser
def test_views_follow_the_kind_of_theme_that_vscode_tells(browser, open_view, recording, screenshot):
    """VS Code's web view is transparent: its colours lie behind the page, and only the kind of theme tells them."""
    with offline_page(browser) as page:
        root = open_view(page, nbi.ImageGrid(recording, height=400))
        page.add_style_tag(content="html, body { background: transparent !important; color-scheme: normal !important }")
        for kind, (behind, scheme) in VSCODE.items():
            page.evaluate("kind => { document.body.dataset.vscodeThemeKind = kind; }", kind)
            expect(root).to_have_class(f"nbi nbi-grid nbi-{scheme}")
            page.evaluate("color => document.documentElement.style.setProperty('--behind', color)", behind)
            page.add_style_tag(
                content="html::before { content: ''; position: fixed; inset: 0; z-index: -1; "
                "background: var(--behind) }"
            )
            screenshot(page, f"page-{kind}")
            assert f"nbi-{scheme}" in str(root.get_attribute("class")), (
                "a colour behind the page is no background of it"
            )


@pytest.mark.browser
@pytest.mark.parametrize("kind", ["EmbeddingPlot", "ImageGrid", "UnitList", "explore"])
def test_a_narrow_column_needs_no_sideways_scrolling(kind, browser, open_view, recording, screenshot):
    with offline_page(browser, viewport={"width": 400, "height": 900}) as page:
        root = open_view(page, getattr(nbi, kind)(recording))
        page.wait_for_function("() => !document.querySelector('.nbi-loading')")
        page.screenshot()  # laid out
        screenshot(page, f"page-narrow-{kind}", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= 400
        beyond = """root => {
            const right = root.getBoundingClientRect().right + 1;
            return [...root.querySelectorAll("button, select, input")]
                .filter((node) => node.checkVisibility() && node.getBoundingClientRect().right > right)
                .map((node) => node.outerHTML.slice(0, 120));
        }"""
        assert root.evaluate(beyond) == []


def test_a_page_of_a_thousand_scenes_stays_small(tmp_path):
    scenes = nbi.demo.scenes(1000)
    recording = nbi.record(nbi.demo.classifier(), scenes, layers=["stage2", "stage3", "stage4"], progress=False)
    path = nbi.to_html(nbi.explore(recording, method="pca"), tmp_path / "page.html")
    assert path.stat().st_size <= 3_000_000
