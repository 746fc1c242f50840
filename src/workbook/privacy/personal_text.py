"""Text that may be somebody's: mailboxes among keys, values where a header should be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from workbook.privacy.guess import is_name
from workbook.privacy.redact import tokens

_PART = r"[^\s@,;:|<>()\"']"
# Bounded, so that a long text without a mailbox takes time in proportion to its length.
_MAILBOX = re.compile(rf"{_PART}{{1,320}}@{_PART}{{1,190}}\.{_PART}{{1,63}}")
_LONG_NUMBER = re.compile(r"\+?(?:\d[\s().x/-]?){7,}")


def without_mailboxes(values: Iterable[object], key: bytes | None = None) -> list[object]:
    """The values with a token for each mailbox in them; all else stays as it is.

    >>> without_mailboxes(["o-1", "crm.people:ann@shop.example"], b"")
    ['o-1', 'crm.people:email·1']
    """
    kept = list(values)
    found = [
        mailbox
        for value in kept
        if isinstance(value, str)
        if "@" in value
        for mailbox in _MAILBOX.findall(value)
    ]
    if not found:
        return kept
    named = tokens(found, "email", key)
    return [
        _MAILBOX.sub(lambda mailbox: named[mailbox[0]], value) if isinstance(value, str) else value
        for value in kept
    ]


def readable_headers(headers: Sequence[str]) -> list[str]:
    """Headers as a page or a message may print them; one that may be a value is its place.

    >>> readable_headers(["order_no", "ann@shop.example", "Ann Lee", "Ann", "2024"])
    ['order_no', '#2', '#3', 'Ann', '2024']
    """
    return [
        f"#{number}" if may_be_a_value(header) else header
        for number, header in enumerate(headers, 1)
    ]


def may_be_a_value(header: str) -> bool:
    """Whether a header is a mailbox, a long number or somebody's name."""
    text = header.strip()
    return bool(
        _MAILBOX.search(text)
        or _LONG_NUMBER.fullmatch(text)
        or (len(text) <= 100 and is_name(text))
    )
