"""Lists of words as sets."""

from __future__ import annotations


def word_set(text: str) -> frozenset[str]:
    """The words of a text.

    >>> sorted(word_set("year month"))
    ['month', 'year']
    """
    return frozenset(text.split())
