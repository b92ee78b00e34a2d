"""The rows of the matrix: each place is opened once, and shows every widget class."""

import pytest
from jupyter_lab import Lab
from playwright.sync_api import Browser
from rows import Rows


@pytest.fixture(scope="session")
def rows(browser: Browser, lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """The places; a notebook saved in one is opened in others."""
    return Rows(browser, lab, tmp_path_factory.mktemp("places"))
