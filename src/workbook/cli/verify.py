"""Reads every source file and every stored table, and says what is not as it is known."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from workbook.cli.options import WORDS
from workbook.engine import FileHashes, Store, kept_folder, landing_spec
from workbook.errors import DataError
from workbook.model import Model


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
    return WORDS.text("verify.read", files=len(files), tables=len(stored), damaged=len(damaged))


def _files(model: Model) -> list[str]:
    found: set[str] = set()
    for source in model.sources.sources:
        with suppress(DataError):
            found.update(file for file in landing_spec(model, source).files if Path(file).is_file())
    return sorted(found)
