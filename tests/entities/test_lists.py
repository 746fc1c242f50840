"""Lists in a cell: each value links by itself, and what cannot be said of lists is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from builders import a_project

from workbook import Workbook
from workbook.history.entity_links import reached_sql

SOURCES = """
systems: {{hub: {{owner: sales}}}}
sources:
  hub.firms: {{primary_key: firm_no, fields: {{firm_no: id, name: company_name}}}}
  hub.contacts:
    primary_key: contact_no
    recorded: seen_at
    fields: {{contact_no: id, firms: {{type: id, split: "{separator}"}}, seen_at: timestamp}}
identifiers:
  firm_no: {{in: [hub.firms.firm_no, hub.contacts.firms]}}
trace: [firm_no]
"""
ENTITIES = """
entities: {firm: {row_is: one firm, from: hub.firms},
  contact: {row_is: one contact, from: hub.contacts}}
relationships: {works_at: {from: contact, to: firm, by: firm_no, cardinality: many to many}}
"""
METRICS = """
semantic_models: {c: {of: contact, measures: {contacts: {agg: count}}}}
metrics: {contacts: {measure: contacts, by: contact.firm_no}}
"""


@pytest.fixture
def opened(tmp_path: Path) -> Callable[..., Workbook]:
    def build(separator: str, contacts: str, metrics: str = "") -> Workbook:
        files = {
            "hub.firms": "firm_no,name\n111,Alder\n222,Birch\n333,Cedar\n",
            "hub.contacts": "contact_no,firms,seen_at\n" + contacts,
        }
        sources = SOURCES.format(separator=separator)
        return Workbook.open(
            a_project(tmp_path, files, sources=sources, entities=ENTITIES, metrics=metrics)
        )

    return build


@pytest.mark.parametrize(
    ("separator", "row"),
    [(";", "1,111; 222;111,2025-06-02"), ("json", '1,"[""111"", 222]",2025-06-02')],
)
def test_each_value_links(separator: str, row: str, opened: Callable[..., Workbook]) -> None:
    """Only the row that stands counts: an older row of contact 1 named firm 333."""
    older, other, none = (
        ("1,333,2025-06-01", "2,222,2025-06-01", "3,,2025-06-01")
        if separator == ";"
        else ('1,"[333]",2025-06-01', '2,"[222]",2025-06-01', "3,,2025-06-01")
    )
    book = opened(separator, "\n".join([row, older, other, none]) + "\n")
    links = book.engine.frame(book.plan, "works_at").rows()
    assert [("1", "111"), ("1", "222"), ("2", "222"), ("3", None)] == sorted(links, key=str)
    held = book.engine.query(
        book.plan,
        "select value, records from evidence__identifier_values where source = 'hub.contacts' order"
        " by value",
    ).rows()
    assert [("111", 1), ("222", 2), ("333", 1)] == held
    book.close()


def test_a_split_by_a_list_is_refused(opened: Callable[..., Workbook]) -> None:
    book = opened(";", "1,111;222,2025-06-02\n", METRICS)
    found = [finding for finding in book.metrics.conclude() if finding.code == "metrics.refused"]
    assert 1 == len(found)
    assert "m__contacts__by__contact__firm_no" not in book.plan
    book.close()


def test_a_split_along_a_list_counts_each_row_once(opened: Callable[..., Workbook]) -> None:
    """Contact 1 is of two firms, 2 and 4 of one, 3 of none, 5 of one that nobody knows: five in
    all.
    """
    rows = "1,111;222,2025-06-02\n2,222,2025-06-01\n3,,2025-06-01\n4,111; 111,2025-06-01\n"
    by_firm = METRICS.replace("contact.firm_no", "firm.name")
    book = opened(";", rows + "5,999,2025-06-01\n", by_firm)
    untrue = {"metrics.refused", "metrics.fan_out"} & {
        each.code for each in book.metrics.conclude()
    }
    assert set() == untrue
    split = book.engine.frame(book.plan, "m__contacts__by__firm__name")
    assert {"Alder": 1, "Birch": 1, "(several)": 1, "(not linked)": 2} == {
        segment: value for segment, value in split.select("segment", "value").rows()
    }
    book.close()


def test_a_row_is_about_the_one_thing_that_its_list_names(opened: Callable[..., Workbook]) -> None:
    """Of contact 1 two firms are named, so that its row is about neither; a value that nobody
    bears counts for nothing.
    """
    book = opened(
        ";", "1,111;222,2025-06-02\n2,222;999,2025-06-01\n3,,2025-06-01\n4,111; 111,2025-06-01\n"
    )
    found = book.engine.query(
        book.plan,
        f"select _row, id, ids from ({reached_sql(book.model, 'firm', 'hub.contacts')}) order by"
        " _row",
    ).rows()
    assert [(1, 2), (2, 1), (4, 1)] == [(row, ids) for row, _, ids in found]
    assert ["222", "111"] == [holder for _, holder, ids in found if ids == 1]
    book.close()
