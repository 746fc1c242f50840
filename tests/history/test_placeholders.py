"""Words that mean nothing are no value of the past either, unless the model means them."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from workbook import Workbook

FILES = {
    "workbook.yml": "name: T\nas_of: 2025-06-30\ndata: data\n",
    "model/02_grain.yml": "primary: person\nsentence: A person is a human.\n",
    "model/03_sources.yml": (
        """
systems: {shop: {}}
sources:
  shop.people: {primary_key: no, fields: {no: id, plan: text, phone: phone}}
  shop.log: {primary_key: row, valid: day, fields: {row: id, no: id, was: text, now: text,
    day: date}}
  shop.nights: {primary_key: [no, night], valid: night, fields: {no: id, night: date, phone: phone}}
identifiers: {no: {in: [shop.people, shop.log, shop.nights]}}
"""
    ),
    "model/04_entities.yml": "entities: {person: {row_is: one person, from: shop.people}}\n",
    "model/06_history.yml": (
        """
history:
  person.plan: {from: shop.log, as: changes, value: now, before: was}
  person.phone: {from: shop.nights, as: snapshots, value: phone}
"""
    ),
    "data/shop_people.csv": "no,plan,phone\n1,pro,+44 20 7946 0958\n2,,\n",
    "data/shop_log.csv": (
        "row,no,was,now,day\na,1,N/A,free,2025-01-10\nb,1,free,n/a,2025-02-10\n"
        "c,1,n/a,pro,2025-03-10\nd,2,unknown,-,2025-01-10\n"
    ),
    "data/shop_nights.csv": (
        "no,night,phone\n1,2025-01-01,unknown\n1,2025-01-02,+44 20 7946 0958\n2,2025-01-01,0000\n"
    ),
}


def opened(folder: Path, more: str = "") -> Workbook:
    for path, text in FILES.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text + (more if path.endswith("03_sources.yml") else ""))
    return Workbook.open(folder)


def past(book: Workbook, attribute: str) -> list[tuple[str, str, str | None]]:
    """Whose, since which day ('' of the time before the first fact), and the value."""
    first = (
        "case when valid_from > timestamp '2000-01-01' then cast(cast(valid_from as date) as"
        " varchar) else '' end"
    )
    return book.engine.query(
        book.plan,
        f"select id, {first} as day, value from person__{attribute}__history order by 1, 2",
    ).rows()


def test_a_word_that_means_nothing_is_no_value_of_the_past_and_is_counted(tmp_path: Path) -> None:
    """`unknown` is a plan that somebody may mean, and no telephone number; before `free` nobody
    knows a plan.
    """
    with closing(opened(tmp_path)) as book:
        assert past(book, "plan") == [
            ("1", "2025-01-10", "free"),
            ("1", "2025-02-10", None),
            ("1", "2025-03-10", "pro"),
            ("2", "", "unknown"),
            ("2", "2025-01-10", None),
        ]
        assert past(book, "phone") == [
            ("1", "2025-01-01", None),
            ("1", "2025-01-02", "+44 20 7946 0958"),
            ("2", "2025-01-01", None),
        ]
        found = {
            each.about[0]: each
            for each in book.history.conclude()
            if each.code == "history.placeholders"
        }
        assert {name: each.count for name, each in found.items()} == {
            "person.plan": 2,
            "person.phone": 2,
        }
        assert "N/A" in found["person.plan"].sentence


@pytest.mark.parametrize("more", ["empty_words: {text: {keep: [n/a, '-']}}\n"])
def test_a_word_that_the_model_means_is_a_value_of_the_past(tmp_path: Path, more: str) -> None:
    with closing(opened(tmp_path, more)) as book:
        assert past(book, "plan")[0] == ("1", "", "N/A")
        assert [value for _, _, value in past(book, "plan")] == [
            "N/A",
            "free",
            "n/a",
            "pro",
            "unknown",
            "-",
        ]
        assert {
            each.about[0] for each in book.history.conclude() if each.code == "history.placeholders"
        } == {"person.phone"}
