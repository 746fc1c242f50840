"""The one place where a typo becomes a hint: the nearest valid name."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_SHORT = 3  # letters


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`Did you mean 'billing'?`, or nothing when no known name is close.

    >>> did_you_mean("biling", ["crm", "billing"])
    "Did you mean 'billing'?"
    >>> did_you_mean("crn", ["crm", "billing"])
    "Did you mean 'crm'?"
    >>> did_you_mean("zzz", ["crm", "billing"])
    ''
    """
    names = sorted(known)
    close = get_close_matches(name.lower(), names, n=1, cutoff=0.7)
    if not close and len(name) == _SHORT:  # a letter of three is a third of the name
        close = [each for each in names if _one_letter_apart(name.lower(), each.lower())][:1]
    return f"Did you mean '{close[0]}'?" if close else ""


def _one_letter_apart(name: str, other: str) -> bool:
    """Whether two names of one length differ in one letter, and begin alike.

    >>> _one_letter_apart("crn", "crm"), _one_letter_apart("zzz", "crm")
    (True, False)
    """
    differ = sum(a != b for a, b in zip(name, other, strict=False))
    return len(name) == len(other) and differ == 1 and name[0] == other[0]
