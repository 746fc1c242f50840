"""Laws that hold for any rows: sums meet, movements close, order and threads change nothing."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_company import Company, plan_of, write_project

from workbook import metrics
from workbook.engine import Engine
from workbook.model import load_model

pytestmark = pytest.mark.long

SEVEN = {
    "owner": "finance",
    "currency": {"report_in": "EUR", "rates": "bank.rates.rate"},
    "rules": {"seen": {"of": "client", "all": [{"some": "visit", "within": "40 days"}]}},
    "semantic_models": {
        "contracts": {
            "of": "contract",
            "measures": {"level": {"agg": "sum", "expr": "monthly", "over_time": "last"}},
        },
        "bills": {
            "of": "bill",
            "measures": {
                "billed": {"agg": "sum", "expr": "amount"},
                "payers": {"agg": "count_distinct", "expr": "client"},
            },
        },
        "clients": {"of": "client", "measures": {"clients": {"agg": "count"}}},
    },
    "movements": {"moved": {"of": "level", "by": "client", "kinds": ["new", "churned"]}},
    "metrics": {
        "mrr": {
            "measure": "level",
            "by": ["client.country", "contract.currency"],
            "grains": ["quarter"],
        },
        "billed": {"measure": "billed", "by": ["client.country", "bill.state"], "grains": ["week"]},
        "payers": {"measure": "payers", "by": ["client.country"]},
        "seen_clients": {"measure": "clients", "filter": "seen", "by": ["client.country"]},
        "ever": {"type": "cumulative", "measure": "billed"},
        "fresh": {"measure": "moved.new"},
    },
}
DAY = st.dates(dt.date(2025, 1, 1), dt.date(2025, 7, 10)).map(str)
CLIENT = st.sampled_from(["k1", "k2", "k3", "k9", ""])
CURRENCY = st.sampled_from(["EUR", "USD", "usd", "SEK", ""])
CENTS = st.integers(-10_000, 100_000).map(lambda cents: f"{cents / 100:.2f}")
CONTRACT = st.tuples(CLIENT, CENTS, CURRENCY, st.just("1"), DAY, st.one_of(st.just(""), DAY), DAY)
BILL = st.tuples(
    CLIENT, CENTS, CURRENCY, st.sampled_from(["paid", "open", ""]), st.one_of(st.just(""), DAY)
)
VISIT = st.tuples(CLIENT, st.just("home"), DAY)


def lines(rows, letter: str) -> list[str]:
    return [" | ".join((f"{letter}{number}", *row)) for number, row in enumerate(rows)]


@settings(max_examples=8, deadline=None)
@given(
    st.lists(CONTRACT, max_size=12),
    st.lists(BILL, max_size=12),
    st.lists(VISIT, max_size=8),
    st.randoms(use_true_random=False),
)
def test_sums_meet_and_order_changes_nothing(contracts, bills, visits, dice: random.Random) -> None:
    data = {
        "shop.clients": ["k1 | | DE | a | 1", "k2 | | FR | b | 2", "k3 | | | b | 3"],
        "shop.contracts": lines(contracts, "c"),
        "shop.bills": lines(bills, "b"),
        "shop.visits": lines(visits, "v"),
        "bank.rates": [
            "USD | 2025-01-31 | 0.9",
            "USD | 2025-03-15 | 0.7",
            "USD | 2025-06-30 | 0.8",
        ],
    }
    shuffled = {name: dice.sample(rows, len(rows)) for name, rows in data.items()}
    with TemporaryDirectory() as folder:
        first, second = (
            computed(Path(folder) / str(number), rows, threads)
            for number, (rows, threads) in enumerate([(data, 1), (shuffled, 4)])
        )
        assert [proof for proof in first.proofs if proof.verdict == "fail"] == []
        names = [table.name for table in metrics.tables(first.model)]
        assert [contents(first, name) for name in names] == [
            contents(second, name) for name in names
        ]
        for made in (first, second):
            made.engine.close()


def computed(folder: Path, rows: dict[str, list[str]], threads: int) -> Company:
    write_project(folder, {name: "\n".join(lines) for name, lines in rows.items()}, SEVEN)
    model = load_model(folder)
    return Company(
        model,
        plan_of(model),
        Engine(folder / "store", data_roots=[model.data_root], threads=threads),
    )


def contents(made: Company, name: str) -> str:
    return made.engine.artifact(made.plan, name).content
