"""Input that is wrong, missing or at the edge, with its table drawn: the number that comes out,
and what a reader is told of it.
"""

from __future__ import annotations

from decimal import Decimal

from workbook import metrics
from workbook.metrics.report.caveat_wording import row_caveat

MODELS = {
    "contracts": {
        "of": "contract",
        "measures": {
            "mrr": {"agg": "sum", "expr": "monthly", "over_time": "last"},
            "monthly_of_yearly": {"agg": "sum", "expr": "monthly / 12", "over_time": "last"},
        },
    },
    "bills": {
        "of": "bill",
        "measures": {
            "billed": {"agg": "sum", "expr": "amount"},
            "bills": {"agg": "count"},
            "mean": {"agg": "average", "expr": "amount"},
        },
    },
    "clients": {"of": "client", "measures": {"clients": {"agg": "count"}}},
    "visits": {"of": "visit", "measures": {"visits": {"agg": "count"}}},
}
EUROS = {"report_in": "EUR", "rates": "bank.rates.rate"}
MOVED = {"moved": {"of": "mrr", "by": "client", "kinds": ["new", "churned"]}}


def seven(**parts):
    return {"owner": "finance", "semantic_models": MODELS, **parts}


def told(made, code: str) -> list[str]:
    """The sentences of the findings of a code."""
    found = metrics.conclude(metrics.MetricEvidence(made.model, made.outcomes, made.proofs))
    return [finding.sentence for finding in found if finding.code == f"metrics.{code}"]


def checked(made, kind: str) -> list[tuple[str, str, int, Decimal | None, Decimal | None]]:
    """What was measured of a kind: of which number, about what, how many rows, what they come to,
    what was found.
    """
    return [
        (each.metric, each.about, each.rows, each.amount, each.found)
        for each in made.proofs
        if each.kind == kind
    ]


def test_a_rate_that_comes_only_later_is_missing_from_the_months_before(company) -> None:
    """100 USD a month since March; the bank tells a rate from 15 May on.

    The as-of value lacks nothing, and three months do:

    month | in force | rate | level                as-of: 50.00, no row left out
    03    | 100 USD  | none | 0.00   <- lacks it
    04    | 100 USD  | none | 0.00   <- lacks it
    05    | 100 USD  |  0.5 | 50.00
    06    | 100 USD  |  0.5 | 50.00
    """
    made = company(
        {
            "shop.contracts": "c1 | k1 | 100 | USD | 1 | 2025-03-01 | | ",
            "bank.rates": "USD | 2025-05-15 | 0.5",
        },
        seven(currency=EUROS, metrics={"level": {"measure": "mrr"}}),
    )
    assert made.months("level") == {
        "2025-03": 0,
        "2025-04": 0,
        "2025-05": Decimal(50),
        "2025-06": Decimal(50),
    }
    assert checked(made, "past rate") == [("level", "2025-04", 2, None, 1)]
    assert told(made, "missing_rate") == [
        "Level: 2 earlier months (latest April 2025) exclude up to 1 contract: no exchange rate at"
        " the time."
    ]
    assert told(made, "gaps") == []


def test_a_rate_that_is_more_than_two_months_old_is_said(company) -> None:
    """The bank sent its last dollar rate on 29 April, 62 days before the end of June, and its
    last krona rate a day earlier.

    b1 | 10 USD | 2025-06-01 | rate of 29 April, 62 days       5.00
    b2 | 70 SEK | 2025-06-01 | rate of 28 April, 63 days       7.00   <- is said
    b3 | 70 SEK | 2025-04-01 | rate of 28 April,  2 days       7.00
    """
    made = company(
        {
            "shop.bills": (
                "b1 | k1 | 10 | USD | paid | 2025-06-01 \n b2 | k1 | 70 | SEK | paid | 2025-06-01 "
                "\n b3 | k1 | 70 | SEK | paid | 2025-04-01"
            ),
            "bank.rates": "USD | 2025-04-29 | 0.5 \n SEK | 2025-04-28 | 0.1",
        },
        seven(currency=EUROS, metrics={"billed": {"measure": "billed"}}),
    )
    assert made.value("billed") == Decimal(19)
    told_of = [
        (each.kind, each.about, each.rows, each.amount)
        for each in made.proofs
        if each.kind == "old rate"
    ]
    assert told_of == [("old rate", "SEK", 1, Decimal(70))]
    assert len(told(made, "old_rate")) == 1


def test_of_two_rates_of_one_day_the_last_stands_and_is_said(company) -> None:
    """The bank sends a correction under the same day.

    Which one stands must not depend on the engine's mood:

    currency | day        | rate            10 USD = 9.00
    USD      | 2025-06-30 |  0.5
    USD      | 2025-06-30 |  0.9   <- the last of the file
    """
    for rates, expected in (
        ("USD | 2025-06-30 | 0.5 \n USD | 2025-06-30 | 0.9", 9),
        ("USD | 2025-06-30 | 0.9 \n USD | 2025-06-30 | 0.5", 5),
    ):
        made = company(
            {"shop.bills": "b1 | k1 | 10 | USD | paid | 2025-06-01", "bank.rates": rates},
            seven(currency=EUROS, metrics={"billed": {"measure": "billed"}}),
        )
        assert made.value("billed") == Decimal(expected)
        assert checked(made, "contested") == [("", "USD", 1, None, None)]
        assert len(told(made, "contested_rate")) == 1


def test_two_equal_rates_of_one_day_contradict_nothing(company) -> None:
    """USD | 2025-06-30 | 0.5, twice."""
    made = company(
        {
            "shop.bills": "b1 | k1 | 10 | USD | paid | 2025-06-01",
            "bank.rates": "USD | 2025-06-30 | 0.5 \n USD | 2025-06-30 | 0.5",
        },
        seven(currency=EUROS, metrics={"billed": {"measure": "billed"}}),
    )
    assert (made.value("billed"), told(made, "contested_rate")) == (Decimal(5), [])


def test_a_rate_of_zero_is_no_rate(company) -> None:
    """A placeholder of 0 would make 10 USD worth nothing, and a negative one a debt: both are
    left out by name.

    USD | 0      10 USD left out
    SEK | -1      7 SEK left out          value: 1.00 EUR
    """
    made = company(
        {
            "shop.bills": (
                "b1 | k1 | 10 | USD | paid | 2025-06-01 \n b2 | k1 | 7 | SEK | paid | 2025-06-01 \n"
                " b3 | k1 | 1 | EUR | paid | 2025-06-01"
            ),
            "bank.rates": "USD | 2025-06-30 | 0 \n SEK | 2025-06-30 | -1",
        },
        seven(currency=EUROS, metrics={"billed": {"measure": "billed"}}),
    )
    assert made.value("billed") == Decimal(1)
    assert checked(made, "rate") == [
        ("billed", "SEK", 1, Decimal(7), None),
        ("billed", "USD", 1, Decimal(10), None),
    ]
    assert told(made, "missing_rate") == [
        "Billed: 1 bill in SEK (7.00) is excluded: no exchange rate.",
        "Billed: 1 bill in USD (10.00) is excluded: no exchange rate.",
    ]


def test_an_amount_without_a_currency_is_no_euro(company) -> None:
    """Without rates: 10 EUR and 7 of nobody knows what are not 17 of anything.

    Alone, either is its own sum.

    amount | currency | state
        10 | EUR      | paid       all: refused, paid: 10, open: 7
         7 |          | open
    """
    made = company(
        {
            "shop.bills": (
                "b1 | k1 | 10 | EUR | paid | 2025-06-01 \n b2 | k1 | 7 | | open | 2025-06-01"
            )
        },
        seven(metrics={"billed": {"measure": "billed", "by": ["bill.state"]}}),
    )
    assert made.value("billed") is None
    assert "or some of them none" in made.outcomes["billed"].refused
    assert made.segments("billed", "bill.state") == {"paid": Decimal(10), "open": Decimal(7)}


def test_a_yearly_price_by_month_keeps_its_cents_and_its_movement(company) -> None:
    """Three contracts of 100 a year, the first from a leap day on.

    As 8.3333 each they are 24.9999, and by account 16.6667 + 8.3333:

    c1 | k1 | 2024-02-29 .. 2025-02-28     02-24   03-24 .. 01-25    02-25    06-25
    c2 | k1 | 2024-03-01 ..                 8.33       25.00         16.67    16.67
    c3 | k2 | 2024-03-01 ..
    """
    rows = (
        "c1 | k1 | 100 | EUR | 1 | 2024-02-29 | 2025-02-28 | \n c2 | k1 | 100 | EUR | 1 |"
        " 2024-03-01 | | \n c3 | k2 | 100 | EUR | 1 | 2024-03-01 | |"
    )
    movements = {
        "moved": {"of": "monthly_of_yearly", "by": "client", "kinds": ["new", "contraction"]}
    }
    for currency in (None, EUROS):
        parts = seven(movements=movements, metrics={"level": {"measure": "monthly_of_yearly"}}) | (
            {"currency": currency} if currency else {}
        )
        made = company(
            {"shop.clients": "k1 | | DE | | \n k2 | | DE | |", "shop.contracts": rows}, parts
        )
        months = made.months("level")
        assert [
            months[month] for month in ("2024-02", "2024-03", "2025-01", "2025-02", "2025-06")
        ] == [Decimal(each) for each in ("8.33", "25.00", "25.00", "16.67", "16.67")]
        assert {proof.verdict for proof in made.proofs} == {"pass"}, (
            "what moved is exactly what lies between"
        )


def test_a_twelfth_keeps_its_cents_over_many_rows(company) -> None:
    """A thousand contracts of 100 USD a year at a rate of 1: 8,333.33.

    Rounded to four places before, 8,333.30.
    """
    rows = "\n".join(f"c{n} | k1 | 100 | USD | 1 | 2025-06-01 | | " for n in range(1000))
    made = company(
        {"shop.contracts": rows, "bank.rates": "USD | 2025-06-01 | 1"},
        seven(currency=EUROS, metrics={"level": {"measure": "monthly_of_yearly"}}),
    )
    assert made.value("level") == Decimal("8333.33")


def test_periods_that_are_none_are_never_in_force(company) -> None:
    """An end before a start, and a period that starts and ends at one moment; the half-open one
    of a day is a day.

    c1 | 2025-05-10 .. 2025-05-01      month | level
    c2 | 2025-05-31 .. 2025-05-31      05    | 4
    c3 | 2025-05-31 .. 2025-06-01      06    | 0
    """
    rows = (
        "c1 | k1 | 1 | EUR | 1 | 2025-05-10 | 2025-05-01 | \n c2 | k1 | 2 | EUR | 1 | 2025-05-31 |"
        " 2025-05-31 | \n c3 | k1 | 4 | EUR | 1 | 2025-05-31 | 2025-06-01 |"
    )
    made = company({"shop.contracts": rows}, seven(metrics={"level": {"measure": "mrr"}}))
    assert made.months("level") == {"2025-05": Decimal(4), "2025-06": Decimal(0)}
    assert told(made, "counts_nothing") == [
        "Level: none of 3 contracts is counted, because none is in force on the as-of date."
    ]


def test_a_filter_that_fits_nothing_is_a_zero_that_is_said(company) -> None:
    """`payed` is no state of a bill: 0.00 looks like a number.

    One that has no row at all to count is only empty.

    b1 | paid          state = 'payed': 0 of 2          visits: 0 of 0, nothing is said
    b2 | open
    """
    made = company(
        {
            "shop.bills": (
                "b1 | k1 | 1 | EUR | paid | 2025-06-01 \n b2 | k1 | 2 | EUR | open | 2025-06-01"
            )
        },
        seven(
            metrics={
                "paid": {"measure": "billed", "filter": "state = 'payed'"},
                "visits": {"measure": "visits"},
                "billed": {"measure": "billed"},
            }
        ),
    )
    assert (made.value("paid"), made.value("visits")) == (Decimal(0), 0)
    assert told(made, "counts_nothing") == [
        "Paid: none of 2 bills is counted, because none meets its filter and is dated on or before"
        " the as-of date."
    ]


def test_a_day_before_the_first_fact_knows_nothing_and_says_so(company) -> None:
    """Seen from 2020, nothing of 2025 has happened: 0, no month, no movement, no mean; never an
    error.
    """
    made = company(
        {
            "shop.clients": "k1 | | DE | |",
            "shop.bills": "b1 | k1 | 1 | EUR | paid | 2025-06-01",
            "shop.contracts": "c1 | k1 | 1 | EUR | 1 | 2025-06-01 | |",
        },
        seven(
            movements=MOVED,
            metrics={
                "level": {"measure": "mrr"},
                "billed": {"measure": "billed", "by": ["client.country"]},
                "mean": {"measure": "mean"},
                "fresh": {"measure": "moved.new"},
                "bills": {"measure": "bills"},
                "each": {"type": "ratio", "numerator": "billed", "denominator": "bills"},
            },
        ),
        as_of="2020-02-29",
    )
    assert [made.value(name) for name in ("level", "billed", "mean", "fresh", "each")] == [
        0,
        0,
        None,
        0,
        None,
    ]
    assert (
        made.months("level"),
        made.months("billed"),
        made.segments("billed", "client.country"),
    ) == ({}, {}, {})
    assert told(made, "counts_nothing") == [
        "Billed: none of 1 bill is counted, because none is dated on or before the as-of date.",
        "Bills: none of 1 bill is counted, because none is dated on or before the as-of date.",
        "Level: none of 1 contract is counted, because none is in force on the as-of date.",
    ]
    assert told(made, "no_value") == [
        "Each has no value: a divisor is zero or an input is missing.",
        "Mean has no value: no row has a value from which to calculate it.",
    ]


def test_a_denominator_that_is_zero_here_and_there_leaves_gaps_that_are_counted(company) -> None:
    """Visits per bill. March and June have no bill, and so has ES; the total divides the sums.

    month | visits | bills | each          country | visits | bills | each
    03    |      1 |     0 | none          DE      |      2 |     1 |    2
    04    |      1 |     1 |    1          ES      |      1 |     0 | none
    05    |      0 |     0 | none
    06    |      1 |     0 | none          all     |      3 |     1 |    3
    """
    made = company(
        {
            "shop.clients": "k1 | | DE | | \n k2 | | ES | |",
            "shop.visits": (
                "v1 | k1 | home | 2025-03-01 00:00:00 \n v2 | k1 | home | 2025-04-01 00:00:00 \n v3"
                " | k2 | home | 2025-06-01 00:00:00"
            ),
            "shop.bills": "b1 | k1 | 5 | EUR | paid | 2025-04-02",
        },
        seven(
            metrics={
                "visits": {"measure": "visits"},
                "bills": {"measure": "bills"},
                "each": {
                    "type": "ratio",
                    "numerator": "visits",
                    "denominator": "bills",
                    "by": ["client.country"],
                },
            }
        ),
    )
    assert made.value("each") == Decimal(3)
    assert made.months("each") == {
        "2025-03": None,
        "2025-04": Decimal(1),
        "2025-05": None,
        "2025-06": None,
    }
    assert made.segments("each", "client.country") == {"DE": Decimal(2), "ES": None}
    assert checked(made, "gaps") == [
        ("each", "month", 3, None, 1),
        ("each", "client.country", 1, None, 1),
    ]
    (gaps,) = told(made, "gaps")
    assert gaps.endswith("Each in 3 of 4 months and 1 of 2 segments by country.")


def test_an_undated_row_is_in_the_total_and_in_no_month_and_that_is_said(company) -> None:
    """The months shown add up to 10; the total is 17.

    b1 | 10 | 2025-06-01
    b2 |  7 |               <- belongs to no month
    """
    made = company(
        {"shop.bills": "b1 | k1 | 10 | EUR | paid | 2025-06-01 \n b2 | k1 | 7 | EUR | paid |"},
        seven(metrics={"billed": {"measure": "billed"}}),
    )
    assert (made.value("billed"), made.months("billed")) == (
        Decimal(17),
        {"2025-06": Decimal(10), "no date": Decimal(7)},
    )
    assert checked(made, "undated") == [("billed", "", 1, Decimal(7), None)]
    assert told(made, "undated") == [
        "Billed: 1 bill (7.00) without a date is in the total but in no month."
    ]


def test_a_refund_lessens_the_sum_and_is_counted_once(company) -> None:
    """10.00 and a refund of 4.50 are 5.50, in every number that counts them; said of the first.

    b1 | k1 | 10.00          billed 5.50, a second number of the same rows 5.50; DE 5.50
    b2 | k1 | -4.50
    """
    made = company(
        {
            "shop.clients": "k1 | | DE | |",
            "shop.bills": (
                "b1 | k1 | 10 | EUR | paid | 2025-06-01 \n b2 | k1 | -4.50 | EUR | paid |"
                " 2025-06-02"
            ),
        },
        seven(
            metrics={
                "billed": {"measure": "billed", "by": ["client.country"]},
                "more": {"measure": "billed"},
                "bills": {"measure": "bills"},
            }
        ),
    )
    assert (
        made.value("billed"),
        made.segments("billed", "client.country"),
        made.value("bills"),
    ) == (Decimal("5.50"), {"DE": Decimal("5.50")}, 2)
    assert checked(made, "negative")[0] == ("billed", "", 1, Decimal("-4.50"), None)
    assert told(made, "negative_amounts") == ["Billed: after deducting 1 bill below zero (−4.50)."]


def test_contracts_in_force_together_count_in_full_and_are_counted(company) -> None:
    """A renewal that overlaps, or a second product: both count, and the reader learns of how
    many that is so.

    c1 | k1 | 10 | 2025-01-01 ..        level 37; of client, 1 has 2 rows at once
    c2 | k1 | 20 | 2025-06-01 ..
    c3 | k2 |  7 | 2025-01-01 ..        c4 | k2 | ended in May
    """
    rows = (
        "c1 | k1 | 10 | EUR | 1 | 2025-01-01 | | \n c2 | k1 | 20 | EUR | 1 | 2025-06-01 | | \n c3 |"
        " k2 | 7 | EUR | 1 | 2025-01-01 | | \n c4 | k2 | 1 | EUR | 1 | 2025-01-01 | 2025-05-01 |"
    )
    made = company(
        {"shop.clients": "k1 | | DE | | \n k2 | | DE | |", "shop.contracts": rows},
        seven(movements=MOVED, metrics={"level": {"measure": "mrr"}}),
    )
    assert made.value("level") == Decimal(37)
    assert checked(made, "at once") == [("moved", "client", 1, None, 2)]
    assert told(made, "at_once") == [
        "Level: 1 client has several contracts in force on the as-of date (2 in all); each counts"
        " in full."
    ]


def test_a_movement_whose_level_nobody_shows_still_says_what_it_leaves_out(company) -> None:
    """100 SEK that began in June have no rate: they are nobody's new contract, and the page
    says so.

    c1 | k1 | 10 EUR | 2025-06-01       new: 1 (10.00)
    c2 | k2 | 100 SEK | 2025-06-01      left out
    """
    made = company(
        {
            "shop.clients": "k1 | | DE | | \n k2 | | DE | |",
            "shop.contracts": (
                "c1 | k1 | 10 | EUR | 1 | 2025-06-01 | | \n c2 | k2 | 100 | SEK | 1 |"
                " 2025-06-01 | |"
            ),
        },
        seven(currency=EUROS, movements=MOVED, metrics={"fresh": {"measure": "moved.new_count"}}),
    )
    assert made.value("fresh") == 1
    assert told(made, "missing_rate") == [
        "Moved: 1 contract in SEK (100.00) is excluded: no exchange rate."
    ]


def test_times_at_the_end_of_the_years_stay_in_them(company) -> None:
    """A zone moves the first and the last moment that can be written out of the years, and no
    reader can write year 0 down:

    v1 | 0001-01-01T00:00:00+02:00      is the first moment there is
    v2 | 9999-12-31T23:59:59-02:00      is the last one, and has not come
    v3 | 2025-06-01T10:00:00Z
    """
    rows = (
        "v1 | k1 | home | 0001-01-01T00:00:00+02:00 \n v2 | k1 | home | 9999-12-31T23:59:59-02:00"
        " \n v3 | k1 | home | 2025-06-01T10:00:00Z"
    )
    made = company({"shop.visits": rows}, seven(metrics={"visits": {"measure": "visits"}}))
    assert made.value("visits") == 2
    assert made.months("visits") == {"0001-01": 1, "2025-06": 1}


def test_what_is_left_out_stands_in_the_caveat_too(company) -> None:
    """Whoever reads the table of values instead of the page reads the same sentences."""
    made = company(
        {"shop.bills": "b1 | k1 | -2 | EUR | paid |"},
        seven(metrics={"billed": {"measure": "billed"}}),
    )
    caveat = metrics.MetricEvidence(made.model, made.outcomes, made.proofs).caveat("billed")
    assert (
        caveat == "After deducting 1 bill below zero (−2.00). 1 bill (−2.00) without a date is "
        "in the total but in"
        " no month."
    )
    assert all(
        row_caveat(made.model, proof) in caveat
        for proof in made.proofs
        if proof.kind in ("undated", "negative")
    )


def test_a_dashboard_that_divides_by_zero_shows_nothing_and_stops_nothing(company) -> None:
    """As the engine has it, 5 / 0 is infinity, which no number can hold: the run would end there.

    It has no value, and ours stands.

    bills 5.00, of clients 0      theirs: none, "its SQL returns no value"      ours: 5.00
    """
    sql = (
        "select sum(b.amount) / (select count(*) from shop__clients) as value from shop__bills as b"
    )
    board = {"competes_with": "billed", "sql": sql}
    made = company(
        {"shop.bills": "b1 | k1 | 5 | EUR | paid | 2025-06-01"},
        seven(metrics={"billed": {"measure": "billed"}}, dashboards={"board": board}),
    )
    (each,) = metrics.against(made.model, made, made.outcomes, {})
    assert (each.value, each.ours, each.difference) == (None, Decimal(5), None)
    assert each.why_not == "its SQL returns no value for the as-of date"
