"""The example of page 05: the field and the record with the most conflicts, and its candidates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workbook import survivorship
from workbook.model.times import local_time
from workbook.scenarios.context import Context
from workbook.scenarios.value_explainer import ValueExplainer, reason_text
from workbook.words import words_of
from workbook.words.wording import humanize


def most_contested(
    context: Context, contested: Sequence[dict[str, Any]]
) -> tuple[str, str, str] | None:
    """Entity, attribute and id with the most different values of the most contested field; None
    where nothing is contested.
    """
    for row in contested:
        sql = survivorship.most_contested_sql(context.model, row["entity"], row["attribute"])
        found = context.query(sql)["id"]
        if len(found):
            return row["entity"], row["attribute"], str(found[0])
    return None


def candidates(
    explainer: ValueExplainer, entity: str, attribute: str, identifier: str
) -> list[dict[str, Any]]:
    """Every record's value of an attribute, the surviving one first, each with its reason."""
    return [
        {
            "result": _result(row),
            "source": humanize(row.source),
            "value": row.value,
            "dated": local_time(explainer.model, row.dated),
            "recorded": local_time(explainer.model, row.recorded),
            "later": row.dated_later,
            "because": reason_text(row),
        }
        for row in explainer.held(entity, attribute, identifier)
    ]


def _result(row: survivorship.CandidateValue) -> str:
    removed = row.value is None and not row.survives
    name = "survives" if row.survives else "removed" if removed else "overruled"
    return words_of("survivorship").text(f"figures.why.results.{name}")
