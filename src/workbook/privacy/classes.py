"""The four classes of a field, from harmless to sensitive, and which of them a page may show."""

from __future__ import annotations

from collections.abc import Iterable

from workbook.errors import WorkbookError
from workbook.nearest_name import did_you_mean

CLASSES = ("public", "internal", "personal", "sensitive")
_SHOWN = frozenset({"public", "internal"})


class PrivacyError(WorkbookError):
    """A value has no class, or one that nobody knows; it is not shown."""


def check_class(cls: str) -> str:
    """The class itself.

    Raises:
        PrivacyError: it is not one of the four.
    """
    if cls not in CLASSES:
        hint = did_you_mean(cls, CLASSES)
        raise PrivacyError(
            f"Unknown privacy class {cls[:40]!r}. {hint + ' ' if hint else ''}The classes are"
            f" {', '.join(CLASSES)}."
        )
    return cls


def shown(cls: str) -> bool:
    """Whether values of this class may stand on a page; the others become tokens."""
    return check_class(cls) in _SHOWN


def strictest(classes: Iterable[str]) -> str:
    """The most protected of several classes: what a value made of all of them is; `public` of none.

    >>> strictest(["internal", "personal", "public"])
    'personal'
    """
    return max((check_class(cls) for cls in classes), key=CLASSES.index, default="public")
