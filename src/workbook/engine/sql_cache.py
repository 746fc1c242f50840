"""What was once worked out about a piece of SQL, kept beside the store: parsing 500 tables
costs seconds, reading this none.

Everything in it follows from the text of the SQL alone, so it may be deleted at any time and is
never wrong.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import sqlglot

from workbook.engine.digested_files import remove_left_over, temporary_beside
from workbook.engine.file_modes import private_file, private_folder

FORMAT = 2
MISSING = object()


class Memo:
    """Answers by kind and key, read from a file and written back where something was added."""

    def __init__(self) -> None:
        self._file: Path | None = None
        self._known: dict[str, dict[str, Any]] = {}
        self._added = False

    def use(self, folder: Path) -> None:
        """Keep answers in this folder from now on; a file that cannot be read counts as empty."""
        self._file = folder / f"sql-{FORMAT}-{sqlglot.__version__}.json"
        remove_left_over(self._file)
        self._known, self._added = _read(self._file), False

    def recall(self, kind: str, *texts: str) -> Any:
        """The answer, or MISSING."""
        return self._known.get(kind, {}).get(_key(texts), MISSING)

    def remember(self, kind: str, answer: Any, *texts: str) -> None:
        """Note an answer."""
        if self._file:
            self._known.setdefault(kind, {})[_key(texts)] = answer
            self._added = True

    def save(self) -> None:
        """Write what was added to what others wrote meanwhile, whole or not at all; a folder
        that cannot be written only costs time.
        """
        if not self._file or not self._added:
            return
        for kind, answers in _read(self._file).items():
            self._known[kind] = answers | self._known.get(kind, {})
        try:
            private_folder(self._file.parent)
            half = temporary_beside(self._file)
            half.write_bytes(_written(self._known))
            private_file(half)
            half.replace(self._file)
        except OSError:
            return
        self._added = False


MEMO = Memo()


def _written(known: dict[str, dict[str, Any]]) -> bytes:
    """A line with the digest of the rest, and the answers."""
    answers = json.dumps(known, separators=(",", ":")).encode()
    return sha256(answers).hexdigest().encode() + b"\n" + answers


def _read(file: Path) -> dict[str, dict[str, Any]]:
    try:
        digest, _, answers = file.read_bytes().partition(b"\n")
    except OSError:
        return {}
    if sha256(answers).hexdigest().encode() != digest:
        return {}
    try:
        return _well_formed(json.loads(answers))
    except (ValueError, RecursionError):
        return {}


def _well_formed(found: Any) -> dict[str, dict[str, Any]]:
    """The answers that have the form of their kind; whoever asks for another one works it out
    anew.
    """
    kinds = found.items() if isinstance(found, dict) else ()
    return {
        kind: {key: answer for key, answer in answers.items() if _FORMS.get(kind, _any)(answer)}
        for kind, answers in kinds
        if isinstance(answers, dict)
    }


def _any(answer: Any) -> bool:
    return True


def _names(answer: Any) -> bool:
    return isinstance(answer, list) and all(isinstance(item, str) for item in answer)


def _steps(answer: Any) -> bool:
    return isinstance(answer, list) and all(_names(item) and len(item) == 3 for item in answer)


def _trace(answer: Any) -> bool:
    return isinstance(answer, dict) and all(map(_steps, answer.values()))


_FORMS: dict[str, Callable[[Any], bool]] = {
    "tables": _names,
    "portable": lambda answer: answer is True,
    "columns": lambda answer: answer is None or _names(answer),
    "trace": lambda answer: answer is None or _trace(answer),
}


def _key(texts: tuple[str, ...]) -> str:
    return sha256("\0".join(texts).encode()).hexdigest()[:32]
