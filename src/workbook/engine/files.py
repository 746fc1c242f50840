"""The sha256 of source files, remembered while path, size and time of change stay the same."""

from __future__ import annotations

import json
import os
import time
from hashlib import sha256
from pathlib import Path

from workbook.engine.store import Store, sha256_of
from workbook.errors import DataError

_SETTLED = 2.0  # seconds: a file changed this lately may change again without a new time of change


class FileHashes:
    """Hashes of files, kept beside the store so that the next session need not read the files again."""

    def __init__(self, store: Store) -> None:
        self._folder = store.folder / "files"
        self._folder.mkdir(exist_ok=True)
        self._seen: dict[tuple[str, int, int], str] = {}

    def sha256(self, path: str) -> str:
        """The sha256 of this file as it is now.

        Raises:
            DataError: the file is not there.
        """
        try:
            found = Path(path).stat()
        except OSError as error:
            raise DataError(f"Cannot read {path}: {error.strerror}.") from error
        state = (path, found.st_size, found.st_mtime_ns)
        if state not in self._seen:
            self._seen[state] = self._remembered(state) or self._read(state)
        return self._seen[state]

    def _note(self, path: str) -> Path:
        return self._folder / f"{sha256(path.encode()).hexdigest()[:32]}.json"

    def _remembered(self, state: tuple[str, int, int]) -> str | None:
        try:
            known = json.loads(self._note(state[0]).read_text())
            return known["sha256"] if known["state"] == list(state) else None
        except (OSError, ValueError, KeyError):
            return None

    def _read(self, state: tuple[str, int, int]) -> str:
        value = sha256_of(Path(state[0]))
        if time.time() - state[2] / 1e9 > _SETTLED:
            note = self._note(state[0])
            temporary = note.with_suffix(f".{os.getpid()}")
            temporary.write_text(json.dumps({"state": state, "sha256": value}))
            temporary.replace(note)
        return value
