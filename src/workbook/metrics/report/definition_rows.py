"""Rows of the page's figure on competing definitions: each with its value and why it differs,
then what they disagree on.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from workbook.metrics.compile.definition_diff_table import (
    asked_about,
    counted_by,
    counted_column,
    disagreement_table,
    headline_sum,
    pairs_that_count,
)
from workbook.metrics.compile.references import clause_target
from workbook.metrics.report import definition_wording, wording
from workbook.metrics.report.findings import Evidence
from workbook.metrics.results.definition_diff import distinct_primary_count, reasons
from workbook.metrics.results.definition_overlap import DefinitionOverlap
from workbook.metrics.results.definitions import DefinitionChoice
from workbook.metrics.results.metric_result import MetricResult, Reader
from workbook.model import Model
from workbook.privacy import redact, shown
from workbook.words import number
from workbook.words.wording import humanize

Row = dict[str, Any]


def rival_rows(evidence: Evidence, reader: Reader, most: int) -> list[Row]:
    """Per choice its figures, the compared one first; then per direction of a disagreement the
    rows that only one counts.
    """
    rows = [row for choice in evidence.choices for row in _figures(evidence, reader, choice)]
    counting = set(pairs_that_count(evidence.model))
    for pair in evidence.contests:
        table = disagreement_table(pair.name, pair.other)
        if (pair.name, pair.other) in counting and reader.has(table):
            rows += _disagreeing(evidence, pair, reader.frame(table), most)
    return rows


def _figures(evidence: Evidence, reader: Reader, choice: DefinitionChoice) -> Iterator[Row]:
    head = definition_wording.head_of(evidence.model, choice)
    base = evidence.made[choice.base]
    for name in choice.names:
        outcome, chosen = evidence.made[name], name == choice.base
        known = outcome.exact is not None and base.exact is not None
        less = None if chosen or not known else outcome.exact - base.exact  # type: ignore[operator]
        state = "open" if choice.open else "chosen" if chosen else "rejected"
        yield {
            "title": head,
            "name": evidence.label(name),
            "about": wording.means_of(evidence.model, name),
            "value_text": wording.value_of(outcome),
            "counted": definition_wording.counted_of(
                evidence.model, outcome, distinct_primary_count(evidence.model, reader, name)
            ),
            "state": state,
            "difference": "" if less is None else wording.difference_of(outcome, less),
            "why": _why(evidence, reader, choice, outcome),
            "tone": "strong" if state == "chosen" else "",
        }


def _why(
    evidence: Evidence, reader: Reader, choice: DefinitionChoice, outcome: MetricResult
) -> str:
    """Of the chosen figure the reason, of a rejected one what was written against it; then
    where the difference lies.
    """
    if outcome.name == choice.base:
        return choice.because
    causes = definition_wording.differs_of(
        evidence.model, outcome, reasons(evidence.model, reader, outcome.name, choice.base)
    )
    parts = [choice.why_not.get(outcome.name, "").rstrip("."), causes]
    return ". ".join(part[:1].upper() + part[1:] for part in parts if part) + (
        "." if any(parts) else ""
    )


def _disagreeing(
    evidence: Evidence, pair: DefinitionOverlap, frame: pl.DataFrame, most: int
) -> Iterator[Row]:
    """The rows that only one of two definitions counts: what is at stake first, then whatever
    happened last.
    """
    things = list(asked_about(evidence.model, pair.name, pair.other))
    order = [
        column
        for column in ("at_stake", *(f"{thing}_last_on" for thing in things))
        if column in frame.columns
    ]
    for name, other in ((pair.name, pair.other), (pair.other, pair.name)):
        mine = frame.filter(pl.col("only_in") == name).sort("id")
        mine = (
            mine.sort(order, descending=True, nulls_last=True, maintain_order=True)
            if order
            else mine
        )
        if mine.height:
            stake = (
                f"; value: {evidence.label(headline_sum(evidence.model, pair.entity))}"
                if "at_stake" in mine.columns
                else ""
            )
            title = (
                f"{definition_wording.direction_of(evidence.model, name, other)}:"
                f" {number.integer(mine.height)}{stake}"
            )
            yield from (
                {"title": title, **row} for row in _listed(evidence, pair, mine, things, most)
            )


def _listed(
    evidence: Evidence, pair: DefinitionOverlap, mine: pl.DataFrame, things: list[str], most: int
) -> Iterator[Row]:
    model, stake = evidence.model, headline_sum(evidence.model, pair.entity)
    rules = list(counted_by(model, pair.name, pair.other))
    named = redact(
        mine["id"].to_list(),
        model.class_of(f"{pair.entity}.{model.id_of(pair.entity)}"),
        pair.entity,
    )
    for id_, row in zip(named[:most], mine.head(most).iter_rows(named=True), strict=True):
        happened = "; ".join(_happened(model, thing, row, rules) for thing in things)
        outcome = evidence.made.get(stake)
        amount = (
            wording.format_metric_value(
                wording.round_money(row.get("at_stake"), outcome.kind), outcome.kind, outcome.unit
            )
            if outcome and row.get("at_stake") is not None
            else "–"
        )
        yield {"name": id_, "value_text": amount if "at_stake" in row else "", "why": happened}
    if mine.height > most:
        yield {
            "name": f"{number.integer(mine.height - most)} more",
            "why": definition_wording.where_of(pair),
        }


def _happened(model: Model, thing: str, row: Row, rules: list[tuple[str, str]]) -> str:
    """How often something happened, on which day last where that may be shown, and how much of
    it each rule counts.
    """
    times, last = row[f"{thing}_times"], row[f"{thing}_last_on"]
    if not times:
        return f"no {humanize(thing)}"
    of, time, _ = clause_target(model, thing)
    told = last and shown(model.class_of(f"{of}.{time}"))
    said = number.plural(times, humanize(thing)) + (
        f", {'on' if times == 1 else 'the last on'} {number.date(last)}" if told else ""
    )
    counted = [
        f"{humanize(rule)}:"
        f" {number.integer(row[counted_column(thing, rule)]) if row[counted_column(thing, rule)] else 'none'}"
        for of_thing, rule in rules
        if of_thing == thing
    ]
    return f"{said} ({', '.join(counted)})" if counted else said
