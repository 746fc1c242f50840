"""Small CSV files, drawn: the fast reader against the exact one."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "engine"))

import test_landing_fuzz as fuzz

from workbook.engine import Store
from workbook.engine.connection import connect


def readers_agree(folder: Path, tries: int, seed: int) -> tuple[int, list[str]]:
    """As many files as tries; the first difference ends it."""
    store = Store(folder / "store")
    connection = connect(store, [folder], threads=1, memory=None)
    try:
        fuzz.test_both_readers_and_the_count_agree(seed, tries, folder, connection)
    except AssertionError as error:
        return tries, [str(error)[:300]]
    finally:
        connection.close()
        store.close()
    return tries, []
