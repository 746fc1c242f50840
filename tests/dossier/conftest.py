"""A project whose pages are written by each test."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_book import a_notebook, figure, finding, headline, shows, write


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one good page."""
    write(
        tmp_path,
        "02_grain",
        a_notebook(
            shows(headline()),
            "%md Look *here* first.",
            shows(figure()),
            shows({"kind": "findings", "findings": [finding()]}),
        ),
    )
    return tmp_path
