"""A real JupyterLab, one for the whole session."""

from collections.abc import Iterator

import pytest
from jupyter_lab import Lab, running_lab


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """JupyterLab with configuration, data and settings of its own."""
    with running_lab(tmp_path_factory.mktemp("lab")) as lab:
        yield lab
