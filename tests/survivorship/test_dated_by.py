"""What dates a value instead of `recorded`: a field beside it or a change log; cases by hand,
refusals, and the finding.
"""

from __future__ import annotations

import datetime as dt
import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from small_projects import rows, written

from workbook import Workbook
from workbook.errors import ModelError
from workbook.model import load_model

SOURCES = """systems: {crm: {}, erp: {}}
sources:
  crm.people: {primary_key: no, recorded: updated_at,
    fields: {no: id, email: email, phone: phone, phone_changed_at: timestamp, note: text,
    updated_at: timestamp}}
  erp.people: {primary_key: no, recorded: updated_at,
    fields: {no: id, email: email, phone: phone, updated_at: timestamp}}
  erp.changes: {primary_key: change_no, valid: at, fields: {change_no: id, person_no: id,
    field: text, new_value: text, at: timestamp, day: date}}
  erp.other: {primary_key: other_no, fields: {other_no: id, at: timestamp}}
identifiers: {email: {in: [crm.people, erp.people]},
  erp_no: {in: [erp.people.no, erp.changes.person_no]}}
"""
ENTITIES = {
    "entities": {
        "person": {
            "row_is": "one human",
            "from": ["crm.people", "erp.people"],
            "attributes": {"phone": ["crm.people", "erp.people"]},
        }
    }
}
OLD, NEW = "+12125550199", "+12125550101"
CRM = f"p1,ann@firm.test,{NEW},2025-06-20 00:00:00,,2025-06-20 00:00:00"
ERP = f"q1,ann@firm.test,{OLD},2025-06-30 03:00:00"
CHANGE = f"1,q1,phone,{OLD},2023-01-01 00:00:00,2023-01-01"
LOG = "erp.changes.at"
BOTH = {"crm.people": "phone_changed_at", "erp.people": LOG}
ONLY_PHONES = {"at": LOG, "where": "field = 'phone'"}


def a_project(
    folder: Path,
    rule: dict[str, Any],
    *,
    crm: tuple[str, ...] = (CRM,),
    erp: tuple[str, ...] = (ERP,),
    changes: tuple[str, ...] = (CHANGE,),
    kept: dict[str, Any] | None = None,
    sources: str = SOURCES,
) -> Path:
    files = {
        "model/03_sources.yml": sources,
        "model/04_entities.yml": json.dumps(ENTITIES),
        "model/05_survivorship.yml": f"fields:\n  person.phone: {json.dumps(rule)}\n",
        "data/crm/people.csv": rows("no,email,phone,phone_changed_at,note,updated_at", *crm),
        "data/erp/people.csv": rows("no,email,phone,updated_at", *erp),
        "data/erp/changes.csv": rows("change_no,person_no,field,new_value,at,day", *changes),
        "data/erp/other.csv": rows("other_no,at"),
    }
    more = {"model/06_history.yml": json.dumps({"history": {"person.phone": kept}})} if kept else {}
    return written(folder, {**files, **more})


def phone(project: Path) -> tuple[Any, ...]:
    """The value that stands, where it comes from, and how many records had one."""
    with closing(Workbook.open(project)) as book:
        (row,) = book.engine.query(
            book.plan, "select value, source, candidates from person__phone__choice"
        ).rows()
    return row


def recent(dated_by: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"rule": "most_recent", "dated_by": dated_by, **more}


@pytest.mark.parametrize(
    ("rule", "stands"),
    [
        ({"rule": "most_recent"}, OLD),  # the nightly job wins
        (recent(BOTH), NEW),
        # the start of the log's `valid`
        (recent({"crm.people": "phone_changed_at", "erp.people": "erp.changes"}), NEW),
        (
            recent({"crm.people": "crm.people.phone_changed_at", "erp.people": "erp.changes.day"}),
            NEW,
        ),
        (recent({"crm": "phone_changed_at", "erp": ONLY_PHONES}), NEW),
        (recent({"erp.people": LOG}), NEW),  # CRM goes by `recorded`
        (recent({"crm.people": "phone_changed_at"}), OLD),  # and so does the ERP
        ({"rule": "latest", "dated_by": BOTH}, NEW),
        ({"rule": "earliest", "dated_by": BOTH}, OLD),
        # dates only what the order leaves open
        ({"rule": "source_order", "order": ["erp", "crm"], "dated_by": BOTH}, OLD),
    ],
)
def test_the_value_that_changed_last_stands(
    rule: dict[str, Any], stands: str, tmp_path: Path
) -> None:
    assert phone(a_project(tmp_path, rule)) == (
        stands,
        "crm.people" if stands == NEW else "erp.people",
        2,
    )


@pytest.mark.parametrize(
    ("erp", "changes", "stands"),
    [
        # its newest row counts
        (LOG, (CHANGE, f"2,q1,phone,{OLD},2025-06-21 00:00:00,2025-06-21"), OLD),
        (LOG, (CHANGE, "2,q1,city,Leeds,2025-06-21 00:00:00,2025-06-21"), OLD),  # of whatever field
        (ONLY_PHONES, (CHANGE, "2,q1,city,Leeds,2025-06-21 00:00:00,2025-06-21"), NEW),
        (LOG, (CHANGE, f"2,q1,phone,{OLD},2025-07-01 00:00:00,2025-07-01"), NEW),  # after as_of
        (LOG, (CHANGE, f"2,q1,phone,{OLD},2025-06-30 23:59:59,2025-06-30"), OLD),  # on its day
        # of somebody else
        (LOG, (CHANGE, f"2,q9,phone,{OLD},2025-06-21 00:00:00,2025-06-21"), NEW),
        (LOG, (), NEW),  # it does not say when
    ],
)
def test_the_newest_row_of_the_log_dates_the_record(
    erp: Any, changes: tuple[str, ...], stands: str, tmp_path: Path
) -> None:
    assert (
        phone(a_project(tmp_path, recent({**BOTH, "erp.people": erp}), changes=changes))[0]
        == stands
    )


def test_history_says_which_rows_of_the_log_are_about_the_attribute(tmp_path: Path) -> None:
    kept = {
        "from": "erp.changes",
        "as": "changes",
        "value": "new_value",
        "where": "field = 'phone'",
    }
    changes = (CHANGE, "2,q1,city,Leeds,2025-06-21 00:00:00,2025-06-21")
    assert phone(a_project(tmp_path, recent(BOTH), changes=changes, kept=kept))[0] == NEW


def test_a_record_that_does_not_say_when_comes_last(tmp_path: Path) -> None:
    crm = CRM.replace("2025-06-20 00:00:00,,", ",,")
    assert (
        phone(a_project(tmp_path, recent({"crm.people": "phone_changed_at"}), crm=(crm,)))[0] == OLD
    )
    assert phone(a_project(tmp_path / "two", recent(BOTH), crm=(crm,)))[0] == OLD


def test_of_a_repeated_key_the_newest_row_says_when(tmp_path: Path) -> None:
    before = f"p1,ann@firm.test,{OLD},2025-06-29 00:00:00,,2025-06-01 00:00:00"
    later = CRM.replace("2025-06-20 00:00:00,,", "2022-01-01 00:00:00,,")
    assert phone(a_project(tmp_path, recent(BOTH), crm=(before, later))) == (OLD, "erp.people", 2)


def test_within_one_source_the_change_breaks_the_tie(tmp_path: Path) -> None:
    erp = (ERP, f"q2,ann@firm.test,{NEW},2025-06-30 02:00:00")
    changes = (CHANGE, f"2,q2,phone,{NEW},2024-01-01 00:00:00,2024-01-01")
    assert phone(a_project(tmp_path, {"order": ["erp"]}, erp=erp, changes=changes))[0] == OLD
    assert (
        phone(
            a_project(
                tmp_path / "two",
                {"order": ["erp"], "dated_by": {"erp.people": LOG}},
                erp=erp,
                changes=changes,
            )
        )[0]
        == NEW
    )


def test_a_source_without_recorded_may_be_dated(tmp_path: Path) -> None:
    sources = SOURCES.replace(
        "erp.people: {primary_key: no, recorded: updated_at,", "erp.people: {primary_key: no,"
    )
    assert phone(a_project(tmp_path, recent(BOTH), sources=sources))[0] == NEW
    with pytest.raises(ModelError, match="erp.people"):
        load_model(
            a_project(tmp_path / "two", recent({"crm.people": "phone_changed_at"}), sources=sources)
        )


def test_explain_says_that_it_changed_earlier(tmp_path: Path) -> None:
    with closing(Workbook.open(a_project(tmp_path, recent(BOTH)))) as book:
        held, beaten = book.survivorship.explained.held(
            "person", "phone", book.engine.query(book.plan, "select id from person")["id"][0]
        )
    assert (held.value, held.recorded, [each.name for each in beaten.reasons]) == (
        NEW,
        dt.datetime(2025, 6, 20),
        ["overruled.dated_earlier"],
    )


@pytest.mark.parametrize(
    ("dated_by", "named"),
    [
        ({"crm.peple": "phone_changed_at"}, ["crm.peple", "crm.people"]),
        ({"crm.people": "phone_chanced_at"}, ["phone_chanced_at", "phone_changed_at"]),
        ({"crm.people": "note"}, ["crm.people.note", "text"]),
        ({"crm.people": {"at": "phone_changed_at", "where": "note = 'x'"}}, ["where"]),
        ({"erp.people": "erp.changed.at"}, ["erp.changed", "erp.changes"]),
        ({"erp.people": "erp.changes.new_value"}, ["erp.changes.new_value"]),
        ({"erp.people": "erp.other.at"}, ["identifier", "erp.other"]),
        ({"erp.people": "erp.other"}, ["erp.other"]),
        ({"erp.people": {"at": LOG, "where": "feld = 'phone'"}}, ["feld", "field"]),
        ({"erp.people": {"when": LOG}}, ["when"]),
    ],
)
def test_a_mistake_is_refused_where_it_stands(
    dated_by: dict[str, Any], named: list[str], tmp_path: Path
) -> None:
    with pytest.raises(ModelError) as refused:
        load_model(a_project(tmp_path, recent(dated_by)))
    assert "05_survivorship.yml:2" in str(refused.value)
    assert [word for word in named if word not in str(refused.value)] == []


def test_a_union_and_snapshots_date_nothing(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="union"):
        load_model(a_project(tmp_path, {"rule": "union", "dated_by": BOTH}))
    kept = {"from": "erp.changes", "as": "snapshots", "value": "new_value"}
    with pytest.raises(ModelError, match="snapshots"):
        load_model(a_project(tmp_path / "two", recent(BOTH), kept=kept))


def many(count: int, spread: bool) -> tuple[str, ...]:
    """So many records of the ERP, all written in one night, or a day apart."""
    day = dt.date(2025, 6, 30)
    return tuple(
        f"q{n},p{n}@firm.test,{OLD},{day - dt.timedelta(days=n if spread else 0)} 03:00:00"
        for n in range(count)
    )


ONE_BY_ONE = tuple(
    f"p{n},p{n}@firm.test,{NEW},,,2025-0{1 + n % 6}-{10 + n % 7} 00:00:00" for n in range(25)
)


@pytest.mark.parametrize(
    ("rule", "crm", "erp", "changes", "about"),
    [
        ({"rule": "most_recent"}, ONE_BY_ONE, many(25, spread=False), (), ["erp.people"]),
        ({"rule": "most_recent"}, ONE_BY_ONE, many(25, spread=True), (), []),
        # 38 of 40 on one day
        (
            {"rule": "most_recent"},
            ONE_BY_ONE,
            (*many(38, spread=False), *many(40, spread=True)[38:]),
            (),
            ["erp.people"],
        ),
        # 80 % of them
        (
            {"rule": "most_recent"},
            ONE_BY_ONE,
            (*many(20, spread=False), *many(25, spread=True)[20:]),
            (),
            [],
        ),
        # few, and a log says another day; CRM agrees with its own
        ({"rule": "most_recent"}, (CRM,), (ERP,), (CHANGE,), ["erp.people"]),
        ({"rule": "most_recent"}, (CRM,), (ERP,), (), []),  # few, and nothing says another day
        ({"rule": "source_order"}, ONE_BY_ONE, many(25, spread=False), (), []),  # the order decides
        ({"rule": "most_frequent", "order": ["crm"]}, ONE_BY_ONE, many(25, spread=False), (), []),
        (recent({"erp.people": LOG}), ONE_BY_ONE, many(25, spread=False), (), []),
    ],
)
def test_a_source_that_a_job_writes_again_is_a_finding(
    rule: dict[str, Any],
    crm: tuple[str, ...],
    erp: tuple[str, ...],
    changes: tuple[str, ...],
    about: list[str],
    tmp_path: Path,
) -> None:
    with closing(
        Workbook.open(a_project(tmp_path, rule, crm=crm, erp=erp, changes=changes))
    ) as book:
        found = [
            each
            for each in book.survivorship.conclude()
            if each.code == "survivorship.touched_nightly"
        ]
    assert [(each.severity, each.count, each.about) for each in found] == [
        ("look", 1, (source, "person.phone")) for source in about
    ]
    assert all(
        "dated_by" in each.advice and ("erp.changes.at" in each.advice) == bool(changes)
        for each in found
    )


def test_values_of_a_later_day_than_their_record_are_counted_by_source(tmp_path: Path) -> None:
    """The phone of p2 changed a day after its row was last recorded; that of p1 on the day, and
    that of p3 is dated by nothing.
    """
    others = (
        "p2,bob@firm.test,+12125550102,2025-06-21 00:00:00,,2025-06-20 12:00:00",
        "p3,eve@firm.test,+12125550103,,,2025-06-20 12:00:00",
    )
    with closing(Workbook.open(a_project(tmp_path, recent(BOTH), crm=(CRM, *others)))) as book:
        found = [
            (each.count, each.about)
            for each in book.survivorship.conclude()
            if each.code == "survivorship.dated_later"
        ]
        ids = book.engine.query(book.plan, "select id, email from person order by email")["id"]
        later = [
            [each.dated_later for each in book.survivorship.explained.held("person", "phone", id)]
            for id in ids
        ]
    assert found == [(1, ("person.phone", "crm.people"))]
    assert later == [[False, False], [True], [False]]  # ann, bob, eve
