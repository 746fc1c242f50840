"""The cover's title: what a reader would not have known, from the states of the headline
numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workbook.words import words_of

_WORDS = words_of("dossier")
_MOST = 4  # values that a title has room for


def title(cards: Sequence[Mapping[str, Any]], rivals: Mapping[str, Any] | None) -> str:
    """Which headline number is disputed, which disagrees with its control total, and which are
    reconciled; '' where no number is shown.

    `rivals` are the competing definitions of a name that nobody has decided, if there are any.
    """
    if not cards:
        return ""
    by = {
        standing: [card["metric"] for card in cards if card["standing"] == standing]
        for standing in ("pass", "fail", "look", "untested")
    }
    if rivals:
        name, values = rivals["of"], list(dict.fromkeys(rivals["shown"]))
        reconciled = [each for each in by["pass"] if each != name]
        return _WORDS.text(
            "cover.news.disputed",
            name=name,
            values=values[:_MOST],
            reconciled=reconciled,
        )
    if by["fail"]:
        return _WORDS.text("cover.news.missed", failed=by["fail"])
    if len(by["pass"]) == len(cards):
        return _WORDS.text("cover.news.reconciled", count=len(cards), names=by["pass"])
    if by["pass"]:
        rest = [card["metric"] for card in cards if card["standing"] != "pass"]
        return _WORDS.text("cover.news.partly", reconciled=by["pass"], rest=rest)
    return _WORDS.text("cover.news.none", count=len(cards))
