"""Mailboxes among keys and values among headers are not printed."""

from __future__ import annotations

import polars as pl
import pytest

from workbook.privacy import may_be_a_value, readable_headers, without_mailboxes
from workbook.show import Column, table


def test_equal_mailboxes_get_equal_tokens_and_all_else_stays() -> None:
    values = [
        "ann@shop.example",
        "crm.people:bo@shop.example",
        "ann@shop.example|7",
        "o-12",
        None,
        7,
    ]
    assert without_mailboxes(values, b"") == [
        "email·1",
        "crm.people:email·2",
        "email·1|7",
        "o-12",
        None,
        7,
    ]


@pytest.mark.parametrize("cls", ["public", "internal"])
def test_a_key_that_is_a_mailbox_is_masked_whatever_its_class(cls: str) -> None:
    frame = pl.DataFrame({"record": ["ann@shop.example", "o-2"]})
    drawn = table(frame, [Column("record", "Row", "value", cls=cls)])
    assert "ann@" not in drawn.html + str(drawn.rows) and "o-2" in drawn.html


@pytest.mark.parametrize(
    "header", ["ann@shop.example", "Ann Lee", "Lee, Ann", "+49 30 123456", "017612345678"]
)
def test_a_header_that_may_be_somebodys_value_is_named_by_its_place(header: str) -> None:
    assert may_be_a_value(header) and readable_headers(["order no", header]) == ["order no", "#2"]


@pytest.mark.parametrize(
    "header",
    [
        "order_no",
        "First name",
        "2024",
        "Q1 2024",
        "Amount (EUR)",
        "12",
        "e@mail",
        "Home phone",
        "Ann",
    ],
)
def test_a_header_stays_a_header(header: str) -> None:
    assert not may_be_a_value(header)
