"""What was decided of the records of every view and audience, counted, and in words."""

from __future__ import annotations

import polars as pl

from workbook.engine import quote
from workbook.governance import reason_of, table_of_use
from workbook.model.view_reads import uses_of
from workbook.scenarios.context import Context
from workbook.words import words_of

_WORDS = words_of("governance")


def decision_counts(context: Context) -> pl.DataFrame:
    """One row per view or audience that is built and decision: `name` (its table), `decision`,
    `n`, the most frequent first.
    """
    names = [table_of_use(kind, name) for kind, name, _ in uses_of(context.model)]
    queries = [
        f"select cast('{name}' as varchar) as name, decision, count(*) as n from"
        f" {quote(name + '__decided')} group by decision"
        for name in names
        if context.has(f"{name}__decided")
    ]
    if not queries:
        return pl.DataFrame(schema={"name": pl.String, "decision": pl.String, "n": pl.Int64})
    return context.query("\nunion all\n".join(queries)).sort(
        "name", "n", "decision", descending=[False, True, False]
    )


def counts_of(counts: pl.DataFrame, table: str) -> dict[str, int]:
    """Of `decision_counts` those of one view or audience, by decision."""
    mine = counts.filter(pl.col("name") == table)
    return dict(zip(mine["decision"], mine["n"], strict=True))


def reason_text(decision: str) -> str:
    """Why a record is not in a view; '' of one that is."""
    reason = reason_of(decision)
    return _WORDS.text(f"reason.{reason.name}", **reason.values) if reason else ""


def decision_text(decision: str) -> str:
    """A decision as a figure shows it, with its reason."""
    reason = reason_of(decision)
    if reason is None:
        return _WORDS.text("decision.included")
    state = "withheld" if reason.withheld else "excluded"
    return _WORDS.text(f"decision.{state}", reason=reason_text(decision))


def group_text(table: str, entity: str) -> str:
    """A view or an audience and what it contains, over its rows of a figure."""
    return _WORDS.text("group.view", view=table.partition("__")[2], entity=entity)


def age_text(hours: float) -> str:
    """An age in hours, or in days from two days on."""
    if hours < 48:
        return _WORDS.text("age.hours", count=round(hours))
    return _WORDS.text("age.days", count=round(hours / 24))
