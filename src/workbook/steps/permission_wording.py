"""Which output a person approves, and whom views exclude for want of permission, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from workbook import governance
from workbook.engine import quote
from workbook.model.persons import is_person
from workbook.model.view_reads import uses_of
from workbook.scenarios.context import Context
from workbook.steps.decision_lines import smallest_shown
from workbook.steps.view_decisions import reason_text
from workbook.words import words_of

_WORDS = words_of("ai_context")


@dataclass(frozen=True)
class Unpermitted:
    """The records that a view or an audience excludes for want of permission: how many by
    decision, and of how many people of each other entity; fewer than `least` are not counted.
    """

    view: str
    entity: str
    rows: Mapping[str, int]
    people: Mapping[str, int]
    apart: bool = True  # whether each decision may be counted by itself
    least: int = 0  # the smallest count that may be shown


def without_permission(context: Context, counts: pl.DataFrame) -> list[Unpermitted]:
    """Every view and audience that excludes somebody who has not permitted it; `counts` are
    those of `decision_counts`. People are counted where one reason explains all.
    """
    model, found = context.model, []
    for kind, name, use in uses_of(model):
        table = governance.table_of_use(kind, name)
        rows = {
            row["decision"]: row["n"]
            for row in counts.to_dicts()
            if row["name"] == table and row["decision"] in governance.WITHOUT_PERMISSION
        }
        if not rows:
            continue
        reason, decided = next(iter(rows)), quote(f"{table}__decided")
        queries = {
            entity: governance.people_sql(model, use, entity, decided, reason)
            for entity in governance.people_in(model, use)
            if entity != use.of and is_person(model, entity) and len(rows) == 1
        }
        people = {entity: int(context.query(sql)["n"][0]) for entity, sql in queries.items()}
        least = smallest_shown(model, use)
        apart = all(count >= least for count in rows.values())
        found.append(Unpermitted(name, use.of, rows, people, apart, least))
    return found


def without_permission_text(views: Sequence[Unpermitted]) -> str:
    """How many records of each view are excluded for want of permission."""
    if not views:
        return _WORDS.text("without_permission.none")
    texts = [
        _WORDS.text(
            "without_permission.view",
            view=view.view,
            entity=view.entity,
            rows=sum(view.rows.values()),
            least=view.least,
            people=[
                _WORDS.text("without_permission.people", count=count, entity=entity)
                for entity, count in view.people.items()
                if count >= view.least
            ],
            reasons=[
                _WORDS.text("without_permission.reason", count=count, reason=reason_text(decision))
                for decision, count in view.rows.items()
                if len(view.rows) > 1 and view.apart
            ],
        )
        for view in views
    ]
    return _WORDS.text("without_permission.some", views=texts)


def human_review_text(reviews: Mapping[str, str]) -> str:
    """Which purposes' output a person approves, each with when, and whose nobody approves;
    `reviews` is what each purpose says of it.
    """
    some = {name: when for name, when in reviews.items() if when not in ("", "none")}
    others = [name for name in reviews if name not in some]
    if not some:
        return _WORDS.text("human_review.none")
    approved = [
        _WORDS.text("human_review.some_of", purpose=name, when=when) for name, when in some.items()
    ]
    text = _WORDS.text("human_review.some", reviews=approved)
    return text + (_WORDS.text("human_review.others", purposes=others) if others else "") + "."
