"""The sentences of page 06."""

from __future__ import annotations

from collections.abc import Sequence

from workbook.show import number
from workbook.show.wording import capital, join_words


def nothing_left(source: str, unlinked: int, of: str, entity: str) -> str:
    """What it means that requests to be forgotten lead to nobody."""
    return (
        f"{capital(source)}: {number.integer(unlinked)} of {of} {'reaches' if unlinked == 1 else 'reach'} no {entity}: nothing that is loaded "
        "stands under their identifier, as is right after an erasure. A mistyped identifier would look the same."
    )


def since_erasure(entity: str, things: Sequence[str]) -> str:
    """What it means that things of people who asked to be forgotten are dated after they asked."""
    return (
        f"Of {number.plural_of(entity)} who asked to be forgotten, {join_words(things)} {'is' if things[0].startswith('1 ') and len(things) == 1 else 'are'} dated after the request. "
        "Whoever came back shows in an answer of their own; nobody else may be written to or followed."
    )
