"""Why a shared value is excluded from matching or a match is blocked: as the tables store it,
and as facts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

IGNORED, PLACEHOLDER = "ignored by decision", "placeholder"
# why a domain is not that of a company
MAIL_PROVIDER, SHARED_SITE = "mail provider", "shared site"
TOO_MANY = "on more than "  # how the reason begins where the limit of records was passed
REVIEWED = "a person said that they are two"
_STORED = {
    "ignored": IGNORED,
    "placeholder": PLACEHOLDER,
    "mail_provider": MAIL_PROVIDER,
    "shared_site": SHARED_SITE,
    "contact_on_many": rf"{TOO_MANY}(?P<limit>[\d,]+) records by its (?P<attribute>.+) alone",
    "on_many": rf"{TOO_MANY}(?P<limit>[\d,]+) records",
    "too_different": r"more than (?P<limit>[\d,]+) different (?P<attribute>.+)",
    "value_of_two": r"records that share the value hold two values of (?P<attribute>.+)",
    "two_values": r"it would join two values of (?P<attribute>.+)",
    "reviewed": REVIEWED,
}


@dataclass(frozen=True)
class MatchReason:
    """A reason as a fact: the name of its text, and the values in it (limit, attribute)."""

    name: str
    values: dict[str, Any] = field(default_factory=dict)


def too_many(limit: int, contact: str = "") -> str:
    """Stored where more than `limit` records have the value, or have the mailbox or telephone
    (`contact`) that is part of it.
    """
    alone = f" by its {contact} alone" if contact else ""
    return f"{TOO_MANY}{limit:,} records{alone}"


def too_different(limit: int, attribute: str) -> str:
    """Stored where the records of a value name more than `limit` values of an attribute."""
    return f"more than {limit:,} different {attribute}"


def value_of_two(attribute: str) -> str:
    """Stored where the records of a value have two values of a never-merge attribute."""
    return f"records that share the value hold two values of {attribute}"


def two_values(attribute: str) -> str:
    """Stored where a match would give one group two values of a never-merge attribute."""
    return f"it would join two values of {attribute}"


def match_reason(stored: str) -> MatchReason:
    """The fact behind a stored reason.

    >>> match_reason(too_different(1, "last name"))
    MatchReason(name='too_different', values={'limit': 1, 'attribute': 'last name'})

    Raises:
        LookupError: no table stores such a reason.
    """
    for name, pattern in _STORED.items():
        found = re.fullmatch(pattern, stored, re.DOTALL)
        if found:
            values: dict[str, Any] = found.groupdict()
            if "limit" in values:
                values["limit"] = int(values["limit"].replace(",", ""))
            return MatchReason(name, values)
    raise LookupError(f"No reason of matching is stored as {stored!r}.")
