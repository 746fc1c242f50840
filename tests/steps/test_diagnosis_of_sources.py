"""Page 00 before anything is decided: symptoms counted from the landed rows, by hand beside
them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from builders import a_project

from workbook import diagnose
from workbook.book import Workbook

MODEL = """
owner: data
systems: {crm: {}, pay: {}}
sources:
  crm.accounts: {file: accounts.csv, primary_key: no, recorded: changed,
    fields: {no: id, payer: id, name: company_name, owner_name: full_name, mail: email,
    changed: timestamp}}
  pay.payers: {file: payers.csv, primary_key: payer, fields: {payer: id, title: company_name}}
  pay.bills: {file: bills.csv, primary_key: bill, valid: on,
    fields: {bill: id, payer: id, total: {type: money, currency: EUR},
    on: {column: day, type: date}}}
identifiers:
  payer: {in: [pay.payers, crm.accounts, pay.bills]}
"""
ROWS = {
    # payer p1 is on two accounts, which share a mailbox; two accounts are called Nord
    "accounts": (
        "no,payer,name,owner_name,mail,changed\n"
        "a1,p1,Nord,Kim Lee,x@a.example,2025-06-01\n"
        "a2,p1,Nord,Kim Lee,x@a.example,2025-06-02\n"
        "a3,p2,Sued,Kim Lee,y@a.example,2025-06-03\na4,,West,Kim Lee,,2025-06-04\n"
    ),
    "payers": "payer,title\np1,NORD\np2,Sud\np3,Ost\n",
    "bills": "bill,payer,total,day\nb1,p1,10,2025-06-05\nb2,p2,20,2025-06-06\n",
}
EMPTY = {name: text.splitlines()[0] + "\n" for name, text in ROWS.items()}


def opened(folder: Path, rows: dict[str, str], model: str = MODEL) -> Workbook:
    return Workbook.open(a_project(folder, rows, sources=model))


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Workbook]:
    made = opened(tmp_path, ROWS)
    yield made
    made.close()


def test_symptoms_are_counted_from_landed_rows(book: Workbook) -> None:
    landed = book.diagnosis.evidence.landed
    assert landed.alike == (
        ("crm.accounts", "name", 2),
        ("crm.accounts", "mail", 2),
        ("pay.payers", "title", 0),
    )
    assert landed.counts == (("payer", (("crm.accounts", 2), ("pay.payers", 3))),)
    assert landed.overwritten == (("crm.accounts", 4),)
    assert landed.conflicts == (("payer", "name", "crm accounts and pay payers", 2, 1),)
    assert landed.several == (
        ("pay.bills", "pay.payers", "payer", 0),
        ("pay.bills", "crm.accounts", "payer", 1),
    )
    shown = {each.name: each.shown for each in diagnose.detected(book.diagnosis.evidence)}
    assert shown == {
        "customer_counts_differ": True,
        "active_means_two_things": None,
        "revenue_double_counted": True,
        "crm_and_product_disagree": True,
        "history_overwritten": True,
        "ai_wrong_account": True,
        "automation_targets_wrong_people": None,
        "teams_distrust_360": None,
    }


def test_every_symptom_that_shows_is_a_finding_with_an_owner(book: Workbook) -> None:
    found = [each for each in book.diagnosis.conclude() if each.code == "diagnosis.symptom"]
    assert len(found) == 5 and {each.owner for each in found} == {"data"}
    answers = {each.name: each.answer for each in diagnose.answers(book.diagnosis.evidence)}
    assert answers["duplicates_explained"] == "no"


def test_what_holds_no_row_shows_no_symptom(tmp_path: Path) -> None:
    book = opened(tmp_path, EMPTY)
    shown = {each.name: each.shown for each in diagnose.detected(book.diagnosis.evidence)}
    book.close()
    assert set(shown.values()) == {None}


def test_one_source_without_names_tells_nothing(tmp_path: Path) -> None:
    model = (
        "systems: {pay: {}}\nsources:\n  pay.bills: {file: bills.csv, primary_key: bill, fields:"
        " {bill: id, total: {type: money, currency: EUR}}}\n"
    )
    book = opened(tmp_path, ROWS, model)
    shown = {each.shown for each in diagnose.detected(book.diagnosis.evidence)}
    answers = {each.name: each.answer for each in diagnose.answers(book.diagnosis.evidence)}
    book.close()
    assert shown == {None} and answers["duplicates_explained"] == diagnose.UNTOLD
