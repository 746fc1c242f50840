"""Who asked to be forgotten: that something stood is kept, what stood is not."""

from __future__ import annotations

import pytest
from history_shop import HISTORY, NOBODY, SOURCES

from workbook import history

FORGETS = HISTORY + "erasures:\n  client: {from: shop.answers, where: answer = 'forget me'}\n"
SECRET = {
    "03_sources": (
        SOURCES.replace(
            "becomes: {type: text, class: internal}", "becomes: {type: text, class: personal}"
        ).replace("tier: {type: text, class: internal}", "tier: {type: text, class: personal}")
    )
}
ROWS = {
    "shop.changes": (
        """
        1 | a | rank | low | high | 2024-01-01 | 2024-01-01
        2 | a | rank | high | top | 2024-03-01 | 2024-03-01
        3 | b | rank | low | high | 2024-02-01 | 2024-02-01
        4 | z | rank | low | high | 2024-02-01 | 2024-02-01"""
    ),
    "shop.contracts": "k1 | a | small | 2024-01-01 | | 2024-01-01",
    "shop.answers": (
        """
        1 | a | forget me | 2024-05-01 | 2024-05-01
        2 | z | forget me | 2024-05-01 | 2024-05-01
        3 | b | yes | 2024-05-01 | 2024-05-01"""
    ),
}


def test_the_intervals_stay_and_their_personal_values_go(shop) -> None:
    opened = shop(ROWS, six=FORGETS, more=SECRET)
    assert [
        "a | ~ | 2024-01-01 | 2024-03-01",
        "a | ~ | 2024-03-01 | ever",
        "b | high | 2024-02-01 | ever",
        "b | low | ever | 2024-02-01",
    ] == [
        line
        for line in opened.lines("client__rank__history", "id", "value", "valid_from", "valid_to")
        if "a | ~ | ever" not in line
    ]
    assert [
        "1 | ~ | ~ | True",
        "2 | ~ | ~ | True",
        "3 | high | low | False",
        "4 | ~ | ~ | False",
    ] == [
        " | ".join("~" if value is None else str(value) for value in row)
        for row in (
            opened.frame("client__rank__facts")
            .select("_row", "value", "value_before", "erased")
            .sort("_row")
            .rows()
        )
    ]
    assert "erased" not in opened.frame("client__plan__facts").columns  # a plan is not personal
    assert ["a | small"] == opened.lines("client__plan__history", "id", "value")


def test_nothing_is_forgotten_before_it_was_asked(shop) -> None:
    opened = shop(ROWS, six=FORGETS, more=SECRET, as_of="2024-04-30")
    assert opened.frame("client__erased").is_empty()
    assert "a | top" in opened.lines("client__rank__history", "id", "value")


def test_what_still_stands_of_them_is_counted(shop) -> None:
    opened = shop(
        {**ROWS, "shop.clients": "a | gold | | | \nb | iron | | |"}, six=FORGETS, more=SECRET
    )
    assert [{"requests": 2, "unclear": 0, "reached": 1, "still": 1, "personal": 1}] == opened.query(
        history.erasure_residue_sql(opened.model, "client")
    ).to_dicts()
    gone = shop({**ROWS, "shop.clients": "a | | | | \nb | iron | | |"}, six=FORGETS, more=SECRET)
    assert [{"requests": 2, "unclear": 0, "reached": 1, "still": 0, "personal": 0}] == gone.query(
        history.erasure_residue_sql(gone.model, "client")
    ).to_dicts()


def test_what_is_dated_after_the_request_is_counted_by_thing(shop) -> None:
    later = (
        "k1 | a | small | 2024-01-01 | | 2024-01-01\nk2 | a | large | 2024-06-01 | | 2024-06-01\nk3"
        " | b | large | 2024-06-01 | | 2024-06-01"
    )
    contract = {
        "thing": "contract",
        "held": 2,
        "rows": 1,
        "unanswered": 1,
        "asked": 1,
        "returned": 0,
    }
    opened = shop({**ROWS, "shop.contracts": later}, six=FORGETS, more=SECRET)
    assert [contract] == opened.query(history.since_sql(opened.model, "client")).to_dicts()
    early = shop({**ROWS, "shop.contracts": later}, six=FORGETS, more=SECRET, as_of="2024-05-31")
    assert [contract | {"held": 1, "rows": 0, "unanswered": 0}] == early.query(
        history.since_sql(early.model, "client")
    ).to_dicts()


def test_whoever_answered_after_the_request_is_told_from_whoever_did_not(shop) -> None:
    """Contracts stand in for answers: a's is dated after the request, and is its own answer."""
    rows = "k1 | a | small | 2024-07-01 | | 2024-07-01\nk2 | b | small | 2024-07-01 | | 2024-07-01"
    opened = shop({**ROWS, "shop.contracts": rows}, six=FORGETS, more=SECRET, as_of="2024-12-31")
    (told,) = opened.query(history.since_sql(opened.model, "client", {"shop.contracts"})).to_dicts()
    assert told == {
        "thing": "contract",
        "held": 1,
        "rows": 1,
        "unanswered": 0,
        "asked": 1,
        "returned": 1,
    }


def test_a_row_of_the_one_source_loses_what_is_personal_and_is_found_by_it_all_the_same(
    shop,
) -> None:
    """Requests that name a client by the very value that is to go: through the relationship
    from their own entity.
    """
    four = (
        "entities:\n  client: {row_is: one client, from: shop.clients}\n  answer: {row_is: one"
        " answer, from: shop.answers}\n"
    )
    four += (
        "relationships:\n  asked_by: {from: answer, to: client, by: client_id, as: tier,"
        " cardinality: many to one, required: false}\n"
    )
    opened = shop(
        {**ROWS, "shop.clients": "c1 | a | | | \nc2 | iron | | |"},
        six=FORGETS,
        more={**SECRET, "04_entities": four},
    )
    assert ["c1 | a", "c2 | iron"] == opened.lines("client__as_held", "id", "tier")
    assert ["c1 | ~", "c2 | iron"] == opened.lines("client", "id", "tier")
    assert ["1 | c1"] == [
        line for line in opened.lines("asked_by", "from_id", "to_id") if "~" not in line
    ]
    assert [{"requests": 2, "unclear": 0, "reached": 1, "still": 1, "personal": 1}] == opened.query(
        history.erasure_residue_sql(opened.model, "client")
    ).to_dicts()


def test_a_request_that_reaches_several_takes_nothing_away_and_is_counted(shop) -> None:
    four = (
        "entities:\n  client: {row_is: one client, from: shop.clients}\n  answer: {row_is: one"
        " answer, from: shop.answers}\n"
    )
    four += (
        "relationships:\n  asked_by: {from: answer, to: client, by: client_id, as: tier,"
        " cardinality: many to one, required: false}\n"
    )
    opened = shop(
        {**ROWS, "shop.clients": "c1 | a | | | \nc2 | a | | |"},
        six=FORGETS,
        more={**SECRET, "04_entities": four},
    )
    assert ["c1 | a", "c2 | a"] == opened.lines("client", "id", "tier")
    assert [{"requests": 2, "unclear": 1, "reached": 0, "still": 0, "personal": 0}] == opened.query(
        history.erasure_residue_sql(opened.model, "client")
    ).to_dicts()


@pytest.mark.parametrize("more", [{}, SECRET])
def test_without_requests_nothing_changes(shop, more) -> None:
    one, other = (
        shop(
            {**ROWS, "shop.answers": "3 | b | yes | 2024-05-01 | 2024-05-01"},
            six=FORGETS,
            more=more,
        ),
        shop(ROWS, more=more),
    )
    columns = ("id", "value", "valid_from", "valid_to", "recorded_from", "recorded_to", "record")
    assert one.lines("client__rank__beliefs", *columns) == other.lines(
        "client__rank__beliefs", *columns
    )


def test_requests_that_lead_nowhere_are_refused(shop) -> None:
    lost = SOURCES.replace("shop.nights, shop.answers]", "shop.nights]")
    six = FORGETS.replace("  client.consent: {from: shop.answers, as: events, value: answer}\n", "")
    six = "\n".join(line for line in six.splitlines() if "shop.answers, of: client" not in line)
    entities = "entities:\n  client: {row_is: one client, from: shop.clients}\n"
    opened = shop(ROWS, six=six, more={"03_sources": lost, "04_entities": entities})
    assert [
        (
            "erasures of client",
            "no record, relationship or identifier links shop answers to client",
        )
    ] == [
        (each.name, each.reason)
        for each in history.refusals(opened.model)
        if each.name.startswith("erasures")
    ]
    # whatever reads it is made all the same
    assert NOBODY and opened.frame("client__erased").is_empty()
