"""Findings of page 05: fields without a rule, exceptions not in force, agreement, placeholders,
alternatives.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from workbook import survivorship
from workbook.finding import Finding
from workbook.model import Model
from workbook.scenarios.sensitivity import OptionEffect
from workbook.words import finding, words_of
from workbook.words.wording import humanize

_NOTABLE = 0.05  # conflict rate from which a field without a rule is a finding


def fields_without_rule(model: Model, contested: Sequence[dict[str, Any]]) -> Iterator[Finding]:
    """Contested fields to which only the default rule applies."""
    for row in contested:
        if not row["decided"] and row["share"] and row["share"] >= _NOTABLE:
            yield finding(
                model,
                "survivorship.no_rule",
                row["differ"],
                (row["field"],),
                owner=row["owner"],
                entity=row["entity"],
                attribute=row["attribute"],
                several=row["several"],
                share=row["share"],
            )


def exceptions_not_in_force(model: Model) -> Iterator[Finding]:
    """Exceptions that cannot be applied, and those that have ended."""
    day = model.project.as_of
    for e in survivorship.exceptions(model):
        if e.trouble:
            yield finding(
                model,
                "survivorship.broken_exception",
                None,
                (e.id,),
                severity="fail" if e.whole else "look",
                variant="file" if e.whole else "line",
                trouble=e.trouble,
                line=e.line,
            )
        elif isinstance(day, dt.date) and not e.holds(day):
            yield finding(
                model,
                "survivorship.expired_exception",
                None,
                (e.id,),
                id=e.id,
                field=e.field,
                until=e.until,
            )


def fields_that_agree(model: Model, rows: Sequence[dict[str, Any]]) -> Iterator[Finding]:
    """Fields of which all sources mean the same."""
    agreed = [row for row in rows if not row["differ"] and row["several"]]
    if agreed:
        labels = [humanize(row["field"]) for row in agreed]
        yield finding(model, "survivorship.order_never_matters", len(agreed), fields=labels)


def placeholders(model: Model, found: Mapping[str, Sequence[dict[str, Any]]]) -> Iterator[Finding]:
    """Of each entity the values that mean nothing, and how many values are empty because of it."""
    words = words_of("survivorship")
    for entity, rows in found.items():
        most = sorted(rows, key=lambda row: -row["said"])
        yield finding(
            model,
            "survivorship.placeholders",
            sum(row["said"] for row in rows),
            (entity, *(f"{entity}.{row['attribute']}" for row in rows)),
            entity=entity,
            attributes=[
                words.text(
                    "placeholders.of_attribute", attribute=row["attribute"], values=row["said"]
                )
                for row in most
            ],
            emptied=sum(row["emptied"] for row in rows),
        )


def alternatives_that_move(model: Model, outcomes: Sequence[OptionEffect]) -> Iterator[Finding]:
    """Other survivorship decisions that would move a headline number; the largest is named."""
    moving = [row for row in outcomes if row.customers and row.moves]
    if moving:
        yield finding(
            model,
            "survivorship.alternative_moves",
            len(moving),
            decision=moving[0].decision,
            alternative=moving[0].alternative,
            changed=moving[0].customers,
            entity=moving[0].entity,
            moves=[move.said for move in moving[0].moves],
        )
