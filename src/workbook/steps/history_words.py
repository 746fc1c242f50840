"""The sentences of page 06."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workbook.words import number
from workbook.words.wording import capital, humanize, join_words


def nothing_left(source: str, unlinked: int, of: str, entity: str) -> str:
    """What it means that requests to be forgotten lead to nobody."""
    return (
        f"{capital(source)}: {number.integer(unlinked)} of {of}"
        f" {'reaches' if unlinked == 1 else 'reach'} no {entity}: nothing that is loaded stands"
        " under their identifier, as is right after an erasure. A mistyped identifier would look"
        " the same."
    )


def rows_held(things: Sequence[Mapping[str, Any]]) -> str:
    """How many rows of things belong to people who asked to be forgotten, as a sentence; '' for
    none.
    """
    held = _counted(things, "held")
    return (
        f"{capital(join_words(held))} that are theirs"
        f" {'is' if sum(each['held'] for each in things) == 1 else 'are'} held as well. "
        if held
        else ""
    )


def since_erasure(entity: str, things: Sequence[Mapping[str, Any]]) -> str:
    """What it means that things of people who asked to be forgotten are dated after they asked;
    of `things` the answers to `since_sql`.
    """
    since, before = _counted(things, "rows"), _counted(things, "unanswered")
    asked, back = things[0]["asked"], things[0]["returned"]
    one = sum(each["rows"] for each in things) == 1
    said = (
        f"Of {number.plural(asked, entity)} who asked to be forgotten, {join_words(since)}"
        f" {'is' if one else 'are'} dated after the request. "
    )
    if not back:
        return (
            f"{said}None of them has answered about permission since: nothing of this may be done"
            " with them."
        )
    early = (
        f"{join_words(before)} {'is' if sum(each['unanswered'] for each in things) == 1 else 'are'}"
        " dated before any such answer"
        if before
        else "nothing is dated before such an answer"
    )
    return (
        f"{said}{number.integer(back)} of {number.integer(asked)} {'has' if back == 1 else 'have'}"
        f" an answer about permission that is dated later, and {early}. Such an answer means a"
        " return only where they gave it themselves: an imported list brings answers as well."
    )


def _counted(things: Sequence[Mapping[str, Any]], count: str) -> list[str]:
    return [number.plural(each[count], humanize(each["thing"])) for each in things if each[count]]
