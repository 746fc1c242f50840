"""What decides beside the rules how many customers there are, and values that mean nothing:
findings with their counts.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from workbook import Workbook

NAMES = {
    "grain": "02_grain",
    "sources": "03_sources",
    "entities": "04_entities",
    "identity": "04b_identity",
    "survivorship": "05_survivorship",
}
HITS = {
    "primary_key": "hit",
    "recorded": "at",
    "fields": {"hit": "id", "cookie": "text", "page": "text", "at": "timestamp"},
}
SOURCES = {
    "systems": {"web": {}},
    "sources": {"web.hits": HITS},
    "identifiers": {"cookie": {"in": "web.hits"}},
}
ENTITIES = {
    "entities": {
        "visitor": {"row_is": "one browser", "from": "web.hits", "attributes": {"page": "web.hits"}}
    }
}
GRAIN = {"primary": "visitor", "sentence": "One row is one browser."}
# 22 hits of A, 2 of B, 3 of nobody: a default limit takes A to pieces, because nobody says that a
# hit is an event
FILE = "hit,cookie,page,at\n" + "".join(
    f"{number},{cookie},p,2025-01-01 00:00:{number:02}\n"
    for number, cookie in enumerate(["A"] * 22 + ["B"] * 2 + [""] * 2 + ["none"])
)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[..., Workbook]]:
    books: list[Workbook] = []

    def build(files: Mapping[str, str] | None = None, **parts: Any) -> Workbook:
        for folder in ("model", "data"):
            (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / "workbook.yml").write_text(json.dumps({"name": "Test", "as_of": "2025-06-30"}))
        for source, text in (files or {"web.hits": FILE}).items():
            (tmp_path / "data" / f"{source.replace('.', '_')}.csv").write_text(text)
        for word, value in {
            "grain": GRAIN,
            "sources": SOURCES,
            "entities": ENTITIES,
            **parts,
        }.items():
            (tmp_path / "model" / f"{NAMES[word]}.yml").write_text(json.dumps(value))
        books.append(Workbook.open(tmp_path))
        return books[-1]

    yield build
    for book in books:
        book.close()


def told(book: Workbook) -> dict[str, tuple[str, int | None]]:
    return {
        each.code.partition(".")[2]: (each.severity, each.count)
        for each in book.identity.conclude()
        if each.code.endswith(("guard_split", "no_keys"))
    }


def visitors(book: Workbook) -> int:
    return int(book.engine.query(book.plan, "select count(*) as n from visitor")["n"][0])


def identity(**more: Any) -> dict[str, Any]:
    return {
        "identity": {"visitor": {"rules": [{"name": "same_cookie", "match": "cookie"}], **more}}
    }


def test_a_default_limit_that_splits_a_customer_is_a_warning_with_what_it_did(opened) -> None:
    """A is 22 visitors instead of 1; the three hits without a cookie are three."""
    book = opened(identity=identity())
    assert visitors(book) == 22 + 1 + 3
    assert told(book) == {"guard_split": ("look", 21), "no_keys": ("look", 3)}


def test_hits_that_say_when_they_happened_are_events_and_are_not_split(opened) -> None:
    sources = {**SOURCES, "sources": {"web.hits": {**HITS, "valid": "at"}}}
    book = opened(sources=sources, identity=identity())
    assert visitors(book) == 2 + 3
    assert told(book) == {"no_keys": ("look", 3)}


@pytest.mark.parametrize(
    ("guard", "severity"),
    [({"records_per_value": 21}, "look"), ({"records_per_value": 21, "because": "bots"}, "note")],
)
def test_a_limit_that_the_team_wrote_is_a_warning_until_it_says_why(
    opened, guard: dict, severity: str
) -> None:
    assert told(opened(identity=identity(guard=guard)))["guard_split"] == (severity, 21)


def test_records_without_a_key_count_as_the_team_decides(opened) -> None:
    certain = {"rules": [{"name": "same_cookie", "match": "cookie", "confidence": "certain"}]}
    book = opened(identity=identity(**certain, without_keys="count"))
    assert (visitors(book), told(book)) == (5, {"no_keys": ("note", 3)})
    book = opened(identity=identity(**certain, without_keys="leave_out"))
    assert (visitors(book), told(book)) == (2, {"no_keys": ("note", 3)})
    assert not [each for each in book.checks.conclude() if each.severity == "fail"]
    ladder = [row[4] for row in book.identity.joining().as_dict()["rows"]]
    assert (ladder[0], ladder[-1]) == (24, 2)


def test_words_that_mean_nothing_are_empty_and_counted_also_where_one_source_tells(opened) -> None:
    firms = {
        "primary_key": "no",
        "fields": {
            "no": "id",
            "mail": "email",
            "phone": "phone",
            "plan": "text",
            "size": {"type": "text", "values": ["-", "big"]},
        },
    }
    book = opened(
        {
            "crm.firms": (
                "no,mail,phone,plan,size\n1,none@a.test,+12125550101,unknown,-\n"
                "2,b@b.test,0000000,N/A,big\n"
            )
        },
        grain={"primary": "firm", "sentence": "One row is one firm."},
        sources={
            "systems": {"crm": {}},
            "sources": {"crm.firms": firms},
            "empty_words": {"text": ["unknown"]},
        },
        entities={"entities": {"firm": {"row_is": "one firm", "from": "crm.firms"}}},
    )
    found = book.engine.query(
        book.plan, "select mail, phone, plan, size from firm order by id"
    ).rows()
    assert found == [(None, "+12125550101", None, "-"), ("b@b.test", None, None, "big")]
    (finding,) = [
        each for each in book.survivorship.conclude() if each.code == "survivorship.placeholders"
    ]
    assert (finding.severity, finding.count, finding.about) == (
        "note",
        4,
        ("firm", "firm.mail", "firm.phone", "firm.plan"),
    )


def test_a_placeholder_never_wins_and_empties_only_who_has_nothing_else(opened) -> None:
    people = {"primary_key": "no", "fields": {"no": "id", "mail": "email", "name": "full_name"}}
    both = ["crm.people", "shop.people"]
    book = opened(
        {
            "crm.people": "no,mail,name\n1,a@f.test,N/A\n2,b@f.test,Unknown\n",
            "shop.people": "no,mail,name\n1,a@f.test,Ann\n",
        },
        grain={"primary": "person", "sentence": "One row is one person."},
        sources={
            "systems": {"crm": {}, "shop": {}},
            "sources": dict.fromkeys(both, people),
            "identifiers": {"mail": {"in": both}},
        },
        entities={
            "entities": {
                "person": {"row_is": "one person", "from": both, "attributes": {"name": both}}
            }
        },
        identity={"identity": {"person": {"rules": [{"name": "mail", "match": "mail"}]}}},
    )
    assert book.engine.query(book.plan, "select mail, name from person order by mail").rows() == [
        ("a@f.test", "Ann"),
        ("b@f.test", None),
    ]
    assert book.survivorship.placeholders == {
        "person": [{"attribute": "name", "said": 2, "emptied": 1}]
    }
