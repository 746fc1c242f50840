"""Every error a user can meet."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

E = TypeVar("E", bound="WorkbookError")


class WorkbookError(Exception):
    """Base of all errors that are the user's to mend; `exit_code` is what the command line
    returns, `code` what the catalogue calls it (`words.errors`), '' where it has no entry.
    """

    exit_code = 2
    code = ""
    what = ""
    advice = ""

    def at(self, file: str, line: int) -> Problem:
        """The same as a problem at a line of a file."""
        return Problem(file, line, self.what or str(self), self.advice, self.code)

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows instead of the frames of our source: what is wrong and what to
        do.
        """
        return str(self).splitlines() or [type(self).__name__]


_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"  # as terminals and notebooks write it


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong in one place: where (file:line), what, and what to do about it."""

    file: str
    line: int
    what: str
    advice: str = ""
    code: str = field(default="", compare=False)  # of the catalogue

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: " if self.line else f"{self.file}: "
        return place + self.what + (f" {self.advice}" if self.advice else "")


def all_of(errors: Sequence[E]) -> E:
    """Several errors as one that says each of them once; its code is that of the first."""
    made = type(errors[0])("\n".join(dict.fromkeys(map(str, errors))))
    made.code = errors[0].code
    return made


class ModelError(WorkbookError):
    """The model contradicts itself or cannot be read; carries every problem found, not the
    first.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        self.code = self.problems[0].code if self.problems else ""
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def _render_traceback_(self) -> list[str]:
        """A card: each place, what is wrong there, and what to do."""
        lines = []
        for problem in self.problems:
            place = f"{problem.file}:{problem.line}" if problem.line else problem.file
            lines += [f"{_BOLD}{place}{_PLAIN}", f"  {problem.what}"]
            lines += [f"  → {problem.advice}"] if problem.advice else []
        return lines or [type(self).__name__]


class DataError(WorkbookError):
    """A source file cannot be read as it was declared: absent, renamed column, wrong encoding,
    torn.
    """


class PlanError(WorkbookError):
    """A table's SQL leaves the portable subset, or reads a table that nobody makes."""


class ShowError(WorkbookError):
    """Evidence cannot be shown as asked: no class, a number that is not one, a column that is
    not there.
    """


class PageError(WorkbookError):
    """A notebook crashed; the earlier dossier stays as it was."""

    exit_code = 3


class MachineError(WorkbookError):
    """The machine does not let us read or write: a full disk, missing rights, a folder in a
    file's place.
    """


_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)
_TOO_MANY = (errno.EMFILE, errno.ENFILE)


def machine_sentence(error: OSError) -> str:
    """What the machine refused and what to do about it, as one sentence or two.

    >>> machine_sentence(OSError(28, "No space left on device", "runs"))
    'The disk is full: runs could not be written. Free some space, then run again.'
    """
    place = os.fsdecode(error.filename) if isinstance(error.filename, (str, bytes)) else "a file"
    if error.errno in _FULL:
        return f"The disk is full: {place} could not be written. Free some space, then run again."
    if error.errno in _FORBIDDEN:
        why = (error.strerror or "permission denied").lower()
        return f"{place} cannot be read or written: {why}. Give this user the right to it."
    if isinstance(error, IsADirectoryError):
        return f"{place} is a folder, and should be a file. Move it out of the way."
    if isinstance(error, (NotADirectoryError, FileExistsError)):
        return f"{place} cannot be a folder: a file has that name, or one above it. Move it away."
    if isinstance(error, FileNotFoundError):
        return f"{place} is not there any more. Put it back, then run again."
    if error.errno in _TOO_MANY:
        return "Too many files are open. Close other programs, or raise the limit (ulimit -n)."
    return f"{place} cannot be read or written: {error.strerror or error}."


@contextmanager
def machine_errors() -> Iterator[None]:
    """Whatever the machine refuses inside is a sentence.

    Raises:
        MachineError: a file or folder could not be read or written.
    """
    try:
        yield
    except OSError as error:
        raise MachineError(machine_sentence(error)) from error
