"""SQL as a page may print it: without literals that a ledger of decisions or a person's address
could have brought.
"""

from __future__ import annotations

import re
from collections.abc import Set

_LITERAL = re.compile(r"'((?:[^']|'')*)'")
# an address, or a number as long as a phone's
_PERSONAL = re.compile(r"[^\s@%]{1,64}@[^\s@%]{1,190}\.\w|(?:\d[ ()/.-]?){7,}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:[ T][\d:.]+)?")
_HIDDEN = "'…'"


def readable_sql(sql: str, secrets: Set[str]) -> str:
    """SQL without the values of people: a literal from a ledger, or one that looks like an
    address or a number of one.

    >>> sql = "where mail = 'ann@example.org' and plan = 'team' and day < '2025-06-30'"
    >>> readable_sql(sql, frozenset())
    "where mail = '…' and plan = 'team' and day < '2025-06-30'"
    """

    def shown(found: re.Match[str]) -> str:
        value = found[1].replace("''", "'")
        hidden = value in secrets or (_PERSONAL.search(value) and not _DATE.fullmatch(value))
        return _HIDDEN if hidden else found[0]

    return _LITERAL.sub(shown, sql.strip())
