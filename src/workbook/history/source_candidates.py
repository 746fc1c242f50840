"""What could be kept: the sources that already say when their rows are true, and the form in
which they say it.
"""

from __future__ import annotations

from dataclasses import dataclass

from workbook.engine import quote
from workbook.history.entity_links import is_about, reached_sql
from workbook.model import Model
from workbook.model.table_names import table_of
from workbook.model.times import wall_begins

_WORDS = (
    ("old", "new"),
    ("before", "after"),
    ("from", "to"),
    ("previous", "new"),
    ("previous", "current"),
)
_NOT_VALUES = ("id", "date", "timestamp", "json", "free_text", "email", "phone", "url")


@dataclass(frozen=True)
class Suggestion:
    """A source with a valid time: its form, the entities that its rows reach, the fields whose
    past it holds.
    """

    source: str
    form: str
    entities: tuple[str, ...]
    fields: tuple[str, ...]
    at: str


def suggestions(model: Model) -> tuple[Suggestion, ...]:
    """Every dated source that reaches an entity, change logs and snapshots first."""
    found = []
    for source, part in (model.sources.sources).items():
        entities = tuple(
            e
            for e in model.entity_names
            if source not in model.entity_sources(e) and is_about(model, e, source)
        )
        if part.valid and entities:
            found.append(
                Suggestion(
                    source, form_of(model, source), entities, _values(model, source), part.valid[0]
                )
            )
    order = ("changes", "snapshots", "periods", "events")
    return tuple(sorted(found, key=lambda item: (order.index(item.form), item.source)))


def form_of(model: Model, source: str) -> str:
    """How a source writes the past down, by its shape: two times, a pair of values, a day in
    its key, or single rows.
    """
    part = model.sources.sources[source]
    if len(part.valid) > 1:
        return "periods"
    if _pair(tuple(part.fields)):
        return "changes"
    return (
        "snapshots" if len(part.primary_key) > 1 and part.valid[0] in part.primary_key else "events"
    )


def _pair(fields: tuple[str, ...]) -> bool:
    words = [set(field.lower().split("_")) for field in fields]
    return any(
        any(old in word for word in words) and any(new in word for word in words)
        for old, new in _WORDS
    )


def _values(model: Model, source: str) -> tuple[str, ...]:
    part = model.sources.sources[source]
    held = {
        *part.primary_key,
        *part.valid,
        part.recorded,
        *(r.field for refs in model.identifier_places.values() for r in refs if r.source == source),
    }
    return tuple(
        name
        for name in part.fields
        if name not in held and model.field(source, name).type not in _NOT_VALUES
    )


def suggestion_sql(model: Model, suggestion: Suggestion) -> str:
    """One row: rows of the source, ids of its first entity that they reach, first and last day."""
    reached = reached_sql(model, suggestion.entities[0], suggestion.source)
    at = wall_begins(model, suggestion.source, suggestion.at, f"s.{quote(suggestion.at)}")
    return (
        "select count(distinct s._row) as facts, count(distinct case when r.ids = 1 then r.id end)"
        f" as ids,\n  min(case when {at} > cast('1900-01-01' as timestamp) then {at} end) as"
        f" first_at, max(case when {at} < cast('9000-01-01' as timestamp) then {at} end) as"
        f" last_at\nfrom {quote(table_of(suggestion.source))} as s\nleft join (\n"
        f"{reached}\n) as r on"
        " r._row = s._row"
    )
