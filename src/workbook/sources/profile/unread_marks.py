"""Rows that a source marks as deleted, merged or a test, where no decision reads the mark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workbook.engine import quote
from workbook.finding import Finding
from workbook.model import Model, ResolvedField
from workbook.model.dependencies import dependencies_of
from workbook.model.table_names import table_of
from workbook.sources.onboard.headers import words_of
from workbook.sources.profile.arrivals import owner_of
from workbook.sources.row_marks import DELETED, FROM, INTO, TEST, mark_of
from workbook.words import finding

_YES = "('true', 't', 'yes', 'y', '1')"
_LIVE = "livemode"  # marks tests by its no


@dataclass(frozen=True)
class Mark:
    """A field that marks rows, and what it seems to say of them."""

    source: str
    field: str
    says: str
    where: str  # the condition under which a row still counts
    sql: str  # the condition under which a row is marked


def unread_marks(model: Model) -> list[Mark]:
    """Marks in the sources of entities that no condition and no merge reads; one with a reason
    (`because`) is decided.
    """
    if model.is_open("sources") or model.is_open("entities"):
        return []
    read = dependencies_of(
        model,
        [
            *model.entities.entities,
            *model.metrics.rules,
            *model.metrics.metrics,
            *model.history.events,
            *model.checks.checks,
        ],
    ).fields
    used = {source for name in model.entities.entities for source in model.entity_sources(name)}
    found = []
    for source in (name for name in model.source_names if name in used):
        spec = model.sources.sources[source]
        for name, field in model.fields(source).items():
            decided = spec.fields[name].because or name in (spec.merged_into, spec.merged_from)
            if not decided and f"{source}.{name}" not in read:
                found += _mark(model, source, field)
    return found


def _mark(model: Model, source: str, field: ResolvedField) -> list[Mark]:
    words, name = words_of(field.column or field.name), quote(field.name)
    says = mark_of(words) or mark_of(words_of(field.name))
    key = model.sources.sources[source].primary_key
    if field.type == "boolean" and says in (DELETED, TEST):
        live = _LIVE in words
        marked = f"not {name}" if live else name
        where = field.name if live else f"not coalesce({field.name}, false)"
        return [Mark(source, field.name, says, where, marked)]
    if says == DELETED and field.type in ("date", "timestamp"):
        return [Mark(source, field.name, says, f"{field.name} is null", f"{name} is not null")]
    if says == DELETED:
        told = f"lower(cast({name} as varchar)) in {_YES}"
        return [Mark(source, field.name, says, "", told)]
    if says == INTO and len(key) == 1 and key[0] != field.name:
        known = f"select cast({quote(key[0])} as varchar) from {quote(table_of(source))}"
        return [Mark(source, field.name, says, "", f"cast({name} as varchar) in ({known})")]
    return [Mark(source, field.name, says, "", f"{name} is not null")] if says == FROM else []


def marks_sql(marks: Sequence[Mark]) -> str:
    """One row per mark: its place in the list, the rows of its source, how many it marks."""
    return "\nunion all\n".join(
        f"select {number} as mark, count(*) as of, count(case when {mark.sql} then 1 end) as marked"
        f"\nfrom {quote(table_of(mark.source))}"
        for number, mark in enumerate(marks)
    )


def of_marks(
    model: Model, marks: Sequence[Mark], counted: Sequence[Mapping[str, Any]]
) -> list[Finding]:
    """Marked rows that count like all others."""
    return [
        finding(
            model,
            "sources.rows_marked",
            row["marked"],
            (f"{mark.source}.{mark.field}",),
            owner=owner_of(model, mark.source),
            variant=mark.says,
            source=mark.source,
            field=mark.field,
            of=row["of"],
            where=mark.where,
        )
        for row in sorted(counted, key=lambda row: int(row["mark"]))
        if row["marked"] and (mark := marks[row["mark"]])
    ]
