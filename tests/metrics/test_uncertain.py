"""A value over a rate of few events has a range: exact ends, carried through the formula."""

from __future__ import annotations

from decimal import Decimal

import pytest

from workbook.metrics.report import metric_wording
from workbook.metrics.results.confidence_range import rate_interval, range_of

MODELS = {
    "clients": {"of": "client", "measures": {"clients": {"agg": "count"}}},
    "contracts": {
        "of": "contract",
        "measures": {
            "level": {"agg": "sum", "expr": "monthly", "over_time": "last"},
            "contracts": {"agg": "count"},
        },
    },
}
METRICS = {
    "mrr": {"measure": "level"},
    "clients": {"measure": "clients"},
    "arpa": {"type": "ratio", "numerator": "mrr", "denominator": "clients"},
    "opening": {"measure": "moved.opening"},
    "gone": {"measure": "moved.churned"},
    "opening_clients": {"measure": "moved.opening_count"},
    "lost_clients": {"measure": "moved.churned_count"},
    "churn": {"type": "derived", "expr": "0 - gone / opening"},
    "retention": {"type": "derived", "expr": "1 - churn"},
    "worth": {"type": "derived", "expr": "arpa / churn"},
    "worth_by_kept": {"type": "derived", "expr": "arpa / (1 - retention)"},
    "worth_by_logos": {"type": "derived", "expr": "arpa / (lost_clients / opening_clients)"},
}
SEVEN = {
    "owner": "finance",
    "semantic_models": MODELS,
    "metrics": METRICS,
    "movements": {"moved": {"of": "level", "by": "client", "kinds": ["churned"]}},
}


def contracts(count: int, lost: int) -> dict[str, str]:
    rows = [
        f"c{n} | k{n} | 100 | EUR | 1 | 2025-01-01 | {'2025-06-10' if n < lost else ''} |"
        " 2025-01-01"
        for n in range(count)
    ]
    return {
        "shop.contracts": "\n".join(rows),
        "shop.clients": "\n".join(f"k{n} | | DE | |" for n in range(count)),
    }


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [
        (1, 10, 0.002529, 0.445016),  # 1 - 0.975 ** (1 / 10); tables of Clopper and Pearson
        (10, 10, 0.691503, 1.0),  # 0.025 ** (1 / 10)
        (3, 289, 0.002145, 0.030031),
        (
            5,
            2,
            0.811743,
            5.834166,
        ),  # Garwood: 1.623486 and 11.668332 for five events, each over two
    ],
)
def test_the_ends_of_a_rate_are_exact(count, of, low, high) -> None:
    assert rate_interval(count, of) == pytest.approx((low, high), abs=5e-6)


def test_a_value_over_a_rate_of_one_lost_client_of_ten_has_its_range(company) -> None:
    made = company(contracts(10, 1), SEVEN)
    # 900 from nine clients over ten: 90; one of ten left with 100 of 1,000: 0.1; 90 / 0.1 = 900
    # its ends: 90 / 0.445016 = 202; 90 / 0.002529 = 35,587
    for name in ("worth", "worth_by_kept", "worth_by_logos"):
        assert made.value(name) == Decimal("900.000000")
        found = range_of(made.model, made, name)
        assert (found.low, found.high, found.events) == (
            Decimal(202),
            Decimal(35600),
            "1 lost client",
        )
    assert "202.00 to 35,600.00" in metric_wording.value_of(made.outcomes["worth"])
    assert made.outcomes["churn"].range is None


def test_many_events_need_no_range(company) -> None:
    made = company(contracts(60, 30), SEVEN)
    assert range_of(made.model, made, "worth") is None
