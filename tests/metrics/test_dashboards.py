"""A dashboard's own SQL beside our number: the causes add up to the difference; SQL that may
not stand there is refused by line.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from small_company import as_yaml, write_project

from workbook import metrics
from workbook.engine.sql_files import filled_sql
from workbook.errors import ModelError
from workbook.model import load_model

MODELS = {
    "clients": {"of": "client", "measures": {"clients": {"agg": "count"}}},
    "bills": {
        "of": "bill",
        "measures": {
            "billed": {"agg": "sum", "expr": "amount"},
            "mean": {"agg": "average", "expr": "amount"},
        },
    },
}
NUMBERS = {
    "large": {"measure": "clients", "filter": "kind = 'large'"},
    "billed": {"measure": "billed", "filter": "state = 'paid'"},
    "mean": {"measure": "mean"},
}
DATA = {
    "shop.clients": (
        "k1 | | DE | large | \n k2 | | FR | large | \n k3 | | FR | small | \n k4 | | FR | large |"
    ),
    "shop.bills": (
        """
        b1 | k1 | 10 | EUR | paid | 2025-05-01
        b2 | k1 | 5  | EUR | open | 2025-06-02
        b3 | k2 | 20 | EUR | paid | 2025-06-03
        b4 | k9 | 40 | EUR | paid | 2025-06-04
        b5 | k3 | 80 | EUR | open | 2025-06-05
        b6 | k4 | 1  | EUR | paid | 2025-06-30
    """
    ),
    "shop.teams": "k1 | red \n k1 | blue \n k2 | red",
}


def seven(**dashboards: dict) -> dict:
    return {
        "owner": "finance",
        "semantic_models": MODELS,
        "metrics": NUMBERS,
        "dashboards": dashboards,
    }


def beside(made) -> dict[str, metrics.DashboardComparison]:
    refused = {
        each.name: each.reason for each in metrics.refusals(made.model) if each.part == "dashboard"
    }
    return {each.name: each for each in metrics.against(made.model, made, made.outcomes, refused)}


def causes(each: metrics.DashboardComparison) -> dict[str, tuple[int, int]]:
    return {cause.name: (cause.count, int(cause.difference)) for cause in each.causes}


def test_every_customer_has_one_cause_and_the_causes_are_the_difference(company) -> None:
    """A join to teams counts k1 twice and loses k4; k3 is not large; k9 is nobody.

    ours: k1 k2 k4 = 3      theirs: k1 k1 k2 k3 k9 = 5
    """
    sql = (
        "select c.client_id as id from shop__clients as c join shop__teams as t on t.client_id ="
        " c.client_id union all select 'k3' as id union all select 'k9' as id"
    )
    each = beside(company(DATA, seven(board={"competes_with": "large", "sql": sql})))["board"]
    assert (each.ours, each.value, each.difference) == (3, 5, 2)
    assert causes(each) == {
        "only theirs": (1, 1),
        "only ours": (1, -1),
        "counted more than once": (1, 1),
        "nobody of ours": (1, 1),
        "same": (1, 0),
    }
    assert sum(cause.difference for cause in each.causes) == each.difference


def test_amounts_are_compared_customer_by_customer(company) -> None:
    """Theirs adds open bills, and leaves out what has no client."""
    sql = (
        "select client_id as id, sum(amount) as value from shop__bills where client_id <> 'k9'"
        " group by client_id"
    )
    each = beside(
        company(DATA, seven(board={"competes_with": "billed", "of": "client", "sql": sql}))
    )["board"]
    assert (each.ours, each.value) == (71, 116)
    assert causes(each) == {
        "only theirs": (1, 80),
        "only ours": (1, -40),
        "different amount": (1, 5),
        "same": (2, 0),
    }
    assert sum(cause.difference for cause in each.causes) == each.difference


@pytest.mark.parametrize(
    ("shown", "ours", "cause"),
    [
        # ids counted one by one: two records of one customer are two
        ([("p1", 1), ("p2", 1)], 1, "several records of one"),
        # amounts of two records, each added once: one holds 40 that ended
        ([("p1", 60), ("p2", 40)], 60, "different amount"),
        ([("p1", 60), ("p2", 60)], 60, "different amount"),
        # one id in two rows: a join repeats it
        ([("p1", 60), ("p1", 60)], 60, "counted more than once"),
        ([("p1", 60), ("p2", 40)], 100, "same"),
    ],
)
def test_several_records_are_the_cause_only_where_each_is_counted_as_one(
    shown: list[tuple[str, int]], ours: int, cause: str
) -> None:
    connection = duckdb.connect()
    connection.execute("create table shown (id varchar, value decimal(38, 10))")
    connection.executemany("insert into shown values (?, ?)", shown)
    sql = filled_sql(
        "metrics/dashboard_differences",
        theirs="shown",
        known="select 'k1' as id, 'p1' as record union all select 'k1' as id, 'p2' as record",
        match="known.record = t.id",
        month="",
        ours=f"select 'k1' as id, {ours} as value, null as written",
        not_linked="(not linked)",
    )
    rows = connection.sql(f"select id, cause from ({sql})").fetchall()
    assert rows == [("k1", cause)]


def test_amounts_that_were_not_converted_are_a_cause_of_their_own(company) -> None:
    """k1 is in euros, k2 in dollars, and k4 in dollars with a bill that is not ours."""
    rates = {"currency": {"report_in": "EUR", "rates": "bank.rates.rate"}}
    data = {
        **DATA,
        "bank.rates": "USD | 2025-06-30 | 0.5",
        "shop.bills": "b1|k1|10|EUR|paid|2025-06-01\nb2|k2|20|USD|paid|2025-06-03\n"
        "b3|k2|4|EUR|paid|2025-06-04\nb4|k4|1|USD|paid|2025-06-05\nb5|k4|7|USD|open|2025-06-05",
    }
    sql = "select client_id as id, sum(amount) as value from shop__bills group by client_id"
    for of, expected in (
        ("client", {"not converted": (1, 10), "different amount": (1, 7.5), "same": (1, 0)}),
        ("bill", {"not converted": (2, 10.5), "only theirs": (1, 7), "same": (2, 0)}),
    ):
        by = sql if of == "client" else sql.replace("client_id", "bill_id")
        seven_of = seven(board={"competes_with": "billed", "of": of, "sql": by}) | rates
        each = beside(company(data, seven_of))["board"]
        assert {cause.name: (cause.count, cause.difference) for cause in each.causes} == expected
        assert sum(cause.difference for cause in each.causes) == each.difference


def test_months_stand_side_by_side_and_the_latest_is_the_number(company) -> None:
    sql = "select billed as month, sum(amount) as value from shop__bills group by billed"
    each = beside(company(DATA, seven(board={"competes_with": "billed", "sql": sql})))["board"]
    assert [(str(month)[:7], ours, theirs) for month, ours, theirs in each.months] == [
        ("2025-05", 10, 10),
        ("2025-06", 61, 146),
    ]
    assert each.value == 146
    assert each.why_not == "its SQL names no ID, so the difference has no causes"


def test_one_number_and_the_word_as_of(company) -> None:
    sql = "select sum(amount) as value from shop__bills where billed = as_of"
    made = company(
        DATA, seven(board={"competes_with": "billed", "sql": sql, "where_from": "the board"})
    )
    each = beside(made)["board"]
    assert (each.value, each.difference) == (Decimal(1), Decimal(-70))
    evidence = metrics.MetricEvidence(
        made.model, made.outcomes, dashboards=list(beside(made).values())
    )
    (found,) = [
        finding
        for finding in metrics.conclude(evidence)
        if finding.code == "metrics.dashboard_differs"
    ]
    assert (found.count, found.about) == (1, ("billed", "board"))
    assert found.sentence == "The board shows 1.00 for Billed; this model calculates 71.00."
    assert evidence.caveat("billed") == "The board shows 1.00."


def test_many_rows_without_a_name_are_no_number(company) -> None:
    made = company(
        DATA,
        seven(board={"competes_with": "billed", "sql": "select amount as value from shop__bills"}),
    )
    each = beside(made)["board"]
    assert each.value is None
    assert (
        each.why_not == "its SQL returns 6 rows; it must return one, or a column named month or id"
    )


def test_what_does_not_add_up_has_no_causes(company) -> None:
    made = company(
        DATA,
        seven(
            board={
                "competes_with": "mean",
                "sql": "select client_id as id, amount as value from shop__bills",
            }
        ),
    )
    assert made.refused["board", "dashboard"] == "metrics.customers_not_additive"


def test_what_only_duckdb_can_run_is_refused_with_its_place(company) -> None:
    made = company(
        DATA,
        seven(
            board={
                "competes_with": "billed",
                "sql": "select any_value(amount) as value from shop__bills",
            }
        ),
    )
    (refusal,) = [each for each in metrics.refusals(made.model) if each.part == "dashboard"]
    assert (refusal.name, refusal.code) == ("board", "metrics.dashboard_sql")
    assert refusal.reason.startswith("model/07_metrics.yml:")
    assert "any_value()" in refusal.reason
    assert beside(made)["board"].why_not == refusal.reason


BAD = {
    "drop table shop__bills": ("sql.not_one_select", "drop"),
    "select 1 as value; select 2 as value": ("sql.not_one_select", "2 statements"),
    "select from where": ("sql.not_read", ""),
    "select amount from shop__bills": ("metrics.dashboard_columns", "'amount'"),
    "select * from shop__bills": ("metrics.dashboard_columns", "'*'"),
    "select 1 as month": ("metrics.dashboard_columns", "'month'"),
    "select sum(amount) as value from shop.bills": (
        "metrics.unknown_table",
        "shop__bills",
    ),
    "select sum(amount) as value from shop__bils": (
        "metrics.unknown_table",
        "Did you mean 'shop__bills'?",
    ),
    "select count(*) as value from read_csv('/etc/passwd')": ("metrics.unknown_table", ""),
    "select count(*) as value from '/etc/passwd'": (
        "metrics.unknown_table",
        "'/etc/passwd'",
    ),
    "select count(*) as value from m__billed__rows": (
        "metrics.unknown_table",
        "'m__billed__rows'",
    ),
}


@pytest.mark.parametrize("sql", BAD)
def test_bad_sql_is_refused_by_line(sql: str, tmp_path: Path) -> None:
    text = as_yaml(seven(board={"competes_with": "billed", "sql": sql}))
    folder = write_project(tmp_path / "project", DATA, text)
    with pytest.raises(ModelError) as caught:
        load_model(folder)
    problem = caught.value.problems[0]
    assert problem.file == "model/07_metrics.yml"
    assert "sql:" in text.splitlines()[problem.line - 1]
    code, named = BAD[sql]
    assert problem.code == f"model.{code}" and named in str(problem)
