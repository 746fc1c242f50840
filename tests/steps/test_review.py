"""The review page: statements carry today's numbers, agreement is computed, the gate fails a
run.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from workbook import Workbook
from workbook.dossier.sanitize_html import rebuild
from workbook.errors import WorkbookError
from workbook.steps.review import Review
from workbook.words import words_of

SOURCES = {
    "systems": {"shop": {}},
    "sources": {
        "shop.orders": {
            "primary_key": "no",
            "valid": "made",
            "fields": {"no": "id", "paid": "money", "made": "date"},
        }
    },
}
METRICS = {
    "owner": "finance",
    "semantic_models": {
        "orders": {
            "of": "order",
            "measures": {"paid": {"agg": "sum", "expr": "paid", "unit": "EUR"}},
        }
    },
    "metrics": {"paid_total": {"type": "simple", "measure": "paid"}},
}
STATEMENTS = {
    "finance": {"paid": {"says": "We were paid {paid_total} EUR.", "about": "paid_total"}},
    "sales": {"orders": {"says": "An order is an order.", "about": "order"}},
}
AT = dt.datetime(2025, 6, 30, 9, 0)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project with two statements and no sign-off."""
    (tmp_path / "model").mkdir()
    (tmp_path / "data").mkdir()
    departments = {"sales": "head of sales", "finance": "head of finance"}
    (tmp_path / "workbook.yml").write_text(
        json.dumps({"name": "Test", "as_of": "2025-06-30", "departments": departments})
    )
    parts = {
        "03_sources": SOURCES,
        "04_entities": {"entities": {"order": {"row_is": "one order", "from": "shop.orders"}}},
        "07_metrics": METRICS,
    }
    for stem, value in parts.items():
        (tmp_path / "model" / f"{stem}.yml").write_text(json.dumps(value))
    (tmp_path / "data" / "shop_orders.csv").write_text(
        "no,paid,made\no1,1200,2025-06-30\no2,34.50,2025-06-30\n"
    )
    return tmp_path


@pytest.fixture
def opened(project: Path) -> Callable[..., Review]:
    """The review step, as the files now stand."""

    def build(**review: Any) -> Review:
        part = {"statements": STATEMENTS, **review}
        (project / "model" / "10_review.yml").write_text(
            json.dumps(part) if part["statements"] else ""
        )
        return Workbook.open(project).review  # type: ignore[return-value]

    return build


def test_a_statement_carries_the_number_of_today(opened):
    step = opened()
    assert [step.filled(each) for each in step.standings] == [
        "We were paid 1,234.50 EUR.",
        "An order is an order.",
    ]


def test_a_statement_carries_the_number_of_a_check_and_lapses_when_that_moves(opened, project):
    check = {"on": "order", "must": "paid > 100", "severity": "warn"}
    path = project / "model" / "08_checks.yml"
    path.write_text(json.dumps({"checks": {"large": check}}))
    says = {"says": "{large} of our orders is small.", "about": "large"}
    statements = {"finance": {"large": says}}
    step = opened(statements=statements)
    assert [step.filled(each) for each in step.standings] == ["1 of our orders is small."]
    (row,) = step.sheet().as_dict()["rows"]
    assert words_of("shared").text("check.look") in " ".join(map(str, row))
    step.sign("finance", "large", "agree", by="head of finance", at=AT)
    assert [each.state for each in opened(statements=statements).standings] == ["agreed"]
    (project / "data" / "shop_orders.csv").write_text(
        "no,paid,made\no1,1200,2025-06-30\no2,134.50,2025-06-30\n"
    )
    step = opened(statements=statements)
    assert [each.state for each in step.standings] == ["lapsed"]
    (row,) = step.sheet().as_dict()["rows"]
    assert words_of("shared").text("check.look") not in " ".join(map(str, row))


def test_nobody_was_asked(opened):
    step = opened()
    assert [each.state for each in step.standings] == ["not_asked", "not_asked"]
    assert step.headline().sentence.count("2") == 2
    assert [(each.code, each.count) for each in step.conclude()] == [("review.never_asked", 2)]


def test_while_it_is_open(opened):
    step = opened(statements=None)
    assert step.headline().state == "open" and [each.code for each in step.conclude()] == [
        "review.open"
    ]


def test_who_signs_agrees_until_the_number_moves(opened, project):
    opened().sign("finance", "paid", "agree", by="head of finance", at=AT, tolerance="1%")
    assert {each.key: each.state for each in opened().standings}["finance", "paid"] == "agreed"
    (project / "data" / "shop_orders.csv").write_text("no,paid,made\no1,1300,2025-06-30\n")
    step = opened()
    assert {each.key: each.state for each in step.standings}["finance", "paid"] == "lapsed"
    (lapsed,) = [each for each in step.conclude() if each.code == "review.stale"]
    assert (lapsed.severity, lapsed.owner, lapsed.about) == ("look", "finance", ("paid_total",))
    assert "We were paid 1,234.50 EUR" in lapsed.sentence
    assert [each.name for each in step.standings[0].changes] == ["number_moved"]
    (moved,) = [
        row for row in step.changes().as_dict()["rows"] if row[0] == "We were paid 1,234.50 EUR."
    ]
    assert moved[5:7] == ["€1,234.50", "€1,300"]


def test_a_signed_count_is_whole_beside_an_amount_with_cents(opened, project):
    measures = {**METRICS["semantic_models"]["orders"]["measures"], "orders": {"agg": "count"}}
    metrics = {
        **METRICS,
        "semantic_models": {"orders": {"of": "order", "measures": measures}},
        "metrics": {**METRICS["metrics"], "order_count": {"type": "simple", "measure": "orders"}},
    }
    (project / "model" / "07_metrics.yml").write_text(json.dumps(metrics))
    statements = {
        "finance": {
            **STATEMENTS["finance"],
            "counted": {"says": "There are {order_count} orders.", "about": "order_count"},
        }
    }
    for name in ("paid", "counted"):
        opened(statements=statements).sign("finance", name, "agree", by="head of finance", at=AT)
    rows = {row[0]: row[5:7] for row in opened(statements=statements).changes().as_dict()["rows"]}
    assert rows == {
        "We were paid 1,234.50 EUR.": ["€1,234.50", "€1,234.50"],
        "There are 2 orders.": ["2", "2"],
    }


@pytest.mark.parametrize(("gate", "severity"), [("warn", "look"), ("error", "fail")])
def test_the_gate(gate, severity, opened):
    opened().sign(
        "sales", "orders", "disagree", by="head of sales", at=AT, because="a gift is no order"
    )
    found = [each for each in opened(gate=gate).conclude() if each.code == "review.disputed"]
    assert [each.severity for each in found] == [severity]
    for named in ("Sales", "“An order is an order”", "a gift is no order"):
        assert named in found[0].sentence


def test_disputes_and_signoffs_play_their_part_on_the_cover(opened):
    opened().sign(
        "sales", "orders", "disagree", by="head of sales", at=AT, because="a gift is no order"
    )
    step = opened()
    assert (step.signoffs().role, step.disputes().role) == ("signoffs", "disputes")
    assert step.disputes().body.rows[0][:3] == (
        "An order is an order.",
        "a gift is no order",
        "sales",
    )
    assert [row[0] for row in step.signoffs().body.rows] == ["finance", "sales"]


def test_a_broken_line_is_a_finding_with_its_line(opened, project):
    opened().sign("finance", "paid", "agree", by="head of finance", at=AT)
    with (project / "decisions" / "signoffs.csv").open("a") as file:
        file.write("s2,yesterday,x,finance,paid,agree,,,,\n")
    found = [each for each in opened().conclude() if each.code == "review.broken_line"]
    assert [each.severity for each in found] == ["look"]
    assert "'yesterday'" in found[0].sentence
    assert "decisions/signoffs.csv:3" in found[0].advice


def test_a_head_that_cannot_be_read_fails_since_no_signature_counts(opened, project):
    opened().sign("finance", "paid", "agree", by="head of finance", at=AT)
    file = project / "decisions" / "signoffs.csv"
    said = file.read_text()
    file.write_text(said.replace("id,", "number,", 1))
    (found,) = [each for each in opened().conclude() if each.code == "review.broken_line"]
    effect = words_of("review").text("findings.broken_line.effect.whole")
    assert (found.severity, found.effect) == ("fail", effect)
    assert [each.state for each in opened().standings] == ["not_asked", "not_asked"]
    assert said.splitlines()[1] in file.read_text()


def test_who_may_not_sign_is_refused_and_named_where_a_line_says_so(opened, project):
    with pytest.raises(WorkbookError, check=lambda error: error.code == "scenarios.unknown_person"):
        opened().sign("finance", "paid", "agree", by="a passer-by", at=AT)
    assert not (project / "decisions" / "signoffs.csv").exists()
    opened().sign("finance", "paid", "agree", by="finance", at=AT)
    file = project / "decisions" / "signoffs.csv"
    assert "head of finance" in file.read_text()
    file.write_text(file.read_text().replace("head of finance", "a passer-by"))
    (other,) = [each for each in opened().conclude() if each.code == "review.signed_by_another"]
    assert "passer-by" in other.sentence and "head of finance" in other.sentence


def test_what_was_signed_is_shown_as_it_was_signed(opened, project):
    """1,234.50 was disputed; the number of today is 1,300, and its statement is worded anew."""
    opened().sign("finance", "paid", "disagree", by="finance", at=AT, because="a part is owed")
    (project / "data" / "shop_orders.csv").write_text("no,paid,made\no1,1300,2025-06-30\n")
    worded = {"finance": {"paid": {"says": "We received {paid_total} EUR.", "about": "paid_total"}}}
    step = opened(statements=worded)
    assert step.filled(step.standings[0]) == "We received 1,300 EUR."
    assert step.disputes().as_dict()["rows"][0][0] == "We were paid 1,234.50 EUR."
    assert step.changes().as_dict()["rows"][0][0] == "We were paid 1,234.50 EUR."
    (signed,) = step.ledger.signoffs
    assert (signed.as_of, signed.figure) == (dt.date(2025, 6, 30), Decimal("1234.50"))


def test_a_line_without_its_wording_shows_the_figure_that_was_signed(opened, project):
    opened().sign("finance", "paid", "disagree", by="finance", at=AT, because="a part is owed")
    file = project / "decisions" / "signoffs.csv"
    file.write_text(
        file.read_text()
        .replace('2025-06-30,"We were paid 1,234.50 EUR."', ",")
        .replace("1234.50", "999")
    )
    assert opened().disputes().as_dict()["rows"][0][0] == "We were paid 999 EUR."


def test_the_time_of_a_signature_lies_within_the_day_of_its_figures(opened):
    """The pages are about the end of 30 June 2025; a second word is later than the first."""
    for verdict in ("agree", "disagree"):
        opened().sign("sales", "orders", verdict, by="sales", because="no")
    first, second = opened().ledger.signoffs
    assert (first.at, second.at) == (dt.datetime(2025, 6, 30, 23, 59, 59), dt.datetime(2025, 7, 1))
    zoned = dt.datetime(2025, 6, 30, 9, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    opened().sign("finance", "paid", "agree", by="finance", at=zoned)
    assert opened().ledger.signoffs[-1].at == dt.datetime(2025, 6, 30, 7)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (("finance", "payd", "agree"), "unknown_statement"),
        (("finance", "paid", "perhaps"), "unknown_verdict"),
        (("finance", "paid", "disagree"), "disagreement_without_reason"),
    ],
)
def test_what_cannot_be_signed(given, code, opened):
    with pytest.raises(WorkbookError) as raised:
        opened().sign(*given, by="head of finance", at=AT)
    assert raised.value.code == f"steps.{code}"
    assert ("Did you mean 'finance paid'" in raised.value.advice) is (code == "unknown_statement")


def test_a_dispute_is_not_drawn_as_a_check_that_fails(opened):
    opened().sign("sales", "orders", "disagree", by="head of sales", at=AT, because="no")
    step = opened()
    assert words_of("review").text("status.disputed") in step.signoffs().html()
    assert [
        figure.number
        for figure in (step.signoffs(), step.changes(), step.sheet())
        if "✕" in figure.html()
    ] == []


def test_every_figure_is_fit_for_a_dossier(opened):
    opened().sign(
        "sales",
        "orders",
        "disagree",
        by="head of sales",
        at=AT,
        because="<img src=x onerror=alert(1)>",
    )
    step = opened()
    for figure in (step.signoffs(), step.disputes(), step.changes(), step.sheet()):
        rebuild(figure.html())
        assert "<img" not in figure.html()
