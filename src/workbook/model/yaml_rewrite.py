"""Puts decisions into the file that holds them: only while it says what was read, and only
where it then says what is wanted.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbook.errors import ModelError, WorkbookError
from workbook.model.model import Model
from workbook.model.yaml_edit import with_value
from workbook.model.yaml_read import without_empty
from workbook.model.yaml_text import Text, read_text
from workbook.words import error_of, problem_of

Changes = Sequence[tuple[tuple[str, ...], Any]]  # places and the values that are to stand there


@dataclass(frozen=True)
class RewrittenFile:
    """A file that was changed: as it is read again, and its bytes before and after; None where
    it was not there.
    """

    text: Text
    path: Path
    before: bytes | None
    after: bytes


def rewrite(
    model: Model, step: str, changes: Changes, wanted: Mapping[str, Any], by_hand: str
) -> RewrittenFile:
    """Change values of a step's file; by a temporary file and one rename.

    Raises:
        WorkbookError: a file of the model was changed meanwhile, or this one would not say what
            is `wanted` (then `by_hand` says what to do); nothing is written.
    """
    _unchanged(model)
    name, line = model.texts[step].file, model.texts[step].line(changes[0][0])
    path = (model.root / name).resolve()
    before = path.read_bytes() if path.is_file() else None
    try:
        result = _edited(before or b"", changes)
    except (WorkbookError, ValueError) as error:
        why = str(error)
        raise ModelError(
            [
                problem_of(
                    "model.decisions.not_changed_in_place", name, line, why=why, by_hand=by_hand
                )
            ]
        ) from error
    written = _written(path, result, name, wanted)
    if written is None:
        raise ModelError(
            [problem_of("model.decisions.would_say_otherwise", name, line, by_hand=by_hand)]
        )
    return RewrittenFile(written, path, before, result)


def put_back(written: RewrittenFile) -> None:
    """Give a file the bytes that it had before it was changed; one that was not there goes.

    Raises:
        WorkbookError: it was changed since; nothing is written then.
    """
    now = written.path.read_bytes() if written.path.is_file() else None
    if now != written.after:
        raise error_of(
            WorkbookError, "model.decisions.value_not_taken_back", file=written.text.file
        )
    if written.before is None:
        written.path.unlink()
        return
    with _temporary(written.path) as temporary:
        temporary.write_bytes(written.before)
        shutil.copymode(written.path, temporary)
        temporary.replace(written.path)


def _unchanged(model: Model) -> None:
    """Every file still holds the decisions that were read, so that what was tried is what would
    be written.
    """
    for step, text in model.texts.items():
        path = model.root / text.file
        now = read_text(path, text.file) if path.is_file() else Text(text.file)
        if step != "project" and (now.problems or now.values != text.values):
            raise error_of(WorkbookError, "model.decisions.changed_since_tried", file=text.file)


def _edited(raw: bytes, changes: Changes) -> bytes:
    """The file with its values changed; its mark of order and its line ends stay as they are."""
    content = raw.decode("utf-8-sig")
    windows = "\r\n" in content and content.count("\r\n") == content.count("\n")
    content = content.replace("\r\n", "\n") if windows else content
    for path, value in changes:
        content = with_value(content, path, value)
    result = (content.replace("\n", "\r\n") if windows else content).encode()
    return b"\xef\xbb\xbf" + result if raw.startswith(b"\xef\xbb\xbf") else result


def _written(path: Path, made: bytes, name: str, wanted: Mapping[str, Any]) -> Text | None:
    """The file as it is read again after it was put in place; None where it would not say what
    is wanted, and stays.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with _temporary(path) as temporary:
        temporary.write_bytes(made)
        text = read_text(temporary, name)
        if text.problems or without_empty(text.values) != without_empty(wanted):
            return None
        if path.exists():
            shutil.copymode(path, temporary)
        temporary.replace(path)
    return text


@contextmanager
def _temporary(path: Path) -> Iterator[Path]:
    """A file beside another one that no step reads; gone afterwards, unless it was put in the
    other's place.
    """
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", suffix=".part", dir=path.parent)
    os.close(handle)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)
