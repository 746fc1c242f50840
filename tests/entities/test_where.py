"""Rows that are no records of an entity: the condition, what it asks, who heeds it, and what is
told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from builders import a_project

from workbook import Workbook
from workbook.errors import ModelError, WorkbookError
from workbook.model import scalar_expression

PROJECT = {"name": "Test", "as_of": "2025-06-30", "departments": {"sales": "a"}}


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[..., Workbook]]:
    """A project of these files (by source) and parts of the model."""
    books: list[Workbook] = []

    def build(files: Mapping[str, str], **parts: Any) -> Workbook:
        books.append(Workbook.open(a_project(tmp_path, files, PROJECT, **parts)))
        return books[-1]

    yield build
    for book in books:
        book.close()


def rows(book: Workbook, sql: str) -> list[tuple[Any, ...]]:
    return book.engine.query(book.plan, sql).rows()


def excluded(book: Workbook) -> list[tuple[str, int | None, tuple[str, ...]]]:
    return [
        (each.severity, each.count, each.about)
        for each in book.entities.conclude()
        if each.code == "entities.rows_left_out"
    ]


USERS = {
    "primary_key": "user_id",
    "fields": {
        "user_id": "id",
        "name": "text",
        "kind": "text",
        "bot": "boolean",
        "seen": "timestamp",
    },
}
VISITS = {
    "primary_key": "visit_id",
    "valid": "day",
    "fields": {"visit_id": "id", "user_id": "id", "day": "date", "page": "text"},
}
SOURCES = {
    "systems": {"app": {}},
    "sources": {"app.users": USERS, "app.visits": VISITS},
    "identifiers": {"user_id": {"in": ["app.users", "app.visits"]}},
}
FILES = {
    "app.users": (
        "user_id,name,kind,bot,seen\nu1,Ann,person,false,2025-01-01\n"
        "u2,Crawl,person,true,2025-01-01\nu3,Bo,person,,2025-01-01\n"
        "u4,Firm,company,false,2025-01-01\n"
    ),
    "app.visits": (
        "visit_id,user_id,day,page\nv1,u1,2025-02-01,a\nv2,u2,2025-02-01,a\n"
        "v3,u2,2025-02-02,b\nv4,u3,2025-02-01,c\nv5,u4,2025-02-01,d\n"
    ),
}
ENTITIES = {
    "entities": {
        "user": {"row_is": "one user", "from": "app.users", "where": "not bot"},
        "firm": {
            "row_is": "one firm",
            "from": "app.users",
            "where": "kind = 'company'",
            "attributes": {"title": "app.users.name"},
        },
        "visit": {
            "row_is": "one visit",
            "from": "app.visits",
            "where": {"app.visits": "page <> 'd'"},
        },
    },
    "relationships": {
        "visits": {"from": "visit", "to": "user", "by": "user_id", "required": False}
    },
}


def test_rows_that_do_not_meet_the_condition_are_no_records_and_are_counted(opened) -> None:
    """Of four users one is a bot, and of one nobody knows: NULL does not meet it.

    One file makes two entities.
    """
    book = opened(FILES, sources=SOURCES, entities=ENTITIES)
    assert rows(book, 'select id from "user" order by 1') == [("u1",), ("u4",)]
    assert rows(book, "select id, title from firm") == [("u4", "Firm")]
    assert rows(book, "select record, unknown from user__left_out order by 1") == [
        ("app.users:u2", False),
        ("app.users:u3", True),
    ]
    assert excluded(book) == [
        ("note", 3, ("firm", "app.users")),
        ("note", 2, ("user", "app.users")),
        ("note", 1, ("visit", "app.visits")),
    ]


def test_whatever_reaches_a_row_that_was_left_out_reaches_nobody(opened) -> None:
    book = opened(FILES, sources=SOURCES, entities=ENTITIES)
    assert rows(book, "select from_id, to_id from visits order by 1") == [
        ("v1", "u1"),
        ("v2", None),
        ("v3", None),
        ("v4", None),
    ]


LOG = {
    "primary_key": "user_id",
    "recorded": "seen",
    "fields": {"user_id": "id", "bot": "boolean", "plan": "text", "seen": "timestamp"},
}


def test_the_newest_row_of_a_key_is_taken_before_the_condition_is_asked(opened) -> None:
    """u1 was deleted in its newest row: the row before it does not come back. u2 was restored:
    its newest row counts.
    """
    text = (
        "user_id,bot,plan,seen\nu1,false,free,2025-01-01\nu1,true,free,2025-02-01\n"
        "u2,true,pro,2025-01-01\nu2,false,pro,2025-02-01\n"
    )
    sources = {"systems": {"app": {}}, "sources": {"app.users": LOG}}
    book = opened(
        {"app.users": text},
        sources=sources,
        entities={"entities": {"user": {"from": "app.users", "where": "not bot"}}},
    )
    assert rows(book, 'select id, plan from "user"') == [("u2", "pro")]
    assert rows(book, "select count(*) from user__set_aside") == [(2,)]
    assert excluded(book) == [("note", 1, ("user", "app.users"))]


def test_of_rows_that_share_a_key_one_that_stays_bears_it(opened) -> None:
    """Nothing says which row of o1 is newer, so both are kept; the one that meets the condition
    is o1 itself.
    """
    sources = {
        "systems": {"app": {}},
        "sources": {
            "app.orders": {
                "primary_key": "no",
                "fields": {"no": "id", "total": "integer", "void": "boolean"},
            }
        },
    }
    text = "no,total,void\no1,10,true\no1,11,false\no2,5,false\n"
    book = opened(
        {"app.orders": text},
        sources=sources,
        entities={"entities": {"sale": {"from": "app.orders", "where": "not void"}}},
    )
    assert rows(book, "select id, total from sale order by 1") == [("o1", 11), ("o2", 5)]


def test_records_of_several_systems_are_asked_each_its_own_condition(opened) -> None:
    sources = {
        "systems": {"crm": {}, "bill": {}},
        "sources": {
            "crm.firms": {
                "primary_key": "no",
                "fields": {"no": "id", "mail": "email", "stage": "text"},
            },
            "bill.firms": {"primary_key": "no", "fields": {"no": "id", "mail": "email"}},
            "bill.calls": {
                "primary_key": "call",
                "valid": "day",
                "fields": {"call": "id", "no": "id", "day": "date", "tier": "text"},
            },
        },
        "identifiers": {
            "mail": {"in": ["crm.firms", "bill.firms"]},
            "bill_no": {"in": ["bill.firms.no", "bill.calls.no"]},
        },
    }
    files = {
        "crm.firms": "no,mail,stage\n1,a@f.test,test\n2,b@f.test,live\n",
        "bill.firms": "no,mail\n1,a@f.test\n2,b@f.test\n",
        "bill.calls": "call,no,day,tier\nc1,1,2025-02-01,gold\nc2,2,2025-02-01,gold\n",
    }
    firm = {
        "row_is": "one firm",
        "from": ["crm.firms", "bill.firms"],
        "where": {"crm.firms": "stage <> 'test'", "bill.firms": "no <> '1'"},
    }
    book = opened(
        files,
        grain={"primary": "firm", "sentence": "One row is one firm."},
        sources=sources,
        entities={"entities": {"firm": firm}},
        identity={"identity": {"firm": {"rules": [{"name": "mail", "match": "mail"}]}}},
        history={"history": {"firm.tier": {"from": "bill.calls", "as": "events", "value": "tier"}}},
    )
    assert rows(book, "select record from firm__clusters order by 1") == [
        ("bill.firms:2",),
        ("crm.firms:2",),
    ]
    assert rows(book, "select count(distinct id) from firm__clusters") == [(1,)]
    told = rows(book, "select record from firm__tier__facts where id is not null")
    assert told == [("bill.calls:c2",)]
    assert excluded(book) == [
        ("note", 1, ("firm", "bill.firms")),
        ("note", 1, ("firm", "crm.firms")),
    ]


def test_a_condition_that_leaves_no_row_is_a_warning(opened) -> None:
    book = opened(
        FILES,
        sources=SOURCES,
        entities={"entities": {"user": {"from": "app.users", "where": "kind = 'Robot'"}}},
    )
    assert excluded(book) == [("look", 4, ("user", "app.users"))]


@pytest.mark.parametrize(
    ("where", "code"),
    [
        ("not bott", "model.unknown_name"),
        ("bot and", "model.sql.not_an_expression"),
        ("name", "model.not_a_condition"),
        ({"app.visit": "page = 'a'"}, "model.unknown_name"),
        ("name || 'x'", "model.not_a_condition"),
        ("exists (select 1)", "model.sql.not_allowed"),
    ],
)
def test_a_condition_that_cannot_be_asked_is_refused_with_its_place(
    opened, where: Any, code: str
) -> None:
    with pytest.raises(ModelError) as refused:
        opened(
            FILES,
            sources=SOURCES,
            entities={"entities": {"user": {"from": "app.users", "where": where}}},
        )
    told = [(each.file, each.line, each.code) for each in refused.value.problems]
    assert told == [("model/04_entities.yml", 1, code)]


def test_a_row_without_a_key_that_is_left_out_does_not_break_the_key_of_the_grain(opened) -> None:
    text = "user_id,bot,plan,seen\nu1,false,free,2025-01-01\n,false,free,2025-02-01\n"
    sources = {"systems": {"app": {}}, "sources": {"app.users": LOG}}
    entities = {"entities": {"user": {"row_is": "one user", "from": "app.users"}}}
    grain = {"primary": "user", "sentence": "One row is one user."}
    broken = opened({"app.users": text}, grain=grain, sources=sources, entities=entities)
    assert "grain.key_not_unique" in {each.code for each in broken.grain.conclude()}
    entities["entities"]["user"]["where"] = "user_id is not null"
    mended = opened({"app.users": text}, grain=grain, sources=sources, entities=entities)
    assert "grain.key_not_unique" not in {each.code for each in mended.grain.conclude()}
    assert mended.grain.count == 1


def test_history_and_events_heed_the_condition(opened) -> None:
    """Visits of u2, a bot, tell nobody anything; those of u1 do.

    The file of users is a log that is its own history.
    """
    history = {
        "history": {
            "user.page": {"from": "app.visits", "as": "events", "value": "page"},
            "user.kind": {"from": "app.users", "as": "events", "value": "kind"},
        },
        "events": {"looked": {"from": "app.visits", "of": "user"}},
    }
    users = {**USERS, "valid": "seen"}
    sources = {**SOURCES, "sources": {"app.users": users, "app.visits": VISITS}}
    entities = {
        **ENTITIES,
        "entities": {
            **ENTITIES["entities"],
            "user": {
                "row_is": "one user",
                "from": "app.users",
                "where": "not bot",
                "attributes": {"user_id": "app.users"},
            },
        },
    }
    book = opened(FILES, sources=sources, entities=entities, history=history)
    assert rows(book, "select distinct id from user__page__history") == [("u1",)]
    assert rows(book, "select distinct id from user__kind__history order by 1") == [
        ("u1",),
        ("u4",),
    ]
    assert rows(book, "select id, record from user__event") == [("u1", "app.visits:v1")]
    direct = {**entities, "relationships": {}}
    book = opened(
        FILES, sources=sources, entities=direct, history=history
    )  # now by the identifier alone
    assert rows(book, "select distinct id from user__page__history order by 1") == [
        ("u1",),
        ("u4",),
    ]


def test_a_bridge_and_a_field_of_the_source_name_only_records(opened) -> None:
    links = {
        "looks_at": {
            "from": "user",
            "to": "visit",
            "by": "app.users.user_id",
            "as": "user_id",
            "cardinality": "many to many",
        },
        "self_visits": {
            "from": "visit",
            "to": "user",
            "through": "app.visits",
            "cardinality": "many to many",
        },
    }
    book = opened(
        FILES, sources=SOURCES, entities={"entities": ENTITIES["entities"], "relationships": links}
    )
    assert rows(book, "select from_id, to_id from looks_at order by 1") == [
        ("u1", "v1"),
        ("u4", None),
    ]
    assert rows(book, "select from_id, to_id from self_visits order by 1") == [
        ("v1", "u1"),
        ("v2", None),
        ("v3", None),
        ("v4", None),
    ]


def test_an_expression_that_is_not_written_is_no_fault() -> None:
    """Views and events without a condition are asked for their names like all others."""
    with pytest.raises(WorkbookError, match="must be one expression"):
        scalar_expression("")
