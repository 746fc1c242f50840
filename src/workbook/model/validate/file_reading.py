"""How files are written, as 03 sources says it: formats of dates and times, marks of numbers,
lists, paths.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from workbook.errors import Problem
from workbook.model.file_formats import DELIMITERS
from workbook.model.json_paths import is_path
from workbook.model.schema import Dialect, Source, SourceField, Sources
from workbook.model.table_names import list_table, table_of
from workbook.model.time_formats import format_error
from workbook.model.validate.step_validator import Place, Validator

_SHORT_YEAR = re.compile(r"(?<!Y)YY(?!Y)")
_DATED, _DIGITS = ("date", "timestamp"), ("money", "decimal")
_NUMBERS = (*_DIGITS, "integer")


def dialects(validator: Validator, sources: Sources) -> Iterator[Problem]:
    """Formats that cannot be read, thousands set apart by the decimal mark."""
    for name, dialect in sources.dialects.items():
        for word in ("dates", "timestamps"):
            yield from _formats(validator, ("dialects", name, word), getattr(dialect, word))
        yield from _quote(validator, ("dialects", name, "quote"), dialect)
        yield from _marks(validator, ("dialects", name), dialect.thousands, dialect.decimal_mark)


def fields(validator: Validator, sources: Sources, name: str, source: Source) -> Iterator[Problem]:
    """What each field of a source says of how its text is read."""
    dialect = validator.model.dialect(name)
    for field_name, field in source.fields.items():
        path = ("sources", name, "fields", field_name)
        own = sources.types.get(field.type)
        kind = own.is_ if own else field.type
        yield from _formats(validator, (*path, "format"), field.format)
        yield from _numbers(validator, path, field, dialect)
        yield from _only_for(validator, path, field, kind)
        yield from _pivot(validator, path, field, kind, dialect)
        if field.path and not is_path(field.path):
            yield validator.problem((*path, "path"), "model.sources.not_a_path", path=field.path)
        if field.split:
            yield from _list(validator, name, field_name, sources)


def _formats(validator: Validator, path: Place, formats: Sequence[str]) -> Iterator[Problem]:
    for written in formats:
        if error := format_error(written):
            yield validator.of(path, error)


def _quote(validator: Validator, path: Place, dialect: Dialect) -> Iterator[Problem]:
    """A quote is one character of ASCII that nothing else is made of; an empty one quotes
    nothing.
    """
    quote = dialect.quote
    plain = len(quote) == 1 and quote.isascii() and quote.isprintable()
    if not quote or (
        plain and not quote.isalnum() and quote not in (" ", DELIMITERS[dialect.delimiter])
    ):
        return
    yield validator.problem(path, "model.sources.not_a_quote", quote=repr(quote))


def _numbers(
    validator: Validator, path: Place, field: SourceField, dialect: Dialect
) -> Iterator[Problem]:
    if field.thousands or field.decimal_mark:
        yield from _marks(
            validator,
            path,
            field.thousands or dialect.thousands,
            field.decimal_mark or dialect.decimal_mark,
        )


def _marks(
    validator: Validator, path: Place, thousands: str, decimal_mark: str
) -> Iterator[Problem]:
    if thousands and thousands == decimal_mark:
        yield validator.problem((*path, "thousands"), "model.sources.one_mark", mark=thousands)


def _only_for(
    validator: Validator, path: Place, field: SourceField, kind: str
) -> Iterator[Problem]:
    """Words that mean something for some types only, so that nobody believes what is not done."""
    known = {
        "format": _DATED,
        "pivot": _DATED,
        "decimals": _DIGITS,
        "thousands": _NUMBERS,
        "decimal_mark": _NUMBERS,
        "unit": ("money",),
        "currency": ("money",),
    }
    for word, kinds in known.items():
        if getattr(field, word) not in ("", (), None) and kind not in kinds:
            yield validator.problem(
                (*path, word),
                "model.sources.word_of_another_type",
                word=word,
                type=kind,
                types=kinds,
            )


def _pivot(
    validator: Validator, path: Place, field: SourceField, kind: str, dialect: Dialect
) -> Iterator[Problem]:
    """A pivot is for years of two digits."""
    formats = field.format or (*dialect.dates, *(dialect.timestamps if kind == "timestamp" else ()))
    if (
        field.pivot is not None
        and kind in _DATED
        and not any(_SHORT_YEAR.search(item) for item in formats)
    ):
        yield validator.problem(
            (*path, "pivot"), "model.sources.pivot_of_whole_years", formats=formats
        )


def _list(validator: Validator, name: str, field_name: str, sources: Sources) -> Iterator[Problem]:
    """A list names no row and dates none, and its table must be the only one of its name."""
    path = ("sources", name, "fields", field_name, "split")
    source = sources.sources[name]
    for word, used in (
        ("primary_key", source.primary_key),
        ("valid", source.valid),
        ("recorded", (source.recorded,)),
    ):
        if field_name in used:
            yield validator.problem(path, "model.sources.list_as_key", name=field_name, word=word)
    table = list_table(name, field_name)
    others = {table_of(source): source for source in sources.sources}
    if field_name == "bad" or table in others:
        yield validator.problem(
            path, "model.sources.list_table_taken", name=field_name, table=table
        )
