"""The decisions that matter: every alternative is measured on the data, by what it does to
headline numbers and customers.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from two_systems import EXCEPTION, write_project

from workbook import Workbook
from workbook.scenarios import sensitivity as module
from workbook.scenarios.sensitivity import OptionEffect, decisions_that_matter, sensitivity

NO_EXCEPTION = EXCEPTION.splitlines()[0] + "\n"


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Workbook]:
    opened = Workbook.open(write_project(tmp_path / "shop"))
    yield opened
    opened.close()


def tried(book: Workbook) -> dict[tuple[str, str, str], OptionEffect]:
    return {
        (row.kind, row.subject, row.choice): row
        for row in sensitivity(book.context, every=True).rows
    }


def moves(row: OptionEffect) -> list[tuple[str, str]]:
    return [(move.before, move.after) for move in row.moves]


def test_another_order_is_measured(book: Workbook) -> None:
    """Of two customers whose plans differ, an exception decides one; the other is gold today,
    and small where the newest wins.
    """
    row = tried(book)["field", "client.plan", "newest"]
    assert (row.customers, row.values, row.of, moves(row)) == (1, 1, 4, [("1", "0")])
    assert row.effect == 1
    assert row.place == "model/05_survivorship.yml:1"


def test_neighbours_are_swapped_where_values_differ(book: Workbook) -> None:
    row = tried(book)["field", "client.name", "swapped"]
    assert (row.customers, row.moves) == (2, ())
    assert "shop, CRM" in row.alternative


def test_no_exception_is_an_alternative(book: Workbook) -> None:
    row = tried(book)["exceptions", "client", "none_applied"]
    assert (row.customers, row.values, moves(row), row.place) == (
        1,
        1,
        [("1", "2")],
        "decisions/exceptions.csv:2",
    )


def test_without_an_exception_there_is_none_to_leave_out(tmp_path: Path) -> None:
    book = Workbook.open(write_project(tmp_path / "shop", exceptions=NO_EXCEPTION))
    found = tried(book)
    book.close()
    assert not [kind for kind, _, _ in found if kind == "exceptions"]


def test_a_rule_of_identity_is_switched_off(book: Workbook) -> None:
    """Two customers of two records each fall apart; both records with plan gold count then."""
    row = tried(book)["match_rule", "same_mail", "switched_off"]
    assert (row.customers, moves(row)) == (2, [("1", "2")])


def test_a_rule_that_competes_takes_the_place_of_the_other(book: Workbook) -> None:
    row = tried(book)["definition", "golden", "small"]
    assert (row.customers, row.values, moves(row)) == (None, None, [("1", "2")])


def test_the_largest_effect_comes_first_and_what_changes_nothing_is_left_out(
    book: Workbook,
) -> None:
    every = sensitivity(book.context, every=True).rows
    assert list(every) == sorted(
        every,
        key=lambda row: (
            -row.effect,
            -(row.customers or 0),
            -(row.values or 0),
            row.decision,
            row.alternative,
        ),
    )
    ranked = decisions_that_matter(book.context, limit=2)
    assert ranked == list(every[:2])
    assert all(
        row.moves or row.customers or row.values
        for row in decisions_that_matter(book.context, limit=99)
    )


def test_what_is_not_computed_is_named(book: Workbook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 2)
    monkeypatch.setattr(module, "REGROUPED", 1)
    some, every = sensitivity(book.context), sensitivity(book.context, every=True)
    assert (len(some.rows), every.left_out) == (2, ())
    assert len(some.left_out) == len(every.rows) - 2
    assert set(some.rows) < set(every.rows)
    assert not {f"{row.decision} ({row.alternative})" for row in some.rows} & set(some.left_out)


def test_a_what_if_changes_nothing_of_today(book: Workbook) -> None:
    before = book.context.frame("client").sort("id")
    sensitivity(book.context, every=True)
    assert book.context.frame("client").sort("id").equals(before)


def test_an_alternative_is_what_the_model_with_it_says(book: Workbook) -> None:
    """The short plan of a what-if, in which only one step decides otherwise, says what the
    whole plan of that model says.
    """
    for option in module.options(book.model, module.contested(book.context)):
        short, whole = (
            book.context.what_if(option.model, option.step),
            book.context.what_if(option.model),
        )
        assert short.frame("client").sort("id").equals(whole.frame("client").sort("id"))
        assert module.headline_numbers(short) == module.headline_numbers(whole)


def test_the_page_shows_them(book: Workbook) -> None:
    figure = book.survivorship.sensitivity(every=True).as_dict()
    heads = [column["name"] for column in figure["columns"]]
    shown = [dict(zip(heads, row, strict=True)) for row in figure["rows"]]
    assert {(row["decision"], row["alternative"]) for row in shown} == {
        (row.decision[:1].upper() + row.decision[1:], row.alternative)
        for row in tried(book).values()
    }
    assert "Golden clients 1 → 2 (+100" in next(
        row["moves"]
        for row in shown
        if "Definition" in row["decision"] and "golden" in row["decision"]
    )
    assert "survivorship.alternative_moves" in {each.code for each in book.survivorship.conclude()}
