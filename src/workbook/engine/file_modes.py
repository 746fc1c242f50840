"""What is kept on disk for one project: folders and files that their owner alone can read,
whatever the umask.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile

from workbook.errors import MachineError, machine_errors
from workbook.words import error_of

KEPT = ".workbook"
_FOLDER, _FILE, _OTHERS = 0o700, 0o600, 0o077
_ROOM = 1 << 20  # bytes that a probe writes: less is not worth beginning a run for


def private_folder(folder: Path) -> Path:
    """The folder, made where it is not there; one that others could read is closed with all
    that it holds.

    Raises:
        OSError: it cannot be made.
    """
    folder.mkdir(mode=_FOLDER, parents=True, exist_ok=True)
    if folder.stat().st_mode & _OTHERS:
        for place, _, files in os.walk(folder):
            for name in files:
                private_file(Path(place) / name)
            _close(Path(place), _FOLDER)
    return folder


def private_file(file: Path) -> None:
    """Let nobody but the owner read or write a file."""
    if not file.is_symlink():
        _close(file, _FILE)


def kept_folder(root: Path) -> Path:
    """The folder of a project in which the workbook keeps what it can make again, private.

    Raises:
        MachineError: it cannot be made.
    """
    with machine_errors():
        return private_folder(root / KEPT)


def require_writable(folder: Path) -> None:
    """Hold that files can be written to a folder, by writing one; the folder is made where it
    is not there.

    Raises:
        MachineError: the folder cannot be made, is read-only, or has no room.
    """
    try:
        with machine_errors():
            folder.mkdir(parents=True, exist_ok=True)
            with TemporaryFile(dir=folder, prefix=".tmp-") as probe:
                probe.write(bytes(_ROOM))
                probe.flush()
                os.fsync(probe.fileno())
    except MachineError as error:
        raise error_of(
            MachineError, "engine.unwritable_folder", folder=str(folder), why=str(error)
        ) from error


def _close(path: Path, mode: int) -> None:
    """Set a mode where others are let in; another owner's file stays as its owner wants it."""
    with suppress(PermissionError, FileNotFoundError):
        if path.stat().st_mode & _OTHERS:
            path.chmod(mode)
