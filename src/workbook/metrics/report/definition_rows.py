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
from workbook.metrics.report import definition_wording
from workbook.metrics.report.metric_evidence import MetricEvidence
from workbook.metrics.report.metric_wording import (
    WORDS,
    difference_of,
    format_metric_value,
    means_of,
    round_money,
    value_of,
)
from workbook.metrics.results.definition_diff import distinct_primary_count, reasons
from workbook.metrics.results.definition_overlap import DefinitionOverlap
from workbook.metrics.results.definitions import DefinitionChoice
from workbook.metrics.results.metric_result import MetricReader, MetricResult
from workbook.model import Model
from workbook.privacy import redact, shown
from workbook.words.wording import capital, humanize

Row = dict[str, Any]


def rival_rows(evidence: MetricEvidence, reader: MetricReader, most: int) -> list[Row]:
    """Per choice its definitions, the compared one first; then per direction of a disagreement
    the rows that only one counts. `state` is `open`, `chosen` or `rejected`.
    """
    rows = [row for choice in evidence.choices for row in _definitions(evidence, reader, choice)]
    counting = set(pairs_that_count(evidence.model))
    for pair in evidence.contests:
        table = disagreement_table(pair.name, pair.other)
        if (pair.name, pair.other) in counting and reader.has(table):
            rows += _disagreeing(evidence, pair, reader.frame(table), most)
    return rows


def _definitions(
    evidence: MetricEvidence, reader: MetricReader, choice: DefinitionChoice
) -> Iterator[Row]:
    model, base = evidence.model, evidence.made[choice.base]
    title = definition_wording.group_title(model, choice)
    values = [evidence.made[name].exact for name in choice.names]
    known = [value for value in values if value is not None]
    largest = max(known, default=0) if min(known, default=-1) >= 0 else 0
    for name in choice.names:
        outcome, chosen = evidence.made[name], name == choice.base
        difference = (
            outcome.exact - base.exact
            if not chosen and outcome.exact is not None and base.exact is not None
            else None
        )
        state = "open" if choice.open else "chosen" if chosen else "rejected"
        distinct = distinct_primary_count(model, reader, name)
        yield {
            "title": title,
            "name": evidence.label(name),
            "about": means_of(model, name),
            "value_text": value_of(outcome),
            "period": evidence.periods.get(name, ""),
            "amount": (
                None if outcome.exact is None or not largest else float(outcome.exact / largest)
            ),
            "counted": definition_wording.counted_of(model, outcome, distinct),
            "state": state,
            "difference": "" if difference is None else difference_of(outcome, difference),
            "why": _why(evidence, reader, choice, outcome),
            "tone": "strong" if state == "chosen" else "",
        }


def _why(
    evidence: MetricEvidence, reader: MetricReader, choice: DefinitionChoice, outcome: MetricResult
) -> str:
    """Of the chosen definition the reason, of a rejected one what was written against it; then
    where the difference lies.
    """
    if outcome.name == choice.base:
        return choice.because
    causes = definition_wording.differs_of(
        evidence.model, outcome, reasons(evidence.model, reader, outcome.name, choice.base)
    )
    parts = [choice.why_not.get(outcome.name, "").rstrip("."), causes]
    return ". ".join(capital(part) for part in parts if part) + ("." if any(parts) else "")


def _disagreeing(
    evidence: MetricEvidence, pair: DefinitionOverlap, frame: pl.DataFrame, most: int
) -> Iterator[Row]:
    """The rows that only one of two definitions counts: what is at stake first, then whatever
    happened last.
    """
    model = evidence.model
    events = list(asked_about(model, pair.name, pair.other))
    order = [
        column
        for column in ("at_stake", *(f"{event}_last_on" for event in events))
        if column in frame.columns
    ]
    for name, other in ((pair.name, pair.other), (pair.other, pair.name)):
        mine = frame.filter(pl.col("only_in") == name).sort("id")
        if order:
            mine = mine.sort(order, descending=True, nulls_last=True, maintain_order=True)
        if mine.height:
            staked = "at_stake" in mine.columns
            title = WORDS.text(
                "definition.evidence.title",
                direction=definition_wording.direction_of(model, name, other),
                count=mine.height,
                stake=evidence.label(headline_sum(model, pair.entity)) if staked else "",
            )
            listed = _listed(evidence, pair, mine, events, most)
            yield from ({"title": title, **row} for row in listed)


def _listed(
    evidence: MetricEvidence,
    pair: DefinitionOverlap,
    mine: pl.DataFrame,
    events: list[str],
    most: int,
) -> Iterator[Row]:
    model, stake = evidence.model, headline_sum(evidence.model, pair.entity)
    rules = list(counted_by(model, pair.name, pair.other))
    named = redact(
        mine["id"].to_list(),
        model.class_of(f"{pair.entity}.{model.id_of(pair.entity)}"),
        pair.entity,
    )
    outcome = evidence.made.get(stake)
    for id_, row in zip(named[:most], mine.head(most).iter_rows(named=True), strict=True):
        happened = "; ".join(_happened(model, event, row, rules) for event in events)
        amount = (
            format_metric_value(
                round_money(row.get("at_stake"), outcome.kind), outcome.kind, outcome.unit
            )
            if outcome and row.get("at_stake") is not None
            else "–"
        )
        yield {"name": id_, "value_text": amount if "at_stake" in row else "", "why": happened}
    if mine.height > most:
        yield {"name": WORDS.text("definition.evidence.more", count=mine.height - most), "why": ""}


def _happened(model: Model, event: str, row: Row, rules: list[tuple[str, str]]) -> str:
    """How often something happened, on which day last where that may be shown, and how much of
    it each rule counts.
    """
    times, last = row[f"{event}_times"], row[f"{event}_last_on"]
    if not times:
        return WORDS.text("definition.evidence.none", event=event)
    of, time, _ = clause_target(model, event)
    events = WORDS.text(
        f"definition.evidence.{'once' if times == 1 else 'several'}",
        times=times,
        event=humanize(event),
        last=last if last and shown(model.class_of(f"{of}.{time}")) else None,
    )
    counted = [
        WORDS.text(
            "definition.evidence.rule", count=row[counted_column(event, rule)] or 0, rule=rule
        )
        for of_event, rule in rules
        if of_event == event
    ]
    return (
        WORDS.text("definition.evidence.counted", events=events, rules=counted)
        if counted
        else events
    )
