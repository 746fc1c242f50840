"""What a value is about is said beside it, and a part of a period is compared with the same
part of the one before.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "metrics"))

from small_company import company

from workbook.metrics.report.period_wording import period_of, period_told
from workbook.scenarios.context import Context
from workbook.steps.metrics import Metrics

__all__ = ["company"]

MODELS = {
    "bills": {
        "of": "bill",
        "measures": {
            "billed": {"agg": "sum", "expr": "amount", "unit": "EUR"},
            "bills": {"agg": "count"},
        },
    },
    "clients": {"of": "client", "measures": {"clients": {"agg": "count"}}},
    "contracts": {
        "of": "contract",
        "measures": {"level": {"agg": "sum", "expr": "monthly", "over_time": "last"}},
    },
}
METRICS = {
    "revenue": {"measure": "billed", "grains": ["week", "quarter", "year"]},
    "bills": {"measure": "bills"},
    "mean_bill": {
        "type": "ratio",
        "numerator": "revenue",
        "denominator": "bills",
        "grains": ["year"],
    },
    "this_year": {
        "type": "cumulative",
        "measure": "billed",
        "grain_to_date": "year",
        "grains": ["year"],
    },
    "recent": {"type": "cumulative", "measure": "billed", "window": "30 days"},
    "clients": {"measure": "clients"},
    "mrr": {"measure": "level"},
    "opening": {"measure": "moved.opening"},
    "gone": {"measure": "moved.churned"},
    "kept": {"type": "ratio", "numerator": "left", "denominator": "opening"},
    "left": {"type": "derived", "expr": "opening + gone"},
    "kept_12": {
        "type": "ratio",
        "numerator": "left",
        "denominator": "opening",
        "over": "12 months",
    },
    "per_client": {"type": "ratio", "numerator": "mrr", "denominator": "paying"},
    "paying": {"measure": "clients", "filter": "pays"},
}
SEVEN = {
    "owner": "finance",
    "semantic_models": MODELS,
    "metrics": METRICS,
    "movements": {"moved": {"of": "level", "by": "client", "kinds": ["churned"]}},
    "rules": {"pays": {"of": "client", "means": "Pays.", "all": [{"some": "contract"}]}},
}
DATA = {
    "shop.clients": "k1 | | DE | large | 7 \n k2 | | FR | small | 9",
    "shop.bills": (
        """b1 | k1 | 100 | EUR | paid | 2024-03-10
        b2 | k1 | 40 | EUR | paid | 2024-06-15
        b3 | k1 | 1000 | EUR | paid | 2024-06-16
        b4 | k1 | 7 | EUR | paid | 2025-05-15
        b5 | k1 | 9 | EUR | paid | 2025-05-16
        b6 | k1 | 60 | EUR | paid | 2025-06-05
        b7 | k1 | 3 | EUR | paid | 2025-06-09
        b8 | k1 | 50 | EUR | paid | 2025-06-15
        b9 | k1 | 80 | EUR | paid | 2025-06-16"""
    ),
    "shop.contracts": (
        """c1 | k1 | 100 | EUR | 1 | 2024-01-01 | | 2024-01-01
        c2 | k2 | 100 | EUR | 1 | 2024-01-01 | 2025-06-10 | 2024-01-01"""
    ),
}


def step(made) -> Metrics:
    return Metrics(Context(made.model, made.plan, made.engine, lambda model: made.plan))


def lines(figure) -> dict[str, dict[str, str]]:
    names = [column["name"] for column in figure.body.columns]
    rows = [dict(zip(names, row, strict=True)) for row in figure.body.texts]
    return {row["metric"]: row for row in rows}


@pytest.fixture
def mid_june(company):
    return company(DATA, SEVEN, as_of="2025-06-15")


def test_every_nature_says_its_period(mid_june) -> None:
    told = {name: period_of(mid_june.model, mid_june, name) for name in METRICS}
    assert told["revenue"] == told["mean_bill"] == "all time, from March 2024"
    assert told["this_year"] == "1 January 2025 to 15 June 2025"
    assert told["recent"] == "30 days to 15 June 2025"
    assert told["clients"] == "as it is today"
    assert told["mrr"] == told["per_client"] == told["paying"] == "at 15 June 2025"
    assert told["gone"] == told["kept"] == "June 2025 up to 15 June 2025, one month"
    assert told["kept_12"] == "30 June 2024 to 15 June 2025"


def test_a_flow_says_its_latest_whole_month_and_a_rate_of_a_month_that_of_the_year(
    mid_june,
) -> None:
    assert "May 2025: €16" in period_told(mid_june.model, mid_june, "revenue")
    kept = period_told(mid_june.model, mid_june, "kept")
    assert (
        "30 June 2024 to 15 June 2025: 0.50" in kept
        and "one month only, not a rate of a year" in kept
        and "no value over 12 months" not in kept
    )


def test_a_rate_of_a_month_without_one_of_a_year_says_so(company) -> None:
    metrics = {name: metric for name, metric in METRICS.items() if name != "kept_12"}
    made = company(DATA, {**SEVEN, "metrics": metrics}, as_of="2025-06-15")
    kept = period_told(made.model, made, "kept")
    assert "one month only, not a rate of a year; no value over 12 months is defined" in kept
    assert "one month only" not in period_told(made.model, made, "gone")  # an amount, no rate


def test_a_part_is_compared_with_the_same_part(mid_june) -> None:
    rows = lines(Metrics.by_month(step(mid_june)))
    year = rows["Revenue by year"]
    # 2025 up to 15 June: 7 + 9 + 60 + 3 + 50; 2024 up to 15 June: 100 + 40
    assert (year["last"], year["before"], year["change"]) == ("€129", "€140", "−€11")
    assert year["before_of"] == "2024 up to 15 June 2024"
    quarter = rows["Revenue by quarter"]
    assert (quarter["last"], quarter["before"]) == ("€129", "€0")  # January to 15 March 2025
    week = rows["Revenue by week"]
    # Sunday the 15th: a whole week
    assert (week["last"], week["before"], week["before_of"]) == (
        "€53",
        "€60",
        "the week of 2 June 2025",
    )
    month = rows["Bills"]
    assert (month["last"], month["before"], month["before_of"]) == (
        "3",
        "1",
        "May 2025 up to 15 May 2025",
    )
    assert rows["Mean bill by year"]["before"] == "€70"  # 140 over two bills
    assert rows["This year by year"]["before"] == "€140"


def test_what_moved_in_a_part_is_not_compared_with_a_whole_period(company) -> None:
    made = company(
        DATA,
        {**SEVEN, "metrics": {name: METRICS[name] for name in ("gone", "mrr")}},
        as_of="2025-06-15",
    )
    rows = lines(Metrics.by_month(step(made)))
    assert rows["Gone"]["change"] == "–"
    assert rows["Mrr" if "Mrr" in rows else "MRR"]["before_of"] == "at 31 May 2025"


def test_what_moved_some_periods_ago_bears_the_period_in_which_it_moved(company) -> None:
    metrics = {"gone": METRICS["gone"], "gone_before": {**METRICS["gone"], "ago": 1}}
    made = company(DATA, {**SEVEN, "metrics": metrics}, as_of="2025-07-15")
    row = lines(Metrics.by_month(step(made)))["Gone before"]
    assert (row["last"], row["last_of"], row["before_of"]) == ("−100.00", "June 2025", "May 2025")
    assert period_of(made.model, made, "gone_before").startswith(row["last_of"])


def test_a_whole_period_is_compared_with_the_whole_one_before(company) -> None:
    made = company(DATA, SEVEN, as_of="2025-06-30")
    rows = lines(Metrics.by_month(step(made)))
    assert (rows["Bills"]["last"], rows["Bills"]["before"], rows["Bills"]["before_of"]) == (
        "4",
        "2",
        "May 2025",
    )
    assert (rows["Revenue by year"]["last"], rows["Revenue by year"]["before"]) == (
        "€209",
        "€1,140",
    )


@pytest.mark.parametrize(
    ("day", "last"),
    [("2025-03-30", "2025-02-28"), ("2025-02-15", "2025-01-15"), ("2024-03-29", "2024-02-29")],
)
def test_the_same_part_of_a_month_ends_with_a_shorter_one(company, day, last) -> None:
    from workbook.metrics import part_before

    made = company({}, SEVEN, as_of=day)
    assert str(part_before(made.model, "month").last) == last


def test_the_title_of_a_split_repeats_no_word(company) -> None:
    metrics = {
        "clients": {"measure": "clients", "by": ["client.kind"]},
        "revenue": {"measure": "billed", "by": ["bill.state", "client.kind"]},
    }
    made = company(
        DATA, {**SEVEN, "metrics": metrics, "movements": {}, "rules": {}}, as_of="2025-06-30"
    )
    titles = {row.get("title") for row in by_title(Metrics.by_segment(step(made)))}
    assert titles == {"Clients by kind", "Revenue by state", "Revenue by client kind"}


def by_title(figure) -> list[dict[str, str]]:
    names = [column["name"] for column in figure.body.columns]
    return [dict(zip(names, row, strict=True)) for row in figure.body.texts]
