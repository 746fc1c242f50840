"""Small files of the cache, each with a digest of its own: one that was damaged is as good as
none.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

_DIGEST = "digest"
_UNREADABLE = (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError)


def note_text(values: Mapping[str, Any]) -> str:
    """A note as it is written."""
    return json.dumps({**values, _DIGEST: _digest(values)})


def read_note(path: Path) -> dict[str, Any] | None:
    """What a note says; None where there is none, or where it is not as it was written."""
    try:
        found = json.loads(path.read_bytes())
        digest = found.pop(_DIGEST)
        return found if digest == _digest(found) else None
    except _UNREADABLE:
        return None


def temporary_beside(file: Path) -> Path:
    """Where this process writes what then takes a file's place."""
    return file.with_name(f".{os.getpid()}-{file.name}")


def remove_left_over(file: Path) -> None:
    """Remove what processes that have ended left beside a file that they meant to write."""
    for left in file.parent.glob(f".*-{file.name}"):
        number = left.name[1:].partition("-")[0]
        if number.isdigit() and not _runs(int(number)):
            left.unlink(missing_ok=True)


def _runs(process: int) -> bool:
    with suppress(PermissionError, OverflowError):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return False
    return True


def _digest(values: Mapping[str, Any]) -> str:
    return sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:32]
