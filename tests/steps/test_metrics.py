"""The metrics page: its sentence is computed, its figures carry no protected value, its
findings say what is wrong.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "metrics"))

from small_company import as_yaml, company

from workbook import metrics
from workbook.model import dimension_of
from workbook.privacy import use_key
from workbook.show import unstyled
from workbook.show.page import EVIDENCE
from workbook.scenarios.context import Context
from workbook.steps.metrics import Metrics
from workbook.steps.metrics_checks import MetricChecks
from workbook.walk.metrics import MetricsWalk

__all__ = ["company"]

BILLS = {
    "of": "bill",
    "measures": {"billed": {"agg": "sum", "expr": "amount"}, "bills": {"agg": "count"}},
}
CLIENTS = {"of": "client", "measures": {"clients": {"agg": "count"}}}
CONTRACTS = {
    "of": "contract",
    "measures": {"level": {"agg": "sum", "expr": "monthly", "over_time": "last"}},
}
MODELS = {"bills": BILLS, "clients": CLIENTS, "contracts": CONTRACTS}
DATA = {
    "shop.clients": "k1 | | DE | large | 7 \n k2 | | FR | small | 9 \n k3 | | FR | small | 9",
    "shop.bills": (
        "b1 | k1 | 30 | EUR | paid | 2025-05-10 \n b2 | k2 | 60 | EUR | paid | 2025-06-10 \n b3 |"
        " k9 | 5 | EUR | open | 2025-06-11"
    ),
    "shop.contracts": (
        "c1 | k1 | 10 | EUR | 1 | 2025-05-01 | | 2025-05-01 \n c2 | k2 | 20 | EUR | 1 | 2025-06-01"
        " | | 2025-06-01"
    ),
}
SEVEN = {
    "owner": "finance",
    "semantic_models": MODELS,
    "rules": {"is_small": {"of": "client", "means": "Small.", "all": ["kind = 'small'"]}},
    "movements": {"moved": {"of": "level", "by": "client", "kinds": ["new"]}},
    "metrics": {
        "revenue": {
            "measure": "billed",
            "label": "Revenue",
            "by": ["client.country", "client.score"],
            "control_total": {
                "value": 95,
                "where_from": "the ledger",
                "supplied_by": "finance",
                "supplied": "2025-07-01",
            },
        },
        "small_clients": {"measure": "clients", "filter": "is_small", "label": "Small clients"},
        "clients": {"measure": "clients", "label": "All clients", "competes_with": "small_clients"},
        "mrr": {
            "measure": "level",
            "label": "MRR",
            "control_total": {
                "value": 31,
                "where_from": "the board pack",
                "owner": "sales",
                "tolerance": "1",
            },
        },
        "broken": {"type": "cumulative", "measure": "level"},
    },
}
FIGURES = (
    "headline_metrics",
    "every_number",
    "by_month",
    "by_segment",
    "reconciliation",
    "competing",
    "movements",
    "refused",
)


def page(made) -> Metrics:
    return Metrics(Context(made.model, made.plan, made.engine, lambda model: made.plan))


def texts(figure) -> list[dict[str, str]]:
    names = [column["name"] for column in figure.body.columns]
    return [dict(zip(names, row, strict=True)) for row in figure.body.texts]


@pytest.fixture
def step(company) -> Metrics:
    return page(company(DATA, SEVEN))


def test_the_sentence_counts_what_is_tied_agrees_and_is_refused(step) -> None:
    headline = step.headline()
    # metrics, with a control total, refused; definitions in use, the least and the greatest value
    assert re.findall(r"[0-9]+", headline.sentence) == ["5", "2", "1", "2", "2", "3"]
    assert "both are reconciled" in headline.sentence and "“Small clients”" in headline.sentence
    assert "not approved" in headline.sentence and "finance decides" in headline.sentence
    totals = [each.control for each in step.outcomes.values() if each.control]
    assert [total.met for total in totals] == [True, True]
    assert (headline.page, headline.owner, headline.state) == ("07", "finance", "decided")
    assert "none failed" in headline.lede
    assert {proof.verdict for proof in step.evidence.proofs} <= {"pass", "look"}


def test_the_cover_gets_its_numbers(step) -> None:
    figure = step.headline_metrics()
    assert figure.as_dict()["role"] == "headline_metrics"
    rows = {row["metric"]: row for row in texts(figure)}
    assert {"metric", "value_text", "control", "caveat"} <= set(next(iter(rows.values())))
    assert rows["Revenue"]["value_text"] == "95.00"
    assert rows["Revenue"]["control"] == "Reconciled with the ledger: 95.00"
    assert (
        rows["MRR"]["control"]
        == "Reconciled with the board pack (31.00) within the tolerance: −1.00"
    )


def test_every_figure_shows_itself(step) -> None:
    for name in FIGURES:
        bundle = getattr(step, name)()._repr_mimebundle_()
        assert bundle[EVIDENCE]["kind"] == "figure", name
        assert unstyled(bundle["text/html"]).startswith("<figure"), name


def test_while_nobody_chose_each_figure_stands_with_its_value_and_what_it_counts(step) -> None:
    rows = texts(step.competing())[:2]
    assert [
        (row["name"], row["value_text"], row["state"], row["counted"], row["difference"])
        for row in rows
    ] == [
        ("Small clients", "2", "open", "2 clients", ""),
        ("All clients", "3", "open", "3 clients", "+1"),
    ]
    assert {row["title"] for row in rows} == {
        "Small clients: 2 definitions, none approved; finance decides"
    }
    assert rows[0]["about"] == "Small."
    assert rows[1]["about"] == "Calculated as count of client; its meaning is not written down."
    assert rows[1]["why"] == "+1: 1 client excluded by “Small clients” (“is small” not met)."


def test_what_only_one_definition_counts_is_listed(step) -> None:
    listed = texts(step.competing())[2:]
    assert [(row["title"], row["name"]) for row in listed] == [
        ("In “All clients”, not in “Small clients”: 1", "k1")
    ]
    assert step.context.frame("m__clients__or__small_clients").rows() == [("k1", "clients")]


def choosing(**words: object) -> dict[str, object]:
    """The same 07, with words added at the figure that others compete with."""
    return {
        **SEVEN,
        "metrics": {
            **SEVEN["metrics"],
            "small_clients": {**SEVEN["metrics"]["small_clients"], **words},
            "per_client": {
                "type": "ratio",
                "numerator": "revenue",
                "denominator": "clients",
                "label": "Revenue per client",
            },
        },
    }


CHOSEN = {
    "owner": "sales",
    "decided": "2025-06-01",
    "because": "Large ones are resellers.",
    "considered": {"clients": "it counts resellers"},
}


def test_a_choice_says_who_when_why_and_what_the_rejected_would_give(company) -> None:
    step = page(company(DATA, choosing(**CHOSEN)))
    said = step.headline().sentence
    assert "“Small clients” is 2 (" in said and "chosen by sales on 1 June 2025" in said
    rows = texts(step.competing())[:2]
    assert {row["title"] for row in rows} == {
        "Small clients: “Small clients”, chosen by sales on 1 June 2025"
    }
    assert [(row["name"], row["state"], row["value_text"]) for row in rows] == [
        ("Small clients", "chosen", "2"),
        ("All clients", "rejected", "3"),
    ]
    assert rows[0]["why"] == "Large ones are resellers."
    assert rows[1]["why"].startswith("It counts resellers. +1: 1 client")
    found = {finding.code: finding for finding in step.conclude()}
    assert "metrics.competing" not in found
    chosen = found["metrics.chosen"]
    assert (chosen.severity, chosen.count, chosen.owner) == ("note", 2, "sales")
    assert chosen.about == ("small_clients", "clients")
    assert [
        words
        for words in (
            "Small clients (2, ",
            "chosen by sales on 1 June 2025",
            "Large ones are resellers.",
            "All clients (3, ",
            "because it counts resellers.",
        )
        if words not in chosen.sentence
    ] == []
    assert (found["metrics.disagree"].severity, found["metrics.disagree"].count) == ("note", 1)


@pytest.mark.parametrize("missing", ["decided", "because"])
def test_a_figure_without_a_day_or_a_reason_is_not_chosen(company, missing) -> None:
    step = page(
        company(
            DATA, choosing(**{word: value for word, value in CHOSEN.items() if word != missing})
        )
    )
    assert {finding.code for finding in step.conclude()} >= {"metrics.competing"}
    assert "open" in {row["state"] for row in texts(step.competing())}


def test_what_rests_on_a_figure_that_nobody_chose_says_so(company) -> None:
    step = page(company(DATA, choosing()))
    assert (
        step.evidence.caveat("per_client")
        == "The latest record of shop bills is of 11 June 2025. Depends on All clients, whose"
        " definition is not approved (2 are in use; finance decides)."
    )
    found = {finding.code: finding for finding in step.conclude()}
    competing = found["metrics.competing"]
    assert (competing.count, competing.owner) == (2, "finance")
    assert "Small clients (2, " in competing.sentence and "All clients (3, " in competing.sentence
    assert competing.effect.startswith("Revenue per client (31.67, ")
    chosen = page(company(DATA, choosing(**CHOSEN)))
    assert (
        chosen.evidence.caveat("per_client")
        == "The latest record of shop bills is of 11 June 2025. Depends on All clients, which was"
        " rejected in favour of Small clients."
    )


def test_figures_that_only_considered_names_compete_too(company) -> None:
    seven = choosing(**CHOSEN)
    seven["metrics"]["clients"] = {"measure": "clients", "label": "All clients"}
    step = page(company(DATA, seven))
    assert [(row["name"], row["state"]) for row in texts(step.competing())] == [
        ("Small clients", "chosen"),
        ("All clients", "rejected"),
    ]


def test_a_bill_of_the_year_one_is_not_the_first_month_shown(company) -> None:
    data = {**DATA, "shop.bills": DATA["shop.bills"] + " \n b4 | k1 | 7 | EUR | paid | 0001-02-03"}
    months = {row["metric"]: row for row in texts(page(company(data, SEVEN)).by_month())}
    assert (months["Revenue"]["first"], months["Revenue"]["before"], months["Revenue"]["last"]) == (
        "30.00",
        "30.00",
        "65.00",
    )


def test_segments_show_their_total_and_hide_what_is_sensitive(step) -> None:
    use_key("test")
    rows = texts(step.by_segment())
    country = [row for row in rows if row["title"] == "Revenue by client country"]
    assert [(row["segment"], row["value_text"]) for row in country] == [
        ("FR", "60.00"),
        ("DE", "30.00"),
        ("(not linked)", "5.00"),
        ("Total", "95.00"),
    ]
    score = [row for row in rows if row["title"] == "Revenue by client score"]
    assert all(row["segment"] not in ("7", "9") for row in score)
    assert {row["value_text"] for row in score} == {"not shown", "95.00"}


def test_what_held_then_says_how_much_stands_elsewhere_today(company) -> None:
    """The client of the first bill was in FR when it was billed, and is in DE today."""
    data = {
        **DATA,
        "shop.tiers": (
            "t1 | k1 | FR | 2025-05-01 | \n t2 | k1 | DE | 2025-06-01 | \n t3 | k2 | FR |"
            " 2025-05-01 |"
        ),
    }
    seven = {
        **SEVEN,
        "metrics": {
            "revenue": {
                **SEVEN["metrics"]["revenue"],
                "by": ["client.country", "client.country then"],
            }
        },
    }
    kept = {
        "06_history": as_yaml(
            {
                "owner": "sales",
                "history": {
                    "client.country": {"from": "shop.tiers", "as": "events", "value": "tier"}
                },
            }
        )
    }
    rows = texts(page(company(data, seven, more=kept)).by_segment())
    title = "Revenue by client country at that time (at least 30.00 in another segment today)"
    assert [(row["segment"], row["value_text"]) for row in rows if row["title"] == title] == [
        ("FR", "90.00"),
        ("(not linked)", "5.00"),
        ("Total", "95.00"),
    ]


def test_a_balance_by_history_and_by_surviving_value_says_that_two_sources_decide(company) -> None:
    """Both are of 30 June: k1 is FR by its history and DE by its surviving value; k2 is FR in
    both.
    """
    tiers = "t1 | k1 | FR | 2025-05-01 | \n t2 | k2 | FR | 2025-05-01 |"
    seven = {
        **SEVEN,
        "metrics": {
            "mrr": {**SEVEN["metrics"]["mrr"], "by": ["client.country", "client.country then"]}
        },
    }
    kept = {"client.country": {"from": "shop.tiers", "as": "events", "value": "tier"}}
    more = {"06_history": as_yaml({"owner": "sales", "history": kept})}
    made = company({**DATA, "shop.tiers": tiers}, seven, more=more)
    split = dimension_of("client.country then")
    assert metrics.unlike_history(made.model, page(made).context, "mrr", split) == (1, 2)


def test_months_and_movements(step) -> None:
    months = {row["metric"]: row for row in texts(step.by_month())}
    assert (months["MRR"]["first"], months["MRR"]["last"], months["MRR"]["change"]) == (
        "10.00",
        "30.00",
        "+20.00",
    )
    figure = step.movements()
    assert figure.title == "What moved MRR?"
    assert texts(figure)[-1]["new"] == "20"
    assert "June 2025: opening 10.00, new +20.00 (1), closing 30.00" in figure.caption


def test_the_proof_and_the_refusal_are_on_the_page(step) -> None:
    rows = {row["metric"]: row for row in texts(step.reconciliation())}
    assert (
        rows["Revenue"]["key"],
        rows["Revenue"]["segments"],
        rows["Revenue"]["months"],
        rows["Revenue"]["control"],
    ) == ("pass", "pass", "pass", "pass")
    refused = {(row["metric"], row["part"]): row["why"] for row in texts(step.refused())}
    (refusal,) = [each for each in step.evidence.refused() if not each.part]
    assert refusal.code == "metrics.level_accumulated"
    assert refused["Broken", "its value"] == refusal.reason


def test_findings_name_what_is_open(step) -> None:
    found = {finding.code: finding for finding in step.conclude()}
    assert set(found) == {
        "metrics.competing",
        "metrics.control_total_unsigned",
        "metrics.disagree",
        "metrics.orphans",
        "metrics.refused",
    }
    # the other outside figure says by whom and when
    assert found["metrics.control_total_unsigned"].about == ("mrr",)
    competing = found["metrics.competing"]
    assert (competing.count, competing.owner) == (2, "finance")
    assert competing.about == ("small_clients", "clients") and competing.effect == ""
    assert "Small clients (2, " in competing.sentence and "All clients (3, " in competing.sentence
    (pair,) = step.evidence.disagreements
    assert (pair.name, pair.other) == ("clients", "small_clients")
    assert (pair.entity, pair.only_this, pair.only_other, pair.both) == ("client", 1, 0, 2)
    assert found["metrics.disagree"].count == 1
    assert re.findall(r"[0-9]+", found["metrics.disagree"].sentence) == ["1", "1", "0", "2"]
    assert found["metrics.orphans"].count == 1
    assert {code for code, finding in found.items() if finding.severity != "look"} == {
        "metrics.control_total_unsigned"
    }
    assert {finding.page for finding in found.values()} == {"07"}


def test_an_open_step_says_what_the_data_suggests(company) -> None:
    step = page(company(DATA, ""))
    assert step.headline().state == "open"
    assert "2 money fields, and 5 sources" in step.headline().lede
    assert [finding.code for finding in step.conclude()] == ["metrics.open"]
    for name in FIGURES:
        assert getattr(step, name)()._repr_mimebundle_()[EVIDENCE]["kind"] == "figure", name


def test_numbers_without_an_owner_are_a_note(company) -> None:
    seven = {"semantic_models": MODELS, "metrics": {"revenue": {"measure": "billed"}}}
    assert [finding.code for finding in page(company(DATA, seven)).conclude()] == [
        "metrics.no_owner"
    ]


def test_what_was_measured_stands_beside_a_number_and_what_is_refused_is_no_pass(step) -> None:
    rows = {row["metric"]: row for row in texts(step.every_number())}
    assert (
        rows["Revenue"]["measured"].endswith("control total")
        and rows["Broken"]["measured"] == "none"
    )
    checks = MetricChecks(step, step.evidence)
    cells = {name: checks.made_on(name)["proven"] for name in step.outcomes}
    # a client carries no valid time, so that its months are refused
    assert cells["broken"] is None and cells["clients"] == "untested"
    assert cells["mrr"] == "pass"
    (proven,) = [each for each in MetricsWalk(step).conditions() if each.name == "proven"]
    assert step.evidence.label("broken") in proven.values["untested"]
    assert step.evidence.label("clients") in proven.values["partly"]
    told = [name for name, cell in cells.items() if cell not in (None, "untested", "fail")]
    assert proven.values["count"] == len(told)


def test_an_outside_figure_of_the_owner_is_named_as_such(step) -> None:
    supplied = {row["metric"]: row["supplied"] for row in texts(step.headline_metrics())}
    assert "finance also owns the metric" in supplied["Revenue"]
    assert supplied["MRR"] == "supplier and date not recorded"


def test_a_number_that_is_not_of_the_day_bears_its_period_beside_what_it_is_compared_with(
    step,
) -> None:
    tied = {row["metric"]: row["tied"] for row in texts(step.reconciliation())}
    assert tied["Revenue"].startswith(step._row("revenue")["period"].partition(";")[0] + "; ")
    assert not tied["MRR"].startswith("at ")
