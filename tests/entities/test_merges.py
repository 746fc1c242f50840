"""Merges that a source made itself: one customer before every rule, chains followed, and what
nobody can follow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from builders import a_project

from workbook import Workbook
from workbook.entities.merge_tables import _resolved, keys_in
from workbook.errors import ModelError

PROJECT = {"name": "Test", "as_of": "2025-06-30", "departments": {"sales": "a"}}
GRAIN = {"primary": "person", "sentence": "One row is one person."}


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[..., Workbook]]:
    """A project of these files (by source) and parts of the model."""
    books: list[Workbook] = []

    def build(files: Mapping[str, str], **parts: Any) -> Workbook:
        (tmp_path / "decisions").mkdir(exist_ok=True)
        parts = {"grain": GRAIN, **parts}
        books.append(Workbook.open(a_project(tmp_path, files, PROJECT, **parts)))
        return books[-1]

    yield build
    for book in books:
        book.close()


def rows(book: Workbook, sql: str) -> list[tuple[Any, ...]]:
    return book.engine.query(book.plan, sql).rows()


def groups(book: Workbook) -> list[list[str]]:
    found: dict[str, list[str]] = {}
    for record, each in rows(book, "select record, id from person__clusters order by 1"):
        found.setdefault(each, []).append(record.partition(":")[2])
    return sorted(found.values())


def codes(book: Workbook) -> dict[str, int | None]:
    return {each.code: each.count for each in book.identity.conclude() if "merge" in each.code}


PEOPLE = {
    "primary_key": "no",
    "merged_into": "master",
    "recorded": "seen",
    "fields": {
        "no": "id",
        "mail": "email",
        "name": "full_name",
        "master": "id",
        "dead": "boolean",
        "seen": "date",
    },
}
CALLS = {"primary_key": "call", "fields": {"call": "id", "no": "id"}}
SOURCES = {
    "systems": {"crm": {}, "desk": {}},
    "sources": {"crm.people": PEOPLE, "desk.calls": CALLS},
    "identifiers": {"no": {"in": ["crm.people", "desk.calls"]}},
}
PERSON = {
    "row_is": "one person",
    "from": "crm.people",
    "attributes": {"mail": "crm.people", "name": "crm.people"},
}
ENTITIES = {
    "entities": {"person": PERSON, "call": {"row_is": "one call", "from": "desk.calls"}},
    "relationships": {"calls": {"from": "call", "to": "person", "by": "no", "required": False}},
}
FILES = {
    "crm.people": (
        "no,mail,name,master,dead,seen\n1,a@f.test,Ann Old,2,true,2025-05-01\n2,,Ann"
        " Mid,3,true,2025-04-01\n3,,Ann"
        " Lee,,false,2025-01-01\n4,b@f.test,Bo,,true,2025-01-01\n5,c@f.test,Cy,9,false,2025-01-01\n"
    ),
    "desk.calls": "call,no\nk1,1\nk2,2\nk3,3\nk4,4\nk5,9\n",
}


def test_chains_lead_to_the_last_survivor_and_its_values_come_first(opened) -> None:
    """1 was merged into 2 and 2 into 3.

    The name is that of 3 although 1 was written last; the mailbox of 1 is the only one.
    """
    book = opened(
        FILES,
        sources=SOURCES,
        entities=ENTITIES,
        survivorship={"fields": {"person.name": {"rule": "most_recent"}}},
    )
    assert groups(book) == [["1", "2", "3"], ["4"], ["5", "9"]]
    assert rows(book, "select name, mail from person order by 1") == [
        ("Ann Lee", "a@f.test"),
        ("Bo", "b@f.test"),
        ("Cy", "c@f.test"),
    ]
    reached = dict(rows(book, "select from_id, to_id from calls"))
    assert reached["k1"] == reached["k2"] == reached["k3"] and None not in reached.values()
    assert codes(book) == {
        "identity.merges": 3,
        "identity.merge_unclear": 1,
    }  # 9, into which 5 was merged, is not in the file
    assert rows(book, "select rule, links from person__by_rule where rank = 0") == [
        ("merged by the source", 3)
    ]


def test_rows_that_were_merged_away_and_are_left_out_still_lead_to_their_survivor(opened) -> None:
    """Deleted rows are no records: Bo is gone, and of 1 and 2 only the key stands, so that the
    mailbox of 1 is gone too.
    """
    person = {**PERSON, "where": "not dead"}
    book = opened(
        FILES,
        sources=SOURCES,
        entities={**ENTITIES, "entities": {**ENTITIES["entities"], "person": person}},
    )
    assert groups(book) == [["1", "2", "3"], ["5", "9"]]
    assert rows(book, "select name, mail from person order by 1") == [
        ("Ann Lee", None),
        ("Cy", "c@f.test"),
    ]
    reached = dict(rows(book, "select from_id, to_id from calls"))
    assert reached["k1"] == reached["k2"] == reached["k3"] is not None
    assert reached["k4"] is None and reached["k5"] is not None
    assert [
        each.count for each in book.entities.conclude() if each.code == "entities.rows_left_out"
    ] == [3]


def test_whoever_was_merged_into_a_record_that_is_left_out_is_left_out_with_it(opened) -> None:
    files = {
        **FILES,
        "crm.people": (
            "no,mail,name,master,dead,seen\n1,a@f.test,Ann,2,false,2025-01-01\n"
            "2,,Ann,,true,2025-01-01\n3,,Cy,,false,2025-01-01\n"
        ),
    }
    book = opened(
        files,
        sources=SOURCES,
        entities={
            **ENTITIES,
            "entities": {**ENTITIES["entities"], "person": {**PERSON, "where": "not dead"}},
        },
    )
    assert groups(book) == [["3"]]
    assert [
        each.count for each in book.entities.conclude() if each.code == "entities.rows_left_out"
    ] == [2]
    assert set(
        dict(rows(book, "select from_id, to_id from calls where from_id <> 'k3'")).values()
    ) == {None}


def test_a_survivor_lists_what_was_merged_into_it_also_when_those_rows_are_gone(opened) -> None:
    """The export holds only 300; calls of 100 and 200 are its own, also in what history reaches."""
    people = {
        "primary_key": "no",
        "merged_from": "olds",
        "fields": {"no": "integer", "name": "full_name", "olds": "text"},
    }
    calls = {
        "primary_key": "call",
        "valid": "day",
        "fields": {"call": "id", "no": "integer", "day": "date", "mood": "text"},
    }
    sources = {**SOURCES, "sources": {"crm.people": people, "desk.calls": calls}}
    files = {
        "crm.people": "no,name,olds\n300,Ann,100; 200;x\n400,Bo,\n",
        "desk.calls": (
            "call,no,day,mood\nk1,100,2025-01-01,good\nk2,300,2025-01-02,good\n"
            "k3,400,2025-01-01,bad\nk4,500,2025-01-01,bad\n"
        ),
    }
    entities = {
        "entities": {
            "person": {
                "row_is": "one person",
                "from": "crm.people",
                "attributes": {"name": "crm.people"},
            },
            "call": {"row_is": "one call", "from": "desk.calls"},
        }
    }
    book = opened(
        files,
        sources=sources,
        entities=entities,
        history={
            "history": {"person.mood": {"from": "desk.calls", "as": "events", "value": "mood"}}
        },
    )
    assert groups(book) == [["100", "200", "300"], ["400"]]
    told = rows(book, "select record from person__mood__facts where id is not null order by 1")
    assert told == [("desk.calls:k1",), ("desk.calls:k2",), ("desk.calls:k3",)]
    assert codes(book) == {"identity.merges": 2}


def test_a_key_that_is_gone_leads_to_its_survivor_in_any_spelling(opened) -> None:
    """The mailbox Old@Gmail.test was merged into new@f.test; calls write it in small letters,
    one with a plus.
    """
    people = {
        "primary_key": "mail",
        "merged_from": "olds",
        "fields": {"mail": "email", "olds": "text"},
    }
    calls = {
        "primary_key": "call",
        "valid": "day",
        "fields": {"call": "id", "mail": "email", "day": "date", "mood": "text"},
    }
    sources = {
        "systems": SOURCES["systems"],
        "sources": {"crm.people": people, "desk.calls": calls},
        "identifiers": {"mail": {"in": ["crm.people", "desk.calls"]}},
    }
    files = {
        "crm.people": "mail,olds\nnew@f.test,O.Ld@Gmail.com\nbo@f.test,\n",
        "desk.calls": (
            "call,mail,day,mood\nk1,old@gmail.com,2025-01-01,good\n"
            "k2,Old+shop@gmail.com,2025-01-02,bad\nk3,no@f.test,2025-01-01,bad\n"
        ),
    }
    link = {"from": "call", "to": "person", "by": "mail", "required": False}
    book = opened(
        files,
        sources=sources,
        entities={
            "entities": {
                "person": {"row_is": "one person", "from": "crm.people"},
                "call": {"row_is": "one call", "from": "desk.calls"},
            },
            "relationships": {"calls": link},
        },
        history={
            "history": {"person.mood": {"from": "desk.calls", "as": "events", "value": "mood"}}
        },
    )
    reached = dict(rows(book, "select from_id, to_id from calls"))
    assert reached["k1"] == reached["k2"] is not None and reached["k3"] is None
    told = rows(book, "select record from person__mood__facts where id is not null order by 1")
    assert told == [("desk.calls:k1",), ("desk.calls:k2",)]


def test_a_table_of_merges_is_about_the_source_whose_key_it_names(opened) -> None:
    merges = {
        "primary_key": "loser",
        "merged_into": "winner",
        "fields": {"loser": "id", "winner": "id"},
    }
    people = {"primary_key": "no", "fields": {"no": "id", "name": "full_name"}}
    sources = {
        "systems": SOURCES["systems"],
        "sources": {"crm.people": people, "crm.merges": merges},
        "identifiers": {"no": {"in": ["crm.people", "crm.merges.loser"]}},
    }
    files = {
        "crm.people": "no,name\na,Ann\nb,Ann\nc,Cy\n",
        "crm.merges": "loser,winner\na,b\nz,b\n",
    }
    book = opened(
        files,
        sources=sources,
        entities={
            "entities": {
                "person": {
                    "row_is": "one person",
                    "from": "crm.people",
                    "attributes": {"name": "crm.people"},
                }
            }
        },
    )
    assert groups(book) == [["a", "b", "z"], ["c"]]


def test_what_a_person_told_apart_no_source_joins(opened, tmp_path: Path) -> None:
    book = opened(
        FILES,
        sources=SOURCES,
        entities=ENTITIES,
        identity={"identity": {"person": {"rules": [{"name": "mail", "match": "mail"}]}}},
    )
    assert ["1", "2", "3"] in groups(book)
    head = "id,at,by,entity,left_record,right_record,verdict,band,pattern,evidence,undoes,because\n"
    (tmp_path / "decisions" / "matches.csv").write_text(
        head + "m1,2025-06-01T09:00:00Z,sales,person,crm.people:1,crm.people:3,different,,,,,two"
        " people\n"
    )
    book = opened(FILES, sources=SOURCES, entities=ENTITIES)
    assert groups(book) == [["1"], ["2", "3"], ["4"], ["5", "9"]]
    assert rows(book, "select rule, stopped_by from person__refused") == [
        ("merged by the source", "review")
    ]


@pytest.mark.parametrize(
    ("into", "met", "expected"),
    [
        (
            {"a": {"b"}, "b": {"c"}},
            {"a": 1, "b": 1, "c": 1},
            {"a": ("c", "merged", "whole"), "b": ("c", "merged", "whole")},
        ),
        (
            {"a": {"b"}, "b": {"c"}},
            {"a": 1, "c": 1},
            {"a": ("c", "merged", "whole"), "b": ("c", "merged", "key")},
        ),
        (
            {"a": {"b"}, "b": {"a"}},
            {"a": 1, "b": 1},
            {"a": ("a", "circle", "whole"), "b": ("a", "circle", "whole")},
        ),
        ({"a": {"b", "c"}}, {"a": 1, "b": 1, "c": 1}, {"a": (None, "several survivors", "whole")}),
        (
            {"a": {"b", "c"}, "b": {"c"}},
            {"a": 1, "b": 1, "c": 1},
            {"a": ("c", "merged", "whole"), "b": ("c", "merged", "whole")},
        ),
        ({"a": {"b"}}, {"a": 1}, {"a": ("b", "merged", "whole"), "b": ("b", "survivor", "key")}),
        ({"a": {"b"}}, {"a": 0, "b": 1}, {"a": ("b", "merged", "key")}),
        ({"a": {"b"}}, {"a": 1, "b": None}, {"a": ("b", "merged", "nothing")}),
        ({"a": {"b"}}, {}, {"a": ("b", "merged", "nothing"), "b": ("b", "survivor", "nothing")}),
    ],
)
def test_each_record_that_was_merged_away_stands_as_its_survivor_does(
    into: dict, met: dict, expected: dict
) -> None:
    assert {record: tuple(rest[:3]) for record, *rest in _resolved(into, met)} == expected


def test_keys_in_a_cell() -> None:
    assert keys_in("100;200, 300|400") == ["100", "200", "300", "400"]
    assert keys_in("007 x 8", numbers=True) == ["7", "8"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"merged_into": "mastr"}, "model.unknown_name"),
        ({"primary_key": ["no", "mail"]}, "model.sources.merged_without_key"),
        ({"primary_key": []}, "model.sources.merged_without_key"),
    ],
)
def test_a_merge_that_names_no_record_is_refused_with_its_place(
    opened, change: dict, code: str
) -> None:
    sources = {**SOURCES, "sources": {**SOURCES["sources"], "crm.people": {**PEOPLE, **change}}}
    with pytest.raises(ModelError) as refused:
        opened(FILES, sources=sources, entities=ENTITIES)
    told = [(each.file, each.line, each.code) for each in refused.value.problems]
    assert ("model/03_sources.yml", 1, code) in told
