"""Fixtures shared by every test."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, sync_playwright

REPOSITORY = Path(__file__).resolve().parent.parent
ARTIFACTS = Path(os.environ.get("NBINTERP_ARTIFACTS", Path(__file__).resolve().parent / "artifacts"))
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real weights and photographs; tests that use it are skipped, visibly, where it is absent."""
    folder = Path(os.environ.get("NBINTERP_SHARED", REPOSITORY.parent / "shared" / "data"))
    if not (folder / "imagenette224").is_dir():
        pytest.skip("no real weights and photographs: set NBINTERP_SHARED to the folder that holds them")
    return folder


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium. A missing browser is an error: a test that cannot look must not pass."""
    path = os.environ.get("NBINTERP_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.fail(
            "no Chromium: run python3 tests/run.py (it installs one), or set NBINTERP_CHROMIUM to its path, "
            "or run apt-get install chromium / python -m playwright install chromium"
        )
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page that may reach this machine only; an uncaught error in it fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.route("**/*", lambda route: route.continue_() if _is_local(route.request.url) else route.abort())
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert not errors, f"uncaught errors in the page: {errors}"


def _is_local(url: str) -> bool:
    return url.startswith(("file:", "blob:", "data:", "http://127.0.0.1", "http://localhost", "ws://127.0.0.1"))


@pytest.fixture
def screenshot():
    """Save a picture of a page or an element for a person to look at: to $NBINTERP_ARTIFACTS or tests/artifacts."""

    def save(page: Page | Locator, name: str, **options) -> Path:
        ARTIFACTS.mkdir(parents=True, exist_ok=True)
        path = ARTIFACTS / f"{name}.png"
        page.screenshot(path=path, **options)
        return path

    return save
