"""Every widget, light and dark, before axe-core: no violation of WCAG 2.2 A and AA, nor of best practice."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from browsing import offline_page
from playwright.sync_api import expect

TESTS = Path(__file__).resolve().parents[1]
sys.path.append(str(TESTS / "e2e" / "places"))  # the table of widget classes is there

from looking import expect_live  # noqa: E402
from widget_classes import CLASSES, Shown, made  # noqa: E402

pytestmark = pytest.mark.browser
AXE = TESTS.parent / "js" / "node_modules" / "axe-core" / "axe.min.js"

VIOLATIONS = """async (root) => {
    const values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    const rules = Object.fromEntries(
        ["label-content-name-mismatch", "target-size"].map((rule) => [rule, { enabled: true }]),
    ); // axe-core leaves them out unless they are asked for
    const options = { runOnly: { type: "tag", values }, rules, resultTypes: ["violations"] };
    const { violations } = await axe.run(root, options);
    return violations.flatMap(({ id, help, nodes }) => nodes.map((node) =>
        `${id} (${help}): ${node.target.join(" ")}`));
}"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the exported page of every widget class."""
    import nbinterp as nbi

    folder = tmp_path_factory.mktemp("a11y")
    for name, view in made().items():
        nbi.to_html(view, folder / f"{name}.html")
    return folder


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("shown", CLASSES, ids=str)
def test_no_violation(shown: Shown, scheme: str, browser, pages: Path, screenshot):
    assert AXE.exists(), "axe-core is a development package of js/: run npm ci there"
    with offline_page(browser, color_scheme=scheme) as page:
        page.goto((pages / f"{shown.name}.html").as_uri())
        root = page.locator("#nbinterp > .nbi")
        expect_live(page, root, shown)
        expect(root).to_have_class(f"nbi {shown.root} nbi-{scheme}")
        screenshot(page, f"a11y-{shown}-{scheme}")
        page.evaluate(AXE.read_text(encoding="utf-8"))
        assert root.evaluate(VIOLATIONS) == []
