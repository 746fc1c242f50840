"""No key of a project leaks from one test into the next."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from workbook import privacy


@pytest.fixture(autouse=True)
def no_key() -> Iterator[None]:
    """Ordinal tokens, unless a test says otherwise."""
    privacy.use_key(None)
    yield
    privacy.use_key(None)
