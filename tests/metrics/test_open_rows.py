"""What a filter leaves out of the latest period by a status of today, worked out by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from workbook.metrics.results.confidence_range import Range

MODELS = {
    "bills": {
        "of": "bill",
        "measures": {
            "billed": {"agg": "sum", "expr": "amount"},
            "bills": {"agg": "count"},
            "first": {"agg": "min", "expr": "billed"},
        },
    }
}
BILLS = """
    b1 | k1 | 10 | EUR | open | 2025-05-31
    b2 | k1 | 5  | EUR | paid | 2025-06-02
    b3 | k2 | 20 | EUR | open | 2025-06-03
    b4 | k2 | 40 | EUR | open | 2025-06-04
    b5 | k1 | 80 | EUR | void | 2025-06-05
    b6 | k1 | 3  | EUR | open | 2025-03-05
"""


@pytest.mark.parametrize(
    ("metric", "found"),
    [
        # June alone: b3, b4, b5; the class of the state is not decided, so it is not named
        ({"measure": "billed", "filter": "state = 'paid'"}, [("", 3, Decimal(140))]),
        # April to June
        (
            {"measure": "billed", "filter": "state = 'paid'", "grains": ["quarter"]},
            [("", 4, Decimal(150))],
        ),
        # of the same kind: b5 is not a small bill
        (
            {"measure": "bills", "filter": "state = 'paid' and amount < 50"},
            [("", 2, None)],
        ),
        # the first day of paid bills is a date and adds up to nothing
        ({"measure": "first", "filter": "state = 'paid'"}, [("", 3, None)]),
        ({"measure": "billed"}, []),
        ({"measure": "billed", "filter": "currency = 'EUR'"}, []),
    ],
)
def test_rows_with_another_status_are_counted(company, metric, found) -> None:
    seven = {"owner": "finance", "semantic_models": MODELS, "metrics": {"paid": metric}}
    data = {"shop.clients": "k1 | | DE | large | \n k2 | | FR | large |", "shop.bills": BILLS}
    proofs = [each for each in company(data, seven).proofs if each.kind == "still open"]
    assert [(each.about, each.rows, each.amount) for each in proofs] == found


def test_a_range_is_wide_where_it_is_wider_than_the_value() -> None:
    assert Range(Decimal(55), Decimal(773), "3").is_wider_than(Decimal(160))
    assert not Range(Decimal(90), Decimal(110), "300").is_wider_than(Decimal(100))
    assert Range(None, None, "0").is_wider_than(Decimal(100))
