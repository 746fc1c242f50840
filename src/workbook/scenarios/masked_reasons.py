"""Reasons that people typed into ledgers, as a page or a terminal may show them: without values
of people.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set

from workbook.engine import quote
from workbook.engine.sql import text as literal
from workbook.model.table_names import table_of
from workbook.privacy import shown, without_mailboxes
from workbook.scenarios.context import Context

_LONGEST = 6  # words of a value
_SHORTEST = 3  # letters of a value
_EDGES = ".,;:!?()[]{}<>\"'“”‘’„«»"
_NUMBER = re.compile(r"(?<!\w)\+?(?:\d[ ()/.-]?){7,}\d")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_HIDDEN = "…"


def readable_reasons(context: Context, reasons: Iterable[str]) -> dict[str, str]:
    """Each reason as it may be read: `…` in the place of values of personal columns and long
    numbers, a token for a mailbox.

    A value of one word counts where it is written with a capital or a digit: a name, not the
    verb that is spelt like it.
    """
    found = {reason: list(_phrases(reason)) for reason in reasons if reason}
    known = _known(context, {item.lower() for phrases in found.values() for _, _, item in phrases})
    return {
        "": "",
        **{reason: _masked(reason, phrases, known) for reason, phrases in found.items()},
    }


def readable_reason(context: Context, reason: str) -> str:
    """One reason, by itself."""
    return readable_reasons(context, [reason])[reason]


def _phrases(reason: str) -> Iterator[tuple[int, int, str]]:
    """Every run of a few words, the longest first: where it begins and ends, without marks at
    its edges.
    """
    words = [(match.start(), match.end()) for match in re.finditer(r"\S+", reason)]
    for length in range(min(_LONGEST, len(words)), 0, -1):
        for first in range(len(words) - length + 1):
            whole = reason[words[first][0] : words[first + length - 1][1]]
            inner = whole.strip(_EDGES)
            start = words[first][0] + len(whole) - len(whole.lstrip(_EDGES))
            if len(inner) >= _SHORTEST and (
                length > 1 or any(letter.isupper() or letter.isdigit() for letter in inner)
            ):
                yield start, start + len(inner), inner


def _known(context: Context, phrases: Set[str]) -> set[str]:
    """Those of the phrases that a personal or sensitive column holds."""
    known: set[str] = set()
    listed = ", ".join(literal(phrase) for phrase in sorted(phrases))
    for source in context.model.source_names if phrases else ():
        table = table_of(source)
        fields = context.model.fields(source) if context.has(table) else {}
        for name, field in fields.items():
            if not shown(field.cls) and not field.split:
                held = f"lower(trim(cast({quote(name)} as varchar)))"
                known |= set(
                    context.query(
                        f"select distinct {held} as value from {quote(table)} where {held} in"
                        f" ({listed})"
                    )["value"]
                )
    return known


def _masked(reason: str, phrases: list[tuple[int, int, str]], known: set[str]) -> str:
    taken: list[tuple[int, int]] = []
    for start, end, item in phrases:
        if item.lower() in known and all(end <= left or right <= start for left, right in taken):
            taken.append((start, end))
    for start, end in sorted(taken, reverse=True):
        reason = reason[:start] + _HIDDEN + reason[end:]
    (reason,) = (str(without_mailbox) for without_mailbox in without_mailboxes([reason]))
    return _NUMBER.sub(lambda match: match[0] if _DATE.match(match[0]) else _HIDDEN, reason)
