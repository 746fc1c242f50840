"""Each trap of a semantic layer, with its table drawn: the right number comes out, or a
refusal; never the wrong one.
"""

from __future__ import annotations

from decimal import Decimal

from workbook import metrics
from workbook.engine import Table

CONTRACTS = {
    "contracts": {
        "of": "contract",
        "measures": {
            "seats": {"agg": "sum", "expr": "seats"},
            "monthly": {"agg": "sum", "expr": "monthly"},
            "mrr": {"agg": "sum", "expr": "monthly", "over_time": "last"},
        },
    },
    "bills": {
        "of": "bill",
        "measures": {"billed": {"agg": "sum", "expr": "amount"}, "bills": {"agg": "count"}},
    },
    "clients": {"of": "client", "measures": {"clients": {"agg": "count"}}},
}
SEATS = """
    c1 | k1 | 1 | EUR | 100 | 2025-01-01 | | 2025-01-01
    c2 | k1 | 1 | EUR | 50  | 2025-01-01 | | 2025-01-01
    c3 | k2 | 1 | EUR | 84  | 2025-01-01 | | 2025-01-01
"""


def seven(**parts):
    return {"owner": "finance", "semantic_models": CONTRACTS, **parts}


def test_a_duplicate_account_is_refused_and_never_counted_twice(company) -> None:
    """A canonical table whose key repeats, as two well-known semantic layers believe it:

        client               contract
        id | country         id | client | seats
        k1 | DE              c1 | k1     | 100
        k1 | DE   <- again   c2 | k1     |  50
        k2 | FR              c3 | k2     |  84

    Seats by country: 234 is the truth. A join over the declared key gives 150 + 150 + 84 = 384.
    """
    twice = Table(
        "client",
        row_is="one client, and one of them twice",
        step="test",
        keys=("id",),
        sql=(
            "select v.id as id, v.id as client_id, v.country as country, v.kind as kind from"
            " (values ('k1', 'DE', 'large'), ('k1', 'DE', 'large'), ('k2', 'FR', 'small')) as v(id,"
            " country, kind)"
        ),
    )
    made = company(
        {"shop.clients": "k1 | | DE | | \n k2 | | FR | |", "shop.contracts": SEATS},
        seven(
            metrics={
                "seats": {"measure": "seats", "by": ["client.country"]},
                "in_large": {"measure": "seats", "filter": "client.kind = 'large'"},
            }
        ),
        extra=(twice,),
    )
    joined = made.query(
        'select sum(c.seats) as naive from "contract" as c join "client" as k on k.id = c.client_id'
    )
    assert joined["naive"][0] == 384, "the trap must be set"
    assert made.value("in_large") is None
    assert set(made.segments("seats", "client.country").values()) == {None}
    outcome = made.outcomes["in_large"]
    assert "client has 3 rows but only 2 distinct IDs" in outcome.refused
    assert made.value("seats") == 234, "the total reads no client"
    failed = {
        (proof.metric, proof.kind, proof.about) for proof in made.proofs if proof.verdict == "fail"
    }
    assert {("seats", "key", "client"), ("in_large", "key", "client")} <= failed


def test_a_source_row_that_repeats_its_key_is_set_aside(company) -> None:
    """The same trap in the source: the newest row of a key stands for it, and the sum is 234.

    shop.clients: k1 | DE ; k1 | DE ; k2 | FR
    """
    made = company(
        {
            "shop.clients": "k1 | | DE | | \n k1 | | DE | | \n k2 | | FR | |",
            "shop.contracts": SEATS,
        },
        seven(metrics={"seats": {"measure": "seats", "by": ["client.country"]}}),
    )
    assert made.value("seats") == 234
    assert made.segments("seats", "client.country") == {"DE": 150, "FR": 84}
    assert {proof.verdict for proof in made.proofs} == {"pass"}


def test_a_chasm_of_two_facts_multiplies_neither(company) -> None:
    """Two facts of one dimension, joined through it, give 2 x 3 rows:

    client k1:  contracts 10, 20          bills 1, 2, 4
    naive join: contracts (10 + 20) x 3   bills (1 + 2 + 4) x 2
    """
    made = company(
        {
            "shop.clients": "k1 | | DE | |",
            "shop.contracts": (
                "c1 | k1 | 10 | EUR | 1 | 2025-01-01 | | 2025-01-01 \n c2 | k1 | 20 | EUR | 1 |"
                " 2025-01-01 | | 2025-01-01"
            ),
            "shop.bills": (
                "b1 | k1 | 1 | EUR | paid | 2025-01-01 \n b2 | k1 | 2 | EUR | paid | 2025-01-01 \n"
                " b3 | k1 | 4 | EUR | paid | 2025-01-01"
            ),
        },
        seven(
            metrics={
                "level": {"measure": "mrr", "by": ["client.country"]},
                "billed": {"measure": "billed", "by": ["client.country"]},
                "per_level": {
                    "type": "ratio",
                    "numerator": "billed",
                    "denominator": "level",
                    "by": ["client.country"],
                },
            }
        ),
    )
    assert (made.value("level"), made.value("billed")) == (Decimal(30), Decimal(7))
    assert made.segments("per_level", "client.country") == {"DE": Decimal("0.233333")}


def test_a_row_that_reaches_two_is_named_and_not_doubled(company) -> None:
    """A link that promises one and reaches two:

    client k1 -> team red, team blue       clients by team: 1, under (several); never red 1, blue 1
    """
    made = company(
        {"shop.clients": "k1 | | DE | |", "shop.teams": "k1 | red \n k1 | blue"},
        seven(metrics={"clients": {"measure": "clients", "by": ["team.team"]}}),
    )
    assert made.segments("clients", "team.team") == {metrics.SEVERAL: 1}
    link = next(proof for proof in made.proofs if proof.kind == "link")
    assert (link.verdict, link.rows) == ("look", 1)
    evidence = metrics.MetricEvidence(made.model, made.outcomes, made.proofs)
    assert {finding.code for finding in metrics.conclude(evidence)} == {
        "metrics.fan_out",
        "metrics.orphans",
    }


def test_a_ratio_is_computed_from_its_parts_and_loses_no_segment(company) -> None:
    """The mean of ratios is no ratio, and an inner join loses who stands in one fact only:

    country | billed | clients | ratio
    DE      |     90 |       3 |    30
    FR      |     10 |       1 |    10
    ES      |      0 |       1 |     0     <- has no bill
    all     |    100 |       5 |    20     (mean of the ratios: 13.33; without ES: 25)
    """
    made = company(
        {
            "shop.clients": (
                "k1 | | DE | | \n k2 | | DE | | \n k3 | | DE | | \n k4 | | FR | | \n k5 | | ES | |"
            ),
            "shop.bills": (
                "b1 | k1 | 90 | EUR | paid | 2025-01-01 \n b2 | k4 | 10 | EUR | paid | 2025-01-01"
            ),
        },
        seven(
            metrics={
                "billed": {"measure": "billed"},
                "clients": {"measure": "clients"},
                "each": {
                    "type": "ratio",
                    "numerator": "billed",
                    "denominator": "clients",
                    "by": ["client.country"],
                },
            }
        ),
    )
    assert made.value("each") == Decimal(20)
    assert made.segments("each", "client.country") == {
        "DE": Decimal(30),
        "FR": Decimal(10),
        "ES": Decimal(0),
    }


def test_amounts_of_two_currencies_are_never_added(company) -> None:
    """10 EUR + 10 USD is not 20 of anything.

    Without rates: refused. One currency alone: its sum.
    """
    rows = "b1 | k1 | 10 | EUR | paid | 2025-01-01 \n b2 | k1 | 10 | USD | open | 2025-02-01"
    parts = {
        "billed": {"measure": "billed", "by": ["bill.state"]},
        "paid": {"measure": "billed", "filter": "state = 'paid'"},
    }
    made = company({"shop.bills": rows}, seven(metrics=parts))
    assert made.value("billed") is None
    assert "several currencies" in made.outcomes["billed"].refused
    assert made.segments("billed", "bill.state") == {"paid": Decimal(10), "open": Decimal(10)}
    assert made.months("billed")["2025-03"] == 0
    assert made.value("paid") == Decimal(10)


def test_an_amount_without_a_rate_is_left_out_by_name(company) -> None:
    """A join to rates drops the row, or makes the sum NULL:

    amount | currency | rate            value 10.00; left out: 100.00 SEK (1 row), 7.00 without
    a currency (1 row)
        10 | EUR      |    1
       100 | SEK      | none
         7 |          | none
    """
    made = company(
        {
            "shop.bills": (
                "b1 | k1 | 10 | EUR | paid | 2025-06-01 \n b2 | k1 | 100 | SEK | paid | 2025-06-01"
                " \n b3 | k1 | 7 | | paid | 2025-06-01"
            )
        },
        seven(
            currency={"report_in": "EUR", "rates": "bank.rates.rate"},
            metrics={"billed": {"measure": "billed"}},
        ),
    )
    assert made.value("billed") == Decimal(10)
    missing = {
        (proof.about, proof.rows, proof.amount) for proof in made.proofs if proof.kind == "rate"
    }
    assert missing == {("SEK", 1, Decimal(100)), (metrics.NO_VALUE, 1, Decimal(7))}
    codes = [
        finding.code
        for finding in metrics.conclude(
            metrics.MetricEvidence(made.model, made.outcomes, made.proofs)
        )
    ]
    assert codes == ["metrics.missing_rate", "metrics.missing_rate"]


def test_cents_are_exact_and_rounded_once(company) -> None:
    """As doubles, ten times 0.10 is 0.9999999999999999.

    Rounded per row, three times 0.333333 is 0.99.
    """
    bills = "\n".join(f"b{n} | k1 | 0.10 | EUR | paid | 2025-06-01" for n in range(10))
    foreign = "\n".join(f"u{n} | k1 | 1.00 | USD | open | 2025-06-01" for n in range(3))
    made = company(
        {"shop.bills": f"{bills}\n{foreign}", "bank.rates": "USD | 2025-06-30 | 0.333333"},
        seven(
            currency={"report_in": "EUR", "rates": "bank.rates.rate"},
            metrics={
                "paid": {"measure": "billed", "filter": "state = 'paid'"},
                "unpaid": {"measure": "billed", "filter": "state = 'open'"},
            },
        ),
    )
    assert (made.value("paid"), made.value("unpaid")) == (Decimal("1.00"), Decimal("1.00"))
    assert made.outcomes["unpaid"].exact == Decimal("0.999999")


def test_impossible_dates_shift_nothing_else(company) -> None:
    """Year 1, year 9999, an end before its start, an undated row: each where it belongs, none lost.

    id | starts     | ends         a level counts c1 and c2; a flow all that began by as-of, and
    the undated one c1 | 0001-01-01 | c2 | 2025-01-01 | 9999-12-31 c3 | 2025-03-01 | 2025-02-01
    c4 |            | c5 | 9999-12-31 |
    """
    rows = """
        c1 | k1 | 1  | EUR | 1 | 0001-01-01 |            |
        c2 | k1 | 2  | EUR | 1 | 2025-01-01 | 9999-12-31 |
        c3 | k1 | 4  | EUR | 1 | 2025-03-01 | 2025-02-01 |
        c4 | k1 | 8  | EUR | 1 |            |            |
        c5 | k1 | 16 | EUR | 1 | 9999-12-31 |            |
    """
    made = company(
        {"shop.contracts": rows},
        seven(metrics={"mrr": {"measure": "mrr"}, "begun": {"measure": "monthly"}}),
    )
    assert (made.value("mrr"), made.value("begun")) == (Decimal(3), Decimal(15))
    months = made.months("begun")
    assert (months["0001-01"], months["2025-03"], months["no date"]) == (
        Decimal(1),
        Decimal(4),
        Decimal(8),
    )
    undated = [proof for proof in made.proofs if proof.kind == "date"]
    assert [(proof.metric, proof.rows) for proof in undated] == [("mrr", 1)]
    assert not [proof for proof in made.proofs if proof.verdict == "fail"]


def test_an_outside_figure_that_is_missed_fails(company) -> None:
    """17.00 was billed in June.

    A tolerance of 0.5 % accepts 17.05 and not 20.00; a period without a value is not compared, and
    one that is still to come is not judged.
    """
    rows = "b1 | k1 | 17 | EUR | paid | 2025-06-01 \n b2 | k1 | 5 | EUR | paid | 2025-05-01"

    def tied(**control):
        return {
            "measure": "billed",
            "control_total": {
                "where_from": "the ledger",
                "supplied_by": "the bookkeeper",
                "supplied": "2025-07-01",
                **control,
            },
        }

    made = company(
        {"shop.bills": rows},
        seven(
            metrics={
                "met": tied(value=17, period="2025-06"),
                "near": tied(value=17.05, period="2025-06", tolerance="0.5%"),
                "quarter": tied(value=22, period="2025-Q2"),
                "missed": tied(value=20, period="2025-06", tolerance="0.5%"),
                "ever": tied(value=22),
                "unknown": tied(value=1, period="2020-01"),
                "later": tied(value=1, period="2031-01"),
            }
        ),
    )
    verdicts = {proof.metric: proof.verdict for proof in made.proofs if proof.kind == "control"}
    assert verdicts == {
        "met": "pass",
        "near": "pass",
        "quarter": "pass",
        "missed": "fail",
        "ever": "pass",
        "unknown": "look",
    }
    findings = metrics.conclude(metrics.MetricEvidence(made.model, made.outcomes, made.proofs))
    assert [(finding.code, finding.severity) for finding in findings] == [
        ("metrics.control_total_missed", "note"),
        ("metrics.control_total_not_comparable", "look"),
    ]
    assert (findings[0].count, findings[0].about) == (1, ("missed",))
    assert (
        findings[0].sentence
        == "Missed: not reconciled with the ledger for June 2025 (20.00): difference −3.00,"
        " 15.0\u202f%."
    )


def test_overlapping_intervals_of_the_past_count_nobody_twice(company) -> None:
    """What was true of k1 in June, kept twice:

    client__tier__history: k1 | 2025-01-01 .. open | gold
                           k1 | 2025-02-01 .. open | silver   <- overlaps
                           k2 | 2025-01-01 .. open | gold
    """
    kept = Table(
        "client__tier__history",
        row_is="one interval of one client",
        step="test",
        sql=(
            "select v.id as id, v.value as value, cast(v.since as timestamp) as valid_from,"
            " cast('9999-12-31' as timestamp) as valid_to from (values ('k1', 'gold',"
            " '2025-01-01'), ('k1', 'silver', '2025-02-01'), ('k2', 'gold', '2025-01-01')) as v(id,"
            " value, since)"
        ),
    )
    made = company(
        {
            "shop.clients": "k1 | | DE | | \n k2 | | FR | |",
            "shop.visits": "v1 | k1 | home | 2025-01-10",
        },
        seven(
            metrics={
                "ranked": {"measure": "clients", "filter": "tier is not null"},
                "clients": {"measure": "clients", "by": ["client.tier"]},
                "silver": {"measure": "clients", "filter": "tier = 'silver'"},
            }
        ),
        extra=(kept,),
        more={
            "06_history": (
                "history:\n  client.tier: {from: shop.contracts, as: periods, value: currency}\n"
            )
        },
    )
    assert made.refused == {("clients", "month"): "metrics.no_history"}
    assert made.value("ranked") is None
    assert "periods of the history overlap" in made.outcomes["ranked"].refused
    assert made.months("ranked") == {
        "2025-01": 2,
        "2025-02": None,
        "2025-03": None,
        "2025-04": None,
        "2025-05": None,
        "2025-06": None,
    }
    assert made.value("silver") == 1
    assert [proof.about for proof in made.proofs if proof.verdict == "fail"] == ["client.tier"], (
        "clients by tier would be three"
    )


HELD = "(values {rows}) as v(id, happened, record, value)"


def plan_then(*rows: tuple[str, str, str]) -> Table:
    """`client__tier__at__left`: who left when, and the tier that held at that moment."""
    listed = ", ".join(
        f"('{who}', '{when}', '{number}', {repr(tier) if tier else 'null'})"
        for number, (who, when, tier) in enumerate(rows)
    )
    sql = (
        'select v.id as id, cast(v.happened as timestamp) as "at", v.record as record, v.value'
        f" as value, cast('gold' as varchar) as value_now from {HELD.format(rows=listed)}"
    )
    return Table(
        "client__tier__at__left",
        "one leaving of one client, and its tier then",
        "test",
        keys=("id", "at", "record"),
        sql=sql,
    )


HISTORY = {
    "06_history": (
        "history:\n  client.tier: {from: shop.contracts, as: periods, value: currency}\nevents:\n "
        " left: {from: shop.contracts, of: client, at: ends, last: true}\n  billed: {from:"
        " shop.bills, of: bill, at: billed}\n"
    )
}


def test_a_state_at_an_event_is_that_of_the_moment_and_counts_nobody_twice(company) -> None:
    """Who left at which tier.

    Today all are gold, and a join to the happenings counts k2 and k3 twice:

    client  left        tier then          by tier at leaving       naive join   by tier today
    k1      2025-03     silver             silver      2            silver 3     gold 4
    k2      2025-03     silver             (several)   1            gold   1
    k2      2025-05     silver             (none)      1
    k3      2025-03     silver, then gold
    k4      never
    """
    then = plan_then(
        ("k1", "2025-03-01", "silver"),
        ("k2", "2025-03-01", "silver"),
        ("k2", "2025-05-01", "silver"),
        ("k3", "2025-03-01", "silver"),
        ("k3", "2025-05-01", "gold"),
    )
    made = company(
        {
            "shop.clients": "k1 | | DE | | \n k2 | | DE | | \n k3 | | DE | | \n k4 | | DE | |",
            "shop.bills": (
                "b1 | k1 | 5 | EUR | paid | 2025-05-01 \n b2 | k9 | 7 | EUR | paid | 2025-05-01"
            ),
        },
        seven(
            metrics={
                "clients": {"measure": "clients", "by": ["client.tier at left"]},
                "billed": {"measure": "billed", "by": ["client.tier at left"]},
            }
        ),
        extra=(then,),
        more=HISTORY,
    )
    assert made.segments("clients", "client.tier at left") == {
        "silver": 2,
        metrics.SEVERAL: 1,
        metrics.NO_VALUE: 1,
    }
    assert made.segments("billed", "client.tier at left") == {
        "silver": Decimal(5),
        metrics.NOT_LINKED: Decimal(7),
    }
    assert {proof.verdict for proof in made.proofs} == {"pass", "look"}


def test_a_state_at_an_event_that_nobody_kept_is_refused(company) -> None:
    """Today's country of those who left is a guess; an event of another thing says nothing
    about a client.
    """
    made = company(
        {"shop.clients": "k1 | | DE | |"},
        seven(
            metrics={
                "clients": {
                    "measure": "clients",
                    "by": ["client.country at left", "client.tier at billed"],
                }
            }
        ),
        more=HISTORY,
    )
    assert made.refused["clients", "client.country at left"] == "metrics.no_past_value"
    assert made.refused["clients", "client.tier at billed"] == "metrics.unknown_event"


def test_zones_are_one_clock_and_a_day_begins_at_midnight(company) -> None:
    """Five visits around the end of June, as they were written:

    v1  2025-06-30                      counts: a day is its midnight
    v2  2025-06-30 23:59:59             counts
    v3  2025-06-30 23:30:00-02:00       is 01:30 on the first of July: does not
    v4  2025-07-01 01:00:00+02:00       is 23:00 on the last of June: counts
    v5  2025-07-01T00:00:00Z            does not
    """
    rows = (
        "v1 | k1 | home | 2025-06-30 \n v2 | k1 | home | 2025-06-30 23:59:59 \n v3 | k1 | home |"
        " 2025-06-30 23:30:00-02:00 \nv4 | k1 | home | 2025-07-01 01:00:00+02:00 \n v5 | k1 | home"
        " | 2025-07-01T00:00:00Z"
    )
    models = {"visits": {"of": "visit", "measures": {"visits": {"agg": "count"}}}}
    made = company(
        {"shop.visits": rows},
        {"owner": "sales", "semantic_models": models, "metrics": {"visits": {"measure": "visits"}}},
    )
    assert made.value("visits") == 3
    assert made.months("visits") == {"2025-06": 3}


def test_overlapping_contracts_are_two_levels_and_no_churn(company) -> None:
    """A renewal that begins before the old contract ends.

    Both are in force in March: 30, and nobody left in April.

    c1 |##########|        10        month  opening  expansion  contraction  churned  closing
    c2      |############  20        03          10         20            0        0       30
       Feb  Mar  Apr                 04          30          0          -10        0       20
    """
    made = company(
        {
            "shop.clients": "k1 | | DE | |",
            "shop.contracts": (
                "c1 | k1 | 10 | EUR | 1 | 2025-02-01 | 2025-04-15 | \n c2 | k1 | 20 | EUR | 1 |"
                " 2025-03-15 | |"
            ),
        },
        seven(
            movements={
                "moved": {
                    "of": "mrr",
                    "by": "client",
                    "kinds": ["expansion", "contraction", "churned"],
                }
            },
            metrics={"mrr": {"measure": "mrr"}},
        ),
        as_of="2025-04-30",
    )
    assert made.months("mrr") == {
        "2025-02": Decimal(10),
        "2025-03": Decimal(30),
        "2025-04": Decimal(20),
    }
    ladder = (
        made.frame("m__moved__month")
        .sort("month")
        .select("opening", "expansion", "contraction", "churned", "closing")
        .rows()
    )
    assert ladder[1:] == [(10, 20, 0, 0, 30), (30, 0, -10, 0, 20)]


def test_a_division_by_zero_has_no_value_anywhere(company) -> None:
    """Per row, per segment, per month and in all; never an error, infinity or 0:

    contract | monthly | seats | per seat         country | billed | clients | each
    c1       |      10 |     2 |        5         DE      |      0 |       1 |    0
    c2       |      10 |     0 |     none         (not linked) 7   |       0 | none
    mean of what is known: 5
    """
    models = {
        **CONTRACTS,
        "prices": {
            "of": "contract",
            "measures": {"price": {"agg": "average", "expr": "monthly / seats"}},
        },
    }
    made = company(
        {
            "shop.clients": "k1 | | DE | |",
            "shop.contracts": (
                "c1 | k1 | 10 | EUR | 2 | 2025-05-01 | | \n c2 | k1 | 10 | EUR | 0 | 2025-06-01 | |"
            ),
            "shop.bills": "b1 | k9 | 7 | EUR | paid | 2025-06-01",
        },
        {
            "owner": "finance",
            "semantic_models": models,
            "metrics": {
                "price": {"measure": "price"},
                "billed": {"measure": "billed"},
                "clients": {"measure": "clients"},
                "nobody": {"measure": "clients", "filter": "kind = 'x'"},
                "each": {
                    "type": "ratio",
                    "numerator": "billed",
                    "denominator": "clients",
                    "by": ["client.country"],
                },
                "none": {"type": "derived", "expr": "billed / nobody"},
            },
        },
    )
    assert (made.value("price"), made.value("none")) == (Decimal(5), None)
    assert made.months("price") == {"2025-05": Decimal(5), "2025-06": None}
    assert made.segments("each", "client.country") == {"DE": Decimal(0), metrics.NOT_LINKED: None}
    assert made.outcomes["none"].absent == "a divisor is zero or an input is missing"


def test_an_empty_month_is_nothing_and_has_no_mean(company) -> None:
    """March has bills, April none, May one again.

    A chart that joins only months with rows draws a line through April.

    month | billed | mean | level at its end
    03    |     10 |   10 |   20
    04    |      0 | none |    0    <- the contract ended on 2 April
    05    |      4 |    4 |    0
    """
    models = {
        **CONTRACTS,
        "means": {"of": "bill", "measures": {"mean": {"agg": "average", "expr": "amount"}}},
    }
    made = company(
        {
            "shop.bills": (
                "b1 | k1 | 10 | EUR | paid | 2025-03-05 \n b2 | k1 | 4 | EUR | paid | 2025-05-05"
            ),
            "shop.contracts": "c1 | k1 | 20 | EUR | 1 | 2025-03-01 | 2025-04-02 |",
        },
        {
            "owner": "finance",
            "semantic_models": models,
            "metrics": {
                "billed": {"measure": "billed"},
                "mean": {"measure": "mean"},
                "mrr": {"measure": "mrr"},
            },
        },
        as_of="2025-05-31",
    )
    assert made.months("billed") == {
        "2025-03": Decimal(10),
        "2025-04": Decimal(0),
        "2025-05": Decimal(4),
    }
    assert made.months("mean") == {"2025-03": Decimal(10), "2025-04": None, "2025-05": Decimal(4)}
    assert made.months("mrr") == {
        "2025-03": Decimal(20),
        "2025-04": Decimal(0),
        "2025-05": Decimal(0),
    }
