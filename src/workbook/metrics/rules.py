"""Rules: a yes or no for every row of an entity, from expressions and from what happened in a window."""

from __future__ import annotations

import datetime as dt
import re

from workbook.engine import Table, quote
from workbook.metrics.scope import Compiled, NotComputable, Scope, as_of_date, end_of
from workbook.model import Model
from workbook.model.parts import Clause, Rule

_DAYS = {"hour": 1 / 24, "day": 1, "week": 7, "month": 30, "year": 365}


def days_in(text: str) -> int:
    """Whole days in `30 days`, `2 weeks`, `1 month` (30 days), `1 year` (365)."""
    found = re.fullmatch(r"\s*(\d+)\s*(hour|day|week|month|year)s?\s*", text)
    if not found:
        raise NotComputable(f"'{text}' is no length of time; write it like '30 days'")
    return max(1, int(int(found[1]) * _DAYS[found[2]]))


def rule_table(model: Model, name: str, rule: Rule) -> Table:
    """One row per row of the rule's entity: its id, and whether the rule holds (never NULL)."""
    scope = Scope(model, rule.of)
    parts: list[str] = []
    joins: dict[str, None] = {}
    clauses: list[str] = []

    def term(item: str | Clause) -> str:
        if isinstance(item, str):
            compiled = scope.compile(item)
            joins.update(dict.fromkeys(compiled.joins))
            return f"COALESCE({compiled.sql}, FALSE)"
        number = len(clauses) + 1
        clauses.append(f"clause_{number} AS (\n{_happened(model, rule.of, item)}\n)")
        joins[f"LEFT JOIN clause_{number} ON clause_{number}.id = e.id"] = None
        return _clause_holds(item, f"clause_{number}")

    if rule.all:
        parts.append("(" + " AND ".join(term(item) for item in rule.all) + ")")
    if rule.any:
        parts.append("(" + " OR ".join(term(item) for item in rule.any) + ")")
    if rule.none:
        parts.append("NOT (" + " OR ".join(term(item) for item in rule.none) + ")")
    head = "WITH " + ",\n".join(clauses) + "\n" if clauses else ""
    sql = (
        f"{head}SELECT e.id AS id, {' AND '.join(parts) or 'FALSE'} AS holds\n"
        f"FROM {quote(rule.of)} AS e\n" + "\n".join(joins)
    )
    return Table(
        name=f"{rule.of}__rule__{name}",
        row_is=f"one {rule.of}, and whether '{name}' holds for it",
        step="07_metrics",
        pattern="canonical",
        keys=("id",),
        sql=sql,
    )


def _clause_holds(clause: Clause, alias: str) -> str:
    if clause.no:
        return f"COALESCE({alias}.times, 0) = 0"
    held = f"COALESCE({alias}.times, 0) >= {clause.at_least}"
    return f"({held} AND COALESCE({alias}.days, 0) >= {clause.on_days})" if clause.on_days else held


def _happened(model: Model, entity: str, clause: Clause) -> str:
    """How often, and on how many days, the named thing happened to each row of the entity."""
    thing = clause.some or clause.no
    part = model.entities
    if part is None or thing not in part.entities:
        raise NotComputable(f"'{thing}' is an event of 06_history, which this version does not compute yet")
    scope = Scope(model, thing)
    link = scope.to_one(entity)
    time = time_of(model, thing)
    where = scope.compile(clause.where) if clause.where else Compiled("TRUE")
    inside = [f"COALESCE({where.sql}, FALSE)", "hop.to_id IS NOT NULL"]
    if time:
        inside.append(f"CAST(e.{quote(time)} AS TIMESTAMP) < {moment(end_of(as_of_date(model)))}")
    if clause.within:
        if not time:
            raise NotComputable(f"{thing} has no valid time, so 'within {clause.within}' cannot be asked")
        start = end_of(as_of_date(model)) - dt.timedelta(days=days_in(clause.within))
        inside.append(f"CAST(e.{quote(time)} AS TIMESTAMP) >= {moment(start)}")
    days = f"COUNT(DISTINCT CAST(e.{quote(time)} AS DATE))" if time else "0"
    return (
        f"SELECT hop.to_id AS id, COUNT(*) AS times, {days} AS days\n"
        f"FROM {quote(thing)} AS e\n"
        f"JOIN {quote(link + '__one')} AS hop ON hop.from_id = e.id\n"
        + "\n".join(where.joins)
        + f"\nWHERE {' AND '.join(inside)}\nGROUP BY hop.to_id"
    )


def moment(day: dt.date) -> str:
    """Midnight at the start of a day, as SQL."""
    return f"CAST('{day} 00:00:00' AS TIMESTAMP)"


def time_of(model: Model, entity: str) -> str:
    """The attribute that says when a row of a single-source entity is true (its start), or ''."""
    sources = model.entity_sources(entity)
    if len(sources) != 1 or model.sources is None:
        return ""
    valid = model.sources.sources[sources[0]].valid
    return attribute_of(model, entity, sources[0], valid[0]) if valid else ""


def end_time_of(model: Model, entity: str) -> str:
    """The attribute that says when a row of a single-source entity stops being true, or ''."""
    sources = model.entity_sources(entity)
    if len(sources) != 1 or model.sources is None:
        return ""
    valid = model.sources.sources[sources[0]].valid
    return attribute_of(model, entity, sources[0], valid[1]) if len(valid) > 1 else ""


def attribute_of(model: Model, entity: str, source: str, field: str) -> str:
    """The attribute of the entity that holds a field of its source, or ''."""
    for name, places in model.attributes(entity).items():
        if any(place.source == source and place.field == field and not place.part for place in places):
            return name
    return ""
