"""What page 05 measures of each field: conflicts, surviving sources, pairs of systems,
placeholders.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from workbook import entities, survivorship
from workbook.model.dated_by import group_of
from workbook.scenarios.context import Context
from workbook.steps.survivorship_rules import rule_text, sources_by_priority
from workbook.words import words_of
from workbook.words.wording import capital, humanize, truncate_list

Field = tuple[str, str]  # entity, attribute
_WINNERS = 3  # surviving sources that a field names
_PRIORITIES = 3  # priorities that have a colour of their own
_WORDS = words_of("survivorship")


def conflicts_of_fields(
    context: Context, fields: list[Field], spelled: set[Field]
) -> list[dict[str, Any]]:
    """One row per field of several sources, the highest conflict rate first."""
    if not fields:
        return []
    winners = context.query(survivorship.winners_sql(fields))
    measured = context.query(survivorship.conflicts_sql(context.model, fields, spelled)).to_dicts()
    rows = [_row(context, row, winners.filter(pl.col("field") == row["field"])) for row in measured]
    return sorted(rows, key=lambda row: (-(row["share"] or 0), row["field"]))


def _row(context: Context, row: dict[str, Any], winners: pl.DataFrame) -> dict[str, Any]:
    """A field's counts with its rule, shares and owner."""
    model = context.model
    entity, _, name = row["field"].partition(".")
    written = model.survivorship.fields
    decided = row["field"] in written or len(group_of(model, entity, name)) > 1
    return {
        **row,
        "entity": entity,
        "attribute": name,
        "label": capital(humanize(row["field"])),
        "rule": rule_text(model, entity, name),
        "share": row["differ"] / row["several"] if row["several"] else None,
        "alone_share": row["alone"] / row["filled"] if row["filled"] else None,
        "filled_share": row["filled"] / row["customers"] if row["customers"] else None,
        "winners": _winners(winners),
        "stack": [
            count / max(1, row["customers"])
            for count in _by_priority(sources_by_priority(model, entity, name), winners)
        ],
        "owner": survivorship.owner_of_attribute(model, entity, name),
        "decided": bool(not model.is_open("survivorship") and decided),
    }


def _by_priority(sources: list[str], winners: pl.DataFrame) -> list[int]:
    """How many values survive from the first, second and third source, and from all others."""
    counts = dict(winners.group_by("source").agg(pl.col("n").sum()).rows())
    ranked = [int(counts.pop(source, 0)) for source in sources]
    rest = sum(ranked[_PRIORITIES:]) + sum(int(n) for n in counts.values())
    return [*ranked[:_PRIORITIES], rest]


def _winners(winners: pl.DataFrame) -> str:
    """The sources of surviving values with their shares, the largest first."""
    total = winners["n"].sum()
    if not total:
        return _WORDS.text("figures.decisions.nobody")
    counts = (
        winners.group_by("source")
        .agg(pl.col("n").sum())
        .sort(["n", "source"], descending=[True, False])
        .rows()
    )
    shares = [
        _WORDS.text("figures.decisions.share_of", source=source, share=count / total)
        for source, count in counts
    ]
    return truncate_list(shares, _WINNERS)


def single_source_rows(context: Context) -> list[dict[str, Any]]:
    """One row per field with a rule of its own and one source, in the order of the rules."""
    model = context.model
    fields = [field for field in survivorship.single_source_fields(model) if context.has(field[0])]
    if not fields:
        return []
    measured = context.query(survivorship.single_source_sql(model, fields)).to_dicts()
    known = {row["field"]: row for row in measured}
    return [_single(context, *field, known[".".join(field)]) for field in fields]


def _single(context: Context, entity: str, name: str, row: dict[str, Any]) -> dict[str, Any]:
    model = context.model
    share = row["filled"] / row["customers"] if row["customers"] else None
    sources = [humanize(source) for source in sources_by_priority(model, entity, name)]
    return {
        "field": row["field"],
        "label": capital(humanize(row["field"])),
        "rule": f"{rule_text(model, entity, name)}, {_WORDS.text('rule.one_source')}",
        "stack": [share or 0.0, 0.0, 0.0, 0.0],
        "winners": ", ".join(sources),
        "share": row["differ"] / row["several"] if row["several"] else None,
        "typed": row["differ"],
        "alone_share": 1.0 if row["filled"] else None,
        "filled_share": share,
        "owner": survivorship.owner_of_attribute(model, entity, name),
    }


def conflicts_of_pairs(
    context: Context, fields: list[Field], spelled: set[Field]
) -> list[dict[str, Any]]:
    """One row per field and pair of systems: of how many both have a value, of how many none of
    the values is the same.
    """
    if not fields:
        return []
    measured = context.query(survivorship.pairs_sql(context.model, fields, spelled))
    return [
        {
            **row,
            "label": humanize(row["field"]),
            "pair": _WORDS.text("figures.disagreements.pair", left=row["one"], right=row["other"]),
            "share": row["differ"] / row["both_hold"],
        }
        for row in measured.sort("field", "one", "other").to_dicts()
    ]


def placeholders_of_entities(context: Context) -> dict[str, list[dict[str, Any]]]:
    """Of each entity the attributes with placeholders: how many records have one (`said`), how
    many values are empty because of it (`emptied`).
    """
    found, model = {}, context.model
    for entity in model.entity_names:
        if not context.has(entity):
            continue
        sql = (
            survivorship.placeholders_sql(model, entity, survivorship.attributes(model, entity))
            if model.has_identity(entity)
            else entities.placeholders_sql(model, entity)
        )
        rows = context.query(sql).filter(pl.col("said") > 0) if sql else pl.DataFrame()
        if len(rows):
            found[entity] = rows.sort("attribute").to_dicts()
    return found
