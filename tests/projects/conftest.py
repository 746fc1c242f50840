"""The third-party sets, opened with the models of this folder; skipped, saying so, where the
data is not there.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from workbook import Workbook

HERE = Path(__file__).parent
EXTERNAL = os.environ.get("WORKBOOK_EXTERNAL_DATA", "")


@pytest.fixture(scope="session")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Workbook]]:
    """Opens a project on a copy of its model, so that nothing is written beside it; each only
    once.
    """
    books: dict[tuple[str, object], Workbook] = {}

    def open_(name: str, change: Callable[[Path], None] | None = None) -> Workbook:
        if not EXTERNAL or not Path(EXTERNAL).is_dir():
            pytest.skip("WORKBOOK_EXTERNAL_DATA does not name the folder of the third-party data")
        if (name, change) not in books:
            folder = tmp_path_factory.mktemp(name)
            shutil.copytree(HERE / name, folder, dirs_exist_ok=True)
            if change:
                change(folder)
            books[name, change] = Workbook.open(folder)
        return books[name, change]

    yield open_
    for book in books.values():
        book.close()
