"""Reads every source file and every stored table, and says what is not as it is known."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from workbook.engine import FileHashes, Store, kept_folder, landing_spec
from workbook.errors import DataError
from workbook.model import Model
from workbook.words import number


def verify(root: Path, model: Model) -> str:
    """What was read and what was found, as one sentence or two; damaged tables are removed.

    Where a source has no file here it is left out, as `check` needs no data.
    """
    store = Store(kept_folder(root) / "store")
    try:
        files = _files(model)
        hashes = FileHashes(store, verify=True)
        for file in files:
            hashes.sha256(file)
        stored, damaged = store.stored(), store.verify()
    finally:
        store.close()
    read = (
        f"{number.plural(len(files), 'source file')} and"
        f" {number.plural(len(stored), 'stored table')} were read."
    )
    if not damaged:
        return f"{read} No stored table is damaged."
    what = number.plural(len(damaged), "stored table")
    return (
        f"{read} {what} {'was' if len(damaged) == 1 else 'were'} damaged; the next run makes"
        f" {'it' if len(damaged) == 1 else 'them'} anew."
    )


def _files(model: Model) -> list[str]:
    found: set[str] = set()
    for source in model.sources.sources:
        with suppress(DataError):
            found.update(file for file in landing_spec(model, source).files if Path(file).is_file())
    return sorted(found)
