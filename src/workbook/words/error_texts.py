"""Errors by their code: what is wrong and what to do come from the catalogue, `en/errors/`.

`model.unknown_name` is `[unknown_name]` of errors/model.toml, `model.sources.no_path` is
`[no_path]` of errors/model/sources.toml; each has a `sentence` and an `advice`.
"""

from __future__ import annotations

from typing import Any, TypeVar

from workbook.errors import Problem, WorkbookError
from workbook.words.catalogue import PageWords, words_of

ERRORS = "errors"  # the folder of the catalogue

E = TypeVar("E", bound=WorkbookError)


def problem_of(code: str, file: str, line: int, /, **values: Any) -> Problem:
    """The problem of a code at a line of a file, with the values in its texts.

    Raises:
        ShowError: the catalogue has no such error, or its texts name a value that is not given.
    """
    what, advice = error_texts(code, **values)
    return Problem(file, line, what, advice, code)


def error_of(kind: type[E], code: str, /, **values: Any) -> E:
    """The error of a class and a code, to be raised.

    >>> from workbook.errors import DataError
    >>> error_of(DataError, "model.not_found", folder="shop").code
    'model.not_found'

    Raises:
        ShowError: the catalogue has no such error, or its texts name a value that is not given.
    """
    what, advice = error_texts(code, **values)
    result = kind(f"{what} {advice}".rstrip())
    result.code, result.what, result.advice = code, what, advice
    return result


def advice_of(code: str, /, **values: Any) -> str:
    """What to do, of an entry that has an `advice` alone: several errors may give it.

    Raises:
        ShowError: the catalogue has no such advice, or it names a value that is not given.
    """
    words, name = words_of_errors(code)
    return words.text(f"{name}.advice", **values)


def error_texts(code: str, /, **values: Any) -> tuple[str, str]:
    """What is wrong and what to do about it, by the code of the error."""
    words, name = words_of_errors(code)
    return words.text(f"{name}.sentence", **values), words.text(f"{name}.advice", **values)


def words_of_errors(code: str) -> tuple[PageWords, str]:
    """The file of the catalogue that a code names, and the entry in it."""
    place, _, name = code.rpartition(".")
    return words_of("/".join((ERRORS, *place.split(".")))), name
