"""The metrics page: its sentence is computed, its figures carry no protected value, its findings say what is wrong."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "metrics"))

from small_company import company

from workbook.privacy import use_key
from workbook.show.page import EVIDENCE
from workbook.steps.base import Context
from workbook.steps.metrics import Metrics

__all__ = ["company"]

BILLS = {"of": "bill", "measures": {"billed": {"agg": "sum", "expr": "amount"}, "bills": {"agg": "count"}}}
CLIENTS = {"of": "client", "measures": {"clients": {"agg": "count"}}}
CONTRACTS = {"of": "contract", "measures": {"level": {"agg": "sum", "expr": "monthly", "over_time": "last"}}}
MODELS = {"bills": BILLS, "clients": CLIENTS, "contracts": CONTRACTS}
DATA = {
    "shop.clients": "k1 | | DE | large | 7 \n k2 | | FR | small | 9 \n k3 | | FR | small | 9",
    "shop.bills": "b1 | k1 | 30 | EUR | paid | 2025-05-10 \n b2 | k2 | 60 | EUR | paid | 2025-06-10 \n b3 | k9 | 5 | EUR | open | 2025-06-11",
    "shop.contracts": "c1 | k1 | 10 | EUR | 1 | 2025-05-01 | | 2025-05-01 \n c2 | k2 | 20 | EUR | 1 | 2025-06-01 | | 2025-06-01",
}
SEVEN = {
    "owner": "finance",
    "semantic_models": MODELS,
    "rules": {"is_small": {"of": "client", "means": "Small.", "all": ["kind = 'small'"]}},
    "movements": {"moved": {"of": "level", "by": "client", "kinds": ["new"]}},
    "metrics": {
        "revenue": {"measure": "billed", "label": "Revenue", "by": ["client.country", "client.score"],
                    "control_total": {"value": 95, "where_from": "the ledger"}},
        "small_clients": {"measure": "clients", "filter": "is_small", "label": "Small clients"},
        "clients": {"measure": "clients", "label": "All clients", "competes_with": "small_clients"},
        "mrr": {"measure": "level", "label": "MRR", "control_total": {"value": 31, "where_from": "the board pack", "owner": "sales", "tolerance": "1"}},
        "broken": {"type": "cumulative", "measure": "level"},
    },
}  # fmt: skip
FIGURES = ("headline_metrics", "every_number", "by_month", "by_segment", "reconciliation", "competing", "movements", "refused")


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
    assert headline.sentence == "Of 5 numbers, 2 are tied to an outside figure and both agree; 1 is refused. “Small clients” has 2 definitions, from 2 to 3."
    assert (headline.page, headline.owner, headline.state) == ("07", "finance", "decided")
    assert "none fails" in headline.lede


def test_the_cover_gets_its_numbers(step) -> None:
    figure = step.headline_metrics()
    assert figure.as_dict()["role"] == "headline_metrics"
    rows = {row["metric"]: row for row in texts(figure)}
    assert {"metric", "value_text", "control", "caveat"} <= set(next(iter(rows.values())))
    assert rows["Revenue"]["value_text"] == "95.00"
    assert rows["Revenue"]["control"] == "agrees with the ledger: 95.00"
    assert rows["MRR"]["control"] == "agrees with the board pack (31.00) within what was agreed: −1.00"


def test_every_figure_shows_itself(step) -> None:
    for name in FIGURES:
        bundle = getattr(step, name)()._repr_mimebundle_()
        assert bundle[EVIDENCE]["kind"] == "figure", name
        assert bundle["text/html"].startswith("<figure"), name


def test_competing_counts_name_the_rows_that_only_one_has(step) -> None:
    row = texts(step.competing())[0]
    assert (row["metric"], row["value_text"], row["other"], row["other_value"], row["difference"]) == ("All clients", "3", "Small clients", "2", "+1")
    assert (row["both"], row["only_this"], row["only_other"]) == ("2", "1", "0")
    assert row["means"] == "Computed as count of client; what it means is not written down."


def test_segments_show_their_total_and_hide_what_is_sensitive(step) -> None:
    use_key("test")
    rows = texts(step.by_segment())
    country = [row for row in rows if row["title"] == "Revenue by client country"]
    assert [(row["segment"], row["value_text"]) for row in country] == [("FR", "60.00"), ("DE", "30.00"), ("(not linked)", "5.00"), ("Total", "95.00")]
    score = [row for row in rows if row["title"] == "Revenue by client score"]
    assert all(row["segment"] not in ("7", "9") for row in score)
    assert {row["value_text"] for row in score} == {"not shown", "95.00"}


def test_months_and_movements(step) -> None:
    months = {row["metric"]: row for row in texts(step.by_month())}
    assert (months["MRR"]["first"], months["MRR"]["last"], months["MRR"]["change"]) == ("10.00", "30.00", "+20.00")
    figure = step.movements()
    assert figure.title == "What moved MRR?"
    assert texts(figure)[-1]["new"] == "20"
    assert "opening 10.00, new +20.00 (1), closing 30.00" in figure.caption


def test_the_proof_and_the_refusal_are_on_the_page(step) -> None:
    rows = {row["metric"]: row for row in texts(step.reconciliation())}
    assert (rows["Revenue"]["key"], rows["Revenue"]["segments"], rows["Revenue"]["months"], rows["Revenue"]["control"]) == ("pass", "pass", "pass", "pass")
    refused = {(row["metric"], row["part"]): row["why"] for row in texts(step.refused())}
    assert "must not be added over time" in refused["Broken", "its value"]


def test_findings_name_what_is_open(step) -> None:
    found = {finding.code: finding for finding in step.conclude()}
    assert set(found) == {"metrics.competing", "metrics.orphans", "metrics.refused"}
    assert found["metrics.competing"].sentence == "All clients (3) competes with Small clients (2); rows of client only in the first: 1, only in the second: 0."
    assert found["metrics.orphans"].count == 1
    assert {finding.severity for finding in found.values()} == {"look"}
    assert {finding.page for finding in found.values()} == {"07"}


def test_an_open_step_says_what_the_data_suggests(company) -> None:
    step = page(company(DATA, ""))
    assert step.headline().state == "open"
    assert "2 fields of money, and 4 sources say when a row is true" in step.headline().lede
    assert [finding.code for finding in step.conclude()] == ["metrics.open"]
    for name in FIGURES:
        assert getattr(step, name)()._repr_mimebundle_()[EVIDENCE]["kind"] == "figure", name


def test_numbers_without_an_owner_are_a_note(company) -> None:
    seven = {"semantic_models": MODELS, "metrics": {"revenue": {"measure": "billed"}}}
    assert [finding.code for finding in page(company(DATA, seven)).conclude()] == ["metrics.no_owner"]
