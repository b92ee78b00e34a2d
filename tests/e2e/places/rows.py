"""The places where a notebook is looked at, each set up once for all widget classes: the rows of the matrix."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from copy import deepcopy
from functools import cached_property
from pathlib import Path

import nbformat
from content_networks import answer
from jupyter_lab import Lab
from marimo_page import running_marimo
from nbformat import NotebookNode
from nbformat.sign import NotebookNotary
from opening import Place, opened
from playwright.sync_api import Browser, Page
from saved_files import to_dark_page, to_page, to_sanitized_page, with_a_widget_of_others, without_state
from vscode_window import VSCodeWindow, bundled
from widget_classes import CLASSES, WORLD, Shown, made

NOTEBOOK = "places.ipynb"
SAVE_STATE = "@jupyter-widgets/jupyterlab-manager:saveWidgetState"  # a switch; off by default


class Rows:
    """Opens the places. What is saved in one is looked at in others."""

    def __init__(self, browser: Browser, lab: Lab, folder: Path) -> None:
        self.browser, self.lab, self.folder = browser, lab, folder
        self._saved: NotebookNode | None = None

    def open(self, name: str) -> AbstractContextManager[Place]:
        """The place of this name."""
        return OPEN[name](self)

    @property
    def saved(self) -> NotebookNode:
        """The notebook as JupyterLab saved it, with widget state."""
        if self._saved is None:
            with self.jupyterlab():
                pass
        assert self._saved is not None
        return deepcopy(self._saved)

    @contextmanager
    def jupyterlab(self) -> Iterator[Place]:
        """JupyterLab, every cell run, and saved."""
        self.lab.write(NOTEBOOK, [WORLD, *(shown.cell for shown in CLASSES)])
        with opened(self.browser) as place:
            self.lab.open(place.page, NOTEBOOK)
            self.lab.command(place.page, "application:toggle-left-area")
            self._run(place)
            for shown in CLASSES:
                place.root(shown).wait_for()
            self._saved = self._save(place.page)
            yield place

    @contextmanager
    def notebook7(self) -> Iterator[Place]:
        """Notebook 7, every cell run; after JupyterLab it joins the kernel that is there."""
        if not (self.lab.folder / NOTEBOOK).exists():
            self.lab.write(NOTEBOOK, [WORLD, *(shown.cell for shown in CLASSES)])
        with opened(self.browser) as place:
            self.lab.open(place.page, NOTEBOOK, under="notebooks")
            self._run(place)
            yield place

    def _run(self, place: Place) -> None:
        self.lab.run_all(place.page, timeout=200)
        place.bring = lambda shown: bring_cell(place.page, shown)
        place.evaluate = lambda expression: self.lab.evaluate(place.page, expression)

    def _save(self, page: Page) -> NotebookNode:
        self.lab.command(page, SAVE_STATE, wait=True)
        self.lab.command(page, "docmanager:save", wait=True)
        self.lab.command(page, SAVE_STATE, wait=True)
        return nbformat.read(self.lab.folder / NOTEBOOK, as_version=4)

    @contextmanager
    def jupyterlab_dark(self) -> Iterator[Place]:
        """JupyterLab in its dark theme: the page loaded again, while the notebook's kernel still runs."""
        assert self.saved
        with opened(self.browser) as place:
            self.lab.open(place.page, NOTEBOOK)
            self.lab.command(place.page, "application:toggle-left-area")
            with dark(place.page):
                place.bring = lambda shown: bring_cell(place.page, shown)
                place.evaluate = lambda expression: self.lab.evaluate(place.page, expression)
                place.evaluate("setattr(view_ImageGrid, 'selection', [])")  # what the row before this one selected
                yield place

    @contextmanager
    def reopened(self, *, trusted: bool, state: bool) -> Iterator[Place]:
        """JupyterLab again: a copy of the notebook, and a new kernel that knows nothing of it."""
        notebook = self.saved if state else without_state(self.saved)
        name = f"received-{trusted:d}{state:d}.ipynb"
        notebook.metadata.received = name  # whoever trusts one of the copies trusts no other
        notebook.cells.append(with_a_widget_of_others())
        nbformat.write(notebook, self.lab.folder / name)
        if trusted:
            NotebookNotary(data_dir=str(self.lab.folder.parent / "data")).sign(notebook)
        with opened(self.browser) as place:
            page = place.page
            self.lab.open(page, name)
            self.lab.command(page, "application:toggle-left-area")
            code = "() => Array.from(window.jupyterapp.shell.currentWidget.model.cells).every((cell) => cell.trusted)"
            assert page.evaluate(code) is trusted
            place.live, place.bring = False, lambda shown: bring_cell(page, shown)
            yield place

    @contextmanager
    def reopened_dark(self) -> Iterator[Place]:
        """The same in the dark theme, for someone who does not trust the notebook."""
        with self.reopened(trusted=False, state=False) as place, dark(place.page):
            yield place

    @contextmanager
    def page_of(
        self, make: Callable[[NotebookNode, Path], Path], *, state: bool, online: bool = False
    ) -> Iterator[Place]:
        """What a tool makes of the saved notebook, opened from disk, without network unless `online`."""
        notebook = self.saved if state else without_state(self.saved)
        path = make(notebook, self.folder / f"{make.__name__}-{state:d}.html")
        with opened(self.browser, answer if online else lambda url: None) as place:
            place.page.goto(path.as_uri())
            place.live = False
            yield place

    @contextmanager
    def vscode(self) -> Iterator[Place]:
        """VS Code's widget bundle with a kernel of its own."""
        with opened(self.browser, bypass_csp=True) as place:
            window = VSCodeWindow(self.lab, place.page, bundled(self.folder))
            try:
                window.run(WORLD)
                for shown in CLASSES:
                    window.run(shown.cell, shown.name)
                place.evaluate = window.evaluate
                yield place
            finally:
                window.close()

    @contextmanager
    def marimo(self) -> Iterator[Place]:
        """The same cells as a marimo app."""
        with ExitStack() as stack:
            url = stack.enter_context(running_marimo(self.folder / "marimo"))
            place = stack.enter_context(opened(self.browser))
            place.page.goto(url)
            yield place

    @cached_property
    def _exported(self) -> Path:
        import nbinterp as nbi

        for name, view in made().items():
            nbi.to_html(view, self.folder / f"{name}.html")
        return self.folder

    @contextmanager
    def to_html(self, color_scheme: str = "light") -> Iterator[Place]:
        """The pages that `nbi.to_html` writes, from disk."""
        folder = self._exported
        with opened(self.browser, color_scheme=color_scheme) as place:
            place.bring = lambda shown: place.page.goto((folder / f"{shown.name}.html").as_uri())
            yield place


OPEN: dict[str, Callable[[Rows], AbstractContextManager[Place]]] = {
    "jupyterlab": Rows.jupyterlab,
    "jupyterlab-dark": Rows.jupyterlab_dark,
    "notebook7": Rows.notebook7,
    "jupyterlab-reopened-untrusted": lambda rows: rows.reopened(trusted=False, state=False),
    "jupyterlab-reopened-untrusted-dark": Rows.reopened_dark,
    "jupyterlab-reopened-untrusted-with-state": lambda rows: rows.reopened(trusted=False, state=True),
    "jupyterlab-reopened-trusted": lambda rows: rows.reopened(trusted=True, state=False),
    "jupyterlab-reopened-trusted-with-state": lambda rows: rows.reopened(trusted=True, state=True),
    "nbconvert-offline": lambda rows: rows.page_of(to_page, state=False),
    "nbconvert-offline-with-state": lambda rows: rows.page_of(to_page, state=True),
    "nbconvert-offline-dark": lambda rows: rows.page_of(to_dark_page, state=False),
    "nbconvert-online-with-state": lambda rows: rows.page_of(to_page, state=True, online=True),
    "github-like": lambda rows: rows.page_of(to_sanitized_page, state=False),
    "github-like-with-state": lambda rows: rows.page_of(to_sanitized_page, state=True),
    "vscode": Rows.vscode,
    "marimo": Rows.marimo,
    "to-html": Rows.to_html,
    "to-html-dark": lambda rows: rows.to_html(color_scheme="dark"),
}


@contextmanager
def dark(page: Page) -> Iterator[None]:
    """JupyterLab in its dark theme, for a while: it keeps the choice for all its pages."""
    change = """async (theme) => {
        await window.jupyterapp.commands.execute("apputils:change-theme", { theme });
    }"""
    page.evaluate(change, "JupyterLab Dark")
    page.wait_for_selector("body[data-jp-theme-light=false]", state="attached")
    try:
        yield
    finally:
        page.evaluate(change, "JupyterLab Light")
        page.wait_for_selector("body[data-jp-theme-light=true]", state="attached")


def bring_cell(page: Page, shown: Shown) -> None:
    """Scroll a notebook of JupyterLab or Notebook 7 to the cell of a widget class."""
    number = 1 + [known.name for known in CLASSES].index(shown.name)
    page.evaluate(
        """async (number) => {
            const notebook = window.jupyterapp.shell.currentWidget.content;
            notebook.activeCellIndex = number;
            await notebook.scrollToItem(number, "start");
        }""",
        number,
    )
