"""The sentences of page 06."""

from __future__ import annotations

from workbook.show import number
from workbook.show.text import capital


def nothing_left(source: str, unlinked: int, of: str, entity: str) -> str:
    """What it means that requests to be forgotten lead to nobody."""
    return (
        f"{capital(source)}: {number.integer(unlinked)} of {of} {'reaches' if unlinked == 1 else 'reach'} no {entity}: nothing that is loaded "
        "stands under their identifier, as is right after an erasure. A mistyped identifier would look the same."
    )
