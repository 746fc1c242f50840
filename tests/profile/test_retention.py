"""How long rows may be kept: which are older, and which sources with personal fields say
nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from builders import a_project

from workbook import Workbook
from workbook.errors import ModelError
from workbook.walk.sources import SourcesWalk

SOURCES = """
systems: {{shop: {{}}}}
sources:
  shop.stays: {{primary_key: no, valid: [since, until], keep_for: {keep},
    fields: {{no: id, since: date, until: date}}}}
  shop.people: {{primary_key: no, fields: {{no: id, mail: email}}}}
  shop.things: {{primary_key: no, fields: {{no: id}}}}
"""


@pytest.fixture
def opened(tmp_path: Path) -> Callable[[str], Workbook]:
    def build(keep: str) -> Workbook:
        files = {
            # ended long ago, at the limit (1 July 2023 is 24 months before the end of the day),
            # goes on
            "shop.stays": "no,since,until\n1,2020-01-01,2023-06-30\n2,2020-01-01,2023-07-01\n"
            "3,2020-01-01,\n",
            "shop.people": "no,mail\n1,a@x.example\n",
            "shop.things": "no\n1\n",
        }
        return Workbook.open(a_project(tmp_path, files, sources=SOURCES.format(keep=keep)))

    return build


def test_rows_past_their_retention_are_counted(opened: Callable[[str], Workbook]) -> None:
    book = opened("24 months")
    try:
        found = {
            each.code: (each.count, each.about)
            for each in book.sources.conclude()
            if each.code in ("sources.kept_too_long", "sources.no_retention")
        }
        figure = book.sources.field_classes().as_dict()
        states = [row[0] for row in figure["rows"]]
        (condition,) = [
            each
            for each in SourcesWalk(book.step("sources")).conditions()
            if each.name == "retained"
        ]
        kept = [(each.source, each.rows, each.older) for each in book.sources.retention]
    finally:
        book.close()
    assert states == ["look", "untested", "pass"]  # one of the stays is late; people, things
    assert (condition.state, condition.values["count"], condition.values["of"]) == ("look", 1, 2)
    assert kept == [("shop.stays", 3, 1), ("shop.people", 0, 0)]  # things hold nobody
    assert found == {
        "sources.kept_too_long": (1, ("shop.stays",)),
        "sources.no_retention": (1, ("shop.people",)),
    }


def test_a_retention_is_a_length_of_time(opened: Callable[[str], Workbook]) -> None:
    with pytest.raises(ModelError, match=r"03_sources.yml:3"):
        opened("for a while")
