"""Which words the model has; what it does not know is not proposed. And words as sets."""

from __future__ import annotations

from workbook.model import TYPES
from workbook.model.schema import Source


def has_type(name: str) -> bool:
    """Whether a built-in type of this name exists."""
    return name in TYPES


def source_has(word: str) -> bool:
    """Whether a source may bear this word."""
    return word in Source.model_fields


def word_set(text: str) -> frozenset[str]:
    """The words of a text.

    >>> sorted(word_set("year month"))
    ['month', 'year']
    """
    return frozenset(text.split())
