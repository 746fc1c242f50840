"""What a row could be: candidates, keys, ways along relationships, and how far a number moves;
each on planted rows.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from workbook.sources import profile
from workbook.engine import Table
from workbook.sources.profile.grain_candidates import usual_of

Open = Callable[..., "object"]
GRAIN = """
primary: firm
sentence: One row is one firm.
considered:
  payer: it pays
  seller: {by: payer_no, because: it sells}
  household: nobody shares one
"""
METRICS = """
semantic_models:
  firms: {of: firm, measures: {firms: {agg: count}}}
  sales: {of: sale, measures: {sold: {agg: sum, expr: total}, best: {agg: max, expr: total}}}
metrics:
  firms: {measure: firms}
  sold: {measure: sold, label: Sold}
  best: {measure: best}
  sold_per_firm: {type: ratio, numerator: sold, denominator: firms}
"""
ROWS = (
    Table(
        "m__sold__rows",
        "one sale",
        "07_metrics",
        keys=("id",),
        sql="select id, total as amount from sale",
    ),
    Table(
        "m__firms__rows",
        "one firm",
        "07_metrics",
        keys=("id",),
        sql="select id, 1 as amount from firm",
    ),
)


def steps() -> dict[str, str]:
    return {"02_grain": GRAIN, "07_metrics": METRICS}


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("user",), ("person",)),
        (("app_users",), ("person",)),
        (("billing_customer",), ("billing entity",)),
        (("workspace",), ("account or workspace",)),
        (("legal_entity",), ("company or legal entity",)),
        (("cookie_id",), ("device",)),
        (("resellers",), ("seller",)),
        (("subscription",), ()),
        (("clientAccount",), ("account or workspace",)),
    ],
)
def test_usual_things_by_their_words(names: tuple[str, ...], expected: tuple[str, ...]) -> None:
    assert usual_of(*names) == expected


def test_every_candidate_stands_once_the_decided_one_first(opened: Open) -> None:
    found = profile.candidates(opened(**steps()).model)
    assert [
        (each.name, each.group, each.kind, each.target)
        for each in found
        if each.group != profile.ABSENT
    ] == [
        ("firm", profile.DECIDED, "entity", "firm"),
        ("payer", profile.CONSIDERED, "entity", "payer"),
        ("seller", profile.CONSIDERED, "identifier", "payer_no"),
        ("sale", profile.OTHER, "entity", "sale"),
    ]
    absent = {each.name for each in found if each.group == profile.ABSENT}
    # firm, payer and seller are usual things
    assert absent == {"household", "person", "account or workspace", "buyer", "device"}


def test_an_identifier_that_nobody_named_is_found_by_its_words(
    opened: Open, sources_text: str
) -> None:
    found = opened(
        sources_text.replace(
            "  payer_no: {in", "  device_no: {in: shop.payers.payer_no}\n  payer_no: {in"
        ),
        **steps(),
    )
    device = next(each for each in profile.candidates(found.model) if "device" in each.usual)
    assert (device.group, device.kind, device.target) == (
        profile.OTHER,
        "identifier",
        "device_no",
    )


def keys(found) -> dict[str, profile.Key]:
    sources = {row["source"]: row for row in found.rows(profile.counts_sql(found.model))}
    entities = {
        row["entity"]: row for row in found.rows(profile.entity_sql(found.model, found.has))
    }
    values = {
        (row["identifier"], row["source"], row["field"]): row
        for row in found.rows(profile.coverage_sql(found.model))
    }
    return {
        each.name: profile.key_of(found.model, each, entities, sources, values)
        for each in profile.candidates(found.model)
    }


def test_keys_are_measured_not_trusted(opened: Open) -> None:
    found = keys(opened(**steps()))
    assert (found["firm"].things, found["firm"].unique) == (4, True)
    assert (
        found["payer"].rows,
        found["payer"].things,
        found["payer"].repeated,
        found["payer"].unique,
    ) == (5, 4, 1, False)
    assert (found["seller"].things, found["seller"].repeated, found["seller"].unique) == (
        4,
        1,
        False,
    )
    assert (found["household"].kind, found["household"].declared, found["household"].unique) == (
        "absent",
        False,
        None,
    )


def test_exact_copies_are_not_a_broken_key(opened: Open) -> None:
    copies = {"shop_payers": "payer_no,firm_no,seats\np1,f1,3\np1,f1,3\np2,f1,1\n"}
    found = keys(opened(files=copies, **steps()))
    assert (found["payer"].things, found["payer"].repeated, found["payer"].unique) == (2, 0, True)


def test_rows_without_a_key_break_it(opened: Open) -> None:
    found = keys(opened(files={"crm_firms": "firm_no,mail,seen_at\nf1,,\n,,\n"}, **steps()))
    assert (found["firm"].empty, found["firm"].unique) == (1, False)


def candidate(found, name: str) -> profile.Candidate:
    return next(each for each in profile.candidates(found.model) if each.name == name)


def test_ways_follow_relationships_in_both_directions(opened: Open) -> None:
    found = opened(extra=ROWS, **steps())
    assert profile.way_to(found.model, "sale", candidate(found, "firm"), found.has).hops == (
        "sale_payer",
        "payer_firm",
    )
    assert profile.way_to(found.model, "firm", candidate(found, "sale"), found.has).hops == (
        "payer_firm",
        "sale_payer",
    )
    assert profile.way_to(found.model, "sale", candidate(found, "seller"), found.has).hops == ()
    assert profile.way_to(found.model, "sale", candidate(found, "household"), found.has) is None
    assert (
        profile.way_to(
            found.model, "sale", candidate(found, "firm"), lambda name: name != "payer_firm"
        )
        is None
    )


def moved(found, name: str, metric: str) -> dict[str, object]:
    money = profile.additive(found.model, metric)
    (row,) = found.rows(
        profile.movement_sql(
            name,
            money,
            profile.way_to(found.model, money.entity, candidate(found, name), found.has),
        )
    )
    return row


def test_a_sum_through_the_grain_is_the_true_one(opened: Open) -> None:
    row = moved(opened(extra=ROWS, **steps()), "firm", "sold")
    assert (row["rows_counted"], row["linked"], row["things"]) == (4, 3, 1)
    assert row["total"] == row["joined"] == Decimal("18.00")


def test_a_sum_through_a_repeated_key_is_inflated_by_the_planted_amount(opened: Open) -> None:
    # p1 is sold 15.00 and stands twice, for two firms: joined, it counts twice.
    twice = {"shop_payers": "payer_no,firm_no,seats\np1,f1,3\np1,f2,3\np2,f1,1\n"}
    found = opened(files=twice, extra=ROWS, **steps())
    row = moved(found, "firm", "sold")
    assert (row["total"], row["joined"], row["most_things"], row["pairs"] - row["linked"]) == (
        Decimal("18.00"),
        Decimal("33.00"),
        2,
        2,
    )


def test_a_count_becomes_the_things_reached(opened: Open) -> None:
    row = moved(opened(extra=ROWS, **steps()), "payer", "firms")
    assert (row["rows_counted"], row["linked"], row["things"], row["most_things"]) == (4, 2, 3, 2)


def test_customers_that_share_and_that_have_several(opened: Open) -> None:
    found = opened(extra=ROWS, **steps())
    (row,) = found.rows(
        profile.sharing_sql(
            "sale",
            "firm",
            profile.ways_to(found.model, "firm", candidate(found, "sale"), found.has),
        )
    )
    assert (
        row["customers"],
        row["linked"],
        row["with_several"],
        row["most_things"],
        row["things"],
        row["shared"],
    ) == (4, 1, 1, 3, 3, 0)


def test_only_counts_and_sums_of_one_measure_move(opened: Open) -> None:
    model = opened(extra=ROWS, **steps()).model
    sold = profile.additive(model, "sold")
    assert (sold.entity, sold.agg, sold.unit, sold.is_money) == ("sale", "sum", "EUR", True)
    assert profile.additive(model, "firms").agg == "count"
    assert profile.additive(model, "best") is None
    assert profile.additive(model, "sold_per_firm") is None
    assert profile.additive(model, "nothing") is None


def test_a_parent_is_one_step_up_and_a_top_is_its_own(opened: Open) -> None:
    entity = """
entities:
  firm: {from: crm.firms}
relationships:
  parent: {from: firm, to: firm, by: crm.firms.mail, as: firm_no, required: false, rolls_up: true}
"""
    files = {"crm_firms": "firm_no,mail,seen_at\ng1,,\ng2,g1,\ng3,g1,\ng4,g9,\n"}
    grain = "primary: firm\nsentence: One row is one firm.\nconsidered: {group: {by: parent}}\n"
    sources = (
        "systems: {crm: {}}\nsources:\n  crm.firms: {primary_key: firm_no, fields: {firm_no: id,"
        " mail: id, seen_at: timestamp}}\nidentifiers:\n  firm_no: {in: crm.firms}\n"
    )
    found = opened(sources, entity, files, **{"02_grain": grain})
    (row,) = found.rows(
        profile.sharing_sql(
            "group",
            "firm",
            profile.ways_to(found.model, "firm", candidate(found, "group"), found.has),
        )
    )
    assert (row["things"], row["shared"], row["most_customers"], row["with_several"]) == (
        2,
        1,
        3,
        0,
    )
