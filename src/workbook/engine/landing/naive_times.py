"""Times that a source writes without a zone: which they are, and the instants in UTC that they
mean in the zone of the source.
"""

from __future__ import annotations

from collections.abc import Iterator

from workbook.engine.landing.source_spec import FieldSpec, SourceSpec
from workbook.engine.landing.types import meant, taken, trimmed, typed
from workbook.engine.sql import quote, text
from workbook.model.zones import instant, wall

_ZONED = r".*[0-9] ?(Z|UTC|GMT)|\d{4}-\d{2}-\d{2}[T ]\d{2}:.*\d ?[+-]\d{2}(:?\d{2})?"
_UNIX = r"-?\d{9,}(\.\d+)?"
_NUMBER = r"-?\d+(\.\d+)?"


def naive_marks(spec: SourceSpec) -> Iterator[str]:
    """Columns that say of each time whether its text leaves the zone to the source; none where
    times of the source are UTC.
    """
    for field in _local(spec):
        yield f"{_is_naive(spec, field, quote(field.name))} as {quote(_mark(field))}"


def in_utc(spec: SourceSpec, field: FieldSpec) -> str:
    """The landed value of a field: a time without a zone as the instant that it means; anything
    else as it is.
    """
    column = quote(field.name)
    return (
        f"case when {quote(_mark(field))} then {instant(column, spec.timezone)} else {column} end"
        if field in _local(spec)
        else column
    )


def odd_times_sql(spec: SourceSpec) -> str:
    """SQL of one row per field of local times: how many the clocks show twice, and how many
    they skip; '' where none is local.

    A midnight is left out: it stands for a day.
    """
    fields = _local(spec)
    if not fields:
        return ""
    read = {
        field.name: meant(spec, field, trimmed(spec, taken(field, quote(field.name))))
        for field in fields
    }
    cells = ", ".join(f"{value} as {quote(name)}" for name, value in read.items())
    values = ", ".join(
        [
            *naive_marks(spec),
            *(
                f"{typed(spec, field, quote(field.name))} as {quote(field.name)}"
                for field in fields
            ),
        ]
    )
    inside = (
        f"(select {values} from (select {cells} from {quote('raw__' + spec.table)} where _reject is"
        " null) as cleaned) as local"
    )
    return "\nunion all\n".join(f"select {_odd(spec, field)} from {inside}" for field in fields)


def _odd(spec: SourceSpec, field: FieldSpec) -> str:
    """The counts of one field, in columns source, field, twice, skipped."""
    x, zone = quote(field.name), spec.timezone
    utc = instant(x, zone)
    again = " or ".join(
        f"{wall(f'({utc} + interval {minutes} minute)', zone)} = {x}" for minutes in (60, 30)
    )
    ours = f"{quote(_mark(field))} and {x} <> date_trunc('day', {x})"
    kinds = {"twice": again, "skipped": f"{wall(utc, zone)} <> {x}"}
    counts = ", ".join(
        f"count(case when {ours} and ({kind}) then 1 end) as {name}" for name, kind in kinds.items()
    )
    return f"{text(spec.name)} as source, {text(field.name)} as field, {counts}"


def _local(spec: SourceSpec) -> list[FieldSpec]:
    return (
        [field for field in spec.fields if field.sql_type == "TIMESTAMP"] if spec.timezone else []
    )


def _mark(field: FieldSpec) -> str:
    return f"{field.name} naive"


def _is_naive(spec: SourceSpec, field: FieldSpec, x: str) -> str:
    """No `Z`, UTC, GMT or offset behind the time, and no count of seconds since 1970; a
    spreadsheet's count of days has no zone.
    """
    declared = getattr(field, "formats", ()) or spec.timestamps
    forms = [declared] if isinstance(declared, str) else declared
    seconds = (
        _NUMBER
        if "EXCEL" not in forms and any(form.startswith("UNIX") for form in forms)
        else _UNIX
    )
    return (
        f"not regexp_full_match({x}, {text(_ZONED)}) and not regexp_full_match({x},"
        f" {text(seconds)})"
    )
