"""Figure 6.3 and its finding: reports that late-arriving records have restated."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, cast

from workbook.scenarios.restatement import Restated, Restatement
from workbook.steps.history import History
from workbook.steps.history_restatement import restated_figure, restated_findings

MONTHS = {4: (Decimal(7), Decimal(7)), 5: (Decimal(1200), Decimal(1195)), 6: (None, Decimal(3))}


def owners(*place: str) -> str:
    return f"owner of {'.'.join(place)}"


def restatement(
    months: dict[int, Any], lag: int = 0, overwritten: tuple[str, ...] = ()
) -> Restatement:
    """One metric in these months of 2025, with three late records each, and a source without an
    earlier state.
    """
    rows = [
        Restated(
            "net_mrr",
            "Net MRR",
            dt.date(2025, month, 1),
            reported,
            now,
            (("app.logins", 2), ("crm.deals", 1)),
            "count",
            "",
            overwritten,
        )
        for month, (reported, now) in sorted(months.items(), reverse=True)
    ]
    unknown = (("crm.accounts", "no_recorded_time"),)
    unlisted = [("Win rate", "overwritten")]
    found = SimpleNamespace(rows=rows, unknown=unknown, unlisted=unlisted, lag=lag, months=6)
    return cast(Restatement, found)


def step() -> History:
    model = SimpleNamespace(owner_of=owners)
    return History(cast(Any, SimpleNamespace(model=model)))


def test_only_the_newest_restated_month_of_a_metric_is_a_finding() -> None:
    (found,) = restated_findings(cast(Any, step().model), restatement({4: MONTHS[4], 5: MONTHS[5]}))
    assert (found.code, found.severity, found.count) == ("history.restated", "look", 3)
    assert (found.about, found.owner, found.page) == (("net_mrr",), "owner of history", "06")
    for value in ("Net MRR", "May 2025", "1,200", "1,195", "2 in app logins"):
        assert value in found.sentence
    assert restated_findings(cast(Any, step().model), restatement({4: MONTHS[4]})) == []


def test_a_month_is_marked_by_whether_its_figure_changed() -> None:
    data = restated_figure(step(), restatement(MONTHS)).as_dict()
    names = [column["name"] for column in data["columns"]]
    rows = [dict(zip(names, row, strict=True)) for row in data["rows"]]
    assert [(row["state"], row["what"], row["moved"], row["late"]) for row in rows] == [
        ("look", "June 2025", "", 3),
        ("look", "May 2025", "−5", 3),
        ("pass", "April 2025", "none", 3),
        ("note", "CRM accounts", None, None),
    ]


def test_a_figure_with_an_overwritten_source_is_not_assessed_and_absent_ones_are_named() -> None:
    figure = restated_figure(step(), restatement(MONTHS, overwritten=("crm.accounts",)))
    data = figure.as_dict()
    names = [column["name"] for column in data["columns"]]
    rows = [dict(zip(names, row, strict=True)) for row in data["rows"]]
    assert [row["state"] for row in rows] == ["look", "look", "untested", "note"]
    assert "Win rate" in figure.caption


def test_a_lag_is_named() -> None:
    figure = restated_figure(step(), restatement(MONTHS, lag=5))
    assert "5 days" in figure.subtitle
