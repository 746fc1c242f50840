"""The sha256 of source files, remembered only of large ones that were left alone."""

from __future__ import annotations

import time
from hashlib import sha256
from pathlib import Path

from workbook.engine.digested_files import read_note
from workbook.engine.file_modes import private_folder
from workbook.engine.store import Store, sha256_of
from workbook.errors import DataError, machine_errors
from workbook.words import error_of

_SMALL = 8 << 20  # bytes up to which a file is read anew by every process: it costs milliseconds
_SETTLED = 2.0  # seconds: a file changed this lately may change again without a new time of change

# path, size, times of change of content and of the file, inode
State = tuple[str, int, int, int, int]


def state_of(path: Path | str) -> State:
    """What the file system says of a file; a copy that keeps size and time has another inode or
    ctime.

    Raises:
        OSError: the file is not there.
    """
    found = Path(path).stat()
    return (str(path), found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)


class FileHashes:
    """Hashes of files; those of large ones are kept beside the store for the next process.

    `verify`: nothing that was kept is believed.
    """

    def __init__(self, store: Store, *, verify: bool = False) -> None:
        self._store, self._verify = store, verify
        self._folder = store.folder / "files"
        with machine_errors():
            private_folder(self._folder)
        self._seen: dict[State, str] = {}

    def sha256(self, path: str) -> str:
        """The sha256 of this file as it is now.

        Raises:
            DataError: the file is not there.
        """
        try:
            state = state_of(path)
            return self._seen.get(state) or self._remembered(state) or self._read(state)
        except OSError as error:
            raise error_of(
                DataError, "engine.unreadable_file", path=path, why=error.strerror or str(error)
            ) from error

    def _note(self, path: str) -> Path:
        return self._folder / f"{sha256(path.encode()).hexdigest()[:32]}.json"

    def _remembered(self, state: State) -> str | None:
        if self._verify or state[1] <= _SMALL:
            return None
        known = read_note(self._note(state[0])) or {}
        return known["sha256"] if known.get("state") == list(state) else None

    def _read(self, state: State) -> str:
        value = sha256_of(Path(state[0]))
        if time.time() - max(state[2:4]) / 1e9 > _SETTLED:
            self._seen[state] = value
            if state[1] > _SMALL:
                self._store.write_note(self._note(state[0]), {"state": state, "sha256": value})
        return value
