"""Columns that say of a row that it may not count, by the words of their names."""

from __future__ import annotations

from collections.abc import Iterable

DELETED, INTO, FROM, TEST = "deleted", "merged_into", "merged_from", "test"
_GONE = {"deleted", "archived", "removed", "purged"}
_INTO = (
    {"merged", "into"},
    {"master", "record"},
    {"master", "id"},
    {"surviving"},
    {"merged", "to"},
    {"replaced", "by"},
)
_FROM = (
    {"merged", "object", "ids"},
    {"merged", "ids"},
    {"merged", "from"},
    {"merged", "contact", "ids"},
    {"merged", "record", "ids"},
)
_TESTS = {"test", "bot", "bots", "internal", "sandbox", "demo", "livemode", "spam", "fake"}


def mark_of(words: Iterable[str]) -> str:
    """What a column of these words seems to say of a row; '' where it says nothing of that kind.

    >>> mark_of(["is", "deleted"]), mark_of(["deleted", "by"]), mark_of(["master", "record", "id"])
    ('deleted', '', 'merged_into')
    >>> mark_of(["merged", "object", "ids"]), mark_of(["is", "bot"]), mark_of(["name"])
    ('merged_from', 'test', '')
    """
    here = set(words)
    if here & _GONE and not here & {"by", "merged"}:
        return DELETED
    if any(sign <= here for sign in _FROM) and {"ids", "from"} & here:
        return FROM
    if any(sign <= here for sign in _INTO):
        return INTO
    return TEST if here & _TESTS else ""
