"""What belongs to people is told by values and names together; what only sounds so is left
alone.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from workbook.model import TYPES
from workbook.sources.onboard.column_values import ColumnValues
from workbook.sources.onboard.column_decision import Beside
from workbook.sources.onboard.column_types import typed
from workbook.privacy import guess, guess_by_values

A = Callable[..., ColumnValues]
AGENTS = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36",
    "Mozilla/5.0 (Macintosh) Gecko/2010",
    "curl/8.1",
)
UUIDS = tuple(f"{n:08x}-aaaa-4bbb-8ccc-0123456789ab" for n in range(9))


@pytest.mark.parametrize(
    ("header", "values", "kind", "cls"),
    [
        ("Requester", ("Fn0 Ln0", "Fn1 Ln1"), "full_name", "personal"),
        ("Company owner", ("Ann Lee", "Bob Kay"), "full_name", "personal"),
        ("PRIMARY_NAME_LAST", ("Lee", "Kay"), "person_name", "personal"),
        ("NATIVE_NAME_FULL", ("Ann Lee", "Bob Kay"), "full_name", "personal"),
        # by its values alone
        ("handled", ("Ann Lee", "Anna Kay", "Paul Roe"), "full_name", "personal"),
        ("ADDR_FULL", ("12 Main St", "4 Oak Ave"), "postal_address", "personal"),
        (
            "where",
            ("12 Main St, Apt 2", "4 Oak Ave", "Hauptstraße 5"),
            "postal_address",
            "personal",
        ),
        ("employer_street_name", ("Main St", "Oak Ave"), "postal_address", "personal"),
        ("user_ipaddress", ("192.0.2.1", "2001:db8::17"), "ip", "personal"),
        ("client", ("192.0.2.1", "192.0.2.7", "192.0.2.9"), "ip", "personal"),
        ("br", AGENTS, "device_id", "personal"),
        ("domain_userid", UUIDS, "device_id", "personal"),
        ("network_userid", UUIDS, "device_id", "personal"),
        ("session_id", UUIDS, "device_id", "personal"),
        ("session_id", ("s1", "s2"), "id", "internal"),
        ("SSN_NUMBER", ("123-45-6789", "234-56-7890"), "id", "sensitive"),
        ("field 7", ("123-45-6789", "234-56-7890", "345-67-8901"), "id", "sensitive"),
        ("DRIVERS_LICENSE_NUMBER", ("D1234567", "D7654321"), "id", "sensitive"),
        ("PASSPORT_NUMBER", ("X1234567", "X7654321"), "id", "sensitive"),
        (
            "acct",
            ("DE89370400440532013000", "GB29NWBK60161331926819", "FR1420041010050500013M02606"),
            "id",
            "sensitive",
        ),
        ("agentName", ("Chrome", "Safari", "Firefox"), "text", ""),
        ("PHONE_TYPE", ("HOME", "MOBILE"), "text", ""),
        ("tax_year", ("2023", "2024"), "integer", "internal"),
        ("unsubscribed_from_emails", ("true", "false"), "boolean", "internal"),
        ("ip_netspeed", ("fast", "slow"), "text", ""),
    ],
)
def test_classes(a_column: A, header: str, values: tuple[str, ...], kind: str, cls: str) -> None:
    found = typed(a_column(header, *values), Beside("rows"))
    assert (found.type, found.cls or (TYPES[found.type].cls if cls else "")) == (kind, cls)


def test_an_assignee_that_is_an_id_or_a_department_is_no_name(a_column: A) -> None:
    assert typed(a_column("owner", "sales", "finance"), Beside("t")).type != "full_name"
    assert typed(a_column("owner_id", "17", "18"), Beside("t")).type == "id"


@pytest.mark.parametrize(
    "name",
    [
        "ip_domain",
        "email_status",
        "phone_type",
        "emails_sent",
        "unsubscribed_from_emails",
        "PASSPORT_COUNTRY",
        "message_id",
        "agentName",
        "note_count",
        "opted_out_of_email",
        "addr_id",
        "user_name_id",
    ],
)
def test_names_that_only_sound_personal(name: str) -> None:
    assert guess(name) is None


@pytest.mark.parametrize(
    ("values", "word"),
    [
        (("a@x.example", "b@x.example", "c@x.example"), "email"),
        # the check digit of Luhn holds
        (("4111111111111111", "5500 0000 0000 0004", "340000000000009"), "account"),
        (("4111111111111112", "5500000000000005", "340000000000001"), ""),
        (("DE89370400440532013001", "GB29NWBK60161331926810", "FR1420041010050500013M02607"), ""),
        (("Closed Won", "Not Offered", "Computer Software"), ""),
        (("Ann Lee", "Peter Roe", "Xx Yy"), "name"),
        (("192.0.2.1", "192.0.2.2"), ""),  # two may be chance
        (("1.2.3", "1.2.4", "1.10.0"), ""),
    ],
)
def test_values_that_look_personal(values: tuple[str, ...], word: str) -> None:
    found = guess_by_values(values)
    assert (found.word if found else "") == word


@pytest.mark.parametrize(
    ("header", "values", "kind"),
    [
        ("customer", ("cus_00001", "cus_00002", "cus_00003", "cus_00004"), "id"),
        ("customer", ("11", "12", "13", "14"), "id"),
        ("price", ("11", "12", "13", "14"), "money"),
        ("price", ("1.75", "2.75", "3.75", "4.75"), "money"),
        ("price", ("price_1A", "price_2B", "price_3C", "price_4D"), "id"),
        ("plan", ("p1", "p2", "p3", "p4"), "id"),
        ("Lineitem sku", ("10001", "10002"), "id"),
        ("invoice_no", ("17", "18"), "id"),
        ("house number", ("17", "18"), "integer"),
    ],
)
def test_ids_by_name_and_values(
    a_column: A, header: str, values: tuple[str, ...], kind: str
) -> None:
    column = a_column(header, *values)
    from workbook.sources.onboard.number_style import read_numbers

    assert typed(column, Beside("rows", numbers={header: read_numbers(column)})).type == kind


@pytest.mark.parametrize(
    ("values", "kind", "cls"),
    [
        (("open", "solved", "on hold"), "category", "internal"),
        (("Closed Won", "Prospecting", "Negotiation"), "category", "internal"),
        # given names: nobody's class is guessed harmless
        (("Ann", "Bob", "Carla"), "category", ""),
        # names or not, two capitals each
        (("Xander Quill", "Yara Zorn", "Ulf Tamm"), "category", ""),
        (tuple(f"word {n}" for n in range(60)), "text", ""),
    ],
)
def test_few_words_are_a_category_and_internal_unless_they_could_be_names(
    a_column: A, values: tuple[str, ...], kind: str, cls: str
) -> None:
    found = typed(a_column("state of it", *(values * 6)), Beside("rows"))
    assert (found.type, found.cls) == (kind, cls)


@pytest.mark.parametrize(
    ("header", "values", "kind"),
    [
        ("Discount", ("0.1", "0.25", "0"), "decimal"),
        ("Fee", ("0.25", "0.30", "0.10"), "money"),
        ("Discount", ("12.50", "3.00", "0.10"), "money"),
    ],
)
def test_a_share_is_no_amount(a_column: A, header: str, values: tuple[str, ...], kind: str) -> None:
    assert typed(a_column(header, *values), Beside("rows")).type == kind
