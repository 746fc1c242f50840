"""The columns of a file and the fields of its source, laid beside each other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from workbook.engine.landing.source_spec import FieldSpec, SourceSpec
from workbook.errors import DataError
from workbook.nearest_name import did_you_mean
from workbook.privacy import may_be_a_value, readable_headers
from workbook.words import error_of

_VALUE = re.compile(
    r"[+-]?[\d\s().,/-]*\d[\d\s().,/-]*|[^@\s]+@[^@\s]+\.[^@\s]+|\d{4}-\d{2}-\d{2}.*"
)
_BY_PLACE = re.compile(r"(?P<name>.*)#(?P<number>[1-9]\d*)", re.DOTALL)


def columns_of(spec: SourceSpec, file: Path, header: Sequence[str]) -> list[int | None]:
    """Where in the file each declared field is: by its header, by `Header#2`, or by its place `#4`.

    None where a column is absent from one of several files.

    Raises:
        DataError: a declared header is there twice, or declared columns are absent (all of them
          named).
    """
    places = [place_of(header, field.header) for field in spec.fields]
    twice = sorted(
        {field.header for field, place in zip(spec.fields, places, strict=True) if len(place) > 1}
    )
    if twice:
        numbers = ", ".join(f"#{at + 1}" for at in place_of(header, twice[0]))
        raise error_of(
            DataError,
            "engine.landing.column_twice",
            source=spec.name,
            file=file.name,
            columns=_listed(twice),
            places=numbers,
            first=twice[0],
        )
    absent = [field.header for field, place in zip(spec.fields, places, strict=True) if not place]
    if absent and not spec.several:
        raise _no_column(spec, file, header, absent)
    return [place[0] if place else None for place in places]


def on_one_line(name: str) -> str:
    """A header without blanks around it, and with one blank for each break and run of blanks
    inside.

    >>> on_one_line(" Amount\\n(EUR) ")
    'Amount (EUR)'
    """
    return " ".join(name.split())


def place_of(header: Sequence[str], declared: str) -> list[int]:
    """Every place that a declared name could mean; a column that is really called `a#2` comes
    first.
    """
    found = [at for at, name in enumerate(header) if name == declared]
    if not found and declared != on_one_line(declared):
        return place_of(header, on_one_line(declared))
    by_place = None if found else _BY_PLACE.fullmatch(declared)
    if by_place is None:
        return found
    number = int(by_place["number"]) - 1
    if not by_place["name"]:
        return [number] if number < len(header) else []
    return [at for at, name in enumerate(header) if name == by_place["name"]][number : number + 1]


def undeclared(spec: SourceSpec, header: Sequence[str]) -> tuple[str, ...]:
    """The columns of the file that the source does not declare, in the file's order.

    A header that several columns share is named with its number, as `column:` would have it. A
    column without a header is not named: a spreadsheet leaves such ones between others.
    """
    taken = {place for field in spec.fields for place in place_of(header, field.header)}
    free = [at for at, name in enumerate(header) if name and at not in taken]
    return tuple(_own_name(header, at) for at in free)


def _own_name(header: Sequence[str], at: int) -> str:
    name = header[at]
    if list(header).count(name) == 1:
        return name
    return f"{name}#{list(header[: at + 1]).count(name)}"


def looks_like_data(header: Sequence[str]) -> bool:
    """Whether a file's first line holds a number, a day or a mailbox, as no header does."""
    return any(_VALUE.fullmatch(cell.strip()) for cell in header)


def frame_of(
    spec: SourceSpec, columns: Sequence[list[str | None]], rejects: list[str | None]
) -> pl.DataFrame:
    """The raw table from its columns and the reasons of rejected rows; empty text is NULL."""
    data: dict[str, pl.Series] = {
        "_row": pl.Series(range(1, len(rejects) + 1), dtype=pl.Int64),
        "_reject": pl.Series(rejects, dtype=pl.String),
    }
    for field, values in zip(spec.fields, columns, strict=True):
        data[field.name] = pl.Series(values, dtype=pl.String).replace("", None)
    return pl.DataFrame(data)


def _no_column(
    spec: SourceSpec, file: Path, header: Sequence[str], absent: Sequence[str]
) -> DataError:
    """Absent columns, with what may be meant. A first line that may be a customer's is not
    printed.
    """
    columns = _listed(absent)
    found = len(spec.fields) - len(absent)
    if looks_like_data(header) or (
        not found and len(absent) > 1 and not _hints(absent, spec, header)
    ):
        return error_of(
            DataError,
            "engine.landing.no_header",
            source=spec.name,
            file=file.name,
            columns=columns,
            cells=len(header),
        )
    return error_of(
        DataError,
        "engine.landing.no_column",
        source=spec.name,
        file=file.name,
        columns=columns,
        hint=_hints(absent, spec, header),
        known=", ".join(readable_headers(header)),
    )


def _hints(absent: Sequence[str], spec: SourceSpec, header: Sequence[str]) -> str:
    return " ".join(filter(None, (_near(name, spec, header) for name in absent)))


def _near(name: str, spec: SourceSpec, header: Sequence[str]) -> str:
    free = [other for other in undeclared(spec, header) if not may_be_a_value(other)]
    folded = [other for other in free if other.strip().casefold() == name.strip().casefold()]
    if folded:
        return f"Did you mean '{folded[0]}'?"
    return did_you_mean(name, free) or did_you_mean(
        name.lower(), [other for other in free if other.islower()]
    )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def varying(fields: Sequence[FieldSpec], headers: Sequence[Sequence[str]]) -> dict[str, list[int]]:
    """Which of several files lack a declared column: the places of those files, by the column's
    name.
    """
    found = {}
    for field in fields:
        lacking = [
            number for number, header in enumerate(headers) if not place_of(header, field.header)
        ]
        if lacking:
            found[field.header] = lacking
    return found
