"""Findings of page 05 about values that are right one by one and wrong together, or newest by a
job alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl

from workbook import survivorship
from workbook.finding import Finding
from workbook.scenarios.context import Context
from workbook.words import finding, number


def mixed_records(context: Context) -> Iterator[Finding]:
    """Members of an entity with an address put together from several records that disagree."""
    model = context.model
    for entity, parts in survivorship.address_parts(model):
        if not context.has(entity):
            continue
        (row,) = context.query(survivorship.mixed_sql(model, entity, parts)).to_dicts()
        if row["customers"]:
            yield finding(
                model,
                "survivorship.mixed_record",
                row["customers"],
                [f"{entity}.{name}" for name in parts],
                entity=entity,
                of=row["of"],
                parts=parts,
                listed=", ".join(parts),
            )


def dated_later(context: Context, rows: Sequence[dict[str, Any]]) -> Iterator[Finding]:
    """Dated fields of which a source wrote values without a new recorded date."""
    model = context.model
    for row in rows:
        sql = survivorship.dated_later_sql(model, row["entity"], row["attribute"])
        for found in context.query(sql).to_dicts() if sql else ():
            if found["later"]:
                yield finding(
                    model,
                    "survivorship.dated_later",
                    int(found["later"]),
                    (row["field"], found["source"]),
                    owner=model.owner_of("sources", "systems", model.system_of(found["source"])),
                    attribute=row["attribute"],
                    source=found["source"],
                    of=found["dated"],
                )


def touched_nightly(context: Context) -> Iterator[Finding]:
    """Sources of which nearly all records were last written on one or two days, where the
    newest record decides.
    """
    for source in survivorship.deciding_times(context.model):
        if not context.has(source.entity):
            continue
        days = (
            context.query(survivorship.written_days_sql(source.entity))
            .filter(pl.col("source") == source.source)
            .sort(["records", "day"], descending=True)
        )
        records, last = int(days["records"].sum()), days.head(survivorship.DAYS)
        share = int(last["records"].sum()) / records if records else 0.0
        if share < survivorship.NEARLY_ALL:
            continue
        known = _known_changes(context, source)
        if records >= survivorship.ENOUGH or known:
            yield _touched(context, source, records, last, known)


def _known_changes(context: Context, source: survivorship.Rewritten) -> list[str]:
    """The fields that date nearly all of the values to long before their records were last
    written, as `dated_by` names them.
    """
    found = []
    for name in (*source.by_rule, *source.by_tie):
        for dated in survivorship.known_changes(context.model, source.entity, name, source.source):
            sql = survivorship.written_later_sql(context.model, source.entity, dated)
            (row,) = context.query(sql).to_dicts()
            if row["records"] and row["later"] / row["records"] >= survivorship.NEARLY_ALL:
                found.append(f"{dated.log}.{dated.field}" if dated.in_log else dated.field)
    return list(dict.fromkeys(found))


def _touched(
    context: Context,
    source: survivorship.Rewritten,
    records: int,
    last: pl.DataFrame,
    known: list[str],
) -> Finding:
    return finding(
        context.model,
        "survivorship.touched_nightly",
        len(source.fields),
        (source.source, *source.fields),
        source=source.source,
        entity=source.entity,
        written=int(last["records"].sum()),
        records=records,
        days=[number.date(day) for day in sorted(last["day"].to_list())],
        by_rule=source.by_rule,
        by_tie=source.by_tie,
        known=known,
    )
