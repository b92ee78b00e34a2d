"""What is done in each place after it was looked at: clicks that reach Python, themes, wheels; what must not happen."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from browsing import PATIENCE_MS
from looking import expect_drawn
from opening import Place
from playwright.sync_api import expect
from widget_classes import CLASSES

GRID, PLOT, EXPLORER = (
    next(s for s in CLASSES if s.name == name) for name in ("ImageGrid", "EmbeddingPlot", "Explorer")
)
NBCONVERT = re.compile(
    r"https://(cdnjs\.cloudflare\.com/ajax/libs/(mathjax|require\.js)/|unpkg\.com/@jupyter-widgets/)"
)
WHY = "saved without its kernel; the picture shows it as it was. Run the cell again"


def click(place: Place) -> None:
    """A click selects an image, in the view."""
    grid = place.root(GRID)
    grid.locator(".nbi-cell").nth(3).click()
    expect(grid.locator(".nbi-count")).to_have_text("120 images · 1 selected")


def link(place: Place) -> None:
    """A click in one view is seen in another."""
    click(place)
    expect(place.root(EXPLORER).locator(".nbi-selection-size").first).to_have_text("1 selected")


def reach_python(place: Place) -> None:
    """The selection crosses to Python as bytes; what Python selects crosses back."""
    link(place)
    assert place.modules >= len(CLASSES), "what is counted here is what must not be in a page that is not trusted"
    python_says(place, "view_ImageGrid.selection.tolist()", "[3]")
    assert place.evaluate is not None
    place.evaluate("setattr(view_ImageGrid, 'selection', [5, 7, 9])")
    expect(place.root(GRID).locator(".nbi-count")).to_have_text("120 images · 3 selected")


def reach_python_again(place: Place) -> None:
    """The same after the page was loaded again, whatever was selected before."""
    assert place.evaluate is not None
    place.evaluate("setattr(view_ImageGrid, 'selection', [5, 7, 9])")
    grid = place.root(GRID)
    expect(grid.locator(".nbi-count")).to_have_text("120 images · 3 selected")
    grid.locator(".nbi-cell").nth(3).click()
    python_says(place, "len(view_ImageGrid.selection)", "1")


def python_says(place: Place, expression: str, expected: str) -> None:
    """Wait until an expression in the kernel has a value."""
    assert place.evaluate is not None
    until = time.monotonic() + PATIENCE_MS / 1000
    while (found := place.evaluate(expression)) != expected:
        assert time.monotonic() < until, f"{expression} is {found}, not {expected}"
        time.sleep(0.1)


def turn_the_wheel(place: Place) -> None:
    """The wheel scrolls a list that has more to show, and the page everywhere else."""
    scroller = place.root(GRID).locator(".nbi-scroll")
    place.page.evaluate("""() => addEventListener("wheel", (e) => { window.prevented = e.defaultPrevented; })""")
    for element, own in ((scroller, True), (place.root(PLOT).locator(".nbi-plot-area"), False)):
        element.scroll_into_view_if_needed()
        element.hover()
        before = place.page.evaluate("scrollY")
        place.page.mouse.wheel(0, 150)
        if own:
            place.page.wait_for_function("node => node.scrollTop > 0", arg=scroller.element_handle())
            assert place.page.evaluate("scrollY") == before
        else:
            place.page.wait_for_function("before => scrollY !== before", arg=before)
        assert place.page.evaluate("window.prevented") is False, "VS Code scrolls by the events that reach it"


def go_dark(place: Place) -> None:
    """VS Code's dark theme darkens the views, and nothing white is left around them."""
    place.page.evaluate(
        """() => {
            document.documentElement.style.setProperty("--vscode-editor-background", "#1f1f1f");
            document.documentElement.style.setProperty("--vscode-editor-foreground", "#cccccc");
            document.body.className = document.body.dataset.vscodeThemeKind = "vscode-dark";
        }"""
    )
    for shown in CLASSES:
        root = place.root(shown)
        expect(root).to_have_class(re.compile("nbi-dark"))
        expect_drawn(place.page, root, shown)
        box = root.locator("xpath=ancestor::*[contains(@class, 'cell-output-ipywidget-background')][1]")
        expect(box).to_have_css("background-color", "rgba(0, 0, 0, 0)")


def run_nothing(place: Place) -> None:
    """No module of ours was loaded: not one script came from the notebook."""
    assert place.modules == 0


def stay_silent(place: Place) -> None:
    """JupyterLab's widget manager (ipywidgets 8) restores saved state without asking for trust: our modules are read,
    as those of all other widgets; but no view is made, nothing is asked for and nothing fails.
    """
    assert place.page.locator(".nbi").count() == 0
    assert place.asked == []


def say_why(place: Place) -> None:
    """A view whose kernel is gone says so, and how to have it back."""
    place.bring(GRID)
    expect(place.page.locator(".nbi-problem", has_text=WHY).first).to_be_visible()


def replace_the_error(place: Place) -> None:
    """Where JupyterLab has no model of a view, the line above its picture says why; the errors of others stay."""
    place.bring(GRID)
    lines = place.page.locator(".jupyter-widgets", has_text="Error displaying widget: model not found")
    for line in lines.all():
        style = "(node) => [getComputedStyle(node).fontSize, getComputedStyle(node, '::after').content]"
        size, words = line.evaluate(style)
        ours = line.locator("xpath=../following-sibling::*[1]//*[contains(@class, 'nbinterp-snapshot')]").count() == 1
        assert (size == "0px", WHY in words) == (ours, ours)
    place.page.evaluate("() => window.jupyterapp.shell.currentWidget.content.scrollToItem(10, 'end')")
    last = lines.last
    expect(last).to_be_visible()
    assert last.evaluate("node => parseFloat(getComputedStyle(node).fontSize)") > 10


def tell_online(place: Place) -> None:
    """With a network our modules run, find no kernel, and say so above the pictures, once each."""
    said = place.page.locator(".nbi-problem", has_text=WHY)
    expect(said).to_have_count(len(CLASSES))
    assert place.modules >= len(CLASSES)
    assert {host(url) for url in place.asked} <= {"cdnjs.cloudflare.com", "unpkg.com", "cdn.jsdelivr.net"}
    assert [url for url in place.asked if "anywidget@" in url]


def host(url: str) -> str:
    """The machine that is asked."""
    return url.split("/")[2]


def ask_for_nothing_of_ours(place: Place) -> None:
    """nbconvert's page asks for what nbconvert puts on it, and for nothing else."""
    assert [url for url in place.asked if not NBCONVERT.match(url)] == []


def hold_no_code(place: Place) -> None:
    """What a careful reader leaves of the outputs is enough, and asks for nothing."""
    assert place.asked == []
    assert place.page.locator("script").count() == 0


DONE: dict[str, tuple[Callable[[Place], None], ...]] = {
    "jupyterlab": (reach_python,),
    "jupyterlab-dark": (reach_python_again,),
    "notebook7": (reach_python,),
    "jupyterlab-reopened-untrusted": (run_nothing,),
    "jupyterlab-reopened-untrusted-dark": (run_nothing,),
    "jupyterlab-reopened-untrusted-with-state": (stay_silent,),
    "jupyterlab-reopened-trusted": (run_nothing, replace_the_error),
    "jupyterlab-reopened-trusted-with-state": (say_why,),
    "nbconvert-offline": (ask_for_nothing_of_ours, run_nothing),
    "nbconvert-offline-with-state": (ask_for_nothing_of_ours, run_nothing),
    "nbconvert-offline-dark": (ask_for_nothing_of_ours, run_nothing),
    "nbconvert-online-with-state": (tell_online,),
    "github-like": (hold_no_code,),
    "github-like-with-state": (hold_no_code,),
    "vscode": (reach_python, turn_the_wheel, go_dark),
    "marimo": (link,),
    "to-html": (click,),
    "to-html-dark": (click,),
}
