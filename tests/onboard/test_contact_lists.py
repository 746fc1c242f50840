"""Several mailboxes or telephone numbers in one cell: read as a list, and proposed as further
values of one identifier.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from workbook.sources.onboard.add import add_sources
from workbook.sources.onboard.column_values import ColumnValues
from workbook.sources.onboard.column_decision import Beside
from workbook.sources.onboard.column_types import typed

Make = Callable[..., ColumnValues]


@pytest.mark.parametrize(
    ("name", "cells", "kind", "split"),
    [
        ("more_mail", ["a@x.test", "b@x.test;c@y.test", None], "email", ";"),
        ("more_mail", ["a@x.test | b@x.test", "c@x.test"], "email", "|"),
        (
            "more_mail",
            ["a@x.test, b@x.test", *(f"m{n}@x.test" for n in range(9)), "unknown"],
            "email",
            ",",
        ),
        ("mail", ["a@x.test", "b@x.test"], "email", None),
        ("mails", ['["a@x.test","b@x.test"]', '["c@x.test"]'], "email", "json"),
        ("phone_numbers", ["030 5550100; +49 40 5550101", "030 5550102"], "phone", ";"),
        ("reached_at", ["+1 212 555 0100;+1 212 555 0101", "+1 212 555 0102"], "phone", ";"),
        ("phone", ["030 5550100", "030 5550101"], "phone", None),
    ],
)
def test_values_of_a_form_show_a_list(
    name: str, cells: list[str | None], kind: str, split: str | None, a_column: Make
) -> None:
    """No value comes twice, as it does in lists of words."""
    found = typed(a_column(name, *cells), Beside("people"))
    assert (found.type, found.words.get("split")) == (kind, split)
    assert split is None or "split" in found.guess


@pytest.mark.parametrize(
    "cells", [["call a@x.test; or wait", "none; never"], ["1;2", "3"], ["Lee, Ann; Kay, Bob"]]
)
def test_texts_with_marks_are_no_lists_of_mailboxes(cells: list[str], a_column: Make) -> None:
    assert typed(a_column("note", *cells), Beside("people")).type not in ("email", "phone")


CONTACTS = """Record ID,Email,Additional email addresses,Guest emails
1,mia@alder.test,mia@home.test;mia@work.test,noah@birch.test;lena@cedar.test
2,noah@birch.test,,mia@home.test
3,lena@cedar.test,LENA@home.test,
"""
CUSTOMERS = "id,Email\ncus_1,mia@home.test\ncus_2,noah@birch.test\ncus_3,lena@home.test\n"


def test_further_mailboxes_of_a_row_are_part_of_the_identifier_and_those_of_others_are_not(
    a_project: Callable[..., Path],
) -> None:
    project = a_project(hubspot_contacts=CONTACTS, stripe_customers=CUSTOMERS)
    found = add_sources(project, [project / "data"])
    assert (
        "in: [hubspot.contacts.email, hubspot.contacts.additional_email_addresses,"
        " stripe.customers.email]" in " ".join(found.text.split())
    )
    assert 'Additional email addresses, split: ";"' in found.text
    assert any("hubspot.contacts.guest_emails (email)" in sentence for sentence in found.sentences)


def test_a_list_is_no_key_however_unique_its_cells_are(a_project: Callable[..., Path]) -> None:
    project = a_project(
        crm_people="emails,person_id\n"
        + "".join(f"a{n}@x.test;b{n}@x.test,{n}\n" for n in range(20))
    )
    found = add_sources(project, [project / "data"])
    assert "primary_key: person_id" in found.text


def test_lists_that_a_model_has_meet_new_sources_value_by_value(
    a_project: Callable[..., Path],
) -> None:
    sources = """
systems: {hubspot: {owner: sales}}
sources:
  hubspot.contacts:
    primary_key: record_id
    fields:
      record_id: {type: id, column: Record ID}
      mails: {type: email, column: Additional email addresses, split: ";"}
"""
    project = a_project(sources, hubspot_contacts=CONTACTS, stripe_customers=CUSTOMERS)
    found = add_sources(project, [project / "data" / "stripe_customers.csv"])
    assert "in: [hubspot.contacts.mails, stripe.customers.email]" in " ".join(found.text.split())
